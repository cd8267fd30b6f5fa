from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import switch
from tco_xlsx.language.expression import counted_as, sum_of, where
from tco_xlsx.language.lines import line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.server import Hosting, Licence, Server
from tco_xlsx.model.workload import Calendar


class Cost(Section):
    """What the fleet costs in a year, by component, and what buying whole servers adds."""

    title = "Cost of a year"

    depreciation_server = line(
        "Depreciation of a server",
        "money/server/year",
        Server.price * (1 - Server.residual_share) / Server.life_years,
    )
    licences = line(
        "Number of licences",
        "licence",
        switch(
            Licence.basis,
            server=counted_as(Fleet.servers, "licence"),
            gpu=counted_as(Fleet.servers * Licence.licensed_gpus, "licence"),
            flat=counted_as(1, "licence"),
        ),
    )
    depreciation_year = line("Depreciation", "money/year", Fleet.servers * depreciation_server)
    hosting_year = line("Hosting", "money/year", Fleet.servers * Hosting.per_server_year)
    licence_year = line("Licences", "money/year", licences * Licence.price_year)
    total_year = line("Total cost", "money/year", sum_of(depreciation_year, hosting_year, licence_year))

    licence_server = line("Licences of a server", "money/server/year", licence_year / Fleet.servers)
    per_server_year = line(
        "Cost of a server", "money/server/year", sum_of(depreciation_server, Hosting.per_server_year, licence_server)
    )
    per_gpu_year = line("Cost of a GPU", "money/GPU/year", per_server_year / Server.gpus)
    per_gpu_hour = line("Cost of a GPU-hour", "money/GPU/h", per_gpu_year / Calendar.hours_per_year)

    licence_by_server = line(
        "Licences that grow with the servers",
        "money/server/year",
        switch(Licence.basis, server=licence_server, gpu=licence_server, flat=0),
    )
    rounding_year = line(
        "Cost of rounding up to whole servers",
        "money/year",
        (Fleet.servers - Fleet.servers_exact) * (depreciation_server + Hosting.per_server_year + licence_by_server),
    )
    depreciation_share = line(
        "Depreciation in the total", "share", where(total_year > 0, depreciation_year / total_year, 0)
    )
    hosting_share = line("Hosting in the total", "share", where(total_year > 0, hosting_year / total_year, 0))
    licence_share = line("Licences in the total", "share", where(total_year > 0, licence_year / total_year, 0))

    capex = line("Purchase (capex)", "money", Fleet.servers * Server.price)
    residual_value = line("Residual value after the life", "money", capex * Server.residual_share)
    opex_year = line("Running cost (opex)", "money/year", hosting_year + licence_year)
    life_cost = line("Cash over the life", "money", capex - residual_value + opex_year * Server.life_years)

    adds_up = check(
        "Servers times the cost of one make the total", "money/year", Fleet.servers * per_server_year, total_year
    )
    cash_is_cost = check(
        "Cash over the life is the cost of its years", "money", life_cost, total_year * Server.life_years
    )
