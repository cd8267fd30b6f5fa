"""The digest of a model: two programs whose models have one digest compute the same from the same inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.expression import Expr, Node, Number, Position
from tco_xlsx.language.lines import Choice, Constant, Derived, Given, Line, Linked, Measured
from tco_xlsx.language.sections import Model


@lru_cache(maxsize=8)
def digest(model: Model) -> str:
    """The SHA-256 of all declarations, the same on every machine. Labels, notes and sources do not count."""
    return hashlib.sha256("\n".join(declarations(model)).encode()).hexdigest()


def declarations(model: Model) -> Iterator[str]:
    """A text for each line in order: its name, its kind, its unit, and all that its numbers follow from."""
    for line in model.lines:
        yield " | ".join((line.name, type(line).__name__, line.unit, _along(line.axis), *_particulars(line)))


def formula_by_names(node: Expr) -> str:
    """A formula with the names of its lines, such as divide(cost.total_year, fleet.servers)."""
    if isinstance(node, Number):
        return repr(float(node.value))
    if isinstance(node, Position):
        return f"position({_along(node.axis)})"
    if isinstance(node, Node):
        asked = f"[{','.join(map(repr, node.codes))}]" if node.codes else ""
        return f"{node.operation.name}{asked}({', '.join(map(formula_by_names, node.arguments))})"
    assert isinstance(node, Line)
    return node.name


def _particulars(line: Line) -> Iterator[str]:
    if isinstance(line, Choice):
        yield f"codes {line.codes!r} default {line.default_code!r}"
    elif isinstance(line, Given):
        bounds = (line.at_least, line.above, line.at_most, line.smallest, line.largest)
        yield " ".join(["bounds", *(_number(one) for one in bounds)])
        yield f"default {_number(line.default)} integer {line.integer} optional {line.optional}"
    elif isinstance(line, Constant):
        yield _number(line.value)
    elif isinstance(line, Derived):
        yield formula_by_names(line.formula)
        yield "" if line.when is None else f"when {formula_by_names(line.when)}"
    elif isinstance(line, Linked):
        yield f"of {line.line.name}"
    elif isinstance(line, Measured):
        yield f"always {line.always}"


def _along(axis: Axis | None) -> str:
    return "" if axis is None else f"along {axis.name} seats {axis.seats} written {axis.written}"


def _number(value: float | None) -> str:
    # 8 and 8.0 are one number, however a declaration writes it.
    return "none" if value is None else repr(float(value))
