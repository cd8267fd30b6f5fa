"""How far a long run has come: a bar on a terminal, a plain line now and then in a log, nothing for a few."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TextIO

FEW = 5
"""Up to so many, nothing is shown."""
_PARTS = 10
_SECONDS = 30.0


class Progress:
    """Shows what is `advance`d. Use it in a `with`."""

    def __init__(self, what: str, stream: TextIO, say: Callable[[str], None] | None = None, few: int = FEW) -> None:
        """`what` is counted, such as "workbooks". Without `say`, a log gets nothing."""
        self._what = what
        self._stream = stream
        self._say = say
        self._few = few
        self._bar: Any = None
        self._task: Any = None
        self._began = time.monotonic()
        self._said_at = self._began
        self._said_part = 0

    def advance(self, done: int, total: int) -> None:
        """So many are done of so many."""
        if total <= self._few:
            return
        if self._stream.isatty():
            self._show(done, total)
        elif self._say is not None:
            self._log(done, total)

    def _show(self, done: int, total: int) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                # Our own stream escapes what moves the cursor, unless a program draws on it.
                console=Console(file=getattr(self._stream, "terminal", self._stream)),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=total, rate="")
        self._bar.update(self._task, completed=done, total=total, rate=self._rate(done))

    def _log(self, done: int, total: int) -> None:
        now, part = time.monotonic(), done * _PARTS // total
        # The last one is told by the summary.
        if done < total and (part > self._said_part or now >= self._said_at + _SECONDS):
            self._said_at, self._said_part = now, part
            taken = now - self._began
            left = taken / done * (total - done) if done else 0.0
            assert self._say is not None
            self._say(f"{done} of {total} {self._what}, {self._rate(done)}, about {left:.0f} s left")

    def _rate(self, done: int) -> str:
        return f"{done / max(time.monotonic() - self._began, 0.001):.1f}/s"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
