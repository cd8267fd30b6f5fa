"""The shipped scenarios as workbooks, and what every cell of an edited one must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tco_xlsx.book import provenance as book_provenance
from tco_xlsx.book import template as book_template
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.places import layout_once
from tco_xlsx.book.template import Template
from tco_xlsx.book.write import write_workbook
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import Case, InputValue, Values, evaluate, spread
from tco_xlsx.language.lines import Derived, Line
from tco_xlsx.model import MODEL
from tests.recalc.values import Address, Constant, Value
from tests.recalc.workbook import cached, formulas
from tests.support.rounding_noise import RoundingNoise

ROOT = Path(__file__).resolve().parent.parent.parent
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
Inputs = Mapping[str, InputValue]


@cache
def template() -> Template:
    return book_template.default_template()


@cache
def prepared(path: Path) -> case_prepare.Prepared:
    (one,) = case_prepare.prepare([path], MODEL)
    return one


def case_of(path: Path, inputs: Inputs | None = None) -> Case:
    """The case of a scenario with other inputs."""
    case = prepared(path).case
    return Case(case.title, {**case.values, **(inputs or {})}, case.axes)


def values_of(path: Path, inputs: Inputs | None = None) -> Values:
    """What the engine in Python computes."""
    return evaluate(MODEL, [case_of(path, inputs)])


def write(path: Path, target: Path, inputs: Inputs | None = None) -> Path:
    """The workbook of a scenario with other inputs, as if it had been generated so."""
    write_workbook(target, MODEL, values_of(path, inputs), template(), [book_provenance.subject_of(prepared(path))])
    return target


def layout_of(path: Path) -> Layout:
    return layout_once(MODEL, template(), (prepared(path).case.length(POINT),))[1]


def input_cell(path: Path, name: str) -> Address:
    """The cell of an input."""
    cell = layout_of(path).cell(MODEL.by_name[name], 0, 0)
    return cell.sheet, cell.text()


def typed(path: Path, inputs: Inputs) -> dict[Address, Constant]:
    """Inputs as what a person types into cells: those along an axis seat by seat."""
    layout, case = layout_of(path), prepared(path).case
    cells: dict[Address, Constant] = {}
    for name, value in inputs.items():
        line = MODEL.by_name[name]
        for index, one in enumerate(spread(value, case.length(line.axis))):
            cell = layout.cell(line, 0, index)
            cells[cell.sheet, cell.text()] = one
    return cells


def mark_cell(path: Path, line: Line) -> Address:
    """The cell that says whether an input was edited: beside it, beside its years, or below its table."""
    first, last = layout_of(path).span(line, 0)
    if line.axis is None:
        return first.sheet, first._replace(column=5).text()
    if line.axis.is_across:
        return first.sheet, first._replace(column=last.column + 2).text()
    return first.sheet, first._replace(row=last.row + 1).text()


def expected_after(path: Path, inputs: Inputs, folder: Path) -> dict[Address, Value]:
    """Every formula cell of the scenario's workbook after those inputs were typed into it."""
    target = write(path, folder / "expected.xlsx", inputs)
    cells = cached(target)
    expected = {at: cells[at] for at in formulas(target)}
    # The workbook remembers what it was generated with: the marks of edited inputs are not in the fresh one.
    case, words = prepared(path).case, template().words
    edited = [
        line
        for line in (MODEL.by_name[name] for name in inputs)
        if spread(inputs[line.name], case.length(line.axis)) != spread(case.values[line.name], case.length(line.axis))
    ]
    for line in edited:
        at = mark_cell(path, line)
        assert at in expected, f"{line.name}: {at} is no mark"
        expected[at] = words.edited
    if edited:
        many = words.edited_many.format(edited=len(edited))
        expected[("Summary", "J3")] = words.edited_one if len(edited) == 1 else many
        expected[("Plan", "N3")] = expected[("Summary", "J3")]
    return expected


def labels_of(path: Path) -> dict[Address, str]:
    """The names of lines by cell, every seat of them, and the nouns of axes by the cells of their numbers."""
    return numbers_of(layout_of(path)) | {at: line.name for at, (line, _) in _lines_of(path).items()}


@cache
def _lines_of(path: Path) -> dict[Address, tuple[Line, int]]:
    """The line of each cell that has one, and the seat along its axis."""
    layout, case = layout_of(path), prepared(path).case
    found: dict[Address, tuple[Line, int]] = {}
    for line in MODEL.lines:
        for index in range(case.length(line.axis)):
            cell = layout.cell(line, 0, index)
            found[cell.sheet, cell.text()] = line, index
    return found


def numbers_of(layout: Layout) -> dict[Address, str]:
    """The noun of each axis by the cells that number its seats: "year"."""
    seats = [(axis, index) for axis in MODEL.axes.values() for index in range(layout.length(axis))]
    places = [(axis, layout.position(axis, 0, index)) for axis, index in seats]
    return {(cell.sheet, cell.text()): axis.one for axis, cell in places}


class NoiseOfCells(Mapping[Address, float]):
    """How much of a cell's number may be rounding, for the cells of lines."""

    def __init__(self, path: Path, values: Values) -> None:
        self._cells, self._noise = _lines_of(path), RoundingNoise(values)

    def __getitem__(self, at: Address) -> float:
        line, index = self._cells[at]
        return self._noise.at(line, 0, index)

    def __iter__(self) -> Iterator[Address]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


def noise_of(path: Path, values: Values) -> Mapping[Address, float]:
    """Cells that hold the difference of two nearly equal numbers: how much of it may be rounding."""
    return NoiseOfCells(path, values)


def moved(before: Values, after: Values) -> list[Line]:
    """The computed lines that differ."""
    return [
        line
        for line in MODEL.lines
        if isinstance(line, Derived)
        and before.arrays[line.name].tolist() != after.arrays[line.name].tolist()
        and str(before.arrays[line.name].tolist()) != str(after.arrays[line.name].tolist())
    ]
