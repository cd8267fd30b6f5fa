"""Names and titles from a pattern such as "{file}-{hardware}-{server.price}"."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from tco_xlsx.documents.messages import suggestion

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Pattern:
    """Texts and placeholders in turn, a text first and last."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Pattern:
        """The pattern that a text writes."""
        return cls(tuple(_PLACEHOLDER.split(text)))

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names in braces, in order."""
        return self.pieces[1::2]

    def filled(self, text_of: Callable[[str], str]) -> str:
        """The text with each placeholder's text in its place."""
        parts = [text_of(piece) if number % 2 else piece for number, piece in enumerate(self.pieces)]
        return "".join(parts)

    def objections(self, known: Collection[str], safe: bool) -> list[str]:
        """What is wrong: unknown names, stray braces and, where it must be `safe`, signs that no file name takes."""
        found = [f"{{{name}}}: no such placeholder.{suggestion(name, known)}" for name in self._unknown(known)]
        around = "".join(self.pieces[::2])
        if "{" in around or "}" in around:
            found.append("has a brace without its other; write a placeholder as {file}.")
        elif safe and (wrong := _UNSAFE.search(around)):
            found.append(f'"{wrong[0]}" cannot stand in a name; use letters, digits, - _ and the dot.')
        return found

    def _unknown(self, known: Collection[str]) -> list[str]:
        return [name for name in dict.fromkeys(self.placeholders) if name not in known]


def safe(text: str) -> str:
    """A text as a part of a file name that every system takes."""
    return _UNSAFE.sub("-", text)
