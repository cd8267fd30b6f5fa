"""The page of years: the lines of the model that run along years, a column for each year."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.region import NUMBER, Region, by_section, section_of, stacked
from tco_xlsx.book.shape import FIRST_ROW, HEADING_ROW, LABEL, Shape
from tco_xlsx.book.template import YearsPage
from tco_xlsx.language.axes import Axis
from tco_xlsx.language.lines import Derived
from tco_xlsx.language.sections import Model
from tco_xlsx.language.words import words_of

_UNIT, _FIRST = 1, 2
_LABEL_WIDTH, _UNIT_WIDTH, _YEAR_WIDTH, _HOW_WIDTH = 40, 28, 13, 84


def across(model: Model) -> Axis | None:
    """The axis whose seats are columns: years. None where no line of the model runs along one."""
    return next((axis for axis in model.axes.values() if axis.is_across), None)


def regions(page: YearsPage, model: Model, shape: Shape) -> list[Region]:
    """The numbers of the years, then the lines by section, a row each: a block of rows for each scenario, below each
    other. A row above each block names its scenario, where one is chosen to be shown."""
    axis = across(model)
    if axis is None:
        return []
    groups = by_section(model, lambda line: isinstance(line, Derived) and line.axis == axis)
    height = sum(len(group) + 1 for group in groups) + 1 + shape.chosen
    copies = tuple(scenario * height for scenario in range(shape.scenarios))
    numbers = Region(page.title, HEADING_ROW, _FIRST, (NUMBER,), "down", "across", (0,) * shape.scenarios, axis=axis)
    top = FIRST_ROW + shape.chosen
    return [numbers, *stacked(groups, page.title, top, _FIRST, "across", copies)]


def write(book: Book, page: YearsPage) -> None:
    """A row a line: label, unit, its value in each year, and how it is computed."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    line_heading, unit_heading, how_heading = page.headings
    axis = across(book.model)
    length = book.layout.length(axis) if axis is not None else 0
    how = _FIRST + length
    book.headings(sheet, [line_heading, unit_heading], left=(LABEL, _UNIT))
    for index in range(length):
        sheet.number(HEADING_ROW, _FIRST + index, index + 1, book.styles.of("heading_right", page.year))
    sheet.text(HEADING_ROW, how, how_heading, book.styles.of("heading"))
    book.widths(sheet, [_LABEL_WIDTH, _UNIT_WIDTH, *[_YEAR_WIDTH] * length, _HOW_WIDTH])
    sheet.freeze(FIRST_ROW, _FIRST)
    blocks = [region for region in book.layout.on(page.title) if region.lines != (NUMBER,)]
    for scenario in range(book.shape.scenarios):
        for label in book.block_labels(scenario):
            top = blocks[0].cell(0, scenario).row - 2
            sheet.text(top, LABEL, label, book.styles.of("part"))
            for column in range(1, how + 1):
                sheet.blank(top, column, book.styles.of("part_fill"))
        for region in blocks:
            heading = region.cell(0, scenario).row - 1
            sheet.text(heading, LABEL, section_of(region).title, book.styles.of("section"))
            for column in range(1, how + 1):
                sheet.blank(heading, column, book.styles.of("section"))
            for line in region.lines:
                assert isinstance(line, Derived)
                row = book.layout.cell(line, scenario).row
                sheet.text(row, LABEL, line.label, book.styles.of("indent"))
                sheet.text(row, _UNIT, book.unit(line), book.styles.of("soft_top"))
                sheet.text(row, how, words_of(line), book.styles.of("soft_wrap"))
                sheet.fit_row(row, [(words_of(line), _HOW_WIDTH)])
                for index in range(length):
                    book.line(sheet, line, "number_top", scenario, index)
                book.whole_too(sheet, line, row, _FIRST, (row, how - 1))
