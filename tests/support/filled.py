"""Cases of the model as a test writes them: the inputs that matter, all others at their defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tco_xlsx.language.evaluate import Case, InputValue
from tco_xlsx.language.lines import Choice, Given
from tco_xlsx.language.sections import Model

Point = Mapping[str, float | str | None]


def filled(
    model: Model,
    inputs: Mapping[str, InputValue],
    points: Sequence[Point] = (),
    title: str = "Case",
) -> Case:
    """A case with every input of the model, and points that are trusted unless they say otherwise.

    Refuses an input that the model does not have, and a missing one.
    """
    unknown = set(inputs) - {line.name for line in model.inputs}
    if unknown:
        raise ValueError(f"no such inputs: {', '.join(sorted(unknown))}")
    values: dict[str, InputValue] = {}
    for line in model.inputs:
        if line.name in inputs:
            values[line.name] = _in_full(line, inputs[line.name])
        elif line.required:
            raise ValueError(f"{line.name} has no default")
        else:
            values[line.name] = line.default_code if isinstance(line, Choice) else line.default
    return Case.of_points(title, values, [{"trusted": 1.0, **point} for point in points])


def _in_full(line: Given, value: InputValue) -> InputValue:
    """A list that ends early goes on with its last number, as in a scenario."""
    if isinstance(value, list) and line.axis is not None and line.axis.seats is not None:
        return [*value, *[value[-1]] * (line.axis.seats - len(value))]
    return value
