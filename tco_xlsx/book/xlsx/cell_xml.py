"""The cells of one sheet as XML: the text between the contents, laid out once for all sheets of one shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import zip_longest

from tco_xlsx.book.xlsx.recorder import BLANK, FORMULA, NUMBER, TEXT, CannotRecord, CellRun, RecordedWorksheet, Style
from tco_xlsx.documents.text_out import escaped_as_excel, visible
from tco_xlsx.language.excel import column_name

Place = tuple[int, int]

_ROWS, _COLUMNS = 1_048_576, 16_384
_SPAN = 16
"""XlsxWriter tells for every 16 rows together which columns they use."""
_DEFAULT_HEIGHT = 20
_OPENING = {TEXT: '" t="s"><v>', NUMBER: '"><v>', FORMULA: '"'}
"""What follows a cell's style. Of a formula all else is a content: a cached text is marked as one before it."""


class CellGrid:
    """The XML of cells at certain places, of certain kinds and styles, without what is in them.

    The XML is a list of pieces: fixed ones, and slots for contents, style numbers and heights of rows.
    """

    def __init__(self, runs: Sequence[CellRun], heights: Iterable[int]) -> None:
        """`heights` are the rows that have one. Raises CannotRecord where two cells are one or outside of Excel."""
        cells = [(row + step, column, what, style) for row, column, what, style, count in runs for step in range(count)]
        order = sorted(range(len(cells)), key=lambda number: cells[number][:2])
        self.rows = frozenset(row for row, _, _, _ in cells)
        self.bare_rows = frozenset(heights) - self.rows
        rows = sorted(self.rows | self.bare_rows)
        columns = [column for _, column, _, _ in cells]
        self.size = len(cells)
        self.cells = cells
        self.first_row, self.last_row = (rows[0], rows[-1]) if rows else (0, 0)
        self.first_column, self.last_column = (min(columns), max(columns)) if cells else (0, 0)
        places = [cells[number][:2] for number in order]
        if len(set(places)) < len(places) or min(self.first_row, self.first_column) < 0:
            raise CannotRecord("a cell written twice")
        if self.last_row >= _ROWS or self.last_column >= _COLUMNS or not rows:
            raise CannotRecord("a cell outside of the sheet")
        self.styles: tuple[Style, ...] = tuple(dict.fromkeys(cells[number][3] for number in order))
        if None in self.styles:
            raise CannotRecord("a cell without a style")
        self._last_formulas: tuple[Sequence[str], Sequence[str]] = ((), ())
        self._lay_out(order, rows)

    def _lay_out(self, order: list[int], rows: list[int]) -> None:
        pieces = self._pieces = ["<sheetData>"]
        slots = [0] * self.size
        style_slots: list[int] = []
        uses: list[int] = []
        self._height_slots: dict[int, int] = {}
        spans = self._spans()
        number_of = {style: number for number, style in enumerate(self.styles)}
        waiting = iter(order)
        number = next(waiting, None)

        def slot() -> int:
            pieces.append("")
            return len(pieces) - 1

        for row in rows:
            span = spans.get(row // _SPAN)
            pieces.append(f'<row r="{row + 1}"' + (f' spans="{span}"' if span else ""))
            self._height_slots[row] = slot()
            if number is None or self.cells[number][0] != row:
                pieces.append("/>")
                continue
            pieces.append(">")
            while number is not None and self.cells[number][0] == row:
                _, column, what, style = self.cells[number]
                pieces.append(f'<c r="{column_name(column)}{row + 1}" s="')
                style_slots.append(slot())
                uses.append(number_of[style])
                if what == BLANK:
                    pieces.append('"/>')
                else:
                    pieces.append(_OPENING[what])
                    slots[number] = slot()
                    pieces.append("</v></c>")
                number = next(waiting, None)
            pieces.append("</row>")
        pieces.append("</sheetData>")
        self._style_slots, self._uses = style_slots, uses
        kinds = [what for _, _, what, _ in self.cells]
        self._text_slots = [at for at, what in zip(slots, kinds, strict=True) if what == TEXT]
        self._number_slots = [at for at, what in zip(slots, kinds, strict=True) if what == NUMBER]
        self._formula_slots = [at for at, what in zip(slots, kinds, strict=True) if what == FORMULA]

    def _spans(self) -> dict[int, str]:
        ends: dict[int, tuple[int, int]] = {}
        for row, column, _, _ in self.cells:
            low, high = ends.get(row // _SPAN, (column, column))
            ends[row // _SPAN] = min(low, column), max(high, column)
        return {block: f"{low + 1}:{high + 1}" for block, (low, high) in ends.items()}

    def xml(self, sheet: RecordedWorksheet, numbers: Sequence[int]) -> str:
        """The element sheetData with the contents of a sheet; `numbers` are those of its styles in styles.xml."""
        out = self._pieces.copy()
        names = [str(number) for number in numbers]
        for at, use in zip(self._style_slots, self._uses, strict=True):
            out[at] = names[use]
        for row, height in sheet.heights.items():
            out[self._height_slots[row]] = height_attributes(height)
        for at, index in zip(self._text_slots, sheet.texts, strict=True):
            out[at] = str(index)
        for at, number in zip(self._number_slots, sheet.numbers, strict=True):
            out[at] = f"{number:.16G}"
        written = self._formulas(sheet.formulas)
        for at, formula, value in zip(self._formula_slots, written, sheet.cached, strict=True):
            if isinstance(value, str):
                out[at] = f' t="str"{formula}{escaped(escaped_as_excel(value))}'
            else:
                out[at] = f"{formula}{value}"
        return "".join(out)

    def _formulas(self, formulas: Sequence[str]) -> Sequence[str]:
        """The XML of formulas up to their cached values: that of the sheet before, where they are the same as there."""
        before, written = self._last_formulas
        if before != formulas:
            written = [
                known if formula == old else f"><f>{escaped(formula[1:])}</f><v>"
                for formula, old, known in zip_longest(formulas, before, written)
            ]
            self._last_formulas = formulas, written
        return written

    def range(self, sheet: RecordedWorksheet, strings: Sequence[str], cells: tuple[int, int, int, int]) -> list[object]:
        """What a chart remembers of a range (first row, first column, last row, last column), as XlsxWriter has it."""
        first_row, first_column, last_row, last_column = cells
        found: list[object] = []
        for row in range(first_row, last_row + 1):
            if row not in self.rows:
                found.append(None)
                continue
            for column in range(first_column, last_column + 1):
                what, number = self._seats.get((row, column), (None, 0))
                if what is None:
                    found.append(None)
                elif what == TEXT:
                    found.append(visible(strings[sheet.texts[number]]))
                elif what == NUMBER:
                    found.append(f"{sheet.numbers[number]:.16g}")
                elif what == BLANK:
                    found.append("")
                else:
                    found.append(sheet.cached[number])
        return found

    @cached_property
    def _seats(self) -> Mapping[Place, tuple[str, int]]:
        """For each cell its kind and its number among the contents of that kind."""
        counts = {TEXT: 0, NUMBER: 0, FORMULA: 0, BLANK: 0}
        seats: dict[Place, tuple[str, int]] = {}
        for row, column, what, _ in self.cells:
            seats[(row, column)] = what, counts[what]
            counts[what] += 1
        return seats


def escaped(text: str) -> str:
    """A text inside an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=256)
def height_attributes(height: float) -> str:
    """The attributes of a row for its height in points; a row of the default height has none."""
    pixels = int(height * 4.0 / 3.0 + 0.5)
    if pixels == 0:
        raise CannotRecord("a hidden row")
    return "" if pixels == _DEFAULT_HEIGHT else f' ht="{pixels * 0.75:.16g}" customHeight="1"'
