"""The same run found twice: in two files of a tool, or in a table that somebody made from its results."""

from __future__ import annotations

import math
import os.path
from collections.abc import Iterable, Sequence
from pathlib import Path

from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import Notice

# A table made by hand rounds to three digits.
_ROUNDED = 0.005
# Rates that are the same but for rounding are in one step of their logarithm, or in two beside each other.
_STEP = 2 * _ROUNDED

_TABLE = "table"
# What is made from a result beside it, and rounded.
_ROUNDED_TOOLS = (_TABLE, "console")


def without_copies(points: Sequence[Point]) -> tuple[list[Point], list[Notice]]:
    """Each run once: the first of equal points, and a tool's own result rather than a row of a table."""
    first: dict[tuple[object, ...], Point] = {}
    kept: list[Point] = []
    same_as: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        same = first.setdefault(_key(point), point)
        if same is point:
            kept.append(point)
        else:
            same_as.setdefault((point.file, same.file), []).append(point)
    kept = _without_conversions(kept, same_as)
    results = _by_load(point for point in kept if point.tool not in _ROUNDED_TOOLS)
    left: list[Point] = []
    for point in kept:
        original = _original(point, results) if point.tool in _ROUNDED_TOOLS else None
        if original is None:
            left.append(point)
        else:
            same_as.setdefault((point.file, original.file), []).append(point)
    return left, list(_told(same_as))


def _without_conversions(points: Sequence[Point], same_as: dict[tuple[str, str], list[Point]]) -> list[Point]:
    """Of a result and its conversion into another tool's report, the one that says its GPUs, or the first."""
    best: dict[tuple[object, ...], Point] = {}
    for point in points:
        key = _measured(point)
        known = best.setdefault(key, point)
        if known.tool != point.tool and known.gpus_per_instance is None and point.gpus_per_instance is not None:
            best[key] = point
    left: list[Point] = []
    for point in points:
        chosen = best[_measured(point)]
        # Two runs of one tool may agree by chance; what one tool wrote of a run in two files was found above.
        if chosen is point or chosen.tool == point.tool or {chosen.tool, point.tool} & {*_ROUNDED_TOOLS}:
            left.append(point)
        else:
            same_as.setdefault((point.file, chosen.file), []).append(point)
    return left


def _measured(point: Point) -> tuple[object, ...]:
    """What a conversion leaves as it was, up to the last digits."""
    numbers = [point.rps, point.ttft.avg, point.ttft.p99]
    if point.ttft.avg is None:
        numbers = [point.rps, point.latency.avg, point.latency.p99]
    if None in numbers[:2]:
        return (id(point),)
    return tuple(None if value is None else f"{value:.6g}" for value in numbers)


def _told(same_as: dict[tuple[str, str], list[Point]]) -> Iterable[Notice]:
    by_file: dict[str, list[tuple[str, list[Point]]]] = {}
    for (file, other), copies in same_as.items():
        by_file.setdefault(file, []).append((other, copies))
    for file, found in by_file.items():
        count = sum(len(copies) for _, copies in found)
        what = f"{count} points are the same runs" if count > 1 else "the same run"
        where = found[0][0] if len(found) == 1 else f"{len(found)} other files, {found[0][0]} the first"
        yield Notice(file, f"{what} as in {where}; counted once.", found[0][1][0].line)


def _key(point: Point) -> tuple[object, ...]:
    return (
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
        point.ttft.p50,
        point.ttft.p99,
        point.itl.avg,
    )


_Load = tuple[float | None, float | None, int]


def _by_load(points: Iterable[Point]) -> dict[_Load, list[tuple[int, Path, Point]]]:
    """Results by their load and about their rate, with their place in the order and their absolute path."""
    found: dict[_Load, list[tuple[int, Path, Point]]] = {}
    for number, point in enumerate(points):
        # Files may be given once relative and once absolute.
        place = Path(os.path.abspath(point.file))
        found.setdefault(_load(point), []).append((number, place, point))
    return found


def _load(point: Point, beside: int = 0) -> _Load:
    rate = math.floor(math.log(point.rps) / _STEP) if point.rps else 0
    return point.concurrency, point.request_rate, rate + beside


def _original(row: Point, results: dict[_Load, list[tuple[int, Path, Point]]]) -> Point | None:
    """The result in the folder of the table, or below, that the row was made from."""
    alike = [one for beside in (-1, 0, 1) for one in results.get(_load(row, beside), ())]
    if not alike:
        return None
    folder = Path(os.path.abspath(row.file)).parent
    for _, place, point in sorted(alike, key=lambda one: one[0]):
        if folder in place.parents and _agree(row, point):
            return point
    return None


def _agree(row: Point, point: Point) -> bool:
    """Whether the rates and all mean latencies that both know are the same but for rounding."""
    pairs = [(row.ttft.avg, point.ttft.avg), (row.latency.avg, point.latency.avg), (row.itl.avg, point.itl.avg)]
    pairs += [(row.ttft.p99, point.ttft.p99), (row.latency.p99, point.latency.p99)]
    known = [(one, other) for one, other in pairs if one is not None and other is not None]
    # A table may hold the time per token of the file, where the reader has put it right.
    agreeing = [pair for pair in known if _near(*pair)]
    return bool(agreeing) and len(known) - len(agreeing) <= 1 and _near(row.rps, point.rps)


def _near(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= _ROUNDED * max(abs(one), abs(other))
