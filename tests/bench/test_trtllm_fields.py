"""TensorRT-LLM and llmperf: every field by another figure, every sign, each count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Closeness, FileReading
from tco_xlsx.bench.tools import llmperf, trtllm_bench, trtllm_log
from tests.bench.written import approximately, latency, statistics, written

# TensorRT-LLM


def _percentiles(first: float) -> dict[str, float]:
    return {("average" if name == "avg" else name): value for name, value in statistics(first).items()}


_TRTLLM: dict[str, object] = {
    "engine": {"version": "1.0", "model": "acme", "model_path": "/x", "quantization": "FP8", "dtype": "bf16"},
    "world_info": {"world_size": 6, "tp_size": 4, "pp_size": 2}, "machine": {"name": "H100"},
    "request_info": {"num_requests": 750, "avg_num_concurrent_requests": 8, "avg_input_length": 200,
    "avg_output_length": 120},
    "performance": {"request_throughput_req_s": 7.5, "system_output_throughput_tok_s": 900, "total_latency_ms": 100_000,
                    "system_total_throughput_tok_s": 2400, "avg_request_latency_ms": 1300,
                    "request_latency_percentiles_ms": _percentiles(1300)},
    "streaming_metrics": {"ttft_percentiles": _percentiles(100), "tpot_percentiles": _percentiles(10),
    "avg_ttft_ms": 100},
}  # fmt: skip


def _trtllm(to: Path, **changed: object) -> Point:
    (point,) = trtllm_bench.read(written(to, "report.json", _TRTLLM | changed)).points
    return point


def test_every_field_of_trtllm_bench(tmp_path: Path) -> None:
    expected = Point(
        file=str(tmp_path / "report.json"), tool="trtllm-bench", tool_version="1.0", model="acme", gpu_type="H100",
        gpus_per_instance=6, gpu_source="file", precision="FP8", engine="TensorRT-LLM", concurrency=8, isl=200, osl=120,
        streaming=True, completed=750, duration_s=100, rps=7.5, output_tps=900, total_tps=2400, ttft=latency(100),
        itl=latency(10), latency=latency(1300), notes=(trtllm_bench._MEASURED, trtllm_bench._OFFLINE),
    )  # fmt: skip
    assert _trtllm(tmp_path) == expected


def test_a_report_of_trtllm_bench_that_says_less(tmp_path: Path) -> None:
    point = _trtllm(tmp_path, engine={"model_path": "/x", "dtype": "bf16"}, world_info={}, streaming_metrics={})
    assert (point.model, point.precision, point.streaming, point.ttft) == ("/x", "bf16", False, Latency())
    assert point.gpus_per_instance is point.gpu_source is None
    unloaded = _trtllm(tmp_path, request_info={"avg_output_length": 120}, performance={"request_throughput_req_s": 7.5})
    assert (unloaded.concurrency, unloaded.duration_s) == (None, None)
    assert unloaded.notes[0] == trtllm_bench._OFFLINE
    assert (unloaded.latency, unloaded.latency_derived) == (Latency(avg=1290), True)
    flowing = _trtllm(tmp_path, performance={"request_throughput_req_s": 5})
    assert flowing.latency == Latency(avg=1600)  # 8 / 5
    sizes = ({"world_size": 0, "tp_size": 4}, {"tp_size": 4, "pp_size": 2}, {"pp_size": 2})
    assert [trtllm_bench._gpus(size) for size in sizes] == [4, 8, None]
    assert trtllm_bench._latency({"average": 5, "p50": 0}, 7) == Latency(avg=7)
    assert trtllm_bench._latency({"average": 5}, None) == Latency(avg=5)


@pytest.mark.parametrize(
    ("content", "closeness"),
    [
        ({"performance": {}}, None),
        ({"world_info": {}}, Closeness(("world_info",), ("performance", "request_info"))),
        ({"request_info": {}, "performance": 1}, Closeness(("request_info",), ("world_info", "performance"))),
        (
            {"world_info": {}, "request_info": {}, "performance": {}},
            Closeness(("world_info", "performance", "request_info")),
        ),
        ("= STATISTICS\nRequest Throughput (req/sec): 1\n", Closeness(("its printed report",))),
        ("= PERFORMANCE OVERVIEW\n", None),
        ("Request Throughput (req/sec): 1\n", None),
        ("{ = STATISTICS\nRequest Throughput (req/sec): 1\n", None),
        ("PK\x03\x04= STATISTICS\nRequest Throughput (req/sec): 1\n", None),
    ],
)
def test_signs_of_trtllm_bench(tmp_path: Path, content: object, closeness: Closeness | None) -> None:
    assert trtllm_bench.recognises(written(tmp_path, "a.log", content)) == closeness


def test_a_long_log_is_no_report(tmp_path: Path) -> None:
    for size, is_log in ((trtllm_log.LONGEST, True), (trtllm_log.LONGEST + 1, False)):
        document = written(tmp_path, "a.log", "= STATISTICS\nRequest Throughput (req/sec): 1\n")
        document.size = size
        assert trtllm_log.is_log(document) is is_log
    assert trtllm_log.LONGEST == 16 * 1024 * 1024


_LOG = """noise
= ENGINE DETAILS
Model: acme
Model Path: None
TensorRT-LLM Version: 0.9
Dtype: bf16
Quantization: FP8
TP Size: 4
PP Size: 2
Number of requests: 750
Number of concurrent requests: 8
Average Input Length (tokens): 200
Average Output Length (tokens): 120
= PERFORMANCE OVERVIEW
Request Throughput (req/sec): 7.5
{}
Average time-to-first-token [TTFT] (ms): 100
Average time-per-output-token [TPOT] (ms): 10
x [TTFT] P50 : 101
[TTFT] P90: 102
[TTFT] P95: 103
[TTFT] P99: 104
[TPOT] P50: 11
[TPOT] P90: 12
[TPOT] P95: 13
[TPOT] P99: 14
[Latency] AVERAGE: 1300
[Latency] P50: 1301
[Latency] P90: 1302
[Latency] P95: 1303
[Latency] P99: 1304
"""
_NEW = (
    "Total Output Throughput (tokens/sec): 900\nTotal Token Throughput (tokens/sec): 2400\nTotal Latency (ms): 100000"
)
_OLD = "Token Throughput (tokens/sec): 900\nTotal Latency (seconds): 100"


@pytest.mark.parametrize(("rates", "total"), [(_NEW, 2400), (_OLD, None)])
def test_every_field_of_a_printed_report(tmp_path: Path, rates: str, total: float | None) -> None:
    text = _LOG.format(rates)
    both = trtllm_bench.read(written(tmp_path, "a.log", text + text.replace("acme", "other")))
    first, second = both.points
    assert first == Point(
        file=str(tmp_path / "a.log"), tool="trtllm-bench", line=2, tool_version="0.9", model="acme",
        gpus_per_instance=8,
        gpu_source="file", precision="FP8", engine="TensorRT-LLM", concurrency=8, isl=200, osl=120, streaming=True,
        completed=750, duration_s=100, rps=7.5, output_tps=900, total_tps=total, ttft=latency(100), itl=latency(10),
        latency=latency(1300), notes=(trtllm_bench._MEASURED, trtllm_bench._OFFLINE, trtllm_bench._PRINTED),
    )  # fmt: skip
    lines = len(text.splitlines())
    assert (second.index, second.line, second.model) == (1, lines + 2, "other")


# llmperf

_LLMPERF: dict[str, object] = {
    "version": "v1", "model": "acme", "framework": "vllm", "num_concurrent_requests": 8, "mean_input_tokens": 210,
    "mean_output_tokens": 130, "results_number_input_tokens_mean": 200, "results_number_output_tokens_mean": 120,
    "results_num_completed_requests": 750, "results_number_errors": 3, "results_num_completed_requests_per_min": 450,
    "results_mean_output_throughput_token_per_s": 900, "results_ttft_s_mean": 0.11,
    "results_end_to_end_latency_s_mean": 1.3,
    **{f"results_{name}_quantiles_p{q}": (first + place) / 1000 for name,
    first in (("ttft_s", 110), ("end_to_end_latency_s", 1300))
       for place, q in enumerate((50, 90, 95, 99), start=1)},
}  # fmt: skip


def _llmperf(to: Path, content: object) -> FileReading:
    return llmperf.read(written(to, "a_summary.json", content))


def test_every_field_of_llmperf(tmp_path: Path) -> None:
    expected = Point(
        file=str(tmp_path / "a_summary.json"), tool="llmperf", tool_version="v1", model="acme", engine="vllm",
        concurrency=8, isl=200, osl=120, isl_asked=210, osl_asked=130, streaming=True, completed=750, failed=3,
        duration_s=100, rps=7.5, output_tps=900, ttft=approximately(110), itl=Latency(avg=pytest.approx(10)),
        latency=approximately(1300),
        notes=("the harness idles between rounds: requests per second are a lower bound",
               "the time per token is derived: (latency - TTFT) / (OSL - 1)"),
    )  # fmt: skip
    assert _llmperf(tmp_path, _LLMPERF).points == (expected,)
    bare = {"results_num_completed_requests_per_min": 450, "results_ttft_s_mean": None}
    first, second = _llmperf(tmp_path, {"1": bare, "2": {"results_num_completed_requests": 5}}).points
    assert (first.rps, first.duration_s, first.streaming, first.itl, len(first.notes)) == (
        7.5,
        None,
        None,
        Latency(),
        1,
    )
    assert (second.index, second.rps, second.duration_s, second.completed) == (1, None, None, 5)


@pytest.mark.parametrize(
    ("errors", "started", "share", "completed", "failed"),
    [
        (3, 1000, 0.5, 750, 3), (None, 1000, 0.25, 750, 250), (None, 1000, None, 750, 250), (None, 750, None, 750, 0),
        (None, 700, None, 750, None), (None, None, 0.25, 750, None), (None, 1000, None, None, None),
    ],
)  # fmt: skip
def test_failed_requests_of_llmperf(
    errors: float | None, started: float | None, share: float | None, completed: float | None, failed: float | None
) -> None:
    result = {"results_number_errors": errors, "results_num_requests_started": started, "results_error_rate": share}
    assert llmperf._failed(result, completed) == failed


_DIGEST = {"latency_ms_per_token": 1}
_TTFT, _RATE = "results_ttft_s_mean", "results_num_completed_requests_per_min"


@pytest.mark.parametrize(
    ("content", "closeness"),
    [
        ([{"ttft_s": 1}], Closeness(("ttft_s",))), ([{"end_to_end_latency_s": 1}], Closeness(("ttft_s",))),
        ([{"a": 1}], None),
        (_DIGEST, Closeness(("latency_ms_per_token",))), ({"1": _DIGEST, "2": {"a": 1}}, None), ({}, None),
        ({"1": {"a": 1}, "2": {_TTFT: 1, _RATE: 1}}, Closeness((_TTFT, _RATE, "num_concurrent_requests"))),
        ({"1": {_TTFT: 1, _RATE: 1}, "a": 1}, None),
        ({_TTFT: 1}, Closeness((_TTFT, "num_concurrent_requests"), (_RATE,))),
        ({_RATE: 1}, Closeness((_RATE, "num_concurrent_requests"), (_TTFT,))),
    ],
)  # fmt: skip
def test_signs_of_llmperf(tmp_path: Path, content: object, closeness: Closeness | None) -> None:
    assert llmperf.recognises(written(tmp_path, "a.json", content)) == closeness


def test_what_llmperf_writes_beside_a_summary(tmp_path: Path) -> None:
    for content, word in (([{"ttft_s": 1}], "records of single"), ({"1": _DIGEST, "2": _DIGEST}, "a digest of")):
        reading = _llmperf(tmp_path, content)
        assert (reading.points, [word in notice.message for notice in reading.notices]) == ((), [True])
    assert len(_llmperf(tmp_path, {"1": _DIGEST, "2": _LLMPERF}).points) == 2
    assert llmperf._results({}) == [{}]
