"""A batch that is killed, or that runs twice at once: no file is ever half there, and a rerun finishes the rest.

BATCH_KILLS and BATCH_SCENARIOS ask for more (make proof); BATCH_SEED for other moments.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import batches

KILLS = int(os.environ.get("BATCH_KILLS", "3"))
SCENARIOS = int(os.environ.get("BATCH_SCENARIOS", "30"))
SEED = int(os.environ.get("BATCH_SEED", "1"))
PROGRAM = "import sys; from tco_xlsx.cli import main; main(sys.argv[1:])"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")


def begin(folder: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """The command in processes of their own, a group that can be killed together."""
    command = [sys.executable, "-c", PROGRAM, "build", str(folder), "-o", str(out), "--jobs", "2", *options]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def finish(process: subprocess.Popen[str]) -> str:
    told, _ = process.communicate(timeout=600)
    assert process.returncode == 0, told
    return told


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes], float]:
    """A folder of scenarios, what an undisturbed run makes of it, and how many seconds it takes."""
    folder = tmp_path_factory.mktemp("killed")
    files = SCENARIOS // 3
    (folder / "points.csv").write_text(batches.POINTS)
    for number in range(files):
        batches.write(folder / f"f{number:03}.yaml", price=200_000 + number, files="points.csv")
    path = batches.write(folder / "matrix.yaml", files="points.csv")
    steps = SCENARIOS - files
    prices = f"{{from: 1000, to: {steps}000, steps: {steps}}}"
    matrix = f"matrix: {{vary: {{server.price: {prices}}}, name: 'm{{server.price}}'}}\n"
    path.write_text(path.read_text() + matrix)
    began = time.monotonic()
    told = finish(begin(folder, folder / "out-whole"))
    assert f"{SCENARIOS} built, 0 unchanged, 0 failed" in told
    return folder, batches.held(folder / "out-whole"), time.monotonic() - began


def children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def strike(process: subprocess.Popen[str], whom: str) -> None:
    """kill -9 for the whole group, for the one that was started, or for one of its workers."""
    with contextlib.suppress(ProcessLookupError):
        if whom == "all":
            os.killpg(process.pid, signal.SIGKILL)
        elif whom == "parent":
            process.kill()
        else:
            # The last to be started: the first may be a watcher of the interpreter's own.
            for pid in children(process.pid)[-1:]:
                os.kill(pid, signal.SIGKILL)


def test_killed_at_any_moment_a_rerun_finishes_the_rest(undisturbed: tuple[Path, dict[str, bytes], float]) -> None:
    folder, whole, seconds = undisturbed
    chance = random.Random(SEED)
    struck = 0
    for number in range(KILLS):
        # Every second one meets a rerun that has something to skip already.
        out = folder / f"out-{number // 2}"
        whom = ("all", "worker", "parent")[number % 3]
        process = begin(folder, out)
        time.sleep(chance.uniform(0.1, 1.0) * seconds)
        struck += process.poll() is None
        strike(process, whom)
        if whom == "worker":
            finish(process)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
        there = batches.held(out) if out.exists() else {}
        broken = [name for name, content in there.items() if content != whole.get(name)]
        assert broken == [], f"seed {SEED}, kill {number} ({whom})"
        if number % 2 or number == KILLS - 1:
            told = finish(begin(folder, out))
            assert batches.held(out) == whole, f"seed {SEED}, kill {number} ({whom}): {told}"
            assert not (out / "replaced").exists()
            # Workers whose parent was killed may still have finished what they had.
            assert f"\n0 built, {SCENARIOS} unchanged, 0 failed" in finish(begin(folder, out))
            assert batches.parts(out) == []
    assert struck >= KILLS / 3, "most runs were done before they were to be killed"


def test_two_runs_into_one_folder_both_end_well(undisturbed: tuple[Path, dict[str, bytes], float]) -> None:
    folder, whole, _ = undisturbed
    out = folder / "out-twice"
    for process in [begin(folder, out), begin(folder, out)]:
        finish(process)
    assert batches.held(out) == whole
    assert not (out / "replaced").exists()
    # One of them with another price: each workbook is of one of the two, and known as such.
    for process in [begin(folder, out, "--force"), begin(folder, out, "--set", "hosting.per_server_year=1")]:
        finish(process)
    told = finish(begin(folder, out))
    assert "edited" not in told
    assert batches.held(out) == whole
    assert batches.parts(out) == []
