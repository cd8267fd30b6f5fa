"""What was built into a folder: a record for each scenario, so that a rerun need not compute it again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from tco_xlsx.batch.folder import Folder
from tco_xlsx.documents.atomic import PartFile

Status = Literal["built", "no point", "failed", "gone"]
Value = float | int | str | None

_FORMAT = 1
_VALUE_TYPES = {float, int, str, type(None)}


@dataclass(frozen=True)
class Origin:
    """Where a scenario comes from, and what it was made of: enough to see, without reading it, whether it changed."""

    source: str
    """The scenario's file, as seen from the folder."""
    place: int
    """Its place among the scenarios of that file, from 0."""
    of: int
    """How many scenarios that file gives."""
    lineage: tuple[tuple[str, str], ...] = ()
    """Each file that was read for it, as seen from the folder, and the SHA-256 of its text."""
    benchmark: tuple[str, ...] = ()
    """The files, folders and patterns of its benchmark, as seen from the folder."""


@dataclass(frozen=True)
class LedgerEntry:
    """What a rerun must know of a scenario. Thousands are held at once."""

    stem: str
    """The stem of its workbook's file name, and of its record's."""
    name: str
    origin: Origin
    status: Status
    fingerprint: str = ""
    """Stands for all that the workbook hangs on; empty where there is none of that state."""
    sha256: str = ""
    """Of the workbook as it was written; empty when there never was one."""


@dataclass(frozen=True)
class Record:
    """A scenario as the index and the results tell it."""

    entry: LedgerEntry
    title: str
    currency: str
    reason: str = ""
    """Why it failed, or why there is no operating point."""
    headline: str = ""
    failing: tuple[str, ...] = ()
    """Labels of the checks that fail."""
    notes: tuple[str, ...] = ()
    """What a person should know of its benchmark."""
    values: Mapping[str, Value] = dataclasses.field(default_factory=dict)


class Ledger:
    """The records of a folder, a small file each. One that is broken, or of another format, counts as absent."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def entries(self) -> Iterator[LedgerEntry]:
        """What is recorded, in order of the files' names, without results."""
        shared: dict[object, Any] = {}
        for path in sorted(self._folder.records.glob("*.json")):
            entry = self._entry(path)
            if entry is not None:
                origin = entry.origin
                # Thousands of variations of one file have these in common.
                lineage = shared.setdefault(origin.lineage, origin.lineage)
                benchmark = shared.setdefault(origin.benchmark, origin.benchmark)
                source = shared.setdefault(origin.source, origin.source)
                origin = dataclasses.replace(origin, lineage=lineage, benchmark=benchmark, source=source)
                yield dataclasses.replace(entry, origin=origin)

    def read(self, stem: str) -> Record | None:
        """The record of a scenario."""
        return self._read(self._path(stem))

    def write(self, record: Record) -> None:
        """Record a scenario, whole or not at all."""
        with self.part(record) as part:
            self.publish(part, record.entry.stem)

    def part(self, record: Record) -> PartFile:
        """A record as it lies on the disk before anything else is changed: a full disk is noticed here."""
        # Two lines: a rerun looks at the first of thousands and needs no results.
        entry, told = dict(vars(record.entry)), dict(vars(record))
        entry["origin"] = vars(record.entry.origin)
        del told["entry"]
        lines = (json.dumps(each, ensure_ascii=False, allow_nan=False) for each in ({"format": _FORMAT, **entry}, told))
        part = PartFile(self._folder.parts)
        try:
            part.write("\n".join(lines).encode(errors="surrogatepass"))
        except BaseException:
            part.__exit__()
            raise
        return part

    def publish(self, part: PartFile, stem: str) -> None:
        """Make a written record the scenario's."""
        part.publish(self._path(stem))

    def forget(self, stem: str) -> None:
        """Remove a record: until the next is written, nothing is claimed of its workbook."""
        self._path(stem).unlink(missing_ok=True)

    def _path(self, stem: str) -> Path:
        return self._folder.records / f"{stem}.json"

    def _entry(self, path: Path) -> LedgerEntry | None:
        try:
            with path.open("rb") as file:
                return _entry_of(file.readline(), path.stem)
        except OSError:
            return None

    def _read(self, path: Path) -> Record | None:
        try:
            first, _, rest = path.read_bytes().partition(b"\n")
            entry = _entry_of(first, path.stem)
            if entry is None:
                return None
            told = json.loads(rest, parse_constant=_refuse)
            failing, notes = (tuple(map(str, told.pop(name))) for name in ("failing", "notes"))
            record = Record(entry=entry, failing=failing, notes=notes, **told)
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            return None
        return record if _sound(record) else None


def _entry_of(line: bytes, stem: str) -> LedgerEntry | None:
    """The first line of a record; None for one that is broken, of another format or another scenario."""
    try:
        told = json.loads(line)
        if told.pop("format") != _FORMAT:
            return None
        origin = told.pop("origin")
        lineage = tuple((str(name), str(digest)) for name, digest in origin.pop("lineage"))
        benchmark = tuple(map(str, origin.pop("benchmark")))
        entry = LedgerEntry(origin=Origin(lineage=lineage, benchmark=benchmark, **origin), **told)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
    texts = (entry.name, entry.fingerprint, entry.sha256, entry.origin.source)
    numbers = (entry.origin.place, entry.origin.of)
    is_sound = all(isinstance(text, str) for text in texts) and all(isinstance(number, int) for number in numbers)
    return entry if is_sound and entry.status in get_args(Status) and entry.stem == stem else None


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number of ours")


def _sound(record: Record) -> bool:
    """Whether a record that somebody else may have written has the types that we count on."""
    texts = (record.title, record.currency, record.reason, record.headline)
    return (
        all(isinstance(text, str) for text in texts)
        and isinstance(record.values, dict)
        and {type(value) for value in record.values.values()} <= _VALUE_TYPES
    )
