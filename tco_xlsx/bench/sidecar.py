"""What the benchmark files do not say: from the scenario, or from a note `benchmark.yaml` beside them.

No load generator records GPU type, GPU count and precision reliably. A value in the file itself comes
first, then the scenario, then the note. A given value that contradicts the file is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tco_xlsx.bench.given import KEYS, Given, agree, checked
from tco_xlsx.bench.point import Point
from tco_xlsx.errors import BadInput, Fault, did_you_mean
from tco_xlsx.files import read_yaml

NOTE = "benchmark.yaml"

THE_SCENARIO = "the scenario"


def given_by_scenario(defaults: Mapping[str, object]) -> tuple[Given, list[Fault]]:
    """The values that the scenario gives. Keys that are not in KEYS, or of another type, are faults."""
    values: dict[str, str | float] = {}
    faults: list[Fault] = []
    for key, value in defaults.items():
        fault = _take(key, value, values)
        if fault:
            faults.append(Fault("scenario", 0, 0, fault))
    return Given(THE_SCENARIO, values), faults


class Notes:
    """The notes beside the files, each read once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._read: dict[Path, Given] = {}

    def nearest(self, file: Path, root: Path) -> Given | None:
        """The note nearest to a file, going up from its folder to the root that was given."""
        for folder in file.parents:
            note = folder / NOTE
            if note in self._read or note.is_file():
                return self._given(note)
            if folder == root:
                break
        return None

    def _given(self, note: Path) -> Given:
        if note not in self._read:
            values, faults = _read_note(note)
            self._read[note] = Given(str(note), values)
            self.faults += faults
        return self._read[note]


def complete(point: Point, givens: Sequence[Given]) -> tuple[Point, list[Fault]]:
    """The point with what it lacked, the first of `givens` first. Faults: contradictions with the file."""
    faults: list[Fault] = []
    added: dict[str, Any] = {}
    sources: dict[str, list[str]] = {}
    for given in givens:
        for key, value in given.values.items():
            own = getattr(point, key)
            if own is None and key not in added:
                added[key] = value
                sources.setdefault(given.source, []).append(key)
            elif own is not None and not agree(key, own, value):
                message = (
                    f"{key}: the file says {_shown(own)}, {given.source} says {_shown(value)}. "
                    "Correct the one that is wrong."
                )
                faults.append(Fault(point.file, point.line, 0, message))
    notes = tuple(f"{', '.join(keys)} from {source}" for source, keys in sources.items())
    return replace(point, **added, notes=(*point.notes, *notes)), faults


def missing_gpu_count(points: Iterable[Point]) -> list[Fault]:
    """A fault for each file with a point whose GPUs per instance are not known: it cannot be costed."""
    lacking: dict[str, int] = {}
    for point in points:
        if point.gpus_per_instance is None:
            lacking[point.file] = lacking.get(point.file, 0) + 1
    faults: list[Fault] = []
    for file, count in lacking.items():
        is_table = Path(file).suffix.lower() in (".csv", ".tsv", ".xlsx")
        column = 'add a column "gpus_per_instance", or ' if is_table else ""
        message = (
            f"gpus_per_instance is not known ({count} point{'s' if count > 1 else ''}): nothing is costed "
            f"on a guess. To mend it, {column}write `gpus_per_instance: 8` (with your number) "
            f"into the scenario or into {Path(file).parent / NOTE}."
        )
        faults.append(Fault(file, 0, 0, message))
    return faults


def _read_note(note: Path) -> tuple[dict[str, str | float], list[Fault]]:
    name = str(note)
    try:
        located = read_yaml(note)
    except BadInput as bad:
        return {}, list(bad.faults)
    if located.value is None:
        return {}, []
    if not isinstance(located.value, dict):
        message = f"expected keys and values ({', '.join(KEYS)}), such as gpus_per_instance: 8."
        return {}, [Fault(name, located.line, located.column, message)]
    values: dict[str, str | float] = {}
    faults: list[Fault] = []
    for key, item in located.value.items():
        fault = _take(key, item.plain(), values)
        if fault:
            # An unknown key is wrong where the key stands, a wrong value where the value does.
            line, column = (item.line, item.column) if key in KEYS else (item.key_line, item.key_column)
            faults.append(Fault(name, line or item.line, column or item.column, fault))
    return values, faults


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
