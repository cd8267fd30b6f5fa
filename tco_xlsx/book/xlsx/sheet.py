"""The one way into XlsxWriter: typed writes that raise, and formulas with their cached values."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from xlsxwriter.format import Format as Format
from xlsxwriter.worksheet import Worksheet

from tco_xlsx.documents.errors import WorkbookLimit
from tco_xlsx.documents.text_out import LONGEST_CELL, units, visible
from tco_xlsx.language.excel import ABSENT

LONGEST_TEXT = LONGEST_CELL
LONGEST_FORMULA = 8_192
_A4 = 9


class Sheet:
    """One sheet: every write is typed, checked and made once. Rows and columns are numbers from 0, never "A1"."""

    def __init__(self, worksheet: Worksheet, name: str) -> None:
        self._worksheet = worksheet
        self.name = name
        self._written: set[tuple[int, int]] = set()
        self._lines: dict[int, int] = {}

    def fit_row(self, row: int, texts: Sequence[tuple[str, float]]) -> None:
        """Make a row as high as its wrapped texts need; each comes with the width of its column."""
        lines = max(lines_needed(text, width) for text, width in texts)
        if lines > self._lines.get(row, 1):
            self._lines[row] = lines
            self.height(row, lines * LINE_HEIGHT + 2)

    def text(self, row: int, column: int, text: str, style: Format | None = None) -> None:
        """A text, never taken for a formula, a link or a number."""
        text = visible(text)
        length = units(text)
        if length > LONGEST_TEXT:
            raise WorkbookLimit(
                f"{self.name}: a text of {length:,} characters; Excel holds {LONGEST_TEXT:,} in a cell."
            )
        self._once(row, column)
        if text:
            self._done(self._worksheet.write_string(row, column, text, style), row, column)
        else:
            self._done(self._worksheet.write_blank(row, column, None, style), row, column)

    def number(self, row: int, column: int, number: float, style: Format | None = None) -> None:
        """A finite number."""
        if not isinstance(number, (int, float)) or isinstance(number, bool) or not math.isfinite(number):
            raise TypeError(f"{self.name}: {number!r} is not a number for a cell.")
        self._once(row, column)
        self._done(self._worksheet.write_number(row, column, float(number), style), row, column)

    def blank(self, row: int, column: int, style: Format | None = None) -> None:
        """An empty cell with a style."""
        self._once(row, column)
        self._done(self._worksheet.write_blank(row, column, None, style), row, column)

    def formula(self, row: int, column: int, formula: str, value: float | str | None, style: Format | None) -> None:
        """A formula with its cached value; None stands for a line without a number."""
        if not formula.startswith("=") or len(formula) > LONGEST_FORMULA:
            raise WorkbookLimit(f"{self.name}: a formula of {len(formula)} characters; Excel holds {LONGEST_FORMULA}.")
        cached: float | str = ABSENT if value is None else value
        if not isinstance(cached, str):
            cached = float(cached)
            if not math.isfinite(cached):
                raise TypeError(f"{self.name}: {cached!r} cannot be cached.")
        self._once(row, column)
        self._done(self._worksheet.write_formula(row, column, formula, style, cached), row, column)

    def numbers(self, row: int, column: int, numbers: Sequence[float], style: Format | None) -> None:
        """Finite numbers from a cell down."""
        for step, number in enumerate(numbers):
            self.number(row + step, column, number, style)

    def formulas(
        self,
        row: int,
        column: int,
        formulas: Sequence[str],
        values: Sequence[float | str | None],
        style: Format | None,
    ) -> None:
        """Formulas with their cached values from a cell down."""
        for step, (formula, value) in enumerate(zip(formulas, values, strict=True)):
            self.formula(row + step, column, formula, value, style)

    def formulas_across(
        self,
        row: int,
        column: int,
        formulas: Sequence[str],
        values: Sequence[float | str | None],
        style: Format | None,
    ) -> None:
        """Formulas with their cached values from a cell to the right."""
        for step, (formula, value) in enumerate(zip(formulas, values, strict=True)):
            self.formula(row, column + step, formula, value, style)

    def link(self, row: int, column: int, sheet: str, text: str, style: Format | None, cell: str = "A1") -> None:
        """A link to a cell of this workbook."""
        self._once(row, column)
        self._done(self._worksheet.write_url(row, column, link_target(sheet, cell), style, visible(text)), row, column)

    def validate(self, row: int, column: int, options: dict[str, Any]) -> None:
        """A validation with its messages."""
        self._done(self._worksheet.data_validation(row, column, row, column, options), row, column)

    def conditional(self, row: int, column: int, last_row: int, last_column: int, options: dict[str, Any]) -> None:
        """A conditional format."""
        self._done(self._worksheet.conditional_format(row, column, last_row, last_column, options), row, column)

    def chart(self, row: int, column: int, chart: Any, alt: str) -> None:
        """A chart with its upper left corner at a cell, that moves and does not stretch with the cells; `alt` is what
        a screen reader says of it."""
        options = {"description": alt, "object_position": 2, "x_offset": 0, "y_offset": 4}
        self._done(self._worksheet.insert_chart(row, column, chart, options), row, column)

    def width(self, first: int, width: float, last: int | None = None) -> None:
        """The width of a column, or of several to the `last`, in characters."""
        self._done(self._worksheet.set_column(first, first if last is None else last, width), 0, first)

    def height(self, row: int, height: float) -> None:
        """The height of a row in points."""
        self._done(self._worksheet.set_row(row, height), row, 0)

    def freeze(self, row: int, column: int) -> None:
        """Keep what is above and left of a cell in sight."""
        self._worksheet.freeze_panes(row, column)

    def tab_colour(self, colour: str) -> None:
        """The colour of the sheet's tab, as #RRGGBB."""
        self._worksheet.set_tab_color(colour)

    def hide_gridlines(self) -> None:
        """No lines between cells, on screen and on paper."""
        self._worksheet.hide_gridlines(2)

    def landscape_a4(self) -> None:
        """A4 on its side, as wide as one page."""
        self._worksheet.set_landscape()
        self._worksheet.set_paper(_A4)
        self._worksheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
        self._worksheet.fit_to_pages(1, 0)

    def fit_to_pages(self, wide: int, tall: int) -> None:
        """So many printed pages across and down; 0 is any number."""
        self._worksheet.fit_to_pages(wide, tall)

    def print_area(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """The cells that are printed."""
        self._done(self._worksheet.print_area(row, column, last_row, last_column), row, column)

    def repeat_rows(self, first: int, last: int) -> None:
        """The rows at the top of each printed page."""
        self._worksheet.repeat_rows(first, last)

    def repeat_columns(self, first: int, last: int) -> None:
        """The columns at the left of each printed page."""
        self._worksheet.repeat_columns(first, last)

    def footer(self, footer: str) -> None:
        """The footer of each printed page, in Excel's codes ("&P" is the page)."""
        self._worksheet.set_footer(footer)

    def protect(self) -> None:
        """Lock the cells whose style says so, without a password; columns and rows may still be sized."""
        self._worksheet.protect(
            "", {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}
        )

    def show_first(self) -> None:
        """Show this sheet when the workbook is opened."""
        self._worksheet.activate()
        self._worksheet.set_first_sheet()

    def _once(self, row: int, column: int) -> None:
        if (row, column) in self._written:
            raise ValueError(f"{self.name}: the cell at row {row + 1}, column {column + 1} is written twice.")
        self._written.add((row, column))

    def _done(self, result: object, row: int, column: int) -> None:
        # XlsxWriter says -1 or -2 and goes on without the cell.
        if result not in (0, None):
            raise WorkbookLimit(f"{self.name}: row {row + 1}, column {column + 1} could not be written ({result}).")


def strict_warnings() -> warnings.catch_warnings[Any]:
    """A context in which a warning of XlsxWriter, which means that something was left out, is an error."""
    return warnings.catch_warnings(action="error", category=UserWarning)


def link_target(sheet: str, cell: str) -> str:
    """A cell of this workbook, as XlsxWriter takes it for the target of a link."""
    return "internal:'" + sheet.replace("'", "''") + f"'!{cell}"


@lru_cache(maxsize=4096)
def lines_needed(text: str, width: float) -> int:
    """About how many lines a text takes in a column that many characters wide."""
    return sum(max(1, math.ceil(len(part) * _CHARACTER / width)) for part in text.split("\n"))


# An average letter is narrower than the digit of the default font that column widths are counted in.
_CHARACTER = 0.78
LINE_HEIGHT = 13.5
