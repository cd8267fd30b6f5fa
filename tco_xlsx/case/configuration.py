"""Which of the measured configurations a scenario means: as it says, or the only one there is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from tco_xlsx.bench.points.token_kinds import is_near, resolved
from tco_xlsx.documents.errors import BadInput, Fault, did_you_mean
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import UNKNOWN, Case, InputValue
from tco_xlsx.language.lines import ANY, Pick
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles
from tco_xlsx.scenario.load import Scenario

Asked = TypeVar("Asked")

# Points of other precisions, engines or set-ups compete on the same servers; those of other models, GPU types or
# lengths answer another question and are never mixed unless asked for.
_MAY_COMPETE = frozenset(line.name for line in roles.may_compete)


def with_configuration(model: Model, case: Case, scenario: Scenario) -> Case:
    """The case with every pick settled.

    A pick that the scenario leaves open is `any` where one text stands or where points may compete; the tokens are
    those nearest to the workload. Raises BadInput where the scenario must choose, or names what no point holds.
    """
    values: dict[str, InputValue] = dict(case.values)
    faults: list[Fault] = []
    picks = [line for line in model.inputs if isinstance(line, Pick)]
    for line in picks:
        values[line.name] = meant(line, values[line.name], case.codes(line))
    # What is picked narrows what is left to pick: each model may have run on one GPU type only.
    left = [point for point in case.along(POINT) if all(_holds(point, line, values[line.name]) for line in picks)]
    for line in picks:
        codes, asked = case.codes(line), values[line.name]
        message = ""
        if asked is None:
            held = Case.of_points(case.title, {}, left).codes(line)
            values[line.name], message = _settled(line, held, case.values)
        elif str(asked).casefold() not in (code.casefold() for code in codes):
            # Numbers that share digits are not near each other.
            hint = "" if line is roles.tokens else did_you_mean(str(asked), codes)
            hint = hint or (f" {_to_type(line, codes[1])}" if codes[1:] else "")
            message = (
                f'{line.name}: "{asked}" is not among the points: {", ".join(codes[1:]) or "there are none"}.{hint}'
            )
        if message:
            source = scenario.benchmark
            section = source.path or str(scenario.path), source.line, source.column
            faults.append(Fault(*scenario.places.get(line.name, section), message))
    if faults:
        raise BadInput(faults)
    return replace(case, values=values)


def _holds(point: Mapping[str, float | str | None], line: Pick, asked: InputValue) -> bool:
    text = str(point.get(line.attribute) or UNKNOWN)
    return asked is None or str(asked).casefold() in (ANY, text.casefold())


def meant(line: Pick, asked: Asked, codes: Sequence[str]) -> Asked | str:
    """What is asked of a pick, as the points spell it; as it is when no point, or more than one, can be meant."""
    if line is not roles.tokens or not isinstance(asked, str):
        return asked
    return resolved(asked, codes[1:]) or asked


def _settled(line: Pick, codes: tuple[str, ...], values: Mapping[str, InputValue]) -> tuple[str, str]:
    """What an open pick stands at, or else the fault that it must be chosen."""
    texts = codes[1:]
    if len(texts) <= 1 or line.name in _MAY_COMPETE:
        return ANY, ""
    likely = texts[0]
    if line is roles.tokens:
        near = [text for text in texts if _is_near(text, values)]
        if len(near) == 1:
            return near[0], ""
        likely = next(iter(near), likely)
    listed = ", ".join(texts)
    message = (
        f"{line.name}: the points are of {len(texts)} kinds ({listed}); choose one, or `any`, or use benchmark.where. "
        f"{_to_type(line, likely)}"
    )
    return ANY, message


def _to_type(line: Pick, text: str) -> str:
    """The line that chooses a text, as it stands in a scenario."""
    return f"For instance: `configuration: {{{line.attribute}: {json.dumps(text, ensure_ascii=False)}}}`."


def _is_near(text: str, values: Mapping[str, InputValue]) -> bool:
    isl, osl = values[roles.input_tokens.name], values[roles.output_tokens.name]
    return isinstance(isl, (int, float)) and isinstance(osl, (int, float)) and is_near(text, isl, osl)
