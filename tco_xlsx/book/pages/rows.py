"""The tables of a comparison whose rows are scenarios, points of charts or steps."""

from __future__ import annotations

from tco_xlsx.book.compared_book import ComparedBook, ComparisonBook
from tco_xlsx.book.pages.compared_pages import RowsPage
from tco_xlsx.book.region import Region
from tco_xlsx.book.shape import FIRST_ROW, HEADING_ROW
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import Cell
from tco_xlsx.language.lines import Derived, Fact, Line, Linked, Measured
from tco_xlsx.language.sections import Model
from tco_xlsx.model.comparison import ROW_OF_POINT, Ranked, Scenarios

_TEXT_WIDTHS = {"number": 6, "label": 40, "ranked_label": 40, "title": 40, "currency": 10, "sha": 18, "points": 34}
_FIGURE_WIDTH = 13
_SHA = 12


def regions(page: RowsPage, model: Model) -> list[Region]:
    """A column for each line or text, a row for each seat along its axis."""
    columns = tuple(model.by_name.get(name, name) for name in page.columns)
    return [Region(page.title, FIRST_ROW, 0, columns, "across")]


def write(book: ComparedBook, page: RowsPage) -> None:
    """One page: its columns in the order of the template."""
    beside = book.beside
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    (region,) = beside.layout.on(page.title)
    columns = region.lines
    sheet.height(HEADING_ROW, 58)
    rows = max(beside.layout.length(what.axis) for what in columns if isinstance(what, Line))
    widths: list[float] = []
    for column, what in enumerate(columns):
        name = what.attribute if isinstance(what, Fact) else what
        widths.append(_TEXT_WIDTHS.get(name, _FIGURE_WIDTH) if isinstance(name, str) else _FIGURE_WIDTH)
        left = isinstance(name, str) and name != "number"
        sheet.text(
            HEADING_ROW,
            column,
            _heading(book, beside, page, what),
            book.styles.of("heading" if left else "heading_right"),
        )
        if isinstance(what, Line):
            length = beside.layout.length(what.axis)
            for index in range(length):
                line_cell(book, beside, sheet, what, "data", index)
            if isinstance(what, (Linked, Derived)):
                book.whole_too(sheet, what, FIRST_ROW, column, (FIRST_ROW + length - 1, column))
            if is_large_difference(what):
                book.cut_large(sheet, FIRST_ROW, column, FIRST_ROW + length - 1, column)
        else:
            for index in range(rows):
                _text_cell(book, beside, sheet, what, column, index)
    book.widths(sheet, widths)
    sheet.freeze(FIRST_ROW, 2)
    sheet.repeat_rows(0, HEADING_ROW)


def _heading(book: ComparedBook, beside: ComparisonBook, page: RowsPage, what: Line | str) -> str:
    if not isinstance(what, Line):
        return page.headings[what]
    unit = unit_of(book, beside, what)
    return what.label if isinstance(what, Fact) or not unit else f"{what.label}\n{unit}"


def is_large_difference(line: Line) -> bool:
    """Whether a line holds differences that may be large or small: with decimals only where they are small."""
    return isinstance(line, Derived) and line.signed and line.unit != "share"


def unit_of(book: ComparedBook, beside: ComparisonBook, line: Line) -> str:
    """The unit of a line of the comparison as shown: what is linked from scenarios is in their own currency."""
    own = isinstance(line, Linked) and line.axis.name == "scenario"
    currency = book.currency if own else beside.compared.currency
    return book.template.units[line.unit].words.format(currency=currency)


def line_cell(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, line: Line, kind: str, index: int = 0) -> None:
    """One cell of a line of the comparison: a text, a link, a figure or a formula."""
    layout, values = beside.layout, beside.compared.values
    cell = layout.cell(line, 0, index)
    if isinstance(line, Fact):
        sheet.text(cell.row, cell.column, values.text(line, 0, index) or "", book.styles.of(f"{kind}_left"))
        return
    style, value = book.number_style(kind, line), values.value(line, 0, index)
    if isinstance(line, Linked):
        sheet.formula(cell.row, cell.column, f"={_link(book, beside, line, cell, index)}", value, style)
    elif isinstance(line, Measured):
        assert value is not None
        sheet.number(cell.row, cell.column, value, style)
    else:
        assert isinstance(line, Derived)
        sheet.formula(cell.row, cell.column, layout.formula(line, 0, index), value, style)


def _link(book: ComparedBook, beside: ComparisonBook, line: Linked, cell: Cell, index: int) -> str:
    """Where the figure of a scenario, a point or a step stands, picked by its number so that all rows are alike."""
    layout = beside.layout
    if line.axis.name == "scenario":
        return f"INDEX({book.layout.row_of(line.line)},$A{cell.row + 1})"
    if line.axis.name == "step":
        return f"INDEX({beside.steps.row_of(line.line)},$A{cell.row + 1})"
    row = layout.address(ROW_OF_POINT[line.axis], cell.sheet, index)
    return f"INDEX({book.point_column(line.line)},${row})"


def _text_cell(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, what: str, column: int, index: int) -> None:
    row = FIRST_ROW + index
    if what == "number":
        sheet.number(row, column, index + 1, book.styles.of("data", "0"))
    elif what == "ranked_label":
        at = beside.layout.address(Ranked.at, sheet.name, index)
        cells = beside.layout.row_of(Scenarios.label)
        number = int(beside.compared.values.value(Ranked.at, 0, index) or 1) - 1
        sheet.formula(
            row, column, f"=INDEX({cells},${at})", beside.compared.labels[number], book.styles.of("data_left")
        )
    else:
        subject = book.subjects[index]
        texts = {"title": subject.title, "sha": subject.scenario.sha256[:_SHA], "points": subject.points_words}
        sheet.text(row, column, texts[what], book.styles.of("data_left"))
