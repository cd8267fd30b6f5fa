"""Why a token costs more at demand than at capacity, part by part."""

from tco_xlsx.language.checks import check
from tco_xlsx.language.expression import sum_of, total
from tco_xlsx.language.lines import line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.years.finance import Finance
from tco_xlsx.model.years.fleet import FleetYears
from tco_xlsx.model.years.timeline import DemandYears
from tco_xlsx.model.years.unit_cost import CAPACITY, DEMAND

_full = Performance.instance_rps * Fleet.instances_per_server


class Bridge(Section):
    """From the cost of 1M tokens at capacity to that at demand, over the horizon. Servers are counted by year and
    discounted: each part is the share of them that is there for its reason."""

    title = "From capacity to demand"

    average = line(
        "Servers that the average load fills", "server", DemandYears.average_rps / _full * Finance.factor_end
    )
    peak = line("Servers that the peak fills", "server", DemandYears.peak_rps / _full * Finance.factor_end)
    reserve = line(
        "Servers with headroom and spares",
        "server",
        (FleetYears.load_rps / _full + Fleet.spare_instances / Fleet.instances_per_server + Fleet.spare_servers)
        * Finance.factor_end,
    )
    needed = line("Servers in whole units", "server", FleetYears.servers_needed * Finance.factor_end)
    in_service = line("Servers in service", "server", FleetYears.servers * Finance.factor_end)

    all_full = line(
        "Per 1M tokens, all servers always full",
        "money/1M tokens",
        DEMAND.per_1m_tokens * total(average) / total(in_service),
    )
    uptime_part = line(
        "Uptime and utilisation as set, the load takes their place",
        "money/1M tokens",
        CAPACITY.per_1m_tokens * (Fleet.uptime * Fleet.utilisation - 1),
        signed=True,
    )
    peak_part = line(
        "Peak above the average",
        "money/1M tokens",
        DEMAND.per_1m_tokens * (total(peak) - total(average)) / total(in_service),
        signed=True,
    )
    reserve_part = line(
        "Headroom and spares",
        "money/1M tokens",
        DEMAND.per_1m_tokens * (total(reserve) - total(peak)) / total(in_service),
        signed=True,
    )
    rounding_part = line(
        "Rounding up to whole servers",
        "money/1M tokens",
        DEMAND.per_1m_tokens * (total(needed) - total(reserve)) / total(in_service),
        signed=True,
    )
    kept_part = line(
        "Servers that stay when the load falls",
        "money/1M tokens",
        DEMAND.per_1m_tokens * (total(in_service) - total(needed)) / total(in_service),
        signed=True,
    )

    bridge_adds_up = check(
        "From capacity to demand, the parts add up",
        "money/1M tokens",
        sum_of(CAPACITY.per_1m_tokens, uptime_part, peak_part, reserve_part, rounding_part, kept_part),
        DEMAND.per_1m_tokens,
    )
    full_is_capacity = check(
        "Always full costs what capacity costs, uptime and utilisation taken out",
        "money/1M tokens",
        all_full,
        CAPACITY.per_1m_tokens * Fleet.uptime * Fleet.utilisation,
    )
