"""Who may import whom: each room uses only rooms below it, and heavy libraries are loaded only where they are used."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tco_xlsx"
FILES = sorted(PACKAGE.rglob("*.py"))

#: Room -> the rooms that it may use, from the lowest to the highest.
MAY_USE = {
    "documents": "",
    "language": "documents",
    "bench": "documents",
    "model": "language",
    "scenario": "documents language",
    "case": "documents language bench scenario",
    "analysis": "documents language scenario case",
    "book": "documents language scenario case analysis",
    "batch": "documents language bench scenario case analysis book",
    "api": "documents language bench model scenario case analysis book batch",
    "cli": "documents language bench model scenario case analysis book batch api",
    "__main__": "cli",
}
#: The modules of the model that any room above it may use, to point at a line: by handle, never by its name.
HANDLES = {"tco_xlsx.model.axes", "tco_xlsx.model.roles", "tco_xlsx.model.comparison"}
ABOVE_THE_MODEL = ("scenario", "case", "analysis", "book", "batch")
#: Rooms within rooms that stand below all that is beside them.
GROUND = {"bench": ("files", "points", "notes", "tools"), "book": ("xlsx",), "analysis": ("sweep",)}
#: What computes never imports what writes.
COMPUTES = ("documents", "language", "bench", "model", "scenario", "case", "analysis")
WRITES = ("book", "batch", "cli")
#: Library -> where alone it may be imported.
ONLY_IN = {
    "yaml": ("documents",),
    "xlsxwriter": ("book/xlsx",),
    "openpyxl": ("book", "bench"),
    "click": ("cli",),
    "pyarrow": ("batch",),
    "rich": ("cli",),
    "numpy": ("language", "analysis", "book", "batch", "case", "api"),
    "pandas": ("api", "bench"),
}
#: Never at the head of a module: `--help` must not wait for them.
LATE = ("pandas", "openpyxl", "pyarrow")
NO_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base", "core"}


class Import(NamedTuple):
    module: str
    at_head: bool
    line: int
    for_types: bool
    """Only for whoever checks types: never run."""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    tree = tree_of(path)
    bodies = [top for top in tree.body if isinstance(top, (ast.FunctionDef, ast.ClassDef))]
    inside = {id(node) for top in bodies for node in ast.walk(top)}
    blocks = [top for top in tree.body if isinstance(top, ast.If) and ast.unparse(top.test) == "TYPE_CHECKING"]
    for_types = {id(node) for top in blocks for node in ast.walk(top)}
    return tuple(
        Import(name, id(node) not in inside | for_types, node.lineno, id(node) in for_types)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in _names(node)
    )


def _names(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    assert node.level == 0, "imports name the whole path"
    assert node.module is not None
    # `from tco_xlsx import batch` imports a module, `from tco_xlsx import __version__` a name.
    yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(path: Path) -> str:
    """The room of the product that a file belongs to: `bench`, `language` ..."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module_of(path: Path) -> str:
    """The module that a file is, as imports name it."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def modules() -> dict[str, Path]:
    return {module_of(path): path for path in FILES}


def own_imports(path: Path, for_types: bool = True) -> set[str]:
    """The modules of the product that a file imports; without those that are there `for_types` alone."""
    found: set[str] = set()
    for one in imports_of(path):
        if one.module.partition(".")[0] != "tco_xlsx" or (one.for_types and not for_types):
            continue
        # `from tco_xlsx.batch.build import Build` names what is in the module.
        named = one.module if one.module in modules() else one.module.rpartition(".")[0]
        found.add(named)
    return found - {"tco_xlsx"}


@pytest.mark.parametrize("path", FILES, ids=place)
def test_a_room_uses_only_rooms_below_it(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        assert own_imports(path) <= {"tco_xlsx.api"}
        assert not any(one.at_head and one.module.startswith("tco_xlsx") for one in imports_of(path))
        return
    assert room in MAY_USE, f"{place(path)}: say here what a new room may use"
    handles = HANDLES if room in ABOVE_THE_MODEL else set()
    used = {module.split(".")[1] for module in own_imports(path) - handles}
    assert used <= {room, *MAY_USE[room].split()}, place(path)


def test_the_rooms_themselves() -> None:
    """What the drawing promises, whatever is added to the table above."""
    seen: set[str] = set()
    for room, may in MAY_USE.items():
        assert set(may.split()) <= seen, f"{room} uses what stands above it"
        seen.add(room)
    for room in COMPUTES:
        assert not set(MAY_USE[room].split()) & set(WRITES), f"{room} computes and uses what writes"
    for room in ("scenario", "book", "bench", "case", "analysis", "batch"):
        assert "model" not in MAY_USE[room].split(), f"{room} is handed the model, and points at lines by handle"
    assert MAY_USE["bench"] == "documents", "readers of benchmarks know nothing of money"
    assert {room_of(path) for path in FILES} - {"__init__"} == set(MAY_USE)


def test_no_circle() -> None:
    """No module needs itself by way of others, whatever room they stand in."""
    left = {name: {one for one in own_imports(path, False) if one != name} for name, path in modules().items()}
    del left["tco_xlsx"]  # It names its public face and loads it when it is asked for.
    while left:
        free = {name for name, needs in left.items() if not needs & set(left)}
        assert free, f"a circle among {sorted(left)}"
        left = {name: needs for name, needs in left.items() if name not in free}


@pytest.mark.parametrize(("room", "floor"), [(room, floor) for room, floors in GROUND.items() for floor in floors])
def test_the_ground_floor_of_a_room_uses_nothing_above_it(room: str, floor: str) -> None:
    below = GROUND[room][: GROUND[room].index(floor) + 1]
    for path in (PACKAGE / room / floor).rglob("*.py"):
        inside = {module for module in own_imports(path) if module.split(".")[1] == room}
        assert {module.split(".")[2] for module in inside} <= set(below), place(path)


@pytest.mark.parametrize("path", FILES, ids=place)
def test_libraries_stay_where_they_belong(path: Path) -> None:
    own = path.relative_to(PACKAGE)
    homes = {own.parts[0], *(folder.as_posix() for folder in own.parents)}
    for one in imports_of(path):
        library = one.module.partition(".")[0]
        assert homes & {*ONLY_IN.get(library, homes)}, f"{place(path)}:{one.line} imports {library}"
        assert not (one.at_head and library in LATE), f"{place(path)}:{one.line} imports {library} at its head"


@pytest.mark.parametrize("path", [path for path in FILES if room_of(path) == "book"], ids=place)
def test_pages_write_by_way_of_a_sheet_alone(path: Path) -> None:
    """What a page may do with a worksheet is a method of Sheet, which the recorder knows."""
    if path.parent.name == "xlsx":
        return
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("worksheet", "_worksheet"), f"{place(path)}:{node.lineno}"


@pytest.mark.parametrize("path", FILES, ids=place)
def test_only_the_command_line_prints_and_exits(path: Path) -> None:
    if room_of(path) == "cli":
        return
    for node in ast.walk(tree_of(path)):
        where = f"{place(path)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "exit", "quit", "input"), where
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner, name = node.value.id, node.attr
            assert (owner, name) not in {("sys", "exit"), ("sys", "stdout"), ("sys", "stderr"), ("os", "_exit")}, where
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            assert not (isinstance(raised, ast.Name) and raised.id in ("SystemExit", "KeyboardInterrupt")), where


@pytest.mark.parametrize("path", FILES, ids=place)
def test_files_are_named_for_what_they_hold(path: Path) -> None:
    assert not {path.stem, path.parent.name} & NO_NAMES


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("tco_xlsx.cli", "numpy pandas openpyxl xlsxwriter yaml rich"),
        ("tco_xlsx.scenario.load", "pandas openpyxl xlsxwriter rich click"),
        ("tco_xlsx.bench.read", "numpy pandas openpyxl xlsxwriter rich click"),
        ("tco_xlsx.model", "pandas openpyxl xlsxwriter rich click yaml"),
        ("tco_xlsx.case.prepare", "pandas openpyxl xlsxwriter rich click"),
        ("tco_xlsx.batch.build", "pandas openpyxl pyarrow rich click"),
        ("tco_xlsx.batch.dask_pool", "dask distributed"),
    ],
)
def test_importing_does_not_load_what_is_not_needed_yet(module: str, unwanted: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {unwanted.split()!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_no_two_classes_have_one_name() -> None:
    """A section of the model is named for what stands in the workbook, whatever else is called so."""
    homes: dict[str, list[str]] = {}
    for path in FILES:
        if room_of(path) != "model":
            for node in tree_of(path).body:
                if isinstance(node, ast.ClassDef):
                    homes.setdefault(node.name, []).append(place(path))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}
