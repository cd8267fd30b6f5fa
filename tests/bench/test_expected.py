"""Every operating point that was extracted by hand from the real samples, within 0.1 %."""

from __future__ import annotations

import pytest

from tco_xlsx.bench.points.point import Point
from tests.bench.samples import SHARED, WHY_SKIPPED, expected, needs_samples, read

_TOOLS = {
    "vllm-bench": "vllm",
    "sglang": "sglang",
    "guidellm": "guidellm",
    "inference-perf": "inference-perf",
    "inferencex-agg": "inferencex",
    "inferencex-seconds-variant": "inferencex",
    "llmperf": "llmperf",
}
_COLUMNS = {
    "gpus": "gpus_per_instance",
    "concurrency": "concurrency",
    "request_rate": "request_rate",
    "completed": "completed",
    "failed": "failed",
    "rps": "rps",
    "isl": "isl",
    "osl": "osl",
    "out_tps": "output_tps",
    "ttft_mean_ms": "ttft.avg",
    "ttft_p90_ms": "ttft.p90",
    "ttft_p99_ms": "ttft.p99",
    "tpot_mean_ms": "itl.avg",
    "e2e_mean_ms": "latency.avg",
    "e2e_p99_ms": "latency.p99",
}
_ROWS = [row for tool in _TOOLS for row in expected(tool)]

_HALF = "time per token in the file is about half of what latency, TTFT and OSL give"
_NOMINAL = "lengths in the file are nominal; what the latencies give is used, 0.88 to 0.92 of it"
_ZERO = "a run without streaming: the 0 in the file is no measurement"
_WHERE_THE_FILE_IS_WRONG: dict[tuple[str, str], str] = {
    ("inference-perf", "tpot_mean_ms"): _HALF,
    ("inferencex-agg", "isl"): _NOMINAL,
    ("inferencex-agg", "osl"): _NOMINAL,
}


def _value(point: Point, name: str) -> float | None:
    value: object = point
    for part in name.split("."):
        value = getattr(value, part)
    assert value is None or isinstance(value, float)
    return value


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row["file"]) for row in _ROWS]
    or [pytest.param({}, marks=pytest.mark.skip(reason=WHY_SKIPPED))],
)
def test_real_results_give_the_numbers_extracted_by_hand(row: dict[str, str]) -> None:
    file, _, index = row["file"].partition("#")
    reading = read(SHARED / file)
    assert reading.faults == []
    point = next(point for point in reading.points if point.index == int(index or 0))
    assert point.tool == _TOOLS[row["tool"]]
    for column, name in _COLUMNS.items():
        if not row[column] or row[column] == "inf":
            continue
        number, value = float(row[column]), _value(point, name)
        why = _WHERE_THE_FILE_IS_WRONG.get((row["tool"], column))
        if why == _HALF:
            # (latency - TTFT) / (OSL - 1), and the file is said to be wrong.
            assert point.latency.avg is not None
            assert point.ttft.avg is not None
            assert point.osl is not None
            assert value == pytest.approx((point.latency.avg - point.ttft.avg) / (point.osl - 1))
            assert 0.44 < number / value < 0.52, why  # type: ignore[operator]
            assert any("the time per token in the file" in note for note in point.notes)
        elif why == _NOMINAL:
            assert getattr(point, f"{name}_asked") == number
            assert value is not None
            assert 0.88 < value / number < 0.92, why
        elif number == 0.0 and name.startswith(("ttft", "itl")):
            assert value is None, _ZERO
            assert point.streaming is False
        else:
            assert value == pytest.approx(number, rel=1e-3), name
    model = row["model"]
    if "/snapshots/" in model:
        assert point.model == "openai/gpt-oss-120b"  # out of the path of a local cache
    elif model:
        assert point.model == model


@needs_samples
def test_the_real_sweeps_that_fall_are_suspicious() -> None:
    points = read(SHARED / "vllm/dstack_gpt-oss-120b_pd_ratio_c32-128").points
    assert len(points) == 57  # 9 of the 57 rows of results.csv have a result file of their own
    falling = {point.label for point in points if any("throughput falls" in why for why in point.suspicious)}
    # One prefill and one decode server, 2048 tokens in, 128 out: 45, 54 and 21.8 requests/s.
    assert "results.csv#17" in falling
    assert len(falling) == 7


@needs_samples
def test_real_copies_count_once() -> None:
    raw = read(SHARED / "inferencex/raw_benchmark_serving")
    assert len(raw.points) == 8
    assert {point.gpus_per_instance for point in raw.points} == {16}
    assert len(read(SHARED / "guidellm").points) == 7


@needs_samples
def test_prefill_and_decode_apart_leave_the_gpus_open() -> None:
    # The file of eight decode servers lists one of them, as the file of one does.
    for point in read(SHARED / "sglang").points:
        apart = "pd_1p" in point.file
        assert point.gpus_per_instance == (None if apart else 1)


@needs_samples
def test_all_real_labels_differ() -> None:
    points = read(SHARED).points
    assert len({point.label for point in points}) == len(points) > 200


@needs_samples
def test_real_points_that_are_suspicious() -> None:
    reading = read(SHARED)
    reasons = {point.label: " ".join(point.suspicious) for point in reading.points if point.suspicious}
    assert "49 of 150 requests failed" in reasons["bedrock_70b.json"]
    assert "16 of 156 requests failed" in reasons["gl_fail/benchmarks.json"]
    assert "(Little's law)" in reasons["results.csv#4"]
    # An example in units of ms whose figures are seconds: 0.80 ms to the first token, 0.084 ms a token.
    assert "a TTFT of 0.800974 ms is shorter than any server answers in" in reasons["br_v0_1_example.yaml"]
    assert len(reasons) == 13
