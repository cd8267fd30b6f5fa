"""Tests that pytest has collected once, to be run again and again in forked processes.

Of a trial of a reader nine tenths were pytest's start and its reading of the tests.
"""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutation.changes import ROOT

Made = TypeVar("Made")

_FLAGS = (
    "-o",
    "addopts=",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:terminal",
    f"--rootdir={ROOT}",
    "-W",
    "ignore",
)
# Where pytest lays its folders.
_PLACE = "PYTEST_DEBUG_TEMPROOT"


def with_collected(files: Sequence[str], words: str, work: Callable[[Mapping[str, pytest.Item]], Made]) -> Made:
    """What `work` gives, which is handed the tests of the files by their names and runs within pytest."""
    _examples_without_memory()
    loop = _Loop(work)
    with tempfile.TemporaryDirectory(prefix="mutation-") as place:
        os.environ[_PLACE] = place
        # Without capture what `work` prints is seen; a forked process sends it nowhere.
        pytest.main([*_FLAGS, "-s", *(["-k", words] if words else []), *files], plugins=[loop])
    if loop.error is not None:
        raise loop.error
    return loop.made[0]


class _Loop:
    """Runs `work` in place of the tests."""

    def __init__(self, work: Callable[[Mapping[str, pytest.Item]], Made]) -> None:
        self._work = work
        self.made: list[Made] = []
        self.error: BaseException | None = RuntimeError("the tests could not be collected")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        try:
            self.made.append(self._work({item.nodeid: item for item in session.items}))
            self.error = None
        except BaseException as error:
            self.error = error
        return True


def _examples_without_memory() -> None:
    """Each change meets the same examples; that one fails is enough, and is not remembered."""
    settings.register_profile(
        "mutation", database=None, derandomize=True, deadline=None, phases=(Phase.explicit, Phase.generate)
    )
    settings.load_profile("mutation")


def first_failing(items: Sequence[pytest.Item], cpu_seconds: int) -> str:
    """The name of the first test that fails, or an empty text. In a forked process, which is ended after so long."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    place = tempfile.mkdtemp(dir=os.environ[_PLACE])
    os.environ[_PLACE] = place
    try:
        for item, following in zip(items, [*items[1:], None], strict=True):
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
                return item.nodeid
        return ""
    finally:
        shutil.rmtree(place, ignore_errors=True)
