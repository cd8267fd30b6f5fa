"""Rules and paths of the note beside the files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.bench.notes.path_pattern import BadPattern, parsed
from tco_xlsx.bench.read import Reading, read_benchmarks
from tests.bench.samples import copied, messages, read


def _folder(to: Path, note: str, *places: str) -> Path:
    """Runs of concurrency 4, 8, ... below folders of these names, with a note above them."""
    for place, name in enumerate(places):
        (to / name).mkdir(parents=True, exist_ok=True)
        copied(f"vllm/falling/c{4 << place}.json", to / name)
    (to / "benchmark.yaml").write_text(note)
    return to


def _faults(reading: Reading) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.message) for fault in reading.faults]


def test_named_pieces_of_the_path_fill_what_the_files_leave_out(tmp_path: Path) -> None:
    note = 'path: "{gpu_type}/tp{gpus_per_instance}/isl{isl}_osl{osl}/*"\nprecision: FP8\n'
    reading = read(_folder(tmp_path, note, "H100/tp4/isl200_osl101", "B200/tp8/isl200_osl101"))
    assert [(p.gpu_type, p.gpus_per_instance, p.isl_asked, p.precision) for p in reading.points] == [
        ("B200", 8, 200, "FP8"),
        ("H100", 4, 200, "FP8"),
    ]
    assert {point.gpu_source for point in reading.points} == {"note"}
    assert reading.faults == []
    assert reading.notices == []


def test_rules_come_before_the_path_and_that_before_what_is_for_all(tmp_path: Path) -> None:
    note = """\
gpu_type: A100
gpus_per_instance: 1
path: "{gpu_type}/tp{gpus_per_instance}/*"
rules:
  - where: {path: "H100/tp4/c8*", model: "*TINY*"}
    gpus_per_instance: 6
  - where: {model: acme/*}
    precision: FP8
    gpus_per_instance: 5
  - where: {path: "other/**"}
    engine: vLLM
"""
    reading = read(_folder(tmp_path, note, "H100/tp4", "H100/tp4", "other/deep/er"))
    assert [(p.gpu_type, p.gpus_per_instance, p.precision, p.engine) for p in reading.points] == [
        ("H100", 5, "FP8", "vLLM"),
        ("H100", 6, "FP8", "vLLM"),
        ("A100", 5, "FP8", "vLLM"),
    ]


def test_a_rule_that_fits_nothing_is_said(tmp_path: Path) -> None:
    note = 'path: "tq{gpus_per_instance}/*"\nrules:\n  - where: {model: "*70B*"}\n    precision: FP8\n'
    reading = read(_folder(tmp_path, note, "tp4"))
    said = [(notice.line, notice.message) for notice in reading.notices]
    assert said == [
        (1, 'path "tq{gpus_per_instance}/*" fits none of the points read; is it misspelt?'),
        (3, "this rule fits none of the points read; is it misspelt?"),
    ]


def test_what_a_path_says_against_a_file_is_a_fault(tmp_path: Path) -> None:
    copied("sglang/runs", tmp_path).rename(tmp_path / "tp8")
    (tmp_path / "benchmark.yaml").write_text('path: "tp{gpus_per_instance}/*"\n')
    reading = read(tmp_path)
    assert "gpus_per_instance: the file says 2" in messages(reading)
    assert len(reading.faults) == 2


def test_a_load_in_a_path_fills_only_a_load_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "rate9").mkdir()
    copied("vllm/falling/c4.json", tmp_path / "rate9")
    (tmp_path / "benchmark.yaml").write_text('path: "rate{request_rate}/*"\n')
    (point,) = read(tmp_path).points
    assert (point.concurrency, point.request_rate) == (4, None)


@pytest.mark.parametrize(
    ("note", "fault"),
    [
        ('path: "{gpus}/*"\n', (1, 8, "path: {gpus} is no known piece; known are gpu_type, precision")),
        ('path: "tp{isl}/{isl}"\n', (1, 16, "path: {isl} stands twice")),
        ('path: "tp{isl"\n', (1, 10, 'path: a lone "{"')),
        ("path: 7\n", (1, 7, "path: expected a pattern in quotes")),
        ("rules: 7\n", (1, 8, "rules: expected a list")),
        ("rules:\n  - 7\n", (2, 5, "expected keys and values (where, gpu_type")),
        ("rules:\n  - gpu_type: H100\n", (2, 5, 'a rule needs "where"')),
        ("rules:\n  - where: {}\n", (2, 12, "where: says nothing; give path, model or both.")),
        ("rules:\n  - where: {modle: x}\n", (2, 13, "modle: no such key; known are path, model. Did you mean model?")),
        ("rules:\n  - where: {model: 7}\n", (2, 20, "model: expected a name in quotes")),
        ("rules:\n  - where: {model: x}\n    gpus: 8\n", (3, 5, "gpus: no such key; known are where, gpu_type")),
        (
            "rules:\n  - where: {model: x}\n    gpus_per_instance: 0\n",
            (3, 24, "gpus_per_instance: 0 is not a number above 0"),
        ),
    ],
)
def test_rules_are_read_strictly(tmp_path: Path, note: str, fault: tuple[int, int, str]) -> None:
    ((line, column, message),) = _faults(read(_folder(tmp_path, note, "tp4")))
    assert (line, column) == fault[:2]
    assert fault[2] in message


@pytest.mark.parametrize(
    ("pattern", "path", "pieces"),
    [
        ("*/c?.json", "a/c4.json", {}),
        ("*", "a/c4.json", None),
        ("**", "a/b/c4.json", {}),
        ("**/c4.json", "c4.json", {}),
        ("tp{gpus_per_instance}_{precision}/*", "tp8_FP8/x", {"gpus_per_instance": 8, "precision": "FP8"}),
        ("tp{gpus_per_instance}/*", "tp0/x", None),
        ("tp{gpus_per_instance}/*", "tp0.5/x", {"gpus_per_instance": 0.5}),
        ("a.b/*", "aXb/x", None),
        ("{gpu_type}/*", "H100 80GB/x", {"gpu_type": "H100 80GB"}),
    ],
)
def test_patterns(pattern: str, path: str, pieces: dict[str, object] | None) -> None:
    assert parsed(pattern).match(path) == pieces


@given(st.text())
def test_any_pattern_is_understood_or_refused(text: str) -> None:
    column = 0
    try:
        parsed(text).match("a/b/c.json")
    except BadPattern as bad:
        column = bad.column
    assert 0 <= column < max(1, len(text))


def test_relative_paths_count_from_the_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _folder(tmp_path, 'path: "tp{gpus_per_instance}/*"\n', "tp4")
    monkeypatch.chdir(tmp_path)
    assert [point.gpus_per_instance for point in read_benchmarks([Path("tp4"), Path()]).points] == [None]
    assert [point.gpus_per_instance for point in read_benchmarks([Path()]).points] == [4]
