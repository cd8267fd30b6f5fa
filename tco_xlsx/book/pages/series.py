"""The inputs along years: below the others on Inputs, a row each, a column for each year right of the words."""

from __future__ import annotations

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.pages.input_words import InputColumns, allowed, source_words, validation
from tco_xlsx.book.region import Region
from tco_xlsx.book.shape import LABEL, Shape
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import Cell, sheet_prefix
from tco_xlsx.language.lines import Choice, Given, Line
from tco_xlsx.language.sections import Model

_WIDTH = 11


def regions(sheet: str, top: int, left: int, model: Model, shape: Shape) -> list[Region]:
    """A block of rows for each scenario, with a row above it for the numbers of the years."""
    axes = [axis for axis in model.axes.values() if axis.is_across]
    found = []
    for axis in axes:
        lines = tuple(line for line in model.inputs if line.axis == axis)
        if lines:
            copies = tuple(scenario * (len(lines) + 1) for scenario in range(shape.scenarios))
            found.append(Region(sheet, top + 1, left, lines, "down", "across", copies, axis=axis))
            top = found[-1].bottom
    return found


def write(book: Book, sheet: Sheet, region: Region, columns: InputColumns) -> None:
    """The blocks of one axis: values in blue, as generated right of them, the words where other inputs have theirs."""
    axis = region.axis
    assert axis is not None
    length = book.layout.length(axis)
    for column in (*range(region.left, region.left + length), *range(_was(region, length), _was(region, 2 * length))):
        sheet.width(column, _WIDTH)
    for scenario in range(book.shape.scenarios):
        heading = region.cell(0, scenario).row - 1
        words = [axis.many.capitalize(), *book.block_labels(scenario)]
        sheet.text(heading, LABEL, ": ".join(words), book.styles.of("section"))
        for column in range(1, region.left):
            sheet.blank(heading, column, book.styles.of("section"))
        for index in range(length):
            for first in (region.left, _was(region, length)):
                sheet.number(heading, first + index, index + 1, book.styles.of("section", "0"))
        for line in region.lines:
            assert isinstance(line, Given)
            _row(book, sheet, line, scenario, columns)
    _mark_edited(book, sheet, region, length)


def _was(region: Region, length: int) -> int:
    """The column of the first value as generated: a free column stands before it."""
    return region.left + length + 1


def _row(book: Book, sheet: Sheet, line: Given, scenario: int, columns: InputColumns) -> None:
    layout, styles = book.layout, book.styles
    first, last = layout.span(line, scenario)
    row, length = first.row, layout.length(line.axis, scenario)
    may = allowed(book, line)
    sheet.text(row, LABEL, line.label, styles.of("indent"))
    sheet.text(row, book.shape.unit_column, book.unit(line), styles.of("soft_top"))
    sheet.text(row, columns.allowed, may, styles.of("soft_wrap"))
    source = source_words(book, line)
    sheet.text(row, columns.source, source, styles.of("soft_wrap"))
    sheet.fit_row(row, [(source, 70), (may, 24)])
    holder = book.holder(line, scenario)
    for index in range(length):
        cell, value = layout.cell(line, scenario, index), _value(book, line, scenario, index)
        if holder == scenario:
            input_cell.write(sheet, styles, (row, cell.column), line, value, "input")
            sheet.validate(row, cell.column, validation(book, line, cell.text(), scenario))
        else:
            there = layout.cell(line, holder, index).text(fix_row=True)
            shown = styles.typed_format(line, value if isinstance(value, float) else None)
            cached = "" if value is None else value
            sheet.formula(row, cell.column, input_cell.linked(line, there), cached, styles.of("linked", shown))
        was = cell.column + length + 1
        input_cell.write(sheet, styles, (row, was), line, value, "soft_number_top")
    here, there = f"{first.text()}:{last.text()}", _generated(first, last, length)
    sheet.formula(row, columns.mark, input_cell.edited(line, book.template.words, here, there), "", styles.of("top"))


def _value(book: Book, line: Given, scenario: int, index: int) -> float | str | None:
    if isinstance(line, Choice):
        return book.values.code(line, scenario, index)
    return book.values.value(line, scenario, index)


def _generated(first: Cell, last: Cell, length: int) -> str:
    cells = [cell._replace(column=cell.column + length + 1) for cell in (first, last)]
    return ":".join(cell.text() for cell in cells)


def generated(layout: Layout, line: Line) -> str:
    """The values as generated of the first scenario, such as Inputs!$S$60:$AB$60."""
    first, last = layout.span(line, 0)
    step = layout.length(line.axis) + 1
    cells = [cell._replace(column=cell.column + step).text(True, True) for cell in (first, last)]
    return sheet_prefix(first.sheet) + ":".join(cells)


def _mark_edited(book: Book, sheet: Sheet, region: Region, length: int) -> None:
    """A value that is another one than as generated turns amber, one that is missing red."""
    look, styles = book.template.look, book.styles
    amber = styles.changed({"bg_color": look.colour("edited_fill"), "bold": True})
    bad = styles.changed({"bg_color": look.colour("bad_fill"), "font_color": look.colour("bad_ink"), "bold": True})
    for scenario in range(book.shape.scenarios):
        for line in region.lines:
            assert isinstance(line, Given)
            first, last = book.layout.span(line, scenario)
            here, there = first.text(), first._replace(column=_was(region, length)).text()
            rules = [(f'=OR({here}<>{there},({here}="")<>({there}=""))', amber)]
            if not line.may_be_empty:
                rules.insert(0, (f"=ISBLANK({here})", bad))
            for test, style in rules:
                options = {"type": "formula", "criteria": test, "format": style}
                sheet.conditional(first.row, first.column, last.row, last.column, options)
