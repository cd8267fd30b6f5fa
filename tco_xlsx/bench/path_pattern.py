"""Patterns of paths with named pieces, as a note states them: "{gpu_type}/tp{gpus_per_instance}/*"."""

from __future__ import annotations

import re
from collections.abc import Mapping
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


@dataclass(frozen=True)
class PathPattern:
    """A pattern: `*` and `?` stay within a folder, `**` crosses folders, `{name}` is a value."""

    text: str
    _expression: re.Pattern[str]

    def match(self, path: str) -> Mapping[str, str | float] | None:
        """The named pieces of a path with forward slashes, or None when it does not fit."""
        found = self._expression.fullmatch(path)
        if not found:
            return None
        return {name: float(value) if name in NUMBERS else value for name, value in found.groupdict().items()}


def parsed(text: str) -> PathPattern:
    """The pattern that a text means. Raises BadPattern."""
    expression = ""
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
            expression += f"(?P<{piece}>{_NUMBER if piece in NUMBERS else _WORD})"
        elif part["brace"]:
            raise BadPattern(part.start(), f'a lone "{part["brace"]}"; pieces are written {{gpu_type}}.')
        elif part["deep"]:
            expression += "(?:.*/)?" if part["deep"].endswith("/") else ".*"
        elif part["star"]:
            expression += "[^/]*"
        elif part["one"]:
            expression += "[^/]"
        else:
            expression += re.escape(part["text"])
    return PathPattern(text, re.compile(expression))


_NUMBER = r"(?:0*[1-9]\d*(?:\.\d+)?|0?\.\d*[1-9]\d*)"
_WORD = r"[^/]+?"
