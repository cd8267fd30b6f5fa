"""What benchmark files hold, as digests: whether they are the same as before, without reading results."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tco_xlsx.bench.notes.sidecar import NOTE
from tco_xlsx.bench.walk import FoundFile, find
from tco_xlsx.documents.paths import is_file, opened

# Of all files of a batch some are in use at a time; memory stays flat.
_MOST_KNOWN = 4096


@dataclass(frozen=True)
class Snapshot:
    """Every file that the paths of a benchmark find, notes beside them included, at one moment.

    `digest` stands for all of it; `files` gives the SHA-256 of each file by its path.
    """

    digest: str
    files: Mapping[str, str]


class Digests:
    """The SHA-256 of files by what they hold; a file is read again when its size, times or place change."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, ...], str]] = {}

    def of(self, path: Path) -> str:
        """The SHA-256 of a file in hexadecimal digits; empty for what is no file or cannot be read."""
        try:
            found = os.stat(path)
            if not stat.S_ISREG(found.st_mode):
                return ""
            signature = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)
            known = self._known.get(str(path))
            if known is None or known[0] != signature:
                with opened(path) as file:
                    known = (signature, hashlib.file_digest(file, "sha256").hexdigest())
                self._known[str(path)] = known
                if len(self._known) > _MOST_KNOWN:
                    del self._known[next(iter(self._known))]
            return known[1]
        except (OSError, ValueError):
            return ""


def snapshot(paths: Sequence[Path], base: Path, digests: Digests) -> Snapshot:
    """What files, folders and patterns find now; names count relative to the folder `base`."""
    found, _, faults = find(paths)
    told = hashlib.sha256()
    files: dict[str, str] = {}
    notes: dict[Path, None] = {}
    for one in found:
        files[str(one.path)] = digests.of(one.path)
        notes.update(dict.fromkeys(_notes_of(one)))
        told.update(repr((_relative(one.path, base), _relative(one.root, base), one.named)).encode())
    for note in notes:
        if str(note) not in files and is_file(note):
            files[str(note)] = digests.of(note)
    for name, digest in files.items():
        told.update(repr((_relative(Path(name), base), digest)).encode())
    for fault in faults:
        told.update(repr((_relative(Path(fault.path), base), fault.message)).encode())
    return Snapshot(told.hexdigest(), files)


def _notes_of(found: FoundFile) -> list[Path]:
    """Where a note would count for a file: from its folder up to the root that was given."""
    places: list[Path] = []
    for folder in found.path.parents:
        places.append(folder / NOTE)
        if folder == found.root:
            break
    return places


def _relative(path: Path, base: Path) -> str:
    return Path(os.path.relpath(path, base)).as_posix()
