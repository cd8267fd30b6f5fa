"""The cost model with a few lines by year, of which only some years count."""

from __future__ import annotations

from tco_xlsx.language.expression import (
    Position,
    before,
    counted_as,
    flag,
    is_set,
    known,
    running,
    running_product,
    total,
    where,
)
from tco_xlsx.language.lines import given, line
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model import MODEL
from tco_xlsx.model.axes import YEAR
from tco_xlsx.model.cost import Cost


class Outlook(Section):
    """The cost of a year, grown and with a fee, over the years that count."""

    title = "Outlook"

    horizon_years = given("Years that count", "year", 3, integer=True, at_least=1, at_most=10)
    growth = given("Growth into the next year", "share", 0, at_least=-1, at_most=10, axis=YEAR)
    fee = given("Fee", "money", 0, at_least=0, axis=YEAR)
    grant = given("Grant", "money", optional=True, at_least=0, axis=YEAR)

    year = line("Year", "1", Position(YEAR))
    counts = line("Counts", "1", flag(year <= counted_as(horizon_years, "1")))
    grown = line("Growth of the year", "times", 1 + growth)
    so_far = line("Growth so far", "times", running_product(grown))
    factor = line("Growth before the year", "times", before(so_far, 1))
    full = line("Cost of a year that counts", "money", counted_as(Cost.total_year, "money") * factor + fee)
    cost = line("Cost of the year", "money", where(is_set(counts), full, 0))
    cumulative = line("Cost so far", "money", running(cost))
    net = line("Cost less grant", "money", cost - grant, when=known(grant))
    paid = line("Cost of all years", "money", total(cost))


YEARLY = Model(*MODEL.sections, Outlook, lengths={YEAR: Outlook.horizon_years})
