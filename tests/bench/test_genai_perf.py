"""GenAI-Perf: both generations of its JSON, and its CSV."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency
from tests.bench.samples import FIXTURES, copied, messages, read

_GEN_A = "genai_perf/gen_a_ns/acme_tiny-7b-openai-chat-concurrency10"


def test_nanoseconds_of_2024_come_out_in_ms() -> None:
    (point,) = read(f"{_GEN_A}/profile_export_genai_perf.json").points
    assert (point.ttft.avg, point.itl.avg, point.latency.avg) == pytest.approx((120, 14, 918))
    assert (point.model, point.concurrency, point.streaming) == ("acme/tiny-7b", 10, True)
    assert (point.isl, point.osl, point.isl_asked, point.osl_asked) == (210, 58, 200, 50)
    assert point.rps == pytest.approx(10.882353)
    assert point.failed is None


def test_the_nested_configuration_of_2025() -> None:
    (point,) = read("genai_perf/gen_b").points
    assert (point.model, point.concurrency, point.request_rate) == ("acme/tiny-7b", 32, None)
    assert (point.isl_asked, point.osl_asked, point.completed) == (512, 128, 320)
    assert point.latency.p99 == pytest.approx(2272 * 1.184)


def test_a_request_rate_of_2025(tmp_path: Path) -> None:
    file = copied("genai_perf/gen_b/profile_export_genai_perf.json", tmp_path)
    document = json.loads(file.read_text())
    document["input_config"]["perf_analyzer"]["stimulus"] = {"concurrency": "", "request_rate": 14.5}
    file.write_text(json.dumps(document))
    (point,) = read(file).points
    assert (point.concurrency, point.request_rate) == (None, 14.5)


def test_thousands_separators_of_the_csv() -> None:
    (point,) = read("genai_perf/csv_only").points
    assert point.isl == pytest.approx(1019.69)
    assert point.latency.avg == pytest.approx(10556)
    assert point.output_tps == pytest.approx(4717.68, rel=1e-3)
    assert point.completed == 1250


def test_the_csv_takes_load_and_model_from_its_folder() -> None:
    (point,) = read("genai_perf/csv_only").points
    assert (point.tool, point.concurrency, point.model) == ("genai-perf", 250, "acme_tiny-7b")
    assert "the load is taken from the folder's name" in point.notes
    assert "the model is taken from the folder's name" in point.notes


def test_not_available_in_the_csv_is_not_measured(tmp_path: Path) -> None:
    text = (FIXTURES / f"{_GEN_A}/profile_export_genai_perf.csv").read_text()
    folder = tmp_path / "acme_tiny-7b-openai-chat-concurrency10"
    folder.mkdir()
    lines = [
        "Time To First Token (ms),N/A,N/A,N/A,N/A,N/A,N/A,N/A" if line.startswith("Time To First") else line
        for line in text.splitlines()
    ]
    (folder / "profile_export_genai_perf.csv").write_text("\n".join(lines))
    (point,) = read(folder).points
    assert point.ttft == Latency()
    assert point.itl.avg == pytest.approx(14)


def test_a_cell_that_is_no_number_is_a_fault_with_its_place(tmp_path: Path) -> None:
    file = copied(f"{_GEN_A}/profile_export_genai_perf.csv", tmp_path)
    file.write_text(file.read_text().replace("918.00", "nine hundred"))
    (fault,) = read(file).faults
    assert (fault.line, fault.column) == (2, 2)
    assert fault.message.startswith('Request Latency, avg: "nine hundred" is not a number')


def test_of_json_and_csv_of_one_run_the_json_is_read() -> None:
    reading = read("genai_perf/gen_a_ns")
    assert [Path(point.file).suffix for point in reading.points] == [".json"]
    assert "profile_export_genai_perf.csv: skipped: the same run as the JSON beside it" in messages(reading)


def test_without_streaming_the_ttft_is_the_latency_and_is_left_out() -> None:
    (point,) = read("genai_perf/not_streaming").points
    assert point.streaming is False
    assert point.ttft == point.itl == Latency()
    assert point.latency.avg == pytest.approx(900)
    assert any(note.startswith("not streaming: the TTFT of the file") for note in point.notes)
    assert point.osl_asked is None  # -1 stands for "not asked"


def test_a_file_that_does_not_say_whether_it_streamed_is_judged_by_its_numbers(tmp_path: Path) -> None:
    file = copied("genai_perf/not_streaming/profile_export_genai_perf.json", tmp_path)
    document = json.loads(file.read_text())
    del document["input_config"]["streaming"]
    file.write_text(json.dumps(document))
    (point,) = read(file).points
    assert point.ttft == Latency()


def test_the_raw_record_of_perf_analyzer_is_skipped_with_a_notice() -> None:
    reading = read("genai_perf/raw", "genai_perf/gen_b")
    assert len(reading.points) == 1
    assert "skipped: the raw record of perf_analyzer" in messages(reading)
    assert reading.faults == []


def test_all_fixtures_are_read_without_the_files_beside_them() -> None:
    reading = read("genai_perf")
    assert sorted(point.concurrency or 0 for point in reading.points) == [4, 10, 32, 250]
    assert "inputs.json" not in messages(reading)
    assert reading.faults == []
