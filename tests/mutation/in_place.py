"""A change inside a function, put into that function as it stands.

Whoever imported the function before runs the changed one, so that nothing need be imported again. What a function
gave while modules were imported stays as it was: `Reach.while_importing` tells such functions apart.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cached_property
from types import CodeType, FunctionType
from typing import Any

from tests.mutation.changes import ROOT, Change, Source


def function_around(change: Change) -> ast.FunctionDef | None:
    """The outermost function whose body holds a change; None where it is in a default, a decorator or no function."""
    source = Source(ROOT / change.file)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef):
            first, _ = source.span(node.body[0])
            _, last = source.span(node.body[-1])
            # The walk is from the outside, so that the first one found is the outermost.
            if first <= change.start and change.end <= last:
                return node
    return None


def changed_in_place(change: Change, module: str) -> bool:
    """Whether the change could be put into a function that is loaded; nothing has changed where not."""
    node = function_around(change)
    if node is None or module not in sys.modules:
        return False
    text = (ROOT / change.file).read_text(encoding="utf-8")
    changed = compile(change.applied(text), str(ROOT / change.file), "exec", dont_inherit=True)
    line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    codes = [code for code in _codes(changed) if code.co_firstlineno == line and code.co_name == node.name]
    functions = [one for one in _functions(vars(sys.modules[module]), module) if one.__code__.co_firstlineno == line]
    if len(codes) != 1 or len(functions) != 1 or functions[0].__code__.co_name != node.name:
        return False
    functions[0].__code__ = codes[0]
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _functions(names: Any, module: str) -> Iterator[FunctionType]:
    """The functions that a module or a class of it defines, each once."""
    seen: set[int] = set()
    for value in list(names.values()):
        if isinstance(value, type) and value.__module__ == module:
            yield from (one for one in _functions(vars(value), module) if not (id(one) in seen or seen.add(id(one))))
            continue
        if isinstance(value, property):
            value = value.fget
        elif isinstance(value, cached_property):
            value = value.func
        function = inspect.unwrap(getattr(value, "__func__", value)) if callable(value) else None
        if isinstance(function, FunctionType) and function.__module__ == module and id(function) not in seen:
            seen.add(id(function))
            yield function
