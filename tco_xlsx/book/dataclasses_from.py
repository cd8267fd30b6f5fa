"""A YAML document poured into dataclasses: strict, with the place of every fault."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from functools import cache
from typing import Annotated, Any, TypeVar

from tco_xlsx.book.template_kinds import Kind, Known
from tco_xlsx.documents.errors import BadInput, Fault, did_you_mean
from tco_xlsx.documents.located_yaml import Located
from tco_xlsx.documents.messages import shown

T = TypeVar("T")

_TYPES = {str: "a text", float: "a number", bool: "true or false"}


def fill(shape: type[T], item: Located, path: str, kinds: dict[str, type], known: Known) -> T:
    """The document as an instance of a dataclass. `kinds` maps the word under `kind:` to the class of a page, `known`
    is what the Kinds of annotated fields ask.

    Raises BadInput with all faults.
    """
    filling = _Filling(path, kinds, known)
    filled = filling.fill(shape, item, "")
    if filling.faults:
        raise BadInput(filling.faults)
    return typing.cast(T, filled)


@cache
def _fields(shape: type) -> tuple[dict[str, Any], dict[str, dataclasses.Field[Any]]]:
    fields = {field.name: field for field in dataclasses.fields(shape)}
    return typing.get_type_hints(shape, include_extras=True), fields


class _Filling:
    def __init__(self, path: str, kinds: dict[str, type], known: Known) -> None:
        self.path = path
        self.kinds = kinds
        self.known = known
        self.faults: list[Fault] = []

    def fill(self, shape: Any, item: Located, name: str) -> Any:
        """The value as the shape asks; something of another shape only together with a fault."""
        origin, parts = typing.get_origin(shape), typing.get_args(shape)
        if origin is Annotated:
            before = len(self.faults)
            filled = self.fill(parts[0], item, name)
            kind = parts[1]
            assert isinstance(kind, Kind)
            # What is of the wrong type, or holds a fault, is not judged any further.
            wrong = kind.objection(filled, self.known) if len(self.faults) == before else None
            if wrong:
                self._fault(item, name, wrong if wrong.endswith("?") else f"{wrong}.")
            return filled
        if origin in (typing.Union, types.UnionType):
            if item.value is None:
                return None
            return self.fill(next(one for one in parts if one is not type(None)), item, name)
        if origin is list:
            if not isinstance(item.value, list):
                self._fault(item, name, f"{shown(item.value)} is not a list; one was expected.")
                return []
            return [self.fill(parts[0], one, f"{name}[{number}]") for number, one in enumerate(item.value)]
        if origin is dict:
            if not isinstance(item.value, dict):
                self._fault(item, name, f"{shown(item.value)} is not a mapping; names with values were expected.")
                return {}
            return {key: self.fill(parts[1], one, f"{name}.{key}") for key, one in item.value.items()}
        if dataclasses.is_dataclass(shape) or shape is Any:
            return self._record(shape, item, name)
        return self._scalar(shape, item, name)

    def _scalar(self, shape: Any, item: Located, name: str) -> Any:
        value: Any = item.value
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if shape is float and is_number and abs(value) < 1e300 and math.isfinite(value):
            return float(value)
        if not isinstance(value, shape) or shape is float:
            hint = " Put it into quotes." if shape is str and isinstance(value, (int, float)) else ""
            wrong = "is empty" if value is None else f"{shown(value)} is not {_TYPES[shape]}"
            self._fault(item, name, f"{wrong}; {_TYPES[shape]} was expected.{hint}")
            return shape()
        return value

    def _record(self, shape: Any, item: Located, name: str) -> Any:
        if not isinstance(item.value, dict):
            self._fault(item, name, f"{shown(item.value)} is not a mapping; names with values were expected.")
            return None
        if shape is Any:
            kind = item.value.get("kind")
            word = kind.value if kind is not None else None
            if not isinstance(word, str) or word not in self.kinds:
                wrong = "is missing" if kind is None else f"{shown(word)} is not known"
                hint = did_you_mean(word, self.kinds) if isinstance(word, str) else ""
                self._fault(kind or item, f"{name}.kind", f"{wrong}; there are {', '.join(self.kinds)}.{hint}")
                return None
            shape = self.kinds[word]
        hints, fields = _fields(shape)
        for key, one in item.value.items():
            if key not in fields:
                message = f"{name}.{shown(key)[1:-1]}: no such key.{did_you_mean(key, fields)}"
                self.faults.append(Fault(self.path, one.key_line, one.key_column, message.lstrip(".")))
        given: dict[str, Any] = {}
        for key, field in fields.items():
            if key in item.value:
                given[key] = self.fill(hints[key], item.value[key], f"{name}.{key}".lstrip("."))
            elif field.default is dataclasses.MISSING:
                line, column = (item.key_line, item.key_column) if item.key_line else (item.line, item.column)
                self.faults.append(Fault(self.path, line, column, f"{name}.{key}: is missing.".lstrip(".")))
        return shape(**given) if len(given) == len(fields) or not self.faults else None

    def _fault(self, item: Located, name: str, message: str) -> None:
        self.faults.append(Fault(self.path, item.line, item.column, f"{name or 'the document'}: {message}"))
