"""Cells, values of JSON, and JSON in pieces: each rule at its edge, by hand."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import pytest

from tco_xlsx.bench.files import json_stream, json_values, not_finite
from tco_xlsx.bench.files.cell import NotANumber, cell_number, is_blank
from tco_xlsx.bench.files.json_stream import BrokenJson, CutList, values
from tco_xlsx.bench.files.json_values import BareWord

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
    (below,) = _values(json.dumps({"o": {"a": [1] * (200 + extra), "b": 2}, "p": 3}))
    assert below == {"o": {"a": [1] * 200, "b": 2}, "p": 3}
    (nested,) = _values(json.dumps([[1] * (200 + extra), 3]))
    assert isinstance(nested, list)
    assert (isinstance(nested[0], CutList), len(nested[0]), nested[1]) == (cut, 200, 3)
    (behind,) = _values(json.dumps([7, [1] * (200 + extra), 3]))
    assert behind == [7, [1] * 200, 3]
    (outer,) = _values(json.dumps([{"a": [1]}] * (20_000 + extra)))
    assert isinstance(outer, list)
    assert (isinstance(outer, CutList), len(outer), outer[-1]) == (cut, 20_000, {"a": [1]})
    (keys,) = _values(json.dumps({str(key): [key] for key in range(20_000 + extra)}))
    assert isinstance(keys, dict)
    assert (len(keys), type(keys)) == (20_000, dict)
    (holder,) = _values(json.dumps({"a": {str(key): key for key in range(20_000 + extra)}}))
    assert isinstance(holder, dict)
    assert len(holder["a"]) == 20_000
    (text,) = _values(json.dumps("x" * (10_000 + extra)))
    assert text == "x" * 10_000
    deep = 200 + extra
    (found,) = _values("[" * deep + "]" * deep)
    depth = 0
    while isinstance(found, list):
        found, depth = (found[0] if found else None), depth + 1
    assert depth == 200


def test_what_the_parser_says_is_shortened() -> None:
    assert json_stream._reason(ValueError("x" * 200)) == "x" * 120
    assert json_stream._reason(ValueError(b"a \n b")) == "a"
    assert json_stream._reason(ValueError()) == json_stream._reason(ValueError(" ")) == "it is damaged"


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
