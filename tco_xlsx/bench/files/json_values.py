"""Values out of JSON whose shape is not known: what is not there, or is something else, is None."""

from __future__ import annotations

import math
import re

_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$", re.ASCII)
# Control characters and non-characters cannot stand in a workbook, lone surrogates cannot be written at all.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


class BareWord(str):
    """NaN or Infinity as Python writes them into JSON, without quotes: neither a number nor a text."""

    __slots__ = ()


def at(value: object, *keys: str) -> object:
    """What stands under nested keys, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def number(value: object) -> float | None:
    """A finite number, also when written as text ("550"); None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and not _NUMBER.match(value):
        return None
    try:
        result = float(value)
    except (OverflowError, ValueError):
        return None
    return result if math.isfinite(result) else None


def word(value: object) -> str | None:
    """A text that says something, without control characters; None for anything else."""
    if not isinstance(value, str) or isinstance(value, BareWord):
        return None
    return _UNPRINTABLE.sub(" ", value).strip() or None
