"""inference-perf and llm-d: every field by another figure, every sign, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Closeness
from tco_xlsx.bench.tools import inference_perf, llmd_report
from tests.bench.samples import messages, read
from tests.bench.written import approximately, written

_NAMES = ("mean", "median", "p90", "p95", "p99")


def _seconds(first: float, names: tuple[str, ...] = _NAMES) -> dict[str, float]:
    return {name: (first + place) / 1000 for place, name in enumerate(names)}


# inference-perf: 1,300 ms are 110 ms and 119 tokens of 10 ms

_STAGE: dict[str, object] = {
    "load_summary": {"requested_rate": 8, "achieved_rate": 7.9, "concurrency": 64},
    "successes": {
        "count": 750, "prompt_len": {"mean": 200}, "output_len": {"mean": 120},
        "throughput": {"requests_per_sec": 7.5, "output_tokens_per_sec": 900, "total_tokens_per_sec": 2400},
        "latency": {"time_to_first_token": _seconds(110), "time_per_output_token": _seconds(10),
                    "request_latency": _seconds(1300)},
    },
    "failures": {"count": 3}, "benchmark_time_seconds": 100,
}  # fmt: skip
_CONFIG: dict[str, object] = {
    "server": {"model_name": "acme", "type": "vllm"}, "load": {}, "api": {"streaming": True},
    "data": {"input_distribution": {"mean": 210}, "output_distribution": {"mean": 130}},
}  # fmt: skip


def test_every_field_of_inference_perf(tmp_path: Path) -> None:
    document = written(tmp_path, "stage_0.json", _STAGE)
    expected = Point(
        file=str(tmp_path / "stage_0.json"), tool="inference-perf", request_rate=8, isl=200, osl=120, streaming=True,
        completed=750, failed=3, duration_s=100, rps=7.5, output_tps=900, total_tps=2400, ttft=approximately(110),
        itl=approximately(10),
        latency=approximately(1300), notes=("at most 64 requests in flight at once", "sent at 7.9 requests/s"),
    )  # fmt: skip
    assert inference_perf.read(document).points == (expected,)
    bare = {"load_summary": {"send_duration": 1, "concurrency": 8}, "successes": {}}
    (point,) = inference_perf.read(written(tmp_path, "bare.json", bare)).points
    assert (point.concurrency, point.notes) == (8, ())
    assert point.streaming is point.failed is None
    assert point.ttft == point.itl == point.latency == Latency()


def test_what_the_configuration_of_inference_perf_says(tmp_path: Path) -> None:
    for name in ("stage_0.json", "stage_1.json"):
        stage = {**_STAGE, "load_summary": {"requested_rate": int(name[6]) + 8}}
        written(tmp_path, name, stage)
        written(tmp_path / "other", name, {**stage, "load_summary": {"requested_rate": int(name[6]) + 2}})
    written(tmp_path, "config.yaml", _CONFIG)
    reading = read(tmp_path)
    here = [point for point in reading.points if "other" not in point.file]
    told = [(point.model, point.engine, point.isl_asked, point.osl_asked, point.streaming) for point in here]
    assert told == [("acme", "vllm", 210, 130, True)] * 2
    assert [point.model for point in reading.points if "other" in point.file] == [None, None]
    assert "read for the model and the lengths of 2 stages beside it." in messages(reading)
    assert "no stage of it" not in messages(reading)
    for content, model in ((_CONFIG, "acme"), ({"data": _CONFIG["data"]}, None), ([1], None)):
        written(tmp_path, "config.yaml", content)
        (alone,) = read(tmp_path / "stage_0.json").points
        assert (alone.model, alone.isl_asked) == (model, 210 if model else None)


def test_a_configuration_of_inference_perf_alone(tmp_path: Path) -> None:
    written(tmp_path, "config.yaml", _CONFIG)
    written(tmp_path, "summary_lifecycle_metrics.json", _STAGE)
    assert "the configuration of an inference-perf run, but no stage of it is here." in messages(read(tmp_path))
    for streaming, told in ((True, True), (False, False), ("yes", None), (None, None)):
        facts = inference_perf._facts({"api": {"streaming": streaming}})
        assert facts == ({} if told is None else {"streaming": told})


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("stage_0.json", {"load_summary": {"requested_rate": 1}, "successes": {"latency": {}}}, None),
        (
            "stage_0.json",
            {"load_summary": {"achieved_rate": 1}, "successes": {"latency": {}, "request_latency": 1}},
            None,
        ),
        ("stage_0.json", {"load_summary": {"send_duration": 1}, "successes": {}}, None),
        ("stage_0_prometheus.json", _STAGE, "Prometheus"),
        ("stage_0.json", {"load_summary": {"send_duration": 1}, "successes": {"request_latency": 1}}, "Prometheus"),
        ("summary_lifecycle_metrics.json", _STAGE, "mixes all stages"),
        ("stage_0.json", {"load_summary": {"count": 1}, "successes": {"latency": {}}}, "mixes all stages"),
    ],
)
def test_which_files_of_inference_perf_are_stages(
    tmp_path: Path, name: str, content: object, reason: str | None
) -> None:
    reading = inference_perf.read(written(tmp_path, name, content))
    assert len(reading.points) == (reason is None)
    assert [str(reason) in notice.message for notice in reading.notices] == [True] * (reason is not None)


@pytest.mark.parametrize(
    ("content", "closeness"),
    [
        ([1], None),
        ({"a": 1}, None),
        ({"load_summary": {}}, Closeness(("load_summary",), ("successes",))),
        ({"successes": {}, "load_summary": 1}, Closeness(("successes",), ("load_summary",))),
        ({"load_summary": {}, "successes": {}, "scenario": 1}, None),
        ({"scenario": 1}, None),
        ({"load_summary": {}, "successes": {}, "failures": {}}, Closeness(("load_summary", "successes", "failures"))),
        ({"load_summary": {}, "successes": {}}, Closeness(("load_summary", "successes"))),
        ({"server": {"model_name": "a"}, "load": {}}, Closeness(("server.model_name", "load"))),
        ({"server": {"model_name": "a"}, "load": 1}, None),
        ({"server": {}, "load": {}}, None),
    ],
)
def test_signs_of_inference_perf(tmp_path: Path, content: object, closeness: Closeness | None) -> None:
    assert inference_perf.recognises(written(tmp_path, "a.json", content)) == closeness


# llm-d


def _entry(first: float, unit: str = "s") -> dict[str, object]:
    return {"units": unit, **_seconds(first, ("mean", "p50", "p90", "p95", "p99"))}


_RESULTS: dict[str, object] = {
    "requests": {"total": 757, "failures": 3, "incomplete": 4, "input_length": {"mean": 200},
                 "output_length": {"mean": 120}},
    "latency": {"time_to_first_token": _entry(110), "time_per_output_token": _entry(10, "s/token"),
                "inter_token_latency": _entry(20, "s/token"), "request_latency": _entry(1300)},
    "throughput": {"request_rate": {"units": "queries/s", "mean": 7.5},
                   "output_token_rate": {"units": "tokens/s", "mean": 900},
                   "total_token_rate": {"units": "tokens/sec", "mean": 2400}},
}  # fmt: skip
_STACK = [
    {"standardized": {"kind": "inference_engine", "role": "prefill", "replicas": 2, "tool": "vllm",
                      "model": {"name": "acme"}, "accelerator": {"model": "H100", "count": 4}}},
    {"standardized": {"kind": "inference_engine", "accelerator": {"model": "H100", "count": 1}}},
    {"standardized": {"kind": "router", "tool": "envoy"}},
]  # fmt: skip
_LOAD = {"concurrency": 64, "rate_qps": 8, "input_seq_len": {"value": 210}, "output_seq_len": {"value": 130}}


def _llmd(to: Path, **changed: object) -> Point:
    results = {**_RESULTS, **changed.pop("results", {})}  # type: ignore[dict-item]
    scenario = {"stack": _STACK, "load": {"standardized": _LOAD}, **changed.pop("scenario", {})}  # type: ignore[dict-item]
    report = {"version": "0.2", "scenario": scenario, "results": {"request_performance": {"aggregate": results}}}
    (point,) = llmd_report.read(written(to, "report.json", report | changed)).points
    return point


def test_every_field_of_a_report_of_llmd(tmp_path: Path) -> None:
    expected = Point(
        file=str(tmp_path / "report.json"), tool="llm-d", tool_version="0.2", model="acme", gpu_type="H100",
        gpus_per_instance=9, gpu_source="file", precision="fp8", engine="vllm", request_rate=8, isl=200, osl=120,
        isl_asked=210, osl_asked=130, streaming=True, completed=750, failed=3, incomplete=4, duration_s=100, rps=7.5,
        output_tps=900, total_tps=2400, ttft=approximately(110), itl=approximately(10), latency=approximately(1300),
        notes=("at most 64 requests in flight at once", "9 GPUs: 2 x 4 for prefill, 1 x 1 for engine"),
    )  # fmt: skip
    run = {"time": {"duration": "PT1M40S"}}
    assert _llmd(tmp_path, scenario={"model": {"quantization": "fp8"}}, run=run) == expected


def test_a_report_of_llmd_that_says_less(tmp_path: Path) -> None:
    chunk = _llmd(tmp_path, results={"latency": {"inter_token_latency": _entry(20)}})
    assert (chunk.itl, chunk.itl_kind, chunk.streaming, chunk.latency) == (approximately(20), "chunk", None, Latency())
    assert any(note.startswith("only the gap between packets") for note in chunk.notes)
    older = _llmd(
        tmp_path, results={"latency": {}, "throughput": {"output_tokens_per_sec": 9, "total_tokens_per_sec": 7}}
    )
    assert (older.itl_kind, older.output_tps, older.total_tps) == ("tpot", 9, 7)
    wrong = _llmd(tmp_path, results={"latency": {**_RESULTS["latency"], "time_per_output_token": _entry(5)}})  # type: ignore[dict-item]
    assert wrong.itl == Latency(avg=pytest.approx(10))
    assert any("the time per token in the file (5 ms) is 0.5 times" in note for note in wrong.notes)
    counts = _llmd(tmp_path, results={"requests": {"total": 750}}, version=2, scenario={"stack": []})
    assert (counts.completed, counts.failed, counts.incomplete, counts.tool_version) == (750, None, None, "2")
    assert counts.gpus_per_instance is counts.gpu_source is counts.gpu_type is counts.engine is counts.model is None
    assert _llmd(tmp_path, results={"requests": {}}, version=None).completed is None
    assert _llmd(tmp_path, version=" 0.1 ").tool_version == "0.1"
    in_flight = _llmd(tmp_path, scenario={"load": {"standardized": {"concurrency": 8}}})
    assert (in_flight.concurrency, in_flight.request_rate) == (8, None)
    everything = _llmd(tmp_path, scenario={"load": {}})
    assert "all requests were sent at once" not in everything.notes


def test_a_latency_that_llmd_does_not_say_is_derived(tmp_path: Path) -> None:
    times = {key: entry for key, entry in _RESULTS["latency"].items() if key != "request_latency"}  # type: ignore[attr-defined]
    point = _llmd(tmp_path, results={"latency": times, "throughput": {"requests_per_sec": 5}})
    # Gaps of 20 ms carry two tokens of 10 ms: 110 + 119 x 10.
    assert (point.latency.avg, point.latency_derived, point.rps) == (pytest.approx(1300), True, 5)


def test_units_of_llmd() -> None:
    units = llmd_report._Units("a.json")
    assert units.latency("x", {"x": {"units": "MS/token", "mean": 0, "p50": 7}}) == Latency(p50=7)
    assert units.latency("x", {"x": {"units": "fortnights"}}) == Latency()
    assert units.rate("new", "old", {"new": {"units": "tokens/min"}}) is None
    assert units.rate("new", "old", {"old": 3}) == 3
    assert units.rate("new", "old", {"new": {"units": "tokens/s", "mean": 2}, "old": 3}) == 2
    assert units.faults == []
    assert units.latency("x", {"x": {"mean": 5}}) == Latency()
    assert units.rate("new", "old", {"new": {"units": "tokens/min", "mean": 5}}) is None
    assert [fault.message.split(";")[0] for fault in units.faults] == [
        "x: has no units",
        'new: the unit "tokens/min" is not known',
    ]


def test_hosts_and_mixed_gpus_of_llmd() -> None:
    host = {
        "accelerator": [{"model": "H100", "count": 4}, {"model": "B200", "count": 2}],
        "type": ["prefill", "decode"],
    }
    found = llmd_report._accelerators({"scenario": {"host": host}})
    assert found == (6, None, ("6 GPUs: 1 x 4 for prefill, 1 x 2 for decode", "several GPU types: H100, B200"))
    host["type"] = ["prefill", ""]
    assert (
        llmd_report._accelerators({"scenario": {"host": host}})[2][0] == "6 GPUs: 1 x 4 for prefill, 1 x 2 for engine"
    )
    host["type"] = ["prefill"]
    assert llmd_report._accelerators({"scenario": {"host": host}})[2][0] == "6 GPUs: 1 x 4 for engine, 1 x 2 for engine"
    assert llmd_report._accelerators({"scenario": {"host": {"accelerator": [{"model": "H100"}]}}}) == (None, "H100", ())
    assert llmd_report._accelerators({"scenario": {"host": {"accelerator": [{"count": 0}]}}})[0] is None
    report: dict[str, dict[str, object]] = {
        "scenario": {"model": {"name": "acme"}, "platform": {"engine": [{}, {"name": "vllm"}]}}
    }
    assert (llmd_report._model(report), llmd_report._engine(report)) == ("acme", "vllm")
    report["scenario"]["stack"] = [{"standardized": {"kind": "inference_engine", "tool": "sglang"}}]
    assert llmd_report._engine(report) == "sglang"
    report["scenario"]["stack"] = [{"standardized": {"kind": "inference_engine"}}]
    assert (llmd_report._model(report), llmd_report._engine(report)) == ("acme", "vllm")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("P", None), ("PT", None), ("x", None), (None, None), ("P1DT2H3M4.5S", 93784.5), ("PT5S", 5), ("PT2H", 7200)],
)
def test_durations_of_llmd(text: str | None, seconds: float | None) -> None:
    report = {"run": {"time": {"duration": text}}}
    assert llmd_report._duration(report, {}) == seconds
    assert llmd_report._duration(report, {"time": {"duration": 7}}) == 7


@pytest.mark.parametrize(
    ("content", "closeness"),
    [
        ([{"source": "llm-d-benchmark", "metrics": {}}], Closeness(("source llm-d-benchmark",))),
        ([{"source": "llm-d-benchmark"}], None),
        ([{"source": "other", "metrics": {}}], None),
        ({"scenario": 1, "version": "1", "metrics": {}}, None),
        ({"scenario": {}}, None),
        ({"scenario": {}, "metrics": {}}, Closeness(("scenario", "metrics"), ("version",))),
        ({"scenario": {}, "version": "1"}, Closeness(("scenario", "version"), ("metrics or results",))),
        ({"scenario": {}, "version": "1", "results": {}}, Closeness(("scenario", "version", "results"))),
    ],
)
def test_signs_of_llmd(tmp_path: Path, content: object, closeness: Closeness | None) -> None:
    assert llmd_report.recognises(written(tmp_path, "a.json", content)) == closeness
