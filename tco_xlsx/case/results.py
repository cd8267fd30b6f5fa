"""What scenarios come to: computed by themselves or many at once, and their results by name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from tco_xlsx.case.prepare import Prepared
from tco_xlsx.documents.errors import BrokenModel
from tco_xlsx.documents.text_out import one_line
from tco_xlsx.language.axes import POINT, Axis
from tco_xlsx.language.evaluate import InputValue, Values, evaluate
from tco_xlsx.language.lines import Choice, Line, RowText
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles

# Computed together: each of some 400 lines holds a number for each.
_MOST_POINTS = 4_000


_MOST_PLACES = 5

Result = float | int | str | None
"""A value: a number, a code or a text; None for what is empty or not available."""


def compute(model: Model, prepared: Prepared) -> Values:
    """The values of one scenario. Raises BrokenModel with the places of the inputs behind it."""
    try:
        return evaluate(model, [prepared.case])
    except BrokenModel as broken:
        raise placed(broken, prepared) from None


def placed(broken: BrokenModel, prepared: Prepared) -> BrokenModel:
    """The error of a scenario with its file, and with the places of the inputs that it comes from."""
    scenario = prepared.scenario
    told = [
        f"{name} {_plainly(scenario.values[name])} ({one_line(path)}:{line}:{column})"
        for name in broken.inputs
        for path, line, column in [scenario.places.get(name, ("", 0, 0))]
        if path
    ]
    behind = f" It comes from {'; '.join(told[:_MOST_PLACES])}." if told else ""
    name = "" if prepared.name == scenario.path.stem else f", {one_line(prepared.name)}"
    return BrokenModel(f"{one_line(str(scenario.path))}{name}: {broken.label}: {broken}{behind}")


def _plainly(value: InputValue) -> object:
    return list(value) if isinstance(value, tuple) else value


def compute_each(model: Model, prepared: Sequence[Prepared]) -> list[Values | Exception]:
    """The values of each scenario by itself, computed together; the error of one that has none.

    A scenario has the same values, to the last bit, in whatever company it is computed.
    """
    found: list[Values | Exception | None] = [None] * len(prepared)
    for group in _of_one_shape(prepared):
        try:
            together = evaluate(model, [prepared[place].case for place in group])
        except Exception as error:  # Whatever one scenario does, it does to itself alone.
            if len(group) == 1:
                found[group[0]] = placed(error, prepared[group[0]]) if isinstance(error, BrokenModel) else error
                continue
            for place in group:
                (found[place],) = compute_each(model, [prepared[place]])
            continue
        for number, place in enumerate(group):
            found[place] = together.only(number)
    return [one for one in found if one is not None]


def _of_one_shape(prepared: Sequence[Prepared]) -> list[list[int]]:
    """Places of scenarios with as many points: filling up the shorter ones would add numbers in another order."""
    groups: dict[int, list[int]] = {}
    for place, one in enumerate(prepared):
        groups.setdefault(len(one.case.along(POINT)), []).append(place)
    split: list[list[int]] = []
    for points, places in groups.items():
        most = max(1, _MOST_POINTS // max(1, points))
        split += [places[start : start + most] for start in range(0, len(places), most)]
    return split


def has_operating_point(values: Values) -> bool:
    """Whether the scenario can be sized at all."""
    return values.value(roles.found) == 1


def results(model: Model, values: Values) -> dict[str, Result | list[Result]]:
    """Every input, output and verdict by name; None for what is empty or not available.

    A line by year, hour or item is a list, of as many values as count.
    """
    told: dict[str, Result | list[Result]] = {**single_results(model, values)}
    for line in model.series:
        told[line.name] = [_value(line, values, index) for index in range(length_of(model, values, line.axis))]
    return told


def single_results(model: Model, values: Values) -> dict[str, Result]:
    """As `results`, the lines alone that have one value: what a row of a table holds."""
    told = {name: _value(line, values, 0) for line, name in _named_results(model)}
    return told | {count.name: int(values.value(count) or 0) for count in model.counts}


def length_of(model: Model, values: Values, axis: Axis | None) -> int:
    """How many seats of an axis count: all, unless a line of the model says how many of them."""
    seats = values.cases[0].length(axis)
    counted = model.lengths.get(axis) if axis is not None else None
    number = values.value(counted) if counted is not None else None
    return seats if number is None else max(0, min(seats, int(number)))


def _value(line: Line, values: Values, index: int) -> Result:
    if isinstance(line, Choice):
        return values.code(line, 0, index)
    if isinstance(line, RowText):
        return values.text(line, 0, index)
    number = values.value(line, 0, index)
    return None if number is None else int(number) if float(number).is_integer() else float(number)


@cache
def result_lines(model: Model) -> tuple[Line, ...]:
    """What has one value in the results, beside how many checks fail and warnings there are: inputs and outputs in
    order, then the verdicts."""
    shown = {id(line) for line in (*model.inputs, *model.outputs) if line.axis is None}
    return (*(line for line in model.lines if id(line) in shown), *(check.holds for check in model.verdicts))


@cache
def _named_results(model: Model) -> tuple[tuple[Line, str], ...]:
    return tuple((line, line.name) for line in result_lines(model))
