"""What the benchmark files do not say: from the scenario, or from a note `benchmark.yaml` (see `note`).

No load generator records GPU type, GPU count and precision reliably. A value in the file itself comes
first, then the scenario, then the note. A given value that contradicts the file is a fault.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tco_xlsx.bench.notes.facts import KEYS, Facts, agree, checked
from tco_xlsx.bench.notes.note import Note, read_note
from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import Notice
from tco_xlsx.documents.errors import Fault, did_you_mean

NOTE = "benchmark.yaml"

THE_SCENARIO = "the scenario"

# Of files that lack a GPU count.
_SHOWN = 3

# What a path says of the lengths is what was asked for.
_ASKED = {"isl": "isl_asked", "osl": "osl_asked"}
_LOADS = ("concurrency", "request_rate")


def given_by_scenario(defaults: Mapping[str, object]) -> tuple[Facts, list[Fault]]:
    """The values that the scenario gives. Keys that are not in KEYS, or of another type, are faults."""
    values: dict[str, str | float] = {}
    faults: list[Fault] = []
    for key, value in defaults.items():
        fault = _take(key, value, values)
        if fault:
            faults.append(Fault("scenario", 0, 0, fault))
    return Facts(THE_SCENARIO, values), faults


class Notes:
    """The notes beside the files, each read once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._read: dict[Path, Note] = {}
        self._nearest: dict[tuple[Path, Path], Note | None] = {}

    def for_point(self, point: Point, file: Path, root: Path) -> Facts | None:
        """What the nearest note says, going up from the file's folder to the root that was given."""
        key = (file.parent, root)
        if key not in self._nearest:
            self._nearest[key] = self._find(file, root)
        note = self._nearest[key]
        return note.given(file, point.model) if note else None

    def unused(self) -> list[Notice]:
        """A notice for each rule that fitted no file: it may be misspelt."""
        return [
            Notice(str(note.file), f"{what} fits none of the points read; is it misspelt?", line)
            for note in self._read.values()
            for line, what in note.unused()
        ]

    def _find(self, file: Path, root: Path) -> Note | None:
        for folder in file.parents:
            path = folder / NOTE
            if path in self._read or os.path.lexists(path):
                return self._note(path)
            if folder == root:
                break
        return None

    def _note(self, path: Path) -> Note:
        if path not in self._read:
            self._read[path], faults = read_note(path)
            self.faults += faults
        return self._read[path]


def complete(point: Point, givens: Sequence[Facts]) -> tuple[Point, list[Fault]]:
    """The point with what it lacked, the first of `givens` first. Faults: contradictions with the file."""
    faults: list[Fault] = []
    if not any(given.values for given in givens):
        return point, faults
    added: dict[str, Any] = {}
    sources: dict[str, list[str]] = {}
    for given in givens:
        for name, value in given.values.items():
            key = _ASKED.get(name, name)
            own = getattr(point, key)
            # A file that was loaded at a rate has no concurrency, and the other way round.
            if own is None and key not in added and not (key in _LOADS and point.load_kind in ("concurrency", "rate")):
                added[key] = value
                sources.setdefault(given.source, []).append(name)
                if key == "gpus_per_instance":
                    added["gpu_source"] = "scenario" if given.source == THE_SCENARIO else "note"
            elif own is not None and not agree(key, own, value):
                message = (
                    f"{key}: the file says {_shown(own)}, {given.source} says {_shown(value)}. "
                    "Correct the one that is wrong."
                )
                faults.append(Fault(point.file, point.line, 0, message))
    for name, key in _ASKED.items():
        if key in added and getattr(point, name) is None:
            added[name] = added[key]
    notes = tuple(f"{', '.join(keys)} from {source}" for source, keys in sources.items())
    return replace(point, **added, notes=(*point.notes, *notes)), faults


def missing_gpu_count(points: Iterable[Point]) -> str | None:
    """What to write where when the GPUs of some points are not known, for all files at once: none is costed then."""
    lacking = [point for point in points if point.gpus_per_instance is None]
    if not lacking:
        return None
    files = list(dict.fromkeys(point.file for point in lacking))
    shown = ", ".join(files[:_SHOWN]) + (f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else "")
    count = f"{len(lacking)} point{'s' if len(lacking) > 1 else ''} of {len(files)} file{'s' if len(files) > 1 else ''}"
    is_table = any(Path(file).suffix.lower() in (".csv", ".tsv", ".xlsx") for file in files)
    note = Path(files[0]).parent / NOTE
    column = ', or add a column "gpus_per_instance"' if is_table else ""
    return (
        f"the GPUs of one instance are not known for {count} ({shown}): nothing is costed on a guess. "
        "Write `facts: {gpus_per_instance: 8}` (with your number) below `benchmark:` in the scenario; "
        f"where they differ between files, `gpus_per_instance: 8` into a note beside them ({note})"
        f"{column}."
    )


def _take(key: str, value: object, values: dict[str, str | float]) -> str | None:
    """Puts a valid value among `values`; else says what is wrong."""
    if key not in KEYS:
        return f"{key}: no such key; known are {', '.join(KEYS)}.{did_you_mean(key, KEYS)}"
    try:
        taken = checked(key, value)
    except ValueError as error:
        return str(error)
    if taken is not None:
        values[key] = taken
    return None


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else f'"{value}"'
