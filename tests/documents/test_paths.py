"""The one door for paths: whatever a path leads to, and wherever it is given, there are words and exit code 2, and
never a hang, a flood of memory or a traceback."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.path_glob import matching
from tco_xlsx.bench.read import read_benchmarks
from tco_xlsx.documents import paths
from tco_xlsx.documents.paths import NotReadable
from tests.support.path_kinds import (
    KINDS,
    MAY_BE_EMPTY,
    NOBODY,
    NOTE,
    ONLY_IN_FILES,
    PLACES,
    TABLE,
    import_everything,
    run_bounded,
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may look into; the test's own may be the superuser's alone."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module", autouse=True)
def _all_imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is imported late must be there before a process of its own gives up its rights."""
    import_everything(tmp_path_factory.mktemp("imported"))


@pytest.mark.parametrize("kind", KINDS)
def test_paths_of_every_kind_at_every_place(kind: str, folder: Path) -> None:
    commands: dict[str, list[str]] = {}
    for number, (place, arguments) in enumerate(PLACES.items()):
        own = folder / f"place{number}"
        own.mkdir()
        own.chmod(0o777)
        path = KINDS[kind](own / (NOTE if place == "a note" else "given.yaml"))
        if place == "a note" and path != own / NOTE:
            continue  # A note has its name.
        if kind in ONLY_IN_FILES and place not in ("extends", "benchmark.files"):
            continue
        commands[place] = arguments(own, str(path))
    told = run_bounded([*commands.values()], NOBODY if "permission" in kind else None)
    for place, (code, said) in zip(commands, told, strict=False):
        allowed = (0, 2) if kind in MAY_BE_EMPTY or (place == "a note" and kind == "nothing") else (2,)
        assert code in allowed, f"{place}: {code} {said}"
        assert "Traceback" not in said
        assert "fault of tco-xlsx" not in said
    assert len(told) == len(commands)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("a pipe", "is a pipe, not a file; save its content as a file"),
        ("a socket", "is a socket, not a file"),
        ("/dev/zero", "is a device, not a file"),
        ("a link to itself", "is a symbolic link that leads back to itself"),
        ("a link to nothing", "is a symbolic link to gone, which is not there"),
        ("below a file", "is not a folder"),
        ("a name of 300 characters", "a name of 300 characters is longer than the disk can hold"),
        ("five gigabytes", "is too large: it holds 5,120 MB"),
        ("gzip", "is compressed (gzip); unpack it (gunzip), and give what comes out"),
        ("UTF-16 without a mark", "is UTF-16, not UTF-8"),
        ("no permission", "no permission"),
    ],
)
@pytest.mark.parametrize("place", ["check", "build", "bench", "build --template", "benchmark.files"])
def test_a_message_says_what_a_path_is(kind: str, words: str, place: str, folder: Path) -> None:
    path = KINDS[kind](folder / "given.yaml")
    if place == "benchmark.files" and kind in ("a link to nothing", "below a file"):
        words = "is not there"
    ((_, said),) = run_bounded([PLACES[place](folder, str(path))], NOBODY if kind == "no permission" else None)
    assert words in " ".join(said.split())


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "growing.csv"
    file.write_text(TABLE)
    document = Document(file)
    assert document.text == TABLE
    document.refuse_change()
    file.write_text(TABLE + "m,H100,1,1000,200,2,1.1,42,8\n")
    with pytest.raises(NotReadable, match="changed while it was read"):
        document.refuse_change()


def test_a_file_that_is_cut_short_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "given.yaml"
    file.write_text("a: 1\n" * 10)
    whole = paths.opened

    def shortened(path: Path, most: int) -> object:
        opened = whole(path, most)
        os.truncate(path, 5)
        return opened

    monkeypatch.setattr(paths, "opened", shortened)
    with pytest.raises(NotReadable, match="changed while it was read"):
        paths.content(file, 1000)


def test_a_benchmark_that_is_still_being_written_gives_no_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "growing.csv"
    file.write_text(TABLE)
    lines = Document.lines

    def growing(document: Document) -> Iterator[str]:
        yield from lines(document)
        with file.open("a") as more:
            more.write("m,H100,1,1000,200,2,1.1,42,8\n")

    monkeypatch.setattr(Document, "lines", growing)
    reading = read_benchmarks([file])
    assert reading.points == []
    assert "changed while it was read" in reading.faults[0].message


def test_a_pattern_of_many_deep_pieces_looks_into_each_folder_once(tmp_path: Path) -> None:
    deep = tmp_path
    for name in "abcdefghijkl":
        deep = deep / name
        deep.mkdir()
        (deep / "run.csv").write_text(TABLE)
    pattern = tmp_path.joinpath(*["**", "*"] * 10, "**", "run.csv")
    looked: list[None] = []
    root, found = matching(pattern, lambda: looked.append(None))
    assert root == tmp_path
    assert set(found) == {deep.parents[1] / "run.csv", deep.parent / "run.csv", deep / "run.csv"}
    assert len(looked) < 21 * 12 * 3
    # Links that lead back up do not make it endless.
    for folder in deep.parents[:11]:
        (folder / "loop").symlink_to(tmp_path)
    looked.clear()
    assert {path.resolve() for path in matching(pattern, lambda: looked.append(None))[1]} >= set(found)
    assert len(looked) < 21 * 12 * 4


def test_a_folder_with_half_a_disk_below_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tco_xlsx.bench.walk.MOST_NAMES", 5)
    for number in range(6):
        (tmp_path / f"{number}.csv").write_text(TABLE)
    for path in (tmp_path, tmp_path / "*.csv", tmp_path / "**"):
        (fault,) = read_benchmarks([path]).faults
        assert fault.message == "there are more than 5 files below it; name the folder of the results."
