"""The names and titles of a matrix's scenarios: from its patterns, unique, and fit for files."""

from __future__ import annotations

from functools import cache

from tco_xlsx.documents.located_yaml import FaultsOf, Located
from tco_xlsx.scenario.inputs import Entries
from tco_xlsx.scenario.matrix.axes import text_of
from tco_xlsx.scenario.matrix.pattern import Pattern, safe
from tco_xlsx.scenario.matrix.read import Combination, Matrix
from tco_xlsx.scenario.parsed import LONGEST_TITLE

LONGEST_NAME = 100
"""File names end at 255 bytes on most systems, and a name may stand in a path with others."""

_safe = cache(safe)


class Naming:
    """Names combinations one after the other; what is wrong with a name is told once, in `faults`."""

    def __init__(self, matrix: Matrix, title: str, stem: str, faults: FaultsOf) -> None:
        self.matrix = matrix
        self.title = title
        self.stem = stem
        self.faults = faults
        self.axes = {axis.name: number for number, axis in enumerate(matrix.axes)}
        self.taken: set[str] = set()
        self.told: set[str] = set()

    def of(self, one: Combination, entries: Entries) -> tuple[str, str]:
        """The name and the title of the scenario that a combination gives."""
        named, titled = one.name or self.matrix.name, one.title or self.matrix.title
        name = named.filled(lambda piece: _safe(self._text(piece, one, entries))).strip("-. ")
        title = " ".join(titled.filled(lambda piece: self._text(piece, one, entries)).split())
        self._judge(name, named, one)
        if len(title) > LONGEST_TITLE:
            message = f"matrix.title: gives a title of {len(title)} characters; keep it to {LONGEST_TITLE}."
            self._tell("title", one.place or self.matrix.title_place, message)
        return name, title

    def _judge(self, name: str, pattern: Pattern, one: Combination) -> None:
        place = one.place or self.matrix.name_place
        taken = name.casefold()
        if not name:
            self._tell("empty", place, "matrix.name: gives an empty name; add something, such as {file}.")
        elif len(name) > LONGEST_NAME:
            message = f'matrix.name: gives "{name[:30]}...", {len(name)} characters; keep names to {LONGEST_NAME}.'
            self._tell("long", place, message)
        elif taken in self.taken and one.place is not None:
            message = f'matrix.include: is called "{name}" as another scenario is; give it a `name:` of its own.'
            self._tell(f"include {name}", one.place, message)
        elif taken in self.taken:
            left = [
                axis.name
                for axis in self.matrix.axes
                if axis.name not in pattern.placeholders and len(axis.options) > 1
            ]
            advice = f"add {{{left[0]}}}" if left else "their labels differ only in signs or capitals; change one"
            self._tell("same", place, f'matrix.name: "{name}" names more than one scenario; {advice}.')
        self.taken.add(taken)

    def _text(self, placeholder: str, one: Combination, entries: Entries) -> str:
        if placeholder in self.axes:
            return one.options[self.axes[placeholder]].label
        if placeholder == "file":
            return self.stem
        if placeholder == "title":
            return self.title
        return text_of(placeholder, entries[placeholder].value)

    def _tell(self, what: str, place: Located, message: str) -> None:
        if what not in self.told:
            self.told.add(what)
            self.faults.add(place, message, at_key=place is self.matrix.place)
