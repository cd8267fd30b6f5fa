"""A YAML document poured into dataclasses: strict, with the place of every fault."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any, TypeVar

from tco_xlsx.errors import BadInput, Fault, did_you_mean
from tco_xlsx.files import Located

T = TypeVar("T")


def fill(shape: type[T], item: Located, path: str, kinds: dict[str, type]) -> T:
    """The document as an instance of a dataclass. `kinds` maps the word under `kind:` to the class of a page.

    Raises BadInput with all faults.
    """
    faults: list[Fault] = []
    filled = _fill(shape, item, path, "", kinds, faults)
    if faults:
        raise BadInput(faults)
    return typing.cast(T, filled)


def _fill(shape: Any, item: Located, path: str, name: str, kinds: dict[str, type], faults: list[Fault]) -> Any:
    origin, parts = typing.get_origin(shape), typing.get_args(shape)

    def fault(message: str) -> None:
        faults.append(Fault(path, item.line, item.column, f"{name or 'the document'}: {message}"))

    if origin in (typing.Union, types.UnionType):
        if item.value is None and type(None) in parts:
            return None
        return _fill(next(one for one in parts if one is not type(None)), item, path, name, kinds, faults)
    if origin is list:
        if not isinstance(item.value, list):
            fault("expected a list.")
            return []
        return [_fill(parts[0], one, path, f"{name}[{number}]", kinds, faults) for number, one in enumerate(item.value)]
    if origin is dict:
        if not isinstance(item.value, dict):
            fault("expected names with values.")
            return {}
        return {key: _fill(parts[1], one, path, f"{name}.{key}", kinds, faults) for key, one in item.value.items()}
    if dataclasses.is_dataclass(shape) or shape is Any:
        return _fill_record(shape, item, path, name, kinds, faults)
    if shape is float and isinstance(item.value, int) and not isinstance(item.value, bool):
        return float(item.value)
    if not isinstance(item.value, shape):
        fault(f"expected {'a text' if shape is str else 'a number' if shape is float else shape.__name__}.")
        return shape()
    return item.value


def _fill_record(shape: Any, item: Located, path: str, name: str, kinds: dict[str, type], faults: list[Fault]) -> Any:
    if not isinstance(item.value, dict):
        faults.append(Fault(path, item.line, item.column, f"{name}: expected names with values."))
        return None
    if shape is Any:
        kind = item.value.get("kind")
        word = kind.value if kind is not None else None
        if word not in kinds:
            message = f"{name}.kind: expected one of {', '.join(kinds)}."
            faults.append(Fault(path, item.line, item.column, message))
            return None
        shape = kinds[str(word)]
    hints = typing.get_type_hints(shape)
    fields = {field.name: field for field in dataclasses.fields(shape)}
    for key, one in item.value.items():
        if key not in fields:
            message = f"{name}.{key}: no such key.{did_you_mean(key, fields)}"
            faults.append(Fault(path, one.key_line, one.key_column, message.lstrip(".")))
    given: dict[str, Any] = {}
    for key, field in fields.items():
        if key in item.value:
            given[key] = _fill(hints[key], item.value[key], path, f"{name}.{key}".lstrip("."), kinds, faults)
        elif field.default is dataclasses.MISSING:
            faults.append(Fault(path, item.line, item.column, f"{name}.{key}: is missing.".lstrip(".")))
            return None
    return shape(**given)
