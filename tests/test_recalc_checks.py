"""The checks of the recalculation machinery that need no engine: comparing, formula lint, file audit."""

from __future__ import annotations

import math
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from tests.recalc import audit
from tests.recalc.compare import differences
from tests.recalc.lint import constants, functions, length, r1c1
from tests.recalc.values import Err, Value


@pytest.mark.parametrize(
    ("wanted", "got", "same"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-6, False),
        (0.0, 1e-13, True),
        (0.0, 1e-9, False),
        (math.nan, math.nan, False),
        (math.inf, math.inf, False),
        (1.0, math.nan, False),
        (None, None, True),
        (None, 0.0, False),
        (None, "", False),
        ("", "", True),
        ("1", 1.0, False),
        ("a", "A", False),
        (True, 1.0, True),
        (True, False, False),
        (Err("#N/A"), Err("#N/A"), True),
        (Err("#N/A"), Err("#DIV/0!"), False),
        (Err("#N/A"), "#N/A", False),
        (1.0, Err("#N/A"), False),
    ],
)
def test_what_is_the_same(wanted: Value, got: Value, same: bool) -> None:
    assert (differences({("S", "A1"): wanted}, {("S", "A1"): got}) == []) is same


def test_lines_name_the_cell() -> None:
    at = ("Model", "C12")
    lines = differences({at: 4.0}, {at: Err("#REF!")}, engine="LibreOffice", labels={at: "fleet.servers"})
    assert lines == ["Model!C12 fleet.servers: expected 4.0, LibreOffice #REF!"]
    assert differences({at: 4.0}, {}, engine="IronCalc") == ["Model!C12: expected 4.0, IronCalc has no such cell"]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("='Sheet 1'!$A$1*2", ["2"]),
        ('="text 5"&A1', []),
        ('="say ""7"" "&8', ["8"]),
        ("=1E5+A1", ["1E5"]),
        ("=1.5e-3*B2", ["1.5e-3"]),
        ("=SUM(A1:B7)", []),
        ("=LOG10(A1)", []),
        ("='2026 plan'!B3+'It''s 5'!A1", []),
        ("=H100+TP8+in_rate1", []),
        ("=-1+A1", ["1"]),
        ("=A1*50%", ["50"]),
        ("=SUM(1:1)+SUM($A:B)", []),
        ('=CHOOSE(MATCH(D1,{"avg",3},0),A1,B1)', ["3", "0"]),
        ("=ROUNDUP(ROUND(A1,9),0)", ["9", "0"]),
        ("=IF(TRUE,A1,#N/A)", []),
    ],
)
def test_constants(formula: str, expected: list[str]) -> None:
    assert constants(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=A1+1", set()),
        ("=LOG10(sum(A1:B7))", {"LOG10", "SUM"}),
        ('="SUM("&A1', set()),
        ("=_xlfn.MAXIFS(A1:A2,B1:B2,1)+_xlfn._xlws.FILTER(A1,B1)", {"MAXIFS", "FILTER"}),
        ("='IF(x)'!A1", set()),
        ("=IF(AND(A1>0,ISNUMBER('Sheet 1'!B1)),1,0)", {"IF", "AND", "ISNUMBER"}),
    ],
)
def test_functions(formula: str, expected: set[str]) -> None:
    assert functions(formula) == expected


@pytest.mark.parametrize(
    ("formula", "cell", "expected"),
    [
        ("=B7*$A$1", "C7", "=RC[-1]*R1C1"),
        ("='Sheet 1'!$A$1+Inputs!C7", "C7", "='Sheet 1'!R1C1+Inputs!RC"),
        ("=SUM(A1:B7)", "C8", "=SUM(R[-7]C[-2]:R[-1]C[-1])"),
        ("=SUM(A$1:$B7)", "C8", "=SUM(R1C[-2]:R[-1]C2)"),
        ("='It''s A1'!B2", "A1", "='It''s A1'!R[1]C[1]"),
        ('="A1"&A1', "A1", '="A1"&RC'),
        ("=LOG10(A1)+1E5", "B2", "=LOG10(R[-1]C[-1])+1E5"),
        ("=SUM($A:B)+SUM(2:$3)", "B2", "=SUM(C1:C)+SUM(R:R3)"),
        ("=in_price*table[col]", "B2", "=in_price*table[col]"),
        ("=INDEX(A1:A3,1):A9", "B2", "=INDEX(R[-1]C[-1]:R[1]C[-1],1):R[7]C[-1]"),
        ("=AA10-XFD1048576", "Z10", "=RC[1]-R[1048566]C[16358]"),
    ],
)
def test_r1c1(formula: str, cell: str, expected: str) -> None:
    assert r1c1(formula, cell) == expected
    assert r1c1(formula.removeprefix("="), cell) == expected


def test_one_formula_along_a_row() -> None:
    row = {"C7": "=B7*(1+Inputs!$C$3)", "D7": "=C7*(1+Inputs!$C$3)", "E7": "=D7*(1+Inputs!$C$4)"}
    assert len({r1c1(formula, cell) for cell, formula in row.items()}) == 2


def test_length() -> None:
    assert length("=A1+1") == length("A1+1") == 4


def book(path: Path, *, broken: tuple[str, str] = ("", "")) -> Path:
    """A small workbook, with one text of its first sheet's XML replaced after writing."""
    whole = path.with_name("whole.xlsx")
    writer = xlsxwriter.Workbook(whole)
    sheet = writer.add_worksheet("Model")
    sheet.write_row("A1", ["label", 1.5, True, 46000])
    sheet.write_datetime("F1", datetime(2026, 1, 31), writer.add_format({"num_format": 14}))
    sheet.write_formula("E1", "=B1*2", None, 3)
    sheet.write_formula("E2", '="a"&"b"', None, "ab")
    sheet.data_validation("B1", {"validate": "decimal", "criteria": "between", "minimum": 1, "maximum": 3})
    chart = writer.add_chart({"type": "column"})
    chart.add_series({"values": "=Model!$B$1:$B$1"})
    sheet.insert_chart("H1", chart)
    writer.close()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml" and broken[0]:
                assert broken[0].encode() in text
                text = text.replace(broken[0].encode(), broken[1].encode())
            new.writestr(name, text)
    return path


def test_a_sound_workbook_has_no_findings(tmp_path: Path) -> None:
    assert audit.findings(book(tmp_path / "book.xlsx")) == []
    assert audit.loads_everywhere(tmp_path / "book.xlsx") == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<v>3</v>", "<v>nan</v>", "'nan' is not a value of a cell of type \"n\""),
        ("<v>3</v>", "<v>None</v>", "'None' is not a value"),
        ("<v>3</v>", "<v>inf</v>", "'inf' is not a value"),
        ("<v>3</v>", "<v>1e999</v>", "'1e999' is not a value"),
        ('t="b"><v>1</v>', 't="b"><v>True</v>', "'True' is not a value of a cell of type \"b\""),
        ('t="s"><v>0</v>', 't="s"><v>9</v>', "'9' is not a value of a cell of type \"s\""),
        ("<f>B1*2</f>", "<f>" + "+".join(["B1"] * 3000) + "</f>", "more than 8192 characters"),
        ("<pageMargins", "<bogus/><pageMargins", "Unexpected element 'bogus'"),
    ],
)
def test_findings_of_a_broken_workbook(tmp_path: Path, old: str, new: str, expected: str) -> None:
    found = audit.findings(book(tmp_path / "book.xlsx", broken=(old, new)))
    assert any(expected in line for line in found), found


def test_findings_of_what_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_text("no")
    assert audit.findings(tmp_path / "no.xlsx")
