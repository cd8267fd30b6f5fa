"""Which name was probably meant by one that there is not.

A guess never crosses units: sixty times wrong is not near.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from tco_xlsx.documents.errors import nearest
from tco_xlsx.documents.messages import enumerated
from tco_xlsx.language.lines import Line

# What a word of a name says of its unit: the kind, and how many of the smallest there are in one.
_UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("rps", "qps"), ("requests in a second", 1.0)),
    **dict.fromkeys(("rpm", "qpm"), ("requests in a second", 1 / 60)),
    **dict.fromkeys(("rph", "qph"), ("requests in a second", 1 / 3600)),
    "rpd": ("requests in a second", 1 / 86_400),
    **dict.fromkeys(("us", "micros"), ("ms", 0.001)),
    **dict.fromkeys(("ms", "millis", "milliseconds"), ("ms", 1.0)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("ms", 1000.0)),
    **dict.fromkeys(("hour", "hours", "hourly", "h"), ("for a year", 8760.0)),
    **dict.fromkeys(("day", "days", "daily"), ("for a year", 365.0)),
    **dict.fromkeys(("month", "months", "monthly"), ("for a year", 12.0)),
    **dict.fromkeys(("year", "years", "yearly", "annual"), ("for a year", 1.0)),
    "1m": ("of 1M tokens", 1.0),
    **dict.fromkeys(("1k", "1000"), ("of 1M tokens", 1000.0)),
    **dict.fromkeys(("percent", "pct"), ("as a share, 0.2 for 20 %", 0.01)),
    "share": ("as a share, 0.2 for 20 %", 1.0),
}
_OF_MODEL = {
    "request/s": "rps", "request/s/instance": "rps", "ms/request": "ms", "ms/token": "ms", "year": "years",
    "share": "share", "money/1M tokens": "1m", "money/server/year": "year", "money/licence/year": "year",
    "money/year": "year",
}  # fmt: skip
"""The word for a unit of the model."""
_OWNERS = frozenset(("gpu", "server", "instance"))
"""An amount for one of these is not an amount for another."""
_DURATIONS = ("months", "days", "hours")
_FAR = 0.8
"""How near a name of another section must be."""
_MOST_LISTED = 8
_SAME = {
    "isl": "input_tokens", "osl": "output_tokens", "qps": "rps", "avg": "average", "tpot": "itl", "license": "licence",
    "utilization": "utilisation", "e2e": "latency", "lifetime": "life",
}  # fmt: skip
"""Words of the field for words of the model."""


@dataclass(frozen=True)
class Guess:
    """What to say, and the one name that was probably meant, if it is one."""

    hint: str = ""
    name: str = ""


@dataclass(frozen=True)
class _Known:
    """A name that there is: its words without a unit, and the word for its unit."""

    name: str
    words: frozenset[str]
    unit: str | None

    @cached_property
    def last(self) -> str:
        return self.name.rpartition(".")[2]

    @cached_property
    def owners(self) -> frozenset[str]:
        """What it is an amount for."""
        return _owners(self.last.split("_"))


def guess(word: str, lines: Iterable[Line]) -> Guess:
    """What was meant by a word among lines: the same last part, the same thing in another unit, those that hold the
    word, or the nearest. `word` may have a section before it."""
    known = [_known(line) for line in lines]
    section, _, last = word.rpartition(".")
    own = [one for one in known if section and one.name.rpartition(".")[0] == section]
    found = _same_word(last, section, known)
    for among in (own, known):
        found = found or _other_unit(last, among) or _nearest(last, among, _FAR if own and among is known else 0)
    if not found and section and not own:
        near = nearest(word, [one.name for one in known if not _crosses(last, one)])
        found = Guess(f" Did you mean {near}?", near) if near else None
    return found or Guess(_listed(_holding(last, known)))


@lru_cache(maxsize=4096)
def _known(line: Line) -> _Known:
    words, unit = _apart(line.name.rpartition(".")[2])
    return _Known(line.name, words, _OF_MODEL.get(line.unit, unit))


def _same_word(last: str, section: str, known: Sequence[_Known]) -> Guess | None:
    """The one name that ends so; of several, or where others have the word in them, the first one and all others.

    Sections that all others build on come first in the model: `servers` alone is rather the fleet's than a year's.
    """
    alike = [one.name for one in known if one.last == last]
    if not alike:
        return None
    if len(alike) > 1:
        return Guess(_listed(alike) if section else f" Did you mean {alike[0]}?{_listed(alike[1:])}")
    others = [name for name in _holding(last, known) if name != alike[0]]
    is_near = bool(section) and bool(nearest(section, [alike[0].rpartition(".")[0]]))
    if "_" in last or is_near or not others:
        return Guess(f" Did you mean {alike[0]}?", alike[0])
    # A single word such as "price" may be any of them.
    return Guess(f" Did you mean {alike[0]}?{_listed(others)}")


def _other_unit(last: str, known: Sequence[_Known]) -> Guess | None:
    """The same words in another unit of the same kind."""
    words, unit = _apart(last)
    if unit is None:
        return None
    for one in known:
        if one.unit is not None and _UNITS[one.unit] != _UNITS[unit] and _speak_alike(words, unit, one):
            kind, size = _UNITS[unit]
            factor = size / _UNITS[one.unit][1]
            is_duration = unit in _DURATIONS and one.unit == "years"
            factor = 1 / factor if is_duration else factor
            change = f"multiply by {factor:,.4g}" if factor >= 1 else f"divide by {1 / factor:,.4g}"
            given = "in years" if is_duration else f"in {kind}" if kind == "ms" else kind
            return Guess(f" There is {one.name}, {given}: {change}.", one.name)
    return None


def _speak_alike(words: frozenset[str], unit: str, one: _Known) -> bool:
    same_kind = one.unit is not None and _UNITS[one.unit][0] == _UNITS[unit][0]
    return same_kind and bool(words) and bool(one.words) and (words <= one.words or one.words <= words)


def _nearest(last: str, known: Sequence[_Known], least: float) -> Guess | None:
    """The name whose last part is nearest, in no other unit, and at `least` so near."""
    translated = "_".join(_SAME.get(piece, piece) for piece in last.split("_"))
    parts = {one.last: one.name for one in reversed(known) if not _crosses(last, one)}
    near = translated if translated in parts else nearest(translated, parts)
    if not near or SequenceMatcher(None, near, translated).ratio() < least:
        return None
    return Guess(f" Did you mean {parts[near]}?", parts[near])


def _holding(last: str, known: Sequence[_Known]) -> list[str]:
    """Those that have a word of it in their name."""
    words = set(last.split("_")) - {"per", "of", "max", "1m"}
    return [one.name for one in known if words & set(one.last.split("_"))]


def _listed(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f" There {'is' if len(names) == 1 else 'are'} {enumerated(names, _MOST_LISTED)}."


def _crosses(last: str, one: _Known) -> bool:
    """Whether two names have different units, as far as they say, or are for different things."""
    words, unit = _apart(last)
    if one.owners and (owners := _owners(words)) and not owners & one.owners:
        return True
    return unit is not None and one.unit is not None and _UNITS[unit] != _UNITS[one.unit]


def _owners(words: Iterable[str]) -> frozenset[str]:
    return _OWNERS & {word.removesuffix("s") for word in words}


@lru_cache(maxsize=4096)
def _apart(last: str) -> tuple[frozenset[str], str | None]:
    """A name's words without its unit, and the unit."""
    words = last.lower().split("_")
    unit = next((word for word in reversed(words) if word in _UNITS), None)
    return frozenset(_SAME.get(word, word) for word in words if word not in _UNITS and word != "per"), unit
