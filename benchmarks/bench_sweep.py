"""A million combinations to a file: seconds and peak memory, each in a process of its own.

The baseline is the same command over two combinations: Python, the libraries, the scenario and its benchmark.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIO = Path(__file__).resolve().parent.parent / "scenarios" / "nvidia-workbook.yaml"
_KIB_PER_MB = 1000 / 1.024

BEHIND = ("server.price=250000:400000:100", "server.life_years=2:6:100", "hosting.per_server_year=1000:30000:100")
LIMITS = ("server.price=250000:400000:100", "service.max_ttft_ms=40:3000:100", "service.max_itl_ms=4:40:100")
POINTS = ("service.max_ttft_ms=40:3000:1000", "service.max_itl_ms=4:40:1000")
FEW = ("server.price=250000,400000",)
CASES = {
    "price, life, hosting": (BEHIND, ""),
    "price and two limits": (LIMITS, ""),
    "two limits, a thousand values each": (POINTS, ""),
    "price, life, hosting; all lines": (BEHIND, "all"),
    "two limits, a thousand each; all lines": (POINTS, "all"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the files of all lines")
    parser.add_argument("--scenario", type=Path, default=SCENARIO, help="another scenario")
    arguments = parser.parse_args()
    print(f"{'varied':<40}{'to':>9}{'s':>8}{'rows/s':>10}{'peak MB':>9}{'over MB':>9}{'file MB':>9}")
    for ending in ("csv", "parquet"):
        _, least, _ = run(arguments.scenario, FEW, "", ending)
        for name, (flags, lines) in CASES.items():
            if not (arguments.quick and lines):
                seconds, peak, size = run(arguments.scenario, flags, lines, ending)
                rate = f"{1e6 / seconds:,.0f}"
                print(f"{name:<40}{ending:>9}{seconds:>8.2f}{rate:>10}{peak:>9.0f}{peak - least:>9.0f}{size:>9.0f}")


def run(scenario: Path, flags: tuple[str, ...], lines: str, ending: str) -> tuple[float, float, float]:
    """Seconds, peak MB of the process and MB of the file of one sweep."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"sweep.{ending}"
        command = [sys.executable, "-c", "from tco_xlsx.cli import main; main()", "sweep", str(scenario)]
        command += [part for flag in flags for part in ("--vary", flag)]
        command += ["--to", str(target), *(("--lines", lines) if lines else ())]
        begin = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
        if os.waitstatus_to_exitcode(status):
            sys.exit(f"failed: {' '.join(command)}")
        child.returncode = 0
        return seconds, usage.ru_maxrss / _KIB_PER_MB, target.stat().st_size / 1e6


if __name__ == "__main__":
    main()
