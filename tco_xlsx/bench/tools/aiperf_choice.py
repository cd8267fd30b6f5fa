"""Which of AIPerf's files to use, so that no run is counted twice.

One run of 0.13 lies in up to seven files: its JSON and CSV, the same below `phases/profiling`, a warm-up
below `phases/warmup`, and, averaged, in `aggregate/` and `sweep_aggregate/`.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import ChosenFiles, FileReading, Notice

_AGGREGATE_FOLDERS = ("aggregate", "sweep_aggregate")


@dataclass(frozen=True)
class Phase:
    """A file below `phases/`: the folder of its run, and the name of the phase."""

    run: Path
    name: str


def phase_of(path: Path) -> Phase | None:
    """The phase a file tells of, when it lies in <run>/phases/<name>/."""
    folder = path.parent
    return Phase(folder.parent.parent, folder.name) if folder.parent.name == "phases" else None


def choose(parts: tuple[FileReading, ...]) -> ChosenFiles:
    """One part per run: no warm-ups, no copies of phases, no CSV of a JSON, no aggregate of runs at hand."""
    notices: list[Notice] = []

    def leave_out(part: FileReading, why: str) -> None:
        notices.append(Notice(str(part.path), why))

    runs = [part for part in parts if part.kind in ("run", "csv")]
    aggregates = [part for part in parts if part.kind == "aggregate"]
    jsons = {_place(part.path).with_suffix("") for part in runs if part.kind == "run"}
    folders = {_place(part.path).parent for part in runs}
    used: list[FileReading] = []
    for part in parts:
        if part.kind == "warm-up":
            leave_out(part, "warm-up, left out.")
        elif part.kind == "aggregate csv":
            leave_out(part, "skipped: AIPerf aggregate as CSV; its runs or its JSON are read instead.")
        elif part.kind in ("run", "csv"):
            phase = phase_of(part.path)
            if phase and _place(phase.run) in folders:
                leave_out(part, f"skipped: a phase of the run in {phase.run}, which is read.")
            elif part.kind == "csv" and _place(part.path).with_suffix("") in jsons:
                leave_out(part, "skipped: the same run as the JSON beside it, which is read.")
            else:
                used.append(part)
        elif part.kind == "side":
            used.append(part)
    for part in sorted(aggregates, key=lambda part: "sweep" in part.path.name):
        # Aggregates before sweeps: both tell of the same loads, the aggregate in more detail.
        known = [(_place(other.path), point) for other in used for point in other.points]
        fresh = tuple(point for point in part.points if not _is_known(part.path, point, known))
        if fresh or not part.points:
            used.append(replace(part, points=fresh))
        if len(fresh) < len(part.points):
            leave_out(part, "skipped: AIPerf aggregate, read from its runs.")
    order = {part.path: place for place, part in enumerate(parts)}
    return ChosenFiles(tuple(sorted(used, key=lambda part: order[part.path])), tuple(notices))


def _is_known(path: Path, point: Point, known: Iterable[tuple[Path, Point]]) -> bool:
    """Whether another file below the same folder tells of this load."""
    base = _base(_place(path))
    return any(
        base in place.parents
        and point.concurrency in (None, other.concurrency)
        and point.request_rate in (None, other.request_rate)
        for place, other in known
    )


def _base(path: Path) -> Path:
    """The folder an aggregate tells of: the one above `aggregate` or `sweep_aggregate`."""
    base = path.parent
    for folder in path.parents:
        if folder.name in _AGGREGATE_FOLDERS:
            base = folder.parent
    return base


def _place(path: Path) -> Path:
    # Files may be given once relative and once absolute.
    return Path(os.path.abspath(path))
