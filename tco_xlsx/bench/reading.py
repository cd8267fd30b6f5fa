"""What reading gives: points, notices and faults, of one file or of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tco_xlsx.bench.point import Point
from tco_xlsx.errors import Fault


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


@dataclass
class Reading:
    """What a set of files gave. With any fault the points are not to be costed."""

    points: list[Point] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
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
class Choice:
    """The parts to use, and in words why the others are not."""

    parts: tuple[Part, ...]
    notices: tuple[Notice, ...] = ()


def use_all(parts: tuple[Part, ...]) -> Choice:
    """The `choose` of a tool that never writes the same run twice."""
    return Choice(parts)


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
