"""Live words of a comparison: the figure by which it compares, and the scenarios that are chosen."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.compared_book import ComparisonBook
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.lines import Choice, Line
from tco_xlsx.language.live_text import Live, fixed, quoted
from tco_xlsx.model.comparison import Choices

# Below this an amount is told with four decimals: a price of tokens.
_LARGE = 100
_UNITLESS = "servers"


def figure_words(book: Book, beside: ComparisonBook, sheet: Sheet, line: Line) -> dict[str, Live]:
    """`figure`: a line in digits that suit its size; `unit`: the currency, if it is an amount; `measure`: its name."""
    layout, values = beside.layout, beside.compared.values
    chosen, code = layout.address(Choices.measure, sheet.name), values.code(Choices.measure)
    cell, number = layout.address(line, sheet.name), values.value(line)
    few = 2 if code == _UNITLESS else 4
    digits = 0 if number is not None and (abs(number) >= _LARGE or number == int(number)) else few
    test = f'IF(OR(ABS({cell})>={_LARGE},{cell}=INT({cell})),0,IF({chosen}="{_UNITLESS}",2,4))'
    currency = f" {beside.compared.currency}"
    return {
        "figure": Live(f"FIXED({cell},{test})", fixed(number, digits)),
        "unit": Live(f'IF({chosen}="{_UNITLESS}","",{quoted(currency)})', "" if code == _UNITLESS else currency),
        "measure": Live(chosen, code),
    }


def label_word(beside: ComparisonBook, sheet: Sheet, choice: Choice) -> Live:
    """The scenario at which a choice stands."""
    return Live(beside.layout.address(choice, sheet.name), beside.compared.values.code(choice))
