"""The drop-downs that a comparison is steered by."""

from __future__ import annotations

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.compared_book import ComparisonBook
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.lines import Choice
from tco_xlsx.model.comparison import Scenarios


def scenario(book: Book, beside: ComparisonBook, sheet: Sheet, line: Choice) -> None:
    """A drop-down of the scenarios in the cell of a choice."""
    layout = beside.layout
    _chooser(book, beside, sheet, line, f"={layout.row_of(Scenarios.label)}")


def code(book: Book, beside: ComparisonBook, sheet: Sheet, line: Choice) -> None:
    """A drop-down of the codes of a choice."""
    _chooser(book, beside, sheet, line, list(line.codes))


def _chooser(book: Book, beside: ComparisonBook, sheet: Sheet, line: Choice, source: str | list[str]) -> None:
    cell = beside.layout.cell(line, 0, 0)
    sheet.text(cell.row, cell.column, beside.compared.values.code(line), book.styles.of("chooser"))
    rule = input_cell.drop_down(book.template.words, source, line.label, line.label)
    sheet.validate(cell.row, cell.column, rule)
