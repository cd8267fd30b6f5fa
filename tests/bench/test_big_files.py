"""Files of any size: the same points from a long file as from a short one, in bounded memory."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.bench.files import document as documents
from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_stream import LONGEST_LIST, BrokenJson, CutList, values
from tests.bench.samples import FIXTURES, copied, messages, read


def _streamed(text: str | bytes) -> list[object]:
    return list(values(io.BytesIO(text.encode() if isinstance(text, str) else text)))


_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
)


@given(st.lists(_JSON, min_size=1, max_size=3))
def test_short_values_come_out_as_they_went_in(items: list[object]) -> None:
    assert _streamed("\n".join(json.dumps(item) for item in items)) == items


def test_long_lists_are_cut_and_marked() -> None:
    (found,) = _streamed(json.dumps({"a": [[1, {"b": 2}]] * 1000, "c": {"d": list(range(LONGEST_LIST))}}))
    assert isinstance(found, dict)
    assert isinstance(found["a"], CutList)
    assert len(found["a"]) == LONGEST_LIST
    assert found["a"][-1] == [1, {"b": 2}]
    assert not isinstance(found["c"]["d"], CutList)


@pytest.mark.parametrize("chunk", [1, 2, 7, 1 << 20])
def test_bare_words_are_null_wherever_a_chunk_ends(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tco_xlsx.bench.files.json_stream._CHUNK", chunk)
    text = '{"a": NaN, "b": [Infinity,-Infinity, 1], "c": "NaNny"}\n{"d":Infinity}'
    assert _streamed(text) == [{"a": None, "b": [None, None, 1], "c": "NaNny"}, {"d": None}]


@pytest.mark.parametrize("text", ['{"a": 1}{"b": ', '{"a": 1}\n}', '{"a": 1}\n{"b": 9' + "9" * 400 + "}"])
def test_what_is_whole_comes_before_the_damage(text: str) -> None:
    found: list[object] = []

    def collect() -> None:
        for value in values(io.BytesIO(text.encode())):
            found.append(value)

    with pytest.raises(BrokenJson):
        collect()
    assert found == [{"a": 1}]


def test_depth_is_bounded() -> None:
    _streamed("[" * 5000 + "]" * 5000)


@pytest.mark.parametrize(
    "fixture", ["vllm/detailed/run.json", "guidellm/gen2/benchmarks.json", "vllm/appended/all.json"]
)
def test_big_files_give_the_points_of_small_ones(fixture: str, monkeypatch: pytest.MonkeyPatch) -> None:
    small = read(fixture).points
    monkeypatch.setattr(documents, "_WHOLE_BYTES", 100)
    assert read(fixture).points == small


def test_a_big_file_cut_short_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_WHOLE_BYTES", 100)
    file = copied("vllm/detailed/run.json", tmp_path)
    file.write_text(file.read_text()[:-50])
    (fault,) = read(file).faults
    assert "not valid JSON" in fault.message
    assert "may have been cut short" in fault.message


def test_a_big_file_in_utf_16(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_WHOLE_BYTES", 100)
    file = tmp_path / "run.json"
    file.write_bytes((FIXTURES / "vllm/detailed/run.json").read_text().encode("utf-16"))
    assert [point.concurrency for point in read(file).points] == [8]


def test_too_long_yaml_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_YAML_BYTES", 100)
    assert "give the JSON of the same run" in messages(read("guidellm/yaml"))


def test_more_points_than_are_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_WHOLE_BYTES", 100)
    monkeypatch.setattr("tco_xlsx.bench.files.json_stream.LONGEST_LIST", 2)
    reading = read("guidellm/gen2")
    assert len(reading.points) == 2
    assert "only the first 2 loads are read; split the report." in messages(reading)


def test_the_stream_of_a_file_that_is_no_json_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a text")
    assert list(Document(tmp_path / "a.txt").stream()) == []


def test_memory_stays_bounded(tmp_path: Path) -> None:
    """A report of 30 MB takes a part of that: parsed at once it would take some 300 MB."""
    request = json.dumps({"request_id": "a" * 30, "output": "token " * 150, "iteration_times": [0.01] * 100})
    text = (FIXTURES / "guidellm/gen2/benchmarks.json").read_text()
    head, middle, tail = text.partition('"successful": [\n     {\n      "request_id"')
    assert middle
    with (tmp_path / "benchmarks.json").open("w") as file:
        file.write(head + '"successful": [')
        for _ in range(30_000_000 // len(request)):
            file.write(request + ",")
        file.write('{"request_id"' + tail)
    program = (
        "import resource, sys; from pathlib import Path; from tco_xlsx.bench.read import read_benchmarks\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "reading = read_benchmarks([Path(sys.argv[1])])\n"
        "print(len(reading.points), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], check=True, capture_output=True, text=True
    ).stdout
    points, megabytes = map(int, result.split())
    assert points == 3
    assert megabytes < 45


def test_progress_is_told_after_each_file() -> None:
    told: list[tuple[int, int]] = []
    read("vllm/falling", progress=lambda done, all_files: told.append((done, all_files)))
    assert told == [(1, 3), (2, 3), (3, 3)]
