"""Hands orders to a child process and takes its answers; starts another when one hangs or ends."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WALL_SECONDS = 120
"""A child that says nothing for so long waits for something that never comes."""


@dataclass(frozen=True)
class Order:
    """What to build, and whether engines recalculate it."""

    scenario: Path
    template: Path | None = None
    recalculate: bool = False


@dataclass(frozen=True)
class Answer:
    """The exit code of `build` (-1: it did not end well), and all that was wrong."""

    order: Order
    code: int
    said: str
    wrong: list[str]


def answers(orders: Iterable[Order]) -> Iterator[Answer]:
    """What became of each order, in order."""
    child: subprocess.Popen[bytes] | None = None
    try:
        for order in orders:
            child = child if child is not None and child.poll() is None else _child()
            assert child.stdin is not None
            assert child.stdout is not None
            told = {"scenario": str(order.scenario), "recalculate": order.recalculate}
            told["template"] = str(order.template) if order.template else None  # type: ignore[assignment]
            child.stdin.write(json.dumps(told).encode() + b"\n")
            child.stdin.flush()
            ready, _, _ = select.select([child.stdout], [], [], WALL_SECONDS)
            line = child.stdout.readline() if ready else b""
            if line:
                yield Answer(order, **json.loads(line))
                continue
            child.kill()
            code = child.wait()
            yield Answer(
                order, -1, "", [f"the process ended with {code}" if ready else f"said nothing for {WALL_SECONDS} s"]
            )
    finally:
        if child is not None:
            assert child.stdin is not None
            child.stdin.close()
            child.wait()


def _child() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz.child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "SOURCE_DATE_EPOCH": "0"},
    )
