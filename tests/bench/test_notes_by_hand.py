"""What people say beside the files: values, rules, patterns and names of folders, each by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tco_xlsx.bench.notes import facts, sidecar
from tco_xlsx.bench.notes.facts import Facts, agree, checked
from tco_xlsx.bench.notes.folder_name import FolderName, folder_name, trial_of
from tco_xlsx.bench.notes.note import Note, Rule, read_note
from tco_xlsx.bench.notes.path_pattern import BadPattern, parsed
from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import Notice, NoticeGroup, Reading
from tests.bench.written import written

# Values


def test_values_of_a_key() -> None:
    assert checked("gpus_per_instance", 0.5) == 0.5
    assert checked("gpus_per_instance", 8) == 8
    assert checked("gpus_per_instance", sys.float_info.max) == sys.float_info.max
    assert checked("model", " acme ") == "acme"
    assert checked("gpus_per_instance", None) is checked("model", None) is None
    for key, value in (("gpus_per_instance", 0), ("gpus_per_instance", -1), ("gpus_per_instance", True), ("model", " "),
                       ("gpus_per_instance", "8"), ("gpus_per_instance", float("inf")), ("model", 8)):  # fmt: skip
        with pytest.raises(ValueError, match=f"{key}: .* is not a"):
            checked(key, value)


@pytest.mark.parametrize(
    ("key", "one", "other", "same"),
    [
        ("gpus_per_instance", 8.0, 8.0, True), ("gpus_per_instance", 8.0, 4.0, False), ("model", 8.0, "8", False),
        ("model", "8", 8.0, False), ("model", "acme/Tiny-7B", "tiny_7b", True),
        ("model", "tiny", "acme/tiny-7b/", True),
        ("model", "acme/big", "acme/tiny", False), ("engine", "a/vllm", "b/vllm", False),
        ("engine", "vLLM 0.9", "vllm", True),
        ("precision", "bfloat16", "BF16", True), ("precision", "half", "fp16", True),
        ("precision", "float16", "fp16", True),
        ("engine", "TensorRT-LLM", "trtllm", True), ("engine", "tensorrt", "TRT", True),
        ("precision", "fp8", "fp16", False),
        ("gpu_type", "NVIDIA H100 80GB HBM3", "H100-SXM", True), ("gpu_type", "H100 80GB", "H100 96 GB", False),
        ("gpu_type", "A100 40 GiB", "A100 40GB", True), ("gpu_type", "H100 80g", "H100", True),
        ("gpu_type", "H100 SXM5", "H200 SXM5", False), ("gpu_type", "Tesla", "tesla", True),
        ("gpu_type", "tesla", "H100", False),
        ("gpu_type", "H100 PCIe", "pcie", True), ("gpu_type", "pcie", "H100 PCIe", True),
        ("gpu_type", "RTX Ada", "ada", True),
        ("gpu_type", "ada", "RTX Ada", True),
        ("gpu_type", "GPU 80GB", "80GB gpu", False), ("gpu_type", "80gb", "80 GB", True),
    ],
)  # fmt: skip
def test_values_that_can_both_be_true(key: str, one: str | float, other: str | float, same: bool) -> None:
    assert agree(key, one, other) is same


def test_the_words_of_a_gpu() -> None:
    assert facts._gpu_words("NVIDIA H100 80 GB HBM3 SXM5a") == ({"h100"}, {"80"})
    assert facts._gpu_words("A6000 48GiB gddr6 nvl2 oam") == ({"a6000"}, {"48"})


# Names of folders


@pytest.mark.parametrize(
    ("path", "trial"),
    [
        ("a/profile_runs/trial_0001/x.csv", "trial_0001"), ("profile_runs/run_7/x", "run_7"),
        ("profile_runs/other/x", None),
        ("runs/trial_1/x", None), ("profile_runs/trial_1_b/x", None), ("x", None),
    ],
)  # fmt: skip
def test_the_trial_that_a_folder_names(path: str, trial: str | None) -> None:
    assert trial_of(Path(path)) == trial


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("c16/c8/x", FolderName(concurrency=8)), ("request-rate-2/c8/x", FolderName(concurrency=8)),
        ("c8/request_rate2.5/x", FolderName(request_rate=2.5)), ("isl1_osl2/isl3_osl4/x", FolderName(isl=3, osl=4)),
        ("a-nim-concurrency8/b-nim-concurrency4/x", FolderName(model="b", concurrency=4)),
        ("c8/a/b/c/x", FolderName(concurrency=8)), ("c8/a/b/c/d/x", FolderName()), ("isl1_osl2x/x", FolderName()),
    ],
)  # fmt: skip
def test_the_nearest_folder_says_it(path: str, expected: FolderName) -> None:
    assert folder_name(Path(path)) == expected


# Patterns of paths


@pytest.mark.parametrize(
    ("pattern", "path", "found"),
    [
        ("", "", {}), ("", "a", None), ("**/a/**/b", "a/x/b", {}), ("*{isl}", "a12", {"isl": 2}), ("**/x", "/x", {}),
        ("a", "a", {}),
        ("a", "ab", None), ("a*", "a", {}), ("a*", "abc", {}),
        ("a*", "a/b", None),
        ("a?", "ab", {}), ("a?", "a", None), ("a?", "abc", None), ("a?", "a/", None), ("**", "a/b", {}),
        ("**/c", "a/b/c", {}),
        ("**/c", "c", {}), ("**/**/c", "a/c", {}), ("**/c", "bc", None), ("a**", "ab/c", {}), ("{model}", "", None),
        ("{model}/x", "a/x", {"model": "a"}), ("{model}_{engine}", "a_b_c", {"model": "a", "engine": "b_c"}),
        ("{model}*", "abc", {"model": "a"}), ("{model}/x", "a/b/x", None),
        ("tp{gpus_per_instance}*", "tp16x", {"gpus_per_instance": 16}),
        ("{request_rate}", "2.5", {"request_rate": 2.5}), ("{concurrency}", "0", None), ("{isl}0", "100", {"isl": 10}),
        ("{isl}", "1" * 20, {"isl": float("1" * 20)}), ("{isl}", "1" * 21, None), ("x{osl}", "x.5", {"osl": 0.5}),
    ],
)  # fmt: skip
def test_what_a_pattern_finds(pattern: str, path: str, found: dict[str, object] | None) -> None:
    assert parsed(pattern).match(path) == found


@pytest.mark.parametrize(
    ("pattern", "column", "said"),
    [
        ("a/{gpu}", 2, "{gpu} is no known piece"), ("{isl}{isl}", 5, "{isl} stands twice"), ("ab}", 2, 'a lone "}"'),
        ("{a", 0, 'a lone "{"'), ("a" * 301, 300, "has more than 300 characters"),
    ],
)  # fmt: skip
def test_a_pattern_that_is_not_understood(pattern: str, column: int, said: str) -> None:
    with pytest.raises(BadPattern) as caught:
        parsed(pattern)
    assert caught.value.column == column
    assert str(caught.value).startswith(said)
    assert parsed("a" * 300).match("a" * 300) == {}


# Notes


def test_which_value_of_a_note_counts() -> None:
    first = Rule({"precision": "first"}, 3, parsed("a/{engine}/*"))
    second = Rule({"precision": "second", "gpu_type": "H100"}, 5, model="acme*")
    never = Rule({}, 7, parsed("x"), "acme*")
    note = Note(
        Path("/n/benchmark.yaml"),
        {"engine": "all", "model": "acme-1"},
        parsed("{engine}/**"),
        2,
        [first, second, never],
    )
    given = note.given(Path("/n/a/b/run.json"), None)
    assert given == Facts(
        "/n/benchmark.yaml", {"engine": "b", "model": "acme-1", "precision": "first", "gpu_type": "H100"}
    )
    assert note.unused() == [(7, "this rule")]
    assert Note(Path("n")).path_line == 0
    elsewhere = note.given(Path("/other/run.json"), "other")
    assert elsewhere.values == {"engine": "all", "model": "acme-1"}
    assert Note(Path("n"), path=parsed("x"), path_line=4).unused() == [(4, 'path "x"')]
    assert never.fits("x", "ACME") == {}
    assert never.fits("x", None) is never.fits("y", "acme") is None


def _note(to: Path, text: str) -> tuple[Note, list[tuple[int, int, str]]]:
    note, faults = read_note(written(to, "benchmark.yaml", text).path)
    return note, [(fault.line, fault.column, fault.message) for fault in faults]


def test_a_note_read(tmp_path: Path) -> None:
    text = "gpu_type: H100\nprecision:\npath: '{isl}/*'\nrules:\n"
    text += "- where: {model: ' a* ', path: x}\n  engine: vLLM\n- where: {path: y}\n"
    note, faults = _note(tmp_path, text)
    assert (note.values, note.path_line, faults) == ({"gpu_type": "H100"}, 3, [])
    assert [(rule.values, rule.line, rule.model) for rule in note.rules] == [
        ({"engine": "vLLM"}, 5, "a*"),
        ({}, 7, None),
    ]
    assert note.path == parsed("{isl}/*")
    assert _note(tmp_path, "rules:\n")[0].rules == _note(tmp_path, "rules: []")[0].rules == []


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("- a", 1, 1, "expected keys and values"), ("gpus: 8", 1, 1, "gpus: no such key"),
        ("model: 8", 1, 8, "model: 8 is not a text"),
        ("path: 8", 1, 7, "path: expected a pattern in quotes"),
        ("path: ' '", 1, 7, "path: expected a pattern in quotes"),
        ("path: 'ab}'", 1, 10, 'path: a lone "}"'), ("rules: 8", 1, 8, "rules: expected a list"),
        ("rules:\n- engine: a", 2, 3, 'a rule needs "where"'), ("rules:\n- where: {}", 2, 10, "where: says nothing"),
        ("rules:\n- where: {model: 8}", 2, 18, "model: expected a name"),
        ("rules:\n- where: {model: ' '}", 2, 18, "model: expected"),
        ("rules:\n- wher: {model: a}", 2, 3, "wher: no such key"),
        ("rules:\n- where: {path: '{a}'}", 2, 18, "path: {a} is no known"),
        ("rules:\n- 8", 2, 3, "expected keys and values"),
    ],
)  # fmt: skip
def test_one_fault_of_a_note_at_its_place(tmp_path: Path, text: str, line: int, column: int, said: str) -> None:
    note, ((at_line, at_column, message),) = _note(tmp_path, text)
    assert (at_line, at_column) == (line, column)
    assert message.startswith(said)
    assert (note.values, note.path, note.rules) == ({}, None, [])


# What is added to a point


def test_the_first_who_gives_a_value_is_believed() -> None:
    point = Point("a", "t", model="acme", concurrency=8)
    scenario = Facts("the scenario", {"engine": "a"})
    note = Facts("n", {"engine": "b", "precision": "fp8", "request_rate": 2.0})
    found, faults = sidecar.complete(point, [scenario, note])
    assert (found.engine, found.precision, found.request_rate, faults) == ("a", "fp8", None, [])
    assert found.notes == ("engine from the scenario", "precision from n")
    assert sidecar.complete(point, [Facts("n", {})]) == (point, [])
    sent, _ = sidecar.complete(Point("a", "t", request_rate=2), [Facts("n", {"concurrency": 8.0, "isl": 5.0})])
    assert (sent.concurrency, sent.isl, sent.isl_asked, sent.osl) == (None, 5, 5, None)
    open_load, _ = sidecar.complete(Point("a", "t", osl=7), [Facts("n", {"concurrency": 8.0, "osl": 5.0})])
    assert (open_load.concurrency, open_load.osl, open_load.osl_asked) == (8, 7, 5)
    _, (fault,) = sidecar.complete(Point("a", "t", line=3, isl_asked=5.0), [Facts("n", {"isl": 6.0})])
    assert (fault.line, fault.message) == (3, "isl_asked: the file says 5, n says 6. Correct the one that is wrong.")
    _, (fault,) = sidecar.complete(point, [Facts("n", {"model": "other"})])
    assert fault.message == 'model: the file says "acme", n says "other". Correct the one that is wrong.'


def test_what_the_scenario_gives() -> None:
    given, faults = sidecar.given_by_scenario({"model": " a ", "engine": None, "gpus": 8, "precision": 8})
    assert given == Facts("the scenario", {"model": "a"})
    assert [fault.message.split(":")[0] for fault in faults] == ["gpus", "precision"]


def test_files_whose_gpus_are_not_known() -> None:
    known = Point("z.csv", "t", gpus_per_instance=8)
    assert sidecar.missing_gpu_count([known]) is None
    one = sidecar.missing_gpu_count([known, Point("r/a.json", "t")])
    assert one is not None
    assert "not known for 1 point of 1 file (r/a.json): nothing" in one
    assert "into a note beside them (r/benchmark.yaml)." in one
    lacking = [Point(f"{name}.TSV", "t") for name in "abcda"]
    told = sidecar.missing_gpu_count(lacking)
    assert told is not None
    assert "not known for 5 points of 4 files (a.TSV, b.TSV, c.TSV and 1 more): nothing" in told
    assert 'or add a column "gpus_per_instance".' in told
    three = sidecar.missing_gpu_count(lacking[:3])
    assert three is not None
    assert "3 points of 3 files (a.TSV, b.TSV, c.TSV): nothing" in three


def test_the_note_that_is_nearest(tmp_path: Path) -> None:
    top, deep = tmp_path / "top", tmp_path / "top/a/b"
    deep.mkdir(parents=True)
    written(tmp_path, "benchmark.yaml", "model: outside")
    point = Point("x", "t")
    assert sidecar.Notes().for_point(point, deep / "x", top) is None
    written(top, "benchmark.yaml", "model: top\nrules: [{where: {path: z}, engine: e}]")
    notes = sidecar.Notes()
    assert [getattr(notes.for_point(point, folder / "x", top), "values", None) for folder in (deep, top)] == [
        {"model": "top"}
    ] * 2
    assert [(notice.line, notice.message) for notice in notes.unused()] == [
        (2, "this rule fits none of the points read; is it misspelt?")
    ]
    written(top / "a", "benchmark.yaml", "model: 8")
    nearest = sidecar.Notes()
    assert nearest.for_point(point, deep / "x", top) == Facts(str(top / "a/benchmark.yaml"), {})
    assert len(nearest.faults) == 1


# Notices


def test_notices_that_differ_in_a_number_are_one_group() -> None:
    told = ("point 2: 5 MB", "concurrency 8: 1.5e+3 MB", "2.5 requests/s: 7 MB in /x/y.json", "7 MB in z/b", "other")
    reading = Reading(notices=[Notice(name, message) for name, message in zip("abcde", told, strict=True)])
    groups = reading.grouped_notices()
    assert [(group.first.message, group.count, group.files) for group in groups] == [
        ("other", 1, 1), ("point 2: 5 MB", 2, 2), ("2.5 requests/s: 7 MB in /x/y.json", 2, 2),
    ]  # fmt: skip
    assert [str(Notice("a", "b", line)) for line in (0, 3)] == ["a: b", "a:3: b"]
    assert str(NoticeGroup(Notice("a", "b"), 2, 1)) == "a: b (2 such notices)"
