"""A sweep of two inputs as a workbook: a base and all combinations side by side, and a live grid of any result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tco_xlsx.analysis.compare import ComparedScenarios, compare, unlike
from tco_xlsx.analysis.sweep.plan import SweepPlan
from tco_xlsx.analysis.sweep.vary import Varied
from tco_xlsx.analysis.two_way import Side, TwoWay
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.language.evaluate import Case
from tco_xlsx.language.input_notes import InputNotes
from tco_xlsx.language.lines import Derived, Given, Line
from tco_xlsx.language.sections import Model, Section

_DECIMALS = 15
_NEAR = 5e-4
"""How near a number in a label must be to its value, as a part of it."""


@dataclass(frozen=True)
class ComparedGrid:
    """The scenarios of a grid, the base first, and what its workbook is written from."""

    model: Model
    prepared: Sequence[Prepared]
    made: ComparedScenarios

    @property
    def two_way(self) -> TwoWay:
        """Its two inputs and their values."""
        assert self.made.compared.two_way is not None
        return self.made.compared.two_way

    @property
    def words(self) -> str:
        """What it is, in words."""
        rows, columns = self.two_way.rows, self.two_way.columns
        size = f"{len(rows.values):,} by {len(columns.values):,}"
        return f"a grid of {size}, {rows.line.name} down, {columns.line.name} across"


def grid_of(
    survey: SweepPlan,
    comparison: Model,
    causes: Mapping[str, Sequence[type[Section] | Line]],
) -> ComparedGrid:
    """Compute the base and every combination of a survey's two inputs, the first of them running down; `comparison`
    holds the lines that a comparison adds, `causes` the inputs of each cause of a gap.

    Raises BrokenModel when a combination has an error.
    """
    base, sweep = survey.prepared, survey.sweep
    cases = [sweep.case_of(number) for number in range(sweep.combinations)]
    names = labels_of(base.scenario.title, sweep.varied)
    prepared = [base]
    for case, label in zip(cases, names[1:], strict=True):
        # The source of a value of the base says nothing of another value.
        told = {**base.scenario.told, **{one.line.name: InputNotes() for one in sweep.varied}}
        values = {name: case.values[name] for name in base.scenario.values}
        scenario = replace(
            base.scenario,
            name=label,
            title=f"{base.scenario.title}, {label}",
            values=values,
            told=told,
        )
        prepared.append(replace(base, scenario=scenario, case=case))
    assert isinstance(survey.by, Derived)
    rows, columns = (Side(one.line, one.values) for one in sweep.varied)
    two_way = TwoWay(rows, columns, _links(survey.model, sweep.varied, [base.case, *cases]), names, survey.by)
    made = compare(survey.model, comparison, causes, prepared, two_way=two_way)
    return ComparedGrid(survey.model, prepared, made)


def labels_of(title: str, varied: Sequence[Varied]) -> list[str]:
    """The names of the base and of the combinations, such as "320,000 · 4", which is no date; never alike."""
    rows, columns = (_texts(one) for one in varied)
    return unlike([title, *(f"{row} · {column}" for row in rows for column in columns)])


def _texts(varied: Varied) -> list[str]:
    """The values of an input in as few decimals as tell them apart."""
    numbers = [value for value in varied.values if isinstance(value, (int, float))]
    share = varied.line.unit == "share"
    scaled = [number * 100 if share else number for number in numbers]
    digits = next((digits for digits in range(_DECIMALS) if _enough(scaled, digits)), None)
    texts = {
        number: (f"{each:.15g}" if digits is None else f"{round(each, digits):,.15g}") + "%" * share
        for number, each in zip(numbers, scaled, strict=True)
    }
    return [value if isinstance(value, str) else "empty" if value is None else texts[value] for value in varied.values]


def _enough(numbers: Sequence[float], digits: int) -> bool:
    near = all(abs(round(number, digits) - number) <= _NEAR * abs(number) for number in numbers)
    return near and len({round(number, digits) for number in numbers}) == len(numbers)


def _links(model: Model, varied: Sequence[Varied], cases: Sequence[Case]) -> list[dict[str, int]]:
    """For each scenario who holds its inputs: the base, unless the input is varied or follows one that is."""
    sides = {one.line.name for one in varied}
    links: list[dict[str, int]] = [{}]
    first: dict[tuple[str, object], int] = {}
    for number, case in enumerate(cases[1:], start=1):
        own: dict[str, int] = {}
        for line in model.inputs:
            holder = 0 if _follows(line, sides, case, cases[0]) else _first(first, line, case, number)
            if holder != number:
                own[line.name] = holder
        links.append(own)
    return links


def _follows(line: Given, sides: set[str], case: Case, base: Case) -> bool:
    return line.name not in sides and case.values[line.name] == base.values[line.name]


def _first(first: dict[tuple[str, object], int], line: Given, case: Case, number: int) -> int:
    """The first combination with that value."""
    return first.setdefault((line.name, case.values[line.name]), number)
