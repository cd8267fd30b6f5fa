"""No text from a file, a path or an option reaches a terminal or a spreadsheet as a command."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.cli import main
from tco_xlsx.cli.output import BROKEN_PIPE_EXIT, UNWRITABLE_EXIT, Door
from tco_xlsx.documents.errors import LONGEST_MESSAGE, MOST_FAULTS, BadInput, Fault, nearest
from tco_xlsx.documents.messages import enumerated, shown
from tco_xlsx.documents.text_out import harmless, told
from tests.support import shipped

SCENARIO = shipped.ROOT / "scenarios" / "nvidia-article-per-gpu.yaml"
DANGEROUS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
HOSTILE = "a\x1b[31mb\x1b]8;;http://x\x07c\x9bd\u202ee\x08\rf\ud800"
COMMAND = [sys.executable, "-m", "tco_xlsx"]


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def assert_tame(*texts: str) -> None:
    for text in texts:
        assert not DANGEROUS.search(text), repr(text)[:500]


@given(st.text(st.characters()))
def test_told_is_tame_and_valid_inside_json(text: str) -> None:
    assert_tame(told(text))
    assert json.loads(told(json.dumps(text, ensure_ascii=False))) == text


@pytest.mark.parametrize("command", ["build", "compare", "check", "evaluate", "explain", "sweep", "bench"])
@pytest.mark.parametrize("place", ["path", "option"])
def test_every_command_tames_what_it_is_called_with(command: str, place: str, tmp_path: Path) -> None:
    name = HOSTILE.replace("\ud800", "") if place == "path" else str(SCENARIO)
    more = {
        "build": ["-o", str(tmp_path / "out")],
        "compare": ["-o", str(tmp_path / "c.xlsx"), *([name] if place == "path" else [])],
        "explain": ["fleet.servers"],
        "sweep": ["--vary", f"{HOSTILE}=1"],
    }.get(command, [])
    option = ["--set", f"{HOSTILE}=1"] if place == "option" and command not in ("bench", "sweep") else []
    code, out, err = run(command, name, *more, *option)
    assert code != 0 or command == "bench"
    assert "fault of tco-xlsx" not in err
    assert_tame(out, err)


def test_texts_of_benchmarks_are_tame_in_tables_and_in_json(tmp_path: Path) -> None:
    rows = ["model,gpu_type,gpus_per_instance,isl,osl,concurrency,rps,latency_avg_ms,precision"]
    rows.append(f'"{HOSTILE[:-1]}","[bold]H100[/bold]",8,100,100,1,1,1000,"=cmd()"'.replace("\r", ""))
    (tmp_path / "points.csv").write_text("\n".join(rows), encoding="utf-8")
    for shape in ("table", "json"):
        code, out, err = run("bench", str(tmp_path), "--format", shape)
        assert code == 0, err
        assert_tame(out, err)
        assert "[bold]H100[/bold]" in out
        if shape == "json":
            assert json.loads(out)[0]["model"].startswith("a")
    assert run("bench", str(tmp_path), "--to", str(tmp_path / "again.csv"))[0] == 0
    for row in csv.reader(io.StringIO((tmp_path / "again.csv").read_text())):
        for cell in row:
            assert not re.match(r"[\s'\"]*[=+@]", cell.removeprefix("'") if not cell.startswith("'=") else "")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", " =1", "\t=1", '"=1', "'=1", "\r", "\tx", "\n=1", "\uff1d1"])
def test_what_a_spreadsheet_takes_for_a_formula_is_harmless(text: str) -> None:
    assert harmless(text)[0] == "'"
    assert harmless("plain") == "plain"


def test_a_scenario_named_as_a_formula_is_harmless_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "=cmd.yaml"
    path.write_text(f"extends: {SCENARIO}\n")
    code, out, _ = run("evaluate", str(path), "--format", "csv")
    assert code == 0
    assert out.splitlines()[1].startswith("'=cmd,")


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command through a shell, `$TCO` being the product."""
    known = {**os.environ, "TCO": " ".join(COMMAND), "S": str(SCENARIO), **environment}
    return subprocess.run(["bash", "-c", line], capture_output=True, env=known, check=False, timeout=60)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("$TCO evaluate $S >&-", UNWRITABLE_EXIT),
        ("$TCO evaluate $S >/dev/full", UNWRITABLE_EXIT),
        ("$TCO lines --format json >/dev/full", UNWRITABLE_EXIT),
        ("$TCO evaluate $S 2>&-", 0),
        ("$TCO check no-such.yaml 2>/dev/full", 2),
        ("$TCO check no-such.yaml >&- 2>&-", 2),
        ("set -o pipefail; $TCO schema | true", BROKEN_PIPE_EXIT),
    ],
)
def test_a_closed_a_full_and_a_gone_reader(line: str, code: int) -> None:
    done = shell(line)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert done.returncode == code, done.stderr
    if code == UNWRITABLE_EXIT and "no-such" not in line:
        assert b"standard output: cannot be written" in done.stderr


@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_an_encoding_without_the_characters(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(f'extends: {SCENARIO}\ntitle: "Größe → 北京 🚀"\n', encoding="utf-8")
    done = shell(f"$TCO evaluate {tmp_path}/s.yaml && $TCO explain $S fleet.servers", **environment)
    assert done.returncode == 0, done.stderr
    if environment.get("PYTHONIOENCODING") == "ascii":
        assert b"Gr??e" in done.stdout


class Unforeseen(Exception):
    """Stands for what nobody thought of."""


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (Unforeseen("a\x1bb"), 1, "fault of tco-xlsx: Unforeseen: a\\u001bb"),
        (RecursionError("deep"), 1, "fault of tco-xlsx: RecursionError"),
        (MemoryError(), 2, "memory"),
        (KeyboardInterrupt(), 130, "stopped; no file is half-written"),
        (PermissionError(13, "Permission denied", "x\ny"), 2, "x\\ny: Permission denied."),
    ],
)
def test_what_nobody_foresaw_ends_in_words(
    error: BaseException, code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("tco_xlsx.case.prepare.prepare", fail)
    monkeypatch.delenv("TCO_XLSX_DEBUG", raising=False)
    ended, _, err = run("check", str(SCENARIO))
    assert ended == code
    assert words in err
    assert "Traceback" not in err
    assert "Aborted" not in err


def test_messages_have_a_bounded_length() -> None:
    many = BadInput([Fault("a.yaml", number, 1, "x" * 5_000) for number in range(1, 400)])
    assert len(str(many)) < (MOST_FAULTS + 3) * (LONGEST_MESSAGE + 100)
    assert f"and {399 - MOST_FAULTS} more" in str(many)
    assert len(str(BadInput(Fault(f"{number}.yaml", 1, 1, "wrong") for number in range(5_000)))) < 10_000
    assert len(shown("y" * 100_000)) < 100
    assert len(shown(10**10_000)) < 100
    assert enumerated([f"name{number}" for number in range(67)]).endswith("name29 and 37 more")
    assert nearest("z" * 1_000_000, ["z"]) == ""


def test_a_stream_that_fails_is_remembered_once() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    door = Door(Gone())
    assert door.write("x") == 1
    assert door.failure is not None
    door.terminal.write("y")
    door.flush()
