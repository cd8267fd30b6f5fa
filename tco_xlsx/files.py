"""YAML with the types of YAML 1.2 and the line and column of every value. The only importer of yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

import yaml

from tco_xlsx.errors import BadInput, Fault

Plain = Union[str, int, float, bool, None, dict[str, "Located"], list["Located"]]

_NULL = re.compile(r"(~|null|Null|NULL|)$")
_TRUE = re.compile(r"(true|True|TRUE)$")
_FALSE = re.compile(r"(false|False|FALSE)$")
_INTEGER = re.compile(r"[-+]?[0-9]+$")
_OCTAL = re.compile(r"0o[0-7]+$")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")

# The parser recurses in C: a file of ten thousand brackets would end the process, not raise.
_DEEPEST = 40
# Longer runs of digits than this are no number that a scenario means, and int() refuses the longest.
_MOST_DIGITS = 300


@dataclass(frozen=True)
class Located:
    """A value of a YAML file and where it stands. Lines and columns count from 1."""

    value: Plain
    line: int
    column: int
    key_line: int = 0
    key_column: int = 0

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


class _Loader(yaml.CSafeLoader):
    """Every plain scalar arrives as text: the types are decided here, by the rules of YAML 1.2."""


_Loader.yaml_implicit_resolvers = {}


class _Refused(Exception):
    def __init__(self, place: yaml.Node | yaml.Event, message: str) -> None:
        mark: Any = place.start_mark
        self.line = mark.line + 1
        self.column = mark.column + 1
        self.message = message


def read_text(path: Path) -> str:
    """The text of a UTF-8 file. Raises BadInput when there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput([Fault(str(path), 0, 0, "no such file.")]) from None
    except IsADirectoryError:
        raise BadInput([Fault(str(path), 0, 0, "is a folder; a file was expected.")]) from None
    except OSError as error:
        raise BadInput([Fault(str(path), 0, 0, f"cannot be read: {error.strerror}.")]) from None
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not UTF-8; save the file as UTF-8."
        raise BadInput([Fault(str(path), 0, 0, message)]) from None


def read_yaml(path: Path) -> Located:
    """The YAML document in a file, each value with its place. Raises BadInput naming the place of a fault."""
    return parse_yaml(read_text(path), str(path))


def parse_yaml(text: str, name: str) -> Located:
    """As read_yaml, of a text; `name` stands for the file in messages."""
    faults: list[Fault] = []
    try:
        _refuse_depth(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
        if node is None:
            return Located(None, 1, 1)
        return _located(node, name, faults, ())
    except _Refused as refused:
        faults.append(Fault(name, refused.line, refused.column, refused.message))
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        faults.append(Fault(name, line, column, f"not valid YAML: {error.problem or error.context}."))
    except yaml.YAMLError as error:
        faults.append(Fault(name, 0, 0, f"not valid YAML: {' '.join(str(error).split())}."))
    finally:
        if faults:
            raise BadInput(faults)
    raise AssertionError("unreachable")


def _refuse_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise _Refused(event, f"is nested more than {_DEEPEST} deep.")


def _located(node: yaml.Node, name: str, faults: list[Fault], above: tuple[int, ...]) -> Located:
    if id(node) in above:
        raise _Refused(node, "an alias may not contain itself.")
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, yaml.ScalarNode):
        return Located(_scalar(node), line, column)
    above = (*above, id(node))
    if isinstance(node, yaml.SequenceNode):
        return Located([_located(item, name, faults, above) for item in node.value], line, column)
    entries: dict[str, Located] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise _Refused(key_node, "a key must be a word.")
        key, key_mark = str(key_node.value), key_node.start_mark
        if key == "<<":
            raise _Refused(key_node, "merge keys (<<) are not read; write the values out.")
        if key in entries:
            first = entries[key].key_line
            message = f"{key}: is given twice (first on line {first}); keep one of them."
            faults.append(Fault(name, key_mark.line + 1, key_mark.column + 1, message))
            continue
        item = _located(value_node, name, faults, above)
        entries[key] = Located(item.value, item.line, item.column, key_mark.line + 1, key_mark.column + 1)
    return Located(entries, line, column)


def _scalar(node: yaml.ScalarNode) -> str | int | float | bool | None:
    text: str = node.value
    if not node.tag.startswith("tag:yaml.org,2002:str"):
        raise _Refused(node, f"the tag {node.tag} is not read; write a plain value.")
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
