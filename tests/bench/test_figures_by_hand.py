"""Figures worked by hand for each reader and each bound: what a changed factor, unit or percentile would make wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tco_xlsx.bench.points import sweep_laws as series
from tco_xlsx.bench.points.laws import doubts
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.trials import merge_trials
from tco_xlsx.bench.points.validate import check
from tco_xlsx.bench.tools import aiperf
from tco_xlsx.bench.tools.metric import MS_IN, Metrics
from tco_xlsx.bench.tools.token_time import checked, defined
from tco_xlsx.case.points import select
from tco_xlsx.case.prepare import prepare_one
from tco_xlsx.case.results import compute
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.load import load_scenarios
from tests.bench.samples import copied, read
from tests.bench.test_sane import GOOD

_VLLM = "vllm/new/vllm-infqps-concurrency8-tiny-7b-20250101-000008.json"


def _changed(fixture: str, to: Path, **changes: object) -> Point:
    file = copied(fixture, to)
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    (point,) = read(file).points
    return point


def _within(content: dict[str, object], path: str, value: object) -> None:
    """Sets what stands under a path of keys."""
    *holders, last = path.split(".")
    here = content
    for key in holders:
        here = here[key]  # type: ignore[assignment]
    here[last] = value


# Units and percentiles


@pytest.mark.parametrize("unit", sorted(MS_IN))
def test_a_latency_in_every_unit(unit: str) -> None:
    of_ms = {"n": 1e6, "u": 1e3, "\u00b5": 1e3, "\u03bc": 1e3, "m": 1.0, "s": 1e-3}
    factor = of_ms["u" if unit == "microseconds" else "m" if unit in ("ms", "msec", "milliseconds") else unit[0]]
    metrics = Metrics("run.json", {"time_to_first_token": {"unit": unit, "avg": 97.6 * factor}})
    assert metrics.latency("time_to_first_token").avg == pytest.approx(97.6)
    assert Metrics("r", {"d": {"unit": unit, "avg": 100_000 * factor}}).seconds("d") == pytest.approx(100)


@pytest.mark.parametrize(
    ("unit", "value"),
    [("requests/sec", 477), ("requests/s", 477), ("requests/min", 7.95), ("requests per minute", 7.95)],
)
def test_a_rate_in_every_unit(unit: str, value: float) -> None:
    assert Metrics("r", {"rate": {"unit": unit, "avg": 477}}).per_second("rate") == pytest.approx(value)


def test_a_rate_of_genai_perf_per_minute(tmp_path: Path) -> None:
    rate = {"unit": "requests/min", "avg": 14.014085 * 60}
    point = _changed("genai_perf/gen_b/profile_export_genai_perf.json", tmp_path, request_throughput=rate)
    assert point.rps == pytest.approx(14.014085)


_LATENCY = Latency(avg=976, p50=956.48, p90=1171.2, p95=1268.8, p99=1464)


@pytest.mark.parametrize(
    "fixture",
    [
        "inference_perf/run/stage_1_lifecycle_metrics.json",
        "genai_bench/run/D200_101_text-to-text_concurrency_8_time_100s.json",
        "llmd/report_s",
        "llmd/report_ms",
        "llmd/report_v01",
        "llmperf/plain",
        "trtllm_bench/streaming",
    ],
)
def test_every_percentile_is_read_as_itself(fixture: str) -> None:
    (point,) = read(fixture).points
    for name in ("avg", "p50", "p90", "p95", "p99"):
        assert getattr(point.latency, name) == pytest.approx(getattr(_LATENCY, name)), name


def test_every_percentile_of_guidellm_is_read_as_itself_in_ms() -> None:
    # No percentile 95 between 90 and 99 by chance: 1171.2, 1268.8 and 1464 ms of seconds in the file.
    latency = read("guidellm/gen2").points[1].latency
    assert (latency.avg, latency.p90, latency.p95, latency.p99) == pytest.approx((976, 1171.2, 1268.8, 1464))


# Rates, counts and GPUs, a tool at a time


def test_aiconfigurator_rate_is_that_of_all_gpus() -> None:
    point = read("aiconfigurator/agg").points[0]
    assert (point.gpus_per_instance, point.rps, point.output_tps) == (2, 7.95, pytest.approx(802.95))


def test_inference_perf_rate_is_that_of_completion() -> None:
    point = read("inference_perf/run/stage_1_lifecycle_metrics.json").points[0]
    assert (point.rps, point.request_rate) == (7.95, 8.0)  # sent at 8.08 requests/s


def test_aiperf_aggregates_are_means_over_trials(tmp_path: Path) -> None:
    fixture = "aiperf/sweep_v0.13/aggregate/concurrency_2/profile_export_aiperf_aggregate.json"
    content = json.loads(copied(fixture, tmp_path).read_text())
    content["metrics"]["request_throughput_avg"] |= {"mean": 7.95, "max": 9}
    content["metrics"]["benchmark_duration_avg"] = {"mean": 100_000, "max": 120_000, "unit": "ms"}
    file = tmp_path / "profile_export_aiperf_aggregate.json"
    file.write_text(json.dumps(content))
    (point,) = read(file).points
    assert (point.rps, point.duration_s) == (7.95, 100)


def test_aiperf_duration_in_ms(tmp_path: Path) -> None:
    duration = {"unit": "ms", "avg": 100_000}
    point = _changed("aiperf/flat_v0.5/profile_export_aiperf.json", tmp_path, benchmark_duration=duration)
    assert point.duration_s == 100


def test_aiperf_failed_requests_by_those_that_ended() -> None:
    metrics = Metrics("r", {"completed_request_count": {"avg": 100}})
    assert aiperf._failed(metrics, 90, no_errors=False) == 10
    assert aiperf._failed(metrics, 100, no_errors=False) == 0


def test_vllm_lengths_are_per_completed_request() -> None:
    (point,) = read("vllm/some_failed").points
    # 80,295 tokens of 795 answers; 895 were asked for.
    assert (point.osl, point.failed) == (101, 100)


@pytest.mark.parametrize(
    ("sizes", "gpus"),
    [({"tp": 4, "pp": 2}, 8), ({"tp": 4, "pp": 2, "dp": 3}, 24), ({"tensor_parallel_size": 4}, 4), ({"pp": 2}, None)],
)
def test_vllm_gpus_are_a_product(tmp_path: Path, sizes: dict[str, object], gpus: float | None) -> None:
    assert _changed(_VLLM, tmp_path, **sizes).gpus_per_instance == gpus


def test_trtllm_bench_gpus_are_a_product_and_its_run_is_in_ms(tmp_path: Path) -> None:
    world = {"tp_size": 4, "pp_size": 2, "world_size": None}
    point = _changed("trtllm_bench/streaming/report.json", tmp_path, world_info=world)
    assert (point.gpus_per_instance, point.duration_s) == (8, 100)


def test_genai_bench_in_ms_by_the_run_file_itself(tmp_path: Path) -> None:
    content = json.loads(copied("genai_bench/in_ms/D200_concurrency_8.json", tmp_path).read_text())
    content["aggregated_metrics"]["metrics_time_unit"] = "ms"
    for folder in ("alone", "with_metadata"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "run.json").write_text(json.dumps(content))
    copied("genai_bench/in_ms/experiment_metadata.json", tmp_path / "with_metadata")
    for folder in ("alone", "with_metadata"):
        (point,) = read(tmp_path / folder).points
        assert (point.ttft.avg, point.latency.avg) == pytest.approx((96, 976)), folder


def test_llmperf_failed_requests_by_the_share_of_errors(tmp_path: Path) -> None:
    changes = {"results_number_errors": None, "results_num_requests_started": 1000, "results_error_rate": 0.1}
    assert _changed("llmperf/plain/tiny_200_101_summary.json", tmp_path, **changes).failed == pytest.approx(100)


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT1H", 3600), ("P1D", 86400), ("PT2M", 120), ("PT1.5S", 1.5), ("P1DT1H1M1S", 90061)]
)
def test_llmd_durations(tmp_path: Path, text: str, seconds: float) -> None:
    file = copied("llmd/report_s/benchmark_report_v0.2,_stage_0.json", tmp_path)
    content = json.loads(file.read_text())
    _within(content, "run.time.duration", text)
    file.write_text(json.dumps(content))
    assert read(file).points[0].duration_s == seconds


def test_llmd_completed_requests_are_neither_failed_nor_incomplete(tmp_path: Path) -> None:
    file = copied("llmd/report_s/benchmark_report_v0.2,_stage_0.json", tmp_path)
    content = json.loads(file.read_text())
    requests = content["results"]["request_performance"]["aggregate"]["requests"]
    requests |= {"total": 800, "failures": 3, "incomplete": 2}
    file.write_text(json.dumps(content))
    (point,) = read(file).points
    assert (point.completed, point.failed, point.incomplete) == (795, 3, 2)


# Bounds


def _said(point: Point) -> Mapping[str, bool]:
    return {doubt.message: doubt.suspicious for doubt in doubts(point)}


@pytest.mark.parametrize(
    ("ratio", "said", "suspicious"),
    [
        (0.19, True, True),
        (0.21, True, False),
        (0.59, True, False),
        (0.61, False, False),
        (1.14, False, False),
        (1.16, True, False),
        (1.49, True, False),
        (1.51, True, True),
    ],
)
def test_both_sides_of_the_bounds_of_little(ratio: float, said: bool, suspicious: bool) -> None:
    # 10 requests/s of 1 s are 10 in flight.
    found = _said(replace(GOOD, concurrency=10 / ratio))
    assert bool(found) is said
    assert any(found.values()) is suspicious


@pytest.mark.parametrize(
    ("completed", "failed", "suspicious"), [(95, 5, False), (114, 6, False), (94, 6, True), (100, 5, False)]
)
def test_one_request_in_twenty_may_fail_of_all_that_ended(completed: float, failed: float, suspicious: bool) -> None:
    point = replace(GOOD, completed=completed, failed=failed, duration_s=completed / 10)
    assert bool(_said(point)) is suspicious


def test_percentiles_out_of_proportion() -> None:
    # Of the 95th percentile at most 20 times the mean is possible, so 30 times is not.
    (said,) = _said(replace(GOOD, ttft=Latency(avg=10, p95=300)))
    assert said.startswith("ttft: p95 (300 ms) is 30 times the mean, and can be at most 20")
    (said,) = _said(replace(GOOD, ttft=Latency(p50=10, p99=3000), latency=Latency(avg=1000)))
    assert said == "ttft: p99 (3000 ms) is 300 times the median; is a unit wrong?"
    assert not _said(replace(GOOD, ttft=Latency(p50=10, p99=1900), latency=Latency(avg=1000)))


@pytest.mark.parametrize(("gpus", "odd"), [(1, False), (1 / 7, False), (0.09, True), (512, False), (513, True)])
def test_gpus_of_an_instance(gpus: float, odd: bool) -> None:
    assert bool(_said(replace(GOOD, gpus_per_instance=gpus))) is odd


@pytest.mark.parametrize(("asked", "odd"), [(199, False), (201, True)])
def test_a_twentieth_of_the_rate_asked_for(asked: float, odd: bool) -> None:
    assert bool(_said(replace(GOOD, concurrency=None, request_rate=asked))) is odd


@pytest.mark.parametrize("name", ["ttft", "itl"])
def test_no_percentile_of_a_part_is_above_that_of_the_whole(name: str) -> None:
    # 1,683 ms are 1.7 times the median latency of 990 ms.
    assert not _said(replace(GOOD, **{name: Latency(p50=1680)}))  # type: ignore[arg-type]
    (said,) = _said(replace(GOOD, **{name: Latency(p50=1690)}))  # type: ignore[arg-type]
    assert said.endswith("is 1.71 times that of the latency (990 ms); is a unit wrong?")


_FAST = "are they seconds instead of milliseconds"


@pytest.mark.parametrize(
    ("changed", "odd"),
    [
        ({"ttft": Latency(avg=0.8)}, True),
        ({"ttft": Latency(p50=0.8)}, True),
        ({"ttft": Latency(avg=1.9)}, True),
        ({"ttft": Latency(avg=2.1)}, False),
        ({"itl": Latency(avg=0.1)}, True),
        ({"itl": Latency(avg=0.24)}, True),
        ({"itl": Latency(avg=0.33)}, False),  # 3,000 tokens/s to one user
        ({"itl": Latency(avg=0.1), "itl_kind": "chunk"}, False),  # packets may come in bursts
        ({"latency": Latency(avg=1.9), "osl": 1.0}, True),
        ({"latency": Latency(avg=2.1), "osl": 1.0}, False),
    ],
)
def test_seconds_in_a_field_of_milliseconds_are_no_point(changed: dict[str, object], odd: bool) -> None:
    bare = replace(GOOD, ttft=Latency(), itl=Latency(), latency=Latency(), concurrency=None, request_rate=10, osl=None)
    (point,) = check([replace(bare, **changed)]).points  # type: ignore[arg-type]
    assert any(_FAST in why for why in point.suspicious) is odd


def test_a_report_in_seconds_counts_as_no_point(tmp_path: Path) -> None:
    # A rate, so Little's law has no concurrency to be held against: 0.8 ms to the first token, 0.1 ms a token.
    (tmp_path / "rows.csv").write_text("request_rate,rps,osl,ttft_avg_ms,itl_avg_ms\n8,7.95,200,0.8,0.1\n")
    (point,) = read(tmp_path / "rows.csv").points
    assert [_FAST in why for why in point.suspicious] == [True, True]


def test_a_rate_of_zero_is_no_rate() -> None:
    sane = check([replace(GOOD, rps=0.0)])
    assert sane.points == []
    assert "no requests per second in the file" in sane.notices[0].message


def test_the_mean_decides_whether_a_unit_can_be_right() -> None:
    # A mean TTFT of 2,000 s beside a median of 100 ms.
    sane = check([replace(GOOD, ttft=Latency(avg=2e6, p50=100))])
    assert "ttft: 2e+06 ms is outside 0.1 to 1.8e+06 ms" in sane.faults[0].message


def test_a_sweep_may_fall_by_a_twentieth() -> None:
    points = [Point(f"c{load}.json", "vllm", concurrency=load, rps=rps) for load, rps in ((1, 1.0), (2, 2.0), (4, 1.9))]
    assert not any(point.suspicious for point in series.marked(points)[0])
    points[2] = replace(points[2], rps=1.89)
    assert [bool(point.suspicious) for point in series.marked(points)[0]] == [False, False, True]


def test_what_one_trial_lacks_the_mean_lacks() -> None:
    first = replace(GOOD, trial="run=0", file="run=0.json")
    second = replace(first, trial="run=1", file="run=1.json", rps=12.0, ttft=replace(GOOD.ttft, p99=None, avg=120.0))
    (mean,) = merge_trials([first, second])
    assert (mean.rps, mean.ttft.avg, mean.ttft.p99, mean.latency.p99) == (11, 110, None, 1200)


def test_a_row_that_differs_in_two_latencies_is_another_point() -> None:
    row = Point("table.csv", "table", concurrency=10, rps=10, ttft=GOOD.ttft, itl=GOOD.itl, latency=GOOD.latency)
    assert len(check([GOOD, row]).points) == 1
    one = replace(row, itl=Latency(avg=8))
    assert len(check([GOOD, one]).points) == 1  # a table may hold the tool's own time per token
    assert len(check([GOOD, replace(one, latency=Latency(avg=930), ttft=Latency(avg=100))]).points) == 2


def test_a_time_per_token_needs_a_latency_above_the_ttft() -> None:
    assert defined(Latency(avg=100), Latency(avg=100), 11) is None
    assert defined(Latency(avg=100), Latency(avg=200), 1) is None
    assert defined(Latency(avg=100), Latency(avg=200), 11) == 10
    # Within a tenth the file's own value is kept, beyond it what the parts give.
    assert checked(Latency(avg=10.9), Latency(avg=100), Latency(avg=200), 11) == (Latency(avg=10.9), None)
    assert checked(Latency(avg=11.2), Latency(avg=100), Latency(avg=200), 11)[0] == Latency(avg=10)


# From points to the fleet


_SCENARIO = """
benchmark: {files: rows.csv, facts: {gpus_per_instance: 2, gpu_type: H100}%s}
workload: {peak_rps: 100, average_rps: 40, input_tokens: 1000, output_tokens: 200}
server: {price: 320000, gpus: 8, life_years: 4}
hosting: {per_server_year: 20000}
"""


def _scenario(folder: Path, rows: str, where: str = "") -> Path:
    (folder / "rows.csv").write_text(rows)
    (folder / "s.yaml").write_text(_SCENARIO % where)
    return folder / "s.yaml"


def test_the_rate_that_was_reached_sizes_the_fleet_not_the_one_asked_for(tmp_path: Path) -> None:
    path = _scenario(tmp_path, "isl,osl,request_rate,rps,latency_avg_ms\n1000,200,9,7.95,1000\n")
    (scenario,) = load_scenarios([path], MODEL)
    values = compute(MODEL, prepare_one(scenario, MODEL))
    told = {line.name: values.value(line) for line in MODEL.lines if line.axis is None}
    assert told["performance.instance_rps"] == 7.95
    # 100 / 7.95 = 12.58 instances of 2 GPUs: 13 on 4 servers of 8.
    assert told["fleet.servers"] == 4


@pytest.mark.parametrize(("isl", "taken"), [(1000, True), (1010, True), (1019, True), (1021, False), (1100, False)])
def test_a_filter_of_lengths_takes_what_differs_by_a_tokenizer(tmp_path: Path, isl: float, taken: bool) -> None:
    path = _scenario(tmp_path, f"isl,osl,concurrency,rps,latency_avg_ms\n{isl},200,8,8,1000\n", ", where: {isl: 1000}")
    (scenario,) = load_scenarios([path], MODEL)
    if taken:
        assert len(select(scenario).points) == 1
    else:
        with pytest.raises(BadInput, match="none of the 1 points fits"):
            select(scenario)
