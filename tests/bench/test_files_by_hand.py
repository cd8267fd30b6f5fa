"""Files as they come: cells, JSON, text and its encodings, bounds, each rule at its edge, by hand."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path
from typing import Any

import pytest

from tco_xlsx.bench.files import json_values, not_finite, sheet
from tco_xlsx.bench.files.cell import NotANumber, cell_number, is_blank
from tco_xlsx.bench.files.document import Document, LongLine, content_beside
from tco_xlsx.bench.files.json_stream import BrokenJson, CutList, values
from tco_xlsx.bench.files.json_values import BareWord
from tco_xlsx.bench.files.path_glob import is_pattern, matching
from tests.bench.written import written

# Cells


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.5", 1.5), (" -2. ", -2), (".5", 0.5), ("+3e-2", 0.03), ("1e999", None), (" 1e999 ", None),
        ("1,019.69", 1019.69),
        ("-1,000,000", -1e6), (5, 5), (2.5, 2.5), (10**400, None), (math.nan, None), (math.inf, None), (None, None),
        *((blank, None) for blank in ("", " ", "-", "--", "\u2013", "\u2014", "N/A", "na", "#N/A", "NaN", "none",
        "NULL",
                                      "inf", "+inf", "-inf", "Infinity")),
    ],
)  # fmt: skip
def test_numbers_in_cells(cell: object, number: float | None) -> None:
    assert cell_number(cell) == number
    assert is_blank(cell) is (cell is None or (isinstance(cell, str) and number is None and "e9" not in cell))


@pytest.mark.parametrize(
    ("cell", "commas", "said"),
    [
        ("1,5", True, "may be read in two ways"), ("1,019.69", False, "may be read in two ways"),
        ("x", True, "is not a number"),
        ("1.5 ms", True, "is not a number"), (True, True, "True is not a number; write digits with a decimal point"),
        (b"1", True, "is not a number"), ("\u0661", True, "is not a number"),
        ("12,34.5", True, "may be read in two ways"),
    ],
)  # fmt: skip
def test_cells_that_are_no_numbers(cell: object, commas: bool, said: str) -> None:
    with pytest.raises(NotANumber, match=said):
        cell_number(cell, commas)


# Values of JSON


def test_values_of_json() -> None:
    numbers = (
        True,
        False,
        3,
        2.5,
        "550",
        " 5. ",
        "-.5e1",
        "abc",
        "5 5",
        "1e999",
        10**400,
        math.nan,
        math.inf,
        None,
        [1],
        BareWord("NaN"),
    )
    assert [json_values.number(value) for value in numbers] == [None, None, 3, 2.5, 550, 5, -5, *([None] * 9)]
    words = (" a\x00\ud800b ", "a\x7f\ufffe", "", " ", 5, BareWord("NaN"), None)
    assert [json_values.word(value) for value in words] == ["a b", "a", None, None, None, None, None]
    assert json_values.at({"a": {"b": 1}}, "a", "b") == 1
    assert json_values.at({"a": 5}, "a", "b") is json_values.at([1], "a") is None
    assert json_values.at(5) == 5
    assert (json_values.mapping([1]), json_values.sequence({"a": 1}), json_values.sequence([1])) == ({}, [], [1])


# Figures that are no finite numbers


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, None), (1.5, None), (math.nan, "nan"), (-math.inf, "-inf"), (5, None),
        (10**400, "a number of 401 digits"),
        (-(10**400), "a number of 401 digits"), (BareWord("NaN"), "NaN"), (" +Infinity ", "+Infinity"),
        ("nan", "nan"), ("5", None),
        ("nano", None), (" 1e999 ", "1e999"), ("1" * 400, "a number of 400 characters"),
        ("9e" + "9" * 27, "9e" + "9" * 27),
        ("9e" + "9" * 28, "a number of 30 characters"), (None, None), ([], None),
    ],
)  # fmt: skip
def test_how_a_figure_that_is_not_finite_is_said(value: object, said: str | None) -> None:
    assert not_finite.said(value) == said


def test_where_such_figures_stand() -> None:
    content = {"a": {"b": "NaN", "rate": "inf", "c": [{"d": "NaN"}, "NaN", [{"e": "-inf"}]]}, "max_concurrency": "-inf"}
    assert dict(not_finite.found(content)) == {
        "a.b": "NaN", "a.c[1].d": "NaN", "a.c[3][1].e": "-inf", "max_concurrency": "-inf",
    }  # fmt: skip
    assert list(not_finite.found([{"x": "NaN"}], "line 2")) == [("line 2[1].x", "NaN")]
    assert list(not_finite.found("NaN")) == []
    for name in ("rate", "request_rate", "max_concurrency", "streams", "qps", "RPS_asked"):
        assert not_finite.is_no_limit(name, " +Infinity")
        assert not not_finite.is_no_limit(name, "-inf")
    assert not not_finite.is_no_limit("rates", "inf")
    assert not not_finite.is_no_limit("ttft", "inf")


def test_texts_that_may_hold_such_figures() -> None:
    held = ("[NaN]", "a: -inf", "Infinity", "1e400", "1E+400", "1" * 300)
    assert [not_finite.may_hold(text) for text in held] == [True] * 6
    assert [not_finite.may_hold(text) for text in ("nano", "info", "1e40", "1e-400", "1" * 299)] == [False] * 5


def test_the_sentence_about_such_figures() -> None:
    places = [(f"p{number}", "NaN") for number in range(6)]
    assert not_finite.message(places).startswith(
        "no finite number, and left out: p0 is NaN, p1 is NaN, p2 is NaN, p3 is NaN (and 2 more); expected a number."
    )
    assert "more" not in not_finite.message(places[:4])


# JSON in pieces


def _values(text: str | bytes, told: dict[str, str] | None = None, encoding: str | None = None) -> list[object]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(values(io.BytesIO(raw), encoding, told))


def test_json_one_value_after_another() -> None:
    content: list[Any] = [{"a": [1, {"b": None}, []], "c": {}}, [], 5, "x", [[1.5, True]]]
    assert _values("\n".join(map(json.dumps, content))) == content
    with pytest.raises(BrokenJson):
        _values("")
    with pytest.raises(BrokenJson):
        _values('{"a": 1} {"b"')


@pytest.mark.parametrize(("extra", "cut"), [(0, False), (1, True)])
def test_long_lists_are_cut_where_they_are_too_long(extra: int, cut: bool) -> None:
    (inner,) = _values(json.dumps({"a": [1] * (200 + extra), "b": 2}))
    assert isinstance(inner, dict)
    assert (isinstance(inner["a"], CutList), len(inner["a"]), inner["b"]) == (cut, 200, 2)
    (nested,) = _values(json.dumps([[1] * (200 + extra), 3]))
    assert isinstance(nested, list)
    assert (isinstance(nested[0], CutList), len(nested[0]), nested[1]) == (cut, 200, 3)
    (outer,) = _values(json.dumps([{"a": [1]}] * (20_000 + extra)))
    assert isinstance(outer, list)
    assert (isinstance(outer, CutList), len(outer), outer[-1]) == (cut, 20_000, {"a": [1]})
    (keys,) = _values(json.dumps({str(key): [key] for key in range(20_000 + extra)}))
    assert isinstance(keys, dict)
    assert (len(keys), type(keys)) == (20_000, dict)
    (text,) = _values(json.dumps("x" * (10_000 + extra)))
    assert text == "x" * 10_000
    deep = 200 + extra
    (found,) = _values("[" * deep + "]" * deep)
    depth = 0
    while isinstance(found, list):
        found, depth = (found[0] if found else None), depth + 1
    assert depth == 200


def test_bare_words_in_pieces() -> None:
    told: dict[str, str] = {}
    text = '{"ttft": NaN, "request_rate": Infinity, "x": [NaN, -Infinity], "y" : -Infinity, "z": "NaN"}'
    assert _values(text, told) == [{"ttft": None, "request_rate": None, "x": [None, None], "y": None, "z": "NaN"}]
    assert told == {"ttft": "NaN", "y": "-Infinity"}
    assert _values(text.encode("utf-16"), encoding="utf-16")[0] == _values(text)[0]
    many: dict[str, str] = {}
    _values("{" + ", ".join(f'"k{number}": NaN' for number in range(1001)) + "}", many)
    assert len(many) == not_finite.MOST_KEPT == 1000


@pytest.mark.parametrize("size", [*range(1, 30), 100])
def test_a_bare_word_across_two_reads_is_told_with_its_key(size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, most: int | None = -1) -> bytes:
            return super().read(size if most else 0)

    told: dict[str, str] = {}
    content = b'{"ttft" : -Infinity, "b": [1, NaN ], "' + b"k" * 80 + b'"         :         -Infinity, "c": "x"}'
    (value,) = values(Slow(content), None, told)
    assert value == {"ttft": None, "b": [1, None], "k" * 80: None, "c": "x"}
    assert told == {"ttft": "-Infinity", "k" * 80: "-Infinity"}


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
    assert sheet.open_quote(written(tmp_path, "e.csv", "a," * 2001 + "\n")) is None
    last = written(tmp_path, "f.csv", 'a,b\n1,"2"')
    assert [row.cells for table in sheet.sheets(last) for row in table.rows()] == [("a", "b"), ("1", "2")]


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


# Patterns


def test_what_a_pattern_of_files_finds(tmp_path: Path) -> None:
    for name in ("a1.json", "a2.json", "b.json", "x/a1.json", "x/y/a1.json", ".h/a1.json", "x/.a1.json", "x/z[1].json"):
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
    assert found("*/*/*.json") == ["x/up/a1.json", "x/up/a2.json", "x/up/b.json", "x/y/a1.json"]
    assert [is_pattern(Path(name)) for name in ("a*", "a?", "a[", "a", "a]")] == [True, True, True, False, False]
