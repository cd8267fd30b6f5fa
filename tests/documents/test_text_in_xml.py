"""Whatever a file, a folder or a person calls a thing: the workbook is well-formed XML, and shows the text."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tco_xlsx.book import provenance as book_provenance
from tco_xlsx.book.pages.list_page import Link, ListColumn, write_list
from tco_xlsx.book.provenance import Provenance, SourceFile
from tco_xlsx.book.table import table
from tco_xlsx.book.write import write_workbook
from tco_xlsx.book.xlsx.private import FasterWorksheet
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.located_yaml import parse_yaml
from tco_xlsx.documents.text_out import cut, units, visible, xml_bytes
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import Case, Values, evaluate
from tco_xlsx.language.input_notes import InputNotes
from tco_xlsx.model import MODEL
from tests.support import shipped

SCENARIO = next(path for path in shipped.SCENARIOS if path.stem == "aiperf-sweep")
HOSTILE = (
    "a\x01b", "\x1b[31mred", "\ufffe", "\uffff", "\ud800", "\udfff x", "\x00", "\r", "a\r\nb", " ", "  padded  ",
    "\n", "\t", "<r>&</r>", "<r></r>",
    "_x0041_", "_x005F_x0041_", "=1+1", "+1", "-1", "@sum", "'", '"', "<&>]]>", "&amp;", "&G&P&",
    "\x85\u2028", "\u202e", "x" * 300, "\U0001f600" * 200, "\x0b" * 40,
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(), max_size=40), st.text(st.sampled_from("\x01\r_x041 =&<\ud800a"))
)


def with_text(text: str) -> tuple[Values, Provenance]:
    """A shipped scenario in which every text that comes from outside is the same one."""
    prepared = shipped.prepared(SCENARIO)
    subject = book_provenance.subject_of(prepared)
    points = [dict(point) | {"model": text or "m", "gpu_type": text or "g"} for point in prepared.case.along(POINT)]
    values = evaluate(MODEL, [Case.of_points(text, prepared.case.values, points)])
    return values, dataclasses.replace(
        subject,
        title=text,
        scenario=SourceFile(text, subject.scenario.sha256),
        benchmarks=[SourceFile(text, subject.scenario.sha256)],
        extends=[SourceFile(text, "")],
        notes=[text],
        overrides=[f"o {text}"],
        variation=[text],
        inputs={"server.price": InputNotes(None, None, text, text)},
        facts=[dict.fromkeys(facts, text) for facts in subject.facts],
        points_words=text,
    )


def written(text: str, worksheet_class: type | None) -> bytes:
    values, subject = with_text(text)
    target = io.BytesIO()
    write_workbook(target, MODEL, values, shipped.template(), [subject], worksheet_class)
    return target.getvalue()


def assert_well_formed(workbook: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for name in archive.namelist():
            expat.ParserCreate().Parse(archive.read(name), True)


def texts_of(workbook: bytes) -> Iterator[str]:
    book = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            yield from (without_escapes(value) for value in row if isinstance(value, str))


def without_escapes(text: str) -> str:
    """openpyxl leaves some _x005F_, which Excel reads as the sign that it escapes."""
    while "_x005F_" in text:
        text = text.replace("_x005F_", "_")
    return text


def as_read(text: str) -> str:
    return without_escapes(visible(text))


@settings(max_examples=25, deadline=None)
@given(TEXTS)
@example("a\x01b\ud800")
def test_every_text_gives_a_well_formed_workbook_that_shows_it(text: str) -> None:
    filled = written(text, None)
    assert_well_formed(filled)
    found = set(texts_of(filled))
    assert f"o {as_read(text)}" in found
    if text.strip():
        assert as_read(text) in found
        assert any(as_read(text) in each and each != as_read(text) and "o " not in each for each in found)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_plain_path_writes_the_same_texts(text: str) -> None:
    plain = written(text, FasterWorksheet)
    assert_well_formed(plain)
    with zipfile.ZipFile(io.BytesIO(plain)) as ours, zipfile.ZipFile(io.BytesIO(written(text, None))) as filled:
        assert ours.namelist() == filled.namelist()
        for name in ours.namelist():
            assert ours.read(name) == filled.read(name), name


@pytest.mark.parametrize("text", HOSTILE)
def test_lists_and_tables_are_well_formed(text: str, tmp_path: Path) -> None:
    (tmp_path / "table.xlsx").write_bytes(table("points", ["label"], [{"label": text}]))
    rows = [[Link(text or "x", "a.xlsx"), text]]
    write_list(tmp_path / "list.xlsx", "index", [ListColumn("a", 9), ListColumn("b", 9)], rows, 1, tmp_path)
    for name in ("table", "list"):
        workbook = (tmp_path / f"{name}.xlsx").read_bytes()
        assert_well_formed(workbook)
        assert not text or as_read(text).replace("<r>", "\u2039r>") in {
            each.replace("<r>", "\u2039r>") for each in texts_of(workbook)
        }


@given(st.text(st.characters()))
def test_the_door_lets_nothing_through_that_is_not_xml(text: str) -> None:
    expat.ParserCreate().Parse(b"<a>" + xml_bytes(text.translate({38: None, 60: None, 62: None})) + b"</a>", True)
    assert units(cut(text, 10)) <= 10


@pytest.mark.parametrize("escape", ["\\x01", "\\e", "\\uFFFE", "\\uFFFF", "\\0", "\\x7f", "\\a", "\\uFEFF"])
@pytest.mark.parametrize("line", ['title: "a{}b"', 'notes: ["a{}"]', '"a{}": 1'])
def test_what_a_person_wrote_is_refused_at_its_place(escape: str, line: str) -> None:
    with pytest.raises(BadInput) as found:
        parse_yaml("currency: USD\n" + line.format(escape), "x.yaml")
    (fault,) = found.value.faults
    assert fault.line == 2
    assert fault.column >= 1
    assert "U+" in fault.message
