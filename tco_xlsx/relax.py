"""Which limit to relax, and to what, when no benchmark point is within all of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tco_xlsx.evaluate import Values
from tco_xlsx.lines import Choice, Model

_LIMITS = {"ttft": "service.max_ttft_ms", "itl": "service.max_itl_ms", "latency": "service.max_latency_ms"}


@dataclass(frozen=True)
class Relaxation:
    """Limits to set so that one point is within all: line name -> limit in ms; and the point's concurrency."""

    limits: dict[str, float]
    concurrency: float | None


def relaxations(model: Model, values: Values, scenario: int = 0) -> list[Relaxation]:
    """The smallest change of each single limit that would do, or else the point that needs the least in all.

    Empty when a point is within the limits already, or when no limit helps (nothing was measured).
    """
    points = [_missed(model, values, scenario, index) for index in range(values.cases[scenario].length("point"))]
    missed = [(needs, index) for index, needs in enumerate(points) if needs is not None]
    if not missed or any(not needs for needs, _ in missed):
        return []
    concurrency = model.by_name["points.concurrency"]
    singles = []
    for name in _LIMITS.values():
        alone = [(needs[name], index) for needs, index in missed if set(needs) == {name}]
        if alone:
            least, index = min(alone)
            singles.append(Relaxation({name: _up(least)}, values.value(concurrency, scenario, index)))
    if singles:
        return singles

    def effort(needs: dict[str, float]) -> float:
        given = {name: values.value(model.by_name[name], scenario) or 1.0 for name in needs}
        return sum(needs[name] / given[name] for name in needs)

    needs, index = min(missed, key=lambda one: effort(one[0]))
    least_in_all = {name: _up(limit) for name, limit in needs.items()}
    return [Relaxation(least_in_all, values.value(concurrency, scenario, index))]


def why_no_point(model: Model, values: Values, scenario: int = 0) -> str:
    """What to say when there is no operating point: what would help, or what is missing."""
    offers = relaxations(model, values, scenario)
    if offers:
        told = "; or ".join(_told(offer, model, values, scenario) for offer in offers)
        return f"no benchmark point is within the limits. Relax {told}."
    if values.value(model.by_name["performance.counting_points"], scenario) == 0 and values.cases[scenario].points:
        return (
            "no benchmark point counts: each is of another configuration or suspicious. See `bench` for the reasons;"
            " `configuration` picks, `benchmark.accept` overrules."
        )
    unmeasured = [
        f"{values.code(_statistic(model, name), scenario)} of {name}"
        for name, limit in _LIMITS.items()
        if values.value(model.by_name[limit], scenario) is not None
        and values.value(model.by_name["points.rps"], scenario) is not None
        and all(
            values.value(model.by_name[f"points.{name}"], scenario, index) is None
            for index in range(values.cases[scenario].length("point"))
        )
    ]
    if unmeasured:
        missing = " and ".join(unmeasured)
        return f"no benchmark point is within the limits: the files do not hold {missing}. Choose another statistic."
    return "there is no operating point: give a benchmark, or performance.manual_rps and performance.manual_gpus."


def _told(offer: Relaxation, model: Model, values: Values, scenario: int) -> str:
    parts = [
        f"{name} from {values.value(model.by_name[name], scenario):g} to {limit:g}"
        for name, limit in offer.limits.items()
    ]
    at = "" if offer.concurrency is None else f" (the point at concurrency {offer.concurrency:g})"
    return " and ".join(parts) + at


def _missed(model: Model, values: Values, scenario: int, index: int) -> dict[str, float] | None:
    """The limits that a point misses and what they would have to be; None when one is not measured at all, or when
    the point does not count (another configuration, or suspicious)."""
    if values.value(model.by_name["points.counts"], scenario, index) != 1:
        return None
    needs: dict[str, float] = {}
    for name, limit in _LIMITS.items():
        verdict = values.value(model.by_name[f"points.{name}_verdict"], scenario, index)
        if verdict == 1:
            continue
        measured = values.value(model.by_name[f"points.{name}"], scenario, index)
        if measured is None:
            return None
        needs[limit] = measured
    return needs


def _statistic(model: Model, name: str) -> Choice:
    line = model.by_name[f"service.{name}_statistic"]
    assert isinstance(line, Choice)
    return line


def _up(limit: float) -> float:
    """A limit that a person would set: whole ms, rounded up."""
    return float(math.ceil(limit))
