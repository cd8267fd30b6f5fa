"""The classes of assets: servers, and what is bought with them and has a life of its own."""

from __future__ import annotations

from tco_xlsx.language.choices import chosen
from tco_xlsx.language.expression import counted_as, earlier_from, larger, sum_of, where, whole
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.recurrent import recurrent
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import YEAR
from tco_xlsx.model.components import BOUGHT_PER_SERVER
from tco_xlsx.model.server import Server
from tco_xlsx.model.years.capital import AssetClass
from tco_xlsx.model.years.fleet import FleetYears
from tco_xlsx.model.years.year import number

price_factor = (1 + Server.price_change) ** (number - 1)
"""What a server costs in a year, against year 1."""

SERVERS = AssetClass(
    "servers",
    "Servers bought",
    "Written off by cohort: a row for each year of purchase.",
    FleetYears.bought * BOUGHT_PER_SERVER * (1 + Server.installation_share) * price_factor,
    Server.life_years,
    Server.residual_share,
)


_NOTE = "Bought with each server. 0: in the server's price."
_BOUGHT = "So that all servers in service have it."


class Attached:
    """What every server in service needs beside it: an amount or a share of its price, with a life of its own."""

    def __init__(self, name: str, title: str) -> None:
        self.per_server = given("Amount for a server", "money/server", 0, at_least=0, source="default: in the price")
        self.share_of_price = given(
            "Share of a server's price", "share", 0, at_least=0, at_most=10, source="default: in the price"
        )
        self.life_years = given("Life", "year", 5, above=0, at_most=30, source="default: longer than a server's")
        self.residual_share = given("Residual value", "share", 0, at_least=0, at_most=1, source="default: none")
        self.inputs: type[Section] = type(
            name,
            (Section,),
            {
                "title": title,
                "name": name,
                "__doc__": _NOTE,
                **vars(self),
            },
        )
        first_serving = number - whole(counted_as(self.life_years, "1")) + 1
        self.bought = recurrent(
            "Bought, for so many servers",
            "server",
            YEAR,
            lambda own: larger(0, FleetYears.servers - earlier_from(first_serving, own)),
        )
        self.cost = line(
            "Price for a server", "money/server", (self.per_server + self.share_of_price * Server.price) * price_factor
        )
        units = {"bought": self.bought, "cost": self.cost}
        purchases: type[Section] = type(
            name, (Section,), {"title": f"{title} bought", "name": name, "__doc__": _BOUGHT, **units}
        )
        self.asset = AssetClass(
            name,
            f"{title}, written off",
            "By cohort, as the servers.",
            self.bought * self.cost,
            self.life_years,
            self.residual_share,
        )
        self.sections = (purchases, self.asset.section)


ATTACHED = (Attached("network", "Network"), Attached("storage", "Storage"), Attached("racks", "Racks and room"))
CLASSES = (SERVERS, *(each.asset for each in ATTACHED))


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
    serving = line(
        "Purchase cost of what is in service", "money", sum_of(*(each.serving for each in CLASSES)), stock=True
    )
