"""The names of XlsxWriter that are not public stand in one file, which says which release they are of."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
import xlsxwriter

from tco_xlsx.book.xlsx import private
from tests.support import shipped

HOME = Path(private.__file__)
OTHERS = sorted(path for path in (shipped.ROOT / "tco_xlsx").rglob("*.py") if path != HOME)


def private_names() -> set[str]:
    """All that classes and modules of XlsxWriter call by a name that begins with one underscore."""
    found: set[str] = set()
    for module in pkgutil.iter_modules(xlsxwriter.__path__):
        tree = ast.parse(inspect.getsource(import_module(f"xlsxwriter.{module.name}")))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                found.add(node.name)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
    return {name for name in found if name.startswith("_") and not name.startswith("__")}


NAMES = private_names()


def named(tree: ast.Module) -> set[str]:
    """What a file takes from an object, gives a method of a class, or names in a text."""
    found: set[str] = set()
    pieces = {id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            found.add(node.value)
        elif isinstance(node, ast.ClassDef) and any("xlsxwriter" in base for base in _homes(tree, node)):
            found |= {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
    return found


def _homes(tree: ast.Module, node: ast.ClassDef) -> list[str]:
    """The modules that the bases of a class are imported from."""
    modules = {
        alias.asname or alias.name: one.module or ""
        for one in ast.walk(tree)
        if isinstance(one, ast.ImportFrom)
        for alias in one.names
    }
    return [modules.get(ast.unparse(base), "") for base in node.bases]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: str(path.relative_to(shipped.ROOT)))
def test_a_private_name_stands_in_one_file(path: Path) -> None:
    assert not named(ast.parse(path.read_text(encoding="utf-8"))) & NAMES


def test_the_search_finds_them() -> None:
    assert {"_write_string", "_xml_data_element", "_get_xf_index", "_create_package", "_escape_data"} <= NAMES
    told = named(ast.parse(HOME.read_text(encoding="utf-8")))
    assert len(told & NAMES) >= 15
    code = (
        "from xlsxwriter import Workbook\nclass Mine(Workbook):\n    def _get_packager(self): ...\n"
        "getattr(sheet, '_write_string')\nsheet._write_blank(0)"
    )
    assert named(ast.parse(code)) & NAMES == {"_get_packager", "_write_string", "_write_blank"}


def test_each_overridden_method_is_one_of_xlsxwriter() -> None:
    """A method that the next release calls by another name would silently do nothing."""
    for _, kind in inspect.getmembers(private, inspect.isclass):
        if kind.__module__ != private.__name__:
            continue
        theirs = [base for base in kind.__mro__ if base.__module__.startswith("xlsxwriter.")]
        assert theirs, kind
        for name in vars(kind):
            if name.startswith("_") and not name.startswith("__"):
                assert any(name in vars(base) for base in theirs), f"{kind.__name__}.{name}"


def test_the_release_is_the_one_that_is_pinned() -> None:
    pinned = [told for told in importlib.metadata.requires("tco-xlsx") or [] if told.lower().startswith("xlsxwriter")]
    assert pinned == [f"xlsxwriter=={xlsxwriter.__version__}"]
    assert f"release {xlsxwriter.__version__}," in (private.__doc__ or "")
