"""Lines that read their own earlier cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.expression import Expr, Node
from tco_xlsx.language.lines import Derived, Line


class Recurrent(Derived):
    """A line along an axis whose formula reads its own earlier cells: what is bought hangs on what was bought.

    `formula` makes it from the line itself, which it may name only where cells before its own are read.
    """

    def __init__(
        self,
        label: str,
        unit: str,
        axis: Axis,
        formula: Callable[[Expr], Expr],
        *,
        when: Expr | None = None,
        source: str = "",
        note: str = "",
        digits: int | None = None,
        stock: bool = False,
    ) -> None:
        Line.__init__(self, label, unit, source=source, note=note)
        self.axis, self.digits, self.signed, self.stock = axis, digits, False, stock
        self.when, self.gates, self.soft = None, (), False
        made = formula(self)
        for node, reads in _operands(made):
            if node is self and reads not in ("earlier", "before"):
                raise TypeError(f"{label}: names itself at its own place; only its earlier cells can be read.")
        self.read_by(label, made, when)
        if self.axis != axis:
            raise TypeError(f"{label}: its formula runs along {self.axis}, not {axis}.")


def _operands(node: Expr) -> Iterator[tuple[Expr, str]]:
    """The parts of a formula, and which of their cells are read."""
    if isinstance(node, Node):
        for number, argument in enumerate(node.arguments):
            yield argument, node.operation.reads(number)
            yield from _operands(argument)


recurrent = Recurrent
