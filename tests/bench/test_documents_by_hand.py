"""Documents and what is in them: encodings, JSON and YAML, rows, patterns of files, each rule at its edge, by hand."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import openpyxl
import pytest

from tco_xlsx.bench.files import sheet
from tco_xlsx.bench.files.document import Document, LongLine, content_beside
from tco_xlsx.bench.files.json_stream import BrokenJson, CutList
from tco_xlsx.bench.files.path_glob import is_pattern, matching
from tests.bench.written import written

# Documents


def _encoded(to: Path, content: bytes, name: str = "a.json") -> Document:
    (to / name).write_bytes(content)
    return Document(to / name)


def test_text_by_its_encoding(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        document = _encoded(tmp_path, "a\u00e4\n".encode(encoding))
        assert (document.text, document.start, list(document.lines()), document.remarks) == (
            "a\u00e4\n",
            "a\u00e4\n",
            ["a\u00e4\n"],
            [],
        )
    latin = _encoded(tmp_path, b"abc\xe4\n")
    assert (latin.text, latin.start) == ("abc\u00e4\n", "abc\u00e4\n")
    assert latin.remarks == ["byte 3 is not UTF-8; read as cp1252, check its accents."]
    late = _encoded(tmp_path, b"x" * (1 << 20) + b"y\xe4")
    assert late.text.endswith("y\u00e4")
    assert late.remarks == [f"byte {(1 << 20) + 1} is not UTF-8; read as cp1252, check its accents."]
    # The first byte of an a-umlaut ends one piece and its second would begin the next.
    halved = _encoded(tmp_path, b"x" * ((1 << 20) - 1) + b"\xc3z")
    assert halved.text[-2:] == "\u00c3z"
    assert halved.remarks == [f"byte {(1 << 20) - 1} is not UTF-8; read as cp1252, check its accents."]
    marked = _encoded(tmp_path, b"\xef\xbb\xbfab\xe4c")
    assert (marked.text, marked.remarks) == ("ab\ufffdc", ["damaged near byte 5: what cannot be decoded is left out."])
    binary = _encoded(tmp_path, b"a\0b")
    assert (binary.text, binary.start, binary.is_text, list(binary.lines())) == ("", "", False, [])
    assert _encoded(tmp_path, b"").text == ""
    large = _encoded(tmp_path, b"x" * 65_536)
    os.truncate(large.path, (64 << 20) + 1)
    with pytest.raises(OSError, match="64 MB"):
        _ = Document(large.path).text
    assert (_encoded(tmp_path, b"PK\x03\x04").is_zip, _encoded(tmp_path, b"PK\x03").is_zip) == (True, False)


def test_the_start_of_a_document(tmp_path: Path) -> None:
    document = _encoded(tmp_path, ("x" * 65_535 + "\u00e4y").encode())
    assert (len(document.first_bytes), document.start, document.size) == (65_536, "x" * 65_535, 65_538)


def test_lines_that_are_too_long(tmp_path: Path) -> None:
    document = _encoded(tmp_path, b"a\n" + b"x" * ((1 << 20) - 1) + b"\n")
    assert [len(line) for line in document.lines()] == [2, 1 << 20]
    with pytest.raises(LongLine, match="line 2 has more than 1,048,576 characters"):
        list(_encoded(tmp_path, b"a\n" + b"x" * ((1 << 20) + 1)).lines())


@pytest.mark.parametrize(
    ("text", "value", "fault"),
    [
        ('{"a": 1}', {"a": 1}, None), (" [1]", [1], None), ("5", None, None), ('{"a": 1}\n{"b": 2}', None, None),
        ('{"a"', None, "not valid JSON (line 1, column 5: expecting ':' delimiter); the file may have been cut short."),
        ("[" * 2000 + "1" * 5000, None, "not valid JSON for us: it is nested too deep."),
    ],
)  # fmt: skip
def test_json_and_its_faults(tmp_path: Path, text: str, value: object, fault: str | None) -> None:
    document = written(tmp_path, "a.json", text)
    assert document.json == value
    if fault is None or "deep" not in fault:
        assert document.json_fault == fault
    assert document.first_line_json == (value if text.startswith("{") and value else {"a": 1} if "\n" in text else None)


def test_json_lines(tmp_path: Path) -> None:
    document = written(tmp_path, "a.jsonl", '{"ttft": NaN}\n \n{"b": 1} 5')
    assert document.first == {"ttft": "NaN"}
    assert list(document.stream()) == [{"ttft": "NaN"}, {"b": 1}, 5]
    assert document.not_finite == {"object 1.ttft": "NaN"}
    broken = written(tmp_path, "a.jsonl", '{"a": 1}\n{"b"')
    assert broken.first == {"a": 1}
    with pytest.raises(BrokenJson, match="line 2, column 5: expecting ':' delimiter"):
        list(broken.stream())
    assert list(written(tmp_path, "a.txt", "x {").stream()) == []
    assert list(written(tmp_path, "a.json", "[1]").stream()) == [[1]]
    assert written(tmp_path, "a.json", '{"a"').first is None


def test_big_files_are_read_in_pieces(tmp_path: Path) -> None:
    text = json.dumps({"a": [1] * 300, "ttft": "x"}).replace('"x"', "NaN")
    for size, cut in ((16 << 20, False), ((16 << 20) + 1, True)):
        document = written(tmp_path, "a.json", text)
        document.size = size
        value = document.json
        assert isinstance(value, dict)
        assert isinstance(value["a"], CutList) is cut
        assert document.not_finite == {"ttft": "NaN"}
        lines = written(tmp_path, "b.jsonl", f"{text}\n{text}")
        lines.size = size
        assert [isinstance(one["a"], CutList) for one in lines.stream()] == [cut] * 2  # type: ignore[index]
        assert (lines.json, lines.json_fault) == (None, None)
        first = lines.first
        assert isinstance(first, dict)
        assert isinstance(first["a"], CutList) is cut
    broken = written(tmp_path, "c.json", '{"a": ')
    broken.size = (16 << 20) + 1
    assert broken.json is None
    assert str(broken.json_fault).endswith("the file may have been cut short.")
    several = written(tmp_path, "d.json", '{"a": 1} {"b"')
    several.size = (16 << 20) + 1
    assert (several.json, several.json_fault) == (None, None)


def test_yaml_documents(tmp_path: Path) -> None:
    document = written(tmp_path, "a.YML", "a: {b: .nan}\n")
    assert (document.yaml_fault, document.content) == (None, {"a": {"b": ".nan"}}) or math.isnan(
        document.yaml["a"]["b"]
    )  # type: ignore[index]
    assert written(tmp_path, "a.yaml", '{"a": 1}').content == {"a": 1}
    assert written(tmp_path, "a.yaml", '{"a": 1}').yaml is None
    assert written(tmp_path, "a.txt", "a: 1").content is None
    fault = written(tmp_path, "a.yaml", "a: [1\nb: 2").yaml_fault
    assert fault is not None
    assert fault.startswith("line 2, column ")
    big = written(tmp_path, "a.yaml", "a: 1")
    big.size = 1 << 40
    assert big.yaml_fault == "YAML of 1048576 MB is not read; give the JSON of the same run."
    assert content_beside(tmp_path / "a.yaml") == {"a": 1}
    assert content_beside(tmp_path / "none.yaml") is content_beside(tmp_path) is None


def test_what_is_remembered_is_bounded(tmp_path: Path) -> None:
    document = written(tmp_path, "a.json", json.dumps({"a": "NaN"}))
    document.look_at({f"k{number}": "NaN" for number in range(1500)}, "x")
    document.look_at({"more": "NaN"}, "y")
    assert len(document.not_finite) == 1000
    plain = written(tmp_path, "b.json", "{}")
    plain.look_at({"a": "NaN"})
    assert plain.not_finite == {}


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    document = written(tmp_path, "a.json", "{}")
    document.refuse_change()
    (tmp_path / "a.json").write_text("{ }")
    with pytest.raises(OSError, match="chang"):
        document.refuse_change()


def test_what_a_file_that_is_no_text_is(tmp_path: Path) -> None:
    assert _encoded(tmp_path, b"%PDF-1.7\n").other_kind != ""
    assert _encoded(tmp_path, "\u0100\u0200".encode("utf-16")).other_kind == ""


# Rows of texts


def test_rows_of_texts(tmp_path: Path) -> None:
    document = written(tmp_path, "a.csv", 'a,b\n"x\ny",1\n')
    (table,) = sheet.sheets(document)
    assert [(row.line, row.cells) for row in table.rows()] == [(1, ("a", "b")), (3, ("x\ny", "1"))]
    assert (table.title, table.commas) == ("", True)
    assert [one.commas for one in sheet.sheets(written(tmp_path, "b.csv", "a,b;c\td"))] == [True, True, False]
    assert list(sheet.sheets(written(tmp_path, "c.csv", "abc"))) == []
    assert sheet.open_quote(document) is None
    fault = sheet.open_quote(written(tmp_path, "d.csv", 'a,b\nc,d\n"e,f\n'))
    assert fault is not None
    assert (fault.line, fault.message) == (3, "a quoted text begins here and does not end; add the closing quote.")
    second = sheet.open_quote(written(tmp_path, "d.csv", 'a,b\nc,"d\n'))
    assert second is not None
    assert second.line == 2
    assert sheet.open_quote(written(tmp_path, "e.csv", "a," * 2001 + "\n")) is None
    last = written(tmp_path, "f.csv", 'a,b\n1,"2"')
    assert [row.cells for table in sheet.sheets(last) for row in table.rows()] == [("a", "b"), ("1", "2")]


def test_a_table_longer_than_its_start(tmp_path: Path) -> None:
    document = written(tmp_path, "a.csv", "a,b\n" + "1,2\n" * 20_000)
    (table,), (start,) = sheet.sheets(document), sheet.sheets(document, only_start=True)
    # 64 KiB are 16,384 rows of four bytes.
    assert (len(list(table.rows())), len(list(start.rows()))) == (20_001, 16_384)


def test_bounds_of_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (sheet.MOST_ROWS, sheet.MOST_CELLS, sheet.MOST_COLUMNS, sheet.HEADING_ROWS) == (
        300_000,
        3_000_000,
        2_000,
        20,
    )
    monkeypatch.setattr(sheet, "MOST_ROWS", 3)
    monkeypatch.setattr(sheet, "MOST_COLUMNS", 2)
    for text, line in (("a,b\n" * 4, None), ("a,b\n" * 5, 5), ("a,b\na,b,c\n", 2)):
        document = written(tmp_path, "a.csv", text)
        (table,) = sheet.sheets(document)
        if line is None:
            assert len(list(table.rows())) == 4
            continue
        with pytest.raises(sheet.Damaged) as caught:
            list(table.rows())
        assert caught.value.fault.line == line
        (start,) = sheet.sheets(document, only_start=True)
        assert len(list(start.rows())) == len(text.splitlines())


def test_cells_of_a_workbook_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two rows of two cells, each with one for the row.
    for rows, most, whole in ((2, 6, True), (2, 5, False), (3, 6, False)):
        monkeypatch.setattr(sheet, "MOST_CELLS", most)
        book = openpyxl.Workbook()
        for _ in range(rows):
            book.worksheets[0].append([1, 2])
        book.save(tmp_path / "a.xlsx")
        tables = sheet.sheets(Document(tmp_path / "a.xlsx"))
        if whole:
            assert [row.cells for row in next(tables).rows()] == [(1, 2)] * 2
            continue
        with pytest.raises(sheet.Damaged, match="more than"):
            list(next(tables).rows())


# Patterns


def test_what_a_pattern_of_files_finds(tmp_path: Path) -> None:
    for name in (
        "a1.json",
        "a2.json",
        "b.json",
        "x/a1.json",
        "x/y/a1.json",
        ".h/a1.json",
        "x/.h/a9.json",
        "x/.a1.json",
        "x/z[1].json",
    ):
        written(tmp_path, name, "{}")
    (tmp_path / "x/up").symlink_to(tmp_path)
    looked: list[None] = []

    def found(pattern: str) -> list[str]:
        looked.clear()
        root, paths = matching(tmp_path / pattern, lambda: looked.append(None))
        assert root == (tmp_path / "x" if pattern.startswith("x/") else tmp_path)
        return [path.relative_to(tmp_path).as_posix() for path in paths]

    assert found("a?.json") == ["a1.json", "a2.json"]
    assert len(looked) == 5  # hidden ones too
    assert found("[ab]*.json") == ["a1.json", "a2.json", "b.json"]
    assert found("*/a1.json") == ["x/a1.json"]
    assert found("**/a1.json") == ["a1.json", "x/a1.json", "x/y/a1.json"]
    assert found("x/*/none") == []
    assert found("*/.h/a9.json") == ["x/.h/a9.json"]  # asked for by its name
    assert found("*/*/*.json") == ["x/up/a1.json", "x/up/a2.json", "x/up/b.json", "x/y/a1.json"]
    assert [is_pattern(Path(name)) for name in ("a*", "a?", "a[", "a", "a]")] == [True, True, True, False, False]


def test_a_pattern_from_here_goes_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("x/y/a.json", "x/b.json", "a.json"):
        written(tmp_path, name, "{}")
    monkeypatch.chdir(tmp_path)

    def found(pattern: str) -> list[str]:
        return [path.as_posix() for path in matching(Path(pattern), lambda: None)[1]]

    assert found("**/a.json") == ["a.json", "x/y/a.json"]
    assert found("?/**") == ["x", "x/b.json", "x/y", "x/y/a.json"]
