"""vLLM and SGLang: every field by another figure, every sign, each count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Closeness
from tco_xlsx.bench.tools import sglang, vllm
from tests.bench.written import latency, written

_PREFIXES = ("mean", "median", "p90", "p95", "p99")


def _flat(name: str, first: float) -> dict[str, float]:
    return {f"{prefix}_{name}_ms": first + place for place, prefix in enumerate(_PREFIXES)}


# Both clients: 750 requests of 200 and 120 tokens in 100 s

_CLIENT: dict[str, object] = {
    "completed": 750, "failed": 3, "num_prompts": 760, "max_concurrency": 8, "total_input_tokens": 150_000,
    "total_output_tokens": 90_000, "request_throughput": 7.5, "output_throughput": 900, "duration": 100,
    **_flat("ttft", 100), **_flat("tpot", 10), **_flat("itl", 20),
}  # fmt: skip

# vLLM

_VLLM: dict[str, object] = {
    **_CLIENT, **_flat("e2el", 1300), "model_id": "acme", "backend": "vllm", "total_token_throughput": 2400, "tp": 4,
    "dp": 2, "gpu_type": "H100", "gpu": "other", "precision": "fp8", "isl": 210, "osl": 130, "max-num-seqs": 64,
    "label": "", "filename": "x-1p2d-y",
}  # fmt: skip


def _vllm(to: Path, content: object, name: str = "run.json") -> Point:
    (point,) = vllm.read(written(to, name, content)).points
    return point


def test_every_field_of_vllm(tmp_path: Path) -> None:
    assert _vllm(tmp_path, _VLLM, "run=1.json") == Point(
        file=str(tmp_path / "run=1.json"), tool="vllm", trial="run=1", model="acme", gpu_type="H100",
        gpus_per_instance=8,
        gpu_source="file", precision="fp8", engine="vLLM", setup="tp=4 dp=2 max-num-seqs=64 1p2d", concurrency=8,
        isl=200,
        osl=120, isl_asked=210, osl_asked=130, streaming=True, completed=750, failed=3, duration_s=100, rps=7.5,
        output_tps=900, total_tps=2400, ttft=latency(100), itl=latency(10), latency=latency(1300),
    )  # fmt: skip


def test_an_object_of_vllm_is_on_no_line(tmp_path: Path) -> None:
    assert vllm.point_of(written(tmp_path, "a.json", {}), _VLLM, 3) == vllm.point_of(
        written(tmp_path, "a.json", {}), _VLLM, 3, 0
    )


def test_a_result_of_vllm_that_says_less(tmp_path: Path) -> None:
    bare = {"request_throughput": 7.5, "completed": 750, "total_output_tokens": 90_000, "mean_itl_ms": 5, "gpu": "B200"}
    point = _vllm(tmp_path, {**bare, "gpus": 3, "num_prompts": 760}, "isl300_osl50_gpus_16.json")
    assert (point.gpu_type, point.gpus_per_instance, point.gpu_source, point.failed) == ("B200", 3, "file", 10)
    assert (point.isl_asked, point.osl_asked, point.osl, point.isl) == (300, 50, 120, None)
    assert point.streaming is point.trial is point.setup is point.engine is None
    assert (point.itl, point.itl_kind, point.load_kind) == (Latency(avg=5), "chunk", "all at once")
    named = _vllm(tmp_path, bare, "a_gpus_16_b.json")
    assert (named.gpus_per_instance, named.gpu_source) == (16, "name")
    assert "16 GPUs by the name of the file" in named.notes
    unknown = _vllm(tmp_path, {**bare, "completed": 0, "num_prompts": 5})
    assert (unknown.osl, unknown.failed, unknown.gpu_source) == (None, 5, None)
    assert _vllm(tmp_path, {**bare, "num_prompts": 740}).failed is None
    assert _vllm(tmp_path, {**bare, "num_prompts": 750}).failed == 0
    assert _vllm(tmp_path, {**bare, "completed": None, "num_prompts": 740}).failed is None
    assert _vllm(tmp_path, {**bare, "median_ttft_ms": 7}).streaming is True
    assert _vllm(tmp_path, {**bare, "mean_ttft_ms": 7}).streaming is True


def test_the_latency_that_vllm_does_not_say(tmp_path: Path) -> None:
    result = {key: value for key, value in _VLLM.items() if not key.endswith(("_e2el_ms", "_itl_ms"))}
    derived = _vllm(tmp_path, result)
    assert (derived.latency, derived.latency_derived) == (Latency(avg=1290), True)  # 100 ms and 119 x 10
    capped = _vllm(tmp_path, {**result, "request_rate": 7, "max_concurrency": 9})
    # 9 / 7.5 is 1,200 ms at most.
    assert capped.latency == Latency(avg=1200)
    assert "Little's law" in capped.notes[-1]
    peak = _vllm(tmp_path, {**result, "request_rate": 7, "max_concurrency": None, "max_concurrent_requests": 9})
    assert peak.latency == Latency(avg=1200)
    assert _vllm(tmp_path, {**result, "max_concurrency": 9}).latency == Latency(avg=1290)
    accepted = _vllm(tmp_path, {**result, "mean_itl_ms": 20, "spec_decode_acceptance_length": 4})
    assert accepted.latency == Latency(avg=695)  # 119 x 5
    chosen = _vllm(tmp_path, {**_VLLM, "request_rate": 7, "max_concurrency": 5})
    assert (chosen.latency, chosen.latency_derived) == (latency(1300), False)
    assert _vllm(tmp_path, {**_VLLM, "request_rate": 7, "max_concurrency": 8}).latency == latency(1300)


@pytest.mark.parametrize(
    ("result", "engine"),
    [
        ({"backend": "vLLM-chat"}, "vLLM"), ({"endpoint_type": "sglang"}, "SGLang"), ({"backend": "openai-chat"}, None),
        ({"backend": "tensorrt-llm"}, "TensorRT-LLM"), ({"backend": "tgi"}, "TGI"),
        ({"backend": "lmdeploy"}, "LMDeploy"),
        ({}, None), ({"backend": "openai", "endpoint_type": "vllm"}, None),
    ],
)  # fmt: skip
def test_engines_by_their_protocol(result: dict[str, object], engine: str | None) -> None:
    assert vllm._engine(result) == engine


@pytest.mark.parametrize(
    ("sizes", "gpus"),
    [
        ({"tp": 2, "pp": 3, "dp": 5}, 30), ({"tensor_parallel_size": 2, "pipeline_parallel_size": 3}, 6),
        ({"tp": 2, "data_parallel_size": 5}, 10), ({"pp": 3, "dp": 5}, None), ({}, None),
    ],
)  # fmt: skip
def test_ranks_of_vllm(sizes: dict[str, object], gpus: float | None) -> None:
    assert vllm._parallel(sizes) == gpus


def test_options_of_the_server_of_vllm(tmp_path: Path) -> None:
    document = written(tmp_path, "b-2p1d.json", {})
    result = {
        "prefill": 1,
        "decode": "",
        "other": 5,
        "a-b": None,
        "c-d": "x",
        "source_file": "1p2d",
        "filename": "3p3d",
    }
    assert vllm._setup(document, result) == "prefill=1 c-d=x 1p2d 2p1d"


def test_rows_of_vllm(tmp_path: Path) -> None:
    head = '"request_throughput",completed,total_output_tokens,mean_ttft_ms,run_number\n'
    reading = vllm.read(written(tmp_path, "a.csv", head + "1,100,10000,90,0\n2,100,10000,95,-1\n3,100,10000,99,1,x\n"))
    assert (reading.kind, [(point.line, point.index, point.rps) for point in reading.points]) == (
        "csv",
        [(2, 0, 1), (4, 2, 3)],
    )
    assert [(notice.line, notice.message) for notice in reading.notices] == [(3, "warm-up of a sweep, left out.")]


def test_objects_of_vllm(tmp_path: Path) -> None:
    reading = vllm.read(written(tmp_path, "a.json", [_VLLM, {"a": 1}]))
    assert (reading.kind, len(reading.points)) == ("summary", 1)
    assert [notice.message for notice in reading.notices] == ["object 2 is no result of vLLM; left out."]
    assert vllm.read(written(tmp_path, "b.json", _VLLM)).kind == "run"
    for name, word in (("a.failure.json", "failed"), ("a.pytorch.json", "PyTorch")):
        document = written(tmp_path, name, "x")
        assert vllm.recognises(document) == Closeness(("its name",))
        assert [word in notice.message for notice in vllm.read(document).notices] == [True]


_NEEDED = {"request_throughput": 1, "completed": 1, "total_output_tokens": 1}


@pytest.mark.parametrize(
    ("content", "closeness"),
    [
        ({**_NEEDED, "mean_e2e_latency_ms": 1}, None),
        ({**_NEEDED, "random_range_ratio": 1}, None),
        (_NEEDED, Closeness(tuple(_NEEDED), ("a latency such as mean_ttft_ms",))),
        ({"completed": 1}, None),
        ({"mean_ttft_ms": 1}, None),
        (
            {"completed": 1, "p99_itl_ms": 1},
            Closeness(("completed", "p99_itl_ms"), ("request_throughput", "total_output_tokens")),
        ),
        (
            {"completed": 1, "request_throughput": 1},
            Closeness(("request_throughput", "completed"), ("total_output_tokens", "a latency such as mean_ttft_ms")),
        ),
        ({**_NEEDED, **_flat("tpot", 1)}, Closeness((*_NEEDED, "mean_tpot_ms", "median_tpot_ms", "p90_tpot_ms"))),
        ([1, {**_NEEDED, "median_e2el_ms": 1}], Closeness((*_NEEDED, "median_e2el_ms"))),
        ("[1]", None),
        ("request_throughput,completed,total_output_tokens,p90_ttft_ms\n", Closeness(("rows of results",))),
        ("request_throughput,completed,total_output_tokens\n", None),
        ("request_throughput,completed,p90_ttft_ms\n", None),
    ],
)
def test_signs_of_vllm(tmp_path: Path, content: object, closeness: Closeness | None) -> None:
    assert vllm.recognises(written(tmp_path, "a.json", content)) == closeness


# SGLang

_SGLANG: dict[str, object] = {
    **_CLIENT, **_flat("e2e_latency", 1300), "backend": "sglang", "concurrency": 7, "total_throughput": 2400,
    "total_token_throughput": 2500, "dataset_name": "random", "random_input_len": 400, "random_output_len": 200,
    "random_range_ratio": 0.5, "tag": "1p2d",
    "server_info": {"model_path": "acme", "quantization": "fp8", "tp_size": 2, "pp_size": 2, "dp_size": 2},
}  # fmt: skip


def _sglang(to: Path, content: object) -> Point:
    (point,) = sglang.read(written(to, "run.jsonl", content)).points
    return point


def test_every_field_of_sglang(tmp_path: Path) -> None:
    assert _sglang(tmp_path, _SGLANG) == Point(
        file=str(tmp_path / "run.jsonl"), tool="sglang", model="acme", gpus_per_instance=8, gpu_source="file",
        precision="fp8", engine="SGLang", setup="1p2d", concurrency=8, isl=200, osl=120, isl_asked=300, osl_asked=150,
        streaming=True, completed=750, failed=3, duration_s=100, rps=7.5, output_tps=900, total_tps=2400,
        ttft=latency(100), itl=latency(10), latency=latency(1300),
        notes=("lengths were drawn from 0.5 to 1 times 400 in and 200 out",),
    )  # fmt: skip


def test_a_result_of_sglang_that_says_less(tmp_path: Path) -> None:
    bare = {"completed": 750, "request_throughput": 7.5, "total_output_tokens": 90_000, "total_token_throughput": 2500}
    point = _sglang(tmp_path, {**bare, "num_prompts": 760, "dataset_name": "sharegpt", "random_input_len": 400})
    assert (point.failed, point.total_tps, point.isl_asked) == (10, 2500, None)
    assert point.engine is point.gpu_source is point.streaming is point.setup is point.model is None
    assert _sglang(tmp_path, {**bare, "num_prompts": 740}).failed is None
    assert _sglang(tmp_path, {**bare, "num_prompts": 750}).failed == 0
    assert _sglang(tmp_path, {**bare, "completed": None, "num_prompts": 7}).failed is None
    assert _sglang(tmp_path, {**bare, "server_info": {"x": 1}}).engine == "SGLang"
    assert _sglang(tmp_path, {**bare, "backend": "sglang"}).engine == "SGLang"
    for key in ("mean_ttft_ms", "median_ttft_ms"):
        assert _sglang(tmp_path, {**bare, key: 7}).streaming is True
    in_flight = _sglang(tmp_path, {**bare, "concurrency": 6, "max_concurrency": 8})
    assert (in_flight.latency, in_flight.latency_derived) == (Latency(avg=800), True)  # 6 / 7.5 requests/s
    parts = {"mean_ttft_ms": 100, "mean_tpot_ms": 10, "mean_itl_ms": 20, "accept_length": 4}
    assert _sglang(tmp_path, {**bare, **parts}).latency == Latency(avg=695)
    held = {**parts, "accept_length": None, "mean_itl_ms": 12, "max_concurrency": 10}
    assert _sglang(tmp_path, {**bare, **held}).latency == Latency(avg=1290)  # not 1,528, of 1,333 at most


@pytest.mark.parametrize(
    ("result", "asked"),
    [
        ({"n": 400}, 400), ({"n": 400, "random_range_ratio": 0}, 200), ({"n": 400, "random_range_ratio": 0.5}, 300),
        ({"random_range_ratio": 0.5}, None),
    ],
)  # fmt: skip
def test_lengths_that_sglang_draws(result: dict[str, object], asked: float | None) -> None:
    assert sglang._asked(result, "n") == asked
    full = {"random_range_ratio": 0.5, "random_input_len": 4, "random_output_len": 2}
    assert len(sglang._spread(full, True)) == 1
    for changed in ({"random_range_ratio": 1}, *({name: None} for name in full)):
        assert sglang._spread({**full, **changed}, True) == ()
    assert sglang._spread(full, False) == ()


@pytest.mark.parametrize(
    ("server", "gpus"),
    [
        ({"tp_size": 2}, 2), ({"tp_size": 2, "pp_size": 3}, 6), ({"tp_size": 2, "dp_size": 3}, 6),
        ({"pp_size": 3}, None),
        ({"tp_size": 2, "dp_size": 3, "enable_dp_attention": True}, 2),
        ({"tp_size": 2, "dp_size": 3, "enable_dp_attention": 1}, 6),
        ({"internal_states": [{"tp_size": 4}, {"tp_size": 9}]}, 4), ({"prefill": [{"tp_size": 4}]}, None),
        ({"tp_size": 2, "decode": [{}]}, None),
    ],
)  # fmt: skip
def test_gpus_of_sglang(server: dict[str, object], gpus: float | None) -> None:
    assert sglang._gpus(server)[0] == gpus


def test_models_of_servers_apart() -> None:
    assert sglang._anywhere({"prefill": [{"a": 1}], "decode": [{"a": 2}, {"b": 3}]}, "a") == 1
    assert sglang._anywhere({"decode": [{"a": 2}]}, "a") == 2
    assert sglang._anywhere({"decode": [{"c": 2}, {"b": 3}]}, "b") is None


def test_results_of_early_2025(tmp_path: Path) -> None:
    old = {
        "mean_e2e_latency": 1300, "median_ttft": 100, "p99_tpot": 14, "mean_itl": 20, "completed": 750,
        "total_input": 150_000,
        "total_output": 90_000, "output_token_throughput": 900, "benchmark_duration": 100,
    }  # fmt: skip
    point = _sglang(tmp_path, old)
    assert (point.latency.avg, point.ttft, point.itl) == (1300, Latency(p50=100), Latency(p99=14))
    assert (point.rps, point.isl, point.osl, point.output_tps, point.duration_s) == (7.5, 200, 120, 900, 100)
    assert sglang._of_today({**old, "request_throughput": 7})["request_throughput"] == 7
    for lacking in ("completed", "benchmark_duration"):
        assert "request_throughput" not in sglang._of_today({**old, lacking: 0 if "b" in lacking else None})
    assert sglang._of_today({**old, "mean_e2e_latency_ms": 5}) == {**old, "mean_e2e_latency_ms": 5}


@pytest.mark.parametrize(
    ("content", "closeness"),
    [
        ({"server_info": 1, **_NEEDED}, None),
        ({"server_info": 1, "accept_length": 1}, None),
        (
            {"server_info": 1, "accept_length": 1, "mean_ttft_ms": 1},
            Closeness(("server_info", "accept_length"), ("request_throughput", "completed", "total_output_tokens")),
        ),
        (
            [{"random_range_ratio": 1, "random_input_len": 1, **_NEEDED}, 1],
            Closeness(("random_range_ratio", "random_input_len", *_NEEDED)),
        ),
        (
            {"mean_e2e_latency": 1, "accept_length": 1, "request_throughput": 1},
            Closeness(
                ("mean_e2e_latency_ms", "accept_length", "request_throughput"), ("completed", "total_output_tokens")
            ),
        ),
        ("[]", None),
    ],
)
def test_signs_of_sglang(tmp_path: Path, content: object, closeness: Closeness | None) -> None:
    assert sglang.recognises(written(tmp_path, "a.json", content)) == closeness


def test_lines_that_are_no_results_of_sglang(tmp_path: Path) -> None:
    document = written(
        tmp_path, "a.jsonl", '{"completed": 1}\n{"request_throughput": 1}\n{"completed": 1, "request_throughput": 1}\n{'
    )
    reading = sglang.read(document)
    assert [point.index for point in reading.points] == [2]
    assert [notice.message.partition(":")[0] for notice in reading.notices] == [
        "object 1 is no result of SGLang; left out.",
        "object 2 is no result of SGLang; left out.",
        "after 1 results the file is damaged",
    ]
