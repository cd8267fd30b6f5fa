"""No line of a model is named in quotes outside the model: it is asked for by handle, so that a rename is noticed.

Templates and scenarios name lines in texts; they are checked when they are read. Docstrings may name what they like.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tco_xlsx.model import MODEL
from tco_xlsx.model.comparison import COMPARISON

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tco_xlsx"
#: The rooms that hold the names: the model, which declares them, and the readers of benchmarks, which know no model.
ELSEWHERE = ("model", "bench")
FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] not in ELSEWHERE]

NAMES = {name for model in (MODEL, COMPARISON) for name in model.by_name}
SECTIONS = "|".join(sorted({name.partition(".")[0] for name in NAMES}, key=len, reverse=True))
_NAMED = re.compile(rf"(?<![\w.])(?:{SECTIONS})\.[a-z_0-9]+")
_GLUED = re.compile(rf"(?<![\w.])(?:{SECTIONS})\.[a-z_0-9]*\x00")
_HALF = re.compile(rf"(?:{SECTIONS})\.")


def quoted_names(source: str) -> Iterator[tuple[int, str]]:
    """The line numbers and texts of strings that name a line, or that are half of a name; docstrings left out."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "\x00" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (told | parts):
            text = node.value
        else:
            continue
        if any(name in NAMES for name in _NAMED.findall(text)) or _GLUED.search(text) or _HALF.fullmatch(text):
            yield node.lineno, text


def place(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", FILES, ids=place)
def test_lines_are_asked_for_by_handle(path: Path) -> None:
    found = [f"{place(path)}:{line}: {text}" for line, text in quoted_names(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('by_name["fleet.servers"]', True),
        ('f"fleet.{name}"', True),
        ('f"cost.{name}_year"', True),
        ('f"service.max_{name}_ms"', True),
        ('"gap." + name', True),
        ('message = "such as `server.price: 1`"', True),
        ('text = "{cost.total_year:0} a year"', True),
        ('"""See fleet.servers."""', False),
        ('def size():\n    "As fleet.servers."', False),
        ("roles.servers.name", False),
        ('f"{count} points."', False),
        ('"none of the points. Look again"', False),
        ('"my.fleet.servers"', False),
    ],
)
def test_what_is_a_quoted_name(source: str, is_found: bool) -> None:
    assert bool(list(quoted_names(source))) == is_found
