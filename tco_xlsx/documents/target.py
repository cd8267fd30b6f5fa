"""A file that a command is to write: whether it may, and the one way to the disk.

What a run reads is never written over. What somebody else made, or has edited, is replaced only when that is asked for;
what tco-xlsx wrote and nobody touched, without asking.
"""

from __future__ import annotations

import contextlib
import csv
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tco_xlsx.documents.atomic import PartFile, clear_abandoned
from tco_xlsx.documents.errors import BadInput, Fault

PRODUCT = "tco-xlsx"
SCENARIO_PROPERTY = "Scenario SHA-256"
"""The property that the workbook of a scenario has."""
PARQUET_KEY = b"tco-xlsx.version"
"""The metadata that every Parquet file of ours has."""

Headings = Callable[[Sequence[str]], bool]
"""Whether a CSV with those headings is one that the command writes."""

_LONGEST_HEADING = 200_000
_FOOTER = 8
_MOST_FOOTER = 16_000_000
_LONGEST_PART = 100_000
_NO_WORKBOOK = (OSError, ValueError, zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, zlib.error)


def objection_to(
    path: Path,
    endings: Sequence[str],
    *,
    force: bool = False,
    is_ours: Headings = lambda _: False,
    makes_folder: bool = False,
) -> Fault | None:
    """Why a file cannot be written, as far as that is known before there is anything to write.

    `force` allows to replace a file that is not of tco-xlsx, or was edited; `makes_folder` says that a folder which is
    missing will be made.
    """
    message = ""
    try:
        if path.suffix not in endings:
            message = f"ends in {path.suffix or 'nothing'}; use {', '.join(endings)}."
        elif path.is_dir():
            message = "is a folder; name a file."
        elif not path.parent.is_dir() and not (makes_folder and not path.parent.exists()):
            message = f"cannot be written: there is no folder {path.parent}."
        else:
            message = _objection_to_replacing(path, force, is_ours)
    except (OSError, ValueError) as error:
        message = f"cannot be written: {getattr(error, 'strerror', None) or error}."
    return Fault(str(path), 0, 0, message) if message else None


def _objection_to_replacing(path: Path, force: bool, is_ours: Headings) -> str:
    try:
        there = os.stat(path)
    except FileNotFoundError:
        parent = Path(os.path.realpath(path)).parent
        return "" if parent.is_dir() or not path.is_symlink() else f"leads to a folder that is not there: {parent}."
    if not stat.S_ISREG(there.st_mode):
        return "is no plain file; name a file."
    if not os.access(path, os.W_OK):
        return "is write-protected; name another file, or allow writing to it."
    if force or there.st_size == 0 or is_made_here(path, is_ours):
        return ""
    return "is there, and is not as tco-xlsx wrote it; name another file, or replace it with --force."


def objections_to_reading(targets: Iterable[Path | None], read: Iterable[Path]) -> list[Fault]:
    """The targets that are among the files that a run reads, by whatever name, and those that are one file."""
    there: dict[tuple[int, int] | str, Path] = {}
    faults: list[Fault] = []
    for path in (path for path in targets if path is not None):
        for key in _identities(path):
            if there.setdefault(key, path) != path:
                faults.append(Fault(str(path), 0, 0, f"is the same file as {there[key]}; name two files."))
                break
    if not any(os.path.exists(path) for path in there.values()):
        return faults  # What is not there is not read.
    for one in read:
        found = next((there[key] for key in _identities(one) if key in there), None)
        if found is not None:
            called = "" if str(one) == str(found) else f" (as {one})"
            faults.append(Fault(str(found), 0, 0, f"is read in this run{called}; name another file to write to."))
    return faults


def _identities(path: Path) -> list[tuple[int, int] | str]:
    """What tells a file from others: hard links, symbolic links, capitals that a disk does not tell apart."""
    keys: list[tuple[int, int] | str] = [os.path.realpath(path)]
    with contextlib.suppress(OSError, ValueError):
        found = os.stat(path)
        if found.st_ino:
            keys.append((found.st_dev, found.st_ino))
    return keys


@contextlib.contextmanager
def written(path: Path, makes_folder: bool = False) -> Iterator[PartFile]:
    """The part that becomes the file when all went well; else nothing has changed and nothing stays.

    Raises BadInput with the reason when the disk refuses.
    """
    made: list[Path] = []
    try:
        if makes_folder:
            made = _made_folders(path.parent)
        real = Path(os.path.realpath(path))
        clear_abandoned(real.parent)
        with PartFile(real.parent) as part:
            yield part
            part.sync()
            part.publish(real)
            made = []
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def unwritable(path: Path, error: OSError) -> BadInput:
    """What to say of a file that the disk refuses."""
    return BadInput([Fault(str(path), 0, 0, f"cannot be written: {error.strerror or error}.")])


def write_file(path: Path, content: bytes, makes_folder: bool = False) -> None:
    """Write a whole file. Raises BadInput with the reason when the disk refuses."""
    with written(path, makes_folder) as part:
        part.write(content)


def _made_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; which ones were not there, the innermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def is_made_here(path: Path, is_ours: Headings = lambda _: False) -> bool:
    """Whether a file is as tco-xlsx wrote it: a workbook that nobody has saved since, a Parquet file with our mark, a
    CSV with our headings."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            if start == b"PK\3\4":
                return _is_our_workbook(path)
            if start == b"PAR1":
                return PARQUET_KEY in _footer(path)
            file.seek(0)
            line = file.readline(_LONGEST_HEADING).decode("utf-8-sig")
        return is_ours(next(csv.reader([line]), []))
    except (*_NO_WORKBOOK, csv.Error):
        return False


def is_of_scenario(path: Path) -> bool:
    """Whether a file began as the workbook of a scenario, edited since or not."""
    try:
        return f'name="{SCENARIO_PROPERTY}"' in _part(path, "docProps/custom.xml")
    except _NO_WORKBOOK:
        return False


def _is_our_workbook(path: Path) -> bool:
    """Whoever saves a workbook, Excel, LibreOffice or a library, writes when, or who."""
    core = _part(path, "docProps/core.xml")
    made_by = _element(core, "dc:creator")
    return (
        made_by.startswith(f"{PRODUCT} ")
        and _element(core, "cp:lastModifiedBy") == made_by
        and _element(core, "dcterms:modified") == _element(core, "dcterms:created")
    )


def _part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package, package.open(name) as file:
        return file.read(_LONGEST_PART).decode()


def _element(xml: str, name: str) -> str:
    found = re.search(rf"<{name}\b[^>]*>([^<]*)</{name}>", xml)
    return found[1] if found else ""


def _footer(path: Path) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _FOOTER))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(0, size - _FOOTER - min(length, _MOST_FOOTER)))
        return file.read(min(length, _MOST_FOOTER))
