"""The number of a year, and what flows in one."""

from tco_xlsx.language.expression import Expr, Position, counted_as
from tco_xlsx.language.lines import Given, given
from tco_xlsx.language.units import UnitError, parse, unit_of
from tco_xlsx.model.axes import YEAR

number = Position(YEAR)
"""The number of the year."""


def of_the_year(flow: Expr) -> Expr:
    """What flows at a rate by the year comes to in one. Raises UnitError where it is no such rate."""
    unit = dict(unit_of(flow) or ())
    if unit.pop("year", 0) != -1:
        raise UnitError("what flows in a year needs a rate by the year.")
    text = "*".join(word for word, power in unit.items() if power == 1) or "1"
    text += "".join(f"/{word}" for word, power in unit.items() if power == -1)
    assert parse(text) == tuple(sorted(unit.items()))
    return counted_as(flow, text)


def escalation(label: str) -> Given:
    """The input by which a cost rises each year."""
    return given(f"{label}, rise per year", "share", 0, above=-1, at_most=1, source="default: steady")


def risen(rate: Given) -> Expr:
    """What a price has become by a year: that of year 1 is as given."""
    return (1 + rate) ** (number - 1)
