"""An xlsx file as its parts: which part is which sheet, the shared strings, and writing it back.

The zip is handled directly because a load and save through openpyxl drops cached values, sparklines and more:
the file under test would no longer be the file that is shipped.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TEXT = re.compile(r"<t(?:\s[^>]*)?>(.*?)</t>", re.DOTALL)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)


class WorkbookError(Exception):
    """The workbook has no such sheet or cell, or the edit would destroy a formula."""


@dataclass(frozen=True)
class Package:
    """The uncompressed parts of one xlsx file. Never changed in place: files are cached between calls."""

    path: Path
    parts: Mapping[str, bytes]

    @cached_property
    def workbook(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.parts["xl/workbook.xml"])

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Sheet name -> part name, in the order of the tabs."""
        relations = ElementTree.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
        found = {}
        for sheet in self.workbook.iter(f"{MAIN}sheet"):
            target = targets[sheet.get(_RELATION, "")]
            part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            if "worksheets/" in part:  # chart sheets have no cells
                found[sheet.get("name", "")] = part
        return found

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, rich text flattened."""
        part = self.parts.get("xl/sharedStrings.xml")
        if part is None:
            return []
        items = ElementTree.fromstring(part).iter(f"{MAIN}si")
        return [unescape("".join(_runs(item))) for item in items]

    def sheet_xml(self, sheet: str) -> str:
        if sheet not in self.sheets:
            raise WorkbookError(f"{self.path.name}: no sheet {sheet!r}; it has {', '.join(self.sheets)}")
        return self.parts[self.sheets[sheet]].decode("utf-8")


def _runs(item: ElementTree.Element) -> list[str]:
    """The text of a shared string: its own or that of its runs, not its phonetic hints."""
    texts = [item.find(f"{MAIN}t"), *(run.find(f"{MAIN}t") for run in item.findall(f"{MAIN}r"))]
    return [text.text or "" for text in texts if text is not None]


def unescape(text: str) -> str:
    """Undo the _x000D_ notation in which a workbook keeps characters that XML cannot hold."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def inline_text(xml: str) -> str:
    """The text of an inline string `<is>...</is>`."""
    return unescape(html.unescape("".join(_TEXT.findall(_PHONETIC.sub("", xml)))))


def open_package(path: Path) -> Package:
    """Read a file; the same unchanged file again costs nothing, which hundreds of edits live from."""
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, changed: int, size: int) -> Package:
    with zipfile.ZipFile(path) as archive:
        return Package(path, {name: archive.read(name) for name in archive.namelist()})


def write_package(package: Package, target: Path, changes: Mapping[str, bytes]) -> None:
    """Write the file with some parts replaced. Stored, not deflated: it is read once and thrown away."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in package.parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), changes.get(name, data))
