"""Where every line has its cells: seats (line, scenario, index) mapped to sheets, rows and columns.

Lines without an axis have a column for each scenario; points have a row each, in a block for each scenario.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tco_xlsx.book.template import PointsPage, Template
from tco_xlsx.expr import Axis
from tco_xlsx.formula import Cell, formula_text, sheet_prefix
from tco_xlsx.lines import Check, Constant, Derived, Fact, Given, Line, Model, Pick, Section

HEADING_ROW = 4
"""The row of the column headings on every sheet but the first; what is above it is title, subtitle and verdict."""
FIRST_ROW = HEADING_ROW + 1
LABEL, VALUE = 0, 1
# A point so far down that its row number stands nowhere else in a formula.
_ANY_POINT = 700_000


@dataclass(frozen=True)
class Block:
    """The rows of one section on one sheet: its heading at `row`, then its lines."""

    section: type[Section]
    row: int
    lines: tuple[Line, ...]


class Layout:
    """The cells of a model in a workbook of one or several scenarios."""

    def __init__(self, model: Model, template: Template, points: Sequence[int]) -> None:
        self.model = model
        self.template = template
        self.scenarios = len(points)
        self.points = tuple(points)
        self._cells: dict[int, Cell] = {}
        self._point_columns: dict[int, tuple[str, int]] = {}
        self._texts: dict[tuple[int, int], str] = {}
        self.inputs = self._stack(template.page("inputs").title, (Given, Constant))
        self.lines = self._stack(template.page("model").title, (Derived,))
        self._place_checks(template.page("checks").title)
        self.point_pages = {page.title: self._columns(page) for page in template.pages if page.kind == "points"}
        self.block_height = max(self.points) + 2
        for line in model.lines:
            if line.axis == "year":
                raise NotImplementedError(f"{line.name}: no page of the workbook shows years yet.")
            if id(line) not in self._cells and id(line) not in self._point_columns:
                raise ValueError(f"{line.name} has no place in the template {template.name}.")

    @property
    def unit_column(self) -> int:
        """The column of the units, right of the scenarios' values."""
        return VALUE + self.scenarios

    def cell(self, line: Line, scenario: int, index: int) -> Cell:
        """The cell of one seat of a line."""
        if line.axis == "point":
            sheet, column = self._point_columns[id(line)]
            return Cell(sheet, self.point_row(scenario, index), column)
        home = self._cells[id(line)]
        shifts = not isinstance(line, Constant) or line.section is not None
        return Cell(home.sheet, home.row, home.column + scenario) if shifts else home

    def span(self, line: Line, scenario: int) -> tuple[Cell, Cell]:
        """The first and last cell of a line along the points."""
        return self.cell(line, scenario, 0), self.cell(line, scenario, self.points[scenario] - 1)

    def position(self, axis: Axis, scenario: int, index: int) -> Cell:
        """The cell with the number of a point: the same rows on every sheet of points."""
        sheet = next(iter(self.point_pages))
        return Cell(sheet, self.point_row(scenario, index), 0)

    def point_row(self, scenario: int, index: int) -> int:
        """The row of a point, on every sheet of points."""
        return FIRST_ROW + scenario * self.block_height + index

    def address(self, line: Line, scenario: int = 0, sheet: str = "", fixed: bool = False) -> str:
        """The reference to a line's cell as a formula on `sheet` writes it."""
        cell = self.cell(line, scenario, 0)
        prefix = "" if cell.sheet == sheet else sheet_prefix(cell.sheet)
        return prefix + cell.text(fixed, fixed)

    def range(self, line: Line, scenario: int = 0) -> tuple[str, int, int, int, int]:
        """The cells of a line as sheet, first row, first column, last row, last column."""
        first, last = self.span(line, scenario) if line.axis else (self.cell(line, scenario, 0),) * 2
        return first.sheet, first.row, first.column, last.row, last.column

    def formula(self, line: Derived, scenario: int, index: int) -> str:
        """The formula of one seat. The rows of points differ in their row number alone, so one serves all."""
        key = (id(line), scenario)
        if key not in self._texts:
            self._texts[key] = formula_text(line, scenario, 0 if line.axis is None else _ANY_POINT, self)
        if line.axis is None:
            return self._texts[key]
        any_row = str(self.point_row(scenario, _ANY_POINT) + 1)
        return self._texts[key].replace(any_row, str(self.point_row(scenario, index) + 1))

    def choices(self, line: Pick) -> tuple[str, int, int]:
        """Where the list of a pick's codes stands: sheet, first row, column; right of the facts it picks among."""
        told = next(one for one in self.model.lines if isinstance(one, Fact) and one.attribute == line.attribute)
        sheet, _ = self._point_columns[id(told)]
        picks = [one for one in self.model.inputs if isinstance(one, Pick)]
        return sheet, FIRST_ROW, len(self.point_pages[sheet]) + 1 + [id(one) for one in picks].index(id(line))

    def check_row(self, check: Check) -> int:
        """The row of a check."""
        return self._cells[id(check.holds)].row

    def _stack(self, sheet: str, kinds: tuple[type[Line], ...]) -> list[Block]:
        blocks: list[Block] = []
        row = FIRST_ROW
        for section in self.model.sections:
            own = tuple(line for line in section.lines if isinstance(line, kinds) and line.axis is None)
            if not own:
                continue
            blocks.append(Block(section, row, own))
            for step, line in enumerate(own, start=1):
                self._cells[id(line)] = Cell(sheet, row + step, VALUE)
            row += len(own) + 1
        return blocks

    def _place_checks(self, sheet: str) -> None:
        if self.model.failing is not None:
            self._cells[id(self.model.failing)] = Cell(sheet, 2, VALUE)
        for row, check in enumerate(self.model.checks, start=FIRST_ROW):
            for line, column in zip(check.lines, CHECK_COLUMNS, strict=True):
                self._cells[id(line)] = Cell(sheet, row, column)

    def _columns(self, page: PointsPage) -> list[Line | str]:
        placed = {name for other in self.template.pages if other.kind == "points" for name in other.columns}
        columns: list[Line | str] = []
        for name in page.columns:
            if name == "rest":
                columns += [line for line in self.model.lines if line.axis == "point" and line.name not in placed]
            else:
                columns.append(self.model.by_name.get(name, name))
        for number, column in enumerate(columns):
            if isinstance(column, Line):
                self._point_columns[id(column)] = (page.title, number)
        return columns


@lru_cache(maxsize=64)
def layout_of(model: Model, template: Template, points: tuple[int, ...]) -> Layout:
    """The layout for scenarios with those numbers of points, made once: workbooks of one shape share its texts."""
    return Layout(model, template, points)


# Left side, right side, difference, tolerance, verdict; the rule, the unit and the note stand between them.
CHECK_COLUMNS = (1, 3, 4, 6, 7)
