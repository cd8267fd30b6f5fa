from collections.abc import Callable

from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import chosen
from tco_xlsx.language.expression import (
    Expr,
    Operand,
    before,
    counted_as,
    earlier_from,
    expr,
    known,
    larger,
    pick,
    smaller,
    total,
    where,
    whole,
)
from tco_xlsx.language.lines import Line, line
from tco_xlsx.language.recurrent import recurrent
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import YEAR
from tco_xlsx.model.fleet import ROUNDING, Fleet
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.server import Server
from tco_xlsx.model.years.timeline import DemandYears, Timeline
from tco_xlsx.model.years.year import number

SIZED = known(Fleet.servers)
"""There is an operating point, and so a fleet: sums of years skip cells without a number, and must not come out 0."""


def instances_for(load: Expr, spare: Operand) -> Expr:
    """The instances that serve a load in requests/s, beside spare ones."""
    exact = load / Performance.instance_rps
    return where(chosen(Fleet.rounding, "whole"), whole(exact) + spare, exact + spare)


def servers_for(instances: Line) -> Expr:
    """The servers that so many instances fill."""
    return where(
        chosen(Fleet.rounding, "exact"),
        instances / Fleet.instances_fitting,
        where(
            Fleet.instances_packed > 0,
            whole(instances / Fleet.instances_packed),
            instances * Fleet.servers_per_instance,
        ),
    )


def buys(needed: Line) -> Callable[[Expr], Expr]:
    """As many as are needed beyond those that still serve."""
    return lambda own: larger(0, needed - earlier_from(first_serving, own))


first_serving = number - counted_as(Timeline.service_years, "1") + 1
"""The year in which the oldest servers that still serve were bought."""


class FleetYears(Section):
    """Servers by year: as many are bought at the start of a year as are needed beyond those that still serve."""

    title = "Fleet by year"
    name = "timeline"

    load_rps = line("Load to serve", "request/s", DemandYears.peak_rps * (1 + Fleet.headroom))
    instances = line(
        "Instances needed",
        "instance",
        instances_for(load_rps, Fleet.spare_instances) * Timeline.counts,
    )
    servers_needed = line(
        "Servers needed",
        "server",
        (servers_for(instances) + Fleet.spare_servers) * Timeline.counts,
    )

    bought = recurrent(
        "Bought",
        "server",
        YEAR,
        buys(servers_needed),
        note="At the start of the year; what has reached the end of its life is replaced.",
    )
    servers = line("In service", "server", (bought + earlier_from(first_serving, bought)) * Timeline.counts)
    retired = line(
        "Retired at the start of the year", "server", (before(servers, 0) + bought - servers) * Timeline.counts
    )
    gpus = line("GPUs in service", "GPU", servers * Server.gpus)
    capacity_rps = line(
        "Full at",
        "request/s",
        servers * Fleet.instances_per_server * Performance.instance_rps,
        note="Of all servers in service, spare ones included.",
    )
    used_share = line(
        "Used of what is in service",
        "share",
        where(capacity_rps > 0, DemandYears.average_rps / capacity_rps, 0),
        note="The average load over the capacity.",
    )

    # What is lacking would be compared with 0, and 1e-15 of a server, left of sums in another order, would fail.
    met = line("Needed and in service", "server", smaller(servers_needed, servers))
    enough = check(
        "As many servers serve as are needed, in every year",
        "server",
        total(servers_needed),
        total(met),
        rule="at_most",
        tolerance=ROUNDING,
    )
    first_year_agrees = check(
        "Year 1 has the servers of the sizing", "server", pick(servers, expr(1)), Fleet.servers, tolerance=ROUNDING
    )
