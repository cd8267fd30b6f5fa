"""What a comparison workbook tells beside the scenarios themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tco_xlsx.analysis.two_way import TwoWay
from tco_xlsx.language.evaluate import Values
from tco_xlsx.language.lines import Line
from tco_xlsx.language.sections import Model


@dataclass(frozen=True)
class GapSteps:
    """The scenarios between two, by which the gap between them is attributed to its causes.

    `taken` says for each step and cause whether the cause is taken from the second scenario (1) or from the first (0).
    `lines` are the rows that the steps need, in order: those in `linked` are taken over as they are, other inputs
    are taken over in the currency of the report, and the rest is computed. `cause_of` gives the number of the cause of
    each line that is taken over. `values` holds a scenario for each step.
    """

    causes: Sequence[str]
    taken: Sequence[Sequence[int]]
    lines: Sequence[Line]
    linked: frozenset[str]
    cause_of: Mapping[str, int]
    values: Values

    @staticmethod
    def is_money(line: Line) -> bool:
        """Whether a line is an amount, or an amount for something: it is converted."""
        return "money" in line.unit.replace("*", "/").split("/")


@dataclass(frozen=True)
class ComparedColumns:
    """Several scenarios side by side.

    `links` gives for each scenario the inputs that it inherits, with the number of the scenario whose cell holds
    them. `blocks` says in which block of rows its benchmark points stand. `drawn` are the scenarios in the chart of
    all configurations, one of each block. `values` are those of `model`, the lines that a comparison adds. `two_way`
    is there where the scenarios are the combinations of a grid.
    """

    model: Model
    values: Values
    labels: Sequence[str]
    links: Sequence[Mapping[str, int]]
    blocks: Sequence[int]
    currency: str
    rate_sources: Mapping[str, str]
    drawn: Sequence[int]
    steps: GapSteps
    two_way: TwoWay | None = None

    @property
    def one_currency(self) -> bool:
        """Whether all scenarios are in the currency of the report."""
        return len(self.rate_sources) == 1


def block_rows(points: Sequence[int]) -> list[int]:
    """How many rows stand before the points of each block, and after those of the last: between two blocks a free
    row and the heading of the second."""
    rows = [0]
    for number in points:
        rows.append(rows[-1] + number + 2)
    return rows
