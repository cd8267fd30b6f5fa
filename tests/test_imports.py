"""Who may import whom: the arrows point one way, and heavy libraries are loaded only where they are used."""

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

READERS = "evaluate formula words units"
#: Part of the product -> the parts that it may import beside itself.
MAY_IMPORT = {
    "errors": "",
    "operations": "",
    "atomic": "",
    "progress": "",
    "target": "errors atomic",
    "shipped": "",
    "expr": "operations",
    "absence": "expr",
    "lines": "absence expr",
    "choosing": "expr lines",
    "model": "expr lines choosing",
    "evaluate": "errors operations expr lines",
    "formula": "operations expr lines",
    "words": "operations expr lines",
    "units": "expr lines",
    "files": "errors",
    "wording": "errors files",
    "bench": "errors files",
    "scenario": "errors files lines wording",
    "selection": "errors bench scenario",
    "configuration": "errors evaluate lines scenario",
    "schema": "lines scenario",
    "relax": "evaluate lines",
    "show": "errors bench evaluate lines scenario selection words",
    "book": "errors atomic files operations expr lines evaluate formula words",
    "export": "errors target bench book",
    "batch": "errors atomic target shipped evaluate lines bench scenario selection configuration relax show book",
    "sweep": "errors atomic target operations expr lines evaluate files wording scenario configuration show export"
    " batch",
    "comparison": "errors target operations evaluate lines scenario batch sweep book",
    "cli": "errors target shipped files lines model evaluate words scenario selection configuration schema relax show"
    " export bench book batch sweep comparison progress",
    "__main__": "cli",
}
#: The same inside the parts that are folders of modules, in order; "" is the module that names the folder.
INSIDE = {
    "scenario": {
        "inputs": "",
        "benchmark_source": "inputs",
        "statement": "inputs benchmark_source",
        "inheritance": "inputs statement",
        "axes": "inputs benchmark_source statement",
        "pattern": "",
        "matrix": "inputs benchmark_source axes pattern",
        "naming": "inputs statement axes pattern matrix",
        "completeness": "inputs benchmark_source statement matrix",
        "": "inputs benchmark_source statement inheritance matrix naming completeness",
    },
    "batch": {
        "": "",
        "files_read": "",
        "refusals": "",
        "executor": "",
        "dask_pool": "executor",
        "folder": "",
        "ledger": "folder",
        "work": "folder ledger",
        "build": "files_read refusals executor folder ledger work",
        "results_files": "folder ledger work",
        "report": "build work",
    },
    "sweep": {"vary": "", "": "vary", "rows": "", "survey": "vary rows"},
    "comparison": {"attribution": "", "": "attribution", "grid": ""},
    "cli": {
        "stopping": "",
        "options": "",
        "output": "",
        "scenarios": "",
        "build": "options output scenarios",
        "evaluate": "options output scenarios",
        "bench": "options output",
        "examples": "output",
        "declarations": "options output scenarios",
        "sweep": "options output scenarios",
        "compare": "options output scenarios",
        "": "stopping build evaluate bench examples declarations sweep compare",
    },
}
#: Library -> where alone it may be imported.
ONLY_IN = {
    "yaml": ("files.py",),
    "xlsxwriter": ("book",),
    "openpyxl": ("book", "bench"),
    "click": ("cli",),
    "pyarrow": ("export.py", "batch"),
    "rich": ("cli", "show.py", "progress.py"),
    "numpy": ("operations.py", "evaluate.py", "book", "batch", "sweep", "comparison"),
}
#: Never at the head of a module: `--help` must not wait for them.
LATE = ("pandas", "openpyxl", "pyarrow")
NO_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base", "core"}


class Import(NamedTuple):
    module: str
    at_head: bool
    line: int


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    tree = tree_of(path)
    bodies = [top for top in tree.body if isinstance(top, (ast.FunctionDef, ast.ClassDef))]
    inside = {id(node) for top in bodies for node in ast.walk(top)}
    return tuple(
        Import(name, id(node) not in inside, node.lineno)
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


def part_of(path: Path) -> str:
    """The part of the product that a file belongs to: `bench`, `expr` ..."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=place)
def test_arrows_point_one_way(path: Path) -> None:
    part = part_of(path)
    if part == "__init__":
        assert imports_of(path) == ()
        return
    assert part in MAY_IMPORT, f"{place(path)}: say here what a new part may import"
    allowed = {part, *MAY_IMPORT[part].split()}
    for one in imports_of(path):
        package, _, rest = one.module.partition(".")
        if package == "tco_xlsx":
            named = rest.partition(".")[0]
            assert named in {*allowed, "__version__", ""}, f"{place(path)}:{one.line} imports {one.module}"


@pytest.mark.parametrize("folder", INSIDE)
def test_arrows_point_one_way_inside_a_part(folder: str) -> None:
    order = list(INSIDE[folder])
    named = {path.stem.replace("__init__", ""): path for path in (PACKAGE / folder).glob("*.py")}
    assert set(named) == set(order)
    for module, may in INSIDE[folder].items():
        own = order.index(module)
        assert all(order.index(one) < own for one in may.split())
        for one in imports_of(named[module]):
            prefix = f"tco_xlsx.{folder}."
            if one.module.startswith(prefix):
                inner = one.module.removeprefix(prefix).partition(".")[0]
                # `from tco_xlsx.batch import prepare` names what the folder's own module holds.
                inner = inner if inner in order else ""
                before = inner in may.split() or (inner == "" and order.index("") < own)
                assert inner == module or before, f"{place(named[module])}:{one.line} imports {one.module}"


def test_the_arrows_themselves() -> None:
    """What the design promises, whatever is added to the table above."""
    assert MAY_IMPORT["operations"] == ""
    assert MAY_IMPORT["bench"] == "errors files"
    assert set(MAY_IMPORT["model"].split()) == {"expr", "lines", "choosing"}
    for part in ("scenario", "book", "bench", "selection", "show", "batch", *READERS.split()):
        assert "model" not in MAY_IMPORT[part].split(), f"{part} is handed the model's lines"
    for reader in READERS.split():
        assert set(MAY_IMPORT[reader].split()) <= {"errors", "operations", "expr", "lines"}
    assert [part for part, may in MAY_IMPORT.items() if "units" in may.split()] == [], "units is there for the tests"
    seen: set[str] = set()
    for part, may in MAY_IMPORT.items():
        assert set(may.split()) <= seen, f"{part} imports what comes after it"
        seen.add(part)
    assert {part_of(path) for path in FILES} - {"__init__"} == set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=place)
def test_libraries_stay_where_they_belong(path: Path) -> None:
    home = path.relative_to(PACKAGE).parts[0]
    for one in imports_of(path):
        library = one.module.partition(".")[0]
        assert home in ONLY_IN.get(library, (home,)), f"{place(path)}:{one.line} imports {library}"
        assert not (one.at_head and library in LATE), f"{place(path)}:{one.line} imports {library} at its head"


@pytest.mark.parametrize("path", FILES, ids=place)
def test_only_the_command_line_prints_and_exits(path: Path) -> None:
    if part_of(path) == "cli":
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
        ("tco_xlsx.batch", "pandas openpyxl rich click"),
        ("tco_xlsx.batch.build", "pandas openpyxl pyarrow rich click"),
        ("tco_xlsx.batch.dask_pool", "dask distributed"),
    ],
)
def test_importing_does_not_load_what_is_not_needed_yet(module: str, unwanted: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {unwanted.split()!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
