"""Altered templates: refused with the place, or the workbook is as sound and as right as with the one that ships."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.fuzz.parent import Order, answers
from tests.fuzz.templates import templates
from tests.support import shipped

COUNT = int(os.environ.get("FUZZ_TEMPLATES", "40"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
EACH = min(COUNT, 200)
SCENARIO = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"
FAULT = re.compile(r"^  \s*(?!and \d)\S.*$", re.MULTILINE)
PLACED = re.compile(r"\s+(\.\.\. |[1-9]\d*:[1-9]\d*\s)")
"""Line and column; a byte that is no text has its number."""


def unplaced(said: str) -> list[str]:
    """Faults without a line and a column."""
    return [f"without a place: {fault}" for fault in FAULT.findall(said) if not PLACED.match(fault)]


@pytest.mark.parametrize("part", range((COUNT + EACH - 1) // EACH))
def test_templates(part: int, tmp_path: Path) -> None:
    made = templates(SEED + part, EACH)
    orders = []
    for number, altered in enumerate(made):
        path = tmp_path / f"{number}.yaml"
        path.write_bytes(altered.content)
        orders.append(Order(SCENARIO, template=path, recalculate=number % 20 == 0))
    wrong, codes = [], []
    for altered, answer in zip(made, answers(orders), strict=True):
        codes.append(answer.code)
        faults = [*answer.wrong]
        if answer.code == 2:
            faults += unplaced(answer.said) if FAULT.search(answer.said) else ["refused without a fault"]
        if faults:
            wrong.append("\n  ".join([f"{altered.told}", *(fault[:400] for fault in faults)]))
    assert not wrong, "\n".join([f"{len(wrong)} of {len(made)}", *wrong])
    assert {0, 2} <= set(codes)
