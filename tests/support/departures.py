"""Why an engine may give another value than Python for a formula: traits of the engine, each told and narrow.

A cell that differs is excused only when its own formula shows such a trait with the numbers at hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tco_xlsx.language.evaluate import Case, Values, evaluate
from tco_xlsx.language.expression import Expr, Node, Number, flag
from tco_xlsx.language.lines import Derived, Line
from tco_xlsx.language.sections import Model, Section
from tests.recalc.facts import FORMUALIZER, IRONCALC, LIBREOFFICE
from tests.support.forest import section

Numbers = Callable[[Expr], float]
Test = Callable[[Node, Numbers], bool]

_SMALLEST_NORMAL = 2.2250738585072014e-308
_SUMS = ("add", "subtract", "sum_of", "sum_present")
_COMPARISONS = ("at_most", "at_least", "below", "above", "equal_to", "is_set")


class Trait(NamedTuple):
    """What an engine does otherwise, and how to see that an operation with its numbers runs into it."""

    says: str
    engines: tuple[str, ...]
    shows: Test


def _zero_to_zero(node: Node, number: Numbers) -> bool:
    return node.operation.name == "power" and [number(part) for part in node.arguments] == [0, 0]


def _root_of_negative(node: Node, number: Numbers) -> bool:
    if node.operation.name != "power":
        return False
    base, exponent = (number(part) for part in node.arguments)
    return base < 0 and not exponent.is_integer()


def _underflow(node: Node, number: Numbers) -> bool:
    return node.operation.name == "power" and number(node.arguments[0]) != 0 and abs(number(node)) < _SMALLEST_NORMAL


def _hair_from_whole(node: Node, number: Numbers) -> bool:
    if node.operation.name not in ("whole", "rounded_down") or math.isnan(number(node)):
        return False
    near = float(f"{number(node.arguments[0]):.12g}")
    theirs = math.copysign(math.ceil(abs(near)), near) if node.operation.name == "whole" else math.floor(near)
    return theirs != number(node)


def _nearly_equal(node: Node, number: Numbers) -> bool:
    if node.operation.name not in _COMPARISONS:
        return False
    left, right = (*(number(part) for part in node.arguments), 1.0)[:2]
    return left != right and math.isclose(left, right, rel_tol=1e-13)


def _both_tiny(node: Node, number: Numbers) -> bool:
    if node.operation.name not in _COMPARISONS:
        return False
    left, right = (*(number(part) for part in node.arguments), 1.0)[:2]
    return 0 < abs(left - right) < 1e-15


def _nearly_cancels(node: Node, number: Numbers) -> bool:
    return node.operation.name in _SUMS and _is_left_over(number(node), node.arguments, number)


def _sum_in_brackets(node: Node, number: Numbers) -> bool:
    inner = _plain(node.arguments[1]) if node.operation.name == "add" else None
    if not isinstance(inner, Node) or inner.operation.name not in _SUMS:
        return False
    return _is_left_over(number(node), (node.arguments[0], *inner.arguments), number)


def _is_left_over(result: float, parts: Sequence[Expr], number: Numbers) -> bool:
    sizes = [abs(number(part)) for part in parts]
    return 0 < abs(result) < 1e-6 * max((size for size in sizes if not math.isnan(size)), default=0.0)


def _decided_early(node: Node, number: Numbers) -> bool:
    deciding = {"every": 0.0, "some": 1.0}.get(node.operation.name)
    return math.isnan(number(node)) and any(number(part) == deciding for part in node.arguments)


def _negated_product(node: Node, number: Numbers) -> bool:
    inner = _plain(node.arguments[0]) if node.operation.name == "negate" else None
    return isinstance(inner, Node) and inner.operation.name in ("multiply", "divide")


def _plain(node: Expr) -> Expr:
    """A formula without the changes of unit around it, which leave no trace in Excel."""
    while isinstance(node, Node) and node.operation.name == "counted_as":
        node = node.arguments[0]
    return node


TRAITS = (
    Trait("0^0 is 1 there; Excel and we say it is an error", (LIBREOFFICE, FORMUALIZER), _zero_to_zero),
    Trait(
        "a negative number has odd roots there, as in Excel; we say it is an error",
        (LIBREOFFICE, IRONCALC),
        _root_of_negative,
    ),
    Trait("a power too small for a float is an error there, not 0", (LIBREOFFICE,), _underflow),
    Trait("rounds to 12 digits before rounding up or down", (LIBREOFFICE,), _hair_from_whole),
    Trait("numbers that differ in the 15th digit are equal there", (LIBREOFFICE, IRONCALC), _nearly_equal),
    Trait("numbers less than 1e-15 apart are equal there", (IRONCALC,), _both_tiny),
    Trait("what is left of a sum that nearly cancels is rounded otherwise", (LIBREOFFICE,), _nearly_cancels),
    Trait("AND and OR stop before an error once they are decided", (IRONCALC,), _decided_early),
    Trait("-(a*b) and -(a/b) lose their brackets", (IRONCALC,), _negated_product),
    Trait("a+(b-c) is computed as (a+b)-c", (IRONCALC,), _sum_in_brackets),
)


def excuses(
    engine: str, differing: Iterable[tuple[Derived, int, int]], cells: type[Section], cases: Sequence[Case]
) -> dict[tuple[int, int, int], str]:
    """For each seat that differs: the first trait of the engine that its formula shows there."""
    seats = list(differing)
    trees = {id(line): line for line, _, _ in seats}
    nodes = {id(node): node for line in trees.values() for node in _nodes(line)}
    witnesses = {key: Derived("Part", "1", flag(node) if node.kind == "truth" else node) for key, node in nodes.items()}
    values = evaluate(Model(cells, section("Witnesses", list(witnesses.values()))), cases, keep_errors=True)
    found = {}
    for line, scenario, index in seats:
        number = _reading(witnesses, values, scenario, index)
        traits = [trait for trait in TRAITS if engine in trait.engines]
        says = next((trait.says for node in _nodes(line) for trait in traits if trait.shows(node, number)), None)
        if says is not None:
            found[id(line), scenario, index] = says
    return found


def _nodes(line: Derived) -> Iterator[Node]:
    for start in (line.formula, *line.conditions):
        yield from _below(start)


def _below(node: Expr) -> Iterator[Node]:
    if isinstance(node, Node):
        yield node
        for argument in node.arguments:
            yield from _below(argument)


def _reading(witnesses: Mapping[int, Derived], values: Values, scenario: int, index: int) -> Numbers:
    def number(node: Expr) -> float:
        if isinstance(node, Number):
            return float(node.value)
        line = node if isinstance(node, Line) else witnesses[id(node)]
        value = values.value(line, scenario, index)
        return math.nan if value is None else value

    return number
