"""Sections and models: a section is a class, order is meaning, and a formula names only what stands above it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.checks import Check, InputWarning
from tco_xlsx.language.expression import (
    count_present,
    sum_present,
)
from tco_xlsx.language.lines import Derived, Given, Line, named


class Section:
    """A block of rows. The class docstring is the note above the block, `title` its heading."""

    title: ClassVar[str]
    name: ClassVar[str]
    note: ClassVar[str]
    lines: ClassVar[tuple[Line, ...]]
    checks: ClassVar[tuple[Check, ...]]
    table: ClassVar[Axis | None]
    """The axis of its inputs, where the scenario gives them as a list of rows."""

    def __init_subclass__(cls) -> None:
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.note = " ".join((cls.__doc__ or "").split())
        own = [value for value in vars(cls).values() if isinstance(value, (Line, Check))]
        cls.lines = tuple(value for value in own if isinstance(value, Line))
        cls.checks = tuple(value for value in own if isinstance(value, Check))
        for value in own:
            value.section = cls
        cls.table = _table_of(cls)
        if not hasattr(cls, "title"):
            raise TypeError(f"{cls.__name__}: a section needs a title.")


class Model:
    """The sections in order, with every line by name.

    `lines` is the order of computation: a formula names only what stands before it. `checks` are the proofs of the
    arithmetic, and `failing` counts those that fail; `warnings` are about the inputs, and `raised` counts them.
    """

    def __init__(self, *sections: type[Section]) -> None:
        self.sections = sections
        declared = [check for section in sections for check in section.checks]
        self.warnings = tuple(one for one in declared if isinstance(one, InputWarning))
        self.checks = tuple(one for one in declared if not isinstance(one, InputWarning))
        self.failing = _count_of("Checks that fail", f"{Check.group}.failing", self.checks)
        self.raised = _count_of("Warnings about the inputs", f"{InputWarning.group}.raised", self.warnings)
        order: list[Line] = []
        for section in sections:
            order.extend(section.lines)
            for made in section.checks:
                order.extend(made.lines)
        order += [one for one in (self.failing, self.raised) if one is not None]
        self.lines = tuple(order)
        above: set[int] = set()
        for one in order:
            if isinstance(one, Derived):
                for part in (*named(one.formula), *(named(one.when) if one.when is not None else ())):
                    if id(part) not in above:
                        raise ValueError(f"{one.name} names {part.name}, which does not stand above it.")
            above.add(id(one))
        self.by_name = {one.name: one for one in order}

    @property
    def verdicts(self) -> tuple[Check, ...]:
        """The checks, then the warnings."""
        return (*self.checks, *self.warnings)

    @property
    def counts(self) -> tuple[Derived, ...]:
        """How many checks fail, and how many warnings there are."""
        return tuple(one for one in (self.failing, self.raised) if one is not None)

    @cached_property
    def axes(self) -> Mapping[str, Axis]:
        """The axes that lines run along, by name."""
        return {line.axis.name: line.axis for line in self.lines if line.axis is not None}

    @cached_property
    def inputs(self) -> tuple[Given, ...]:
        """The inputs in order."""
        return tuple(one for one in self.lines if isinstance(one, Given))

    @cached_property
    def outputs(self) -> tuple[Derived, ...]:
        """The derived lines without an axis, the workings of checks left out."""
        return tuple(one for one in self.lines if isinstance(one, Derived) and one.axis is None and one.section)


def _table_of(section: type[Section]) -> Axis | None:
    """The axis along which a section is a table. Raises TypeError where only some of its inputs are columns."""
    inputs = [line for line in section.lines if isinstance(line, Given)]
    columns = [line for line in inputs if line.is_column]
    if columns and any(line.axis != columns[0].axis for line in inputs):
        raise TypeError(f"{section.__name__}: has inputs that are no columns of its table; give them another section.")
    return columns[0].axis if columns else None


def _count_of(label: str, name: str, checks: Sequence[Check]) -> Derived | None:
    """How many of the checks do not hold; None where there are none."""
    if not checks:
        return None
    verdicts = [check.holds for check in checks]
    counted = Derived(label, "check", count_present(*verdicts) - sum_present(*verdicts))
    counted.attribute = name
    return counted
