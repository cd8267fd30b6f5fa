"""InferenceX: GPUs of every layout, two kinds of GPUs, and the raw file beside its aggregate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Point
from tests.bench.samples import FIXTURES, copied, messages, read

_AGG = "inferencex/agg/agg_tiny_tp8_conc8.json"
_APART = "inferencex/apart/agg_tiny_disagg_conc8.json"


def _point(to: Path, fixture: str, **changes: object) -> Point:
    file = copied(fixture, to)
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    (point,) = read(file).points
    return point


def test_rates_per_gpu_become_the_rate_of_the_instance() -> None:
    # 72.8333 output tokens/s for each of 12 decoding GPUs, 920 tokens an answer: 874 / 920 = 0.95 requests/s.
    (point,) = read("inferencex/apart").points
    assert point.output_tps == pytest.approx(874)
    assert point.rps == pytest.approx(0.95)
    assert point.total_tps == pytest.approx(65.3125 * 16)


@pytest.mark.parametrize(
    ("sizes", "gpus"),
    [
        ({"tp": 8, "pcp_size": 2}, 16),
        ({"tp": 8, "pcp_size": 1, "dcp_size": 4, "ep": 8}, 8),
        ({"tp": 8, "pp": 2, "pcp_size": 2}, 32),
        ({"tp": 8, "pcp": 2}, 16),
        ({"tp": 4, "pp": 1}, 4),
    ],
)
def test_gpus_of_one_node(tmp_path: Path, sizes: dict[str, object], gpus: float) -> None:
    point = _point(tmp_path, _AGG, **sizes)
    assert point.gpus_per_instance == gpus
    # 109.25 output tokens/s per GPU by the file, whatever their number.
    assert point.output_tps == pytest.approx(109.25 * gpus)


_SEVERAL = {"is_multinode": True, "disagg": False, "tp": None}


def _rates(output: float, into: float, *, decode: float, prefill: float, total: float) -> dict[str, object]:
    return {
        "tput_per_gpu": (output + into) / total,
        "output_tput_per_gpu": output / decode,
        "input_tput_per_gpu": into / prefill,
    }


@pytest.mark.parametrize(
    ("prefill", "decode", "divided_by"),
    [
        (8, 8, {"decode": 8, "prefill": 8, "total": 16}),  # the tool's way, with or without disaggregation
        (16, 0, {"decode": 16, "prefill": 16, "total": 16}),  # one pool
        (8, 8, {"decode": 16, "prefill": 16, "total": 16}),  # by all GPUs throughout
        (0, 16, {"decode": 16, "prefill": 16, "total": 16}),
    ],
)
def test_several_nodes_without_disaggregation_do_not_double_the_rate(
    tmp_path: Path, prefill: float, decode: float, divided_by: dict[str, float]
) -> None:
    # 874 output tokens/s and 190 in, whatever they are divided by in the file.
    rates = _rates(874, 190, **divided_by)
    point = _point(tmp_path, _AGG, **_SEVERAL, **rates, num_prefill_gpu=prefill, num_decode_gpu=decode)
    assert point.gpus_per_instance == 16
    assert point.output_tps == pytest.approx(874)
    assert point.rps == pytest.approx(0.95)
    assert point.suspicious == ()


def test_several_nodes_without_the_rate_of_inputs(tmp_path: Path) -> None:
    rates = _rates(874, 190, decode=8, prefill=8, total=16) | {"input_tput_per_gpu": None}
    point = _point(tmp_path, _AGG, **_SEVERAL, **rates, num_prefill_gpu=8, num_decode_gpu=8)
    assert point.output_tps == pytest.approx(874)


@pytest.mark.parametrize("lacking", [{"num_prefill_gpu": None}, {"num_decode_gpu": None, "is_multinode": False}])
def test_disaggregated_without_a_count_is_refused_not_guessed(tmp_path: Path, lacking: dict[str, object]) -> None:
    file = copied(_APART, tmp_path)
    file.write_text(json.dumps(json.loads(file.read_text()) | lacking))
    reading = read(file)
    assert reading.points == []
    assert "no requests per second in the file; point left out" in messages(reading)


def test_two_kinds_of_gpus_are_shown_as_two(tmp_path: Path) -> None:
    point = _point(tmp_path, _APART, hw="h200", prefill_hw="h200", decode_hw="b200")
    assert point.gpu_type == "h200 + b200"
    assert any("h200 for prefill, b200 for decode" in note for note in point.notes)
    same = _point(tmp_path, _APART, hw="cluster-a", prefill_hw="h200", decode_hw="h200")
    assert same.gpu_type == "h200"


@pytest.mark.parametrize(("share", "osl"), [(0.85, 0.85), (0.5, 0.9), (0.79, 0.9), (1.2, 0.9)])
def test_lengths_outside_of_what_is_drawn_are_nine_tenths(tmp_path: Path, share: float, osl: float) -> None:
    # Lengths are drawn from 0.8 to 1 times 1024; latencies that give another one are not of one token a step.
    latency = (96 + 8.8 * (share * 1024 - 1)) / 1000
    assert _point(tmp_path, _AGG, mean_e2el=latency).osl == pytest.approx(osl * 1024)


def _raw(aggregate: dict[str, object]) -> dict[str, object]:
    """The file of benchmark_serving that the aggregate is made of: 95 requests in 100 s, 920 tokens each."""
    latencies = {
        f"{key}_ms": value * 1000
        for key, value in aggregate.items()
        if isinstance(value, float) and key.split("_")[-1] in ("ttft", "tpot", "itl", "e2el")
    }
    return {
        "model_id": "acme/tiny-7b",
        "backend": "openai",
        "max_concurrency": 8,
        "request_rate": "inf",
        "duration": 100.0,
        "completed": 95,
        "num_prompts": 95,
        "total_input_tokens": 95 * 180,
        "total_output_tokens": 95 * 920,
        "request_throughput": 0.95,
        "output_throughput": 874.0,
        "total_token_throughput": 1045.0,
        **latencies,
    }


def test_the_raw_file_beside_its_aggregate_counts_once_with_the_facts_of_both(tmp_path: Path) -> None:
    aggregate = json.loads((FIXTURES / _AGG).read_text())
    (tmp_path / "agg_tiny.json").write_text(json.dumps(aggregate))
    (tmp_path / "tiny.json").write_text(json.dumps(_raw(aggregate)))
    reading = read(tmp_path)
    (point,) = reading.points
    assert (point.tool, Path(point.file).name) == ("vllm", "tiny.json")
    assert (point.rps, point.osl, point.completed) == (0.95, 920, 95)
    assert (point.gpu_type, point.gpus_per_instance, point.precision, point.gpu_source) == ("h200", 8, "fp8", "file")
    assert (point.isl_asked, point.osl_asked) == (200, 1024)
    assert "agg_tiny.json: the same run as in" in messages(reading)


def test_another_run_of_the_same_load_is_no_copy_of_an_aggregate(tmp_path: Path) -> None:
    aggregate = json.loads((FIXTURES / _AGG).read_text())
    (tmp_path / "agg_tiny.json").write_text(json.dumps(aggregate))
    (tmp_path / "tiny.json").write_text(json.dumps(_raw(aggregate) | {"mean_ttft_ms": 96.01}))
    assert len(read(tmp_path).points) == 2
