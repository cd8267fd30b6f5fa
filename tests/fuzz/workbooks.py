"""Is a workbook what it must be: sound XML in every part, open to other readers, and equal to what Python computed?"""

from __future__ import annotations

import math
import zipfile
from pathlib import Path

import openpyxl
import python_calamine
from lxml import etree

from tco_xlsx.book.places import layout_once
from tco_xlsx.book.template import Template
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import evaluate
from tco_xlsx.language.excel import ABSENT
from tco_xlsx.language.lines import Derived
from tco_xlsx.model import MODEL
from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.workbook import cached, formulas, poison


def unsound(path: Path) -> list[str]:
    """What is wrong with the file itself."""
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                try:
                    etree.fromstring(archive.read(name), etree.XMLParser(huge_tree=True))
                except etree.XMLSyntaxError as error:
                    found.append(f"{name}: {error}")
    for reader in (_openpyxl, _calamine):
        try:
            reader(path)
        except Exception as error:
            found.append(f"{reader.__name__}: {type(error).__name__}: {error}")
    return found


def _openpyxl(path: Path) -> None:
    openpyxl.load_workbook(path).close()


def _calamine(path: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        book.get_sheet_by_name(name)


def unequal(path: Path, one: Prepared, template: Template) -> list[str]:
    """Cells of lines that do not hold what Python computes for them."""
    values = evaluate(MODEL, [one.case])
    _, layout = layout_once(MODEL, template, (one.case.length(POINT),))
    cells = cached(path)
    found = []
    for line in MODEL.lines:
        if not isinstance(line, Derived):
            continue
        for index in range(one.case.length(line.axis)):
            cell = layout.cell(line, 0, index)
            held, wanted = cells.get((cell.sheet, cell.text())), values.value(line, 0, index)
            same = held == ABSENT if wanted is None else isinstance(held, float) and math.isclose(held, wanted)
            if not same:
                found.append(f"{cell.sheet}!{cell.text()} {line.name}: {held!r}, not {wanted!r}")
    return found


def recalculated_otherwise(path: Path, one: Prepared, template: Template) -> list[str]:
    """Cells that two engines compute otherwise, from poisoned caches."""
    poisoned = path.with_name("poisoned.xlsx")
    poison(path, poisoned)
    cells = cached(path)
    expected = {at: cells[at] for at in formulas(path)}
    values = evaluate(MODEL, [one.case])
    _, layout = layout_once(MODEL, template, (one.case.length(POINT),))
    noise = {}
    for check in MODEL.checks:
        cell = layout.cell(check.difference, 0, 0)
        sides = [abs(values.value(side) or 0.0) for side in (check.left, check.right)]
        noise[cell.sheet, cell.text()] = max(sides) * 1e-12
    found = []
    for recalculate in (recalculate_formualizer, recalculate_ironcalc):
        actual = recalculate(poisoned)
        found += differences(expected, actual, abs=0.0, engine=recalculate.__name__, noise=noise)
    poisoned.unlink()
    return found
