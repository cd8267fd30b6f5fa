"""The drop-downs that a comparison is steered by."""

from __future__ import annotations

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.compared_book import ComparisonBook
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.lines import Choice


def scenario(book: Book, beside: ComparisonBook, sheet: Sheet, name: str) -> None:
    """A drop-down of the scenarios in the cell of a choice."""
    layout = beside.layout
    label = beside.compared.model.by_name["scenarios.label"]
    _chooser(
        book,
        beside,
        sheet,
        name,
        f"={layout.row_of(label)}",
    )


def code(book: Book, beside: ComparisonBook, sheet: Sheet, name: str) -> None:
    """A drop-down of the codes of a choice."""
    line = beside.compared.model.by_name[name]
    assert isinstance(line, Choice)
    _chooser(book, beside, sheet, name, list(line.codes))


def _chooser(book: Book, beside: ComparisonBook, sheet: Sheet, name: str, source: str | list[str]) -> None:
    line = beside.compared.model.by_name[name]
    assert isinstance(line, Choice)
    cell = beside.layout.cell(line, 0, 0)
    sheet.text(cell.row, cell.column, beside.compared.values.code(line), book.styles.of("chooser"))
    rule = input_cell.drop_down(book.template.words, source, line.label, line.label)
    sheet.validate(cell.row, cell.column, rule)
