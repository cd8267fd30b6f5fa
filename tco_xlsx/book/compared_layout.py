"""Where the lines of a comparison have their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tco_xlsx.book.layout import Layout
from tco_xlsx.book.pages.compared_pages import RowsPage
from tco_xlsx.book.shape import FIRST_ROW, HEADING_ROW, LABEL, VALUE
from tco_xlsx.book.template import Template
from tco_xlsx.language.axes import Axis
from tco_xlsx.language.excel import Cell, formula_text, sheet_prefix
from tco_xlsx.language.lines import Choice, Derived, Fact, Line
from tco_xlsx.language.sections import Model

SHOWN_CELL = (4, 6)
MEASURE_CELL, BASE_CELL = (3, 2), (4, 2)
GAP_FROM, GAP_TO = (HEADING_ROW, 1), (HEADING_ROW + 1, 1)
GAP_HEADINGS = HEADING_ROW + 5
GAP_FIRST = GAP_HEADINGS + 2
"""The row of the first cause; above it stands the scenario that the gap starts from."""
CHART_ROWS = 22
GAP_COLUMNS = (
    "cause", "part", "share", "figure_before", "after", "foot", "rise", "fall", "forward", "reverse",
    "forward_before", "forward_from", "forward_after", "forward_to",
    "reverse_before", "reverse_from", "reverse_after", "reverse_to",
)  # fmt: skip
"""The lines of the table of causes, from left to right."""


class ComparedLayout:
    """The cells of the lines that a comparison adds; `lengths` says how many rows each axis has."""

    def __init__(self, model: Model, template: Template, main: Layout, lengths: Mapping[Axis, int]) -> None:
        self.model = model
        self.template = template
        self.main = main
        self.lengths = lengths
        self._cells: dict[int, Cell] = {}
        self._columns: dict[int, Cell] = {}
        self._numbers: dict[Axis, str] = {}
        self.rows_pages: dict[str, list[Line | str]] = {
            page.title: self._rows(page) for page in template.pages if page.kind == "rows"
        }
        self._rates()
        self._gap()
        for line in model.lines:
            if id(line) not in self._cells and id(line) not in self._columns:
                raise ValueError(f"{line.name} has no place in the template {template.name}.")

    def cell(self, line: Line, scenario: int, index: int) -> Cell:
        """The cell of one seat of a line; a comparison is one scenario of its own model."""
        if line.axis is None:
            return self._cells[id(line)]
        top = self._columns[id(line)]
        return Cell(top.sheet, top.row + index, top.column)

    def span(self, line: Line, scenario: int) -> tuple[Cell, Cell]:
        """The first and last cell of a line along its axis."""
        return self.cell(line, 0, 0), self.cell(line, 0, self.length(line.axis) - 1)

    def position(self, axis: Axis, scenario: int, index: int) -> Cell:
        """The cell with the number of a row."""
        return Cell(self._numbers[axis], FIRST_ROW + index, 0)

    def length(self, axis: Axis | None) -> int:
        """How many rows an axis has."""
        return 1 if axis is None else self.lengths[axis]

    def formula(self, line: Derived, index: int) -> str:
        """The formula of one seat."""
        return formula_text(line, 0, index, self)

    def address(self, line: Line, sheet: str = "", index: int = 0) -> str:
        """The reference to a cell of a line as a formula on `sheet` writes it."""
        cell = self.cell(line, 0, index)
        return ("" if cell.sheet == sheet else sheet_prefix(cell.sheet)) + cell.text()

    def range(self, line: Line) -> tuple[str, int, int, int, int]:
        """The cells of a line, as sheet, first row, first column, last row, last column."""
        first, last = self.span(line, 0)
        return first.sheet, first.row, first.column, last.row, last.column

    def place(self, sheet: str, column: int, rows: int) -> str:
        """A column of a page of rows, such as Scenarios!$B$6:$B$8."""
        first, last = Cell(sheet, FIRST_ROW, column), Cell(sheet, FIRST_ROW + rows - 1, column)
        return f"{sheet_prefix(sheet)}{first.text(True, True)}:{last.text(True, True)}"

    def column_of(self, name: str) -> tuple[str, int]:
        """The page of rows and the column of a line or a text of the template."""
        for sheet, columns in self.rows_pages.items():
            for number, what in enumerate(columns):
                if name == (what.name if isinstance(what, Line) else what):
                    return sheet, number
        raise KeyError(name)

    @property
    def rates_row(self) -> int:
        """The heading of the exchange rates: below the last input."""
        return max(region.bottom for region in self.main.on(self.template.page("inputs").title))

    @property
    def gap_total_row(self) -> int:
        """The row of the scenario that the gap leads to."""
        return GAP_FIRST + self.lengths[self.model.axes["cause"]]

    @property
    def gap_chart_row(self) -> int:
        """The row above the waterfall."""
        return self.gap_total_row + 2

    @property
    def gap_checks_row(self) -> int:
        """The heading of the checks on the page of the gap."""
        return self.gap_chart_row + CHART_ROWS + 1

    @property
    def singles(self) -> Sequence[Line]:
        """The lines without an axis that are no choices: they stand below the gap."""
        checks = {id(line) for check in self.model.checks for line in check.lines} | {id(self.model.failing)}
        return [
            line
            for line in self.model.lines
            if line.axis is None and not isinstance(line, Choice) and id(line) not in checks
        ]

    @property
    def singles_row(self) -> int:
        """The heading of the lines without an axis."""
        return self.gap_checks_row + len(self.model.checks) + 4

    def _rows(self, page: RowsPage) -> list[Line | str]:
        columns = [self.model.by_name.get(name, name) for name in page.columns]
        for number, column in enumerate(columns):
            if isinstance(column, Line):
                self._columns[id(column)] = Cell(page.title, FIRST_ROW, number)
                if column.axis is not None:
                    self._numbers.setdefault(column.axis, page.title)
        return columns

    def _rates(self) -> None:
        sheet = self.template.page("inputs").title
        for line in self.model.lines:
            if line.axis == self.model.axes["currency"]:
                column = LABEL if isinstance(line, Fact) else VALUE
                self._columns[id(line)] = Cell(sheet, self.rates_row + 1, column)

    def _gap(self) -> None:
        lines, gap = self.model.by_name, self.template.page("gap").title
        front, summary = self.template.page("comparison").title, self.template.page("summary").title
        homes = {
            "choices.shown": Cell(summary, *SHOWN_CELL),
            "choices.measure": Cell(front, *MEASURE_CELL),
            "choices.base": Cell(front, *BASE_CELL),
            "choices.gap_from": Cell(gap, *GAP_FROM),
            "choices.gap_to": Cell(gap, *GAP_TO),
        }
        self._cells |= {id(lines[name]): cell for name, cell in homes.items()}
        for column, name in enumerate(GAP_COLUMNS):
            self._columns[id(lines[f"gap.{name}"])] = Cell(gap, GAP_FIRST, column)
        self._numbers[self.model.axes["cause"]] = gap
        for row, check in enumerate(self.model.checks, start=self.gap_checks_row + 2):
            for column, line in enumerate(check.lines, start=1):
                self._cells[id(line)] = Cell(gap, row, column)
        assert self.model.failing is not None
        self._cells[id(self.model.failing)] = Cell(gap, self.gap_checks_row + 2 + len(self.model.checks), 5)
        for row, line in enumerate(self.singles, start=self.singles_row + 2):
            self._cells[id(line)] = Cell(gap, row, VALUE)
