"""GuideLLM's rates against Little's law: runs with warm-up, with cool-down, with an early end, of one request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.bench.points.reading import Reading
from tco_xlsx.bench.tools.guidellm_rate import Run, true_rate
from tests.bench.samples import messages, read


def _report(
    to: Path,
    *,
    said: float,
    completed: int,
    duration: float,
    streams: int,
    latency_s: float,
    output_tps: float,
    osl: float = 101,
    ttft_ms: float = 96,
) -> Reading:
    def mean(value: float) -> dict[str, object]:
        return {"successful": {"mean": value, "median": value}}

    metrics = {
        "requests_per_second": mean(said),
        "output_tokens_per_second": mean(output_tps),
        "request_latency": mean(latency_s),
        "time_to_first_token_ms": mean(ttft_ms),
        "inter_token_latency_ms": mean((latency_s * 1000 - ttft_ms) / (osl - 1)),
        "prompt_token_count": mean(200),
        "output_token_count": mean(osl),
        "request_totals": {"successful": completed, "errored": 0, "incomplete": 0, "total": completed},
    }
    strategy = {"type_": "synchronous"} if streams == 1 else {"type_": "concurrent", "streams": streams}
    benchmark = {"config": {"strategy": strategy}, "metrics": metrics, "duration": duration}
    file = to / "benchmarks.json"
    file.write_text(json.dumps({"metadata": {"version": 1, "guidellm_version": "0.6.0"}, "benchmarks": [benchmark]}))
    return read(file)


def test_a_window_longer_than_the_run(tmp_path: Path) -> None:
    # 20 requests of 1 s one after another, then 7.4 s of waiting for the end: 20 / 27.4 = 0.73 by the window.
    reading = _report(
        tmp_path, said=0.73, completed=20, duration=27.4, streams=1, latency_s=1.0, output_tps=0.998 * 101
    )
    (point,) = reading.points
    assert point.rps == pytest.approx(0.998)
    assert point.suspicious == ()
    assert "point 1: requests/s are 0.998" in messages(reading)
    assert "requests/s are 0.998, output tokens/s / OSL; the report says 0.73, which is biased" in point.notes


def test_requests_counted_that_began_before_the_window(tmp_path: Path) -> None:
    # 23 ends in a window of 22 s, of which one request began in the warm-up: 1.045 times what one stream can do.
    reading = _report(
        tmp_path, said=23 / 22, completed=23, duration=22, streams=1, latency_s=1.0, output_tps=0.999 * 101
    )
    (point,) = reading.points
    assert point.rps == pytest.approx(0.999)
    assert "the report says 1.045, which is biased" in messages(reading)


def test_every_rate_above_what_the_loop_can_do(tmp_path: Path) -> None:
    reading = _report(tmp_path, said=4.18, completed=418, duration=100, streams=4, latency_s=1.0, output_tps=4.18 * 101)
    (point,) = reading.points
    assert point.rps == pytest.approx(4)
    assert "concurrency 4 / latency, which no closed loop exceeds" in " ".join(point.notes)


def test_an_early_end_of_a_few_streams(tmp_path: Path) -> None:
    # 40 requests of 2 s by 4 streams take 20 s; the report divides by the 25 s it was to last.
    reading = _report(tmp_path, said=1.6, completed=40, duration=20.1, streams=4, latency_s=2.0, output_tps=1.6 * 101)
    assert reading.points[0].rps == pytest.approx(40 / 20.1)


def test_one_stream_that_is_idle_without_a_reason_is_said(tmp_path: Path) -> None:
    reading = _report(tmp_path, said=0.73, completed=20, duration=27.4, streams=1, latency_s=1.0, output_tps=0.73 * 101)
    assert reading.points[0].rps == 0.73
    assert "requests/s are 0.73 times what one stream of such latencies does" in messages(reading)


def test_a_rate_that_keeps_the_laws_is_kept(tmp_path: Path) -> None:
    # The report counts 1.6 % fewer at the edges, as real ones do.
    reading = _report(
        tmp_path, said=72.211, completed=64, duration=0.8724, streams=16, latency_s=0.1938, output_tps=73.36 * 101
    )
    assert reading.points[0].rps == 72.211
    assert not any("biased" in note for note in reading.points[0].notes)


def test_one_request_whose_output_rate_leaves_out_the_ttft(tmp_path: Path) -> None:
    # 1 request of 2 s, 1.2 s of it to the first token: 101 / 0.8 = 126.25 tokens/s by the report, 50.5 by the run.
    reading = _report(
        tmp_path, said=0.5, completed=1, duration=2.0, streams=1, latency_s=2.0, ttft_ms=1200, output_tps=101 / 0.8
    )
    (point,) = reading.points
    assert (point.rps, point.output_tps, point.suspicious) == (0.5, pytest.approx(50.5), ())
    assert "output tokens/s are requests/s x OSL; the 126.2 of the report leave out the TTFT" in point.notes


def test_an_output_rate_of_another_kind_stays_suspicious(tmp_path: Path) -> None:
    reading = _report(
        tmp_path, said=0.5, completed=1, duration=2.0, streams=1, latency_s=2.0, ttft_ms=1200, output_tps=301 / 2
    )
    assert "output tokens/s are 2.98 times requests/s x OSL" in " ".join(reading.points[0].suspicious)


@given(
    said=st.floats(0.1, 100),
    completed=st.integers(1, 500),
    duration=st.floats(0.5, 300),
    tokens=st.floats(0.1, 100),
    streams=st.integers(1, 64),
    latency=st.floats(0.05, 60),
)
def test_no_closed_loop_is_given_more_than_little_allows(
    said: float, completed: int, duration: float, tokens: float, streams: int, latency: float
) -> None:
    run = Run(said, float(completed), duration, tokens * 100, 100.0, float(streams), latency, latency / 10)
    rate, _ = true_rate(run)
    assert rate is not None
    most = streams / latency
    # Beyond half as much again in every one a unit is wrong; the point is then suspicious.
    assert rate <= most * 1.01 or min(run.candidates.values()) > most * 1.5


def test_an_open_loop_takes_what_two_agree_in() -> None:
    def rate(said: float, counted: float, tokens: float) -> float | None:
        return true_rate(Run(said, counted * 10, 10.0, tokens * 100, 100.0, None, 1.0, 0.1))[0]

    assert rate(5.0, 5.2, 6.0) == 5.0
    assert rate(5.0, 6.0, 5.1) == 5.0  # counted over another window
    assert rate(5.0, 6.0, 6.1) == 6.0
    assert rate(5.0, 6.0, 7.0) == 6.0
