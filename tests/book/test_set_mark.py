"""An input of the command line says so in the workbook: on Inputs, on Summary, on About."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tco_xlsx.case.prepare import prepare
from tco_xlsx.model import MODEL
from tests.cli.test_cli import run
from tests.recalc.workbook import cached
from tests.support import batches, shipped


def texts(book: Path, page: str) -> list[str]:
    sheet = openpyxl.load_workbook(book, data_only=True)[page]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


SETTINGS = {
    "server.price=1": "set on the command line: --set server.price=1; file: 300,000",
    "workload.peak_rps = 2.5": "set on the command line: --set workload.peak_rps=2.5; file: 30",
    "fleet.rounding=exact": "set on the command line: --set fleet.rounding=exact; default: whole",
    "licence.price_year=4500": "set on the command line: --set licence.price_year=4500; default: 0",
    "service.max_ttft_ms=300": "set on the command line: --set service.max_ttft_ms=300",
}


def test_inputs_set_on_the_command_line_are_marked(tmp_path: Path) -> None:
    path = batches.write(tmp_path / "one.yaml")
    text = path.read_text().replace("per_server_year: 20000", "per_server_year: {value: 20000, source: an offer}")
    path.write_text(text)
    given = [part for text in (*SETTINGS, "hosting.per_server_year=7") for part in ("--set", text)]
    run("build", path, "-o", tmp_path / "one.xlsx", *given)
    shown = texts(tmp_path / "one.xlsx", "Inputs")
    for source in SETTINGS.values():
        assert any(text == source or text.startswith(f"{source}. ") for text in shown), source
    assert "set on the command line: --set hosting.per_server_year=7; file: 20,000" in " ".join(shown)
    assert not any("an offer" in text for text in shown), "the source of a value says nothing of another"
    assert cached(tmp_path / "one.xlsx")[("Summary", "J3")] == "inputs as generated, 6 of them set on the command line"
    assert "server.price=1" in texts(tmp_path / "one.xlsx", "About")
    run("build", path, "-o", tmp_path / "plain.xlsx")
    assert cached(tmp_path / "plain.xlsx")[("Summary", "J3")] == "inputs as generated"
    assert not any("command line" in text for text in texts(tmp_path / "plain.xlsx", "Inputs"))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("cheap", "file: cheap"),
        ("{value: 5, source: x}", "file: 5"),
        ("", "file: empty"),
        ("[1, 2]", "file: [1, 2]"),
        ("[cheap, 2]", "file: a list"),
        ("x" * 500, f"file: {'x' * 60}..."),
    ],
)
def test_the_mark_tells_what_the_file_says_sound_or_not(written: str, told: str, tmp_path: Path) -> None:
    path = batches.write(tmp_path / "one.yaml")
    path.write_text(path.read_text().replace("price: 300000", f"price: {written}"))
    (one,) = prepare([path], MODEL, ["server.price=1"])
    source = one.scenario.told["server.price"].source
    assert source == f"set on the command line: --set server.price=1; {told}".replace('..."', "...")


def test_the_mark_tells_what_the_base_says(tmp_path: Path) -> None:
    batches.write(tmp_path / "base.yaml")
    (tmp_path / "one.yaml").write_text("extends: base.yaml\n")
    (one,) = prepare([tmp_path / "one.yaml"], MODEL, ["server.price=1"])
    assert one.scenario.told["server.price"].source.endswith("; file: 300,000")


def test_a_comparison_and_a_grid_carry_the_mark_and_what_is_varied_does_not(tmp_path: Path) -> None:
    paths = [batches.write(tmp_path / f"{name}.yaml") for name in ("one", "two")]
    given = ("--set", "hosting.per_server_year=1")
    run("compare", *paths, "-o", tmp_path / "side.xlsx", *given)
    vary = ("--vary", "server.price=1,2", "--vary", "server.life_years=3,4")
    run("sweep", paths[0], *vary, "--grid", tmp_path / "grid.xlsx", *given)
    for book in ("side.xlsx", "grid.xlsx"):
        shown = texts(tmp_path / book, "Inputs")
        assert sum("set on the command line" in text for text in shown) == 1, book
    picked = shipped.ROOT / "scenarios" / "nvidia-workbook.yaml"
    vary = ("--vary", "configuration.gpu_type=H100_80GB,any", "--vary", "server.life_years=3,4")
    run("sweep", picked, *vary, "--grid", tmp_path / "picked.xlsx")
    assert not any("command line" in text for text in texts(tmp_path / "picked.xlsx", "Inputs"))
