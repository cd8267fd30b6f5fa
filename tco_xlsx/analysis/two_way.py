"""A grid of two inputs: a base and all combinations of their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tco_xlsx.language.lines import Derived, Given


@dataclass(frozen=True)
class Side:
    """An input that runs along a side of the grid, and its values in order: numbers, codes, None for empty."""

    line: Given
    values: Sequence[float | str | None]


@dataclass(frozen=True)
class TwoWay:
    """A base and all combinations of the values of two inputs: scenario 0 is the base, the columns vary fastest.

    `links` gives for each scenario the inputs that it does not hold itself, with the scenario that has the same
    value of them: the base, or the first one with that value of a varied input. `result` is the line that is shown.
    """

    rows: Side
    columns: Side
    links: Sequence[Mapping[str, int]]
    labels: Sequence[str]
    result: Derived

    def scenario(self, row: int, column: int) -> int:
        """The number of the scenario of a combination."""
        return 1 + row * len(self.columns.values) + column
