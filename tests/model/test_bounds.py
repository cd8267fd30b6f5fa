"""What each input may be and what it is unless given: written down once more, by hand.

A bound that is off by one refuses what is right, or lets a wrong number through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tco_xlsx.language.checks import Check
from tco_xlsx.language.lines import Choice, Constant, RowText
from tco_xlsx.model import MODEL
from tco_xlsx.model.comparison import COMPARISON
from tests.support import money_bounds, years_bounds

HAIR = 1e-9


@dataclass(frozen=True)
class Bound:
    """An input's default ("must": it must be given, None: it may stay empty), what it takes and what it refuses."""

    default: float | str | None
    takes: tuple[float, ...]
    refuses: tuple[float, ...] = ()


ABOVE_0 = ((HAIR, 0.5, 1e9), (0.0, -1.0))
LIMIT = ((1e-6, 0.5, 1e9), (1e-7, 0.0, -1.0))
FROM_0 = ((0.0, 0.5, 1e9), (-HAIR, -1.0))

BOUNDS: Mapping[str, Bound] = {
    "workload.peak_rps": Bound(None, *ABOVE_0),
    "workload.average_rps": Bound(None, *ABOVE_0),
    "workload.input_tokens": Bound("must", (1.0, 1.5, 1e6), (1 - HAIR, 0.0)),
    "workload.output_tokens": Bound("must", (1.0, 1.5, 1e6), (1 - HAIR, 0.0)),
    "service.max_ttft_ms": Bound(None, *LIMIT),
    "service.max_itl_ms": Bound(None, *LIMIT),
    "service.max_latency_ms": Bound(None, *LIMIT),
    "performance.manual_rps": Bound(None, *ABOVE_0),
    "performance.manual_gpus": Bound(None, (1.0, 3.0, 72.0), (0.0, 1.5, -1.0)),
    "server.price": Bound("must", *FROM_0),
    "server.gpus": Bound("must", (1.0, 8.0, 72.0), (0.0, 1.5, -1.0)),
    "server.life_years": Bound("must", (1e-3, 4.5, 30.0), (1e-4, 0.0, 30 + HAIR)),
    "server.residual_share": Bound(0.0, (0.0, 0.5, 1.0), (-HAIR, 1 + HAIR)),
    "hosting.per_server_year": Bound("must", *FROM_0),
    "licence.price_year": Bound(0.0, *FROM_0),
    "licence.gpus_per_server": Bound(None, (0.0, 8.0), (-1.0, 0.5, 1.5)),
    "calendar.days_per_year": Bound(365.0, (360.0, 365.25, 366.0), (360 - HAIR, 366.001)),
    "fleet.headroom": Bound(0.0, (0.0, 0.2, 10.0), (-HAIR, 10 + HAIR)),
    "fleet.spare_instances": Bound(0.0, (0.0, 2.0), (-1.0, 0.5, 1.5)),
    "fleet.uptime": Bound(1.0, (HAIR, 1.0), (0.0, 1 + HAIR)),
    "fleet.utilisation": Bound(1.0, (HAIR, 1.0), (0.0, 1 + HAIR)),
    "reference.price_1m_input": Bound(None, *FROM_0),
    "reference.price_1m_output": Bound(None, *ABOVE_0),
    "unit_cost.fixed_ratio": Bound(3.0, *ABOVE_0),
    "currency.rate": Bound("must", *ABOVE_0),
    **{name: Bound(*told) for name, told in (money_bounds.BOUNDS | years_bounds.BOUNDS).items()},
}
DEFAULT_CODES: Mapping[str, str] = {
    "service.ttft_statistic": "avg",
    "service.itl_statistic": "avg",
    "service.latency_statistic": "avg",
    "service.curve": "ttft",
    "configuration.model": "any",
    "configuration.gpu_type": "any",
    "configuration.precision": "any",
    "configuration.engine": "any",
    "configuration.setup": "any",
    "configuration.tokens": "any",
    "performance.source": "benchmark",
    "licence.basis": "server",
    "fleet.rounding": "whole",
    "unit_cost.split": "price_ratio",
    "choices.measure": "cost of a year",
    **money_bounds.DEFAULT_CODES,
    **years_bounds.DEFAULT_CODES,
}
CONSTANTS: Mapping[str, float] = {
    "calendar.hours_per_day": 24,
    "calendar.seconds_per_hour": 3_600,
    "calendar.requests_per_1000": 1_000,
    "calendar.tokens_per_million": 1_000_000,
    "calendar.first_token": 1,
    "gap.orders": 2,
    **money_bounds.CONSTANTS,
    **years_bounds.CONSTANTS,
    "plausible.tokens_may_differ": 0.1,
    "plausible.least_price": 100,
    "plausible.least_hosting": 100,
    "plausible.least_api_price": 0.005,
    "plausible.most_headroom": 1,
    "plausible.shortest_ms": 1,
}
CHECKS: Mapping[str, tuple[str, float]] = {
    "has_point": ("at_most", 1e-9),
    "best_is_best": ("at_most", 1e-9),
    "ttft_within": ("at_most", 1e-9),
    "itl_within": ("at_most", 1e-9),
    "latency_within": ("at_most", 1e-9),
    "tokens_match": ("at_most", 1e-9),
    "typed_was_measured": ("at_most", 1e-9),
    "price_in_full": ("at_most", 1e-9),
    "hosting_in_full": ("at_most", 1e-9),
    "price_of_1m": ("at_most", 1e-9),
    "headroom_usual": ("at_most", 1e-9),
    "limit_in_ms": ("at_most", 1e-9),
    "serves_peak": ("at_most", 1e-8),
    "gpus_fit": ("at_most", 1e-8),
    "never_fewer": ("at_most", 1e-8),
    "average_below_peak": ("at_most", 1e-9),
    "average_served": ("at_most", 1e-8),
    "adds_up": ("equal", 1e-9),
    "cash_is_cost": ("equal", 1e-9),
    "split_adds_up": ("equal", 1e-9),
    "demand_split_adds_up": ("equal", 1e-9),
    "demand_is_total": ("equal", 1e-9),
    "parts_make_gap": ("equal", 1e-9),
    "starts_there": ("equal", 1e-9),
    **money_bounds.CHECKS,
    **years_bounds.CHECKS,
}
YES_NO, VERDICT = {1: "yes", 0: "no"}, {1: "within", 0: "over", -1: "not measured"}
STATES: Mapping[str, Mapping[int, str]] = {
    "points.trusted": {1: "yes", 0: "suspicious"},
    **{f"points.{pick}_fits": YES_NO for pick in ("model", "gpu_type", "precision", "engine", "setup")},
    "points.tokens_fit": YES_NO,
    "points.picked": {1: "picked", 0: "other"},
    "points.counts": YES_NO,
    **{f"points.{latency}_verdict": VERDICT for latency in ("ttft", "itl", "latency")},
    "points.within": YES_NO,
    "points.worst": VERDICT,
    **{f"relaxing.{latency}_missed": YES_NO for latency in ("ttft", "itl", "latency")},
    "curve.fastest_drawn": YES_NO,
    "points.frontier": {1: "frontier", 0: ""},
    "performance.by_point": YES_NO,
    "performance.found": YES_NO,
    "performance.is_chosen": {1: "chosen", 0: ""},
    "gap.is_gap": YES_NO,
    **money_bounds.STATES,
    **years_bounds.STATES,
}
INPUTS = {line.name: line for model in (MODEL, COMPARISON) for line in model.inputs}


@pytest.mark.parametrize("name", BOUNDS)
def test_what_an_input_takes(name: str) -> None:
    line, bound = INPUTS[name], BOUNDS[name]
    assert [value for value in bound.takes if line.objection(value) is not None] == []
    assert [value for value in bound.refuses if line.objection(value) is None] == []
    assert line.required == (bound.default == "must")
    assert line.optional == (bound.default is None)
    if not isinstance(bound.default, str):
        assert line.default == bound.default


def test_what_a_choice_is_unless_given() -> None:
    chosen = {line.name: line.default_code for line in INPUTS.values() if isinstance(line, Choice)}
    selected = {"choices.shown", "choices.base", "choices.gap_from", "choices.gap_to"}
    assert {name: code for name, code in chosen.items() if name not in selected} == DEFAULT_CODES


def test_every_input_is_written_down() -> None:
    assert {name for name, line in INPUTS.items() if not isinstance(line, (Choice, RowText))} == set(BOUNDS)


def test_constants() -> None:
    lines = (*MODEL.lines, *COMPARISON.lines)
    held = {line.name: line.value for line in lines if isinstance(line, Constant) and "." in line.name}
    assert {name: value for name, value in held.items() if not name.startswith(("checks.", "warnings."))} == CONSTANTS


@pytest.mark.parametrize("check", [*MODEL.verdicts, *COMPARISON.verdicts], ids=lambda check: check.attribute)
def test_how_firmly_two_sides_must_agree(check: Check) -> None:
    assert (check.rule, check.tolerance.value) == CHECKS[check.attribute]


def test_words_for_what_is_no_number() -> None:
    lines = [line for model in (MODEL, COMPARISON) for line in model.lines if line.states and "." in line.name]
    held = {line.name: line.states for line in lines if not line.name.startswith(("checks.", "warnings."))}
    assert held == STATES
