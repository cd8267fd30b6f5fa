"""Several files that tell of the same run: a result, the summary of its sweep, a CSV made of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import ChosenFiles, FileReading, Notice

# Floats that went through a CSV may differ in their last digits, and runs differ in the first ones.
_DIGITS = 9


def without_copies(parts: tuple[FileReading, ...], kinds: Sequence[str]) -> ChosenFiles:
    """Each run once, from the first of `kinds` that holds it; parts of other kinds are handed on."""
    seen: dict[tuple[object, ...], FileReading] = {}
    left: dict[int, FileReading] = {}
    notices: list[Notice] = []
    for kind in kinds:
        for place, part in enumerate(parts):
            if part.kind != kind:
                continue
            fresh: list[Point] = []
            copies: dict[str, int] = {}
            for point in part.points:
                first = seen.setdefault(fingerprint(point), part)
                # Repeats inside one kind are for the general check, which compares more than a run.
                if first is part or first.kind == kind:
                    fresh.append(point)
                else:
                    copies[str(first.path)] = copies.get(str(first.path), 0) + 1
            if copies:
                count = sum(copies.values())
                what = f"{count} of its {len(part.points)} results" if fresh else "all of it"
                where = next(iter(copies)) if len(copies) == 1 else f"{len(copies)} files of single runs"
                notices.append(Notice(str(part.path), f"{what} read already from {where}; counted once."))
            if fresh or not part.points:
                left[place] = replace(part, points=tuple(fresh))
    rest = {place: part for place, part in enumerate(parts) if part.kind not in kinds}
    return ChosenFiles(tuple(part for _, part in sorted((left | rest).items())), tuple(notices))


def fingerprint(point: Point) -> tuple[object, ...]:
    """The measured numbers of a run: no two runs agree in all of them."""
    numbers = (
        point.rps,
        point.duration_s,
        point.completed,
        point.ttft.avg,
        point.ttft.p50,
        point.ttft.p99,
        point.itl.avg,
        point.itl.p50,
        point.latency.p50,
        point.latency.p99,
    )
    return tuple(None if value is None else float(f"{value:.{_DIGITS}g}") for value in numbers)
