"""A rate that a table rounds, beside what it was made of."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.bench.points.exact_rate import exact
from tco_xlsx.bench.points.point import Point
from tests.bench.samples import messages, read


def _row(to: Path, rps: str, completed: str, duration: str) -> Path:
    (to / "rows.csv").write_text(
        f"concurrency,rps,completed,duration_s,latency_avg_ms\n1,{rps},{completed},{duration},73000\n"
    )
    return to / "rows.csv"


def test_a_rounded_rate_gives_way_to_what_it_was_made_of(tmp_path: Path) -> None:
    # 30 requests in 2,201.5 s: 0.013627 requests/s, which a table of two decimals writes as 0.01.
    reading = read(_row(tmp_path, "0.01", "30", "2201.5"))
    (point,) = reading.points
    assert point.rps == pytest.approx(30 / 2201.5)
    assert point.suspicious == ()
    assert "requests/s are 30 / 2201.5 s = 0.0136271; 0.01 in the file is rounded" in messages(reading)


def test_a_contradiction_that_rounding_does_not_explain_stays_suspicious(tmp_path: Path) -> None:
    # 0.016 would be written as 0.02; 0.025 is two and a half times what the table says.
    (point,) = read(_row(tmp_path, "0.01", "32", "2000.5")).points
    assert point.rps == 0.01
    (point,) = read(_row(tmp_path, "0.01", "50", "2000.5")).points
    assert "requests/s are 0.4 times the completed requests" in " ".join(point.suspicious)


@pytest.mark.parametrize(
    ("rps", "completed", "duration", "used"),
    [
        (7.95, 795, 100.4, 7.95),  # 7.918: rounding of the rate does not explain it
        (7.9, 795, 100.5, 795 / 100.5),  # 7.9104
        (8.0, 795, 100.5, 795 / 100.5),  # a whole number
        (7.95, 795, 100.03, 795 / 100.03),  # 7.9476: within 0.005, and the duration is known to 0.005 %
        (7.95, 7952, 1000.0, 7952 / 1000),
        (7.95, 80, 10.0, 7.95),  # a duration of 10 s is less exact than the rate
        (7.951234, 795, 100.0, 7.951234),
    ],
)
def test_the_more_exact_of_the_two(rps: float, completed: float, duration: float, used: float) -> None:
    point, note = exact(Point("a", "table", rps=rps, completed=completed, duration_s=duration))
    assert point.rps == pytest.approx(used, rel=1e-12)
    assert (note is None) == (used == rps)


@given(completed=st.integers(1, 10_000), duration=st.floats(10, 10_000), digits=st.integers(1, 5))
def test_a_rounded_rate_is_never_made_worse(completed: int, duration: float, digits: int) -> None:
    true = completed / duration
    rounded = round(true, digits)
    if not rounded:
        return
    point, _ = exact(Point("a", "table", rps=rounded, completed=float(completed), duration_s=round(duration, 3)))
    assert point.rps is not None
    assert abs(point.rps - true) <= abs(rounded - true) + 1e-4 * true


def test_windows_of_guidellm_are_left_to_their_reader() -> None:
    point = Point("a", "guidellm", rps=7.9, completed=795, duration_s=100.5)
    assert exact(point) == (point, None)
