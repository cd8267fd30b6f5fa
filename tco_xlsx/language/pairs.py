"""What each row makes of all rows: how many are below it, the best of those that are alike, and the like.

Each is stated pair by pair, which is its meaning, and computed so for few rows. For many rows the same numbers come
from sorting, in n log n: of 200,000 rows the pairs would be 40 billion. Arrays are shaped (scenario, index).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

MOST_PAIRS = 1 << 16
"""Pairs of rows of one scenario that are still compared pair by pair: there it is faster, for all scenarios at once."""

_Of = Callable[..., Array]


def _either(by_pairs: _Of, by_sorting: _Of, of_rows: int) -> _Of:
    """By pairs for few rows, else by sorting, scenario by scenario; the first `of_rows` operands are of the own row."""

    def compute(*operands: Array) -> Array:
        rows = max(operand.shape[1] for operand in operands[:of_rows])
        among = max(operand.shape[1] for operand in operands[of_rows:])
        if rows * among <= MOST_PAIRS:
            return by_pairs(*operands)
        scenarios = max(operand.shape[0] for operand in operands)
        widths = [rows] * of_rows + [among] * (len(operands) - of_rows)
        full = [np.broadcast_to(one, (scenarios, width)) for one, width in zip(operands, widths, strict=True)]
        return np.stack([by_sorting(*(one[number] for one in full)) for number in range(scenarios)])

    return compute


def _beaten_by_pairs(latency: Array, rate: Array, latencies: Array, rates: Array) -> Array:
    better = (latencies[:, None, :] <= latency[:, :, None]) & (rates[:, None, :] > rate[:, :, None])
    return np.asarray(better.sum(axis=2), dtype=np.float64)


def _beaten_by_sorting(latency: Array, rate: Array, latencies: Array, rates: Array) -> Array:
    there = ~(np.isnan(latencies) | np.isnan(rates))
    order = np.argsort(latencies[there], kind="stable")
    known = rates[there][order]
    # Of each row: how many are no slower, and those are the first ones in order of latency.
    no_slower = np.searchsorted(latencies[there][order], latency, side="right")
    no_slower = np.where(np.isnan(latency) | np.isnan(rate), 0, no_slower)
    levels = np.unique(known)
    ranks, own = np.searchsorted(levels, known), np.searchsorted(levels, rate, side="right")
    found = np.zeros(len(latency), dtype=np.intp)
    # A prefix is made of blocks whose sizes are powers of two, one for each 1 of its length in binary digits.
    size = 1
    while size <= len(known):
        keys = np.sort(np.arange(len(known)) // size * (len(levels) + 1) + ranks)
        has = (no_slower & size) > 0
        block = no_slower[has] // size - 1
        at_most = np.searchsorted(keys, block * (len(levels) + 1) + own[has], side="left")
        found[has] += (block + 1) * size - at_most
        size *= 2
    return found.astype(np.float64)


def _best_where_by_pairs(value: Array, among: Array, rates: Array) -> Array:
    # In Excel the product is 0 where the row is another one, and the largest of them all is taken.
    fits = (among[:, None, :] == value[:, :, None]) & ~np.isnan(rates[:, None, :])
    best = np.max(np.where(fits, rates[:, None, :], 0.0), axis=2)
    return np.where(np.isnan(value), np.nan, best)


def _best_where_by_sorting(value: Array, among: Array, rates: Array) -> Array:
    keys, best_so_far = _in_order(among, rates)
    start = np.searchsorted(keys, value, side="left")
    end = np.searchsorted(keys, value, side="right")
    # Within one key the rates rise, so its last is its best.
    return _best(value, best_so_far[end - 1] if len(keys) else value, end - start, len(among))


def _best_up_to_by_pairs(value: Array, among: Array, rates: Array) -> Array:
    fits = (among[:, None, :] <= value[:, :, None]) & ~np.isnan(rates[:, None, :])
    best = np.max(np.where(fits, rates[:, None, :], 0.0), axis=2)
    return np.where(np.isnan(value), np.nan, best)


def _best_up_to_by_sorting(value: Array, among: Array, rates: Array) -> Array:
    keys, in_order = _in_order(among, rates)
    end = np.searchsorted(keys, value, side="right")
    best_so_far = np.maximum.accumulate(in_order)
    return _best(value, best_so_far[end - 1] if len(keys) else value, end, len(among))


def _in_order(among: Array, rates: Array) -> tuple[Array, Array]:
    """The keys that have a rate, sorted, and their rates, rising within a key."""
    there = ~(np.isnan(among) | np.isnan(rates))
    keys, known = among[there], rates[there]
    order = np.lexsort((known, keys))
    return keys[order], known[order]


def _best(value: Array, best: Array, fitting: Indices, of: int) -> Array:
    """The best of the fitting ones; a row that does not fit counts as 0, so below 0 only where all fit."""
    best = np.where(fitting == 0, 0.0, np.where(fitting < of, np.maximum(best, 0.0), best))
    return np.where(np.isnan(value), np.nan, best)


def _fewer_by_pairs(value: Array, among: Array) -> Array:
    less = (among[:, None, :] < value[:, :, None]).sum(axis=2)
    return np.where(np.isnan(value), np.nan, less)


def _fewer_by_sorting(value: Array, among: Array) -> Array:
    less = np.searchsorted(np.sort(among[~np.isnan(among)]), value, side="left")
    return np.where(np.isnan(value), np.nan, less)


def _alike_above_by_pairs(value: Array, among: Array) -> Array:
    length = max(value.shape[1], among.shape[1])
    so_far = np.arange(among.shape[1])[None, None, :] <= np.arange(length)[None, :, None]
    alike = ((among[:, None, :] == value[:, :, None]) & so_far).sum(axis=2)
    return np.where(np.isnan(value), np.nan, alike)


def _alike_above_by_sorting(value: Array, among: Array) -> Array:
    levels = np.unique(among[~np.isnan(among)])
    places = np.flatnonzero(~np.isnan(among))
    # Sorted by what stands there, then by where.
    keys = np.sort(np.searchsorted(levels, among[places]) * len(among) + places)
    rank = np.searchsorted(levels, value)
    is_one = (rank < len(levels)) & ~np.isnan(value)
    is_one[is_one] = levels[rank[is_one]] == value[is_one]
    own = np.minimum(np.arange(len(value)), len(among) - 1)
    first = np.searchsorted(keys, rank * len(among), side="left")
    alike = np.where(is_one, np.searchsorted(keys, rank * len(among) + own, side="right") - first, 0)
    return np.where(np.isnan(value), np.nan, alike)


def _position_by_pairs(value: Array, among: Array) -> Array:
    same = among[:, None, :] == value[:, :, None]
    return np.where(same.any(axis=2), same.argmax(axis=2) + 1.0, np.nan)


def _position_by_sorting(value: Array, among: Array) -> Array:
    places = np.flatnonzero(~np.isnan(among))
    order = places[np.argsort(among[places], kind="stable")]
    if not len(order):
        return np.full(len(value), np.nan)
    first = np.minimum(np.searchsorted(among[order], value, side="left"), len(order) - 1)
    return np.where(among[order[first]] == value, order[first] + 1.0, np.nan)


beaten = _either(_beaten_by_pairs, _beaten_by_sorting, 2)
"""Of (latency, rate, latencies, rates): how many rows have a higher rate at no more latency."""
best_where = _either(_best_where_by_pairs, _best_where_by_sorting, 1)
"""Of (value, among, rates): the highest rate of the rows whose `among` is the value."""
best_up_to = _either(_best_up_to_by_pairs, _best_up_to_by_sorting, 1)
"""Of (value, among, rates): the highest rate of the rows whose `among` is at most the value."""
fewer = _either(_fewer_by_pairs, _fewer_by_sorting, 1)
"""Of (value, among): how many are below the value."""
position_of = _either(_position_by_pairs, _position_by_sorting, 1)
"""Of (value, among): the first place, from 1, at which the value stands."""


def alike_above(value: Array, among: Array) -> Array:
    """How many up to the own row are the value."""
    # A value without an axis is compared in every row.
    value = np.broadcast_to(value, (value.shape[0], max(value.shape[1], among.shape[1])))
    return _alike(value, among)


_alike = _either(_alike_above_by_pairs, _alike_above_by_sorting, 1)
