"""Numbers as people and spreadsheets write them in a table."""

from __future__ import annotations

import math
import re

_BLANK = frozenset(
    (
        "",
        "-",
        "--",
        "\u2013",
        "\u2014",
        "n/a",
        "na",
        "#n/a",
        "nan",
        "none",
        "null",
        "inf",
        "+inf",
        "-inf",
        "infinity",
    )
)
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?$", re.ASCII)


class NotANumber(Exception):
    """The cell holds something, but no number; the text says what to write."""


def is_blank(value: object) -> bool:
    """Whether a cell says "not measured": empty, "-", "N/A" and the like."""
    return value is None or (isinstance(value, str) and value.strip().lower() in _BLANK)


def cell_number(value: object, commas: bool = True) -> float | None:
    """The number in a cell, None when it is blank. Raises NotANumber.

    `commas`: a comma separates thousands ("1,019.69" is 1019.69). In a table whose columns are
    separated by semicolons it may as well be a decimal comma, so there it is refused.
    """
    if isinstance(value, str) and _PLAIN.match(value):
        result = float(value)
        return result if math.isfinite(result) else None
    if is_blank(value):
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            result = float(value)
        except OverflowError:
            return None
        return result if math.isfinite(result) else None
    if not isinstance(value, str):
        raise NotANumber(f"{value!s:.40} is not a number; write digits with a decimal point")
    text = value.strip()
    if _THOUSANDS.match(text) and commas:
        text = text.replace(",", "")
    if _PLAIN.match(text):
        result = float(text)
        return result if math.isfinite(result) else None
    if "," in text:
        raise NotANumber(f'"{text:.40}" may be read in two ways; write a decimal point and no thousands separator')
    raise NotANumber(f'"{text:.40}" is not a number; write digits with a decimal point, or leave the cell empty')
