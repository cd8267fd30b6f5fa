"""Work handed to a Dask cluster: for those who outgrow a machine. The only user of dask and distributed."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import queue
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar

from tco_xlsx.batch.executor import Lost
from tco_xlsx.documents.errors import BadInput, Fault

T = TypeVar("T")
R = TypeVar("R")

LOCAL = "local"
_SECONDS_TO_CONNECT = 10


class DaskPool(Generic[T, R]):
    """Does tasks on the workers of a Dask scheduler, or of a cluster of processes that it starts here.

    The workers need the same tco-xlsx, and must see the scenarios, the benchmarks and the output folder under the
    same paths. Raises BadInput when Dask is not installed, no scheduler answers, or a worker has another tco-xlsx.
    """

    worth_from = 0

    def __init__(self, work: Callable[[T], R], address: str, jobs: int, code: Callable[[], str]) -> None:
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError:
            raise _fault("needs dask and distributed: install tco-xlsx[dask], or leave --dask out.") from None
        self._work = work
        self._distributed = distributed
        self._open = contextlib.ExitStack()
        self._tasks: dict[Any, T] = {}
        try:
            self._client = self._connected(address, jobs)
            self._must_agree(code)
            self.jobs = max(1, sum(self._client.ncores().values()))
        except BaseException:
            self._open.close()
            raise
        self.capacity = 2 * self.jobs
        self._done: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def _connected(self, address: str, jobs: int) -> Any:
        if address == LOCAL:
            cluster = self._distributed.LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.CRITICAL,
            )
            target = self._open.enter_context(cluster)
        else:
            target = address
        try:
            client = self._distributed.Client(target, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            told = " ".join(str(error).split())
            raise _fault(f"no Dask scheduler answers at {address} ({told}).") from None
        self._open.enter_context(client)
        if not client.ncores():
            raise _fault(f"the Dask scheduler at {address} has no workers; start some.")
        return client

    def _must_agree(self, code: Callable[[], str]) -> None:
        try:
            theirs = self._client.run(code)
        except Exception as error:
            told = " ".join(f"{type(error).__name__}: {error}".split())
            raise _fault(f"the workers cannot run tco-xlsx ({told}); install it there, too.") from None
        wrong = [worker for worker, digest in theirs.items() if digest != code()]
        if wrong:
            raise _fault(f"{wrong[0]} has another tco-xlsx than this one; install the same on all workers.")

    @property
    def outstanding(self) -> int:
        return len(self._tasks)

    def submit(self, task: T) -> None:
        try:
            future = self._client.submit(self._work, task, pure=False)
        except Exception as error:  # The cluster has gone: that is what is to be told of each task.
            future = _NeverBegun(error)
        self._tasks[future] = task
        future.add_done_callback(self._done.put)

    def next_done(self) -> tuple[T, R | Lost]:
        future = self._done.get()
        task = self._tasks.pop(future)
        try:
            result: R = future.result()
        except (Exception, asyncio.CancelledError) as error:
            told = " ".join(f"{type(error).__name__}: {error}".split())
            return task, Lost(f"Dask gave it back: {told}")
        return task, result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tasks.clear()
        self._open.close()


class _NeverBegun:
    """Stands for a task that the cluster did not take."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        call(self)

    def result(self) -> Any:
        raise self._error


def _fault(message: str) -> BadInput:
    return BadInput([Fault("--dask", 0, 0, message)])
