"""The axes of a matrix: what varies, and the values that each takes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tco_xlsx.documents.errors import did_you_mean
from tco_xlsx.documents.located_yaml import FaultsOf, FileName, Located, scalar_of
from tco_xlsx.documents.messages import number_hint, shown, suggestion
from tco_xlsx.language.lines import Choice, Given
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles
from tco_xlsx.scenario.benchmark import ACCEPT, FACT_KEYS, FACTS, FILES, SECTION, WHERE, WHERE_KEYS, BenchmarkReader
from tco_xlsx.scenario.inputs import Entry, unknown_input
from tco_xlsx.scenario.meant import guess
from tco_xlsx.scenario.parsed import PLAIN_KEYS, SectionReader

RANGE_KEYS = {
    "from": "The first value.",
    "to": "The last value.",
    "steps": "How many values, evenly spaced, the first and the last among them.",
}
MOST_COMBINATIONS = 100_000

# Placeholders of names and titles that are no axes.
RESERVED = ("file", "title", "name")
_CANNOT_VARY = "{}: cannot vary; only inputs and the benchmark can."
_BENCHMARK_NAMES = (
    FILES,
    ACCEPT,
    *(f"{WHERE}.{key}" for key in WHERE_KEYS),
    *(f"{FACTS}.{key}" for key in FACT_KEYS),
)


@dataclass(frozen=True)
class Option:
    """One value of an axis: what it sets, and how it is called in names, titles and lists."""

    label: str
    key: object
    """What no two options of an axis share: the value of an input, the label of a bundle."""
    entries: Mapping[str, Entry]
    variation: tuple[str, ...]
    place: Located


@dataclass(frozen=True)
class MatrixAxis:
    """Something that varies: an input, a filter of the benchmark, or a free name for bundles of them."""

    name: str
    options: tuple[Option, ...]
    place: Located
    line: Given | None
    """The input that varies, if it is one."""
    bundles: bool


class AxisReader:
    """Reads axes, and settings beyond them, of one file's matrix; what is wrong goes to `faults`."""

    def __init__(self, file: FileName, model: Model, faults: FaultsOf) -> None:
        self.model = model
        self.faults = faults
        self.sections = SectionReader(file, model, faults)
        self.inputs = self.sections.inputs
        self.benchmark = BenchmarkReader(self.inputs, may_drop=True)

    def axes(self, vary: Located) -> list[MatrixAxis]:
        """The axes in order; those that are wrong are left out."""
        found = [axis for name, item in vary.items() if (axis := self._axis(name, item)) is not None]
        setters: dict[str, MatrixAxis] = {}
        for axis in found:
            for name in dict.fromkeys(name for option in axis.options for name in option.entries):
                other = setters.setdefault(name, axis)
                if other is not axis and name != SECTION:
                    message = f"{axis.name}: sets {name}, as {other.name} does (line {other.place.key_line}); keep one."
                    self.faults.add(axis.place, message, at_key=True)
        return found

    def value(self, axis: MatrixAxis, item: Located) -> Option | None:
        """A value that a further combination takes on an axis: any for an input, one of the labels for bundles."""
        if axis.bundles:
            found = find_option(axis, item)
            if found is None:
                labels = [option.label for option in axis.options]
                text = shown(item.value)
                self.faults.add(
                    item, f"{axis.name}: {text} is none of its labels.{suggestion(str(item.value), labels)}"
                )
            return found
        return find_option(axis, item) or self._one(axis.name, axis.line, item)

    def settings(self, item: Located, left_out: Mapping[str, object] | None = None) -> dict[str, Entry]:
        """Inputs and benchmark settings, by full name or below their sections; keys in `left_out` are passed over."""
        sections = self.model.named
        known = ["benchmark", *(name for name, section in sections.items() if section.inputs)]
        owners = {line.attribute for line in self.model.inputs}
        found: dict[str, Entry] = {}
        for key, part in item.items():
            if key in (left_out or ()):
                continue
            given: dict[str, Entry] = {}
            line = self.model.by_name.get(key)
            if isinstance(line, Given):
                given = {key: self.inputs.entry(line, part)}
            elif key == SECTION:
                given = self.benchmark.entries(part)
            elif key.startswith("benchmark."):
                given = self._of_benchmark(key, part)
            elif key in known:
                given = self.sections.section(sections[key], part)
            elif key in PLAIN_KEYS or key in sections:
                self.faults.add(part, _CANNOT_VARY.format(key), at_key=True)
            elif "." in key:
                self.faults.add(part, self._unknown(key), at_key=True)
            elif key in owners:
                meant = guess(key, self.model.inputs)
                hint = f" Write it as `{meant.name}:`." if meant.name else meant.hint
                self.faults.add(part, f"{key}: no such section.{hint}", at_key=True)
            else:
                self.faults.add(part, f"{key}: no such section.{suggestion(key, known)}", at_key=True)
            for name in given:
                if name in found and name != SECTION:
                    self.faults.add(part, f"{name}: is given twice; keep one of them.", at_key=True)
            found |= given
        return found

    def _of_benchmark(self, name: str, item: Located) -> dict[str, Entry]:
        """A setting of the benchmark, which also stands for the section: what does not fit is told here."""
        found = self.benchmark.part(name.removeprefix("benchmark."), item)
        return {SECTION: Entry(None, self.inputs.file, item.line, item.column), **found} if found else found

    def _unknown(self, name: str) -> str:
        message, meant = unknown_input(name, self.model)
        self.sections.misspelt.add(meant)
        return message

    def _axis(self, name: str, item: Located) -> MatrixAxis | None:
        line = self.model.by_name.get(name)
        if isinstance(line, Given) and line.is_column:
            table = name.partition(".")[0]
            message = f"{name}: cannot vary by itself, being a column; give `{table}:` whole, below labels."
            self.faults.add(item, message, at_key=True)
            return None
        if isinstance(line, Given):
            return self._input_axis(name, line, item)
        if name in _BENCHMARK_NAMES:
            return self._input_axis(name, None, item)
        message = self._no_free_name(name, item)
        if message:
            self.faults.add(item, message, at_key=True)
            return None
        options = tuple(self._bundle(name, label, part) for label, part in item.items())
        if not options:
            self.faults.add(item, f"{name}: has no values; give labels with their settings.", at_key=True)
        return MatrixAxis(name, options, item, None, bundles=True) if options else None

    def _no_free_name(self, name: str, item: Located) -> str:
        """Why bundles cannot have this name, or the name means something else; empty when they can."""
        if name in (WHERE, FACTS):
            return f"{name}: cannot vary as a whole; name one of its keys, such as {name}.gpu_type."
        if name.startswith("benchmark."):
            return f"{name}: cannot vary.{suggestion(name, _BENCHMARK_NAMES)}"
        if "." in name:
            return self._unknown(name)
        section = self.model.named.get(name)
        if name in PLAIN_KEYS:
            return _CANNOT_VARY.format(name)
        if section is not None:
            inner = next((key for key, _ in item.items() if key in section.inputs), "")
            advice = f"write `{name}.{inner}:`" if inner else "choose another name for the axis"
            # Values, as for an input: its name alone may be that of a section, too.
            is_input = not isinstance(item.value, dict) and any(one.attribute == name for one in self.model.inputs)
            hint = guess(name, self.model.inputs).hint if is_input else ""
            return f"{name}: is a section of the scenario; {advice}.{hint}"
        if name in RESERVED:
            return f"{name}: means something else in names and titles; choose another name for the axis."
        if not name.replace("-", "_").isidentifier():
            return f"{name}: cannot name an axis; choose a word of letters, digits, - and _."
        if not isinstance(item.value, dict) or set(item.value) == set(RANGE_KEYS):
            inputs = self.model.inputs
            is_one = any(one.attribute == name for one in inputs)
            hint = guess(name, inputs).hint if is_one else did_you_mean(name, [one.name for one in inputs])
            return f"{name}: is no input, so expected labels with their settings below it.{hint}"
        return ""

    def _input_axis(self, name: str, line: Given | None, item: Located) -> MatrixAxis | None:
        before = len(self.faults.found)
        if isinstance(item.value, dict) and line is not None:
            options = self._range(line, item)
        elif isinstance(item.value, list):
            options = [option for one in item.value if (option := self._one(name, line, one)) is not None]
            if not item.value:
                self.faults.add(item, f"{name}: has no values; list at least one.")
        else:
            options = []
            also = " or {from, to, steps}" if line is not None and not isinstance(line, Choice) else ""
            self.faults.add(item, f"{name}: expected a list of values{also}.")
        first: dict[object, Option] = {}
        for option in options if len(self.faults.found) == before else ():
            other = first.setdefault(option.key, option)
            if other is not option and isinstance(item.value, list):
                message = f"{name}: {option.label} is given twice (first on line {other.place.line}); keep one of them."
                self.faults.add(option.place, message)
        return MatrixAxis(name, tuple(options), item, line, bundles=False) if options else None

    def _one(self, name: str, line: Given | None, item: Located, step: int = 0) -> Option | None:
        """A value of an input or of a benchmark setting."""
        if line is not None:
            entries = {name: self.inputs.entry(line, item, step)}
        else:
            entries = self._of_benchmark(name, item)
            if name not in entries:
                self.faults.add(item, f"{name}: is empty; expected a text or a list of texts.")
                return None
        label = text_of(name, entries[name].value)
        return Option(label, key_of(entries[name].value), entries, (f"{name} = {label}",), item)

    def _bundle(self, axis: str, label: str, item: Located) -> Option:
        if item.value is not None and not isinstance(item.value, dict):
            self.faults.add(
                item, f"{axis}: {label}: expected what it sets, such as `{roles.server_price.name}: 290000`."
            )
        if not label.strip():
            self.faults.add(item, f"{axis}: a label is empty; give it a name.", at_key=True)
        entries = self.settings(item)
        told = (f"{name} = {text_of(name, entry.value)}" for name, entry in entries.items() if name != SECTION)
        return Option(label, label, entries, (f"{axis} = {label}", *told), item)

    def _range(self, line: Given, item: Located) -> list[Option]:
        name, parts = line.name, dict(item.items())
        if isinstance(line, Choice):
            self.faults.add(item, f"{name}: is a choice; list the values that it takes.")
            return []
        before = len(self.faults.found)
        for key, part in parts.items():
            if key not in RANGE_KEYS:
                self.faults.add(part, f"{name}.{key}: no such key.{suggestion(key, RANGE_KEYS)}", at_key=True)
        for key in RANGE_KEYS:
            if key not in parts:
                self.faults.add(item, f"{name}: has no `{key}`; a range is {{from, to, steps}}.", at_key=True)
        ends = [self._end(line, key, parts[key]) for key in ("from", "to") if key in parts]
        steps = parts["steps"].value if "steps" in parts else None
        if "steps" in parts and not (type(steps) is int and 2 <= steps <= MOST_COMBINATIONS):
            self.faults.add(parts["steps"], f"{name}.steps: {shown(steps)} is not a whole number of values, 2 or more.")
        if len(self.faults.found) > before or type(steps) is not int:
            return []
        first, last = (Fraction(str(end)) for end in ends)
        if first == last:
            self.faults.add(
                item, f"{name}: the range begins and ends at {text_of(name, float(first))}; list one value."
            )
            return []
        # In exact arithmetic: 0.1 to 0.3 has 0.2 in the middle, as a person would write it.
        values = [float(first + (last - first) * number / (steps - 1)) for number in range(steps)]
        fraction = next((value for value in values if line.integer and not value.is_integer()), None)
        if fraction is not None:
            message = f"{name}: {steps} steps give {fraction:,.15g}, which is not a whole number; list the values."
            self.faults.add(item, message)
            return []
        places = [parts["from"], *[item] * (steps - 2), parts["to"]]
        located = [Located(value, place.line, place.column) for value, place in zip(values, places, strict=True)]
        options = [self._one(name, line, one, step) for step, one in enumerate(located, start=1)]
        return [option for option in options if option is not None]

    def _end(self, line: Given, key: str, item: Located) -> int | float:
        value = item.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not _is_finite(value):
            self.faults.add(item, f"{line.name}.{key}: {shown(value)} is not a number.{number_hint(value)}")
            return 0
        self.inputs.entry(line, item)
        return value


def find_option(axis: MatrixAxis, item: Located) -> Option | None:
    """The option of an axis that a value or a label means."""
    if axis.bundles:
        text = item.value if isinstance(item.value, str) else None
        exact = next((option for option in axis.options if option.label == text), None)
        meant = (option for option in axis.options if key_of(scalar_of(option.label)) == key_of(item.value))
        return exact or next(meant, None)
    wanted = key_of(tuple(one.value for one in item.value) if isinstance(item.value, list) else item.value)
    for option in axis.options:
        if option.key == wanted or option.key == (wanted,):
            return option
    return None


def key_of(value: object) -> object:
    """A value for comparing: 4 is 4.0, and the case of letters is all one."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return float(value) if _is_finite(value) else str(value)
    if isinstance(value, tuple):
        return tuple(key_of(one) for one in value)
    return value.casefold() if isinstance(value, str) else value


def text_of(name: str, value: object) -> str:
    """A value in names, titles and lists: 250000, 0.15, H100, H100+H200, none."""
    if value is None:
        return "any" if name.startswith("benchmark.where.") else "none"
    if isinstance(value, tuple):
        joined = (", " if not name.startswith(f"{SECTION}.") or name == FILES else "+").join(
            text_of(name, one) for one in value
        )
        return joined if name.startswith(f"{SECTION}.") else f"[{joined}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    return str(value)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False
