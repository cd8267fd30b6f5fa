"""YAML with the types of YAML 1.2 and the line and column of every value. The only importer of yaml."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from tco_xlsx.documents.errors import BadInput, Fault
from tco_xlsx.documents.paths import NotReadable, content
from tco_xlsx.documents.unread import what_it_is

Plain: TypeAlias = "str | int | float | bool | dict[str, Located] | list[Located] | None"

_NULL = re.compile(r"(~|null|Null|NULL|)$")
_TRUE = re.compile(r"(true|True|TRUE)$")
_FALSE = re.compile(r"(false|False|FALSE)$")
_INTEGER = re.compile(r"[-+]?[0-9]+$")
_OCTAL = re.compile(r"0o[0-7]+$")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

MOST_YAML_BYTES = 4 << 20
"""Of a file written by hand. The parser keeps the place of each value: a hundred MB of memory for each MB of text."""

_BLOCK = ("|", ">")
# The parser recurses in C: a file of ten thousand brackets would end the process, not raise.
_DEEPEST = 40
# Aliases of aliases double with each line: nine short lines would fill the memory.
_MOST_VALUES = 500_000
_LONGEST_KEY = 500
# Longer runs of digits than this are no number that a scenario means, and int() refuses the longest.
_MOST_DIGITS = 300

# What is nearly always behind a complaint of the parser.
_ADVICE = {
    "mapping values are not allowed in this context": "check the indentation, and put a text with a colon in quotes",
    "found character that cannot start any token": "indent with spaces, not tabs, and put a text that begins with a"
    " special character in quotes",
    "found a tab character that violates indentation": "indent with spaces",
    "found undefined alias": "put a text that begins with * in quotes",
}


@dataclass(frozen=True, slots=True)
class Located:
    """A value of a YAML file and where it stands. Lines and columns count from 1.

    `start` and `end` are the offsets of its text, without white space and comments behind it; where an alias stands
    for it, those of the text with the anchor. `shared`: its text is that of other values, too.
    """

    value: Plain
    line: int
    column: int
    key_line: int = 0
    key_column: int = 0
    start: int = 0
    end: int = 0
    shared: bool = False

    def plain(self) -> object:
        """The value without its places: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value

    def items(self) -> Iterator[tuple[str, Located]]:
        """The entries of a mapping; none for anything else."""
        yield from (self.value.items() if isinstance(self.value, dict) else ())


@dataclass(frozen=True)
class FileName:
    """A file as messages name it (`shown`), and as it is told apart from others (`real`, without symbolic links)."""

    shown: str
    real: str

    @property
    def folder(self) -> Path:
        """The folder that relative paths in the file start from."""
        return Path(self.shown).parent

    @classmethod
    def of(cls, path: Path) -> FileName:
        """The name of a file, there or not."""
        return cls(str(path), os.path.realpath(path))


class FaultsOf:
    """Collects what is wrong with one file, at the places of its values."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Fault] = []

    def add(self, place: Located, message: str, at_key: bool = False) -> None:
        """Add a fault at a value, or at its key when it has one."""
        line, column = place.line, place.column
        if at_key and place.key_line:
            line, column = place.key_line, place.key_column
        self.found.append(Fault(self.name, line, column, message))


class _Loader(yaml.CSafeLoader):
    """Every plain scalar arrives as text: the types are decided here, by the rules of YAML 1.2."""


_Loader.yaml_implicit_resolvers = {}


class _Refused(Exception):
    def __init__(self, line: int, column: int, message: str) -> None:
        self.line, self.column, self.message = line, column, message

    @classmethod
    def at(cls, place: yaml.Node | yaml.Event, message: str) -> _Refused:
        mark: Any = place.start_mark
        return cls(mark.line + 1, mark.column + 1, message)


def read_text(path: Path) -> str:
    """The text of a UTF-8 file. Raises BadInput when there is none."""
    return read_digested(path)[0]


def read_digested(path: Path) -> tuple[str, str]:
    """The text of a UTF-8 file and the SHA-256 of its bytes. Raises BadInput when there is none."""
    try:
        held = content(path, MOST_YAML_BYTES)
    except NotReadable as refused:
        raise BadInput([Fault(str(path), 0, 0, str(refused))]) from None
    message = what_it_is(held)
    if message:
        raise BadInput([Fault(str(path), 0, 0, message)])
    text = held.removeprefix(codecs.BOM_UTF8)
    try:
        return text.decode(), hashlib.sha256(held).hexdigest()
    except UnicodeDecodeError as error:
        before = text[: error.start].decode()
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"byte {len(held) - len(text) + error.start} is not UTF-8; save the file as UTF-8."
        raise BadInput([Fault(str(path), *place, message)]) from None


def read_yaml(path: Path) -> Located:
    """The YAML document in a file, each value with its place. Raises BadInput naming the place of a fault."""
    return parse_yaml(read_text(path), str(path))


def parse_yaml(text: str, name: str) -> Located:
    """As read_yaml, of a text; `name` stands for the file in messages."""
    try:
        _refuse_characters(text)
        _refuse_depth(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
        if node is None:
            return Located(None, 1, 1)
        tree = _Tree(name, text)
        located = tree.located(node, ())
    except _Refused as refused:
        raise BadInput([Fault(name, refused.line, refused.column, refused.message)]) from None
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise BadInput([Fault(name, line, column, f"not valid YAML: {_complaint(error)}.")]) from None
    except yaml.YAMLError as error:
        raise BadInput([Fault(name, 0, 0, f"not valid YAML: {' '.join(str(error).split())}.")]) from None
    if tree.faults:
        raise BadInput(tree.faults)
    return located


def _complaint(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or error.context or "it cannot be read"
    if problem == "but found another document":
        return "a second document begins here; keep one of them"
    advice = _ADVICE.get(problem)
    return f"{problem}; {advice}" if advice else problem


def _refuse_characters(text: str) -> None:
    wrong = _FORBIDDEN.search(text.removeprefix("\ufeff"))
    if wrong:
        before = text.removeprefix("\ufeff")[: wrong.start()]
        column = wrong.start() - before.rfind("\n")
        message = f"the character U+{ord(wrong[0]):04X} is not allowed in YAML; remove it."
        raise _Refused(before.count("\n") + 1, column, message)


def _refuse_depth(text: str) -> None:
    depth = 0
    # Counted before a tree is built, which takes a hundred times as much memory.
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        if count > 2 * _MOST_VALUES:
            raise _Refused.at(event, f"the file has more than {_MOST_VALUES:,} values.")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _Refused.at(event, f"is nested more than {_DEEPEST} deep.")


class _Tree:
    """Turns nodes into located values, collecting the keys that are given twice."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.faults: list[Fault] = []
        self.count = 0
        self.uses: dict[int, int] = {}

    def located(self, node: yaml.Node, above: tuple[int, ...], shared: bool = False) -> Located:
        self.count += 1
        if id(node) in above:
            raise _Refused.at(node, "an alias may not contain itself.")
        if len(above) > _DEEPEST:
            raise _Refused.at(node, f"is nested more than {_DEEPEST} deep.")
        if self.count > _MOST_VALUES:
            raise _Refused.at(node, f"the file has more than {_MOST_VALUES:,} values, its aliases written out.")
        if not above:
            self._count_uses(node)
        shared = shared or self.uses.get(id(node), 0) > 1
        # The parser does not count a mark of the byte order.
        start, end = (mark.index + self.text.startswith("\ufeff") for mark in (node.start_mark, node.end_mark))
        at = partial(Located, line=node.start_mark.line + 1, column=node.start_mark.column + 1, start=start)
        if isinstance(node, yaml.ScalarNode):
            if node.style in _BLOCK:
                end = start + len(self.text[start:end].rstrip())
            return at(_scalar(node), end=end, shared=shared)
        above = (*above, id(node))
        if isinstance(node, yaml.SequenceNode):
            _refuse_tag(node, "seq")
            items = [self.located(item, above, shared) for item in node.value]
            return at(items, end=end if node.flow_style else items[-1].end, shared=shared)
        _refuse_tag(node, "map")
        assert isinstance(node, yaml.MappingNode)
        entries: dict[str, Located] = {}
        for key_node, value_node in node.value:
            key, key_line, key_column = _key(key_node)
            if key in entries:
                message = f"{key}: is given twice (first on line {entries[key].key_line}); keep one of them."
                self.faults.append(Fault(self.name, key_line, key_column, message))
                continue
            item = self.located(value_node, above, shared)
            entries[key] = replace(item, key_line=key_line, key_column=key_column)
        if not node.flow_style:
            end = max(item.end for item in entries.values())
        return at(entries, end=end, shared=shared)

    def _count_uses(self, root: yaml.Node) -> None:
        """How often each node stands in the file: more than once where aliases name it."""
        if "*" not in self.text:
            return
        waiting = [root]
        while waiting:
            node = waiting.pop()
            self.uses[id(node)] = self.uses.get(id(node), 0) + 1
            if self.uses[id(node)] == 1 and isinstance(node, yaml.CollectionNode):
                waiting += [part for entry in node.value for part in (entry if isinstance(entry, tuple) else (entry,))]


def _key(node: yaml.Node) -> tuple[str, int, int]:
    if not isinstance(node, yaml.ScalarNode):
        raise _Refused.at(node, "a key must be a word.")
    _refuse_tag(node, "str")
    _refuse_escapes(node)
    key = str(node.value)
    if not key.isprintable() or len(key) > _LONGEST_KEY:
        raise _Refused.at(node, f"a key must be a word of one line, of {_LONGEST_KEY} characters at most.")
    if key == "<<":
        raise _Refused.at(node, "merge keys (<<) are not read; write the values out.")
    return key, node.start_mark.line + 1, node.start_mark.column + 1


def _refuse_tag(node: yaml.Node, kind: str) -> None:
    if node.tag not in (f"tag:yaml.org,2002:{kind}", "!"):
        shown = node.tag.replace("tag:yaml.org,2002:", "!!")
        raise _Refused.at(node, f"the tag {shown} is not read; write a plain value.")


def _refuse_escapes(node: yaml.ScalarNode) -> None:
    """What is refused in the file itself is refused as an escape, too: "\\e" or "\\x01" in double quotes."""
    wrong = _FORBIDDEN.search(node.value) if node.style == '"' else None
    if wrong:
        raise _Refused.at(node, f"holds the character U+{ord(wrong[0]):04X}, which no workbook can hold; remove it.")


def _scalar(node: yaml.ScalarNode) -> str | int | float | bool | None:
    _refuse_tag(node, "str")
    _refuse_escapes(node)
    text: str = node.value
    return text if node.style else scalar_of(text)


def scalar_of(text: str) -> str | int | float | bool | None:
    """What an unquoted word means in YAML 1.2: `010` is ten, `no` and `12:30` are text."""
    if _NULL.match(text):
        return None
    if _TRUE.match(text):
        return True
    if _FALSE.match(text):
        return False
    if len(text) <= _MOST_DIGITS:
        if _INTEGER.match(text):
            return int(text)
        if _OCTAL.match(text):
            return int(text[2:], 8)
        if _HEXADECIMAL.match(text):
            return int(text, 16)
        if _FLOAT.match(text):
            return float(text)
    if _NOT_FINITE.match(text):
        return float(text.replace(".", "").lower())
    return text
