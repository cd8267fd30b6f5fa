"""A small layout for toy models, and the workbook written from it.

Lines without an axis stand below each other, a column for each scenario. Points run down rows, a block of rows for
each scenario; years and all else run across columns, a block of rows for each scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import xlsxwriter

from tco_xlsx.language.axes import POINT, Axis
from tco_xlsx.language.evaluate import UNKNOWN, Case, Values
from tco_xlsx.language.excel import ABSENT, Cell, formula_text
from tco_xlsx.language.lines import Constant, Derived, Fact, Given, Line, named
from tco_xlsx.language.sections import Model
from tests.recalc.values import Address, address

# Names that need quotes, and an apostrophe inside them.
LINES, POINTS, YEARS = "All lines", "Point's rows", "Years 1"
_FIRST = 1


def _sheet(line: Line) -> str:
    return LINES if line.axis is None else POINTS if line.axis == POINT else YEARS


def _built_on(model: Model, names: Iterable[str]) -> set[str]:
    """Those lines and all that they build on."""
    needed = set(names)
    for line in reversed(model.lines):
        if line.name in needed and isinstance(line, Derived):
            needed |= {part.name for formula in (line.formula, *line.conditions) for part in named(formula)}
    return needed


class Grid:
    """Where each line of a model has its cells, for scenarios with those numbers of points.

    `asked` names for each scenario the lines that are looked at: only they, and what they build on, are written.
    """

    def __init__(self, model: Model, cases: Sequence[Case], asked: Sequence[Iterable[str]] | None = None) -> None:
        self.model = model
        self._needed = None if asked is None else [_built_on(model, names) for names in asked]
        self.cases = tuple(cases)
        self._numbers: dict[int, int] = {}
        self._counts = {LINES: 0, POINTS: 0, YEARS: 0}
        for line in model.lines:
            self._numbers[id(line)] = self._counts[_sheet(line)]
            self._counts[_sheet(line)] += 1
        self._block = max(case.length(POINT) for case in cases) + 1

    def cell(self, line: Line, scenario: int, index: int) -> Cell:
        """The cell of one seat of a line."""
        number = self._numbers[id(line)]
        if line.axis == POINT:
            return Cell(POINTS, _FIRST + scenario * self._block + index, _FIRST + number)
        if line.axis is not None:
            return Cell(YEARS, _FIRST + scenario * self._counts[YEARS] + number, _FIRST + index)
        return Cell(LINES, number, _FIRST + scenario)

    def span(self, line: Line, scenario: int) -> tuple[Cell, Cell]:
        """The first and last cell of a line along its axis."""
        return self.cell(line, scenario, 0), self.cell(line, scenario, self.cases[scenario].length(line.axis) - 1)

    def position(self, axis: Axis, scenario: int, index: int) -> Cell:
        """The cell that holds the number of a point or year."""
        if axis == POINT:
            return Cell(POINTS, _FIRST + scenario * self._block + index, 0)
        return Cell(YEARS, 0, _FIRST + index)

    def address(self, line: Line, scenario: int = 0, index: int = 0) -> Address:
        """As `cell`, as the recalculation names it."""
        cell = self.cell(line, scenario, index)
        return cell.sheet, address(cell.row + 1, cell.column + 1)

    def formulas(self, line: Derived) -> dict[Address, str]:
        """The formula of every seat of a line."""
        return {
            self.address(line, scenario, index): formula_text(line, scenario, index, self)
            for scenario, index in self._seats(line)
        }

    def numbers(self, values: Values) -> dict[Address, tuple[Derived, int, int, float | None]]:
        """The seat and the computed value of every formula cell."""
        return {
            self.address(line, scenario, index): (line, scenario, index, values.value(line, scenario, index))
            for line in self.model.lines
            if isinstance(line, Derived)
            for scenario, index in self._seats(line)
        }

    def write(self, path: Path, cached: float) -> None:
        """The workbook, each formula with the same cached value."""
        book = xlsxwriter.Workbook(path)
        sheets = {name: book.add_worksheet(name) for name in (LINES, POINTS, YEARS)}
        blank = book.add_format({"bold": True})
        for scenario, case in enumerate(self.cases):
            for axis in (POINT, *(axis for axis in self.model.axes.values() if axis != POINT)):
                for index in range(case.length(axis)):
                    cell = self.position(axis, scenario, index)
                    sheets[cell.sheet].write_number(cell.row, cell.column, index + 1)
        for line in self.model.lines:
            for scenario, index in self._seats(line):
                cell = self.cell(line, scenario, index)
                sheet = sheets[cell.sheet]
                if isinstance(line, Derived):
                    text = formula_text(line, scenario, index, self)
                    sheet.write_formula(cell.row, cell.column, text, None, cached)
                    continue
                value = self._constant(line, scenario, index)
                if value is None:
                    sheet.write_blank(cell.row, cell.column, None, blank)
                elif isinstance(value, str):
                    sheet.write_string(cell.row, cell.column, value)
                else:
                    sheet.write_number(cell.row, cell.column, value)
        book.close()

    def _seats(self, line: Line) -> Iterator[tuple[int, int]]:
        for scenario, case in enumerate(self.cases):
            if self._needed is None or line.name in self._needed[scenario]:
                for index in range(case.length(line.axis)):
                    yield scenario, index

    def _constant(self, line: Line, scenario: int, index: int) -> float | str | None:
        """What is typed into a cell: an empty input stays blank, an absent measurement says so."""
        case = self.cases[scenario]
        if isinstance(line, Constant):
            return line.value
        if isinstance(line, Given):
            value = case.values[line.name]
            if isinstance(value, (str, float, int)) or value is None:
                return value
            return value[index]
        found = case.along(POINT)[index].get(line.attribute) if case.along(POINT) else None
        if isinstance(line, Fact) and case.along(POINT):
            return found or UNKNOWN
        return ABSENT if found is None else found
