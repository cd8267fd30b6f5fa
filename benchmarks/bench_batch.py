"""A night's batch: workbooks per second with one and with two jobs, peak memory, and CPU for each workbook.

Scenarios are made in a temporary folder: one file with a matrix, or (--files) a file each. Each batch is a process of
its own, with its folder new; memory is the high-water mark of each process, as the system keeps it.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tco_xlsx.book import provenance as book_provenance
from tco_xlsx.book import template as book_template
from tco_xlsx.book.write import write_workbook
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.case import results as case_results
from tco_xlsx.documents.atomic import write_whole
from tco_xlsx.model import MODEL

SCENARIO = Path(__file__).resolve().parent.parent / "scenarios" / "nvidia-article-per-server.yaml"
PROGRAM = "import sys; from tco_xlsx.cli import main; main(sys.argv[1:])"
# The same in one process, with a clock around the writing: what else the machine does slows both alike.
CLOCKED = """
import sys, time
from tco_xlsx.batch import work
from tco_xlsx.cli import main
write, taken = work.write_workbook, []
def clocked(*arguments):
    began = time.process_time()
    write(*arguments)
    taken.append(time.process_time() - began)
work.write_workbook = clocked
try:
    main(sys.argv[1:], standalone_mode=False)
finally:
    print("clocked", sum(taken), time.process_time())
"""
SPEED_UP, MEMORY, CPU = 1.7, 1.2, 1.15


@dataclass
class Run:
    """What one batch took: seconds, CPU seconds, and the peak of each process in MB, the one that began it first."""

    seconds: float
    cpu: float
    peaks: dict[int, float] = field(default_factory=dict)

    @property
    def begun(self) -> float:
        return next(iter(self.peaks.values()))

    @property
    def worker(self) -> float:
        return max(list(self.peaks.values())[1:], default=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", type=int, default=3000)
    parser.add_argument("--files", action="store_true", help="a file for each scenario instead of one matrix")
    options = parser.parse_args()
    many, few = options.scenarios, 100
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, small = (made(folder / str(number), number, options.files) for number in (many, few))
        runs = {jobs: run(large, folder / f"out-{jobs}", jobs) for jobs in (1, 2)}
        flat = {jobs: run(small, folder / f"few-{jobs}", jobs) for jobs in (1, 2)}
        again = run(large, folder / "out-2", 2)
        in_memory, as_file = single(large)
        writing, whole = clocked(large, folder / "out-clocked")
    kind = "files" if options.files else "scenarios of one matrix"
    print(f"{many} {kind}; {os.cpu_count()} cores")
    for jobs, each in runs.items():
        print(f"jobs {jobs}: {many / each.seconds:8.1f} workbooks/s, {each.seconds:.1f} s, {each.cpu:.1f} s of CPU")
    print(f"unchanged: {many / again.seconds:5.0f} scenarios/s, {again.seconds:.1f} s")
    print(f"two jobs are {runs[1].seconds / runs[2].seconds:.2f} times as fast (target {SPEED_UP})")
    for jobs in (1, 2):
        told = [f"{runs[jobs].begun:.0f} MB against {flat[jobs].begun:.0f}: {runs[jobs].begun / flat[jobs].begun:.2f}"]
        if jobs > 1:
            told.append(
                f"workers {runs[jobs].worker:.0f} MB against {flat[jobs].worker:.0f}:"
                f" {runs[jobs].worker / flat[jobs].worker:.2f}"
            )
        print(f"peak memory, jobs {jobs}, {many} against {few}: {'; '.join(told)} (target {MEMORY})")
    for jobs in (1, 2):
        each_cpu = runs[jobs].cpu / many * 1000
        print(
            f"CPU a workbook, jobs {jobs}: {each_cpu:.2f} ms; a write alone, as a file, {as_file:.2f} ms:"
            f" {each_cpu / as_file:.2f} of it; in memory {in_memory:.2f} ms: {each_cpu / in_memory:.2f}",
            end="",
        )
        print(f" (target {CPU})")
    print(f"CPU in one run, jobs 1: {whole:.1f} s, of it writing {writing:.1f} s: {whole / writing:.2f} (target {CPU})")


def clocked(scenarios: Path, out: Path) -> tuple[float, float]:
    """CPU seconds of a batch in one process: of writing, and of everything from the start of the interpreter on."""
    command = [sys.executable, "-c", CLOCKED, "build", str(scenarios), "-o", str(out), "--jobs", "1"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    writing, whole = (float(word) for word in told.splitlines()[-1].split()[1:])
    return writing, whole


def made(folder: Path, number: int, files: bool) -> Path:
    """A folder with so many scenarios, alike but for their prices."""
    folder.mkdir()
    shutil.copytree(SCENARIO.parent / "data", folder / "data")
    text = SCENARIO.read_text(encoding="utf-8")
    if files:
        for place in range(number):
            priced = text.replace("value: 320000", f"value: {200_000 + 10 * place}")
            (folder / f"s{place:05}.yaml").write_text(priced, encoding="utf-8")
        return folder
    width = max(1, number // 50)
    matrix = (
        "\nmatrix:\n  vary:\n"
        f"    server.price: {{from: 200000, to: 400000, steps: {width}}}\n"
        f"    hosting.per_server_year: {{from: 10000, to: 40000, steps: {number // width}}}\n"
        '  name: "m-{server.price}-{hosting.per_server_year}"\n'
    )
    (folder / "matrix.yaml").write_text(text + matrix, encoding="utf-8")
    return folder


def run(scenarios: Path, out: Path, jobs: int) -> Run:
    """One batch in a process of its own."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-c", PROGRAM, "build", str(scenarios), "-o", str(out), "--jobs", str(jobs)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    peaks: dict[int, float] = {process.pid: 0.0}
    ended = threading.Event()
    watcher = threading.Thread(target=watch, args=(process.pid, peaks, ended))
    watcher.start()
    _, told = process.communicate()
    ended.set()
    watcher.join()
    if process.returncode != 0:
        sys.exit(f"the batch ended with {process.returncode}:\n{told}")
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu, peaks)


def watch(pid: int, peaks: dict[int, float], ended: threading.Event) -> None:
    """Note the high-water mark of a process and its children until it ends."""
    while not ended.wait(0.02):
        for one in (pid, *children(pid)):
            peaks[one] = max(peaks.get(one, 0.0), high_water(one))


def children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def high_water(pid: int) -> float:
    """The most memory that a process ever held, in MB; 0 when it is there no more."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def single(folder: Path) -> tuple[float, float]:
    """CPU ms of writing one workbook of the same kind, the median of many: in memory, and as a file, whole."""
    prepared = case_prepare.prepare([next(folder.glob("*.yaml"))], MODEL)[0]
    values, template, subject = (
        case_results.compute(MODEL, prepared),
        book_template.default_template(),
        book_provenance.subject_of(prepared),
    )
    taken: dict[bool, list[float]] = {False: [], True: []}
    out = folder / "single"
    out.mkdir()
    for number in range(300):
        as_file = number % 2 == 1
        began = time.process_time()
        target = io.BytesIO()
        write_workbook(target, MODEL, values, template, [subject])
        if as_file:
            write_whole(out / f"{number}.xlsx", target.getvalue(), out)
        taken[as_file].append((time.process_time() - began) * 1000)
    return statistics.median(taken[False]), statistics.median(taken[True])


if __name__ == "__main__":
    main()
