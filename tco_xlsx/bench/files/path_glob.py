"""What a pattern of paths finds: `*`, `?` and `[...]` stay within a folder, `**` goes through folders.

However many `**` a pattern has, each folder is looked into once for each of its pieces.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Sequence
from fnmatch import translate
from pathlib import Path

MAGIC = frozenset("*?[")
_DEEP = "**"


def is_pattern(path: Path) -> bool:
    """Whether a path holds what stands for more than one name."""
    return bool(MAGIC & set(str(path)))


def is_hidden(name: str) -> bool:
    """Whether a name is passed over where nobody asked for it: by a walk and by a wildcard."""
    # "~$" begins the lock file that Excel lays beside an open workbook.
    return name.startswith((".", "~$")) or name == "__MACOSX"


def matching(pattern: Path, tick: Callable[[], None]) -> tuple[Path, list[Path]]:
    """The folder above the first piece with a wildcard; and what the pattern finds, sorted, hidden names left out.

    `tick` is called for each name looked at, and may raise.
    """
    parts = pattern.parts
    fixed = next(place for place, part in enumerate(parts) if MAGIC & set(part))
    root = Path(*parts[:fixed])
    search = _Search([_piece(part) for part in _without_repeats(parts[fixed:])], tick)
    search.below(root, 0)
    return root, sorted(search.found, key=str)


def _without_repeats(parts: Sequence[str]) -> list[str]:
    return [part for place, part in enumerate(parts) if part != _DEEP or parts[place - 1 : place] != (_DEEP,)]


def _piece(part: str) -> str | re.Pattern[str]:
    return re.compile(translate(part)) if part != _DEEP and MAGIC & set(part) else part


class _Search:
    def __init__(self, pieces: Sequence[str | re.Pattern[str]], tick: Callable[[], None]) -> None:
        self.pieces = pieces
        self.tick = tick
        self.found: dict[Path, None] = {}
        self._seen: set[tuple[str, int]] = set()

    def below(self, folder: Path, start: int) -> None:
        """Adds what the pieces from `start` on find in a folder; deep trees need no deep stack."""
        todo = deque([(folder, start)])
        while todo:
            here, place = todo.popleft()
            if place == len(self.pieces):
                self.found[here] = None
                continue
            piece = self.pieces[place]
            if isinstance(piece, str) and piece != _DEEP:
                if os.path.lexists(here / piece):
                    todo.append((here / piece, place + 1))
                continue
            # A link to a folder above would make the walk endless.
            seen = (os.path.realpath(here), place)
            if seen in self._seen:
                continue
            self._seen.add(seen)
            names = self._names(here)
            if isinstance(piece, re.Pattern):
                todo += [(here / name, place + 1) for name in names if piece.match(name)]
                continue
            # `**` is no folder, or one and more; at the end it stands for all that is there.
            todo.append((here, place + 1))
            for name in names:
                if os.path.isdir(here / name):
                    todo.append((here / name, place))
                elif place + 1 == len(self.pieces):
                    self.found[here / name] = None

    def _names(self, folder: Path) -> list[str]:
        try:
            names = os.listdir(folder)
        except OSError:
            return []
        for _ in names:
            self.tick()
        return [name for name in names if not is_hidden(name)]
