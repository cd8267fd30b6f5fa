"""The normal-form table: every point there and back."""

from __future__ import annotations

import tempfile
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tco_xlsx.bench.frame import frame_of_points
from tco_xlsx.bench.normal_form import HEADINGS, from_csv, to_csv, to_rows
from tco_xlsx.bench.points.point import Latency, Point, altered
from tests.bench.samples import FIXTURES, SHARED, needs_samples, read

# Where a row is from, and what tells of it, cannot come back.
_ORIGIN = {"file": "", "tool": "", "index": 0, "line": 0, "tool_version": None, "gpu_source": None, "source": None}
_TOOLS = sorted(folder.name for folder in FIXTURES.iterdir() if folder.name not in ("other", "table"))


def _bare(point: Point) -> Point:
    return replace(point, **_ORIGIN)  # type: ignore[arg-type]


@pytest.mark.parametrize("tool", _TOOLS)
def test_points_of_every_tool_there_and_back(tool: str, tmp_path: Path) -> None:
    points = read(tool).points
    table = tmp_path / "points.csv"
    table.write_text(to_csv(points))
    again = read(table)
    assert again.faults == []
    assert [_bare(point) for point in again.points] == [_bare(point) for point in points]
    assert {point.source for point in again.points} == {point.file for point in points}


@needs_samples
def test_real_points_there_and_back(tmp_path: Path) -> None:
    points = read(SHARED).points
    table = tmp_path / "points.csv"
    table.write_text(to_csv(points))
    again = read(table)
    assert [_bare(point) for point in again.points] == [_bare(point) for point in points]
    assert not any("not understood" in notice.message for notice in again.notices)


def test_a_frame_has_the_same_types_whatever_the_points_hold() -> None:
    """Two tools' frames, and one without points, can be put together."""
    frames = [frame_of_points(read(tool).points) for tool in _TOOLS] + [frame_of_points([])]
    assert {str(frame.dtypes.to_dict()) for frame in frames} == {str(frames[0].dtypes.to_dict())}
    held = {name: kind for one in fields(Point) for name, kind in ((one.name, str(one.type)),) if name in HEADINGS}
    for name, kind in held.items():
        expected = "float64" if kind.startswith("float") else "boolean" if kind.startswith("bool") else "string"
        assert frames[0].dtypes[name] == expected, name


@pytest.mark.parametrize("tool", _TOOLS)
def test_a_frame_holds_what_the_rows_hold(tool: str) -> None:
    points = read(tool).points
    frame = frame_of_points(points)
    for row, told in zip(to_rows(points), frame.to_dict("records"), strict=True):
        for name, value in row.items():
            assert told[name] == value or (value is None and pd.isna(told[name])), name


_NUMBER = st.none() | st.floats(0.001, 1e9)
_WORD = st.none() | st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9).map(lambda word: f"x{word}")
_LATENCY = st.builds(Latency, *[_NUMBER] * 5)


@settings(deadline=None)
@given(
    st.builds(
        Point,
        file=st.just("a.json"),
        tool=st.just("vllm"),
        model=_WORD,
        gpu_type=_WORD,
        setup=_WORD,
        trial=_WORD,
        measured=st.booleans(),
        streaming=st.none() | st.booleans(),
        latency_derived=st.booleans(),
        itl_kind=st.sampled_from(["tpot", "chunk"]),
        gpus_per_instance=_NUMBER,
        isl=st.floats(1, 1e6),
        osl=st.floats(1, 1e6),
        concurrency=_NUMBER,
        completed=_NUMBER,
        total_tps=_NUMBER,
        rps=st.floats(0.001, 1e6),
        ttft=_LATENCY,
        itl=_LATENCY,
        latency=_LATENCY,
        notes=st.lists(st.sampled_from(["one; two", "three, four"]), max_size=2, unique=True).map(tuple),
        suspicious=st.lists(st.just("why"), max_size=1).map(tuple),
    )
)
def test_any_point_there_and_back(point: Point) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "points.csv"
        table.write_text(to_csv([point]), encoding="utf-8")
        (again,) = from_csv(table)
    assert _bare(again) == _bare(point)


def test_rows_have_every_heading_and_every_field_has_one() -> None:
    (row,) = to_rows([Point("a.json", "vllm", rps=2.0)])
    assert tuple(row) == HEADINGS
    known = {heading.split("_")[0] if heading.endswith("_ms") else heading for heading in HEADINGS}
    left_out = {"file", "tool", "index", "line", "short_name"}
    assert {field.name for field in fields(Point)} - known == left_out
    assert (row["source"], row["source_tool"], row["label"], row["rps"]) == ("a.json", "vllm", "a.json#1", 2.0)


def test_a_flag_that_is_neither_true_nor_false_is_a_fault(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("rps,concurrency,measured\n1,2,perhaps\n")
    (fault,) = read(table).faults
    assert (fault.line, fault.column) == (2, 3)
    assert '"perhaps" is neither true nor false' in fault.message


def test_an_altered_point_is_a_replaced_one() -> None:
    point = Point("a.json", "vllm", rps=2.0, ttft=Latency(avg=3.0), notes=("x",))
    changes = {"file": "b.json", "rps": None, "suspicious": ("y",)}
    assert altered(point, **changes) == replace(point, **changes)  # type: ignore[arg-type]
    assert point.file == "a.json"
    with pytest.raises(KeyError):
        altered(point, nothing=1)
