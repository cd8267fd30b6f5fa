"""Which points have requests of the same lengths: by what was asked for, else by how near the measured means are.

The lengths of one data set differ by rounding and by which requests a run drew; those of another workload by more
than a tenth. A kind is written "1000 / 200", or with the range of its means, "152 / 121 to 123".
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence

from tco_xlsx.bench.point import Point

NEAR = 0.1
"""The share by which lengths of one kind may be from the next, and those of a workload from those measured."""

# A chain of near neighbours is no longer one data set when its ends are this far apart.
_WIDEST = 1.25

Range = tuple[float, float]

_RANGE = r"(\d+)(?:\s*to\s*(\d+))?"
_KIND = re.compile(rf"\s*{_RANGE}\s*[/_x:]\s*{_RANGE}\s*$", re.ASCII | re.IGNORECASE)


def kinds_of(points: Sequence[Point]) -> list[str | None]:
    """The kind of each point, as text; None where a length is not known. The order of the points does not matter."""
    known = [place for place, point in enumerate(points) if _length(point, "isl") and _length(point, "osl")]
    texts: list[str | None] = [None] * len(points)
    for group in _groups(known, points):
        text = " / ".join(_in_words([points[place] for place in group], name) for name in ("isl", "osl"))
        for place in group:
            texts[place] = text
    return texts


def ranges_of(text: str) -> tuple[Range, Range] | None:
    """Tokens in and out of a kind, each from and to; None for what is not the text of a kind."""
    match = _KIND.match(text)
    if not match:
        return None
    low_in, high_in, low_out, high_out = match.groups()
    return (float(low_in), float(high_in or low_in)), (float(low_out), float(high_out or low_out))


def resolved(asked: str, kinds: Sequence[str]) -> str | None:
    """The one kind that a person means by "152 / 122", in whatever spelling; None when it is none or several.

    A range changes when a run is added. So every pair within it, and every older range of it, names the kind.
    """
    exact = [kind for kind in kinds if kind.casefold() == asked.casefold()]
    if exact:
        return exact[0]
    wanted = ranges_of(asked)
    if wanted is None:
        return None
    found = [kind for kind in kinds if (held := ranges_of(kind)) and all(map(_overlap, held, wanted))]
    return found[0] if len(found) == 1 else None


def is_near(kind: str, isl: float, osl: float) -> bool:
    """Whether a workload is of the lengths of a kind, but for a tenth."""
    held = ranges_of(kind)
    return held is not None and all(
        low - NEAR * want <= want <= high + NEAR * want for (low, high), want in zip(held, (isl, osl), strict=True)
    )


def _overlap(one: Range, other: Range) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _length(point: Point, name: str) -> float:
    asked: float | None = getattr(point, f"{name}_asked")
    measured: float | None = getattr(point, name)
    return asked or measured or 0.0


def _in_words(points: Sequence[Point], name: str) -> str:
    """The number asked for; else the range of what was measured."""
    asked = next((wanted for point in points if (wanted := getattr(point, f"{name}_asked"))), None)
    lengths = [_length(point, name) for point in points] if asked is None else [asked]
    low, high = (f"{end(lengths):.0f}" for end in (min, max))
    return low if low == high else f"{low} to {high}"


def _groups(places: Sequence[int], points: Sequence[Point]) -> Iterator[list[int]]:
    """Places of points of one kind. What parts one length may part the other again."""
    waiting = [list(places)] if places else []
    while waiting:
        group = waiting.pop()
        for name in ("isl", "osl"):
            parts = _parts(group, points, name)
            if len(parts) > 1:
                waiting += parts
                break
        else:
            yield group


def _parts(group: Sequence[int], points: Sequence[Point], name: str) -> list[list[int]]:
    """The group by one length: by each number asked for, and what was only measured near one, or near its like."""
    asked: dict[float, list[int]] = {}
    free: list[int] = []
    for place in group:
        wanted: float | None = getattr(points[place], f"{name}_asked")
        if wanted:
            asked.setdefault(wanted, []).append(place)
        else:
            free.append(place)
    numbers = sorted(asked)
    left: list[int] = []
    for place in free:
        length = _length(points[place], name)
        after = bisect(numbers, length)
        nearest = min(numbers[max(0, after - 1) : after + 1], key=lambda wanted: abs(wanted - length), default=None)
        if nearest is not None and abs(nearest - length) <= NEAR * nearest:
            asked[nearest].append(place)
        else:
            left.append(place)
    return [*asked.values(), *_chains(left, lambda place: _length(points[place], name))]


def _chains(places: Sequence[int], length: Callable[[int], float]) -> list[list[int]]:
    """Places whose lengths are near their neighbours', and not too far from the shortest."""
    chains: list[list[int]] = []
    for place in sorted(places, key=lambda place: (length(place), place)):
        here = length(place)
        if chains and here <= length(chains[-1][-1]) * (1 + NEAR) and here <= length(chains[-1][0]) * _WIDEST:
            chains[-1].append(place)
        else:
            chains.append([place])
    return chains
