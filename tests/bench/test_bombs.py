"""Files made to exhaust who reads them, and files of other kinds: refused in words, before much is done about them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tco_xlsx.bench.files import package_bounds, sheet
from tests.bench.samples import FIXTURES, messages, read
from tests.support.path_kinds import run_bounded

_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{book}"/>{sheets}
<Override PartName="/xl/sharedStrings.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"""
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_SHEET_TYPE = (
    '<Override PartName="/xl/worksheets/sheet{0}.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEADINGS = ["rps", "concurrency", "ttft_avg_ms"]


def _row(cells: list[object], number: int | None = None) -> str:
    def cell(value: object) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    place = f' r="{number}"' if number else ""
    return f"<row{place}>{''.join(map(cell, cells))}</row>"


def _sheet(rows: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _workbook(
    file: Path, sheets: list[str], texts: str = "", book: str = _BOOK, more: dict[str, str] | None = None
) -> Path:
    """A workbook of sheets as they are, without any library's care."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    relation = f'<Relationship Id="rId{{0}}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{{0}}.xml"/>'
    parts = {
        "[Content_Types].xml": _TYPES.format(book=book, sheets="".join(_SHEET_TYPE.format(n) for n in numbers)),
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{"".join(relation.format(n) for n in numbers)}</Relationships>',
        "xl/sharedStrings.xml": texts or f'<sst xmlns="{_MAIN}"/>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"/>',
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in zip(numbers, sheets, strict=True)},
        **(more or {}),
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


_GOOD = _sheet(_row(_HEADINGS) + _row([1.5, 2, 40]))
_SMALL = _row([1, 2, 3])
_LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)

_BOMBS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "rows without end": (
        lambda file: _workbook(file, [_sheet(_row(_HEADINGS) + _SMALL * 500_000)]),
        "is too large a workbook: its sheets would take",
    ),
    "more rows than are read": (
        lambda file: _workbook(file, [_sheet(_row(_HEADINGS) + _row([1]) * 4_000)]),
        "the table has more than 3,000 rows",
    ),
    "more empty rows than a sheet has": (
        lambda file: _workbook(file, [_sheet(_row(_HEADINGS) + "<row/>" * 40_000)]),
        "the sheet has rows below 30,000, where none can be",
    ),
    "empty cells without end": (
        lambda file: _workbook(file, [_sheet(_row(_HEADINGS) + f"<row>{'<c/>' * 3_000}</row>" * 40)]),
        "the workbook has more than 90,000 cells",
    ),
    "a row with a number of its own beyond any": (
        lambda file: _workbook(file, [_sheet(_row(_HEADINGS) + _row([1, 2, 3], number=2_000_000_000))]),
        "the sheet has rows below 30,000, where none can be",
    ),
    "shared texts": (
        lambda file: _workbook(file, [_GOOD], f'<sst xmlns="{_MAIN}">{"<si><t>a</t></si>" * 300_000}</sst>'),
        "is too large a workbook: 'xl/sharedStrings.xml' would take",
    ),
    "styles": (
        lambda file: _workbook(
            file, [_GOOD], more={"xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{"<x/>" * 2_000_000}</styleSheet>'}
        ),
        "is too large a workbook: 'xl/styles.xml' would take",
    ),
    "a thousand sheets": (lambda file: _workbook(file, [_GOOD] * 1_000), "has 1,000 sheets; at most 200 are read"),
    "entities": (
        lambda file: _workbook(file, [_sheet(_row(_HEADINGS) + _row(["&j;"]), before=_LAUGHS)]),
        "declares XML entities in 'xl/worksheets/sheet1.xml'",
    ),
    "entities in UTF-16": (
        lambda file: _workbook(file, [_GOOD], more={"xl/styles.xml": f"{_LAUGHS}<s/>".encode("utf-16")}),  # type: ignore[dict-item]
        "declares XML entities in 'xl/styles.xml'",
    ),
    "entities behind a long comment": (
        lambda file: _workbook(file, [_sheet(_row(_HEADINGS), before=f"<!--{' ' * 70_000}-->{_LAUGHS}")]),
        "declares XML entities",
    ),
    "entities in the list of parts": (
        lambda file: _workbook(file, [_GOOD], more={"[Content_Types].xml": f"{_LAUGHS}<Types>&j;</Types>"}),
        "it declares XML entities",
    ),
    "thousands of parts": (
        lambda file: _workbook(file, [_GOOD], more={f"xl/media/{n}.png": "" for n in range(6_000)}),
        "is a zip archive of 6,0",
    ),
}


@pytest.mark.parametrize("bomb", _BOMBS)
def test_a_workbook_that_is_a_bomb_is_refused_in_bounded_time_and_memory(
    bomb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The bounds themselves would take a minute to reach.
    monkeypatch.setattr(package_bounds, "MOST_SHEET_BYTES", 8 << 20)
    monkeypatch.setattr(package_bounds, "MOST_TEXT_BYTES", 2 << 20)
    monkeypatch.setattr(sheet, "MOST_ROWS", 3_000)
    monkeypatch.setattr(sheet, "LAST_ROW", 30_000)
    monkeypatch.setattr(sheet, "MOST_CELLS", 90_000)
    make, words = _BOMBS[bomb]
    file = make(tmp_path / "bomb.xlsx")
    assert file.stat().st_size < 2 << 20
    ((code, said),) = run_bounded([["bench", str(file)]])
    assert code == 2, said
    assert words in said
    assert len(said) < 1_000


def test_a_cell_far_away_is_no_table_of_that_size(tmp_path: Path) -> None:
    """A format, a slip of the hand: the rows and cells between are empty."""
    table = _row(_HEADINGS) + _row([1.5, 2, 40])
    blank = f'<row r="{sheet.LAST_ROW}"><c r="A{sheet.LAST_ROW}"/></row>'
    wide = _row(_HEADINGS).replace("</row>", '<c r="XFD1"/></row>') + _row([1.5, 2, 40])
    for number, rows in enumerate((table + blank, wide, wide + blank)):
        reading = read(_workbook(tmp_path / f"{number}.xlsx", [_sheet(rows)]))
        assert [(point.rps, point.line) for point in reading.points] == [(1.5, 2)], reading.faults
    full = f'<row r="{sheet.LAST_ROW}"><c r="XFD{sheet.LAST_ROW}"><v>1</v></c></row>'
    reading = read(_workbook(tmp_path / "far.xlsx", [_sheet(table + full)]))
    assert reading.points == []
    assert "the row has 16,384 cells; at most 2,000 columns are read" in messages(reading)


def test_workbooks_at_the_bounds_are_read(tmp_path: Path) -> None:
    assert len(read(_workbook(tmp_path / "own.xlsx", [_GOOD])).points) == 1
    assert len(read(_workbook(tmp_path / "own.xlsm", [_GOOD], book=_MACROS)).points) == 1
    pictures = {"xl/media/a.png": "0" * (package_bounds.MOST_PART_BYTES - 1)}
    assert len(read(_workbook(tmp_path / "pictures.xlsx", [_GOOD] * 20, more=pictures)).points) >= 1


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _zip(file: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


_OTHERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "old.xls": (lambda file: file.write_bytes(_OLE), "is a workbook of the old kind (.xls)"),
    "locked.xlsx": (
        lambda file: file.write_bytes(_OLE + "EncryptedPackage".encode("utf-16-le")),
        "is a workbook with a password",
    ),
    "own.ods": (
        lambda file: _zip(file, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        "is an OpenDocument file (.ods); save it as .xlsx or .csv",
    ),
    "own.xlsb": (lambda file: _workbook(file, [_GOOD], book=_BINARY), "is a binary workbook (.xlsb)"),
    "results.zip": (lambda file: _zip(file, {"run.json": "{}"}), "is a zip archive, but no Excel workbook; unpack it"),
    "letter.docx": (
        lambda file: _zip(
            file, {"[Content_Types].xml": '<Types><Override PartName="/w" ContentType="wordprocessingml"/></Types>'}
        ),
        "is a zip archive, but no Excel workbook",
    ),
    "run.json.gz": (
        lambda file: file.write_bytes(b"\x1f\x8b\x08" + bytes(9)),
        "is compressed (gzip); unpack it (gunzip)",
    ),
    "run.json.zst": (lambda file: file.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(9)), "is compressed (Zstandard)"),
    "runs.tar": (lambda file: file.write_bytes(bytes(257) + b"ustar\x0000"), "is an archive (tar)"),
    "runs.parquet": (lambda file: file.write_bytes(b"PAR1" + bytes(9)), "is a Parquet file; save the table as .csv"),
    "wide.csv": (
        lambda file: file.write_bytes(",".join(_HEADINGS).encode("utf-16-le")),
        "is UTF-16, not UTF-8; save the file as UTF-8",
    ),
    "one-line.csv": (
        lambda file: file.write_text(",".join(_HEADINGS) + "\n" + "1," * 1_000_000),
        "line 2 has more than 1,048,576 characters",
    ),
    "columns.csv": (
        lambda file: file.write_text(",".join(_HEADINGS) + "\n" + "1," * 3_000),
        "the row has 3,001 cells; at most 2,000",
    ),
    "open-quote.csv": (
        lambda file: file.write_text(",".join(_HEADINGS) + '\n1,2,3\n2,"3,4\n3,4,5\n4,5,6\n'),
        "a quoted text begins here and does not end; add the closing quote",
    ),
    "nul.csv": (
        lambda file: file.write_text(",".join(_HEADINGS) + "\n" + "1,2,3\n" * 20_000 + "1,\0,3\n"),
        "is not a number",
    ),
    "deep.json": (lambda file: file.write_text("[" * 100_000 + "]" * 100_000), "it is nested too deep"),
    "deeper.json": (lambda file: file.write_text('{"a":' * 100_000 + "1" + "}" * 100_000), "it is nested too deep"),
    "digits.json": (lambda file: file.write_text('{"a": ' + "9" * 5_000 + "}"), "not valid JSON"),
    "aliases.yaml": (
        lambda file: file.write_text(
            "a: &a [x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))
        ),
        "more than 500,000 values, its aliases written out",
    ),
    "values.yaml": (lambda file: file.write_text("- " + "[" + "a," * 1_200_000 + "a]"), "more than 500,000 values"),
}


@pytest.mark.parametrize("name", _OTHERS)
def test_files_of_other_kinds_and_damaged_tables_are_told_what_to_do(name: str, tmp_path: Path) -> None:
    make, words = _OTHERS[name]
    make(tmp_path / name)
    reading = read(tmp_path / name)
    assert reading.points == []
    assert words in messages(reading)
    assert "is is" not in messages(reading)


def test_the_line_of_an_open_quote_is_told(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    _OTHERS["open-quote.csv"][0](file)
    (fault,) = read(file).faults
    assert fault.line == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_are_read_in_the_encodings_that_programs_write(encoding: str, tmp_path: Path) -> None:
    text = "model," + ",".join(_HEADINGS) + "\nZürich,1.5,2,40\n"
    (tmp_path / "own.csv").write_bytes(text.encode(encoding))
    (point,) = read(tmp_path / "own.csv").points
    assert (point.model, point.rps, point.ttft.avg) == ("Zürich", 1.5, 40)


def test_json_just_deep_enough_is_read_and_the_next_is_not(tmp_path: Path) -> None:
    for depth in (100, 900, 1_100, 5_000):
        (tmp_path / f"{depth}.json").write_text(json.dumps(0).join(["[" * depth, "]" * depth]))
    reading = read(tmp_path)
    assert reading.points == []
    assert len(reading.notices) >= 4


@pytest.mark.parametrize(
    "fixture", sorted(path for path in FIXTURES.rglob("*.csv") if path.parts[-2] != "other"), ids=lambda path: path.name
)
def test_an_open_quote_is_a_fault_whichever_tool_wrote_the_csv(fixture: Path, tmp_path: Path) -> None:
    lines = fixture.read_text().splitlines()
    (tmp_path / fixture.name).write_text("\n".join([*lines[:-1], f'"{lines[-1].replace(chr(34), "")}']) + "\n")
    reading = read(tmp_path / fixture.name)
    assert reading.points == []
    assert reading.faults
