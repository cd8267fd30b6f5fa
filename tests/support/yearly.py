"""A toy model whose inputs run along years, hours and the rows of a table."""

from __future__ import annotations

from tco_xlsx.language.choices import chosen, switch
from tco_xlsx.language.expression import known, running, total, where
from tco_xlsx.language.lines import choice, given, line, row_text
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model.axes import HOUR, ITEM, YEAR


class Demand(Section):
    """What is asked for, year by year and hour by hour."""

    title = "Demand"

    load = given("Load", "request/s", at_least=0)
    growth = given("Growth", "share", 0, at_least=-1, at_most=10, axis=YEAR)
    servers = given("Servers", "server", optional=True, integer=True, at_least=0, axis=YEAR)
    basis = choice("Basis", {"owned": "bought", "rented": "paid by the hour"}, "owned", axis=YEAR)
    share = given("Share of the day", "share", 1, at_least=0, at_most=1, axis=HOUR)


class Items(Section):
    """Costs of one's own: a row each."""

    title = "Items"

    label = row_text("Item", axis=ITEM)
    amount = given("Amount", "money", at_least=0, axis=ITEM)
    per = choice("Per", {"deployment": "once", "server": "for each server"}, "deployment", axis=ITEM)
    from_year = given("From year", "year", 1, integer=True, at_least=1, at_most=10, axis=ITEM)
    to_year = given("To year", "year", integer=True, optional=True, at_least=1, at_most=10, axis=ITEM)


class Result(Section):
    """What comes of it."""

    title = "Result"

    grown = line("Growth so far", "share", running(Demand.growth))
    owned = line("Servers owned", "server", where(chosen(Demand.basis, "owned"), Demand.servers, 0))
    day = line("Shares of a day", "share", total(Demand.share))
    both = line("Amount of two", "money", Items.amount + Items.amount)
    cost = line("Cost of an item", "money", switch(Items.per, deployment=Items.amount, server=both))
    paid = line("Cost of all items", "money", total(cost))
    load_of_day = line("Load of the day", "request/s", Demand.load * day)
    last = line("Last year of an item", "year", where(known(Items.to_year), Items.to_year, Items.from_year))


TOY = Model(Demand, Items, Result)
