"""Which inputs have a part in the answers as the choices stand: a formula's other branches are cut off.

Only choices and empty inputs cut: a limit that happens to change nothing is used all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import Case, InputValue
from tco_xlsx.language.expression import Expr, Node, Number
from tco_xlsx.language.lines import Choice, Derived, Given, Line, Measured, Pick, named
from tco_xlsx.language.recurrent import Recurrent
from tco_xlsx.language.sections import Model

Names = frozenset[str]
_NOBODY: Final[Names] = frozenset()


@dataclass(frozen=True)
class Situation:
    """What cuts branches: the code of each choice, the inputs that are empty, and whether there are points."""

    codes: tuple[tuple[str, str], ...]
    empty: Names
    has_points: bool


@dataclass(frozen=True)
class _Part:
    """What is known of a value beforehand: its number (a test is 1 or 0), or that it is absent; and which inputs have
    a part in it."""

    inputs: Names = _NOBODY
    number: float | None = None
    is_absent: bool = False


_ABSENT: Final = _Part(is_absent=True)


def situation_of(model: Model, case: Case, changed: Mapping[str, InputValue] | None = None) -> Situation:
    """The situation of a case, some of its inputs changed."""
    values = {**case.values, **(changed or {})}
    empty = (line.name for line in model.inputs if not isinstance(line, Choice) and _is_empty(values[line.name]))
    return Situation(
        tuple((line.name, str(values[line.name])) for line in model.inputs if _is_switch(line)),
        frozenset(empty),
        bool(case.along(POINT)),
    )


def _is_switch(line: Line) -> bool:
    """A choice with one code, which settles what is computed."""
    return isinstance(line, Choice) and not isinstance(line, Pick) and line.axis is None


def _is_empty(value: InputValue) -> bool:
    """Whether an input is empty, in all of its seats."""
    return value is None or (isinstance(value, tuple) and all(one is None for one in value))


@lru_cache(maxsize=256)
def used_inputs(model: Model, situation: Situation) -> Names:
    """The inputs that have a part in an answer."""
    walk = _Walk(situation)
    return frozenset(name for answer in answers(model) for name in walk.line(answer).inputs)


@lru_cache(maxsize=8)
def answers(model: Model) -> tuple[Derived, ...]:
    """The lines that nothing builds on and that amounts of money go into: what all others are there for."""
    asked = {id(part) for one in model.warnings for side in (one.left, one.right) for part in named(side.formula)}
    outputs = [line for line in model.outputs if id(line) not in asked]
    within = {id(line): line for line in model.lines if line.section is not None}
    needed = {id(part) for line in within.values() for part in _parts(line)}
    money: set[int] = set()
    for line in within.values():
        own = isinstance(line, Given) and "money" in line.unit
        if own or any(id(part) in money for part in _parts(line)):
            money.add(id(line))
    return tuple(line for line in outputs if id(line) not in needed and id(line) in money)


@lru_cache(maxsize=8)
def inputs_that_matter(model: Model) -> Names:
    """The inputs that have a part in an answer in some situation: not those that only draw a chart."""
    needed = {line.name for line in answers(model)}
    for line in reversed(model.lines):
        if line.name in needed:
            needed |= {part.name for part in _parts(line)}
    return frozenset(line.name for line in model.inputs if line.name in needed)


def _parts(line: Line) -> Iterable[Line]:
    if not isinstance(line, Derived):
        return ()
    return [part for formula in (line.formula, *line.conditions) for part in named(formula)]


class _Walk:
    def __init__(self, situation: Situation) -> None:
        self.codes = dict(situation.codes)
        self.situation = situation
        self._known: dict[int, _Part] = {}

    def line(self, line: Line) -> _Part:
        if id(line) not in self._known:
            if isinstance(line, Recurrent):
                # It may name itself.
                self._known[id(line)] = _Part()
            self._known[id(line)] = self._of(line)
        return self._known[id(line)]

    def _of(self, line: Line) -> _Part:
        if isinstance(line, Given):
            return _ABSENT if line.name in self.situation.empty else _Part(frozenset([line.name]))
        if isinstance(line, Measured) and not self.situation.has_points:
            return _ABSENT
        if not isinstance(line, Derived):
            return _Part()
        inputs = _NOBODY
        for condition in line.conditions:
            test = self.node(condition)
            if test.number == 0 or test.is_absent:
                return _ABSENT
            inputs |= test.inputs
        found = self.node(line.formula)
        return _ABSENT if found.is_absent else _Part(inputs | found.inputs, found.number)

    def node(self, node: Expr) -> _Part:
        if isinstance(node, Number):
            return _Part(number=node.value)
        if isinstance(node, Line):
            return self.line(node)
        if not isinstance(node, Node):
            return _Part()
        name, arguments = node.operation.name, node.arguments
        choice = arguments[0] if arguments and isinstance(arguments[0], Choice) else None
        if choice is not None and _is_switch(choice):
            return self._asked(node, choice)
        if name in ("where", "choose_by", "switch"):
            return self._branch(node)
        parts = [self.node(argument) for argument in arguments]
        together = frozenset(one for part in parts for one in part.inputs)
        numbers = [part.number for part in parts]
        match name:
            case "known":
                return _Part(number=0) if parts[0].is_absent else _Part(together, self._present(arguments[0]))
            case "every" | "some":
                decides = 0 if name == "every" else 1
                deciding = [part for part in parts if part.number == decides]
                if deciding:
                    return deciding[0]
                return _Part(together, 1 - decides if None not in numbers else None)
            case "flag" | "counted_as":
                return parts[0]
            case "is_set" if numbers[0] is not None:
                return _Part(together, float(numbers[0] == 1))
            case "above" if None not in numbers:
                return _Part(together, float(numbers[0] > numbers[1]))  # type: ignore[operator]
            case "count" | "total" | "largest" | "smallest" if parts[0].is_absent:
                return _Part(number=0)
        lacking = any(part.is_absent and not node.operation.skips_absent(at) for at, part in enumerate(parts))
        return _ABSENT if lacking else _Part(together)

    def _asked(self, node: Node, choice: Choice) -> _Part:
        """An operation on a choice, whose code is known."""
        code, own = self.codes[choice.name], frozenset([choice.name])
        match node.operation.name:
            case "chosen":
                return _Part(own, float(code == node.codes[0]))
            case "code_number":
                return _Part(own, float(node.codes.index(code) + 1))
        taken = self.node(node.arguments[1 + node.codes.index(code)])
        return _ABSENT if taken.is_absent else _Part(own | taken.inputs, taken.number)

    def _branch(self, node: Node) -> _Part:
        """What is selected by a test or a number: only that where it is known, else all that may be."""
        test = self.node(node.arguments[0])
        if test.is_absent:
            return _ABSENT
        branches = node.arguments[1:]
        if test.number is not None:
            at = int(test.number) - 1 if node.operation.name == "choose_by" else 1 - int(test.number)
            taken = self.node(branches[at])
            return _ABSENT if taken.is_absent else _Part(test.inputs | taken.inputs, taken.number)
        parts = [part for part in map(self.node, branches) if not part.is_absent]
        inputs = frozenset(one for part in parts for one in part.inputs)
        return _Part(test.inputs | inputs) if parts else _ABSENT

    @staticmethod
    def _present(node: Expr) -> float | None:
        """A value that is always there when its inputs are, as an input is that is given."""
        if isinstance(node, Given) and not (node.axis is not None and node.may_be_absent):
            return 1.0
        return None


def ignored(model: Model, case: Case, given: Iterable[str]) -> dict[str, str]:
    """The inputs of `given` that have no part in any answer, and in words what keeps them out."""
    candidates = [name for name in given if name in inputs_that_matter(model) and not _is_empty(case.values[name])]
    now = situation_of(model, case)
    used = used_inputs(model, now)
    return {name: _why(model, case, name) for name in candidates if name not in used}


def _why(model: Model, case: Case, name: str) -> str:
    """The choices or empty inputs of which one, changed alone, would let an input in."""
    empty = [line.name for line in model.inputs if _is_empty(case.values[line.name]) and not isinstance(line, Choice)]
    told = _choice_that_lets_in(model, case, name, {})
    for one in () if told else empty:
        if name in used_inputs(model, situation_of(model, case, {one: 1.0})):
            return f"while {one} is empty it changes nothing"
    told = told or _choice_that_lets_in(model, case, name, dict.fromkeys(empty, 1.0))
    return told or "as the other inputs stand it changes nothing"


def _choice_that_lets_in(model: Model, case: Case, name: str, filled: Mapping[str, InputValue]) -> str:
    for line in model.inputs:
        if isinstance(line, Choice) and _is_switch(line) and line.name != name:
            now = str(case.values[line.name])
            lets_in = [
                code
                for code in line.codes
                if code != now and name in used_inputs(model, situation_of(model, case, {**filled, line.name: code}))
            ]
            if lets_in:
                return f"with {line.name}: {now} it changes nothing; {' or '.join(lets_in)} would use it"
    return ""
