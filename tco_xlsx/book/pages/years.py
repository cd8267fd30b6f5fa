"""The page of years: a row a line, always ten columns; those beyond the horizon are grey and count nothing."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.pages import series
from tco_xlsx.book.region import NUMBER, Region, by_section, section_of, stacked
from tco_xlsx.book.shape import FIRST_ROW, HEADING_ROW, LABEL, Shape
from tco_xlsx.book.style import WHOLE_BY_YEAR
from tco_xlsx.book.template import YearsPage
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import Cell, column_name
from tco_xlsx.language.lines import Derived, Given, Line
from tco_xlsx.language.rounding import is_counted
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles
from tco_xlsx.model.axes import YEARS

_LABEL_WIDTH, _UNIT_WIDTH, _AHEAD_WIDTH, _YEAR_WIDTH, _TOTAL_WIDTH, _MARK_WIDTH = 42, 22, 1.5, 11.5, 13, 9
_UNIT = 1
FIRST_YEAR = 3
"""The column of year 1; the cells ahead of it stay empty in every row of years."""
_TOTAL = FIRST_YEAR + YEARS
_MARK = _TOTAL + 1
_GENERATED = _MARK + 1
_BEYOND = '[=0]"–";[<1]0.0###;#,##0'
_NUMBERED = '"{} "0'


def regions(page: YearsPage, model: Model, shape: Shape) -> list[Region]:
    """The numbers of the years, then the lines by section, a row each: a block of rows for each scenario, below each
    other. A row above each block names its scenario, where one is chosen to be shown."""
    groups = by_section(model, lambda line: line.axis is not None and line.axis.is_across)
    height = shape.chosen + sum(len(group) + 1 for group in groups)
    copies = tuple(scenario * height for scenario in range(shape.scenarios))
    here = (0,) * shape.scenarios
    numbers = [
        Region(page.title, HEADING_ROW, FIRST_YEAR, (NUMBER,), "down", "across", here, axis=axis)
        for axis in model.axes.values()
        if axis.is_across
    ]
    return [*numbers, *stacked(groups, page.title, FIRST_ROW + shape.chosen, FIRST_YEAR, "across", copies)]


def write(book: Book, page: YearsPage) -> None:
    """Every line by year, section by section; with several scenarios a block of rows for each."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    _headings(book, sheet, page)
    blocks = [region for region in book.layout.on(page.title) if isinstance(region.lines[0], Line)]
    last = FIRST_ROW - 1
    for scenario in range(book.shape.scenarios):
        top = last + 1
        last = blocks[-1].cell(len(blocks[-1].lines) - 1, scenario).row
        # Before the formats of rows: the first that holds is shown.
        _grey(book, sheet, scenario, top, last)
        for label in book.block_labels(scenario):
            _band(book, sheet, top, label, "heading")
        for region in blocks:
            _band(book, sheet, region.cell(0, scenario).row - 1, section_of(region).title, "section")
            for line in region.lines:
                assert isinstance(line, Line)
                _row(book, sheet, line, scenario)
    sheet.print_area(0, 0, last, _TOTAL)
    sheet.freeze(FIRST_ROW, FIRST_YEAR)
    sheet.repeat_rows(0, HEADING_ROW)


def _headings(book: Book, sheet: Sheet, page: YearsPage) -> None:
    styles = book.styles
    widths = [_LABEL_WIDTH, _UNIT_WIDTH, _AHEAD_WIDTH, *[_YEAR_WIDTH] * YEARS, _TOTAL_WIDTH, _MARK_WIDTH]
    for column, width in enumerate([*widths, *[_YEAR_WIDTH] * YEARS]):
        sheet.width(column, width)
    sheet.text(HEADING_ROW, LABEL, page.line, styles.of("heading"))
    sheet.text(HEADING_ROW, _UNIT, page.unit, styles.of("heading"))
    # The cells ahead of the first year are read by sums of what came earlier: they hold nothing.
    sheet.blank(HEADING_ROW, FIRST_YEAR - 1, styles.of("heading"))
    for year in range(YEARS):
        shown = _NUMBERED.format(page.year)
        sheet.number(HEADING_ROW, FIRST_YEAR + year, year + 1, styles.of("heading_right", shown))
        generated = _NUMBERED.format(page.generated)
        sheet.number(HEADING_ROW, _GENERATED + year, year + 1, styles.of("heading_right", generated))
    sheet.text(HEADING_ROW, _TOTAL, page.total, styles.of("heading_right"))
    sheet.text(HEADING_ROW, _MARK, page.changed, styles.of("heading_right"))


def _band(book: Book, sheet: Sheet, row: int, text: str, kind: str) -> None:
    sheet.text(row, LABEL, text, book.styles.of(kind))
    for column in (_UNIT, *range(FIRST_YEAR, _TOTAL + 1)):
        sheet.blank(row, column, book.styles.of(kind))


def _row(book: Book, sheet: Sheet, line: Line, scenario: int) -> None:
    layout, styles = book.layout, book.styles
    row = layout.cell(line, scenario, 0).row
    sheet.text(row, LABEL, line.label, styles.of("indent"))
    sheet.text(row, _UNIT, book.unit(line), styles.of("soft_top"))
    if isinstance(line, Given):
        for year in range(YEARS):
            generated = Cell(sheet.name, row, _GENERATED + year)
            series.write_seat(book, sheet, line, scenario, year, generated)
        cells = layout.span(line, scenario)
        ends = generated_span(layout, line, scenario)
        series.mark(book, sheet, line, cells, ends, Cell(sheet.name, row, _MARK))
        return
    assert isinstance(line, Derived)
    style = styles.of("number_top", styles.by_year_format(line))
    if is_counted(line):
        here = Cell(sheet.name, row, FIRST_YEAR).text()
        whole_style = styles.changed({"num_format": WHOLE_BY_YEAR})
        options = {"type": "formula", "criteria": f"={here}=INT({here})", "format": whole_style}
        sheet.conditional(row, FIRST_YEAR, row, _TOTAL - 1, options)
    numbers = book.values.series(line, scenario, YEARS)
    sheet.formulas_across(row, FIRST_YEAR, layout.formulas(line, scenario), numbers, style)
    if line.is_flow:
        cells_text = f"{column_name(FIRST_YEAR)}{row + 1}:{column_name(_TOTAL - 1)}{row + 1}"
        whole = sum(number for number in numbers if number is not None)
        sheet.formula(row, _TOTAL, f"=SUM({cells_text})", whole, style)


def generated_span(layout: Layout, line: Given, scenario: int) -> tuple[Cell, Cell]:
    """The first and last cell of an input's values as generated."""
    cell = layout.cell(line, scenario, 0)
    return cell._replace(column=_GENERATED), cell._replace(column=_GENERATED + YEARS - 1)


def _grey(book: Book, sheet: Sheet, scenario: int, first: int, last: int) -> None:
    """What lies beyond the horizon."""
    counts = book.layout.cell(roles.year_counts, scenario, 0)
    look = book.template.look
    style = book.styles.changed(
        {"bg_color": look.colour("band"), "font_color": look.colour("soft"), "num_format": _BEYOND}
    )
    test = f"={Cell(sheet.name, counts.row, counts.column).text(fix_row=True)}=0"
    options = {"type": "formula", "criteria": test, "format": style}
    sheet.conditional(first, FIRST_YEAR, last, _TOTAL - 1, options)


def marks(book: Book) -> list[tuple[str, int, int, int, int]]:
    """The cells that say "edited": sheet, first and last row, first and last column."""
    given = [line for line in book.model.inputs if line.axis is not None and line.axis.is_across]
    cells = [book.layout.cell(line, scenario) for line in given for scenario in range(book.shape.scenarios)]
    return [(cells[0].sheet, min(c.row for c in cells), max(c.row for c in cells), _MARK, _MARK)] if cells else []
