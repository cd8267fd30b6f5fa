"""Formulas do not hang on what sheets are called: titles that look like columns, rows, words of Excel."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from tco_xlsx.book import provenance as book_provenance
from tco_xlsx.book.places import layout_of, shape_of
from tco_xlsx.book.template import Template
from tco_xlsx.book.workbook_kinds import KINDS, Workbooks
from tco_xlsx.book.write import write_workbook
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.excel import OPEN, Cell, Movable, formula_text, sheet_prefix
from tco_xlsx.language.lines import Derived
from tco_xlsx.model import MODEL
from tests.book.test_templates import two
from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_ironcalc
from tests.recalc.workbook import cached, poison
from tests.support import shipped

#: For each page another one; they hold what once stood for an open row, an open column and the end of a sheet's name.
TITLES = (
    "XFD inputs", "900006", "A1", "TRUE", "FALSE", "R1C1", "RC", "Inputs!", "1!B2", "$C$7", "XFD900006", "=SUM(A1)",
    '"x"&"y"', "<a> & b", "#REF!", "a,b;(c)", "{x}", "C0", "Größe", "表 1", "🚀", "_x0041_", "x.y", "1", "-", "%", "@",
)  # fmt: skip


def titled(turn: int) -> tuple[Template, dict[str, str]]:
    """The shipped template with other titles, and which stands for which."""
    template = shipped.template()
    names = {page.title: TITLES[(turn + number) % len(TITLES)] for number, page in enumerate(template.pages)}
    pages = [dataclasses.replace(page, title=names[page.title]) for page in template.pages]
    return dataclasses.replace(template, pages=pages, workbooks=renamed(template.workbooks, names)), names


def renamed(workbooks: Workbooks, names: Mapping[str, str]) -> Workbooks:
    """The kinds of workbooks with other titles of pages."""
    return Workbooks(*([names.get(name, name) for name in workbooks.names(kind)] for kind in KINDS))


def written(template: Template, target: Path) -> Path:
    prepared, made = two()
    subjects = [book_provenance.subject_of(one) for one in prepared]
    content = io.BytesIO()
    write_workbook(content, MODEL, made.values, template, subjects, compared=made.compared)
    target.write_bytes(content.getvalue())
    return target


def formulas_of(path: Path) -> dict[tuple[str, str], str]:
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@pytest.mark.parametrize("turn", [0, 11, 20])
def test_a_comparison_with_odd_titles_has_the_same_formulas(turn: int, tmp_path: Path) -> None:
    template, names = titled(turn)
    plain = formulas_of(written(shipped.template(), tmp_path / "plain.xlsx"))
    odd = formulas_of(written(template, tmp_path / "odd.xlsx"))
    assert len(plain) == len(odd) > 1000
    prefixes = {f"'{old}'!": f"'{new}'!" for old, new in names.items()}
    prefixes |= {sheet_prefix(old): sheet_prefix(new) for old, new in names.items()}
    sheets = re.compile(r"'[^']*'!|[A-Za-z]{4,}!")
    for (sheet, cell), formula in plain.items():
        # A quoted prefix that could stand without quotes keeps them.
        wanted = sheets.sub(lambda match: prefixes[match[0]], formula)
        assert odd[names[sheet], cell] == wanted, (sheet, cell)


def test_a_comparison_with_a_title_like_a_column_recalculates_to_the_same_numbers(tmp_path: Path) -> None:
    other = {"inputs": "XFD inputs", "model": "XFD900006", "points": None}
    template = shipped.template()
    pages = [
        dataclasses.replace(page, title=other[page.kind]) if other.get(page.kind) else page for page in template.pages
    ]
    names = {old.title: new.title for old, new in zip(template.pages, pages, strict=True)}
    workbooks = renamed(template.workbooks, names)
    path = written(dataclasses.replace(template, pages=pages, workbooks=workbooks), tmp_path / "odd.xlsx")
    poison(path, tmp_path / "poisoned.xlsx")
    cells, told = cached(path), recalculate_ironcalc(tmp_path / "poisoned.xlsx")
    numbers = {at: cells[at] for at in formulas_of(path) if isinstance(cells[at], float)}
    assert len(numbers) > 800
    found = differences(numbers, {at: told[at] for at in numbers}, rel=1e-9, abs=1e-6, engine="IronCalc")
    assert not found, "\n".join(found[:20])


def test_open_rows_and_columns_are_told_with_their_distance() -> None:
    cell = Cell("s", 4, OPEN + 3).text() + "+" + Cell("s", 4, OPEN + 2).text(True, True)
    assert Movable(cell).at(0) == "D5+$C$5"
    assert Movable(cell).at(24) == "AB5+$AA$5"
    assert Movable(Cell("s", OPEN + 6, 0).text() + "*900007").at(10) == "A17*900007"
    assert Movable("1+1").at(5) == "1+1"
    for text in (cell, Cell("s", OPEN + 6, 0).text() + "*2", "1+1", Cell("s", OPEN + 6, OPEN).text()):
        assert Movable(text).down(3) == [Movable(text).at(step) for step in range(3)]
    with pytest.raises(ValueError, match="mark"):
        Movable("'a\0b'!C1")


def test_every_formula_of_a_layout_is_the_one_read_for_its_seat() -> None:
    shape = shape_of([5, 3, 4], [0, 1, 0])
    layout = layout_of(MODEL, titled(0)[0], shape)
    for line in MODEL.lines:
        if isinstance(line, Derived):
            for scenario in range(3):
                # Scenarios that share rows of points share their formulas, which are those of the first.
                seen = shape.owners[shape.blocks[scenario]] if line.axis == POINT else scenario
                for index in range(layout.length(line.axis, scenario)):
                    assert layout.formula(line, scenario, index) == formula_text(line, seen, index, layout)
