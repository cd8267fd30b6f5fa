"""A formula as data: numbers, lines and operations in a tree that several readers walk.

A node has a kind ("number", "truth" or "choice") and at most one axis. Python's own `==`, `if`, `and`, `or`
cannot be recorded in a tree and are refused, so that no formula silently loses a part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn, Union

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.operations import OPERATIONS, Kind, Operation

Operand = Union["Expr", int, float]


class Expr:
    """A node of a formula."""

    kind: Kind = "number"
    axis: Axis | None = None

    def __add__(self, other: Operand) -> Expr:
        return apply("add", self, other)

    def __radd__(self, other: Operand) -> Expr:
        return apply("add", other, self)

    def __sub__(self, other: Operand) -> Expr:
        return apply("subtract", self, other)

    def __rsub__(self, other: Operand) -> Expr:
        return apply("subtract", other, self)

    def __mul__(self, other: Operand) -> Expr:
        return apply("multiply", self, other)

    def __rmul__(self, other: Operand) -> Expr:
        return apply("multiply", other, self)

    def __truediv__(self, other: Operand) -> Expr:
        return apply("divide", self, other)

    def __rtruediv__(self, other: Operand) -> Expr:
        return apply("divide", other, self)

    def __pow__(self, other: Operand) -> Expr:
        return apply("power", self, other)

    def __rpow__(self, other: Operand) -> Expr:
        return apply("power", other, self)

    def __neg__(self) -> Expr:
        return apply("negate", self)

    def __le__(self, other: Operand) -> Expr:
        return apply("at_most", self, other)

    def __ge__(self, other: Operand) -> Expr:
        return apply("at_least", self, other)

    def __lt__(self, other: Operand) -> Expr:
        return apply("below", self, other)

    def __gt__(self, other: Operand) -> Expr:
        return apply("above", self, other)

    # Two nodes are the same only if they are one object; comparing numbers is what at_most and its like are for.
    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("a formula cannot be compared with ==; use at_most(...), at_least(...) or chosen(...).")

    def __ne__(self, other: object) -> NoReturn:
        raise TypeError("a formula cannot be compared with !=; use at_most(...), at_least(...) or chosen(...).")

    def __bool__(self) -> NoReturn:
        raise TypeError("a formula has no truth while it is written; use where(test, then, otherwise).")

    __hash__ = object.__hash__


class Number(Expr):
    """A literal number. A model may hold 0 and 1 only: everything else has a cell, a unit and a source."""

    def __init__(self, value: float) -> None:
        self.value = value


class Position(Expr):
    """The number of the seat along an axis that the cell stands in: 1, 2, 3 ..."""

    def __init__(self, axis: Axis) -> None:
        self.axis = axis


class Node(Expr):
    """An operation and what it is applied to. `codes` are the codes of a choice that it asks about."""

    def __init__(self, operation: Operation, arguments: tuple[Expr, ...], codes: tuple[str, ...] = ()) -> None:
        self.operation = operation
        self.arguments = arguments
        self.codes = codes
        self.kind = operation.kind
        self.axis = _axis_of(operation, arguments)


def expr(value: Operand) -> Expr:
    """A number or node as a node. Refuses bools, which `==` on plain values would slip in."""
    if isinstance(value, Expr):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no part of a formula; expected a line, a formula or a number.")
    return Number(value)


def apply(name: str, *operands: Operand, codes: tuple[str, ...] = ()) -> Node:
    """The operation of that name on its operands. Raises TypeError where the kinds do not fit."""
    operation = OPERATIONS[name]
    arguments = tuple(expr(operand) for operand in operands)
    for number, argument in enumerate(arguments):
        wanted = operation.wants(number)
        if argument.kind != wanted:
            raise TypeError(f"{name} takes a {wanted} as operand {number + 1}; this is a {argument.kind}.")
        if operation.reads(number) != "each" and not is_leaf(argument) and not isinstance(argument, Position):
            raise TypeError(f"{name} reads a whole row of cells: give that part of the formula a line of its own.")
        if operation.skips_absent(number) and not is_leaf(argument) and not isinstance(argument, Position):
            # An empty cell counts as 0 inside a formula, and SUM does not skip an error.
            raise TypeError(f"{name} skips cells without a number: give that part of the formula a line of its own.")
    return Node(operation, arguments, codes)


def is_leaf(node: Expr) -> bool:
    """Whether a node is a line: something that has cells of its own."""
    return not isinstance(node, (Number, Node, Position))


def leaves(node: Expr) -> Iterator[Expr]:
    """The lines that a formula names, in order, repeated where they are named again."""
    if isinstance(node, Node):
        for argument in node.arguments:
            yield from leaves(argument)
    elif is_leaf(node):
        yield node


def _axis_of(operation: Operation, arguments: tuple[Expr, ...]) -> Axis | None:
    axes: list[Axis] = []
    rows: list[Axis] = []
    for number, argument in enumerate(arguments):
        reads = operation.reads(number)
        if reads != "each" and argument.axis is None:
            raise TypeError(f"{operation.name} needs a line with an axis as operand {number + 1}.")
        if argument.axis is not None and reads == "all" and argument.axis not in rows:
            rows.append(argument.axis)
        if argument.axis is not None and reads != "all" and argument.axis not in axes:
            axes.append(argument.axis)
    if len(axes) > 1:
        first, second = sorted(axis.many for axis in axes[:2])
        raise TypeError(f"a formula cannot run over {first} and {second} at once; total one of them first.")
    if len(rows) > 1:
        first, second = sorted(axis.many for axis in rows[:2])
        raise TypeError(f"{operation.name} reads rows side by side; one has {first}, another {second}.")
    return axes[0] if axes else None


def where(test: Expr, then: Operand, otherwise: Operand) -> Expr:
    """One value or another: Excel's IF."""
    return apply("where", test, then, otherwise)


def flag(test: Expr) -> Expr:
    """1 where the test holds, else 0."""
    return apply("flag", test)


def is_set(flagged: Expr) -> Expr:
    """Whether a line of flags is 1."""
    return apply("is_set", flagged)


def known(value: Expr) -> Expr:
    """Whether a value is there: neither left empty, nor "n/a", nor an error."""
    return apply("known", value)


def every(*tests: Expr) -> Expr:
    """Whether all tests hold."""
    return apply("every", *tests) if len(tests) > 1 else tests[0]


def some(*tests: Expr) -> Expr:
    """Whether any test holds."""
    return apply("some", *tests) if len(tests) > 1 else tests[0]


def whole(value: Operand) -> Expr:
    """Rounded up to whole units, forgiving an excess below 5e-10."""
    return apply("whole", value)


def rounded_down(value: Operand) -> Expr:
    """Rounded down to whole units, forgiving a shortfall below 5e-10."""
    return apply("rounded_down", value)


def size(value: Operand) -> Expr:
    """The value without its sign."""
    return apply("size", value)


def larger(*values: Operand) -> Expr:
    """The largest of several lines."""
    return apply("larger", *values)


def smaller(*values: Operand) -> Expr:
    """The smallest of several lines."""
    return apply("smaller", *values)


def sum_of(*values: Operand) -> Expr:
    """The sum of several lines; absent when one of them is."""
    return apply("sum_of", *values)


def sum_present(*values: Operand) -> Expr:
    """The sum of those lines that have a number."""
    return apply("sum_present", *values)


def count_present(*values: Operand) -> Expr:
    """How many of the lines have a number."""
    return apply("count_present", *values)


def largest(row: Expr) -> Expr:
    """The largest number along a line; 0 when there is none."""
    return apply("largest", row)


def smallest(row: Expr) -> Expr:
    """The smallest number along a line; 0 when there is none."""
    return apply("smallest", row)


def total(row: Expr) -> Expr:
    """The sum of the numbers along a line."""
    return apply("total", row)


def count(row: Expr) -> Expr:
    """How many numbers a line has."""
    return apply("count", row)


def position_of(value: Expr, among: Expr) -> Expr:
    """Where a value first stands along a line, from 1."""
    return apply("position_of", value, among)


def row_of(text: Expr, among: Expr) -> Expr:
    """Where a text first stands among the texts of a fact, from 1."""
    return apply("row_of", text, among)


def fewer(value: Expr, among: Expr) -> Expr:
    """How many of a line's numbers are smaller than a value."""
    return apply("fewer", value, among)


def alike_above(value: Expr, among: Expr) -> Expr:
    """How many of a line's values up to and with this row equal a value."""
    return apply("alike_above", value, among)


def count_above(row: Expr) -> Expr:
    """How many numbers a line has up to and with this row."""
    return apply("count_above", row)


def best_up_to(value: Operand, among: Expr, rates: Expr) -> Expr:
    """The largest rate (none is negative) among the rows at which `among` is at most that value; 0 for none."""
    return apply("best_up_to", value, among, rates)


def pick(row: Expr, position: Expr) -> Expr:
    """The value of a line at a position along its axis, from 1."""
    return apply("pick", row, position)


def beaten(latency: Expr, rate: Expr) -> Expr:
    """How many points have a higher rate at the same or a lower latency: none of them, on the Pareto frontier.

    A point with a latency must have a rate: text is above every number in Excel, and "n/a" would win.
    """
    return apply("beaten", latency, rate, latency, rate)


def kth_smallest(row: Expr, position: Operand) -> Expr:
    """The number that comes at a position, from 1, when those of a line are put in rising order."""
    return apply("kth_smallest", row, position)


def running_largest(row: Expr) -> Expr:
    """The largest number up to and with this seat."""
    return apply("running_largest", row)


def best_where(value: Operand, among: Expr, rates: Expr) -> Expr:
    """The largest rate (none is negative) among the seats at which `among` has that value; 0 for none."""
    return apply("best_where", value, among, rates)


def running(row: Expr) -> Expr:
    """The sum up to and with this seat."""
    return apply("running", row)


def running_product(row: Expr) -> Expr:
    """The product up to and with this seat; 0 up to the first number."""
    return apply("running_product", row)


def total_product(row: Expr, other: Expr) -> Expr:
    """The sum of the products of two lines along one axis; a seat without a number in either counts as 0."""
    return apply("total_product", row, other)


def total_where(values: Expr, low: Expr, at_most: Operand, high: Expr, at_least: Operand) -> Expr:
    """The sum of a line's numbers over the seats where `low` is at most one value and `high` at least another.

    All three lines run along one axis; `low` and `high` have a number in every seat: text is above every number in
    Excel, and an empty cell is 0.
    """
    for row in (low, high):
        if getattr(row, "may_be_absent", False):
            raise TypeError("total_where: what is compared may be absent; give it a number in every seat.")
    return apply("total_where", low, at_most, high, at_least, values)


def total_between(values: Expr, seats: Expr, first: Operand, last: Operand) -> Expr:
    """The sum of a line's numbers from one seat to another; `seats` is the line of their numbers."""
    return total_where(values, seats, last, seats, first)


def total_of_last(values: Expr, seats: Expr, length: Operand) -> Expr:
    """The sum of so many numbers up to and with this seat, fewer at the start; `seats` is the line of their numbers."""
    here = _here(values)
    return total_between(values, seats, here - _plain(length) + 1, here)


def earlier(row: Expr, seats: Operand) -> Expr:
    """The value so many seats before, and 0 before the first; of a fraction of a seat the seat before it."""
    at = _here(row) - _plain(seats)
    return where(at >= 1, pick(row, at), 0)


def _here(row: Expr) -> Position:
    if row.axis is None:
        raise TypeError("a line without an axis has no seat before another.")
    return Position(row.axis)


def _plain(seats: Operand) -> Expr:
    """A number of seats: of years, when it is a life."""
    return counted_as(seats, "1")


def before(row: Expr, first: Operand) -> Expr:
    """The value of the seat before, and `first` in the first."""
    return apply("before", _here(row), first, row)


def earlier_from(first: Operand, row: Expr) -> Expr:
    """The sum of a line along its axis from position `first` up to, but without, this one; 0 where there is none."""
    assert row.axis is not None
    return apply("earlier_from", first, Position(row.axis), row)


def equal_to(left: Operand, right: Operand) -> Expr:
    """Whether two whole numbers are the same."""
    return apply("equal_to", left, right)


def counted_as(value: Operand, unit: str) -> Expr:
    """The same number in another unit, where one of the first stands for one of the second (a licence a server)."""
    return apply("counted_as", value, codes=(unit,))
