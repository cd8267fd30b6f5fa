"""Random formulas: what Python computes against what real spreadsheet engines make of the text we write.

This finds what no hand-worked case does: missing brackets, rounding at the boundary, errors that do not spread.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tco_xlsx.language.evaluate import Case, Values, evaluate
from tco_xlsx.language.excel import ABSENT
from tco_xlsx.language.expression import Expr, Node, every, flag
from tco_xlsx.language.lines import Derived
from tco_xlsx.language.sections import Model
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.facts import ENGINES, FORMUALIZER, IRONCALC
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.values import POISON_NUMBER, Address, Err, Value
from tests.recalc.workbook import cached
from tests.support.departures import excuses
from tests.support.forest import CELL_BY_CELL, Forest, section
from tests.support.grid import Grid

# `make proof` grows other forests.
SEED = int(os.environ.get("TREES_SEED", "20260101"))
PLAIN, BY_POINT, BY_YEAR = 4000, 500, 500
TREES = PLAIN + BY_POINT + BY_YEAR
SCENARIOS = 2
EXCUSED_AT_MOST = 0.01

Seat = tuple[Derived, int, int]


@dataclass(frozen=True)
class Grove:
    """The trees in a workbook, and what Python makes of them. A tree's test says whether it has a number at all."""

    forest: Forest
    cases: list[Case]
    grid: Grid
    values: Values
    tests: Mapping[int, Derived]
    path: Path

    def agrees(self, seat: Seat, number: float | None, found: Value) -> bool:
        """Whether an engine's value is ours: the number, an error where we have one, "n/a" where we say that."""
        tree, scenario, index = seat
        if number is not None:
            return type(found) is float and math.isclose(number, found, rel_tol=1e-9)
        # A formula that merely selects hands on the "n/a" of what it selects.
        if tree.soft and found == ABSENT:
            return True
        test = self.tests.get(id(tree))
        wanted_absent = test is not None and self.values.value(test, scenario, index) == 0
        return found == ABSENT if wanted_absent else isinstance(found, Err)


@pytest.fixture(scope="module")
def grove(tmp_path_factory: pytest.TempPathFactory) -> Grove:
    forest = Forest(SEED, PLAIN, BY_POINT, BY_YEAR)
    cases = forest.cases(SCENARIOS)
    tests = {id(one): Derived("Test", "1", flag(every(*one.conditions))) for one in forest.trees if one.conditions}
    everything = Model(forest.cells, forest.section, section("Tests", list(tests.values())))
    values = evaluate(everything, cases, keep_errors=True)
    grid = Grid(Model(forest.cells, forest.section), cases)
    path = tmp_path_factory.mktemp("trees") / "trees.xlsx"
    grid.write(path, POISON_NUMBER)
    return Grove(forest, cases, grid, values, tests, path)


def recalculated(engine: str, path: Path, request: pytest.FixtureRequest) -> Mapping[Address, Value]:
    """Every cell as an engine computes it. The caches hold poison, which no tree gives."""
    if engine == FORMUALIZER:
        return recalculate_formualizer(path)
    if engine == IRONCALC:
        return recalculate_ironcalc(path)
    libreoffice: LibreOffice = request.getfixturevalue("libreoffice")
    [made] = libreoffice.recalculate([path], path.parent / "out")
    return cached(made)


@pytest.mark.parametrize("engine", ENGINES)
def test_trees(grove: Grove, engine: str, request: pytest.FixtureRequest) -> None:
    answers = recalculated(engine, grove.path, request)
    differing: dict[Address, tuple[Seat, float | None]] = {}
    seats = grove.grid.numbers(grove.values)
    for at, (line, scenario, index, number) in seats.items():
        if not grove.agrees((line, scenario, index), number, answers[at]):
            differing[at] = ((line, scenario, index), number)
    excused = excuses(engine, [seat for seat, _ in differing.values()], grove.forest.cells, grove.cases)
    wrong = [
        f"{at[0]}!{at[1]} {grove.grid.formulas(seat[0])[at]}: expected {number}, {engine} {answers[at]}"
        for at, (seat, number) in differing.items()
        if (id(seat[0]), *seat[1:]) not in excused
    ]
    shortest_first = sorted(wrong, key=len)
    assert not wrong, "\n".join([f"{len(wrong)} of {len(seats)} cells differ", *shortest_first[:10]])
    trees = {tree: reason for (tree, _, _), reason in excused.items()}
    assert len(trees) <= EXCUSED_AT_MOST * TREES, Counter(trees.values())


def test_the_trees_are_worth_comparing(grove: Grove) -> None:
    """Every operation stands in many trees, most cells hold a number, and errors and absent values occur."""
    used = Counter(node.operation.name for tree in grove.forest.trees for node in _nodes(tree.formula))
    assert {operation.name for operation in CELL_BY_CELL} == set(used)
    assert min(used.values()) >= 100, used
    numbers = [number for _, _, _, number in grove.grid.numbers(grove.values).values()]
    missing = sum(number is None for number in numbers) / len(numbers)
    assert 0.05 < missing < 0.3
    assert sum(number in (0, 1) for number in numbers) / len(numbers) < 0.3
    assert sum(1 for tree in grove.forest.trees if tree.when is not None) > TREES / 100


def test_the_same_trees_grow_from_a_seed() -> None:
    def formulas() -> list[str]:
        forest = Forest(SEED, 20, 5, 5)
        grid = Grid(Model(forest.cells, forest.section), forest.cases(2))
        return [text for tree in forest.trees for text in grid.formulas(tree).values()]

    assert formulas() == formulas()


def _nodes(node: Expr) -> list[Node]:
    if not isinstance(node, Node):
        return []
    return [node, *(below for argument in node.arguments for below in _nodes(argument))]
