"""Of a change the tests that reach it: those first that noticed most other changes of its file, then those that reach
little else.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping

import pytest

from tests.mutation.changes import Change
from tests.mutation.reach import Reach
from tests.mutation.trial import Outcome, Trial

_MOST = int(os.environ.get("MUTANTS_TESTS", "1000000"))
"""Tests of one change: with few of them a run is quick, and names some as surviving that others would notice."""


class NearestTests:
    """What the tests reach, and what they have noticed so far."""

    def __init__(self, reach: Reach, items: Mapping[str, pytest.Item]) -> None:
        self._reach = reach
        self._items = items
        self._noticed: dict[str, Counter[str]] = {}
        self._here: Counter[tuple[str, str]] = Counter()
        self._everywhere: Counter[str] = Counter()
        for (file, _), tests in reach.by_line.items():
            self._everywhere.update(tests)
            self._here.update((file, test) for test in tests)

    def trial(self, change: Change) -> Trial:
        """The change with the tests that reach it; as they are collected, unless the change shows while importing."""
        noticed = self._noticed.get(change.file, Counter())
        seconds = self._reach.seconds

        def rank(test: str) -> tuple[float, ...]:
            share = self._here[change.file, test] / max(1, self._everywhere[test])
            return -noticed[test], -round(share, 1), seconds[test]

        tests = sorted(self._reach.of(change), key=rank)[:_MOST]
        items = () if self._reach.while_importing_runs(change) else [self._items[test] for test in tests]
        # Traced, a test takes several times as long.
        most = 10 + 2 * int(sum(seconds[test] for test in tests))
        files = list(dict.fromkeys(test.split("::")[0] for test in tests))
        return Trial(change, files, tests=set(tests), items=items, cpu_seconds=most)

    def learn(self, outcome: Outcome) -> None:
        """Keep in mind which test noticed a change."""
        self._noticed.setdefault(outcome.change.file, Counter())[outcome.by] += 1
