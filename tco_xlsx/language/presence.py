"""Which parts of a formula may be without a number, and which tests a line takes over from them.

A line is absent (its cell says "n/a", or is empty) when arithmetic in it needs an absent one. A formula that merely
selects hands on what it selects, absent or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, cast

from tco_xlsx.language.expression import Expr, Node, Number, Position


class Leaf(Protocol):
    """What a line says of its own absence."""

    label: str

    @property
    def may_be_absent(self) -> bool:
        """Whether it can be without a number in a valid scenario."""

    @property
    def may_be_empty(self) -> bool:
        """Whether it is absent as an empty cell, which reads as 0 where it is selected."""

    @property
    def presence(self) -> tuple[Expr, ...]:
        """The tests that hold when it has a number."""


@dataclass
class Wanting:
    """The lines in a formula that may be absent: needed by its arithmetic, or merely selected."""

    needed: dict[int, Leaf] = field(default_factory=dict)
    selected: dict[int, Leaf] = field(default_factory=dict)


def wanting(formula: Expr) -> Wanting:
    """Sort out the lines of a formula that may be absent and that it does not itself ask about."""
    found = Wanting()
    _sort(formula, frozenset(), not _is_test(formula), found)
    return found


def gates(found: Wanting) -> tuple[Expr, ...]:
    """The tests that a line takes over from the lines it needs, each once."""
    tests: dict[int, Expr] = {}
    for leaf in found.needed.values():
        for test in leaf.presence:
            tests[_identity(test)] = test
    return tuple(tests.values())


def _is_test(formula: Expr) -> bool:
    return formula.kind == "truth"


def _identity(test: Expr) -> int:
    """One number for tests that ask the same: known(x) is made anew each time it is written."""
    if isinstance(test, Node) and test.operation.name in ("known", "is_set"):
        return hash((test.operation.name, id(test.arguments[0])))
    return id(test)


def _sort(node: Expr, asked: frozenset[int], hands_on: bool, found: Wanting) -> None:
    if isinstance(node, Node):
        for number, argument in enumerate(node.arguments):
            if node.operation.skips_absent(number):
                continue
            here = asked
            if node.operation.name == "where" and number == 1:
                here = asked | frozenset(_known_in(node.arguments[0]))
            _sort(argument, here, hands_on and _selects(node, number), found)
    elif not isinstance(node, (Number, Position)) and id(node) not in asked:
        leaf = cast(Leaf, node)
        if leaf.may_be_absent:
            merely = hands_on and not leaf.may_be_empty
            (found.selected if merely else found.needed)[id(node)] = leaf


def _selects(node: Node, operand: int) -> bool:
    first_alone = node.operation.name in ("pick", "counted_as")
    return node.operation.selects and (operand == 0 if first_alone else operand > 0)


def _known_in(test: Expr) -> Iterator[int]:
    if isinstance(test, Node) and test.operation.name == "known":
        yield id(test.arguments[0])
    elif isinstance(test, Node) and test.operation.name == "every":
        for argument in test.arguments:
            yield from _known_in(argument)
