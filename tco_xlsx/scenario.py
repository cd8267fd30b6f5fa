"""Scenario YAML to inputs: strict, with the place of every fault, and all faults of all files at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tco_xlsx.errors import BadInput, Fault, did_you_mean
from tco_xlsx.files import Located, parse_yaml, read_text, scalar_of
from tco_xlsx.lines import Choice, Derived, Given, Model

InputScalar = float | str | None

PLAIN_KEYS = {
    "title": "What the scenario is called; the file's name otherwise.",
    "notes": "Remarks for the reader of the workbook: a text or a list of texts.",
    "currency": "The currency of all amounts: three capital letters, USD unless given.",
    "benchmark": "The benchmark results: files, which points of them, and what the files do not say.",
}
BENCHMARK_KEYS = {
    "files": "A file, folder or pattern, or a list of them; relative to the scenario.",
    "where": "Which points to use: model, gpu_type, precision, engine, tool, isl, osl, concurrency; a value or a list.",
    "facts": "What the files do not say: gpus_per_instance, gpu_type, precision, engine, model.",
}
WHERE_KEYS = ("model", "gpu_type", "precision", "engine", "tool", "isl", "osl", "concurrency")
FACT_KEYS = ("model", "gpu_type", "gpus_per_instance", "precision", "engine")
VALUE_KEYS = {
    "value": "The value itself.",
    "low": "The least that it may turn out to be.",
    "high": "The most that it may turn out to be.",
    "source": "Where the value is from.",
    "note": "A remark.",
}
DEFAULT_CURRENCY = "USD"

_CURRENCY = re.compile(r"[A-Z]{3}$")
_GROUPED = re.compile(r"[-+]?\d{1,3}([,_ ]\d{3})+(\.\d+)?$")
_PERCENT = re.compile(r"([-+]?\d+(\.\d+)?) ?%$")


@dataclass(frozen=True)
class Told:
    """What the scenario says of one input beside its value: the range it may take, its source, a note."""

    low: float | None = None
    high: float | None = None
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class BenchmarkSource:
    """Where the benchmark results are, which points count, and what the files do not say."""

    files: tuple[str, ...] = ()
    where: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Scenario:
    """One scenario: every input by name (a number, a choice's code, or None for an empty one)."""

    path: Path
    title: str
    notes: tuple[str, ...]
    currency: str
    benchmark: BenchmarkSource
    values: Mapping[str, InputScalar]
    told: Mapping[str, Told]
    sha256: str
    overrides: tuple[str, ...] = ()


def load_scenarios(paths: Sequence[Path], model: Model, overrides: Sequence[str] = ()) -> list[Scenario]:
    """Read scenario files; `overrides` are texts "section.name=value" that win over every file.

    Raises BadInput with all faults of all files.
    """
    faults: list[Fault] = []
    settings = _parse_overrides(overrides, model, faults)
    scenarios: list[Scenario] = []
    for path in paths:
        reader = _Reader(path, model)
        try:
            scenarios.append(reader.scenario(settings, tuple(overrides)))
        except BadInput as bad:
            faults.extend(bad.faults)
        faults.extend(reader.faults)
    if faults:
        raise BadInput(faults)
    return scenarios


def _parse_overrides(overrides: Iterable[str], model: Model, faults: list[Fault]) -> dict[str, Located]:
    settings: dict[str, Located] = {}
    for text in overrides:
        name, equals, value = text.partition("=")
        name = name.strip()
        message = ""
        if not equals:
            message = f"{text}: expected section.name=value."
        elif not isinstance(model.by_name.get(name), Given):
            message = _unknown_input(name, model)
        if message:
            faults.append(Fault("--set", 0, 0, message))
        else:
            settings[name] = Located(scalar_of(value.strip()), 0, 0)
    return settings


def _unknown_input(name: str, model: Model) -> str:
    if isinstance(model.by_name.get(name), Derived):
        return f"{name} is computed; it cannot be given."
    return f"{name}: no such input.{did_you_mean(name, (one.name for one in model.inputs))}"


class _Reader:
    """Reads one file, collecting its faults."""

    def __init__(self, path: Path, model: Model) -> None:
        self.path = path
        self.model = model
        self.faults: list[Fault] = []
        self.values: dict[str, InputScalar] = {}
        self.told: dict[str, Told] = {}

    def fault(self, place: Located | None, message: str, at_key: bool = False) -> None:
        line, column = (place.line, place.column) if place is not None else (0, 0)
        if at_key and place is not None and place.key_line:
            line, column = place.key_line, place.key_column
        self.faults.append(Fault(str(self.path) if line or place is None else "--set", line, column, message))

    def scenario(self, settings: Mapping[str, Located], overrides: tuple[str, ...]) -> Scenario:
        text = read_text(self.path)
        root = parse_yaml(text, str(self.path))
        if root.value is not None and not isinstance(root.value, dict):
            self.fault(root, "a scenario is a mapping of sections, such as `workload:` with its inputs below it.")
            root = Located(None, 1, 1)
        top = dict(root.items())
        self._unknown_top(top)
        for section in self.model.sections:
            self._section(section.name, top.get(section.name), settings)
        benchmark = self._benchmark(top.get("benchmark"))
        self._needs(top, benchmark)
        return Scenario(
            path=self.path,
            title=self._text(top.get("title"), "title") or self.path.stem,
            notes=self._texts(top.get("notes"), "notes"),
            currency=self._currency(top.get("currency")),
            benchmark=benchmark,
            values=self.values,
            told=self.told,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            overrides=overrides,
        )

    def _unknown_top(self, top: Mapping[str, Located]) -> None:
        with_inputs = [section.name for section in self.model.sections if any(isinstance(x, Given) for x in section.lines)]
        known = [*PLAIN_KEYS, *with_inputs]
        for key, item in top.items():
            if key not in known:
                self.fault(item, f"{key}: no such section.{did_you_mean(key, known)}", at_key=True)

    def _section(self, name: str, given: Located | None, settings: Mapping[str, Located]) -> None:
        section = next(one for one in self.model.sections if one.name == name)
        entries: dict[str, Located] = {}
        if given is not None and given.value is not None:
            if not isinstance(given.value, dict):
                self.fault(given, f"{name}: expected the inputs of the section below it, by name.")
            entries = dict(given.items())
        inputs = {line.attribute: line for line in section.lines if isinstance(line, Given)}
        for key, item in entries.items():
            if key not in inputs:
                self.fault(item, _unknown_input(f"{name}.{key}", self.model), at_key=True)
        for key, line in inputs.items():
            told = settings[line.name] if line.name in settings else entries.get(key)
            if told is None:
                if line.required:
                    place = given if given is not None and given.key_line else Located(None, 1, 1)
                    message = f"{line.name}: is missing; it has no default ({line.label.lower()})."
                    self.fault(place, message, at_key=True)
                self.values[line.name] = line.default_code if isinstance(line, Choice) else line.default
            else:
                self.values[line.name] = self._input(line, told)

    def _input(self, line: Given, item: Located) -> InputScalar:
        if not isinstance(item.value, dict):
            return self._value(line, item, line.name)
        for key, part in item.items():
            if key not in VALUE_KEYS:
                self.fault(part, f"{line.name}.{key}: no such key.{did_you_mean(key, VALUE_KEYS)}", at_key=True)
        parts = item.value
        if "value" not in parts:
            self.fault(item, f"{line.name}: has no `value`.", at_key=True)
            return None
        value = self._value(line, parts["value"], line.name)
        bounds: dict[str, float | None] = {}
        for key in ("low", "high"):
            bound = self._value(line, parts[key], f"{line.name}.{key}") if key in parts else None
            bounds[key] = bound if isinstance(bound, float) else None
        low, high = bounds["low"], bounds["high"]
        if isinstance(value, float):
            if low is not None and low > value:
                self.fault(parts["low"], f"{line.name}.low: {low:g} is above the value {value:g}.")
            if high is not None and high < value:
                self.fault(parts["high"], f"{line.name}.high: {high:g} is below the value {value:g}.")
        source = self._text(parts.get("source"), f"{line.name}.source")
        note = self._text(parts.get("note"), f"{line.name}.note")
        self.told[line.name] = Told(low, high, source, note)
        return value

    def _value(self, line: Given, item: Located, name: str) -> InputScalar:
        value = item.value
        if isinstance(line, Choice):
            return self._code(line, item, name)
        if value is None:
            if not line.optional:
                self.fault(item, f"{name}: is empty; a number is needed ({line.label.lower()}).")
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fault(item, f"{name}: {_shown(value)} is not a number.{_number_hint(value)}")
            return None
        try:
            number = float(value)
        except OverflowError:
            number = float("inf")
        if number != number or number in (float("inf"), float("-inf")):
            self.fault(item, f"{name}: {_shown(value)} is not a finite number.")
            return None
        objection = line.objection(number)
        if objection:
            note = f" ({line.note.rstrip('.')})" if line.note else ""
            self.fault(item, f"{name}: {number:,.15g} {objection}{note}.")
        return number

    def _code(self, line: Choice, item: Located, name: str) -> str:
        value = item.value
        if isinstance(value, str) and value in line.options:
            return value
        hint = did_you_mean(value, line.codes) if isinstance(value, str) else ""
        self.fault(item, f"{name}: {_shown(value)} is not one of {', '.join(line.codes)}.{hint}")
        return line.default_code

    def _benchmark(self, item: Located | None) -> BenchmarkSource:
        if item is None or item.value is None:
            return BenchmarkSource()
        if not isinstance(item.value, dict):
            return BenchmarkSource(self._texts(item, "benchmark"), line=item.line, column=item.column)
        for key, part in item.items():
            if key not in BENCHMARK_KEYS:
                hint = did_you_mean(key, BENCHMARK_KEYS)
                self.fault(part, f"benchmark.{key}: no such key.{hint}", at_key=True)
        where = {
            key: tuple(x.value for x in (part.value if isinstance(part.value, list) else [part]))
            for key, part in self._known_entries(item.value.get("where"), "benchmark.where", WHERE_KEYS)
        }
        facts = {
            key: part.value for key, part in self._known_entries(item.value.get("facts"), "benchmark.facts", FACT_KEYS)
        }
        gpus = facts.get("gpus_per_instance")
        if gpus is not None and (isinstance(gpus, bool) or not isinstance(gpus, (int, float)) or not gpus >= 1):
            self.fault(item, f"benchmark.facts.gpus_per_instance: {_shown(gpus)} is not a number of GPUs, 1 or more.")
        files = self._texts(item.value.get("files"), "benchmark.files")
        if not files:
            self.fault(item, "benchmark: has no `files`.", at_key=True)
        return BenchmarkSource(files, where, facts, item.key_line, item.key_column)

    def _known_entries(
        self, item: Located | None, name: str, known: Sequence[str]
    ) -> list[tuple[str, Located]]:
        if item is None or item.value is None:
            return []
        if not isinstance(item.value, dict):
            self.fault(item, f"{name}: expected {', '.join(known)}, each with its value.")
            return []
        for key, part in item.items():
            if key not in known:
                self.fault(part, f"{name}.{key}: no such key.{did_you_mean(key, known)}", at_key=True)
            elif isinstance(part.value, dict) or part.value is None:
                self.fault(part, f"{name}.{key}: expected a value.", at_key=True)
        return [(key, part) for key, part in item.items() if key in known]

    def _needs(self, top: Mapping[str, Located], benchmark: BenchmarkSource) -> None:
        if "performance.source" not in self.values:
            return
        if self.values["performance.source"] == "manual":
            for name in ("performance.manual_rps", "performance.manual_gpus"):
                if self.values.get(name) is None:
                    place = top.get("performance", Located(None, 1, 1))
                    self.fault(place, f"{name}: is empty; performance.source: manual needs it.", at_key=True)
        elif not benchmark.files and not any(fault.message.startswith("benchmark") for fault in self.faults):
            message = (
                "benchmark: is missing; give its files, or set performance.source: manual with manual_rps and"
                " manual_gpus."
            )
            self.fault(Located(None, 1, 1), message)

    def _text(self, item: Located | None, name: str) -> str:
        if item is None or item.value is None:
            return ""
        if isinstance(item.value, (dict, list)):
            self.fault(item, f"{name}: expected a text.")
            return ""
        return " ".join(str(item.value).split())

    def _texts(self, item: Located | None, name: str) -> tuple[str, ...]:
        if item is None or item.value is None:
            return ()
        items = item.value if isinstance(item.value, list) else [item]
        return tuple(text for text in (self._text(one, name) for one in items) if text)

    def _currency(self, item: Located | None) -> str:
        if item is None:
            return DEFAULT_CURRENCY
        if not isinstance(item.value, str) or not _CURRENCY.match(item.value):
            self.fault(item, f"currency: {_shown(item.value)} is not three capital letters, such as USD or CNY.")
            return DEFAULT_CURRENCY
        return item.value


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else "a list" if isinstance(value, list) else str(value)


def _number_hint(value: object) -> str:
    if isinstance(value, str):
        if _GROUPED.match(value):
            return f" Write {re.sub('[,_ ]', '', value)}."
        percent = _PERCENT.match(value)
        if percent:
            return f" Write {float(percent[1]) / 100:g}."
        if isinstance(scalar_of(value), (int, float)):
            return " Write it without quotes."
    return ""
