"""A file to be recognised and read: its bytes decoded, its JSON parsed, each only when asked for."""

from __future__ import annotations

import codecs
import json
from functools import cached_property
from pathlib import Path

# Enough for the headings of any table and the first keys of any result; a walk must not load 500 MB to look.
_START_BYTES = 65_536

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Document:
    """One file. Reading its bytes may raise OSError; nothing else here raises."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self.remarks: list[str] = []
        """What decoding had to guess, in words."""

    @cached_property
    def first_bytes(self) -> bytes:
        with self.path.open("rb") as file:
            return file.read(_START_BYTES)

    @property
    def is_zip(self) -> bool:
        """Whether it may be an Excel workbook, which is a zip archive."""
        return self.first_bytes.startswith(b"PK\x03\x04")

    @cached_property
    def is_text(self) -> bool:
        """False for pictures, archives and the like: text without a BOM holds no zero bytes."""
        return _bom(self.first_bytes) is not None or b"\0" not in self.first_bytes

    @cached_property
    def start(self) -> str:
        """The first 64 KiB as text; empty for a file that is not text."""
        if not self.is_text:
            return ""
        encoding = _bom(self.first_bytes)
        if encoding is None:
            try:
                # Not final: the cut may go through the middle of a character.
                return codecs.getincrementaldecoder("utf-8")().decode(self.first_bytes)
            except UnicodeDecodeError:
                encoding = "cp1252"
        return codecs.getincrementaldecoder(encoding)("replace").decode(self.first_bytes)

    @cached_property
    def text(self) -> str:
        """The whole text: by its BOM, else UTF-8, else cp1252 with a remark. Empty if it is not text."""
        if not self.is_text:
            return ""
        content = self.path.read_bytes()
        encoding = _bom(content)
        try:
            return content.decode(encoding or "utf-8")
        except UnicodeDecodeError as error:
            if encoding is None:
                encoding = "cp1252"
                self.remarks.append(f"byte {error.start} is not UTF-8; read as cp1252, check its accents.")
            else:
                self.remarks.append(f"damaged near byte {error.start}: what cannot be decoded is left out.")
            return content.decode(encoding, "replace")

    @cached_property
    def first_line_json(self) -> object:
        """The first line parsed on its own (JSON Lines are known by it), or None."""
        line = self.start.partition("\n")[0]
        return _parse(line)[0] if line.lstrip().startswith("{") else None

    @cached_property
    def json(self) -> object:
        """The parsed JSON, or None when it is not JSON. NaN and Infinity are read as None."""
        return self._parsed[0]

    @property
    def json_fault(self) -> str | None:
        """Why a file that begins like JSON is not, with its place; None for any other file."""
        return self._parsed[1]

    @cached_property
    def _parsed(self) -> tuple[object, str | None]:
        if not self.start.lstrip().startswith(("{", "[")):
            return None, None
        return _parse(self.text)


def _bom(content: bytes) -> str | None:
    return next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)


def _parse(text: str) -> tuple[object, str | None]:
    try:
        return json.loads(text, parse_constant=lambda token: None), None
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return None, None  # JSON Lines, or several objects in one file: whole, but not one value.
        place = f"line {error.lineno}, column {error.colno}: {error.msg[:1].lower()}{error.msg[1:]}"
        return None, f"not valid JSON ({place}); the file may have been cut short."
    except RecursionError:
        return None, "not valid JSON for us: it is nested too deep."
    except ValueError as error:
        # An integer of more than 4300 digits, which no tool writes.
        return None, f"not valid JSON ({error})."
