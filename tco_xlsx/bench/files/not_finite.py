"""Figures that are no numbers: NaN, Infinity, 1e999, 400 digits. None is used, and none goes without a word."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from tco_xlsx.bench.files.json_values import BareWord

MOST_KEPT = 1000
"""Places remembered of one file."""

_SHOWN = 4
_WORD = re.compile(r"\s*[-+]?(?:nan|inf|infinity)\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$", re.ASCII)
# What a text must hold to be worth a walk: most files hold nothing of it.
_SIGN = re.compile(r"(?<![a-z])(?:nan|inf|infinity)(?![a-z])|\de\+?\d{3}|\d{300}", re.IGNORECASE)
# No limit at all: a load generator writes an infinite rate or concurrency for it.
_LOAD = re.compile(r"(?:^|_)(?:rate|concurrency|streams|qps|rps)(?:$|_)", re.IGNORECASE)
_WITHOUT_LIMIT = re.compile(r"\s*\+?(?:inf|infinity)\s*$", re.IGNORECASE)


def may_hold(text: str) -> bool:
    """Whether a text can hold such a figure at all."""
    return _SIGN.search(text) is not None


def said(value: object) -> str | None:
    """How such a figure is written, shortened; None for a finite number and for what is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{value}"
    if isinstance(value, int):
        return None if _is_float(value) else f"a number of {len(str(abs(value)))} digits"
    if isinstance(value, str):
        if isinstance(value, BareWord) or _WORD.match(value):
            return value.strip()
        if _NUMBER.match(value) and not _is_float(value):
            return value.strip() if len(value) < _LONGEST else f"a number of {len(value.strip())} characters"
    return None


_LONGEST = 30


def found(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Place and figure of each one below a value. Lists of plain numbers are those of single requests: not read."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            here = f"{place}.{key}" if place else f"{key}"
            if isinstance(item, (Mapping, list)):
                yield from found(item, here)
            elif (figure := said(item)) is not None and not is_no_limit(f"{key}", figure):
                yield here, figure
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, item in enumerate(value, start=1):
            if isinstance(item, (Mapping, list)):
                yield from found(item, f"{place}[{number}]")


def is_no_limit(name: str, figure: str) -> bool:
    """Whether an infinite load says that nothing limited it, as all tools write it."""
    return bool(_LOAD.search(name) and _WITHOUT_LIMIT.match(figure))


def message(places: Sequence[tuple[str, str]]) -> str:
    """A sentence that tells what was left out, and where."""
    shown = ", ".join(f"{place} is {figure}" for place, figure in places[:_SHOWN])
    more = f" (and {len(places) - _SHOWN} more)" if len(places) > _SHOWN else ""
    return f"no finite number, and left out: {shown}{more}; expected a number. Correct the file if it counts."


def _is_float(value: int | str) -> bool:
    try:
        return math.isfinite(float(value))
    except (OverflowError, ValueError):
        return False
