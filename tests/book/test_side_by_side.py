"""Comparisons recalculated from poisoned caches: all cells, each column, after edits and other choices."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from tco_xlsx.analysis.compare import ComparedScenarios
from tco_xlsx.book.layout import Layout
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import InputValue, spread
from tco_xlsx.language.lines import Choice, Constant, Derived, Given, Measured, named
from tco_xlsx.model import MODEL
from tco_xlsx.model.comparison import COMPARISON
from tests.book.test_workbook import MODEL_FUNCTIONS, PAGE_FUNCTIONS, anchor, cells_of
from tests.recalc import audit, lint
from tests.recalc.compare import differences
from tests.recalc.engines import LiveFormualizer, LiveIronCalc, recalculate_formualizer, recalculate_ironcalc
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.values import Address, Err, Value
from tests.recalc.workbook import cached, defined_names, edit, formulas, poison
from tests.support import shipped, side_by_side
from tests.support.edits import EVERYTHING, edits_of
from tests.support.side_by_side import SideBySide

IN_PROCESS = {"formualizer": recalculate_formualizer, "IronCalc": recalculate_ironcalc}
GENERATED = int(os.environ.get("GENERATED_SCENARIOS", "200"))
#: Several small comparisons rather than one: together at least GENERATED scenarios.
SIZES = (2, 3, 5, 8, 12, 13, 17, 25, 40, 75)


def _sets() -> dict[str, Callable[[], SideBySide]]:
    sets: dict[str, Callable[[], SideBySide]] = {
        "shipped": side_by_side.shipped_together,
        "own or rent": side_by_side.own_or_rent,
        "no operating point": side_by_side.without_a_point,
        "typed in": side_by_side.typed_in,
    }
    if GENERATED > 200:
        sets["a matrix of a thousand"] = side_by_side.thousand
    seed, total = 1, 0
    while total < GENERATED:
        size = SIZES[(seed - 1) % len(SIZES)]
        sets[f"{size} generated, seed {seed}"] = lambda seed=seed, size=size: side_by_side.families(seed, size)  # type: ignore[misc]
        seed, total = seed + 1, total + size
    return sets


SETS = _sets()


@cache
def of(name: str) -> SideBySide:
    return SETS[name]()


@dataclass(frozen=True)
class Wanted:
    """What every formula cell must hold."""

    beside: SideBySide
    cells: dict[Address, Value]
    noise: Mapping[Address, float]

    @classmethod
    def of(cls, beside: SideBySide, made: ComparedScenarios, folder: Path) -> Wanted:
        return cls(beside, beside.expected(made, folder), beside.noise(made))

    def assert_same(self, actual: dict[Address, Value], engine: str) -> None:
        found = differences(self.cells, actual, rel=1e-9, abs=0.0, engine=engine, noise=self.noise)
        if found:
            labels = self.beside.labels()
            found = differences(self.cells, actual, rel=1e-9, abs=0.0, engine=engine, noise=self.noise, labels=labels)
        assert not found, "\n".join(found[:40])
        errors = {at: value for at, value in actual.items() if isinstance(value, Err)}
        assert not errors, f"error values: {errors}"


def poisoned(beside: SideBySide, folder: Path) -> Path:
    beside.write(folder / "fresh.xlsx")
    poison(folder / "fresh.xlsx", folder / "poisoned.xlsx")
    return folder / "poisoned.xlsx"


@pytest.mark.parametrize("name", SETS)
def test_in_process_engines_agree(name: str, tmp_path: Path) -> None:
    beside = of(name)
    wanted, book = Wanted.of(beside, beside.first, tmp_path), poisoned(beside, tmp_path)
    for engine, recalculate in IN_PROCESS.items():
        wanted.assert_same(recalculate(book), engine)


def test_libreoffice_agrees(tmp_path: Path, libreoffice: LibreOffice) -> None:
    books = []
    for number, name in enumerate(SETS):
        (tmp_path / str(number)).mkdir()
        books.append(poisoned(of(name), tmp_path / str(number)).rename(tmp_path / f"{number}.xlsx"))
    for name, book, result in zip(SETS, books, libreoffice.recalculate(books, tmp_path / "out"), strict=True):
        everything = cached(result)
        # LibreOffice saves a formula's empty text as a blank.
        actual = {at: "" if everything.get(at) is None else everything[at] for at in formulas(book)}
        Wanted.of(of(name), of(name).first, tmp_path).assert_same(actual, f'LibreOffice ("{name}")')


@pytest.mark.parametrize("name", ["shipped", "own or rent", "13 generated, seed 6"])
def test_each_column_is_the_workbook_of_its_scenario(name: str, tmp_path: Path) -> None:
    """Both recalculated: the column of the comparison, and the scenario's own workbook."""
    from tco_xlsx.book import provenance as book_provenance
    from tco_xlsx.book.places import layout_once
    from tco_xlsx.book.write import write_workbook
    from tco_xlsx.language.evaluate import evaluate

    beside = of(name)
    together = recalculate_formualizer(poisoned(beside, tmp_path))
    noise = beside.noise(beside.first)
    for scenario, one in enumerate(beside.prepared):
        alone = tmp_path / f"{scenario}.xlsx"
        values = evaluate(MODEL, [one.case])
        write_workbook(alone, MODEL, values, shipped.template(), [book_provenance.subject_of(one)])
        poison(alone, tmp_path / "alone.xlsx")
        own = recalculate_formualizer(tmp_path / "alone.xlsx")
        _, layout = layout_once(MODEL, shipped.template(), (one.case.length(POINT),))
        expected, actual, allowed = {}, {}, {}
        for line in MODEL.lines:
            if not isinstance(line, Derived):
                continue
            for index in range(one.case.length(line.axis)):
                here, there = beside.layout.cell(line, scenario, index), layout.cell(line, 0, index)
                at = (f"{line.name} {index}", here.text())
                expected[at], actual[at] = own[there.sheet, there.text()], together[here.sheet, here.text()]
                allowed[at] = noise.get((here.sheet, here.text()), 0.0)
        assert differences(expected, actual, rel=1e-9, abs=0.0, engine="the comparison", noise=allowed) == []


def edits() -> Iterator[tuple[str, int, str, InputValue]]:
    """An edit of every input that the base has and others inherit."""
    for name in ("own or rent", "13 generated, seed 6"):
        beside = of(name)
        # The second set repeats the first with shared blocks. A share of the inputs; all of them in EVERY_EDIT=1.
        for line in MODEL.inputs[:: 1 if EVERYTHING else 6 if name == "own or rent" else 10]:
            if any(links.get(line.name) == 0 for links in beside.first.compared.links[1:]):
                path = shipped.SCENARIOS[0]
                for one in list(edits_of(line, path))[:1]:
                    value = one[line.name]
                    if not isinstance(line, Choice) or value in beside.prepared[0].case.codes(line):
                        yield name, 0, line.name, value


@pytest.mark.parametrize("name", ["own or rent", "13 generated, seed 6"])
def test_who_inherits_an_input_follows_the_base_and_nobody_else(name: str, tmp_path: Path) -> None:
    beside = of(name)
    book = poisoned(beside, tmp_path)
    engines = [LiveFormualizer(book), LiveIronCalc(book)]
    links = beside.first.compared.links
    seen = 0
    for _, scenario, line, value in (one for one in edits() if one[0] == name):
        made = beside.after({(scenario, line): value})
        wanted = Wanted.of(beside, made, tmp_path)
        for live in engines:
            for at, constant in beside.typed(scenario, line, value).items():
                live.set(*at, constant)
            wanted.assert_same(live.values(), f"{type(live).__name__} after {line} = {value}")
            live.reset()
        given = MODEL.by_name[line]
        assert isinstance(given, Given)
        for number, one in enumerate(beside.prepared):
            follows = number == scenario or links[number].get(line) == scenario
            seats = range(one.case.length(given.axis))
            if isinstance(given, Choice):
                now: list[float | str | None] = [made.values.code(given, number, index) for index in seats]
            else:
                now = [made.values.value(given, number, index) for index in seats]
            assert now == spread(value if follows else one.case.values[line], len(seats))
        seen += 1
    assert seen > 10


@pytest.mark.parametrize("name", ["shipped", "own or rent"])
def test_every_choice_and_rate_is_live(name: str, tmp_path: Path) -> None:
    beside = of(name)
    book = poisoned(beside, tmp_path)
    engines = [LiveFormualizer(book), LiveIronCalc(book)]
    labels = beside.first.compared.labels
    measure = COMPARISON.by_name["choices.measure"]
    assert isinstance(measure, Choice)
    codes = {f"choices.{choice}": labels for choice in ("shown", "base", "gap_from", "gap_to")}
    for choice, code in [(choice, code) for choice, of_it in codes.items() for code in of_it] + [
        (measure.name, code) for code in measure.codes
    ]:
        wanted = Wanted.of(beside, beside.after(choices={choice: code}), tmp_path)
        for live in engines:
            live.set(*beside.choice_cell(choice), code)
            wanted.assert_same(live.values(), f"{type(live).__name__} after {choice} = {code}")
            live.reset()
    for currency in beside.rates:
        index = list(beside.first.compared.rate_sources).index(currency)
        cell = beside.beside.cell(COMPARISON.by_name["currency.rate"], 0, index)
        wanted = Wanted.of(beside, beside.after(rates={**beside.rates, currency: 1.37}), tmp_path)
        for live in engines:
            live.set(cell.sheet, cell.text(), 1.37)
            wanted.assert_same(live.values(), f"{type(live).__name__} after 1 {currency} = 1.37")
            live.reset()


def test_libreoffice_follows_edits(tmp_path: Path, libreoffice: LibreOffice) -> None:
    beside = of("own or rent")
    fresh = poisoned(beside, tmp_path)
    states: list[tuple[dict[tuple[int, str], InputValue], dict[str, str]]] = [
        ({(0, "server.price"): 111_000.0}, {"choices.shown": beside.first.compared.labels[3]}),
        ({(0, "service.max_itl_ms"): 1.0}, {"choices.measure": "servers"}),
        ({(2, "hosting.per_server_year"): 1.0}, {"choices.base": beside.first.compared.labels[2]}),
    ]
    books = []
    for number, (changes, choices) in enumerate(states):
        typed = {beside.input_cell(*at): value for at, value in changes.items()}
        typed |= {beside.choice_cell(name): code for name, code in choices.items()}
        edit(fresh, tmp_path / f"{number}.xlsx", typed)  # type: ignore[arg-type]
        books.append(tmp_path / f"{number}.xlsx")
    for (changes, choices), book, result in zip(
        states, books, libreoffice.recalculate(books, tmp_path / "out"), strict=True
    ):
        everything = cached(result)
        actual = {at: "" if everything.get(at) is None else everything[at] for at in formulas(book)}
        Wanted.of(beside, beside.after(changes, choices), tmp_path).assert_same(actual, f"LibreOffice after {changes}")


# --- what finance reviewers and file checkers ask


@pytest.mark.parametrize("name", ["shipped", "own or rent", "13 generated, seed 6"])
def test_the_file_is_sound(name: str, tmp_path: Path) -> None:
    book = of(name).write(tmp_path / "book.xlsx")
    assert audit.findings(book) == []
    assert audit.loads_everywhere(book) == []
    assert of(name).write(tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


@pytest.mark.parametrize("name", ["shipped", "13 generated, seed 6"])
def test_one_formula_per_row_across_scenarios(name: str, tmp_path: Path) -> None:
    """The cells of a line are the same formula in all scenarios, but for where the block of rows of each stands."""
    beside = of(name)
    written = formulas(beside.write(tmp_path / "book.xlsx"))
    for line in MODEL.lines:
        if not isinstance(line, Derived) or line.axis is not None:
            continue
        forms = set()
        for scenario in range(len(beside.prepared)):
            cell = beside.layout.cell(line, scenario, 0)
            form = lint.r1c1(written[cell.sheet, cell.text()], cell.text())
            forms.add(_without_blocks(form, line, beside.layout, scenario))
        assert len(forms) == 1, f"{line.name}: {forms}"


def _without_blocks(form: str, line: Derived, layout: Layout, scenario: int) -> str:
    """A formula with names in place of what it reads along an axis, from the scenario's own block and no other."""
    for part in {part for formula in (line.formula, *line.conditions) for part in named(formula)}:
        if part.axis is not None:
            first, last = layout.span(part, scenario)
            block = lint.r1c1(f"={first.sheet}!{first.text(True, True)}:{last.text(True, True)}", "A1")
            form = re.sub(rf"{re.escape(block.removeprefix('='))}(?!\d)", f"<{part.name}>", form)
    return form


def test_formulas_use_only_functions_that_every_spreadsheet_has(tmp_path: Path) -> None:
    written = formulas(of("shipped").write(tmp_path / "book.xlsx"))
    everything = {name for text in written.values() for name in lint.functions(text)}
    assert everything <= MODEL_FUNCTIONS | PAGE_FUNCTIONS


def test_anchors_name_the_row_of_all_scenarios(tmp_path: Path) -> None:
    beside = of("own or rent")
    book = beside.write(tmp_path / "book.xlsx")
    names = defined_names(book)
    first, last = (beside.layout.cell(MODEL.by_name["fleet.servers"], one, 0) for one in (0, 5))
    assert names["out_fleet_servers"] == (first.sheet, f"{first.text()}:{last.text()}")
    contents = cached(book)
    expected = set()
    for line in MODEL.inputs:
        # The years and tables of the scenarios are blocks below each other, which are no range together.
        for which in ("",) if line.axis is None else (f"__{number}" for number in range(1, 7)):
            now, was = (names[f"{kind}_{anchor(line)}{which}"] for kind in ("in", "was"))
            expected |= {f"in_{anchor(line)}{which}", f"was_{anchor(line)}{which}"}
            assert now != was
            assert cells_of(now, contents) == cells_of(was, contents), line.name
    assert {name for name in names if not name.startswith("out_")} == expected


def test_inherited_inputs_are_links_and_others_are_typed(tmp_path: Path) -> None:
    beside = of("own or rent")
    book = beside.write(tmp_path / "book.xlsx")
    written = formulas(book)
    for scenario, links in enumerate(beside.first.compared.links):
        for line in MODEL.inputs:
            for index in range(beside.prepared[scenario].case.length(line.axis)):
                cell = beside.layout.cell(line, scenario, index)
                at = (cell.sheet, cell.text())
                assert (at in written) == (line.name in links)
                if line.name in links:
                    holder = beside.layout.cell(line, links[line.name], index).text()
                    # The scenarios stand beside each other, but their years and tables below each other.
                    linked = f"${holder}" if line.axis is None else holder
                    assert written[at] in (f"={linked}", f'=IF(ISBLANK({linked}),"",{linked})')
    assert any(isinstance(line, (Measured, Constant)) for line in MODEL.lines)


def test_about_names_what_a_scenario_builds_on(tmp_path: Path) -> None:
    cells = cached(of("own or rent").write(tmp_path / "book.xlsx"))
    told = {(cells.get(("About", f"A{row}")), cells.get(("About", f"B{row}"))) for row in range(1, 200)}
    assert ("Extends", "../configurations.yaml") in told
    assert any(what == "Varied by its matrix" and "configuration.precision = fp8" in str(text) for what, text in told)


def test_the_chart_on_summary_draws_the_scenario_that_is_shown(tmp_path: Path) -> None:
    """Its series read the rows that follow the drop-down, never the points of one scenario."""
    beside = of("own or rent")
    book = openpyxl.load_workbook(beside.write(tmp_path / "book.xlsx"))
    scatter = next(chart for chart in book["Summary"]._charts if type(chart).__name__ == "ScatterChart")
    curve = [(series.xVal.numRef.f, series.yVal.numRef.f) for series in scatter.series][:2]
    for name, places in zip(("shown_frontier", "shown_rate"), curve, strict=True):
        for line, place in zip(("shown_x", name), places, strict=True):
            first, last = beside.beside.span(COMPARISON.by_name[f"shown.{line}"], 0)
            assert place == f"'Chart data'!{first.text(True, True)}:{last.text(True, True)}"
    singles = {series.xVal.numRef.f for series in scatter.series[2:]}
    assert all(place.split("!")[1].startswith("$B$") for place in singles), "the column of the scenario shown"
