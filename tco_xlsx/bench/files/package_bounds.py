"""Whether a zip archive is an Excel workbook that can be read in bounded time and memory; looked at before any of it
is unpacked, and whatever library reads it then.

Two hundred kilobytes of a zip archive may hold gigabytes: of rows, of shared texts, of anything that a parser holds
as a tree.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BufferedIOBase
from xml.parsers import expat

MOST_PARTS = 5_000
MOST_SHEETS = 200
MOST_SHEET_BYTES = 128 << 20
"""Of all sheets together, unpacked: two million cells with their formats."""
MOST_TEXT_BYTES = 32 << 20
"""Of the texts that cells share. All of them are held, whichever sheet is read."""
MOST_PART_BYTES = 4 << 20
"""Of any other part, which a parser holds as a tree of fifty times its size."""
MOST_BYTES = 1 << 30
"""Of all parts together, pictures and caches of pivot tables included."""

_MB = 1 << 20
_TYPES = "[Content_Types].xml"
_SHEET, _TEXTS, _BINARY = "spreadsheetml.worksheet+xml", "spreadsheetml.sharedStrings+xml", "sheet.binary"
# Never opened when cells alone are read.
_UNREAD = (
    "calcChain",
    "pivotCache",
    "externalLink",
    "image/",
    "printerSettings",
    "vbaProject",
    "oleObject",
    "customXml",
)
_ALWAYS_READ = (_TYPES, "xl/styles.xml", "xl/workbook.xml", "docProps/core.xml", "docProps/custom.xml")
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
_SAVE = "save the sheet with the results as .csv."
# A declaration of entities stands before the first element.
_LONGEST_PROLOG = 1 << 16


def objection(file: BufferedIOBase) -> str:
    """Why a zip archive is not read as a workbook, and what to do, as a sentence without its subject; or nothing."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _objection(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        return f"is a damaged zip archive ({error!s:.100}); open it in Excel and save it again as .xlsx."
    except expat.ExpatError as error:
        return f"is damaged: its list of parts is no XML ({error!s:.100}); open it in Excel and save it again as .xlsx."


def _objection(archive: zipfile.ZipFile) -> str:
    parts = {info.filename: info for info in archive.infolist()}
    if len(archive.infolist()) > MOST_PARTS:
        return f"is a zip archive of {len(archive.infolist()):,} files; give the files that the tool wrote."
    if _TYPES not in parts:
        if "mimetype" in parts and archive.open("mimetype").read(100).startswith(_OPEN_DOCUMENT):
            return "is an OpenDocument file (.ods); save it as .xlsx or .csv."
        return "is a zip archive, but no Excel workbook; unpack it, and give the folder."
    if parts[_TYPES].file_size > MOST_PART_BYTES:
        return _too_large(_TYPES, parts[_TYPES].file_size, MOST_PART_BYTES)
    kinds = _kinds(archive.read(_TYPES))
    if any(_BINARY in kind for kind in kinds.values()):
        return "is a binary workbook (.xlsb); save it as .xlsx or .csv."
    if not any("spreadsheetml" in kind or "ms-excel" in kind for kind in kinds.values()):
        return "is a zip archive, but no Excel workbook; give a .xlsx or a .csv file."
    return _size_objection(parts, kinds) or _entity_objection(archive, parts, kinds)


def _size_objection(parts: dict[str, zipfile.ZipInfo], kinds: dict[str, str]) -> str:
    sheets = [name for name in parts if _SHEET in kinds.get(name, "")]
    if len(sheets) > MOST_SHEETS:
        return f"has {len(sheets):,} sheets; at most {MOST_SHEETS} are read; {_SAVE}"
    if (size := sum(parts[name].file_size for name in sheets)) > MOST_SHEET_BYTES:
        return _too_large("its sheets", size, MOST_SHEET_BYTES)
    for name, info in parts.items():
        kind = kinds.get(name, "")
        if name in sheets or _is_unread(name, kind):
            continue
        most = MOST_TEXT_BYTES if _TEXTS in kind else MOST_PART_BYTES
        if info.file_size > most:
            return _too_large(f"{name!r:.80}", info.file_size, most)
    size = sum(info.file_size for info in parts.values())
    return _too_large("all of it", size, MOST_BYTES) if size > MOST_BYTES else ""


def _entity_objection(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], kinds: dict[str, str]) -> str:
    """Workbooks declare no entities; nine lines of them may stand for gigabytes."""
    for name in parts:
        if _is_unread(name, kinds.get(name, "")) or not name.endswith((".xml", ".rels")):
            continue
        with archive.open(name) as part:
            if _declares(part.read(_LONGEST_PROLOG)):
                return f"declares XML entities in {name!r:.80}, which no spreadsheet program writes; {_SAVE}"
    return ""


def _is_unread(name: str, kind: str) -> bool:
    return name not in _ALWAYS_READ and any(word in kind for word in _UNREAD)


def _too_large(what: str, size: int, most: int) -> str:
    return f"is too large a workbook: {what} would take {size / _MB:,.0f} MB, at most {most // _MB:,} are read; {_SAVE}"


def _kinds(types: bytes) -> dict[str, str]:
    """The content type of each part by its name."""
    found: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Override":
            found[attributes.get("PartName", "").lstrip("/")] = attributes.get("ContentType", "")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    parser.Parse(types, True)
    return found


class _Doctype(ValueError):
    pass


class _Begun(Exception):
    pass


def _refuse_doctype(*_: object) -> None:
    raise _Doctype("it declares XML entities")


def _declares(beginning: bytes) -> bool:
    """Whether a part declares entities, by the text before its first element, in whatever encoding."""

    def begun(*_: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = begun
    try:
        parser.Parse(beginning, False)
    except _Doctype:
        return True
    except (_Begun, expat.ExpatError, LookupError, ValueError):
        return False  # What is no XML the parser says itself.
    # Nothing but comments for 64 KB: nobody writes that, but for hiding something behind it.
    return len(beginning) == _LONGEST_PROLOG
