"""Several trials of one load, averaged into one point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from tco_xlsx.bench.points.laws import LATENCIES
from tco_xlsx.bench.points.point import STATISTICS, Latency, Point
from tco_xlsx.bench.points.validate import NUMBERS

_SAME = (
    "tool",
    "measured",
    "model",
    "gpu_type",
    "gpus_per_instance",
    "precision",
    "engine",
    "setup",
    "itl_kind",
    "streaming",
    "concurrency",
    "request_rate",
    "isl_asked",
    "osl_asked",
)
"""What trials of the same load agree in."""


def merge_trials(points: Iterable[Point]) -> list[Point]:
    """One point for the trials of each load: plain means; what one trial lacks, the mean lacks.

    Points without a trial, and single trials, are handed on. The order is that of the first trials.
    """
    groups: dict[tuple[object, ...], list[Point]] = {}
    for place, point in enumerate(points):
        groups.setdefault(_key(point, place), []).append(point)
    return [group[0] if len(group) == 1 else _mean(group) for group in groups.values()]


def _key(point: Point, place: int) -> tuple[object, ...]:
    if point.trial is None:
        return (place,)
    # Two sweeps in two folders stay two sweeps; the trial is a part of the path in most layouts.
    return (point.file.replace(point.trial, "*"), *(getattr(point, name) for name in _SAME))


def _mean(group: Sequence[Point]) -> Point:
    changed: dict[str, Any] = {name: _of([getattr(point, name) for point in group]) for name in NUMBERS}
    for name in LATENCIES:
        latencies: list[Latency] = [getattr(point, name) for point in group]
        changed[name] = Latency(**{key: _of([getattr(item, key) for item in latencies]) for key in STATISTICS})
    # One doubtful trial makes the mean doubtful.
    reasons = dict.fromkeys(reason for point in group for reason in point.suspicious)
    notes = dict.fromkeys(note for point in group for note in point.notes)
    notes[f"mean of {len(group)} trials"] = None
    return replace(group[0], **changed, trial=None, suspicious=tuple(reasons), notes=tuple(notes))


def _of(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if len(known) == len(values) else None
