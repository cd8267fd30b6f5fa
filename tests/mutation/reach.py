"""Which tests run which lines: so that a change in a reader is tried on the tests that reach it, and on no others."""

from __future__ import annotations

import inspect
import os
import pickle
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import pytest

from tests.mutation.changes import ROOT, Change


@dataclass
class Reach:
    """For each line of a file the tests that run it, and how long each test takes."""

    by_line: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    while_importing: set[tuple[str, int]] = field(default_factory=set)
    """Lines of functions that ran before the first test: what they gave stays, whatever becomes of the function."""

    def of(self, change: Change) -> set[str]:
        """The tests that run the lines of a change; all of them where it is a constant, which others may import."""
        lines = [self.by_line.get((change.file, line), set()) for line in range(change.line, change.last_line + 1)]
        found = set().union(*lines)
        return found or set(self.seconds)

    def while_importing_runs(self, change: Change) -> bool:
        """Whether the lines of a change ran while modules were imported or tests collected."""
        lines = range(change.line, change.last_line + 1)
        return any((change.file, line) in self.while_importing for line in lines)


class _Recorder:
    """A plugin of pytest that traces each test, in the folders asked for only."""

    def __init__(self, folders: Sequence[str]) -> None:
        self._folders = tuple(str(ROOT / folder) for folder in folders)
        self._names: dict[str, str | None] = {}
        self._lines: set[tuple[str, int]] = set()
        self.reach = Reach()

    def start(self) -> None:
        """Trace what is imported and collected."""
        sys.settrace(self._trace)

    def pytest_collection_finish(self) -> None:
        sys.settrace(None)
        self.reach.while_importing |= self._lines

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in self._names:
            inside = name.startswith(self._folders) and name.endswith(".py")
            self._names[name] = os.path.relpath(name, ROOT) if inside else None
        file = self._names[name]
        if file is None:
            return None
        lines = self._lines

        def local(frame: FrameType, event: str, argument: Any) -> Any:
            if event == "line" and frame.f_code.co_flags & inspect.CO_OPTIMIZED:
                lines.add((file, frame.f_lineno))
            return local

        return local

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        self._lines = set()
        began = time.perf_counter()
        sys.settrace(self._trace)
        yield
        sys.settrace(None)
        self.reach.seconds[item.nodeid] = time.perf_counter() - began
        for line in self._lines:
            self.reach.by_line.setdefault(line, set()).add(item.nodeid)


def reach_of(files: Sequence[str], folders: Sequence[str], words: str = "") -> Reach:
    """Run the tests once in a process of its own, and say what each reaches. Raises when one fails."""
    receive, send = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(receive)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        for name in list(sys.modules):
            if name.startswith(("tco_xlsx", "tests.")) and not name.startswith("tests.mutation"):
                del sys.modules[name]
        recorder = _Recorder(folders)
        recorder.start()
        flags = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=short", f"--rootdir={ROOT}"]
        code = pytest.main([*flags, *(["-k", words] if words else []), *files], plugins=[recorder])
        with os.fdopen(send, "wb") as pipe:
            pickle.dump((int(code), recorder.reach), pipe)
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as pipe:
        code, reach = pickle.load(pipe)
    os.waitpid(pid, 0)
    if code != 0:
        raise RuntimeError("the tests must pass before anything is changed")
    assert isinstance(reach, Reach)
    return reach
