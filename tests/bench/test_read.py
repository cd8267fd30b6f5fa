"""Files, folders and patterns: every file is read, or it is said why not; nothing else is ever raised."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tco_xlsx.bench.read import READERS, read_benchmarks
from tests.bench.samples import FIXTURES, SHARED, copied, messages, needs_samples, read

TRIED = ", ".join(reader.NAME for reader in READERS)

_FLAT = "aiperf/flat_v0.5/profile_export_aiperf.json"


# Paths


def test_a_file_a_folder_and_a_pattern_are_read() -> None:
    for path in (_FLAT, "aiperf/flat_v0.5", "aiperf/flat*/*aiperf.json", "aiperf/**/flat*/*.json"):
        (point,) = read(path).points
        assert point.concurrency == 8
        assert Path(point.file).samefile(FIXTURES / _FLAT)


def test_points_come_in_the_order_of_the_paths_and_then_by_name() -> None:
    points = read("table/own.csv", "aiperf/sweep_v0.13", "genai_perf/gen_b").points
    assert [(point.tool, point.concurrency) for point in points] == [
        ("table", 4),
        ("table", 64),
        ("aiperf", 2),
        ("aiperf", 4),
        ("genai-perf", 32),
    ]


def test_the_file_is_named_as_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FIXTURES / "aiperf")
    assert read_benchmarks([Path("flat_v0.5")]).points[0].file == "flat_v0.5/profile_export_aiperf.json"


def test_a_path_that_is_not_there_is_a_fault() -> None:
    reading = read("nowhere/run.json", "nowhere/*.json", _FLAT)
    assert [fault.message for fault in reading.faults] == [
        "no such file or folder; correct the path or leave it out.",
        "no file matches this pattern; correct it or leave it out.",
    ]
    assert len(reading.points) == 1


def test_a_path_that_no_file_can_have_is_a_fault() -> None:
    assert "cannot be read: a name of 5000 characters is longer than the disk can hold" in messages(
        read_benchmarks([Path("x" * 5000)])
    )


def test_no_path_at_all_is_a_fault() -> None:
    assert "no file was given" in messages(read_benchmarks([]))


def test_a_file_not_recognised_is_a_fault_by_name_and_a_notice_in_a_folder(tmp_path: Path) -> None:
    copied(_FLAT, tmp_path)
    file = tmp_path / "shopping.txt"
    file.write_text("bread, butter\n")
    message = f"not recognised: tried {TRIED}."
    assert [(fault.path, fault.message) for fault in read(file).faults] == [(str(file), message)]
    reading = read(tmp_path)
    assert reading.faults == []
    assert [str(notice) for notice in reading.notices] == [f"{file}: {message}"]


def test_the_nearest_tool_is_named_with_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text('{"schema_version": "1.0", "input_config": {"loadgen": {"concurrency": 8}}}')
    (fault,) = read(file).faults
    assert "aiperf comes closest: missing is a metric such as request_throughput." in fault.message


def test_a_file_cut_short_says_where(tmp_path: Path) -> None:
    file = copied(_FLAT, tmp_path)
    file.write_text(file.read_text()[:500])
    (fault,) = read(file).faults
    assert "not valid JSON (line " in fault.message
    assert "may have been cut short" in fault.message


def test_json_lines_of_an_unknown_tool_are_not_called_damaged(tmp_path: Path) -> None:
    file = tmp_path / "runs.jsonl"
    file.write_text('{"a": 1}\n{"a": 2}\n')
    assert [fault.message for fault in read(file).faults] == [f"not recognised: tried {TRIED}."]


def test_a_folder_without_results_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing yet")
    (fault,) = read(tmp_path).faults
    assert "no operating point found" in fault.message
    assert "notes.txt: not recognised" in fault.message


def test_hidden_files_and_side_files_are_passed_over(tmp_path: Path) -> None:
    run = copied("aiperf/flat_v0.5", tmp_path)
    for name in (
        ".aiperf_results_ready.json",
        "~$runs.xlsx",
        "profile_export_console.txt",
        "run_config.json",
    ):
        (run / name).write_text("{}")
    (run / ".ipynb_checkpoints").mkdir()
    copied(_FLAT, run / ".ipynb_checkpoints")
    reading = read(run)
    assert len(reading.points) == 1
    assert messages(reading) == ""


def test_side_files_given_by_name_are_no_fault_as_a_shell_gives_them_all() -> None:
    folder = FIXTURES / "aiperf/flat_v0.5"
    reading = read(*sorted(folder.iterdir()))
    assert len(reading.points) == 1
    assert messages(reading) == ""


def test_records_of_single_requests_are_known_by_their_content(tmp_path: Path) -> None:
    run = copied("aiperf/flat_v0.5", tmp_path)
    (run / "profile_export.jsonl").rename(run / "mine.jsonl")
    assert read(run).notices == []


def test_a_link_in_a_circle_and_a_link_to_a_file_are_read_once(tmp_path: Path) -> None:
    run = copied("aiperf/flat_v0.5", tmp_path)
    (run / "again").symlink_to(tmp_path, target_is_directory=True)
    (run / "same.json").symlink_to(run / "profile_export_aiperf.json")
    reading = read(tmp_path)
    assert len(reading.points) == 1
    assert "same.json: the same file as" in messages(reading)


def test_a_copy_under_another_name_is_counted_once(tmp_path: Path) -> None:
    copied(_FLAT, tmp_path).rename(tmp_path / "b.json")
    copied(_FLAT, tmp_path)
    reading = read(tmp_path)
    assert len(reading.points) == 1
    assert f"the same run as in {tmp_path / 'b.json'}; counted once." in messages(reading)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    file = copied(_FLAT, tmp_path)
    file.chmod(0)
    assert "cannot be read: no permission" in messages(read(file))


def test_a_pipe_does_not_hang_the_walk(tmp_path: Path) -> None:
    copied(_FLAT, tmp_path)
    os.mkfifo(tmp_path / "pipe.json")
    assert "pipe.json: is a pipe, not a file" in messages(read(tmp_path))


# Content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\1\2\3" * 50,
        b"\x89PNG\r\n\x1a\n\0\0",
        b"PK\x03\x04 not an archive",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
        b"{}",
        b"[]",
        b"null",
        b'"text"',
        b'{"records": [null, 1, {}], "input_config": 7}',
        b'{"input_config": {}, "request_throughput": {"unit": "requests/sec", "avg": {}}}',
        b'{"aggregation_type": "sweep", "per_combination_metrics": [null, {"metrics": []}]}',
        b"Metric,avg\n",
        b'Metric,avg,p99\n"Request Latency (ms)',
        b"metric,mean,std,min\n",
        b"rps,concurrency\n",
        b'rps,concurrency\n"1',
        b'rps,concurrency\n"' + b"x" * 200_000,
        b"rps\tconcurrency\n1,0\t2\n",
        b"\x81\x8d\x8f,rps\n",
    ],
)
def test_any_bytes_give_a_notice_or_a_fault(tmp_path: Path, content: bytes) -> None:
    for name in (
        "run.json",
        "run.csv",
        "profile_export_aiperf.json",
        "profile_export_genai_perf.csv",
        "run.xlsx",
    ):
        file = tmp_path / name
        file.write_bytes(content)
        reading = read(file)
        assert reading.points == []
        assert reading.faults
        read(tmp_path)


def test_not_a_number_and_infinity_in_json_are_not_measured(tmp_path: Path) -> None:
    file = copied(_FLAT, tmp_path)
    document = json.loads(file.read_text())
    document["time_to_first_token"].update(avg=float("nan"), p99=float("inf"))
    document["inter_token_latency"]["avg"] = 1e999
    file.write_text(json.dumps(document))
    (point,) = read(file).points
    assert point.ttft.avg is point.ttft.p99 is point.itl.avg is None
    assert point.ttft.p90 is not None


def test_names_that_no_workbook_can_hold_are_cleaned(tmp_path: Path) -> None:
    file = copied(_FLAT, tmp_path)
    file.write_text(file.read_text().replace('"acme/tiny-7b"', r'"acme\u0007\ud800tiny"'))
    assert read(file).points[0].model == "acme tiny"


# Real files

_KNOWN_SIDE_FILES = (
    "profile_export.jsonl",
    "profile_export_console.txt",
    "gpu_telemetry_export.jsonl",
    "run_config.json",
    "phase_manifest.json",
)


@needs_samples
def test_every_real_file_is_read_or_it_is_said_why_not() -> None:
    reading = read(SHARED)
    told = {point.file for point in reading.points}
    told |= {notice.path for notice in reading.notices} | {fault.path for fault in reading.faults}
    files = {str(path) for path in SHARED.rglob("*") if path.is_file()}
    silent = {file for file in files - told if Path(file).name not in _KNOWN_SIDE_FILES}
    assert silent == set()
    assert len(files) > 150


@needs_samples
def test_every_real_file_given_by_name_is_read_or_a_fault() -> None:
    for path in sorted(SHARED.rglob("*")):
        if path.is_file():
            reading = read(path)
            assert reading.points or reading.faults, path
