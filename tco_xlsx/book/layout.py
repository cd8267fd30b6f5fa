"""Where every line has its cells: seats (line, scenario, index) mapped to sheets, rows and columns by regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tco_xlsx.book.region import NUMBER, Region
from tco_xlsx.language.axes import Axis
from tco_xlsx.language.excel import OPEN, Cell, Movable, formula_text, sheet_prefix
from tco_xlsx.language.lines import Derived, Line, named


class Layout:
    """The cells of the lines of a model in a workbook.

    `regions` place them; `lengths` says for each scenario how many seats it has along each axis. Where a line has
    several seats or scenarios, one reading of its formula serves all that differ in a row or a column alone. Raises
    ValueError for a line without a place.
    """

    def __init__(self, lines: Sequence[Line], regions: Iterable[Region], lengths: Sequence[Mapping[Axis, int]]) -> None:
        self.regions = tuple(regions)
        self.lengths = lengths
        self._homes: dict[int, tuple[Region, int, int]] = {}
        self._numbers: dict[Axis, tuple[Region, int]] = {}
        self._words: dict[str, tuple[Region, int]] = {}
        self._on: dict[str, list[Region]] = {}
        for region in self.regions:
            self._add(region)
        for line in lines:
            if id(line) not in self._homes:
                raise ValueError(f"{line.name} has no place in the template.")
        self._by_column: dict[int, bool] = {}
        self._movable: dict[tuple[int, int], Movable] = {}
        self._rows: dict[tuple[int, int], Sequence[str]] = {}
        self._addresses: dict[tuple[int, str, int], str] = {}

    def _add(self, region: Region) -> None:
        self._on.setdefault(region.sheet, []).append(region)
        axes = {region.axis} if region.axis is not None else set()
        numbers = None
        for step, what in enumerate(region.lines):
            if isinstance(what, Line):
                self._homes[id(what)] = (region, *region.home(step))
                axes |= {what.axis} if what.axis is not None else set()
            elif what == NUMBER:
                numbers = step
            else:
                self._words.setdefault(what, (region, step))
        if numbers is not None:
            for axis in axes:
                self._numbers.setdefault(axis, (region, numbers))

    def _is_by_column(self, line: Derived) -> bool:
        """Whether the formulas of all scenarios are alike but for the column: all that is read lies beside."""
        found = self._by_column.get(id(line))
        if found is None:
            found = self._by_column[id(line)] = line.axis is None and self._lies_beside(line)
        return found

    def _lies_beside(self, line: Derived) -> bool:
        parts = [part for formula in (line.formula, *line.conditions) for part in named(formula)]
        return all(self._homes[id(part)][0].copies is None for part in (line, *parts))

    def on(self, sheet: str) -> Sequence[Region]:
        """The regions of a sheet, in order."""
        return self._on.get(sheet, ())

    def region(self, line: Line) -> Region:
        """The region of a line."""
        return self._homes[id(line)][0]

    def length(self, axis: Axis | None, scenario: int = 0) -> int:
        """How many seats a line with that axis has."""
        return 1 if axis is None else self.lengths[scenario][axis]

    def cell(self, line: Line, scenario: int = 0, index: int = 0) -> Cell:
        """The cell of one seat of a line."""
        region, row, column = self._homes[id(line)]
        return region.seat(row, column, scenario, index)

    def shown_cell(self, line: Line) -> Cell:
        """The cell of the scenario that is shown on the first page."""
        region, row, column = self._homes[id(line)]
        return Cell(region.sheet, row, column + region.shown)

    def span(self, line: Line, scenario: int) -> tuple[Cell, Cell]:
        """The first and last cell of a line along its axis."""
        return self.cell(line, scenario, 0), self.cell(line, scenario, self.length(line.axis, scenario) - 1)

    def position(self, axis: Axis, scenario: int, index: int) -> Cell:
        """The cell with the number of a seat."""
        region, step = self._numbers[axis]
        return region.cell(step, scenario, index)

    def address(self, line: Line, sheet: str = "", index: int = 0) -> str:
        """The reference to a line's cell of the scenario that is shown, as a formula on `sheet` writes it."""
        address = self._addresses.get((id(line), sheet, index))
        if address is None:
            cell = self.cell(line, 0, index) if line.axis else self.shown_cell(line)
            prefix = "" if cell.sheet == sheet else sheet_prefix(cell.sheet)
            address = self._addresses[id(line), sheet, index] = prefix + cell.text()
        return address

    def word_cell(self, word: str, index: int = 0) -> Cell:
        """The cell of a seat of a text of the template that stands in a region beside lines."""
        region, step = self._words[word]
        return region.cell(step, 0, index)

    def row_of(self, line: Line) -> str:
        """The cells of a line in all scenarios, such as Model!$C$7:$E$7; of one along an axis those of the first."""
        first, last = self.span(line, 0) if line.axis else (self.cell(line), self.cell(line, len(self.lengths) - 1))
        cells = [cell.text(True, True) for cell in (first, last)]
        return sheet_prefix(first.sheet) + ":".join(dict.fromkeys(cells))

    def range(self, line: Line) -> tuple[str, int, int, int, int]:
        """The cells of a line, as sheet, first row, first column, last row, last column: of the scenario shown, or
        along the axis of the first one."""
        first, last = self.span(line, 0) if line.axis else (self.shown_cell(line),) * 2
        return first.sheet, first.row, first.column, last.row, last.column

    def formula(self, line: Derived, scenario: int = 0, index: int = 0) -> str:
        """The formula of one seat."""
        by_column = self._is_by_column(line)
        return self._read(line, scenario, by_column).at(scenario if by_column else index)

    def formulas(self, line: Derived, scenario: int) -> Sequence[str]:
        """The formulas of a line along its axis, from the first on."""
        if line.axis is None or line.axis.seats is None:
            return self._read(line, scenario, False).down(self.length(line.axis, scenario))
        # Few, and the same in every workbook that shares the layout. Rows of points may be very many.
        found = self._rows.get((id(line), scenario))
        if found is None:
            found = self._read(line, scenario, False).down(self.length(line.axis, scenario))
            self._rows[id(line), scenario] = found
        return found

    def _read(self, line: Derived, scenario: int, by_column: bool) -> Movable:
        region = self._homes[id(line)][0]
        own = 0 if by_column else region.owners[scenario] if region.copies is not None else scenario
        movable = self._movable.get((id(line), own))
        if movable is None:
            text = formula_text(line, OPEN if by_column else own, OPEN if line.axis else 0, self)
            movable = self._movable[id(line), own] = Movable(text)
        return movable
