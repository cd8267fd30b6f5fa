"""Scenario files to scenarios: what a file and all that it extends say together, once or once for each combination."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tco_xlsx.documents.errors import BadInput, Fault
from tco_xlsx.documents.located_yaml import FaultsOf, FileName, Located, scalar_of
from tco_xlsx.documents.messages import amount
from tco_xlsx.language.evaluate import InputValue
from tco_xlsx.language.input_notes import InputNotes
from tco_xlsx.language.lines import Given
from tco_xlsx.language.sections import Model
from tco_xlsx.scenario.benchmark import FILES, BenchmarkSource, benchmark_of, missing_files
from tco_xlsx.scenario.completeness import Completeness, merged
from tco_xlsx.scenario.inheritance import Lineage, read_lineage, written_of
from tco_xlsx.scenario.inputs import (
    OVERRIDE,
    Entries,
    Entry,
    InputReader,
    InputScalar,
    NotesByName,
    OriginsByName,
    Place,
    PlacesByName,
    ValuesByName,
    default_of,
    unknown_input,
)
from tco_xlsx.scenario.matrix.naming import Naming
from tco_xlsx.scenario.matrix.read import Matrix, read_matrix
from tco_xlsx.scenario.parsed import CURRENCY, DEFAULT_CURRENCY, PLAIN_KEYS, Statement

__all__ = ["BenchmarkSource", "InputScalar", "Scenario", "load_scenarios"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: every input by name (a number, a choice's code, None for an empty one, or a tuple of them for the
    seats along an axis)."""

    path: Path
    name: str
    """Names the scenario in lists and the workbook's file: the file's name without its ending, unless a matrix says."""
    title: str
    notes: tuple[str, ...]
    currency: str
    benchmark: BenchmarkSource
    values: Mapping[str, InputValue]
    told: Mapping[str, InputNotes]
    sha256: str
    """Of the file; where it extends others or is one of a matrix, of all files together and the variation."""
    overrides: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    """File, line and column where an input is written, for messages; none for a default."""
    lineage: tuple[Path, ...] = ()
    """Every file that was read, itself first, then what it extends."""
    files: tuple[tuple[str, str], ...] = ()
    """Name relative to the scenario's folder, and SHA-256, of each file of the lineage."""
    origins: Mapping[str, Place] = field(default_factory=dict)
    """As `places`, but for comparing: two scenarios whose input has the same origin share what is written there.

    The file is an absolute path without symbolic links, with a number behind it for a value of a range; it is
    ("--set", 0, 0) for an override.
    """
    variation: tuple[str, ...] = ()
    """What the matrix set, such as "server.price = 250000"."""


def load_scenarios(paths: Sequence[Path], model: Model, overrides: Sequence[str] = ()) -> list[Scenario]:
    """Read scenario files; `overrides` are texts "section.name=value" that win over every file.

    A file with a matrix gives many scenarios, in order of its combinations. Raises BadInput with all faults of all
    files.
    """
    faults: list[Fault] = []
    settings = _parse_overrides(overrides, model, faults)
    scenarios: list[Scenario] = []
    for path in paths:
        whole = _Whole(read_lineage(path, model, frozenset(settings)), model, settings, tuple(overrides))
        scenarios.extend(whole.scenarios())
        faults.extend(whole.faults.found)
    if faults:
        raise BadInput(faults)
    return scenarios


def _parse_overrides(overrides: Iterable[str], model: Model, faults: list[Fault]) -> dict[str, Entry]:
    settings: dict[str, tuple[Given, Located]] = {}
    for text in overrides:
        name, equals, value = text.partition("=")
        name = name.strip()
        message = ""
        line = model.by_name.get(name)
        if not equals or not name:
            message = f"{text}: expected section.name=value."
        elif name in PLAIN_KEYS:
            message = f"{name}: is no input and cannot be set here; write it into the file."
        elif not isinstance(line, Given):
            message, _ = unknown_input(name, model)
        else:
            settings[name] = line, _typed(line, value.strip())
        if message:
            faults.append(Fault(OVERRIDE.shown, 0, 0, message))
    complaints = FaultsOf(OVERRIDE.shown)
    reader = InputReader(OVERRIDE, complaints)
    entries = {name: reader.entry(line, item) for name, (line, item) in settings.items()}
    faults.extend(complaints.found)
    return entries


def _typed(line: Given, text: str) -> Located:
    """A value as it is typed: along an axis a list, too, such as [0.5, 0.3]."""
    if line.axis is None or not (text.startswith("[") and text.endswith("]")):
        return Located(scalar_of(text), 0, 0)
    inner = text[1:-1].strip()
    return Located([Located(scalar_of(one.strip()), 0, 0) for one in inner.split(",")] if inner else [], 0, 0)


def _marked(name: str, entry: Entry, lineage: Lineage, model: Model) -> Entry:
    """An input of the command line says that it is one, and what it would be without."""
    line = model.by_name[name]
    assert isinstance(line, Given)
    written = written_of(lineage, name)
    before = f"file: {amount(written.plain())}" if written is not None else ""
    if written is None and default_of(line).value is not None:
        before = f"default: {amount(default_of(line).value)}"
    source = f"set on the command line: --set {name}={amount(entry.value, bare=True)}"
    return replace(entry, told=InputNotes(source="; ".join(part for part in (source, before) if part)))


class _Whole:
    """What a file and all that it extends say together, under the overrides. What is wrong goes to `faults`."""

    def __init__(self, lineage: Lineage, model: Model, settings: dict[str, Entry], overrides: tuple[str, ...]) -> None:
        self.lineage = lineage
        self.model = model
        self.settings = settings
        self.overrides = overrides
        said = lineage.entries | {name: _marked(name, entry, lineage, model) for name, entry in settings.items()}
        self.inputs = {line.name: said.get(line.name) or default_of(line) for line in model.inputs}
        self.others = {name: entry for name, entry in said.items() if name not in self.inputs}
        self.faults = FaultsOf(lineage.statements[0].file.shown if lineage.statements else "")
        self.faults.found += lineage.faults

    def scenarios(self) -> list[Scenario]:
        """The scenario, or one for each combination of the matrix; none when anything is wrong."""
        if not self.lineage.statements:
            return []
        leaf = self.lineage.statements[0]
        said = leaf.top.get("matrix")
        matrix = self._matrix(said, leaf.file) if said is not None else None
        is_sound = not self.faults.found
        if self.lineage.is_whole and (said is None or matrix is not None):
            told = Completeness(self.lineage.statements, self.model, self.faults.found)
            self.faults.found += told.faults(self.inputs, self.others, matrix, is_sound)
        self._must_exist(matrix)
        if self.faults.found:
            return []
        plain = self._plain(leaf)
        made = [plain] if matrix is None else self._combined(plain, matrix, leaf.file)
        return [] if self.faults.found else made

    def _matrix(self, said: Located, file: FileName) -> Matrix | None:
        matrix = read_matrix(said, file, self.model, self.faults)
        setters = matrix.setters if matrix else {}
        for name in self.settings:
            if name in setters:
                message = (
                    f"{name}: is varied by the matrix of {file.shown} ({setters[name]}); give it in one place only."
                )
                self.faults.found.append(Fault(OVERRIDE.shown, 0, 0, message))
        return matrix

    def _must_exist(self, matrix: Matrix | None) -> None:
        """Benchmark files that are named and not there; those that every combination replaces need not be."""
        layers = [option.entries for axis in matrix.axes for option in axis.options] if matrix else []
        replaced = matrix is not None and any(
            all(FILES in option.entries for option in axis.options) for axis in matrix.axes
        )
        if matrix is not None:
            layers += [one.further for one in matrix.includes]
        for layer in layers if replaced else [self.others, *layers]:
            if FILES in layer:
                self.faults.found += missing_files(layer[FILES])

    def _combined(self, plain: Scenario, matrix: Matrix, file: FileName) -> list[Scenario]:
        naming = Naming(matrix, plain.title, plain.path.stem, self.faults)
        digest = hashlib.sha256(plain.sha256.encode())
        varies = any(name not in self.inputs for name in matrix.setters)
        benchmarks: dict[tuple[int, ...], BenchmarkSource] = {}
        made: list[Scenario] = []
        for one in matrix.combinations():
            layers = [layer for layer in (one.further, *(option.entries for option in one.options)) if layer]
            entries = Entries(*layers, self.inputs)
            benchmark = plain.benchmark
            if varies:
                kind = tuple(id(entry) for layer in layers for name, entry in layer.items() if name not in self.inputs)
                if kind not in benchmarks:
                    benchmarks[kind] = benchmark_of(merged(self.others, layers), file.folder)
                benchmark = benchmarks[kind]
            own = digest.copy()
            own.update("\n".join(("", *one.variation)).encode())
            name, title = naming.of(one, entries)
            made.append(
                replace(
                    plain,
                    name=name,
                    title=title,
                    benchmark=benchmark,
                    values=ValuesByName(entries),
                    told=NotesByName(entries),
                    sha256=own.hexdigest(),
                    places=PlacesByName(entries),
                    origins=OriginsByName(entries),
                    variation=one.variation,
                )
            )
        return made

    def _plain(self, leaf: Statement) -> Scenario:
        """The scenario that the files give, before anything is varied."""
        statements = self.lineage.statements
        folder = leaf.file.folder
        entries = Entries(self.inputs)
        digests = [one.sha256 for one in statements]
        path = Path(leaf.file.shown)
        return Scenario(
            path=path,
            name=path.stem,
            title=leaf.title or path.stem,
            notes=leaf.notes,
            currency=self.others[CURRENCY].value if CURRENCY in self.others else DEFAULT_CURRENCY,
            benchmark=benchmark_of(self.others, folder),
            values=ValuesByName(entries),
            told=NotesByName(entries),
            sha256=digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest(),
            overrides=self.overrides,
            places=PlacesByName(entries),
            lineage=tuple(Path(one.file.shown) for one in statements),
            files=tuple((Path(os.path.relpath(one.file.shown, folder)).as_posix(), one.sha256) for one in statements),
            origins=OriginsByName(entries),
        )
