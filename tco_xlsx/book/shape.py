"""How much a workbook has to place: its scenarios beside each other, the points of each in blocks of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tco_xlsx.analysis.columns import block_rows
from tco_xlsx.documents.errors import WorkbookLimit

HEADING_ROW = 4
"""The row of the column headings on every sheet but the first; what is above it is title, subtitle and verdict."""
FIRST_ROW = HEADING_ROW + 1
LABEL, VALUE = 0, 1
MOST_POINTS = 5_000
"""Of one scenario: each row of a point is held against all others, so the time grows with their square. LibreOffice
recalculates 4,000 points in 8 s, 8,000 in 27 s and 20,000 in 160 s."""
_BLOCKS = 4
MOST_PAIRS = _BLOCKS * MOST_POINTS**2
_MOST_COLUMNS = 16_384
_MOST_ROWS = 850_000
_SEVERAL_WORKBOOKS = "Use `sweep`, which writes results only, or compare fewer in each of several workbooks."


@dataclass(frozen=True)
class Shape:
    """The scenarios of a workbook: `points` are the numbers of points of each; `blocks` says for each in which block of
    rows its points stand, counted from 0: scenarios that agree in benchmark and limits may share one. `chosen` is 1
    where one of them is chosen to be shown: it has a column of its own before the others, and each block of points a
    heading that names its scenarios.

    Raises WorkbookLimit when Excel has not that many rows or columns.
    """

    points: tuple[int, ...]
    blocks: tuple[int, ...]
    chosen: int

    def __post_init__(self) -> None:
        refuse_columns(self.scenarios)
        rows = FIRST_ROW + self.chosen + self._rows[-1]
        if rows > _MOST_ROWS:
            message = f"the benchmark points of {self.scenarios:,} scenarios need {rows:,} rows"
            raise WorkbookLimit(f"{message}; one workbook takes {_MOST_ROWS:,}. {_SEVERAL_WORKBOOKS}")
        refuse_points([self.points[owner] for owner in self.owners])

    @property
    def scenarios(self) -> int:
        """How many there are."""
        return len(self.points)

    @property
    def first(self) -> int:
        """The column of the first scenario."""
        return VALUE + self.chosen

    @property
    def unit_column(self) -> int:
        """The column of the units, right of the scenarios' values."""
        return self.first + self.scenarios

    @cached_property
    def owners(self) -> tuple[int, ...]:
        """For each block the first scenario whose points stand there."""
        return tuple(self.blocks.index(block) for block in range(max(self.blocks) + 1))

    @cached_property
    def point_rows(self) -> tuple[int, ...]:
        """For each scenario how many rows below those of the first its points stand."""
        return tuple(self._rows[block] for block in self.blocks)

    @property
    def first_point(self) -> int:
        """The row of the first point of the first scenario."""
        return FIRST_ROW + self.chosen

    @property
    def last_point(self) -> int:
        """The row of the last point of the last block."""
        return self.first_point + self._rows[-1] - 3

    @cached_property
    def _rows(self) -> list[int]:
        return block_rows([self.points[owner] for owner in self.owners])


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
