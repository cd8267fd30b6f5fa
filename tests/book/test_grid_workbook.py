"""`sweep --grid`: the whole workbook recalculated from poisoned caches, after edits, and against the sweep's rows."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.analysis.grid import labels_of
from tco_xlsx.analysis.sweep.plan import KEY_LINES
from tco_xlsx.analysis.sweep.vary import Varied
from tco_xlsx.language.evaluate import InputValue
from tco_xlsx.language.lines import Choice, Given
from tco_xlsx.model import MODEL
from tests.analysis.test_sweep_flags import DATA, OPEN
from tests.book.test_workbook import MODEL_FUNCTIONS, PAGE_FUNCTIONS
from tests.cli.test_cli import run
from tests.recalc import audit, lint
from tests.recalc.compare import differences
from tests.recalc.engines import LiveFormualizer, LiveIronCalc
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.package import open_package
from tests.recalc.values import Address, Err, Value
from tests.recalc.workbook import cached, edit, formulas, poison
from tests.support import shipped
from tests.support.grids import GridBook, Typed, book_of

SCENARIOS = shipped.ROOT / "scenarios"
ENGINES: list[type[LiveFormualizer] | type[LiveIronCalc]] = [LiveFormualizer, LiveIronCalc]

#: The flags of a grid and what it shows: the base among its combinations, or not; operating points that change, and
#: combinations without one; choices and picks along a side; another base that is not the first scenario's own.
GRIDS: dict[str, Callable[[], GridBook]] = {
    "price by life": lambda: book_of(
        SCENARIOS / "nvidia-workbook.yaml", "server.price=310000:400000:4", "server.life_years=3,6"
    ),
    "limit by load": lambda: book_of(
        SCENARIOS / "nvidia-workbook.yaml",
        "service.max_ttft_ms=,40,60,200",
        "workload.peak_rps=100,0.3",
        by="fleet.servers",
    ),
    "choice by price": lambda: book_of(
        SCENARIOS / "vllm-sweep.yaml",
        "licence.basis=gpu,server,flat",
        "server.price=250000,300000",
        by="cost.total_year",
    ),
    "pick by pick": lambda: book_of(
        SCENARIOS / "configurations.yaml", "configuration.gpu_type=H100,B200", "configuration.precision=bf16,fp8"
    ),
    "share by headroom": lambda: book_of(
        SCENARIOS / "aiperf-sweep.yaml",
        "server.residual_share=0,0.25",
        "fleet.headroom=0:0.5:2",
        by="cost.depreciation_share",
    ),
}  # fmt: skip

#: What is typed into them: along the sides, on Inputs and in the drop-down; all at once in the first state.
TYPED: dict[str, list[Typed]] = {
    "price by life": [
        Typed(base={"workload.peak_rps": 977.0}, rows={0: 111_000.0, 3: 2.0}, columns={1: 1.25}, result="fleet.gpus"),
        Typed(base={"server.price": 340_000.0, "server.life_years": 6.0}),
        Typed(rows={1: 370_000.0}, result="cost.total_year"),
        Typed(base={"fleet.rounding": "whole"}, result="fleet.servers"),
        Typed(base={"server.price": 1.0}, columns={0: 7.0}, result="cost.licence_share"),
    ],
    "limit by load": [
        Typed(base={"service.ttft_statistic": "p99"}, rows={1: None, 0: 70.0}, result="performance.concurrency"),
        Typed(rows=dict.fromkeys(range(4), 1.0)),
        Typed(base={"service.max_itl_ms": 30.0}),
        Typed(base={"service.max_ttft_ms": 200.0}, columns={1: 5.0}, result="performance.found"),
    ],
    "choice by price": [
        Typed(base={"licence.basis": "flat"}, rows={0: "flat"}, columns={0: 300_000.0}, result="cost.licence_year"),
    ],
    "pick by pick": [
        Typed(base={"configuration.precision": "fp8"}, rows={0: "any", 1: "H100"}, result="fleet.gpus"),
        Typed(columns={1: "any"}),
    ],
    "share by headroom": [
        Typed(base={"hosting.per_server_year": 0.0}, rows={1: 0.5}, result="cost.per_server_year"),
        Typed(result="performance.found"),
    ],
}
#: `make proof` types all of it, and shows it all to LibreOffice; else one state of each grid.
STATES = int(os.environ.get("GRID_STATES", "1"))
SHOWN_TO_LIBREOFFICE = list(GRIDS) if STATES > 1 else ["limit by load"]


@cache
def of(name: str) -> GridBook:
    return GRIDS[name]()


class Expected:
    """What every formula cell must hold after something was typed, computed once for all engines."""

    def __init__(self, book: GridBook, typed: Typed, folder: Path) -> None:
        self.book, self.typed = book, typed
        self.made = book.typed(typed)
        self.cells = book.after_typing(self.made, typed, folder)
        self.noise = book.noise(self.made)

    def assert_same(self, actual: dict[Address, Value], engine: str) -> None:
        engine = f"{engine} after {self.typed}"
        labels = self.book.labels()
        found = differences(self.cells, actual, rel=1e-9, abs=0.0, engine=engine, labels=labels, noise=self.noise)
        assert not found, "\n".join(found[:40])
        errors = {at: value for at, value in actual.items() if isinstance(value, Err)}
        assert not errors, f"error values: {errors}"
        told = self.made.compared.two_way
        assert told is not None
        for row, cells in enumerate(self.book.grid_cells()):
            for column, at in enumerate(cells):
                wanted = self.made.values.value(told.result, told.scenario(row, column))
                assert actual[at] == ("n/a" if wanted is None else pytest.approx(wanted, rel=1e-9, abs=0.0))


def poisoned(book: GridBook, folder: Path) -> Path:
    book.write(folder / "fresh.xlsx")
    poison(folder / "fresh.xlsx", folder / "poisoned.xlsx")
    return folder / "poisoned.xlsx"


@pytest.mark.parametrize("name", GRIDS)
def test_a_grid_follows_all_that_is_typed(name: str, tmp_path: Path) -> None:
    book = of(name)
    fresh = poisoned(book, tmp_path)
    opened = [engine(fresh) for engine in ENGINES]
    for typed in (Typed(), *TYPED[name][:STATES]):
        expected = Expected(book, typed, tmp_path)
        for live in opened:
            for (sheet, cell), value in book.cells(typed).items():
                live.set(sheet, cell, value)
            expected.assert_same(live.values(), type(live).__name__)
            live.reset()


def test_libreoffice_agrees_and_follows(tmp_path: Path, libreoffice: LibreOffice) -> None:
    states = [(name, typed) for name in SHOWN_TO_LIBREOFFICE for typed in (Typed(), *TYPED[name][:STATES])]
    books = []
    for number, (name, typed) in enumerate(states):
        edit(poisoned(of(name), tmp_path), tmp_path / f"{number}.xlsx", of(name).cells(typed))  # type: ignore[arg-type]
        books.append(tmp_path / f"{number}.xlsx")
    for (name, typed), book, result in zip(
        states, books, libreoffice.recalculate(books, tmp_path / "out"), strict=True
    ):
        everything = cached(result)
        # LibreOffice saves a formula's empty text as a blank.
        actual = {at: "" if everything.get(at) is None else everything[at] for at in formulas(book)}
        Expected(of(name), typed, tmp_path).assert_same(actual, "LibreOffice")


def rows_of(target: Path) -> list[dict[str, str]]:
    with target.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("scenario", ["nvidia-workbook", "configurations"])
def test_each_cell_is_the_row_of_the_sweep(scenario: str, tmp_path: Path) -> None:
    """Results that the drop-down offers, recalculated, against the table of the same command."""
    path = SCENARIOS / f"{scenario}.yaml"
    flags = ("service.max_itl_ms=,5,20", "server.price=250000:400000:2")
    run("sweep", path, "--vary", flags[0], "--vary", flags[1], "--lines", "all", "--to", tmp_path / "s.csv",
        "--grid", tmp_path / "g.xlsx", "--allow-no-point")  # fmt: skip
    poison(tmp_path / "g.xlsx", tmp_path / "p.xlsx")
    rows, book = rows_of(tmp_path / "s.csv"), book_of(path, *flags)
    live = LiveIronCalc(tmp_path / "p.xlsx")
    offered = book.places.results
    shown = offered if STATES > 1 else [line for line in offered if line.name in KEY_LINES]
    assert len(shown) > 5
    labels = {line.name: label for line, label in zip(offered, book.places.labels, strict=True)}
    for line in shown:
        live.set(book.places.sheet, book.places.chooser.text(), labels[line.name])
        cells = live.values()
        told = [cells[at] for row in book.grid_cells() for at in row]
        for value, row in zip(told, rows, strict=True):
            exact = row[line.name]
            assert value == "n/a" if exact == "" else isinstance(value, float)
            assert exact == "" or math.isclose(value, float(exact), rel_tol=1e-9), line.name  # type: ignore[arg-type]


def test_the_tokens_that_a_scenario_leaves_open_follow_the_lengths_along_a_side(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(OPEN.format(data=DATA, more="configuration: {model: any, gpu_type: any}\n"))
    book = book_of(tmp_path / "s.yaml", "workload.input_tokens=1000,200", "server.price=1,2", by="fleet.servers")
    tokens = MODEL.by_name["configuration.tokens"]
    assert isinstance(tokens, Choice)
    assert [book.first.values.code(tokens, one) for one in range(5)] == ["1000 / 200"] * 3 + ["200 / 200"] * 2
    live = LiveFormualizer(poisoned(book, tmp_path))
    Expected(book, Typed(), tmp_path).assert_same(live.values(), "formualizer")


# --- what stands where


@pytest.mark.parametrize("name", GRIDS)
def test_nothing_of_a_combination_is_typed_but_along_the_sides(name: str, tmp_path: Path) -> None:
    """The inputs of all combinations are links: to a side of the grid, or to the base."""
    book = of(name)
    written = formulas(book.write(tmp_path / "book.xlsx"))
    places, links = book.places, book.two_way.links
    for scenario in range(1, len(book.prepared)):
        row, column = divmod(scenario - 1, places.across)
        for line in MODEL.inputs:
            at = book.input_cell(scenario, line.name)
            if line.name == "configuration.tokens" and links[scenario].get(line.name) != 0:
                # Open in the scenario: settled for each combination, in a cell of its own or of the first alike.
                assert at not in written or links[scenario][line.name] > 0
                continue
            seats = range(book.prepared[scenario].case.length(line.axis))
            texts = [written[cell.sheet, cell.text()] for cell in (book.layout.cell(line, scenario, i) for i in seats)]
            if line is book.two_way.rows.line:
                assert all(f"Grid!{places.row_value(row).text(True, True)}" in text for text in texts)
            elif line is book.two_way.columns.line:
                assert all(f"Grid!{places.column_value(column).text(True, True)}" in text for text in texts)
            else:
                assert links[scenario][line.name] == 0
                for index, text in enumerate(texts):
                    # The combinations stand beside each other, but their years and tables below each other.
                    base = book.layout.cell(line, 0, index).text()
                    linked = f"${base}" if line.axis is None else base
                    assert text in (f"={linked}", f'=IF(ISBLANK({linked}),"",{linked})')
    for line in MODEL.inputs:
        for index in range(book.prepared[0].case.length(line.axis)):
            cell = book.layout.cell(line, 0, index)
            assert (cell.sheet, cell.text()) not in written


@pytest.mark.parametrize("name", GRIDS)
def test_the_grid_is_one_formula(name: str, tmp_path: Path) -> None:
    book = of(name)
    written = formulas(book.write(tmp_path / "book.xlsx"))
    texts = {lint.r1c1(written[at], at[1]) for row in book.grid_cells() for at in row}
    assert len(texts) == 1
    assert len(next(iter(texts))) < 100
    everything = {function for text in written.values() for function in lint.functions(text)}
    assert everything <= MODEL_FUNCTIONS | PAGE_FUNCTIONS | {"COUNTBLANK"}


@pytest.mark.parametrize("name", ["price by life", "pick by pick"])
def test_the_file_is_sound_the_grid_comes_first_and_bytes_are_the_same(name: str, tmp_path: Path) -> None:
    book = of(name).write(tmp_path / "book.xlsx")
    assert audit.findings(book) == []
    assert audit.loads_everywhere(book) == []
    assert of(name).write(tmp_path / "again.xlsx").read_bytes() == book.read_bytes()
    package = open_package(book)
    assert next(iter(package.sheets)) == "Grid"
    assert "Differences" not in package.sheets
    selected = [sheet for sheet in package.sheets if 'tabSelected="1"' in package.sheet_xml(sheet)]
    assert selected == ["Grid"], "two selected sheets are edited as one"


def test_sides_have_the_rules_of_their_inputs_and_the_heat_map_its_colours(tmp_path: Path) -> None:
    package = open_package(of("choice by price").write(tmp_path / "book.xlsx"))
    sheet = package.sheet_xml("Grid")
    assert sheet.count('<formula1>"server,gpu,flat"</formula1>') == 3
    assert "<formula1>AND(ISNUMBER(B10),B10&gt;=0,B10&lt;=1e+15)</formula1>" in sheet
    look = shipped.template().look
    for colour in (look.heat_least, look.heat_middle, look.heat_most):
        assert f'<color rgb="FF{colour}"/>' in sheet
    picks = open_package(of("pick by pick").write(tmp_path / "picks.xlsx")).sheet_xml("Grid")
    assert "<formula1>Runs!$" in picks


def sheet_of(name: str, folder: Path) -> dict[str, Value]:
    found = cached(of(name).write(folder / "book.xlsx"))
    return {cell: value for (sheet, cell), value in found.items() if sheet == "Grid"}


def test_the_answer_is_told_in_words(tmp_path: Path) -> None:
    price = sheet_of("price by life", tmp_path)
    least = shipped.values_of(SCENARIOS / "nvidia-workbook.yaml", {"server.price": 310_000.0, "server.life_years": 6.0})
    told = f"{least.value(MODEL.by_name['unit_cost.per_1m_tokens']):.6f}"
    asked = "Per 1M tokens, in and out (Unit cost)"
    assert price["A1"] == f"{asked}: least {told} USD per 1M tokens at Price 310,000, Life 6"
    assert price["C5"] == "at 310,000 / 6"
    assert price["C7"] == "at 370,000 / 3, framed in the grid"
    assert price["B7"] == of("price by life").first.values.value(MODEL.by_name["unit_cost.per_1m_tokens"])
    limit = sheet_of("limit by load", tmp_path)
    assert limit["C7"] == "at empty / 100, framed in the grid"
    assert [limit[f"{column}12"] for column in "BC"] == ["n/a"] * 2
    share = sheet_of("share by headroom", tmp_path)
    assert share["C5"] == "at 25.0% / 0.0% and 1 more"


def test_results_are_told_apart_by_their_labels() -> None:
    """The drop-down picks a result by its label: Excel ignores case there, and reads patterns."""
    labels = [label.casefold() for label in of("price by life").places.labels]
    assert len(set(labels)) == len(labels) > 50
    assert not any(set(label) & set("*?~") for label in labels)


# --- refusals


PRICE, LIFE = "server.price=1,2", "server.life_years=3,4"


@pytest.mark.parametrize(
    ("flags", "options", "message"),
    [
        ((PRICE,), (), "--grid: 1 problem\n  -      a grid has two sides: give --vary twice, not once."),
        ((PRICE, LIFE, "fleet.headroom=0,1"), (), "a grid has two sides: give --vary twice, not 3 times."),
        (
            ("server.price=1:2:51", "server.life_years=3:4:50"),
            (),
            "51 x 50 = 2,550 combinations are too many for a workbook with a grid; at most 2,500. Vary fewer values, or"
            " write a row for each with --to instead.",
        ),
        ((PRICE, LIFE), ("--by", "server.price"), "server.price: is no result that a grid shows"),
        ((PRICE, LIFE), ("--by", "checks.failing"), "checks.failing: is no result that a grid shows"),
        ((PRICE, LIFE), ("--grid", "g.xls"), "ends in .xls; use .xlsx."),
        ((PRICE, LIFE), ("--grid", "gone/g.xlsx"), "cannot be written: there is no folder gone."),
    ],
)
def test_refusals_write_nothing(
    flags: tuple[str, ...],
    options: tuple[str, ...],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    varied = [part for flag in flags for part in ("--vary", flag)]
    told = run(
        "sweep", SCENARIOS / "nvidia-workbook.yaml", *varied, "--grid", "g.xlsx", "--to", "s.csv", *options, code=2
    ).stderr
    assert message in told
    assert list(tmp_path.iterdir()) == []


def test_an_error_at_a_combination_leaves_the_files_of_before(tmp_path: Path) -> None:
    for name in ("s.csv", "g.xlsx"):
        (tmp_path / name).write_text("before")
    told = run("sweep", SCENARIOS / "nvidia-workbook.yaml", "--vary", "workload.peak_rps=1,1e-12", "--vary", PRICE,
               "--set", "fleet.rounding=whole", "--to", tmp_path / "s.csv", "--grid", tmp_path / "g.xlsx",
               "--force", code=4).stderr  # fmt: skip
    assert "workload.peak_rps = 1e-12, server.price = 1" in told
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"s.csv": "before", "g.xlsx": "before"}


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    target = tmp_path / "g.xlsx"
    told = run("sweep", SCENARIOS / "nvidia-workbook.yaml", "--vary", PRICE, "--vary", LIFE, "--grid", target).stdout
    assert f"{target}: a grid of 2 by 2, server.price down, server.life_years across" in told
    assert target.exists()


# --- the names of combinations


def _varied(name: str, values: list[InputValue]) -> Varied:
    line = MODEL.by_name[name]
    assert isinstance(line, Given)
    return Varied(line, tuple(values))  # type: ignore[arg-type]


def test_labels_are_short() -> None:
    varied = [_varied("server.price", [250_000.0, 320_000.0]), _varied("server.life_years", [2.0, 2.5])]
    assert labels_of("Base", varied) == [
        "Base", "250,000 · 2", "250,000 · 2.5", "320,000 · 2", "320,000 · 2.5",
    ]  # fmt: skip
    varied = [_varied("server.residual_share", [0.125, 1 / 3]), _varied("service.max_ttft_ms", [None, 200.0])]
    assert labels_of("*", varied) == ["×", "12.5% · empty", "12.5% · 200", "33.33% · empty", "33.33% · 200"]


@given(
    st.lists(st.floats(0, 1e12, allow_subnormal=False), min_size=1, max_size=8, unique=True),
    st.lists(st.text("aA*?~ /1", max_size=3), min_size=1, max_size=5, unique_by=str.casefold),
    st.text("12 /a*", max_size=5),
)
def test_labels_are_never_alike_nor_patterns(prices: list[float], codes: list[str], title: str) -> None:
    labels = labels_of(title, [_varied("server.price", [*prices]), _varied("configuration.engine", [*codes])])
    assert len({label.casefold() for label in labels}) == len(labels) == 1 + len(prices) * len(codes)
    assert not any(set(label) & set("*?~") or not label.strip() or label.casefold() == "any" for label in labels)
