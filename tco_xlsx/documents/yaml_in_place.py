"""One value of a YAML text replaced where it stands: every other character, comments too, stays as it is."""

from __future__ import annotations

import json
import math
import re
from typing import TypeAlias

from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.located_yaml import Located, parse_yaml, scalar_of
from tco_xlsx.documents.messages import shown

Scalar: TypeAlias = "str | int | float | bool | None"
NewValue: TypeAlias = "Scalar | list[Scalar] | tuple[Scalar, ...]"

# Neither a word of YAML's own nor one that ends early between brackets.
_BARE = re.compile(r"\w([\w ./()+-]*[\w./()+-])?")
_MOST_EXACT = 1e15


class NotInPlace(Exception):
    """Why a value cannot be replaced where it stands, in words that follow its name: `is used in two places ...`."""


def replaced(text: str, place: Located, new: NewValue) -> str:
    """The text with another value at a place of it: a scalar or a list of scalars for another.

    `place` comes from parsing that same text. A text keeps its quotes, a list of as many values the comments between
    them. What is written is read again: all other values are the same. Raises NotInPlace where that cannot be.
    """
    if place.shared:
        raise NotInPlace("is written once and used in several places, by an alias; write it out where it is to differ.")
    if isinstance(place.value, dict):
        raise NotInPlace("is a mapping; one of its values can be replaced, not all of it.")
    items = place.value if isinstance(place.value, list) else None
    if items is not None and isinstance(new, (list, tuple)) and len(items) == len(new):
        # From behind, so that the places before it stay.
        for item, value in reversed(list(zip(items, new, strict=True))):
            if _exactly(item.plain()) != _exactly(value):
                text = replaced(text, item, value)
        return text
    start, end = place.start, place.end
    before = text[start:end]
    written = _written(new, before)
    if items is not None and not before.startswith("["):
        start, written = _beside_its_key(text, place, written)
    elif start == end and text[start - 1 : start].strip():
        written = f" {written}"
    changed = text[:start] + written + text[end:]
    _prove(text, changed, place, new)
    return changed


def _written(new: NewValue, before: str) -> str:
    if isinstance(new, (list, tuple)):
        return f"[{', '.join(_written(one, '') for one in new)}]"
    if new is None:
        return "null"
    if isinstance(new, bool):
        return "true" if new else "false"
    if isinstance(new, (int, float)):
        if not math.isfinite(new):
            raise NotInPlace(f"cannot become {new}.")
        return f"{new:.0f}" if new == int(new) and abs(new) < _MOST_EXACT else repr(new)
    if before.startswith("'") and new.isprintable():
        return "'" + new.replace("'", "''") + "'"
    is_bare = _BARE.fullmatch(new) and isinstance(scalar_of(new), str) and not before.startswith('"')
    return new if is_bare else json.dumps(new, ensure_ascii=False)


def _beside_its_key(text: str, place: Located, written: str) -> tuple[int, str]:
    """A list of a line a value becomes one between brackets, on the line of its key."""
    if "#" in text[place.start : place.end]:
        raise NotInPlace("is a list with comments between its values; another number of values would lose them.")
    start = len(text[: place.start].rstrip())
    return start, f" {written}"


def _prove(before: str, after: str, place: Located, new: NewValue) -> None:
    """Refuse a text whose other values are not the same as before, or whose new value is read as another."""
    old_tree = parse_yaml(before, "")
    if not any(_is_at(one, place) for one in _all(old_tree)):
        raise NotInPlace("does not stand where it stood: the text has changed.")
    try:
        now = parse_yaml(after, "").plain()
    except BadInput as refused:
        raise NotInPlace(f"cannot become {shown(new)} where it stands: {refused.faults[0].message}") from None
    if _exactly(now) != _exactly(_with(old_tree, place, new)):
        raise NotInPlace(f"cannot become {shown(new)} where it stands; write it by hand.")


def _exactly(value: object) -> object:
    """A value as one that equals only the same: no truth is a number, and what is no number equals itself."""
    if isinstance(value, dict):
        return {key: _exactly(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exactly(item) for item in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "number", str(float(value))
    return type(value).__name__, value


def _with(tree: Located, place: Located, new: object) -> object:
    if _is_at(tree, place):
        return new
    if isinstance(tree.value, dict):
        return {key: _with(item, place, new) for key, item in tree.value.items()}
    if isinstance(tree.value, list):
        return [_with(item, place, new) for item in tree.value]
    return tree.value


def _is_at(one: Located, place: Located) -> bool:
    return (one.start, one.end, type(one.value)) == (place.start, place.end, type(place.value)) and (
        one.plain() == place.plain()
    )


def _all(tree: Located) -> list[Located]:
    below = tree.value.values() if isinstance(tree.value, dict) else tree.value if isinstance(tree.value, list) else ()
    return [tree, *(part for item in below for part in _all(item))]
