"""A two-way grid of results: which inputs run along its sides, and where its page holds what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tco_xlsx.analysis.two_way import TwoWay
from tco_xlsx.language.excel import Cell, sheet_prefix
from tco_xlsx.language.lines import Derived, Line

_LABEL, _FIRST_COLUMN = 0, 1
_CHOOSER_ROW, _LEAST_ROW, _MOST_ROW, _BASE_ROW, _NOTE_ROW, _SIDE_ROW, _AXIS_ROW = range(3, 10)
_FIRST_ROW = _AXIS_ROW + 1
ROW_HELPERS = ("before", "generated", "words", "least", "least_at", "most", "most_at")
"""What stands right of each row of the grid: how many scenarios come before the row, its value as generated and in
words, the row's least and most and the columns of those."""
COLUMN_HELPERS = ("number", "generated", "words")
"""What stands below each column of the grid."""
WORKINGS = ("result_row", "unit", "shown_as", "least_row", "least_at", "most_row", "most_at", "base_row", "base_column")
"""Single cells below the grid: which result is shown and how, where the least and the most are, what the base has."""


def _labels(results: Sequence[Derived]) -> tuple[str, ...]:
    """What each result is called in the drop-down: its label, with its section where another one is called so, with
    its name where that does not tell them apart either."""
    taken = Counter(line.label.casefold() for line in results)
    longer = [
        f"{line.label} ({line.section.title})" if line.section and taken[line.label.casefold()] > 1 else line.label
        for line in results
    ]
    again = Counter(label.casefold() for label in longer)
    return tuple(
        f"{label}, {line.name}" if again[label.casefold()] > 1 else label
        for label, line in zip(longer, results, strict=True)
    )


class GridPlaces:
    """The cells of the page of a grid; `results` are the lines that it can show."""

    def __init__(self, two_way: TwoWay, sheet: str, results: Sequence[Derived]) -> None:
        self.two_way = two_way
        self.sheet = sheet
        self.results = results
        self.chosen = [line.name for line in results].index(two_way.result.name)
        """The number of the result that is shown."""
        self.labels = _labels(results)
        self.down, self.across = len(two_way.rows.values), len(two_way.columns.values)
        self.last_row = _FIRST_ROW + self.down - 1
        self.last_column = _FIRST_COLUMN + self.across - 1
        self.chooser = Cell(sheet, _CHOOSER_ROW, _LABEL)
        self.least, self.most, self.base = (
            Cell(sheet, row, _FIRST_COLUMN) for row in (_LEAST_ROW, _MOST_ROW, _BASE_ROW)
        )
        self.note = Cell(sheet, _NOTE_ROW, _LABEL)
        self.rows_heading = Cell(sheet, _AXIS_ROW, _LABEL)
        self.columns_heading = Cell(sheet, _SIDE_ROW, _FIRST_COLUMN)

    def row_value(self, row: int) -> Cell:
        """The cell with a value of the input that runs down."""
        return Cell(self.sheet, _FIRST_ROW + row, _LABEL)

    def column_value(self, column: int) -> Cell:
        """The cell with a value of the input that runs across."""
        return Cell(self.sheet, _AXIS_ROW, _FIRST_COLUMN + column)

    def figure(self, row: int, column: int) -> Cell:
        """The cell of a combination."""
        return Cell(self.sheet, _FIRST_ROW + row, _FIRST_COLUMN + column)

    def of_row(self, row: int, helper: str) -> Cell:
        """A cell right of the grid."""
        return Cell(self.sheet, _FIRST_ROW + row, self.last_column + 2 + ROW_HELPERS.index(helper))

    def row_helper_heading(self, helper: str) -> Cell:
        """The heading above cells right of the grid."""
        return Cell(self.sheet, _AXIS_ROW, self.of_row(0, helper).column)

    def of_column(self, column: int, helper: str) -> Cell:
        """A cell below the grid; column -1 is the label before them."""
        return Cell(self.sheet, self.last_row + 2 + COLUMN_HELPERS.index(helper), _FIRST_COLUMN + column)

    def working(self, name: str) -> Cell:
        """One of the single cells below the grid."""
        row = self.last_row + 4 + len(COLUMN_HELPERS) + WORKINGS.index(name)
        return Cell(self.sheet, row, _FIRST_COLUMN)

    @property
    def workings_heading(self) -> Cell:
        """The heading of the single cells."""
        return Cell(self.sheet, self.working(WORKINGS[0]).row - 1, _LABEL)

    @property
    def list_column(self) -> int:
        """The first of the four columns that list the results: label, row on Model, unit, how it is shown."""
        return self.last_column + 3 + len(ROW_HELPERS)

    def listed(self, number: int, column: int = 0) -> Cell:
        """A cell of the list of results; number -1 is the heading."""
        return Cell(self.sheet, _FIRST_ROW + number, self.list_column + column)

    def value_of(self, line: Line, scenario: int) -> str | None:
        """Where a scenario's value of a varied input stands, as Inputs names it; None for others and for the base."""
        if scenario == 0:
            return None
        row, column = divmod(scenario - 1, self.across)
        if line is self.two_way.rows.line:
            return sheet_prefix(self.sheet) + self.row_value(row).text(True, True)
        if line is self.two_way.columns.line:
            return sheet_prefix(self.sheet) + self.column_value(column).text(True, True)
        return None


def area(first: Cell, last: Cell) -> str:
    """Cells of one sheet as a fixed range, such as $B$11:$N$23."""
    return f"{first.text(True, True)}:{last.text(True, True)}"
