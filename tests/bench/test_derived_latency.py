"""Latencies that are derived: within the truth of the single requests, and within Little's law."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_stream import BrokenJson
from tco_xlsx.bench.files.json_values import mapping, number
from tco_xlsx.bench.points.derived_latency import Flow, end_to_end
from tco_xlsx.bench.points.point import Latency
from tco_xlsx.bench.tools import sglang, vllm
from tco_xlsx.bench.tools.client_keys import flat_latency, per
from tests.bench.samples import FIXTURES, SHARED, copied, messages, needs_samples, read

_OLD = "vllm/old/conc16_in200_out100.json"


def _vllm(to: Path, **changes: object) -> Path:
    file = copied(_OLD, to)
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    return file


@settings(max_examples=60, deadline=None)
@given(
    requests=st.lists(
        st.tuples(st.floats(20, 400), st.lists(st.floats(4, 60), min_size=1, max_size=60)), min_size=2, max_size=20
    )
)
def test_vllm_derived_latency_is_the_mean_of_the_single_requests(
    tmp_path_factory: pytest.TempPathFactory, requests: list[tuple[float, list[float]]]
) -> None:
    # Long answers that are slow look like packets of several tokens when nothing is known of the load.
    assume(fmean(chain.from_iterable(g for _, g in requests)) <= 1.5 * fmean(fmean(g) for _, g in requests))
    # One token a packet: what `vllm bench serve` writes of such requests, and what their latencies truly are.
    latencies = [ttft + sum(gaps) for ttft, gaps in requests]
    count = len(requests)
    file = _vllm(
        tmp_path_factory.mktemp("run"),
        completed=count,
        num_prompts=count,
        max_concurrency=None,
        duration=sum(latencies) / 1000,
        request_throughput=count / (sum(latencies) / 1000),
        total_output_tokens=sum(len(gaps) + 1 for _, gaps in requests),
        mean_ttft_ms=fmean(ttft for ttft, _ in requests),
        mean_tpot_ms=fmean(fmean(gaps) for _, gaps in requests),
        mean_itl_ms=fmean(chain.from_iterable(gaps for _, gaps in requests)),
    )
    (point,) = vllm.read(Document(file)).points
    assert point.latency_derived
    assert point.latency.avg == pytest.approx(fmean(latencies))


def test_short_answers_do_not_lengthen_the_derived_latency(tmp_path: Path) -> None:
    # Nine answers of two tokens that waited 400 ms for the second, one of 901 with 8 ms each: mean TPOT 360.8 ms,
    # mean ITL (9 x 400 + 900 x 8) / 909 = 11.88 ms, OSL 91.9; latency (9 x 500 + 7300) / 10 = 1180 ms.
    file = _vllm(
        tmp_path,
        completed=10,
        num_prompts=10,
        max_concurrency=10,
        duration=7.3,
        request_throughput=10 / 7.3,
        output_throughput=919 / 7.3,
        total_output_tokens=919,
        mean_ttft_ms=100.0,
        mean_tpot_ms=(9 * 400 + 8) / 10,
        mean_itl_ms=(9 * 400 + 900 * 8) / 909,
    )
    (point,) = read(file).points
    assert point.latency.avg == pytest.approx(1180)
    assert point.itl.avg == pytest.approx(360.8)  # the time per token stays what the tool calls so
    assert "the latency is derived: TTFT + ITL x (OSL - 1)" in point.notes


_TTFT, _TPOT = Latency(avg=100.0), Latency(avg=10.0)


@pytest.mark.parametrize(
    ("gap", "accepted", "expected", "by"),
    [
        (12.0, None, 100 + 12 * 100, "ITL x"),
        (25.0, None, 100 + 10 * 100, "TPOT x"),  # 2.5 tokens a packet
        (25.0, 2.5, 100 + 10 * 100, "accepted tokens"),
        (15.0, 1.0, 100 + 15 * 100, "ITL x"),  # nothing accepted beyond the one
        (None, None, 100 + 10 * 100, "TPOT x"),
    ],
)
def test_packets_of_several_tokens(gap: float | None, accepted: float | None, expected: float, by: str) -> None:
    found = end_to_end(Latency(), _TTFT, _TPOT, Latency(avg=gap), 101, Flow(), accepted)
    assert found.latency == Latency(avg=pytest.approx(expected))
    assert by in found.notes[0]


def test_little_s_law_decides_between_two_means() -> None:
    # 8 in flight at 6.9 requests/s: at most 1159 ms, which 100 + 12 x 100 exceeds and 100 + 10 x 100 does not.
    found = end_to_end(Latency(), _TTFT, _TPOT, Latency(avg=12.0), 101, Flow(6.9, most_in_flight=8))
    assert found.latency.avg == pytest.approx(1100)


def test_slow_long_answers_are_no_packets_of_several_tokens() -> None:
    # 16 in flight at 8 requests/s: up to 2000 ms. 100 + 18 x 100 keeps 0.95 of them busy, 100 + 10 x 100 only 0.55.
    found = end_to_end(Latency(), _TTFT, _TPOT, Latency(avg=18.0), 101, Flow(8.0, most_in_flight=16))
    assert found.latency.avg == pytest.approx(1900)


def test_requests_in_flight_that_were_measured_give_the_latency() -> None:
    found = end_to_end(Latency(), _TTFT, _TPOT, Latency(avg=12.0), 101, Flow(8.0, in_flight=7.2))
    assert found.latency.avg == pytest.approx(900)
    assert found.derived
    measured = end_to_end(Latency(avg=950.0), _TTFT, _TPOT, Latency(), 101, Flow(8.0, in_flight=7.2))
    assert (measured.latency.avg, measured.derived) == (950, False)


def test_a_derived_latency_longer_than_little_allows_is_held_to_it(tmp_path: Path) -> None:
    # 16 / 14.48 = 1104.97 ms; by its parts 112 + 11 x 100 = 1212 ms, 1.097 times that.
    reading = read(_vllm(tmp_path, mean_itl_ms=None, mean_tpot_ms=11.0))
    (point,) = reading.points
    assert point.latency.avg == pytest.approx(16 / 14.48 * 1000)
    assert point.suspicious == ()
    assert "the derived latency of 1212 ms is 1.1 times what concurrency / requests/s allows" in messages(reading)


def test_a_derived_latency_far_beyond_little_is_suspicious(tmp_path: Path) -> None:
    # 112 + 25 x 100 = 2612 ms is 2.36 times what 16 in flight allow: a unit may be wrong, nothing is mended.
    (point,) = read(_vllm(tmp_path, mean_itl_ms=None, mean_tpot_ms=25.0)).points
    assert point.latency.avg == pytest.approx(2612)
    assert "2.36 times the concurrency" in " ".join(point.suspicious)


def test_a_concurrency_that_only_a_note_tells_holds_a_derived_latency(tmp_path: Path) -> None:
    file = _vllm(tmp_path, mean_itl_ms=None, mean_tpot_ms=11.0, max_concurrency=None, request_rate=None)
    file.rename(tmp_path / "c16.json")
    (tmp_path / "benchmark.yaml").write_text('path: "c{concurrency}.json"\n')
    (point,) = read(tmp_path / "c16.json").points
    assert (point.concurrency, point.latency.avg) == (16, pytest.approx(16 / 14.48 * 1000))


def test_the_peak_of_requests_in_flight_holds_the_latency_of_a_rate(tmp_path: Path) -> None:
    # 20 in flight at most, 18 requests/s: 1111 ms; by its parts 112 + 11 x 100 = 1212 ms.
    file = _vllm(
        tmp_path,
        mean_itl_ms=None,
        mean_tpot_ms=11.0,
        max_concurrency=None,
        request_rate=18.5,
        request_throughput=18.0,
        output_throughput=18.0 * 101,
        total_token_throughput=18.0 * 301,
        duration=1448 / 18,
        max_concurrent_requests=20,
    )
    (point,) = read(file).points
    assert point.latency.avg == pytest.approx(20 / 18 * 1000)
    assert any("times what concurrency / requests/s allows" in note for note in point.notes)


def test_sglang_without_a_latency_has_it_by_the_requests_in_flight(tmp_path: Path) -> None:
    line = json.loads((FIXTURES / "sglang/old/run.jsonl").read_text())
    kept = {key: value for key, value in line.items() if "e2e" not in key}
    file = tmp_path / "run.jsonl"
    file.write_text(json.dumps(kept | {"concurrency": 7.0, "request_throughput": 8.0}))
    (point,) = sglang.read(Document(file)).points
    assert point.latency == Latency(avg=pytest.approx(875))
    assert point.latency_derived


@needs_samples
def test_real_derived_latencies_are_the_measured_ones() -> None:
    ratios: list[float] = []
    for file in sorted(path for folder in ("vllm", "sglang", "inferencex") for path in (SHARED / folder).rglob("*")):
        if file.suffix not in (".json", ".jsonl", ".csv"):
            continue
        try:
            results = [mapping(result) for _, result in vllm._results(Document(file), [])]
        except BrokenJson:
            continue
        for result in results:
            measured = flat_latency(result, "e2el").avg or flat_latency(result, "e2e_latency").avg
            osl = per(number(result.get("total_output_tokens")), number(result.get("completed")))
            flow = Flow(number(result.get("request_throughput")), most_in_flight=number(result.get("max_concurrency")))
            ttft, tpot, gap = (flat_latency(result, name) for name in ("ttft", "tpot", "itl"))
            derived = end_to_end(Latency(), ttft, tpot, gap, osl, flow).latency.avg
            if measured and derived:
                ratios.append(derived / measured)
    assert len(ratios) >= 32
    assert 0.995 < min(ratios) <= max(ratios) < 1.001
