"""Every operation by hand, in numpy and in two spreadsheet engines: each face gives what was worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tco_xlsx.language.axes import POINT
from tco_xlsx.language.choices import choose_by, chosen, code_number, same_code, switch
from tco_xlsx.language.evaluate import Case, Values, evaluate
from tco_xlsx.language.excel import ABSENT
from tco_xlsx.language.expression import (
    Expr,
    Position,
    alike_above,
    beaten,
    before,
    best_up_to,
    best_where,
    count,
    count_above,
    count_present,
    counted_as,
    earlier,
    earlier_from,
    equal_to,
    every,
    expr,
    fewer,
    flag,
    is_set,
    known,
    kth_smallest,
    larger,
    largest,
    pick,
    position_of,
    rounded_down,
    row_of,
    running,
    running_largest,
    running_product,
    size,
    smaller,
    smallest,
    some,
    sum_of,
    sum_present,
    total,
    total_between,
    total_of_last,
    total_product,
    total_where,
    where,
    whole,
)
from tco_xlsx.language.lines import Derived, choice, fact, given, line, measured, pick_one
from tco_xlsx.language.operations import OPERATIONS
from tco_xlsx.language.sections import Model, Section
from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.values import POISON_NUMBER, Address, Err, Value
from tests.support.axes import YEAR
from tests.support.grid import Grid

ENGINES = {"formualizer": recalculate_formualizer, "IronCalc": recalculate_ironcalc}
Worked = Mapping[str, tuple[Expr, object]]
"""For each formula: the formula, and its value or those along its axis. None: no number."""


class Cells(Section):
    """Numbers to compute with; the second scenario has others, which no result of the first may hold."""

    title = "Cells"

    seven = given("Seven", "1")
    two = given("Two", "1")
    three = given("Three", "1")
    minus = given("Minus two and a half", "1")
    zero = given("Zero", "1")
    one = given("One", "1")
    tenth = given("A tenth", "1")
    tenths = given("Three tenths", "1")
    nothing = given("Nothing", "1", optional=True)
    gpu = pick_one("Which GPU type")
    wanted = pick_one("Which model")
    basis = choice("Basis", {"server": "a", "gpu": "b", "flat": "c"}, "server")
    yearly = given("Yearly", "1", axis=YEAR)
    gappy = given("Yearly, the first empty", "1", optional=True, axis=YEAR)


class Rows(Section):
    """Five points. Two have one wait, two one rate, one has neither; the last has no gap."""

    title = "Rows"

    gpu = fact("GPU type")
    wanted = fact("Model")
    wait = measured("Wait", "1")
    rate = measured("Rate", "1")
    gap = measured("Gap", "1")


POINTS = [
    {"gpu": "A", "wanted": "x", "wait": 30, "rate": 5, "gap": None},
    {"gpu": "B", "wanted": "y", "wait": 10, "rate": 2, "gap": 4},
    {"gpu": "a", "wanted": "z", "wait": None, "rate": None, "gap": None},
    {"gpu": None, "wanted": "y", "wait": 30, "rate": 9, "gap": 1},
    {"gpu": "B", "wanted": "x", "wait": 20, "rate": 2, "gap": 3},
]
VALUES = {
    "seven": 7, "two": 2, "three": 3, "minus": -2.5, "zero": 0, "one": 1, "tenth": 0.1, "tenths": 0.3, "nothing": None,
    "gpu": "B", "wanted": "y", "basis": "gpu", "yearly": [4, 1, 6],
    "gappy": [None, 2, 5],
}  # fmt: skip
OTHERS = {
    "seven": 70, "two": 20, "three": 5, "minus": 2.5, "zero": 1, "one": 2, "tenth": 0.7, "tenths": 0.9, "nothing": 8,
    "gpu": "A", "wanted": "z", "basis": "flat", "yearly": [9, 8, 7],
    "gappy": [3, None, 4],
}  # fmt: skip

C, R = Cells, Rows

BY_CELL: Worked = {
    "add": (C.seven + C.two, 9),
    "subtract": (C.seven - C.two, 5),
    "multiply": (C.seven * C.two, 14),
    "divide": (C.seven / C.two, 3.5),
    "power": (C.seven**C.two, 49),
    "power of a power": (C.seven ** (C.two**C.three), 5_764_801),  # 7^8
    "a power to a power": ((C.two**C.three) ** C.two, 64),  # 8^2
    "power of a sum": ((C.seven + C.two) ** C.two, 81),
    "power by a product": (C.two ** (C.two * C.three), 64),
    "negate": (-C.seven, -7),
    "negate a sum": (-(C.seven - C.two), -5),
    "negate, then square": ((-C.seven) ** C.two, 49),
    "minus the square": (-(C.seven**C.two), -49),
    "less a difference": (C.seven - (C.three - C.two), 6),
    "less a sum": (C.seven - (C.three + C.two), 2),
    "plus a negative": (C.seven + -C.two, 5),
    "over a quotient": (C.seven / (C.three / C.two), 14 / 3),
    "over a product": (C.seven / (C.three * C.two), 7 / 6),
    "a sum times a sum": ((C.seven + C.two) * (C.three + C.two), 45),
    "a sum over a sum": ((C.seven + C.two) / (C.three - C.two), 9),
    "a product over a power": (C.seven * C.two / C.three**C.two, 14 / 9),
    "at most, below": (flag(C.two <= C.seven), 1),
    "at most, equal": (flag(C.two <= C.three - C.one), 1),
    "at most, above": (flag(C.seven <= C.two), 0),
    "at least, above": (flag(C.seven >= C.two), 1),
    "at least, equal": (flag(C.three - C.one >= C.two), 1),
    "at least, below": (flag(C.two >= C.seven), 0),
    "below, below": (flag(C.two < C.seven), 1),
    "below, equal": (flag(C.two < C.three - C.one), 0),
    "below, above": (flag(C.seven < C.two), 0),
    "above, above": (flag(C.seven > C.two), 1),
    "above, equal": (flag(C.three - C.one > C.two), 0),
    "above, below": (flag(C.two > C.seven), 0),
    "equal_to, equal": (flag(equal_to(C.three - C.one, C.two)), 1),
    "equal_to, above": (flag(equal_to(C.seven, C.two)), 0),
    "equal_to, below": (flag(equal_to(C.two, C.seven)), 0),
    "is_set": (flag(is_set(C.one)), 1),
    "is_set, not": (flag(is_set(C.zero)), 0),
    "is_set, another number": (flag(is_set(C.two)), 0),
    "known": (flag(known(C.seven)), 1),
    "known, 0": (flag(known(C.zero)), 1),
    "known, empty": (flag(known(C.nothing)), 0),
    "every, both": (flag(every(C.two < C.seven, C.one < C.two)), 1),
    "every, first only": (flag(every(C.two < C.seven, C.two < C.one)), 0),
    "every, last only": (flag(every(C.two < C.one, C.two < C.seven)), 0),
    "some, neither": (flag(some(C.two < C.one, C.seven < C.two)), 0),
    "some, first only": (flag(some(C.two < C.seven, C.two < C.one)), 1),
    "some, last only": (flag(some(C.two < C.one, C.two < C.seven)), 1),
    "where, then": (where(C.two < C.seven, C.three, C.minus), 3),
    "where, otherwise": (where(C.seven < C.two, C.three, C.minus), -2.5),
    "chosen": (flag(chosen(C.basis, "gpu")), 1),
    "chosen, another": (flag(chosen(C.basis, "server")), 0),
    "switch": (switch(C.basis, server=C.seven, gpu=C.two, flat=C.three), 2),
    "code_number": (code_number(C.basis), 2),
    "choose_by, first": (choose_by(C.one, C.seven, C.minus, C.tenth), 7),
    "choose_by, second": (choose_by(C.two, C.seven, C.minus, C.tenth), -2.5),
    "choose_by, third": (choose_by(C.three, C.seven, C.minus, C.tenth), 0.1),
    "whole": (whole(C.seven / C.two), 4),
    "whole, negative": (whole(C.minus), -3),
    "whole, a hair above": (whole(C.tenth * C.three / C.tenths), 1),  # 1.0000000000000002
    "whole, truly above": (whole(C.one + C.tenth), 2),
    "rounded_down": (rounded_down(C.seven / C.two), 3),
    "rounded_down, negative": (rounded_down(C.minus), -3),
    "rounded_down, a hair below": (rounded_down(C.tenths / C.tenth), 3),  # 2.9999999999999996
    "size": (size(C.minus), 2.5),
    "size of a difference": (size(C.two - C.seven), 5),
    "larger": (larger(C.two, C.seven, C.minus), 7),
    "smaller": (smaller(C.two, C.minus, C.seven), -2.5),
    "sum_of": (sum_of(C.two, C.seven, C.minus), 6.5),
    "sum_present": (sum_present(C.two, C.nothing, C.seven), 9),
    "count_present": (count_present(C.two, C.nothing, C.zero), 2),
    "counted_as": (counted_as(C.seven, "1"), 7),
}

# The waits 30, 10, none, 30, 20 with the rates 5, 2, none, 9, 2.
BY_ROW: Worked = {
    "same_code": (flag(same_code(C.gpu, R.gpu)), [0, 1, 0, 0, 1]),
    "same_code, the other": (flag(same_code(C.wanted, R.wanted)), [0, 1, 0, 1, 0]),
    "largest": (largest(R.wait), 30),
    "smallest": (smallest(R.wait), 10),
    "total": (total(R.rate), 18),
    "count": (count(R.rate), 4),
    "kth_smallest, first": (kth_smallest(R.wait, C.one), 10),
    "kth_smallest, second": (kth_smallest(R.wait, C.two), 20),
    "kth_smallest, third": (kth_smallest(R.wait, C.three), 30),
    "position_of": (position_of(C.two, R.rate), 2),
    "pick": (pick(R.rate, C.one), 5),
    "pick, third": (pick(R.gap, C.two), 4),
    "row_of": (row_of(C.gpu, R.gpu), 2),
    "row_of, the other": (row_of(C.wanted, R.wanted), 2),
    "Position": (where(Position(POINT) > C.two, R.rate, C.zero), [0, 0, None, 9, 2]),
    "count_above": (count_above(R.gap), [0, 1, 1, 2, 3]),
    "running": (running(R.gap), [0, 4, 4, 5, 8]),
    "running_largest": (running_largest(R.gap), [0, 4, 4, 4, 4]),
    "running_largest, rising": (running_largest(R.rate), [5, 5, 5, 9, 9]),
}

# Rows that all have a number: texts count as more than every number in Excel.
FULL_WAIT, FULL_RATE = [100, 100, 300, 50, 300], [5, 9, 20, 5, 20]


class Full(Section):
    """Five points with ties: two of one wait and other rates, two that are alike, one that is faster and no better."""

    title = "Full"

    full_wait = measured("Full wait", "1", always=True)
    full_rate = measured("Full rate", "1", always=True)


IN_FULL: Worked = {
    "best_where, of two": (best_where(kth_smallest(Full.full_wait, C.three), Full.full_wait, Full.full_rate), 9),
    "best_where, of one": (best_where(kth_smallest(Full.full_wait, C.one), Full.full_wait, Full.full_rate), 5),
    "best_where, of none": (best_where(C.seven, Full.full_wait, Full.full_rate), 0),
    "best_up_to, one": (best_up_to(kth_smallest(Full.full_wait, C.one), Full.full_wait, Full.full_rate), 5),
    "best_up_to, three": (best_up_to(kth_smallest(Full.full_wait, C.three), Full.full_wait, Full.full_rate), 9),
    "best_up_to, none": (best_up_to(C.seven, Full.full_wait, Full.full_rate), 0),
    # 100/5 is beaten by 100/9; 50/5 by nobody; 300/20 by nobody, for the other 300/20 has no more.
    "beaten": (beaten(Full.full_wait, Full.full_rate), [1, 0, 0, 0, 0]),
    "fewer": (fewer(Full.full_wait, Full.full_wait), [1, 1, 3, 0, 3]),
    "alike_above": (alike_above(Full.full_wait, Full.full_wait), [1, 2, 1, 1, 2]),
    "position_of the first of two": (position_of(largest(Full.full_rate), Full.full_rate), 3),
    "best_where, each": (best_where(Full.full_wait, Full.full_wait, Full.full_rate), [9, 9, 20, 5, 20]),
    "best_up_to, each": (best_up_to(Full.full_wait, Full.full_wait, Full.full_rate), [9, 9, 20, 5, 20]),
    "kth_smallest, each": (kth_smallest(Full.full_wait, Position(POINT)), [50, 100, 100, 300, 300]),
}


class Years(Section):
    """Lines by year that others read as a whole."""

    title = "Years"

    number = line("Year", "1", Position(YEAR))
    small = line("Below three", "1", flag(C.yearly < C.three))
    missing = line("A line with n/a in it", "1", C.gappy + 1)


Y = Years

BY_YEAR: Worked = {
    "running_product": (running_product(C.yearly), [4, 4, 24]),
    "running_product, the first empty": (running_product(C.gappy), [0, 2, 10]),
    "running_product, the first n/a": (running_product(Y.missing), [0, 3, 18]),
    "running_product, points": (running_product(R.rate), [5, 10, 10, 90, 180]),
    # 4 x nothing + 1 x 2 + 6 x 5, and 1 x 3 + 6 x 6.
    "total_product": (total_product(C.yearly, C.gappy), 32),
    "total_product, with n/a": (total_product(Y.missing, C.yearly), 39),
    # 30 x 5 + 10 x 2 + 30 x 9 + 20 x 2: the row without figures counts for nothing.
    "total_product, points": (total_product(R.wait, R.rate), 480),
    "from the second year to the third": (total_between(C.yearly, Y.number, C.two, C.three), 7),
    "from the third year to the second": (total_between(C.yearly, Y.number, C.three, C.two), 0),
    "to before the first year": (total_between(C.yearly, Y.number, C.minus, C.zero), 0),
    "to beyond the last year": (total_between(C.yearly, Y.number, C.two, C.seven), 7),
    "from one year to another, one empty": (total_between(C.gappy, Y.number, C.one, C.two), 2),
    "from one year to another, one n/a": (total_between(Y.missing, Y.number, C.one, C.two), 3),
    "of the last two years": (total_of_last(C.yearly, Y.number, C.two), [4, 5, 7]),
    "of the last seven years": (total_of_last(C.yearly, Y.number, C.seven), [4, 5, 11]),
    "of no years": (total_of_last(C.yearly, Y.number, C.zero), [0, 0, 0]),
    "of the last two years, one empty": (total_of_last(C.gappy, Y.number, C.two), [0, 2, 7]),
    # The rates are 5, 9, 20, 5 and 20, the waits 100, 100, 300, 50 and 300.
    "total_where, points": (total_where(Full.full_rate, Full.full_rate, C.seven, Full.full_wait, C.seven), 10),
    "total_where, none": (total_where(Full.full_rate, Full.full_rate, C.two, Full.full_wait, C.two), 0),
    "total_where, of absent ones": (total_where(R.gap, Full.full_rate, C.seven, Full.full_wait, C.seven), 1),
    # Over points, a total for each year: rates of at most 4, 1 and 6.
    "total_where, points by year": (
        total_where(Full.full_rate, Full.full_rate, C.yearly, Full.full_wait, C.zero),
        [0, 0, 10],
    ),
    "the value a year before": (earlier(C.yearly, C.one), [0, 4, 1]),
    "the value two years before": (earlier(C.yearly, C.two), [0, 0, 4]),
    "the value of this year": (earlier(C.yearly, C.zero), [4, 1, 6]),
    "the value a year and a half before": (earlier(C.yearly, C.three / C.two), [0, 0, 4]),
    "the value seven years before": (earlier(C.yearly, C.seven), [0, 0, 0]),
    "pick, years": (pick(C.yearly, C.three), 6),
    "pick, year by year": (pick(C.yearly, 1 + C.three - Position(YEAR)), [6, 1, 4]),
    "the first year that is above zero": (position_of(expr(1), Y.small), 2),
    "before, points": (before(R.rate, C.seven), [7, 5, 2, None, 9]),
    "before": (before(C.yearly, C.seven), [7, 4, 1]),
    "earlier_from, first": (earlier_from(C.one, C.yearly), [0, 4, 5]),
    "earlier_from, second": (earlier_from(C.two, C.yearly), [0, 0, 1]),
    "running, years": (running(C.yearly), [4, 5, 11]),
    "count_above, years": (count_above(C.yearly), [1, 2, 3]),
}

# What has no number: an error in Excel, and no number here.
UNDEFINED: Mapping[str, Expr] = {
    "over nothing": C.seven / C.zero,
    "root of a negative": C.minus ** (C.one / C.two),
    "compared with an error": flag(C.seven / C.zero <= C.two),
    "known in every": flag(every(C.one < C.two, C.seven / C.zero < C.two)),
    "an error in where": where(C.seven / C.zero < C.two, C.one, C.two),
    "beyond the last in rising order": kth_smallest(R.wait, C.seven),
    "before the first in rising order": kth_smallest(R.wait, C.zero),
    "a place beyond the row": pick(Full.full_rate, C.seven),
    "a value that is nowhere": position_of(C.seven, R.rate),
}

WORKED: Worked = {**BY_CELL, **BY_ROW, **IN_FULL, **BY_YEAR}


def declared(formulas: Mapping[str, Expr]) -> tuple[type[Section], dict[str, Derived]]:
    made = {name: line(name, "1", formula) for name, formula in formulas.items()}
    body: dict[str, object] = {"title": "Worked"}
    for number, one in enumerate(made.values()):
        one.attribute = f"worked_{number}"
        body[one.attribute] = one
    section = type("Worked", (Section,), body)
    assert issubclass(section, Section)
    return section, made


SECTION, LINES = declared({name: formula for name, (formula, _) in WORKED.items()})
MODEL = Model(Cells, Rows, Full, Years, SECTION)
HELD = [{**row, "full_wait": w, "full_rate": r} for row, w, r in zip(POINTS, FULL_WAIT, FULL_RATE, strict=True)]
FIRST = Case.of_points("First", {f"cells.{name}": value for name, value in VALUES.items()}, HELD)
# Fewer points, in another order: nothing of it may be seen in the first.
SECOND = Case.of_points("Second", {f"cells.{name}": value for name, value in OTHERS.items()}, HELD[3:0:-1])


def shown(values: Values, one: Derived, scenario: int) -> list[float | None]:
    return [values.value(one, scenario, index) for index in range(values.cases[scenario].length(one.axis))]


def wanted_of(name: str) -> list[float | None]:
    value = WORKED[name][1]
    return list(value) if isinstance(value, list) else [value]  # type: ignore[list-item]


@pytest.mark.parametrize("cases", [[FIRST], [SECOND, FIRST]], ids=["alone", "beside another"])
def test_numpy(cases: list[Case]) -> None:
    values = evaluate(MODEL, cases, keep_errors=True)
    found = {name: shown(values, one, cases.index(FIRST)) for name, one in LINES.items()}
    for name, numbers in found.items():
        assert [round(one, 12) if one is not None else None for one in numbers] == [
            round(one, 12) if one is not None else None for one in wanted_of(name)
        ], name


@pytest.mark.parametrize("engine", ENGINES)
def test_excel(engine: str, tmp_path: Path) -> None:
    grid = Grid(MODEL, [SECOND, FIRST])
    grid.write(tmp_path / "book.xlsx", POISON_NUMBER)
    answers = ENGINES[engine](tmp_path / "book.xlsx")
    expected: dict[Address, Value] = {}
    labels: dict[Address, str] = {}
    for name, one in LINES.items():
        for index, number in enumerate(wanted_of(name)):
            at = grid.address(one, 1, index)
            expected[at] = ABSENT if number is None else float(number)
            labels[at] = name
    actual = {at: answers[at] for at in expected}
    assert differences(expected, actual, engine=engine, labels=labels) == []


def test_what_has_no_number_is_an_error_everywhere(tmp_path: Path) -> None:
    section, lines = declared(UNDEFINED)
    model = Model(Cells, Rows, Full, section)
    values = evaluate(model, [FIRST], keep_errors=True)
    assert {name: shown(values, one, 0) for name, one in lines.items()} == {name: [None] for name in lines}
    grid = Grid(model, [FIRST])
    grid.write(tmp_path / "book.xlsx", POISON_NUMBER)
    answers = recalculate_formualizer(tmp_path / "book.xlsx")
    found = {name: answers[grid.address(one)] for name, one in lines.items()}
    assert {name for name, value in found.items() if not isinstance(value, Err)} == set()


def test_an_empty_row_counts_as_excel_counts() -> None:
    """MAX, MIN, SUM and COUNT of cells without a number are 0."""
    lines = {"largest": largest(R.gap), "smallest": smallest(R.gap), "total": total(R.gap), "count": count(R.gap)}
    section, made = declared(lines)
    bare = Case.of_points("Bare", FIRST.values, [{**HELD[0], "gap": None}, {**HELD[1], "gap": None}])
    values = evaluate(Model(Cells, Rows, Full, section), [bare])
    assert {name: shown(values, one, 0) for name, one in made.items()} == {name: [0] for name in lines}


def test_negative_rows() -> None:
    """0 stands for no number, and only for that: the largest of -4 and -1 is -1."""
    section, made = declared({"largest": largest(R.gap), "smallest": smallest(R.gap), "mixed": largest(R.rate)})
    rows = [{**HELD[0], "gap": -4}, {**HELD[1], "gap": -1}, {**HELD[2], "gap": None}]
    values = evaluate(Model(Cells, Rows, Full, section), [Case.of_points("Below 0", FIRST.values, rows)])
    assert {name: shown(values, one, 0) for name, one in made.items()} == {
        "largest": [-1],
        "smallest": [-4],
        "mixed": [5],
    }


def test_every_operation_is_worked_by_hand() -> None:
    def used(node: Expr) -> set[str]:
        inner = getattr(node, "arguments", ())
        own = {node.operation.name} if inner else set()  # type: ignore[attr-defined]
        return own.union(*(used(one) for one in inner))

    assert set(OPERATIONS) - set().union(*(used(formula) for formula, _ in WORKED.values())) == set()
    assert used(expr(1)) == set()
