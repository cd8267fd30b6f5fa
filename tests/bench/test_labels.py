"""Names that stay when results are added beside, and the order in which points are shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tco_xlsx.bench.points import labels
from tco_xlsx.bench.points.order import in_order, natural
from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.read import read_benchmarks
from tco_xlsx.case import notices as case_notices
from tco_xlsx.case.points import figures, select
from tco_xlsx.cli import tables as show
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.load import load_scenarios

_ROW = "rps,concurrency,completed,failed,latency_avg_ms,isl,osl\n"
_SCENARIO = """
benchmark: {files: results/, facts: {gpus_per_instance: 2}, accept: %s}
workload: {peak_rps: 100, average_rps: 40, input_tokens: 100, output_tokens: 20}
server: {price: 320000, gpus: 8, life_years: 4}
hosting: {per_server_year: 20000}
"""


def _results(folder: Path, *names: str) -> None:
    """Runs of which one request in five failed, so that none counts unless it is named."""
    for number, name in enumerate(names):
        file = folder / "results" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = (f"{8 + number}.{row},{8 * row},80,20,{900 + 100 * row},100,20\n" for row in (1, 2))
        file.write_text(_ROW + "".join(rows))


def _trusted(folder: Path, *accept: str) -> list[str]:
    """The files and rows that count under these names."""
    (folder / "s.yaml").write_text(_SCENARIO % json.dumps(accept))
    (scenario,) = load_scenarios([folder / "s.yaml"], MODEL)
    points = select(scenario).points
    counting = [point for point in points if figures(point, scenario.benchmark.accept)["trusted"]]
    # What the commands compare is the label.
    assert {point.label for point in counting} == {p.label for p in points if p.label in scenario.benchmark.accept}
    return sorted(f"{point.file}#{point.index + 1}" for point in counting)


def test_a_name_stays_when_a_folder_is_added_beside(tmp_path: Path) -> None:
    _results(tmp_path, "a/c1/run.csv")
    (shown,) = (point.name for point in read_benchmarks([tmp_path / "results"]).points if point.index == 1)
    short = labels.find(read_benchmarks([tmp_path / "results"]).points, "run.csv#2")
    assert shown.endswith("results/a/c1/run.csv#2")
    assert short is not None
    for name in (shown, "results/a/c1/run.csv#2", "a/c1/run.csv#2", "run.csv#2"):
        assert _trusted(tmp_path, name) == ["results/a/c1/run.csv#2"]
    _results(tmp_path, "a/c1/run.csv", "b/c1/run.csv", "b/c2/run.csv")
    for name in (shown, "results/a/c1/run.csv#2", "a/c1/run.csv#2"):
        assert _trusted(tmp_path, name) == ["results/a/c1/run.csv#2"]
    again = [point.name for point in read_benchmarks([tmp_path / "results"]).points]
    assert shown in again


def test_a_short_name_that_may_mean_several_is_refused_not_guessed(tmp_path: Path) -> None:
    _results(tmp_path, "a/c1/run.csv", "b/c1/run.csv")
    with pytest.raises(BadInput) as caught:
        _trusted(tmp_path, "c1/run.csv#2")
    (fault,) = caught.value.faults
    assert "c1/run.csv#2: 2 points end in it (" in fault.message
    assert "a/c1/run.csv#2" in fault.message
    with pytest.raises(BadInput, match="no such point"):
        _trusted(tmp_path, "c3/run.csv")


def test_a_file_without_a_number_is_its_first_point(tmp_path: Path) -> None:
    _results(tmp_path, "run.csv")
    assert _trusted(tmp_path, "run.csv") == ["results/run.csv#1"]


def test_several_names_count_each(tmp_path: Path) -> None:
    _results(tmp_path, "a/run.csv", "b/run.csv")
    assert _trusted(tmp_path, "a/run.csv#1", "../results/b/run.csv#2") == ["results/a/run.csv#1", "results/b/run.csv#2"]


def test_names_that_are_none_are_bounded_in_what_they_cost(tmp_path: Path) -> None:
    _results(tmp_path, "a/run.csv")
    with pytest.raises(BadInput) as one:
        _trusted(tmp_path, "run.csw#1")
    assert [fault.message for fault in one.value.faults] == [
        "benchmark.accept: run.csw#1: no such point. Did you mean run.csv#1?"
    ]
    for count, more in ((1000, 0), (1001, 1)):
        with pytest.raises(BadInput) as many:
            _trusted(tmp_path, "run.csv#1", *(f"{number}.x" for number in range(count)))
        told = [fault.message for fault in many.value.faults if "more names" in fault.message]
        assert len(told) == more
        assert len(many.value.faults) == 1000 + more


def test_a_suspicion_is_told_under_the_name_that_stays(tmp_path: Path) -> None:
    _results(tmp_path, "a/run.csv")
    first, _ = case_notices.suspicions(read_benchmarks([tmp_path / "results"]).points)
    assert first.startswith(f"suspicious: {tmp_path.as_posix()}/results/a/run.csv#1: ")


# The order


def test_low_loads_come_before_high_ones() -> None:
    points = [Point(f"s/concurrency_{load}/run.json", "aiperf", concurrency=load) for load in (1, 128, 16, 2)]
    assert [point.concurrency for point in in_order(points)] == [1, 2, 16, 128]


def test_a_sweep_stays_together_whatever_its_files_are_called() -> None:
    points = [
        Point("b/run_c16.json", "vllm", concurrency=16),
        Point("a/x.jsonl", "sglang", index=0, concurrency=32),
        Point("a/x.jsonl", "sglang", index=1, concurrency=4),
        Point("b/run_c2.json", "vllm", concurrency=2),
        Point("b/run_c4.json", "vllm", concurrency=4, gpus_per_instance=8),
    ]
    assert [(p.file[0], p.concurrency) for p in in_order(points)] == [
        ("a", 4),
        ("a", 32),
        ("b", 2),
        ("b", 16),
        ("b", 4),
    ]


def test_rates_are_in_order_too() -> None:
    points = [Point(f"stage_{n}.json", "inference-perf", request_rate=rate) for n, rate in enumerate((8.0, 1.5, 10.0))]
    assert [point.request_rate for point in in_order(points)] == [1.5, 8, 10]


def test_numbers_in_names_count_as_numbers() -> None:
    assert sorted(["run16", "run2", "Run1", "run"], key=natural) == ["run", "Run1", "run2", "run16"]


def test_the_table_shows_failed_requests_and_the_rate_asked_for() -> None:
    table = show.points_table([Point("a.json", "vllm", request_rate=9.0, rps=7.95, failed=3.0)])
    cells = {str(column.header): str(next(iter(column.cells))) for column in table.columns}
    assert (cells["asked req/s"], cells["req/s"], cells["failed"], cells["conc."]) == ("9", "7.95", "3", "")
