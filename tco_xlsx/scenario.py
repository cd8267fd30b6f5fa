"""Scenario YAML to inputs: strict, with the place of every fault, and all faults of all files at once."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tco_xlsx.errors import BadInput, Fault, did_you_mean, nearest
from tco_xlsx.files import Located, parse_yaml, read_text, scalar_of
from tco_xlsx.lines import Choice, Constant, Derived, Given, Measured, Model, Pick, Section, Told
from tco_xlsx.wording import number_hint, shown, suggestion

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
    "accept": "Names of suspicious points that count all the same, as `bench` shows them; one, or a list.",
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
LONGEST_TITLE = 200
"""The title stands several times in one formula, and a formula holds 8,192 characters."""

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class BenchmarkSource:
    """Where the benchmark results are, which points count, and what the files do not say."""

    files: tuple[str, ...] = ()
    where: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    accept: tuple[str, ...] = ()
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Scenario:
    """One scenario: every input by name (a number, a choice's code, or None for an empty one)."""

    path: Path
    name: str
    """Names the scenario in lists and the workbook's file: the file's name without its ending, unless a matrix says."""
    title: str
    notes: tuple[str, ...]
    currency: str
    benchmark: BenchmarkSource
    values: Mapping[str, InputScalar]
    told: Mapping[str, Told]
    sha256: str
    overrides: tuple[str, ...] = ()
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Line and column of the inputs that only the benchmark can judge."""


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
        if not equals or not name:
            message = f"{text}: expected section.name=value."
        elif name in PLAIN_KEYS:
            message = f"{name}: is no input and cannot be set here; write it into the file."
        elif not isinstance(model.by_name.get(name), Given):
            message, _ = _unknown_input(name, model)
        if message:
            faults.append(Fault("--set", 0, 0, message))
        else:
            settings[name] = Located(scalar_of(value.strip()), 0, 0)
    return settings


def _unknown_input(name: str, model: Model) -> tuple[str, str]:
    """Why a name cannot be given, and the input that was probably meant."""
    line = model.by_name.get(name)
    if isinstance(line, Derived):
        return f"{name}: is computed; it cannot be given.", ""
    if isinstance(line, Constant):
        return f"{name}: is fixed; it cannot be given.", ""
    if isinstance(line, Measured):
        return f"{name}: comes from the benchmark; it cannot be given.", ""
    section, _, attribute = name.partition(".")
    inputs = [one.name for one in model.inputs]
    own = [one.attribute for one in model.inputs if one.name == f"{section}.{one.attribute}"]
    elsewhere = next((one for one in inputs if one.endswith(f".{attribute}")), "")
    near = nearest(attribute, own)
    meant = f"{section}.{near}" if near else elsewhere or ("" if own else nearest(name, inputs))
    hint = f" Did you mean {meant}?" if meant else f" There are {', '.join(own)}." if own else ""
    return f"{name}: no such input.{hint}", meant


class _Reader:
    """Reads one file, collecting its faults."""

    def __init__(self, path: Path, model: Model) -> None:
        self.path = path
        self.model = model
        self.faults: list[Fault] = []
        self.values: dict[str, InputScalar] = {}
        self.told: dict[str, Told] = {}
        self.places: dict[str, tuple[int, int]] = {}
        self.misspelt: set[str] = set()
        """Sections and inputs that were probably meant by an unknown name: they are not reported missing as well."""

    def fault(self, place: Located | None, message: str, at_key: bool = False) -> None:
        line, column = (place.line, place.column) if place is not None else (0, 0)
        if at_key and place is not None and place.key_line:
            line, column = place.key_line, place.key_column
        self.faults.append(Fault(str(self.path) if line or place is None else "--set", line, column, message))

    def scenario(self, settings: Mapping[str, Located], overrides: tuple[str, ...]) -> Scenario:
        text = read_text(self.path)
        root = parse_yaml(text, str(self.path))
        if root.value is not None and not isinstance(root.value, dict):
            message = "a scenario is a mapping of sections, such as `workload:` with its inputs below it."
            raise BadInput([Fault(str(self.path), root.line, root.column, message)])
        top = dict(root.items())
        self._unknown_top(top)
        for section in self.model.sections:
            self._section(section, top.get(section.name), settings)
        benchmark = self._benchmark(top.get("benchmark"))
        self._needs(top, benchmark)
        return Scenario(
            path=self.path,
            name=self.path.stem,
            title=self._title(top.get("title")),
            notes=self._texts(top.get("notes"), "notes"),
            currency=self._currency(top.get("currency")),
            benchmark=benchmark,
            values=self.values,
            told=self.told,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            overrides=overrides,
            places=self.places,
        )

    def _unknown_top(self, top: Mapping[str, Located]) -> None:
        sections = {section.name: section for section in self.model.sections}
        known = [*PLAIN_KEYS, *(name for name, section in sections.items() if _inputs_of(section))]
        owners = {line.attribute: line.name.partition(".")[0] for line in self.model.inputs}
        for key, item in top.items():
            if key in known:
                continue
            if key in sections:
                hint = ": holds no inputs; everything in it is computed or measured."
            elif key in self.model.by_name:
                section, _, name = key.partition(".")
                hint = f": write it as `{name}:` below `{section}:`."
            elif key in owners:
                hint = f": no such section. Write it below `{owners[key]}:`."
            else:
                self.misspelt.add(nearest(key, known))
                hint = f": no such section.{suggestion(key, known)}"
            self.fault(item, f"{key}{hint}", at_key=True)

    def _section(self, section: type[Section], given: Located | None, settings: Mapping[str, Located]) -> None:
        inputs = _inputs_of(section)
        entries = dict(given.items()) if given is not None else {}
        misshapen = given is not None and given.value is not None and not isinstance(given.value, dict)
        if given is not None and misshapen:
            self.fault(given, f"{section.name}: expected the inputs of the section below it, by name.")
        for key, item in entries.items():
            if key not in inputs and inputs:
                message, meant = _unknown_input(f"{section.name}.{key}", self.model)
                self.misspelt.add(meant)
                self.fault(item, message, at_key=True)
        for key, line in inputs.items():
            told = settings.get(line.name, entries.get(key))
            if told is not None:
                self.values[line.name] = self._input(line, told)
                continue
            # A pick that is left open is settled when the points are known.
            left = None if isinstance(line, Pick) else line.default_code if isinstance(line, Choice) else line.default
            self.values[line.name] = left
            if line.required and not misshapen and not {section.name, line.name} & self.misspelt:
                place = given if given is not None and given.key_line else Located(None, 1, 1)
                self.fault(place, f'{line.name}: is missing; "{line.label}" has no default.', at_key=True)

    def _input(self, line: Given, item: Located) -> InputScalar:
        if not isinstance(item.value, dict):
            return self._value(line, item, line.name)
        for key, part in item.items():
            if key not in VALUE_KEYS:
                self.fault(part, f"{line.name}.{key}: no such key.{suggestion(key, VALUE_KEYS)}", at_key=True)
        parts = item.value
        if "value" not in parts:
            self.fault(item, f"{line.name}: has no `value`.", at_key=True)
            return None
        value = self._value(line, parts["value"], line.name)
        low, high = (self._bound(line, parts.get(key), key, value) for key in ("low", "high"))
        source = self._text(parts.get("source"), f"{line.name}.source")
        note = self._text(parts.get("note"), f"{line.name}.note")
        self.told[line.name] = Told(low, high, source, note)
        return value

    def _bound(self, line: Given, item: Located | None, key: str, value: InputScalar) -> float | None:
        """The least or the most that a value may turn out to be."""
        if item is None or item.value is None:
            return None
        name = f"{line.name}.{key}"
        if isinstance(line, Choice):
            self.fault(item, f"{name}: a choice has no range; leave it out.")
            return None
        bound = self._value(line, item, name)
        if not isinstance(bound, float):
            return None
        if value is None:
            self.fault(item, f"{name}: is given, but the value is empty.")
        elif isinstance(value, float) and (bound > value if key == "low" else bound < value):
            side = "above" if key == "low" else "below"
            self.fault(item, f"{name}: {bound:,.15g} is {side} the value {value:,.15g}.")
        return bound

    def _value(self, line: Given, item: Located, name: str) -> InputScalar:
        value = item.value
        if isinstance(line, Pick):
            self.places[line.name] = (item.line, item.column)
            return self._text(item, name) or None
        if isinstance(line, Choice):
            return self._code(line, item, name)
        if value is None:
            if not line.optional:
                self.fault(item, f'{name}: is empty; "{line.label}" needs a number.')
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fault(item, f"{name}: {shown(value)} is not a number.{number_hint(value)}")
            return None
        try:
            number = float(value)
        except OverflowError:
            number = float("inf")
        if number != number or number in (float("inf"), float("-inf")):
            self.fault(item, f"{name}: {shown(value)} is not a finite number.")
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
        wrong = "is empty; choose" if value is None else f"{shown(value)} is not"
        self.fault(item, f"{name}: {wrong} one of {', '.join(line.codes)}.{hint}")
        return line.default_code

    def _benchmark(self, item: Located | None) -> BenchmarkSource:
        if item is None or item.value is None:
            return BenchmarkSource()
        if not isinstance(item.value, dict):
            files = self._texts(item, "benchmark")
            self._must_exist(files, item)
            return BenchmarkSource(files, line=item.line, column=item.column)
        for key, part in item.items():
            if key not in BENCHMARK_KEYS:
                hint = suggestion(key, BENCHMARK_KEYS)
                self.fault(part, f"benchmark.{key}: no such key.{hint}", at_key=True)
        where: dict[str, tuple[object, ...]] = {}
        for key, part in self._known_entries(item.value.get("where"), "benchmark.where", WHERE_KEYS):
            wanted = part.value if isinstance(part.value, list) else [part]
            if not wanted or any(one.value is None or isinstance(one.value, (dict, list)) for one in wanted):
                self.fault(part, f"benchmark.where.{key}: expected a value or a list of values.")
            where[key] = tuple(one.value for one in wanted)
        facts: dict[str, object] = {}
        for key, part in self._known_entries(item.value.get("facts"), "benchmark.facts", FACT_KEYS):
            facts[key] = part.value
            if part.value is None or isinstance(part.value, (dict, list)):
                self.fault(part, f"benchmark.facts.{key}: expected a value.")
            elif key == "gpus_per_instance" and not _is_count(part.value):
                self.fault(part, f"benchmark.facts.{key}: {shown(part.value)} is not a number of GPUs, 1 or more.")
        files = self._texts(item.value.get("files"), "benchmark.files")
        if not files:
            self.fault(item, "benchmark: has no `files`.", at_key=True)
        self._must_exist(files, item.value.get("files", item))
        accept = self._texts(item.value.get("accept"), "benchmark.accept")
        return BenchmarkSource(files, where, facts, accept, item.key_line, item.key_column)

    def _must_exist(self, files: Sequence[str], item: Located) -> None:
        """A missing file is told together with all other faults, at the place that names it."""
        for file in files:
            if not set("*?[") & set(file) and not (self.path.parent / file).exists():
                self.fault(item, f"benchmark.files: {file} is not there (looked in {self.path.parent}).")

    def _known_entries(self, item: Located | None, name: str, known: Sequence[str]) -> list[tuple[str, Located]]:
        if item is None or item.value is None:
            return []
        if not isinstance(item.value, dict):
            self.fault(item, f"{name}: expected {', '.join(known)}, each with its value.")
            return []
        for key, part in item.items():
            if key not in known:
                self.fault(part, f"{name}.{key}: no such key.{suggestion(key, known)}", at_key=True)
        return [(key, part) for key, part in item.items() if key in known]

    def _needs(self, top: Mapping[str, Located], benchmark: BenchmarkSource) -> None:
        if "performance.source" not in self.values:
            return
        told = {fault.message.partition(":")[0] for fault in self.faults}
        if self.values["performance.source"] == "manual":
            for name in ("performance.manual_rps", "performance.manual_gpus"):
                if self.values.get(name) is None and name not in told | self.misspelt:
                    place = top.get("performance", Located(None, 1, 1))
                    self.fault(place, f"{name}: is empty; performance.source: manual needs it.", at_key=True)
        elif not benchmark.files and not {"performance.source", "benchmark"} & (told | self.misspelt):
            message = (
                "benchmark: is missing; give its files, or set performance.source: manual with manual_rps and"
                " manual_gpus."
            )
            self.fault(top.get("benchmark", Located(None, 1, 1)), message, at_key=True)

    def _title(self, item: Located | None) -> str:
        title = self._text(item, "title")
        if item is not None and len(title) > LONGEST_TITLE:
            self.fault(item, f"title: has {len(title)} characters; keep it to {LONGEST_TITLE}.")
        return title or self.path.stem

    def _text(self, item: Located | None, name: str) -> str:
        if item is None or item.value is None:
            return ""
        if isinstance(item.value, (dict, list)):
            self.fault(item, f"{name}: expected a text.")
            return ""
        return " ".join(str(shown(item.value) if isinstance(item.value, bool) else item.value).split())

    def _texts(self, item: Located | None, name: str) -> tuple[str, ...]:
        if item is None or item.value is None:
            return ()
        items = item.value if isinstance(item.value, list) else [item]
        return tuple(text for text in (self._text(one, name) for one in items) if text)

    def _currency(self, item: Located | None) -> str:
        if item is None:
            return DEFAULT_CURRENCY
        if not isinstance(item.value, str) or not _CURRENCY.fullmatch(item.value):
            wrong = "is empty; expected" if item.value is None else f"{shown(item.value)} is not"
            self.fault(item, f"currency: {wrong} three capital letters, such as USD or CNY.")
            return DEFAULT_CURRENCY
        return item.value


def _inputs_of(section: type[Section]) -> dict[str, Given]:
    return {line.attribute: line for line in section.lines if isinstance(line, Given)}


def _is_count(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value < math.inf
