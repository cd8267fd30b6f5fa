"""`python -m tests.mutation [TARGET...]`: try the changes, print a table by file and what survived.

MUTANTS is how many changes of a target are tried (`all`, or a number: a sample in which each file has its share, the
same for the same MUTANTS_SEED). MUTANTS_LIMIT is the time that one change may take, in seconds. MUTANTS_FILE is a piece
of the path of a file, to try its changes alone; with MUTANTS_TESTS each is tried on so many of the tests that reach it,
the likeliest first: quick, but some survive that other tests would notice.
"""

from __future__ import annotations

import dataclasses
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import pytest

from tests.mutation.changes import Change
from tests.mutation.collected import with_collected
from tests.mutation.equivalents import Key, outdated, read_equivalents
from tests.mutation.nearest_tests import NearestTests
from tests.mutation.reach import reach_of
from tests.mutation.targets import TARGETS, Target
from tests.mutation.trial import Outcome, Trial, prepare, run

LEAST = 0.98
"""The share of changes that must be noticed, of those that can show."""
AT_ONCE = int(os.environ.get("JOBS", "2"))


def main(arguments: Sequence[str]) -> int:
    """Try the targets named, or all; 1 when one of them falls short."""
    names = [name.split("=")[0] for name in arguments] or [target.name for target in TARGETS]
    sizes = dict(argument.split("=") for argument in arguments if "=" in argument)
    only = os.environ.get("MUTANTS_FILE", "")
    equivalents = read_equivalents()
    short = 0
    for target in TARGETS:
        if target.name in names:
            began = time.monotonic()
            size = sizes.get(target.name, os.environ.get("MUTANTS", "all"))
            outcomes, equal, stale = tried(target, size, equivalents, only)
            short += told(target, outcomes, equal, stale, time.monotonic() - began)
    return 1 if short else 0


def tried(
    target: Target, size: str, equivalents: Mapping[Key, str], only: str = ""
) -> tuple[list[Outcome], list[Change], list[Key]]:
    """What became of the changes of a target, those that cannot show, and entries for what is no change any more."""
    everything = [change for change in target.changes() if only in change.file]
    equal = [change for change in everything if change.key in equivalents]
    stale = outdated(equivalents, everything, target.files) if not only else []
    changes = sample([change for change in everything if change.key not in equivalents], size)
    prepare()
    if not target.by_reach:
        return _outcomes(target, changes, lambda change: _trial(target, change)), equal, stale
    reach = reach_of(target.tests, target.files, target.words)

    def work(items: Mapping[str, pytest.Item]) -> list[Outcome]:
        nearest = NearestTests(reach, items)
        return _outcomes(target, changes, nearest.trial, nearest.learn)

    return with_collected(target.tests, target.words, work), equal, stale


def _outcomes(
    target: Target,
    changes: Sequence[Change],
    trial: Callable[[Change], Trial],
    learn: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    limit = float(os.environ.get("MUTANTS_LIMIT", "60"))
    # What fails without a change would seem to notice every change.
    (unchanged,) = run([trial(nothing(changes[0]))], target.must_import, 10 * limit, 1)
    if unchanged.verdict != "survived":
        raise SystemExit(f"{target.name}: the tests must pass before anything is changed: {unchanged.by}")
    outcomes = []
    for outcome in run(map(trial, changes), target.must_import, limit, AT_ONCE):
        outcomes.append(outcome)
        learn(outcome)
        if outcome.verdict == "survived" and os.environ.get("MUTANTS_TOLD"):
            print(f"\n{_line(outcome.change)}", file=sys.stderr)
        if sys.stderr.isatty() or os.environ.get("MUTANTS_TOLD"):
            print(f"\r{len(outcomes)} of {len(changes)}", end="", file=sys.stderr, flush=True)
    return outcomes


def _trial(target: Target, change: Change) -> Trial:
    return Trial(change, target.tests, quick=target.quick, words=target.words)


def sample(changes: Sequence[Change], size: str) -> list[Change]:
    """All changes, or so many of them: from each file and kind its share, from each file at least one."""
    if size == "all" or int(size) >= len(changes):
        return list(changes)
    chance = random.Random(int(os.environ.get("MUTANTS_SEED", "1")))
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.file, change.kind), []).append(change)
    taken: list[Change] = []
    for group in groups.values():
        share = len(group) * int(size) / len(changes)
        count = int(share) + (chance.random() < share - int(share))
        taken += chance.sample(group, min(len(group), count))
    by_file: dict[str, list[Change]] = {}
    for change in changes:
        by_file.setdefault(change.file, []).append(change)
    left_out = by_file.keys() - {change.file for change in taken}
    return taken + [chance.choice(by_file[file]) for file in sorted(left_out)]


def told(
    target: Target, outcomes: Sequence[Outcome], equal: Sequence[Change], stale: Sequence[Key], seconds: float
) -> int:
    """Print the figures by file and what survived; whether the target falls short."""
    print(f"\n{target.name}: {len(outcomes)} changes tried in {seconds:,.0f} s")
    head = ("changes", "killed", "survived", "equivalent", "not importable")
    print(f"{'file':44}" + "".join(f"{word:>16}" for word in head) + f"{'share':>9}")
    for file in (*target.files, "all"):
        here = [one for one in outcomes if file in (one.change.file, "all")]
        alike = sum(change.file == file or file == "all" for change in equal)
        if not here and not alike:
            continue
        counts = Counter("killed" if one.verdict == "too long" else one.verdict for one in here)
        row = (len(here) + alike, counts["killed"], counts["survived"], alike, counts["not importable"])
        print(f"{file:44}" + "".join(f"{number:16,}" for number in row) + f"{share(counts):9.1%}")
    survived = [one.change for one in outcomes if one.verdict == "survived"]
    for change in survived:
        print(_line(change))
    for key in stale:
        print(f"listed as equivalent, but no change any more: {' | '.join(key)}")
    if os.environ.get("MUTANTS_BY"):
        by = Counter(one.by.split("[")[0] for one in outcomes if one.verdict != "survived")
        print("noticed by: " + ", ".join(f"{name or 'import'} {count}" for name, count in by.most_common(15)))
        print("longest: " + ", ".join(f"{one.seconds:.1f} s" for one in slowest(outcomes)))
    counts = Counter("killed" if one.verdict == "too long" else one.verdict for one in outcomes)
    return int(share(counts) < LEAST or bool(stale))


def _line(change: Change) -> str:
    return f"survived: {change.file}:{change.line} {change.place} [{change.kind}]: {change.was} -> {change.now}"


def nothing(change: Change) -> Change:
    """The change that changes nothing, in the same file."""
    return dataclasses.replace(change, start=0, end=0, text="", now=change.was)


def slowest(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The five trials that took longest."""
    return sorted(outcomes, key=lambda one: -one.seconds)[:5]


def share(counts: Mapping[str, int]) -> float:
    """Noticed, of what can show and can be imported."""
    noticed = counts.get("killed", 0)
    return noticed / (noticed + counts.get("survived", 0)) if noticed or counts.get("survived", 0) else 1.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
