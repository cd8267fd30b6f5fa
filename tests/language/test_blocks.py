"""A block of lines under one attribute: a row for each year of purchase, worked by hand and in the engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.language.evaluate import Case, evaluate
from tco_xlsx.language.expression import Expr, Position, every, expr, larger, pick, sum_of, where
from tco_xlsx.language.lines import Derived, given, line
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.language.units import check_line
from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.lint import r1c1
from tests.recalc.values import POISON_NUMBER
from tests.support.axes import YEAR
from tests.support.grid import Grid


class Asked(Section):
    """How many servers each year needs, and how long one lives."""

    title = "Asked"

    needed = given("Servers needed", "server", axis=YEAR)
    life = given("Life", "year number")


def _years() -> tuple[Derived, ...]:
    """The number of each year of purchase: one more than the row above."""
    made: list[Derived] = []
    for _ in range(YEAR.seats or 0):
        made.append(line("Year of purchase", "year number", made[-1] + 1 if made else expr(1)))
    return tuple(made)


def _bought(years: tuple[Derived, ...]) -> tuple[Derived, ...]:
    """What each year buys, and where it is in use: what is needed less what the rows above still have."""
    made: list[Derived] = []
    for year in years:
        had = [pick(one, year) for one in made[1::2]]
        lacking: Expr = pick(Asked.needed, year)
        for one in had:
            lacking = lacking - one
        bought = line("Servers bought", "server", larger(lacking, 0))
        here = every(Position(YEAR) >= year, Position(YEAR) <= year + Asked.life - 1)
        made += [bought, line("Servers in use", "server", where(here, bought, 0))]
    return tuple(made)


class Cohorts(Section):
    """A row a year of purchase."""

    title = "Cohorts"

    year = _years()
    bought = _bought(year)
    in_use = line("All in use", "server", sum_of(*bought[1::2]))


MODEL = Model(Asked, Cohorts)
# 3 are needed at first; in the second year 1 more; in the third the first 3 are gone: 6 - 1 = 5.
CASE = Case("Growing", {"asked.needed": [3, 4, 6], "asked.life": 2})
WORKED = {
    "cohorts.year_1": [1], "cohorts.year_2": [2], "cohorts.year_3": [3],
    "cohorts.bought_1": [3], "cohorts.bought_2": [3, 3, 0],
    "cohorts.bought_3": [1], "cohorts.bought_4": [0, 1, 1],
    "cohorts.bought_5": [5], "cohorts.bought_6": [0, 0, 5],
    "cohorts.in_use": [3, 4, 6],
}  # fmt: skip


def test_lines_of_a_block_are_numbered_and_stand_in_order() -> None:
    assert [one.name for one in MODEL.lines if isinstance(one, Derived)] == list(WORKED)
    assert Cohorts.bought[0].section is Cohorts
    assert MODEL.by_name["cohorts.bought_1"] is Cohorts.bought[0]


def test_by_hand() -> None:
    values = evaluate(MODEL, [CASE])
    for name, wanted in WORKED.items():
        one = MODEL.by_name[name]
        assert [values.value(one, 0, index) for index in range(CASE.length(one.axis))] == wanted, name
        check_line(one)


@pytest.mark.parametrize("engine", [recalculate_formualizer, recalculate_ironcalc])
def test_in_the_engines(engine: object, tmp_path: Path) -> None:
    grid = Grid(MODEL, [CASE])
    grid.write(tmp_path / "book.xlsx", POISON_NUMBER)
    found = engine(tmp_path / "book.xlsx")  # type: ignore[operator]
    numbers = grid.numbers(evaluate(MODEL, [CASE]))
    expected = {at: number for at, (_, _, _, number) in numbers.items() if number is not None}
    assert differences(expected, {at: found[at] for at in expected}, engine=str(engine)) == []
    for one in Cohorts.bought[1::2]:
        assert len({r1c1(text, at[1]) for at, text in grid.formulas(one).items()}) == 1


def test_numbers_of_rows_are_no_literals() -> None:
    """A row that holds its own number would hide a constant: 2 is 1 + 1, a row further down."""
    with pytest.raises(ValueError, match="2 stands in a formula"):
        tuple(line("Year of purchase", "year number", expr(number)) for number in (1, 2))


def test_two_lines_of_one_name_are_refused() -> None:
    one = line("One", "1", expr(1))
    with pytest.raises(TypeError, match="two lines or checks have the name one"):
        type("Twice", (Section,), {"title": "Twice", "one": one, "block": (one,)})
    clash = {"title": "Clash", "block_1": line("One", "1", expr(1)), "block": (line("Two", "1", expr(1)),)}
    with pytest.raises(TypeError, match="two lines or checks have the name block_1"):
        type("Clash", (Section,), clash)
    here, there = ({"title": "Here", "name": "here", "one": line("One", "1", expr(1))} for _ in range(2))
    with pytest.raises(ValueError, match=r"here\.one: two lines are called so"):
        Model(type("Here", (Section,), here), type("There", (Section,), there))


def test_a_tuple_of_other_things_is_no_block() -> None:
    made = type("Words", (Section,), {"title": "Words", "words": ("a", "b"), "none": ()})
    assert issubclass(made, Section)
    assert made.lines == ()
