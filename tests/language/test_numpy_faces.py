"""What numpy does otherwise than a spreadsheet, operation by operation: rounding, ties, places, errors, brackets."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tco_xlsx.language.operations import ATOM, COMPARE, LOOSE, OPERATIONS, PRODUCT, SUM


def computed(name: str, *values: float | list[float]) -> list[float | None]:
    """The numpy face of an operation on plain numbers or rows."""
    arrays = [np.array([value if isinstance(value, list) else [value]], dtype=float) for value in values]
    with np.errstate(all="ignore"):
        found = OPERATIONS[name].compute(*arrays)
    return [None if number != number else number for number in found[0].tolist()]


@pytest.mark.parametrize(
    ("value", "up", "down"),
    [
        (2.0000000004, 2, 2),  # below half of 1e-9: noise
        (2.0000000006, 3, 2),
        (1.9999999996, 2, 2),
        (1.9999999994, 2, 1),
        (-2.0000000006, -3, -3),
        (0.0, 0, 0),
        (0.00000000049, 0, 0),
        (0.00000000051, 1, 0),
        # No more than 15 digits count: 1234567.00000000 has eight decimals, 123456789012345 none.
        (1234567.000000003, 1_234_567, 1_234_567),
        (-1234567.000000003, -1_234_567, -1_234_567),
        (1234566.999999997, 1_234_567, 1_234_567),
        (1234567.00000003, 1_234_568, 1_234_567),
        (123_456_789_012_345.3, 123_456_789_012_345, 123_456_789_012_345),
        (12.5, 13, 12),
    ],
)
def test_rounding_to_whole_units(value: float, up: float, down: float) -> None:
    assert computed("whole", value) == [up]
    assert computed("rounded_down", value) == [down]


def test_ties_are_ties_in_fifteen_digits() -> None:
    """0.1 + 0.2 is 0.30000000000000004 and counts as 0.3, as it does in a spreadsheet; so do its multiples."""
    for scale in (1.0, 1e-9, 1e12):
        row = [(0.1 + 0.2) * scale, 0.3 * scale, 0.0, -0.3 * scale, 0.31 * scale, math.nan]
        assert computed("fewer", row, row) == [2, 2, 1, 0, 4, None]
        assert computed("alike_above", row, row) == [1, 2, 1, 1, 1, None]
        below = [-one for one in row[:2]]
        assert (computed("fewer", below, below), computed("alike_above", below, below)) == ([0, 0], [1, 2])
    # 0.1 + 0.2 is at most 0.3 and at least 0.3: both numbers count.
    sums = [0.1 + 0.2, 0.3]
    assert computed("total_where", sums, 0.3, sums, 0.3, [1, 2]) == [3]
    # Digits are counted from the first that is not 0.
    small = [0.000123456789012346, 0.000123456789012345]
    assert computed("fewer", small, small) == [1, 0]
    whole = [300.0, 301.0, 299.0]
    assert computed("fewer", whole, whole) == [1, 2, 0]
    close = [1.00000000000001, 1.00000000000002]  # apart in the fifteenth digit
    assert computed("fewer", close, close) == [0, 1]


def test_powers_without_a_value() -> None:
    assert computed("power", 0, 0) == [None]
    assert computed("power", math.nan, 0) == [None]
    assert computed("power", 1, math.nan) == [None]
    assert (computed("power", 0, 2), computed("power", 2, 0)) == ([0], [1])


def test_places_in_a_row() -> None:
    row: list[float] = [5, 6, 7]
    found = [computed("pick", row, place)[0] for place in (0, 0.9, 1, 1.5, 3, 3.9, 4, math.nan)]
    assert found == [None, None, 5, 5, 7, 7, None, None]
    assert computed("kth_smallest", [7, math.nan, 5], 2) == [7]
    assert computed("kth_smallest", [7, math.nan, 5], 3) == [None]
    assert computed("position_of", 6, row) == [2]
    assert computed("position_of", math.nan, [math.nan, 1]) == [None]


def test_what_came_earlier() -> None:
    positions: list[float] = [1, 2, 3, 4]
    assert computed("earlier_from", 1, positions, [5, math.nan, 7, 9]) == [0, 5, 5, 12]
    assert computed("earlier_from", 3, positions, [5, 6, 7, 9]) == [0, 0, 0, 7]
    assert computed("earlier_from", positions, positions, [5, 6, 7, 9]) == [0, 0, 0, 0], "from its own place on"
    assert computed("earlier_from", -8, positions, [5, 6, 7, 9]) == [0, 5, 11, 18]
    assert computed("earlier_from", math.nan, positions, [5, 6, 7, 9]) == [None] * 4


def test_what_passes_an_error_on() -> None:
    """A comparison with what is no number is none; so is a choice by it, and a sum with it."""
    nan = math.nan
    for name in ("at_most", "at_least", "below", "above", "equal_to", "same_code"):
        assert computed(name, nan, 1) == computed(name, 1, nan) == [None], name
    for name in ("every", "some", "larger", "smaller", "sum_of", "add", "multiply"):
        assert computed(name, nan, 1) == computed(name, 1, nan) == [None], name
    assert computed("is_set", nan) == computed("where", nan, 1, 2) == computed("chosen", nan, 1) == [None]
    assert computed("known", nan) == [0]
    assert computed("best_where", nan, [1, nan], [3, 4]) == computed("best_up_to", nan, [1, 2], [3, 4]) == [None]
    assert computed("switch", 5, 1, 2) == computed("choose_by", 0, 1, 2) == [None]
    assert computed("choose_by", 2.9, 1, 2) == [2], "CHOOSE cuts off"
    assert computed("total_where", [1], nan, [1], 1, [1]) == computed("total_where", [1], 1, [1], nan, [1]) == [None]
    assert computed("sum_present", nan, 1) == computed("count_present", nan, 1) == [1]


def test_which_operations_skip_and_which_hand_on() -> None:
    """What skips values that are absent needs no test around it; what hands one on is absent where that is."""
    skipping = """known sum_present count_present largest smallest total count kth_smallest position_of beaten
        best_where row_of fewer alike_above count_above best_up_to running running_largest earlier_from
        running_product total_product total_where"""
    assert {name for name, one in OPERATIONS.items() if one.tolerates} == set(skipping.split())
    handing = "where switch choose_by pick counted_as before"
    assert {name for name, one in OPERATIONS.items() if one.selects} == set(handing.split())
    assert OPERATIONS["fewer"].skips_absent(1)
    assert not OPERATIONS["fewer"].skips_absent(0), "the value itself must be there"
    assert OPERATIONS["sum_present"].skips_absent(0)
    assert not OPERATIONS["add"].skips_absent(0)


def test_brackets_are_those_of_the_formula_unless_words_are_asked_for() -> None:
    known, add = OPERATIONS["known"], OPERATIONS["add"]
    assert (known.firmness(), known.firmness(words=True)) == (ATOM, COMPARE)
    assert (known.need(0), known.need(0, words=True)) == (LOOSE, SUM)
    assert (add.firmness(), add.firmness(words=True)) == (SUM, SUM)
    assert [add.need(0), add.need(1), add.need(2), add.need(1, words=True)] == [SUM, PRODUCT, PRODUCT, PRODUCT]
