"""Formulas that read along points and years: a toy plan in all four readers and in the spreadsheet engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.evaluate import Case, evaluate
from tco_xlsx.language.excel import ABSENT, Cell
from tco_xlsx.language.lines import Derived, Line
from tco_xlsx.language.units import check_line
from tco_xlsx.language.words import words_of
from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.lint import constants, functions, r1c1
from tests.recalc.values import POISON_NUMBER, Address, Value
from tests.recalc.workbook import cached
from tests.support.axes import YEAR
from tests.support.grid import Grid
from tests.support.plan import GROWING, GROWN, PLAN, SHRINKING, UNMEASURED

DERIVED = [line for line in PLAN.lines if isinstance(line, Derived)]
ONE: list[Case] = [GROWING]
THREE: list[Case] = [SHRINKING, GROWING, UNMEASURED]

WORDS = {
    "plan.load": "first load × (1 + growth) to the power of (number of the year − 1)",
    "plan.bought": "servers − (servers of the year before (0 in the first))",
    "plan.so_far": "cost so far",
    "plan.net_so_far": "cost less grant so far",
    "plan.dearest": "the largest cost less grant so far",
    "plan.paid": "cost, added up",
    "plan.most": "the largest servers",
    "plan.full_year": "the first year whose servers is most servers",
    "plan.least": "the smallest cost",
    "plan.full_cost": "cost in first year with most servers",
    "plan.retired": "servers bought in (number of the year − life) if number of the year − life is at least 1,"
    " otherwise 0",
    "plan.in_use": "servers bought, added up where year is at most number of the year and year at least number of the"
    " year − life + 1",
    "plan.factor": "product of price kept in a year so far",
    "plan.weighed": "servers bought × cost less grant, added up",
    "plan.second": "number 1 + 1 of load, in rising order",
    "rows.better": "how many points have rate above this one at no more wait",
    "rows.present": "how many of rate, extra rate have a number",
    "rows.both": "sum of rate, extra rate",
    "rows.best_row": "the first point whose rate is best rate; n/a unless how many points have rate is above 0",
    "stack.picked": "by number: first; second; third",
    "stack.added": "first + second + third",
}


@pytest.mark.parametrize("name", GROWN)
def test_the_plan_by_hand(name: str) -> None:
    line = PLAN.by_name[name]
    for cases in (ONE, THREE):
        values = evaluate(PLAN, cases)
        scenario = cases.index(GROWING)
        for index, wanted in enumerate(GROWN[name]):
            found = values.value(line, scenario, index)
            assert found is wanted if wanted is None else found == pytest.approx(wanted, rel=1e-12)
        assert len(GROWN[name]) == GROWING.length(line.axis)


def test_every_line_of_the_plan_is_worked_by_hand() -> None:
    assert {line.name for line in DERIVED} == set(GROWN)


def expected(grid: Grid) -> dict[Address, Value]:
    numbers = grid.numbers(evaluate(PLAN, grid.cases))
    return {at: ABSENT if number is None else number for at, (_, _, _, number) in numbers.items()}


@pytest.mark.parametrize("cases", [ONE, THREE], ids=["one scenario", "three scenarios"])
def test_the_plan_recalculated(cases: Sequence[Case], tmp_path: Path, libreoffice: LibreOffice) -> None:
    grid = Grid(PLAN, cases)
    grid.write(tmp_path / "plan.xlsx", POISON_NUMBER)
    [made] = libreoffice.recalculate([tmp_path / "plan.xlsx"], tmp_path / "out")
    answers = {
        "formualizer": recalculate_formualizer(tmp_path / "plan.xlsx"),
        "IronCalc": recalculate_ironcalc(tmp_path / "plan.xlsx"),
        "LibreOffice": cached(made),
    }
    labels = {at: line.name for line in DERIVED for at in grid.formulas(line)}
    for engine, found in answers.items():
        assert differences(expected(grid), found, engine=engine, labels=labels) == []


@pytest.mark.parametrize("line", DERIVED, ids=lambda line: line.name)
def test_one_formula_for_all_years_and_points(line: Derived) -> None:
    grid = Grid(PLAN, THREE)
    for scenario, case in enumerate(THREE):
        here = [grid.address(line, scenario, index) for index in range(case.length(line.axis))]
        formulas = grid.formulas(line)
        assert len({r1c1(formulas[at], at[1]) for at in here}) == 1


@pytest.mark.parametrize("line", DERIVED, ids=lambda line: line.name)
def test_units_and_constants(line: Derived) -> None:
    check_line(line)
    for text in Grid(PLAN, THREE).formulas(line).values():
        assert set(constants(text)) <= {"0", "1", "9"}
        assert not functions(text) & {"MAXIFS", "MINIFS", "XLOOKUP", "OFFSET", "INDIRECT", "LET"}


@pytest.mark.parametrize("name", WORDS)
def test_words(name: str) -> None:
    line = PLAN.by_name[name]
    assert isinstance(line, Derived)
    assert words_of(line) == WORDS[name]


def test_cells_without_a_gap_are_one_range_only_where_a_range_will_do() -> None:
    """CHOOSE(B31:B34) would be another formula: it takes its values one by one."""
    grid = Grid(PLAN, ONE)
    picked, added = PLAN.by_name["stack.picked"], PLAN.by_name["stack.added"]
    assert isinstance(picked, Derived)
    assert isinstance(added, Derived)
    cells = [grid.address(PLAN.by_name[f"stack.{name}"])[1] for name in ("number", "first", "second", "third")]
    assert list(grid.formulas(picked).values()) == [f"=CHOOSE({','.join(cells)})"]
    assert list(grid.formulas(added).values()) == [f"=SUM({cells[1]}:{cells[3]})"]


def test_a_place_in_a_row_is_its_column() -> None:
    grid = Grid(PLAN, ONE)
    by_year, by_point = PLAN.by_name["plan.full_cost"], PLAN.by_name["rows.best_wait"]
    assert isinstance(by_year, Derived)
    assert isinstance(by_point, Derived)
    assert all(",1," in text for text in grid.formulas(by_year).values())
    assert not any(",1," in text for text in grid.formulas(by_point).values())


class Standing(Grid):
    """The plan with its years below each other, a column for each line."""

    def cell(self, line: Line, scenario: int, index: int) -> Cell:
        """The cell of one seat of a line."""
        at = super().cell(line, scenario, index)
        return Cell(at.sheet, at.column, at.row) if line.axis == YEAR else at

    def position(self, axis: Axis, scenario: int, index: int) -> Cell:
        """The cell that holds the number of a point or year."""
        at = super().position(axis, scenario, index)
        return Cell(at.sheet, at.column, at.row) if axis == YEAR else at


@pytest.mark.parametrize("engine", [recalculate_formualizer, recalculate_ironcalc])
def test_where_the_cells_are_says_whether_years_run_across_or_down(
    engine: Callable[[Path], Mapping[Address, Value]], tmp_path: Path
) -> None:
    grid = Standing(PLAN, THREE)
    grid.write(tmp_path / "plan.xlsx", POISON_NUMBER)
    labels = {at: line.name for line in DERIVED for at in grid.formulas(line)}
    found = engine(tmp_path / "plan.xlsx")
    assert differences(expected(grid), found, engine=engine.__name__, labels=labels) == []
    by_year = PLAN.by_name["plan.full_cost"]
    assert isinstance(by_year, Derived)
    assert not any(",1," in text for text in grid.formulas(by_year).values())
    for line in DERIVED:
        for scenario, case in enumerate(THREE):
            here = [grid.address(line, scenario, index) for index in range(case.length(line.axis))]
            assert len({r1c1(grid.formulas(line)[at], at[1]) for at in here}) == 1, line.name
