"""A rate that was rounded when it was written down, where the same file holds what it was made of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tco_xlsx.bench.points.point import Point

# Nearer than this nobody sees a difference.
_SAME = 1e-4
# In a window these tools count other requests than those of the duration; `guidellm_rate` decides.
_OTHER_WINDOWS = ("guidellm",)


def exact(point: Point) -> tuple[Point, str | None]:
    """The point with completed requests / duration as its rate, where rounding explains the difference; and a note.

    A rate of 0.01 stands for all from 0.005 to 0.015. What lies outside is a contradiction, and is left to `doubts`.
    """
    rps, completed, duration = point.rps, point.completed, point.duration_s
    if rps is None or not completed or not duration or point.tool in _OTHER_WINDOWS:
        return point, None
    counted = completed / duration
    rounding = _half_a_digit(rps)
    if abs(counted / rps - 1) <= _SAME or abs(counted - rps) > rounding * (1 + 1e-9):
        return point, None
    # A duration written as 100 s may be 100.4 s: then the rate is the more exact of the two.
    if _half_a_digit(duration) / duration >= rounding / rps:
        return point, None
    note = f"requests/s are {completed:g} / {duration:g} s = {counted:.6g}; {rps:g} in the file is rounded"
    return replace(point, rps=counted, notes=(*point.notes, note)), note


def _half_a_digit(value: float) -> float:
    """Half a unit of the last digit that a number is written with; whole numbers may be rounded to whole ones."""
    text = repr(value).removesuffix(".0")
    exponent = Decimal(text).as_tuple().exponent
    return 0.5 * 10.0 ** min(0, exponent) if isinstance(exponent, int) else 0.0
