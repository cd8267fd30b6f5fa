"""The cells of a sheet, found in its XML as text, so that a change leaves everything else byte for byte.

Understands the cell elements of XlsxWriter, LibreOffice, Excel and openpyxl: `<c r="A1" s="3" t="str">`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.recalc.package import Package, WorkbookError, inline_text, unescape
from tests.recalc.values import Err, Value

_CELL = re.compile(r"<c((?:\s[^>]*?)?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_FORMULA = re.compile(r"<f((?:\s[^>]*?)?)(?:/>|>(.*?)</f>)", re.DOTALL)
_RESULT = re.compile(r"<v(?:\s[^>]*)?>(.*?)</v>", re.DOTALL)


class Formula(NamedTuple):
    element: str
    attributes: dict[str, str]
    text: str  # without the equals sign; "" in the later cells of a shared formula


class Cell(NamedTuple):
    attributes: dict[str, str]
    body: str
    start: int
    end: int

    @property
    def where(self) -> str:
        return self.attributes["r"]

    @property
    def kind(self) -> str:
        return self.attributes.get("t", "n")

    @property
    def formula(self) -> Formula | None:
        match = _FORMULA.search(self.body) if "<f" in self.body else None
        return match and Formula(match[0], dict(_ATTRIBUTE.findall(match[1])), html.unescape(match[2] or ""))

    @property
    def result(self) -> str | None:
        """What stands in `<v>`, as text."""
        match = _RESULT.search(self.body)
        return match and html.unescape(match[1])

    def element(self, kind: str | None, body: str) -> str:
        """The cell anew: its address and style kept, its type and content replaced."""
        kept = {name: text for name, text in self.attributes.items() if name in ("r", "s")}
        if kind:
            kept["t"] = kind
        attributes = "".join(f' {name}="{text}"' for name, text in kept.items())
        return f"<c{attributes}>{body}</c>" if body else f"<c{attributes}/>"


def all_cells(xml: str) -> Iterator[Cell]:
    """Every cell of a sheet, blank ones that have a style included."""
    start, stop = _data(xml)
    for match in _CELL.finditer(xml, start, stop):
        yield _cell(match)


def find_cell(xml: str, where: str) -> Cell | None:
    """One cell, without reading the others."""
    start, stop = _data(xml)
    opening = re.compile(rf'<c\s(?:[^>]*\s)?r="{where}"').search(xml, start, stop)
    match = opening and _CELL.match(xml, opening.start(), stop)
    return _cell(match) if match else None


def _data(xml: str) -> tuple[int, int]:
    start = xml.find("<sheetData")
    if start < 0:
        raise WorkbookError("a sheet without <sheetData>: its XML has a namespace prefix that this reader lacks")
    return start, max(xml.find("</sheetData>", start), start)


def _cell(match: re.Match[str]) -> Cell:
    attributes = dict(_ATTRIBUTE.findall(match[1]))
    if "r" not in attributes:
        raise WorkbookError('a cell without its address: this reader needs <c r="...">')
    return Cell(attributes, match[2] or "", match.start(), match.end())


def stored_value(cell: Cell, package: Package) -> Value:
    """The cached value of a formula cell, or a constant; None for a blank cell."""
    kind, text = cell.kind, cell.result
    if kind == "inlineStr":
        return inline_text(cell.body)
    if not text:
        return "" if kind == "str" and cell.formula else None
    if kind == "s":
        return package.strings[int(text)]
    if kind in ("str", "d"):
        return unescape(text)
    if kind == "b":
        return text == "1"
    return Err(text) if kind == "e" else float(text)


def replaced(xml: str, replacements: Iterable[tuple[Cell, str]]) -> bytes:
    """The sheet with some of its cells written anew."""
    pieces, position = [], 0
    for cell, element in sorted(replacements, key=lambda pair: pair[0].start):
        pieces += [xml[position : cell.start], element]
        position = cell.end
    return "".join([*pieces, xml[position:]]).encode("utf-8")
