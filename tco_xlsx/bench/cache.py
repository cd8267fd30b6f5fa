"""Benchmarks that scenarios share, read once for as long as their files hold the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

from tco_xlsx.bench.points.reading import Reading
from tco_xlsx.bench.read import read_benchmarks
from tco_xlsx.bench.snapshot import Digests, Snapshot, snapshot

Made = TypeVar("Made")

# Thousands of points each: enough for scenarios that take turns, and memory stays flat.
_MOST_KEPT = 16
_MOST_SNAPSHOTS = 64


class ReadingCache:
    """The last few readings, and what was made of them, by what their files hold. Nobody changes any."""

    def __init__(self) -> None:
        self._digests = Digests()
        self._snapshots: OrderedDict[object, Snapshot] = OrderedDict()
        self._kept: OrderedDict[object, object] = OrderedDict()

    def look_again(self) -> None:
        """Believe no longer that the files are as they were; call it now and then in a long run."""
        self._snapshots.clear()

    def snapshot(self, paths: Sequence[Path], base: Path) -> Snapshot:
        """What the paths hold, looked at once until `look_again`."""
        key = (tuple(map(str, paths)), str(base))
        if key not in self._snapshots:
            self._snapshots[key] = snapshot(paths, base, self._digests)
            if len(self._snapshots) > _MOST_SNAPSHOTS:
                self._snapshots.popitem(last=False)
        return self._snapshots[key]

    def sha256(self, path: Path) -> str:
        """The SHA-256 of one file; empty when it cannot be read."""
        return self._digests.of(path)

    def read(self, paths: Sequence[Path], base: Path, defaults: Mapping[str, object]) -> Reading:
        """As read_benchmarks; read again only if the files, or what the scenario says of them, are others."""
        # Looked at before reading: a file that changes in between costs a reading too many, never one too few.
        key = (self.snapshot(paths, base).digest, tuple(map(str, paths)), repr(sorted(defaults.items())))
        return self.once(key, lambda: read_benchmarks(paths, defaults=defaults))

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, made again only if it is long ago that it was asked for; `key` says what it hangs on."""
        if key not in self._kept:
            self._kept[key] = make()
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return cast(Made, self._kept[key])
