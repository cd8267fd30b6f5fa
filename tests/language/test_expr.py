"""What a formula and a declaration refuse, each with a reason that the author of a line can act on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tco_xlsx.language.axes import POINT
from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import choose_by, chosen, code_number, switch
from tco_xlsx.language.expression import (
    apply,
    before,
    count,
    count_present,
    earlier,
    equal_to,
    every,
    expr,
    flag,
    is_set,
    known,
    larger,
    largest,
    position_of,
    some,
    sum_present,
    total,
    total_of_last,
    total_product,
    total_where,
    where,
)
from tco_xlsx.language.lines import Choice, Derived, Line, choice, given, line, measured
from tco_xlsx.language.sections import Model, Section
from tests.support.axes import YEAR

Made = Callable[[], object]


class Toy(Section):
    """Lines of every kind."""

    title = "Toy"

    price = given("Price", "money")
    load = given("Load", "request/s")
    limit = given("Limit", "ms", optional=True)
    basis = choice("Basis", {"server": "each server", "flat": "all of them"}, "server")
    latency = measured("Latency", "ms")
    growth = given("Growth", "share", axis=YEAR)
    double = line("Double", "money", price + price)


NO_COMPARING = r"a formula cannot be compared with {}; use at_most\(...\), at_least\(...\) or chosen\(...\)."
NO_TRUTH = "a formula has no truth while it is written; use where(test, then, otherwise)."


@pytest.mark.parametrize("other", [0, None, "server", Toy.load], ids=str)
def test_comparing_for_equality(other: object) -> None:
    with pytest.raises(TypeError, match=NO_COMPARING.format("==")):
        _ = Toy.price == other
    with pytest.raises(TypeError, match=NO_COMPARING.format("!=")):
        _ = Toy.price != other
    with pytest.raises(TypeError, match=NO_COMPARING.format("==")):
        _ = other == Toy.price
    with pytest.raises(TypeError, match=NO_COMPARING.format("==")):
        _ = Toy.price in (other,)


def test_lines_are_keys_by_identity() -> None:
    assert {id(key): value for key, value in {Toy.price: 1, Toy.load: 2}.items()} == {id(Toy.price): 1, id(Toy.load): 2}


@pytest.mark.parametrize(
    "made",
    [
        lambda: 1 if Toy.price > 0 else 2,
        lambda: Toy.price > 0 and Toy.load > 0,
        lambda: Toy.price or 1,
        lambda: not Toy.price,
        lambda: 0 < Toy.price < 1,
        lambda: max(Toy.price, Toy.load),
        lambda: bool(Toy.price),
        lambda: [number for number in (1, 2) if Toy.price > number],
    ],
    ids=["if", "and", "or", "not", "chain", "max", "bool", "comprehension"],
)
def test_python_deciding_for_the_sheet(made: Made) -> None:
    with pytest.raises(TypeError, match=re.escape(NO_TRUTH)):
        made()


@pytest.mark.parametrize("value", ["server", "1", None, [1], True, False, 1j, (Toy.price,)], ids=repr)
def test_what_is_no_part_of_a_formula(value: Any) -> None:
    message = re.escape(f"{value!r} is no part of a formula; expected a line, a formula or a number.")
    with pytest.raises(TypeError, match=message):
        expr(value)
    with pytest.raises(TypeError, match=message):
        _ = Toy.price + value
    with pytest.raises(TypeError, match=message):
        _ = value * Toy.price


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: (Toy.price > 0) + 1, "add takes a number as operand 1; this is a truth."),
        (lambda: 1 - known(Toy.limit), "subtract takes a number as operand 2; this is a truth."),
        (lambda: where(Toy.price, 1, 0), "where takes a truth as operand 1; this is a number."),
        (lambda: where(Toy.price > 0, Toy.price > 1, 0), "where takes a number as operand 2; this is a truth."),
        (lambda: flag(Toy.price), "flag takes a truth as operand 1; this is a number."),
        (lambda: every(Toy.price > 0, Toy.load), "every takes a truth as operand 2; this is a number."),
        (lambda: some(Toy.price, Toy.load > 0), "some takes a truth as operand 1; this is a number."),
        (lambda: is_set(Toy.price > 0), "is_set takes a number as operand 1; this is a truth."),
        (lambda: equal_to(Toy.price > 0, 1), "equal_to takes a number as operand 1; this is a truth."),
        (lambda: larger(Toy.price, Toy.load > 0), "larger takes a number as operand 2; this is a truth."),
        (lambda: Toy.basis + 1, "add takes a number as operand 1; this is a choice."),
        (lambda: where(Toy.basis, 1, 0), "where takes a truth as operand 1; this is a choice."),
        (lambda: apply("chosen", Toy.price, codes=("a",)), "chosen takes a choice as operand 1; this is a number."),
        (lambda: known(Toy.basis), "known takes a number as operand 1; this is a choice."),
        (lambda: line("Sum", "1", Toy.price > 0), "Sum: a line holds a number; wrap a test in flag(...)."),
        (lambda: line("Sum", "1", Toy.basis), "Sum: a line holds a number; wrap a test in flag(...)."),
        (lambda: line("Sum", "1", Toy.price, when=Toy.load), "Sum: `when` takes a test."),
    ],
)
def test_numbers_truths_and_choices_are_kept_apart(made: Made, message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        made()


@pytest.mark.parametrize("literal", [2, -1, 0.5, 24, 1e6, 1.0000001])
def test_a_line_holds_no_number_but_0_and_1(literal: float) -> None:
    message = re.escape(f"Days: {literal:g} stands in a formula; give it a line, a unit and a source.")
    for formula in (Toy.price * literal, literal - Toy.price, where(Toy.price > literal, 1, 0), expr(literal)):
        with pytest.raises(ValueError, match=message):
            line("Days", "1", formula)
    with pytest.raises(ValueError, match=message):
        line("Days", "1", Toy.price, when=Toy.load > literal)
    with pytest.raises(ValueError, match=message):
        check("Days", "1", Toy.price, Toy.load * literal)


def test_0_and_1_are_allowed() -> None:
    assert line("Sum", "1", (1 - Toy.growth) * where(Toy.price > 0, 0, -expr(1.0))).axis == YEAR


@pytest.mark.parametrize(
    "made",
    [
        lambda: Toy.latency * Toy.growth,
        lambda: where(Toy.latency > 0, Toy.growth, 0),
        lambda: (Toy.price + Toy.latency) - (Toy.growth + 1),
        lambda: before(Toy.growth, Toy.latency),
        lambda: sum_present(Toy.latency, Toy.growth),
    ],
)
def test_points_and_years_do_not_mix(made: Made) -> None:
    with pytest.raises(TypeError, match="cannot run over points and years at once; total one of them first"):
        made()


def test_points_and_years_do_not_mix_in_a_condition() -> None:
    with pytest.raises(TypeError, match="Cost: a formula over points cannot hang on a test over years"):
        line("Cost", "1", Toy.latency, when=Toy.growth > 0)


def test_points_and_years_meet_once_one_is_totalled() -> None:
    assert (total(Toy.latency) * Toy.growth).axis == YEAR
    assert (Toy.latency * total(Toy.growth)).axis == POINT
    assert (total(Toy.latency) * total(Toy.growth)).axis is None


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: total(Toy.latency * Toy.price), "total reads a whole row of cells: give that part"),
        (lambda: count(total(Toy.latency)), "count reads a whole row of cells: give that part"),
        (lambda: position_of(Toy.price, Toy.latency + 1), "position_of reads a whole row of cells: give that part"),
        (lambda: before(Toy.growth + 1, 0), "before reads a whole row of cells: give that part"),
        (lambda: largest(expr(1)), "largest reads a whole row of cells: give that part"),
        (lambda: largest(Toy.price), "largest needs a line with an axis as operand 1."),
        (lambda: position_of(Toy.price, Toy.load), "position_of needs a line with an axis as operand 2."),
        (lambda: earlier(Toy.price, 1), "a line without an axis has no seat before another"),
        (lambda: total_product(Toy.latency, Toy.growth), "reads rows side by side; one has points, another years."),
        (lambda: total_of_last(Toy.latency, Toy.growth, 1), "reads rows side by side; one has points, another years."),
        (
            lambda: total_where(Toy.growth, Toy.growth, 1, Toy.latency, 0),
            "may be absent; give it a number in every",
        ),
        (
            lambda: total_product(Toy.latency, Toy.latency * 1),
            "total_product reads a whole row of cells: give",
        ),
        # SUM does not skip an error, and an empty cell inside a formula is 0 and so "known".
        (lambda: known(Toy.limit + 1), "known skips cells without a number: give that part"),
        (lambda: sum_present(Toy.limit, Toy.price * 1), "sum_present skips cells without a number: give that part"),
        (lambda: count_present(expr(1)), "count_present skips cells without a number: give that part"),
    ],
)
def test_what_has_to_be_a_line_of_its_own(made: Made, message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        made()


def test_a_condition_on_what_may_be_absent() -> None:
    """An empty cell would count as 0 in it."""
    with pytest.raises(ValueError, match=re.escape("Cost: `when` tests Limit, which may be absent; ask known(...)")):
        line("Cost", "1", Toy.price, when=Toy.limit > 0)
    with pytest.raises(ValueError, match="`when` tests Limit"):
        line("Cost", "1", Toy.price, when=every(known(Toy.limit), Toy.limit > 0))
    assert line("Cost", "1", Toy.price, when=where(known(Toy.limit), Toy.limit, 0) > 0).conditions


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: chosen(Toy.basis, "servr"), "'servr' is not among the options of Basis: server, flat."),
        (lambda: chosen(Toy.basis, ""), "'' is not among the options of Basis: server, flat."),
        (lambda: switch(Toy.basis, server=1), "Basis has the codes server, flat; switch names server."),
        (lambda: switch(Toy.basis, flat=0, server=1), "Basis has the codes server, flat; switch names flat, server."),
        (lambda: switch(Toy.basis, server=1, flat=0, gpu=0), "switch names server, flat, gpu."),
        (lambda: choice("Basis", {"server": "each"}, "gpu"), "'gpu' is not among the options of Basis."),
    ],
)
def test_codes(made: Made, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        made()


def test_codes_that_are_there() -> None:
    assert switch(Toy.basis, server=1, flat=0).codes == code_number(Toy.basis).codes == ("server", "flat")
    assert chosen(Toy.basis, "flat").codes == ("flat",)
    assert choose_by(Toy.price, 0, 1).axis is None


def test_a_section_needs_a_title() -> None:
    with pytest.raises(TypeError, match=r"Nameless: a section needs a title\."):
        type("Nameless", (Section,), {"price": given("Price", "money")})


def test_a_model_in_the_wrong_order() -> None:
    class Cost(Section):
        title = "Cost"
        year = line("Year", "money", Toy.price + 0)

    class Late(Section):
        title = "Late"
        test = line("Test", "money", Toy.price, when=Cost.year > 0)

    Model(Toy, Cost, Late)
    with pytest.raises(ValueError, match=r"cost\.year names toy\.price, which does not stand above it\."):
        Model(Cost, Toy)
    with pytest.raises(ValueError, match=r"late\.test names cost\.year, which does not stand above it\."):
        Model(Toy, Late, Cost)
    with pytest.raises(ValueError, match=r"late\.test names cost\.year, which does not stand above it\."):
        Model(Toy, Late)


def test_a_name_that_does_not_exist_yet_is_no_name_at_all() -> None:
    with pytest.raises(NameError, match="later"):

        class Early(Section):
            title = "Early"
            now = line("Now", "money", later + 1)  # type: ignore[name-defined]  # noqa: F821
            later = line("Later", "money", Toy.price + 1)


def test_names_come_from_python() -> None:
    class UnitCost(Section):
        """Cost of a   prompt,
        in money."""

        title = "Unit cost"
        per_1m_input = line("Per 1M tokens in", "money", Toy.price + 0)
        adds_up = check("It adds up", "money", per_1m_input, Toy.price)
        note_of_author = "no line"

    assert (UnitCost.name, UnitCost.note) == ("unit_cost", "Cost of a prompt, in money.")
    assert UnitCost.per_1m_input.name == "unit_cost.per_1m_input"
    assert repr(UnitCost.per_1m_input) == "<Derived unit_cost.per_1m_input>"
    model = Model(Toy, UnitCost)
    assert [one.name for one in model.lines][-7:] == [
        "unit_cost.per_1m_input",
        "checks.adds_up.left",
        "checks.adds_up.right",
        "checks.adds_up.difference",
        "checks.adds_up.tolerance",
        "checks.adds_up",
        "checks.failing",
    ]


def test_lines_outside_a_section_have_no_section_in_their_name() -> None:
    assert Line("Label", "1").name == ""
    assert isinstance(Toy.double, Derived)
    assert isinstance(Toy.basis, Choice)
    assert Toy.basis.required is False
