"""A cost component is one declaration: one is added to a copy of the product, which is then looked at from outside.

The copy runs in processes of its own; its workbooks are recalculated here, from wrong cached values.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.workbook import cached, formulas, poison

ROOT = Path(__file__).resolve().parent.parent.parent
COMPONENTS = Path("tco_xlsx", "model", "components.py")
MARK = ''')
"""In the order of the rows of tables and charts."""'''

SECTION = '''
class {0}(Section):
    """What is added here."""

    title = "{0}"

    {1} = given("{2}", "{3}", 0, at_least=0, source="default: none")


'''
NETWORK = SECTION.format("Network", "per_server_year", "Network of a server", "money/server/year")
RACKS = SECTION.format("Rack", "price", "Price of the racks of a server", "money/server")
CREW = SECTION.format("Crew", "amount_year", "Crew of a year", "money/year")
CARE = SECTION.format("Care", "per_server_year", "Care of a server, in full", "money/server/year")

SCENARIO = """\
title: {name}
workload: {{peak_rps: 20, average_rps: 10, input_tokens: 1000, output_tokens: 200}}
performance: {{source: manual, manual_rps: 4, manual_gpus: 2}}
server: {{price: 100000, gpus: 8, life_years: 4}}
hosting: {{per_server_year: 10000}}
"""


@dataclass(frozen=True)
class Copy:
    """The product with declarations added, and a folder to work in."""

    root: Path

    def run(self, *arguments: object) -> str:
        """What a command of the copy says."""
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        command = [sys.executable, "-m", "tco_xlsx", *map(str, arguments)]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def scenario(self, name: str, inputs: str) -> Path:
        path = self.root / f"{name}.yaml"
        path.write_text(SCENARIO.format(name=name) + inputs, encoding="utf-8")
        return path

    def results(self, path: Path) -> dict[str, Any]:
        (told,) = json.loads(self.run("evaluate", path, "--format", "json"))
        found: dict[str, Any] = told["values"]
        return found


def copy(folder: Path, sections: str, components: str) -> Copy:
    shutil.copytree(ROOT / "tco_xlsx", folder / "tco_xlsx", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", folder / "tco_xlsx" / "templates")
    path = folder / COMPONENTS
    text = path.read_text(encoding="utf-8")
    assert text.count(MARK) == 1
    # The arithmetic below is that of depreciation, hosting and licences, whatever else the product has by now.
    text = text.replace(MARK, f")[:3] + ({components},\n{MARK}").replace("import Line\n", "import Line, given\n")
    text = text.replace("COMPONENTS: tuple", f"{sections}\nCOMPONENTS: tuple")
    path.write_text(text, encoding="utf-8")
    return Copy(folder)


def assert_recalculated(path: Path) -> None:
    """Two engines come to the same from wrong cached values; Differences, in percent of what may be nothing but the
    rest of a rounding, left out."""
    values = cached(path)
    expected = {at: values[at] for at in formulas(path) if at[0] != "Differences"}
    wrong = path.with_name(f"poisoned-{path.name}")
    poison(path, wrong)
    for recalculate in (recalculate_formualizer, recalculate_ironcalc):
        got = {at: value for at, value in recalculate(wrong).items() if at in expected}
        assert differences(expected, got, engine=recalculate.__name__) == []


def stacked(path: Path) -> list[str]:
    """The names of the series of the stacked chart of cost."""
    (chart,) = [one for one in charts(path) if 'grouping val="stacked"' in one and "Licences" in one]
    return re.findall(r"<c:tx><c:v>(.*?)</c:v>", chart)


@cache
def charts(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name).decode() for name in sorted(archive.namelist()) if "charts/chart" in name]


def sheet(path: Path, title: str) -> Any:
    return openpyxl.load_workbook(path, data_only=True)[title]


def test_one_declaration_is_a_component_everywhere(tmp_path: Path) -> None:
    """5 instances of 2 GPUs, 4 in a server: 1.25 servers, so 2. Each costs 100,000 / 4 = 25,000 + 10,000 hosting
    + 1,500 network = 36,500 a year: 73,000, of which the network 3,000; rounding 0.75 x 36,500; opex 2 x 11,500 =
    23,000, and in 4 years 200,000 + 92,000 = 292,000. Twice the network is 3,000 more: all of the gap."""
    made = copy(
        tmp_path,
        NETWORK,
        'Component("network", "Network", Network, "warning", per_server=Network.per_server_year)',
    )
    one = made.scenario("one", "network: {per_server_year: 1500}\n")
    two = made.scenario("two", "network: {per_server_year: 3000}\n")
    told = made.results(one)
    assert {name: told[name] for name in told if name.startswith(("cost.network", "cost.total", "cost.opex"))} == {
        "cost.network_year": 3000,
        "cost.total_year": 73_000,
        "cost.network_share": pytest.approx(3000 / 73_000),
        "cost.opex_year": 23_000,
    }
    assert (told["cost.per_server_year"], told["cost.rounding_year"]) == (36_500, 0.75 * 36_500)
    assert (told["cost.capex"], told["cost.life_cost"], told["checks.failing"]) == (200_000, 292_000, 0)
    assert told["running.network"][:3] == [3000, 3000, 3000]

    own, both = tmp_path / "one.xlsx", tmp_path / "both.xlsx"
    made.run("build", one, "-o", own)
    made.run("compare", one, two, "-o", both)
    for path in (own, both):
        assert_recalculated(path)
    summary = sheet(own, "Summary")
    rows = [[summary.cell(row, column).value for column in (2, 3, 5)] for row in range(12, 17)]
    assert rows[3:] == [["Network", 3000, 1500], ["Total", 73_000, 36_500]]
    model = sheet(own, "Model")
    bars = next(text for text in charts(own) if "Model!$A$" in text)
    assert "depreciation, hosting, licences and network of a year" in drawings(own)
    ((first, last),) = re.findall(r"Model!\$A\$(\d+):\$A\$(\d+)", bars)
    names = [model.cell(row, 1).value for row in range(int(first), int(last) + 1)]
    assert names == ["Depreciation", "Hosting", "Licences", "Network"]
    for title in ("Scenarios", "Ranking"):
        rows_of_texts = ([str(cell.value).partition("\n")[0] for cell in row] for row in sheet(both, title).iter_rows())
        headings = next(texts for texts in rows_of_texts if "Licences" in texts)
        assert headings.count("Network") == (2 if title == "Scenarios" else 1), headings
        assert headings.index("Network") == headings.index("Licences") + 1
    assert stacked(both) == ["Depreciation", "Hosting", "Licences", "Network"]
    gap = {row[0].value: row[1].value for row in sheet(both, "Gap").iter_rows()}
    assert (gap["Network"], gap["Hosting"]) == (3000, 0)


def drawings(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if "drawings/drawing" in name)


def test_what_a_page_has_no_room_for_is_one_row(tmp_path: Path) -> None:
    """2 servers, 1.25 exactly: depreciation 25,000 and of the racks 8,000 / 4 = 2,000 each, hosting 10,000, network 2 x
    500; 30,000 for a crew, whatever the number of servers; 700 of care each. In a year 2 x 38,700 + 30,000 = 107,400.
    One server more costs 38,700, without the crew. The other row is of crew and care: 31,400."""
    made = copy(
        tmp_path,
        NETWORK + RACKS + CREW + CARE,
        'Component("network", "Network", Network, "ink", per_server=Network.per_server_year + Network.per_server_year),'
        'Component("rack", "Racks", Rack, "warning", bought=Rack.price),'
        'Component("crew", "Crew", Crew, "ink", of_year=lambda servers: Crew.amount_year),'
        'Component("care", "Care", Care, "ink", of_year=lambda servers: servers * Care.per_server_year,'
        " grows=lambda of_server: of_server)",
    )
    one = made.scenario(
        "one",
        "network: {per_server_year: 500}\nrack: {price: 8000}\ncrew: {amount_year: 30000}\n"
        "care: {per_server_year: 700}\n",
    )
    told = made.results(one)
    wanted = {
        "cost.network_server": 1000,
        "cost.rack_server": 2000,
        "cost.rack_year": 4000,
        "cost.crew_year": 30_000,
        "cost.crew_server": 15_000,
        "cost.care_year": 1400,
        "cost.care_by_server": 700,
        "cost.other_year": 31_400,
        "cost.other_server": 15_700,
        "cost.other_share": 31_400 / 107_400,
        "cost.total_year": 107_400,
        "cost.rounding_year": 0.75 * 38_700,
        "cost.capex": 216_000,
        "cost.opex_year": 20_000 + 2000 + 30_000 + 1400,
        "cost.life_cost": 4 * 107_400,
        "checks.failing": 0,
    }
    assert {name: told[name] for name in wanted} == pytest.approx(wanted)
    assert "cost.crew_by_server" not in told
    assert [told[f"running.{name}"][0] for name in ("network", "care")] == [2000, 1400]

    own, both = tmp_path / "one.xlsx", tmp_path / "both.xlsx"
    made.run("build", one, "-o", own)
    made.run("compare", one, made.scenario("two", "crew: {amount_year: 31000}\n"), "-o", both)
    for path in (own, both):
        assert_recalculated(path)
    summary = sheet(own, "Summary")
    labels = [summary.cell(row, 2).value for row in range(15, 20)]
    assert labels == ["Network", "Racks", "Other", "Total", "of which rounding up to whole servers"]
    assert summary.cell(17, 3).value == 31_400
    assert stacked(both) == ["Depreciation", "Hosting", "Licences", "Network", "Racks", "Other"]
    gap = {row[0].value: row[1].value for row in sheet(both, "Gap").iter_rows()}
    assert gap["Crew"] == 1000
