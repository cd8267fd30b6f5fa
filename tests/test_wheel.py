"""What a user gets who has only the wheel: built from a source archive, installed into an empty environment outside the
repository, it has to do everything there.

The environment holds the wheel and, by links to what is installed here, the libraries that the wheel declares with all
that these declare, and nothing else: a library that is used and not declared is missed. Only the build and the
installation are pip's and setuptools' own; nothing is downloaded.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath

import openpyxl
import pytest

from tco_xlsx.case import results as case_results
from tco_xlsx.model import MODEL
from tests.support import batches, shipped

PROJECT = tomllib.loads((shipped.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGE = shipped.ROOT / "tco_xlsx"
SOURCES = ("tco_xlsx", "templates", "scenarios", "tests/cases", "benchmarks")
TEXTS = ("pyproject.toml", "MANIFEST.in", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "constraints.txt", "Makefile")
#: What lies about in a working copy and must not ship.
JUNK = ("tco_xlsx/__pycache__/old.cpython-311.pyc", "tco_xlsx/cli/notes.txt", "scenarios/data/.DS_Store",
        "scenarios/data/vllm_sweep/server.log", "templates/finance.yaml~", "tests/test_old.py", "out/old.xlsx",
        "scenarios/data/__pycache__/x.pyc")  # fmt: skip
#: Every kind of file that a wheel holds; and a source archive beside it.
IN_WHEEL = (
    r"tco_xlsx/(\w+/)*\w+\.py",
    r"tco_xlsx/py\.typed",
    r"tco_xlsx/templates/\w+\.yaml",
    r"tco_xlsx/examples/([\w-]+\.yaml|scenario\.schema\.json|matrix/[\w-]+\.yaml)",
    r"tco_xlsx/examples/data/[^.][^/]*(/[^.][^/]*)*\.(json|yaml|csv)",
    r"tco_xlsx-[\d.]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|top_level\.txt)",
)
IN_ARCHIVE = (
    r"tco_xlsx/(\w+/)*\w+\.py",
    r"tco_xlsx/py\.typed",
    r"templates/\w+\.yaml",
    r"scenarios/([\w-]+\.yaml|scenario\.schema\.json|matrix/[\w-]+\.yaml)",
    r"scenarios/data/[^.][^/]*(/[^.][^/]*)*\.(json|yaml|csv)",
    r"(pyproject\.toml|setup\.cfg|MANIFEST\.in|README\.md|CHANGELOG\.md|constraints\.txt|PKG-INFO)",
    r"tco_xlsx\.egg-info/\w+(-\w+)*(\.txt)?",
)
BUILD = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"


def build(tree: Path, what: str, to: Path) -> Path:
    """A wheel or a source archive of a tree, by the project's own build backend."""
    to.mkdir(exist_ok=True)
    command = [sys.executable, "-c", BUILD, f"build_{what}", str(to)]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return to / done.stdout.splitlines()[-1]


@dataclass(frozen=True)
class Built:
    """A wheel from a working copy, the source archive of that, and the wheel that comes of the archive."""

    from_tree: Path
    archive: Path
    wheel: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    home = tmp_path_factory.mktemp("wheel")
    tree = home / "tree"
    for folder in SOURCES:
        shutil.copytree(shipped.ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for text in TEXTS:
        shutil.copy(shipped.ROOT / text, tree / text)
    for name in JUNK:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("junk")
    archive = build(tree, "sdist", home / "archive")
    with tarfile.open(archive) as packed:
        packed.extractall(home / "unpacked", filter="data")
    (unpacked,) = (home / "unpacked").iterdir()
    return Built(build(tree, "wheel", home / "from-tree"), archive, build(unpacked, "wheel", home / "from-archive"))


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_wheel_holds_all_that_it_needs_and_nothing_else(built: Built) -> None:
    names = set(contents(built.wheel))
    assert [name for name in sorted(names) if not any(re.fullmatch(kind, name) for kind in IN_WHEEL)] == []
    for kind in IN_WHEEL:
        assert any(re.fullmatch(kind, name) for name in names), kind
    modules = {path.relative_to(shipped.ROOT).as_posix() for path in PACKAGE.rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules
    for folder, inside in (("templates", "templates"), ("scenarios", "examples")):
        here = [path.relative_to(shipped.ROOT / folder) for path in (shipped.ROOT / folder).rglob("*.*")]
        told = {f"tco_xlsx/{inside}/{path.as_posix()}" for path in here if path.suffix in (".yaml", ".json", ".csv")}
        assert {name for name in names if name.startswith(f"tco_xlsx/{inside}/")} == told


def test_a_source_archive_gives_the_wheel_that_the_repository_gives(built: Built) -> None:
    first, second = contents(built.from_tree), contents(built.wheel)
    assert {name: text for name, text in first.items() if not name.endswith("RECORD")} == {
        name: text for name, text in second.items() if not name.endswith("RECORD")
    }
    with tarfile.open(built.archive) as packed:
        names = {PurePosixPath(*PurePosixPath(one.name).parts[1:]).as_posix() for one in packed if one.isfile()}
    assert [name for name in sorted(names) if not any(re.fullmatch(kind, name) for kind in IN_ARCHIVE)] == []
    for kind in IN_ARCHIVE:
        assert any(re.fullmatch(kind, name) for name in names), kind


def test_the_metadata_say_what_it_is_and_for_whom(built: Built) -> None:
    (told,) = (text.decode() for name, text in contents(built.wheel).items() if name.endswith("METADATA"))
    for line in ("Name: tco-xlsx", "Author: tco-xlsx developers", "Requires-Python: >=3.11", "Summary: LLM-inference"):
        assert f"\n{line}" in told
    for version in ("3.11", "3.12", "3.13"):
        assert f"\nClassifier: Programming Language :: Python :: {version}\n" in told
    assert "\nKeywords: LLM," in told
    assert "\n# tco-xlsx\n" in told


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def declared(extra: str = "") -> set[str]:
    project = PROJECT["project"]
    return {name_of(one) for one in (project["optional-dependencies"][extra] if extra else project["dependencies"])}


def libraries() -> Iterator[tuple[str, str, bool]]:
    """Each library that the product imports: its distribution, where, and whether that can be done without it."""
    known = metadata.packages_distributions()
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tops = [top for top in tree.body if isinstance(top, (ast.FunctionDef, ast.ClassDef))]
        inside = {id(node) for top in tops for node in ast.walk(top)}
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
                names = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            for name in (name.partition(".")[0] for name in names):
                if name not in sys.stdlib_module_names and name != "tco_xlsx":
                    distributions = known.get(name, [name])
                    yield name_of(distributions[0]), f"{path.name}:{node.lineno}", id(node) in inside


def test_every_library_that_is_imported_is_declared_and_the_other_way_round() -> None:
    needed, optional = declared(), declared("parquet") | declared("dask")
    used = set()
    for name, where, is_late in libraries():
        assert name in needed or (name in optional and is_late), f"{where} imports {name}, which pyproject.toml lacks"
        used.add(name)
    # dask is what distributed belongs to, and is asked for by the name that users know.
    assert used == (needed | optional) - {"dask"}
    pinned = {name_of(line) for line in (shipped.ROOT / "constraints.txt").read_text().splitlines() if line}
    assert needed | optional | declared("dev") <= pinned


def closure(names: set[str]) -> list[metadata.Distribution]:
    """Distributions with all that they require themselves, without extras."""
    found: dict[str, metadata.Distribution] = {}
    waiting = sorted(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = metadata.distribution(name)
        for one in found[name].requires or ():
            if "extra ==" not in one and "extra==" not in one:
                needed = name_of(one)
                try:
                    metadata.distribution(needed)
                except metadata.PackageNotFoundError:
                    assert ";" in one, f"{name} needs {one}"  # Not on this system or this Python.
                else:
                    waiting.append(needed)
    return list(found.values())


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment with the wheel in it."""
    home = tmp_path_factory.mktemp("installed") / "env"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    python = python if python.exists() else scripts / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    command = [*pip, "install", "-q", "--no-deps", "--no-index", "--no-compile", str(built.wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip())
    for one in closure(declared()):
        tops = {file.parts[0] for file in one.files or () if file.parts[0] not in ("..", "__pycache__")}
        for top in tops:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(one.locate_file(top))))
    return scripts


@pytest.fixture(scope="module")
def elsewhere(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder outside the repository, with the examples in it."""
    folder = tmp_path_factory.mktemp("elsewhere")
    told = user(installed, folder, "examples", "-o", "ex")
    assert "Next: tco-xlsx build ex" in told
    return folder


def user(scripts: Path, folder: Path, *arguments: str, code: int = 0, module: bool = False) -> str:
    """What the installed command prints, called as a user calls it."""
    begin = [str(scripts / "python"), "-m", "tco_xlsx"] if module else [str(scripts / "tco-xlsx")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
    done = subprocess.run(
        [*begin, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_the_environment_has_the_wheel_and_nothing_of_the_repository(installed: Path, elsewhere: Path) -> None:
    where = "import tco_xlsx, sys; print(tco_xlsx.__file__); print(*sys.path, sep='\\n')"
    told = subprocess.run([installed / "python", "-I", "-c", where], capture_output=True, text=True, check=True).stdout
    assert str(shipped.ROOT) not in told
    assert str(installed.parent) in told.splitlines()[0]
    missing = "import importlib.util as u; print([n for n in ('pytest', 'pyarrow', 'dask', 'mypy') if u.find_spec(n)])"
    done = subprocess.run([installed / "python", "-c", missing], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert user(installed, elsewhere, "--version", module=True).startswith("tco-xlsx, version ")


def test_the_wheel_builds_compares_sweeps_evaluates_and_reads(installed: Path, elsewhere: Path, tmp_path: Path) -> None:
    told = user(installed, elsewhere, "build", "ex", "--jobs", "1")
    assert f"{len(shipped.SCENARIOS)} built, 0 unchanged, 0 failed" in told
    assert {"index.xlsx", "results.csv"} <= {path.name for path in (elsewhere / "out").iterdir()}
    path = shipped.SCENARIOS[-1]
    batches.build(path, tmp_path)
    name = f"{path.stem}.xlsx"
    assert (elsewhere / "out" / name).read_bytes() == (tmp_path / name).read_bytes()
    user(installed, elsewhere, "compare", "ex/matrix/own-or-rent.yaml", "-o", "side.xlsx")
    vary = ("--vary", "server.price=250000:400000:3", "--vary", "server.life_years=3,4")
    article = "ex/nvidia-article-per-server.yaml"
    user(installed, elsewhere, "sweep", article, *vary, "--grid", "grid.xlsx", "--to", "rows.csv")
    assert len((elsewhere / "rows.csv").read_text().splitlines()) == 7
    for book in ("side.xlsx", "grid.xlsx"):
        assert "Summary" in openpyxl.load_workbook(elsewhere / book, read_only=True).sheetnames
    user(installed, elsewhere, "bench", "ex/data/configurations", "--to", "points.xlsx")
    (values,) = json.loads(user(installed, elsewhere, "evaluate", article, "--format", "json"))
    here = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"
    assert values["values"] == case_results.results(MODEL, shipped.values_of(here))


def test_examples_are_the_users_own_and_never_replaced_unasked(installed: Path, elsewhere: Path) -> None:
    schema = user(installed, elsewhere, "schema")
    assert (elsewhere / "ex" / "scenario.schema.json").read_text(encoding="utf-8") == schema
    template = elsewhere / "ex" / "templates" / "finance.yaml"
    assert template.read_bytes() == (shipped.ROOT / "templates" / "finance.yaml").read_bytes()
    mine = elsewhere / "ex" / "vllm-sweep.yaml"
    before = mine.read_text()
    mine.write_text(before + "notes: mine\n")
    assert "is not as shipped" in user(installed, elsewhere, "examples", "-o", "ex", code=2)
    assert mine.read_text() == before + "notes: mine\n"
    user(installed, elsewhere, "examples", "-o", "ex", "--force")
    assert mine.read_text() == before


def test_what_needs_an_optional_library_says_which(installed: Path, elsewhere: Path) -> None:
    article = "ex/nvidia-article-per-server.yaml"
    told = user(installed, elsewhere, "bench", "ex/data/configurations", "--to", "p.parquet", code=2)
    assert "install tco-xlsx[parquet]" in told
    assert "install tco-xlsx[dask]" in user(installed, elsewhere, "build", article, "--dask", "local", code=2)
