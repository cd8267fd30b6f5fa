"""Which points have requests of the same lengths: by what was asked for, else by how near the measured means are.

The lengths of one data set differ by rounding and by which requests a run drew; those of another workload by more
than a tenth. A kind is written "1000 / 200", or with the range of its means, "152 / 121 to 123".
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tco_xlsx.bench.points.point import Point

NEAR = 0.1
"""The share by which lengths of one kind may be from the next, and those of a workload from those measured."""

# A chain of near neighbours is no longer one data set when its ends are this far apart.
_WIDEST = 1.25

Range = tuple[float, float]

_RANGE = r"(\d+)(?:\s*to\s*(\d+))?"
_KIND = re.compile(rf"\s*{_RANGE}\s*[/_x:]\s*{_RANGE}\s*$", re.ASCII | re.IGNORECASE)


def kinds_of(points: Sequence[Point]) -> list[str | None]:
    """The kind of each point, as text; None where a length is not known. The order of the points does not matter."""
    lengths = tuple(
        _Lengths(
            [getattr(point, f"{name}_asked") or None for point in points],
            [getattr(point, name) or 0.0 for point in points],
        )
        for name in ("isl", "osl")
    )
    known = [place for place in range(len(points)) if all(each.known(place) for each in lengths)]
    texts: list[str | None] = [None] * len(points)
    for group in _groups(known, lengths):
        text = " / ".join(each.in_words(group) for each in lengths)
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


@dataclass(frozen=True)
class _Lengths:
    """One length of each point: as asked for, and as measured."""

    asked: Sequence[float | None]
    measured: Sequence[float]

    def known(self, place: int) -> bool:
        return bool(self.asked[place] or self.measured[place])

    def in_words(self, group: Sequence[int]) -> str:
        """The number asked for; else the range of what was measured."""
        asked = next((wanted for place in group if (wanted := self.asked[place])), None)
        lengths = [self.measured[place] for place in group] if asked is None else [asked]
        low, high = (f"{end(lengths):.0f}" for end in (min, max))
        return low if low == high else f"{low} to {high}"

    def parts(self, group: Sequence[int]) -> list[list[int]]:
        """The group by each number asked for, with what was only measured near one; the rest by nearness."""
        asked: dict[float, list[int]] = {}
        free: list[int] = []
        for place in group:
            wanted = self.asked[place]
            if wanted:
                asked.setdefault(wanted, []).append(place)
            else:
                free.append(place)
        if not asked:
            return self._chains(free)
        numbers = sorted(asked)
        left: list[int] = []
        for place in free:
            length = self.measured[place]
            after = bisect(numbers, length)
            nearest = min(numbers[max(0, after - 1) : after + 1], key=lambda wanted: abs(wanted - length))
            if abs(nearest - length) <= NEAR * nearest:
                asked[nearest].append(place)
            else:
                left.append(place)
        return [*asked.values(), *self._chains(left)]

    def _chains(self, places: Sequence[int]) -> list[list[int]]:
        """Places whose lengths are near their neighbours', and not too far from the shortest."""
        chains: list[list[int]] = []
        first = last = 0.0
        for place in sorted(places, key=self.measured.__getitem__):
            here = self.measured[place]
            if chains and here <= last * (1 + NEAR) and here <= first * _WIDEST:
                chains[-1].append(place)
            else:
                chains.append([place])
                first = here
            last = here
        return chains


def _groups(places: Sequence[int], lengths: Sequence[_Lengths]) -> Iterator[list[int]]:
    """Places of points of one kind. What parts one length may part the other again."""
    # With each group the number of lengths in a row by which it was whole.
    waiting = [(list(places), 0, 0)] if places else []
    while waiting:
        group, which, whole = waiting.pop()
        if len(group) == 1 or whole == len(lengths):
            yield group
            continue
        parts = lengths[which].parts(group)
        # A part cannot be parted again by the same length.
        waiting += [(part, (which + 1) % len(lengths), whole + 1 if len(parts) == 1 else 1) for part in parts]
