"""A table of costs of one's own: what each is paid for, how often, from which year to which."""

from __future__ import annotations

from tco_xlsx.language.checks import warning
from tco_xlsx.language.choices import chosen, switch
from tco_xlsx.language.expression import counted_as, flag, known, sum_of, sum_within, total, where
from tco_xlsx.language.lines import Derived, choice, given, line, row_text
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import ITEM, YEARS
from tco_xlsx.model.years.assets import CapitalYears
from tco_xlsx.model.years.fleet import FleetYears
from tco_xlsx.model.years.power import PowerYears
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.year import escalation, number, risen


class Items(Section):
    """Other costs, a row each: an amount for each of something, or a share of what is bought in a year."""

    title = "Other costs"

    label = row_text("What", axis=ITEM)
    amount = given("Amount", "money", 0, at_least=0, axis=ITEM, note="For one of what it is paid for.")
    share = given(
        "Share of purchases", "share", 0, at_least=0, at_most=10, axis=ITEM, note="In place of an amount, with share_of_capex."
    )
    per = choice(
        "Paid for",
        {
            "deployment": "all together",
            "server": "each server in service",
            "gpu": "each GPU in service",
            "kw": "each kW on the servers' plates",
            "share_of_capex": "what is bought in the year",
        },
        "deployment",
        axis=ITEM,
    )
    when = choice("Paid", {"yearly": "each year", "once": "once, in the first year"}, "yearly", axis=ITEM)
    from_year = given("From year", "1", 1, at_least=1, at_most=YEARS, integer=True, axis=ITEM)
    to_year = given(
        "To year", "1", at_least=1, at_most=YEARS, integer=True, optional=True, axis=ITEM, note="Empty: to the horizon."
    )
