"""Where work is done: here, in processes, on a Dask cluster; and what becomes of it when a worker ends."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tco_xlsx.batch.dask_pool import DaskPool
from tco_xlsx.batch.executor import Executor, InProcess, Lost, Processes
from tco_xlsx.batch.fingerprint import code_digest
from tco_xlsx.batch.work import Chunk, Outcome, work
from tco_xlsx.documents.errors import BadInput
from tests.support import batches
from tests.support.batches import build
from tests.support.chores import Chore, chore


def done(executor: Executor[Chore, tuple[int, int]], jobs: list[Chore]) -> dict[Chore, tuple[int, int] | Lost]:
    found = {}
    waiting = list(jobs)
    with executor:
        while waiting or executor.outstanding:
            while waiting and executor.outstanding < executor.capacity:
                executor.submit(waiting.pop(0))
            task, result = executor.next_done()
            found[task] = result
    return found


def check_all(found: dict[Chore, tuple[int, int] | Lost], jobs: list[Chore]) -> set[int]:
    """Every task is answered; the processes that did them."""
    assert set(found) == set(jobs)
    pids = set()
    for job, result in found.items():
        if job[0] == "do":
            assert not isinstance(result, Lost)
            assert result[0] == 2 * job[1]
            pids.add(result[1])
        else:
            assert isinstance(result, Lost)
    return pids


def test_in_this_process() -> None:
    jobs = [("do", 1), ("break", 2), ("do", 3)]
    found = done(InProcess(chore), jobs)
    assert check_all(found, jobs) == {os.getpid()}
    assert found[("break", 2)] == Lost("ValueError: not this one")


def test_a_process_that_ends_loses_the_task_that_it_had_and_no_other() -> None:
    jobs = [("do", number) for number in range(4)] + [("die", 1), ("break", 2)] + [("do", number) for number in (7, 8)]
    found = done(Processes(chore, 2), jobs)
    assert os.getpid() not in check_all(found, jobs)
    lost = found[("die", 1)]
    assert isinstance(lost, Lost)
    assert "SIGKILL" in lost.reason


def lethal(chunk: Chunk) -> list[Outcome]:
    """As `work`, but a scenario called "poison" ends the process."""
    if any(task.stem == "poison" for task in chunk.tasks):
        os.kill(os.getpid(), signal.SIGKILL)
    return work(chunk)


def test_a_scenario_that_ends_its_worker_fails_alone(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 6), tmp_path / "out"
    batches.write(folder / "poison.yaml")
    finished = build(folder, out, lambda: Processes(lethal, 1, worth_from=0))
    assert finished.of("failed") == ["poison"]
    assert "the process that worked on it ended" in finished.why("poison")
    assert len(finished.of("built")) == 6
    assert batches.index(out)["poison"]["Status"] == "failed"


def test_for_a_few_scenarios_no_process_is_started(tmp_path: Path) -> None:
    def never(chunk: Chunk) -> list[Outcome]:
        raise AssertionError("was started")

    finished = build(batches.scenarios(tmp_path / "in", 3), tmp_path / "out", lambda: Processes(never, 2))
    assert len(finished.of("built")) == 3


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A folder of scenarios, and all that is built of them here."""
    folder = tmp_path_factory.mktemp("batch")
    (folder / "points.csv").write_text(batches.POINTS)
    for number in range(10):
        batches.write(folder / f"m{number}.yaml", price=200_000 + number, files="points.csv")
    build(folder, folder / "out")
    return folder, batches.held(folder / "out")


def same_as_here(
    in_process: tuple[Path, dict[str, bytes]], out: Path, executor: Callable[[], Executor[Chunk, list[Outcome]]]
) -> None:
    folder, expected = in_process
    # The index is in order of the scenarios' paths as seen from the folder.
    target = folder / out.name
    assert len(build(folder, target, executor).of("built")) == 10
    assert batches.held(target) == expected


def test_processes_write_the_same_bytes(in_process: tuple[Path, dict[str, bytes]]) -> None:
    same_as_here(in_process, Path("out-processes"), lambda: Processes(work, 2, worth_from=0))


def test_dask_writes_the_same_bytes_and_says_what_is_lost(in_process: tuple[Path, dict[str, bytes]]) -> None:
    """A real cluster of two worker processes; then the same through the address of a scheduler that runs already."""
    import dask
    import distributed

    same_as_here(in_process, Path("out-dask"), lambda: DaskPool(work, "local", 2, code_digest))
    # Without this the scheduler tries three more workers.
    no_second_try = dask.config.set({"distributed.scheduler.allowed-failures": 0})
    with (
        no_second_try,
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=50,
        ) as cluster,
    ):
        same_as_here(in_process, Path("out-address"), lambda: DaskPool(work, cluster.scheduler_address, 1, code_digest))
        jobs = [("do", 1), ("break", 2), ("do", 3)]
        pids = check_all(done(DaskPool(chore, cluster.scheduler_address, 1, code_digest), jobs), jobs)
        assert os.getpid() not in pids
        # By itself: what waits on the same worker may be given back, too.
        found = done(DaskPool(chore, cluster.scheduler_address, 1, code_digest), [("die", 4)])
        assert check_all(found, [("die", 4)]) == set()
        with pytest.raises(BadInput, match="has another tco-xlsx"):
            DaskPool(chore, cluster.scheduler_address, 1, lambda: f"of process {os.getpid()}")


def test_a_cluster_that_is_not_there_or_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match=r"expected tcp://|no Dask scheduler answers at nonsense"):
        DaskPool(work, "nonsense", 1, code_digest)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"install tco-xlsx\[dask\]"):
        DaskPool(work, "local", 1, code_digest)


def test_leaving_early_ends_what_still_runs() -> None:
    began = time.monotonic()
    with Processes(time.sleep, 1) as pool:
        pool.submit(30.0)
    assert pool.outstanding == 0
    assert time.monotonic() - began < 20
