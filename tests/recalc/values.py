"""The value of a cell as every engine reports it, so that their answers can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

#: A sheet's name and an A1 address without dollars: ("Inputs", "C7").
Address: TypeAlias = tuple[str, str]

#: What a test may write into a constant cell; None empties it and keeps its style.
Constant: TypeAlias = float | int | str | bool | None

#: Written over cached values: no model produces it, so finding it afterwards means "not recalculated".
POISON_NUMBER = -987654.321
POISON_TEXT = "POISON"


class Err(NamedTuple):
    """A cell's error, by its Excel name. A type of its own: the text "#DIV/0!" is not an error."""

    name: str

    def __str__(self) -> str:
        return self.name


Value: TypeAlias = float | str | bool | Err | None
Values: TypeAlias = Mapping[Address, Value]

_PARTS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]*)")


def row_and_column(cell: str) -> tuple[int, int]:
    """("C7") -> (7, 3), both counted from one."""
    match = _PARTS.fullmatch(cell)
    if match is None:
        raise ValueError(f"{cell!r} is not a cell address such as C7")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def address(row: int, column: int) -> str:
    """(7, 3) -> "C7"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
