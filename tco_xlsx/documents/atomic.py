"""Files that appear whole or not at all, and locks that end with their process, however it ends."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

PART_ENDING = ".part"
_PART_NAME = re.compile(r"\.[0-9a-f]{16}\.part")
_PIECE = 1 << 20

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes against everybody: one that no file reaches stands for the whole.
    _LOCKED_BYTE = 1 << 40

    def _lock(handle: int, wait: bool) -> bool:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
                break
            except OSError:
                if not wait:
                    return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def _lock(handle: int, wait: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that a file stands for; wait until nobody else does.

    The system lets go of it when the process ends, even by kill -9: a lock is never stale. The file stays, for
    removing it would let two processes hold locks of two files of one name.
    """
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o666)
    try:
        _lock(handle, wait=True)
        yield
    finally:
        os.close(handle)


class PartFile:
    """A file on its way: written under a name of its own, then given its final name in one step.

    Its writer holds a lock on it for as long as it lives, so that others can tell it from what a killed run left.
    """

    def __init__(self, folder: Path) -> None:
        while True:
            self.path = folder / f".{secrets.token_hex(8)}{PART_ENDING}"
            self._handle = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o666)
            # Between the two steps a cleaning run may have taken it for left behind.
            if _lock(self._handle, wait=False) and os.fstat(self._handle).st_nlink:
                return
            os.close(self._handle)

    def __enter__(self) -> PartFile:
        return self

    def __exit__(self, *_: object) -> None:
        """Without `publish`, nothing stays of it."""
        if self._handle >= 0:
            self.path.unlink(missing_ok=True)
            self._close()

    def write(self, content: bytes | memoryview) -> None:
        """Add bytes."""
        left = memoryview(content)
        while left:
            left = left[os.write(self._handle, left) :]

    def file(self) -> BinaryIO:
        """The part as a file, for libraries that want one. What they write after it is full, or gone, is dropped:
        the first error has been told."""
        return cast(BinaryIO, _PartFile(self))

    def sync(self) -> None:
        """Bring it to the disk: after a power cut the final name must not stand for an empty file."""
        os.fsync(self._handle)

    def publish(self, target: Path) -> None:
        """Give it its final name; what had that name before is gone in the same moment.

        A symbolic link stays, and what it leads to is replaced. A file that is replaced leaves its permissions to the
        new one; one that was not there gets those of any new file.
        """
        real = Path(os.path.realpath(target)) if target.is_symlink() else target
        before = _plain(real)
        if real is not target and os.stat(real.parent).st_dev != os.fstat(self._handle).st_dev:
            with PartFile(real.parent) as there, self.path.open("rb") as content:
                while piece := content.read(_PIECE):
                    there.write(piece)
                there.sync()
                there.publish(real)
            return
        if before is not None:
            self._as_open_as(before)
        if sys.platform == "win32":
            # An open file cannot be renamed there.
            self._close()
        self.path.replace(real)
        self._close()

    def _as_open_as(self, before: os.stat_result) -> None:
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(self._handle, before.st_uid, before.st_gid)
                os.fchmod(self._handle, stat.S_IMODE(before.st_mode))

    def _close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


class _PartFile(io.RawIOBase):
    """Writers close what they have when they are thrown away, long after the error: that must not be a second one."""

    def __init__(self, part: PartFile) -> None:
        self._part = part
        self._failed = False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:
        view = memoryview(content).cast("B")
        if self._alive():
            try:
                self._part.write(view)
            except OSError:
                self._failed = True
                raise
        return len(view)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return os.lseek(self._part._handle, offset, whence) if self._alive() else 0

    def truncate(self, size: int | None = None, /) -> int:
        place = self.tell() if size is None else size
        if self._alive():
            os.ftruncate(self._part._handle, place)
        return place

    def _alive(self) -> bool:
        return not self._failed and self._part._handle >= 0


def _plain(path: Path) -> os.stat_result | None:
    """What the system knows of a file, None where there is none. Raises OSError for a device, a pipe, a folder."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is no plain file")
    return found


def write_whole(target: Path, content: bytes, parts: Path) -> None:
    """Write a file in one step, by way of a part in the folder `parts` of the same disk."""
    with PartFile(parts) as part:
        part.write(content)
        part.publish(target)


def clear_abandoned(parts: Path) -> int:
    """Remove the parts that killed runs left behind; how many. Those of runs still going on stay."""
    cleared = 0
    # In a folder of the user's, too: a download that is under way has another name.
    for path in sorted(path for path in parts.glob(f".*{PART_ENDING}") if _PART_NAME.fullmatch(path.name)):
        with contextlib.suppress(OSError):
            handle = os.open(path, os.O_RDWR)
            try:
                if _lock(handle, wait=False):
                    path.unlink()
                    cleared += 1
            finally:
                os.close(handle)
    return cleared
