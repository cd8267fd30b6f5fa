"""Damaged files: points, notices or faults, and never another exception."""

from __future__ import annotations

import copy
import csv
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tco_xlsx.bench.read import Reading
from tests.bench.samples import FIXTURES, messages, read

_FILES = sorted(
    path
    for path in FIXTURES.rglob("*")
    if path.suffix in (".json", ".csv", ".tsv") and path.name.startswith(("profile_export", "nvidia", "own", "other"))
)
_ODD: list[object] = [None, "", "N/A", "12", -1, 0, 1e308, True, [], {}, [None], {"avg": None}, float("nan")]


def _damaged(file: Path, damage: Callable[[str], str]) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / file.parent.name / file.name
        target.parent.mkdir()
        target.write_text(damage(file.read_text()))
        reading = read(target)
    assert reading.points or reading.faults
    return reading


_ONE_FILE = st.sampled_from(_FILES)


@settings(deadline=None, max_examples=150)
@given(_ONE_FILE, st.floats(0, 1))
def test_a_file_cut_anywhere(file: Path, share: float) -> None:
    _damaged(file, lambda text: text[: int(len(text) * share)])


@settings(deadline=None, max_examples=300)
@given(_ONE_FILE, st.randoms(use_true_random=False), st.sampled_from(_ODD))
def test_a_value_replaced_by_another(file: Path, choice: random.Random, value: object) -> None:
    def replaced(text: str) -> str:
        if file.suffix != ".json":
            return _cells(
                text,
                lambda row: [("" if value is None else str(value)) if choice.random() < 0.1 else c for c in row],
            )
        document = json.loads(text)
        for _ in range(choice.randint(1, 4)):
            holder, key = choice.choice(_places(document))
            holder[key] = copy.deepcopy(value)
        return json.dumps(document)

    _damaged(file, replaced)


@settings(deadline=None, max_examples=200)
@given(_ONE_FILE, st.randoms(use_true_random=False))
def test_keys_and_columns_left_out(file: Path, choice: random.Random) -> None:
    def dropped(text: str) -> str:
        if file.suffix != ".json":
            gone = choice.randint(0, 6)
            return _cells(text, lambda row: row[:gone] + row[gone + 1 :])
        document = json.loads(text)
        for _ in range(choice.randint(1, 4)):
            holder, key = choice.choice(_places(document) or [({}, "")])
            if key in holder:
                del holder[key]
        return json.dumps(document)

    _damaged(file, dropped)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from([path for path in _FILES if path.suffix == ".json"]), st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(file: Path, choice: random.Random) -> None:
    def shuffled(value: object) -> object:
        if isinstance(value, dict):
            keys = list(value)
            choice.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return value

    def bare(reading: Reading) -> list[tuple[object, ...]]:
        return [(p.model, p.rps, p.concurrency, p.ttft, p.itl, p.latency, p.isl) for p in reading.points]

    changed = _damaged(file, lambda text: json.dumps(shuffled(json.loads(text))))
    same = _damaged(file, lambda text: text)
    assert bare(changed) == bare(same)


_LATENCY_NAMES = (
    "request_latency",
    "time_to_first_token",
    "inter_token_latency",
    "ttft",
    "inter_chunk_latency",
)


def _a_thousand_times(file: Path) -> Callable[[str], str]:
    """Every latency a thousand times as large, the text of its unit left as it is."""

    def scaled(value: object, inside: bool = False) -> object:
        if isinstance(value, dict):
            return {
                key: scaled(item, inside or key.startswith(_LATENCY_NAMES) or value.get("unit") == "ms")
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [scaled(item, inside) for item in value]
        return value * 1000 if inside and isinstance(value, (int, float)) and not isinstance(value, bool) else value

    def times(text: str) -> str:
        if file.suffix == ".json":
            return json.dumps(scaled(json.loads(text)))
        rows = list(csv.reader(text.splitlines(), delimiter="\t" if file.suffix == ".tsv" else ","))
        head = next((row for row in rows if row and row[0].lower() in ("model", "metric")), rows[0])
        for row in rows[rows.index(head) + 1 :]:
            for place, cell in enumerate(row):
                heading = row[0] if head[0] == "Metric" else (head[place] if place < len(head) else "")
                if "(ms)" in heading or heading.endswith("_ms") or "(s)" in heading:
                    number = cell.replace(",", "")
                    row[place] = str(float(number) * 1000) if number.replace(".", "").isdigit() else cell
        return _written(rows, "\t" if file.suffix == ".tsv" else ",")

    return times


@pytest.mark.parametrize(
    "file",
    # Out of its folder a warm-up cannot be told from a run, and its load is not the one asked for.
    [file for file in _FILES if file.parent.name != "warmup"],
    ids=lambda file: str(file.relative_to(FIXTURES)),
)
def test_latencies_a_thousand_times_too_large_never_pass_unflagged(file: Path) -> None:
    before = _damaged(file, lambda text: text)
    after = _damaged(file, _a_thousand_times(file))
    assert "unit" not in messages(before).replace("in these headings", "")
    if before.points:
        flagged = [text for text in messages(after).splitlines() if "unit wrong" in text or "unit right" in text]
        assert len(flagged) >= len(before.points)


def _places(value: Any) -> list[tuple[dict[str, Any], str]]:
    """Every key of every mapping in a document."""
    if isinstance(value, list):
        return [place for item in value for place in _places(item)]
    if not isinstance(value, dict):
        return []
    return [(value, key) for key in value] + [place for item in value.values() for place in _places(item)]


def _cells(text: str, change: Callable[[list[str]], list[str]]) -> str:
    delimiter = "\t" if "\t" in text else ","
    return _written([change(row) for row in csv.reader(text.splitlines(), delimiter=delimiter)], delimiter)


def _written(rows: list[list[str]], delimiter: str) -> str:
    lines = [delimiter.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
    return "\n".join(lines) + "\n"
