"""Where `build` writes: a workbook by its name, a folder unless one is named, names when files are called alike, what
made room, and what goes on when a scenario has no number."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from tco_xlsx.batch.folder import prefixes, stem_of
from tests.cli.test_cli import run
from tests.support import batches

BROKEN = "peak_rps: 1e-12"
"""So little that no server is needed: a cost for each has no number."""


def broken(path: Path) -> Path:
    path.write_text(batches.write(path).read_text().replace("peak_rps: 30, average_rps: 10", BROKEN))
    return path


def test_build_writes_the_workbook_that_is_named(tmp_path: Path) -> None:
    path = batches.write(tmp_path / "one.yaml")
    result = run("build", path, "-o", tmp_path / "new" / "m.xlsx")
    assert result.stdout == f"{tmp_path / 'new' / 'm.xlsx'}: 2 servers, 160,000 USD a year\n"
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["m.xlsx"]
    run("build", path, "-o", tmp_path / "folder")
    assert (tmp_path / "new" / "m.xlsx").read_bytes() == (tmp_path / "folder" / "one.xlsx").read_bytes()


def test_a_workbook_is_named_for_one_scenario_only(tmp_path: Path) -> None:
    folder = batches.scenarios(tmp_path / "in", 2)
    told = run("build", folder, "-o", tmp_path / "m.xlsx", code=2).stderr
    assert "m.xlsx: 1 problem\n  -      names one workbook, and there are 2 scenarios; name a folder." in told
    assert not (tmp_path / "m.xlsx").exists()
    run("build", folder / "s00.yaml", folder / "gone.yaml", "-o", tmp_path / "m.xlsx", code=2)
    (tmp_path / "d.xlsx").mkdir()
    run("build", folder / "s00.yaml", "-o", tmp_path / "d.xlsx")
    assert (tmp_path / "d.xlsx" / "s00.xlsx").exists(), "a folder that is there is one, however it is called"


def test_a_named_workbook_without_a_point_or_a_number_ends_as_a_batch_does(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(batches.POINTS)
    path = batches.write(tmp_path / "one.yaml", files="points.csv")
    impossible = ("--set", "service.max_ttft_ms=1")
    assert "Relax service.max_ttft_ms" in run("build", path, "-o", tmp_path / "m.xlsx", *impossible, code=3).stderr
    assert (tmp_path / "m.xlsx").exists()
    run("build", path, "-o", tmp_path / "m.xlsx", *impossible, "--allow-no-point")
    run("build", broken(tmp_path / "two.yaml"), "-o", tmp_path / "n.xlsx", code=4)
    assert not (tmp_path / "n.xlsx").exists()


def test_the_folder_is_out_unless_another_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("build", batches.write(tmp_path / "one.yaml"))
    assert (tmp_path / "out" / "one.xlsx").exists()


FILES = [Path(f"/x/{name}.yaml") for name in ("a/s", "b/s", "b/t", "d/t", "a/other", "p/q/S", "b-t", "e/u", "f/e/u")]


def test_names_told_apart_by_folders_hang_on_no_order() -> None:
    told = prefixes(FILES)
    stems = {path: stem_of(path.stem, told.get(path, "")) for path in FILES}
    assert stems == dict(
        zip(FILES, ["a-s", "b-s", "x-b-t", "x-d-t", "other", "q-S", "b-t", "x-e-u", "f-e-u"], strict=True)
    ), "as few folders as tell them apart from each other and from everybody else"
    for order in itertools.islice(itertools.permutations(FILES), 0, 362_880, 9_973):
        assert prefixes(order) == told
    assert prefixes(FILES[:1]) == prefixes([FILES[0], FILES[0]]) == {}


def test_scenarios_of_matrices_of_one_name_are_told_apart_too(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        path = batches.write((tmp_path / folder / "m.yaml").parent.mkdir() or tmp_path / folder / "m.yaml")
        path.write_text(path.read_text() + "matrix: {vary: {server.price: [1, 2]}, name: 'p{server.price}'}\n")
    out = tmp_path / "out"
    done = batches.build([tmp_path / "a", tmp_path / "b"], out)
    assert done.of("built") == ["a-p1", "a-p2", "b-p1", "b-p2"]
    assert batches.build([tmp_path / "b", tmp_path / "a"], out).of("unchanged") == done.of("built")
    shutil.rmtree(tmp_path / "b")
    assert batches.build(tmp_path / "a", out).of("built") == ["p1", "p2"]


def test_an_edited_workbook_that_makes_room_is_told_in_a_line_of_its_own_and_in_the_index(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 45), tmp_path / "out"
    run("build", folder, "-o", out, "--jobs", "1")
    # More than there are notes that are told one by one.
    for number in range(44):
        (out / f"s{number:02}.xlsx").write_bytes(b"mine")
    told = run("build", folder, "-o", out, "--jobs", "1", "--force").stderr.splitlines()
    kept = [line for line in told if "what it was: " in line]
    assert len(kept) == 44, "each is somebody's work: none is counted only"
    assert kept == told[-44:]
    for line in kept:
        assert Path(line.partition("what it was: ")[2]).read_bytes() == b"mine"
    rows = batches.index(out)
    assert rows["s07"]["Note"] == f"An edited workbook made room for it: replaced/{Path(kept[7].split(': ')[-1]).name}."
    assert rows["s44"]["Note"] is None


def test_a_scenario_without_a_number_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    paths = [
        batches.write(tmp_path / "a.yaml"),
        broken(tmp_path / "b.yaml"),
        batches.write(tmp_path / "c.yaml", price=1),
    ]
    paths.append(broken(tmp_path / "d.yaml"))
    result = run("build", *paths, "-o", tmp_path / "out", code=2)
    assert {path.name for path in (tmp_path / "out").glob("?.xlsx")} == {"a.xlsx", "c.xlsx"}
    assert [row["status"] for row in batches.results(tmp_path / "out").values()] == ["built", "failed"] * 2
    side = tmp_path / "side.xlsx"
    compared = run("compare", *paths, "-o", side, code=4)
    assert "2 scenarios" in compared.stdout
    assert "Comparison" in openpyxl.load_workbook(side, read_only=True).sheetnames
    for told in (result.stderr, compared.stderr):
        for name in ("b", "d"):
            assert f"{tmp_path / name}.yaml" in told
        assert f"{tmp_path / 'a'}.yaml" not in told
    side.unlink()
    alone = run("compare", *paths[:2], "-o", side, code=4)
    assert f"{paths[1]}" in alone.stderr
    assert not side.exists()
    base = run("compare", *paths, "-o", side, "--base", "b", code=4)
    assert f"{paths[1]}" in base.stderr
    assert not side.exists()


def test_one_scenario_without_a_number_is_named(tmp_path: Path) -> None:
    assert f"{tmp_path / 'b'}.yaml" in run("build", broken(tmp_path / "b.yaml"), "-o", tmp_path / "out", code=4).stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["evaluate", "check"])
def test_one_scenario_without_a_number_stops_none_of_the_others(command: str, tmp_path: Path) -> None:
    """Its file is named, the others are told, and the command ends with 4."""
    files = batches.write(tmp_path / "one.yaml"), broken(tmp_path / "two.yaml"), batches.write(tmp_path / "three.yaml")
    told = run(command, *files, "--format", "json", code=4)
    rows = json.loads(told.stdout)
    assert [row["scenario"] for row in rows if "error" not in row] == ["one", "three"]
    assert [(row["scenario"], str(files[1]) in row["error"]) for row in rows if "error" in row] == [("two", True)]
    assert f"{files[1]}: " in told.stderr
    assert f"({files[1]}:" in told.stderr, "where the input that it comes from is written"
    assert run(command, files[1], code=4).stdout == ""
