"""What reading gives: points, notices and faults, of one file or of all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tco_xlsx.bench.points.point import Point
from tco_xlsx.documents.errors import Fault

# Which point it is ("point 4, concurrency 64: "), paths, and numbers with their exponents.
_POINT = re.compile(r"^(?:point \d+(?:, )?)?(?:concurrency [\d.e+]+|[\d.e+]+ requests/s)?: ")
_PATH = re.compile(r"\S*[/\\]\S*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def _template(message: str) -> str:
    """A message without what differs from point to point."""
    return _NUMBER.sub("#", _PATH.sub("...", _POINT.sub("", message)))


@dataclass(frozen=True, order=True)
class Notice:
    """Something a person should know about a file that does not stop the run."""

    path: str
    message: str
    line: int = 0
    """From 1; 0 means that the notice has no place inside the file."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


@dataclass(frozen=True)
class NoticeGroup:
    """Notices that say the same of several files or points, but for their numbers and names."""

    first: Notice
    count: int
    files: int

    def __str__(self) -> str:
        if self.count == 1:
            return str(self.first)
        where = f" in {self.files} files" if self.files > 1 else ""
        return f"{self.first} ({self.count} such notices{where})"


@dataclass
class Reading:
    """What a set of files gave. With any fault the points are not to be costed."""

    points: list[Point] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def grouped_notices(self) -> list[NoticeGroup]:
        """The notices, those that differ only in places, loads and numbers as one; the most frequent last.

        A folder of 2,000 side files is then one line. The single notices stay in `notices`.
        """
        groups: dict[str, list[Notice]] = {}
        for notice in self.notices:
            groups.setdefault(_template(notice.message), []).append(notice)
        found = [NoticeGroup(same[0], len(same), len({notice.path for notice in same})) for same in groups.values()]
        return sorted(found, key=lambda group: group.count)


@dataclass(frozen=True)
class FileReading:
    """What one recognised file gave, before it is decided which files tell of the same run."""

    path: Path
    kind: str
    """A word of the reader's own ("run", "aggregate"), for its `choose`; "side" is never reported."""
    points: tuple[Point, ...] = ()
    notices: tuple[Notice, ...] = ()
    faults: tuple[Fault, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    """What a file without points says of the points beside it, as fields of a point, for `choose`."""


@dataclass(frozen=True)
class ChosenFiles:
    """The parts to use, and in words why the others are not."""

    parts: tuple[FileReading, ...]
    notices: tuple[Notice, ...] = ()


def use_all(parts: tuple[FileReading, ...]) -> ChosenFiles:
    """The `choose` of a tool that never writes the same run twice."""
    return ChosenFiles(parts)


@dataclass(frozen=True)
class Closeness:
    """How near a file is to what a tool writes; it is recognised when no sign is missing."""

    found: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def recognised(self) -> bool:
        return not self.missing

    @property
    def share(self) -> float:
        return len(self.found) / max(1, len(self.found) + len(self.missing))
