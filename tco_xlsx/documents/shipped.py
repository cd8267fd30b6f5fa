"""The files that ship with the product: inside the package when installed, at the top of the repository until then."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

Kind = Literal["templates", "examples"]

_IN_REPOSITORY = {"templates": "templates", "examples": "scenarios"}


def shipped(kind: Kind) -> Traversable:
    """A folder of shipped files. Raises FileNotFoundError where an installation lacks it."""
    package = files("tco_xlsx")
    inside = package / kind
    if inside.is_dir():
        return inside
    # A checkout, whose folders stay where a person looks for them.
    beside = Path(__file__).resolve().parent.parent.parent / _IN_REPOSITORY[kind]
    if (beside.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    raise FileNotFoundError(f"the {kind} that ship with tco-xlsx are missing; install it again.")


@contextlib.contextmanager
def shipped_file(kind: Kind, name: str) -> Iterator[Path]:
    """A shipped file on the disk, for as long as the context lasts."""
    with as_file(shipped(kind) / name) as path:
        yield path


def below(folder: Traversable, under: str = "") -> Iterator[tuple[str, Traversable]]:
    """Every file below a folder with its path from there, in order of name."""
    for one in sorted(folder.iterdir(), key=lambda item: item.name):
        name = f"{under}{one.name}"
        if one.is_dir():
            yield from below(one, f"{name}/")
        else:
            yield name, one
