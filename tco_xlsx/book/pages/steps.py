"""The model at each step from one scenario to the other: what the gap between them is attributed by."""

from __future__ import annotations

from tco_xlsx.analysis.columns import GapSteps
from tco_xlsx.book.compared_book import ComparedBook, ComparisonBook
from tco_xlsx.book.pages.compared_pages import StepsPage
from tco_xlsx.book.region import Region
from tco_xlsx.book.shape import FIRST_ROW, LABEL
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import column_name
from tco_xlsx.language.lines import Choice, Constant, Derived, Given, Line
from tco_xlsx.model.comparison import Choices, Scenarios

_WIDTHS = (46, 28)
_STEP_WIDTH = 13
_FIRST = 2
"""The column of the first step."""


def regions(page: StepsPage, steps: GapSteps) -> list[Region]:
    """The lines that the steps compute, a column for each step: below what each step takes from where."""
    top = FIRST_ROW + 2 * (len(steps.causes) + 1)
    return [Region(page.title, top + 1, _FIRST, tuple(steps.lines), copies=None)]


def write(book: ComparedBook, page: StepsPage) -> None:
    """What each step takes from which scenario, then the lines that it needs."""
    beside = book.beside
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    steps = beside.compared.steps
    headings = [*page.headings, *(page.step.format(number=number) for number in range(1, len(steps.taken) + 1))]
    book.headings(sheet, headings, left=(0, 1))
    book.widths(sheet, [*_WIDTHS, *[_STEP_WIDTH] * len(steps.taken)])
    _taken(book, beside, sheet, page)
    layout = beside.steps
    top = layout.cell(steps.lines[0]).row - 1
    _band(book, beside, sheet, top, page.headings[0])
    for row, line in enumerate(steps.lines, start=top + 1):
        sheet.text(row, LABEL, line.label, book.styles.of("indent"))
        unit = book.template.units[line.unit].words.format(currency=beside.compared.currency)
        sheet.text(row, 1, unit, book.styles.of("soft_top"))
        for step in range(len(steps.taken)):
            _line(book, beside, sheet, line, step)
        if isinstance(line, Derived):
            book.whole_too(sheet, line, row, _FIRST, (row, _FIRST + len(steps.taken) - 1))


def _band(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, row: int, text: str) -> None:
    sheet.text(row, LABEL, text, book.styles.of("section"))
    for column in range(1, _FIRST + len(beside.compared.steps.taken)):
        sheet.blank(row, column, book.styles.of("section"))


def _taken(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: StepsPage) -> None:
    """For each cause whether it is taken from the second scenario, and the number of the scenario that this is."""
    steps, layout, values = beside.compared.steps, beside.layout, beside.compared.values
    rows = (Choices.from_row, Choices.to_row)
    start, end = (layout.address(line, sheet.name) for line in rows)
    numbers = [values.value(line) for line in rows]
    count = len(steps.causes)
    _band(book, beside, sheet, FIRST_ROW, page.from_second)
    _band(book, beside, sheet, FIRST_ROW + count + 1, page.taken)
    for number, cause in enumerate(steps.causes):
        flag_row, from_row = FIRST_ROW + 1 + number, FIRST_ROW + count + 2 + number
        sheet.text(flag_row, LABEL, cause, book.styles.of("indent"))
        sheet.text(from_row, LABEL, cause, book.styles.of("indent"))
        for step, flags in enumerate(steps.taken):
            column = _FIRST + step
            sheet.number(flag_row, column, flags[number], book.styles.of("number_top", "0"))
            here = f"{column_name(column)}{flag_row + 1}"
            formula = f"=IF({here}=1,{_fixed(end)},{_fixed(start)})"
            sheet.formula(from_row, column, formula, numbers[flags[number]], book.styles.of("number_top", "0"))


def _fixed(address: str) -> str:
    """A reference with fixed row and column."""
    prefix, _, cell = address.rpartition("!")
    letters = cell.rstrip("0123456789")
    return f"{prefix}{'!' if prefix else ''}${letters}${cell[len(letters) :]}"


def _line(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, line: Line, step: int) -> None:
    steps, layout = beside.compared.steps, beside.layout
    cell = beside.steps.cell(line, step)
    style = book.number_style("number_top", line)
    if isinstance(line, Constant):
        sheet.number(cell.row, cell.column, line.value, style)
        return
    value: float | str | None = steps.values.value(line, step)
    if line.name not in steps.linked and isinstance(line, Derived):
        sheet.formula(cell.row, cell.column, beside.steps.formula(line, step), value, style)
        return
    cause = steps.cause_of[line.name]
    at = f"{column_name(cell.column)}${FIRST_ROW + len(steps.causes) + 3 + cause}"
    picked = f"INDEX({book.layout.row_of(line)},{at})"
    if isinstance(line, Choice):
        formula, value = picked, steps.values.code(line, step)
    elif isinstance(line, Given):
        rates = layout.row_of(Scenarios.rate)
        formula = f"{picked}*INDEX({rates},{at})" if steps.is_money(line) else picked
        if line.may_be_empty:
            formula = f'IF(ISNUMBER({picked}),{formula},"")'
            value = "" if value is None else value
    else:
        formula = picked
    sheet.formula(cell.row, cell.column, f"={formula}", value, style)
