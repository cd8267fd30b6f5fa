"""The shipped scenarios as workbooks, and what every cell of an edited one must hold."""

from __future__ import annotations

from collections.abc import Mapping
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
from tco_xlsx.language.evaluate import Case, InputValue, Values, evaluate
from tco_xlsx.language.lines import Derived, Line
from tco_xlsx.model import MODEL
from tests.recalc.values import Address, Constant, Value
from tests.recalc.workbook import cached, formulas

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


def constants(inputs: Inputs) -> dict[str, Constant]:
    """Inputs as what a person types into cells."""
    typed: dict[str, Constant] = {}
    for name, value in inputs.items():
        assert value is None or isinstance(value, (int, float, str))
        typed[name] = value
    return typed


def expected_after(path: Path, inputs: Inputs, folder: Path) -> dict[Address, Value]:
    """Every formula cell of the scenario's workbook after those inputs were typed into it."""
    target = write(path, folder / "expected.xlsx", inputs)
    cells = cached(target)
    expected = {at: cells[at] for at in formulas(target)}
    # The workbook remembers what it was generated with: the marks of edited inputs are not in the fresh one.
    base = prepared(path).case.values
    layout = layout_of(path)
    edited = [name for name, value in inputs.items() if value != base[name]]
    for name in edited:
        cell = layout.cell(MODEL.by_name[name], 0, 0)
        expected[(cell.sheet, f"F{cell.row + 1}")] = template().words.edited
    words = template().words
    if edited:
        many = words.edited_many.format(edited=len(edited))
        expected[("Summary", "J3")] = words.edited_one if len(edited) == 1 else many
        expected[("Plan", "N3")] = expected[("Summary", "J3")]
    return expected


def labels_of(path: Path) -> dict[Address, str]:
    """The names of lines by cell, every seat of them, and the nouns of axes by the cells of their numbers."""
    layout = layout_of(path)
    labels = numbers_of(layout)
    for line in MODEL.lines:
        for index in range(layout.length(line.axis)):
            cell = layout.cell(line, 0, index)
            labels[(cell.sheet, cell.text())] = line.name
    return labels


def numbers_of(layout: Layout) -> dict[Address, str]:
    """The noun of each axis by the cells that number its seats: "year"."""
    seats = [(axis, index) for axis in MODEL.axes.values() for index in range(layout.length(axis))]
    places = [(axis, layout.position(axis, 0, index)) for axis, index in seats]
    return {(cell.sheet, cell.text()): axis.one for axis, cell in places}


def noise_of(path: Path, values: Values) -> dict[Address, float]:
    """Cells that hold the difference of two nearly equal numbers: how much of it may be rounding."""
    layout = layout_of(path)
    noise: dict[Address, float] = {}
    for check in MODEL.verdicts:
        sides = [abs(values.value(side) or 0.0) for side in (check.left, check.right)]
        cell = layout.cell(check.difference, 0, 0)
        noise[(cell.sheet, cell.text())] = max(sides) * 1e-12
    return noise


def moved(before: Values, after: Values) -> list[Line]:
    """The computed lines that differ."""
    return [
        line
        for line in MODEL.lines
        if isinstance(line, Derived)
        and before.arrays[line.name].tolist() != after.arrays[line.name].tolist()
        and str(before.arrays[line.name].tolist()) != str(after.arrays[line.name].tolist())
    ]
