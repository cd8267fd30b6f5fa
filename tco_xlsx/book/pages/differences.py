"""Every result of every scenario against a base, absolute and in percent."""

from __future__ import annotations

from tco_xlsx.book.compared_book import ComparedBook
from tco_xlsx.book.pages.compared_pages import DifferencesPage
from tco_xlsx.book.region import section_of
from tco_xlsx.book.shape import FIRST_ROW, LABEL
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import ABSENT, Cell, column_name, sheet_prefix
from tco_xlsx.language.lines import Line
from tco_xlsx.model.comparison import Choices

_LABEL_WIDTH, _VALUE_WIDTH, _UNIT_WIDTH = 40, 17, 28
_BASE = 1
_PERCENT = "+0.0%;-0.0%;0.0%"


def write(book: ComparedBook, page: DifferencesPage) -> None:
    """The rows of Model again, with the base, and a column for each scenario's difference and its percentage."""
    beside = book.beside
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    labels = beside.compared.labels
    headings = [page.line, page.base, *(f"{label}\n{page.absolute}" for label in labels)]
    headings += [*(f"{label}\n{page.percent}" for label in labels), page.unit]
    unit = len(headings) - 1
    book.headings(sheet, headings, left=(0, unit))
    book.widths(sheet, [_LABEL_WIDTH, *[_VALUE_WIDTH] * (unit - 1), _UNIT_WIDTH])
    regions = book.layout.on(book.template.page("model").title)
    for region in regions:
        sheet.text(region.top - 1, LABEL, section_of(region).title, book.styles.of("section"))
        for column in range(1, unit + 1):
            sheet.blank(region.top - 1, column, book.styles.of("section"))
        for line in region.lines:
            assert isinstance(line, Line)
            _row(book, sheet, line, unit)
    book.cut_large(sheet, FIRST_ROW, _BASE + 1, regions[-1].bottom - 1, _BASE + book.shape.scenarios)


def _row(book: ComparedBook, sheet: Sheet, line: Line, unit: int) -> None:
    beside = book.beside
    layout, scenarios = book.layout, book.shape.scenarios
    row = layout.cell(line, 0, 0).row
    number = beside.compared.values.value(Choices.base_row)
    chosen = int(number or 1) - 1
    base = book.values.value(line, chosen)
    style = book.number_style("number_top", line)
    signed = book.styles.of("number_top", book.styles.signed_format(line))
    sheet.text(row, LABEL, line.label, book.styles.of("indent"))
    at = beside.layout.address(Choices.base_row)
    sheet.formula(row, _BASE, f"=INDEX({layout.row_of(line)},{at})", base, style)
    book.whole_too(sheet, line, row, _BASE)
    sheet.text(row, unit, book.unit(line), book.styles.of("soft_top"))
    if line.states:
        return  # "yes" less "no" is nothing
    there = sheet_prefix(layout.cell(line, 0, 0).sheet)
    base_cell = f"${column_name(_BASE)}{row + 1}"
    for scenario in range(scenarios):
        own = there + Cell("", row, book.shape.first + scenario).text()
        column = _BASE + 1 + scenario
        value = book.values.value(line, scenario)
        difference = None if value is None or base is None else value - base
        formula = f'=IF(AND(ISNUMBER({own}),ISNUMBER({base_cell})),{own}-{base_cell},"{ABSENT}")'
        sheet.formula(row, column, formula, difference, signed)
        here = f"{column_name(column)}{row + 1}"
        share = None if difference is None or not base else difference / base
        formula = f'=IF(ISNUMBER({here}),IF({base_cell}=0,"{ABSENT}",{here}/{base_cell}),"{ABSENT}")'
        sheet.formula(row, column + scenarios, formula, share, book.styles.of("number_top", _PERCENT))
