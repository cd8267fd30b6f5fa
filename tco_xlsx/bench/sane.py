"""Whether a point can be true: zeros that mean "not measured", wrong units, broken laws, duplicates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from tco_xlsx.bench.point import STATISTICS, Latency, Point
from tco_xlsx.bench.reading import Notice
from tco_xlsx.errors import Fault

LATENCIES = ("ttft", "itl", "latency")

NUMBERS = (
    "gpus_per_instance",
    "concurrency",
    "request_rate",
    "isl",
    "osl",
    "isl_asked",
    "osl_asked",
    "completed",
    "failed",
    "duration_s",
    "rps",
    "output_tps",
)

# A count of 0 is a count; everywhere else a tool that measured nothing wrote the 0.
_MAY_BE_ZERO = frozenset(("completed", "failed"))

# No server answers in a tenth of a millisecond, and nobody waits half an hour: the unit is wrong.
TTFT_BOUNDS_MS = (0.1, 30 * 60 * 1000.0)
# 20,000 tokens per second to one user, and one token in ten seconds.
ITL_BOUNDS_MS = (0.05, 10_000.0)

# Little's law: requests in flight = rate x latency. The samples lie between 0.7 (short runs, which ramp up
# and drain) and 1.02; an error of unit is a factor of a thousand.
LITTLE_BOUNDS = (0.6, 1.15)

# Output tokens per second are rps x OSL exactly, in all tools but one; more is rounding of small numbers.
TOKENS_TOLERANCE = 0.05

# No mean latency is longer than the run; the rest is rounding.
DURATION_TOLERANCE = 1.05

# TTFT + ITL x (OSL - 1) is the latency within 3 %, in small uneven runs within 61 %.
DECODE_BOUNDS = (0.6, 1.7)

# A server that turns away one request in twenty is not one to be sized by.
FAILED_SHARE = 0.05

# Two percentiles of a CSV of two decimals may change places by their rounding.
ORDER_TOLERANCE = 1.001


@dataclass
class Sane:
    """What is left of the points, and why the others are not."""

    points: list[Point] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check(points: Sequence[Point]) -> Sane:
    """Normalises and checks points (ms, per second): no 0 that stands for "not measured" is left."""
    found = Sane()
    for raw in points:
        point = _normalised(raw)
        faults = [Fault(point.file, point.line, 0, message) for message in _impossible(point)]
        found.faults += faults
        refusal = _refusal(point)
        if faults:
            continue
        if refusal:
            found.notices.append(_notice(point, refusal))
            continue
        found.notices += [_notice(point, message) for message in _odd(point)]
        found.points.append(point)
    return _without_duplicates(found)


def named(point: Point) -> str:
    """How messages call a point, beside its file: by its load when the file holds several."""
    load = ""
    if point.concurrency is not None:
        load = f"concurrency {point.concurrency:g}"
    elif point.request_rate is not None:
        load = f"{point.request_rate:g} requests/s"
    if not point.index or point.line:
        return load
    return f"point {point.index + 1}{f', {load}' if load else ''}"


def _notice(point: Point, message: str) -> Notice:
    name = named(point)
    return Notice(point.file, f"{name}: {message}" if name else message, point.line)


def _normalised(point: Point) -> Point:
    changed: dict[str, Any] = {
        name: _measured(getattr(point, name), name in _MAY_BE_ZERO) for name in NUMBERS
    }
    for name in LATENCIES:
        latency: Latency = getattr(point, name)
        changed[name] = Latency(**{key: _measured(getattr(latency, key), False) for key in STATISTICS})
    return replace(point, **changed)


def _measured(value: float | None, may_be_zero: bool) -> float | None:
    if value is None or not math.isfinite(value) or (value == 0.0 and not may_be_zero):
        return None
    return value


def _impossible(point: Point) -> Iterator[str]:
    """What no measurement gives, in words."""
    for name in NUMBERS:
        value = getattr(point, name)
        if value is not None and value < 0:
            yield f"{name}: {value:g} is negative; correct the file or leave it out."
    for name in LATENCIES:
        for key in STATISTICS:
            value = getattr(getattr(point, name), key)
            if value is not None and value < 0:
                yield f"{name} {key}: {value:g} ms is negative; correct the file or leave it out."
    for name, bounds in (("ttft", TTFT_BOUNDS_MS), ("itl", ITL_BOUNDS_MS)):
        latency: Latency = getattr(point, name)
        value = latency.avg if latency.avg is not None else latency.p50
        if value is not None and value >= 0 and not bounds[0] <= value <= bounds[1]:
            yield (
                f"{name}: {value:g} ms is outside {bounds[0]:g} to {bounds[1]:g} ms; "
                "is the unit right? Correct the file or leave it out."
            )


def _refusal(point: Point) -> str | None:
    """Why a point cannot be used, though nothing in it is wrong."""
    if point.completed == 0:
        failed = f" ({point.failed:g} failed)" if point.failed else ""
        return f"no request was completed{failed}; point left out."
    if point.rps is None:
        return "no requests per second in the file; point left out."
    if point.concurrency is None and all(getattr(point, name) == Latency() for name in LATENCIES):
        return "neither a latency nor a concurrency in the file; point left out."
    return None


def _odd(point: Point) -> Iterator[str]:
    """What a person should look at, in words."""
    for name in LATENCIES:
        latency: Latency = getattr(point, name)
        known = [(key, value) for key in STATISTICS[1:] if (value := getattr(latency, key)) is not None]
        for (low, smaller), (high, larger) in pairwise(known):
            if smaller > larger * ORDER_TOLERANCE:
                yield f"{name}: {low} ({smaller:g} ms) is above {high} ({larger:g} ms)."
    yield from _broken_laws(point)
    if point.completed is not None and point.failed:
        share = point.failed / (point.completed + point.failed)
        if share > FAILED_SHARE:
            yield f"{point.failed:g} of {point.completed + point.failed:g} requests failed ({share:.0%})."


def _broken_laws(point: Point) -> Iterator[str]:
    latency = point.latency.avg if point.latency.avg is not None else point.latency.p50
    derived, whole = _decoded(point)
    if latency is not None and derived is not None and whole:
        ratio = derived / latency
        if not DECODE_BOUNDS[0] <= ratio <= DECODE_BOUNDS[1]:
            yield f"TTFT + ITL x (OSL - 1) is {ratio:.3g} times the latency; is a unit wrong?"
    if latency is not None:
        yield from _little(point, latency, whole=True)
    elif derived is not None:
        yield from _little(point, derived, whole)
    if point.output_tps is not None and point.osl is not None and point.rps is not None:
        ratio = point.output_tps / (point.rps * point.osl)
        if abs(ratio - 1) > TOKENS_TOLERANCE:
            yield f"output tokens/s are {ratio:.3g} times requests/s x OSL; do they count input tokens too?"


def _little(point: Point, latency: float, whole: bool) -> Iterator[str]:
    """Requests in flight against the load and the run. A latency that is not the whole is a lower bound."""
    in_flight = (point.rps or 0.0) * latency / 1000
    if point.concurrency is not None:
        low, high = LITTLE_BOUNDS
        ratio = in_flight / point.concurrency
        if ratio > high or (whole and ratio < low):
            yield (
                f"requests/s x latency is {ratio:.3g} times the concurrency, expected {low:g} to {high:g} "
                "(Little's law); is a unit wrong, or was the run too short?"
            )
    elif point.completed is not None and in_flight > point.completed * DURATION_TOLERANCE:
        yield (
            f"requests/s x latency is {in_flight:.4g} requests in flight, but the run had only "
            f"{point.completed:g} (Little's law); is a unit wrong?"
        )
    if point.duration_s is not None and latency / 1000 > point.duration_s * DURATION_TOLERANCE:
        run = f"{point.duration_s:.4g} s"
        yield f"the latency ({latency:.4g} ms) is longer than the run ({run}); is a unit wrong?"


def _decoded(point: Point) -> tuple[float | None, bool]:
    """The latency by its parts, and whether that is all of it: the TTFT alone is a lower bound."""
    if point.ttft.avg is None:
        return None, False
    if point.itl.avg is None or point.osl is None:
        return point.ttft.avg, False
    return point.ttft.avg + point.itl.avg * max(0.0, point.osl - 1), True


def _without_duplicates(found: Sane) -> Sane:
    first: dict[tuple[object, ...], Point] = {}
    points: list[Point] = []
    same_as: dict[tuple[str, str], list[Point]] = {}
    for point in found.points:
        key = (
            point.tool,
            point.model,
            point.gpu_type,
            point.isl,
            point.osl,
            point.concurrency,
            point.request_rate,
            point.rps,
            point.duration_s,
            # Rounded tables may agree in all of the above and still be different runs.
            point.ttft.avg,
            point.latency.avg,
        )
        same = first.setdefault(key, point)
        if same is point:
            points.append(point)
        else:
            same_as.setdefault((point.file, same.file), []).append(point)
    for (file, other), copies in same_as.items():
        what = f"{len(copies)} points are the same runs" if len(copies) > 1 else "the same run"
        found.notices.append(Notice(file, f"{what} as in {other}; counted once.", copies[0].line))
    return Sane(points, found.notices, found.faults)
