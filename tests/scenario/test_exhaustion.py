"""Statements and flags that ask for more than any machine has: refused in words, quickly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.path_kinds import SCENARIO, TABLE, run_bounded

_VARY = ["sweep", "it.yaml", "--vary"]
_PRICES = "{from: 1, to: 1000000, steps: 10000}"

#: The arguments of a command, and what is added to the scenario.
_FLAGS: dict[str, list[str]] = {
    "a range of 10^12 values": [*_VARY, "server.price=1:2:1000000000000"],
    "a range of 10^400 values": [*_VARY, f"server.price=1:2:1{'0' * 400}"],
    "10^9 combinations": [*_VARY, "server.price=1:2:1000000", "--vary", "hosting.per_server_year=1:2:1000"],
    "a grid of 10^9": [
        *_VARY,
        "server.price=1:2:1000000",
        "--vary",
        "hosting.per_server_year=1:2:1000",
        "--grid",
        "grid.xlsx",
    ],
    "a grid of 10^6": [
        *_VARY,
        "server.price=1:2:1000",
        "--vary",
        "hosting.per_server_year=1:2:1000",
        "--grid",
        "grid.xlsx",
    ],
    "a million different values": [*_VARY, "server.price=" + ",".join(map(str, range(-1, 200_000)))],
    "a name of a million characters": [*_VARY, "x" * 100_000 + "=1"],
    "a hundred flags": [*_VARY, "server.price=1,2", *["--vary", "server.price=1,2"] * 300],
    "lines of a million characters": [*_VARY, "server.price=1,2", "--lines", "x" * 100_000],
    "five thousand unknown lines": [
        *_VARY,
        "server.price=1,2",
        "--lines",
        ",".join(f"cost.x{n}" for n in range(5_000)),
    ],
    "a long line to order by": [*_VARY, "server.price=1,2", "--by", "y" * 100_000],
    "a long setting": ["check", "it.yaml", "--set", "server.price=" + "9" * 100_000],
    "a long name of a setting": ["check", "it.yaml", "--set", "s" * 100_000 + "=1"],
    "many settings": ["check", "it.yaml", *["--set", "server.prize=1"] * 2_000],
    "a million processes": ["build", "it.yaml", "-o", "out", "--jobs", "1000000"],
    "a long line to explain": ["explain", "it.yaml", "z" * 100_000],
    "a long currency": ["compare", "it.yaml", "it.yaml", "-o", "out.xlsx", "--currency", "E" * 100_000],
    "many rates": ["compare", "it.yaml", "it.yaml", "-o", "out.xlsx", *["--rate", "EUR=1"] * 2_000],
}

_STATEMENTS: dict[str, Callable[[], str]] = {
    "a matrix of 10^12 steps": lambda: "matrix: {vary: {server.price: {from: 1, to: 2, steps: 1000000000000}}}",
    "a matrix of 10^20": lambda: (
        "matrix:\n  vary:\n"
        + "".join(f"    word{n}: {{{', '.join(f'{c}: {{}}' for c in 'abcdefghij')}}}\n" for n in range(20))
    ),
    "a matrix of 10^8": lambda: f"matrix: {{vary: {{server.price: {_PRICES}, hosting.per_server_year: {_PRICES}}}}}",
    "many exclusions of many": lambda: (
        f"matrix:\n  vary: {{server.price: {_PRICES}}}\n  exclude:\n"
        + "".join(f"    - {{server.price: {n}.5}}\n" for n in range(5_000))
    ),
    "a long name of a scenario": lambda: (
        'matrix:\n  vary: {server.price: [1, 2]}\n  name: "' + "{server.price}" * 30_000 + '"'
    ),
    "many keys that are not known": lambda: "".join(f"workloads{n}: 1\n" for n in range(5_000)),
    "one long key": lambda: "k" * 100_000 + ": 1\n",
    "many names to accept": lambda: (
        "benchmark: {files: table.csv, accept: [" + ", ".join(f"n{n}" for n in range(2_000)) + "]}"
    ),
    "many values to choose by": lambda: (
        "benchmark: {files: table.csv, where: {concurrency: [" + ", ".join(str(n) for n in range(2, 30_000)) + "]}}"
    ),
    "many files that are not there": lambda: (
        "benchmark: {files: [" + ", ".join(f"no{n}.csv" for n in range(2_000)) + "]}"
    ),
    "many patterns": lambda: "benchmark: {files: [" + ", ".join(f'"**/no{n}*.csv"' for n in range(100)) + "]}",
    "many deep patterns": lambda: (
        "benchmark: {files: [" + ", ".join('"' + "**/*/" * 40 + f'{n}.csv"' for n in range(100)) + "]}"
    ),
}


@pytest.mark.parametrize("what", [*_FLAGS, *_STATEMENTS])
def test_exhaustion(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    more = _STATEMENTS[what]() if what in _STATEMENTS else ""
    Path("it.yaml").write_text(SCENARIO + more + "\n")
    Path("table.csv").write_text(TABLE)
    ((code, said),) = run_bounded([_FLAGS.get(what, ["check", "it.yaml"])])
    assert code == 2, said[:2_000]
    assert "Traceback" not in said
    assert not list(tmp_path.rglob("*.xlsx"))
