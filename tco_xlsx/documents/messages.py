"""Words for messages about what a user wrote: the thing itself, what was probably meant, what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tco_xlsx.documents.errors import did_you_mean
from tco_xlsx.documents.located_yaml import scalar_of
from tco_xlsx.documents.text_out import one_line

_GROUPED = re.compile(r"[-+]?\d{1,3}([,_ ]\d{3})+(\.\d+)?")
_PERCENT = re.compile(r"([-+]?\d+(\.\d+)?) ?%")
# A file of digits by mistake must not fill the screen.
_LONGEST_SHOWN = 60
_LONGEST_READ = 1_000
_MOST_NAMES = 30


def suggestion(word: str, known: Iterable[str]) -> str:
    """The nearest known word, or all of them."""
    listed = list(known)
    return did_you_mean(word, listed) or f" There are {enumerated(listed)}."


def enumerated(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    """Names after each other; of many the first ones, and how many more there are."""
    told = ", ".join(shown(name)[1:-1] for name in names[:most])
    return f"{told} and {len(names) - most:,} more" if len(names) > most else told


def shown(value: object) -> str:
    """A value as the user wrote it, cut short and without control characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "a mapping"
    try:
        text = str(value)[:_LONGEST_READ]
    except ValueError:
        # Python refuses to write out an integer of more than some thousand digits.
        return "a number of very many digits"
    text = text if text.isprintable() else one_line(text)
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[:_LONGEST_SHOWN]}..."
    return f'"{text}"' if isinstance(value, str) else text


_MOST_LISTED = 24
"""Of a list, such as the hours of a day."""


def amount(value: object, bare: bool = False) -> str:
    """A value as a person reads it, cut short; `bare` without separators of thousands."""
    if value is None:
        return "" if bare else "empty"
    if isinstance(value, (list, tuple)) and all(isinstance(one, (int, float)) or one is None for one in value):
        told = [amount(one, bare=True) or "empty" for one in value[:_MOST_LISTED]]
        more = [f"and {len(value) - _MOST_LISTED:,} more"] if len(value) > _MOST_LISTED else []
        return f"[{', '.join(told + more)}]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.15g}" if bare else f"{value:,.15g}"
    text = shown(value)
    return text[1:-1] if isinstance(value, str) and text[:1] == text[-1:] == '"' else text


def number_hint(value: object) -> str:
    """What to write instead of a text that a person would read as a number."""
    if not isinstance(value, str):
        return ""
    if _GROUPED.fullmatch(value):
        return f" Write {re.sub('[,_ ]', '', value)}."
    percent = _PERCENT.fullmatch(value)
    if percent:
        return f" Write {float(percent[1]) / 100:g}."
    if isinstance(scalar_of(value), (int, float)):
        return " Write it without quotes."
    return " Write the digits alone, such as 1234.5." if any(character.isdigit() for character in value) else ""
