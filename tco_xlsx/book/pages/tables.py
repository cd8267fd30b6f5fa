"""The page of tables: what runs along hours of the day or rows of a list, a column a line."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import HEADING_ROW, Layout, Table
from tco_xlsx.book.pages import series
from tco_xlsx.book.template import TablesPage
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.documents.text_out import cut
from tco_xlsx.language.excel import Cell
from tco_xlsx.language.lines import Constant, Derived, Given

_NUMBER_WIDTH, _WIDTH = 22, 20
_LONGEST_LABEL = 60


def write(book: Book, page: TablesPage) -> None:
    """Every table, one below the other; with several scenarios all of them once more for each."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    layout = book.layout
    columns = _columns(layout)
    sheet.width(0, _NUMBER_WIDTH)
    sheet.width(1, _WIDTH, max(1, 2 * columns + 2))
    for scenario in range(layout.scenarios):
        below = scenario * layout.tables_height
        if layout.several:
            assert book.beside is not None
            label = book.beside.compared.labels[scenario]
            sheet.text(HEADING_ROW + below, 0, label, book.styles.of("section"))
        for table in layout.tables:
            _table(book, sheet, page, table, scenario)


def _table(book: Book, sheet: Sheet, page: TablesPage, table: Table, scenario: int) -> None:
    layout, styles = book.layout, book.styles
    top = table.row + scenario * layout.tables_height
    seats = table.axis.seats or 0
    sheet.text(top, 0, table.axis.one, styles.of("heading"))
    sheet.height(top, 44)
    for index in range(seats):
        sheet.number(top + 1 + index, 0, index + 1, styles.of("data", "0"))
    for line in table.lines:
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
        for index in range(seats):
            cell = layout.cell(line, scenario, index)
            if isinstance(line, Constant):
                sheet.number(cell.row, cell.column, line.value, style)
                continue
            assert isinstance(line, Derived)
            value = book.values.value(line, scenario, index)
            sheet.formula(cell.row, cell.column, layout.formula(line, scenario, index), value, style)


def generated_span(layout: Layout, line: Given, scenario: int) -> tuple[Cell, Cell]:
    """The first and last cell of an input's values as generated."""
    first, last = layout.span(line, scenario)
    beside = _columns(layout) + 1 + first.column
    return first._replace(column=beside), last._replace(column=beside)


def _columns(layout: Layout) -> int:
    """How many columns the widest table has."""
    return max((len(table.lines) for table in layout.tables), default=0)


def marks(book: Book) -> list[tuple[str, int, int, int, int]]:
    """The cells among which those stand that say "edited": sheet, first and last row, first and last column.

    One range for all tables of all scenarios: a range for each would outgrow a formula. No number or code in it is one
    of the words that are counted.
    """
    cells = [
        cell._replace(row=cell.row + (table.axis.seats or 0))
        for table in book.layout.tables
        for line in table.lines
        if isinstance(line, Given)
        for scenario in range(book.layout.scenarios)
        for cell in [book.layout.cell(line, scenario, 0)]
    ]
    rows, columns = [cell.row for cell in cells], [cell.column for cell in cells]
    return [(cells[0].sheet, min(rows), max(rows), min(columns), max(columns))] if cells else []
