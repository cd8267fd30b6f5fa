"""Money of the years, counted month by month and payment by payment in plain loops, for random scenarios.

Purchases, running cost and demand are taken as the model has them; all that is made of them is counted anew.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import pytest

from tco_xlsx.language.evaluate import InputValue, Values, evaluate
from tco_xlsx.model import MODEL
from tests.support.filled import filled

FIXED: Mapping[str, InputValue] = {
    "workload.input_tokens": 1000,
    "workload.output_tokens": 200,
    "performance.source": "manual",
    "server.gpus": 8,
    "server.price": 100_000,
    "unit_cost.split": "equal",
    "rent.price_change": -0.1,
    "api.price_1m_input": 1,
    "api.price_1m_cached": 0.5,
    "api.price_1m_output": 3,
    "lease.price_server_month": 5000,
    "finance.tax_rate": 0.25,
}
CHOSEN: Mapping[str, Sequence[InputValue]] = {
    "workload.growth": (0, 0.4, -0.3),
    "workload.cached_share": (0, 0.5),
    "performance.manual_gpus": (1, 3, 4, 8),
    "server.life_years": (1, 2, 3.5, 4),
    "server.residual_share": (0, 0.2),
    "server.price_change": (0, -0.1),
    "network.per_server": (0, 20_000),
    "hosting.per_server_year": (0, 10_000),
    "fleet.headroom": (0, 0.2),
    "fleet.spare_servers": (0, 1),
    "fleet.uptime": (1, 0.9),
    "fleet.rounding": ("whole", "exact"),
    "timeline.horizon_years": tuple(range(1, 11)),
    "timeline.value_at_end": ("book_value", "nothing"),
    "finance.discount_rate": (0, 0.08, 0.25),
    "loan.rate": (0, 0.06),
    "loan.months": (6, 30, 48, 60),
    "loan.share": (1, 0.7),
    "rent.price_per_gpu_hour": (0.5, 2, 10),
    "rent.hours_year": (None, 2000),
    "api.price_change": (0, -0.3),
    "mix.own_servers": (None, 1, 3),
    "volume.cached_weight": (1, 0.1),
}
SCENARIOS = range(24)


def _inputs(seed: int) -> dict[str, InputValue]:
    lots = random.Random(seed)
    peak = lots.uniform(1, 40)
    drawn = {name: lots.choice(among) for name, among in CHOSEN.items()}
    loads = {"workload.peak_rps": peak, "workload.average_rps": peak * lots.uniform(0.1, 1)}
    return {**FIXED, **drawn, **loads, "performance.manual_rps": lots.uniform(0.5, 4)}


class Told:
    """What the model says of one scenario: a number, or a list of those years that count."""

    def __init__(self, values: Values, scenario: int) -> None:
        self._values, self._scenario = values, scenario
        self.years = int(self.one("timeline.horizon"))

    def one(self, name: str) -> float:
        found = self._values.value(MODEL.by_name[name], self._scenario, 0)
        assert found is not None, name
        return found

    def row(self, name: str) -> list[float]:
        line = MODEL.by_name[name]
        found = [self._values.value(line, self._scenario, year) for year in range(self.years)]
        return [number for number in found if number is not None]


@pytest.fixture(scope="module")
def told() -> list[Told]:
    values = evaluate(MODEL, [filled(MODEL, _inputs(seed), [], str(seed)) for seed in SCENARIOS])
    return [Told(values, seed) for seed in SCENARIOS]


def _worth(rate: float, starts: Sequence[float], ends: Sequence[float]) -> float:
    """The present value of what is paid at the start and at the end of each year."""
    at_starts = sum(paid / (1 + rate) ** year for year, paid in enumerate(starts))
    return at_starts + sum(paid / (1 + rate) ** year for year, paid in enumerate(ends, start=1))


@pytest.mark.parametrize("seed", SCENARIOS)
def test_present_values(told: list[Told], seed: int) -> None:
    one, rate = told[seed], float(_inputs(seed)["finance.discount_rate"])  # type: ignore[arg-type]
    nothing = [0.0] * one.years
    back = [paid - sold for paid, sold in zip(one.row("timeline.running"), one.row("timeline.sold"), strict=True)]
    own = _worth(rate, one.row("timeline.purchases"), back)
    left = one.one("timeline.value_left") / (1 + rate) ** one.years
    assert one.one("finance.present_value_nothing_left") == pytest.approx(own)
    assert one.one("finance.present_value") == pytest.approx(own - left, abs=1e-6)
    annual = one.one("finance.equivalent_annual_cost")
    assert _worth(rate, nothing, [annual] * one.years) == pytest.approx(own - left, abs=1e-6)
    for name in ("rent", "api"):
        assert one.one(f"{name}.present_value") == pytest.approx(_worth(rate, nothing, one.row(f"{name}.cost")))
    mix = [paid - sold for paid, sold in zip(one.row("mix.paid"), one.row("mix.sold"), strict=True)]
    worth = _worth(rate, one.row("mix.purchases"), mix) - one.one("mix.value_left") / (1 + rate) ** one.years
    assert one.one("mix.present_value") == pytest.approx(worth, abs=1e-6)


@pytest.mark.parametrize("seed", SCENARIOS)
def test_a_loan_month_by_month(told: list[Told], seed: int) -> None:
    """Each loan is paid back in equal payments, of which interest takes its part first."""
    one, inputs = told[seed], _inputs(seed)
    month = float(inputs["loan.rate"]) / 12  # type: ignore[arg-type]
    months, share = int(inputs["loan.months"]), float(inputs["loan.share"])  # type: ignore[arg-type]
    payment = month / (1 - (1 + month) ** -months) if month else 1 / months
    paid, owed = [0.0] * one.years, 0.0
    for year, bought in enumerate(one.row("timeline.purchases")):
        balance = bought * share
        for number in range(min(months, 12 * (one.years - year))):
            paid[year + number // 12] += bought * share * payment
            balance += balance * month - bought * share * payment
        owed += balance
    assert one.row("loan.payments") == pytest.approx(paid)
    assert one.one("loan.owed_total") == pytest.approx(owed, abs=1e-3)


def _gaps(one: Told, name: str, steps: int) -> Iterator[tuple[float, float]]:
    """Own cash less that of the alternative, at many moments of each month, with the moment in months."""
    own = (one.row("timeline.purchases"), one.row("timeline.running"), one.row("timeline.sold"))
    none = [0.0] * one.years
    other = [one.row(f"mix.{part}") for part in ("purchases", "paid", "sold")]
    if name != "mix":
        other = [none, one.row(f"{name}.cost"), none]
    step, flow, back = ([a - b for a, b in zip(x, y, strict=True)] for x, y in zip(own, other, strict=True))
    so_far = list(accumulate((s + f - b for s, f, b in zip(step, flow, back, strict=True)), initial=0.0))
    for year in range(one.years):
        for moment in range(steps + 1):
            yield 12 * (year + moment / steps), so_far[year] + step[year] + flow[year] * moment / steps
        yield 12 * (year + 1), so_far[year + 1]


@pytest.mark.parametrize("seed", SCENARIOS)
@pytest.mark.parametrize("name", ["rent", "api", "mix"])
def test_the_last_moment_behind(told: list[Told], name: str, seed: int) -> None:
    one, steps = told[seed], 1200
    even = 1e-9 * one.row("timeline.cash_so_far")[-1]
    gaps = list(_gaps(one, name, steps))
    behind = [month for month, gap in gaps if gap > even]
    assert one.one(f"against_{name}.ahead") == (gaps[-1][1] <= even)
    if gaps[-1][1] <= even:
        found = one.one(f"against_{name}.months")
        assert found == pytest.approx(max(behind, default=0), abs=1.01 * 12 / steps)


@pytest.mark.parametrize("seed", SCENARIOS)
def test_unit_costs_times_volumes_are_the_present_value(told: list[Told], seed: int) -> None:
    one, inputs = told[seed], _inputs(seed)
    rate, cached = float(inputs["finance.discount_rate"]), float(inputs["workload.cached_share"])  # type: ignore[arg-type]
    nothing = [0.0] * one.years
    own = one.one("finance.present_value")
    served = _worth(rate, nothing, one.row("demand.requests"))
    assert one.one("levelised.per_1000_prompts") * served / 1000 == pytest.approx(own, abs=1e-6)
    by_kind = (
        one.one("levelised.per_1m_input") * 1000 * (1 - cached)
        + one.one("levelised.per_1m_cached") * 1000 * cached
        + one.one("levelised.per_1m_output") * 200
    )
    assert by_kind * served / 1e6 == pytest.approx(own, abs=1e-6)
    hours = [gpus * 8760 for gpus in one.row("timeline.gpus")]
    assert one.one("volume.per_gpu_hour") * _worth(rate, nothing, hours) == pytest.approx(own, abs=1e-6)
    parts = ("uptime_part", "peak_part", "reserve_part", "rounding_part", "kept_part")
    gap = one.one("levelised.per_1m_tokens") - one.one("levelised_capacity.per_1m_tokens")
    assert sum(one.one(f"bridge.{part}") for part in parts) == pytest.approx(gap, abs=1e-9)
