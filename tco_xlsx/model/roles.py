"""What the rest of the product asks of the cost model, by handle: a line that is renamed or gone is noticed by the
type checker, not by whoever reads a workbook. The lines of a comparison are their own handles (`comparison`)."""

from __future__ import annotations

from dataclasses import dataclass

from tco_xlsx.language.lines import Choice, Derived, Fact, Given, Measured
from tco_xlsx.language.sections import Model
from tco_xlsx.model import MODEL
from tco_xlsx.model.configuration import Configuration
from tco_xlsx.model.cost import COST_ROWS, Cost
from tco_xlsx.model.curve import Curve
from tco_xlsx.model.day import Day
from tco_xlsx.model.demand import Demand
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.plausible import Plausible
from tco_xlsx.model.points import Points
from tco_xlsx.model.relaxing import Relaxing
from tco_xlsx.model.server import Server
from tco_xlsx.model.service import Service
from tco_xlsx.model.unit_cost import Comparison, UnitCost
from tco_xlsx.model.workload import Workload
from tco_xlsx.model.years.alternatives import API, MIX, RENT, Alternatives
from tco_xlsx.model.years.api import Api
from tco_xlsx.model.years.assets import CapitalYears
from tco_xlsx.model.years.capital import Depreciation
from tco_xlsx.model.years.finance import Finance
from tco_xlsx.model.years.fleet import FleetYears
from tco_xlsx.model.years.mix import Mix
from tco_xlsx.model.years.plan import Plan
from tco_xlsx.model.years.rent import Rent
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.totals import ResultYears
from tco_xlsx.model.years.unit_cost import CAPACITY, DEMAND


@dataclass(frozen=True)
class Limit:
    """A latency, its limit, and what is said of it when no point is within all limits."""

    latency: str
    """ttft, itl or latency."""
    limit: Given
    """The largest that is allowed, in ms; empty for no limit."""
    verdict: Derived
    """Of each point: within, over, not measured."""
    held: Derived
    """How many points hold that statistic."""
    needed: Derived
    """The limit that would do, the others kept."""
    together: Derived
    """The limit that would do for the nearest point, others relaxed with it."""


limits = (
    Limit(
        "ttft",
        Service.max_ttft_ms,
        Points.ttft_verdict,
        Relaxing.ttft_held,
        Performance.ttft_needed,
        Relaxing.ttft_together,
    ),
    Limit(
        "itl",
        Service.max_itl_ms,
        Points.itl_verdict,
        Relaxing.itl_held,
        Performance.itl_needed,
        Relaxing.itl_together,
    ),
    Limit(
        "latency",
        Service.max_latency_ms,
        Points.latency_verdict,
        Relaxing.latency_held,
        Performance.latency_needed,
        Relaxing.latency_together,
    ),
)


@dataclass(frozen=True)
class Needs:
    """What must be given while choices stand at certain codes."""

    codes: tuple[tuple[Choice, str], ...]
    inputs: tuple[Given, ...]


needs = (
    Needs(((Performance.source, "manual"),), (Performance.manual_rps, Performance.manual_gpus)),
    Needs(((Workload.stated_as, "peak_rps"),), (Workload.peak_rps,)),
    Needs(((Workload.stated_as, "users"),), (Workload.users, Workload.requests_per_user_day)),
    Needs(((Workload.stated_as, "tokens_per_day"),), (Workload.tokens_per_day,)),
    Needs(((Workload.stated_as, "streams"),), (Workload.users,)),
    # A typed-in performance has no latency.
    Needs(((Performance.source, "manual"), (Workload.stated_as, "streams")), (Workload.request_seconds,)),
    Needs(((Day.shape, "own"),), (Day.own_shares,)),
)

# What is asked for, and of what it is bought.
input_tokens = Workload.input_tokens
output_tokens = Workload.output_tokens
server_price = Server.price

# The operating point.
performance_source = Performance.source
manual_rps = Performance.manual_rps
manual_gpus = Performance.manual_gpus
found = Performance.found
by_point = Performance.by_point
chosen_row = Performance.row
is_chosen = Performance.is_chosen
concurrency = Performance.concurrency
rps_per_gpu = Performance.rps_per_gpu
measured_points = Performance.measured_points
counting_points = Performance.counting_points
eligible_points = Performance.eligible_points
nearest_row = Relaxing.nearest_row
picked = Points.picked
trusted = Points.trusted
point_gpus = Points.gpus
point_tokens = Points.tokens
measured = tuple(line for line in MODEL.lines if isinstance(line, (Fact, Measured)))

# The picks of a configuration, and those whose points may compete with each other.
tokens = Configuration.tokens
may_compete = (Configuration.precision, Configuration.engine, Configuration.setup)

# The size and what it costs.
instances = Fleet.instances
servers = Fleet.servers
gpus = Fleet.gpus
capex = Cost.capex
cost_rows = COST_ROWS
total_year = Cost.total_year
per_1000_prompts = UnitCost.per_1000_prompts
per_1m_tokens = UnitCost.per_1m_tokens
per_1m_input = UnitCost.per_1m_input
per_1m_output = UnitCost.per_1m_output
demand_per_1m_tokens = UnitCost.demand_per_1m_tokens
saving_year = Comparison.saving_year

# The latency-throughput chart.
curve_latency = Service.curve
curve_x = Curve.x
curve_rate = Curve.rate
curve_frontier = Curve.frontier
curve_limit = Curve.limit
curve_limit_x = Curve.limit_x
curve_limit_top = Curve.limit_top
curve_chosen_x = Curve.chosen_x
curve_fastest_drawn = Curve.fastest_drawn
curve_mark_x = Curve.mark_x
curve_mark_rate = Curve.mark_rate

# Verdicts.
has_point = Plausible.has_point


def _counts(model: Model) -> tuple[Derived, Derived]:
    """How many checks fail, and how many warnings there are."""
    failing, raised = model.counts
    return failing, raised


failing, raised = _counts(MODEL)

horizon = Timeline.horizon
year_counts = Timeline.counts
"""1 in each year up to the horizon."""


@dataclass(frozen=True)
class Way:
    """A way to get the tokens served, as a plan compares them; None where it has no such figure. All are absent where
    it is not priced."""

    name: str
    """own, rent, api or mix; in the order of the codes of `cheapest`."""
    bought: Derived | None
    paid: Derived
    left: Derived | None
    cost: Derived
    present_value: Derived
    nothing_left: Derived
    per_1m: Derived
    levelised: Derived
    above: Derived
    """By what share the least present value is less."""
    so_far: Derived
    """Cumulative cash by year."""
    purchases: Derived | None
    """At the start of each year."""
    sold: Derived | None
    """At its end."""
    saving: Derived | None = None
    """What owning saves against it."""
    months: Derived | None = None
    """Own is ahead of it for good from then on."""


ways = (
    Way(
        "own",
        ResultYears.purchases_total,
        ResultYears.running_total,
        Plan.own_left,
        Plan.own_cost,
        Finance.present_value,
        Finance.present_value_nothing_left,
        Plan.own_per_1m,
        Plan.own_levelised,
        Plan.own_above,
        ResultYears.cash_so_far,
        CapitalYears.purchases,
        CapitalYears.sold,
    ),
    Way(
        "rent",
        None,
        Rent.cost_total,
        None,
        Rent.cost_total,
        Rent.present_value,
        Rent.present_value,
        Plan.rent_per_1m,
        Plan.rent_levelised,
        Plan.rent_above,
        Rent.so_far,
        None,
        None,
        RENT.saving,
        RENT.months,
    ),
    Way(
        "api",
        None,
        Api.cost_total,
        None,
        Api.cost_total,
        Api.present_value,
        Api.present_value,
        Plan.api_per_1m,
        Plan.api_levelised,
        Plan.api_above,
        Api.so_far,
        None,
        None,
        API.saving,
        API.months,
    ),
    Way(
        "mix",
        Plan.mix_purchases,
        Plan.mix_paid,
        Plan.mix_left,
        Plan.mix_cost,
        Mix.present_value,
        Plan.mix_nothing_left,
        Plan.mix_per_1m,
        Plan.mix_levelised,
        Plan.mix_above,
        Mix.so_far,
        Mix.purchases,
        Mix.sold,
        MIX.saving,
        MIX.months,
    ),
)
cheapest = Alternatives.cheapest
discount_rate = Finance.discount_rate
cash_total = ResultYears.cash_total
running_by_year = ResultYears.running
purchases_by_year = CapitalYears.purchases
bought_by_year = FleetYears.bought
bought_later = Plan.bought_later
servers_first = Plan.servers_first
servers_last = Plan.servers_last
peak_now = Demand.peak
peak_last = Plan.peak_last
used_share = Plan.used_share
api_even_price = Plan.api_even_price
break_even_hours = Alternatives.break_even_hours
depreciation_method = Depreciation.method
value_at_end = CapitalYears.value_at_end
unit_costs = tuple(
    (each.per_1000_prompts, each.per_1m_tokens, each.per_1m_input, each.per_1m_output) for each in (CAPACITY, DEMAND)
)
"""Levelised over the horizon: per 1,000 prompts, per 1M tokens in all, in, out; at capacity, at demand."""
