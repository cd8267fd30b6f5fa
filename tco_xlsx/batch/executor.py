"""Where work is done: in this process or in others. Dask is another answer to the same question (see `dask_pool`)."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import multiprocessing.connection
import signal
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")
Result = TypeVar("Result", covariant=True)


@dataclass(frozen=True)
class Lost:
    """A task without a result: its worker ended, or the work itself broke. `reason` says how."""

    reason: str


class Executor(Protocol[T, Result]):
    """Does tasks elsewhere. Used in a `with`; left early, it ends what still runs."""

    capacity: int
    """How many tasks to have under way, so that nobody waits for the next."""
    worth_from: int
    """For fewer scenarios than these, starting it takes longer than the work."""
    jobs: int
    """How many tasks run at a time."""

    @property
    def outstanding(self) -> int:
        """Tasks submitted and not done."""

    def submit(self, task: T) -> None:
        """Begin a task."""

    def next_done(self) -> tuple[T, Result | Lost]:
        """Wait until any task is done."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class InProcess(Generic[T, R]):
    """Does each task here, one after another."""

    capacity = 1
    worth_from = 0
    jobs = 1

    def __init__(self, work: Callable[[T], R]) -> None:
        self._work = work
        self._tasks: deque[T] = deque()

    @property
    def outstanding(self) -> int:
        return len(self._tasks)

    def submit(self, task: T) -> None:
        self._tasks.append(task)

    def next_done(self) -> tuple[T, R | Lost]:
        task = self._tasks.popleft()
        return task, _result(self._work, task)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tasks.clear()


@dataclass
class _Worker(Generic[T]):
    process: BaseProcess
    connection: Connection
    task: T | None = None


class Processes(Generic[T, R]):
    """Does tasks in processes of this machine, each with one task at a time: when one ends, it is known over which.

    The processes are started afresh, as tasks come, and share nothing; they end by themselves when this one does.
    """

    def __init__(self, work: Callable[[T], R], jobs: int, worth_from: int = 9) -> None:
        self.jobs = jobs
        self.capacity = 2 * jobs
        self.worth_from = worth_from
        self._work = work
        self._waiting: deque[T] = deque()
        self._workers: list[_Worker[T]] = []
        self._context = multiprocessing.get_context("spawn")

    @property
    def outstanding(self) -> int:
        return len(self._waiting) + sum(worker.task is not None for worker in self._workers)

    def submit(self, task: T) -> None:
        self._waiting.append(task)
        self._hand_out()

    def next_done(self) -> tuple[T, R | Lost]:
        while True:
            self._hand_out()
            busy = {worker.connection: worker for worker in self._workers if worker.task is not None}
            for ready in multiprocessing.connection.wait(list(busy)):
                assert isinstance(ready, Connection)
                return self._received(busy[ready])

    def _received(self, worker: _Worker[T]) -> tuple[T, R | Lost]:
        task = worker.task
        assert task is not None
        try:
            result: R | Lost = worker.connection.recv()
        except (EOFError, OSError):
            result = self._buried(worker)
        worker.task = None
        return task, result

    def _buried(self, worker: _Worker[T]) -> Lost:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        code = worker.process.exitcode
        how = f"exit code {code}"
        if code is not None and code < 0:
            how = f"ended by {signal.Signals(-code).name}"
            how += ", perhaps for want of memory" if -code == signal.SIGKILL else ""
        return Lost(f"the process that worked on it ended ({how}).")

    def _hand_out(self) -> None:
        while self._waiting:
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None:
                if len(self._workers) == self.jobs:
                    return
                idle = self._started()
            task = self._waiting.popleft()
            idle.task = task
            # One that has just ended is noticed when its answer is awaited.
            with contextlib.suppress(OSError):
                idle.connection.send(task)

    def _started(self) -> _Worker[T]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._work), daemon=True)
        process.start()
        theirs.close()
        worker: _Worker[T] = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.connection.close()
            if worker.task is not None:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()
        self._waiting.clear()


def _serve(connection: Connection, work: Callable[[Any], Any]) -> None:
    # Ctrl-C reaches every process of a terminal; the one that was started decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is imported stays: the collector need not walk through it after every few workbooks.
    gc.freeze()
    with contextlib.suppress(EOFError, OSError):
        while True:
            connection.send(_result(work, connection.recv()))


def _result(work: Callable[[T], R], task: T) -> R | Lost:
    try:
        return work(task)
    except Exception as error:
        return Lost(" ".join(f"{type(error).__name__}: {error}".split()))
