"""Which files the given paths stand for: a file, a folder with all below it, or a pattern."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tco_xlsx.bench.reading import Notice
from tco_xlsx.errors import Fault

_MAGIC = frozenset("*?[")


@dataclass(frozen=True)
class Found:
    """A file to look at."""

    path: Path
    root: Path
    """The folder of the given path: notes (benchmark.yaml) count from the file up to here."""
    named: bool
    """Whether the file was given by name, rather than found by walking or by a pattern."""


def find(paths: Sequence[Path]) -> tuple[list[Found], list[Notice], list[Fault]]:
    """Every file, once, in the order of the paths and then by name. Hidden files are passed over."""
    found: list[Found] = []
    notices: list[Notice] = []
    faults: list[Fault] = []
    seen: dict[str, Path] = {}
    for given in paths:
        candidates: list[Found] = []
        try:
            is_folder, is_there = given.is_dir(), given.exists()
        except OSError as error:
            faults.append(Fault(str(given), 0, 0, f"cannot be read: {error.strerror}."))
            continue
        if is_folder:
            candidates = [Found(path, given, False) for path in _below(given, notices)]
        elif is_there:
            candidates = [Found(given, given.parent, True)]
        elif _MAGIC & set(str(given)):
            candidates = list(_matching(given, notices))
            if not candidates:
                faults.append(Fault(str(given), 0, 0, "no file matches this pattern; correct it or leave it out."))
        else:
            faults.append(Fault(str(given), 0, 0, "no such file or folder; correct the path or leave it out."))
        for candidate in candidates:
            real = os.path.realpath(candidate.path)
            if real not in seen:
                seen[real] = candidate.path
                found.append(candidate)
            elif os.path.abspath(seen[real]) != os.path.abspath(candidate.path):
                notices.append(Notice(str(candidate.path), f"the same file as {seen[real]}, read once."))
    return found, notices, faults


def _matching(pattern: Path, notices: list[Notice]) -> Iterator[Found]:
    parts = pattern.parts
    fixed = next(place for place, part in enumerate(parts) if _MAGIC & set(part))
    root = Path(*parts[:fixed])
    for match in sorted(glob.glob(str(pattern), recursive=True)):
        path = Path(match)
        if path.is_dir():
            yield from (Found(inner, root, False) for inner in _below(path, notices))
        else:
            yield Found(path, root, False)


def _below(folder: Path, notices: list[Notice]) -> Iterator[Path]:
    """The files below a folder, sorted. Links to folders are followed, each folder once."""

    def refused(error: OSError) -> None:
        notices.append(Notice(str(error.filename), f"cannot be looked into: {error.strerror}."))

    visited: set[str] = set()
    for above, folders, files in os.walk(folder, followlinks=True, onerror=refused):
        # A link to a folder above would make the walk endless.
        visited.add(os.path.realpath(above))
        folders[:] = sorted(
            name
            for name in folders
            if not _is_hidden(name) and os.path.realpath(os.path.join(above, name)) not in visited
        )
        yield from (Path(above, name) for name in sorted(files) if not _is_hidden(name))


def _is_hidden(name: str) -> bool:
    # "~$" begins the lock file that Excel lays beside an open workbook.
    return name.startswith((".", "~$")) or name == "__MACOSX"
