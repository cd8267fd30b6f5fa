"""`matrix:`: a few lines that stand for many scenarios, one for each combination of what varies."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tco_xlsx.documents.errors import did_you_mean
from tco_xlsx.documents.located_yaml import FaultsOf, FileName, Located
from tco_xlsx.documents.messages import shown, suggestion
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles
from tco_xlsx.scenario.benchmark import SECTION
from tco_xlsx.scenario.inputs import Entry
from tco_xlsx.scenario.matrix.axes import MOST_COMBINATIONS, AxisReader, MatrixAxis, Option, find_option, text_of
from tco_xlsx.scenario.matrix.pattern import Pattern

MATRIX_KEYS = {
    "vary": "What varies: an input with a list of values or {from, to, steps}, or a name of your own with labels,"
    " each with all that it sets.",
    "exclude": "Combinations to leave out: a list of mappings, each of some of what varies with its value or values.",
    "include": "Further combinations: a list of mappings, each with a value for all that varies; they may set more.",
    "name": f"How the scenarios are named, such as {{file}}-{{hardware}}-{{{roles.server_price.name}}}.",
    "title": "How the scenarios are titled, such as {title}, {hardware}.",
}

# Each row of `exclude` and `include` looks for its value among all that an axis has.
_MOST_LOOKED_UP = 10_000_000


@dataclass(frozen=True)
class Combination:
    """One scenario of a matrix: an option of every axis, and what an `include` sets beyond them."""

    options: tuple[Option, ...]
    further: Mapping[str, Entry] = field(default_factory=dict)
    name: Pattern | None = None
    title: Pattern | None = None
    place: Located | None = None
    """Where an `include` is written; None for a combination of the product."""

    @property
    def variation(self) -> tuple[str, ...]:
        """What is set, such as "server.price = 250000"."""
        told = (f"{name} = {text_of(name, entry.value)}" for name, entry in self.further.items() if name != SECTION)
        return (*(text for option in self.options for text in option.variation), *told)


@dataclass(frozen=True)
class Matrix:
    """A matrix as it is written. `misspelt` are inputs that were probably meant by an unknown name."""

    place: Located
    axes: Sequence[MatrixAxis]
    excludes: Sequence[Sequence[frozenset[int]]]
    """Of each, the numbers of the options that it leaves out, axis by axis."""
    includes: Sequence[Combination]
    name: Pattern
    title: Pattern
    name_place: Located
    title_place: Located
    misspelt: frozenset[str]

    @property
    def setters(self) -> dict[str, str]:
        """What sets an input or a benchmark setting, by its name: the axis hardware (line 7)."""
        found: dict[str, str] = {}
        for axis in self.axes:
            for name in (name for option in axis.options for name in option.entries):
                found.setdefault(name, f"axis {axis.name}, line {axis.place.key_line}")
        for one in self.includes:
            for name in one.further:
                found.setdefault(name, f"include, line {one.place.line if one.place else 0}")
        return found

    def combinations(self) -> Iterator[Combination]:
        """The product of the axes, the last varying fastest, without the excluded; then the included."""
        for options, excluding in self._product():
            if not excluding:
                yield Combination(options)
        yield from self.includes

    def useless_excludes(self) -> list[int]:
        """The numbers of the excludes that leave out nothing that those above them have not."""
        at_work = 0
        if self.excludes:
            for _, excluding in self._product():
                at_work |= excluding & -excluding
        return [number for number in range(len(self.excludes)) if not at_work >> number & 1]

    def gives(self, one: Combination) -> bool:
        """Whether the product, without the excluded, already has a combination."""
        excluding = (1 << len(self.excludes)) - 1
        for axis, masks, option in zip(self.axes, self._masks, one.options, strict=True):
            number = next((number for number, own in enumerate(axis.options) if own.key == option.key), None)
            if number is None:
                return False
            excluding &= masks[number]
        return not excluding and not one.further

    def _product(self) -> Iterator[tuple[tuple[Option, ...], int]]:
        """Every combination, with the excludes that meet it as the bits of a number."""
        everything = (1 << len(self.excludes)) - 1
        products = itertools.product(*(axis.options for axis in self.axes))
        for options, masks in zip(products, itertools.product(*self._masks), strict=True):
            excluding = everything
            for mask in masks:
                excluding &= mask
            yield options, excluding

    @cached_property
    def _masks(self) -> list[list[int]]:
        """Axis by axis, of each option the excludes that name it, as the bits of a number."""
        return [
            [
                sum(1 << row for row, exclude in enumerate(self.excludes) if number in exclude[place])
                for number in range(len(axis.options))
            ]
            for place, axis in enumerate(self.axes)
        ]


def read_matrix(item: Located, file: FileName, model: Model, faults: FaultsOf) -> Matrix | None:
    """The matrix of a scenario file; None, with the reasons among `faults`, when it cannot be carried out."""
    return _MatrixReader(file, model, faults).read(item)


class _MatrixReader:
    def __init__(self, file: FileName, model: Model, faults: FaultsOf) -> None:
        self.model = model
        self.faults = faults
        self.axis = AxisReader(file, model, faults)

    def read(self, item: Located) -> Matrix | None:
        if not isinstance(item.value, dict):
            self.faults.add(item, "matrix: expected `vary:` below it, with what varies.", at_key=item.value is None)
            return None
        parts = item.value
        for key, part in parts.items():
            if key not in MATRIX_KEYS:
                hint = did_you_mean(key, MATRIX_KEYS) or " What varies is written below `vary:`."
                self.faults.add(part, f"matrix.{key}: no such key.{hint}", at_key=True)
        if "vary" not in parts and not set(parts) <= set(MATRIX_KEYS):
            return None
        vary = parts.get("vary")
        if vary is None or not isinstance(vary.value, dict) or not vary.value:
            wrong = (
                "has no `vary`" if vary is None else "vary: says nothing" if not vary.value else "vary: is no mapping"
            )
            expected = "give the names of what varies, each with its values"
            self.faults.add(vary or item, f"matrix{': ' if vary is None else '.'}{wrong}; {expected}.", at_key=True)
            return None
        axes = self.axis.axes(vary)
        if len(axes) < len(vary.value):
            return None
        if self._too_many_rows(axes, parts):
            return None
        rows = self._rows(parts.get("exclude"), "exclude")
        excludes = [exclude for row in rows if (exclude := self._exclude(axes, row)) is not None]
        further = self._rows(parts.get("include"), "include")
        includes = [one for row in further if (one := self._include(axes, row)) is not None]
        named = self._pattern_of("name", parts, axes) or _name_of(axes)
        titled = self._pattern_of("title", parts, axes) or _title_of(axes)
        matrix = Matrix(
            item,
            axes,
            excludes,
            includes,
            named,
            titled,
            parts.get("name", item),
            parts.get("title", item),
            frozenset(self.axis.sections.misspelt),
        )
        count = math.prod(len(axis.options) for axis in axes) + len(includes)
        if count > MOST_COMBINATIONS:
            message = f"matrix.vary: gives {count:,} combinations; {MOST_COMBINATIONS:,} are the most. Use `sweep`."
            self.faults.add(vary, message, at_key=True)
        elif len(excludes) == len(rows) and len(includes) == len(further):
            self._judge(matrix, rows)
        return matrix

    def _too_many_rows(self, axes: Sequence[MatrixAxis], parts: Mapping[str, Located]) -> bool:
        """Whether the rows of `exclude` or `include` are too many to be looked up among all values."""
        values = sum(len(axis.options) for axis in axes)
        before = len(self.faults.found)
        for key in ("exclude", "include"):
            rows = parts[key].value if key in parts else None
            if isinstance(rows, list) and len(rows) * values > _MOST_LOOKED_UP:
                message = f"matrix.{key}: has {len(rows):,} rows for {values:,} values; vary fewer values instead."
                self.faults.add(parts[key], message, at_key=True)
        return len(self.faults.found) > before

    def _judge(self, matrix: Matrix, rows: Sequence[Located]) -> None:
        """What only all combinations together can show."""
        for number in matrix.useless_excludes() if rows else ():
            message = "matrix.exclude: leaves out nothing that is not left out already; take it away."
            self.faults.add(rows[number], message)
        seen: dict[object, Combination] = {}
        for one in matrix.includes:
            assert one.place is not None
            key = _identity(one)
            other = seen.setdefault(key, one)
            if other is not one or matrix.gives(one):
                where = f" on line {other.place.line}" if other is not one and other.place else " already"
                self.faults.add(one.place, f"matrix.include: repeats a combination that there is{where}; take it away.")
        if next(matrix.combinations(), None) is None:
            self.faults.add(matrix.place, "matrix: every combination is excluded.", at_key=True)

    def _rows(self, item: Located | None, key: str) -> list[Located]:
        """The mappings of a list."""
        if item is None:
            return []
        rows = item.value if isinstance(item.value, list) else []
        if not rows:
            self.faults.add(
                item, f"matrix.{key}: expected a list of combinations, such as `- {{{roles.server_price.name}: 1}}`."
            )
        for row in rows:
            if not isinstance(row.value, dict) or not row.value:
                self.faults.add(
                    row, f"matrix.{key}: expected what varies and its value, such as `{roles.server_price.name}: 1`."
                )
        return [row for row in rows if isinstance(row.value, dict) and row.value]

    def _exclude(self, axes: Sequence[MatrixAxis], row: Located) -> list[frozenset[int]] | None:
        by_name = {axis.name: axis for axis in axes}
        left_out: dict[str, frozenset[int]] = {}
        before = len(self.faults.found)
        for name, item in row.items():
            axis = by_name.get(name)
            if axis is None:
                self.faults.add(item, f"matrix.exclude: {name} does not vary.{suggestion(name, by_name)}", at_key=True)
                continue
            whole = find_option(axis, item)
            several = whole is None and isinstance(item.value, list) and item.value
            wanted = item.value if several and isinstance(item.value, list) else [item]
            numbers: set[int] = set()
            for one in wanted:
                option = whole or find_option(axis, one)
                if option is None:
                    message = f"matrix.exclude: {name}: {shown(one.value)} is none of its values{_listed(axis)}."
                    self.faults.add(one, message)
                else:
                    numbers |= {number for number, own in enumerate(axis.options) if own is option}
            left_out[name] = frozenset(numbers)
        if len(self.faults.found) > before:
            return None
        return [left_out.get(axis.name, frozenset(range(len(axis.options)))) for axis in axes]

    def _include(self, axes: Sequence[MatrixAxis], row: Located) -> Combination | None:
        by_name = {axis.name: axis for axis in axes}
        parts = dict(row.items())
        before = len(self.faults.found)
        missing = [name for name in by_name if name not in parts]
        if missing:
            message = f"matrix.include: gives no {', '.join(missing)}; give a value for all that varies."
            self.faults.add(row, message)
        options = [self.axis.value(axis, parts[name]) for name, axis in by_name.items() if name in parts]
        further = self.axis.settings(row, {**by_name, "name": None, "title": None})
        for name in further:
            if name in by_name:
                self.faults.add(row, f"matrix.include: {name} is given twice; keep one of them.")
        named, titled = (self._pattern_of(key, parts, axes, "matrix.include") for key in ("name", "title"))
        if len(self.faults.found) > before:
            return None
        return Combination(tuple(option for option in options if option is not None), further, named, titled, row)

    def _pattern_of(
        self, key: str, parts: Mapping[str, Located], axes: Sequence[MatrixAxis], where: str = "matrix"
    ) -> Pattern | None:
        """The pattern that a `name` or a `title` gives; None where there is none."""
        if key not in parts:
            return None
        item = parts[key]
        text = self.axis.inputs.text(item, f"{where}.{key}")
        if not text and not isinstance(item.value, (list, dict)):
            self.faults.add(item, f"{where}.{key}: is empty; write a pattern, such as {{file}}-cheap.")
        pattern = Pattern.of(text)
        known = [*(axis.name for axis in axes), "file", *(["title"] if key == "title" else [])]
        inputs = {line.name for line in self.model.inputs}
        known += [name for name in pattern.placeholders if name in inputs and name not in known]
        for objection in pattern.objections(known, safe=key == "name"):
            self.faults.add(item, f"{where}.{key}: {objection}")
        return pattern


def _name_of(axes: Sequence[MatrixAxis]) -> Pattern:
    return Pattern.of("-".join(f"{{{name}}}" for name in ("file", *(axis.name for axis in axes))))


def _title_of(axes: Sequence[MatrixAxis]) -> Pattern:
    told = (f"{{{axis.name}}}" if axis.line is None else f"{axis.line.label} {{{axis.name}}}" for axis in axes)
    return Pattern.of(f"{{title}}: {', '.join(told)}")


def _listed(axis: MatrixAxis) -> str:
    labels = [option.label for option in axis.options[:8]]
    return f" ({', '.join(labels)}{', ...' if len(axis.options) > len(labels) else ''})"


def _identity(one: Combination) -> object:
    return tuple(option.key for option in one.options), frozenset(
        (name, repr(entry.value)) for name, entry in one.further.items() if name != SECTION
    )
