"""An aggregated result and the raw file of the same run beside it: one point, with what each of them knows.

InferenceX writes `agg_<name>.json` from `<name>.json`. The raw file has the measured rate and lengths, which the
aggregate rounds to rates per GPU and nominal lengths; the aggregate has the GPUs, their type and the precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import Notice

_AGGREGATE, _RAW = "inferencex", "vllm"
# Milliseconds that went through seconds and back differ in the last digits only.
_DIGITS = 9

Key = tuple[float | str | None, ...]


def joined(points: Sequence[Point]) -> tuple[list[Point], list[Notice]]:
    """Each raw run with the facts of its aggregate, which is left out; other points as they are, in their order."""
    raw: dict[Key, list[int]] = {}
    for place, point in enumerate(points):
        if point.tool == _RAW and (key := _key(point)) is not None:
            raw.setdefault(key, []).append(place)
    changed = list(points)
    notices: list[Notice] = []
    dropped: set[int] = set()
    for place, point in enumerate(points):
        found = raw.get(key, []) if point.tool == _AGGREGATE and (key := _key(point)) is not None else []
        if not found:
            continue
        for other in found:
            changed[other] = _with_facts(changed[other], point)
        dropped.add(place)
        message = (
            f"the same run as in {points[found[0]].file}, whose figures are used; its GPUs and precision are read."
        )
        notices.append(Notice(point.file, message))
    return [point for place, point in enumerate(changed) if place not in dropped], notices


def _key(point: Point) -> Key | None:
    latencies = (point.ttft.avg, point.ttft.p50, point.ttft.p99, point.latency.avg, point.latency.p99)
    known = (*latencies, point.itl.p50, point.itl.p99)
    if point.ttft.avg is None and point.ttft.p50 is None:
        return None
    rounded = (None if value is None else float(f"{value:.{_DIGITS}g}") for value in (point.concurrency, *known))
    return tuple(rounded)


def _with_facts(run: Point, aggregate: Point) -> Point:
    gpus = aggregate.gpus_per_instance or run.gpus_per_instance
    note = f"GPUs, their type and the precision from {aggregate.file}"
    if aggregate.gpus_per_instance and run.gpus_per_instance not in (None, aggregate.gpus_per_instance):
        note += f" ({run.gpus_per_instance:g} GPUs by the raw file itself)"
    return replace(
        run,
        model=run.model or aggregate.model,
        gpu_type=aggregate.gpu_type or run.gpu_type,
        gpus_per_instance=gpus,
        gpu_source=aggregate.gpu_source if aggregate.gpus_per_instance else run.gpu_source,
        precision=aggregate.precision or run.precision,
        engine=aggregate.engine or run.engine,
        isl_asked=run.isl_asked or aggregate.isl_asked,
        osl_asked=run.osl_asked or aggregate.osl_asked,
        notes=(*run.notes, note),
    )
