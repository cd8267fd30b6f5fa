from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import switch
from tco_xlsx.language.expression import counted_as, pick, sum_of, total
from tco_xlsx.language.expression import running as so_far
from tco_xlsx.language.lines import line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.server import Hosting, Licence
from tco_xlsx.model.years.assets import CapitalYears
from tco_xlsx.model.years.fleet import SIZED, FleetYears
from tco_xlsx.model.years.items import ItemsYears
from tco_xlsx.model.years.operations import OperationsYears
from tco_xlsx.model.years.power import PowerCost
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.year import escalation, of_the_year, risen


class RunningYears(Section):
    """What is paid in a year, at its end."""

    title = "Running cost by year"
    name = "running"

    hosting_escalation = escalation("Hosting")
    lump_escalation = escalation("Hosting, lump sum")
    licence_escalation = escalation("Licences")
    support_escalation = escalation("Support of licences")
    hosting = line(
        "Hosting", "money", of_the_year(FleetYears.servers * Hosting.per_server_year) * risen(hosting_escalation)
    )
    lump = line("Hosting, lump sum", "money", of_the_year(Hosting.lump_year) * Timeline.counts * risen(lump_escalation))
    licences = line(
        "Number of licences",
        "licence",
        switch(
            Licence.basis,
            server=counted_as(FleetYears.servers, "licence"),
            gpu=counted_as(FleetYears.servers * Licence.licensed_gpus, "licence"),
            flat=counted_as(Timeline.counts, "licence"),
        ),
    )
    licence = line("Licences", "money", of_the_year(licences * Licence.price_year) * risen(licence_escalation))
    support = line(
        "Support of licences",
        "money",
        of_the_year(licences * Licence.price_year * Licence.support_share) * risen(support_escalation),
    )


RUNNING = (
    RunningYears.hosting,
    RunningYears.lump,
    PowerCost.power,
    PowerCost.colocation,
    RunningYears.licence,
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
