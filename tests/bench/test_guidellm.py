"""GuideLLM: three generations, JSON, YAML and both kinds of CSV."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency
from tests.bench.samples import FIXTURES, messages, read


def test_a_report_of_today() -> None:
    reading = read("guidellm/gen2")
    assert [(point.concurrency, point.request_rate) for point in reading.points] == [(1, None), (8, None), (None, 10.5)]
    point = reading.points[1]
    assert (point.tool_version, point.model, point.streaming) == ("0.8.1", "acme/tiny-7b", True)
    assert point.latency.avg == pytest.approx(976)  # seconds in the file
    assert point.itl.p99 == pytest.approx(8.8 * 1.5)  # not time_per_output_token_ms, which has the TTFT in it
    assert (point.isl, point.osl, point.isl_asked, point.osl_asked) == (200, 101, 200, 101)
    assert (point.completed, point.failed, point.incomplete) == (795, 0, 2)
    assert reading.notices == []


@pytest.mark.parametrize("other", ["yaml", "csv3"])
def test_other_formats_give_the_same_points(other: str) -> None:
    def bare(folder: str) -> list[tuple[object, ...]]:
        return [
            (p.model, p.concurrency, p.request_rate, p.rps, p.isl, p.osl, p.ttft, p.itl, p.latency, p.completed)
            for p in read(f"guidellm/{folder}").points
        ]

    assert bare(other) == bare("gen2")


def test_one_report_in_three_formats_counts_once(tmp_path: Path) -> None:
    for folder in ("gen2", "yaml", "csv3"):
        for file in (FIXTURES / "guidellm" / folder).iterdir():
            shutil.copy(file, tmp_path)
    reading = read(tmp_path)
    assert [Path(point.file).suffix for point in reading.points] == [".json"] * 3
    assert messages(reading).count("all of it read already from") == 2


def test_a_biased_rate_is_replaced() -> None:
    (point,) = read("guidellm/gen1").points
    assert point.rps == pytest.approx(4.18)
    assert "418 in 100 s; the report says 3.135, which is biased" in " ".join(point.notes)
    assert (point.model, point.isl_asked, point.tool_version) == ("acme/tiny-7b", 200, "0.5.0")


def test_the_oldest_reports() -> None:
    (point,) = read("guidellm/gen0").points
    assert (point.concurrency, point.model, point.osl_asked, point.incomplete) == (1, "acme/tiny-7b", 101, 1)
    (row,) = read("guidellm/csv1").points
    assert (row.concurrency, row.completed) == (8, 795)
    assert row.ttft.p95 == pytest.approx(96 * 1.3)


def test_without_streaming_the_zeros_are_left_out() -> None:
    for point in read("guidellm/not_streaming").points:
        assert point.streaming is False
        assert point.ttft == point.itl == Latency()
        assert point.suspicious == ()


def test_errors_make_points_suspicious() -> None:
    points = read("guidellm/errors").points
    assert [bool(point.suspicious) for point in points] == [False, True, True]


def test_the_cap_of_a_throughput_run_is_no_concurrency(tmp_path: Path) -> None:
    text = (FIXTURES / "guidellm/gen2/benchmarks.json").read_text()
    strategy = '"type_": "throughput", "max_concurrency": 9999'
    (tmp_path / "benchmarks.json").write_text(text.replace('"type_": "synchronous"', strategy))
    point = read(tmp_path).points[0]
    assert (point.concurrency, point.load_kind, point.suspicious) == (None, "all at once", ())
    assert "as many requests at once as the server would take, 9999 at most" in point.notes
