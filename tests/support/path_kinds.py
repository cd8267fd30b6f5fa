"""Kinds of things that a path may lead to, and every place where a command takes a path in."""

from __future__ import annotations

import gc
import gzip
import json
import os
import resource
import signal
import socket
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from click.testing import CliRunner

from tco_xlsx.cli import main
from tests.support import shipped

SCENARIO = """\
title: any
performance: {source: manual, manual_rps: 4, manual_gpus: 2}
workload: {peak_rps: 30, average_rps: 10, input_tokens: 1000, output_tokens: 200}
server: {price: 300000, gpus: 8, life_years: 5}
hosting: {per_server_year: 20000}
"""
TABLE = (
    "model,gpu_type,gpus_per_instance,isl,osl,concurrency,rps,ttft_avg_ms,itl_avg_ms\nm,H100,1,1000,200,1,0.6,40,8\n"
)
SECONDS = 20
MEMORY = 3 << 30
"""Of addresses, which libraries reserve more than they use; whoever reads a device without end passes any bound."""
NOBODY = 65_534
_MOST_SAID = 60_000

Make = Callable[[Path], Path]


def _at(make: Callable[[Path], object]) -> Make:
    def made(path: Path) -> Path:
        make(path)
        return path

    return made


def _socket(path: Path) -> None:
    # A socket's path may have a hundred characters.
    before = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(before)


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(5 << 30)


#: Made at a path, or beside it where the name itself is the matter: the path to name.
KINDS: dict[str, Make] = {
    "nothing": lambda path: path,
    "nothing in no folder": lambda path: path.parent / "no" / "such" / path.name,
    "below a file": lambda path: Path(_at(lambda one: one.write_text("x"))(path), "below.yaml"),
    "a link to nothing": _at(lambda path: path.symlink_to("gone")),
    "a link to itself": _at(lambda path: path.symlink_to(path.name)),
    "a name of 300 characters": lambda path: path.with_name("x" * 300),
    "a path of 5000 characters": lambda path: path.parent.joinpath(*["x" * 99] * 50),
    "a name with NUL": lambda path: path.with_name("a\0b"),
    "a name that is not UTF-8": lambda path: path.with_name("\udcff.yaml"),
    "a file whose name is not UTF-8": lambda path: _at(lambda one: one.write_bytes(b"\xff"))(path.with_name("\udcfe")),
    "half a surrogate pair": lambda path: path.with_name("\ud800.yaml"),
    "a folder": _at(lambda path: path.mkdir()),
    "a pipe": _at(os.mkfifo),
    "a socket": _at(_socket),
    "/dev/zero": _at(lambda path: path.symlink_to("/dev/zero")),
    "/dev/full": _at(lambda path: path.symlink_to("/dev/full")),
    "/dev/null": _at(lambda path: path.symlink_to("/dev/null")),
    "a file of the system": _at(lambda path: path.symlink_to("/proc/self/status")),
    "a file of the system without end": _at(lambda path: path.symlink_to("/proc/self/pagemap")),
    "a file of the system that cannot be read": _at(lambda path: path.symlink_to("/proc/self/mem")),
    "no bytes": _at(lambda path: path.touch()),
    "five gigabytes": _at(_huge),
    "bytes of all kinds": _at(lambda path: path.write_bytes(bytes(range(256)) * 40)),
    "gzip": _at(lambda path: path.write_bytes(gzip.compress(SCENARIO.encode()))),
    "UTF-16 with a mark": _at(lambda path: path.write_bytes("nothing".encode("utf-16"))),
    "UTF-16 without a mark": _at(lambda path: path.write_bytes("nothing".encode("utf-16-le"))),
    "no permission": _at(lambda path: (path.write_text(SCENARIO), path.chmod(0))),
    "a folder without permission": _at(lambda path: (path.mkdir(), path.chmod(0))),
}
#: No shell can give these names, but a file can.
ONLY_IN_FILES = ("a name with NUL", "half a surrogate pair")
#: What says the same as if nothing were there, and may do so: a scenario may build on an empty one.
MAY_BE_EMPTY = ("no bytes",)


def _in_scenario(line: Callable[[str], str]) -> Callable[[Path, str], list[str]]:
    def arguments(folder: Path, path: str) -> list[str]:
        (folder / "it.yaml").write_text(SCENARIO + line(json.dumps(path)) + "\n")
        return ["check", str(folder / "it.yaml")]

    return arguments


def _good(folder: Path, name: str = "good") -> str:
    path = folder / f"{name}.yaml"
    path.write_text(SCENARIO)
    return str(path)


def _beside_note(folder: Path, path: str) -> list[str]:
    (folder / "table.csv").write_text(TABLE)
    (folder / "it.yaml").write_text(SCENARIO + "benchmark: {files: table.csv}\n")
    return ["check", str(folder / "it.yaml")]


#: Every place that takes a path in: the arguments of the command, given a folder to write into and the path.
PLACES: dict[str, Callable[[Path, str], list[str]]] = {
    "check": lambda folder, path: ["check", path],
    "evaluate": lambda folder, path: ["evaluate", path],
    "build": lambda folder, path: ["build", path, "-o", str(folder / "out")],
    "compare": lambda folder, path: ["compare", _good(folder), path, "-o", str(folder / "out.xlsx")],
    "explain": lambda folder, path: ["explain", path, "cost.total_year"],
    "sweep": lambda folder, path: ["sweep", path, "--vary", "server.price=1,2"],
    "bench": lambda folder, path: ["bench", path],
    "build --template": lambda folder, path: [
        "build", _good(folder), "-o", str(folder / "out"), "--template", path
    ],
    "compare --template": lambda folder, path: [
        "compare", _good(folder), _good(folder, "other"), "-o", str(folder / "out.xlsx"), "--template", path
    ],
    "sweep --template": lambda folder, path: [
        "sweep", _good(folder), "--vary", "server.price=1,2", "--vary", "server.gpus=1,2", "--grid",
        str(folder / "grid.xlsx"), "--template", path,
    ],
    "extends": _in_scenario(lambda path: f"extends: {path}"),
    "benchmark.files": _in_scenario(lambda path: f"benchmark: {{files: {path}}}"),
    "a note": _beside_note,
}  # fmt: skip
NOTE = "benchmark.yaml"


def import_everything(folder: Path) -> None:
    """Run every command once: what is imported late must be there before a process of its own gives up its rights."""
    scenario, table, template = folder / "it.yaml", folder / "table.csv", shipped.ROOT / "templates" / "finance.yaml"
    table.write_text(TABLE)
    for place, arguments in PLACES.items():
        scenario.write_text(SCENARIO)
        path = template if "template" in place else table if place == "bench" else scenario
        code, said = run(arguments(folder, str(path)))
        assert code == (2 if place in ("extends", "benchmark.files") else 0), f"{place}: {said}"
    import encodings.cp1252
    import encodings.utf_16
    import encodings.utf_16_le  # noqa: F401

    import openpyxl.reader.excel  # noqa: F401


def run(arguments: list[str]) -> tuple[int, str]:
    """The exit code of a command and all that it says; 99 for what no user should see."""
    result = CliRunner().invoke(main, arguments)
    said = result.output + (result.stderr if result.stderr_bytes else "")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return 99, said + "".join(traceback.format_exception(result.exception))
    return result.exit_code, said


def run_bounded(commands: Sequence[list[str]], user: int | None = None) -> list[tuple[int, str]]:
    """As `run` for each command, in a process of its own with bounds on time and memory: a hang, a flood or a crash is
    then a result, too, that of the last one in the list."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        # What other tests left behind is not the child's to clear away: a client of a cluster would wait for it.
        gc.freeze()
        os.close(reading)
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            if user is not None and os.geteuid() == 0:
                os.setgroups([])
                os.setegid(user)
                os.seteuid(user)
            with os.fdopen(writing, "wb") as pipe:
                for arguments in commands:
                    # Of work, and of waiting; a machine that is busy otherwise is no fault.
                    signal.setitimer(signal.ITIMER_PROF, SECONDS)
                    signal.alarm(10 * SECONDS)
                    code, said = run(arguments)
                    pipe.write(json.dumps([code, said[:_MOST_SAID]]).encode() + b"\n")
                    pipe.flush()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = [json.loads(line) for line in pipe]
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = [(code, said) for code, said in told]
    if len(found) < len(commands):
        found.append((98, f"ended by {status}: a hang of {SECONDS} s, or more memory than {MEMORY >> 20} MB"))
    return found
