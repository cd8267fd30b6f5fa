"""A workbook as text in which cells have the names of their lines: an inserted row is an inserted line.

`sheet | cell | formula`. A cell of a line has the line's name, with a number where a line has several; any other one is
named after the text at the head of its row. In its own row, and where no row has a head, it is so far from the formula.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from tests.recalc.values import Address, address, row_and_column
from tests.recalc.workbook import cached, formulas

_REFERENCE = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!]+)!)?(?P<first>\$?[A-Z]{1,3}\$?\d+)(?::(?P<last>\$?[A-Z]{1,3}\$?\d+))?"
)
_LONGEST_HEAD = 40


class NamedCells:
    """What the cells of a workbook are called; `labels` are the names of lines by their cells."""

    def __init__(self, book: Path, labels: Mapping[Address, str]) -> None:
        texts = cached(book)
        self.formulas = formulas(book)
        self._names: dict[Address, str] = {}
        many = Counter((sheet, label) for (sheet, _), label in labels.items())
        seen: Counter[tuple[str, str]] = Counter()
        for (sheet, cell), label in sorted(labels.items(), key=lambda one: (one[0][0], row_and_column(one[0][1]))):
            seen[sheet, label] += 1
            number = f"#{seen[sheet, label]}" if many[sheet, label] > 1 else ""
            self._names[sheet, cell] = f"{label}{number}"
        self._heads: dict[tuple[str, int], str] = {}
        for (sheet, cell), value in sorted(texts.items(), key=lambda one: (one[0][0], row_and_column(one[0][1]))):
            row, _ = row_and_column(cell)
            if isinstance(value, str) and value and (sheet, cell) not in self.formulas:
                self._heads.setdefault((sheet, row), value[:_LONGEST_HEAD])

    def name(self, at: Address) -> str:
        """What a cell is called where it stands."""
        sheet, cell = at
        if at in self._names:
            return self._names[at]
        row, _ = row_and_column(cell)
        column = cell.rstrip("0123456789")
        head = self._heads.get((sheet, row))
        return f"{column}{row}" if head is None else f"{column}<{head}>"

    def lines(self) -> list[str]:
        """A line for each formula, sheet by sheet."""
        return [f"{at[0]} | {self.name(at)} | {self._told(at, text)}" for at, text in self.formulas.items()]

    def _told(self, at: Address, formula: str) -> str:
        pieces = ["="]
        for token in Tokenizer(formula).items:
            is_cells = token.type == Token.OPERAND and token.subtype == Token.RANGE
            match = _REFERENCE.fullmatch(token.value) if is_cells else None
            pieces.append(token.value if match is None else self._reference(at, match))
        return "".join(pieces)

    def _reference(self, at: Address, match: re.Match[str]) -> str:
        sheet = (match["sheet"] or at[0]).strip("'").replace("''", "'")
        first = self._seen(at, (sheet, match["first"].replace("$", "")))
        if match["last"] is None:
            return f"[{first}]"
        return f"[{first} .. {self._seen(at, (sheet, match['last'].replace('$', '')))}]"

    def _seen(self, at: Address, cell: Address) -> str:
        """What a formula calls a cell: by its name, or one without by how far it is."""
        if cell in self._names:
            return self._names[cell]
        (row, column), (own_row, own_column) = row_and_column(cell[1]), row_and_column(at[1])
        head = self._heads.get((cell[0], row))
        letters = address(1, column).rstrip("1")
        if cell[0] != at[0]:
            return f"{cell[0]} {letters}<{head}>" if head else f"{cell[0]} {cell[1]}"
        if head and row != own_row:
            return f"{letters}<{head}>"
        return f"{row - own_row:+d} down, {column - own_column:+d} right"
