"""A table of costs of one's own: what each is paid for, how often, from which year to which."""

from __future__ import annotations

from tco_xlsx.language.checks import warning
from tco_xlsx.language.choices import chosen
from tco_xlsx.language.expression import Expr, counted_as, flag, known, some, sum_of, total, total_where, where
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
    amount = given(
        "Amount",
        "money",
        0,
        at_least=0,
        axis=ITEM,
        source="default: none",
        note="For one of what it is paid for; not with share_of_capex.",
    )
    share = given(
        "Share of purchases",
        "share",
        0,
        at_least=0,
        at_most=10,
        axis=ITEM,
        source="default: none",
        note="In place of an amount, with share_of_capex alone.",
    )
    per = choice(
        "Paid for",
        {
            "deployment": "all together",
            "server": "each server in service",
            "gpu": "each GPU in service",
            "kw": "each kW on the plates of the servers in service",
            "share_of_capex": "what is bought in the year",
        },
        "deployment",
        axis=ITEM,
    )
    when = choice("Paid", {"yearly": "each year", "once": "once, in the first year"}, "yearly", axis=ITEM)
    from_year = given(
        "From year",
        "1",
        1,
        at_least=1,
        at_most=YEARS,
        integer=True,
        axis=ITEM,
        sizes=(1, YEARS),
        source="default: from the start",
    )
    to_year = given(
        "To year",
        "1",
        at_least=1,
        at_most=YEARS,
        integer=True,
        optional=True,
        axis=ITEM,
        sizes=(1, YEARS),
        note="Empty: to the horizon. Not used where it is paid once.",
    )


def _amount_by(code: str, unit: str) -> Derived:
    return line(f"Amount by {code}", unit, where(chosen(Items.per, code), counted_as(Items.amount, unit), 0))


class ItemsByDriver(Section):
    """Each row's amount under what it is paid for, and the years in which it is paid."""

    title = "Other costs by what they are paid for"
    name = "items"

    first_year = line("First year, 0 in an empty row", "1", where(known(Items.from_year), Items.from_year, 0))
    last_year = line(
        "Last year, 0 in an empty row",
        "1",
        where(
            known(Items.from_year),
            where(
                chosen(Items.when, "once"),
                Items.from_year,
                where(known(Items.to_year), Items.to_year, counted_as(Timeline.most_years, "1")),
            ),
            0,
        ),
    )
    by_deployment = _amount_by("deployment", "money")
    by_server = _amount_by("server", "money/server")
    by_gpu = _amount_by("gpu", "money/GPU")
    by_kw = _amount_by("kw", "money/kW")
    by_share = line("Share of purchases", "share", where(chosen(Items.per, "share_of_capex"), Items.share, 0))
    comes_to_nothing = line(
        "Comes to nothing",
        "1",
        flag(
            some(
                where(chosen(Items.per, "share_of_capex"), Items.share, counted_as(Items.amount, "share")) <= 0,
                last_year < first_year,
            )
        ),
        states={1: "nothing", 0: "–"},
    )
    idle_rows = line("Other costs that come to nothing", "1", total(comes_to_nothing))


def _of_year(column: Derived) -> Expr:
    """The sum over the rows that are paid in a year."""
    return total_where(column, ItemsByDriver.first_year, number, ItemsByDriver.last_year, number)


class ItemsYears(Section):
    """Other costs by year: all rows that are paid in it, by what they are paid for."""

    title = "Other costs by year"
    name = "running"

    items_escalation = escalation("Other costs")
    items_deployment = line(
        "Other costs, all together", "money", _of_year(ItemsByDriver.by_deployment) * Timeline.counts
    )
    items_server = line("Other costs by server", "money", _of_year(ItemsByDriver.by_server) * FleetYears.servers)
    items_gpu = line("Other costs by GPU", "money", _of_year(ItemsByDriver.by_gpu) * FleetYears.gpus)
    items_kw = line("Other costs by kW", "money", _of_year(ItemsByDriver.by_kw) * PowerYears.plate_kw)
    items_capex = line("Other costs by purchases", "money", _of_year(ItemsByDriver.by_share) * CapitalYears.purchases)
    items = line(
        "Other costs",
        "money",
        sum_of(items_deployment, items_server, items_gpu, items_kw, items_capex) * risen(items_escalation),
    )

    no_idle_rows = warning(
        "All other costs come to an amount",
        "1",
        ItemsByDriver.idle_rows,
        0,
        "other costs: {items.idle_rows:n} {items.idle_rows|item|items} without an amount, a share or a year",
        note="share_of_capex takes a share, all others an amount; no row ends before it begins.",
        about=(Items.label, Items.amount, Items.share),
    )
