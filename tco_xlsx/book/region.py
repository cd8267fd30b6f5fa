"""Places of lines on a sheet: where they begin, which way they stack, which way their seats run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.excel import Cell
from tco_xlsx.language.lines import Line
from tco_xlsx.language.sections import Model, Section

Direction = Literal["down", "across"]
NUMBER = "number"
"""What stands in a region in place of a line: the number of each seat, from 1."""


@dataclass(frozen=True, eq=False)
class Region:
    """Lines that stand together on a sheet.

    The first seat of the first line is at row `top` and column `left`. The next line stands below it or right of it
    (`stack`), the next seat of a line along its axis likewise (`seats`). Between lines may stand texts of a template:
    NUMBER, or a word that the page of the region knows. `copies` holds for each scenario how many rows below those of
    the first its cells stand; None: each scenario has the next column. `shown` says how many columns the scenario
    that is shown stands from the first: 0, or -1 where it has a column of its own. `axis` is that of the seats, where
    no line of the region says it.
    """

    sheet: str
    top: int
    left: int
    lines: tuple[Line | str, ...]
    stack: Direction = "down"
    seats: Direction = "down"
    copies: tuple[int, ...] | None = (0,)
    shown: int = 0
    axis: Axis | None = None

    def home(self, step: int) -> tuple[int, int]:
        """Row and column of the first seat of what stands at a step."""
        return (self.top + step, self.left) if self.stack == "down" else (self.top, self.left + step)

    def cell(self, step: int, scenario: int = 0, index: int = 0) -> Cell:
        """The cell of a seat of what stands at a step."""
        return self.seat(*self.home(step), scenario, index)

    def seat(self, row: int, column: int, scenario: int, index: int) -> Cell:
        """The cell of a seat, counted from the first one."""
        if self.copies is None:
            column += scenario
        else:
            row += self.copies[scenario]
        if self.seats == "down":
            return Cell(self.sheet, row + index, column)
        return Cell(self.sheet, row, column + index)

    @property
    def bottom(self) -> int:
        """The row below the cells of all scenarios, of lines whose seats do not run down."""
        return self.top + (len(self.lines) if self.stack == "down" else 1) + max(self.copies or (0,))

    @cached_property
    def owners(self) -> tuple[int, ...]:
        """For each scenario the first whose cells are the same ones; empty where each has a column."""
        first: dict[int, int] = {}
        return tuple(first.setdefault(rows, number) for number, rows in enumerate(self.copies or ()))


def stacked(
    groups: Iterable[Sequence[Line]],
    sheet: str,
    top: int,
    left: int,
    seats: Direction = "down",
    copies: tuple[int, ...] | None = None,
    shown: int = 0,
) -> list[Region]:
    """A region for each group of lines, below each other from the row `top` on, with a row for its heading above."""
    regions = []
    for lines in groups:
        regions.append(Region(sheet, top + 1, left, tuple(lines), "down", seats, copies, shown))
        top += len(lines) + 1
    return regions


def by_section(model: Model, wanted: Callable[[Line], bool]) -> list[tuple[Line, ...]]:
    """The lines of each section that are wanted; no group for a section without any."""
    groups = (tuple(line for line in section.lines if wanted(line)) for section in model.sections)
    return [group for group in groups if group]


def section_of(region: Region) -> type[Section]:
    """The section whose lines stand in a region."""
    line = region.lines[0]
    assert isinstance(line, Line)
    assert line.section is not None
    return line.section
