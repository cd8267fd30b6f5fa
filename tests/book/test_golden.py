"""The text of a workbook, for review: a changed formula is a changed line, an inserted row an inserted line.

UPDATE_GOLDEN=1 rewrites the file and fails all the same, so that no change passes unread.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from tco_xlsx.model import MODEL
from tco_xlsx.scenario.schema import scenario_schema
from tests.recalc.values import Address
from tests.support import shipped, side_by_side
from tests.support.golden_text import NamedCells

GOLDEN = Path(__file__).parent.parent / "golden"
# Pages with a row for each point: what stands there is the same as in a workbook of one scenario.
LONG = {"Benchmark", "Workings", "Chart data"}
SCENARIO = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"


def test_the_workbook_reads_as_reviewed(tmp_path: Path) -> None:
    book = shipped.write(SCENARIO, tmp_path / "book.xlsx")
    assert_reviewed(GOLDEN / "book.txt", book, shipped.labels_of(SCENARIO))


def test_the_comparison_reads_as_reviewed(tmp_path: Path) -> None:
    beside = side_by_side.SideBySide(side_by_side.own_or_rent().prepared[:2])
    assert_reviewed(GOLDEN / "comparison.txt", beside.write(tmp_path / "book.xlsx"), beside.labels(), LONG)


def assert_reviewed(golden: Path, book: Path, labels: Mapping[Address, str], left_out: Collection[str] = ()) -> None:
    lines = NamedCells(book, labels).lines()
    text = "".join(f"{line}\n" for line in lines if line.partition(" | ")[0] not in left_out)
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
        pytest.fail("the golden text is rewritten: review the difference and run again without UPDATE_GOLDEN")
    assert text.splitlines() == golden.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", ["book", "comparison"])
def test_an_inserted_row_is_an_inserted_line(name: str) -> None:
    """No formula calls a cell of another row by how far it is; only the marks below a table, which move with it, and
    the rows of Plan, which has no lines of its own."""
    lines = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    moving = [line for line in lines if re.search(r"\[[+-][1-9]\d* down", line)]
    assert {line.partition(" | ")[0] for line in moving} <= {"Plan", "Tables"}


def test_the_published_schema_is_the_model_s() -> None:
    published = json.loads((shipped.ROOT / "scenarios" / "scenario.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(scenario_schema(MODEL))), "run `make golden`"
