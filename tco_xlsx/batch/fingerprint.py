"""What a workbook depends on, as digests: one that is unchanged is not built again."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import tco_xlsx
from tco_xlsx.batch.ledger import Origin
from tco_xlsx.bench.cache import ReadingCache
from tco_xlsx.book.template import Template
from tco_xlsx.case.points import benchmark_paths
from tco_xlsx.scenario.load import Scenario


def fingerprint(key: str, name: str, origin: Origin, benchmark: str) -> str:
    """Stands for all that a workbook depends on: the run's `key`, the scenario's files, and its benchmark's digest."""
    # The folder may lie elsewhere tomorrow: the names of files count, not the way to them.
    lineage = [(Path(file).name, digest) for file, digest in origin.lineage]
    return hashlib.sha256(repr((key, name, origin.place, lineage, benchmark)).encode()).hexdigest()


def benchmark_digest(scenario: Scenario, shelf: ReadingCache) -> str:
    """Stands for every file that the scenario's benchmark finds; empty when it has none."""
    paths = benchmark_paths(scenario)
    return shelf.snapshot(paths, scenario.path.parent).digest if paths else ""


def job_key(template: Template, epoch: str | None, overrides: Sequence[str]) -> str:
    """Stands for all that the workbooks of a run have in common."""
    common = (tco_xlsx.__version__, code_digest(), repr(template), epoch, tuple(overrides))
    return hashlib.sha256(repr(common).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Stands for the product itself: a version number says nothing of a copy that somebody has changed."""
    told = hashlib.sha256()
    home = Path(tco_xlsx.__file__).parent
    for path in sorted(home.rglob("*.py")):
        told.update(repr((path.relative_to(home).as_posix(), digest_of(path))).encode())
    return told.hexdigest()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file; empty where there is none."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return ""
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
