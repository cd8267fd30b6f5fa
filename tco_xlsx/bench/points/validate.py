"""Whether a point can be true: zeros that mean "not measured", wrong units, broken laws, duplicates.

What is found falls into four kinds, by what a person has to do about it:

- Fault, which stops the run: a number that nothing can measure (negative; a TTFT below 0.1 ms or above half
  an hour, an ITL below 0.05 ms or above 10 s). The file must be put right or left out.
- Refusal, a notice: nothing to size by (no request completed, no requests per second). The point is dropped.
- Suspicion, a notice, and a reason in `Point.suspicious`: the numbers contradict each other as a wrong unit,
  another quantity or a failed run would make them. The point is kept and shown; who costs points leaves it
  out, unless the user names its `label`. Suspicious are:
    percentiles out of order, or out of proportion to their mean (more than a mean allows, or a third of it);
    Little's law broken by more than ramps and idling explain: above 1.5 or below 0.2 times the concurrency,
      more requests in flight than the run had, a latency longer than the run;
    TTFT + ITL x (OSL - 1) below a third of, or above three times the latency; percentiles of a part far above those
      of the whole; a TTFT, a latency or tokens faster
      than any server, as seconds in a field of milliseconds are;
    rates that are known twice and differ by a factor above two; half as many completed again as were sent;
    more than one request in twenty failed;
    throughput more than 5 % below that of a lower load of the same sweep (`series`);
    a GPU count that no instance has.
- Oddity, a notice only: the same laws, broken by less than that (short runs, uneven lengths), lengths that
  are not those asked for, less than a twentieth of the rate asked for, an ITL that is the gap between
  packets. The point is believed.

The limits stand with their reasons in `doubts` and `series`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tco_xlsx.bench.files.json_values import word
from tco_xlsx.bench.points import sweep_laws as series
from tco_xlsx.bench.points.derived_latency import held_to_little
from tco_xlsx.bench.points.duplicates import without_copies
from tco_xlsx.bench.points.exact_rate import exact
from tco_xlsx.bench.points.laws import FAILED_SHARE, FASTEST_TOKEN_MS, LATENCIES, LITTLE_BOUNDS, doubts
from tco_xlsx.bench.points.point import STATISTICS, Latency, Point, altered
from tco_xlsx.bench.points.raw_runs import joined
from tco_xlsx.bench.points.reading import Notice
from tco_xlsx.documents.errors import Fault

__all__ = ["FAILED_SHARE", "LATENCIES", "LITTLE_BOUNDS", "NUMBERS", "Sane", "check", "named"]

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
    "incomplete",
    "duration_s",
    "rps",
    "output_tps",
    "total_tps",
)

_TEXTS = ("trial", "tool_version", "model", "gpu_type", "precision", "engine", "setup", "source")

# A count of 0 is a count; everywhere else a tool that measured nothing wrote the 0.
_MAY_BE_ZERO = frozenset(("completed", "failed", "incomplete"))

# No server answers in a tenth of a millisecond, and nobody waits half an hour: the unit is wrong.
TTFT_BOUNDS_MS = (0.1, 30 * 60 * 1000.0)
# 20,000 tokens per second to one user, and one token in ten seconds.
ITL_BOUNDS_MS = (FASTEST_TOKEN_MS, 10_000.0)

_LEFT_OUT = " Not costed unless it is named."


@dataclass
class Sane:
    """What is left of the points, and why the others are not."""

    points: list[Point] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check(points: Sequence[Point]) -> Sane:
    """Normalises and checks points (ms, per second): no 0 that stands for "not measured" is left."""
    runs, told = joined(points)
    found = Sane(notices=told)
    for raw in runs:
        point = _mended(_normalised(raw), found.notices)
        faults = [Fault(point.file, point.line, 0, message) for message in _impossible(point)]
        found.faults += faults
        refusal = _refusal(point)
        if faults:
            continue
        if refusal:
            found.notices.append(_notice(point, refusal))
            continue
        reasons: list[str] = []
        for doubt in doubts(point):
            found.notices.append(_notice(point, doubt.message + (_LEFT_OUT if doubt.suspicious else "")))
            if doubt.suspicious:
                reasons.append(doubt.message)
        # A table of the normal form brings reasons along, which are found again here.
        if reasons:
            point = altered(point, suspicious=tuple(dict.fromkeys((*point.suspicious, *reasons))))
        found.points.append(point)
    found.points, copies = without_copies(found.points)
    found.points, falls = series.marked(found.points)
    found.notices += copies
    found.notices += [_notice(point, reason + _LEFT_OUT) for point, reason in falls]
    return found


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
    changed: dict[str, Any] = {}
    for name in NUMBERS:
        value = getattr(point, name)
        if value is not None and (measured := _measured(value, name in _MAY_BE_ZERO)) is not value:
            changed[name] = measured
    for name in _TEXTS:
        text = getattr(point, name)
        # Whatever reader it came from, and by whatever way.
        if text is not None and not text.isprintable():
            changed[name] = word(text)
    for name in LATENCIES:
        latency: Latency = getattr(point, name)
        if any(not _measured(value, False) for key in STATISTICS if (value := getattr(latency, key)) is not None):
            changed[name] = Latency(**{key: _measured(getattr(latency, key), False) for key in STATISTICS})
    return altered(point, **changed) if changed else point


def _mended(point: Point, notices: list[Notice]) -> Point:
    """The point with what its own figures give more exactly, each said."""
    point, note = exact(point)
    if note is not None:
        notices.append(_notice(point, f"{note}."))
    if not point.latency_derived:
        return point
    # The concurrency may be known only now, from a note or the scenario.
    latency, note = held_to_little(point.latency, point.rps, point.concurrency)
    if note is None:
        return point
    notices.append(_notice(point, f"{note}."))
    return altered(point, latency=latency, notes=(*point.notes, note))


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
