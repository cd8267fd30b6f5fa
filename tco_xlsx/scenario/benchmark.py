"""The `benchmark` section: which files, which of their points, and what the files do not say.

Each thing said in it is an entry of its own, such as `benchmark.where.isl`: so a file that extends another, or a
matrix, replaces one of them and leaves the others.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from tco_xlsx.documents.errors import Fault
from tco_xlsx.documents.located_yaml import Located
from tco_xlsx.documents.messages import number_hint, shown, suggestion
from tco_xlsx.documents.paths import NotReadable, look
from tco_xlsx.scenario.inputs import Entry, InputReader, Place

BENCHMARK_KEYS = {
    "files": "A file, folder or pattern, or a list of them; relative to the file that says so.",
    "where": "Which points to use: model, gpu_type, precision, engine, tool, isl, osl, concurrency; a value or a list.",
    "facts": "What the files do not say: gpus_per_instance, gpu_type, precision, engine, model.",
    "accept": "Names of suspicious points that count all the same, as `bench` shows them; one, or a list.",
}
WHERE_KEYS = ("model", "gpu_type", "precision", "engine", "tool", "isl", "osl", "concurrency")
NUMBER_KEYS = ("isl", "osl", "concurrency")
"""Those of WHERE_KEYS that are held against numbers: a text would find nothing."""
FACT_KEYS = ("model", "gpu_type", "gpus_per_instance", "precision", "engine")

# All names of results are alike: only a slip of the finger is told.
_NEAR = 0.85
SECTION, FILES, ACCEPT, WHERE, FACTS = (
    "benchmark",
    "benchmark.files",
    "benchmark.accept",
    "benchmark.where",
    "benchmark.facts",
)
_MAGIC = frozenset("*?[")


@dataclass(frozen=True)
class BenchmarkSource:
    """Where the benchmark results are, which points count, and what the files do not say.

    `files` are relative to the scenario's folder, whichever file names them. `path`, `line` and `column` are the place
    of the section; `places` that of each thing said in it, such as `benchmark.where.isl`.
    """

    files: tuple[str, ...] = ()
    where: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    accept: tuple[str, ...] = ()
    line: int = 0
    column: int = 0
    path: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)


class BenchmarkReader:
    """Reads a `benchmark` section, or single things of it, into entries.

    `may_drop`: an empty filter or fact is no fault; it takes away one that is said elsewhere.
    """

    def __init__(self, inputs: InputReader, may_drop: bool = False) -> None:
        self.inputs = inputs
        self.faults = inputs.faults
        self.may_drop = may_drop

    def entries(self, item: Located | None) -> dict[str, Entry]:
        """What a section says, by name; empty when it says nothing."""
        if item is None or item.value is None:
            return {}
        if not isinstance(item.value, dict):
            files = self.inputs.texts(item, SECTION)
            return {SECTION: self._at(item, None), FILES: self._at(item, files)} if files else {}
        found = {SECTION: Entry(None, self.inputs.file, item.key_line or item.line, item.key_column or item.column)}
        for key, part in item.items():
            found |= self.part(key, part)
        return found

    def part(self, key: str, part: Located) -> dict[str, Entry]:
        """What one key of the section says: `files`, `where`, `where.isl` ..."""
        group, _, name = key.partition(".")
        if group == "where" or group == "facts":
            if name:
                return self._one(group, name, part)
            return self._all(group, part)
        if name or group not in BENCHMARK_KEYS:
            self.faults.add(part, f"benchmark.{key}: no such key.{suggestion(key, BENCHMARK_KEYS)}", at_key=True)
            return {}
        if part.value is None:
            return {}
        return {f"benchmark.{key}": self._at(part, self.inputs.texts(part, f"benchmark.{key}"))}

    def _all(self, group: str, item: Located) -> dict[str, Entry]:
        known = WHERE_KEYS if group == "where" else FACT_KEYS
        if item.value is not None and not isinstance(item.value, dict):
            self.faults.add(item, f"benchmark.{group}: expected {', '.join(known)}, each with its value.")
        found: dict[str, Entry] = {}
        for name, part in item.items():
            found |= self._one(group, name, part)
        return found

    def _one(self, group: str, key: str, part: Located) -> dict[str, Entry]:
        known, name = WHERE_KEYS if group == "where" else FACT_KEYS, f"benchmark.{group}.{key}"
        if key not in known:
            self.faults.add(part, f"{name}: no such key.{suggestion(key, known)}", at_key=True)
            return {}
        if part.value is None and self.may_drop:
            return {name: self._at(part, None)}
        if group == "where":
            wanted = part.value if isinstance(part.value, list) else [part]
            if not wanted or any(one.value is None or isinstance(one.value, (dict, list)) for one in wanted):
                self.faults.add(part, f"{name}: expected a value or a list of values.")
                return {name: self._at(part, None)}
            if key in NUMBER_KEYS:
                for one in wanted:
                    if isinstance(one.value, bool) or not isinstance(one.value, (int, float)):
                        told = f"{name}: {shown(one.value)} is not a number.{number_hint(one.value)}"
                        self.faults.add(one, told)
            return {name: self._at(part, tuple(one.value for one in wanted))}
        if part.value is None or isinstance(part.value, (dict, list)):
            self.faults.add(part, f"{name}: expected a value.")
        elif key == "gpus_per_instance" and not _is_count(part.value):
            self.faults.add(part, f"{name}: {shown(part.value)} is not a number of GPUs, 1 or more.")
        return {name: self._at(part, part.value)}

    def _at(self, item: Located, value: object) -> Entry:
        return Entry(value, self.inputs.file, item.line, item.column)


def benchmark_of(entries: Mapping[str, Entry], folder: Path) -> BenchmarkSource:
    """The benchmark of a scenario in `folder`, from all that is said of it."""
    said = {name: entry for name, entry in entries.items() if name.partition(".")[0] == SECTION}
    if not said:
        return BenchmarkSource()
    path, line, column = (said.get(SECTION) or next(iter(said.values()))).place
    files, accept = entries.get(FILES), entries.get(ACCEPT)
    where, facts = (
        {name.rpartition(".")[2]: entry.value for name, entry in said.items() if entry.value is not None and
         name.startswith(f"{group}.")}
        for group in (WHERE, FACTS)
    )  # fmt: skip
    return BenchmarkSource(
        files=_seen_from(folder, files) if files else (),
        where=where,
        facts=facts,
        accept=accept.value if accept else (),
        line=line,
        column=column,
        path=path,
        places={name: entry.place for name, entry in said.items() if name != SECTION},
    )


def missing_files(entry: Entry) -> list[Fault]:
    """A file that is named and not there is told together with all other faults, at the place that names it."""
    assert entry.file is not None
    path, line, column = entry.place
    folder = entry.file.folder
    return [
        Fault(path, line, column, f"benchmark.files: {file} is not there (looked in {folder}).{_near(folder / file)}")
        for file in entry.value
        if _is_nowhere(folder / file, is_pattern=bool(_MAGIC & set(file)))
    ]


def _is_nowhere(path: Path, is_pattern: bool) -> bool:
    """Whether nothing can be found by a name. Of what is there reading it says what is the matter."""
    try:
        look(path)
    except NotReadable as refused:
        return refused.is_no_name or (refused.is_missing and not is_pattern)
    return False


def _near(path: Path) -> str:
    """What lies in the same folder under a similar name."""
    try:
        beside = sorted(item.name for item in path.parent.iterdir())
    except (OSError, ValueError):
        return ""
    near = get_close_matches(path.name, beside, n=1, cutoff=_NEAR)
    return f" Did you mean {near[0]}?" if near else ""


def _seen_from(folder: Path, files: Entry) -> tuple[str, ...]:
    """Files relative to the scenario's folder, though another file names them relative to its own."""
    assert files.file is not None
    said: Sequence[str] = files.value
    home = files.file.folder
    if home == folder:
        return tuple(said)
    # `a/../b` is not `b` where `a` is a symbolic link: only a path that leads to the same folder is shortened.
    way = os.path.relpath(home, folder)
    if os.path.realpath(folder / way) != os.path.realpath(home):
        way = os.path.realpath(home)
    return tuple(_shortened(folder, Path(way), file) for file in said)


def _shortened(folder: Path, way: Path, file: str) -> str:
    plain = os.path.normpath(way / file)
    same = os.path.realpath(folder / Path(plain).parent) == os.path.realpath(folder / (way / file).parent)
    return Path(plain if same else way / file).as_posix()


def _is_count(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value < math.inf
