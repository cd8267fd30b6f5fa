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
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.plausible import Plausible
from tco_xlsx.model.points import Points
from tco_xlsx.model.relaxing import Relaxing
from tco_xlsx.model.server import Server
from tco_xlsx.model.service import Service
from tco_xlsx.model.unit_cost import Comparison, UnitCost
from tco_xlsx.model.workload import Workload
from tco_xlsx.model.years.timeline import Timeline


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
