"""The page of the model: a line per step, with its formula in words."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.region import Region, by_section, section_of, stacked
from tco_xlsx.book.shape import FIRST_ROW, LABEL, VALUE, Shape
from tco_xlsx.book.template import TablePage
from tco_xlsx.language.lines import Derived
from tco_xlsx.language.sections import Model
from tco_xlsx.language.words import words_of

_LABEL_WIDTH, _VALUE_WIDTH, _UNIT_WIDTH, _HOW_WIDTH, _NOTE_WIDTH = 40, 17, 28, 84, 46


def regions(page: TablePage, model: Model, shape: Shape) -> list[Region]:
    """The derived lines without an axis by section, a column for each scenario."""
    groups = by_section(model, lambda line: isinstance(line, Derived) and line.axis is None)
    return stacked(groups, page.title, FIRST_ROW, shape.first, shown=-shape.chosen)


def write(book: Book, page: TablePage) -> None:
    """Every derived line without an axis, section by section."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    label, value, *others = page.headings
    layout, shape = book.layout, book.shape
    unit, how, note = (shape.unit_column + step for step in range(3))
    values = book.value_headings(value)
    book.headings(sheet, [label, *values, *others], left=(0, unit, how, note))
    book.widths(sheet, [_LABEL_WIDTH, *[_VALUE_WIDTH] * len(values), _UNIT_WIDTH, _HOW_WIDTH, _NOTE_WIDTH])
    for region in layout.on(page.title):
        section, heading = section_of(region), region.top - 1
        sheet.text(heading, LABEL, section.title, book.styles.of("section"))
        for column in range(1, how):
            sheet.blank(heading, column, book.styles.of("section"))
        sheet.text(heading, how, section.note, book.styles.of("section_note"))
        sheet.blank(heading, note, book.styles.of("section"))
        sheet.fit_row(heading, [(section.note, _HOW_WIDTH)])
        for line in region.lines:
            assert isinstance(line, Derived)
            row = layout.cell(line, 0, 0).row
            sheet.text(row, LABEL, line.label, book.styles.of("indent"))
            for scenario in range(shape.scenarios):
                book.line(sheet, line, "number_top", scenario)
            book.pick_shown(sheet, line, book.number_style("number_top", line))
            book.whole_too(sheet, line, row, VALUE, (row, unit - 1))
            sheet.text(row, unit, book.unit(line), book.styles.of("soft_top"))
            sheet.text(row, how, words_of(line), book.styles.of("soft_wrap"))
            sheet.text(row, note, line.note or line.source, book.styles.of("soft_wrap"))
            sheet.fit_row(row, [(words_of(line), _HOW_WIDTH), (line.note or line.source, _NOTE_WIDTH)])
