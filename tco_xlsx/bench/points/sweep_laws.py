"""Points that are one sweep, and whether its throughput falls as its load rises.

Beyond its knee a server completes as much as before, later. One that completes less was starved, broke
down or was measured wrongly: costs by that point would be those of a broken server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tco_xlsx.bench.points.point import Point, altered

FALL = 0.05
"""The share by which throughput may be below that of a lower load: more than two runs of one load differ."""

# What tells the runs of one sweep apart in their paths: the load, the repetition, the time.
_LOAD = re.compile(
    r"(?<![a-z0-9])(?:max[-_])?(?:concurrency|conc|con|c|streams|request[-_]rate|rate|qps|rps|stage|run|trial|np|n)"
    r"[-_=]?\d+(?:\.\d+)?|\d+(?:\.\d+)?(?:qps|rps)|(?<![a-z0-9])\d{6,}(?![a-z0-9])|(?<=[/\\])\d+(?=\.[a-z]+$)",
    re.IGNORECASE,
)
# Measured lengths of one sweep differ a little, those of two sweeps a lot.
_SAME_LENGTH = 1.25


def marked(points: Sequence[Point]) -> tuple[list[Point], list[tuple[Point, str]]]:
    """The points, those at which throughput falls made suspicious; and these with their reasons."""
    reasons: dict[int, str] = {}
    for series in _series(list(enumerate(points))):
        reasons |= dict(_falls(series))
    changed = [
        altered(point, suspicious=tuple(dict.fromkeys((*point.suspicious, reasons[place]))))
        if place in reasons
        else point
        for place, point in enumerate(points)
    ]
    return changed, [(changed[place], reason) for place, reason in sorted(reasons.items())]


def _falls(series: Sequence[tuple[int, Point]]) -> Iterator[tuple[int, str]]:
    best: Point | None = None
    by_load: dict[float, list[tuple[int, Point]]] = {}
    for place, point in series:
        by_load.setdefault(_load(point)[1], []).append((place, point))
    for _, here in sorted(by_load.items()):
        for place, point in here:
            if best is not None and _rps(point) < _rps(best) * (1 - FALL):
                yield (
                    place,
                    f"throughput falls as the load rises: {_rps(point):.4g} requests/s, "
                    f"after {_rps(best):.4g} at {_named(best)}.",
                )
        for _, point in here:
            # A rate that is not to be believed is no standard for the others.
            if not point.suspicious and (best is None or _rps(point) > _rps(best)):
                best = point


def _series(points: Iterable[tuple[int, Point]]) -> Iterator[list[tuple[int, Point]]]:
    groups: dict[tuple[object, ...], list[tuple[int, Point]]] = {}
    for place, point in points:
        # An estimator lists many configurations of the same GPUs, which are no sweep.
        if point.measured and point.rps and _load(point)[1]:
            groups.setdefault(_key(point), []).append((place, point))
    for group in groups.values():
        for same_isl in _by_length(group, "isl"):
            yield from (series for series in _by_length(same_isl, "osl") if len(series) > 1)


def _by_length(group: list[tuple[int, Point]], name: str) -> Iterator[list[tuple[int, Point]]]:
    def length(point: Point) -> float:
        return getattr(point, f"{name}_asked") or getattr(point, name) or 0.0

    cluster: list[tuple[int, Point]] = []
    for place, point in sorted(group, key=lambda item: (length(item[1]), item[0])):
        if cluster and length(point) > length(cluster[0][1]) * _SAME_LENGTH:
            yield cluster
            cluster = []
        cluster.append((place, point))
    yield cluster


def sweep_of(point: Point) -> str:
    """The path of a point without what tells the runs of one sweep apart."""
    return _LOAD.sub("*", point.source or point.file)


def _key(point: Point) -> tuple[object, ...]:
    return (
        point.tool,
        sweep_of(point),
        point.model,
        point.gpu_type,
        point.gpus_per_instance,
        point.precision,
        point.engine,
        point.setup,
        point.streaming,
        _load(point)[0],
    )


def _load(point: Point) -> tuple[str, float]:
    return point.load_kind, point.concurrency or point.request_rate or 0.0


def _rps(point: Point) -> float:
    return point.rps or 0.0


def _named(point: Point) -> str:
    kind, load = _load(point)
    return f"concurrency {load:g}" if kind == "concurrency" else f"{load:g} requests/s asked for"
