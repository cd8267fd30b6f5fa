"""A file to be recognised and read: its bytes decoded, its JSON or YAML parsed, each only when asked for.

A small file is parsed at once. Of a big one long lists are cut (see `json_stream`), so that memory stays
bounded: readers need not care, unless they take points from a list, which is then a `CutList`.
"""

from __future__ import annotations

import codecs
import io
import json
import os
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path

from tco_xlsx.bench.files import not_finite
from tco_xlsx.bench.files.json_stream import BrokenJson, values
from tco_xlsx.bench.files.json_values import BareWord
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.located_yaml import MOST_YAML_BYTES, parse_yaml
from tco_xlsx.documents.paths import is_file, opened, refuse_change, signature
from tco_xlsx.documents.unread import what_it_is

# Enough for the headings of any table and the first keys of any result; a walk must not load 500 MB to look.
_START_BYTES = 65_536

# Parsed at once, a file takes some ten times its size.
_WHOLE_BYTES = 16 << 20
# Text that is taken apart as a whole; no tool's own CSV comes near. Tables are read line by line.
_TEXT_BYTES = 64 << 20
# A row of a table has some hundred cells; a file without line ends is none.
_LONGEST_LINE = 1 << 20
_CHUNK = 1 << 20

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class LongLine(Exception):
    """A line of text has more characters than any row of a table."""


class Document:
    """One file. Looking at it and reading its bytes may raise OSError; nothing else here raises."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)
        self.remarks: list[str] = []
        """What decoding had to guess, in words."""
        self.not_finite: dict[str, str] = {}
        """Figures that are no finite numbers, by their places: filled as the file is parsed."""
        self.damage = ""
        """Why a file of a known kind cannot be read, where a reader found out."""
        self._head: object = None
        self._signature = signature(path)

    def refuse_change(self) -> None:
        """Raises OSError when the file is no longer what it was at first: a part of a run would be another run."""
        refuse_change(self.path, self._signature)

    @cached_property
    def first_bytes(self) -> bytes:
        with opened(self.path) as file:
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
        with opened(self.path, _TEXT_BYTES) as file:
            return file.read().decode(self._encoding, "replace")

    def lines(self) -> Iterator[str]:
        """The text line by line with the line ends, in bounded memory; as `text` else. Raises LongLine."""
        if not self.is_text:
            return
        with opened(self.path) as file, io.TextIOWrapper(file, self._encoding, "replace", newline="") as text:
            for number, line in enumerate(iter(lambda: text.readline(_LONGEST_LINE + 1), ""), start=1):
                if len(line) > _LONGEST_LINE:
                    raise LongLine(f"line {number} has more than {_LONGEST_LINE:,} characters")
                yield line

    @cached_property
    def other_kind(self) -> str:
        """What a file that is no text is, and what to do with it; empty for text and what nobody knows."""
        return "" if _bom(self.first_bytes) else what_it_is(self.first_bytes)

    @cached_property
    def _encoding(self) -> str:
        """How the text is decoded; a remark is left where that is a guess."""
        marked = _bom(self.first_bytes)
        decoder = codecs.getincrementaldecoder(marked or "utf-8")()
        place = 0
        with opened(self.path) as file:
            while True:
                chunk = file.read(_CHUNK)
                try:
                    decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError as error:
                    # What the decoder held of the piece before is part of what it tells, a BOM is not.
                    damaged = place + len(chunk) - len(error.object) + error.start
                    break
                place += len(chunk)
                if not chunk:
                    return marked or "utf-8"
        if marked:
            self.remarks.append(f"damaged near byte {damaged}: what cannot be decoded is left out.")
            return marked
        self.remarks.append(f"byte {damaged} is not UTF-8; read as cp1252, check its accents.")
        return "cp1252"

    @cached_property
    def size(self) -> int:
        with opened(self.path) as file:
            return file.seek(0, os.SEEK_END)

    @cached_property
    def first_line_json(self) -> object:
        """The first line parsed on its own (JSON Lines are known by it), or None."""
        line = self.start.partition("\n")[0]
        return _parse(line)[0] if line.lstrip().startswith("{") else None

    @cached_property
    def json(self) -> object:
        """The one JSON value that is the file, or None. NaN and Infinity are no numbers; see `not_finite`."""
        value = self._parsed[0]
        if value is not None:
            self.look_at(value)
        return value

    @property
    def json_fault(self) -> str | None:
        """Why a file that begins like JSON is not, with its place; None for any other file."""
        return self._parsed[1]

    @cached_property
    def first(self) -> object:
        """The first JSON value of the file: all of it, or the first of JSON Lines. None if there is none."""
        if self.json is not None or self.json_fault:
            return self.json
        if self._head is not None:
            return self._head
        try:
            return next(self.stream(), None)
        except BrokenJson:
            return None

    def stream(self) -> Iterator[object]:
        """The JSON values of the file one after another: JSON Lines, or objects appended to each other.

        Memory is bounded whatever the size of the file. Raises BrokenJson after the last whole value.
        """
        if not self._begins_like_json:
            return
        if self.json is not None:
            yield self.json
        else:
            several = _several(self.text) if self.size <= _WHOLE_BYTES else self._streamed()
            for place, value in enumerate(several, start=1):
                self.look_at(value, f"object {place}")
                yield value

    def look_at(self, value: object, place: str = "") -> None:
        """Remembers the figures below a value of this file that are no finite numbers."""
        if self._may_hold:
            room = not_finite.MOST_KEPT - len(self.not_finite)
            self.not_finite.update(islice(not_finite.found(value, place), max(0, room)))

    @cached_property
    def _may_hold(self) -> bool:
        return self.size > _WHOLE_BYTES or not_finite.may_hold(self.text)

    @cached_property
    def yaml(self) -> object:
        """The parsed YAML of a file named .yaml or .yml, without the places of values; or None."""
        return self._parsed_yaml[0]

    @property
    def yaml_fault(self) -> str | None:
        """Why a file named .yaml or .yml cannot be read."""
        return self._parsed_yaml[1]

    @cached_property
    def content(self) -> object:
        """The JSON or the YAML of the file, for formats that are written as either."""
        return self.json if self._begins_like_json else self.yaml

    @cached_property
    def _begins_like_json(self) -> bool:
        return self.start.lstrip().startswith(("{", "["))

    @cached_property
    def _parsed_yaml(self) -> tuple[object, str | None]:
        if self.path.suffix.lower() not in (".yaml", ".yml") or self._begins_like_json or not self.is_text:
            return None, None
        if self.size > MOST_YAML_BYTES:
            return None, f"YAML of {self.size >> 20} MB is not read; give the JSON of the same run."
        try:
            value = parse_yaml(self.text, self.name).plain()
            self.look_at(value)
            return value, None
        except BadInput as bad:
            fault = bad.faults[0]
            return None, f"line {fault.line}, column {fault.column}: {fault.message}"

    @cached_property
    def _parsed(self) -> tuple[object, str | None]:
        if not self._begins_like_json:
            return None, None
        if self.size <= _WHOLE_BYTES:
            return _parse(self.text)
        found: list[object] = []
        try:
            for value in self._streamed():
                if found:
                    self._head = found[0]
                    return None, None  # JSON Lines, or several objects: whole, but not one value.
                found.append(value)
        except BrokenJson as broken:
            return None, None if found else _cut_short(str(broken))
        return (found[0] if found else None), None

    def _streamed(self) -> Iterator[object]:
        encoding = _bom(self.first_bytes)
        with opened(self.path) as file:
            yield from values(file, encoding, self.not_finite)


def content_beside(path: Path) -> object:
    """The JSON or YAML of a file that may lie beside results; None where there is none to be read."""
    try:
        return Document(path).content if is_file(path) else None
    except OSError:
        return None


def _bom(content: bytes) -> str | None:
    return next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)


def _several(text: str) -> Iterator[object]:
    """Values one after another in a text that is not a single value."""
    decoder = json.JSONDecoder(parse_constant=BareWord)
    place = 0
    while True:
        while place < len(text) and text[place].isspace():
            place += 1
        if place == len(text):
            return
        try:
            value, place = decoder.raw_decode(text, place)
        except json.JSONDecodeError as error:
            raise BrokenJson(f"line {error.lineno}, column {error.colno}: {_lower(error.msg)}") from None
        except (RecursionError, ValueError) as error:
            raise BrokenJson(f"{error}"[:120]) from None
        yield value


def _parse(text: str) -> tuple[object, str | None]:
    try:
        return json.loads(text, parse_constant=BareWord), None
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            return None, None  # JSON Lines, or several objects in one file: whole, but not one value.
        return None, _cut_short(f"line {error.lineno}, column {error.colno}: {_lower(error.msg)}")
    except RecursionError:
        return None, "not valid JSON for us: it is nested too deep."
    except ValueError as error:
        # An integer of more than 4300 digits, which no tool writes.
        return None, f"not valid JSON ({error})."


def _cut_short(reason: str) -> str:
    return f"not valid JSON ({reason}); the file may have been cut short."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
