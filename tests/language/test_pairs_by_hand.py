"""What each row makes of all rows, worked by hand: pair by pair and by sorting."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from tco_xlsx.language import pairs

NONE = float("nan")
Row = Sequence[float]


def _both(by_pairs: Callable[..., np.ndarray], by_sorting: Callable[..., np.ndarray], *rows: Row) -> list[float | None]:
    """What both ways give for one scenario, None for no number."""
    arrays = [np.array(row, dtype=np.float64) for row in rows]
    one, other = by_pairs(*(array[None, :] for array in arrays)), by_sorting(*arrays)
    assert one.shape == (1, len(other))
    assert one.dtype == other.dtype == np.float64
    assert np.array_equal(one[0], other, equal_nan=True), (one, other)
    return [None if np.isnan(number) else float(number) for number in other]


def _beaten(*rows: Row) -> list[float | None]:
    return _both(pairs._beaten_by_pairs, pairs._beaten_by_sorting, *rows)


def test_how_many_have_a_higher_rate_at_no_more_latency() -> None:
    # 6 at 300 ms is beaten by the two of 7 at 200 ms; who has no latency or no rate beats nobody and is not beaten.
    latency, rate = [100, 200, 200, 300, NONE, 50], [5, 7, 7, 6, 9, NONE]
    assert _beaten(latency, rate, latency, rate) == [0, 0, 0, 2, 0, 0]
    # The own row may be one of none of them: at 250 ms the rates 5, 7 and 7 are there, at 99 ms none is.
    assert _beaten([250, 250, 99, 300, 250], [4, 5, 1, 7, 8], latency, rate) == [3, 2, 0, 0, 0]
    # Falling rates: each is beaten by all before it, however many blocks they make.
    assert _beaten(range(1, 12), range(11, 0, -1), range(1, 12), range(11, 0, -1)) == list(range(11))
    assert _beaten(range(1, 12), range(1, 12), range(1, 12), range(1, 12)) == [0] * 11
    rates = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    assert _beaten(range(11), rates, range(11), rates) == [0, 1, 0, 2, 0, 0, 4, 1, 2, 5, 2]
    order = [4, 0, 3, 1, 2]
    falling = [5 - place for place in order]
    assert _beaten(order, falling, order, falling) == order
    assert _beaten([1], [1], [NONE], [2]) == [0]


def _best_where(*rows: Row) -> list[float | None]:
    return _both(pairs._best_where_by_pairs, pairs._best_where_by_sorting, *rows)


def test_the_best_rate_of_those_that_are_alike() -> None:
    among, rates = [1, 2, 1, 3, NONE, 2], [5, NONE, 7, 4, 9, NONE]
    assert _best_where([1, 2, 3, 4, 0, NONE], among, rates) == [7, 0, 4, 0, 0, None]
    # Another row counts as 0, so a rate below 0 is the best only where all rows fit.
    assert _best_where([3, 4], [3, 3], [-4, -5]) == [-4, 0]
    assert _best_where([3, 4], [3, 4], [-4, -5]) == [0, 0]
    assert _best_where([1, NONE], [NONE, 1], [2, NONE]) == [0, None]


def _best_up_to(*rows: Row) -> list[float | None]:
    return _both(pairs._best_up_to_by_pairs, pairs._best_up_to_by_sorting, *rows)


def test_the_best_rate_up_to_a_value() -> None:
    among, rates = [3, 1, 2, 2, NONE, 1], [7, 5, 9, 8, 99, NONE]
    assert _best_up_to([0.5, 1, 1.5, 2, 3, 9, NONE], among, rates) == [0, 5, 5, 9, 9, 9, None]
    assert _best_up_to([2, 1], [1, 2], [-4, -5]) == [-4, 0]
    assert _best_up_to([2, 1], [1, 1], [-5, -4]) == [-4, -4]
    assert _best_up_to([1, NONE], [NONE], [2]) == [0, None]


def test_how_many_are_below() -> None:
    among = [2, 1, NONE, 2, 3]
    found = _both(pairs._fewer_by_pairs, pairs._fewer_by_sorting, [1, 2, 2.5, 3, 4, 0, NONE], among)
    assert found == [0, 1, 3, 3, 4, 0, None]
    assert _both(pairs._fewer_by_pairs, pairs._fewer_by_sorting, [1, NONE], [NONE]) == [0, None]


def _alike(*rows: Row) -> list[float | None]:
    return _both(pairs._alike_above_by_pairs, pairs._alike_above_by_sorting, *rows)


def test_how_many_up_to_the_own_row_are_alike() -> None:
    among = [1, 2, 1, NONE, 2, 1]
    assert _alike(among, among) == [1, 1, 2, None, 2, 3]
    assert _alike([2, 1, 5, 1, 0, NONE], among) == [0, 1, 0, 2, 0, None]
    assert _alike([1, 1, 1], [1, 1]) == [1, 2, 2]
    assert _alike([1, 1, 1], [2, 1]) == [0, 1, 1]
    assert _alike([5, 1, 9], [9, 5, 1]) == [0, 0, 1]
    assert _alike([1, NONE], [NONE, NONE]) == [0, None]
    one = pairs.alike_above(np.array([[1.0]]), np.array([[float(value) for value in among]]))
    assert one.tolist() == [[1, 1, 2, 2, 2, 3]]


def test_where_a_value_stands_first() -> None:
    by = (pairs._position_by_pairs, pairs._position_by_sorting)
    assert _both(*by, [2, 1, 3, 0, NONE, 2.5], [NONE, 2, 1, 2]) == [2, 3, None, None, None, None]
    assert _both(*by, [3, 1], [3, 1, 3, 1]) == [1, 2]
    assert _both(*by, [1, NONE], [NONE, NONE]) == [None, None]


@pytest.mark.parametrize(("rows", "among", "sorted_"), [(256, 256, False), (256, 257, True), (257, 256, True)])
def test_many_pairs_are_sorted(rows: int, among: int, sorted_: bool) -> None:
    by_pairs, by_sorting = (lambda *operands: np.zeros((1, 1))), (lambda *operands: np.ones(1))
    compute = pairs._either(by_pairs, by_sorting, 2)
    # Of two operands of the own row the wider counts, and so of two of all rows.
    own = [np.zeros((1, width)) for width in (rows, 1)]
    of_all = [np.zeros((1, width)) for width in (1, among)]
    for operands in ([*own, *of_all], [*own[::-1], *of_all[::-1]]):
        assert compute(*operands).tolist() == [[float(sorted_)]]
    assert pairs.MOST_PAIRS == 256 * 256


def test_each_scenario_is_sorted_by_itself() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "MOST_PAIRS", 0)
        values, among = np.array([[1.0, 2.0]]), np.array([[1.0, 1.0, 2.0], [2.0, 3.0, 4.0]])
        assert pairs.fewer(values, among).tolist() == [[0, 2], [0, 0]]
        assert pairs.fewer(among, values).tolist() == [[0, 0, 1], [1, 2, 2]]
        assert pairs.position_of(np.array([[2.0], [4.0]]), among).tolist() == [[3], [3]]
        assert pairs.best_where(values, among, np.array([[5.0, 6.0, 7.0]])).tolist() == [[6, 7], [0, 5]]
        assert pairs.best_up_to(values, among, np.array([[5.0], [6.0]])).tolist() == [[5, 5], [0, 6]]
        latency, rate = np.array([[1.0, 2.0]]), np.array([[1.0], [3.0]])
        assert pairs.beaten(latency, rate, among, np.array([[2.0]])).tolist() == [[2, 3], [0, 0]]
        assert pairs.alike_above(np.array([[2.0]]), among).tolist() == [[0, 0, 1], [1, 1, 1]]
