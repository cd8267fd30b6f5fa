"""InferenceX, and files that are no result: every field by another figure, every sign, GPUs and lengths by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Closeness
from tco_xlsx.bench.tools import inferencex, known_other
from tests.bench.written import approximately, written

# InferenceX: 920 tokens are 100 ms and 919 tokens of 10 ms

_AGG: dict[str, object] = {
    "hw": "h200", "conc": 8, "image": "v1", "model": "acme", "infmax_model_prefix": "prefix", "framework": "vllm",
    "precision": "fp8", "tp": 8, "isl": 200, "osl": 1024, "output_tput_per_gpu": 115, "tput_per_gpu": 140,
    **{f"{prefix}_{name}": first / 1000 + place / 1000 for name, first in (("ttft", 100), ("tpot", 10), ("e2el", 9290))
       for place, prefix in enumerate(("mean", "median", "p90", "p95", "p99"))},
    **{f"{prefix}_itl": 0.777 for prefix in ("mean", "p99")},
}  # fmt: skip


def _inferencex(to: Path, content: dict[str, object], name: str = "agg.json") -> Point:
    (point,) = inferencex.read(written(to, name, content)).points
    return point


def test_every_field_of_inferencex(tmp_path: Path) -> None:
    assert _inferencex(tmp_path, _AGG) == Point(
        file=str(tmp_path / "agg.json"), tool="inferencex", tool_version="v1", model="acme", gpu_type="h200",
        gpus_per_instance=8, gpu_source="file", precision="fp8", engine="vllm", concurrency=8, isl=pytest.approx(200),
        osl=pytest.approx(920), isl_asked=200, osl_asked=1024, streaming=True, rps=pytest.approx(1), output_tps=920,
        total_tps=1120, ttft=approximately(100), itl=approximately(10), latency=approximately(9290),
        notes=(
            "output tokens/s are 115 per GPU x 8",
            "requests/s are estimated: output tokens/s / OSL of 920, which the latencies give (nominal 1024)",
        ),
    )  # fmt: skip


def test_an_aggregate_of_inferencex_that_says_less(tmp_path: Path) -> None:
    bare = {"hw": "h200", "output_tput_per_gpu": None, "infmax_model_prefix": "prefix", "tp": 8, "tput_per_gpu": None}
    point = _inferencex(tmp_path, bare, "a_isl300_osl100.json")
    assert (point.model, point.isl, point.osl, point.isl_asked, point.osl_asked) == ("prefix", 300, 90, 300, 100)
    assert point.rps is point.output_tps is point.total_tps is point.streaming is None
    assert point.notes == ("requests/s are estimated: output tokens/s / OSL of 90, nine tenths of the nominal 100",)
    gaps = {key: value for key, value in _AGG.items() if not key.endswith(("_tpot", "_e2el"))}
    chunk = _inferencex(tmp_path, gaps)
    assert (chunk.itl, chunk.itl_kind) == (Latency(avg=777, p99=777), "chunk")
    unknown = _inferencex(tmp_path, {**bare, "output_tput_per_gpu": 5, "tput_per_gpu": 6, "tp": None})
    assert unknown.rps is unknown.total_tps is unknown.gpu_source is unknown.isl is None
    assert unknown.notes == ()
    lengths = _inferencex(tmp_path, {**bare, "output_tput_per_gpu": 5})
    assert (lengths.output_tps, lengths.rps, lengths.osl) == (40, None, None)


def test_inferencex_in_seconds_field_by_field(tmp_path: Path) -> None:
    times = {key: value for key, value in _AGG.items() if key.rpartition("_")[2] in ("ttft", "tpot", "e2el", "itl")}
    content = {**times, "total_output_tokens": 920, "request_throughput": 1, "completed": 1, "max_concurrency": 8}
    point = _inferencex(tmp_path, content)
    assert (point.ttft, point.itl, point.latency, point.itl_kind) == (
        approximately(100),
        approximately(10),
        approximately(9290),
        "tpot",
    )
    assert (point.tool, point.rps, point.osl, point.streaming) == ("inferencex", 1, 920, True)
    chunk = {key: value for key, value in content.items() if "tpot" not in key and key != "mean_e2el"}
    assert _inferencex(tmp_path, chunk).itl == Latency(avg=777, p99=777)
    untimed = {key: value for key, value in content.items() if key not in times} | {"mean_ttft": None}
    assert _inferencex(tmp_path, untimed).streaming is None


@pytest.mark.parametrize(
    ("result", "gpus"),
    [
        ({"disagg": True, "num_prefill_gpu": 8, "num_decode_gpu": 4}, (12, 4)),
        ({"disagg": "true", "num_prefill_gpu": 8, "num_decode_gpu": 4}, (12, 4)),
        ({"disagg": True, "is_multinode": "True", "num_prefill_gpu": 8}, (8, 8)),
        ({"disagg": True, "num_prefill_gpu": 8, "tp": 4}, (None, None)),
        ({"disagg": True, "is_multinode": True, "num_decode_gpu": 8, "tp": 4}, (None, None)),
        ({"is_multinode": True, "num_decode_gpu": 16}, (16, 16)),
        ({"is_multinode": True, "num_prefill_gpu": 16}, (16, 16)),
        ({"is_multinode": True, "tp": 4}, (4, 4)),
        ({"is_multinode": 1, "num_prefill_gpu": 8, "num_decode_gpu": 4, "tp": 4}, (4, 4)),
        ({"tp": 4, "pp_size": 2, "pcp": 3}, (24, 24)),
        ({"tp": 0}, (None, None)),
    ],
)
def test_gpus_of_inferencex(result: dict[str, object], gpus: tuple[float | None, float | None]) -> None:
    assert inferencex._gpus(result) == gpus


@pytest.mark.parametrize(
    ("rates", "counted"),
    [
        ((60, 100, 20), 8),  # 800 out and 160 in of 16 GPUs, each by its own
        ((120, 100, 20), 16),  # by all
        ((120.1, 100, 20), 16),
        ((120.18, 100, 20), 8),  # 1.5 thousandths off
        ((110, 100, 20), 16),  # out by all, in by the prefilling
        ((70, 100, 20), 8),
        ((None, 100, 20), 8),
        ((120, None, 20), 8),
        ((120, 100, None), 8),
    ],
)
def test_by_which_gpus_a_rate_is_counted(rates: tuple[float | None, ...], counted: float) -> None:
    names = ("tput_per_gpu", "output_tput_per_gpu", "input_tput_per_gpu")
    assert inferencex._counted_by(dict(zip(names, rates, strict=True)), 8, 8) == counted


@pytest.mark.parametrize(
    ("hardware", "gpu_type", "notes"),
    [
        ({"hw": "a"}, "a", 0), ({"prefill_hw": "b", "hw": "a"}, "b", 0), ({"decode_hw": "c", "hw": "a"}, "c", 0),
        ({"prefill_hw": "b", "decode_hw": "b"}, "b", 0), ({"prefill_hw": "b", "decode_hw": "c"}, "b + c", 1),
    ],
)  # fmt: skip
def test_gpu_types_of_inferencex(hardware: dict[str, object], gpu_type: str, notes: int) -> None:
    found, told = inferencex._gpu_type(hardware)
    assert (found, len(told)) == (gpu_type, notes)


def test_lengths_of_inferencex() -> None:
    def osl(nominal: float | None, ttft: float | None, tpot: float | None, whole: float | None) -> float | None:
        return inferencex._actual_osl(nominal, Latency(avg=ttft), Latency(avg=tpot), Latency(avg=whole))[0]

    # 100 ms and 80 tokens of 10 ms after the first.
    assert [osl(nominal, 100, 10, 900) for nominal in (None, 81, 101.25, 80, 102)] == [None, 81, 81, 72, 91.8]
    assert osl(1, 100, 10, 100) == 0.9
    assert [osl(100, *known) for known in ((None, 10, 900), (100, None, 900), (100, 10, None))] == [90] * 3
    assert inferencex._actual_isl({"tput_per_gpu": 30}, 50, 100, 10) == 100  # 300 in all, 200 of them in
    for total, length, out, gpus in ((None, 50, 100, 10), (30, None, 100, 10), (30, 50, None, 10), (30, 50, 100, None)):
        assert inferencex._actual_isl({"tput_per_gpu": total}, length, out, gpus) is None
    assert inferencex._actual_isl({"tput_per_gpu": 10}, 50, 100, 10) is None


_IN_SECONDS = {"total_output_tokens": 1, "request_throughput": 1}


@pytest.mark.parametrize(
    ("content", "closeness"),
    [
        ([], None),
        ({"hw": 1}, None),
        (
            {"hw": 1, "conc": 1},
            Closeness(("hw", "conc", "infmax_model_prefix"), ("tput_per_gpu", "output_tput_per_gpu")),
        ),
        (
            [{"infmax_model_prefix": 1, "output_tput_per_gpu": 1}],
            Closeness(("output_tput_per_gpu", "infmax_model_prefix"), ("hw", "conc", "tput_per_gpu")),
        ),
        ({"median_ttft": 1, **_IN_SECONDS}, Closeness(("median_ttft", "total_output_tokens"))),
        ({"mean_ttft": 1, **_IN_SECONDS}, Closeness(("median_ttft", "total_output_tokens"))),
        ({"mean_ttft": 1, "request_throughput": 1}, None),
        ({"mean_ttft": 1, "total_output_tokens": 1}, None),
        (_IN_SECONDS, None),
    ],
)
def test_signs_of_inferencex(tmp_path: Path, content: object, closeness: Closeness | None) -> None:
    assert inferencex.recognises(written(tmp_path, "a.json", content)) == closeness


def test_what_is_no_result_in_a_list_of_inferencex(tmp_path: Path) -> None:
    reading = inferencex.read(written(tmp_path, "a.json", [_AGG, {"input_tput_per_gpu": 1}]))
    assert len(reading.points) == 1
    assert [notice.message for notice in reading.notices] == ["object 2 is no result of InferenceX; left out."]


# What is no result at all

_LOG = "INFO: a\nERROR b\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"elapsed_time": 1, "tokens_per_second": 1}, "vllm bench throughput"), ({"elapsed_time": 1}, None),
        ({"tokens_per_second": 1}, None), ({"avg_latency": 1, "percentiles": 1}, "vllm bench latency"),
        ([{"avg_latency": 1, "percentiles": 1}], "vllm bench latency"), ([], None), ({"avg_latency": 1}, None),
        ({"a": 1, "Req Throughput": 1}, "EvalScope"),
        ({"results": [{"token_throughput_secs": 1}]}, "inference-benchmarker"),
        ({"results": [{}]}, None), ({"summary": {"tpot": 1}, "results": 1}, "llm-load-test"), ({"results": 1}, None),
        ({"summary": {"tpot": 1}}, None), ({"metrics": 1, "dimensions": 1, "summary_stats": 1}, "Google"),
        ({"metrics": 1, "dimensions": 1}, None), ("x MLPerf Results Summary", "MLPerf log summary"),
        ("a,Model MLC", "table of MLPerf"), ("Public ID,Organization", "table of MLPerf"), ("Public ID", None),
        ("Organization", None), ("Total Token Throughput per GPU,Decode GPU Count", "srt-slurm"),
        ("Total Token Throughput per GPU", None), ("Decode GPU Count", None), ("Type,Name,Request Count", "Locust"),
        (_LOG + "2025-01-01 x\n", "a log of a server"), (_LOG, None), ("# a\n|b|\n", "a text about"), ("# a\n", None),
        ("a\n|b|\n", None), ("", None),
    ],
)  # fmt: skip
def test_files_that_are_known_to_be_no_result(tmp_path: Path, content: object, said: str | None) -> None:
    document = written(tmp_path, "a.txt", content)
    assert (known_other.recognises(document) is not None) is (said is not None)
    if said:
        (notice,) = known_other.read(document).notices
        assert said in notice.message


def test_yaml_that_is_known_to_be_no_result(tmp_path: Path) -> None:
    assert known_other.recognises(written(tmp_path, "a.yaml", "avg_latency: 1\npercentiles: 2\n")) is not None
    assert known_other.recognises(written(tmp_path, "a.yaml", "avg_latency: 1\n")) is None
