"""What a sweep varies: `--vary name=lo:hi:n` and `--vary name=a,b,c` to inputs and their values, strictly."""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tco_xlsx.case.configuration import meant, with_configuration
from tco_xlsx.documents.errors import BadInput, Fault, did_you_mean
from tco_xlsx.documents.located_yaml import FaultsOf, FileName, Located, scalar_of
from tco_xlsx.documents.messages import shown
from tco_xlsx.language.evaluate import Case
from tco_xlsx.language.lines import Choice, Given, Pick
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles
from tco_xlsx.scenario.inputs import InputReader, InputScalar, unknown_input
from tco_xlsx.scenario.load import Scenario

MOST_COMBINATIONS = 100_000_000
"""More rows than this are a slip of the pen: a file of some 10 GB."""

# The values of one input are held as a list.
_MOST_VALUES = 1_000_000
# A pick that is left open is settled in Python for each combination of what it hangs on.
_MOST_SETTLED = 10_000
# The lengths of the workload settle which tokens are meant where a scenario leaves that open.
_LENGTHS = (roles.input_tokens.name, roles.output_tokens.name)
_CUT = re.compile(r"0\d+")
_FLAG = FileName("--vary", "--vary")


@dataclass(frozen=True)
class Varied:
    """An input and the values that it takes, in order: numbers, codes of a choice, texts of a pick, None for empty."""

    line: Given
    values: tuple[InputScalar, ...]


@dataclass(frozen=True)
class DependentPick:
    """A pick that the scenario leaves open and that varied inputs settle: a code for each of their combinations.

    `by` are the names of those inputs; of their combinations the last varies fastest.
    """

    line: Pick
    by: tuple[str, ...]
    codes: tuple[str, ...]


def parse_vary(flags: Sequence[str], settings: Sequence[str], model: Model, faults: list[Fault]) -> list[Varied]:
    """The varied inputs in the order of the flags; what is wrong with them is added to `faults`.

    `settings` are the texts of `--set`: an input is either set or varied.
    """
    reader = _ValuesReader()
    varied: dict[str, Varied] = {}
    is_set = {text.partition("=")[0].strip() for text in settings}
    for flag in flags:
        name, equals, text = flag.partition("=")
        name = name.strip()
        line = model.by_name.get(name)
        if not equals or not name:
            reader.fault(f"{flag}: expected section.name=lo:hi:n or section.name=value,value.")
        elif not isinstance(line, Given):
            reader.fault(unknown_input(name, model)[0])
        elif name in varied:
            reader.fault(f"{name}: is varied twice; put all its values into one --vary.")
        elif name in is_set:
            reader.fault(f"{name}: is given by --set, too; leave one of them out.")
        else:
            varied[name] = Varied(line, reader.values(line, text.strip()))
    many = math.prod(len(one.values) for one in varied.values())
    if many > MOST_COMBINATIONS:
        reader.fault(f"{many:,} combinations are too many; at most {MOST_COMBINATIONS:,} are computed.")
    faults.extend(reader.faults)
    return list(varied.values())


class _ValuesReader:
    """Reads the values of flags by the rules of their inputs, collecting faults."""

    def __init__(self) -> None:
        self._found = FaultsOf(_FLAG.shown)
        self._inputs = InputReader(_FLAG, self._found)

    @property
    def faults(self) -> list[Fault]:
        return self._found.found

    def fault(self, message: str) -> None:
        self._found.add(Located(None, 0, 0), message)

    def values(self, line: Given, text: str) -> tuple[InputScalar, ...]:
        """The values that a text names; without those that are wrong."""
        if not isinstance(line, Choice) and ":" in text and "," not in text:
            return self._spaced(line, text)
        try:
            # Quotes hold a text together that has a comma in it.
            pieces = next(csv.reader([text], skipinitialspace=True, strict=True), []) or [""]
        except csv.Error as error:
            self.fault(f"{line.name}: {shown(text)} cannot be taken apart: {error}.")
            return ()
        values = [value for piece in pieces for value in self._value(line, piece.strip())]
        for value, times in Counter(map(_folded, values)).items():
            if times > 1:
                words = "an empty value" if value is None else at({line.name: value}).partition(" = ")[2]
                self.fault(f"{line.name}: {words} is given twice.")
        return tuple(values)

    def _value(self, line: Given, text: str) -> list[InputScalar]:
        before = len(self.faults)
        if _CUT.fullmatch(text) and not isinstance(line, Choice):
            self.fault(f"{line.name}: {shown(text)} looks like a piece of a number; write 250000, not 250,000.")
            return []
        if isinstance(line, Pick) and not text:
            self.fault(f"{line.name}: is empty; name a text of the points, or `any`.")
            return []
        value: InputScalar = self._inputs.entry(line, Located(scalar_of(text), 0, 0)).value
        return [value] if len(self.faults) == before else []

    def _spaced(self, line: Given, text: str) -> tuple[InputScalar, ...]:
        """The values of lo:hi:n, each the number that is nearest to its exact place: 0.3, not 0.30000000000000004."""
        pieces = [piece.strip() for piece in text.split(":")]
        if len(pieces) != 3 or not all(pieces):
            example = "expected lo:hi:n, such as 10:50:5 for 10, 20, 30, 40, 50"
            self.fault(f"{line.name}: {shown(text)} is no range; {example}.")
            return ()
        before = len(self.faults)
        for end in dict.fromkeys(pieces[:2]):
            self._value(line, end)
        count = scalar_of(pieces[2])
        if type(count) is not int or not 2 <= count <= _MOST_VALUES:
            wanted = f"expected how many values, 2 to {_MOST_VALUES:,}"
            self.fault(f"{line.name}: {shown(pieces[2])} ends the range {text}; {wanted}.")
        if len(self.faults) > before or type(count) is not int:
            return ()
        low, high = (Fraction(str(scalar_of(piece))) for piece in pieces[:2])
        step = (high - low) / (count - 1)
        if line.integer and step.denominator != 1:
            near = _whole_count(int(abs(high - low)), count)
            hint = f"use {pieces[0]}:{pieces[1]}:{near} for whole steps, or write the values out"
            self.fault(f"{line.name}: {text} gives {float(low + step):,.15g}, which is not a whole number; {hint}.")
            return ()
        values = tuple(_spread(low, step, count))
        if len(set(values)) < count:
            self.fault(f"{line.name}: {text} gives the same number more than once; ask for fewer values.")
        return values


def _folded(value: InputScalar) -> InputScalar:
    return value.casefold() if isinstance(value, str) else value


def _spread(low: Fraction, step: Fraction, count: int) -> Iterator[float]:
    # In whole numbers over one denominator: fractions would take a second for a hundred thousand values.
    under = math.lcm(low.denominator, step.denominator)
    first, each = int(low * under), int(step * under)
    return ((first + each * place) / under for place in range(count))


def _whole_count(span: int, count: int) -> int:
    """The number of values next to `count` that cuts a span into whole steps; at least the two ends do."""
    near = (steps for away in range(1, count) for steps in (count - 1 + away, count - 1 - away) if steps > 0)
    return next((steps for steps in near if span % steps == 0), 1) + 1


def _flag_fault(message: str) -> Fault:
    return Fault(_FLAG.shown, 0, 0, message)


def at(values: Mapping[str, InputScalar]) -> str:
    """A combination in words: `server.price = 250000, licence.basis = gpu`."""
    told = {name: "empty" if one is None else one if isinstance(one, str) else f"{one:.15g}" for name, one in
            values.items()}  # fmt: skip
    return ", ".join(f"{name} = {words}" for name, words in told.items())


def settle(
    varied: Sequence[Varied], model: Model, scenario: Scenario, case: Case, faults: list[Fault]
) -> tuple[list[Varied], list[DependentPick]]:
    """Varied picks with the texts as the points hold them, and the picks that the varied inputs settle.

    What no point holds, or what leaves a configuration open, is added to `faults`.
    """
    exact: list[Varied] = []
    before = len(faults)
    for one in varied:
        if not isinstance(one.line, Pick):
            exact.append(one)
            continue
        codes = {code.casefold(): code for code in case.codes(one.line)}
        held = ", ".join(list(codes.values())[1:]) or "there are none"
        asked = [meant(one.line, text, case.codes(one.line)) for text in one.values]
        for text in asked:
            if str(text).casefold() not in codes:
                hint = did_you_mean(str(text), codes.values())
                faults.append(_flag_fault(f'{one.line.name}: "{text}" is not among the points: {held}.{hint}'))
        exact.append(replace(one, values=tuple(codes.get(str(text).casefold(), text) for text in asked)))
    return exact, [] if len(faults) > before else _followers(exact, model, scenario, case, faults)


def _followers(
    varied: Sequence[Varied], model: Model, scenario: Scenario, case: Case, faults: list[Fault]
) -> list[DependentPick]:
    names = {one.line.name for one in varied}
    picks = [one.line.name for one in varied if isinstance(one.line, Pick)]
    left: list[Pick] = []
    hangs_on = set(picks)
    for line in model.inputs:
        # A pick of one text, or of none, has nothing to settle.
        if isinstance(line, Pick) and scenario.values[line.name] is None and len(case.codes(line)) > 2:
            lengths = names.intersection(_LENGTHS) if line is roles.tokens else set()
            if line.name not in names and (picks or lengths):
                left.append(line)
                hangs_on |= lengths
    by = [one for one in varied if one.line.name in hangs_on]
    if not left:
        return []
    many = math.prod(len(one.values) for one in by)
    if many > _MOST_SETTLED:
        message = (
            f"{many:,} combinations of {', '.join(one.line.name for one in by)} would each have to settle "
            f"{', '.join(line.name for line in left)}; choose with --set, or vary fewer values."
        )
        faults.append(_flag_fault(message))
        return []
    settled: dict[str, list[str]] = {line.name: [] for line in left}
    messages: set[str] = set()
    for combination in itertools.product(*(one.values for one in by)):
        told = {one.line.name: value for one, value in zip(by, combination, strict=True)}
        try:
            values = with_configuration(model, replace(case, values={**scenario.values, **told}), scenario).values
        except BadInput as bad:
            new = [fault.message for fault in bad.faults if fault.message not in messages]
            messages.update(new)
            faults.extend(_flag_fault(f"at {at(told)}: {message}") for message in new)
            continue
        for line in left:
            settled[line.name].append(str(values[line.name]))
    if messages:
        return []
    return [
        DependentPick(line, tuple(one.line.name for one in by), tuple(settled[line.name]))
        for line in left
        if set(settled[line.name]) != {case.values[line.name]}
    ]
