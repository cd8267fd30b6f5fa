"""AIPerf: every version of its files, and no run counted twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency
from tco_xlsx.bench.points.trials import merge_trials
from tests.bench.samples import FIXTURES, SHARED, WHY_SKIPPED, copied, expected, messages, needs_samples, read

_COLUMNS = {
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

_ROWS = expected("aiperf")


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row["file"]) for row in _ROWS]
    or [pytest.param({}, marks=pytest.mark.skip(reason=WHY_SKIPPED))],
)
def test_real_runs_give_the_numbers_extracted_by_hand(row: dict[str, str]) -> None:
    reading = read(SHARED / row["file"])
    if not row["rps"]:
        assert reading.points == []
        assert "no requests per second in the file; point left out" in messages(reading)
        return
    assert reading.faults == []
    (point,) = reading.points
    assert (point.model, point.tool) == (row["model"], "aiperf")
    assert (point.tool_version or "") == row["version"]
    for column, name in _COLUMNS.items():
        value: object = point
        for part in name.split("."):
            value = getattr(value, part)
        if row[column]:
            assert value == pytest.approx(float(row[column]), rel=1e-3), name
        elif name == "failed":
            # The sheet leaves the cell empty where the file counts no failures.
            assert value in (None, 0.0)
        else:
            assert value is None, name


@needs_samples
@pytest.mark.parametrize(
    ("folder", "points", "merged"),
    [
        ("aiperf/generated_mock_v0.13.0/aiperf_sweep", 4, 4),
        ("aiperf/generated_mock_v0.13.0/aiperf_trials", 4, 2),
        ("aiperf/generated_mock_v0.13.0/aiperf_nostream_rate", 1, 1),
        ("aiperf/generated_mock_v0.13.0/errors_10pct", 1, 1),
        ("aiperf/v0.3-0.5_qwen3-0.6b_nested", 3, 3),
        ("aiperf/v0.1.x_2025-10_run1", 1, 1),
        ("aiperf/pre-release_2025-06", 0, 0),
        ("aiperf", 14, 12),
    ],
)
def test_real_folders_give_each_run_once(folder: str, points: int, merged: int) -> None:
    reading = read(SHARED / folder)
    assert len(reading.points) == points
    assert len(merge_trials(reading.points)) == merged


@needs_samples
def test_real_csv_agrees_with_the_json_beside_it() -> None:
    folder = SHARED / "aiperf/generated_mock_v0.13.0/aiperf_sweep/concurrency_16"
    (exact,) = read(folder / "profile_export_aiperf.json").points
    (rounded,) = read(folder / "profile_export_aiperf.csv").points
    assert rounded.concurrency == exact.concurrency == 16
    assert rounded.rps == pytest.approx(exact.rps, rel=1e-3)
    assert rounded.ttft.p99 == pytest.approx(exact.ttft.p99, abs=0.006)
    assert rounded.latency.avg == pytest.approx(exact.latency.avg, abs=0.006)
    assert rounded.completed == exact.completed


@needs_samples
def test_real_aggregates_stand_in_for_runs_that_are_not_there(tmp_path: Path) -> None:
    trials = SHARED / "aiperf/generated_mock_v0.13.0/aiperf_trials"
    shutil.copytree(trials / "aggregate", tmp_path / "aggregate")
    merged = merge_trials(read(trials).points)
    for folder in ("aggregate", "aggregate/sweep_aggregate"):
        points = read(tmp_path / folder).points
        assert [point.concurrency for point in points] == [2, 8]
        for point, mean in zip(points, merged, strict=True):
            assert point.rps == pytest.approx(mean.rps)
            assert point.ttft.p99 == pytest.approx(mean.ttft.p99)
            assert "mean of 2 trials, from AIPerf's aggregate" in point.notes


def test_the_flat_version_gives_load_lengths_and_statistics() -> None:
    (point,) = read("aiperf/flat_v0.5").points
    assert (point.tool, point.tool_version, point.model) == ("aiperf", "0.5.0", "acme/tiny-7b")
    assert (point.concurrency, point.request_rate, point.streaming) == (8, None, True)
    assert (point.isl, point.osl, point.isl_asked, point.osl_asked) == (200, 101, 200, 100)
    assert (point.completed, point.failed) == (80, 0)
    assert point.rps == pytest.approx(8.083333)
    assert point.latency.avg == pytest.approx(960)
    assert point.ttft.p50 < point.ttft.p90 < point.ttft.p95 < point.ttft.p99  # type: ignore[operator]


def test_the_time_per_token_is_not_the_gap_between_packets() -> None:
    (point,) = read("aiperf/flat_v0.5").points
    assert point.itl.avg == pytest.approx(9)


def test_telemetry_tells_the_gpu_type_but_never_the_gpus_per_instance() -> None:
    (point,) = read("aiperf/flat_v0.5").points
    assert point.gpu_type == "NVIDIA L40S"
    assert point.gpus_per_instance is None
    assert "telemetry saw 2 GPUs (NVIDIA L40S)" in point.notes


def test_records_by_tag_with_nulls_failures_and_a_cancelled_run() -> None:
    reading = read("aiperf/records_v0.1")
    (point,) = reading.points
    assert point.ttft.avg == pytest.approx(800)
    assert (point.completed, point.failed) == (180, 20)
    assert "the run was cancelled" in point.notes
    assert "20 of 200 requests failed (10%)" in messages(reading)


def test_records_as_a_list() -> None:
    (point,) = read("aiperf/prerelease/list.json").points
    assert (point.ttft.avg, point.itl.avg, point.latency.avg) == pytest.approx((30, 5, 525))
    assert point.osl_asked is None  # a 0 that stands for "not asked"


def test_a_file_without_a_rate_is_refused_with_its_reason() -> None:
    reading = read("aiperf/prerelease/headings.json", "aiperf/flat_v0.5")
    assert len(reading.points) == 1
    assert reading.faults == []
    assert "headings.json: no requests per second in the file; point left out." in messages(reading)


def test_a_sweep_gives_each_load_once_and_names_every_file_left_out() -> None:
    reading = read("aiperf/sweep_v0.13")
    assert [point.concurrency for point in reading.points] == [2, 4]
    assert all(Path(point.file).parent.name == f"concurrency_{point.concurrency:g}" for point in reading.points)
    said = messages(reading)
    assert said.count("warm-up, left out.") == 2
    assert said.count("skipped: a phase of the run in") == 2
    assert said.count("skipped: the same run as the JSON beside it") == 2
    assert said.count("skipped: AIPerf aggregate, read from its runs.") == 3
    assert said.count("skipped: AIPerf aggregate as CSV") == 1
    assert "run_config" not in said
    assert "phase_manifest" not in said


def test_a_phase_alone_is_read_and_a_warm_up_alone_is_not() -> None:
    phases = "aiperf/sweep_v0.13/concurrency_4/phases"
    (point,) = read(phases).points
    assert point.concurrency == 4
    reading = read(f"{phases}/warmup")
    assert reading.points == []
    assert "warm-up, left out" in messages(reading)


def test_a_warm_up_is_known_by_the_configuration_even_when_its_name_does_not_say(tmp_path: Path) -> None:
    run = copied("aiperf/sweep_v0.13/concurrency_2", tmp_path)
    file = (run / "phases/warmup").rename(run / "phases/ramp") / "profile_export_aiperf.json"
    document = json.loads(file.read_text())
    document["input_config"]["phases"][0]["name"] = "ramp"
    file.write_text(json.dumps(document))
    assert "ramp/profile_export_aiperf.json: warm-up, left out." in messages(read(run))


def test_the_csv_is_read_when_the_json_is_gone_or_broken(tmp_path: Path) -> None:
    run = copied("aiperf/sweep_v0.13/concurrency_2", tmp_path)
    shutil.rmtree(run / "phases")
    json_file = run / "profile_export_aiperf.json"
    json_file.write_text(json_file.read_text()[:700])
    reading = read(run)
    (point,) = reading.points
    assert point.file.endswith(".csv")
    assert "the load is taken from the folder's name" in point.notes
    assert "not valid JSON" in messages(reading)
    json_file.unlink()
    assert [point.file for point in read(run).points] == [point.file]


def test_a_csv_alone_takes_load_model_and_gpu_from_what_is_there() -> None:
    (point,) = read("aiperf/csv_only").points
    assert (point.concurrency, point.model) == (16, "acme_tiny-7b")
    assert point.gpu_type == "NVIDIA H100 80GB HBM3"
    assert "telemetry saw 2 GPUs (NVIDIA H100 80GB HBM3)" in point.notes
    assert (point.completed, point.failed) == (96, 4)
    assert point.rps == pytest.approx(10.36)


def test_aggregates_are_used_when_their_runs_are_not_there(tmp_path: Path) -> None:
    sweep = copied("aiperf/sweep_v0.13", tmp_path)
    runs = read(sweep).points
    for concurrency in (2, 4):
        shutil.rmtree(sweep / f"concurrency_{concurrency}")
    from_aggregates = read(sweep).points
    assert [Path(point.file).name for point in from_aggregates] == ["profile_export_aiperf_aggregate.json"] * 2
    shutil.rmtree(sweep / "aggregate")
    from_sweep = read(sweep).points
    for run, aggregate, combination in zip(runs, from_aggregates, from_sweep, strict=True):
        assert run.concurrency == aggregate.concurrency == combination.concurrency
        assert run.rps == pytest.approx(aggregate.rps) == pytest.approx(combination.rps)
        assert run.ttft == aggregate.ttft == combination.ttft
        assert run.completed == aggregate.completed == combination.completed


def test_an_aggregate_fills_in_for_the_one_run_that_is_lost(tmp_path: Path) -> None:
    sweep = copied("aiperf/sweep_v0.13", tmp_path)
    shutil.rmtree(sweep / "concurrency_4")
    points = read(sweep).points
    assert sorted((point.concurrency, Path(point.file).name) for point in points) == [
        (2, "profile_export_aiperf.json"),
        (4, "profile_export_aiperf_aggregate.json"),
    ]


def test_relative_and_absolute_paths_to_one_run_count_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES)
    relative = Path("aiperf/sweep_v0.13/concurrency_2")
    reading = read(FIXTURES / relative / "profile_export_aiperf.csv", FIXTURES / relative)
    assert len(reading.points) == 1
    from tco_xlsx.bench.read import read_benchmarks

    twice = read_benchmarks([relative, FIXTURES / relative])
    assert len(twice.points) == 1


def test_trials_are_points_of_their_own_and_may_be_averaged() -> None:
    points = read("aiperf/trials_v0.13").points
    assert [point.trial for point in points] == ["trial_0001", "trial_0002"]
    (mean,) = merge_trials(points)
    assert mean.trial is None
    assert mean.rps == pytest.approx((points[0].rps + points[1].rps) / 2)  # type: ignore[operator]
    assert mean.ttft.avg == pytest.approx(52)
    assert mean.ttft.p95 is None  # the second trial lacks it
    assert mean.notes[-1] == "mean of 2 trials"


def test_trials_of_different_loads_or_of_different_sweeps_are_not_averaged(tmp_path: Path) -> None:
    copied("aiperf/trials_v0.13", tmp_path)
    points = [*read("aiperf/trials_v0.13").points, *read("aiperf/sweep_v0.13").points, *read(tmp_path).points]
    assert len(points) == 6
    assert [len(point.notes) for point in merge_trials(points)] == [1, 0, 0, 1]


def test_without_streaming_there_is_no_ttft() -> None:
    (point,) = read("aiperf/no_streaming_v0.13").points
    assert point.streaming is False
    assert point.ttft == point.itl == Latency()
    assert (point.concurrency, point.request_rate) == (None, 20)


def test_a_cap_on_concurrency_is_not_the_load(tmp_path: Path) -> None:
    file = copied("aiperf/no_streaming_v0.13", tmp_path) / "profile_export_aiperf.json"
    document = json.loads(file.read_text())
    document["input_config"]["phases"][0]["concurrency"] = 500
    file.write_text(json.dumps(document))
    (point,) = read(file).points
    assert (point.concurrency, point.request_rate) == (None, 20)
    assert "at most 500 requests in flight at once" in point.notes


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("minutes?", 'the unit "minutes?" is not known; expected a time such as ms or ns'),
        (None, "has no unit"),
    ],
)
def test_a_unit_that_is_not_known_is_a_fault(tmp_path: Path, unit: str | None, said: str) -> None:
    file = copied("aiperf/flat_v0.5", tmp_path) / "profile_export_aiperf.json"
    document = json.loads(file.read_text())
    document["time_to_first_token"]["unit"] = unit
    file.write_text(json.dumps(document))
    reading = read(file)
    assert reading.points == []
    assert [fault.path for fault in reading.faults] == [str(file)]
    assert f"time_to_first_token: {said}" in messages(reading)


def test_a_gap_between_packets_alone_is_marked(tmp_path: Path) -> None:
    file = copied("aiperf/flat_v0.5", tmp_path) / "profile_export_aiperf.json"
    document = json.loads(file.read_text())
    document["inter_chunk_latency"] = document.pop("inter_token_latency")
    file.write_text(json.dumps(document))
    reading = read(file)
    assert reading.points[0].itl_kind == "chunk"
    assert "the ITL is the gap between packets" in messages(reading)
