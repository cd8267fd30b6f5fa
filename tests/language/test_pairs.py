"""What each row makes of all rows: by sorting the same as pair by pair, ties and absent values included."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tco_xlsx.language import pairs
from tco_xlsx.language.operations import OPERATIONS

#: The operation, how many of its operands are of the own row, how many are of all rows.
FORMS: dict[str, tuple[int, int]] = {
    "beaten": (2, 2),
    "best_where": (1, 2),
    "best_up_to": (1, 2),
    "fewer": (1, 1),
    "alike_above": (1, 1),
    "position_of": (1, 1),
}
# Few different numbers, so that most are tied; signs, absent ones, and neighbours that differ in the last bit.
_NUMBERS = st.sampled_from([float("nan"), -2.0, -1.0, 0.0, 1.0, 1.0 + 2**-52, 2.0, 2.0, 3.5, 1e300, -1e-300])
_ANY = st.one_of(_NUMBERS, st.floats(-1e6, 1e6))


def _rows(width: int, scenarios: int) -> st.SearchStrategy[np.ndarray]:
    row = st.lists(_ANY, min_size=width, max_size=width)
    return st.lists(row, min_size=scenarios, max_size=scenarios).map(np.array)


@st.composite
def _operands(draw: st.DrawFn, name: str) -> list[np.ndarray]:
    own, of_all = FORMS[name]
    scenarios, width, among = draw(st.integers(1, 3)), draw(st.integers(1, 12)), draw(st.integers(1, 12))
    # "Up to here" has a meaning only along one axis.
    if name == "alike_above" or draw(st.booleans()):
        among = width
    return [
        draw(_rows(draw(st.sampled_from([size, 1])) if place < own else size, draw(st.sampled_from([scenarios, 1]))))
        for place, size in enumerate([width] * own + [among] * of_all)
    ]


@pytest.mark.parametrize("name", FORMS)
@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_sorting_gives_what_the_pairs_give(name: str, data: st.DataObject) -> None:
    operands = data.draw(_operands(name))
    compute: Callable[..., np.ndarray] = OPERATIONS[name].compute
    by_pairs = compute(*operands)
    before, pairs.MOST_PAIRS = pairs.MOST_PAIRS, -1
    try:
        by_sorting = compute(*operands)
    finally:
        pairs.MOST_PAIRS = before
    assert by_sorting.shape == by_pairs.shape
    assert np.array_equal(by_sorting, by_pairs, equal_nan=True), (operands, by_pairs, by_sorting)


@pytest.mark.parametrize("name", FORMS)
def test_many_rows_are_sorted_and_take_little_room(name: str) -> None:
    """A hundred thousand rows: their pairs would fill ten gigabytes."""
    rows = np.arange(100_000.0)[None, :] % 977
    own, of_all = FORMS[name]
    result = OPERATIONS[name].compute(*([rows] * (own + of_all)))
    assert result.shape == rows.shape
    # The first of each number is the first of its kind, has none above, and stands where it stands.
    expected = {"beaten": 0, "best_where": 5, "best_up_to": 5, "alike_above": 1, "position_of": 6}
    assert result[0, 5] == expected.get(name, np.sum(rows < 5))
