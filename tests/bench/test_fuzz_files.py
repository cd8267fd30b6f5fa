"""Thousands of benchmark files with something wrong in them: points that can be costed, notices or faults; never an
exception, a hang or a flood of memory."""

from __future__ import annotations

import gc
import json
import math
import os
import resource
import signal
import tempfile
import traceback
import unicodedata
from pathlib import Path

import pytest

from tco_xlsx.bench.points.laws import LATENCIES
from tco_xlsx.bench.points.point import STATISTICS, Point
from tco_xlsx.bench.points.validate import ITL_BOUNDS_MS, NUMBERS, TTFT_BOUNDS_MS
from tco_xlsx.bench.read import read_benchmarks
from tco_xlsx.case.points import facts, figures
from tests.bench.mutations import mutated

_FILES = int(os.environ.get("FUZZ_BENCH_FILES", "150"))
_FIRST = int(os.environ.get("FUZZ_SEED", "0"))
_IN_A_PROCESS = 50
_SECONDS = 10
_MOST_MB = 1_000
_ADDRESSES = 4 << 30


@pytest.mark.parametrize("first", range(_FIRST, _FIRST + _FILES, _IN_A_PROCESS))
def test_fuzz_files(first: int) -> None:
    complaints = _judged_apart(range(first, min(first + _IN_A_PROCESS, _FIRST + _FILES)))
    assert not complaints, "\n\n".join(complaints)


def test_the_fuzz_bites(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that raises, and one that gives what is no number, are found."""
    from tco_xlsx.bench import read

    monkeypatch.setattr(read, "check", lambda points: 1 / 0)
    assert "ZeroDivisionError" in "".join(_judged_apart(range(3)))
    assert _objection(Point("a", "b", rps=math.inf, concurrency=1.0)) == "rps is inf"
    assert _objection(Point("a", "b", rps=1.0, concurrency=1.0)) == ""


def _judged_apart(numbers: range) -> list[str]:
    """What is wrong with any of the mutations, read in a process of its own with bounds on time and memory."""
    reading, writing = os.pipe()
    with tempfile.TemporaryDirectory() as temporary:
        child = os.fork()
        if not child:
            # What other tests left behind is not the child's to clear away.
            gc.freeze()
            os.close(reading)
            try:
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.signal(signal.SIGPROF, signal.SIG_DFL)
                resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
                with os.fdopen(writing, "wb", 0) as pipe:
                    for number in numbers:
                        path, done = mutated(number, Path(temporary))
                        pipe.write(json.dumps(["begun", done]).encode() + b"\n")
                        # Of work, and of waiting; a machine that is busy otherwise is no fault.
                        signal.setitimer(signal.ITIMER_PROF, _SECONDS)
                        signal.alarm(10 * _SECONDS)
                        complaint = _complaint(path)
                        signal.setitimer(signal.ITIMER_PROF, 0)
                        signal.alarm(0)
                        pipe.write(json.dumps(["ended", complaint]).encode() + b"\n")
            except BaseException:
                traceback.print_exc()  # Of the mutation itself.
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = [json.loads(line) for line in pipe]
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    begun = [text for word, text in told if word == "begun"]
    ended = [text for word, text in told if word == "ended"]
    found = [f"{done}\n{complaint}" for done, complaint in zip(begun, ended, strict=False) if complaint]
    if len(ended) < len(numbers):
        found.append(f"{begun[-1] if begun else numbers}\nhung for {_SECONDS} s or died ({status})")
    return found


def _complaint(path: Path) -> str:
    """What is wrong with how a file is read; empty when nothing is."""
    try:
        reading = read_benchmarks([path])
        objections = [objection for point in reading.points if (objection := _objection(point))]
        # What the command and the workbook make of them.
        told = [str(one) for one in (*reading.grouped_notices(), *reading.faults)]
    except Exception:
        return traceback.format_exc()
    if objections:
        return "; ".join(objections[:5])
    if not reading.points and not reading.faults:
        return "neither points nor faults"
    if any(len(text) > 20_000 for text in told):
        return f"a message of {max(map(len, told)):,} characters"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{peak:,.0f} MB of memory" if peak > _MOST_MB else ""


def _objection(point: Point) -> str:
    """Why a point cannot be costed; empty when it can."""
    values = {name: getattr(point, name) for name in NUMBERS}
    for name in LATENCIES:
        values |= {f"{name}_{key}": getattr(getattr(point, name), key) for key in STATISTICS}
    for name, value in values.items():
        if value is not None and (not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0):
            return f"{name} is {value!r:.50}"
    if not point.rps:
        return "no rate"
    for name, (least, most) in (("ttft", TTFT_BOUNDS_MS), ("itl", ITL_BOUNDS_MS)):
        value = getattr(point, name).avg
        if value is not None and not least <= value <= most:
            return f"{name} is {value} ms"
    for name, text in {
        **facts(point),
        **{key: one for key, one in figures(point).items() if isinstance(one, str)},
    }.items():
        if any(unicodedata.category(letter) in ("Cc", "Cs") or letter in "\ufffe\uffff" for letter in str(text)):
            return f"{name} holds {text!r:.50}"
    return ""
