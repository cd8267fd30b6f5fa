"""What is given for one input: read, judged by the input's own rules, and where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from tco_xlsx.documents.errors import did_you_mean
from tco_xlsx.documents.located_yaml import FaultsOf, FileName, Located
from tco_xlsx.documents.messages import number_hint, shown, suggestion
from tco_xlsx.language.axes import Axis
from tco_xlsx.language.evaluate import InputValue
from tco_xlsx.language.input_notes import InputNotes
from tco_xlsx.language.lines import Choice, Constant, Derived, Given, Measured, Pick, RowText
from tco_xlsx.language.sections import Model
from tco_xlsx.scenario.meant import guess

T = TypeVar("T")

InputScalar = float | str | None
Scalars = tuple[InputScalar, ...]
"""The value of an input along an axis, when it is not one for all seats."""
Place = tuple[str, int, int]
"""File, line and column."""

VALUE_KEYS = {
    "value": "The value itself.",
    "low": "The least that it may turn out to be.",
    "high": "The most that it may turn out to be.",
    "source": "Where the value is from.",
    "note": "A remark.",
    "as_of": "The day of which the value is, such as 2026-03-01.",
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HUNDRED, _MONTHS, _LIKE_A_PERCENTAGE = 100, 12, 5
OVERRIDE = FileName("--set", "--set")
"""Where an input of the command line is written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is given under one name, and where; without a file it is a default.

    `value` is an InputScalar or Scalars for an input, a tuple for the files, filters and accepted points of a
    benchmark.
    """

    value: Any
    file: FileName | None = None
    line: int = 0
    column: int = 0
    told: InputNotes | None = None
    step: int = 0
    """Which value of a range, from 1: the values of a range all stand at one place, and are not the same."""

    @property
    def place(self) -> Place:
        """Where it is written, as messages name the file."""
        return (self.file.shown if self.file else "", self.line, self.column)

    @property
    def origin(self) -> Place:
        """Where it is written, the same for two scenarios exactly when they share what is written there."""
        real = self.file.real if self.file else ""
        return (f"{real}#{self.step}" if self.step else real, self.line, self.column)


class Entries:
    """The inputs of one scenario, in mappings that scenarios share: the first that names an input wins.

    The last mapping names every input, in the order of the model.
    """

    __slots__ = ("layers",)

    def __init__(self, *layers: Mapping[str, Entry]) -> None:
        self.layers = layers

    def __getitem__(self, name: str) -> Entry:
        for layer in self.layers:
            found = layer.get(name)
            if found is not None:
                return found
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers[-1])

    def __len__(self) -> int:
        return len(self.layers[-1])


class _Face(Mapping[str, T], Generic[T]):
    """One side of all entries. It holds nothing of its own: a matrix makes very many of them."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._entries if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))


class ValuesByName(_Face[InputValue]):
    """The value of every input."""

    __slots__ = ()

    def __getitem__(self, name: str) -> InputValue:
        value: InputValue = self._entries[name].value
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class NotesByName(_Face[InputNotes]):
    """What is said beside its value, of the inputs of which something is."""

    __slots__ = ()

    def __getitem__(self, name: str) -> InputNotes:
        told = self._entries[name].told
        if told is None:
            raise KeyError(name)
        return told


class OriginsByName(_Face[Place]):
    """Where each input is written that is not left at its default."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Place:
        entry = self._entries[name]
        if entry.file is None:
            raise KeyError(name)
        return entry.origin


class PlacesByName(_Face[Place]):
    """As OriginsByName, with the files as messages name them."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Place:
        entry = self._entries[name]
        if entry.file is None:
            raise KeyError(name)
        return entry.place


def default_of(line: Given) -> Entry:
    """What an input is when nobody gives it. A pick that is left open is settled when the points are known; a table
    has no rows."""
    if isinstance(line, Pick):
        return Entry(None)
    default = line.default_code if isinstance(line, Choice) else line.default
    if line.is_column:
        assert line.axis is not None
        return Entry((default if isinstance(line, Choice) else None,) * (line.axis.seats or 0))
    return Entry(default)


def unknown_input(name: str, model: Model) -> tuple[str, str]:
    """Why a name cannot be given, and the input that was probably meant."""
    line = model.by_name.get(name)
    if isinstance(line, Derived):
        return f"{name}: is computed; it cannot be given.", ""
    if isinstance(line, Constant):
        return f"{name}: is fixed; it cannot be given.", ""
    if isinstance(line, Measured):
        return f"{name}: comes from the benchmark; it cannot be given.", ""
    section, _, attribute = name.partition(".")
    found = guess(name, model.inputs)
    if found.hint:
        return f"{name}: no such input.{found.hint}", found.name
    computed = [one.name for one in model.lines if one.section is not None and one.attribute == (attribute or name)]
    if computed:
        return f"{name}: no such input; {' and '.join(computed)} cannot be given: computed, or measured.", ""
    own = [one.attribute for one in model.inputs if one.name == f"{section}.{one.attribute}"]
    hint = f" There {'is' if len(own) == 1 else 'are'} {', '.join(own)}." if own else ""
    return f"{name}: no such input.{hint}", ""


class InputReader:
    """Reads inputs of one file; what is wrong goes to `faults`, and something of the right kind is returned."""

    def __init__(self, file: FileName, faults: FaultsOf) -> None:
        self.file = file
        self.faults = faults

    def entry(self, line: Given, item: Located, step: int = 0) -> Entry:
        """An input: its value, or a mapping of the value, its range, its source and a note."""
        if line.is_column:
            section = line.name.partition(".")[0]
            self.faults.add(item, f"{line.name}: is a column; write `{section}:` as a list of rows.", at_key=True)
            return default_of(line)
        if not isinstance(item.value, dict):
            return Entry(self._seats(line, item), self.file, item.line, item.column, None, step)
        for key, part in item.items():
            if key not in VALUE_KEYS:
                self.faults.add(part, f"{line.name}.{key}: no such key.{suggestion(key, VALUE_KEYS)}", at_key=True)
        parts = item.value
        if "value" not in parts:
            self.faults.add(item, f"{line.name}: has no `value`.", at_key=True)
            return Entry(None, self.file, item.line, item.column)
        value = self._seats(line, parts["value"])
        low, high = (self._bound(line, parts.get(key), key, value) for key in ("low", "high"))
        source = self.text(parts.get("source"), f"{line.name}.source")
        note = self.text(parts.get("note"), f"{line.name}.note")
        told = InputNotes(low, high, source, note, self._day(parts.get("as_of"), f"{line.name}.as_of"))
        written = parts["value"]
        return Entry(value, self.file, written.line, written.column, told, step)

    def text(self, item: Located | None, name: str) -> str:
        """A text, its white space in order; empty where there is none."""
        if item is None or item.value is None:
            return ""
        if isinstance(item.value, (dict, list)):
            self.faults.add(item, f"{name}: expected a text.")
            return ""
        return " ".join(str(shown(item.value) if isinstance(item.value, bool) else item.value).split())

    def _day(self, item: Located | None, name: str) -> date | None:
        """A day of the calendar. One to come is a day like any other: a price list may begin then, and whether it is
        to come hangs on when the file is read."""
        if item is None or item.value is None:
            return None
        if isinstance(item.value, str) and _DAY.fullmatch(item.value):
            try:
                return date.fromisoformat(item.value)
            except ValueError:
                self.faults.add(item, f"{name}: {shown(item.value)} is no day of the calendar.")
                return None
        self.faults.add(item, f"{name}: {shown(item.value)} is not a day; write it as year-month-day: 2026-03-01.")
        return None

    def texts(self, item: Located | None, name: str) -> tuple[str, ...]:
        """A text or a list of them; empty ones are left out."""
        if item is None or item.value is None:
            return ()
        items = item.value if isinstance(item.value, list) else [item]
        return tuple(text for text in (self.text(one, name) for one in items) if text)

    def scalar(self, line: Given, item: Located, name: str) -> InputScalar:
        """One value of an input, of one seat where it has several."""
        if isinstance(line, RowText):
            return self.text(item, name) or None
        return self._value(line, item, name)

    def _seats(self, line: Given, item: Located) -> InputScalar | Scalars:
        """The value of an input: along an axis one for all seats, or a list of them."""
        axis, name, listed = line.axis, line.name, item.value
        if axis is None or (axis.written == "series" and not isinstance(listed, list)):
            return self._value(line, item, name)
        if not isinstance(listed, list):
            self.faults.add(item, f"{name}: {shown(listed)} is no list; {_as_many(axis)}.")
            return None
        if not listed:
            self.faults.add(item, f"{name}: is an empty list; {_as_many(axis)}.")
            return None
        most = axis.seats or len(listed)
        if len(listed) > most:
            self.faults.add(listed[most], f"{name}: has {len(listed)} values; {_as_many(axis)}.")
        elif axis.written == "list" and len(listed) < most:
            self.faults.add(item, f"{name}: has {len(listed)} values; {_as_many(axis)}.")
        values = (self._value(line, one, f"{name}[{seat}]") for seat, one in enumerate(listed[:most], start=1))
        return tuple(values)

    def _bound(self, line: Given, item: Located | None, key: str, value: InputScalar | Scalars) -> float | None:
        """The least or the most that a value may turn out to be."""
        if item is None or item.value is None:
            return None
        name = f"{line.name}.{key}"
        if isinstance(line, Choice):
            self.faults.add(item, f"{name}: a choice has no range; leave it out.")
            return None
        if isinstance(value, tuple):
            self.faults.add(item, f"{name}: a list has no range; leave it out.")
            return None
        bound = self._value(line, item, name)
        if not isinstance(bound, float):
            return None
        if value is None:
            self.faults.add(item, f"{name}: is given, but the value is empty.")
        elif isinstance(value, float) and (bound > value if key == "low" else bound < value):
            side = "above" if key == "low" else "below"
            self.faults.add(item, f"{name}: {bound:,.15g} is {side} the value {value:,.15g}.")
        return bound

    def _value(self, line: Given, item: Located, name: str) -> InputScalar:
        value = item.value
        if isinstance(line, Pick):
            return self.text(item, name) or None
        if isinstance(line, Choice):
            return self._code(line, item, name)
        if value is None:
            if not line.optional:
                self.faults.add(item, f'{name}: is empty; "{line.label}" needs a number.')
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.faults.add(item, f"{name}: {shown(value)} is not a number.{number_hint(value)}")
            return None
        try:
            number = float(value)
        except OverflowError:
            number = float("inf")
        if number != number or number in (float("inf"), float("-inf")):
            self.faults.add(item, f"{name}: {shown(value)} is not a finite number.")
            return None
        objection = outside(line, number)
        if objection:
            self.faults.add(item, f"{name}: {objection}")
        return number

    def _code(self, line: Choice, item: Located, name: str) -> str:
        value = item.value
        if isinstance(value, str) and value in line.options:
            return value
        hint = did_you_mean(value, line.codes) if isinstance(value, str) else ""
        wrong = "is empty; choose" if value is None else f"{shown(value)} is not"
        self.faults.add(item, f"{name}: {wrong} one of {', '.join(line.codes)}.{hint}")
        return line.default_code


def outside(line: Given, number: float) -> str:
    """Why a finite number is refused, and what to write instead; empty when it is allowed."""
    objection = line.objection(number)
    if not objection:
        return ""
    note = f" ({line.note.rstrip('.')})" if line.note else ""
    return f"{number:,.15g} {objection}{note}.{_in_its_unit(line, number)}"


def _as_many(axis: Axis) -> str:
    """How many values an input along an axis takes."""
    if axis.written == "list":
        return f"give {axis.seats}, one for each {axis.one}"
    return f"give one, or one for each {axis.one}" + (f", at most {axis.seats}" if axis.seats else "")


def _in_its_unit(line: Given, number: float) -> str:
    """What to write for a number that was probably meant in another unit."""
    if line.unit == "share" and _LIKE_A_PERCENTAGE <= number <= _HUNDRED:
        return f" Write {number / _HUNDRED:g} for {number:g} %."
    if line.unit == "year" and line.at_most is not None and number > line.at_most and number % _MONTHS == 0:
        return f" It is in years: {number:g} months are {number / _MONTHS:g}."
    return ""
