"""The page of the model: a line per step, with its formula in words."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import LABEL
from tco_xlsx.book.template import TablePage
from tco_xlsx.lines import Derived
from tco_xlsx.words import words_of

_WIDTHS = (40, 17, 28, 84, 46)


def write(book: Book, page: TablePage) -> None:
    """Every derived line without an axis, section by section."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    book.headings(sheet, page.headings, left=(0, 2, 3, 4))
    for column, width in enumerate(_WIDTHS):
        sheet.worksheet.set_column(column, column, width)
    unit, how, note = (book.layout.unit_column + step for step in range(3))
    for block in book.layout.lines:
        sheet.text(block.row, LABEL, block.section.title, book.styles.of("section"))
        for column in range(1, how):
            sheet.blank(block.row, column, book.styles.of("section"))
        sheet.text(block.row, how, block.section.note, book.styles.of("section_note"))
        sheet.blank(block.row, note, book.styles.of("section"))
        sheet.fit_row(block.row, [(block.section.note, _WIDTHS[3])])
        for line in block.lines:
            assert isinstance(line, Derived)
            row = book.layout.cell(line, 0, 0).row
            sheet.text(row, LABEL, line.label, book.styles.of("indent"))
            book.line(sheet, line, "number_top")
            sheet.text(row, unit, book.unit(line), book.styles.of("soft_top"))
            sheet.text(row, how, words_of(line), book.styles.of("soft_wrap"))
            sheet.text(row, note, line.note or line.source, book.styles.of("soft_wrap"))
            sheet.fit_row(row, [(words_of(line), _WIDTHS[3]), (line.note or line.source, _WIDTHS[4])])
