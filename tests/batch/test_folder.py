"""The folder of workbooks: names that every system takes, files that are whole, locks that are never stale."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.batch.folder import Folder, Names, file_name
from tco_xlsx.documents.atomic import PartFile, clear_abandoned, locked, write_whole

NAMES = ["R&D: base/2", "CON?", "con", "NUL.txt", "com1", "..", ".", "", "a b", "index", "Index", "報告", "x" * 300]
NAMES += ["報" * 90, "trailing.", "trailing ", "a\0b", "a\nb", "../../etc/passwd", "C:\\x", "é" * 150, "\ud800"]
DEVICES = {"con", "prn", "aux", "nul", *(f"{kind}{number}" for kind in ("com", "lpt") for number in range(10))}


def is_safe(stem: str) -> bool:
    return (
        0 < len(stem) <= 120
        and len(stem.encode()) <= 200
        and not set(stem) & set('\\/:*?"<>| \0\n\t')
        and stem.isprintable()
        and stem[0] != "."
        and stem[-1] not in ". "
        and stem.partition(".")[0].casefold() not in DEVICES
        and stem.casefold() != "index"
    )


@pytest.mark.parametrize("name", NAMES)
def test_any_name_gives_a_file_that_every_system_takes(name: str, tmp_path: Path) -> None:
    assert is_safe(file_name(name))
    (tmp_path / f"{file_name(name)}.xlsx").touch()


@given(st.text(max_size=130))
def test_any_text_gives_a_file_that_every_system_takes(name: str) -> None:
    assert is_safe(file_name(name))


@given(st.lists(st.text(alphabet=" -_.aAbB&", max_size=6), min_size=2, max_size=2, unique=True))
def test_two_names_are_two_files_or_the_second_is_refused(names: list[str]) -> None:
    stems = [file_name(name) for name in names]
    taken = Names()
    assert taken.claim(stems[0], "first") is None
    refused = taken.claim(stems[1], "second")
    assert (refused == "first") == (stems[0].casefold() == stems[1].casefold())
    if names[0].casefold() != names[1].casefold():
        assert refused is None


def test_a_plain_name_stays_as_it_is() -> None:
    for name in ("h100-fp8", "Base_2", "报告", "v1.2"):
        assert file_name(name) == name


def test_a_record_names_files_as_seen_from_the_folder(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "out")
    assert folder.named(tmp_path / "in" / "a.yaml") == "../in/a.yaml"
    assert folder.path_of("../in/a.yaml") == tmp_path / "in" / "a.yaml"


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "book.xlsx"
    target.write_bytes(b"old")
    with PartFile(tmp_path) as part:
        part.write(b"half")
    assert target.read_bytes() == b"old"
    write_whole(target, b"new", tmp_path)
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_is_as_open_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_whole(tmp_path / "whole", b"", tmp_path)
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


HOLDS = """
import sys, time
from pathlib import Path
from tco_xlsx.documents.atomic import PartFile, locked
folder = Path(sys.argv[1])
part = PartFile(folder)
part.write(b"half")
with locked(folder / "lock"):
    print("ready", flush=True)
    time.sleep(60)
"""


def test_what_a_killed_process_held_is_free_and_what_a_living_one_holds_is_not(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        waited = threading.Event()

        def wait() -> None:
            with locked(tmp_path / "lock"):
                waited.set()

        waiter = threading.Thread(target=wait)
        waiter.start()
        try:
            assert clear_abandoned(tmp_path) == 0
            assert not waited.wait(0.1)
        finally:
            process.kill()
        waiter.join(10)
    assert waited.is_set()
    assert clear_abandoned(tmp_path) == 1
    assert list(tmp_path.glob("*.part")) == []
