"""What benchmark tools print, and files of forms that are no longer written: read, or refused with the true reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency
from tests.bench.samples import FIXTURES, copied, messages, read

# vLLM's and SGLang's consoles


def test_a_console_log_of_vllm_says_its_concurrency() -> None:
    reading = read("console/vllm.log")
    first, second = reading.points
    assert (first.tool, first.model, first.concurrency, first.request_rate) == ("console", "acme/tiny-7b", 8, None)
    assert (first.completed, first.failed, first.duration_s, first.rps) == (795, 0, 100, 7.95)
    assert (first.isl, first.osl, first.output_tps, first.total_tps) == (200, 101, 802.95, 2392.95)
    assert first.ttft == Latency(avg=96, p50=94.08, p90=115.2, p99=144)
    assert first.itl == Latency(avg=8.8, p50=8.62, p99=13.2)
    assert first.latency == Latency(avg=pytest.approx(96 + 8.9 * 100))
    assert first.latency_derived
    # The second run says its concurrency only in the line before it, and measures its latency.
    assert (second.concurrency, second.line, second.index) == (16, 35, 1)
    assert second.latency == Latency(avg=1072, p99=1608)
    assert not any(point.suspicious for point in reading.points)


def test_a_console_log_of_sglang() -> None:
    (point,) = read("console/sglang.txt").points
    assert (point.engine, point.concurrency, point.rps, point.osl) == ("SGLang", 8, 7.95, 101)
    assert point.latency == Latency(avg=976, p50=956.48, p90=1171.2, p99=1464)
    assert point.itl.avg == 8.8
    assert (point.latency_derived, point.suspicious) == (False, ())


def _log(to: Path, old: str, new: str) -> Path:
    text, count = re.subn(old, new, (FIXTURES / "console/sglang.txt").read_text())
    assert count
    (to / "run.txt").write_text(text)
    return to / "run.txt"


def test_a_console_log_of_a_rate(tmp_path: Path) -> None:
    file = _log(
        tmp_path,
        r"(?<=Traffic request rate:) +inf\nMax request concurrency: +8",
        "  8.5\\nMax request concurrency:  not set",
    )
    (point,) = read(file).points
    assert (point.request_rate, point.concurrency) == (8.5, None)


def test_a_console_log_without_its_load_is_refused_with_the_reason(tmp_path: Path) -> None:
    reading = read(_log(tmp_path, r"Traffic request rate.*\nMax request concurrency.*\n", ""))
    assert reading.points == []
    assert "run.txt:2: skipped: a console log with the result of a run, which does not say its load" in messages(
        reading
    )


def test_a_console_log_that_is_cut_short_is_refused_with_the_reason(tmp_path: Path) -> None:
    reading = read(_log(tmp_path, r"Request throughput(.|\n)*", ""))
    assert reading.points == []
    assert "lacks request throughput (req/s); it may have been cut short" in messages(reading)


def test_a_rounded_rate_of_a_console_log_gives_way_to_the_count(tmp_path: Path) -> None:
    # 64 requests in 1,560.34 s are 0.0410, of which the log shows 0.04.
    file = _log(tmp_path, r"Successful requests: +795", "Successful requests: 64")
    text = file.read_text().replace("100.00\n", "1560.34\n", 1).replace("7.95\n", "0.04\n").replace("159000", "12800")
    file.write_text(text.replace("80295", "6464").replace("802.95", "4.14").replace("2392.95", "12.35"))
    (point,) = read(file).points
    assert point.rps == pytest.approx(64 / 1560.34)


def test_the_log_beside_the_result_of_its_run_counts_once(tmp_path: Path) -> None:
    copied("console/vllm.log", tmp_path)
    copied("vllm/new/vllm-infqps-concurrency8-tiny-7b-20250101-000008.json", tmp_path)
    reading = read(tmp_path)
    assert [(point.tool, point.concurrency) for point in reading.points] == [("vllm", 8), ("console", 16)]
    assert "the same run as in" in messages(reading)


# trtllm-bench


def test_what_trtllm_bench_prints_is_what_it_reports() -> None:
    (point,) = read("trtllm_bench/printed").points
    (report,) = read("trtllm_bench/streaming").points
    for name in (
        "tool",
        "tool_version",
        "model",
        "precision",
        "engine",
        "isl",
        "osl",
        "completed",
        "duration_s",
        "rps",
    ):
        assert getattr(point, name) == getattr(report, name), name
    for name in ("p50", "p90", "p95", "p99", "avg"):
        for latency in ("ttft", "itl", "latency"):
            assert getattr(getattr(point, latency), name) == pytest.approx(getattr(getattr(report, latency), name))
    assert (point.gpus_per_instance, point.gpu_type) == (8, None)
    assert point.output_tps == pytest.approx(802.95)
    assert point.suspicious == ()


def test_an_old_print_in_seconds_without_latencies_is_refused_with_the_reason(tmp_path: Path) -> None:
    text = (
        "TP Size: 1\n===\n= STATISTICS\n===\nNumber of requests: 3000\nAverage Output Length (tokens): 128.0\n"
        "Token Throughput (tokens/sec): 18886.8\nRequest Throughput (req/sec): 147.553\n"
        "Total Latency (seconds): 20.33\n"
    )
    (tmp_path / "out.txt").write_text(text)
    reading = read(tmp_path / "out.txt")
    assert reading.points == []
    assert "neither a latency nor a concurrency in the file" in messages(reading)
    # With streaming there is a latency: 20.33 s of run, 3000 / 20.33 = 147.6 requests/s.
    (tmp_path / "out.txt").write_text(f"{text}Average request latency (ms): 5000.0\n")
    (point,) = read(tmp_path / "out.txt").points
    assert (point.duration_s, point.output_tps, point.latency.avg) == (pytest.approx(20.33), 18886.8, 5000)


def test_several_prints_in_one_log_are_several_points(tmp_path: Path) -> None:
    text = (FIXTURES / "trtllm_bench/printed/run.log").read_text()
    (tmp_path / "all.log").write_text(text + text.replace("7.9500", "8.1000").replace("802.95", "818.10"))
    points = read(tmp_path / "all.log").points
    assert [(point.index, point.line, point.rps) for point in points] == [(0, 2, 7.95), (1, 70, 8.1)]


# NVIDIA's flattened table of GenAI-Perf


def test_a_flattened_table_of_genai_perf_is_in_the_unit_that_little_s_law_tells() -> None:
    reading = read("genai_perf_flattened")
    assert [point.concurrency for point in reading.points] == [8, 16]
    point = reading.points[0]
    assert (point.tool, point.model, point.gpu_type, point.gpus_per_instance, point.precision) == (
        "genai-perf",
        "acme/tiny-7b",
        "H100",
        2,
        "FP8",
    )
    assert (point.ttft.avg, point.ttft.p95, point.itl.avg, point.latency.p95) == pytest.approx((96, 124.8, 8.8, 1268.8))
    assert (point.rps, point.isl_asked, point.osl_asked, point.line) == (7.95, 200, 101, 2)
    assert "latencies are in ns: the table does not say so, Little's law does" in point.notes
    assert not any(each.suspicious for each in reading.points)


def _table(to: Path, old: str, new: str) -> Path:
    text = (FIXTURES / "genai_perf_flattened/nim_runs.csv").read_text()
    assert old in text
    (to / "runs.csv").write_text(text.replace(old, new))
    return to / "runs.csv"


def test_a_flattened_table_whose_unit_nothing_tells_is_refused_with_the_reason(tmp_path: Path) -> None:
    reading = read(_table(tmp_path, ",976000000,", ",9760,"))
    assert [point.concurrency for point in reading.points] == [16]
    assert "runs.csv:2: row left out: no column says the unit of its latencies" in messages(reading)


def test_a_flattened_table_with_dots_and_units(tmp_path: Path) -> None:
    file = _table(
        tmp_path,
        "task_inputs-model",
        "request_latency-unit,time_to_first_token-unit,inter_token_latency-unit,task_inputs-model",
    )
    lines = file.read_text().splitlines()
    heading = lines[0].replace("-", ".")
    file.write_text("\n".join([heading, *(f"ns,ns,ns,{line}" for line in lines[1:])]))
    assert read(file).points[0].latency.avg == pytest.approx(976)
    file.write_text(file.read_text().replace("ns,ns,ns", "ns,ns,fortnights"))
    assert 'the unit "fortnights" is not known' in messages(read(file))


# SGLang before the middle of 2025


def test_a_result_of_sglang_of_early_2025() -> None:
    (point,) = read("sglang/early").points
    assert (point.tool, point.concurrency, point.rps, point.completed) == ("sglang", 8, 7.95, 795)
    assert point.latency == Latency(avg=976, p50=956.48)  # ms, though no key says so
    assert (point.ttft, point.itl, point.itl_kind) == (Latency(p50=94.08), Latency(p50=8.62), "chunk")
    assert (point.isl_asked, point.osl_asked, point.osl) == (200, 101, 101)
    assert (point.latency_derived, point.suspicious) == (False, ())
