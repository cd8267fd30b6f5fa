"""The reader that computes: what it refuses, and how scenarios of different shapes stand side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from tco_xlsx.documents.errors import BrokenModel
from tco_xlsx.language.choices import same_code, switch
from tco_xlsx.language.evaluate import Case, InputValue, evaluate
from tco_xlsx.language.expression import every, known, total, where
from tco_xlsx.language.lines import Line, choice, fact, given, line, measured, pick_one
from tco_xlsx.language.sections import Model, Section
from tests.support.filled import Point


class Asked(Section):
    """What is asked for."""

    title = "Asked"

    load = given("Load", "request/s")
    rate = given("Rate", "request/s")
    spare = given("Spare", "request/s", optional=True)
    basis = choice("Basis", {"all": "all of it", "half": "half of it"}, "all")
    kind = pick_one("Which kind")


class Rows(Section):
    """Measured rows."""

    title = "Rows"

    kind = fact("Kind")
    speed = measured("Speed", "request/s")


ASKED: dict[str, InputValue] = {
    "asked.load": 6, "asked.rate": 2, "asked.spare": None, "asked.basis": "half", "asked.kind": "any",
}  # fmt: skip


def result(*lines: Line) -> type[Section]:
    names = {f"line_{number}": one for number, one in enumerate(lines)}
    made = type("Result", (Section,), {"title": "Result", **names})
    assert issubclass(made, Section)
    return made


def refusal(*lines: Line, points: Sequence[Point] = (), **inputs: InputValue) -> str:
    case = Case.of_points("Base", {**ASKED, **{f"asked.{name}": value for name, value in inputs.items()}}, points)
    with pytest.raises(BrokenModel) as caught:
        evaluate(Model(Asked, Rows, result(*lines)), [case])
    return str(caught.value)


def test_a_division_by_zero_names_line_scenario_and_parts() -> None:
    quotient = line("Instances", "1", switch(Asked.basis, all=Asked.load, half=Asked.load / Asked.rate))
    told = refusal(quotient, rate=0)
    assert told == 'result.line_0: no number in scenario "Base" (Basis is half, Load is 6, Rate is 0).'


def test_the_first_wrong_point_is_named() -> None:
    points: list[Point] = [{"speed": 1}, {"speed": None}, {"speed": 0, "kind": "x"}]
    quotient = line("Time", "1", where(same_code(Asked.kind, Rows.kind), Asked.load, Asked.load / Rows.speed))
    told = refusal(quotient, points=points)
    parts = "Which kind is any, Kind is x, Load is 6, Speed is 0"
    assert told == f'result.line_0 in point 3: no number in scenario "Base" ({parts}).'


def test_a_condition_that_is_an_error_is_no_answer() -> None:
    """The sheet would show #DIV/0!, and not "n/a"."""
    asked = Asked.load / Asked.rate > 1
    assert "Load is 6, Rate is 0" in refusal(line("Cost", "1", Asked.load, when=asked), rate=0)
    assert "result.line_0" in refusal(line("Cost", "1", where(Asked.load > 1, Rows.speed, 0), when=asked), rate=0)


def test_errors_can_be_kept() -> None:
    quotient = line("Instances", "1", Asked.load / Asked.rate)
    model = Model(Asked, Rows, result(quotient, line("Again", "1", quotient + 1)))
    values = evaluate(model, [Case("Base", {**ASKED, "asked.rate": 0})], keep_errors=True)
    assert [values.value(model.by_name[f"result.line_{number}"]) for number in (0, 1)] == [None, None]


def test_an_error_in_an_absent_line_is_not_looked_at() -> None:
    guarded = line("Cost", "1", Asked.load / Asked.rate, when=Asked.rate > 0)
    needs = line("Sum", "1", Asked.spare + Asked.load)
    model = Model(Asked, Rows, result(guarded, needs, line("Both", "1", guarded + needs)))
    values = evaluate(model, [Case("Base", {**ASKED, "asked.rate": 0})])
    assert [values.value(model.by_name[f"result.line_{number}"]) for number in (0, 1, 2)] == [None, None, None]


def test_an_error_does_not_vanish_in_a_reciprocal() -> None:
    """1 / (1 / 0) is an error in Excel and 0 in numpy."""
    twice = line("Twice", "1", 1 / (1 / Asked.rate))
    assert "Rate is 0" in refusal(twice, rate=0)


def test_scenarios_of_different_lengths_side_by_side() -> None:
    summed = line("Sum", "request/s", total(Rows.speed))
    shared = line("Share", "1", Rows.speed / summed, when=known(Rows.speed))
    model = Model(Asked, Rows, result(summed, shared))
    rows: list[Point] = [{"speed": 1.0, "kind": "a"}, {"speed": 3.0, "kind": "B"}]
    cases = [
        Case.of_points("Two", ASKED, rows),
        Case("None", ASKED),
        Case.of_points("One", {**ASKED, "asked.kind": "b"}, rows[1:]),
    ]
    values = evaluate(model, cases)
    assert [values.value(summed, scenario) for scenario in range(3)] == [4, 0, 3]
    assert values.array(shared).shape == (3, 2)
    assert [values.value(shared, 0, index) for index in (0, 1)] == [0.25, 0.75]
    assert values.value(shared, 1) is None
    assert values.value(shared, 2) == 1
    assert [values.code(Asked.kind, scenario) for scenario in range(3)] == ["any", "any", "B"]
    assert [values.text(Rows.kind, 0, 1), values.text(Rows.kind, 1)] == ["B", None]
    assert cases[0].codes(Rows.kind) == ("any", "a", "B")


def test_a_code_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match=re.escape("'nobody' is not in list")):
        evaluate(Model(Asked, Rows), [Case("Base", {**ASKED, "asked.basis": "nobody"})])


def test_every_of_one_test_is_that_test() -> None:
    test = Asked.load > 1
    assert every(test) is test
