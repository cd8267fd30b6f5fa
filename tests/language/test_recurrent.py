"""Lines that read their own earlier cells, worked by hand: in numpy and in two spreadsheet engines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.evaluate import Case, evaluate
from tco_xlsx.language.expression import Expr, Position, before, earlier_from, larger
from tco_xlsx.language.lines import given, line
from tco_xlsx.language.recurrent import recurrent
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.language.words import words_of
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.values import POISON_NUMBER
from tests.support.grid import Grid

YEAR = Axis("year", "year", "years", "across", seats=5)
ENGINES = {"formualizer": recalculate_formualizer, "IronCalc": recalculate_ironcalc}


class Needs(Section):
    """Inputs."""

    title = "Needs"

    life = given("Life", "1")
    needed = given("Needed", "1", axis=YEAR)
    rate = given("Rate", "1")


def _bought(own: Expr) -> Expr:
    return larger(0, Needs.needed - earlier_from(Position(YEAR) - Needs.life + 1, own))


def _owed(own: Expr) -> Expr:
    return before(own, Needs.life) * (1 - Needs.rate)


class Stock(Section):
    """What is bought so that there is always as much as is needed."""

    title = "Stock"

    bought = recurrent("Bought", "1", YEAR, _bought)
    owed = recurrent("Owed", "1", YEAR, _owed)
    held = line("Held", "1", bought + earlier_from(Position(YEAR) - Needs.life + 1, bought))


MODEL = Model(Needs, Stock)
CASES = [
    Case("other", {"needs.life": 1.0, "needs.needed": [9, 9, 9, 9, 9], "needs.rate": 0.0}),
    Case("worked", {"needs.life": 3.0, "needs.needed": [4, 1, 6, 6, 2], "needs.rate": 0.5}),
]
# Life 3. Year 1: 4 needed, 4 bought. Year 2: 4 are there. Year 3: 2 more. Year 4: the first 4 are gone, 2 are left of
# the 6 that are needed: 4. Year 5: 2 and 4 are there.
WORKED = {"bought": [4, 0, 2, 4, 0], "held": [4, 4, 6, 6, 6], "owed": [1.5, 0.75, 0.375, 0.1875, 0.09375]}


def test_numpy() -> None:
    for cases in (CASES, CASES[1:]):
        values = evaluate(MODEL, cases)
        for name, expected in WORKED.items():
            array = values.array(MODEL.by_name[f"stock.{name}"])
            assert list(array[-1]) == expected, name
    assert list(evaluate(MODEL, CASES).array(Stock.bought)[0]) == [9] * 5


@pytest.mark.parametrize("engine", ENGINES)
def test_excel(engine: str, tmp_path: Path) -> None:
    grid = Grid(MODEL, CASES)
    grid.write(tmp_path / "book.xlsx", POISON_NUMBER)
    answers = ENGINES[engine](tmp_path / "book.xlsx")
    for name, expected in WORKED.items():
        found = [answers[grid.address(MODEL.by_name[f"stock.{name}"], 1, index)] for index in range(5)]
        assert found == pytest.approx(expected), name


def test_words_say_the_year() -> None:
    assert "before this year" in words_of(Stock.bought)


def test_a_line_cannot_read_its_own_cell() -> None:
    with pytest.raises(TypeError, match="its own place"):
        recurrent("Loop", "1", YEAR, lambda own: own + Needs.needed)


def test_only_such_a_line_may_name_itself() -> None:
    class Loose(Section):
        """A line that names one below."""

        title = "Loose"

        late = line("Late", "1", Needs.life + 1)

    Loose.late.formula = Loose.late + 1
    with pytest.raises(ValueError, match="does not stand above"):
        Model(Needs, Loose)
