"""The day of which a value is: strict, kept, and told wherever its source is."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from tco_xlsx.documents.errors import BadInput
from tco_xlsx.language.input_notes import InputNotes
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.load import load_scenarios
from tco_xlsx.scenario.schema import scenario_schema
from tests.cli.test_cli import run
from tests.recalc.workbook import cached
from tests.support import batches


def scenario(path: Path, told: str) -> Path:
    """A scenario whose hosting is told so."""
    batches.write(path)
    text = path.read_text()
    assert "per_server_year: 20000" in text
    path.write_text(text.replace("per_server_year: 20000", f"per_server_year: {told}"))
    return path


def notes(path: Path) -> InputNotes:
    (one,) = load_scenarios([path], MODEL)
    return one.told["hosting.per_server_year"]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ('"2026-03-01"', date(2026, 3, 1)),
        ("'2024-02-29'", date(2024, 2, 29)),
        # To come: a price list may begin then, and today must not matter.
        ("2999-12-31", date(2999, 12, 31)),
        ("", None),
        ("null", None),
    ],
)
def test_a_day_is_read_plain_or_quoted(written: str, day: date | None, tmp_path: Path) -> None:
    assert notes(scenario(tmp_path / "one.yaml", f"{{value: 1, as_of: {written}}}")).as_of == day


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-02-29", '"2026-02-29" is no day of the calendar.'),
        ("2026-13-01", '"2026-13-01" is no day of the calendar.'),
        ("0000-01-01", '"0000-01-01" is no day of the calendar.'),
        ("2026-3-1", '"2026-3-1" is not a day; write it as year-month-day: 2026-03-01.'),
        ("20260301", "20260301 is not a day;"),
        ("01/03/2026", '"01/03/2026" is not a day;'),
        ("2026-W09-7", '"2026-W09-7" is not a day;'),
        ("2026-03-01T10:00:00", '"2026-03-01T10:00:00" is not a day;'),
        ('"2026-03-01 "', '"2026-03-01 " is not a day;'),
        ("٢٠٢٦-٠٣-٠١", "is not a day;"),
        ('""', '"" is not a day;'),
        ("2026", "2026 is not a day;"),
        ("true", "true is not a day;"),
        ("[2026-03-01]", "a list is not a day;"),
        ("{day: 1}", "a mapping is not a day;"),
    ],
)
def test_what_is_no_day_is_refused_at_its_place(written: str, words: str, tmp_path: Path) -> None:
    path = scenario(tmp_path / "one.yaml", f"{{value: 1, as_of: {written}}}")
    with pytest.raises(BadInput) as refused:
        load_scenarios([path], MODEL)
    (fault,) = refused.value.faults
    line = path.read_text().splitlines()[fault.line - 1]
    assert fault.message.startswith("hosting.per_server_year.as_of: ")
    assert words in fault.message
    assert line[: fault.column - 1].endswith("as_of: ")


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (InputNotes(source="offer of Acme", as_of=date(2026, 3, 1)), "offer of Acme, as of 2026-03-01"),
        (InputNotes(source="an offer.", note="net.", as_of=date(2026, 3, 1)), "an offer, as of 2026-03-01. net"),
        (InputNotes(as_of=date(2026, 3, 1)), "as of 2026-03-01"),
        (InputNotes(1, None, note="net"), "net. may lie in 1 to "),
        (InputNotes(), ""),
    ],
)
def test_it_is_told_behind_the_source(note: InputNotes, words: str) -> None:
    assert note.words() == words


def test_inputs_explain_and_evaluate_tell_it(tmp_path: Path) -> None:
    told = '{value: 20000, low: 1, source: offer of Acme, as_of: "2026-03-01", note: power included}'
    path = scenario(tmp_path / "one.yaml", told)
    words = "offer of Acme, as of 2026-03-01. power included"
    run("build", path, "-o", tmp_path / "one.xlsx")
    assert any(words in str(value) for value in cached(tmp_path / "one.xlsx").values())
    assert words in " ".join(run("explain", path, "cost.total_year").output.split())
    (row,) = json.loads(run("evaluate", path, "--format", "json").output)
    source = {"low": 1, "source": "offer of Acme", "as_of": "2026-03-01", "note": "power included"}
    assert row["sources"] == {"hosting.per_server_year": source}


def test_it_goes_with_the_value_when_another_file_replaces_it(tmp_path: Path) -> None:
    scenario(tmp_path / "base.yaml", "{value: 1, source: an offer, as_of: 2026-03-01}")
    (tmp_path / "same.yaml").write_text("extends: base.yaml\n")
    (tmp_path / "other.yaml").write_text("extends: base.yaml\nhosting: {per_server_year: {value: 2, source: mine}}\n")
    assert notes(tmp_path / "same.yaml").as_of == date(2026, 3, 1)
    assert notes(tmp_path / "other.yaml").as_of is None
    (one,) = load_scenarios([tmp_path / "base.yaml"], MODEL, ["hosting.per_server_year=3"])
    assert one.told["hosting.per_server_year"].as_of is None


def test_the_schema_takes_a_day_and_no_other_text() -> None:
    schema = scenario_schema(MODEL)
    told = schema["properties"]["server"]["properties"]["price"]["anyOf"][1]["properties"]["as_of"]
    assert told["type"] == "string"
    assert re.search(told["pattern"], "2026-03-01")
    for wrong in ("2026-3-1", "March", "x2026-03-01", "2026-03-011"):
        assert not re.search(told["pattern"], wrong)
