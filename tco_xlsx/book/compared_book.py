"""The workbooks of several scenarios: beside each other, and as a grid of two inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from tco_xlsx.analysis.columns import ComparedColumns
from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.shape import HEADING_ROW
from tco_xlsx.book.two_way import GridPlaces
from tco_xlsx.book.workbook_kinds import WorkbookKind
from tco_xlsx.book.xlsx.sheet import Format, Sheet
from tco_xlsx.language.excel import ABSENT, sheet_prefix
from tco_xlsx.language.lines import Choice, Line
from tco_xlsx.language.live_text import Live
from tco_xlsx.model.comparison import Choices, Scenarios, Shown

_HEADING_WIDTH = 13
"""Characters of the narrowest column that stands below the name of a scenario."""


@dataclass(frozen=True)
class ComparisonBook:
    """What a workbook of several scenarios holds beside them, and where its lines have their cells."""

    compared: ComparedColumns
    layout: Layout
    steps: Layout


@dataclass
class ComparedBook(Book):
    """The workbook of several scenarios."""

    kind: ClassVar[WorkbookKind] = "comparison"
    beside: ComparisonBook = field(kw_only=True)

    @cached_property
    def shown(self) -> int:
        """The number of the scenario that the first page shows as the workbook is written."""
        return int(self.beside.compared.values.value(Choices.shown_row) or 1) - 1

    @cached_property
    def title(self) -> str:
        """What the workbook is called."""
        return self.template.words.comparison.format(count=len(self.subjects))

    @cached_property
    def currency(self) -> str:
        """The currency of a column of values: words where scenarios have different ones."""
        return self.subject.currency if self.beside.compared.one_currency else self.template.words.own_currency

    @property
    def labels(self) -> Sequence[str]:
        """The names by which scenarios are told apart."""
        return self.beside.compared.labels

    def value_headings(self, heading: str) -> list[str]:
        """The headings of the columns of values: of the scenario that is shown, then of all."""
        return [self.template.words.shown, *self.labels]

    def holder(self, line: Line, scenario: int) -> int:
        """The scenario whose cell holds an input: its own, or the one from which it is inherited."""
        return self.beside.compared.links[scenario].get(line.name, scenario)

    @cached_property
    def words(self) -> dict[str, Live]:
        """The texts that templates may name beside lines: those of the scenario that is shown follow the choice."""
        live = super().words
        held = {"title": "title", "currency": Scenarios.currency.name, "scenario_sha": "sha", "points": "points"}
        return live | {name: Live(self._of_shown(column), live[name].cached) for name, column in held.items()}

    def curve_range(self, name: str) -> tuple[str, int, int, int, int]:
        """The cells of a line of the curve along the points of the scenario that is shown."""
        return self.beside.layout.range(getattr(Shown, f"shown_{name}"))

    def headings(self, sheet: Sheet, texts: list[str], left: tuple[int, ...]) -> None:
        """The row of column headings, as high as the names of scenarios need."""
        sheet.fit_row(HEADING_ROW, [(text, _HEADING_WIDTH) for text in texts])
        super().headings(sheet, texts, left)

    @cached_property
    def failing(self) -> int:
        """How many checks fail, in all scenarios and in the comparison of them."""
        own = self.beside.compared.model.failing
        return super().failing + int((own is not None and self.beside.compared.values.value(own)) or 0)

    @cached_property
    def applying(self) -> int:
        """How many checks apply, in all scenarios and in the comparison of them."""
        compared = self.beside.compared
        return super().applying + sum(compared.values.value(check.holds) is not None for check in compared.model.checks)

    @property
    def further_verdicts(self) -> Sequence[str]:
        """The cells of the verdicts of the comparison."""
        return [self.beside.layout.address(check.holds) for check in self.beside.compared.model.checks]

    def _of_shown(self, column: str) -> str:
        """The text of the scenario that is shown, from the page of scenarios."""
        layout, lines = self.beside.layout, self.beside.compared.model.by_name
        row = layout.address(Choices.shown_row)
        first = layout.cell(lines[column]) if column in lines else layout.word_cell(column)
        last = first._replace(row=first.row + len(self.subjects) - 1)
        cells = f"{sheet_prefix(first.sheet)}{first.text(True, True)}:{last.text(True, True)}"
        return f"INDEX({cells},{row})"

    def pick_shown(self, sheet: Sheet, line: Line, style: Format) -> None:
        """The value of the scenario that is shown, in the column before those of the scenarios."""
        cell, cells = self.layout.shown_cell(line), self.layout.row_of(line).rpartition("!")[2].replace("$", "")
        row = self.beside.layout.address(Choices.shown_row)
        picked = f"INDEX({cells},{row})"
        value: float | str | None = self.values.value(line, self.shown)
        if isinstance(line, Choice):
            value = self.values.code(line, self.shown)
        elif line.may_be_empty:
            # An empty cell that is picked reads as 0.
            picked = f'IF(ISNUMBER({picked}),{picked},"{ABSENT}")'
        sheet.formula(cell.row, cell.column, f"={picked}", value, style)


@dataclass
class TwoWayBook(ComparedBook):
    """The workbook of a base and all combinations of two inputs."""

    kind: ClassVar[WorkbookKind] = "two_way"
    grid: GridPlaces = field(kw_only=True)

    @cached_property
    def title(self) -> str:
        """What the workbook is called."""
        two_way, name = self.grid.two_way, self.template.page("grid").name
        sides = {"rows": two_way.rows.line.label, "columns": two_way.columns.line.label}
        return str(name.format(title=self.subject.title, **sides))

    def side_value(self, line: Line, scenario: int) -> str | None:
        """The cell along a side of the grid that a scenario's input is linked to, if it is."""
        return self.grid.value_of(line, scenario)
