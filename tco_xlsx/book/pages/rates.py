"""The exchange rates, below the inputs of a comparison."""

from __future__ import annotations

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.compared_book import ComparisonBook
from tco_xlsx.book.region import Region
from tco_xlsx.book.shape import LABEL, VALUE
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import column_name
from tco_xlsx.model.comparison import Currency


def regions(sheet: str, top: int) -> list[Region]:
    """The currencies and their rates, below a heading in the row `top`."""
    return [Region(sheet, top + 1, LABEL, (Currency.currency, Currency.rate), "across")]


def write(book: Book, beside: ComparisonBook, sheet: Sheet) -> None:
    """A row for each currency: what one unit is worth in the currency of the report, which itself is fixed."""
    layout, compared, words, styles = beside.layout, beside.compared, book.template.words, book.styles
    rate = Currency.rate
    source, heading = book.shape.unit_column + 1, layout.cell(rate).row - 1
    sheet.print_area(0, 0, heading + len(compared.rate_sources), source + 2)
    sheet.text(heading, LABEL, words.rates, styles.of("section"))
    for column in range(1, source + 3):
        sheet.blank(heading, column, styles.of("section"))
    for index, (name, told) in enumerate(compared.rate_sources.items()):
        row = layout.cell(rate, 0, index).row
        value = compared.values.value(rate, 0, index)
        assert value is not None
        sheet.text(row, LABEL, name, styles.of("indent"))
        sheet.text(row, book.shape.unit_column, words.rate_of.format(currency=compared.currency), styles.of("soft_top"))
        is_own = name == compared.currency
        sheet.text(row, source, words.report_currency if is_own else told, styles.of("soft_top"))
        if is_own:
            sheet.number(row, VALUE, value, styles.of("fixed", "General"))
            continue
        here = f"{column_name(VALUE)}{row + 1}"
        input_cell.write(sheet, styles, (row, VALUE), rate, value, "input")
        may = input_cell.allowed(rate, words)
        sheet.validate(row, VALUE, input_cell.validation(rate, words, here, may, title=name))
