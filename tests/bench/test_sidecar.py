"""What the files do not say: the scenario's values and the note beside the files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tco_xlsx.bench.notes.facts import agree
from tco_xlsx.bench.notes.sidecar import missing_gpu_count
from tco_xlsx.bench.read import Reading, read_benchmarks
from tests.bench.samples import copied, read


def _note(folder: Path, text: str) -> Path:
    (folder / "benchmark.yaml").write_text(text)
    return folder


def _faults(reading: Reading) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.message) for fault in reading.faults]


def test_a_note_beside_the_files_fills_what_they_leave_out(tmp_path: Path) -> None:
    folder = _note(copied("genai_perf/gen_b", tmp_path), "gpu_type: H100\ngpus_per_instance: 2\nprecision: FP8\n")
    reading = read(folder)
    (point,) = reading.points
    assert (point.gpu_type, point.gpus_per_instance, point.precision) == ("H100", 2, "FP8")
    assert point.notes == (f"gpu_type, gpus_per_instance, precision from {folder / 'benchmark.yaml'}",)
    assert reading.notices == []


def test_the_nearest_note_counts_up_to_the_given_path(tmp_path: Path) -> None:
    sweep = _note(copied("aiperf/sweep_v0.13", tmp_path), "gpus_per_instance: 4\n")
    _note(sweep / "concurrency_4", "gpus_per_instance: 8\n")
    assert [point.gpus_per_instance for point in read(sweep).points] == [4, 8]
    # Above the given path nothing counts: it was not given.
    assert [point.gpus_per_instance for point in read(sweep / "concurrency_2").points] == [None]
    file = sweep / "concurrency_4" / "profile_export_aiperf.json"
    assert [point.gpus_per_instance for point in read(file).points] == [8]
    pattern = sweep / "concurrency_*" / "*.json"
    assert [point.gpus_per_instance for point in read(pattern).points] == [4, 8]


def test_the_scenario_wins_over_the_note(tmp_path: Path) -> None:
    folder = _note(copied("genai_perf/gen_b", tmp_path), "gpus_per_instance: 2\nengine: vLLM\n")
    (point,) = read(folder, defaults={"gpus_per_instance": 4, "gpu_type": None}).points
    assert (point.gpus_per_instance, point.engine) == (4, "vLLM")
    assert point.notes == ("gpus_per_instance from the scenario", f"engine from {folder / 'benchmark.yaml'}")


def test_the_files_own_value_comes_first() -> None:
    (point,) = read("aiperf/flat_v0.5", defaults={"gpu_type": "L40S", "model": "tiny-7b"}).points
    assert (point.gpu_type, point.model) == ("NVIDIA L40S", "acme/tiny-7b")


def test_a_value_that_contradicts_the_file_is_a_fault(tmp_path: Path) -> None:
    folder = _note(copied("table/own.csv", tmp_path).parent, "gpus_per_instance: 8\n")
    reading = read(folder, defaults={"gpu_type": "H100"})
    assert _faults(reading) == [
        (line, 0, message)
        for line in (2, 3)
        for message in (
            'gpu_type: the file says "B200", the scenario says "H100". Correct the one that is wrong.',
            f"gpus_per_instance: the file says 4, {folder / 'benchmark.yaml'} says 8. Correct the one that is wrong.",
        )
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "gpu_type: H100\n gpus: 8\n",
            (2, 6, "not valid YAML"),
        ),
        (
            "gpu_type: H100\ngpu_per_instance: 8\n",
            (2, 1, "gpu_per_instance: no such key; known are gpu_type, gpus_per_instance, precision"),
        ),
        ("gpus_per_instance: eight\n", (1, 20, 'gpus_per_instance: "eight" is not a number above 0')),
        ("gpus_per_instance: 0\n", (1, 20, "gpus_per_instance: 0 is not a number above 0")),
        ("gpus_per_instance: true\n", (1, 20, "gpus_per_instance: True is not a number above 0")),
        ("gpus_per_instance: .inf\n", (1, 20, "gpus_per_instance: inf is not a number above 0")),
        ("precision: 8\n", (1, 12, "precision: 8 is not a text; write it in quotes")),
        ("- gpu_type: H100\n", (1, 1, "expected keys and values")),
    ],
)
def test_a_note_is_read_strictly(tmp_path: Path, text: str, fault: tuple[int, int, str]) -> None:
    folder = _note(copied("genai_perf/gen_b", tmp_path), text)
    ((line, column, message),) = _faults(read(folder))
    assert (line, column) == fault[:2]
    assert fault[2] in message


def test_a_misspelt_key_gets_a_hint(tmp_path: Path) -> None:
    folder = _note(copied("genai_perf/gen_b", tmp_path), "gpu_per_instance: 8\n")
    assert "Did you mean gpus_per_instance?" in _faults(read(folder))[0][2]


def test_an_empty_note_says_nothing(tmp_path: Path) -> None:
    folder = _note(copied("genai_perf/gen_b", tmp_path), "# gpus_per_instance: 8\n")
    assert read(folder).faults == []


def test_values_of_the_scenario_are_checked_too() -> None:
    reading = read_benchmarks([], defaults={"gpus": 8, "gpus_per_instance": "8", "engine": "vLLM"})
    said = [fault.message for fault in reading.faults if fault.path == "scenario"]
    assert [message.partition(";")[0] for message in said] == [
        "gpus: no such key",
        'gpus_per_instance: "8" is not a number above 0',
    ]


@pytest.mark.parametrize(
    ("key", "one", "other", "same"),
    [
        ("gpu_type", "NVIDIA H100 80GB HBM3", "H100-SXM", True),
        ("gpu_type", "H100_80GB", "NVIDIA H100 80GB HBM3", True),
        ("gpu_type", "A100-SXM4-80GB", "A100 40 GB", False),
        ("gpu_type", "H100", "H200", False),
        ("gpu_type", "L40", "L40S", False),
        ("gpu_type", "B200", "GB200", False),
        ("gpu_type", "NVIDIA RTX 6000 Ada Generation", "RTX 6000", True),
        ("gpu_type", "AMD Instinct MI300X OAM", "MI300X", True),
        ("gpu_type", "Gaudi", "Gaudi HL", True),
        ("gpu_type", "Gaudi", "Trainium", False),
        ("model", "meta-llama/Llama-3.1-8B-Instruct", "Llama-3.1-8B-Instruct", True),
        ("model", "meta-llama/Llama-3.1-8B-Instruct", "Llama-3.1-70B-Instruct", False),
        ("precision", "bfloat16", "BF16", True),
        ("precision", "FP8", "FP4", False),
        ("engine", "TensorRT-LLM", "TRT-LLM", True),
        ("engine", "vLLM", "SGLang", False),
        ("gpus_per_instance", 8.0, 8.0, True),
        ("gpus_per_instance", 8.0, 4.0, False),
    ],
)
def test_which_values_can_both_be_true(key: str, one: str | float, other: str | float, same: bool) -> None:
    assert agree(key, one, other) is same
    assert agree(key, other, one) is same


def test_a_missing_gpu_count_says_what_to_write_where(tmp_path: Path) -> None:
    points = [*read("aiperf/sweep_v0.13").points, *read("table/own.csv").points]
    table = tmp_path / "t.csv"
    table.write_text("rps,concurrency\n1,2\n2,4\n")
    points += read(table).points
    told = missing_gpu_count(points)
    assert told is not None
    # Once for all files, with the line to paste and the place where it counts.
    assert told.startswith("the GPUs of one instance are not known for 4 points of 3 files (")
    assert "Write `facts: {gpus_per_instance: 8}` (with your number) below `benchmark:` in the scenario" in told
    assert "into a note beside them (" in told
    assert "concurrency_2/benchmark.yaml)" in told
    assert told.endswith(', or add a column "gpus_per_instance".')
    assert missing_gpu_count([replace(point, gpus_per_instance=8.0) for point in points]) is None
