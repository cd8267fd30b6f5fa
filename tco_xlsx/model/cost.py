"""What the fleet costs in a year: the lines of each component of `components`, and what they come to together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add

from tco_xlsx.language.checks import check
from tco_xlsx.language.expression import Expr, sum_of, where
from tco_xlsx.language.lines import Derived, Line, line
from tco_xlsx.language.sections import LineBlock, Section
from tco_xlsx.model.components import COMPONENTS, MOST_SHOWN, Component
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.server import Server
from tco_xlsx.model.workload import Calendar

_OTHER = "other"
_OTHERS = COMPONENTS[MOST_SHOWN - 1 :] if len(COMPONENTS) > MOST_SHOWN else ()
_SHOWN = COMPONENTS[: len(COMPONENTS) - len(_OTHERS)]
# What is shown stands together and comes last: a chart is of one range of cells.
_ALL = (*_OTHERS, *_SHOWN)
_BOUGHT = tuple(one for one in _ALL if one.bought is not None)
_RUNNING = tuple(one for one in _ALL if one.bought is None)
_BY_YEAR = tuple(one for one in _RUNNING if one.per_server is None)


def _server_of(one: Component) -> Expr | None:
    """What a component costs for each server and year; None where it is charged by the year."""
    if one.bought is not None:
        return one.bought * (1 - Server.residual_share) / Server.life_years
    return one.per_server


def _workings_of(one: Component) -> dict[str, Derived]:
    """The lines that the amount of a year is computed from, where an input alone will not do."""
    amount, priced = _server_of(one), one.priced
    found: dict[str, Derived] = {}
    if amount is not None and not isinstance(amount, Line):
        found[f"{one.name}_server"] = line(f"{one.label} of a server", "money/server/year", amount)
    if priced is not None:
        found[priced.name] = line(priced.label, priced.unit, priced.number(Fleet.servers))
    return found


def _year_of(one: Component) -> Expr:
    if one.priced is not None:
        return _WORKINGS[one.priced.name] * one.priced.price
    if one.of_year is not None:
        return one.of_year(Fleet.servers)
    return Fleet.servers * _line_of_server(one)


def _line_of_server(one: Component) -> Line:
    amount = _server_of(one)
    return amount if isinstance(amount, Line) else _WORKINGS[f"{one.name}_server"]


def _with_servers_of(one: Component, of_server: Line) -> dict[str, Derived]:
    """Of what is charged by the year, the part that grows with the servers, for each of them."""
    if one.grows is None:
        return {}
    label = f"{one.label} that grow{'' if one.label.endswith('s') else 's'} with the servers"
    return {one.name: line(label, "money/server/year", one.grows(of_server))}


def _shares_of(years: Mapping[str, Line], total: Line) -> dict[str, Derived]:
    shares = {name: where(total > 0, year / total, 0) for name, year in years.items()}
    return {name: line(f"{years[name].label} in the total", "share", share) for name, share in shares.items()}


def _added(parts: Iterable[Expr]) -> Expr:
    return reduce(add, parts)


_WORKINGS = {name: made for one in _ALL for name, made in _workings_of(one).items()}
_YEAR = {one.name: line(one.label, "money/year", _year_of(one)) for one in _ALL}
_BY_YEAR_SERVER = {
    one.name: line(f"{one.label} of a server", "money/server/year", _YEAR[one.name] / Fleet.servers) for one in _BY_YEAR
}
_SERVER: Mapping[str, Line] = {one.name: _line_of_server(one) for one in _ALL if one not in _BY_YEAR} | _BY_YEAR_SERVER
_WITH_SERVERS = {
    name: made for one in _BY_YEAR for name, made in _with_servers_of(one, _BY_YEAR_SERVER[one.name]).items()
}
_MORE_SERVERS = [
    (_WITH_SERVERS if one in _BY_YEAR else _SERVER)[one.name]
    for one in _ALL
    if one not in _BY_YEAR or one.name in _WITH_SERVERS
]


def _other(label: str, unit: str, of: Mapping[str, Line]) -> dict[str, Derived]:
    """All components together that have no row of their own in tables and charts."""
    return {_OTHER: line(label, unit, sum_of(*(of[one.name] for one in _OTHERS)))} if _OTHERS else {}


class Cost(Section):
    """What the fleet costs in a year, by component, and what buying whole servers adds."""

    title = "Cost of a year"

    workings = LineBlock("{}", _WORKINGS)
    year = LineBlock("{}_year", _YEAR | _other("Other", "money/year", _YEAR))
    total_year = line("Total cost", "money/year", sum_of(*_YEAR.values()))

    by_year_server = LineBlock("{}_server", _BY_YEAR_SERVER)
    others_server = LineBlock("{}_server", _other("Other of a server", "money/server/year", _SERVER))
    per_server_year = line("Cost of a server", "money/server/year", sum_of(*(_SERVER[one.name] for one in _ALL)))
    per_gpu_year = line("Cost of a GPU", "money/GPU/year", per_server_year / Server.gpus)
    per_gpu_hour = line("Cost of a GPU-hour", "money/GPU/h", per_gpu_year / Calendar.hours_per_year)

    with_servers = LineBlock("{}_by_server", _WITH_SERVERS)
    rounding_year = line(
        "Cost of rounding up to whole servers",
        "money/year",
        (Fleet.servers - Fleet.servers_exact) * _added(_MORE_SERVERS),
    )
    share = LineBlock("{}_share", _shares_of(year, total_year))

    capex = line(
        "Purchase (capex)", "money", _added(Fleet.servers * one.bought for one in _BOUGHT if one.bought is not None)
    )
    residual_value = line("Residual value after the life", "money", capex * Server.residual_share)
    opex_year = line("Running cost (opex)", "money/year", _added(_YEAR[one.name] for one in _RUNNING))
    life_cost = line("Cash over the life", "money", capex - residual_value + opex_year * Server.life_years)

    adds_up = check(
        "Servers times the cost of one make the total", "money/year", Fleet.servers * per_server_year, total_year
    )
    cash_is_cost = check(
        "Cash over the life is the cost of its years", "money", life_cost, total_year * Server.life_years
    )


@dataclass(frozen=True, eq=False)
class ComponentRow:
    """A row of a table and a bar of a chart: a component, or all others together."""

    name: str
    colour: str
    year: Derived
    share: Derived
    server: Line


COST_ROWS: tuple[ComponentRow, ...] = (
    *(ComponentRow(one.name, one.colour, _YEAR[one.name], Cost.share[one.name], _SERVER[one.name]) for one in _SHOWN),
    *(
        ComponentRow(_OTHER, "soft", Cost.year[name], Cost.share[name], made)
        for name, made in Cost.others_server.items()
    ),
)
"""What tables and charts of the cost by component show, in order; the years stand in one range of cells."""
