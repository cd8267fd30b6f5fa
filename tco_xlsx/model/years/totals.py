from collections.abc import Mapping
from typing import ClassVar

from tco_xlsx.language.checks import check
from tco_xlsx.language.expression import Expr, counted_as, pick, sum_of, total
from tco_xlsx.language.expression import running as so_far
from tco_xlsx.language.lines import Derived, Given, Line, line
from tco_xlsx.language.sections import LineBlock, Section
from tco_xlsx.model.components import COMPONENTS, Component
from tco_xlsx.model.server import Hosting, Licence
from tco_xlsx.model.years.assets import CapitalYears
from tco_xlsx.model.years.fleet import SIZED, FleetYears
from tco_xlsx.model.years.items import ItemsYears
from tco_xlsx.model.years.operations import OperationsYears
from tco_xlsx.model.years.power import PowerCost
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.year import escalation, of_the_year, risen

_COMPONENTS = tuple(one for one in COMPONENTS if one.bought is None)


def _numbers() -> dict[str, Derived]:
    """The numbers that some are charged by, such as licences."""
    priced = [one.priced for one in _COMPONENTS if one.priced is not None]
    return {one.name: line(one.label, one.unit, one.number(FleetYears.servers) * Timeline.counts) for one in priced}


def _amounts(escalations: Mapping[str, Given], numbers: Mapping[str, Line]) -> dict[str, Derived]:
    """The running cost by year of each component, as it declares it for a number of servers."""

    def rate(one: Component) -> Expr:
        if one.priced is not None:
            return numbers[one.priced.name] * one.priced.price
        if one.of_year is not None:
            return one.of_year(FleetYears.servers) * Timeline.counts
        assert one.per_server is not None
        return FleetYears.servers * one.per_server

    return {
        one.name: line(one.label, "money", of_the_year(rate(one)) * risen(escalations[one.name])) for one in _COMPONENTS
    }


class RunningYears(Section):
    """What is paid in a year, at its end."""

    title = "Running cost by year"
    name = "running"

    escalations = LineBlock("{}_escalation", {one.name: escalation(one.label) for one in _COMPONENTS})
    lump_escalation = escalation("Hosting, lump sum")
    support_escalation = escalation("Support of licences")
    numbers = LineBlock("{}", _numbers())
    components = LineBlock("{}", _amounts(escalations, numbers))
    licence: ClassVar[Derived]
    lump = line("Hosting, lump sum", "money", of_the_year(Hosting.lump_year) * Timeline.counts * risen(lump_escalation))
    support = line(
        "Support of licences",
        "money",
        of_the_year(numbers["licences"] * Licence.price_year * Licence.support_share) * risen(support_escalation),
    )


RUNNING = (
    *RunningYears.components.values(),
    RunningYears.lump,
    PowerCost.power,
    PowerCost.colocation,
    RunningYears.support,
    OperationsYears.maintenance,
    OperationsYears.bandwidth,
    OperationsYears.staff,
    OperationsYears.setup,
    OperationsYears.teardown,
    ItemsYears.items,
)
"""What makes up the running cost of a year."""


class ResultYears(Section):
    """Cash as it is paid, and the cost of a year as the books have it."""

    title = "Cash and cost by year"
    name = "timeline"

    running = line("Running cost", "money", sum_of(*RUNNING))
    cash = line(
        "Cash of the year",
        "money",
        CapitalYears.purchases + running - CapitalYears.sold,
        note="Paid out: purchases and running cost, less the residual value that comes back.",
    )
    cash_so_far = line("Cash so far", "money", so_far(cash) * Timeline.counts, when=SIZED, stock=True)
    profit_and_loss = line("Cost of the year", "money", CapitalYears.depreciation + running)

    purchases_total = line("Purchases over the horizon (capex)", "money", total(CapitalYears.purchases), when=SIZED)
    running_total = line("Running cost over the horizon (opex)", "money", total(running), when=SIZED)
    depreciation_total = line("Depreciation over the horizon", "money", total(CapitalYears.depreciation), when=SIZED)
    cash_total = line("Cash over the horizon", "money", total(cash), when=SIZED)
    cost_total = line("Cost over the horizon", "money", total(profit_and_loss), when=SIZED)
    book_at_end = line(
        "Book value at the end of the horizon",
        "money",
        pick(CapitalYears.book_value, counted_as(Timeline.horizon, "1")),
    )

    running_adds_up = check(
        "The parts of the running cost make it over the horizon",
        "money",
        sum_of(*(total(part) for part in RUNNING)),
        running_total,
    )
    years_cash_is_cost = check(
        "Cash over the horizon is depreciation, book value and running cost",
        "money",
        cash_total,
        sum_of(depreciation_total, running_total, book_at_end),
    )
