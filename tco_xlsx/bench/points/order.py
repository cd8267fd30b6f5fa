"""Points in the order that a person reads them in: a sweep together, its loads from low to high."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.sweep_laws import sweep_of

_DIGITS = re.compile(r"(\d+)")


def in_order(points: Iterable[Point]) -> list[Point]:
    """By the path without its load, the configuration, the lengths asked for, the load, and the place in the file."""
    return sorted(points, key=_key)


def _key(point: Point) -> tuple[object, ...]:
    texts = (point.model, point.gpu_type, point.precision, point.engine, point.setup)
    load = point.concurrency if point.concurrency is not None else point.request_rate
    return (
        natural(sweep_of(point)),
        tuple(text or "" for text in texts),
        point.gpus_per_instance or 0.0,
        point.isl_asked or 0.0,
        point.osl_asked or 0.0,
        point.load_kind,
        load or 0.0,
        natural(point.file),
        point.index,
    )


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key by which "run2" comes before "run16"."""
    parts = _DIGITS.split(text)
    return tuple((int(part), "") if place % 2 else (-1, part.casefold()) for place, part in enumerate(parts))
