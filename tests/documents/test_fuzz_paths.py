"""Paths and streams of every kind, linked, nested and named at random, at a place chosen at random: an exit code that
is documented and words, never a traceback, a hang or a flood of memory."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.path_kinds import (
    KINDS,
    NOBODY,
    NOTE,
    ONLY_IN_FILES,
    PLACES,
    SCENARIO,
    TABLE,
    import_everything,
    run_bounded,
)

_PATHS = int(os.environ.get("FUZZ_PATHS", "40"))
_FIRST = int(os.environ.get("FUZZ_SEED", "0"))
_IN_A_PROCESS = 20
#: Everything in order; something wrong in the input; no benchmark point within the limits; no number; no room in Excel.
_CODES = (0, 2, 3, 4, 5)

_KINDS = [kind for kind in KINDS if kind not in ONLY_IN_FILES]
_LETTERS = "ab.-_ ~#*?[]{}()'\"\\%$&;!\t\n\x1b\u202e\u00e4\u4e2d\U0001f600\udc80"


def _plain(choice: random.Random, path: Path) -> Path:
    return KINDS[choice.choice(_KINDS)](path)


def _linked(choice: random.Random, path: Path) -> Path:
    """A chain of links to something."""
    target = _plain(choice, path.with_name("target.yaml"))
    for number in range(choice.choice((1, 2, 45))):
        link = path.with_name(f"link{number}.yaml")
        try:
            link.symlink_to(target)
        except (OSError, ValueError):
            return target
        target = link
    return target


def _in_folder(choice: random.Random, path: Path) -> Path:
    """A folder with several kinds of things in it, and maybe files that are as they should be."""
    path = path.with_suffix("")
    path.mkdir()
    if choice.random() < 0.5:
        (path / "good.yaml").write_text(SCENARIO)
        (path / "table.csv").write_text(TABLE)
    for number in range(choice.randint(1, 4)):
        _plain(choice, path / f"{number}{choice.choice(('.yaml', '.json', '.csv', '.xlsx', ''))}")
    if choice.random() < 0.3:
        (path / "loop").symlink_to(path)
    return path


def _pattern(choice: random.Random, path: Path) -> Path:
    """A pattern over such a folder."""
    folder = _in_folder(choice, path)
    return folder.joinpath(
        *choice.choices(["*", "**", "[0-3]*", "?.yaml", "[", "..", "loop", "*.csv"], k=choice.randint(1, 12))
    )


def _named(choice: random.Random, path: Path) -> Path:
    """A name of any characters, there or not."""
    name = "".join(choice.choices(_LETTERS, k=choice.choice((1, 5, 40, 120))))
    path = path.with_name(name) if name.strip(".") else path
    if choice.random() < 0.5:
        with contextlib.suppress(OSError):
            path.write_text(choice.choice((SCENARIO, TABLE, "")))
    return path


def _up_and_down(choice: random.Random, path: Path) -> Path:
    """A way through folders that may not be there."""
    (path.parent / "down").mkdir()
    path.write_text(SCENARIO)
    pieces = choice.choices(["..", ".", "down", path.parent.name, "no", path.name], k=choice.choice((1, 4, 30, 400)))
    return path.parent.joinpath(*pieces, path.name)


def _stream(choice: random.Random, path: Path) -> Path:
    """What the shell gives for a pipe, and other files of the system."""
    names = [
        "/dev/stdin",
        "/dev/fd/0",
        "/dev/tty",
        "/dev/random",
        "/proc/self/fd/1",
        "/proc/self/environ",
        "/proc/kmsg",
        "/proc/self/exe",
        "/proc/self/net/unix",
        "/proc/version",
        "/dev",
        "",
        ".",
        "-",
    ]
    return Path(choice.choice(names))  # fmt: skip


_WAYS: list[Callable[[random.Random, Path], Path]] = [
    _plain,
    _linked,
    _in_folder,
    _pattern,
    _named,
    _up_and_down,
    _stream,
]


@pytest.fixture(scope="module", autouse=True)
def _all_imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    import_everything(tmp_path_factory.mktemp("imported"))


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp())
    path.chmod(0o777)
    yield path
    for above, folders, _ in os.walk(path):
        for name in folders:
            with contextlib.suppress(OSError):
                os.chmod(os.path.join(above, name), 0o777, follow_symlinks=True)
    shutil.rmtree(path, ignore_errors=True)


def _command(number: int, folder: Path) -> tuple[list[str], str]:
    """A command with a path out of a number, and in words what it is."""
    choice = random.Random(number)
    own = folder / f"path{number}"
    own.mkdir()
    own.chmod(0o777)
    place = choice.choice([*PLACES])
    way = choice.choice(_WAYS)
    if place == "a note":
        path = own / NOTE
        kind = choice.choice(
            [kind for kind in _KINDS if "name" not in kind and "nothing in" not in kind and "path of" not in kind]
        )
        KINDS[kind](path)
    else:
        path = way(choice, own / "given.yaml")
    return PLACES[place](own, str(path)), f"{number}: {place} {str(path)!r:.200} ({way.__name__.strip('_')})"


@pytest.mark.parametrize("first", range(_FIRST, _FIRST + _PATHS, _IN_A_PROCESS))
def test_fuzz_paths(first: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    made = [_command(number, folder) for number in range(first, min(first + _IN_A_PROCESS, _FIRST + _PATHS))]
    told = run_bounded([command for command, _ in made], random.Random(first).choice((None, NOBODY)))
    wrong = [
        f"{words}\n{code} {said[:3_000]}"
        for (_, words), (code, said) in zip(made, told, strict=False)
        if code not in _CODES or "Traceback" in said or "fault of tco-xlsx" in said
    ]
    assert not wrong, "\n\n".join(wrong)
    assert len(told) == len(made)
