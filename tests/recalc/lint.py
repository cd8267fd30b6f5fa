"""What stands in a formula: for the rules of one formula per row, allowed functions and no constants."""

from __future__ import annotations

import re

from openpyxl.formula.tokenizer import Token, Tokenizer

from tests.recalc.values import row_and_column

_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]*)")
_COLUMN = re.compile(r"(\$?)([A-Za-z]{1,3})")
_ROW = re.compile(r"(\$?)([1-9][0-9]*)")


def functions(formula: str) -> set[str]:
    """{"SUM", "IF"}: in capitals, and without the "_xlfn." under which a file keeps the newer ones."""
    names = [token.value[:-1].upper() for token in _tokens(formula) if _is(token, Token.FUNC, Token.OPEN)]
    return {name.replace("_XLFN.", "").replace("_XLWS.", "") for name in names}


def constants(formula: str) -> list[str]:
    """The numbers written into a formula, in order; not those inside texts, references and sheet names."""
    return [token.value for token in _tokens(formula) if _is(token, Token.OPERAND, Token.NUMBER)]


def length(formula: str) -> int:
    """Characters, without the equals sign: what a reviewer has to read."""
    return len(formula.removeprefix("="))


def r1c1(formula: str, cell: str) -> str:
    """The formula as seen from its cell: two cells hold the same formula when this text is the same.

    From C7, `=B7*$A$1` is `=RC[-1]*R1C1`.
    """
    row, column = row_and_column(cell)
    return "=" + "".join(
        _relative(token.value, row, column) if _is(token, Token.OPERAND, Token.RANGE) else token.value
        for token in _tokens(formula)
    )


def _is(token: Token, kind: str, subkind: str) -> bool:
    return bool(token.type == kind and token.subtype == subkind)


def _tokens(formula: str) -> list[Token]:
    return list(Tokenizer("=" + formula.removeprefix("=")).items)


def _relative(reference: str, row: int, column: int) -> str:
    sheet, mark, area = reference.rpartition("!")
    corners = area.split(":")
    # `INDEX(...):A9` arrives as the reference `:A9`, with an empty corner.
    moved = [corner and _corner(corner, row, column, alone=len(corners) == 1) for corner in corners]
    if None in moved:
        return reference  # a defined name, a table's column
    return sheet + mark + ":".join(corner for corner in moved if corner is not None)


def _corner(text: str, row: int, column: int, *, alone: bool) -> str | None:
    if match := _CELL.fullmatch(text):
        return _axis("R", match[3], int(match[4]), row) + _axis("C", match[1], _column(match[2]), column)
    if alone:
        return None  # `AB` on its own is a name; only `A:B` is columns
    if match := _COLUMN.fullmatch(text):
        return _axis("C", match[1], _column(match[2]), column)
    if match := _ROW.fullmatch(text):
        return _axis("R", match[1], int(match[2]), row)
    return None


def _column(letters: str) -> int:
    return row_and_column(f"{letters}1")[1]


def _axis(letter: str, dollar: str, number: int, origin: int) -> str:
    if dollar:
        return f"{letter}{number}"
    return letter if number == origin else f"{letter}[{number - origin}]"
