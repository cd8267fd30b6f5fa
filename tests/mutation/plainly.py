"""Runs the tests of a module without pytest: several hundred thousand calls for one change each add up.

Knows parametrize and tmp_path, and nothing else of pytest; a test that asks for more is not run here.
"""

from __future__ import annotations

import importlib
import inspect
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest


def first_failure(name: str) -> str:
    """The first test that fails, as "module:function", or an empty text. `name` is a module, or one of its tests."""
    module_name, _, function = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except Exception:
        return module_name
    tests = [function] if function else [one for one in vars(module) if one.startswith("test_")]
    for test in tests:
        for call in _calls(getattr(module, test)):
            try:
                call()
            except pytest.skip.Exception:
                continue
            except (Exception, pytest.fail.Exception):
                return f"{module_name}:{test}"
    return ""


def _calls(test: Callable[..., None]) -> Iterator[Callable[[], None]]:
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    given = [list(_arguments(*mark.args)) for mark in marks]
    wanted = set(inspect.signature(test).parameters)
    for chosen in product(*given):
        arguments: dict[str, Any] = {key: value for one in chosen for key, value in one.items()}
        if wanted - set(arguments) <= {"tmp_path"}:
            yield lambda arguments=arguments: _call(test, arguments, "tmp_path" in wanted)  # type: ignore[misc]


def _arguments(names: str | tuple[str, ...], values: Any) -> Iterator[Mapping[str, Any]]:
    listed = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    for value in values:
        row = getattr(value, "values", value) if type(value).__name__ == "ParameterSet" else value
        yield dict(zip(listed, row if len(listed) > 1 else [row], strict=True))


def _call(test: Callable[..., None], arguments: Mapping[str, Any], folder: bool) -> None:
    if not folder:
        return test(**arguments)
    place = Path(tempfile.mkdtemp(prefix="mutation-"))
    try:
        return test(**arguments, tmp_path=place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
