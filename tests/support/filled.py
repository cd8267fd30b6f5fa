"""Cases of the model as a test writes them: the inputs that matter, all others at their defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tco_xlsx.language.evaluate import Case, InputValue
from tco_xlsx.language.lines import Choice, Given
from tco_xlsx.language.sections import Model, Section

Point = Mapping[str, float | str | None]


def filled(
    model: Model,
    inputs: Mapping[str, Any],
    points: Sequence[Point] = (),
    title: str = "Case",
) -> Case:
    """A case with every input of the model, and points that are trusted unless they say otherwise.

    A table is given by its section, as a list of rows. Refuses an input that the model does not have, and a missing
    one.
    """
    tables = {section.name: section for section in model.sections if section.table is not None}
    given: dict[str, Any] = {name: value for name, value in inputs.items() if name not in tables}
    for name in tables.keys() & inputs.keys():
        given |= _columns(tables[name], inputs[name])
    unknown = set(given) - {line.name for line in model.inputs}
    if unknown:
        raise ValueError(f"no such inputs: {', '.join(sorted(unknown))}")
    values: dict[str, InputValue] = {}
    for line in model.inputs:
        if line.name in given:
            values[line.name] = _in_full(line, given[line.name])
        elif line.required:
            raise ValueError(f"{line.name} has no default")
        elif line.is_column and not isinstance(line, Choice):
            values[line.name] = None
        else:
            values[line.name] = line.default_code if isinstance(line, Choice) else line.default
    return Case.of_points(title, values, [{"trusted": 1.0, **point} for point in points])


def _columns(section: type[Section], rows: Sequence[Mapping[str, Any]]) -> dict[str, InputValue]:
    """A table by its columns: what a row does not say is at its default, and empty rows follow."""
    columns: dict[str, InputValue] = {}
    for line in section.lines:
        if isinstance(line, Given) and line.axis is not None:
            default = line.default_code if isinstance(line, Choice) else line.default
            empty = [default if isinstance(line, Choice) else None] * ((line.axis.seats or 0) - len(rows))
            columns[line.name] = [*(row.get(line.attribute, default) for row in rows), *empty]
    return columns


def _in_full(line: Given, value: InputValue) -> InputValue:
    """A list that ends early goes on with its last number, as in a scenario."""
    if isinstance(value, list) and line.axis is not None and line.axis.seats is not None:
        return [*value, *[value[-1]] * (line.axis.seats - len(value))]
    return value
