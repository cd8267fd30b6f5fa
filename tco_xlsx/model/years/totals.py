from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import chosen, switch
from tco_xlsx.language.expression import counted_as, pick, sum_of, total, where
from tco_xlsx.language.expression import running as so_far
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.server import Hosting, Licence
from tco_xlsx.model.years.assets import CLASSES
from tco_xlsx.model.years.fleet import FleetYears
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.year import number, of_the_year


class CapitalYears(Section):
    """All classes of assets together."""

    title = "Capital by year"
    name = "timeline"

    value_at_end = choice(
        "Value left at the end",
        {"book_value": "what still serves counts at its book value", "nothing": "nothing counts"},
        "book_value",
    )
    purchases = line("Purchases", "money", sum_of(*(each.purchases for each in CLASSES)))
    depreciation = line("Depreciation", "money", sum_of(*(each.depreciation for each in CLASSES)))
    sold = line("Residual value that comes back", "money", sum_of(*(each.sold for each in CLASSES)))
    book_value = line(
        "Book value at the end of the year", "money", sum_of(*(each.book for each in CLASSES)), stock=True
    )
    book_left = line("Book value of what still serves", "money", sum_of(*(each.value_left for each in CLASSES)))
    value_left = line(
        "Value left at the end of the horizon", "money", where(chosen(value_at_end, "book_value"), book_left, 0)
    )


class RunningYears(Section):
    """What is paid in a year, at its end."""

    title = "Running cost by year"
    name = "running"

    hosting_escalation = given("Hosting, rise per year", "share", 0, above=-1, at_most=1, source="default: steady")
    licence_escalation = given("Licences, rise per year", "share", 0, above=-1, at_most=1, source="default: steady")
    hosting = line(
        "Hosting",
        "money",
        of_the_year(FleetYears.servers * Hosting.per_server_year) * (1 + hosting_escalation) ** (number - 1),
    )
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
    licence = line(
        "Licences", "money", of_the_year(licences * Licence.price_year) * (1 + licence_escalation) ** (number - 1)
    )


RUNNING = (RunningYears.hosting, RunningYears.licence)
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
    cash_so_far = line("Cash so far", "money", so_far(cash) * Timeline.counts, stock=True)
    profit_and_loss = line("Cost of the year", "money", CapitalYears.depreciation + running)

    purchases_total = line("Purchases over the horizon (capex)", "money", total(CapitalYears.purchases))
    running_total = line("Running cost over the horizon (opex)", "money", total(running))
    depreciation_total = line("Depreciation over the horizon", "money", total(CapitalYears.depreciation))
    cash_total = line("Cash over the horizon", "money", total(cash))
    cost_total = line("Cost over the horizon", "money", total(profit_and_loss))
    book_at_end = line(
        "Book value at the end of the horizon",
        "money",
        pick(CapitalYears.book_value, counted_as(Timeline.horizon, "1")),
    )

    years_cash_is_cost = check(
        "Cash over the horizon is depreciation, book value and running cost",
        "money",
        cash_total,
        sum_of(depreciation_total, running_total, book_at_end),
    )
