"""What a year may draw and cost at most."""

from tco_xlsx.language.checks import warning
from tco_xlsx.language.expression import expr, flag, known, largest, position_of, total
from tco_xlsx.language.lines import given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.years.power import PowerYears
from tco_xlsx.model.years.totals import ResultYears


class PowerLimit(Section):
    """What the site can carry."""

    title = "Power limit"
    name = "fleet"

    power_limit_kw = given(
        "Power limit of the site",
        "kW",
        above=0,
        optional=True,
        note="Of all servers at work, cooling included. Empty: none.",
    )


class Budget(Section):
    """What may be spent."""

    title = "Budget"
    name = "finance"

    budget_year = given(
        "Budget of a year",
        "money",
        above=0,
        optional=True,
        note="Cash: purchases and running cost, less residual value that comes back. Empty: none.",
    )


class Limits(Section):
    """Whether every year stays within what the site can carry and what may be spent."""

    title = "Limits by year"

    is_over_power = line(
        "Above the power limit",
        "1",
        flag(PowerYears.site_kw > PowerLimit.power_limit_kw),
        states={1: "above", 0: "–"},
    )
    is_over_budget = line(
        "Above the budget", "1", flag(ResultYears.cash > Budget.budget_year), states={1: "above", 0: "–"}
    )
    years_over_power = line("Years above the power limit", "1", total(is_over_power))
    years_over_budget = line("Years above the budget", "1", total(is_over_budget))
    first_over_power = line(
        "First year above the power limit", "1", position_of(expr(1), is_over_power), when=years_over_power > 0
    )
    first_over_budget = line(
        "First year above the budget", "1", position_of(expr(1), is_over_budget), when=years_over_budget > 0
    )
    most_kw = line("Most power of a year", "kW", largest(PowerYears.site_kw), when=known(Fleet.servers))
    most_cash = line("Most cash of a year", "money", largest(ResultYears.cash), when=known(Fleet.servers))

    power_within_limit = warning(
        "Every year is within the power limit",
        "kW",
        most_kw,
        PowerLimit.power_limit_kw,
        "the servers draw up to {limits.most_kw:n} kW, the limit is {fleet.power_limit_kw:n}:"
        " above it first in year {limits.first_over_power:n}",
    )
    cash_within_budget = warning(
        "Every year is within the budget",
        "money",
        most_cash,
        Budget.budget_year,
        "a year costs up to {limits.most_cash:0} {currency}, the budget is {finance.budget_year:0}:"
        " above it first in year {limits.first_over_budget:n}",
    )
