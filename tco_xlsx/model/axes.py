"""What values of the cost model run along, beside the points of a benchmark."""

from tco_xlsx.language.expression import Axis, Expr, Position, counted_as
from tco_xlsx.language.units import UnitError, parse, unit_of

YEAR: Axis = "year"
YEARS = 10
"""The columns of every workbook: the horizon says how many of them count."""

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
