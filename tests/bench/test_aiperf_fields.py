"""AIPerf and aiconfigurator: every field by another figure, and what is known by which sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Closeness, FileReading
from tco_xlsx.bench.tools import aiconfigurator, aiperf, aiperf_aggregate, aiperf_choice, aiperf_config
from tco_xlsx.bench.tools.aiperf_config import Asked, asked, is_warm_up, variation
from tco_xlsx.bench.tools.metric import Metrics
from tests.bench.written import latency, statistics, written

# aiconfigurator

_HEAD = (
    "model,system,precision,backend,concurrency,isl,osl,ttft,tpot,request_latency,seq/s,seq/s/gpu,tokens/s,"
    "num_total_gpus"
)
_ROW = 'acme,h200,fp8,trtllm,"64 (=32x2)",1000,200,90,8,1700,4,2,800,2'


def _configurations(to: Path, head: str, *rows: str, name: str = "pareto.csv") -> FileReading:
    return aiconfigurator.read(written(to, name, "\n".join((head, *rows)) + "\n"))


def test_every_field_of_aiconfigurator(tmp_path: Path) -> None:
    reading = _configurations(tmp_path, _HEAD, _ROW)
    assert reading.kind == "all"
    assert reading.points == (
        Point(
            file=str(tmp_path / "pareto.csv"), tool="aiconfigurator", line=2, measured=False, model="acme",
            gpu_type="h200", gpus_per_instance=2, gpu_source="file", precision="fp8", engine="trtllm", concurrency=64,
            isl=1000, osl=200,
            isl_asked=1000, osl_asked=200, streaming=True, rps=4, output_tps=800, ttft=Latency(avg=90),
            itl=Latency(avg=8), latency=Latency(avg=1700), notes=("predicted by aiconfigurator, not measured",),
        ),
    )  # fmt: skip
    assert _configurations(tmp_path, _HEAD, name="best_config_topn.csv").kind == "best"


def test_aiconfigurator_without_most_columns_and_with_a_cell_too_many(tmp_path: Path) -> None:
    head = "seq/s,ttft,tpot,(d)system,(d)backend,(d)gemm"
    (point,) = _configurations(tmp_path, head, "4,90,0,h100,vllm,fp16,7").points
    assert (point.rps, point.ttft.avg, point.itl) == (4, 90, Latency())
    assert (point.gpu_type, point.engine, point.precision) == ("h100", "vllm", "fp16")
    assert point.gpus_per_instance is point.gpu_source is point.concurrency is point.osl is None


@pytest.mark.parametrize(
    ("rate", "per_gpu", "gpus", "kept"),
    [
        ("4.07", "2", "2", True), ("4.1", "2", "2", False), ("3.921", "2", "2", True), ("3.9", "2", "2", False),
        ("", "2", "4", True), ("4", "", "4", True), ("4", "1", "", True), ("4", "0", "2", True),
    ],
)  # fmt: skip
def test_aiconfigurator_gpus_by_two_ways(tmp_path: Path, rate: str, per_gpu: str, gpus: str, kept: bool) -> None:
    # 2 % is rounding: 4.08 of 2 GPUs at 2 each, and 3.92.
    reading = _configurations(tmp_path, "seq/s,seq/s/gpu,num_total_gpus", f"{rate},{per_gpu},{gpus}")
    assert (len(reading.points), len(reading.notices)) == ((1, 0) if kept else (0, 1))


@pytest.mark.parametrize(
    ("head", "closeness"),
    [
        ("a,seq/s,seq/s/gpu", None),
        ("seq/s, SEQ/S/GPU ,\"tokens/s/gpu\"", Closeness(("seq/s", "seq/s/gpu", "tokens/s/gpu"), ("ttft", "tpot"))),
        (
            "seq/s/gpu,tokens/s/gpu,tokens/s/user,num_total_gpus,ttft,tpot",
            Closeness(("seq/s/gpu", "tokens/s/gpu", "tokens/s/user", "num_total_gpus"), ("seq/s",)),
        ),
    ],
)  # fmt: skip
def test_signs_of_aiconfigurator(tmp_path: Path, head: str, closeness: Closeness | None) -> None:
    assert aiconfigurator.recognises(written(tmp_path, "a.csv", head + "\n1,2,3\n")) == closeness


# AIPerf

_METRICS = {
    "request_throughput": {"unit": "requests/sec", "avg": 7.5},
    "output_token_throughput": {"unit": "tokens/sec", "avg": 900},
    "request_latency": {"unit": "ms", **statistics(1000)},
    "time_to_first_token": {"unit": "ms", **statistics(100)},
    "inter_token_latency": {"unit": "ms", **statistics(10)},
    "inter_chunk_latency": {"unit": "ms", **statistics(20)},
    "request_count": {"unit": "requests", "avg": 750},
    "error_request_count": {"unit": "requests", "avg": 3},
    "input_sequence_length": {"unit": "tokens", "avg": 200},
    "output_sequence_length": {"unit": "tokens", "avg": 120},
    "benchmark_duration": {"unit": "sec", "avg": 101},
}


def test_every_field_of_aiperf(tmp_path: Path) -> None:
    config = {
        "endpoint": {"model_names": ["acme"], "streaming": True},
        "loadgen": {"concurrency": 8},
        "input": {"prompt": {"input_tokens": {"mean": 210}, "output_tokens": {"mean": 130}}},
    }
    gpus = {"0": {"gpu_name": "H100"}, "1": {"gpu_name": "H100"}, "2": {}}
    content = {
        **_METRICS, "aiperf_version": "0.9", "input_config": config, "was_cancelled": True, "is_complete": False,
        "telemetry_data": {"endpoints": {"node": {"gpus": gpus}}},
    }  # fmt: skip
    document = written(tmp_path, "run.json", content)
    assert aiperf.read(document).points == (
        Point(
            file=str(tmp_path / "run.json"), tool="aiperf", tool_version="0.9", model="acme", gpu_type="H100",
            concurrency=8, isl=200, osl=120, isl_asked=210, osl_asked=130, streaming=True, completed=750, failed=3,
            duration_s=101, rps=7.5, output_tps=900, ttft=latency(100), itl=latency(10), latency=latency(1000),
            notes=("telemetry saw 2 GPUs (H100)", "the run was cancelled", "the run is not complete"),
        ),
    )  # fmt: skip


def test_what_only_the_folders_of_aiperf_say(tmp_path: Path) -> None:
    by_rate = aiperf.read(written(tmp_path, "isl300_osl50/acme-openai-chat-request_rate4.5/a.json", _METRICS)).points[0]
    assert (by_rate.model, by_rate.isl_asked, by_rate.osl_asked) == ("acme", 300, 50)
    assert (by_rate.concurrency, by_rate.request_rate) == (None, 4.5)
    assert by_rate.notes == (
        "the load is taken from the folder's name",
        "the model is taken from the folder's name",
    )
    plain = aiperf.read(written(tmp_path, "b.json", _METRICS)).points[0]
    assert plain.notes == ()
    phases = [{"name": "a", "concurrency": 4}, {"name": "b", "concurrency": 8}]
    several = aiperf.read(written(tmp_path, "c16/a.json", {**_METRICS, "input_config": {"phases": phases}})).points[0]
    assert several.concurrency is None
    assert several.notes == ("several phases of different concurrency (4, 8) in one result",)


@pytest.mark.parametrize(
    ("counts", "completed", "no_errors", "failed"),
    [
        ({"error_request_count": 3, "completed_request_count": 100}, 90, True, 3),
        ({"completed_request_count": 100}, 90, False, 10),
        ({"completed_request_count": 100}, 100, True, 0),
        ({"completed_request_count": 100}, 110, True, 0),
        ({"completed_request_count": 100}, 110, False, None),
        ({"completed_request_count": 100}, None, True, None),
        ({}, 90, True, 0),
        ({}, 90, False, None),
        ({}, None, True, None),
    ],
)
def test_failed_requests_of_aiperf(
    counts: dict[str, float], completed: float | None, no_errors: bool, failed: float | None
) -> None:
    metrics = Metrics("r", {tag: {"avg": count} for tag, count in counts.items()})
    assert aiperf._failed(metrics, completed, no_errors) == failed


def test_metrics_of_every_layout_of_aiperf() -> None:
    entry = {"unit": "ms", "avg": 1}
    listed = [{"tag": "ttft", **entry}, {"header": "Request Latency", **entry}, entry]
    assert set(aiperf._entries({"records": listed})) == {"time_to_first_token", "request_latency"}
    assert set(aiperf._entries({"records": {"ITL": {"tag": "ttft"}, "Request Count": {}}})) == {
        "time_to_first_token",
        "request_count",
    }
    assert set(aiperf._entries({"a": entry, "b": {"avg": 1}, "c": "unit", "?": entry})) == {"a"}


@pytest.mark.parametrize(
    ("name", "content", "closeness"),
    [
        ("x.json", {"aiperf_version": "1"}, Closeness(("aiperf_version",), ("a metric such as request_throughput",))),
        ("x.json", {"request_latency": {"unit": "ms"}}, None),
        ("x_aiperf.json", {"request_latency": {"unit": "ms"}}, Closeness(("request_latency",), ("aiperf_version",))),
        ("x_aiperf.json", {"request_latency": {"avg": 1}}, None),
        ("x_aiperf.json", {"other": {"unit": "ms"}}, None),
        (
            "x.json",
            {"input_config": {"loadgen": {}}, "inter_token_latency": {"unit": "ms"}},
            Closeness(("loadgen", "inter_token_latency")),
        ),
        (
            "x.json",
            {"records": [{"tag": "ttft", "unit": "ms"}, {"tag": "request_count", "unit": "requests"}]},
            Closeness(("records", "time_to_first_token", "request_count")),
        ),
        (
            "x.json",
            {"benchmark_duration": {"unit": "s"}, "request_throughput": {"unit": "requests/sec"}},
            Closeness(("benchmark_duration", "request_throughput")),
        ),
        ("x.json", {"aggregation_type": "sweep"}, Closeness(("aggregation_type",))),
        ("x.json", {"metadata": {"aggregation_type": "sweep"}}, Closeness(("aggregation_type",))),
        ("x.json", {"per_combination_metrics": []}, Closeness(("aggregation_type",))),
        ("x.json", {"per_combination_metrics": {}}, None),
        ("x.jsonl", {"metadata": {"request_start_ns": 1}}, Closeness(("per-request records",))),
        ("x.csv", "Metric,avg,min\n", Closeness(("a table of metrics",))),
        ("x.csv", "Metric,Value\n", Closeness(("a table of metrics",))),
        ("x.csv", "Metric,min\n", None),
        ("x.csv", "Metric,avg,p99,p50\n", None),  # GenAI-Perf
        ("x.csv", "Metric,avg,p50,p50\n", Closeness(("a table of metrics",))),
        ("x.csv", "Metric,avg,p1,p99,p50\n", Closeness(("a table of metrics",))),
        ("x.csv", "Metric,avg,p50,p1,p99\n", Closeness(("a table of metrics",))),
        ("x.csv", "Metric,avg,x9,p1\n", Closeness(("a table of metrics",))),
        ("x.csv", "Metric,avg,p9,pxx\n", Closeness(("a table of metrics",))),
        ("x.csv", "Metric,avg,p\u00b2,p9\n", Closeness(("a table of metrics",))),
        ("x.csv", "metric,mean,std,min\n", Closeness(("a table of metrics",))),
        ("x.csv", "a,rate_mean,rate_std,rate_min,rate_max,rate_cv\n1,2\n", Closeness(("a table of metrics",))),
        ("x.csv", "a,rate_mean,rate_std,rate_min,rate_max,other_cv\n", None),
        ("x.csv", "a,b\nmetric,mean,std,\n", None),
        ("x.csv", "PK\x03\x04", None),
    ],
)
def test_signs_of_aiperf(tmp_path: Path, name: str, content: object, closeness: Closeness | None) -> None:
    assert aiperf.recognises(written(tmp_path, name, content)) == closeness


def test_a_csv_of_aiperf_says_nothing_of_failures(tmp_path: Path) -> None:
    text = "Metric,avg\nTTFT (ms),90\nRequest Count,75\nRequest Throughput (requests/sec),7.5\n"
    (point,) = aiperf.read(written(tmp_path, "a.csv", text)).points
    assert (point.ttft.avg, point.completed, point.failed, point.rps) == (90, 75, None, 7.5)
    assert aiperf_aggregate.is_csv(written(tmp_path, "b.csv", "metric,mean,std,min\n"))


# Its aggregates


def _aggregate(to: Path, content: dict[str, object]) -> tuple[Point, ...]:
    return aiperf.read(written(to, "aggregate.json", {"aggregation_type": "x", **content})).points


def test_every_field_of_an_aggregate(tmp_path: Path) -> None:
    metadata = {
        "model": "acme", "variation_values": {"a.concurrency": 8}, "num_successful_runs": 3, "num_profile_runs": 4,
        "num_trials_per_value": 5,
    }  # fmt: skip
    by_run = {f"{tag}_{name}": {"unit": entry["unit"], "mean": entry[name], "max": 1e6}
              for tag, entry in _METRICS.items() for name in statistics(0) if name in entry}  # fmt: skip
    expected = Point(
        file=str(tmp_path / "aggregate.json"), tool="aiperf", tool_version="0.13", model="acme", concurrency=8, isl=200,
        osl=120, streaming=True, completed=750, failed=3, duration_s=101, rps=7.5, output_tps=900, ttft=latency(100),
        itl=latency(10), latency=latency(1000), notes=("mean of 3 trials, from AIPerf's aggregate",),
    )  # fmt: skip
    content: dict[str, object] = {"aiperf_version": "0.13", "metadata": metadata}
    assert _aggregate(tmp_path, {**content, "metrics": by_run}) == (expected,)
    assert _aggregate(tmp_path, {**content, "metrics": _METRICS}) == (expected,)
    del metadata["num_successful_runs"]
    (point,) = _aggregate(tmp_path, {**content, "metrics": by_run})
    assert point.notes == ("mean of 4 trials, from AIPerf's aggregate",)
    sweep = [{"parameters": {"a.concurrency": 4, "a.rate": 2}, "metrics": by_run}, {"metrics": {"avg": {"mean": 1}}}]
    first, second = _aggregate(tmp_path, {**content, "per_combination_metrics": sweep})
    assert (first.concurrency, first.request_rate, first.rps) == (None, 2, 7.5)
    assert first.notes == second.notes == ("mean of 5 trials, from AIPerf's aggregate",)
    assert (second.index, second.rps, second.streaming, second.completed) == (1, None, False, None)


def test_tags_of_an_aggregate() -> None:
    found = aiperf_aggregate._by_tag(
        {"avg": {"mean": 1}, "_p50": {"mean": 2}, "a_total": {"mean": 3}, "b_p99": {"mean": 4}}
    )
    assert found == {"b": {"unit": None, "p99": 4}}


# Which of its files are used


def _part(file: str, kind: str, *loads: float, rate: float | None = None) -> FileReading:
    points = tuple(Point(file, "aiperf", concurrency=load, request_rate=rate, rps=load) for load in loads)
    return FileReading(Path(file), kind, points)


def _used(*parts: FileReading) -> list[tuple[str, list[float | None]]]:
    chosen = aiperf_choice.choose(parts).parts
    return [(str(part.path), [point.concurrency for point in part.points]) for part in chosen]


def test_a_run_of_aiperf_counts_once() -> None:
    run = _part("s/c2/run.json", "run", 2)
    assert _used(
        _part("s/c2/run.csv", "csv", 2),
        _part("s/c2/phases/profiling/run.json", "run", 2),
        _part("s/c2/phases/warmup/run.json", "warm-up", 2),
        _part("s/aggregate/a.csv", "aggregate csv"),
        _part("s/c2/inputs.json", "side"),
        run,
    ) == [("s/c2/inputs.json", []), ("s/c2/run.json", [2])]
    phase = _part("s/c2/phases/profiling/run.json", "run", 2)
    assert len(_used(_part("s/c2/inputs.json", "side"), phase)) == 2
    assert _used(_part("s/c2/run.csv", "csv", 2)) == [("s/c2/run.csv", [2])]
    assert _used(_part("s/c2/phases/profiling/run.json", "run", 2)) == [("s/c2/phases/profiling/run.json", [2])]
    assert _used(_part("s/c2/run.csv", "csv", 2), _part("s/c2/run2.csv", "csv", 2), run) == [
        ("s/c2/run2.csv", [2]),
        ("s/c2/run.json", [2]),
    ]


def test_an_aggregate_of_aiperf_counts_for_what_is_not_there() -> None:
    run = _part("s/c2/run.json", "run", 2)
    assert _used(run, _part("s/sweep_aggregate/a.json", "aggregate", 2, 4)) == [
        ("s/c2/run.json", [2]),
        ("s/sweep_aggregate/a.json", [4]),
    ]
    assert _used(run, _part("s/aggregate/c2/a.json", "aggregate", 2)) == [("s/c2/run.json", [2])]
    assert _used(run, _part("other/aggregate/a.json", "aggregate", 2)) == [
        ("s/c2/run.json", [2]),
        ("other/aggregate/a.json", [2]),
    ]
    assert _used(run, _part("s/aggregate/a.json", "aggregate", 2, rate=3)) == [
        ("s/c2/run.json", [2]),
        ("s/aggregate/a.json", [2]),
    ]
    assert _used(_part("s/aggregate/empty.json", "aggregate")) == [("s/aggregate/empty.json", [])]
    sweep = _part("s/aggregate/sweep.json", "aggregate", 2, 4)
    assert _used(sweep, _part("s/aggregate/c2.json", "aggregate", 2)) == [
        ("s/aggregate/sweep.json", [4]),
        ("s/aggregate/c2.json", [2]),
    ]


def test_what_is_left_out_of_aiperf_is_told() -> None:
    told = aiperf_choice.choose((_part("s/c2/run.json", "run", 2), _part("s/aggregate/a.json", "aggregate", 4))).notices
    assert told == ()
    told = aiperf_choice.choose(
        (_part("s/c2/run.json", "run", 2), _part("s/aggregate/a.json", "aggregate", 2, 4))
    ).notices
    assert [str(notice) for notice in told] == ["s/aggregate/a.json: skipped: AIPerf aggregate, read from its runs."]


# What was asked of it


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {"loadgen": {"concurrency": [8], "request_rate": 2}},
            Asked(request_rate=2, notes=("at most 8 requests in flight at once",)),
        ),
        ({"loadgen": {"concurrency": [4, 8]}}, Asked()),
        ({"phases": [{"name": "a", "concurrency": 4}, {"name": "b"}]}, Asked(concurrency=4)),
        ({"phases": [{"name": "warmup", "concurrency": 1}, {"name": "main", "rate": 3}]}, Asked(request_rate=3)),
        (
            {"phases": [{"name": "a", "kind": "warmup", "concurrency": 1}, {"name": "b", "concurrency": 3}]},
            Asked(concurrency=3),
        ),
        (
            {
                "phases": [
                    {"name": "a", "exclude_from_results": True, "concurrency": 1},
                    {"name": "b", "concurrency": 3},
                ]
            },
            Asked(concurrency=3),
        ),
        ({"models": {"items": [{"name": "m"}, {"name": "n"}, {}]}, "model_names": ["m"]}, Asked(model="m, n")),
        ({"endpoint": {"streaming": "yes"}}, Asked()),
        ({"endpoint": {"streaming": False}}, Asked(streaming=False)),
        ({"datasets": [{"prompts": {"isl": {"mean": 5}, "osl": {"mean": 6}}}]}, Asked(isl=5, osl=6)),
        ({"datasets": [{"prompts": {"isl": {"mean": 5}, "osl": {"mean": 6}}}] * 2}, Asked()),
        (
            {
                "input": {"prompt": {"input_tokens": {"mean": 7}, "output_tokens": {"mean": 8}}},
                "datasets": [{"prompts": {"isl": {"mean": 5}, "osl": {"mean": 6}}}],
            },
            Asked(isl=7, osl=8),
        ),
    ],
)
def test_what_was_asked_of_aiperf(config: dict[str, object], expected: Asked) -> None:
    assert asked({"input_config": config}) == expected


def test_a_phase_of_aiperf_by_its_name() -> None:
    phases = [{"name": "a", "concurrency": 1, "exclude_from_results": True}, {"name": "warmup", "rate": 3}]
    document = {"input_config": {"phases": phases}}
    assert asked(document, "a") == Asked(concurrency=1)
    assert asked(document, "warmup") == Asked(request_rate=3)
    assert [is_warm_up(document, name) for name in ("a", "warmup", "b", "Warming")] == [True, True, False, True]
    assert not is_warm_up({"input_config": {"phases": [{"name": "warm", "kind": "profiling"}]}}, "warm")


def test_the_value_of_a_sweep_of_aiperf() -> None:
    assert variation({"phases.profiling.concurrency": 16, "x.rate": 2}) == (16, 2)
    assert variation({"request_rate": 3, "rate": 2}) == (None, 3)
    run = {"run_info": {"variation_values": {"a.concurrency": 16}}}
    assert asked(run) == Asked(concurrency=16)
    assert asked({**run, "input_config": {"loadgen": {"concurrency": 2}}}) == Asked(concurrency=2)
    assert asked({**run, "input_config": {"loadgen": {"request_rate": 2}}}) == Asked(request_rate=2)
    assert aiperf_config._single([5]) == aiperf_config._single(5) == 5
