"""The page of tables: what runs along hours of the day or rows of a list, a column a line."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.pages import series
from tco_xlsx.book.region import NUMBER, Region
from tco_xlsx.book.shape import HEADING_ROW, Shape
from tco_xlsx.book.template import TablesPage
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.documents.text_out import cut
from tco_xlsx.language.axes import POINT, Axis
from tco_xlsx.language.excel import Cell
from tco_xlsx.language.lines import Constant, Derived, Given, Line
from tco_xlsx.language.sections import Model

_NUMBER_WIDTH, _WIDTH = 16, 15
_LONGEST_LABEL = 60


def regions(page: TablesPage, model: Model, shape: Shape) -> list[Region]:
    """A table for each axis that is neither points nor years: a column a line, a row a seat, one table below the other;
    for each scenario all of them once more below, under a row that names it where one is chosen to be shown."""
    held: dict[Axis, list[Line]] = {}
    for line in model.lines:
        if line.axis is not None and line.axis != POINT and not line.axis.is_across:
            held.setdefault(line.axis, []).append(line)
    seats = {axis: axis.seats or 1 for axis in held}
    height = shape.chosen + sum(number + 2 for number in seats.values())
    copies = tuple(scenario * height for scenario in range(shape.scenarios))
    found: list[Region] = []
    top = HEADING_ROW + shape.chosen + 1
    for axis, lines in held.items():
        found.append(Region(page.title, top, 0, (NUMBER, *lines), "across", "down", copies, axis=axis))
        top += seats[axis] + 2
    return found


def write(book: Book, page: TablesPage) -> None:
    """Every table, one below the other; with several scenarios all of them once more for each."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    tables = book.layout.on(page.title)
    last = HEADING_ROW
    sheet.freeze(HEADING_ROW, 1)
    sheet.width(0, _NUMBER_WIDTH)
    sheet.width(1, _WIDTH, max(1, 2 * _columns(book.layout, page.title) + 2))
    for scenario in range(book.shape.scenarios):
        for label in book.block_labels(scenario):
            sheet.text(tables[0].cell(0, scenario).row - 2, 0, label, book.styles.of("section"))
        for table in tables:
            _table(book, sheet, page, table, scenario)
            last = table.cell(0, scenario, book.layout.length(table.axis) - 1).row
    # What was generated is for the eye on the screen, not for paper.
    sheet.print_area(0, 0, last + 1, _columns(book.layout, page.title))


def _table(book: Book, sheet: Sheet, page: TablesPage, table: Region, scenario: int) -> None:
    layout, styles = book.layout, book.styles
    axis = table.axis
    assert axis is not None
    top, seats = table.cell(0, scenario).row - 1, layout.length(axis)
    sheet.text(top, 0, axis.one, styles.of("heading"))
    sheet.height(top, 58)
    for index in range(seats):
        sheet.number(top + 1 + index, 0, index + 1, styles.of("data", "0"))
    for line in table.lines[1:]:
        assert isinstance(line, Line)
        column = layout.cell(line, scenario, 0).column
        unit = book.unit(line) if line.kind == "number" else ""
        sheet.text(top, column, cut(f"{line.label}\n{unit}".strip(), _LONGEST_LABEL * 2), styles.of("heading_right"))
        if isinstance(line, Given):
            ends = generated_span(layout, line, scenario)
            beside = ends[0].column
            sheet.text(top, beside, f"{page.generated}: {line.label}", styles.of("heading_right"))
            for index in range(seats):
                series.write_seat(book, sheet, line, scenario, index, Cell(sheet.name, top + 1 + index, beside))
            at = Cell(sheet.name, top + seats + 1, column)
            series.mark(book, sheet, line, layout.span(line, scenario), ends, at)
            continue
        style = book.number_style("data", line)
        if isinstance(line, Constant):
            sheet.numbers(top + 1, column, [line.value] * seats, style)
            continue
        assert isinstance(line, Derived)
        found = book.values.series(line, scenario, seats)
        sheet.formulas(top + 1, column, layout.formulas(line, scenario), found, style)


def generated_span(layout: Layout, line: Given, scenario: int) -> tuple[Cell, Cell]:
    """The first and last cell of an input's values as generated."""
    first, last = layout.span(line, scenario)
    beside = _columns(layout, first.sheet) + 1 + first.column
    return first._replace(column=beside), last._replace(column=beside)


def _columns(layout: Layout, sheet: str) -> int:
    """How many columns the widest table has."""
    return max((len(table.lines) - 1 for table in layout.on(sheet)), default=0)


def marks(book: Book) -> list[tuple[str, int, int, int, int]]:
    """The cells among which those stand that say "edited": sheet, first and last row, first and last column.

    One range for all tables of all scenarios: a range for each would outgrow a formula. No number or code in it is one
    of the words that are counted.
    """
    cells = [
        cell._replace(row=cell.row + book.layout.length(line.axis))
        for line in book.model.inputs
        if line.axis is not None and not line.axis.is_across
        for scenario in range(book.shape.scenarios)
        for cell in [book.layout.cell(line, scenario)]
    ]
    rows, columns = [cell.row for cell in cells], [cell.column for cell in cells]
    return [(cells[0].sheet, min(rows), max(rows), min(columns), max(columns))] if cells else []
