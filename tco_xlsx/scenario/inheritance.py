"""`extends:`: a scenario file with all that it builds on, and what they say together."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tco_xlsx.documents.errors import BadInput, Fault, did_you_mean
from tco_xlsx.documents.located_yaml import FileName, Located, read_digested
from tco_xlsx.documents.messages import shown
from tco_xlsx.documents.paths import NotReadable, look
from tco_xlsx.language.sections import Model
from tco_xlsx.scenario.inputs import Entry
from tco_xlsx.scenario.parsed import Statement, read_statement

LONGEST_CHAIN = 20
"""Files of one scenario. More are a mistake, and nobody could follow them."""

# Thousands of scenarios extend the same few files, which are read anew for each: their judged text is kept.
_KEPT_FILES = 32
_LONGEST_KEPT = 100_000


@dataclass(frozen=True)
class Lineage:
    """A scenario file first, then what it extends, to the end.

    `is_whole` is False when a file could not be read, and so what it would have said is not known.
    """

    statements: Sequence[Statement]
    faults: Sequence[Fault]
    is_whole: bool

    @property
    def entries(self) -> dict[str, Entry]:
        """What they say together: of each input what the nearest file gives, wholly."""
        merged: dict[str, Entry] = {}
        for one in reversed(self.statements):
            merged |= one.entries
        return merged


def read_lineage(path: Path, model: Model, overridden: frozenset[str]) -> Lineage:
    """Read a file and all that it extends; every file is judged. Raises nothing for what they hold.

    `overridden` names the inputs whose values in the files do not count.
    """
    statements: list[Statement] = []
    faults: list[Fault] = []
    is_whole = False
    try:
        file = FileName.of(path)
        statements.append(_read(file, model, overridden))
        while (said := statements[-1].top.get("extends")) is not None:
            file = _extended(statements, said)
            statement = _read_again(file, model, overridden)
            if "matrix" in statement.top:
                message = f"extends: {_as_said(said)} holds a matrix; extend a file without one."
                faults.append(_at(statements[-1], said, message))
            statements.append(statement)
        is_whole = not {"extends", "matrix"} & {name for one in statements for name in one.misspelt}
    except BadInput as bad:
        faults.extend(bad.faults)
    return Lineage(statements, [*faults, *(fault for one in statements for fault in one.faults)], is_whole)


def written_of(lineage: Lineage, name: str) -> Located | None:
    """What the nearest file writes as the value of an input, sound or not."""
    section, _, attribute = name.partition(".")
    for one in lineage.statements:
        found = dict(one.top[section].items()).get(attribute) if section in one.top else None
        if found is not None:
            parts = dict(found.items())
            return parts.get("value", found) if parts else found
    return None


def _extended(statements: Sequence[Statement], said: Located) -> FileName:
    """The file that the last of the statements extends. Raises BadInput where there is none to go on with."""
    last = statements[-1]
    if not isinstance(said.value, str) or not said.value.strip():
        wrong = "is empty" if said.value is None or said.value == "" else f"{_kind(said.value)} cannot be extended"
        raise BadInput([_at(last, said, f"extends: {wrong}; give the name of one file, such as base.yaml.")])
    folder = last.file.folder
    path = folder / said.value
    try:
        if stat.S_ISDIR(look(path).st_mode):
            raise BadInput([_at(last, said, f"extends: {said.value} is a folder; give the name of one file.")])
    except NotReadable as refused:
        if not refused.is_missing:
            raise BadInput([_at(last, said, f"extends: {shown(said.value)} {refused}")]) from None
        own = Path(last.file.shown).name
        known = sorted(item.name for item in folder.glob("*.y*ml") if item.name != own)
        hint = did_you_mean(said.value, known)
        raise BadInput([_at(last, said, f"extends: {said.value} is not there (looked in {folder}).{hint}")]) from None
    file = _plainly_named(path)
    chain = [one.file.real for one in statements]
    if file.real in chain:
        raise BadInput([_circle(statements[chain.index(file.real) :])])
    if len(statements) == LONGEST_CHAIN:
        raise BadInput([_at(last, said, f"extends: is the end of a chain of {LONGEST_CHAIN} files; shorten it.")])
    return file


def _circle(loop: Sequence[Statement]) -> Fault:
    """The loop from its first file by name: whichever of its files is read, it is one fault at one place."""
    first = min(range(len(loop)), key=lambda place: loop[place].file.real)
    turned = [*loop[first:], *loop[:first]]
    folder = turned[0].file.folder
    names = [Path(os.path.relpath(one.file.shown, folder)).as_posix() for one in (*turned, turned[0])]
    message = f"extends: goes round in a circle: {' > '.join(names)}; take one of these `extends` out."
    return _at(turned[0], turned[0].top["extends"], message)


def _read(file: FileName, model: Model, overridden: Collection[str]) -> Statement:
    text, digest = read_digested(Path(file.shown))
    return read_statement(text, digest, file, model, overridden)


def _read_again(file: FileName, model: Model, overridden: frozenset[str]) -> Statement:
    text, digest = read_digested(Path(file.shown))
    read = _kept if len(text) <= _LONGEST_KEPT else read_statement
    return read(text, digest, file, model, overridden)


_kept = lru_cache(maxsize=_KEPT_FILES)(read_statement)


def _plainly_named(path: Path) -> FileName:
    """A path without `..`, where that is the same file: behind a symbolic link it may not be."""
    plain = Path(os.path.normpath(path))
    name = FileName.of(path)
    return FileName.of(plain) if os.path.realpath(plain) == name.real else name


def _at(statement: Statement, place: Located, message: str) -> Fault:
    return Fault(statement.file.shown, place.line, place.column, message)


def _as_said(said: Located) -> str:
    return str(said.value)


def _kind(value: object) -> str:
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else str(value)
