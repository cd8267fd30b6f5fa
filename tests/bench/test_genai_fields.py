"""GenAI-Perf, genai-bench, console logs and the keys of all clients: every field by another figure, every sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Closeness, FileReading
from tco_xlsx.bench.tools import client_keys, console_log, genai_bench, genai_perf, genai_perf_table
from tco_xlsx.bench.tools.client_keys import Load, load_of
from tests.bench.samples import messages, read
from tests.bench.written import latency, statistics, written

# The keys that clients share


def test_the_load_that_was_asked_for() -> None:
    assert load_of(0.5, None) == Load(0.5, None)
    assert load_of(8, 2) == Load(None, 2, ("at most 8 requests in flight at once",))
    assert load_of(None, 0.5) == Load(None, 0.5)
    everything = Load(None, None, ("all requests were sent at once",))
    assert [load_of(given, rate) for given in (None, 0, -1) for rate in (None, 0, -1)] == [everything] * 9


@pytest.mark.parametrize(
    ("name", "lengths"),
    [
        ("conc64_in2048_out128", (2048, 128)), ("isl8192_osl128", (8192, 128)), ("x-ip-10-op-20.json", (10, 20)),
        ("isl8192", (None, None)), ("osl8192_isl128", (None, None)), ("min20_out30", (None, None)),
    ],
)  # fmt: skip
def test_lengths_in_a_name(name: str, lengths: tuple[float | None, float | None]) -> None:
    assert client_keys.lengths_in(name) == lengths


def test_means_and_times_per_token() -> None:
    assert [client_keys.per(total, count) for total, count in ((6, 3), (0, 3), (6, 0), (None, 3), (6, None))] == [
        2, 0, None, None, None,
    ]  # fmt: skip
    tpot, chunk = latency(10), latency(20)
    assert client_keys.decode_time(tpot, chunk) == (tpot, "tpot", ())
    assert client_keys.decode_time(Latency(avg=0.0), chunk) == (chunk, "chunk", (client_keys.CHUNK_ONLY,))
    assert client_keys.decode_time(Latency(), Latency(p50=0.0)) == (Latency(), "tpot", ())
    flat = {"mean_ttft": 1, "median_ttft": 2, "p90_ttft": 3, "p95_ttft": 4, "p99_ttft": 5}
    assert client_keys.flat_latency(flat, "ttft", "", 1000) == Latency(1000, 2000, 3000, 4000, 5000)
    assert client_keys.flat_latency({"p50_ttft_ms": 7, "median_ttft_ms": 8}, "ttft") == Latency(p50=7)
    assert client_keys.model_name("/hub/models--acme--tiny-7b/snapshots/1/") == "acme/tiny-7b"
    assert client_keys.model_name("/hub/tiny") == "/hub/tiny"


# Console logs

_BLOCK = """============ Serving Benchmark Result ============
Successful requests:                     750
Failed requests:                         3
Benchmark duration (s):                  100.00
Total input tokens:                      150000
Total generated tokens:                  90000
Request throughput (req/s):              7.50
Output token throughput (tok/s):         900.00
Total Token throughput (tok/s):          2400.00
Mean TTFT (ms):                          100.00
Median TTFT (ms):                        101.00
P90 TTFT (ms):                           102.00
P99 TTFT (ms):                           104.00
Mean TPOT (ms):                          10.00
{}
==================================================
"""
_VLLM = _BLOCK.format("Mean E2EL (ms):                          1300.00")
_SGLANG = _BLOCK.format("Mean E2E Latency (ms):                   1300.00")


def _log(to: Path, text: str) -> FileReading:
    return console_log.read(written(to, "run.log", text))


def test_every_field_of_a_console_log(tmp_path: Path) -> None:
    before = "Namespace(backend='vllm', model='acme', max_concurrency=8, request_rate=inf)\nbar 1%\rbar 2%\n"
    (point,) = _log(tmp_path, before + _VLLM).points
    assert point == Point(
        file=str(tmp_path / "run.log"), tool="console", line=3, model="acme", concurrency=8, isl=200, osl=120,
        streaming=True, completed=750, failed=3, duration_s=100, rps=7.5, output_tps=900, total_tps=2400,
        ttft=Latency(100, 101, 102, None, 104), itl=Latency(avg=10), latency=Latency(avg=1300),
        notes=("read from a console log, which is rounded to two decimals",),
    )  # fmt: skip


def test_a_log_of_sglang_takes_its_model_from_the_arguments(tmp_path: Path) -> None:
    arguments = "Namespace(model='acme', max_concurrency=8)\n"
    (point,) = _log(tmp_path, arguments + _SGLANG).points
    assert (point.model, point.latency.avg, point.tool) == ("acme", 1300, "console")
    (cached,) = _log(tmp_path, arguments.replace("acme", "/hub/models--acme--tiny/snapshots/1") + _VLLM).points
    assert cached.model == "acme/tiny"
    (unnamed,) = _log(tmp_path, arguments.replace("'acme'", "7") + _SGLANG).points
    assert unnamed.model is None


def test_blocks_of_a_log_that_say_no_load_or_are_cut_short(tmp_path: Path) -> None:
    reading = _log(tmp_path, _VLLM + "Traffic request rate: 2.5\n" + _VLLM.replace("Total generated", "Some"))
    assert reading.points == ()
    assert [notice.line for notice in reading.notices] == [1, 18]
    assert "does not say its load" in reading.notices[0].message
    assert "lacks total generated tokens; it" in reading.notices[1].message
    # A rule below the heading belongs to it.
    head, _, rest = _VLLM.partition("\n")
    (point,) = _log(tmp_path, f"max concurrency=8\nMaximum request concurrency: 8\n{head}\n=====\n{rest}").points
    assert (point.line, point.concurrency) == (3, 8)


def test_speculative_decoding_in_a_log(tmp_path: Path) -> None:
    text = "Maximum request concurrency: 80\n" + _VLLM.replace("Mean E2EL (ms):", "Mean ITL (ms):").replace(
        "1300", "20"
    )
    (point,) = _log(tmp_path, text.replace("P90 TTFT", "Acceptance length: 2.00\nP90 TTFT")).points
    # 100 ms and 119 tokens of 20 ms / 2.
    assert point.latency.avg == pytest.approx(1290)


def test_signs_of_a_console_log(tmp_path: Path) -> None:
    found = Closeness(("its result block",))
    assert console_log.recognises(written(tmp_path, "a.log", "x\n" + _VLLM)) == found
    for start in ("PK\x03\x04", ' {"a": 1}', "[1]", None):
        text = "x" if start is None else start + "\n" + _VLLM
        assert console_log.recognises(written(tmp_path, "a.log", text)) is None
    for size, closeness in ((16 << 20, found), ((16 << 20) + 1, None)):
        document = written(tmp_path, "a.log", _VLLM)
        document.size = size
        assert console_log.recognises(document) == closeness


# genai-bench


def _run(**changed: object) -> dict[str, object]:
    names = ("mean", "p50", "p90", "p95", "p99")
    firsts = {"ttft": 0.1, "tpot": 0.01, "e2e_latency": 1, "num_input_tokens": 200, "num_output_tokens": 120}
    stats = {name: dict(zip(names, statistics(first).values(), strict=True)) for name, first in firsts.items()}
    aggregated = {
        "scenario": "N(480,240)/(300,150)", "num_concurrency": 8, "num_completed_requests": 750, "stats": stats,
        "num_error_requests": 3, "run_duration": 100, "requests_per_minute": 450,
        "mean_output_throughput_tokens_per_s": 900,
    }  # fmt: skip
    return {"aggregated_metrics": aggregated | changed}


_METADATA = {
    "traffic_scenario": ["D(1,2)"], "server_gpu_count": "4", "server_gpu_type": "H100", "server_engine": "SGLang",
    "benchmark_version": "0.2", "api_model_name": "tiny", "metrics_time_unit": "s",
}  # fmt: skip


def _in_ms(first: float) -> Latency:
    return Latency(*(pytest.approx(1000 * (first + place)) for place in range(5)))


def test_every_field_of_genai_bench(tmp_path: Path) -> None:
    document = written(tmp_path, "run.json", _run())
    expected = Point(
        file=str(tmp_path / "run.json"), tool="genai-bench", concurrency=8, isl=200, osl=120, isl_asked=480,
        osl_asked=300, streaming=True, completed=750, failed=3, duration_s=100, rps=7.5, output_tps=900,
        ttft=_in_ms(0.1), itl=_in_ms(0.01), latency=_in_ms(1),
    )  # fmt: skip
    assert genai_bench.read(document).points == (expected,)
    (bare,) = genai_bench.read(written(tmp_path, "run.json", _run(stats={}, scenario=None))).points
    assert bare.streaming is bare.isl_asked is bare.ttft.avg is None
    assert bare.latency == Latency()


def test_what_the_metadata_of_genai_bench_say(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    written(tmp_path, "run.json", _run())
    for name in ("run", "more"):
        written(tmp_path, f"other/{name}.json", _run(num_concurrency=len(name)))
    written(tmp_path, "experiment_metadata.json", _METADATA)
    reading = read(tmp_path)
    point, other, _ = sorted(reading.points, key=lambda point: len(point.file))
    assert (point.model, point.gpu_type, point.gpus_per_instance, point.gpu_source) == ("tiny", "H100", 4, "file")
    assert (point.engine, point.tool_version, point.latency.avg) == ("SGLang", "0.2", 1000)
    assert other.model is other.gpu_source is None
    assert "read for the model, GPUs and engine of 1 runs beside it." in messages(reading)
    assert "several experiments" not in messages(reading)
    written(tmp_path, "more.json", _METADATA)
    assert "several experiments of genai-bench in one folder; none is believed." in messages(read(tmp_path))


def test_metadata_of_genai_bench_without_a_run_and_without_gpus(tmp_path: Path) -> None:
    written(tmp_path, "experiment_metadata.json", _METADATA)
    assert "the metadata of a genai-bench experiment, but no run of it is here." in messages(read(tmp_path))
    for count, gpus in (("0", None), ("-1", None), (None, None), (0.5, 0.5)):
        facts = genai_bench._facts({**_METADATA, "server_gpu_count": count, "model": "acme"})
        assert facts.get("gpus_per_instance") == gpus
        assert facts["model"] == "acme"
        assert None not in facts.values()


def test_genai_bench_in_milliseconds_by_its_metadata(tmp_path: Path) -> None:
    written(
        tmp_path, "run.json", _run(stats={name: {"mean": 90, "p50": 0} for name in ("ttft", "tpot", "e2e_latency")})
    )
    written(tmp_path, "experiment_metadata.json", {**_METADATA, "metrics_time_unit": "ms"})
    (point,) = read(tmp_path).points
    assert (point.ttft, point.itl, point.latency) == (Latency(avg=90), Latency(avg=90), Latency(avg=90))


@pytest.mark.parametrize(
    ("scenario", "lengths"),
    [
        ("D(100,1000)", (100, 1000)), ("N(480,240)/(300,150)", (480, 300)), ("U(50,100)/(200,250)", (75, 225)),
        ("U(50,100)", (None, None)), ("E(1024)", (None, None)), (None, (None, None)),
    ],
)  # fmt: skip
def test_lengths_of_a_scenario_of_genai_bench(scenario: str | None, lengths: tuple[float | None, float | None]) -> None:
    assert genai_bench._lengths(scenario) == lengths
    assert genai_bench._middle(None, 1) is genai_bench._middle(1, None) is None


@pytest.mark.parametrize(
    ("content", "closeness"),
    [
        ([1], None),
        ({"aggregated_metrics": 1}, None),
        ({"aggregated_metrics": {}}, Closeness(("aggregated_metrics",), ("stats", "requests_per_minute"))),
        ({"aggregated_metrics": {"stats": 1}}, Closeness(("aggregated_metrics", "stats"), ("requests_per_minute",))),
        ({"server_gpu_count": 1}, None),
        ({"traffic_scenario": 1}, None),
        ({"server_gpu_count": 1, "traffic_scenario": 1}, Closeness(("server_gpu_count", "traffic_scenario"))),
    ],
)
def test_signs_of_genai_bench(tmp_path: Path, content: object, closeness: Closeness | None) -> None:
    assert genai_bench.recognises(written(tmp_path, "a.json", content)) == closeness


# GenAI-Perf

_METRICS: dict[str, object] = {
    "request_throughput": {"unit": "requests/sec", "avg": 7.5},
    "output_token_throughput": {"unit": "tokens/sec", "avg": 900},
    "request_latency": {"unit": "ms", **statistics(1000)},
    "time_to_first_token": {"unit": "ms", **statistics(100)},
    "inter_token_latency": {"unit": "ms", **statistics(10)},
    "request_count": {"unit": "requests", "avg": 750},
    "input_sequence_length": {"unit": "tokens", "avg": 200},
    "output_sequence_length": {"unit": "tokens", "avg": 120},
}


def _genai_perf(to: Path, config: object, name: str = "run.json", **changed: object) -> Point:
    return genai_perf.read(written(to, name, {**_METRICS, **changed, "input_config": config})).points[0]


def test_every_field_of_genai_perf(tmp_path: Path) -> None:
    flat = {
        "model": "acme", "concurrency": 8, "synthetic_input_tokens_mean": 210, "output_tokens_mean": 130,
        "streaming": True,
    }  # fmt: skip
    nested = {
        "model_names": ["acme"], "perf_analyzer": {"stimulus": {"concurrency": [8], "request_rate": ""}},
        "input": {"synthetic_tokens": {"mean": 210}, "output_tokens": {"mean": 130}}, "endpoint": {"streaming": True},
    }  # fmt: skip
    for config in (flat, nested):
        assert _genai_perf(tmp_path, config) == Point(
            file=str(tmp_path / "run.json"), tool="genai-perf", model="acme", concurrency=8, isl=200, osl=120,
            isl_asked=210, osl_asked=130, streaming=True, completed=750, rps=7.5, output_tps=900, ttft=latency(100),
            itl=latency(10), latency=latency(1000),
        )  # fmt: skip
    counts = {"num_input_token": {"avg": 5}, "num_output_token": {"avg": 6}}
    old = _genai_perf(tmp_path, flat, input_sequence_length=None, output_sequence_length=None, **counts)
    assert (old.isl, old.osl) == (5, 6)


def test_what_only_the_folders_of_genai_perf_say(tmp_path: Path) -> None:
    point = _genai_perf(tmp_path, {}, "isl300_osl50/acme-openai-chat-request_rate4.5/a.json")
    assert (point.model, point.concurrency, point.request_rate) == ("acme", None, 4.5)
    assert (point.isl_asked, point.osl_asked, point.streaming) == (300, 50, None)
    assert point.notes == ("the load is taken from the folder's name", "the model is taken from the folder's name")
    assert _genai_perf(tmp_path, {}).notes == ()


@pytest.mark.parametrize(
    ("ttft", "config", "streaming", "notes"),
    [
        (1000.01, {}, False, 1), (1000.02, {}, None, 0), (1000, {"streaming": True}, True, 0),
        (100, {"streaming": False}, False, 1), (None, {"streaming": False}, False, 0), (None, {}, None, 0),
    ],
)  # fmt: skip
def test_genai_perf_without_streaming(
    tmp_path: Path, ttft: float | None, config: dict[str, object], streaming: bool | None, notes: int
) -> None:
    first = None if ttft is None else {"unit": "ms", "avg": ttft}
    point = _genai_perf(tmp_path, config, time_to_first_token=first, request_latency={"unit": "ms", "avg": 1000})
    assert (point.streaming, len(point.notes)) == (streaming, notes)
    assert (point.ttft == Latency()) is (streaming is False or ttft is None)
    assert (point.itl == Latency()) is bool(notes)


def test_what_stands_for_not_given() -> None:
    values = (5, [5], "5", 0.5, 0, -1, [], [1, 2], "")
    assert [genai_perf._positive(value) for value in values] == [5, 5, 5, 0.5, None, None, None, None, None]
    assert [genai_perf._model({"model": name}) for name in ("a", ["a", "b"], [""], None)] == ["a", "a, b", None, None]


_RAW = '{"experiments" : [], '


@pytest.mark.parametrize(
    ("name", "content", "closeness"),
    [
        ("analyze_export_genai_perf.csv", "x", Closeness(("analyze_export",))),
        ("x.json", _RAW + '"service_kind": 1}', Closeness(("experiments",))),
        ("x.json", _RAW + '"response_timestamps": 1}', Closeness(("experiments",))),
        ("x.json", _RAW + '"a": 1}', None),
        ("x.json", '{"service_kind": 1, "response_timestamps": 1}', None),
        ("x.csv", "Metric,avg,min,max,p99,p95\n", Closeness(("metric", "avg", "p99", "min", "max"))),
        ("x.csv", "Metric,Value\n", Closeness(("metric",))),
        ("x.csv", "Metric,min,avg\n", None),
        ("x.json", "[1]", None),
        ("x.json", {"input_config": {}}, None),
        ("genai_perf.json", {"a": 1}, None),
        ("genai_perf.json", {"input_config": {}}, Closeness(("input_config",), ("request_throughput",))),
        ("x.json", {"request_latency": {"unit": "ms"}}, Closeness(("request_latency",), ("input_config",))),
        ("genai_perf.json", {"request_latency": {"unit": "ms"}}, Closeness(("request_latency",))),
        (
            "x.json",
            {"request_throughput": {"unit": "requests/sec"}, "input_config": {}},
            Closeness(("request_throughput", "input_config")),
        ),
        ("x.json", {"request_throughput": {}, "request_latency": {}}, None),
    ],
)
def test_signs_of_genai_perf(tmp_path: Path, name: str, content: object, closeness: Closeness | None) -> None:
    document = written(tmp_path, name, content)
    assert genai_perf.recognises(document) == closeness
    if closeness and closeness.found[0] in ("analyze_export", "experiments"):
        (notice,) = genai_perf.read(document).notices
        assert ("perf_analyzer" in notice.message) is (closeness.found[0] == "experiments")


def test_a_csv_of_genai_perf_beside_its_json_is_left_out() -> None:
    parts = (FileReading(Path("a.json"), "json"), FileReading(Path("a.csv"), "csv"), FileReading(Path("b.csv"), "csv"))
    choice = genai_perf.choose(parts)
    assert choice.parts == (parts[0], parts[2])
    assert [notice.path for notice in choice.notices] == ["a.csv"]


# Its table

_COLUMNS = "request_throughput-avg,request_latency-avg,input_config-concurrency"


def test_rows_of_the_table_of_genai_perf(tmp_path: Path) -> None:
    head = f"{_COLUMNS}, request_latency-unit ,input_config.model,task_inputs-n_gpus,task_inputs-GPU,other\n"
    reading = genai_perf.read(written(tmp_path, "a.csv", head + "10,1000,10,,acme,2,H100,x\n1,2,3,s,acme\n"))
    first, second = reading.points
    assert (first.index, first.line, first.rps, first.latency.avg, first.model) == (0, 2, 10, 1000, "acme")
    assert (first.gpu_type, first.gpus_per_instance, first.gpu_source) == ("H100", 2, "file")
    assert first.notes == ("latencies are in ms: the table does not say so, Little's law does",)
    assert (second.index, second.line, second.latency.avg, second.concurrency) == (1, 3, 2000, 3)
    assert second.gpu_source is second.gpus_per_instance is second.precision is None
    assert second.notes == ("the units are in the table",)
    rows = list(genai_perf_table.rows(written(tmp_path, "b.csv", "x,a-b,c-d\n1, 2 ,\n1\n1,2,3,4\n")))
    assert rows == [(2, {"a": {"b": "2"}}), (3, {}), (4, {"a": {"b": "2"}, "c": {"d": "3"}})]


@pytest.mark.parametrize(
    ("rate", "average", "concurrency", "unit"),
    [
        (10, 1000, 10, "ms"), (10, 200, 10, "ms"), (10, 199, 10, None), (10, 1500, 10, "ms"), (10, 1501, 10, None),
        (10, 1e6, 10, "us"), (10, 1e9, 10, "ns"), (10, 1, 10, "s"), (0, 1000, 10, None), (10, 0, 10, None),
        (10, 1000, 0, None), (None, 1000, 10, None), (10, None, 10, None), (10, 1000, None, None),
    ],
)  # fmt: skip
def test_a_unit_by_littles_law(rate: float | None, average: float | None, concurrency: float | None, unit: str) -> None:
    entries = {"request_throughput": {"avg": rate}, "request_latency": {"avg": average},
               "input_config": {"concurrency": concurrency}}  # fmt: skip
    assert genai_perf_table._unit_by_little(entries) == unit
    timed, how = genai_perf_table.with_units(entries)
    assert timed["request_latency"].get("unit") == unit
    assert (how is None) is (unit is None)


@pytest.mark.parametrize(
    ("head", "is_table"),
    [
        (_COLUMNS, True),
        ('"request_throughput.avg", inter_token_latency.avg ,input_config.concurrency', True),
        ("request_throughput-avg,time_to_first_token-p99,input_config-concurrency", False),
        ("request_throughput-avg,input_config-concurrency", False),
        ("request_throughput-avg,request_latency-avg", False),
        ("request_latency-avg,input_config-concurrency", False),
    ],
)
def test_headings_of_the_table_of_genai_perf(tmp_path: Path, head: str, is_table: bool) -> None:
    assert genai_perf_table.is_table(written(tmp_path, "a.csv", head + "\n1,2,3\n")) is is_table
