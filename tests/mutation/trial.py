"""One change on trial: a forked process imports the changed file in place of the real one and runs tests on it.

Nothing is written: the working tree stays as it is. What does not hang on the changed file is imported once, before
the fork.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import select
import signal
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Literal

import pytest

from tests.mutation.changes import ROOT, Change
from tests.mutation.collected import first_failing
from tests.mutation.in_place import changed_in_place
from tests.mutation.plainly import first_failure

Verdict = Literal["killed", "survived", "not importable", "too long"]
_PACKAGES = ("tco_xlsx", "tests")


@dataclass(frozen=True)
class Outcome:
    """What became of a change, and the test that noticed it."""

    change: Change
    verdict: Verdict
    by: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Trial:
    """A change with the files of tests to run, in order, and the names of those tests if not all."""

    change: Change
    files: Sequence[str]
    tests: Collection[str] | None = None
    quick: Sequence[str] = ()
    """Modules of tests, or single tests "module:function", that are run first and without pytest."""
    words: str = ""
    """As pytest's -k."""
    items: Sequence[pytest.Item] = ()
    """Those tests as they are collected, in order: run where the change can be put into a function as it stands."""
    cpu_seconds: int = 60
    """What these may take."""


class _Changed(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Finds the changed file under its own name; no bytecode is read or written."""

    def __init__(self, module: str, path: Path, source: str) -> None:
        super().__init__(module, str(path))
        self._source = source

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None):  # type: ignore[no-untyped-def]
        if name != self.name:
            return None
        here = self.path if Path(self.path).name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            name, self.path, loader=self, submodule_search_locations=[str(Path(here).parent)] if here else None
        )

    def get_code(self, fullname: str):  # type: ignore[no-untyped-def]
        return compile(self._source, self.path, "exec", dont_inherit=True)


class _Plugin:
    """Keeps the chosen tests, and the name of the first that fails."""

    def __init__(self, tests: Collection[str] | None) -> None:
        self._tests = tests
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._tests is not None:
            items[:] = [item for item in items if item.nodeid in self._tests]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid


def module_of(file: str) -> str:
    """The module of a file of the project."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def prepare() -> None:
    """Import what no change touches, so that a forked process need not."""
    for name in ("numpy", "openpyxl", "xlsxwriter", "formualizer", "ironcalc", "lxml.etree", "tco_xlsx.cli"):
        importlib.import_module(name)
    for name in (
        "tests.support.hand_worked",
        "tests.support.side_by_side",
        "tests.recalc.engines",
        "tests.recalc.audit",
    ):
        importlib.import_module(name)
    importlib.import_module("tests.support.hand_worked").read_cases()


def forget(module: str) -> None:
    """Drop a module and all that import it, directly or through others, so that the next import reads them anew."""
    loaded = {name for name in sys.modules if name.split(".")[0] in _PACKAGES}
    stale, waiting = {module}, [module]
    users = _users(loaded)
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in stale:
                stale.add(user)
                waiting.append(user)
    for name in loaded:
        # The tests are always read anew: pytest rewrites their assertions.
        if name in stale or name.rpartition(".")[2].startswith(("test_", "conftest")):
            del sys.modules[name]
            # `from package import module` takes what the package still holds, and would never see the change.
            package, _, own = name.rpartition(".")
            if hasattr(sys.modules.get(package), own):
                delattr(sys.modules[package], own)


def _users(loaded: Iterable[str]) -> dict[str, set[str]]:
    """For each module those whose text imports from it."""
    users: dict[str, set[str]] = {}
    for name in loaded:
        file = getattr(sys.modules[name], "__file__", None)
        for imported in _imported(file) if file else ():
            users.setdefault(imported, set()).add(name)
    return users


_IMPORTED: dict[str, list[str]] = {}


def _imported(file: str) -> list[str]:
    import ast

    if file not in _IMPORTED:
        found = []
        for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    folder = Path(file).relative_to(ROOT).parts[: -node.level]
                    base = ".".join([*folder, *([base] if base else [])])
                found += [base, *(f"{base}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                found += [alias.name for alias in node.names]
        _IMPORTED[file] = [name for name in found if name.split(".")[0] in _PACKAGES]
    return _IMPORTED[file]


def run(trials: Iterable[Trial], must_import: Sequence[str], limit: float, at_once: int) -> Iterator[Outcome]:
    """The outcome of each trial as it comes, `at_once` processes at a time, each ended after `limit` seconds."""
    # Read here, what imports what need not be read in each forked process.
    _users({name for name in sys.modules if name.split(".")[0] in _PACKAGES})
    waiting, running = iter(trials), {}
    while True:
        while len(running) < at_once:
            trial = next(waiting, None)
            if trial is None:
                break
            pid, pipe = _start(trial, must_import)
            running[pipe] = (pid, trial, time.monotonic(), b"")
        if not running:
            return
        ready, _, _ = select.select(list(running), [], [], 0.2)
        for pipe in list(running):
            pid, trial, began, said = running[pipe]
            spent = time.monotonic() - began
            if pipe in ready:
                piece = os.read(pipe, 65536)
                running[pipe] = (pid, trial, began, said + piece)
                if piece:
                    continue
            elif spent < limit:
                continue
            else:
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            os.close(pipe)
            del running[pipe]
            yield _outcome(trial.change, said.decode(errors="replace"), status, spent, pipe in ready)


def _outcome(change: Change, said: str, status: int, spent: float, ended: bool) -> Outcome:
    verdict, _, by = said.partition("\n")
    if not ended:
        return Outcome(change, "too long", "the time limit", spent)
    match verdict:
        case "killed":
            return Outcome(change, "killed", by, spent)
        case "survived":
            return Outcome(change, "survived", "", spent)
        case "not importable":
            return Outcome(change, "not importable", by, spent)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return Outcome(change, "too long", "the limit of processor time", spent)
    if os.WIFSIGNALED(status):
        return Outcome(change, "killed", f"signal {os.WTERMSIG(status)}", spent)
    raise RuntimeError(f"the tests of {change.key} ended otherwise: {said}")


def _start(trial: Trial, must_import: Sequence[str]) -> tuple[int, int]:
    receive, send = os.pipe()
    pid = os.fork()
    if pid:
        os.close(send)
        return pid, receive
    try:
        said = _tried(trial, must_import)
    except BaseException as error:
        said = f"fault\n{error!r}"
    os.write(send, said.encode())
    os._exit(0)


def _tried(trial: Trial, must_import: Sequence[str]) -> str:
    """In the forked process: import, run, and say what happened."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    change = trial.change
    module, path = module_of(change.file), ROOT / change.file
    if trial.items and changed_in_place(change, module):
        failed = first_failing(trial.items, trial.cpu_seconds)
        return f"killed\n{failed}" if failed else "survived\n"
    forget(module)
    sys.meta_path.insert(0, _Changed(module, path, change.applied(path.read_text(encoding="utf-8"))))
    importlib.invalidate_caches()
    try:
        for name in must_import:
            importlib.import_module(name)
    except Exception as error:
        return f"not importable\n{error!r}"
    for quick in trial.quick:
        failed = first_failure(quick)
        if failed:
            return f"killed\n{failed}"
    for file in trial.files:
        code, failed = tests_fail([file], trial.tests, trial.words)
        if code in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
            return f"killed\n{failed}"
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            return f"fault\npytest ended with {code}"
    return "survived\n"


def tests_fail(files: Sequence[str], tests: Collection[str] | None, words: str) -> tuple[int, str]:
    """pytest's exit code, and the first test that fails."""
    plugin = _Plugin(tests)
    flags = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=no", f"--rootdir={ROOT}"]
    flags += ["-W", "ignore"]
    if words:
        flags += ["-k", words]
    return int(pytest.main([*flags, *files], plugins=[plugin])), plugin.failed
