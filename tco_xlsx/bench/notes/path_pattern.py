"""Patterns of paths with named pieces, as a note states them: "{gpu_type}/tp{gpus_per_instance}/*"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NUMBERS = ("gpus_per_instance", "isl", "osl", "concurrency", "request_rate")
WORDS = ("gpu_type", "precision", "engine", "model")
PIECES = (*WORDS, *NUMBERS)

_PART = re.compile(
    r"\{(?P<piece>[^{}]*)\}|(?P<deep>\*\*/?)|(?P<star>\*)|(?P<one>\?)|(?P<text>[^{}*?]+)|(?P<brace>[{}])"
)


class BadPattern(Exception):
    """The pattern is not understood; the text says what to write, and `column` where it goes wrong, from 0."""

    def __init__(self, column: int, message: str) -> None:
        self.column = column
        super().__init__(message)


_FOLDER_END = "/"
_NUMBER = re.compile(r"(?:0*[1-9]\d*(?:\.\d+)?|0?\.\d*[1-9]\d*)", re.ASCII)
_LONGEST = 300
"""Characters of a pattern. The time for a path is the product of both lengths, whatever the pattern is."""
_LONGEST_NUMBER = 20


@dataclass(frozen=True)
class _Text:
    """Characters as they stand."""

    text: str

    def ends(self, path: str, start: int) -> Iterator[int]:
        if path.startswith(self.text, start):
            yield start + len(self.text)


@dataclass(frozen=True)
class _Any:
    """Any characters, of one folder or through folders; `least` of them and more, `most` first or `least` first."""

    least: int
    most: int | None = None
    crosses: bool = False
    eager: bool = True

    def ends(self, path: str, start: int) -> Iterator[int]:
        folder_end = -1 if self.crosses else path.find(_FOLDER_END, start)
        end = len(path) if folder_end < 0 else folder_end
        end = end if self.most is None else min(end, start + self.most)
        places = range(start + self.least, end + 1)
        return iter(reversed(places) if self.eager else places)


@dataclass(frozen=True)
class _Folders:
    """No folder, or one and more, each with the slash behind it."""

    def ends(self, path: str, start: int) -> Iterator[int]:
        slash = path.rfind(_FOLDER_END, start)
        while slash >= start:
            yield slash + 1
            slash = path.rfind(_FOLDER_END, start, slash)
        yield start


@dataclass(frozen=True)
class _Number:
    """A number above 0, as long as may be."""

    def ends(self, path: str, start: int) -> Iterator[int]:
        for end in range(min(len(path), start + _LONGEST_NUMBER), start, -1):
            if _NUMBER.fullmatch(path, start, end):
                yield end


_Piece = _Text | _Any | _Folders | _Number


@dataclass(frozen=True)
class PathPattern:
    """A pattern: `*` and `?` stay within a folder, `**` crosses folders, `{name}` is a value."""

    text: str
    _pieces: tuple[tuple[str, _Piece], ...]

    def match(self, path: str) -> Mapping[str, str | float] | None:
        """The named pieces of a path with forward slashes, or None when it does not fit."""
        ends = self._match(path)
        if ends is None:
            return None
        found: dict[str, str | float] = {}
        start = 0
        for (name, _), end in zip(self._pieces, ends, strict=True):
            if name:
                found[name] = float(path[start:end]) if name in NUMBERS else path[start:end]
            start = end
        return found

    def _match(self, path: str) -> list[int] | None:
        """Where each piece ends: of all ways the first. A way that failed once from some place is not tried again."""
        failed: set[tuple[int, int]] = set()
        ends: list[int] = []
        open_ways = [self._pieces[0][1].ends(path, 0)] if self._pieces else []
        while open_ways:
            end = next((end for end in open_ways[-1] if (len(open_ways), end) not in failed), None)
            if end is None:
                open_ways.pop()
                if ends:
                    failed.add((len(ends), ends.pop()))
            elif len(open_ways) < len(self._pieces):
                ends.append(end)
                open_ways.append(self._pieces[len(open_ways)][1].ends(path, end))
            elif end == len(path):
                return [*ends, end]
        return None if self._pieces or path else []


def parsed(text: str) -> PathPattern:
    """The pattern that a text means. Raises BadPattern."""
    if len(text) > _LONGEST:
        raise BadPattern(_LONGEST, f"has more than {_LONGEST} characters; write * for what does not matter.")
    pieces: list[tuple[str, _Piece]] = []
    seen: set[str] = set()
    for part in _PART.finditer(text):
        piece = part["piece"]
        if piece is not None:
            if piece not in PIECES:
                raise BadPattern(part.start(), f"{{{piece}}} is no known piece; known are {', '.join(PIECES)}.")
            if piece in seen:
                raise BadPattern(part.start(), f"{{{piece}}} stands twice; write * for the second.")
            seen.add(piece)
            # A number may be followed by words (tp8_fp8); a word ends at the folder or at the next fixed text.
            pieces.append((piece, _Number() if piece in NUMBERS else _Any(least=1, eager=False)))
        elif part["brace"]:
            raise BadPattern(part.start(), f'a lone "{part["brace"]}"; pieces are written {{gpu_type}}.')
        elif part["deep"]:
            if part["deep"].endswith("/") and pieces and isinstance(pieces[-1][1], _Folders):
                continue  # Twice in a row it means the same, and takes longer.
            pieces.append(("", _Folders() if part["deep"].endswith("/") else _Any(least=0, crosses=True)))
        elif part["star"]:
            pieces.append(("", _Any(least=0)))
        elif part["one"]:
            pieces.append(("", _Any(least=1, most=1)))
        else:
            pieces.append(("", _Text(part["text"])))
    return PathPattern(text, tuple(pieces))
