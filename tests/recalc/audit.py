"""Is the file itself a valid workbook, and does every reader see the same values in it?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from openxml_audit import FileFormat, OpenXmlValidator

from tests.recalc.cells import all_cells
from tests.recalc.package import open_package
from tests.recalc.values import Address, address
from tests.recalc.workbook import cached

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_LONGEST_FORMULA = 8192
_LONGEST_TEXT = 32767


@lru_cache(maxsize=1)
def _validator() -> OpenXmlValidator:
    return OpenXmlValidator(file_format=FileFormat.OFFICE_2016)  # the oldest Excel that is supported


def findings(path: Path) -> list[str]:
    """What would make Excel offer to repair the file."""
    found = [str(error) for error in _validator().validate(path).errors]
    if any(line.startswith("[package]") for line in found):
        return found  # not even a zip: nothing more to look at
    return found + list(_cells(path))


def _cells(path: Path) -> Iterator[str]:
    """What the schema validator lets pass: it does not look at the content of `<v>` and `<f>`."""
    package = open_package(path)
    for sheet in package.sheets:
        for cell in all_cells(package.sheet_xml(sheet)):
            place = f"{sheet}!{cell.where}"
            formula, result = cell.formula, cell.result
            if formula and len(formula.text) > _LONGEST_FORMULA:
                yield f"{place}: a formula of more than {_LONGEST_FORMULA} characters"
            if result is not None and not _valid(cell.kind, result, len(package.strings)):
                yield f'{place}: {result[:40]!r} is not a value of a cell of type "{cell.kind}"'


def _valid(kind: str, text: str, strings: int) -> bool:
    if kind == "n":
        return bool(_NUMBER.fullmatch(text)) and math.isfinite(float(text))
    if kind == "b":
        return text in ("0", "1")
    if kind == "e":
        return text in _ERRORS
    if kind == "s":
        return text.isdigit() and int(text) < strings
    return len(text) <= _LONGEST_TEXT


def loads_everywhere(path: Path) -> list[str]:
    """Where openpyxl or calamine (which pandas and previewers use) sees another value than the file holds."""
    found = []
    stored = cached(path)
    for reader, seen in (("openpyxl", _openpyxl(path)), ("calamine", _calamine(path))):
        for (sheet, cell), value in stored.items():
            # Not compared: blanks, and errors, which each reader reports in its own way.
            other = seen.get((sheet, cell))
            if isinstance(value, (bool, float, str)) and value != "" and other != value and not _is_date(other):
                found.append(f"{sheet}!{cell}: the file holds {value!r}, {reader} reads {other!r}")
    return found


def _is_date(value: object) -> bool:
    """A number with a date format, which readers turn into a date."""
    return type(value).__module__ == "datetime"


def _openpyxl(path: Path) -> dict[Address, object]:
    from openpyxl import load_workbook

    sheets = load_workbook(path, data_only=True).worksheets
    return {(sheet.title, cell.coordinate): cell.value for sheet in sheets for row in sheet for cell in row}


def _calamine(path: Path) -> dict[Address, object]:
    from python_calamine import CalamineWorkbook

    found: dict[Address, object] = {}
    with CalamineWorkbook.from_path(path) as book:
        for name in open_package(path).sheets:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for row, values in enumerate(rows, 1):
                found.update({(name, address(row, column)): value for column, value in enumerate(values, 1)})
    return found
