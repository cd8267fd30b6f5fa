"""What is proved of a model and what is warned of: two sides that must agree, within a tolerance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from tco_xlsx.language.expression import (
    Operand,
    flag,
    known,
    larger,
    size,
)
from tco_xlsx.language.lines import Constant, Derived, Given, Line

if TYPE_CHECKING:
    from tco_xlsx.language.sections import Section

Rule = Literal["equal", "at_most"]


class Check:
    """A proof: two sides that must agree (or the first be at most the second), within a relative tolerance."""

    group: ClassVar = "checks"
    """Before its name: checks are proofs of the arithmetic, warnings are about what was given."""
    verdicts: ClassVar[Mapping[int, str]] = {1: "holds", 0: "FAILS"}

    def __init__(
        self,
        label: str,
        unit: str,
        left: Operand,
        right: Operand,
        *,
        rule: Rule = "equal",
        tolerance: float = 1e-9,
        note: str = "",
    ) -> None:
        self.label, self.unit, self.rule, self.note = label, unit, rule, note
        self.left = Derived(label, unit, left)
        self.right = Derived(label, unit, right)
        self.difference = Derived(label, unit, self.left - self.right, digits=4)
        self.tolerance = Constant("Tolerance", "1", tolerance, note)
        excess = size(self.difference) if rule == "equal" else self.difference
        allowed = self.tolerance * larger(size(self.left), size(self.right))
        compared = known(self.difference) if self.difference.may_be_absent else None
        self.holds = Derived(label, "1", flag(excess <= allowed), when=compared, states=self.verdicts)
        self.attribute = ""
        self.section: type[Section] | None = None

    @property
    def name(self) -> str:
        """The key of its verdict."""
        return f"{self.group}.{self.attribute}"

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its five cells, in order."""
        return self.left, self.right, self.difference, self.tolerance, self.holds

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = name
        for part in ("left", "right", "difference", "tolerance"):
            getattr(self, part).attribute = f"{self.group}.{name}.{part}"
        self.holds.attribute = f"{self.group}.{name}"


class InputWarning(Check):
    """A check of what was given, not of the arithmetic: figures that are computed with though they seldom belong
    together. `words` say what is the matter, with live numbers in the way of the templates; `about` are the inputs to
    look at where the words name none."""

    group = "warnings"
    verdicts: ClassVar[Mapping[int, str]] = {1: "fine", 0: "WARNS"}

    def __init__(
        self,
        label: str,
        unit: str,
        left: Operand,
        right: Operand,
        words: str,
        *,
        rule: Rule = "at_most",
        tolerance: float = 1e-9,
        note: str = "",
        about: tuple[Given, ...] = (),
    ) -> None:
        super().__init__(label, unit, left, right, rule=rule, tolerance=tolerance, note=note)
        self.words = words
        self.about = about


check, warning = Check, InputWarning
