"""Declarations: a section of the model is a class, a line is an attribute, and order is meaning."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tco_xlsx.language.axes import POINT, Axis
from tco_xlsx.language.expression import (
    Expr,
    Node,
    Number,
    Operand,
    expr,
    known,
    leaves,
)
from tco_xlsx.language.presence import gates, wanting
from tco_xlsx.language.sizes import SIZES

if TYPE_CHECKING:
    from tco_xlsx.language.sections import Section


class Line(Expr):
    """A line of the model: a name, a label, a unit, and where its number comes from.

    `source` says where a number or a rule is from, `note` what a reader should know. `states` gives words for
    lines that hold a small code, such as {1: "within", 0: "over"}.
    """

    def __init__(
        self, label: str, unit: str, *, source: str = "", note: str = "", states: Mapping[int, str] | None = None
    ) -> None:
        self.label = label
        self.unit = unit
        self.source = source
        self.note = note
        self.states = dict(states or {})
        self.section: type[Section] | None = None
        self.attribute = ""

    @property
    def name(self) -> str:
        """The name as written in YAML: `fleet.servers`."""
        return f"{self.section.name}.{self.attribute}" if self.section else self.attribute

    @property
    def may_be_absent(self) -> bool:
        """Whether it can be without a number in a valid scenario."""
        return False

    @property
    def may_be_empty(self) -> bool:
        """Whether it is absent as an empty cell."""
        return False

    @property
    def presence(self) -> tuple[Expr, ...]:
        """The tests that hold when it has a number."""
        return (known(self),)

    def __set_name__(self, owner: type, name: str) -> None:
        if not self.attribute:
            self.attribute = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class Given(Line):
    """An input: a number that the scenario gives.

    `default` None and `optional` False: the scenario must give it. `optional`: it may stay empty. Along an `axis` it
    has a number for each seat, and bounds hold for each.
    Bounds are inclusive, but `above` is exclusive. `sizes` are the least and the largest size of a number that is
    computed with, those of its unit unless given.
    """

    def __init__(
        self,
        label: str,
        unit: str,
        default: float | None = None,
        *,
        at_least: float | None = None,
        above: float | None = None,
        at_most: float | None = None,
        integer: bool = False,
        optional: bool = False,
        source: str = "",
        note: str = "",
        axis: Axis | None = None,
        sizes: tuple[float, float] | None = None,
    ) -> None:
        super().__init__(label, unit, source=source, note=note)
        self.default = default
        first = re.split(r"[/*]", unit)[0]
        self.smallest, self.largest = sizes or SIZES.get(first, (0.0, math.inf))
        self.at_least, self.above, self.at_most = at_least, above, at_most
        self.integer = integer
        self.optional = optional
        self.axis = axis

    @property
    def may_be_absent(self) -> bool:
        """Whether it may stay empty, as a column of a table does in the rows that nobody gives."""
        return self.optional or self.is_column

    @property
    def may_be_empty(self) -> bool:
        """Whether it may stay empty."""
        return self.may_be_absent

    @property
    def is_column(self) -> bool:
        """Whether it is a column of a table, whose rows the scenario gives."""
        return self.axis is not None and self.axis.written == "table"

    @property
    def is_needed(self) -> bool:
        """Whether it has no value unless it is given: by the scenario, or by each row of its table."""
        return self.default is None and not self.optional

    @property
    def required(self) -> bool:
        """Whether the scenario must give it; a table may have no rows."""
        return self.is_needed and not self.is_column

    def objection(self, value: float) -> str | None:
        """Why a number is refused, in words; None when it is allowed."""
        if self.integer and value != int(value):
            return "is not a whole number"
        low = self.above if self.above is not None else self.at_least
        too_low = low is not None and (value <= low if self.above is not None else value < low)
        if too_low or (self.at_most is not None and value > self.at_most):
            both = self.at_least is not None and self.at_most is not None
            return f"is outside {self.range_words()}" if both else f"is not allowed; it must be {self.range_words()}"
        if abs(value) > self.largest:
            return f"is too large; {self.largest:,.0f} is the most"
        if 0 < abs(value) < self.smallest:
            return f"is too small; {f'{self.smallest:.12f}'.rstrip('0').rstrip('.')} is the least"
        return None

    @property
    def most(self) -> float:
        """The largest number that is allowed; infinite where any is."""
        return min(self.largest, math.inf if self.at_most is None else self.at_most)

    def range_words(self) -> str:
        """The allowed range in words; empty when any number will do."""
        low = "" if self.at_least is None else f"{self.at_least:,.15g}"
        if self.above is not None:
            low = f"above {self.above:,.15g}"
        high = "" if self.at_most is None else f"{self.at_most:,.15g}"
        if low and high:
            return f"{low}{' up' if self.above is not None else ''} to {high}"
        return low if self.above is not None else f"{low} or more" if low else f"{high} or less" if high else ""


class Choice(Given):
    """An input with a few codes to choose from; `options` maps each code to its description."""

    kind = "choice"

    def __init__(
        self,
        label: str,
        options: Mapping[str, str],
        default: str,
        *,
        source: str = "",
        note: str = "",
        axis: Axis | None = None,
    ) -> None:
        super().__init__(label, "choice", source=source, note=note, axis=axis)
        if default not in options:
            raise ValueError(f"{default!r} is not among the options of {label}.")
        self.options = dict(options)
        self.codes = tuple(options)
        self.default_code = default

    @property
    def may_be_absent(self) -> bool:
        """A choice always has a code, in an empty row of a table, too: no formula meets an empty one."""
        return False

    @property
    def is_needed(self) -> bool:
        """A choice always has a default."""
        return False


class RowText(Given):
    """A text in each row of a table, such as what is paid for; no formula computes with it."""

    kind = "choice"

    def __init__(self, label: str, *, axis: Axis, note: str = "") -> None:
        super().__init__(label, "choice", optional=True, note=note, axis=axis)


ANY = "any"
"""The code of a pick that leaves it open."""


class Pick(Choice):
    """An input that picks one of the texts that the benchmark points hold under the same name, or any of them.

    Its codes come with each case: `any`, then the different texts in the order in which they first stand.
    """

    def __init__(self, label: str, *, note: str = "") -> None:
        super().__init__(label, {ANY: "whichever is best"}, ANY, note=note)


class Fact(Line):
    """A text of each benchmark point, such as its GPU type; a pick of the same attribute chooses among them.

    Along another axis it is a text of each scenario, currency ... of a comparison.
    """

    kind = "choice"

    axis: Axis

    def __init__(self, label: str, *, axis: Axis = POINT) -> None:
        super().__init__(label, "choice")
        self.axis = axis


class Selector(Pick):
    """An input that picks one of the texts of a fact, never `any`: the scenario that is shown, the base ..."""

    def __init__(self, label: str, among: Fact, *, note: str = "") -> None:
        super().__init__(label, note=note)
        self.among = among


class Constant(Line):
    """A number that nobody changes: tokens in a million, hours in a day."""

    def __init__(self, label: str, unit: str, value: float, source: str) -> None:
        super().__init__(label, unit, source=source)
        self.value = value


class Measured(Line):
    """A figure of each benchmark point, as read from its file; absent where the file does not say."""

    axis: Axis

    def __init__(
        self,
        label: str,
        unit: str,
        *,
        source: str = "",
        note: str = "",
        states: Mapping[int, str] | None = None,
        axis: Axis = POINT,
        always: bool = False,
    ) -> None:
        super().__init__(label, unit, source=source, note=note, states=states)
        self.axis = axis
        self.always = always

    @property
    def may_be_absent(self) -> bool:
        """Whether its file may not say."""
        return not self.always


class Linked(Measured):
    """A line of the compared model, for each of several scenarios: its label, its unit, a link to its cell."""

    def __init__(self, line: Line, axis: Axis) -> None:
        super().__init__(line.label, line.unit, note=line.note, states=line.states, axis=axis)
        self.line = line
        self.always = not line.may_be_absent


FLOWS = frozenset(("money", "request", "token", "kWh", "kg"))
"""The units of what comes and goes in a year."""


class Derived(Line):
    """A line with a formula. `when` says under which condition it has a number; else it is "n/a". `stock`: a balance,
    such as a book value, whose sum over years means nothing.

    `digits` are the decimals shown, where its unit would show others. `signed`: a difference, shown with its sign.
    """

    def __init__(
        self,
        label: str,
        unit: str,
        formula: Operand,
        *,
        when: Expr | None = None,
        source: str = "",
        note: str = "",
        states: Mapping[int, str] | None = None,
        digits: int | None = None,
        signed: bool = False,
        stock: bool = False,
    ) -> None:
        super().__init__(label, unit, source=source, note=note, states=states)
        self.digits = digits
        self.stock = stock
        self.signed = signed
        self.read_by(label, expr(formula), when)

    def read_by(self, label: str, formula: Expr, when: Expr | None) -> None:
        """Take the formula over, if it is one of a line; with its axis, and what may leave it without a number."""
        self.formula = formula
        if self.formula.kind != "number":
            raise TypeError(f"{label}: a line holds a number; wrap a test in flag(...).")
        if when is not None:
            _check_condition(label, when)
        for literal in (*_literals(self.formula), *(_literals(when) if when is not None else ())):
            if literal not in (0, 1):
                raise ValueError(f"{label}: {literal:g} stands in a formula; give it a line, a unit and a source.")
        self.when = when
        axes = {part.axis for part in (self.formula, when) if part is not None and part.axis is not None}
        if len(axes) > 1:
            first, second = sorted(axis.many for axis in axes)
            raise TypeError(f"{label}: a formula over {first} cannot hang on a test over {second}, nor the reverse.")
        self.axis = axes.pop() if axes else None
        found = wanting(self.formula)
        self.gates, self.soft = gates(found), bool(found.selected)
        for gate in self.gates:
            if gate.axis is not None and gate.axis != self.axis:
                message = f"{label}: computes with a value picked from a row that may be absent"
                raise TypeError(f"{message}; give what is picked a line of its own.")

    @property
    def is_flow(self) -> bool:
        """Whether its sum along its axis means something: amounts of a year do, balances do not."""
        return self.unit in FLOWS and not self.stock

    @property
    def may_be_absent(self) -> bool:
        """Whether it can say "n/a"."""
        return self.when is not None or bool(self.gates) or self.soft

    @property
    def presence(self) -> tuple[Expr, ...]:
        """The tests that hold when it has a number: its own, or else whether it has one."""
        if self.soft or (self.when is None and len(self.gates) != 1):
            return (known(self),)
        return self.conditions

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """The tests that must hold for the line to have a number; none for a line that always has one."""
        return (self.when,) if self.when is not None else self.gates


given, choice, constant, measured, line = Given, Choice, Constant, Measured, Derived
row_text, pick_one, fact, select, compared = RowText, Pick, Fact, Selector, Linked


def _check_condition(label: str, when: Expr) -> None:
    """Refuse what is no test, and a test of a value that may be absent: an empty cell would read as 0 in it."""
    if when.kind != "truth":
        raise TypeError(f"{label}: `when` takes a test.")
    for leaf in wanting(when).needed.values():
        message = f"{label}: `when` tests {leaf.label}, which may be absent"
        raise ValueError(f"{message}; ask known(...) or where(known(...)).")


def _literals(node: Expr) -> Iterator[float]:
    if isinstance(node, Number):
        yield node.value
    elif isinstance(node, Node):
        for argument in node.arguments:
            yield from _literals(argument)


def named(node: Expr) -> Iterator[Line]:
    """The lines that a formula names."""
    for leaf in leaves(node):
        assert isinstance(leaf, Line)
        yield leaf


def unit_words(line: Line, currency: str) -> str:
    """A unit as text: amounts in their currency, no word for plain numbers."""
    return "" if line.unit in ("1", "choice") else line.unit.replace("money", currency)
