"""Changes that only a model knows: a line exchanged for another of the same unit, and broken Excel faces."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from tco_xlsx.language.lines import Line
from tco_xlsx.language.sections import Model
from tests.mutation.changes import Edit, Maker, Source

_FACES: Sequence[tuple[str, str]] = (
    (r"<=", "<"),
    (r">=", ">"),
    (r"<(?![=>])", "<="),
    (r">(?!=)", ">="),
    (r"(?<![<>])=", "<>"),
    (r"\+", "-"),
    (r"(?<!\{)-(?!\{\})", "+"),
    (r"\*(?!\})", "+"),
    (r"/", "*"),
    (r"\^", "*"),
    (r"MAX", "MIN"),
    (r"MIN", "MAX"),
    (r"AND", "OR"),
    (r"\bOR\b", "AND"),
    (r"ROUNDUP", "ROUND"),
    (r"\bINT\b", "ROUND"),
    (r"\bSUM\b", "MAX"),
    (r"COUNT", "COUNTA"),
    (r"SMALL", "LARGE"),
    (r",0\)$", ",1)"),
    (r"\{0\}", "{1}"),
    (r"\{1\}", "{0}"),
    (r"\{2\}", "{1}"),
    (r"\{3\}", "{2}"),
)


def exchanged_lines(model: Model, most: int = 2) -> Maker:
    """For each line that a formula names, up to `most` others of the same unit and axis that stand above."""
    place = {id(line): number for number, line in enumerate(model.lines)}
    by_name = {line.name: line for line in model.lines}

    def resolve(node: ast.AST, source: Source) -> tuple[Line, str] | None:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            line = by_name.get(f"{_section(node.value.id)}.{node.attr}")
            return None if line is None else (line, node.value.id)
        inside = _class_around(node, source)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and inside:
            line = by_name.get(f"{_section(inside)}.{node.id}")
            return None if line is None else (line, inside)
        return None

    def make(node: ast.AST, source: Source) -> Iterator[Edit]:
        found = resolve(node, source)
        inside = _class_around(node, source)
        if found is None or not inside:
            return
        line, _ = found
        own = by_name.get(f"{_section(inside)}.{source.place(node).split('.')[-1]}")
        limit = place[id(own)] if own is not None else place[id(line)]
        alike = [
            other
            for other in model.lines[:limit]
            if other is not line
            and other.section is not None
            and "." not in other.attribute
            and (other.unit, other.axis, other.kind) == (line.unit, line.axis, line.kind)
        ]
        alike.sort(key=lambda other: abs(place[id(other)] - place[id(line)]))
        for other in alike[:most]:
            assert other.section is not None
            name = other.section.__name__
            text = other.attribute if name == inside else f"{name}.{other.attribute}"
            if name == inside or re.search(rf"\bimport .*\b{name}\b|^class {name}\b", source.text, re.MULTILINE):
                yield "line exchanged", node, text

    return make


def broken_faces(node: ast.AST, source: Source) -> Iterator[Edit]:
    """The Excel face of an operation with one sign, function or operand otherwise."""
    parent = source.parents.get(node)
    if not (isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "Operation"):
        return
    if len(parent.args) < 3 or node is not parent.args[2] or not isinstance(node, (ast.Constant, ast.JoinedStr)):
        return
    text = source.of(node)
    for pattern, other in _FACES:
        for found in re.finditer(pattern, text):
            if not (isinstance(node, ast.JoinedStr) and other.startswith("{")):
                yield "Excel face", node, text[: found.start()] + other + text[found.end() :]


def _section(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _class_around(node: ast.AST, source: Source) -> str:
    return next((one.name for one in source.above(node) if isinstance(one, ast.ClassDef)), "")
