"""Files of every tool, damaged: faults, notices or suspicious points, and never a number off by 1,000 unsaid."""

from __future__ import annotations

import copy
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tco_xlsx.bench.points.point import STATISTICS, Point
from tco_xlsx.bench.read import READERS, Reading
from tests.bench.samples import FIXTURES, read

_TOOLS = (
    "vllm",
    "sglang",
    "guidellm",
    "inference_perf",
    "llmd",
    "inferencex",
    "genai_bench",
    "llmperf",
    "trtllm_bench",
    "aiconfigurator",
)
_ELSEWHERE = {"aiperf", "genai_perf", "console_log", "known_other", "table"}
"""Readers whose files are damaged in tests of their own."""
_ODD: list[object] = [None, "", "N/A", "12", -1, 0, 1e308, True, [], {}, [None], {"mean": None}, float("nan")]
# What stands beside a result and is read with it.
_COMPANIONS = ("experiment_metadata.json", "config.yaml")

# What costs and limits depend on. A rate asked for is no result.
_NUMBERS = ("rps", "output_tps", "osl", "isl", "gpus_per_instance", "concurrency")
_FAR = 30


def test_files_of_every_tool_are_damaged() -> None:
    """A reader that is added is named here, by the folder of its fixtures."""
    modules = {reader.__name__.rpartition(".")[2] for reader in READERS}  # type: ignore[attr-defined]
    assert modules - _ELSEWHERE == {"llmd_report" if tool == "llmd" else tool for tool in _TOOLS}
    assert all(_files(tool) for tool in _TOOLS)


def _files(tool: str, *suffixes: str) -> list[Path]:
    found = (path for path in sorted((FIXTURES / tool).rglob("*")) if path.is_file())
    # GuideLLM's YAML is its JSON once more, and slow to write again and again.
    found = (path for path in found if path.name != "benchmarks.yaml" or not suffixes)
    return [path for path in found if not suffixes or path.suffix in suffixes]


def _changed(file: Path, text: str) -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / file.parent.name / file.name
        target.parent.mkdir()
        for name in _COMPANIONS:
            if (file.parent / name).is_file() and name != file.name:
                (target.parent / name).write_text((file.parent / name).read_text())
        target.write_text(text)
        reading = read(target)
    assert reading.points or reading.faults
    return reading


def _parsed(file: Path) -> list[Any]:
    text = file.read_text()
    if file.suffix == ".yaml":
        return [yaml.safe_load(text)]
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines()]


def _written(file: Path, values: list[Any]) -> str:
    return yaml.safe_dump(values[0]) if file.suffix == ".yaml" else "\n".join(map(json.dumps, values))


@pytest.mark.parametrize("tool", _TOOLS)
@settings(deadline=None, max_examples=25)
@given(data=st.data(), share=st.floats(0, 1))
def test_a_file_cut_anywhere(tool: str, data: st.DataObject, share: float) -> None:
    file = data.draw(st.sampled_from(_files(tool)))
    text = file.read_text()
    _changed(file, text[: int(len(text) * share)])


@pytest.mark.parametrize("tool", [tool for tool in _TOOLS if tool != "aiconfigurator"])
@settings(deadline=None, max_examples=40)
@given(data=st.data(), seed=st.integers(0, 10**6), value=st.sampled_from(_ODD))
def test_values_replaced_or_left_out(tool: str, data: st.DataObject, seed: int, value: object) -> None:
    choice = random.Random(seed)
    file = data.draw(st.sampled_from(_files(tool, ".json", ".jsonl", ".yaml")))
    values = _parsed(file)
    for _ in range(choice.randint(1, 5)):
        holder, key = choice.choice(list(_places(values)))
        if choice.random() < 0.3:
            holder.pop(key)
        else:
            holder[key] = copy.deepcopy(value)
        if not list(_places(values)):
            break
    _changed(file, _written(file, values) if values else "")


@pytest.mark.parametrize("tool", ["aiconfigurator", "guidellm", "vllm"])
@settings(deadline=None, max_examples=40)
@given(data=st.data(), value=st.sampled_from(["", "-", "x", "-1", "1e308", "0", "nan", "[1]", "{}"]))
def test_cells_replaced(tool: str, data: st.DataObject, value: str) -> None:
    file = data.draw(st.sampled_from(_files(tool, ".csv")))
    cells = file.read_text().split(",")
    place = data.draw(st.integers(0, len(cells) - 1))
    _changed(file, ",".join([*cells[:place], value, *cells[place + 1 :]]))


@pytest.mark.parametrize("tool", [tool for tool in _TOOLS if tool != "aiconfigurator"])
@settings(deadline=None, max_examples=15)
@given(data=st.data(), seed=st.integers(0, 1000))
def test_the_order_of_keys_does_not_matter(tool: str, data: st.DataObject, seed: int) -> None:
    choice = random.Random(seed)

    def shuffled(value: object) -> object:
        if isinstance(value, dict):
            keys = list(value)
            choice.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    file = data.draw(st.sampled_from(_files(tool, ".json", ".jsonl", ".yaml")))
    values = _parsed(file)
    same = _changed(file, _written(file, values))
    mixed = _changed(file, _written(file, [shuffled(value) for value in values]))
    # A file that is keyed by its loads gives them in its own order.
    assert sorted(map(_numbers_text, mixed.points)) == sorted(map(_numbers_text, same.points))


@pytest.mark.parametrize("tool", [tool for tool in _TOOLS if tool != "aiconfigurator"])
@settings(deadline=None, max_examples=40)
@given(data=st.data(), factor=st.sampled_from([1000.0, 0.001, 1e6, 1e-6]))
def test_no_number_is_off_by_a_thousand_without_a_word(tool: str, data: st.DataObject, factor: float) -> None:
    file = data.draw(st.sampled_from(_files(tool, ".json", ".jsonl", ".yaml")))
    values = _parsed(file)
    before = _changed(file, _written(file, values))
    holders = [
        (holder, key)
        for holder, key in _places(values)
        if isinstance(holder[key], (int, float)) and not isinstance(holder[key], bool)
    ]
    if not before.points or not holders:
        return
    holder, key = data.draw(st.sampled_from(holders))
    holder[key] = holder[key] * factor
    _said_or_same(before, _changed(file, _written(file, values)))


@pytest.mark.parametrize("factor", [1000.0, 0.001])
@pytest.mark.parametrize("tool", ["vllm", "sglang", "inferencex", "llmperf", "genai_bench"])
def test_all_latencies_in_another_unit_are_said(tool: str, factor: float) -> None:
    """As when a tool changes from seconds to milliseconds and keeps the names of its keys."""
    for file in _files(tool, ".json", ".jsonl"):
        values = _parsed(file)
        before = _changed(file, _written(file, values))
        for holder, key in _places(values):
            parent = str(key)
            is_time = any(name in parent for name in ("ttft", "tpot", "itl", "e2e", "latency"))
            if is_time and isinstance(holder[key], (int, float)):
                holder[key] *= factor
            elif is_time and isinstance(holder[key], dict):
                holder[key].update({k: v * factor for k, v in holder[key].items() if isinstance(v, (int, float))})
        after = _changed(file, _written(file, values))
        _said_or_same(before, after)
        assert all(point.suspicious for point in after.points if point.latency.avg or point.latency.p50)


def _said_or_same(before: Reading, after: Reading) -> None:
    """Either something new is said, or no number that counts has moved far."""
    if after.faults or {notice.message for notice in after.notices} - {notice.message for notice in before.notices}:
        return
    known = {point.index: _numbers(point) for point in before.points}
    for point in after.points:
        for name, value in _numbers(point).items():
            old = known.get(point.index, {}).get(name)
            assert not old or not value or 1 / _FAR < value / old < _FAR, (name, old, value)


def _numbers(point: Point) -> dict[str, float | None]:
    found: dict[str, float | None] = {name: getattr(point, name) for name in _NUMBERS}
    for name in ("ttft", "itl", "latency"):
        found |= {f"{name} {key}": getattr(getattr(point, name), key) for key in STATISTICS}
    return found


def _numbers_text(point: Point) -> str:
    return str(_numbers(point))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every entry of every mapping and list in a document."""
    entries: list[Any] = list(value) if isinstance(value, dict) else []
    if isinstance(value, list):
        entries = list(range(len(value)))
    for key in entries:
        yield value, key
        yield from _places(value[key])
