"""Who is cheapest under which demand: a steady year at multiples of the planned load."""

from tco_xlsx.language.expression import Position, counted_as, every, expr, flag, known, pick, smaller, where
from tco_xlsx.language.lines import given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import LEVEL
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.server import Server
from tco_xlsx.model.years.alternatives import Crossing
from tco_xlsx.model.years.api import Api
from tco_xlsx.model.years.finance import Finance
from tco_xlsx.model.years.fleet import FleetYears, instances_for, servers_for
from tco_xlsx.model.years.mix import Mix
from tco_xlsx.model.years.rent import Rent
from tco_xlsx.model.years.timeline import DemandYears
from tco_xlsx.model.years.totals import ResultYears


class Levels(Section):
    """A steady year at multiples of year 1's load. Owning costs the annuity of a server over its life and its share of
    year 1's running cost."""

    title = "Under which demand"

    least = given("Least multiple of the load", "times", 0.125, above=0, at_most=1000, source="default: an eighth")
    step = given("Each multiple above the one before", "times", 2, at_least=1, at_most=10, source="default: double")

    multiple = line("Load, against year 1", "times", least * step ** (Position(LEVEL) - 1), digits=3)
    first_peak = line("Peak load of year 1", "request/s", pick(DemandYears.peak_rps, expr(1)))
    first_average = line("Average load of year 1", "request/s", pick(DemandYears.average_rps, expr(1)))
    peak_rps = line("Peak load", "request/s", multiple * first_peak)
    average_rps = line("Average load", "request/s", multiple * first_average)
    instances = line(
        "Instances needed", "instance", instances_for(peak_rps * (1 + Fleet.headroom), Fleet.spare_instances)
    )
    servers = line("Servers needed", "server", servers_for(instances) + Fleet.spare_servers)

    life_factor = line(
        "Annuity factor over the life of a server",
        "year",
        where(
            Finance.discount_rate > 0,
            counted_as(
                (1 - 1 / (1 + Finance.discount_rate) ** counted_as(Server.life_years, "1")) / Finance.discount_rate,
                "year",
            ),
            Server.life_years,
        ),
        digits=4,
    )
    capital_server = line(
        "Capital cost of a server, by the year",
        "money/server/year",
        pick(Mix.server_cost, expr(1))
        * (1 - Server.residual_share / (1 + Finance.discount_rate) ** counted_as(Server.life_years, "1"))
        / life_factor,
    )
    first_servers = line("Servers of year 1", "server", pick(FleetYears.servers, expr(1)))
    first_running = line(
        "Running cost of year 1", "money/year", counted_as(pick(ResultYears.running, expr(1)), "money/year")
    )
    first_rent = line("Renting in year 1", "money/year", counted_as(pick(Rent.cost, expr(1)), "money/year"))
    first_api = line("API in year 1", "money/year", counted_as(pick(Api.cost, expr(1)), "money/year"))
    server_year = line("Own server, by the year", "money/server/year", capital_server + first_running / first_servers)

    own = line("Owning, by the year", "money/year", servers * server_year)
    rent = line("Renting, by the year", "money/year", servers * first_rent / first_servers)
    api = line("API, by the year", "money/year", multiple * first_api)
    rent_or_own = line("Renting, own where it is not known", "money/year", where(known(rent), rent, own))
    best = line("Least, by the year", "money/year", smaller(own, rent_or_own, where(known(api), api, own)))
    as_cheap = line("As cheap as the least", "money/year", best * (1 + Crossing.even_share))
    cheapest = line(
        "Cheapest",
        "1",
        flag(own > as_cheap) + flag(every(own > as_cheap, rent_or_own > as_cheap)),
        states={0: "own", 1: "renting", 2: "the API"},
    )
