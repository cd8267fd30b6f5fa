"""The public face: what Python code gets is what the command line and the workbooks give."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import tco_xlsx as tco
from tests.cli.test_cli import run
from tests.support import shipped

SCENARIOS = shipped.ROOT / "scenarios"
ARTICLE = SCENARIOS / "nvidia-article-per-server.yaml"
WORKBOOK = SCENARIOS / "nvidia-workbook.yaml"


def test_a_scenario_is_loaded_computed_and_told_as_on_the_command_line() -> None:
    results = tco.evaluate(tco.load(ARTICLE, WORKBOOK))
    told = json.loads(run("evaluate", str(ARTICLE), str(WORKBOOK), "--format", "json").stdout)
    assert [dict(one) for one in results] == [one["values"] for one in told]
    assert results["nvidia-workbook"] == results[1]
    assert results["nvidia-article-per-server"]["fleet.servers"] == 4
    assert results.units["cost.total_year"] == "USD/year"
    assert results.labels["fleet.servers"] == "Servers"
    with pytest.raises(KeyError):
        results["nobody"]


def test_an_input_is_set_by_name() -> None:
    [one] = tco.load(ARTICLE, set={"server.price": 640_000, "service.max_ttft_ms": None, "fleet.rounding": "exact"})
    results = tco.evaluate([one])[0]
    assert (results["server.price"], results["service.max_ttft_ms"], results["fleet.rounding"]) == (
        640_000,
        None,
        "exact",
    )


def test_results_are_a_frame_with_lines_as_columns_and_units_beside() -> None:
    frame = tco.evaluate(tco.load(ARTICLE, WORKBOOK)).to_pandas()
    assert list(frame.index) == ["nvidia-article-per-server", "nvidia-workbook"]
    assert frame.loc["nvidia-article-per-server", "cost.total_year"] == 350_000
    assert frame.dtypes["fleet.servers"] == np.float64
    assert frame.attrs["units"]["cost.total_year"] == "USD/year"
    assert frame["currency"].tolist() == ["USD", "USD"]


def test_no_number_is_nan_in_a_frame() -> None:
    frame = tco.evaluate(tco.load(ARTICLE, set={"service.max_ttft_ms": 1})).to_pandas()
    assert math.isnan(frame["fleet.servers"].iloc[0])


def test_workbooks_are_those_of_the_command_line(tmp_path: Path) -> None:
    [mine] = tco.build(tco.load(ARTICLE), tmp_path / "api")
    assert run("build", str(ARTICLE), "-o", str(tmp_path / "cli")).exit_code == 0
    assert mine == tmp_path / "api" / "nvidia-article-per-server.xlsx"
    assert mine.read_bytes() == (tmp_path / "cli" / mine.name).read_bytes()


def test_two_scenarios_of_one_name_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(tco.BadInput, match="two scenarios have this name"):
        tco.build([*tco.load(ARTICLE), *tco.load(ARTICLE)], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_comparison_is_a_workbook_and_a_frame(tmp_path: Path) -> None:
    scenarios = tco.load(SCENARIOS / "matrix" / "own-or-rent.yaml")
    made = tco.compare(scenarios, tmp_path / "side-by-side.xlsx", base=scenarios[1].name)
    frame = made.to_pandas()
    assert made.labels[0] == scenarios[1].scenario.title
    assert list(frame.index) == made.labels
    assert sorted(frame["ranking.place"]) == list(range(1, len(scenarios) + 1))
    assert openpyxl.load_workbook(tmp_path / "side-by-side.xlsx").sheetnames
    assert tco.compare(scenarios).path is None


def test_a_sweep_is_columns_over_all_combinations() -> None:
    rows = tco.sweep(
        ARTICLE, {"server.price": [300_000, 320_000], "server.life_years": [3, 4]}, lines=["cost.total_year"]
    )
    frame = rows.to_pandas()
    assert len(rows) == 4
    # 4 servers: price / life + 3,000 hosting + 4,500 licence a year.
    assert frame["cost.total_year"].tolist() == [430_000, 330_000, 4 * (320_000 / 3 + 7_500), 350_000]
    assert frame.attrs["units"]["server.price"] == "USD/server"


def test_benchmarks_are_a_frame_that_can_be_given_back() -> None:
    scenario = SCENARIOS / "vllm-sweep.yaml"
    frame = tco.read_benchmarks(SCENARIOS / "data" / "vllm_sweep").to_pandas()
    [from_files] = tco.evaluate(tco.load(scenario))
    [from_frame] = tco.evaluate(tco.load(scenario, benchmark=frame))
    assert dict(from_frame) == dict(from_files)


def test_a_notebooks_own_rows_are_a_benchmark() -> None:
    import pandas as pd

    rows = {"concurrency": [1, 8], "rps": [0.5, 3.0], "ttft_avg_ms": [40, 90], "latency_avg_ms": [2000, 2600]}
    own = pd.DataFrame(rows).assign(gpus_per_instance=1)
    [one] = tco.load(SCENARIOS / "vllm-sweep.yaml", benchmark=own, set={"service.ttft_statistic": "avg"})
    assert [point.file for point in one.selection.points] == ["frame", "frame"]
    assert tco.evaluate([one])[0]["performance.instance_rps"] == 3


def test_a_frame_that_is_no_benchmark_is_refused_in_words() -> None:
    import pandas as pd

    with pytest.raises(tco.BadInput, match=r"^frame: "):
        tco.load(ARTICLE, benchmark=pd.DataFrame({"a": [1]}))


def test_faults_are_an_exception_with_places(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("server:\n  prise: 1\n")
    with pytest.raises(tco.BadInput) as raised:
        tco.load(file)
    fault = next(one for one in raised.value.faults if "prise" in one.message)
    assert (fault.path, fault.line, fault.column) == (str(file), 2, 3)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, tco_xlsx; print(*({'numpy', 'pandas', 'openpyxl', 'xlsxwriter', 'yaml'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []


def test_pandas_waits_until_a_frame_is_asked_for() -> None:
    code = f"import sys, tco_xlsx as t; t.evaluate(t.load({str(ARTICLE)!r})); print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_what_computes_works_without_the_rooms_that_write() -> None:
    """Load, evaluate, compare, sweep and read benchmarks with `book`, `batch` and `cli` taken away."""
    code = f"""
import sys

class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("tco_xlsx.book", "tco_xlsx.batch", "tco_xlsx.cli")):
            raise ImportError(name)

sys.meta_path.insert(0, Gone())
import tco_xlsx as tco
several = tco.load({str(SCENARIOS / "matrix" / "own-or-rent.yaml")!r})
print(len(tco.evaluate(several)), len(tco.compare(several).labels))
print(len(tco.sweep({str(ARTICLE)!r}, {{"server.price": [1, 2, 3]}})))
print(len(tco.read_benchmarks({str(SCENARIOS / "data" / "vllm_sweep")!r})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("6 6\n3\n7\n", "")


def test_what_a_scenario_is_read_from_is_never_written_over(tmp_path: Path) -> None:
    mine = tmp_path / "nvidia-article-per-server.xlsx"
    mine.write_bytes(b"somebody's")
    with pytest.raises(tco.BadInput, match=r"nvidia-article-per-server\.xlsx"):
        tco.build(tco.load(ARTICLE), tmp_path)
    assert mine.read_bytes() == b"somebody's"
    assert tco.build(tco.load(ARTICLE), tmp_path, force=True) == [mine]


def test_what_is_named_is_there() -> None:
    assert all(getattr(tco, name) is not None for name in tco.__all__)
    with pytest.raises(AttributeError):
        tco.nothing  # noqa: B018
