"""Changes that cannot show: listed in a file, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tco_xlsx.documents.located_yaml import read_yaml
from tests.mutation.changes import Change

FILE = Path(__file__).resolve().parent / "equivalent.yaml"
Key = tuple[str, str, str, str]


def read_equivalents(path: Path = FILE) -> Mapping[Key, str]:
    """The reason of each change that cannot show, by file, place, text before and after."""
    found: dict[Key, str] = {}
    told: Any = read_yaml(path).plain()
    for file, entries in told.items():
        for entry in entries:
            assert set(entry) == {"place", "was", "now", "why"}, f"{file}: {sorted(entry)}"
            nows = entry["now"] if isinstance(entry["now"], list) else [entry["now"]]
            for now in nows:
                key = (file, entry["place"], entry["was"], now)
                assert key not in found, f"{key} stands twice"
                found[key] = entry["why"]
    return found


def outdated(equivalents: Mapping[Key, str], changes: Iterable[Change], files: Iterable[str]) -> list[Key]:
    """Entries that are no change of these files any more."""
    made, asked = {change.key for change in changes}, set(files)
    return [key for key in equivalents if key[0] in asked and key not in made]
