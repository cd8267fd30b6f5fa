"""What a person should know of the points that a scenario uses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import Notice, Reading

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")


# A terminal scrolls past more of them unread, and a second goes by for each five hundred.
MOST_SHOWN = 1_000


def suspicions(points: Iterable[Point], every: bool = True) -> list[str]:
    """Why points are not to be believed, a line each, by the name to accept them with; not `every` one, those with
    the same reason but for its numbers are one line."""
    groups: dict[str, list[Point]] = {}
    for point in points:
        if point.suspicious:
            reasons = "; ".join(point.suspicious)
            groups.setdefault(point.name if every else _NUMBER.sub("#", reasons), []).append(point)
    told: list[str] = []
    for first, *others in groups.values():
        many = f" and {len(others)} more points (-v names each)" if others else ""
        reasons = "; ".join(first.suspicious)
        told.append(f"suspicious: {first.name}{many}: {reasons} (benchmark.accept with this name overrules)")
    more = [f"suspicious: {len(told) - MOST_SHOWN:,} more points"] if len(told) > MOST_SHOWN else []
    return told[:MOST_SHOWN] + more


def notes(points: Iterable[Point], notices: Iterable[Notice], every: bool = False) -> list[str]:
    """What a person should know of a benchmark: counted, or `every` note in full."""
    listed = [f"note: {notice}" for notice in notices] if every else grouped_notices(notices)
    return [*suspicions(points, every), *listed]


def grouped_notices(notices: Iterable[Notice]) -> list[str]:
    """Notices as lines, those that say the same of many files in one."""
    return [f"note: {group}" for group in Reading(notices=list(notices)).grouped_notices()]
