"""From benchmark files to the points of one scenario: read, filtered and complete."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from tco_xlsx.bench.cache import ReadingCache
from tco_xlsx.bench.notes.sidecar import missing_gpu_count
from tco_xlsx.bench.points import labels
from tco_xlsx.bench.points.laws import LATENCIES
from tco_xlsx.bench.points.point import STATISTICS, Point, altered
from tco_xlsx.bench.points.reading import Notice
from tco_xlsx.bench.points.token_kinds import kinds_of
from tco_xlsx.bench.points.trials import merge_trials
from tco_xlsx.documents.errors import BadInput, Fault, did_you_mean
from tco_xlsx.language.lines import Line
from tco_xlsx.model import roles
from tco_xlsx.scenario.load import Scenario

# A filter names the nominal length; the measured one may differ by what a tokenizer adds.
_FILTER_LENGTH = 0.02
# Of names that could be meant.
_SHOWN = 4
# A name that is not in full is looked for among all points, and a mistaken one is held against all of their names.
_MOST_SEARCHED, _MOST_GUESSED = 1_000, 20_000


@dataclass(frozen=True)
class Selection:
    """The points that a scenario uses, in order of load; how many were read; and from which files."""

    points: Sequence[Point] = ()
    read: int = 0
    notices: Sequence[Notice] = ()
    files: Sequence[tuple[str, str]] = ()
    """Name relative to the scenario, and SHA-256, of each file that a point came from."""
    kinds: Sequence[str | None] = ()
    """For each point the kind of its lengths among all of them, such as "1000 / 200"; see `token_kinds`."""


def benchmark_paths(scenario: Scenario) -> list[Path]:
    """The files, folders and patterns of a scenario's benchmark."""
    return [scenario.path.parent / file for file in scenario.benchmark.files]


def select(scenario: Scenario, shelf: ReadingCache | None = None) -> Selection:
    """Read and choose the points of a scenario; none when it gives no benchmark.

    A `shelf` remembers what scenarios share. Raises BadInput: unreadable files, a point without a GPU count, or no
    point left.
    """
    source = scenario.benchmark
    if not source.files:
        return Selection()
    base, paths, shelf = scenario.path.parent, benchmark_paths(scenario), shelf or ReadingCache()
    asked = (source.files, repr(source.where), repr(source.facts), source.accept)
    key = (str(base), shelf.snapshot(paths, base).digest, asked)
    return shelf.once(key, lambda: _selected(scenario, paths, base, shelf))


def _selected(scenario: Scenario, paths: Sequence[Path], base: Path, shelf: ReadingCache) -> Selection:
    source = scenario.benchmark
    reading = shelf.read(paths, base, source.facts)
    place = _Place(source.path or str(scenario.path), source.line, source.column)
    faults = [place.fault(f.message) if f.path == "scenario" else f for f in reading.faults]
    if faults:
        raise BadInput(faults)
    points = [point for point in merge_trials(reading.points) if _wanted(point, source.where)]
    if not points:
        raise BadInput(
            [place.fault(f"benchmark.where: none of the {len(reading.points)} points fits. {_held(reading.points)}")]
        )
    points, wrong = _accepted(points, source.accept)
    missing = missing_gpu_count(points)
    if wrong or missing:
        raise BadInput([place.fault(message) for message in (*wrong, *([missing] if missing else []))])
    points.sort(key=_load)
    named = {file: _relative(file, base) for file in {point.file for point in points}}
    files = sorted((name, shelf.sha256(Path(file))) for file, name in named.items())
    used = [
        altered(point, file=named[point.file], notes=tuple(_beside(note, base) for note in point.notes))
        for point in points
    ]
    return Selection(used, len(reading.points), reading.notices, files, kinds_of(points))


# Lines that are not called as the field of a point, and those that no single field holds.
_FIELDS = {roles.point_gpus.name: "gpus_per_instance"}
_WORKED_OUT = {roles.trusted.name, roles.point_tokens.name}


def fields_of(lines: Iterable[Line]) -> dict[str, Callable[[Point], float | str | None]]:
    """For each line of benchmark points how its figure or text is taken from a point; without those that `figures`
    works out. A line has the name of its field, `ttft_avg` being that of a statistic of a latency.

    Raises TypeError for a line that no field of a point holds: its column would be empty without a word.
    """
    known = {field.name for field in dataclasses.fields(Point)}
    found: dict[str, Callable[[Point], float | str | None]] = {}
    for line in lines:
        name = _FIELDS.get(line.name, line.attribute)
        latency, _, statistic = name.rpartition("_")
        if name in known:
            found[line.attribute] = attrgetter(name)
        elif latency in LATENCIES and statistic in STATISTICS:
            found[line.attribute] = attrgetter(f"{latency}.{statistic}")
        elif line.name not in _WORKED_OUT:
            raise TypeError(f"{line.name}: no field of a benchmark point holds it; say here where it comes from.")
    return found


_TAKEN = tuple(fields_of(roles.measured).items())


def figures(point: Point, accepted: Collection[str] = (), kind: str | None = None) -> dict[str, float | str | None]:
    """The figures and facts of a point under the names of the model's lines: every one that the model measures.

    `accepted` names points to trust; `kind` is that of its lengths among the points, if there are others.
    """
    told = {name: take(point) for name, take in _TAKEN}
    told[roles.point_tokens.attribute] = kind or tokens_of(point)
    told[roles.trusted.attribute] = 0.0 if point.suspicious and point.label not in accepted else 1.0
    return told


def tokens_of(point: Point) -> str | None:
    """The lengths of one point's requests in words: as asked for, or as measured to the nearest token."""
    return kinds_of([point])[0]


def facts(point: Point) -> dict[str, str]:
    """What is known of a point beside the model's lines, as texts."""
    return {
        "tool": point.tool if point.measured else f"{point.tool} (predicted)",
        "label": point.label,
        "notes": "; ".join((*(f"suspicious: {reason}" for reason in point.suspicious), *point.notes)),
    }


def _accepted(points: Sequence[Point], names: Sequence[str]) -> tuple[list[Point], list[str]]:
    """The points, those that are accepted under the very name they are accepted by; and which names are wrong."""
    found: dict[int, str] = {}
    faults: list[str] = []
    exact = {name: point for point in reversed(points) for name in (point.full_name, point.label)}
    others = [name for name in dict.fromkeys(names) if name not in exact]
    for name in names:
        if name in exact:
            found.setdefault(id(exact[name]), name)
    # Each other name is held against the paths of all points.
    for name in others[:_MOST_SEARCHED]:
        meant = labels.named_by(points, name)
        if not meant:
            hint = did_you_mean(name, [point.label for point in points]) if len(points) <= _MOST_GUESSED else ""
            faults.append(f"benchmark.accept: {name}: no such point.{hint}")
        elif len(meant) > 1:
            several = ", ".join(point.name for point in meant[:_SHOWN])
            faults.append(f"benchmark.accept: {name}: {len(meant)} points end in it ({several}); name one of them.")
        else:
            found.setdefault(id(meant[0]), name)
    if len(others) > _MOST_SEARCHED:
        faults.append(
            f"benchmark.accept: {len(others) - _MOST_SEARCHED:,} more names are not those that `bench` shows."
        )
    named = [altered(point, short_name=found[id(point)]) if id(point) in found else point for point in points]
    return named, faults


@dataclass(frozen=True)
class _Place:
    path: str
    line: int
    column: int

    def fault(self, message: str) -> Fault:
        return Fault(self.path, self.line, self.column, message)


def _wanted(point: Point, where: Mapping[str, Sequence[object]]) -> bool:
    return all(any(_fits(point, key, value) for value in values) for key, values in where.items())


def _fits(point: Point, key: str, value: object) -> bool:
    if key in ("isl", "osl"):
        # A scenario with a text here is refused when it is read.
        assert isinstance(value, (int, float))
        nominal = getattr(point, f"{key}_asked") or getattr(point, key)
        return nominal is not None and abs(nominal - value) <= _FILTER_LENGTH * value
    held = getattr(point, key)
    if isinstance(held, (int, float)):
        return held == value
    return held is not None and str(held).casefold() == str(value).casefold()


def _held(points: Iterable[Point]) -> str:
    """What the points are of, so that a filter can be mended."""
    held = list(points)
    kinds = dict.fromkeys(
        ", ".join(text for text in (point.model, point.gpu_type, kind) if text)
        for point, kind in zip(held, kinds_of(held), strict=True)
    )
    return f"They are of: {'; '.join(kinds)}."


def _load(point: Point) -> tuple[object, ...]:
    texts = (point.model, point.gpu_type, point.precision, point.engine)
    load = point.concurrency if point.concurrency is not None else point.request_rate
    return (*(text or "" for text in texts), point.gpus_per_instance or 0, load or 0, point.rps or 0, point.file)


def _beside(text: str, base: Path) -> str:
    """A note with its paths relative to the scenario: a workbook is the same from wherever it is made."""
    return text.replace(f"{base}/", "")


def _relative(file: str, base: Path) -> str:
    return Path(os.path.relpath(file, base)).as_posix()
