"""The scenarios between two, by which the gap between them is attributed to its causes.

Cause by cause is taken from the second scenario, in order and in reverse order. What a cause changes depends on what
was replaced before it (a dearer server counts for more in a larger fleet); the mean of both orders prefers none, and
its parts add up to the gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tco_xlsx.analysis.columns import GapSteps
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import Case, InputValue, evaluate
from tco_xlsx.language.lines import Derived, Fact, Line, Measured, named
from tco_xlsx.language.sections import Model, Section


@dataclass(frozen=True)
class Cause:
    """A cause of a gap: sections whose inputs belong to it, or single inputs."""

    name: str
    of: tuple[type[Section] | Line, ...]

    def holds(self, line: Line) -> bool:
        """Whether a line belongs to the cause."""
        return any(part is line or part is line.section for part in self.of)


def steps_between(
    model: Model,
    outputs: Sequence[Line],
    causes: Sequence[Cause],
    first: tuple[Case, float],
    second: tuple[Case, float],
) -> GapSteps:
    """The steps from one scenario to another; each comes with what its currency is worth in that of the report.

    The points go with the cause to which the lines along points belong; whatever it computes is taken over with it.
    Lines along an axis that is as long in every case, such as years, are computed at each step like any other.

    Raises ValueError where an input is of no cause or of several, or a line outside of that cause runs along points.
    """
    point_line = next(line for line in model.lines if line.axis == POINT)
    whole = next(cause for cause in causes if cause.holds(point_line))
    cause_of = {line.name: _cause_of(line, causes) for line in model.inputs}
    lines, linked = _needed(model, outputs, whole, cause_of, causes.index(whole))
    cause_of |= linked
    taken = _orders(len(causes))
    cases = []
    for flags in taken:
        values: dict[str, InputValue] = {}
        for line in model.inputs:
            case, rate = (first, second)[flags[cause_of[line.name]]]
            value = case.values[line.name]
            values[line.name] = _exchanged(value, rate) if GapSteps.is_money(line) else value
        points = (first, second)[flags[causes.index(whole)]][0].along(POINT)
        cases.append(Case.of_points("a step between two scenarios", values, points))
    return GapSteps(
        causes=[cause.name for cause in causes],
        taken=taken,
        lines=lines,
        linked=frozenset(linked),
        cause_of=cause_of,
        values=evaluate(model, cases),
    )


def _exchanged(value: InputValue, rate: float) -> InputValue:
    """An amount, or those along an axis, in the currency of the report."""
    if isinstance(value, (str, int, float)) or value is None:
        return value * rate if isinstance(value, (int, float)) else value
    return tuple(one * rate if isinstance(one, (int, float)) else one for one in value)


def _orders(count: int) -> list[tuple[int, ...]]:
    """Which causes are taken from the second scenario: one more at each step, then from the last backwards."""
    forward = [(1,) * step + (0,) * (count - step) for step in range(count + 1)]
    return forward + [(0,) * (count - step) + (1,) * step for step in range(1, count)]


def _needed(
    model: Model, outputs: Sequence[Line], whole: Cause, cause_of: Mapping[str, int], number_of_whole: int
) -> tuple[list[Line], dict[str, int]]:
    """The lines that the outputs need, in order; and for those of them that are taken over as they are, because all
    that they build on comes with one cause, the number of it."""
    behind = _behind(model, cause_of, number_of_whole)
    needed = {line.name for line in outputs}
    linked: dict[str, int] = {}
    for line in reversed(model.lines):
        if line.name not in needed or not isinstance(line, Derived):
            continue
        parts = [part for formula in (line.formula, *line.conditions) for part in named(formula)]
        if whole.holds(line):
            linked[line.name] = number_of_whole
        elif len(behind[line.name]) == 1 and line.axis is None and any(part.axis is not None for part in parts):
            (linked[line.name],) = behind[line.name]
        else:
            needed |= {part.name for part in parts}
    lines = [line for line in model.lines if line.name in needed]
    for line in lines:
        if line.axis is not None and line.axis.seats is None:
            message = f"{line.name} runs along {line.axis.many}, of which another scenario has others"
            raise ValueError(f"{message}; a gap needs what is computed from it to belong to {whole.name!r}.")
    return lines, linked


def _behind(model: Model, cause_of: Mapping[str, int], number_of_whole: int) -> dict[str, frozenset[int]]:
    """For each line the causes of the inputs and points that it builds on."""
    behind: dict[str, frozenset[int]] = {}
    for line in model.lines:
        if line.name in cause_of:
            behind[line.name] = frozenset((cause_of[line.name],))
        elif isinstance(line, (Measured, Fact)):
            behind[line.name] = frozenset((number_of_whole,))
        elif isinstance(line, Derived):
            parts = [part for formula in (line.formula, *line.conditions) for part in named(formula)]
            # A line may name itself.
            behind[line.name] = frozenset().union(*(behind.get(part.name, frozenset()) for part in parts))
        else:
            behind[line.name] = frozenset()
    return behind


def _cause_of(line: Line, causes: Sequence[Cause]) -> int:
    found = [number for number, cause in enumerate(causes) if cause.holds(line)]
    if len(found) != 1:
        raise ValueError(f"{line.name} is of {len(found)} causes of a gap; it must be of one.")
    return found[0]
