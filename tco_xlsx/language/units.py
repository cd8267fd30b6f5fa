"""The reader that finds the dimension a formula comes out in.

Each word of a unit is a dimension of its own ("ms" and "s" are two), so that a missing conversion shows. Words for
plain numbers ("share", "point" ...) have none.
"""

from __future__ import annotations

from collections.abc import Sequence

from tco_xlsx.language.expression import Expr, Node, Number, Position
from tco_xlsx.language.lines import Derived, Line

Unit = tuple[tuple[str, int], ...]

_PLAIN = frozenset(("1", "share", "point", "check", "choice", "times", "year number"))
NONE: Unit = ()


class UnitError(Exception):
    """A formula adds or compares different dimensions, or comes out in another than its line declares."""


def parse(text: str) -> Unit:
    """The dimension of a unit as written: "request/s/instance"."""
    powers: dict[str, int] = {}
    for part, piece in enumerate(text.split("/")):
        for word in piece.split("*"):
            if word not in _PLAIN:
                powers[word] = powers.get(word, 0) + (1 if part == 0 else -1)
    return tuple(sorted((word, power) for word, power in powers.items() if power))


def written(unit: Unit) -> str:
    """A dimension as text."""
    over = "*".join(word if power == 1 else f"{word}^{power}" for word, power in unit if power > 0)
    under = "".join(f"/{word}" * -power for word, power in unit if power < 0)
    return (over or "1") + under


def check_line(line: Line) -> None:
    """Raise UnitError unless the line's formula comes out in its declared unit."""
    if isinstance(line, Derived):
        found = unit_of(line.formula)
        if found is not None and found != parse(line.unit):
            raise UnitError(f"{line.name}: declared {line.unit}, the formula gives {written(found)}.")
        if line.when is not None:
            unit_of(line.when)


def unit_of(node: Expr) -> Unit | None:
    """The dimension of a formula; None for a bare 0, which fits every unit."""
    if isinstance(node, Number):
        return None if node.value == 0 else NONE
    if isinstance(node, Position):
        return NONE
    if not isinstance(node, Node):
        assert isinstance(node, Line)
        return parse(node.unit)
    units = [unit_of(argument) for argument in node.arguments]
    name = node.operation.name
    match node.operation.unit:
        case "same":
            return _same(name, units)
        case "compare":
            _same(name, units)
            return NONE
        case "product":
            return _times(units[0], units[1], 1)
        case "quotient":
            return _times(units[0], units[1], -1)
        case "power":
            if _same(name, units[1:]) or units[0]:
                raise UnitError(f"power takes plain numbers, not {written(units[0] or NONE)}.")
            return NONE
        case "plain":
            _same(name, [NONE, *units])
            return NONE
        case "choose":
            return _same(name, units[1:])
        case "before":
            return _same(name, units[1:])
        case "cast":
            return parse(node.codes[0])
        case "first":
            return units[0]
        case "last":
            _same(name, units[:-1])
            return units[-1]
        case "truth" | "count":
            return NONE
        case rule:
            raise AssertionError(rule)


def _same(name: str, units: Sequence[Unit | None]) -> Unit | None:
    known = [unit for unit in units if unit is not None]
    for unit in known[1:]:
        if unit != known[0]:
            raise UnitError(f"{name} of {written(known[0])} and {written(unit)}.")
    return known[0] if known else None


def _times(left: Unit | None, right: Unit | None, sign: int) -> Unit | None:
    if left is None:
        return None
    powers = dict(left)
    for word, power in right or NONE:
        powers[word] = powers.get(word, 0) + sign * power
    return tuple(sorted((word, power) for word, power in powers.items() if power))
