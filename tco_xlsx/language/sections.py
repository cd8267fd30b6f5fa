"""Sections and models: a section is a class, order is meaning, and a formula names only what stands above it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, TypeVar

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.checks import Check, InputWarning
from tco_xlsx.language.expression import (
    count_present,
    sum_present,
)
from tco_xlsx.language.lines import Derived, Given, Line, named
from tco_xlsx.language.recurrent import Recurrent

MadeLine = TypeVar("MadeLine", bound=Line)


class LineBlock(dict[str, MadeLine]):
    """Lines that are made one for each of several things, as an attribute of a section: rows one below the other.

    `pattern` names them: `LineBlock("{}_year", {"hosting": line(...)})` is the line hosting_year, `block["hosting"]`;
    it is an attribute of the section, too.
    """

    def __init__(self, pattern: str, lines: Mapping[str, MadeLine]) -> None:
        super().__init__(lines)
        for key, one in lines.items():
            one.attribute = pattern.format(key)


class Section:
    """A block of rows. The class docstring is the note above the block, `title` its heading.

    `name` is that of the class in small letters, unless a section goes on under the name of one above.
    An attribute may be a tuple of lines, such as one for each year of purchase: `bought` holds `bought_1`, `bought_2`.
    """

    title: ClassVar[str]
    name: ClassVar[str]
    note: ClassVar[str]
    lines: ClassVar[tuple[Line, ...]]
    checks: ClassVar[tuple[Check, ...]]
    table: ClassVar[Axis | None]
    """The axis of its inputs, where the scenario gives them as a list of rows."""

    def __init_subclass__(cls) -> None:
        if "name" not in vars(cls):
            cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.note = " ".join((cls.__doc__ or "").split())
        own = [one for name, value in vars(cls).items() for one in _declared(name, value)]
        names = [one.attribute for one in own]
        if len(set(names)) < len(names):
            raise TypeError(f"{cls.__name__}: two lines or checks have the name {max(names, key=names.count)}.")
        cls.lines = tuple(value for value in own if isinstance(value, Line))
        cls.checks = tuple(value for value in own if isinstance(value, Check))
        for value in own:
            if vars(cls).get(value.attribute, value) is not value:
                raise TypeError(f"{cls.__name__}: {value.attribute} is the name of a line and of something else.")
            value.section = cls
            setattr(cls, value.attribute, value)
        cls.table = _table_of(cls)
        if not hasattr(cls, "title"):
            raise TypeError(f"{cls.__name__}: a section needs a title.")


@dataclass(frozen=True)
class Named:
    """What a scenario may give under one name: the inputs of a section, and of those that go on under its name."""

    name: str
    title: str
    note: str
    inputs: Mapping[str, Given]
    """By their names in it; none where everything is computed or measured."""
    table: Axis | None
    """The axis of the inputs, where they are given as a list of rows."""


class Model:
    """The sections in order, with every line by name.

    `lines` is the order of computation: a formula names only what stands before it. `checks` are the proofs of the
    arithmetic, and `failing` counts those that fail; `warnings` are about the inputs, and `raised` counts them.
    """

    def __init__(self, *sections: type[Section], lengths: Mapping[Axis, Line] | None = None) -> None:
        """`lengths` names for an axis the line that says how many of its seats count; all of them unless given."""
        self.sections = sections
        self.lengths = dict(lengths or {})
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
                    if id(part) not in above and not (part is one and isinstance(one, Recurrent)):
                        raise ValueError(f"{one.name} names {part.name}, which does not stand above it.")
            above.add(id(one))
        self.by_name = {one.name: one for one in order}
        if len(self.by_name) < len(order):
            name = next(name for name, times in Counter(one.name for one in order).items() if times > 1)
            raise ValueError(f"{name}: two lines are called so.")

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
    def named(self) -> Mapping[str, Named]:
        """What may be given, by the name of the section. Title and note are of the first section with inputs."""
        found: dict[str, Named] = {}
        for section in self.sections:
            inputs = {line.attribute: line for line in section.lines if isinstance(line, Given)}
            before = found.get(section.name)
            if before is None or not before.inputs:
                found[section.name] = Named(section.name, section.title, section.note, inputs, section.table)
            elif inputs:
                found[section.name] = replace(before, inputs={**before.inputs, **inputs})
        return found

    @cached_property
    def inputs(self) -> tuple[Given, ...]:
        """The inputs in order."""
        return tuple(one for one in self.lines if isinstance(one, Given))

    @cached_property
    def series(self) -> tuple[Line, ...]:
        """The inputs and derived lines that have as many values in every case, the workings of checks left out."""
        given = (one for one in self.lines if isinstance(one, (Given, Derived)) and one.section)
        return tuple(one for one in given if one.axis is not None and one.axis.seats is not None)

    @cached_property
    def outputs(self) -> tuple[Derived, ...]:
        """The derived lines without an axis, the workings of checks left out."""
        return tuple(one for one in self.lines if isinstance(one, Derived) and one.axis is None and one.section)


def _declared(name: str, value: object) -> Iterator[Line | Check]:
    """What an attribute of a section declares: a line, a check, or a block of lines, which are numbered from 1."""
    if isinstance(value, (Line, Check)):
        yield value
    elif isinstance(value, tuple) and value and all(isinstance(one, Line) for one in value):
        for number, one in enumerate(value, start=1):
            one.attribute = one.attribute or f"{name}_{number}"
            yield one
    elif isinstance(value, LineBlock):
        yield from value.values()


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
