"""YAML as it is read here: the types of YAML 1.2, a place for every value and every fault, and no way to crash."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.located_yaml import Located, parse_yaml, read_yaml, scalar_of


def fault(text: str) -> str:
    """The one fault of a text, with its place."""
    with pytest.raises(BadInput) as caught:
        parse_yaml(text, "base.yaml")
    [one] = caught.value.faults
    assert one.path == "base.yaml"
    return f"{one.line}:{one.column} {one.message}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", 10),
        ("010", 10),
        ("-0", 0),
        ("+7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e2", 100.0),
        ("1E-3", 0.001),
        (".5", 0.5),
        ("5.", 5.0),
        ("-1.5e+3", -1500.0),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        # Numbers, dates, hours and yes or no in YAML 1.1, and a trap each.
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("0b11", "0b11"),
        ("2026-01-31", "2026-01-31"),
        ("NO", "NO"),
        ("1e", "1e"),
        ("e5", "e5"),
        (".", "."),
        ("20 %", "20 %"),
        ("0x", "0x"),
        ("tRUE", "tRUE"),
    ],
)
def test_the_type_of_an_unquoted_word(text: str, value: object) -> None:
    for found in (scalar_of(text), dict(parse_yaml(f"key: {text}", "base.yaml").items())["key"].value):
        assert type(found) is type(value)
        assert found == value


@pytest.mark.parametrize(("text", "value"), [(".inf", math.inf), ("-.INF", -math.inf), ("1e999", math.inf)])
def test_infinity(text: str, value: float) -> None:
    assert scalar_of(text) == value


def test_not_a_number_and_far_too_many_digits() -> None:
    nothing = scalar_of(".nan")
    assert isinstance(nothing, float)
    assert math.isnan(nothing)
    assert scalar_of("9" * 301) == "9" * 301  # int() would refuse the longest with a traceback


@pytest.mark.parametrize("quoted", ["'010'", '"010"', "|-\n  010", ">-\n  010"])
def test_quotes_make_a_text(quoted: str) -> None:
    assert parse_yaml(f"key: {quoted}", "base.yaml").plain() == {"key": "010"}


def test_every_value_has_its_place() -> None:
    root = parse_yaml("# a remark\nserver:\n  price: 320000\n  gpus: [8, 16]\n", "base.yaml")
    server = dict(root.items())["server"]
    price, gpus = (dict(server.items())[key] for key in ("price", "gpus"))
    assert (root.line, server.line, server.key_line, server.key_column) == (2, 3, 2, 1)
    assert (price.line, price.column, price.key_line, price.key_column) == (3, 10, 3, 3)
    assert isinstance(gpus.value, list)
    assert [(item.line, item.column) for item in gpus.value] == [(4, 10), (4, 13)]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark", "---", "---\n...\n", "~"])
def test_an_empty_file_is_nothing(text: str) -> None:
    assert parse_yaml(text, "base.yaml").plain() is None


def test_aliases_are_values_like_others() -> None:
    text = "a: &limit 250\nb: *limit\nc: &both {x: *limit}\nd: *both"
    assert parse_yaml(text, "base.yaml").plain() == {"a": 250, "b": 250, "c": {"x": 250}, "d": {"x": 250}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3", "3:1 a: is given twice (first on line 1); keep one of them."),
        ("x:\n  'a': 1\n  a: 1", "3:3 a: is given twice (first on line 2); keep one of them."),
        ("{a: 1, a: 2}", "1:8 a: is given twice (first on line 1); keep one of them."),
        ("a: &x {b: 1}\nc:\n  <<: *x", "3:3 merge keys (<<) are not read; write the values out."),
        ("a: &x [*x]", "1:4 an alias may not contain itself."),
        ("a: &x\n  b: *x", "1:4 an alias may not contain itself."),
        ("a: !celsius 20", "1:4 the tag !celsius is not read; write a plain value."),
        ("a: !!int '3'", "1:4 the tag !!int is not read; write a plain value."),
        ("a: !!set {b}", "1:4 the tag !!set is not read; write a plain value."),
        ("a: !!omap [b: 1]", "1:4 the tag !!omap is not read; write a plain value."),
        ("!!int 3: b", "1:1 the tag !!int is not read; write a plain value."),
        ("!!python/object/apply:os.system [ls]", "1:1 the tag !!python/object/apply:os.system is not read;"),
        ("? [1, 2]\n: 3", "1:3 a key must be a word."),
        ("? {a: 1}\n: 3", "1:3 a key must be a word."),
        ("a: 1\n---\nb: 2", "2:1 not valid YAML: a second document begins here; keep one of them."),
        ("a: b: c", "1:5 not valid YAML: mapping values are not allowed in this context; check the indentation,"),
        ("a: 1\n\tb: 2", "2:1 not valid YAML: found a tab character that violates indentation; indent with spaces."),
        ("\ta: 1", "1:1 not valid YAML: found character that cannot start any token; indent with spaces, not tabs,"),
        ("a: @here", "1:4 not valid YAML: found character that cannot start any token; indent with spaces, not tabs,"),
        ("a: *nowhere", "1:4 not valid YAML: found undefined alias; put a text that begins with * in quotes."),
        ("a: 'open", "1:9 not valid YAML: found unexpected end of stream."),
        ("a: [1, 2", "2:1 not valid YAML: did not find expected ',' or ']'."),
        ("a: 1\nb: x\x01y", "2:5 the character U+0001 is not allowed in YAML; remove it."),
        ("\ufeffa: \x00", "1:4 the character U+0000 is not allowed in YAML; remove it."),
        ("a: \ud800", "1:4 the character U+D800 is not allowed in YAML; remove it."),
        ("a: 1\n\ufeffb: 2", "2:1 the character U+FEFF is not allowed in YAML; remove it."),
    ],
)
def test_what_is_refused_and_where(text: str, message: str) -> None:
    assert fault(text).startswith(message)


def test_all_keys_given_twice_are_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        parse_yaml("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3", "base.yaml")
    assert [one.line for one in caught.value.faults] == [2, 3, 4]


@pytest.mark.parametrize(
    "text",
    ["a: " + "[" * 200_000, "{a: " * 100_000, "- " * 50_000 + "1", "a: " + "[" * 50 + "]" * 50],
    ids=["lists", "mappings", "blocks", "closed"],
)
def test_deep_nesting_does_not_end_the_process(text: str) -> None:
    """The parser recurses in C: unchecked, this is a segmentation fault and no exception."""
    assert "is nested more than 40 deep." in fault(text)


def test_deep_nesting_by_aliases() -> None:
    text = "- &a0 [1]\n" + "".join(f"- &a{number} [*a{number - 1}]\n" for number in range(1, 2000))
    assert "is nested more than 40 deep." in fault(text)


def test_aliases_that_multiply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line holds the one before ten times: nine lines are a thousand million values."""
    monkeypatch.setattr("tco_xlsx.documents.located_yaml._MOST_VALUES", 10_000)
    text = "a0: &a0 [x]\n" + "".join(
        f"a{number}: &a{number} [{','.join([f'*a{number - 1}'] * 10)}]\n" for number in range(1, 10)
    )
    assert "the file has more than 10,000 values, its aliases written out." in fault(text)


def test_forty_levels_are_enough() -> None:
    value = parse_yaml("[" * 40 + "]" * 40, "base.yaml").value
    for _ in range(39):
        assert isinstance(value, list)
        [inner] = value
        value = inner.value
    assert value == []


# --- files


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert read_yaml(tmp_path / "bom.yaml").plain() == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: \xff", "1:4    byte 3 is not UTF-8; save the file as UTF-8."),
        ("a: 1".encode("utf-16"), "-      is UTF-16, not UTF-8; save the file as UTF-8."),
        ("a: Zürich".encode("latin-1"), "1:5    byte 4 is not UTF-8; save the file as UTF-8."),
        (b"a: \xed\xa0\x80", "1:4    byte 3 is not UTF-8; save the file as UTF-8."),
        (b"\xff", "1:1    byte 0 is not UTF-8; save the file as UTF-8."),
        (b"\xef\xbb\xbfa: 1\r\n\xff", "2:1    byte 9 is not UTF-8; save the file as UTF-8."),
        ("# Zürich\na: Zür".encode() + b"\xe9", "2:7    byte 17 is not UTF-8; save the file as UTF-8."),
    ],
    ids=["a stray byte", "UTF-16", "Latin-1", "half a surrogate pair", "the first", "behind a mark", "behind letters"],
)
def test_a_file_that_is_not_utf8(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "base.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_yaml(path)
    assert str(caught.value) == f"{path}: 1 problem\n  {message}"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("a: 1")
    for path, message in {
        tmp_path / "none.yaml": "no such file.",
        tmp_path: "is a folder; a file was expected.",
        tmp_path / "file" / "below.yaml": f"no such file: {tmp_path / 'file'} is not a folder.",
        tmp_path / "loop": "is a symbolic link that leads back to itself; name the file that was meant.",
        tmp_path
        / ("x" * 300): "cannot be read: a name of 300 characters is longer than the disk can hold; shorten it.",
    }.items():
        with pytest.raises(BadInput) as caught:
            read_yaml(path)
        assert [one.message for one in caught.value.faults] == [message]


# --- any text at all

PIECES = st.sampled_from(
    [
        *"[]{}'\"#~é\t\r\x00\n\u2028",
        "a",
        "b: ",
        "- ",
        ", ",
        ": ",
        "? ",
        "\n  ",
        "&x ",
        "*x",
        "!t ",
        "|\n",
        ">\n",
        "%YAML 1.1\n",
        "---\n",
        "...\n",
        "<<: ",
        "1e3",
        "010",
        "0x",
        "\ufeff",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
@example("\x85")
@example("a: \udfff")
@example("%TAG ! tag:x\n---\n!y 1")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_yaml(text, "any.yaml")
    except BadInput as bad:
        told = [one.message for one in bad.faults]
    else:
        assert isinstance(found, Located)
        found.plain()
        told = ["fine"]
    assert all(told)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
        max_leaves=20,
    )
)
def test_what_is_written_is_read(value: object) -> None:
    """JSON is YAML; numbers come back as they were, and whole numbers stay whole."""
    import json

    assert parse_yaml(json.dumps(value), "any.yaml").plain() == value
