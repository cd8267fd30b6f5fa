"""The cells of inputs that run along an axis: as a person types them, and as they were generated."""

from __future__ import annotations

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import Cell
from tco_xlsx.language.lines import Choice, Given, RowText
from tco_xlsx.scenario.inputs import InputScalar


def write_seat(book: Book, sheet: Sheet, line: Given, scenario: int, index: int, generated: Cell) -> None:
    """One cell of an input, a link where the scenario has the input from another one, and what was generated."""
    cell = book.layout.cell(line, scenario, index)
    value = seat_value(book, line, scenario, index)
    holder = book.holder(line, scenario)
    if holder == scenario:
        input_cell.write(sheet, book.styles, (cell.row, cell.column), line, value, "input")
        words = book.template.words
        if not isinstance(line, RowText):
            rule = input_cell.validation(line, words, cell.text(), input_cell.allowed(line, words))
            sheet.validate(cell.row, cell.column, rule)
    else:
        there = book.layout.cell(line, holder, index).text()
        style = book.styles.of("linked", book.styles.typed_format(line, value if isinstance(value, float) else None))
        sheet.formula(cell.row, cell.column, input_cell.linked(line, there), "" if value is None else value, style)
    input_cell.write(sheet, book.styles, (generated.row, generated.column), line, value, "soft_number_top")


def seat_value(book: Book, line: Given, scenario: int, index: int) -> InputScalar:
    """The value of an input at a seat; None where its row is empty."""
    if isinstance(line, RowText):
        return book.values.text(line, scenario, index)
    number = book.values.value(line, scenario, index)
    return book.values.code(line, scenario, index) if isinstance(line, Choice) and number is not None else number


def mark(
    book: Book, sheet: Sheet, line: Given, cells: tuple[Cell, Cell], generated: tuple[Cell, Cell], at: Cell
) -> None:
    """The cell that says whether any seat of an input was edited, and the colour of those that were."""
    here, there = (f"{first.text()}:{last.text()}" for first, last in (cells, generated))
    formula = input_cell.edited(line, book.template.words, here, there)
    sheet.formula(at.row, at.column, formula, "", book.styles.of("top"))
    first, last = cells
    look = book.template.look
    amber = book.styles.changed({"bg_color": look.colour("edited_fill"), "bold": True})
    one, other = first.text(), generated[0].text()
    unlike = f'=OR({one}<>{other},({one}="")<>({other}=""))'
    options = {"type": "formula", "criteria": unlike, "format": amber}
    sheet.conditional(first.row, first.column, last.row, last.column, options)
