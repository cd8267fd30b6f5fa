"""Benchmark results of any known tool, as points of one normal form.

To add a tool, write a module with the five names of `Reader` and add it to `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Protocol

from tco_xlsx.bench.files import not_finite
from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.sheet import open_quote
from tco_xlsx.bench.notes import sidecar
from tco_xlsx.bench.points.labels import labelled
from tco_xlsx.bench.points.reading import ChosenFiles, Closeness, FileReading, Notice, Reading
from tco_xlsx.bench.points.validate import check
from tco_xlsx.bench.tools import (
    aiconfigurator,
    aiperf,
    console_log,
    genai_bench,
    genai_perf,
    guidellm,
    inference_perf,
    inferencex,
    llmd_report,
    llmperf,
    sglang,
    table,
    trtllm_bench,
    vllm,
)
from tco_xlsx.bench.tools import known_other as not_a_point
from tco_xlsx.bench.walk import FoundFile, find
from tco_xlsx.documents.errors import Fault
from tco_xlsx.documents.paths import NotReadable

__all__ = ["READERS", "Notice", "Reader", "Reading", "read_benchmarks"]


class Reader(Protocol):
    """What a module that reads one tool's files offers."""

    NAME: str
    SIDE_FILES: tuple[str, ...]
    """Patterns of file names that lie beside results and are passed over without a word."""

    def recognises(self, document: Document) -> Closeness | None:
        """How near the file is to a result of this tool; None when nothing speaks for it."""

    def read(self, document: Document) -> FileReading:
        """What a recognised file holds. Never raises for what the file holds, only OSError."""

    def choose(self, parts: tuple[FileReading, ...]) -> ChosenFiles:
        """Of all files of this tool, those to use, so that no run is counted twice."""


# The first that recognises a file reads it: tables last, for their headings may be anybody's.
READERS: tuple[Reader, ...] = (
    aiperf,
    genai_perf,
    inferencex,
    vllm,
    sglang,
    guidellm,
    inference_perf,
    llmd_report,
    trtllm_bench,
    llmperf,
    genai_bench,
    aiconfigurator,
    console_log,
    not_a_point,
    table,
)


def read_benchmarks(
    paths: Sequence[Path],
    *,
    defaults: Mapping[str, object] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """All operating points in files, folders (with all below them) and patterns; in ms and per second.

    `defaults` are what the scenario says of the benchmarks: gpu_type, gpus_per_instance, precision,
    engine, model; they fill what the files leave out. Nothing is raised for what files hold: what stops a
    run is among `faults`, all at once, and what a person should know is among `notices`. `progress` is
    called after each file with how many are done, and how many there are.
    """
    files, notices, faults = find(paths)
    reading = Reading([], notices, faults)
    scenario, wrong = sidecar.given_by_scenario(defaults or {})
    reading.faults += wrong
    parts: dict[str, list[FileReading]] = {reader.NAME: [] for reader in READERS}
    roots: dict[Path, Path] = {}
    for done, found in enumerate(files, start=1):
        roots[found.path] = found.root
        name_and_part = _look_at(found, reading)
        if name_and_part:
            parts[name_and_part[0]].append(name_and_part[1])
        if progress:
            progress(done, len(files))
    used: list[FileReading] = []
    for reader in READERS:
        choice = reader.choose(tuple(parts[reader.NAME]))
        used += choice.parts
        reading.notices += choice.notices
    order = {found.path: place for place, found in enumerate(files)}
    notes = sidecar.Notes()
    for part in sorted(used, key=lambda part: order[part.path]):
        reading.notices += part.notices
        reading.faults += part.faults
        if part.faults:
            continue  # Half a point would only give more faults of the same cause.
        if not part.points and not part.notices and part.kind != "side":
            reading.notices.append(Notice(str(part.path), "no operating point in it."))
        for point in part.points:
            note = notes.for_point(point, part.path, roots[part.path])
            completed, contradictions = sidecar.complete(point, [scenario, *([note] if note else [])])
            reading.points.append(completed)
            reading.faults += contradictions
    reading.faults += notes.faults
    reading.notices += notes.unused()
    sane = check(reading.points)
    reading.points = labelled(sane.points)
    reading.notices += sane.notices
    reading.faults += sane.faults
    # In the order of the files, whichever step a notice comes from.
    places = {str(path): place for path, place in order.items()}
    reading.notices.sort(key=lambda notice: (places.get(notice.path, -1), notice.line))
    if not reading.points and not reading.faults:
        reading.faults += _nothing(paths, reading.notices)
    return reading


def _look_at(found: FoundFile, reading: Reading) -> tuple[str, FileReading] | None:
    """The tool and what the file holds, or None when there is nothing to read in it."""
    path = found.path
    if path.name == sidecar.NOTE or (_is_side_file(path) and not found.named):
        return None
    try:
        document = Document(path)
        read = _recognised(found, document, reading)
        document.refuse_change()
        return read
    except OSError as error:
        _refuse(found, str(NotReadable.because(path, error)), reading)
        return None


def _recognised(found: FoundFile, document: Document, reading: Reading) -> tuple[str, FileReading] | None:
    nearest: tuple[float, str, Closeness] | None = None
    for reader in READERS:
        closeness = reader.recognises(document)
        if closeness and closeness.recognised:
            part = reader.read(document)
            if part.points and document.not_finite:
                told = Notice(document.name, not_finite.message(list(document.not_finite.items())))
                part = replace(part, notices=(*part.notices, told))
            # Tables look for it themselves, row by row.
            is_csv = found.path.suffix.lower() == ".csv" and reader is not table
            if is_csv and not part.faults and (fault := open_quote(document)):
                part = replace(part, faults=(fault,))
            if part.kind != "side":
                reading.notices += [Notice(document.name, remark) for remark in document.remarks]
            return reader.NAME, part
        if closeness and (nearest is None or closeness.share > nearest[0]):
            nearest = (closeness.share, reader.NAME, closeness)
    if _is_side_file(found.path):
        return None
    damage = document.json_fault or document.yaml_fault or document.damage or document.other_kind
    if damage:
        _refuse(found, damage, reading)
        return None
    message = f"not recognised: tried {', '.join(reader.NAME for reader in READERS)}"
    if nearest:
        message += f"; {nearest[1]} comes closest: missing is {' and '.join(nearest[2].missing)}"
    _refuse(found, f"{message}.", reading)
    return None


def _refuse(found: FoundFile, message: str, reading: Reading) -> None:
    """A file given by name must be readable; of one that lies in a folder a person is told."""
    if found.named:
        reading.faults.append(Fault(str(found.path), 0, 0, message))
    else:
        reading.notices.append(Notice(str(found.path), message))


def _is_side_file(path: Path) -> bool:
    return any(fnmatch(path.name, pattern) for reader in READERS for pattern in reader.SIDE_FILES)


def _nothing(paths: Sequence[Path], notices: Sequence[Notice]) -> list[Fault]:
    """Why there is not a single point: with nothing to cost a run cannot go on."""
    faults: list[Fault] = []
    for path in paths:
        reasons = [notice for notice in notices if notice.path.startswith(str(path))]
        why = f" The first of {len(reasons)} notices: {reasons[0]}" if reasons else ""
        message = f"no operating point found; give the result of a benchmark run.{why}"
        faults.append(Fault(str(path), 0, 0, message))
    return faults or [Fault("benchmark", 0, 0, "no file was given; give the result of a benchmark run.")]
