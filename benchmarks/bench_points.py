"""How time and memory grow with the points of a benchmark: reading, choosing, computing, and building a workbook.

Writes tables of its own making into a temporary folder; each command runs in a process of its own, whose time and
peak memory are what the table shows. A workbook is built of as many points as one takes.

    python benchmarks/bench_points.py [--quick]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_KIB_PER_MB = 1024
_SIZES = (2_000, 20_000, 200_000)
_QUICK = (200, 2_000)

_SCENARIO = """\
title: Many points
benchmark: {files: runs.csv}
workload: {peak_rps: 100, average_rps: 40, input_tokens: 1000, output_tokens: 200}
service: {max_ttft_ms: 250, ttft_statistic: avg}
server: {price: 320000, gpus: 8, life_years: 4}
hosting: {per_server_year: 20000}
"""


def main() -> None:
    """Makes the tables, runs the commands, prints what they took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a hundredth of the size")
    sizes = _QUICK if parser.parse_args().quick else _SIZES
    print(f"{'command':<10}{'points':>9}{'s':>9}{'CPU s':>9}{'points/s':>11}{'peak MB':>9}")
    for number in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            _write(folder, number)
            for command in ("bench", "check", "evaluate"):
                path = folder / ("runs.csv" if command == "bench" else "many.yaml")
                _show(command, number, [command, str(path)])
    from tco_xlsx.book.shape import MOST_POINTS

    for number in (min(sizes), MOST_POINTS):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            _write(folder, number)
            _show("build", number, ["build", str(folder / "many.yaml"), "-o", str(folder / "out"), "--jobs", "1"])
            print(f"{'':<10}{(folder / 'out' / 'many.xlsx').stat().st_size / 1e6:>9.1f} MB of workbook")


def _show(name: str, number: int, arguments: list[str]) -> None:
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", "from tco_xlsx.cli import main; main()", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begin
    if process.returncode:
        sys.exit(f"{' '.join(arguments)} ended with {process.returncode}")
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / _KIB_PER_MB
    print(f"{name:<10}{number:>9,}{seconds:>9.2f}{cpu:>9.2f}{number / seconds:>11,.0f}{peak:>9.0f}")


def _write(folder: Path, number: int) -> None:
    """Runs of eight GPU counts, no two alike, none of which contradicts itself."""
    with (folder / "runs.csv").open("w", encoding="utf-8") as file:
        file.write("model,gpu_type,gpus_per_instance,isl,osl,concurrency,rps,ttft_avg_ms,ttft_p95_ms,itl_avg_ms\n")
        for place in range(number):
            load, gpus = 1 + place % 512, 1 + place % 8
            ttft, itl = 40 + load / 4 + place / number, 8 + load / 100 + place % 97 / 1000
            rps = load / (ttft + itl * 199) * 970
            file.write(f"m,H100,{gpus},1000,200,{load},{rps:.9f},{ttft:.6f},{ttft * 1.3:.6f},{itl:.6f}\n")
    (folder / "many.yaml").write_text(_SCENARIO, encoding="utf-8")


if __name__ == "__main__":
    main()
