"""Each law at its bound and just beyond it, worked by hand: what is still believed, said, or suspicious."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tco_xlsx.bench.points import derived_latency as derived
from tco_xlsx.bench.points import laws
from tco_xlsx.bench.points.derived_latency import EndToEnd, Flow, end_to_end, held_to_little
from tco_xlsx.bench.points.exact_rate import _half_a_digit, exact
from tco_xlsx.bench.points.laws import doubts
from tco_xlsx.bench.points.point import Latency, Point, no_zeros
from tco_xlsx.bench.points.validate import check
from tests.bench.test_sane import GOOD

BARE = Point("run.json", "vllm", rps=10)


def said(point: Point, start: str = "") -> list[tuple[str, bool]]:
    """What is said of a point, with its first words, and whether it makes the point suspicious."""
    return [(doubt.message, doubt.suspicious) for doubt in doubts(point) if doubt.message.startswith(start)]


def suspicion(point: Point, start: str = "") -> bool | None:
    """None when nothing is said, else whether it is a suspicion."""
    found = said(point, start)
    assert len(found) < 2, found
    return found[0][1] if found else None


# Latencies against each other


@pytest.mark.parametrize(("statistic", "most"), [("p50", 220), ("p90", 1100), ("p95", 2200), ("p99", 11000)])
def test_a_percentile_above_what_its_mean_allows(statistic: str, most: float) -> None:
    # Of a mean of 100 ms: 2, 10, 20 and 100 times, and a tenth for the rounding.
    assert list(laws._statistics("ttft", Latency(avg=100, **{statistic: most}))) == []
    (doubt,) = laws._statistics("ttft", Latency(avg=100, **{statistic: most * 1.001}))
    assert (doubt.suspicious, f"can be at most {most / 110:g}" in doubt.message) == (True, True)


@pytest.mark.parametrize(("statistic", "least"), [("p50", 3), ("p90", 100), ("p95", 100), ("p99", 100)])
def test_a_percentile_below_what_its_mean_allows(statistic: str, least: float) -> None:
    # Of a mean of 300 ms: a hundredth for the median, a third for the others.
    assert list(laws._statistics("ttft", Latency(avg=300, **{statistic: least}))) == []
    (doubt,) = laws._statistics("ttft", Latency(avg=300, **{statistic: least * 0.99}))
    assert (doubt.suspicious, f"ttft: {statistic} (" in doubt.message) == (True, True)


def test_percentiles_may_change_places_by_their_rounding() -> None:
    # 1,000 x 1.001 = 1,001.
    assert list(laws._statistics("ttft", Latency(p90=1000.9999999999999, p95=1000))) == []
    assert [doubt.suspicious for doubt in laws._statistics("ttft", Latency(p90=1001.5, p95=1000))] == [True]


def test_a_99th_percentile_far_above_a_median() -> None:
    assert list(laws._statistics("ttft", Latency(p50=10, p99=2000))) == []
    assert [doubt.suspicious for doubt in laws._statistics("ttft", Latency(p50=10, p99=2001))] == [False]
    assert list(laws._statistics("ttft", Latency(p99=2001))) == []
    assert list(laws._statistics("ttft", Latency(p50=10))) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ttft": Latency(avg=2)}, None),
        ({"ttft": Latency(p50=1.99)}, "a TTFT of 1.99 ms is shorter than any server answers in; are they seconds"),
        ({"ttft": Latency(p99=1.99)}, None),
        ({"latency": Latency(avg=2)}, None),
        ({"latency": Latency(avg=1.99)}, "a latency of 1.99 ms is shorter than any server answers in; are they"),
        ({"itl": Latency(avg=0.25)}, None),
        ({"itl": Latency(avg=0.2)}, "an ITL of 0.2 ms is 5,000 tokens/s to one user, faster than any server; are"),
        ({"itl": Latency(avg=0.2), "itl_kind": "chunk"}, None),
    ],
)
def test_shortest_latencies(changed: dict[str, object], message: str | None) -> None:
    found = [
        (doubt.message[: len(message or "")], doubt.suspicious) for doubt in laws._too_fast(replace(BARE, **changed))
    ]  # type: ignore[arg-type]
    assert found == ([] if message is None else [(message, True)])


@pytest.mark.parametrize(
    ("latency", "osl", "odd"),
    [(25, 100, False), (24.9, 100, True), (24.9, None, False), (0.2, 1, False), (0.2, 1.5, True), (0.2, 0.5, False)],
)
def test_a_latency_too_short_for_its_tokens(latency: float, osl: float | None, odd: bool) -> None:
    # 4,000 tokens/s to one user: 0.25 ms a token.
    found = said(replace(BARE, latency=Latency(avg=latency), osl=osl), "a latency of")
    assert [suspicious for message, suspicious in found if "output tokens is faster" in message] == [True] * odd


@pytest.mark.parametrize(
    ("ratio", "suspicious"),
    [
        (0.3, True), (0.33, True), (1 / 3, False), (0.4, False), (0.59, False), (0.61, None), (1.69, None),
        (1.71, False), (3, False), (3.1, True), (5, True),
    ],
)  # fmt: skip
def test_the_parts_of_a_latency(ratio: float, suspicious: bool | None) -> None:
    # TTFT + ITL x 100 against 900 ms.
    point = replace(BARE, ttft=Latency(avg=90), itl=Latency(avg=9 * ratio - 0.9), osl=101, latency=Latency(avg=900))
    assert suspicion(point, "TTFT + ITL x (OSL - 1) is ") is suspicious


def test_a_derived_latency_is_not_held_against_its_parts() -> None:
    point = replace(BARE, ttft=Latency(avg=90), itl=Latency(avg=90), osl=101, latency=Latency(avg=900))
    assert suspicion(point, "TTFT + ITL x (OSL - 1) is ") is True
    assert suspicion(replace(point, latency_derived=True), "TTFT + ITL x (OSL - 1) is ") is None


@pytest.mark.parametrize(("ttft", "odd"), [(1700, None), (1701, True)])
def test_a_ttft_at_seven_tenths_above_the_latency(ttft: float, odd: bool | None) -> None:
    assert suspicion(replace(BARE, ttft=Latency(avg=ttft), latency=Latency(avg=1000)), "the TTFT is") is odd


@pytest.mark.parametrize("name", ["ttft", "itl"])
@pytest.mark.parametrize(("p50", "odd"), [(1683, None), (1684, True)])
def test_a_percentile_of_a_part_at_seven_tenths_above_the_whole(name: str, p50: float, odd: bool | None) -> None:
    words = "TTFT" if name == "ttft" else "ITL"
    point = replace(BARE, latency=Latency(p50=990), **{name: Latency(p50=p50)})
    assert suspicion(point, f"the p50 of the {words}") is odd


# Requests in flight


@pytest.mark.parametrize(
    ("concurrency", "suspicious"),
    [
        (10 / 1.15, None), (8.6, False), (10 / 1.5, False), (6.6, True), (10 / 0.6, None), (16.7, False), (50, False),
        (51, True),
    ],
)  # fmt: skip
def test_little_at_its_bounds(concurrency: float, suspicious: bool | None) -> None:
    # 10 requests/s of 1,000 ms are 10 in flight.
    point = replace(BARE, latency=Latency(avg=1000), concurrency=concurrency)
    assert suspicion(point, "requests/s x latency is") is suspicious


def test_without_a_rate_nothing_is_in_flight() -> None:
    ((message, suspicious),) = said(replace(BARE, rps=None, latency=Latency(avg=1000), concurrency=10))
    assert message.startswith("requests/s x latency is 0 times the concurrency")
    assert suspicious


@pytest.mark.parametrize(("completed", "odd"), [(9.7, None), (10 / 1.05, None), (9.5, True), (None, None)])
def test_more_in_flight_than_a_run_had(completed: float | None, odd: bool | None) -> None:
    point = replace(BARE, request_rate=10, latency=Latency(avg=1000), completed=completed, failed=0)
    assert suspicion(point, "requests/s x latency is 10 requests in flight") is odd


@pytest.mark.parametrize(
    ("duration", "odd"), [(1.94, None), (2 / 1.05, None), (1.9045, True), (1.9, True), (None, None)]
)
def test_a_latency_longer_than_the_run(duration: float | None, odd: bool | None) -> None:
    point = replace(BARE, request_rate=10, latency=Latency(avg=2000), duration_s=duration)
    assert suspicion(point, "the latency (2000 ms) is longer than the run") is odd


# Rates


@pytest.mark.parametrize(
    ("ratio", "suspicious"),
    [(0.49, True), (0.5, False), (0.9, False), (0.94, False), (0.96, None), (1.04, None), (1.06, False), (2, False),
     (2.1, True)],
)  # fmt: skip
def test_two_figures_for_one_rate(ratio: float, suspicious: bool | None) -> None:
    # 10 requests/s: of 100 tokens out and 300 in, and 10 completed in a second.
    for name, base in (("output_tps", 1000), ("total_tps", 4000)):
        point = replace(BARE, isl=300, osl=100, **{name: base * ratio})
        assert suspicion(point) is suspicious, name
    counted = replace(BARE, completed=100, duration_s=10 * ratio)
    assert suspicion(counted, f"requests/s are {ratio:.3g} times the completed requests") is suspicious


@pytest.mark.parametrize(
    "lacking", [{"completed": 100}, {"duration_s": 10}, {"completed": 0, "duration_s": 10}, {"osl": 100}, {"isl": 100}]
)
def test_rates_are_not_judged_by_half_of_what_they_are_made_of(lacking: dict[str, float]) -> None:
    assert said(replace(BARE, **lacking)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(("rps", "suspicious"), [(11, None), (11.5, None), (11.6, False), (15, False), (15.1, True)])
def test_more_completed_than_sent(rps: float, suspicious: bool | None) -> None:
    assert suspicion(replace(BARE, rps=rps, request_rate=10), "more requests/s were completed") is suspicious


@pytest.mark.parametrize(("rps", "said_so"), [(0.5, None), (0.49, False)])
def test_a_twentieth_of_what_was_sent(rps: float, said_so: bool | None) -> None:
    assert suspicion(replace(BARE, rps=rps, request_rate=10), "only") is said_so


# What was asked for, and what failed


@pytest.mark.parametrize("name", ["isl", "osl"])
@pytest.mark.parametrize(("measured", "odd"), [(49, False), (50, None), (200, None), (201, False)])
def test_lengths_of_half_and_twice_what_was_asked_for(name: str, measured: float, odd: bool | None) -> None:
    point = replace(BARE, **{name: measured, f"{name}_asked": 100})  # type: ignore[arg-type]
    words = f"the {name.upper()} is {measured:g}, {measured / 100:.2g} times the 100 asked for"
    assert suspicion(point, words) is odd
    assert suspicion(point) is odd
    assert said(replace(BARE, **{name: measured})) == said(replace(BARE, **{f"{name}_asked": 100})) == []  # type: ignore[arg-type]


def test_failures_are_a_share_of_what_ended() -> None:
    assert said(replace(BARE, completed=None, failed=6)) == []
    assert said(replace(BARE, completed=100, failed=None)) == []
    assert said(replace(BARE, completed=95, failed=5)) == []
    assert said(replace(BARE, completed=94, failed=6)) == [("6 of 100 requests failed (6%).", True)]


def test_a_gap_between_packets_is_said_where_there_is_one() -> None:
    chunk = replace(BARE, itl_kind="chunk", latency=Latency(avg=1000), ttft=Latency(avg=100))
    assert said(chunk) == []
    ((message, suspicious),) = said(replace(chunk, itl=Latency(p50=9)))
    assert message.startswith("the ITL is the gap between packets")
    assert not suspicious


@pytest.mark.parametrize(("itl", "faults"), [(0.05, 0), (0.06, 0), (0.049, 1), (10_000, 0), (10_001, 1)])
def test_a_time_per_token_that_nothing_can_measure(itl: float, faults: int) -> None:
    assert len(check([replace(BARE, itl=Latency(avg=itl))]).faults) == faults


@pytest.mark.parametrize(("ttft", "faults"), [(0.1, 0), (0.09, 1), (1.8e6, 0), (1.81e6, 1)])
def test_a_ttft_that_nothing_can_measure(ttft: float, faults: int) -> None:
    assert len(check([replace(BARE, ttft=Latency(avg=ttft))]).faults) == faults


# Latencies that are derived


def test_mean_latency_by_little() -> None:
    # 8 in flight at 2 requests/s stay 4 s.
    assert (Flow(2, 8).mean_ms, Flow(2, None, 8).most_ms) == (4000, 4000)
    assert Flow(2, None, 8).mean_ms is Flow(2, 8).most_ms is None
    assert Flow(None, 8).mean_ms is Flow(None, None, 8).most_ms is None


_TTFT, _TPOT = Latency(avg=100), Latency(avg=10)


@pytest.mark.parametrize(
    ("gap", "osl", "flow", "accepted", "expected"),
    [
        (None, 11, Flow(), None, (200, derived.BY_TPOT)),
        (None, 1.5, Flow(), None, (105, derived.BY_TPOT)),
        (None, 0.5, Flow(), None, (100, derived.BY_TPOT)),  # no token after the first
        (10, 11, Flow(), None, (200, derived.BY_ITL)),
        (30, 11, Flow(), 2, (250, derived.BY_ACCEPTED)),  # two tokens a packet: 15 ms each
        (12, 11, Flow(), 1, (220, derived.BY_ITL)),  # one is none to spare
        (20, 11, Flow(), None, (200, derived.BY_TPOT)),
        (20, 11, Flow(1, most_in_flight=0.33), None, (200, derived.BY_TPOT)),  # 200 ms of 330 at most: busy enough
        (20, 11, Flow(1, most_in_flight=0.34), None, (300, derived.BY_ITL)),  # of 340 at most: half idle
        (12, 11, Flow(1, 0.25), None, (250, derived.BY_LITTLE)),
    ],
)
def test_a_latency_by_its_parts(
    gap: float | None, osl: float, flow: Flow, accepted: float | None, expected: tuple[float, str]
) -> None:
    # TTFT 100 ms, 10 ms a token.
    avg, how = expected
    found = end_to_end(Latency(), _TTFT, _TPOT, Latency(avg=gap), osl, flow, accepted)
    assert found == EndToEnd(Latency(avg=pytest.approx(avg)), True, (how,))


def test_without_a_part_no_latency_is_derived() -> None:
    for ttft, tpot, osl in ((Latency(), _TPOT, 11), (_TTFT, Latency(), 11), (_TTFT, _TPOT, None)):
        assert end_to_end(Latency(avg=0.0), ttft, tpot, Latency(avg=10), osl, Flow()) == EndToEnd(Latency())
    assert end_to_end(Latency(p99=7), _TTFT, _TPOT, Latency(), 11, Flow(2, 8)) == EndToEnd(Latency(p99=7))


@pytest.mark.parametrize(
    ("gap", "by_gap", "by_tpot", "most", "rather"),
    [
        (10, 5000, 700, 1000, False),  # gaps no longer than tokens
        (11, 1010, 700, 1000, False),
        (11, 1011, 700, 1000, True),  # above what Little's law allows
        (15, 1000, 700, 1000, False),
        (15.1, 1000, 700, 1000, True),
        (15.1, 1000, 600, 1000, True),
        (15.1, 1000, 599, 1000, False),  # two fifths idle
        (15.1, 1000, 599, None, True),
    ],
)
def test_packets_of_several_tokens(gap: float, by_gap: float, by_tpot: float, most: float | None, rather: bool) -> None:
    assert derived._by_tpot_rather(gap, 10, by_gap, by_tpot, most) is rather


def test_a_derived_mean_held_to_little() -> None:
    # 8 in flight at 2 requests/s: 4,000 ms at most.
    for kept in (4000, 4040, 6001):
        assert held_to_little(Latency(avg=kept), 2, 8) == (Latency(avg=kept), None)
    for held in (4041, 6000):
        latency, note = held_to_little(Latency(avg=held), 2, 8)
        assert latency == Latency(avg=4000)
        assert note is not None
    assert held_to_little(Latency(), 2, 8) == (Latency(), None)
    assert held_to_little(Latency(avg=5000), 2, None) == (Latency(avg=5000), None)


# Rates that were rounded


@pytest.mark.parametrize(
    ("rps", "completed", "duration", "used"),
    [
        (20.0, 20_001, 1000.0, 20.0),  # nearer than anybody sees
        (20.0, 20_003, 1000.0, 20.003),
        (20.0, 20_002.0001, 1000.0, 20.0020001),  # just beyond a ten thousandth of 20
        (8.1, 815, 100.0, 8.15),  # half a digit, whatever the last bit says
        (8.1, 815_003, 100_000.0, 8.1),  # more than half a digit
        (2.0, 5, 2.0, 2.0),  # both are as exact as the other
        (8.0, 0, 100.0, 8.0),
    ],
)
def test_which_rate_is_the_exact_one(rps: float, completed: float, duration: float, used: float) -> None:
    point, _ = exact(Point("a", "table", rps=rps, completed=completed, duration_s=duration))
    assert point.rps == pytest.approx(used, rel=1e-12)


def test_half_a_digit() -> None:
    assert [_half_a_digit(value) for value in (7.95, 0.01, 100.0, 1e16)] == pytest.approx([0.005, 0.005, 0.5, 0.5])
    assert _half_a_digit(math.inf) == 0


def test_no_zeros() -> None:
    assert no_zeros(Latency(avg=0.0, p50=1, p90=0, p95=2, p99=0.0)) == Latency(p50=1, p95=2)
    assert no_zeros(Latency(avg=0.0)) == Latency()


def test_a_good_point_has_nothing_said() -> None:
    assert said(GOOD) == []
