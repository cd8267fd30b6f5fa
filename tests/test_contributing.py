"""What CONTRIBUTING says of the tree is true of it: its rooms, its files, its steps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_imports import MAY_USE

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tco_xlsx"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([a-z]+)/` \| (.*) \|$", TEXT, re.MULTILINE))
#: Where a module may stand that is named without its folder.
HOMES = (ROOT, PACKAGE, *(path for path in PACKAGE.rglob("*") if path.is_dir()))
NAMED = sorted(set(re.findall(r"`([\w./]+(?:\.py|\.yaml|/))`", TEXT)))


def test_the_rooms_are_those_of_the_tree() -> None:
    assert [*ROWS] == [room for room in MAY_USE if room != "__main__"]


@pytest.mark.parametrize("room", ROWS)
def test_what_is_said_to_be_in_a_room_is_there(room: str) -> None:
    """A word in code marks is a module or a folder of the room, but for a word of YAML and a command."""
    words = set(re.findall(r"`([a-z_]+)/?`", ROWS[room])) - {"extends", "check"}
    there = {path.stem for path in (PACKAGE / room).iterdir()}
    assert words - there == set()


@pytest.mark.parametrize("room", ROWS)
def test_every_folder_of_a_room_is_told(room: str) -> None:
    folders = {path.parent.name for path in (PACKAGE / room).glob("*/__init__.py")}
    assert folders - set(re.findall(r"`([a-z_]+)/`", ROWS[room])) == set()


@pytest.mark.parametrize("name", NAMED)
def test_every_file_that_is_named_is_there(name: str) -> None:
    assert any((home / name).exists() for home in HOMES), name


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_no_text_holds_the_marks_of_a_merge(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.match(r"<{7} |={7}$|>{7} ", line)] == []
