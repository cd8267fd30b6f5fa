"""The hand-worked cases in spreadsheet engines: the Excel face of every formula gives what was worked out by hand.

All cases stand in one workbook, a column each, with poisoned caches: the lines that were worked out and all that they
build on. Nothing that Python computed is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tco_xlsx.language.evaluate import Case
from tco_xlsx.language.excel import ABSENT
from tco_xlsx.model import MODEL
from tests.model.test_cases import CASES
from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.values import POISON_NUMBER, Address, Value
from tests.recalc.workbook import cached
from tests.support.filled import filled
from tests.support.grid import Grid

IN_PROCESS: Mapping[str, Callable[[Path], dict[Address, Value]]] = {
    "formualizer": recalculate_formualizer,
    "IronCalc": recalculate_ironcalc,
}
# A share such as 0.3 is written with the digits that a person works out; engines add in another order.
TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def grid() -> Grid:
    cases = [cased(case.inputs, case.points, case.name) for case in CASES]
    return Grid(MODEL, cases, [case.expected for case in CASES])


def cased(inputs: Mapping[str, object], points: object, name: str) -> Case:
    return filled(MODEL, inputs, points, name)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def book(grid: Grid, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "cases.xlsx"
    grid.write(path, POISON_NUMBER)
    return path


def expected(grid: Grid) -> tuple[dict[Address, Value], dict[Address, str]]:
    """What was worked out by hand, by cell, and the name of each."""
    wanted: dict[Address, Value] = {}
    labels: dict[Address, str] = {}
    for scenario, case in enumerate(CASES):
        for name, told in case.expected.items():
            values = [told] if isinstance(told, (str, int, float)) else told
            for index, value in enumerate(values):
                at = grid.address(MODEL.by_name[name], scenario, index)
                wanted[at] = value if value == ABSENT else float(value)
                labels[at] = f"{case.file}: {case.name}: {name}"
    return wanted, labels


def assert_as_worked_out(grid: Grid, answers: Mapping[Address, Value], engine: str) -> None:
    wanted, labels = expected(grid)
    actual = {at: answers[at] for at in wanted}
    found = differences(wanted, actual, rel=TOLERANCE, abs=1e-12, engine=engine, labels=labels)
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("engine", IN_PROCESS)
def test_in_process(engine: str, grid: Grid, book: Path) -> None:
    assert_as_worked_out(grid, IN_PROCESS[engine](book), engine)


def test_libreoffice(grid: Grid, book: Path, tmp_path: Path, libreoffice: LibreOffice) -> None:
    [made] = libreoffice.recalculate([book], tmp_path)
    assert_as_worked_out(grid, cached(made), "LibreOffice")
