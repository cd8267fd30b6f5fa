"""How much of a line's number may be rounding: engines add in another order, and a difference of nearly equal numbers
keeps what they lost. First order, operation by operation, from what the engine in Python computed."""

from __future__ import annotations

import numpy as np

from tco_xlsx.language.evaluate import Values, _compute
from tco_xlsx.language.expression import Expr, Node
from tco_xlsx.language.lines import Derived, Line
from tco_xlsx.language.operations import OPERATIONS, Array
from tco_xlsx.language.recurrent import Recurrent
from tco_xlsx.language.sections import Model

UNIT = 1e-14
"""What one operation may lose of its operands: more than any engine does, far less than a mistake makes."""

_SUMS = {"add", "subtract", "sum_of", "sum_present"}
_ROW_SUMS = {"total", "running"}
_LAST_ROW = {"total_where", "earlier_from"}
_ONE = {"negate", "size", "counted_as"}
_LARGEST = {"larger", "smaller"}
_OF_ROW = {"largest", "smallest", "running_largest", "kth_smallest", "best_where", "best_up_to"}
_PICKED = {"where": (0,), "switch": (0,), "choose_by": (0,), "before": (0,), "pick": (1,)}
"""Operations that hand one operand through, and the operands that say which."""
_EXACT = {
    name
    for name, operation in OPERATIONS.items()
    if operation.kind == "truth" or name in {"flag", "code_number", "whole", "rounded_down"}
} | {"count", "count_present", "position_of", "row_of", "beaten", "fewer", "alike_above", "count_above"}


class RoundingNoise:
    """How much of the values of a model may be rounding, worked out for the lines that are asked for."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._arrays: dict[str, Array] = {}

    def at(self, line: Line, scenario: int = 0, index: int = 0) -> float:
        """The noise of one value, in the unit of its line."""
        rows = self.array(line)
        return float(rows[min(scenario, rows.shape[0] - 1), index if rows.shape[1] > 1 else 0])

    def array(self, line: Line) -> Array:
        """That of all values of a line, shaped as they are."""
        if line.name not in self._arrays:
            shape = self._values.array(line).shape
            self._arrays[line.name] = np.zeros(shape)
            if isinstance(line, Derived):
                # What reads its own earlier cells hands their noise on, seat after seat.
                for _ in range(shape[1] if isinstance(line, Recurrent) else 1):
                    with np.errstate(all="ignore"):
                        found = np.nan_to_num(self._of(line.formula), posinf=0.0, neginf=0.0)
                    self._arrays[line.name] = np.broadcast_to(found, np.broadcast_shapes(found.shape, shape))
        return self._arrays[line.name]

    def _of(self, node: Expr) -> Array:
        if isinstance(node, Line):
            return self.array(node)
        if not isinstance(node, Node) or node.operation.name in _EXACT:
            return np.zeros((1, 1))
        name, compute = node.operation.name, node.operation.compute
        numbers = [np.abs(np.nan_to_num(_compute(one, self._values))) for one in node.arguments]
        errors = [self._of(one) for one in node.arguments]
        if name in _SUMS:
            return np.asarray(sum(errors) + UNIT * sum(numbers))
        if name in _ROW_SUMS:
            return np.asarray(compute(np.broadcast_to(errors[0], numbers[0].shape) + UNIT * numbers[0]))
        if name in _LAST_ROW:
            exact = [_compute(one, self._values) for one in node.arguments[:-1]]
            return np.asarray(compute(*exact, np.broadcast_to(errors[-1], numbers[-1].shape) + UNIT * numbers[-1]))
        if name in _PICKED:
            return self._picked(node, errors)
        if name in _ONE:
            return errors[0]
        if name in _LARGEST:
            return np.maximum.reduce(np.broadcast_arrays(*errors))
        if name in _OF_ROW:
            return np.asarray(np.max(errors[-1 if name.startswith("best") else 0], axis=1, keepdims=True))
        value = np.abs(np.nan_to_num(_compute(node, self._values)))
        if name == "multiply":
            return np.asarray(numbers[0] * errors[1] + numbers[1] * errors[0] + UNIT * value)
        if name == "divide":
            return np.asarray((errors[0] + value * errors[1]) / numbers[1] + UNIT * value)
        if name == "power":
            base, exponent = numbers
            return np.asarray(value * (exponent * errors[0] / base + np.abs(np.log(base)) * errors[1] + UNIT))
        if name == "running_product":
            return np.asarray(value * np.nancumsum(errors[0] / numbers[0] + UNIT, axis=1))
        if name == "total_product":
            products = numbers[0] * errors[1] + numbers[1] * errors[0] + UNIT * numbers[0] * numbers[1]
            return np.asarray(np.nansum(products, axis=1, keepdims=True))
        raise AssertionError(f"how {name} hands on what is rounding is not said")

    def _picked(self, node: Node, errors: list[Array]) -> Array:
        steers = _PICKED[node.operation.name]
        shapes = [_compute(one, self._values) for one in node.arguments]
        given = [
            shapes[number] if number in steers else np.broadcast_to(errors[number], shapes[number].shape)
            for number in range(len(errors))
        ]
        return np.asarray(node.operation.compute(*given))


def unsaid(model: Model) -> set[str]:
    """Operations of a model of which nothing is said here."""
    said = _EXACT | _SUMS | _ROW_SUMS | _LAST_ROW | _ONE | _LARGEST | _OF_ROW | set(_PICKED)
    said |= {"multiply", "divide", "power", "running_product", "total_product"}
    return {
        one.operation.name for line in model.lines if isinstance(line, Derived) for one in _nodes(line.formula)
    } - said


def _nodes(node: Expr) -> list[Node]:
    if not isinstance(node, Node):
        return []
    return [node, *(inner for argument in node.arguments for inner in _nodes(argument))]
