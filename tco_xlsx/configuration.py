"""Which of the measured configurations a scenario means: as it says, or the only one there is."""

from __future__ import annotations

from collections.abc import Mapping

from tco_xlsx.errors import BadInput, Fault, did_you_mean
from tco_xlsx.evaluate import UNKNOWN, Case, InputValue
from tco_xlsx.lines import ANY, Model, Pick
from tco_xlsx.scenario import Scenario

# Numbers of requests of one length differ by a few special tokens; other workloads by more than a tenth.
_NEAR = 0.1
# Points of other precisions, engines or set-ups compete on the same servers; those of other models, GPU types or
# lengths answer another question and are never mixed unless asked for.
_MAY_COMPETE = ("precision", "engine", "setup")


def with_configuration(model: Model, case: Case, scenario: Scenario) -> Case:
    """The case with every pick settled.

    A pick that the scenario leaves open is `any` where one text stands or where points may compete; the tokens are
    those nearest to the workload. Raises BadInput where the scenario must choose, or names what no point holds.
    """
    values: dict[str, InputValue] = dict(case.values)
    faults: list[Fault] = []
    picks = [line for line in model.inputs if isinstance(line, Pick)]
    # What is picked narrows what is left to pick: each model may have run on one GPU type only.
    left = [point for point in case.points if all(_holds(point, line, values[line.name]) for line in picks)]
    for line in picks:
        codes, asked = case.codes(line), values[line.name]
        message = ""
        if asked is None:
            held = Case(case.title, {}, left).codes(line)
            values[line.name], message = _settled(line, held, case.values)
        elif str(asked).casefold() not in (code.casefold() for code in codes):
            hint = did_you_mean(str(asked), codes)
            message = (
                f'{line.name}: "{asked}" is not among the points: {", ".join(codes[1:]) or "there are none"}.{hint}'
            )
        if message:
            source = scenario.benchmark
            section = source.path or str(scenario.path), source.line, source.column
            faults.append(Fault(*scenario.places.get(line.name, section), message))
    if faults:
        raise BadInput(faults)
    return Case(case.title, values, case.points, case.years)


def _holds(point: Mapping[str, float | str | None], line: Pick, asked: InputValue) -> bool:
    text = str(point.get(line.attribute) or UNKNOWN)
    return asked is None or str(asked).casefold() in (ANY, text.casefold())


def _settled(line: Pick, codes: tuple[str, ...], values: Mapping[str, InputValue]) -> tuple[str, str]:
    """What an open pick stands at, or else the fault that it must be chosen."""
    texts = codes[1:]
    if len(texts) <= 1 or line.attribute in _MAY_COMPETE:
        return ANY, ""
    if line.attribute == "tokens":
        near = [text for text in texts if _is_near(text, values)]
        if len(near) == 1:
            return near[0], ""
    listed = ", ".join(texts)
    message = (
        f"{line.name}: the points are of {len(texts)} kinds ({listed}); choose one, or `any`, or use benchmark.where."
    )
    return ANY, message


def _is_near(text: str, values: Mapping[str, InputValue]) -> bool:
    isl, _, osl = text.partition(" / ")
    wanted = (values["workload.input_tokens"], values["workload.output_tokens"])
    return all(
        held.isdigit() and isinstance(want, (int, float)) and abs(float(held) - want) <= _NEAR * want
        for held, want in zip((isl, osl), wanted, strict=True)
    )
