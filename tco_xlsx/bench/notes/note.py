"""The note `benchmark.yaml` beside result files: what they leave out, for all of them or by rules.

    gpu_type: H100                                    # for every point below this folder
    path: "tp{gpus_per_instance}/isl{isl}_osl{osl}/*"   # pieces of the path, counted from this folder
    rules:                                            # exceptions; the first that fits gives a value
      - where: {path: "old/**", model: "*70B*"}        # either or both
        precision: FP8

A value of a rule comes before one of the path, and that before one for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from tco_xlsx.bench.notes.facts import KEYS, Facts, checked
from tco_xlsx.bench.notes.path_pattern import BadPattern, PathPattern, parsed
from tco_xlsx.documents.errors import BadInput, Fault, did_you_mean
from tco_xlsx.documents.located_yaml import Located, read_yaml

_TOP_KEYS = (*KEYS, "path", "rules")
_WHERE_KEYS = ("path", "model")

Values = dict[str, str | float]


@dataclass(frozen=True)
class Rule:
    """Values for the points of some files or models."""

    values: Values
    line: int
    path: PathPattern | None = None
    model: str | None = None

    def fits(self, path: str, model: str | None) -> Mapping[str, str | float] | None:
        """The values for a file and its model, or None when the rule is not for it."""
        pieces = self.path.match(path) if self.path else {}
        if pieces is None:
            return None
        if self.model is not None and not (model and fnmatchcase(model.lower(), self.model.lower())):
            return None
        return {**pieces, **self.values}


@dataclass
class Note:
    """What one note says, and which of its rules were of use."""

    file: Path
    values: Values = field(default_factory=dict)
    path: PathPattern | None = None
    path_line: int = 0
    rules: list[Rule] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """The lines of the rules, and of the path, that fitted some file."""

    def given(self, path: Path, model: str | None) -> Facts:
        """What the note says of a point of a file."""
        try:
            place = path.relative_to(self.file.parent).as_posix()
        except ValueError:
            place = path.name
        found: Values = dict(self.values)
        if self.path is not None and (pieces := self.path.match(place)) is not None:
            self.used.add(self.path_line)
            found |= pieces
        known = model or _text(found.get("model"))
        for rule in reversed(self.rules):
            values = rule.fits(place, known)
            if values is not None:
                self.used.add(rule.line)
                found |= values
        return Facts(str(self.file), found)

    def unused(self) -> list[tuple[int, str]]:
        """Rules, and the path, that fitted no file, with their lines."""
        lines = [(rule.line, "this rule") for rule in self.rules]
        lines += [(self.path_line, f'path "{self.path.text}"')] if self.path else []
        return [(line, what) for line, what in lines if line not in self.used]


def read_note(file: Path) -> tuple[Note, list[Fault]]:
    """A note and its faults, each with line and column."""
    note = Note(file)
    try:
        located = read_yaml(file)
    except BadInput as bad:
        return note, list(bad.faults)
    if located.value is None:
        return note, []
    reader = _Reader(str(file))
    for key, item in reader.entries(located, _TOP_KEYS, "gpus_per_instance: 8"):
        if key == "path":
            note.path, note.path_line = reader.pattern(item), item.line
        elif key == "rules":
            note.rules = reader.rules(item)
        else:
            reader.take(key, item, note.values)
    return note, reader.faults


class _Reader:
    """Reads the values of one note, gathering faults."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[Fault] = []

    def entries(self, item: Located, known: tuple[str, ...], example: str) -> list[tuple[str, Located]]:
        """The entries of a mapping with known keys."""
        if not isinstance(item.value, dict):
            self._fault(item, f"expected keys and values ({', '.join(known)}), such as {example}.")
            return []
        found: list[tuple[str, Located]] = []
        for key, value in item.value.items():
            if key in known:
                found.append((key, value))
            else:
                # An unknown key is wrong where the key stands, a wrong value where the value does.
                message = f"{key}: no such key; known are {', '.join(known)}.{did_you_mean(key, known)}"
                self.faults.append(
                    Fault(self._file, value.key_line or value.line, value.key_column or value.column, message)
                )
        return found

    def take(self, key: str, item: Located, values: Values) -> None:
        """Puts a valid value among `values`."""
        try:
            taken = checked(key, item.plain())
        except ValueError as error:
            self._fault(item, str(error))
            return
        if taken is not None:
            values[key] = taken

    def rules(self, item: Located) -> list[Rule]:
        if item.value is None:
            return []
        if not isinstance(item.value, list):
            self._fault(item, "rules: expected a list; begin each rule with - where: {...}.")
            return []
        found = [self._rule(entry) for entry in item.value]
        return [rule for rule in found if rule]

    def pattern(self, item: Located) -> PathPattern | None:
        if not isinstance(item.value, str) or not item.value.strip():
            self._fault(item, 'path: expected a pattern in quotes, such as path: "tp{gpus_per_instance}/*".')
            return None
        try:
            return parsed(item.value)
        except BadPattern as bad:
            # The opening quote stands at the column of the value.
            self.faults.append(Fault(self._file, item.line, item.column + bad.column + 1, f"path: {bad}"))
            return None

    def _rule(self, item: Located) -> Rule | None:
        values: Values = {}
        where: Located | None = None
        before = len(self.faults)
        for key, value in self.entries(item, ("where", *KEYS), "where: {model: ...}"):
            if key == "where":
                where = value
            else:
                self.take(key, value, values)
        if where is None:
            if len(self.faults) == before:
                self._fault(item, 'a rule needs "where", such as where: {path: "old/*"} or where: {model: "*70B*"}.')
            return None
        path: PathPattern | None = None
        model: str | None = None
        for key, value in self.entries(where, _WHERE_KEYS, 'model: "*70B*"'):
            if key == "path":
                path = self.pattern(value)
            elif isinstance(value.value, str) and value.value.strip():
                model = value.value.strip()
            else:
                self._fault(value, 'model: expected a name in quotes, with * for any text, such as "*70B*".')
        if len(self.faults) > before:
            return None
        if path is None and model is None:
            self._fault(where, "where: says nothing; give path, model or both.")
            return None
        return Rule(values, item.line, path, model)

    def _fault(self, item: Located, message: str) -> None:
        self.faults.append(Fault(self._file, item.line, item.column, message))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
