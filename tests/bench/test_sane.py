"""What no measurement can be is refused, what is odd is said."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tco_xlsx.bench.points.laws import SHORTEST_ANSWER_MS
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.validate import LITTLE_BOUNDS, Sane, check

GOOD = Point(
    file="run.json",
    tool="aiperf",
    concurrency=10,
    isl=200,
    osl=101,
    completed=100,
    failed=0,
    duration_s=10,
    rps=10,
    output_tps=1010,
    ttft=Latency(avg=100, p50=98, p90=120, p95=130, p99=150),
    itl=Latency(avg=9, p50=9, p90=9.5, p95=9.6, p99=9.9),
    latency=Latency(avg=1000, p50=990, p90=1100, p95=1150, p99=1200),
)


def _said(sane: Sane) -> str:
    return "\n".join([*(notice.message for notice in sane.notices), *(fault.message for fault in sane.faults)])


def test_a_good_point_is_handed_on_as_it_is() -> None:
    assert check([GOOD]) == Sane([GOOD], [], [])


def test_a_zero_is_not_a_measurement() -> None:
    point = replace(GOOD, ttft=Latency(), itl=Latency(avg=0.0), output_tps=0.0, osl=0.0, concurrency=0.0)
    (left,) = check([point]).points
    assert left.itl == Latency()
    assert left.output_tps is left.osl is left.concurrency is None
    assert left.failed == 0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_not_a_measurement(value: float) -> None:
    (left,) = check([replace(GOOD, duration_s=value, ttft=replace(GOOD.ttft, p99=value))]).points
    assert left.duration_s is left.ttft.p99 is None


@pytest.mark.parametrize(
    ("point", "message"),
    [
        (replace(GOOD, rps=-1.0), "rps: -1 is negative; correct the file or leave it out."),
        (
            replace(GOOD, ttft=Latency(p90=-5.0)),
            "ttft p90: -5 ms is negative; correct the file or leave it out.",
        ),
        (
            replace(GOOD, ttft=Latency(avg=0.05)),
            "ttft: 0.05 ms is outside 0.1 to 1.8e+06 ms; is the unit right?",
        ),
        (
            replace(GOOD, ttft=Latency(avg=2e6)),
            "ttft: 2e+06 ms is outside 0.1 to 1.8e+06 ms; is the unit right?",
        ),
        (
            replace(GOOD, itl=Latency(avg=0.01)),
            "itl: 0.01 ms is outside 0.05 to 10000 ms; is the unit right?",
        ),
        (
            replace(GOOD, itl=Latency(p50=20000.0)),
            "itl: 20000 ms is outside 0.05 to 10000 ms; is the unit right?",
        ),
    ],
)
def test_what_cannot_be_is_a_fault(point: Point, message: str) -> None:
    sane = check([replace(point, line=7)])
    assert sane.points == []
    assert [(fault.path, fault.line) for fault in sane.faults] == [("run.json", 7)]
    assert message in _said(sane)


@pytest.mark.parametrize(
    ("point", "message"),
    [
        (replace(GOOD, rps=None), "concurrency 10: no requests per second in the file; point left out."),
        (replace(GOOD, rps=0.0), "concurrency 10: no requests per second in the file; point left out."),
        (
            Point("run.json", "table", rps=3, request_rate=4),
            "4 requests/s: neither a latency nor a concurrency in the file; point left out.",
        ),
        (
            replace(GOOD, completed=0, failed=20, concurrency=None, request_rate=5),
            "5 requests/s: no request was completed (20 failed); point left out.",
        ),
    ],
)
def test_a_point_without_work_done_is_refused_with_its_reason(point: Point, message: str) -> None:
    sane = check([point, GOOD])
    assert sane.points == [GOOD]
    assert [notice.message for notice in sane.notices] == [message]
    assert sane.faults == []


@pytest.mark.parametrize(
    ("point", "message"),
    [
        (replace(GOOD, ttft=replace(GOOD.ttft, p90=140)), "ttft: p90 (140 ms) is above p95 (130 ms)."),
        (
            replace(GOOD, ttft=replace(GOOD.ttft, p90=None, p50=151)),
            "ttft: p50 (151 ms) is above p95 (130 ms).",
        ),
        (replace(GOOD, concurrency=8), "requests/s x latency is 1.25 times the concurrency"),
        (replace(GOOD, concurrency=20), "requests/s x latency is 0.5 times the concurrency"),
        (
            replace(GOOD, latency=Latency(), concurrency=8),
            "requests/s x latency is 1.25 times the concurrency",
        ),
        (
            replace(GOOD, latency=Latency(), itl=Latency(), concurrency=0.5),
            "requests/s x latency is 2 times the concurrency",
        ),
        (
            replace(GOOD, concurrency=None, request_rate=10, completed=5, duration_s=None),
            "is 10 requests in flight, but the run had only 5",
        ),
        (replace(GOOD, duration_s=0.5, completed=5), "the latency (1000 ms) is longer than the run (0.5 s)"),
        (replace(GOOD, output_tps=3010), "output tokens/s are 2.98 times requests/s x OSL"),
        (replace(GOOD, latency=Latency(), ttft=Latency(), output_tps=900), "output tokens/s are 0.891 times"),
        (replace(GOOD, itl=Latency(avg=18)), "TTFT + ITL x (OSL - 1) is 1.9 times the latency"),
        (replace(GOOD, failed=10), "10 of 110 requests failed (9%)."),
    ],
)
def test_what_is_odd_is_said_and_the_point_kept(point: Point, message: str) -> None:
    sane = check([point])
    assert len(sane.points) == 1
    assert [message in notice.message for notice in sane.notices] == [True]


def test_the_ttft_alone_is_no_reason_to_call_the_load_low() -> None:
    assert check([replace(GOOD, latency=Latency(), itl=Latency())]).notices == []


def test_the_same_run_twice_counts_once_and_both_files_are_named() -> None:
    copy = replace(GOOD, file="copy.json")
    other = replace(GOOD, file="other.json", ttft=replace(GOOD.ttft, avg=101))
    sane = check([GOOD, other, copy])
    assert sane.points == [GOOD, other]
    assert [str(notice) for notice in sane.notices] == ["copy.json: the same run as in run.json; counted once."]


_SIZES = st.floats(0.01, 1e6)


@settings(deadline=None)
@given(
    rps=_SIZES,
    concurrency=_SIZES,
    ratio=st.floats(*LITTLE_BOUNDS),
    wrong=st.sampled_from([1e-6, 1e-3, 1e3, 1e6]),
)
def test_a_latency_in_the_wrong_unit_never_passes_unflagged(
    rps: float, concurrency: float, ratio: float, wrong: float
) -> None:
    latency = ratio * concurrency / rps * 1000
    # Shorter ones are suspicious by themselves, whatever the law says.
    assume(latency >= SHORTEST_ANSWER_MS)
    assume(LITTLE_BOUNDS[0] <= rps * latency / 1000 / concurrency <= LITTLE_BOUNDS[1])
    point = Point("t.csv", "table", rps=rps, concurrency=concurrency, latency=Latency(avg=latency))
    assert check([point]).notices == []
    assert "is a unit wrong" in _said(check([replace(point, latency=Latency(avg=latency * wrong))]))


_ANY = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.0, -0.0, 5e-324, 1e308])
_LATENCY = st.builds(Latency, avg=_ANY, p50=_ANY, p90=_ANY, p95=_ANY, p99=_ANY)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Point,
            file=st.just("a"),
            tool=st.just("t"),
            concurrency=_ANY,
            osl=_ANY,
            completed=_ANY,
            failed=_ANY,
            duration_s=_ANY,
            rps=_ANY,
            output_tps=_ANY,
            ttft=_LATENCY,
            itl=_LATENCY,
            latency=_LATENCY,
        ),
        max_size=3,
    )
)
def test_any_numbers_give_points_notices_or_faults(points: list[Point]) -> None:
    sane = check(points)
    assert len(points) == 0 or sane.points or sane.notices or sane.faults
    for point in sane.points:
        for value in (point.rps, point.latency.avg, point.ttft.p99, point.osl):
            assert value is None or (math.isfinite(value) and value > 0)
