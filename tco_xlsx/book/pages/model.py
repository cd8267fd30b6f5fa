"""The page of the model: a line per step, with its formula in words."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import LABEL, VALUE
from tco_xlsx.book.template import TablePage
from tco_xlsx.language.lines import Derived
from tco_xlsx.language.words import words_of

_LABEL_WIDTH, _VALUE_WIDTH, _UNIT_WIDTH, _HOW_WIDTH, _NOTE_WIDTH = 40, 17, 28, 84, 46


def write(book: Book, page: TablePage) -> None:
    """Every derived line without an axis, section by section."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    label, value, *others = page.headings
    layout = book.layout
    unit, how, note = (layout.unit_column + step for step in range(3))
    values = [value] if book.beside is None else [book.template.words.shown, *book.beside.compared.labels]
    book.headings(sheet, [label, *values, *others], left=(0, unit, how, note))
    book.widths(sheet, [_LABEL_WIDTH, *[_VALUE_WIDTH] * len(values), _UNIT_WIDTH, _HOW_WIDTH, _NOTE_WIDTH])
    for block in layout.lines:
        sheet.text(block.row, LABEL, block.section.title, book.styles.of("section"))
        for column in range(1, how):
            sheet.blank(block.row, column, book.styles.of("section"))
        sheet.text(block.row, how, block.section.note, book.styles.of("section_note"))
        sheet.blank(block.row, note, book.styles.of("section"))
        sheet.fit_row(block.row, [(block.section.note, _HOW_WIDTH)])
        for line in block.lines:
            assert isinstance(line, Derived)
            row = layout.cell(line, 0, 0).row
            sheet.text(row, LABEL, line.label, book.styles.of("indent"))
            for scenario in range(layout.scenarios):
                book.line(sheet, line, "number_top", scenario)
            book.pick_shown(sheet, line, book.number_style("number_top", line))
            book.whole_too(sheet, line, row, VALUE, (row, unit - 1))
            sheet.text(row, unit, book.unit(line), book.styles.of("soft_top"))
            sheet.text(row, how, words_of(line), book.styles.of("soft_wrap"))
            sheet.text(row, note, line.note or line.source, book.styles.of("soft_wrap"))
            sheet.fit_row(row, [(words_of(line), _HOW_WIDTH), (line.note or line.source, _NOTE_WIDTH)])
