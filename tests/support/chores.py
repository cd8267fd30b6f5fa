"""Tasks for worker processes in tests; a module of its own, for each process imports it."""

from __future__ import annotations

import os
import signal

Chore = tuple[str, int]


def chore(job: Chore) -> tuple[int, int]:
    """The number doubled and the process that did it, unless the task is to die or to break."""
    what, number = job
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "break":
        raise ValueError("not\nthis one")
    return 2 * number, os.getpid()
