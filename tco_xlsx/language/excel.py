"""The reader that writes a formula as Excel text, seen from one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Protocol

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.expression import Expr, Node, Number, Position, every
from tco_xlsx.language.lines import Derived, Line
from tco_xlsx.language.operations import ATOM, Reads

ABSENT = "n/a"
"""What a cell holds whose line has no number."""

OPEN = 1 << 32
"""A scenario or an index that is left open: a layout counts it into a column or a row, far outside of any sheet. What
is left of a row or column without it says where it lies seen from the first seat."""
_NEAREST_OPEN = OPEN >> 1
_GAP = re.compile("\0([RC])(-?[0-9]+)\0")


class Cell(NamedTuple):
    """A cell: a sheet and zero-based row and column."""

    sheet: str
    row: int
    column: int

    def text(self, fix_row: bool = False, fix_column: bool = False) -> str:
        """The address without its sheet, such as $C$7. Where row or column are left open, a mark stands."""
        letters = f"\0C{self.column - OPEN}\0" if self.column > _NEAREST_OPEN else column_name(self.column)
        digits = f"\0R{self.row - OPEN}\0" if self.row > _NEAREST_OPEN else str(self.row + 1)
        return f"{'$' * fix_column}{letters}{'$' * fix_row}{digits}"


class Places(Protocol):
    """Where lines have their cells. A layout is this."""

    def cell(self, line: Line, scenario: int, index: int) -> Cell:
        """The cell of one seat of a line."""

    def span(self, line: Line, scenario: int) -> tuple[Cell, Cell]:
        """The first and last cell of a line along its axis."""

    def position(self, axis: Axis, scenario: int, index: int) -> Cell:
        """The cell that holds the number of a seat."""


def formula_text(line: Derived, scenario: int, index: int, places: Places) -> str:
    """The formula of one seat of a line, with its leading "="."""
    is_across = line.axis is not None and _lies_across(places, line, scenario)
    view = _View(places, scenario, index, places.cell(line, scenario, index).sheet, line.axis, is_across)
    text, _ = view.write(line.formula)
    if line.conditions:
        test, _ = view.write(every(*line.conditions))
        text = f'IF({test},{text},"{ABSENT}")'
    return f"={text}"


class Movable:
    """A formula that serves many seats: the texts between the rows or columns that are left open."""

    def __init__(self, text: str) -> None:
        """`text` is what formula_text gives for a seat that is left OPEN along scenarios or along the axis."""
        pieces = _GAP.split(text)
        self._whole = text
        self._texts = pieces[::3]
        self._gaps = [(kind, int(offset)) for kind, offset in zip(pieces[1::3], pieces[2::3], strict=True)]
        if any("\0" in piece for piece in self._texts):
            raise ValueError(f"{text!r}: a name in the formula holds the mark of what is left open.")
        alike = set(self._gaps)
        # Nearly always all gaps are the same row or the same column.
        self._only = alike.pop() if len(alike) == 1 else None

    def down(self, number: int) -> list[str]:
        """The formulas of the first `number` seats."""
        if self._only is None:
            return [self.at(step) for step in range(number)]
        texts, first = self._texts, self._only[1] + 1
        if self._only[0] == "C":
            return [column_name(column).join(texts) for column in range(first - 1, first - 1 + number)]
        return [str(row).join(texts) for row in range(first, first + number)]

    def at(self, step: int) -> str:
        """The formula of the seat so many scenarios, or so many rows, after the first."""
        if self._only is not None:
            return _position(*self._only, step).join(self._texts)
        if not self._gaps:
            return self._whole
        told = [self._texts[0]]
        for (kind, offset), text in zip(self._gaps, self._texts[1:], strict=True):
            told += (_position(kind, offset, step), text)
        return "".join(told)


def _position(kind: str, offset: int, step: int) -> str:
    return column_name(offset + step) if kind == "C" else str(offset + step + 1)


@cache
def column_name(column: int) -> str:
    """The letters of a zero-based column."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_WORDS_OF_EXCEL = frozenset(("TRUE", "FALSE"))


def sheet_prefix(sheet: str) -> str:
    """A sheet's name as it stands before an address. Quoted unless it can be nothing but a name."""
    plain = sheet.isascii() and sheet.isalpha() and len(sheet) > 3 and sheet.upper() not in _WORDS_OF_EXCEL
    return f"{sheet}!" if plain else "'" + sheet.replace("'", "''") + "'!"


@dataclass(frozen=True)
class _View:
    places: Places
    scenario: int
    index: int
    sheet: str
    axis: Axis | None
    is_across: bool
    """Whether the seats of the line that the formula is of lie across columns."""

    def write(self, node: Expr) -> tuple[str, int]:
        """The text of a node and how firmly it holds together."""
        if isinstance(node, Number):
            return f"{node.value:.15g}", ATOM
        if isinstance(node, Position):
            assert node.axis is not None
            return self._address(self.places.position(node.axis, self.scenario, self.index), node.axis), ATOM
        if isinstance(node, Line):
            return self._cell(node, "each"), ATOM
        assert isinstance(node, Node)
        if node.operation.excel == "{0}":
            return self.write(node.arguments[0])
        pieces = []
        for number, argument in enumerate(node.arguments):
            need, reads = node.operation.need(number), node.operation.reads(number)
            if reads != "each":
                assert isinstance(argument, (Line, Position))
                pieces.append(self._cell(argument, reads))
                continue
            text, firm = self.write(argument)
            pieces.append(f"({text})" if firm < need else text)
        codes = ",".join(f'"{code}"' for code in node.codes)
        together = self._block(node.arguments) or ",".join(pieces)
        written = node.operation.across if node.operation.across and self._reads_across(node) else node.operation.excel
        # All at once: a piece may hold braces of its own, MATCH(A1,{"avg","p50"},0).
        template = written.replace("{*}", "{together}").replace("{1*}", "{others}")
        text = template.format(*pieces, codes=codes, together=together, others=",".join(pieces[1:]))
        return text, node.operation.firm

    def _cell(self, line: Line | Position, reads: Reads) -> str:
        if reads == "earlier":
            return self._earlier(line)
        assert isinstance(line, Line)
        if reads == "each" or reads == "before":
            index = self.index if line.axis is not None else 0
            cell = self.places.cell(line, self.scenario, index)
            if reads == "before":
                cell = Cell(cell.sheet, cell.row - (not self._across(line)), cell.column - self._across(line))
            return self._address(cell, line.axis)
        first, last = self.places.span(line, self.scenario)
        prefix = "" if first.sheet == self.sheet else sheet_prefix(first.sheet)
        if reads == "all":
            return f"{prefix}{first.text(True, True)}:{last.text(True, True)}"
        across = self._across(line)
        here = self.places.cell(line, self.scenario, self.index)
        return f"{prefix}{first.text(not across, across)}:{here.text()}"

    def _earlier(self, line: Line | Position) -> str:
        """The cells from the empty one ahead of the first up to the one before this."""
        assert line.axis is not None
        if isinstance(line, Line):
            first, here = (self.places.cell(line, self.scenario, index) for index in (0, self.index))
        else:
            first, here = (self.places.position(line.axis, self.scenario, index) for index in (0, self.index))
        prefix = "" if first.sheet == self.sheet else sheet_prefix(first.sheet)
        ahead, last = first._replace(column=first.column - 1), here._replace(column=here.column - 1)
        fixed = isinstance(line, Position)
        return f"{prefix}{ahead.text(fixed, True)}:{last.text(fixed)}"

    def _address(self, cell: Cell, axis: Axis | None) -> str:
        """A reference; whatever does not move along the formula's own axis is fixed."""
        prefix = "" if cell.sheet == self.sheet else sheet_prefix(cell.sheet)
        fixed = self.axis is not None and axis is None
        if self.axis is None or axis == self.axis:
            return prefix + cell.text()
        return prefix + cell.text(fix_row=fixed, fix_column=fixed or not self.is_across)

    def _block(self, arguments: Sequence[Expr]) -> str | None:
        """Lines that stand in one column without a gap, as one range."""
        if len(arguments) < 3 or not all(isinstance(one, Line) and one.axis == self.axis for one in arguments):
            return None
        cells = [self.places.cell(one, self.scenario, self.index) for one in arguments if isinstance(one, Line)]
        first, last = cells[0], cells[-1]
        if any(cell != Cell(first.sheet, first.row + step, first.column) for step, cell in enumerate(cells)):
            return None
        prefix = "" if first.sheet == self.sheet else sheet_prefix(first.sheet)
        return f"{prefix}{first.text()}:{last.text()}"

    def _reads_across(self, node: Node) -> bool:
        """Whether the rows that an operation reads lie across columns."""
        rows = (one for number, one in enumerate(node.arguments) if node.operation.reads(number) == "all")
        return any(isinstance(one, Line) and self._across(one) for one in rows)

    def _across(self, line: Line) -> bool:
        return _lies_across(self.places, line, self.scenario)


def _lies_across(places: Places, line: Line, scenario: int) -> bool:
    """Whether a line's seats lie across columns: where they are says so, for years may run down a page, too."""
    return places.cell(line, scenario, 0).row == places.cell(line, scenario, 1).row
