"""What is odd about a point on its own: laws that measurements keep, and numbers that units break.

Each finding says whether it makes the point suspicious; `sane` says by which rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tco_xlsx.bench.points.point import STATISTICS, Latency, Point

LATENCIES = ("ttft", "itl", "latency")

# Little's law: requests in flight = rate x latency. The samples lie between 0.7 (short runs, which ramp up
# and drain) and 1.02, and down to 0.31 with a harness that idles between rounds.
LITTLE_BOUNDS = (0.6, 1.15)
# Nothing is half as much again in flight as was sent, and no harness idles four fifths of the time.
LITTLE_SUSPICIOUS = (0.2, 1.5)

# Output tokens per second are rps x OSL exactly, in all tools but one; more is rounding of small numbers.
TOKENS_TOLERANCE = 0.05
# Twice or half is another thing measured: input tokens too, or one GPU of several.
RATE_SUSPICIOUS = (0.5, 2.0)

# No mean latency is longer than the run; the rest is rounding.
DURATION_TOLERANCE = 1.05

# TTFT + ITL x (OSL - 1) is the latency within 3 %, in small uneven runs within 61 %.
DECODE_BOUNDS = (0.6, 1.7)
DECODE_SUSPICIOUS = (1 / 3, 3.0)

# A server that turns away one request in twenty is not one to be sized by: who retries loads it with more.
FAILED_SHARE = 0.05

# Two percentiles of a CSV of two decimals may change places by their rounding.
ORDER_TOLERANCE = 1.001

# Of 100 requests with a mean of 1, at most 1 / 0.01 can be the 99th percentile (Markov), and so on.
_MOST_OVER_MEAN = {"p50": 2.0, "p90": 10.0, "p95": 20.0, "p99": 100.0}
_MEAN_TOLERANCE = 1.1
# A few stalled requests may lift the mean above a percentile, but hardly to three times the 90th.
_LEAST_OVER_MEAN = {"p50": 0.01, "p90": 1 / 3, "p95": 1 / 3, "p99": 1 / 3}

# Faster than 20,000 tokens per second to one user: no server answers like that.
FASTEST_TOKEN_MS = 0.05

# 4,000 tokens per second to one user: the fastest services reach 3,000 with chips of their own, a small model on a
# GPU some 1,000. Seconds given as milliseconds are a thousand times below what GPUs do, most of them below this.
FASTEST_BELIEVED_TOKEN_MS = 0.25
# A request over HTTP, its tokens, one forward pass: some 5 ms for the smallest model, 3 ms without a server between.
SHORTEST_ANSWER_MS = 2.0

# The lengths of a run are those asked for, or half of them when they are drawn; more is another workload.
LENGTH_FACTOR = 2.0

# The largest instances served today span some hundred GPUs; the smallest are a seventh of one.
GPUS_BOUNDS = (0.1, 512.0)

# Bursts lift the 99th percentile to a hundred times the median, a unit to a thousand times.
_MOST_OVER_MEDIAN = 200.0

# An overloaded server completes a fifth of what is sent, hardly a twentieth.
_LEAST_OF_RATE = 0.05


@dataclass(frozen=True)
class Doubt:
    """Something odd about a point."""

    message: str
    suspicious: bool = False


def doubts(point: Point) -> Iterator[Doubt]:
    """All that is odd about a point of which nothing is impossible."""
    yield from _too_fast(point)
    for name in LATENCIES:
        yield from _statistics(name, getattr(point, name))
    yield from _parts(point)
    yield from _percentiles_of_parts(point)
    yield from _little(point)
    yield from _rates(point)
    yield from _asked(point)
    if point.completed is not None and point.failed:
        share = point.failed / (point.completed + point.failed)
        if share > FAILED_SHARE:
            counts = f"{point.failed:g} of {point.completed + point.failed:g} requests failed"
            yield Doubt(f"{counts} ({share:.0%}).", suspicious=True)
    if point.itl_kind != "tpot" and point.itl != Latency():
        yield Doubt(
            "the ITL is the gap between packets, which may carry several tokens: it is not the time per "
            "output token and should not be held against a limit for it."
        )


def _statistics(name: str, latency: Latency) -> Iterator[Doubt]:
    known = [(key, value) for key in STATISTICS[1:] if (value := getattr(latency, key)) is not None]
    for (low, smaller), (high, larger) in pairwise(known):
        if smaller > larger * ORDER_TOLERANCE:
            yield Doubt(f"{name}: {low} ({smaller:g} ms) is above {high} ({larger:g} ms).", suspicious=True)
    if latency.avg is None:
        if latency.p50 and latency.p99 and latency.p99 > latency.p50 * _MOST_OVER_MEDIAN:
            ratio = latency.p99 / latency.p50
            yield Doubt(f"{name}: p99 ({latency.p99:g} ms) is {ratio:.3g} times the median; is a unit wrong?")
        return
    for key, value in known:
        ratio = value / latency.avg
        if ratio > _MOST_OVER_MEAN[key] * _MEAN_TOLERANCE:
            most = _MOST_OVER_MEAN[key]
            yield Doubt(
                f"{name}: {key} ({value:g} ms) is {ratio:.3g} times the mean, and can be at most {most:g}; "
                "is a unit wrong?",
                suspicious=True,
            )
        elif ratio < _LEAST_OVER_MEAN[key]:
            yield Doubt(
                f"{name}: {key} ({value:g} ms) is only {ratio:.2g} times the mean ({latency.avg:g} ms); "
                "is a unit wrong, or did a few requests stall?",
                suspicious=True,
            )


def _too_fast(point: Point) -> Iterator[Doubt]:
    """Figures below what any server does: seconds, mostly, where milliseconds are meant."""
    asked = "are they seconds instead of milliseconds, or is the server a mock?"
    for name, words in (("ttft", "TTFT"), ("latency", "latency")):
        value = middle(getattr(point, name))
        if value is not None and value < SHORTEST_ANSWER_MS:
            yield Doubt(f"a {words} of {value:g} ms is shorter than any server answers in; {asked}", suspicious=True)
    value = middle(point.itl)
    if value is not None and value < FASTEST_BELIEVED_TOKEN_MS and point.itl_kind == "tpot":
        yield Doubt(
            f"an ITL of {value:g} ms is {1000 / value:,.0f} tokens/s to one user, faster than any server; {asked}",
            suspicious=True,
        )


def _parts(point: Point) -> Iterator[Doubt]:
    latency = middle(point.latency)
    if latency is None:
        return
    derived, whole = decoded(point)
    if derived is not None and whole and not point.latency_derived:
        ratio = derived / latency
        if not DECODE_BOUNDS[0] <= ratio <= DECODE_BOUNDS[1]:
            yield Doubt(
                f"TTFT + ITL x (OSL - 1) is {ratio:.3g} times the latency; is a unit wrong?",
                suspicious=not _within(ratio, DECODE_SUSPICIOUS),
            )
    elif point.ttft.avg is not None and point.latency.avg is not None:
        ratio = point.ttft.avg / point.latency.avg
        if ratio > DECODE_BOUNDS[1]:
            yield Doubt(f"the TTFT is {ratio:.3g} times the latency; is a unit wrong?", suspicious=True)
    if point.osl is not None and point.osl > 1 and latency / point.osl < FASTEST_BELIEVED_TOKEN_MS:
        yield Doubt(
            f"a latency of {latency:g} ms for {point.osl:g} output tokens is faster than any server; is a unit wrong?",
            suspicious=True,
        )


def _percentiles_of_parts(point: Point) -> Iterator[Doubt]:
    """No request waits longer for its first token, or for any other, than for all of them; so no percentile does."""
    for name, words in (("ttft", "TTFT"), ("itl", "ITL")):
        if getattr(point, name).avg is not None:
            continue  # The mean is held against that of the latency, and the percentiles against the mean.
        for statistic in STATISTICS[1:]:
            part, whole = getattr(getattr(point, name), statistic), getattr(point.latency, statistic)
            if part is not None and whole and part > whole * DECODE_BOUNDS[1]:
                yield Doubt(
                    f"the {statistic} of the {words} ({part:g} ms) is {part / whole:.3g} times that of the latency "
                    f"({whole:g} ms); is a unit wrong?",
                    suspicious=True,
                )
                break


def _little(point: Point) -> Iterator[Doubt]:
    """Requests in flight against the load and the run. A latency that is not the whole is a lower bound."""
    latency, whole = middle(point.latency), True
    if latency is None:
        latency, whole = decoded(point)
    if latency is None:
        return
    in_flight = (point.rps or 0.0) * latency / 1000
    if point.concurrency is not None:
        low, high = LITTLE_BOUNDS
        ratio = in_flight / point.concurrency
        if ratio > high or (whole and ratio < low):
            yield Doubt(
                f"requests/s x latency is {ratio:.3g} times the concurrency, expected {low:g} to {high:g} "
                "(Little's law); is a unit wrong, or was the run too short?",
                suspicious=ratio > LITTLE_SUSPICIOUS[1] or (whole and ratio < LITTLE_SUSPICIOUS[0]),
            )
    elif point.completed is not None and in_flight > point.completed * DURATION_TOLERANCE:
        yield Doubt(
            f"requests/s x latency is {in_flight:.4g} requests in flight, but the run had only "
            f"{point.completed:g} (Little's law); is a unit wrong?",
            suspicious=True,
        )
    if point.duration_s is not None and latency / 1000 > point.duration_s * DURATION_TOLERANCE:
        run = f"{point.duration_s:.4g} s"
        yield Doubt(f"the latency ({latency:.4g} ms) is longer than the run ({run}); is a unit wrong?", suspicious=True)


def _rates(point: Point) -> Iterator[Doubt]:
    """Rates against each other: each is known twice in most files."""
    rps = point.rps
    if rps is None:
        return
    if point.output_tps is not None and point.osl is not None:
        ratio = point.output_tps / (rps * point.osl)
        yield from _rate(
            ratio, f"output tokens/s are {ratio:.3g} times requests/s x OSL; do they count input tokens too?"
        )
    if point.total_tps is not None and point.osl is not None and point.isl is not None:
        ratio = point.total_tps / (rps * (point.isl + point.osl))
        yield from _rate(ratio, f"all tokens/s are {ratio:.3g} times requests/s x (ISL + OSL); is a unit wrong?")
    if point.completed is not None and point.duration_s is not None:
        counted = point.completed / point.duration_s
        ratio = rps / counted if counted else 1.0
        yield from _rate(
            ratio,
            f"requests/s are {ratio:.3g} times the completed requests by the duration ({counted:.4g}); "
            "is a unit wrong?",
        )
    if point.request_rate is not None and rps > point.request_rate * LITTLE_BOUNDS[1]:
        yield Doubt(
            f"more requests/s were completed ({rps:.4g}) than were sent ({point.request_rate:g}); is a unit wrong?",
            suspicious=rps > point.request_rate * LITTLE_SUSPICIOUS[1],
        )
    elif point.request_rate is not None and rps < point.request_rate * _LEAST_OF_RATE:
        yield Doubt(
            f"only {rps:.4g} requests/s were completed of {point.request_rate:g} asked for; "
            "was the server overloaded, or is a unit wrong?"
        )


def _rate(ratio: float, message: str) -> Iterator[Doubt]:
    if abs(ratio - 1) > TOKENS_TOLERANCE:
        yield Doubt(message, suspicious=not _within(ratio, RATE_SUSPICIOUS))


def _asked(point: Point) -> Iterator[Doubt]:
    """What was measured against what was asked for, and GPUs against what there is."""
    for name, measured, asked in (("ISL", point.isl, point.isl_asked), ("OSL", point.osl, point.osl_asked)):
        if measured is not None and asked is not None:
            ratio = measured / asked
            if not _within(ratio, (1 / LENGTH_FACTOR, LENGTH_FACTOR)):
                yield Doubt(
                    f"the {name} is {measured:.4g}, {ratio:.2g} times the {asked:g} asked for: "
                    "costs are those of the workload that was run."
                )
    gpus = point.gpus_per_instance
    if gpus is not None and not _within(gpus, GPUS_BOUNDS):
        yield Doubt(f"one instance uses {gpus:g} GPUs; is that right?", suspicious=True)


def middle(latency: Latency) -> float | None:
    """The mean, or the median of a file that gives no mean."""
    return latency.avg if latency.avg is not None else latency.p50


def decoded(point: Point) -> tuple[float | None, bool]:
    """The latency by its parts, and whether that is all of it: the TTFT alone is a lower bound."""
    ttft = point.ttft.avg
    if ttft is None:
        return None, False
    if point.itl.avg is None or point.osl is None or point.itl_kind != "tpot":
        return ttft, False
    return ttft + point.itl.avg * max(0.0, point.osl - 1), True


def _within(ratio: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= ratio <= bounds[1]
