"""vLLM: result files of all ages, several in a file, sweeps, failures, and no run counted twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency
from tco_xlsx.bench.points.trials import merge_trials
from tests.bench.samples import copied, messages, read

_RUN = "vllm/new/vllm-infqps-concurrency8-tiny-7b-20250101-000008.json"


def test_a_result_of_today() -> None:
    (point,) = read("vllm/new").points
    assert (point.tool, point.model, point.engine) == ("vllm", "acme/tiny-7b", "vLLM")
    assert (point.concurrency, point.request_rate, point.load_kind) == (8, None, "concurrency")
    assert (point.isl, point.osl, point.completed, point.failed) == (200, 101, 795, 0)
    assert point.ttft.avg == pytest.approx(96)
    assert point.itl.avg == pytest.approx(8.8)
    assert point.latency.p99 == pytest.approx(976 * 1.5)
    assert point.ttft.p95 is None
    assert (point.itl_kind, point.latency_derived, point.suspicious) == ("tpot", False, ())
    assert point.gpus_per_instance is point.gpu_source is None


def test_an_old_result_without_latency_failures_and_engine() -> None:
    (point,) = read("vllm/old").points
    assert point.model == "acme/tiny-7b"  # out of the path of a cache
    assert point.engine is None
    assert point.failed == 0
    # By the mean gap between packets, not by the mean TPOT of 9.6 ms, in which short answers count as much as long.
    assert point.latency == Latency(avg=pytest.approx(112 + 9.792 * 100))
    assert point.latency_derived
    assert "the latency is derived: TTFT + ITL x (OSL - 1)" in point.notes
    assert (point.isl_asked, point.osl_asked) == (200, 100)


def test_gpus_that_only_the_name_of_the_file_tells() -> None:
    (point,) = read("vllm/gpus_in_name").points
    assert (point.gpus_per_instance, point.gpu_source) == (16, "name")
    assert "16 GPUs by the name of the file" in point.notes


def test_the_lists_of_single_requests_are_ignored_and_metadata_of_the_user_read() -> None:
    (point,) = read("vllm/detailed").points
    assert (point.gpus_per_instance, point.gpu_source) == (2, "file")
    assert point.itl.avg == pytest.approx(8.8)


def test_several_results_in_one_file() -> None:
    points = read("vllm/appended").points
    assert [(point.index, point.concurrency) for point in points] == [(0, 4), (1, 8), (2, 16)]
    assert [point.label for point in points] == ["all.json#1", "all.json#2", "all.json#3"]


def test_an_appended_file_that_is_cut_short_keeps_its_whole_results(tmp_path: Path) -> None:
    file = copied("vllm/appended/all.json", tmp_path)
    file.write_text(file.read_text()[:-200])
    reading = read(file)
    assert [point.concurrency for point in reading.points] == [4, 8]
    assert "after 2 results the file is damaged: line 3" in messages(reading)


def test_a_run_that_failed_altogether_is_refused() -> None:
    reading = read("vllm/all_failed")
    assert reading.points == []
    assert "no request was completed (795 failed); point left out." in messages(reading)


def test_a_run_with_many_failures_is_suspicious() -> None:
    (point,) = read("vllm/some_failed").points
    assert point.suspicious == ("100 of 895 requests failed (11%).",)


def test_a_gap_between_packets_is_never_passed_off_as_the_time_per_token() -> None:
    reading = read("vllm/chunk_only")
    (point,) = reading.points
    assert point.itl_kind == "chunk"
    assert point.latency == Latency()  # it cannot be derived from a gap between packets
    assert "the ITL is the gap between packets" in messages(reading)


def test_with_a_rate_the_concurrency_is_a_cap() -> None:
    (point,) = read("vllm/rate").points
    assert (point.concurrency, point.request_rate, point.load_kind) == (None, 7.5, "rate")
    assert "at most 64 requests in flight at once" in point.notes


def test_without_any_limit_all_requests_are_sent_at_once(tmp_path: Path) -> None:
    file = copied(_RUN, tmp_path)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"max_concurrency": None}))
    (point,) = read(file).points
    assert point.load_kind == "all at once"
    assert "all requests were sent at once" in point.notes


def test_a_sweep_counts_each_run_once_and_leaves_warm_ups_out() -> None:
    reading = read("vllm/sweep")
    assert [(point.concurrency, point.trial) for point in reading.points] == [
        (4, "run=0"),
        (4, "run=1"),
        (8, "run=0"),
        (8, "run=1"),
    ]
    assert [point.concurrency for point in merge_trials(reading.points)] == [4, 8]
    said = messages(reading)
    assert said.count("read already from 4 files of single runs; counted once.") == 2
    assert said.count("warm-up of a sweep, left out.") == 2
    assert "a run of its sweep failed" in said


def test_a_summary_alone_is_read() -> None:
    for name in ("summary.json", "summary.csv"):
        points = read(f"vllm/sweep/{name}").points
        assert [point.concurrency for point in points] == [4, 4, 8, 8]
        assert points[0].rps == pytest.approx(4.18)


def test_a_table_made_of_the_results_beside_it_counts_only_what_is_new() -> None:
    reading = read("vllm/with_table")
    assert [(point.tool, point.concurrency) for point in reading.points] == [("vllm", 4), ("vllm", 8), ("table", 16)]
    assert "2 points are the same runs as in 2 other files" in messages(reading)


def test_the_same_table_alone_is_read_as_a_table(tmp_path: Path) -> None:
    copied("vllm/with_table/results.csv", tmp_path)
    assert [point.concurrency for point in read(tmp_path).points] == [4, 8, 16]


def test_throughput_that_falls_makes_the_higher_load_suspicious() -> None:
    points = {point.concurrency: point for point in read("vllm/falling").points}
    assert points[4].suspicious == points[8].suspicious == ()
    (why,) = points[16].suspicious
    assert why.startswith("throughput falls as the load rises: 7.24 requests/s, after 7.95 at concurrency 8")


def test_zeros_are_never_measurements(tmp_path: Path) -> None:
    file = copied(_RUN, tmp_path)
    document = json.loads(file.read_text())
    file.write_text(json.dumps({key: 0.0 if "ttft" in key else value for key, value in document.items()}))
    (point,) = read(file).points
    assert point.ttft == Latency()
