"""Own servers for the base load, rented ones for the peak."""

from tco_xlsx.language.choices import chosen
from tco_xlsx.language.expression import (
    earlier_from,
    every,
    known,
    larger,
    pick,
    running,
    smaller,
    some,
    sum_of,
    total,
    where,
)
from tco_xlsx.language.lines import given, line
from tco_xlsx.language.recurrent import recurrent
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import YEAR
from tco_xlsx.model.server import Server
from tco_xlsx.model.unit_cost import UnitCost
from tco_xlsx.model.workload import Calendar
from tco_xlsx.model.years.assets import ATTACHED, SERVERS, CapitalYears, price_factor
from tco_xlsx.model.years.finance import Finance, last
from tco_xlsx.model.years.fleet import SIZED, FleetYears, buys, first_serving, instances_for, servers_for
from tco_xlsx.model.years.rent import Rent
from tco_xlsx.model.years.timeline import DemandYears, Timeline
from tco_xlsx.model.years.totals import ResultYears
from tco_xlsx.model.years.year import number, of_the_year


class Mix(Section):
    """Own servers for the base load, and the rest rented for the hours of the peak. Own servers run at the cost of one
    of the own fleet; what is bought with a server is written off and replaced with it."""

    title = "Own base load, rented peak"

    own_servers = given(
        "Own servers", "server", at_least=0, integer=True, optional=True, note="Empty: what the average load needs."
    )
    rented_hours_year = given(
        "Hours of a year that the rest is rented",
        "h/year",
        at_least=0,
        at_most=8784,
        optional=True,
        note="Empty: all of them.",
    )

    average_instances = line(
        "Instances for the average load", "instance", instances_for(DemandYears.average_rps, 0) * Timeline.counts
    )
    average_servers = line("Servers for the average load", "server", servers_for(average_instances))
    base_servers = line(
        "Servers for the base load",
        "server",
        where(known(own_servers), own_servers, average_servers),
    )
    own_needed = line(
        "Own servers needed",
        "server",
        smaller(base_servers, FleetYears.servers_needed) * Timeline.counts,
    )
    bought = recurrent("Own servers bought", "server", YEAR, buys(own_needed))
    servers = line("Own servers in service", "server", (bought + earlier_from(first_serving, bought)) * Timeline.counts)
    server_cost = line(
        "Price of a server with all that is bought with it",
        "money/server",
        sum_of(Server.price * (1 + Server.installation_share) * price_factor, *(each.cost for each in ATTACHED)),
    )
    purchases = line("Purchases", "money", bought * server_cost)
    sold = line(
        "Residual value that comes back",
        "money",
        where(
            number >= SERVERS.service_years,
            pick(purchases, number - SERVERS.service_years + 1) * Server.residual_share,
            0,
        )
        * Timeline.counts,
    )
    left = line(
        "Left at the end of the horizon, by year of purchase",
        "money",
        where(
            every(number <= last, number + SERVERS.service_years > last + 1),
            purchases * pick(SERVERS.kept, last - number + 1),
            0,
        ),
    )
    own_running = line(
        "Running cost of own servers",
        "money",
        where(FleetYears.servers > 0, ResultYears.running * servers / FleetYears.servers, 0),
    )
    hours = line(
        "Hours rented, all if left empty",
        "h/year",
        where(known(rented_hours_year), rented_hours_year, Calendar.hours_per_year),
    )
    rented = line("Servers rented", "server", larger(0, FleetYears.servers_needed - servers))
    rent = line(
        "Rent for the peak",
        "money",
        of_the_year(rented * Server.gpus * hours * Rent.price_year)
        + where(FleetYears.servers_needed > 0, Rent.also * rented / FleetYears.servers_needed, 0),
    )
    paid = line("Running cost and rent", "money", own_running + rent)
    cost = line("Cash of the year", "money", purchases + paid - sold)
    _given = every(SIZED, known(Rent.price), some(known(own_servers), known(UnitCost.demand_requests)))
    so_far = line("Cash so far, mix", "money", running(cost) * Timeline.counts, when=_given, stock=True)
    discounted = line("Mix, discounted", "money", purchases * Finance.factor_start + (paid - sold) * Finance.factor_end)
    value_left = line(
        "Value left at the end of the horizon",
        "money",
        where(chosen(CapitalYears.value_at_end, "book_value"), total(left), 0),
        when=_given,
    )
    present_value = line(
        "Present value of the mix",
        "money",
        total(discounted) - value_left * pick(Finance.factor_end, last),
        when=_given,
    )
