"""SGLang, inference-perf, llm-d, InferenceX, genai-bench, llmperf, trtllm-bench and aiconfigurator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency
from tests.bench.samples import FIXTURES, copied, messages, read


def _changed(fixture: str, to: Path, **changes: object) -> Path:
    file = copied(fixture, to)
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    return file


# SGLang


def test_sglang_lines_are_points_with_gpus_by_the_server() -> None:
    points = read("sglang/runs").points
    assert [(point.concurrency, point.index) for point in points] == [(4, 0), (8, 1)]
    assert points[1].model == "acme/tiny-7b"
    assert (points[1].engine, points[1].precision) == ("SGLang", "fp8")
    assert (points[1].gpus_per_instance, points[1].gpu_source) == (2, "file")
    assert points[1].latency.avg == pytest.approx(976)
    assert (points[1].isl_asked, points[1].osl_asked) == (200, 101)


@pytest.mark.parametrize(
    ("sizes", "gpus"),
    [
        ({"tp_size": 2, "pp_size": 2, "dp_size": 2}, 8),
        ({"tp_size": 8, "dp_size": 8, "enable_dp_attention": True}, 8),
        ({"pp_size": 2}, None),
    ],
)
def test_sglang_parallel_sizes(tmp_path: Path, sizes: dict[str, object], gpus: float | None) -> None:
    line = json.loads((FIXTURES / "sglang/runs/sglang_0101_500_200_101.jsonl").read_text().splitlines()[0])
    file = tmp_path / "run.jsonl"
    file.write_text(json.dumps(line | {"server_info": sizes}))
    assert read(file).points[0].gpus_per_instance == gpus


def test_sglang_with_prefill_and_decode_apart_does_not_count_servers() -> None:
    (point,) = read("sglang/apart").points
    assert point.gpus_per_instance is None
    assert point.setup == "1p2d"
    assert "prefill and decode servers apart: the file need not list all of them" in " ".join(point.notes)


def test_sglang_before_server_info() -> None:
    (point,) = read("sglang/old").points
    assert point.model is point.gpus_per_instance is None
    # Drawn evenly from 0 to 1 times 400 and 202.
    assert (point.isl_asked, point.osl_asked) == (200, 101)


def test_sglang_lengths_of_another_data_set_are_not_those_of_the_random_one(tmp_path: Path) -> None:
    line = json.loads((FIXTURES / "sglang/old/run.jsonl").read_text())
    file = tmp_path / "run.jsonl"
    file.write_text(json.dumps(line | {"dataset_name": "sharegpt"}))
    assert read(file).points[0].isl_asked is None


# inference-perf


def test_inference_perf_stages_are_points_and_the_rest_is_explained() -> None:
    reading = read("inference_perf/run")
    assert [(point.request_rate, point.model, point.engine) for point in reading.points] == [
        (1.2, "acme/tiny-7b", "vllm"),
        (8.0, "acme/tiny-7b", "vllm"),
    ]
    assert reading.points[0].isl_asked == 200
    said = messages(reading)
    for words in ("mixes all stages", "Prometheus", "records of single requests", "read for the model"):
        assert words in said


def test_inference_perf_half_times_per_token_are_put_right() -> None:
    reading = read("inference_perf/run")
    assert reading.points[1].itl == Latency(avg=pytest.approx(8.8))
    assert "the time per token in the file (4.4 ms) is 0.5 times" in messages(reading)


def test_inference_perf_times_per_token_that_agree_are_kept() -> None:
    (point,) = read("inference_perf/fixed").points
    assert point.itl.p99 == pytest.approx(8.8 * 1.5)
    assert point.duration_s == 100


def test_inference_perf_stage_alone_finds_its_configuration() -> None:
    (point,) = read("inference_perf/run/stage_0_lifecycle_metrics.json").points
    assert point.model == "acme/tiny-7b"


# llm-d


def test_llmd_units_are_read_and_gpus_summed() -> None:
    (seconds,) = read("llmd/report_s").points
    (milliseconds,) = read("llmd/report_ms").points
    for point in (seconds, milliseconds):
        assert point.ttft.avg == pytest.approx(96)
        assert point.itl.p99 == pytest.approx(8.8 * 1.5)
        assert (point.gpu_type, point.gpus_per_instance, point.gpu_source) == ("H100", 10, "file")
        assert "10 GPUs: 1 x 2 for prefill, 2 x 4 for decode" in point.notes
        assert (point.isl_asked, point.osl_asked, point.duration_s) == (200, 101, 100)
    assert (seconds.concurrency, seconds.completed, seconds.failed) == (8, 795, 1)
    assert (milliseconds.concurrency, milliseconds.request_rate) == (None, 9)


def test_llmd_of_0_1() -> None:
    (point,) = read("llmd/report_v01").points
    assert (point.gpus_per_instance, point.precision, point.engine) == (9, "fp8", "vllm")
    assert point.rps == pytest.approx(7.95)
    assert point.tool_version == "0.1"


def test_llmd_units_that_are_not_known_are_faults(tmp_path: Path) -> None:
    file = copied("llmd/report_s", tmp_path) / "benchmark_report_v0.2,_stage_0.json"
    file.write_text(file.read_text().replace('"units": "s"', '"units": "fortnights"'))
    reading = read(file)
    assert reading.points == []
    assert 'the unit "fortnights" is not known; expected s, ms, s/token or ms/token' in messages(reading)


def test_llmd_stack_without_counts_leaves_the_gpus_open(tmp_path: Path) -> None:
    file = copied("llmd/report_s", tmp_path) / "benchmark_report_v0.2,_stage_0.json"
    file.write_text(file.read_text().replace('"count": 4', '"count": null'))
    assert read(file).points[0].gpus_per_instance is None


# InferenceX


def test_inferencex_rates_per_gpu_and_seconds() -> None:
    (point,) = read("inferencex/agg").points
    assert (point.gpu_type, point.gpus_per_instance, point.precision) == ("h200", 8, "fp8")  # tp, not tp x ep
    assert point.ttft.avg == pytest.approx(96)
    assert (point.itl.avg, point.itl_kind) == (pytest.approx(8.8), "tpot")  # not the gap between packets
    assert (point.osl, point.osl_asked) == (pytest.approx(920), 1024)
    assert point.isl == pytest.approx(180)
    assert point.rps == pytest.approx(0.95, rel=0.01)
    assert any("requests/s are estimated" in note for note in point.notes)
    assert point.suspicious == ()


def test_inferencex_list_and_prefill_apart() -> None:
    assert [point.concurrency for point in read("inferencex/list").points] == [4, 16]
    (point,) = read("inferencex/apart").points
    assert point.gpus_per_instance == 16
    assert point.output_tps == pytest.approx(point.rps * 920)  # type: ignore[operator]
    assert "per GPU x 12" in point.notes[0]


def test_inferencex_lengths_without_latencies_are_nine_tenths(tmp_path: Path) -> None:
    file = _changed("inferencex/agg/agg_tiny_tp8_conc8.json", tmp_path, mean_e2el=None)
    (point,) = read(file).points
    assert point.osl == pytest.approx(0.9 * 1024)


def test_inferencex_in_seconds() -> None:
    (point,) = read("inferencex/seconds").points
    assert point.tool == "inferencex"
    assert (point.ttft.avg, point.ttft.p50) == (None, pytest.approx(96 * 0.98))
    assert point.itl.p99 == pytest.approx(8.8 * 1.5)
    assert "latencies are in seconds in the file" in point.notes[-1]
    assert point.suspicious == ()


# genai-bench


def test_genai_bench_counts_per_minute_and_gpus_as_text() -> None:
    points = read("genai_bench/run").points
    assert [point.concurrency for point in points] == [4, 8]
    assert points[1].rps == pytest.approx(7.95)
    assert points[1].itl.avg == pytest.approx(8.8)
    assert (points[1].gpu_type, points[1].gpus_per_instance, points[1].gpu_source) == ("H100", 4, "file")
    assert (points[1].model, points[1].engine, points[1].isl_asked) == ("acme/tiny-7b", "SGLang", 200)


def test_genai_bench_in_ms_and_alone() -> None:
    (point,) = read("genai_bench/in_ms").points
    assert point.ttft.avg == pytest.approx(96)
    (alone,) = read("genai_bench/run/D200_101_text-to-text_concurrency_8_time_100s.json").points
    assert alone.gpus_per_instance == 4


def test_genai_bench_two_experiments_in_one_folder_are_not_believed(tmp_path: Path) -> None:
    folder = copied("genai_bench/run", tmp_path)
    text = (folder / "experiment_metadata.json").read_text()
    (folder / "other_metadata.json").write_text(text.replace('"4"', '"8"'))
    reading = read(folder)
    assert {point.gpus_per_instance for point in reading.points} == {None}
    assert "several experiments of genai-bench in one folder" in messages(reading)


@pytest.mark.parametrize(
    ("scenario", "lengths"),
    [("N(480,240)/(300,150)", (480, 300)), ("U(50,150)/(200,400)", (100, 300)), ("E(64)", (None, None))],
)
def test_genai_bench_scenarios(tmp_path: Path, scenario: str, lengths: tuple[float | None, float | None]) -> None:
    file = copied("genai_bench/run/D200_101_text-to-text_concurrency_8_time_100s.json", tmp_path)
    file.write_text(file.read_text().replace("D(200,101)", scenario))
    (point,) = read(file).points
    assert (point.isl_asked, point.osl_asked) == lengths


# llmperf


def test_llmperf_derives_the_time_per_token() -> None:
    (point,) = read("llmperf/plain").points
    assert point.itl == Latency(avg=pytest.approx(8.8))  # the file's own value has the TTFT in it
    assert point.latency.p95 == pytest.approx(976 * 1.3)
    assert point.rps == pytest.approx(7.95)


def test_llmperf_errors_make_a_point_suspicious() -> None:
    (point,) = read("llmperf/errors").points
    assert point.failed == 400
    assert point.suspicious == ("400 of 1195 requests failed (33%).",)


def test_llmperf_by_concurrency_and_its_companions() -> None:
    reading = read("llmperf/keyed")
    assert [point.concurrency for point in reading.points] == [1, 2, 8]
    assert "records of single requests" in messages(reading)
    assert "a digest of llmperf results" in messages(reading)


# trtllm-bench


def test_trtllm_bench_knows_gpus_and_precision() -> None:
    (point,) = read("trtllm_bench/streaming").points
    assert (point.gpu_type, point.gpus_per_instance) == ("NVIDIA H100 80GB HBM3", 2)
    assert (point.precision, point.engine, point.tool_version) == ("FP8", "TensorRT-LLM", "1.0.0")
    assert point.ttft.p90 == pytest.approx(96 * 1.2)
    assert point.output_tps == pytest.approx(7.95 * 101)
    assert any("measured, not what was asked for" in note for note in point.notes)


def test_trtllm_bench_without_streaming_and_before_world_size() -> None:
    (point,) = read("trtllm_bench/offline").points
    assert point.gpus_per_instance == 4
    assert point.streaming is False
    assert point.ttft == point.itl == Latency()
    assert point.latency.avg == pytest.approx(976)


# aiconfigurator


def test_aiconfigurator_is_predicted_and_counted_once() -> None:
    reading = read("aiconfigurator/agg")
    assert [(point.concurrency, point.gpus_per_instance) for point in reading.points] == [(8, 2), (4, 2), (16, 4)]
    assert {point.measured for point in reading.points} == {False}
    assert reading.points[0].notes == ("predicted by aiconfigurator, not measured",)
    assert (reading.points[0].gpu_type, reading.points[0].engine) == ("h200_sxm", "trtllm")
    assert "1 of its 3 results read already" in messages(reading)


def test_aiconfigurator_gpus_that_contradict_each_other_are_left_out() -> None:
    reading = read("aiconfigurator/contradiction")
    assert [point.concurrency for point in reading.points] == [4]
    assert "8 GPUs by num_total_gpus but 2 by seq/s" in messages(reading)


# What is no operating point


@pytest.mark.parametrize("file", sorted((FIXTURES / "other").iterdir()), ids=lambda file: file.name)
def test_what_is_no_operating_point_says_what_it_is_and_why(file: Path) -> None:
    reading = read(file)
    assert reading.points == []
    (notice,) = reading.notices
    assert notice.message.startswith("skipped: ")
    assert len(notice.message) > 50
    assert "no operating point found" in reading.faults[0].message
