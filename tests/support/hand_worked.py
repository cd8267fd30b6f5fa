"""The hand-worked cases as their files tell them; knows nothing of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tco_xlsx.documents.located_yaml import read_yaml
from tco_xlsx.language.evaluate import InputValue

Point = Mapping[str, float | str | None]

FOLDER = Path(__file__).resolve().parent.parent / "cases"
TOLERANCE = 1e-9
ABSENT = "n/a"
FILE_KEYS = {"inputs", "points", "cases"}
CASE_KEYS = {"name", "why", "inputs", "points", "expected", "tolerance"}

Expected = float | str | Sequence[float | str]


@dataclass(frozen=True)
class HandWorked:
    """A case with what its file gives to all cases filled in."""

    file: str
    name: str
    why: str
    inputs: Mapping[str, InputValue]
    points: Sequence[Point]
    expected: Mapping[str, Expected]
    tolerance: float


@cache
def read_cases() -> list[HandWorked]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        shared: Any = read_yaml(path).plain()
        assert set(shared) <= FILE_KEYS, f"{path.name}: {set(shared) - FILE_KEYS}"
        for case in shared["cases"]:
            assert set(case) <= CASE_KEYS, f"{path.name}: {case['name']}: {set(case) - CASE_KEYS}"
            found.append(
                HandWorked(
                    file=path.stem,
                    name=case["name"],
                    why=case["why"],
                    inputs={**shared.get("inputs", {}), **case.get("inputs", {})},
                    points=case.get("points", shared.get("points", [])),
                    expected=case["expected"],
                    tolerance=case.get("tolerance", TOLERANCE),
                )
            )
    return found
