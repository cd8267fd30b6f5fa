"""Every line's formula comes out in the unit that it declares, and a forgotten factor shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.documents.located_yaml import read_yaml
from tco_xlsx.language.choices import choose_by, switch
from tco_xlsx.language.expression import counted_as, every, flag, known, larger, running, total, where, whole
from tco_xlsx.language.lines import Line, choice, given, line, measured
from tco_xlsx.language.rounding import FORMATS
from tco_xlsx.language.sections import Section
from tco_xlsx.language.units import UnitError, check_line, parse, unit_of, written
from tco_xlsx.model import MODEL
from tco_xlsx.model.comparison import COMPARISON
from tests.support.axes import YEAR

TEMPLATE = Path(__file__).resolve().parent.parent.parent / "templates" / "finance.yaml"


@pytest.mark.parametrize("line", [*MODEL.lines, *COMPARISON.lines], ids=lambda line: line.name)
def test_the_formula_comes_out_in_the_declared_unit(line: Line) -> None:
    check_line(line)


@pytest.mark.parametrize("path", [TEMPLATE], ids=lambda path: path.stem)
def test_every_unit_has_words_and_a_number_format(path: Path) -> None:
    known_units = dict(dict(read_yaml(path).items())["units"].items())
    models = (MODEL, COMPARISON)
    used = {line.unit for model in models for line in model.lines}
    used |= {check.unit for model in models for check in model.verdicts}
    assert used - set(known_units) == set()
    assert {unit for unit in known_units if unit not in used} == set(), "words for units that no line has"
    for look in known_units.values():
        assert [key for key, _ in look.items()] == ["words"]
    assert used - set(FORMATS) == set()
    assert set(FORMATS) - used == set(), "formats for units that no line has"


class Toy(Section):
    """Lines in several units."""

    title = "Toy"

    price = given("Price", "money/server")
    servers = given("Servers", "server")
    share = given("Share", "share")
    hours = given("Hours", "h/year")
    wait = measured("Wait", "ms")
    basis = choice("Basis", {"server": "each server", "flat": "all of them"}, "server")
    yearly = given("Yearly", "money", axis=YEAR)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1", "1"),
        ("share", "1"),
        ("request/s/instance", "request/instance/s"),
        ("money*token/request/1M tokens", "money*token/1M tokens/request"),
        ("server/server", "1"),
        ("s*s/server/server", "s^2/server/server"),
    ],
)
def test_units_as_written(text: str, shown: str) -> None:
    assert written(parse(text)) == shown


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        (Toy.price * Toy.servers, "money"),
        (Toy.price * Toy.servers / Toy.hours, "money*year/h"),
        (1 / Toy.price, "server/money"),
        (Toy.price * (1 - Toy.share), "money/server"),
        (where(Toy.share > 0, Toy.price, 0), "money/server"),
        (switch(Toy.basis, server=0, flat=Toy.price), "money/server"),
        (choose_by(Toy.share, Toy.price, Toy.price), "money/server"),
        (larger(0, Toy.price), "money/server"),
        (flag(every(known(Toy.price), Toy.servers > 0)), "1"),
        ((1 + Toy.share) ** (Toy.share - 1), "1"),
        (counted_as(Toy.servers, "licence"), "licence"),
        (total(Toy.wait) * whole(Toy.share), "ms"),
        (running(Toy.yearly) + 0, "money"),
    ],
)
def test_the_unit_of_a_formula(formula: Line, unit: str) -> None:
    assert unit_of(formula) == parse(unit)


@pytest.mark.parametrize(
    ("formula", "unit", "message"),
    [
        (Toy.price * Toy.servers, "money/server", "declared money/server, the formula gives money."),
        (Toy.price * Toy.servers * Toy.hours, "money", "declared money, the formula gives h*money/year."),
        (Toy.price + Toy.servers, "money", "add of money/server and server."),
        (Toy.price - 1, "money/server", "subtract of money/server and 1."),
        (flag(Toy.price > 1), "1", "above of money/server and 1."),
        (where(Toy.share > 0, Toy.price, Toy.servers), "money", "where of money/server and server."),
        (switch(Toy.basis, server=1, flat=Toy.price), "1", "switch of 1 and money/server."),
        (larger(Toy.price, Toy.servers), "money", "larger of money/server and server."),
        (Toy.servers**Toy.share, "1", "power takes plain numbers, not server."),
        (Toy.share**Toy.servers, "1", "power takes plain numbers, not 1."),
        (Toy.servers, "licence", "declared licence, the formula gives server."),
    ],
)
def test_a_forgotten_factor_shows(formula: Line, unit: str, message: str) -> None:
    with pytest.raises(UnitError, match=message.replace("*", r"\*").replace("^", r"\^")):
        check_line(line("Wrong", unit, formula))


def test_a_condition_is_checked_too() -> None:
    with pytest.raises(UnitError, match="above of money/server and 1"):
        check_line(line("Wrong", "share", Toy.share, when=Toy.price > 1))
