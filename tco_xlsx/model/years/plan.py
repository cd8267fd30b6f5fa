"""What a plan says on one page: its first and last year, and own and alternatives in the same few figures."""

from __future__ import annotations

from tco_xlsx.language.expression import Expr, every, expr, known, pick, total, where
from tco_xlsx.language.lines import Line, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.unit_cost import Reference
from tco_xlsx.model.workload import Calendar
from tco_xlsx.model.years.alternatives import Alternatives
from tco_xlsx.model.years.api import Api
from tco_xlsx.model.years.assets import CapitalYears
from tco_xlsx.model.years.finance import Finance, last
from tco_xlsx.model.years.fleet import SIZED, FleetYears
from tco_xlsx.model.years.mix import Mix
from tco_xlsx.model.years.rent import Rent
from tco_xlsx.model.years.timeline import DemandYears
from tco_xlsx.model.years.totals import ResultYears
from tco_xlsx.model.years.unit_cost import DEMAND, Volume

_HAS_MIX = known(Mix.present_value)


def _above_least(present: Line) -> Expr:
    return 1 - Alternatives.least_present / present


def _is_compared(present: Line) -> Expr:
    return every(known(Alternatives.least_present), where(known(present), present, 0) > 0)


def _per_1m(cost: Line, requests: Line) -> Expr:
    return cost / (requests * Reference.tokens) * Calendar.tokens_per_million


class Plan(Section):
    """The figures of the page that answers a director. Value left includes the residual value that has come back."""

    title = "Plan"

    peak_last = line("Peak load in the last year", "request/s", pick(DemandYears.peak_rps, last))
    servers_first = line("Servers in year 1", "server", pick(FleetYears.servers, expr(1)))
    servers_last = line("Servers in the last year", "server", pick(FleetYears.servers, last))
    full_first = line("Year 1 is full at", "request/s", pick(FleetYears.capacity_rps, expr(1)))
    bought_first = line("Servers bought at once", "server", pick(FleetYears.bought, expr(1)))
    bought_later = line("Servers bought later", "server", total(FleetYears.bought) - bought_first)
    purchases_first = line("Purchases at once", "money", pick(CapitalYears.purchases, expr(1)))
    purchases_later = line("Purchases later", "money", ResultYears.purchases_total - purchases_first)
    used_share = line(
        "Used of what is bought, over the horizon",
        "share",
        total(DemandYears.requests) / total(Alternatives.capacity_requests),
        when=every(SIZED, known(Volume.served_total)),
        note="What is served over what all servers in service could serve if they were always full.",
    )

    own_left = line(
        "Value left and come back, own", "money", total(CapitalYears.sold) + CapitalYears.value_left, when=SIZED
    )
    own_cost = line("Cost of owning", "money", ResultYears.purchases_total + ResultYears.running_total - own_left)
    mix_purchases = line("Purchases of the mix", "money", total(Mix.purchases), when=_HAS_MIX)
    mix_paid = line("Running cost and rent of the mix", "money", total(Mix.paid), when=_HAS_MIX)
    mix_left = line("Value left and come back, mix", "money", total(Mix.sold) + Mix.value_left, when=_HAS_MIX)
    mix_cost = line("Cost of the mix", "money", mix_purchases + mix_paid - mix_left)
    mix_nothing_left = line(
        "Present value of the mix if nothing is left",
        "money",
        Mix.present_value + Mix.value_left * pick(Finance.factor_end, last),
    )

    requests = line("Prompts over the horizon", "request", total(DemandYears.requests), when=known(Volume.served_total))
    own_per_1m = line("Own, per 1M tokens", "money/1M tokens", _per_1m(own_cost, requests))
    rent_per_1m = line("Rent, per 1M tokens", "money/1M tokens", _per_1m(Rent.cost_total, requests))
    api_per_1m = line("API, per 1M tokens", "money/1M tokens", _per_1m(Api.cost_total, requests))
    mix_per_1m = line("Mix, per 1M tokens", "money/1M tokens", _per_1m(mix_cost, requests))
    own_levelised = line("Own, per 1M tokens, levelised", "money/1M tokens", DEMAND.per_1m_tokens)
    rent_levelised = line(
        "Rent, per 1M tokens, levelised", "money/1M tokens", _per_1m(Rent.present_value, Volume.served_total)
    )
    api_levelised = line(
        "API, per 1M tokens, levelised", "money/1M tokens", _per_1m(Api.present_value, Volume.served_total)
    )
    mix_levelised = line(
        "Mix, per 1M tokens, levelised", "money/1M tokens", _per_1m(Mix.present_value, Volume.served_total)
    )

    own_above = line(
        "Owning, above the least",
        "share",
        _above_least(Finance.present_value),
        when=_is_compared(Finance.present_value),
    )
    rent_above = line(
        "Renting, above the least", "share", _above_least(Rent.present_value), when=_is_compared(Rent.present_value)
    )
    api_above = line(
        "The API, above the least", "share", _above_least(Api.present_value), when=_is_compared(Api.present_value)
    )
    mix_above = line(
        "The mix, above the least", "share", _above_least(Mix.present_value), when=_is_compared(Mix.present_value)
    )
    api_even_price = line(
        "Price of the API at which own costs the same, in and out mixed",
        "money/1M tokens",
        api_per_1m * Alternatives.break_even_volume,
        note="All prices of the API changed by the same share; against its price per 1M tokens over the horizon.",
    )
    even_load = line(
        "Average load of year 1 at which own and API cost the same",
        "request/s",
        pick(DemandYears.average_rps, expr(1)) * Alternatives.break_even_volume,
        note="With the fleet as planned, in present value.",
    )
