"""Where every line has its cells: seats (line, scenario, index) mapped to sheets, rows and columns.

Lines without an axis have a column for each scenario; points have a row each, in a block for each scenario. With
several scenarios a column before theirs holds the one that is shown on the first page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tco_xlsx.analysis.columns import block_rows
from tco_xlsx.book.template import PointsPage, Template
from tco_xlsx.documents.errors import WorkbookLimit
from tco_xlsx.language.axes import POINT, Axis
from tco_xlsx.language.checks import Check
from tco_xlsx.language.excel import OPEN, Cell, Movable, formula_text, sheet_prefix
from tco_xlsx.language.lines import Constant, Derived, Fact, Given, Line, Pick, named
from tco_xlsx.language.sections import Model, Section

HEADING_ROW = 4
"""The row of the column headings on every sheet but the first; what is above it is title, subtitle and verdict."""
FIRST_ROW = HEADING_ROW + 1
LABEL, VALUE = 0, 1
FIRST_YEAR = 3
"""The column of year 1; the cells ahead of it stay empty in every row of years."""
MOST_POINTS = 5_000
"""Of one scenario: each row of a point is held against all others, so the time grows with their square. LibreOffice
recalculates 4,000 points in 8 s, 8,000 in 27 s and 20,000 in 160 s."""
_BLOCKS = 4
MOST_PAIRS = _BLOCKS * MOST_POINTS**2
_MOST_COLUMNS = 16_384
_MOST_ROWS = 850_000
_SEVERAL_WORKBOOKS = "Use `sweep`, which writes results only, or compare fewer in each of several workbooks."


@dataclass(frozen=True)
class Block:
    """The rows of one section on one sheet: its heading at `row`, then its lines."""

    section: type[Section]
    row: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """Lines along one axis beside each other: their headings at `row`, a row for each seat below."""

    axis: Axis
    row: int
    lines: tuple[Line, ...]


class Layout:
    """The cells of a model in a workbook of one or several scenarios.

    `points` are the numbers of points of the scenarios; `blocks` says for each in which block of rows its points
    stand, counted from 0: scenarios that agree in benchmark and limits may share one. Raises WorkbookLimit when
    Excel has not that many rows or columns.
    """

    def __init__(self, model: Model, template: Template, points: Sequence[int], blocks: Sequence[int] = ()) -> None:
        self.model = model
        self.template = template
        self.scenarios = len(points)
        self.several = self.scenarios > 1
        self.first = VALUE + self.several
        """The column of the first scenario."""
        self.points = tuple(points)
        self.blocks = tuple(blocks) or tuple(range(self.scenarios))
        self.owners = tuple(self.blocks.index(block) for block in range(max(self.blocks) + 1))
        """For each block the first scenario whose points stand there."""
        self._block_rows = block_rows([self.points[owner] for owner in self.owners])
        self._refuse_too_many()
        refuse_points([self.points[owner] for owner in self.owners])
        self._cells: dict[int, Cell] = {}
        self._point_columns: dict[int, tuple[str, int]] = {}
        self._movable: dict[tuple[int, int], Movable] = {}
        self._addresses: dict[tuple[int, str], str] = {}
        self._choices: dict[int, tuple[str, int]] = {}
        derived = (line for line in model.lines if isinstance(line, Derived) and self.several)
        self._by_column = {id(line) for line in derived if not _reads_rows(line)}
        self.inputs = self._stack(template.page("inputs").title, (Given, Constant))
        self.lines = self._stack(template.page("model").title, (Derived,))
        self._place_checks(template.page("checks").title)
        self.years = self._years(template)
        self.tables = self._tables(template)
        self.point_pages = {page.title: self._columns(page) for page in template.pages if page.kind == "points"}
        for line in model.lines:
            if id(line) not in self._cells and id(line) not in self._point_columns:
                raise ValueError(f"{line.name} has no place in the template {template.name}.")

    @property
    def unit_column(self) -> int:
        """The column of the units, right of the scenarios' values."""
        return self.first + self.scenarios

    def cell(self, line: Line, scenario: int, index: int) -> Cell:
        """The cell of one seat of a line."""
        if line.axis == POINT:
            sheet, column = self._point_columns[id(line)]
            return Cell(sheet, self.point_row(scenario, index), column)
        home = self._cells[id(line)]
        if line.axis is not None and line.axis.is_across:
            return Cell(home.sheet, home.row + scenario * self.years_height, home.column + index)
        if line.axis is not None:
            return Cell(home.sheet, home.row + scenario * self.tables_height + index, home.column)
        return Cell(home.sheet, home.row, home.column + scenario) if scenario else home

    def shown_cell(self, line: Line) -> Cell:
        """The cell of the scenario that is shown on the first page."""
        home = self._cells[id(line)]
        return Cell(home.sheet, home.row, VALUE) if self.several else home

    def span(self, line: Line, scenario: int) -> tuple[Cell, Cell]:
        """The first and last cell of a line along its axis."""
        assert line.axis is not None
        seats = line.axis.seats or self.points[scenario]
        return self.cell(line, scenario, 0), self.cell(line, scenario, seats - 1)

    def position(self, axis: Axis, scenario: int, index: int) -> Cell:
        """The cell with the number of a point, the same rows on every sheet of points; or that of a year."""
        if axis.is_across:
            return Cell(self._years_sheet, HEADING_ROW, FIRST_YEAR + index)
        if axis != POINT:
            table = next(table for table in self.tables if table.axis == axis)
            return Cell(self._tables_sheet, table.row + 1 + scenario * self.tables_height + index, 0)
        sheet = next(iter(self.point_pages))
        return Cell(sheet, self.point_row(scenario, index), 0)

    def point_row(self, scenario: int, index: int) -> int:
        """The row of a point, on every sheet of points."""
        return self.block_row(self.blocks[scenario]) + index

    def block_row(self, block: int) -> int:
        """The row of the first point of a block; with several scenarios the block's heading stands above it."""
        return FIRST_ROW + self.several + self._block_rows[block]

    def address(self, line: Line, sheet: str = "") -> str:
        """The reference to a line's cell of the scenario that is shown, as a formula on `sheet` writes it."""
        address = self._addresses.get((id(line), sheet))
        if address is None:
            cell = self.shown_cell(line)
            prefix = "" if cell.sheet == sheet else sheet_prefix(cell.sheet)
            address = self._addresses[id(line), sheet] = prefix + cell.text()
        return address

    def row_of(self, line: Line) -> str:
        """The cells of a line in all scenarios, such as Model!$C$7:$E$7."""
        first, last = self.cell(line, 0, 0), self.cell(line, self.scenarios - 1, 0)
        cells = first.text(True, True) + (f":{last.text(True, True)}" if self.several else "")
        return sheet_prefix(first.sheet) + cells

    def column_of(self, line: Line) -> str:
        """The cells of a line in all points of all scenarios, such as Workings!$D$7:$D$90."""
        first = self.cell(line, self.owners[0], 0)
        last = Cell(first.sheet, self.block_row(len(self.owners)) - 3, first.column)
        return f"{sheet_prefix(first.sheet)}{first.text(True, True)}:{last.text(True, True)}"

    def range(self, line: Line) -> tuple[str, int, int, int, int]:
        """The cells of a line, as sheet, first row, first column, last row, last column: of the scenario shown, or
        of the points of the only one."""
        first, last = self.span(line, 0) if line.axis else (self.shown_cell(line),) * 2
        return first.sheet, first.row, first.column, last.row, last.column

    def formula(self, line: Derived, scenario: int, index: int) -> str:
        """The formula of one seat. The rows of points differ in their row number alone and the columns of scenarios
        in their letters, so one reading of the formula serves all."""
        by_column = line.axis is None and id(line) in self._by_column
        return self._movable_of(line, scenario).at(scenario if by_column else index)

    def _movable_of(self, line: Derived, scenario: int) -> Movable:
        by_column = line.axis is None and id(line) in self._by_column
        own = 0 if by_column else self.owners[self.blocks[scenario]] if line.axis == POINT else scenario
        formula = self._movable.get((id(line), own))
        if formula is None:
            text = formula_text(line, OPEN if by_column else own, OPEN if line.axis else 0, self)
            formula = self._movable[id(line), own] = Movable(text)
        return formula

    def formulas(self, line: Derived, scenario: int) -> list[str]:
        """The formulas of a line along the points of a scenario, from the first down."""
        return self._movable_of(line, scenario).down(self.points[scenario])

    def choices(self, line: Pick, scenario: int = 0) -> tuple[str, int, int]:
        """Where the list of a pick's codes stands: sheet, first row, column; right of the facts it picks among."""
        if not self._choices:
            facts = {line.attribute: line for line in reversed(self.model.lines) if isinstance(line, Fact)}
            picks = [line for line in self.model.inputs if isinstance(line, Pick)]
            for number, pick in enumerate(picks, start=1):
                sheet, _ = self._point_columns[id(facts[pick.attribute])]
                self._choices[id(pick)] = sheet, len(self.point_pages[sheet]) + number
        sheet, column = self._choices[id(line)]
        return sheet, self.point_row(scenario, 0), column

    def check_row(self, check: Check) -> int:
        """The row of a check."""
        return self._cells[id(check.holds)].row

    def _stack(self, sheet: str, kinds: tuple[type[Line], ...]) -> list[Block]:
        blocks: list[Block] = []
        row = FIRST_ROW
        for section in self.model.sections:
            own = tuple(line for line in section.lines if isinstance(line, kinds) and line.axis is None)
            if not own:
                continue
            blocks.append(Block(section, row, own))
            for step, line in enumerate(own, start=1):
                self._cells[id(line)] = Cell(sheet, row + step, self.first)
            row += len(own) + 1
        return blocks

    def _years(self, template: Template) -> list[Block]:
        """The sections with lines by year: a row for each line, and for each scenario a block of rows."""
        page = next((page for page in template.pages if page.kind == "years"), None)
        self._years_sheet = page.title if page else ""
        blocks: list[Block] = []
        row = FIRST_ROW + self.several
        for section in self.model.sections if page else ():
            own = tuple(line for line in section.lines if line.axis is not None and line.axis.is_across)
            if own:
                blocks.append(Block(section, row, own))
                for step, line in enumerate(own, start=1):
                    self._cells[id(line)] = Cell(self._years_sheet, row + step, FIRST_YEAR)
                row += len(own) + 1
        self.years_height = row - FIRST_ROW
        """The rows of a scenario: its heading, where there are several, and its lines."""
        return blocks

    def _tables(self, template: Template) -> list[Table]:
        """The tables of what runs along other axes than points and years: a column for each line, and for each scenario
        all of them once more below."""
        page = next((page for page in template.pages if page.kind == "tables"), None)
        self._tables_sheet = page.title if page else ""
        held: dict[Axis, list[Line]] = {}
        for line in self.model.lines if page else ():
            if line.axis is not None and line.axis != POINT and not line.axis.is_across:
                held.setdefault(line.axis, []).append(line)
        tables: list[Table] = []
        row = HEADING_ROW + self.several
        for axis, lines in held.items():
            assert axis.seats is not None
            tables.append(Table(axis, row, tuple(lines)))
            for column, line in enumerate(lines, start=1):
                self._cells[id(line)] = Cell(self._tables_sheet, row + 1, column)
            row += axis.seats + 2
        self.tables_height = row - HEADING_ROW
        return tables

    def _refuse_too_many(self) -> None:
        refuse_columns(self.scenarios)
        if self.block_row(len(self.owners)) > _MOST_ROWS:
            message = (
                f"the benchmark points of {self.scenarios:,} scenarios need {self.block_row(len(self.owners)):,} rows"
            )
            raise WorkbookLimit(f"{message}; one workbook takes {_MOST_ROWS:,}. {_SEVERAL_WORKBOOKS}")

    def _place_checks(self, sheet: str) -> None:
        if self.several:
            self._stack_checks(sheet)
            return
        for row, count in enumerate(self.model.counts, start=2):
            self._cells[id(count)] = Cell(sheet, row, VALUE)
        # A heading stands between the proofs and the warnings.
        for checks, first in ((self.model.checks, FIRST_ROW), (self.model.warnings, self.warnings_heading + 1)):
            for row, check in enumerate(checks, start=first):
                for line, column in zip(check.lines, CHECK_COLUMNS, strict=True):
                    self._cells[id(line)] = Cell(sheet, row, column)

    @property
    def warnings_heading(self) -> int:
        """The row above the warnings of one scenario."""
        return FIRST_ROW + len(self.model.checks)

    def _stack_checks(self, sheet: str) -> None:
        """A column for each scenario: first how many there are, then a block of rows for each part of the checks, and
        likewise of the warnings."""
        for row, count in enumerate(self.model.counts, start=FIRST_ROW):
            self._cells[id(count)] = Cell(sheet, row, self.first)
        for checks in (self.model.checks, self.model.warnings):
            for part in range(len(CHECK_PARTS)):
                for number, check in enumerate(checks, start=1):
                    line = getattr(check, CHECK_PARTS[part])
                    self._cells[id(line)] = Cell(sheet, self.check_heading(part, check.group) + number, self.first)

    def check_heading(self, part: int, group: str = "checks") -> int:
        """The row above a part of all checks or all warnings, of several scenarios."""
        first = FIRST_ROW + len(self.model.counts)
        if group == "checks":
            return first + part * (len(self.model.checks) + 1)
        return self.check_heading(len(CHECK_PARTS)) + part * (len(self.model.warnings) + 1)

    def _columns(self, page: PointsPage) -> list[Line | str]:
        placed = {name for other in self.template.pages if other.kind == "points" for name in other.columns}
        columns: list[Line | str] = []
        for name in page.columns:
            if name == "rest":
                columns += [line for line in self.model.lines if line.axis == POINT and line.name not in placed]
            else:
                columns.append(self.model.by_name.get(name, name))
        for number, column in enumerate(columns):
            if isinstance(column, Line):
                self._point_columns[id(column)] = (page.title, number)
        return columns


def refuse_columns(scenarios: int) -> None:
    """Raise WorkbookLimit where Excel has not that many columns."""
    # Inputs has a value and a first value for each scenario, and eight columns more.
    most = (_MOST_COLUMNS - 8) // 2
    if scenarios > most:
        message = f"{scenarios:,} scenarios are too many for one workbook: Excel has columns for {most:,}."
        raise WorkbookLimit(f"{message} {_SEVERAL_WORKBOOKS}")


def refuse_points(points: Sequence[int]) -> None:
    """Raise WorkbookLimit where the blocks of points would keep a spreadsheet busy for minutes after each edit."""
    most = max(points, default=0)
    if most > MOST_POINTS:
        message = f"{most:,} benchmark points are too many for a workbook, which takes {MOST_POINTS:,}"
    elif sum(number * number for number in points) > MOST_PAIRS:
        together = f"{sum(points):,} benchmark points of {len(points):,} scenarios"
        message = f"{together} are too many for one workbook, which takes {_BLOCKS} scenarios of {MOST_POINTS:,}"
    else:
        return
    raise WorkbookLimit(
        f"{message}: each edit would take minutes to recalculate. Choose points with benchmark.where; `evaluate` and"
        " `sweep` take any number."
    )


@lru_cache(maxsize=64)
def layout_of(model: Model, template: Template, points: tuple[int, ...]) -> Layout:
    """The layout for scenarios with those numbers of points, made once: workbooks of one shape share its texts."""
    return Layout(model, template, points)


def _reads_rows(line: Derived) -> bool:
    """Whether a formula reads along an axis: those cells are not as far right as the scenario's column."""
    return any(part.axis is not None for formula in (line.formula, *line.conditions) for part in named(formula))


# Left side, right side, difference, tolerance, verdict; the rule, the unit and the note stand between them.
CHECK_COLUMNS = (1, 3, 4, 6, 7)
CHECK_PARTS = ("holds", "left", "right", "difference", "tolerance")
"""The parts of the checks of several scenarios, from top to bottom: the verdicts stand together, to be counted."""
