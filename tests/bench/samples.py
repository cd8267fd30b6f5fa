"""Where the fixtures and the shared samples lie, and small ways to read them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from tco_xlsx.bench.read import Reading, read_benchmarks

FIXTURES = Path(__file__).parents[1] / "fixtures" / "bench"
SHARED = Path(__file__).parents[2].parent / "shared" / "bench_samples"
WHY_SKIPPED = f"the shared benchmark samples are not at {SHARED}: nothing was compared with real result files"

needs_samples = pytest.mark.skipif(not SHARED.is_dir(), reason=WHY_SKIPPED)


def read(*paths: Path | str, **given: object) -> Reading:
    """Reads fixtures by their path below the fixtures, and other files by their own."""
    return read_benchmarks([FIXTURES / path for path in paths], **given)  # type: ignore[arg-type]


def copied(fixture: str, to: Path) -> Path:
    """A copy of a fixture, to be changed."""
    if (FIXTURES / fixture).is_dir():
        return Path(shutil.copytree(FIXTURES / fixture, to / Path(fixture).name))
    return Path(shutil.copy(FIXTURES / fixture, to))


def messages(reading: Reading) -> str:
    """All notices and faults as one text."""
    return "\n".join([*map(str, reading.notices), *(f"{fault.path} {fault}" for fault in reading.faults)])


def expected(tool: str) -> list[dict[str, str]]:
    """The rows of one tool of EXPECTED.csv; none when the samples are not here."""
    if not SHARED.is_dir():
        return []
    with (SHARED / "EXPECTED.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["tool"] == tool]
