"""Read and edit the cells of an xlsx file without disturbing anything else in it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from tests.recalc.cells import Cell, all_cells, find_cell, replaced, stored_value
from tests.recalc.package import MAIN, Package, WorkbookError, open_package, write_package
from tests.recalc.values import POISON_NUMBER, POISON_TEXT, Address, Constant, Value, row_and_column

__all__ = ["WorkbookError", "cached", "defined_names", "edit", "formulas", "poison"]

_AREA = r"\$?[A-Z]{1,3}\$?\d+"
_REFERENCE = re.compile(rf"(?:'((?:[^']|'')+)'|([^'!,()+*/ ]+))!({_AREA}(?::{_AREA})?)")


def cached(path: Path) -> dict[Address, Value]:
    """Every cell's stored value, formula or not; None for a blank cell that has a style."""
    package = open_package(path)
    return {
        (sheet, cell.where): stored_value(cell, package)
        for sheet in package.sheets
        for cell in all_cells(package.sheet_xml(sheet))
    }


def formulas(path: Path) -> dict[Address, str]:
    """Every formula cell's text, with its equals sign; Excel's shared formulas written out."""
    package = open_package(path)
    found: dict[Address, str] = {}
    for sheet in package.sheets:
        shared: dict[str, tuple[str, str]] = {}
        for cell in all_cells(package.sheet_xml(sheet)):
            formula = cell.formula
            if formula is None:
                continue
            text = f"={formula.text}"
            if formula.attributes.get("t") == "shared":
                number = formula.attributes["si"]
                if formula.text:
                    shared[number] = (cell.where, text)
                else:
                    text = _moved(*shared[number], cell.where)
            found[sheet, cell.where] = text
    return found


def _moved(origin: str, formula: str, to: str) -> str:
    from openpyxl.formula.translate import Translator  # only files saved by Excel need it

    return str(Translator(formula, origin=origin).translate_formula(to))


def defined_names(path: Path) -> dict[str, Address]:
    """Names of one cell or one range: name -> (sheet, "C7") or (sheet, "C7:F7"), without dollars."""
    found = {}
    for name in open_package(path).workbook.iter(f"{MAIN}definedName"):
        match = _REFERENCE.fullmatch((name.text or "").strip())
        if match and not name.get("name", "").startswith("_xlnm."):  # print areas and titles
            sheet = match[1].replace("''", "'") if match[1] else match[2]
            found[name.get("name", "")] = (sheet, match[3].replace("$", ""))
    return found


def poison(source: Path, target: Path, value: float = POISON_NUMBER) -> None:
    """Put a value that no model produces into every formula's cache, to prove that an engine recalculates."""
    package = open_package(source)
    number = f"<v>{float(value)!r}</v>"
    changes = {}
    for sheet, part in package.sheets.items():
        xml = package.sheet_xml(sheet)
        replacements = []
        for cell in all_cells(xml):
            if formula := cell.formula:
                text = cell.kind == "str"
                body = formula.element + (f"<v>{POISON_TEXT}</v>" if text else number)
                replacements.append((cell, cell.element("str" if text else None, body)))
        changes[part] = replaced(xml, replacements)
    write_package(package, target, changes)


def edit(source: Path, target: Path, changes: Mapping[Address, Constant]) -> None:
    """Set constant cells as a person would by typing; None empties a cell and keeps its style.

    Refuses a cell that holds a formula, and a sheet or cell that the workbook does not have: a test of a
    misspelt cell would pass for nothing.
    """
    package = open_package(source)
    by_sheet: dict[str, dict[str, Constant]] = {}
    for (sheet, where), value in changes.items():
        by_sheet.setdefault(sheet, {})[where] = value
    parts = {}
    for sheet, wanted in by_sheet.items():
        xml = package.sheet_xml(sheet)
        cells = [(_constant_cell(package, sheet, xml, where), value) for where, value in wanted.items()]
        parts[package.sheets[sheet]] = replaced(xml, [(cell, _typed(cell, value)) for cell, value in cells])
    write_package(package, target, parts)


def _constant_cell(package: Package, sheet: str, xml: str, where: str) -> Cell:
    row_and_column(where)  # says what is wrong with "$C$7" and "C7:C9"
    cell = find_cell(xml, where)
    place = f"{package.path.name}: {sheet}!{where}"
    if cell is None:
        raise WorkbookError(f"{place} does not exist; only a cell with a value or a style can be edited")
    if cell.formula is not None:
        raise WorkbookError(f"{place} holds the formula ={cell.formula.text}; edit its inputs")
    return cell


def _typed(cell: Cell, value: Constant) -> str:
    if value is None:
        return cell.element(None, "")
    if isinstance(value, bool):
        return cell.element("b", f"<v>{int(value)}</v>")
    if isinstance(value, str):
        # In the cell itself: the table of shared strings stays as it is.
        return cell.element("inlineStr", f'<is><t xml:space="preserve">{escape(value)}</t></is>')
    if not math.isfinite(value):
        raise WorkbookError(f"{cell.where}: {value} cannot be written into a cell")
    return cell.element(None, f"<v>{float(value)!r}</v>")  # float(): numpy's repr is "np.float64(3.0)"
