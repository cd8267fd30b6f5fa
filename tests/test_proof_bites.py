"""The proofs catch what they are there for: each deliberate defect makes a recalculated workbook differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tco_xlsx.book import layout as layouts
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.places import layout_once
from tco_xlsx.language import operations
from tco_xlsx.language.excel import Cell, formula_text
from tco_xlsx.language.expression import Node
from tco_xlsx.language.lines import Derived, Line
from tco_xlsx.model import MODEL
from tests.book.test_readings import STATES
from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer
from tests.recalc.workbook import poison
from tests.support import shipped

SCENARIO = shipped.ROOT / "scenarios" / "aiperf-sweep.yaml"
Break = Callable[[pytest.MonkeyPatch], None]


def excel(name: str, template: str) -> Break:
    """Another Excel face for an operation."""

    def apply(patch: pytest.MonkeyPatch) -> None:
        broken = dataclasses.replace(operations.OPERATIONS[name], excel=template)
        for line in MODEL.lines:
            if isinstance(line, Derived):
                for node in nodes(line.formula):
                    if node.operation.name == name:
                        patch.setattr(node, "operation", broken)

    return apply


def nodes(node: object) -> list[Node]:
    if not isinstance(node, Node):
        return []
    return [node, *(inner for argument in node.arguments for inner in nodes(argument))]


def one_row_off(patch: pytest.MonkeyPatch) -> None:
    """References to the cell below the right one."""

    class Shifted:
        def __init__(self, places: Layout) -> None:
            self.span, self.position, self._right = places.span, places.position, places.cell

        def cell(self, line: Line, scenario: int, index: int) -> Cell:
            cell = self._right(line, scenario, index)
            return Cell(cell.sheet, cell.row + (line.name == "server.life_years"), cell.column)

    def wrong(line: Derived, scenario: int, index: int, places: Layout) -> str:
        return formula_text(line, scenario, index, Shifted(places))

    patch.setattr(layouts, "formula_text", wrong)


def short_range(patch: pytest.MonkeyPatch) -> None:
    """Ranges of points, years and rows that miss the last one."""
    right = Layout.span

    def wrong(self: Layout, line: Line, scenario: int) -> tuple[Cell, Cell]:
        first, last = right(self, line, scenario)
        down, right_of = last.row > first.row, last.column > first.column
        return first, Cell(last.sheet, last.row - down, last.column - right_of)

    patch.setattr(Layout, "span", wrong)


DEFECTS: dict[str, Break] = {
    "plus for minus": excel("subtract", "{0}+{1}"),
    "a product for a quotient": excel("divide", "{0}*{1}"),
    "rounded to the nearest": excel("whole", "ROUND({0},0)"),
    "cut off instead of rounded up": excel("whole", "INT({0})"),
    "the smallest for the largest": excel("largest", "MIN({0})"),
    "at least for at most": excel("at_most", "{0}>={1}"),
    "arms of a condition exchanged": excel("where", "IF({0},{2},{1})"),
    "a constant": excel("sum_of", "156000"),
    "the first row always": excel("pick", "INDEX({0},1)"),
    "one row off": one_row_off,
    "a range too short": short_range,
}


def found(tmp_path: Path, states: Sequence[str] = tuple(STATES)) -> Iterator[str]:
    """What recalculation finds in the scenario's workbook, state by state."""
    layout_once.cache_clear()
    for state in states:
        inputs = STATES[state]
        book = shipped.write(SCENARIO, tmp_path / "book.xlsx", inputs)
        poison(book, tmp_path / "poisoned.xlsx")
        expected = shipped.expected_after(SCENARIO, {}, tmp_path) if not inputs else None
        cells = shipped.cached(book)
        wanted = {at: cells[at] for at in shipped.formulas(book)} if expected is None else expected
        noise = shipped.noise_of(SCENARIO, shipped.values_of(SCENARIO, inputs))
        actual = recalculate_formualizer(tmp_path / "poisoned.xlsx")
        for one in differences(wanted, actual, rel=1e-9, abs=0.0, noise=noise):
            yield f"{state}: {one}"
    layout_once.cache_clear()


def test_nothing_is_found_without_a_defect(tmp_path: Path) -> None:
    """In two states; that all states agree is shown where every shipped workbook is recalculated."""
    assert list(found(tmp_path, ("as it ships", "no point within the limits"))) == []


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_found(defect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the first state in which it shows."""
    with monkeypatch.context() as patch:
        DEFECTS[defect](patch)
        told = next(found(tmp_path), "")
    layout_once.cache_clear()
    assert told, defect
