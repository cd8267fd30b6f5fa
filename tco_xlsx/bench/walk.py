"""Which files the given paths stand for: a file, a folder with all below it, or a pattern."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tco_xlsx.bench.files.path_glob import is_hidden, is_pattern, matching
from tco_xlsx.bench.points.reading import Notice
from tco_xlsx.documents.errors import Fault
from tco_xlsx.documents.paths import NotReadable, look

MOST_NAMES = 500_000
"""Looked at below one path. More are no folder of results but half a disk."""


@dataclass(frozen=True)
class FoundFile:
    """A file to look at."""

    path: Path
    root: Path
    """The folder of the given path: notes (benchmark.yaml) count from the file up to here."""
    named: bool
    """Whether the file was given by name, rather than found by walking or by a pattern."""


class _TooMany(Exception):
    """More than MOST_NAMES."""


def find(paths: Sequence[Path]) -> tuple[list[FoundFile], list[Notice], list[Fault]]:
    """Every file, once, in the order of the paths and then by name. Hidden files are passed over."""
    found: list[FoundFile] = []
    notices: list[Notice] = []
    faults: list[Fault] = []
    seen: dict[str, Path] = {}
    for given in paths:
        try:
            candidates = _candidates(given, notices)
        except NotReadable as refused:
            faults.append(Fault(str(given), 0, 0, str(refused)))
            continue
        except _TooMany:
            message = f"there are more than {MOST_NAMES:,} files below it; name the folder of the results."
            faults.append(Fault(str(given), 0, 0, message))
            continue
        for candidate in candidates:
            real = os.path.realpath(candidate.path)
            if real not in seen:
                seen[real] = candidate.path
                found.append(candidate)
            elif os.path.abspath(seen[real]) != os.path.abspath(candidate.path):
                notices.append(Notice(str(candidate.path), f"the same file as {seen[real]}, read once."))
    return found, notices, faults


def _candidates(given: Path, notices: list[Notice]) -> list[FoundFile]:
    """What one given path stands for. Raises NotReadable and _TooMany."""
    tick = _counter()
    try:
        is_folder = stat.S_ISDIR(look(given).st_mode)
    except NotReadable as refused:
        # What is there by that name comes before what the name would find as a pattern.
        if not is_pattern(given) or "\0" in str(given):
            if refused.is_missing and str(refused) == "no such file.":
                raise NotReadable("no such file or folder; correct the path or leave it out.") from None
            raise
        try:
            root, matches = matching(given, tick)
        except ValueError as error:
            raise NotReadable.because(given, error) from None
        if not matches:
            raise NotReadable("no file matches this pattern; correct it or leave it out.") from None
        return [FoundFile(path, root, False) for path in _spread(matches, notices, tick)]
    if is_folder:
        return [FoundFile(path, given, False) for path in _below(given, notices, tick)]
    return [FoundFile(given, given.parent, True)]


def _spread(matches: Sequence[Path], notices: list[Notice], tick: Callable[[], None]) -> Iterator[Path]:
    """The files that matches of a pattern stand for; a folder stands for all below it, matched or not."""
    walked: set[Path] = set()
    for match in matches:
        if not walked.isdisjoint(match.parents):
            continue
        if match.is_dir():
            walked.add(match)
            yield from _below(match, notices, tick)
        else:
            yield match


def _counter() -> Callable[[], None]:
    left = iter(range(MOST_NAMES))

    def tick() -> None:
        if next(left, None) is None:
            raise _TooMany

    return tick


def _below(folder: Path, notices: list[Notice], tick: Callable[[], None]) -> Iterator[Path]:
    """The files below a folder, sorted. Links to folders are followed, each folder once."""

    def refused(error: OSError) -> None:
        notices.append(Notice(str(error.filename), f"cannot be looked into: {error.strerror}."))

    visited: set[str] = set()
    for above, folders, files in os.walk(folder, followlinks=True, onerror=refused):
        # A link to a folder above would make the walk endless.
        real = os.path.realpath(above)
        if real in visited:
            folders.clear()
            continue
        visited.add(real)
        for _ in (*folders, *files):
            tick()
        folders[:] = sorted(
            name
            for name in folders
            if not is_hidden(name) and os.path.realpath(os.path.join(above, name)) not in visited
        )
        yield from (Path(above, name) for name in sorted(files) if not is_hidden(name))
