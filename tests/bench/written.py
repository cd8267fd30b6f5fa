"""Small files made in a test, and latencies whose every figure is another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.points.point import Latency


def written(folder: Path, name: str, content: object) -> Document:
    """A file with a text as it stands, or with anything else as JSON."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return Document(path)


def statistics(first: float) -> dict[str, float]:
    """Five figures, one above the other."""
    return {name: first + place for place, name in enumerate(("avg", "p50", "p90", "p95", "p99"))}


def latency(first: float) -> Latency:
    """The same as a latency."""
    return Latency(**statistics(first))


def approximately(first: float) -> Latency:
    """The same, but for the last digits: what is brought from seconds to ms."""
    return Latency(*(pytest.approx(first + place) for place in range(5)))
