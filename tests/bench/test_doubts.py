"""Suspicions and oddities, sweeps that fall, copies, labels and groups of notices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tco_xlsx.bench.points import labels
from tco_xlsx.bench.points import sweep_laws as series
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Notice, Reading
from tco_xlsx.bench.points.validate import check
from tests.bench.test_sane import GOOD


def _reasons(point: Point) -> tuple[str, ...]:
    (checked,) = check([point]).points
    return checked.suspicious


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"concurrency": 6}, "requests/s x latency is 1.67 times the concurrency"),
        ({"concurrency": 60}, "requests/s x latency is 0.167 times the concurrency"),
        ({"failed": 6}, "6 of 106 requests failed (6%)."),
        ({"output_tps": 3030}, "output tokens/s are 3 times requests/s x OSL"),
        ({"total_tps": 903}, "all tokens/s are 0.3 times requests/s x (ISL + OSL)"),
        ({"completed": 10}, "requests/s are 10 times the completed requests by the duration (1)"),
        ({"ttft": Latency(avg=100, p50=99, p90=98)}, "ttft: p50 (99 ms) is above p90 (98 ms)."),
        ({"ttft": Latency(avg=100, p99=15000)}, "ttft: p99 (15000 ms) is 150 times the mean, and can be at most 100"),
        ({"ttft": Latency(avg=100, p90=20)}, "ttft: p90 (20 ms) is only 0.2 times the mean (100 ms)"),
        ({"gpus_per_instance": 8000.0}, "one instance uses 8000 GPUs"),
        ({"itl": Latency(avg=40)}, "TTFT + ITL x (OSL - 1) is 4.1 times the latency"),
        ({"itl": Latency(), "ttft": Latency(avg=2000)}, "the TTFT is 2 times the latency"),
    ],
)
def test_contradictions_make_a_point_suspicious(changed: dict[str, object], reason: str) -> None:
    (why,) = _reasons(replace(GOOD, **changed))  # type: ignore[arg-type]
    assert reason in why


@pytest.mark.parametrize(
    "changed",
    [
        {"concurrency": 8},
        {"concurrency": 20},
        {"failed": 5},
        {"output_tps": 1300},
        {"completed": 80},
        {"itl": Latency(avg=18)},
        {"isl_asked": 1000},
        {"osl_asked": 20},
        {"itl_kind": "chunk", "latency": Latency()},
    ],
)
def test_what_short_or_uneven_runs_explain_is_only_said(changed: dict[str, object]) -> None:
    sane = check([replace(GOOD, **changed)])  # type: ignore[arg-type]
    assert sane.points[0].suspicious == ()
    assert len(sane.notices) == (0 if changed == {"failed": 5} else 1)


def test_a_suspicion_is_said_with_what_follows_from_it() -> None:
    (notice,) = check([replace(GOOD, failed=6)]).notices
    assert notice.message == "concurrency 10: 6 of 106 requests failed (6%). Not costed unless it is named."


def test_a_rate_that_is_far_from_what_was_asked_is_said() -> None:
    point = replace(GOOD, concurrency=None, request_rate=1000)
    (notice,) = check([point]).notices
    assert "only 10 requests/s were completed of 1000 asked for" in notice.message
    assert "more requests/s were completed (10) than were sent (5)" in _reasons(replace(point, request_rate=5))[0]


# Sweeps


def _sweep(*rates: float, **fields: object) -> list[Point]:
    return [
        Point(f"sweep/concurrency_{1 << place}/run.json", "vllm", concurrency=1 << place, rps=rate, **fields)  # type: ignore[arg-type]
        for place, rate in enumerate(rates)
    ]


def _fallen(points: list[Point]) -> list[float | None]:
    return [point.concurrency for point in series.marked(points)[0] if point.suspicious]


def test_throughput_may_flatten_but_not_fall() -> None:
    assert _fallen(_sweep(1, 2, 2, 1.95, 1.8, 2.1, 1.7)) == [16, 64]


def test_the_order_of_the_files_does_not_matter() -> None:
    assert _fallen(_sweep(1, 2, 1.5)[::-1]) == [4]


@pytest.mark.parametrize("name", ["model", "gpu_type", "precision", "engine", "setup", "gpus_per_instance"])
def test_another_configuration_is_another_sweep(name: str) -> None:
    points = _sweep(1, 2, 1)
    points[2] = replace(points[2], **{name: 2.0 if name == "gpus_per_instance" else "other"})  # type: ignore[arg-type]
    assert _fallen(points) == []


def test_other_lengths_are_another_sweep_and_measured_ones_may_differ_a_little() -> None:
    long = [replace(point, osl=500.0) for point in _sweep(1, 2, 1)]
    assert _fallen(long) == [4]
    assert _fallen([*long[:2], replace(long[2], osl=510.0)]) == [4]
    assert _fallen([*long[:2], replace(long[2], osl=1000.0)]) == []
    assert _fallen([*long[:2], replace(long[2], isl_asked=9.0)]) == []


def test_another_folder_is_another_sweep() -> None:
    points = _sweep(1, 2, 1)
    assert _fallen([*points[:2], replace(points[2], file="other/concurrency_4/run.json")]) == []


def test_an_estimate_is_no_sweep() -> None:
    assert _fallen(_sweep(1, 2, 1, measured=False)) == []


def test_a_rate_not_to_be_believed_is_no_standard() -> None:
    points = _sweep(1, 2000, 3)
    assert _fallen([points[0], replace(points[1], suspicious=("unit",)), points[2]]) == [2]


# Labels


def test_labels_are_as_short_as_they_can_be() -> None:
    points = [
        Point("a/c1/run.json", "t"),
        Point("a/c2/run.json", "t"),
        Point("a/all.jsonl", "t", index=0),
        Point("a/all.jsonl", "t", index=2),
        Point("run.csv", "t"),
    ]
    named = labels.labelled(points)
    assert [point.label for point in named] == ["c1/run.json", "c2/run.json", "all.jsonl#1", "all.jsonl#3", "run.csv"]
    for point in named:
        assert labels.find(named, point.label) is point
        assert labels.find(named, point.full_name) is point
    assert labels.find(named, "run.json") is None


def test_a_path_that_ends_another_keeps_its_whole_length() -> None:
    names = [point.label for point in labels.labelled([Point("run.json", "t"), Point("a/run.json", "t")])]
    assert names == ["run.json", "a/run.json"]


def test_before_all_points_are_known_the_label_is_the_path() -> None:
    assert Point("a/run.json", "t", index=1).label == "a/run.json#2"


# Groups of notices


def test_notices_that_differ_in_numbers_and_places_are_one_group() -> None:
    reading = Reading(
        notices=[
            Notice("a.json", "concurrency 8: 7 of 64 requests failed (11%)."),
            Notice("x.csv", "skipped: something."),
            Notice("b.json", "point 2, concurrency 16: 9 of 70 requests failed (13%)."),
            Notice("b.json", "the same run as in /tmp/a.json; counted once."),
            Notice("c.json", "the same run as in /tmp/b.json; counted once."),
        ]
    )
    groups = reading.grouped_notices()
    assert [(group.count, group.files) for group in groups] == [(1, 1), (2, 2), (2, 2)]
    assert [str(group) for group in groups] == [
        "x.csv: skipped: something.",
        "a.json: concurrency 8: 7 of 64 requests failed (11%). (2 such notices in 2 files)",
        "b.json: the same run as in /tmp/a.json; counted once. (2 such notices in 2 files)",
    ]


# Copies


def test_a_conversion_into_another_tools_report_counts_once() -> None:
    report = replace(GOOD, file="report.yaml", tool="llm-d", gpus_per_instance=8.0, rps=GOOD.rps * (1 + 1e-9))  # type: ignore[operator]
    for points in ([GOOD, report], [report, GOOD]):
        sane = check(points)
        assert [point.file for point in sane.points] == ["report.yaml"]
        assert "run.json: the same run as in report.yaml; counted once." in [str(notice) for notice in sane.notices]


def test_a_row_far_from_any_result_is_a_point_of_its_own() -> None:
    row = Point("table.csv", "table", concurrency=10, rps=10.3, ttft=GOOD.ttft)
    assert len(check([GOOD, row]).points) == 2
    assert len(check([GOOD, replace(row, rps=10.01)]).points) == 1
    assert len(check([GOOD, replace(row, rps=10.01, file="elsewhere/table.csv")]).points) == 2
