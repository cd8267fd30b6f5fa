"""Axes: what a value may run along. A model declares its own; that of benchmark points is known to every reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Written = Literal["series", "list", "table"]
"""How a scenario gives an input along an axis: one number for all seats, or a list whose last number holds for those
after it; a list with a number for each seat; a column of a table, whose section is a list of rows."""


@dataclass(frozen=True)
class Axis:
    """What values run along: benchmark points, years, the scenarios of a comparison.

    `one` and `many` are its noun, `direction` how its seats lie on a sheet. `seats` is how many there are in every
    case; None for as many as the case tells of. `written` is how a scenario gives an input along it. Axes of one name
    are one axis.
    """

    name: str
    one: str = field(compare=False)
    many: str = field(compare=False)
    direction: Literal["down", "across"] = field(default="down", compare=False)
    seats: int | None = field(default=None, compare=False)
    written: Written = field(default="series", compare=False)

    def __post_init__(self) -> None:
        if self.written != "series" and self.seats is None:
            raise ValueError(f"{self.name}: needs a number of seats to be written as a {self.written}.")

    def __str__(self) -> str:
        return self.name

    @property
    def is_across(self) -> bool:
        """Whether its seats are columns, not rows."""
        return self.direction == "across"


POINT = Axis("point", "point", "points")
"""The operating points of a benchmark, whose figures and texts a case tells of."""
