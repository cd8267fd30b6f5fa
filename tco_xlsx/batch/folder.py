"""The folder that workbooks are written to: the names in it, and its hidden place for what a rerun must know."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

INDEX = "index.xlsx"
HIDDEN = ".tco-xlsx"
KEPT = "replaced"
"""Where edited workbooks go that had to make room: in sight, for it is somebody's work."""

# With an ending and the name of a part, still short of what the narrowest system takes, in letters and in bytes.
_LONGEST = 100
_LONGEST_BYTES = 180
# Windows has these for devices, whatever follows the first dot.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def file_name(text: str) -> str:
    """A scenario's name as the stem of a file name that every system takes.

    A name that must be changed gets some digits of its hash, so that "a b" and "a-b" stay two files; the stem hangs
    on the name alone, not on what else is built.
    """
    whole = unicodedata.normalize("NFC", text)
    safe = re.sub(r"[^\w.-]+", "-", whole).strip("-. ")[:_LONGEST]
    safe = safe.encode()[:_LONGEST_BYTES].decode(errors="ignore").rstrip("-. ")
    if safe and safe == whole and not _DEVICE.match(safe) and f"{safe}.xlsx".casefold() != INDEX:
        return safe
    digits = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]
    # In front, for a device stays one whatever ends its name.
    return f"{digits}-{safe}" if _DEVICE.match(safe) else f"{safe or 'scenario'}-{digits}"


def prefixes(files: Sequence[Path]) -> dict[Path, str]:
    """What goes before the names of the scenarios of a file whose own name another file has, too: the folders that
    tell them apart, as few as do. In whatever order the files come, it is the same."""
    alike: dict[str, list[Path]] = {}
    for file in files:
        alike.setdefault(_key(file_name(file.stem)), []).append(file)
    found: dict[Path, str] = {}
    for group in alike.values():
        folders = [Path(os.path.abspath(file)).parent.parts for file in group]
        if len(set(folders)) < len(group) or len(group) == 1:
            continue  # One folder, or one file by two names: nothing tells them apart.
        for depth in range(1, max(map(len, folders)) + 1):
            told = ["-".join(part.strip("/\\:") for part in parts[-depth:]) for parts in folders]
            stems = {_key(file_name(f"{prefix}-{file.stem}")) for prefix, file in zip(told, group, strict=True)}
            if len(stems) == len(group) and not stems & alike.keys():
                found |= dict(zip(group, told, strict=True))
                break
    return found


def stem_of(name: str, prefix: str) -> str:
    """The stem of a scenario's workbook."""
    return file_name(f"{prefix}-{name}" if prefix else name)


def _key(stem: str) -> str:
    """What systems take for one name that do not tell capitals apart."""
    return unicodedata.normalize("NFC", stem).casefold()


class Names:
    """Which scenario has which file: no two the same, on systems that do not tell capitals apart, too."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}

    def claim(self, stem: str, owner: str) -> str | None:
        """The owner that has the file already; None when it is now this owner's."""
        key = _key(stem)
        other = self._owners.get(key)
        self._owners.setdefault(key, owner)
        return other


class Folder:
    """Where things lie in an output folder. Nothing is made before something is written."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.hidden = out / HIDDEN
        self.records = self.hidden / "records"
        self.parts = self.hidden / "parts"
        self.scratch = self.hidden / "scratch"
        self.kept = out / KEPT
        self.lock = self.hidden / "lock"
        self.index_lock = self.hidden / "index.lock"

    def make(self) -> None:
        """Make the folder and its hidden place. Raises OSError."""
        for folder in (self.records, self.parts):
            folder.mkdir(parents=True, exist_ok=True)

    def unmake(self) -> None:
        """Take away what `make` made, as far as nothing lies in it."""
        with contextlib.suppress(OSError):
            for folder in (self.records, self.parts):
                folder.rmdir()
            for lock in (self.lock, self.index_lock):
                lock.unlink(missing_ok=True)
            self.hidden.rmdir()
            self.out.rmdir()

    def workbook(self, stem: str) -> Path:
        """The workbook of a scenario."""
        return self.out / f"{stem}.xlsx"

    def named(self, path: Path) -> str:
        """A path as records name it: as seen from the folder, so that both may be moved together."""
        try:
            return Path(os.path.relpath(os.path.abspath(path), os.path.abspath(self.out))).as_posix()
        except ValueError:  # On another drive of Windows.
            return Path(os.path.abspath(path)).as_posix()

    def path_of(self, name: str) -> Path:
        """The path that a record names."""
        return Path(os.path.normpath(self.out / name))
