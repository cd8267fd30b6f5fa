"""The drop-downs that a comparison is steered by."""

from __future__ import annotations

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.compared_book import ComparisonBook
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.lines import Choice
from tco_xlsx.model.comparison import Scenarios


def scenario(book: Book, beside: ComparisonBook, sheet: Sheet, choice: Choice) -> None:
    """A drop-down of the scenarios in the cell of a choice."""
    _chooser(book, beside, sheet, choice, f"={beside.layout.row_of(Scenarios.label)}")


def code(book: Book, beside: ComparisonBook, sheet: Sheet, choice: Choice) -> None:
    """A drop-down of the codes of a choice."""
    _chooser(book, beside, sheet, choice, list(choice.codes))


def _chooser(book: Book, beside: ComparisonBook, sheet: Sheet, choice: Choice, source: str | list[str]) -> None:
    cell = beside.layout.cell(choice, 0, 0)
    sheet.text(cell.row, cell.column, beside.compared.values.code(choice), book.styles.of("chooser"))
    rule = input_cell.drop_down(book.template.words, source, choice.label, choice.label)
    sheet.validate(cell.row, cell.column, rule)
