"""What a year costs, component by component. A component is one declaration; its lines, its part in totals, in opex or
capex, in rounding, in Summary, charts, comparisons and gaps follow from it (`cost`, `comparison`, `causes`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from tco_xlsx.language.choices import switch
from tco_xlsx.language.expression import Expr, counted_as
from tco_xlsx.language.lines import Line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.server import Hosting, Licence, Server

MOST_SHOWN = 6
"""A table and a chart of components have so many rows; where there are more, the last one is of all others."""

OfServers = Callable[[Expr], Expr]
"""From a number of servers, of the fleet or of each year, to what they need."""


@dataclass(frozen=True)
class Priced:
    """What is charged by a number of its own, such as licences: a line for the number, and the price of one a year."""

    name: str
    label: str
    unit: str
    number: OfServers
    price: Expr


@dataclass(frozen=True, eq=False)
class Component:
    """A part of what a year costs: exactly one of the four ways in which it is charged.

    `bought` is paid for each server at the start and lives as long as the server does (money/server): capex, and
    depreciation by the year. The others are running cost (opex): `per_server` for each server and year
    (money/server/year), `priced` by a number of its own, `of_year` an amount of the year (money/year).

    `grows` says, of what such a number or amount comes to for each server, how much of it one server more adds; without
    it, nothing: it is the same for any number of servers.
    """

    name: str
    """Of its lines: cost.<name>_year, cost.<name>_share ..."""
    label: str
    inputs: type[Section]
    """The section of its inputs."""
    colour: str
    """In stacked charts: a name of the template's look."""
    bought: Expr | None = None
    per_server: Expr | None = None
    priced: Priced | None = None
    of_year: OfServers | None = None
    grows: OfServers | None = None
    causes: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    """The causes of a gap that its inputs are, where they are more than one: all inputs are one, unless told here."""

    def __post_init__(self) -> None:
        ways = (self.bought, self.per_server, self.priced, self.of_year)
        if sum(way is not None for way in ways) != 1:
            raise TypeError(f"{self.name}: a component is charged in one way: bought, per_server, priced or of_year.")
        if self.grows is not None and (self.bought is not None or self.per_server is not None):
            raise TypeError(f"{self.name}: what is charged for each server grows with the servers; leave out `grows`.")

    @property
    def gap_causes(self) -> Mapping[str, Sequence[type[Section] | Line]]:
        """The causes of a gap that come with it, by their names."""
        return self.causes or {self.inputs.title: (self.inputs,)}


def _licences(servers: Expr) -> Expr:
    return switch(
        Licence.basis,
        server=counted_as(servers, "licence"),
        gpu=counted_as(servers * Licence.licensed_gpus, "licence"),
        flat=counted_as(1, "licence"),
    )


COMPONENTS: tuple[Component, ...] = (
    Component(
        "depreciation",
        "Depreciation",
        Server,
        "accent",
        bought=Server.price,
        causes={
            "GPUs in a server": (Server.gpus,),
            "Price of a server": (Server.price, Server.price_change, Server.installation_share),
            "Life and residual value": (Server.life_years, Server.residual_share),
        },
    ),
    Component("hosting", "Hosting", Hosting, "accent_soft", per_server=Hosting.per_server_year),
    Component(
        "licence",
        "Licences",
        Licence,
        "neutral",
        priced=Priced("licences", "Number of licences", "licence", _licences, Licence.price_year),
        grows=lambda of_server: switch(Licence.basis, server=of_server, gpu=of_server, flat=0),
    ),
)
"""In the order of the rows of tables and charts."""


def input_sections() -> tuple[type[Section], ...]:
    """The sections of their inputs, each once."""
    return tuple(dict.fromkeys(component.inputs for component in COMPONENTS))


BOUGHT_PER_SERVER: Expr = reduce(add, [component.bought for component in COMPONENTS if component.bought is not None])
"""What is bought with each server, itself included (money/server)."""
