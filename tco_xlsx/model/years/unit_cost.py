"""Unit cost over the horizon: present value over the present value of what is served, or could be."""

from __future__ import annotations

from tco_xlsx.language.checks import check
from tco_xlsx.language.expression import known, total, where
from tco_xlsx.language.lines import Line, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.unit_cost import Reference, UnitCost
from tco_xlsx.model.workload import Calendar, Workload
from tco_xlsx.model.years.finance import Finance
from tco_xlsx.model.years.fleet import SIZED, FleetYears
from tco_xlsx.model.years.timeline import DemandYears
from tco_xlsx.model.years.totals import ResultYears
from tco_xlsx.model.years.year import of_the_year


class Volume(Section):
    """What is served, what could be, and the hours that own GPUs stand there, discounted as money is."""

    title = "Volume"

    cached_weight = given(
        "A token in from cache costs so much of another token in",
        "share",
        1,
        above=0,
        at_most=1,
        source="default: the same",
    )
    served = line("Prompts, discounted", "request", DemandYears.requests * Finance.factor_end)
    full = line(
        "Prompts at capacity",
        "request",
        of_the_year(FleetYears.capacity_rps * Calendar.seconds_per_year * Fleet.uptime * Fleet.utilisation),
    )
    full_discounted = line("Prompts at capacity, discounted", "request", full * Finance.factor_end)
    gpu_hours = line("GPU-hours in service", "GPU*h", of_the_year(FleetYears.gpus * Calendar.hours_per_year))
    gpu_hours_discounted = line("GPU-hours in service, discounted", "GPU*h", gpu_hours * Finance.factor_end)
    served_total = line(
        "Prompts over the horizon, discounted", "request", total(served), when=known(UnitCost.demand_requests)
    )
    full_total = line("Prompts at capacity over the horizon, discounted", "request", total(full_discounted), when=SIZED)
    gpu_hours_total = line("GPU-hours over the horizon, discounted", "GPU*h", total(gpu_hours_discounted), when=SIZED)
    per_gpu_hour = line("Cost of a GPU-hour, levelised", "money/GPU/h", Finance.present_value / gpu_hours_total)
    input_weight = line(
        "Tokens in, counted by what they cost",
        "token/request",
        Workload.input_tokens * (1 - Workload.cached_share + Workload.cached_share * cached_weight),
    )


class Levelised:
    """Cost of a prompt and of a million tokens, over a volume of prompts."""

    def __init__(self, name: str, title: str, note: str, volume: Line) -> None:
        """`volume` is what the present value is spread over, in requests, discounted alike."""
        self.per_request = line("Cost of a prompt", "money/request", Finance.present_value / volume)
        self.per_1000_prompts = line(
            "Per 1,000 prompts", "money/1000 prompts", self.per_request * Calendar.requests_per_1000
        )
        self.per_1m_tokens = line(
            "Per 1M tokens, in and out",
            "money/1M tokens",
            self.per_request / Reference.tokens * Calendar.tokens_per_million,
        )
        self.per_1m_input = line(
            "Per 1M tokens in",
            "money/1M tokens",
            self.per_request * UnitCost.input_share / Volume.input_weight * Calendar.tokens_per_million,
        )
        self.per_1m_cached = line(
            "Per 1M tokens in from cache", "money/1M tokens", self.per_1m_input * Volume.cached_weight
        )
        self.per_1m_output = line(
            "Per 1M tokens out",
            "money/1M tokens",
            self.per_request * (1 - UnitCost.input_share) / Workload.output_tokens * Calendar.tokens_per_million,
        )
        self.section: type[Section] = type(
            name, (Section,), {"title": title, "name": name, "__doc__": note, **vars(self)}
        )


CAPACITY = Levelised(
    "levelised_capacity",
    "Unit cost over the horizon, at capacity",
    "Present value of owning over what the servers in service could serve, as up and used as set under Fleet.",
    Volume.full_total,
)
DEMAND = Levelised(
    "levelised",
    "Unit cost over the horizon, at demand",
    "Present value of owning over what is served.",
    Volume.served_total,
)


class UnitCostYears(Section):
    """Cost of a year, as the books have it, over what is served in it, and could be."""

    title = "Unit cost by year"

    per_1000_prompts = line(
        "Per 1,000 prompts, at demand",
        "money/1000 prompts",
        where(
            DemandYears.requests > 0, ResultYears.profit_and_loss / DemandYears.requests * Calendar.requests_per_1000, 0
        ),
    )
    per_1m_tokens = line(
        "Per 1M tokens, at demand",
        "money/1M tokens",
        where(
            DemandYears.requests > 0,
            ResultYears.profit_and_loss / (DemandYears.requests * Reference.tokens) * Calendar.tokens_per_million,
            0,
        ),
    )
    capacity_per_1m_tokens = line(
        "Per 1M tokens, at capacity",
        "money/1M tokens",
        where(
            Volume.full > 0,
            ResultYears.profit_and_loss / (Volume.full * Reference.tokens) * Calendar.tokens_per_million,
            0,
        ),
    )

    levelised_split_adds_up = check(
        "Tokens in, from cache and out together cost what the prompts cost, over the horizon",
        "money*token/request/1M tokens",
        Workload.input_tokens
        * (DEMAND.per_1m_input * (1 - Workload.cached_share) + DEMAND.per_1m_cached * Workload.cached_share)
        + DEMAND.per_1m_output * Workload.output_tokens,
        DEMAND.per_request * Calendar.tokens_per_million,
    )
