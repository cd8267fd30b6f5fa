"""Expected against recalculated values, as lines that a person can read."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tests.recalc.values import POISON_NUMBER, POISON_TEXT, Address, Err, Value, Values


def differences(
    expected: Values,
    actual: Values,
    rel: float = 1e-9,
    abs: float = 1e-12,
    *,
    engine: str = "recalculated",
    labels: Mapping[Address, str] | None = None,
    noise: Mapping[Address, float] | None = None,
) -> list[str]:
    """One line for each expected cell that is missing or differs, and each cell that still holds the poison.

    `noise` gives single cells an absolute tolerance of their own, asked only where values differ. Cells that only
    `actual` has are not compared: an engine may report constants as well.
    """
    lines = []
    for at, wanted in expected.items():
        place = _place(at, labels)
        if at not in actual:
            lines.append(f"{place}: expected {_shown(wanted)}, {engine} has no such cell")
        elif _is_poison(actual[at]):
            lines.append(f"{place}: expected {_shown(wanted)}, not recalculated by {engine}")
        elif not _same(wanted, actual[at], rel, abs) and not (
            noise is not None and at in noise and _same(wanted, actual[at], rel, noise[at])
        ):
            lines.append(f"{place}: expected {_shown(wanted)}, {engine} {_shown(actual[at])}")
    stale = [at for at, value in actual.items() if at not in expected and _is_poison(value)]
    return lines + [f"{_place(at, labels)}: not recalculated by {engine}" for at in stale]


def _same(wanted: Value, got: Value, rel: float, abs: float) -> bool:
    if isinstance(wanted, (Err, str)) or isinstance(got, (Err, str)) or wanted is None or got is None:
        # Excel's errors and texts by name; a blank cell is neither "" nor 0.
        return type(wanted) is type(got) and wanted == got
    # TRUE may come back as 1: LibreOffice keeps a boolean with a number format as a number.
    # NaN is close to nothing, itself included, and infinity cannot stand in a cell.
    return math.isfinite(wanted) and math.isclose(wanted, got, rel_tol=rel, abs_tol=abs)


def _is_poison(value: Value) -> bool:
    return value == POISON_TEXT or (isinstance(value, float) and math.isclose(value, POISON_NUMBER, rel_tol=1e-12))


def _place(at: Address, labels: Mapping[Address, str] | None) -> str:
    label = (labels or {}).get(at, "")
    return f"{at[0]}!{at[1]} {label}".rstrip()


def _shown(value: Value) -> str:
    if value is None:
        return "blank"
    return str(value) if isinstance(value, Err) else repr(value)
