"""Short names of points, by which a person overrules a suspicion."""

from __future__ import annotations

import os.path
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath, PurePosixPath

from tco_xlsx.bench.points.point import Point, altered

_NUMBERED = re.compile(r"#\d{1,9}$")


def labelled(points: Sequence[Point]) -> list[Point]:
    """The points with the shortest names that no other of them has; see `Point.label`."""
    files = _short({point.file for point in points})
    several = {point.file for point in points if point.index}
    named = [
        f"{files[point.file]}#{point.index + 1}" if point.file in several else files[point.file] for point in points
    ]
    twice = {name for name, count in Counter(named).items() if count > 1}
    return [altered(point, short_name="" if name in twice else name) for point, name in zip(points, named, strict=True)]


def find(points: Iterable[Point], name: str) -> Point | None:
    """The point of that label, or of that full path and number."""
    return next((point for point in points if name in (point.label, point.full_name)), None)


def named_by(points: Sequence[Point], name: str) -> list[Point]:
    """The points that a name can mean: that of its label or whole path, else all whose paths end in it.

    "c2/run.json#3" is the third point of a file; without a number it is the first, as in the days when the file held
    one. Paths that lead out of a folder ("../results/run.json") count from where they lead to.
    """
    exact = [point for point in points if name in (point.label, point.full_name)]
    if exact:
        return exact[:1]
    path, _, number = name.rpartition("#") if _NUMBERED.search(name) else (name, "", "1")
    parts = tuple(part for part in PurePosixPath(path.replace("\\", "/")).parts if part not in ("..", "."))
    if not parts:
        return []
    return [
        point
        for point in points
        if point.index == int(number) - 1
        and point.file.endswith(parts[-1])
        and PurePath(os.path.abspath(point.file)).parts[-len(parts) :] == parts
    ]


def _short(files: Iterable[str]) -> Mapping[str, str]:
    """For each path the fewest of its last parts that no other path ends in."""
    parts = {file: PurePath(file).parts for file in files}
    endings = Counter(path[-size:] for path in parts.values() for size in range(1, len(path) + 1))
    found: dict[str, str] = {}
    for file, path in parts.items():
        sizes = range(1, len(path) + 1)
        size = next((size for size in sizes if endings[path[-size:]] == 1), len(path))
        found[file] = "/".join(path[-size:]) if size < len(path) else file
    return found
