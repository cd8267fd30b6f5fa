"""Which files paths stand for, what they hold as digests, and what reading them tells, by hand."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from tco_xlsx.bench import cache, normal_form, snapshot, walk
from tco_xlsx.bench import read as reading
from tco_xlsx.bench.cache import ReadingCache
from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.snapshot import Digests
from tco_xlsx.bench.walk import find
from tests.bench.samples import copied, messages, read
from tests.bench.written import written

_HEAD = "rps,concurrency,latency_avg_ms\n"


def _tree(to: Path, *names: str) -> None:
    for number, name in enumerate(names, start=1):
        written(to, name, f"{_HEAD}{number},{number},1000\n")


def _found(*paths: Path) -> list[tuple[str, str, bool]]:
    files, _, _ = find(paths)
    base = paths[0].parent
    return [(os.path.relpath(one.path, base), os.path.relpath(one.root, base), one.named) for one in files]


def test_files_folders_and_patterns(tmp_path: Path) -> None:
    _tree(tmp_path, "a/b.csv", "a/a.csv", "a/x/c.csv", "a/.h.csv", "a/~$b.csv", "a/__MACOSX/d.csv", "a/.g/e.csv")
    (tmp_path / "a/x/up").symlink_to(tmp_path / "a")
    below = [("a/a.csv", "a", False), ("a/b.csv", "a", False), ("a/x/c.csv", "a", False)]
    assert _found(tmp_path / "a") == below
    assert _found(tmp_path / "a/b.csv") == [("b.csv", ".", True)]
    assert _found(tmp_path / "a/b.csv", tmp_path / "a") == [
        ("b.csv", ".", True),
        ("a.csv", ".", False),
        ("x/c.csv", ".", False),
    ]
    assert _found(tmp_path / "*") == [(name, ".", False) for name, _, _ in below]
    assert _found(tmp_path / "a/*.csv") == [("a.csv", ".", False), ("b.csv", ".", False)]
    # A folder that matches stands for all below it, which is found once.
    assert _found(tmp_path / "a/**") == [("a.csv", ".", False), ("b.csv", ".", False), ("x/c.csv", ".", False)]


def test_a_file_under_two_names_is_told(tmp_path: Path) -> None:
    _tree(tmp_path, "a.csv", "d/b.csv")
    (tmp_path / "z.csv").symlink_to(tmp_path / "a.csv")
    files, (notice,), faults = find([tmp_path, tmp_path / "a.csv", tmp_path / "d/../a.csv"])
    assert ([one.path.name for one in files], faults) == (["a.csv", "b.csv", "z.csv"][:2], [])
    assert (notice.path, notice.message) == (
        str(tmp_path / "z.csv"),
        f"the same file as {tmp_path / 'a.csv'}, read once.",
    )


def test_what_is_not_there(tmp_path: Path) -> None:
    _, _, faults = find([tmp_path / "none", tmp_path / "*.csv", tmp_path / "a\0*"])
    assert [fault.message.split(";")[0] for fault in faults[:2]] == [
        "no such file or folder",
        "no file matches this pattern",
    ]
    assert "NUL" in faults[2].message
    (tmp_path / "a[1].csv").write_text("x")
    assert _found(tmp_path / "a[1].csv") == [("a[1].csv", ".", True)]


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert walk.MOST_NAMES == 500_000
    _tree(tmp_path, "a/1.csv", "a/2.csv", "a/x/3.csv")
    for most, faults in ((4, 0), (3, 1)):
        monkeypatch.setattr(walk, "MOST_NAMES", most)
        files, _, told = find([tmp_path / "a"])
        assert (len(files), len(told)) == (3 * (not faults), faults)
        assert all(f"there are more than {most} files below it" in fault.message for fault in told)


# Digests


def test_digests_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("x")
    digests = Digests()
    once = hashlib.sha256(b"x").hexdigest()
    assert digests.of(tmp_path / "a") == digests.of(tmp_path / "a") == once
    (tmp_path / "a").write_text("yz")
    assert digests.of(tmp_path / "a") == hashlib.sha256(b"yz").hexdigest()
    assert digests.of(tmp_path) == digests.of(tmp_path / "none") == digests.of(tmp_path / "a\0") == ""
    assert snapshot._MOST_KNOWN == 4096
    monkeypatch.setattr(snapshot, "_MOST_KNOWN", 2)
    bounded = Digests()
    for name in "abc":
        (tmp_path / name).write_text(name)
        bounded.of(tmp_path / name)
    assert sorted(Path(name).name for name in bounded._known) == ["b", "c"]


def test_a_snapshot_holds_files_notes_and_faults(tmp_path: Path) -> None:
    _tree(tmp_path, "r/a/x.csv", "r/y.csv")
    for folder in ("", "r", "r/a"):
        written(tmp_path / folder, "benchmark.yaml", f"model: m{len(folder)}")

    def taken(*names: str) -> snapshot.Snapshot:
        return snapshot.snapshot([tmp_path / name for name in names], tmp_path, Digests())

    first = taken("r")
    names = ["r/a/benchmark.yaml", "r/a/x.csv", "r/benchmark.yaml", "r/y.csv"]
    assert sorted(os.path.relpath(name, tmp_path) for name in first.files) == names
    assert sorted(os.path.relpath(name, tmp_path) for name in taken("r/a/x.csv").files) == names[:2]
    assert taken("r").digest == first.digest
    others = {
        first.digest,
        taken("r", "none").digest,
        taken("r", "gone").digest,
        taken("r/y.csv").digest,
        taken("r/*.csv").digest,
    }
    assert len(others) == 5
    written(tmp_path / "r/a", "benchmark.yaml", "model: other")
    changed = taken("r").digest
    written(tmp_path, "benchmark.yaml", "model: outside")
    assert changed == taken("r").digest != first.digest
    moved = snapshot.snapshot([tmp_path / "r"], tmp_path / "r", Digests())
    assert moved.digest != changed


def test_readings_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, "a.csv", "b.csv")
    kept = ReadingCache()
    paths = [tmp_path / "a.csv"]
    first = kept.read(paths, tmp_path, {"model": "m"})
    assert first.points[0].model == "m"
    assert kept.read(paths, tmp_path, {"model": "m"}) is first
    assert kept.read(paths, tmp_path, {"model": "n"}) is not first
    assert kept.read([tmp_path / "b.csv"], tmp_path, {"model": "m"}) is not first
    written(tmp_path, "a.csv", f"{_HEAD}9,9,1000\n")
    assert kept.read(paths, tmp_path, {"model": "m"}) is first
    kept.look_again()
    assert kept.read(paths, tmp_path, {"model": "m"}).points[0].rps == 9
    assert kept.sha256(tmp_path / "a.csv") == Digests().of(tmp_path / "a.csv")
    assert (cache._MOST_KEPT, cache._MOST_SNAPSHOTS) == (16, 64)
    monkeypatch.setattr(cache, "_MOST_KEPT", 2)
    monkeypatch.setattr(cache, "_MOST_SNAPSHOTS", 1)
    made: list[str] = []

    def once(key: str) -> str:
        return kept.once(key, lambda: made.append(key) or key)  # type: ignore[func-returns-value]

    assert [once(key) for key in "xyxzxy"] == list("xyxzxy")
    # Two are kept: when z comes y is the one that was asked for longest ago.
    assert made == ["x", "y", "z", "y"]
    for name in ("a.csv", "b.csv"):
        kept.snapshot([tmp_path / name], tmp_path)
    assert len(kept._snapshots) == 1


# Reading


def test_what_reading_tells_of_a_folder(tmp_path: Path) -> None:
    _tree(tmp_path, "b.csv", "a.csv")
    copied("vllm/new", tmp_path)
    written(tmp_path, "inputs.json", "{}")
    written(tmp_path, "c.csv", _HEAD)
    written(tmp_path, "d.json", '{"completed": 1, "request_throughput": 1}')
    written(tmp_path, "e.json", '{"a": 1}')
    written(tmp_path, "f.json", '{"a"')
    steps: list[tuple[int, int]] = []
    found = reading.read_benchmarks([tmp_path], progress=lambda done, of: steps.append((done, of)))
    assert steps == [(number, 8) for number in range(1, 9)]
    assert [Path(point.file).name[:6] for point in found.points] == ["a.csv", "b.csv", "vllm-i"]
    assert [(Path(notice.path).name, notice.message.split(":")[0].split(" (")[0]) for notice in found.notices] == [
        ("c.csv", "no operating point in it."), ("d.json", "not recognised"), ("e.json", "not recognised"),
        ("f.json", "not valid JSON"),
    ]  # fmt: skip
    assert "vllm comes closest: missing is total_output_tokens and a latency such as" in found.notices[1].message
    assert "comes closest" not in found.notices[2].message
    assert found.faults == []
    named = read(tmp_path / "e.json", tmp_path / "inputs.json")
    assert [fault.message.partition(":")[0] for fault in named.faults] == ["not recognised"]


def test_a_file_by_the_name_of_a_side_file_is_read_when_it_is_named(tmp_path: Path) -> None:
    copied("vllm/new", tmp_path)
    (result,) = tmp_path.rglob("*.json")
    result.rename(tmp_path / "inputs.json")
    assert len(read(tmp_path / "inputs.json").points) == 1
    assert read(tmp_path).points == []


def test_what_the_scenario_says_of_benchmarks_is_checked(tmp_path: Path) -> None:
    _tree(tmp_path, "a.csv")
    found = read(tmp_path, defaults={"gpus": 8, "model": "m"})
    assert [fault.message.split(":")[0] for fault in found.faults] == ["gpus"]
    assert found.points[0].model == "m"
    with_fault = read(tmp_path, defaults={"model": 8})
    assert [fault.message.split(":")[0] for fault in with_fault.faults] == ["model"]


def test_nothing_to_read_says_why(tmp_path: Path) -> None:
    written(tmp_path, "a/x.txt", "nothing")
    written(tmp_path, "b/benchmark.yaml", "model: m")
    found = read(tmp_path / "a", tmp_path / "b")
    first, second = found.faults
    assert "no operating point found; give the result of a benchmark run. The first of 1 notices: " in first.message
    assert second.message == "no operating point found; give the result of a benchmark run."
    (fault,) = read().faults
    assert (fault.path, fault.message) == ("benchmark", "no file was given; give the result of a benchmark run.")


def test_an_open_quote_and_figures_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    head = "request_throughput,completed,total_output_tokens,mean_ttft_ms\n"
    written(tmp_path, "a.csv", f'{head}1,100,10000,90\n"2,100,10000,90\n')
    assert [(fault.line, "closing quote" in fault.message) for fault in read(tmp_path).faults] == [(3, True)]
    written(tmp_path, "a.csv", f"{head}1,100,10000,NaN\n")
    found = read(tmp_path)
    assert "no finite number, and left out: line 2.mean_ttft_ms is NaN; expected a number." in messages(found)
    (tmp_path / "a.csv").write_bytes(f"{head}1,100,10000,90,\xe4\n".encode("cp1252"))
    assert "is not UTF-8; read as cp1252" in messages(read(tmp_path))


def test_a_quote_in_json_is_none_of_a_table(tmp_path: Path) -> None:
    result = {"request_throughput": 1, "completed": 9, "total_output_tokens": 90, "mean_ttft_ms": 90}
    written(tmp_path, "a.json", json.dumps({**result, "max_concurrency": 1, 'b"': 2}, separators=(",", ":")))
    found = read(tmp_path)
    assert (len(found.points), found.faults) == (1, [])


@pytest.mark.parametrize(
    ("content", "nearest"),
    [
        ({"completed": 1, "total_output_tokens": 1, "request_throughput": {"unit": "x"}}, "vllm"),
        ({"hw": 1, "conc": 1, "tput_per_gpu": 1, "completed": 1, "total_output_tokens": 1}, "inferencex"),
    ],
)
def test_the_nearest_of_several_tools_is_named(tmp_path: Path, content: dict[str, object], nearest: str) -> None:
    written(tmp_path, "a.json", content)
    assert f"; {nearest} comes closest" in messages(read(tmp_path))


def test_columns_of_the_normal_form() -> None:
    assert normal_form.HEADINGS[:3] == ("label", "model", "gpu_type")
    statistics = ("avg", "p50", "p90", "p95", "p99")
    times = [f"{name}_{statistic}_ms" for name in ("ttft", "itl", "latency") for statistic in statistics]
    assert [heading for heading in normal_form.HEADINGS if heading.endswith("_ms")] == times
    (row,) = normal_form.to_rows([Point("a.json", "vllm", tool_version="1", notes=("x", "y"), suspicious=("z",))])
    assert (row["label"], row["source"], row["notes"], row["suspicious"]) == ("a.json#1", "a.json", "x | y", "z")
    lines = normal_form.to_csv([Point("a.json", "vllm", model="m", rps=0.1)], str.upper).splitlines()
    cells = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    assert (cells["model"], cells["rps"], cells["measured"], cells["osl"]) == ("M", "0.1", "True", "")
