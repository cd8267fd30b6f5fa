"""Random formulas over every operation that works cell by cell, reproducible from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from contextlib import suppress

from tco_xlsx.language.axes import POINT, Axis
from tco_xlsx.language.choices import choose_by, chosen, code_number, switch
from tco_xlsx.language.evaluate import Case, InputValue
from tco_xlsx.language.expression import Expr, apply, counted_as, expr
from tco_xlsx.language.lines import Choice, Derived, Given, Line, Measured
from tco_xlsx.language.operations import OPERATIONS, Kind, Operation
from tco_xlsx.language.sections import Section
from tests.support.axes import YEAR

CELL_BY_CELL = [operation for operation in OPERATIONS.values() if set(operation.read) == {"each"}]

#: Negative, zero, tiny, huge, halves, and what floating point is bad at.
NUMBERS = (
    0, 1, 2, 3, 7, 12, 365, -1, -2, -3, 0.5, 1.5, 2.5, -0.5, -2.5, 0.1, 0.2, 0.3, 1 / 3, -2 / 3, 1e-9, 4e-10, -1e-6,
    1e-12, 1e6, -1e6, 1e9, 123456.789, 2.0000000001, 2.9999999999, 18.9164733840835, 8760,
)  # fmt: skip
CODES = ("avg", "p50", "p99")
POINTS = 4
_PRESENT = ("known", "sum_present", "count_present")


class Cells(Section):
    """The cells that the trees name."""

    title = "Cells"


class Row(Section):
    """Cells of each point, of which some are absent, and of each year."""

    title = "Rows"


def _declare() -> tuple[list[Given], list[Given], list[Choice], list[Given], list[Measured], list[Given]]:
    numbers = [Given(f"Number {number}", "1") for number in range(len(NUMBERS))]
    positions = [Given(f"Position {number}", "1") for number in range(2)]
    choices = [Choice(f"Choice {number}", dict.fromkeys(CODES, "a code"), "avg") for number in range(3)]
    optional = [Given(f"Optional {number}", "1", optional=True) for number in range(3)]
    measured = [Measured(f"Measured {number}", "1") for number in range(6)]
    yearly = [Given(f"Yearly {number}", "1", axis=YEAR) for number in range(6)]
    return numbers, positions, choices, optional, measured, yearly


class Forest:
    """The cells, the trees over them, and the scenarios that fill the cells."""

    def __init__(self, seed: int, plain: int, by_point: int, by_year: int, deepest: int = 6) -> None:
        self._random = random.Random(seed)
        self._deepest = deepest
        self.numbers, self.positions, self.choices, self.optional, self.measured, self.yearly = _declare()
        cells: list[Line] = [*self.numbers, *self.positions, *self.choices, *self.optional, *self.measured]
        cells += self.yearly
        self.cells = section("Cells", cells)
        counts: dict[Axis | None, int] = {None: plain, POINT: by_point, YEAR: by_year}
        self.trees = [self._tree(axis) for axis, count in counts.items() for _ in range(count)]
        self.section = section("Trees", self.trees)

    def cases(self, count: int) -> list[Case]:
        """Scenarios with the same numbers in other cells."""
        return [self._case(number) for number in range(count)]

    def _case(self, scenario: int) -> Case:
        pick = self._random
        values: dict[str, InputValue] = {
            line.name: NUMBERS[(number * (1 + 2 * scenario) + 5 * scenario) % len(NUMBERS)]
            for number, line in enumerate(self.numbers)
        }
        values |= {line.name: pick.randint(1, 3) for line in self.positions}
        values |= {line.name: pick.choice(CODES) for line in self.choices}
        values |= {line.name: pick.choice((None, 2.5)) for line in self.optional}
        values |= {line.name: [pick.choice(NUMBERS) for _ in range(YEAR.seats or 0)] for line in self.yearly}
        points = [
            {line.attribute: pick.choice((None, *NUMBERS)) for line in self.measured} for _ in range(POINTS - scenario)
        ]
        return Case.of_points(f"Scenario {scenario}", values, points)

    def _tree(self, axis: Axis | None) -> Derived:
        while True:
            grown = self._grow("number", axis, self._random.randint(2, self._deepest))
            if grown.axis == axis:
                tree = Derived("Tree", "1", grown)
                if tree.conditions or tree.soft or self._random.random() > 0.05:
                    return tree
                with suppress(ValueError):  # a `when` may not name what may be absent
                    return Derived("Tree", "1", grown, when=self._grow("truth", None, 2))

    def _grow(self, kind: Kind, axis: Axis | None, depth: int) -> Expr:
        if kind == "choice":
            return self._random.choice(self.choices)
        if kind == "number" and (depth == 0 or self._random.random() < 0.2):
            return self._leaf(axis)
        fitting = [one for one in CELL_BY_CELL if one.kind == kind]
        return self._node(self._random.choice(fitting), axis, max(0, depth - 1))

    def _leaf(self, axis: Axis | None) -> Expr:
        luck = self._random.random()
        if luck < 0.12:
            return expr(self._random.choice((0, 1)))
        return self._cell(axis)

    def _cell(self, axis: Axis | None) -> Line:
        if axis == POINT and self._random.random() < 0.5:
            return self._random.choice(self.measured)
        if axis == YEAR and self._random.random() < 0.5:
            return self._random.choice(self.yearly)
        if self._random.random() < 0.03:
            return self._random.choice(self.optional)
        return self._random.choice(self.numbers)

    def _node(self, operation: Operation, axis: Axis | None, depth: int) -> Expr:
        def grown(operand: int) -> Expr:
            return self._grow(operation.wants(operand), axis, depth)

        asked = self._random.choice(self.choices)
        match operation.name:
            case "chosen":
                return chosen(asked, self._random.choice(CODES))
            case "code_number":
                return code_number(asked)
            case "switch":
                return switch(asked, **{code: grown(1) for code in CODES})
            case "choose_by":
                return choose_by(self._random.choice(self.positions), *(grown(1) for _ in range(3)))
            case "counted_as":
                return counted_as(grown(0), "1")
            case "power" if self._random.random() < 0.8:
                # Left to chance, most exponents make the result overflow, or too small for a float.
                return grown(0) ** self._random.choice(self.numbers[1:5])
        count = self._operands(operation)
        if operation.name in _PRESENT:
            return apply(operation.name, *(self._cell(axis) for _ in range(count)))
        return apply(operation.name, *(grown(operand) for operand in range(count)))

    def _operands(self, operation: Operation) -> int:
        if "{*}" in operation.excel:
            return self._random.randint(2, 4)
        return 1 + max(int(number) for number in re.findall(r"\{(\d)", operation.excel))


def section(name: str, lines: Sequence[Line]) -> type[Section]:
    """A section of lines that have no names of their own."""
    body: dict[str, object] = {"title": name}
    for number, line in enumerate(lines):
        line.attribute = f"{type(line).__name__.lower()}_{number}"
        body[line.attribute] = line
    made = type(name, (Section,), body)
    assert issubclass(made, Section)
    return made
