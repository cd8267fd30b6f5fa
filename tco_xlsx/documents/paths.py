"""The one door for what comes in: a path that a user names is looked at and opened here, or refused in words.

A pipe would be waited for without end, a device read without end; so what is no file is never opened for reading,
nothing is opened in a way that waits, and nothing is read beyond a bound.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path

MOST_BYTES = 4 << 30
"""Of a file that is read piece by piece; a report with all its single requests is a tenth of that."""

MOST_UNSTATED_BYTES = 16 << 20
"""Of a file that does not state its size, and may have no end."""

_CHUNK = 1 << 20
_LONGEST_NAME = 255
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)

_KINDS = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a pipe, not a file; save its content as a file, and name that"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
)


class NotReadable(OSError):
    """A path that cannot be read. The text says what it is and what to do, and ends with a full stop."""

    def __init__(self, words: str, is_missing: bool = False, is_no_name: bool = False) -> None:
        super().__init__(words)
        self.is_missing = is_missing
        self.is_no_name = is_no_name
        """Whether no file can ever have that name."""

    @classmethod
    def because(cls, path: Path, error: OSError | ValueError, expected: str = "file") -> NotReadable:
        """What the system says of a path, in words."""
        if isinstance(error, cls):
            return error
        if isinstance(error, UnicodeError):
            return cls("has a name that is not UTF-8; rename it.", is_no_name=True)
        if isinstance(error, ValueError):
            return cls("is no name that a file can have: it holds a NUL character.", is_missing=True, is_no_name=True)
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return _missing(path, expected)
        if error.errno == errno.ENAMETOOLONG:
            longest = max((len(os.fsencode(part)) for part in path.parts), default=0)
            if longest <= _LONGEST_NAME:
                return cls(
                    f"cannot be read: a path of {len(str(path)):,} characters is longer than can be; shorten it."
                )
            return cls(f"cannot be read: a name of {longest} characters is longer than the disk can hold; shorten it.")
        if error.errno == errno.ELOOP:
            return cls("is a symbolic link that leads back to itself; name the file that was meant.")
        if error.errno in (errno.EACCES, errno.EPERM):
            return cls("cannot be read: no permission; ask for the right to read it, or read a copy.")
        return cls(f"cannot be read: {error.strerror or error}.")


def look(path: Path, expected: str = "file") -> os.stat_result:
    """What a path leads to, whatever it is. Raises NotReadable where that cannot be told."""
    try:
        # A name that cannot be written down cannot stand in a workbook, a table or a message either.
        str(path).encode()
        return os.stat(path)
    except (OSError, ValueError) as error:
        raise NotReadable.because(path, error, expected) from None


def is_file(path: Path) -> bool:
    """Whether a path leads to a file that may be opened; False for whatever else there is."""
    return _leads_to(path, stat.S_ISREG)


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder."""
    return _leads_to(path, stat.S_ISDIR)


def inside(folder: Path) -> list[Path]:
    """What lies directly in a folder, in order of name. Raises NotReadable."""
    try:
        return [folder / name for name in sorted(os.listdir(folder))]
    except (OSError, ValueError) as error:
        raise NotReadable.because(folder, error, "folder") from None


def opened(path: Path, most: int = MOST_BYTES) -> io.BufferedReader:
    """A file, open for reading. Raises NotReadable where it is none, cannot be opened or has more than `most` bytes."""
    # Opening alone may wait or set a machine in motion, so what is no file must not come so far.
    _refuse_kind(look(path))
    try:
        handle = os.open(path, _OPEN)
        try:
            found = os.fstat(handle)
            _refuse_kind(found)
            _refuse_size(found.st_size, most)
            if found.st_size:
                return os.fdopen(handle, "rb")
            # Files of the system itself state no size, and may have no end.
            content = _drained(handle, min(most, MOST_UNSTATED_BYTES))
            os.close(handle)
            return io.BufferedReader(io.BytesIO(content))
        except BaseException:
            os.close(handle)
            raise
    except (OSError, ValueError) as error:
        raise NotReadable.because(path, error) from None


def content(path: Path, most: int) -> bytes:
    """All bytes of a file, up to `most`. Raises NotReadable, also where the file changes meanwhile."""
    before = signature(path)
    with opened(path, most) as file:
        try:
            found = file.read(most + 1)
        except OSError as error:
            raise NotReadable.because(path, error) from None
    _refuse_size(len(found), most)
    refuse_change(path, before)
    return found


def signature(path: Path) -> tuple[int, ...]:
    """Changes whenever a file does. Raises NotReadable."""
    found = look(path)
    # Files of the system itself state no size, and another time whenever they are asked.
    return (found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev) if found.st_size else (0,)


def refuse_change(path: Path, before: tuple[int, ...]) -> None:
    """Raises NotReadable if a file is no longer what its signature was: half a result would be a wrong one."""
    if signature(path) != before:
        raise NotReadable("changed while it was read; wait until it is complete, then try again.")


def _leads_to(path: Path, is_kind: Callable[[int], bool]) -> bool:
    try:
        return is_kind(look(path).st_mode)
    except NotReadable:
        return False


def _refuse_kind(found: os.stat_result) -> None:
    for is_kind, words in _KINDS:
        if is_kind(found.st_mode):
            raise NotReadable(f"{words}; a file was expected." if stat.S_ISDIR(found.st_mode) else f"{words}.")


def _refuse_size(size: int, most: int) -> None:
    if size > most:
        held = f"{size / (1 << 20):,.0f} MB" if size > most + 1 else "more"
        raise NotReadable(f"is too large: it holds {held}, and at most {most / (1 << 20):,.0f} MB are read.")


def _drained(handle: int, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while size <= most and (piece := os.read(handle, _CHUNK)):
        pieces.append(piece)
        size += len(piece)
    _refuse_size(size, most)
    return b"".join(pieces)


def _missing(path: Path, expected: str) -> NotReadable:
    """A path that leads nowhere, with the piece of it where the way ends."""
    if os.path.islink(path):
        return NotReadable(f"is a symbolic link to {os.readlink(path)}, which is not there.", is_missing=True)
    for above in reversed(path.parents):
        if os.path.lexists(above) and not os.path.isdir(above):
            return NotReadable(f"no such {expected}: {above} is not a folder.", is_missing=True)
    return NotReadable(f"no such {expected}.", is_missing=True)
