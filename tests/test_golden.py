"""The text of a workbook, for review: a changed formula is a changed line.

UPDATE_GOLDEN=1 rewrites the file and fails all the same, so that no change passes unread.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tco_xlsx.model import MODEL
from tco_xlsx.schema import scenario_schema

from . import shipped
from .recalc.workbook import formulas

GOLDEN = Path(__file__).parent / "golden" / "book.txt"
SCENARIO = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"


def test_the_workbook_reads_as_reviewed(tmp_path: Path) -> None:
    labels = shipped.labels_of(SCENARIO)
    book = formulas(shipped.write(SCENARIO, tmp_path / "book.xlsx"))
    text = "".join(
        f"{sheet}!{cell}\t{labels.get((sheet, cell), '')}\t{formula}\n" for (sheet, cell), formula in book.items()
    )
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
        pytest.fail("the golden text is rewritten: review the difference and run again without UPDATE_GOLDEN")
    assert text.splitlines() == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_the_published_schema_is_the_model_s() -> None:
    published = json.loads((shipped.ROOT / "scenarios" / "scenario.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(scenario_schema(MODEL))), "run `make golden`"
