"""Every command that writes: on a full disk, over its own input, over somebody else's file, through a link, stopped.

DISK_LIMITS asks for more places at which the disk is full (make proof); DISK_SEED for others.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tco_xlsx.documents.target import is_made_here
from tests.cli.test_cli import run
from tests.support import batches, shipped

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits, links and modes are POSIX's")

MORE_LIMITS = int(os.environ.get("DISK_LIMITS", "0"))
SEED = int(os.environ.get("DISK_SEED", "1"))
TINY = 2 << 20
"""Bytes of the small file system; a comparison takes 100 kB, and the first write needs room for itself."""
VARY = ("--vary", "server.price=1:9:300", "--vary", "server.life_years=3,4,5")
GRID = ("--vary", "server.price=1,2", "--vary", "server.life_years=3,4")


@dataclass(frozen=True)
class Writes:
    """A command that writes a file: what comes before the name of the file, and how that ends."""

    name: str
    before: Sequence[str]
    ending: str
    is_folder: bool = False

    def __str__(self) -> str:
        return self.name

    def arguments(self, home: Path, target: Path) -> list[str]:
        return [one.format(home=home) for one in self.before] + [str(target)]


ONE, SEVERAL = "{home}/one.yaml", ("{home}/one.yaml", "{home}/two.yaml")
COMMANDS = [
    Writes("bench csv", ("bench", "{home}/points.csv", "--to"), ".csv"),
    Writes("bench xlsx", ("bench", "{home}/points.csv", "--to"), ".xlsx"),
    Writes("bench parquet", ("bench", "{home}/points.csv", "--to"), ".parquet"),
    Writes("sweep csv", ("sweep", ONE, *VARY, "--to"), ".csv"),
    Writes("sweep parquet", ("sweep", ONE, *VARY, "--to"), ".parquet"),
    Writes("sweep grid", ("sweep", ONE, *GRID, "--grid"), ".xlsx"),
    Writes("compare", ("compare", *SEVERAL, "-o"), ".xlsx"),
    Writes("build one", ("build", ONE, "-o"), ".xlsx"),
    Writes("build folder", ("build", *SEVERAL, "--jobs", "1", "-o"), "", is_folder=True),
]
FILES = [one for one in COMMANDS if not one.is_folder]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with two scenarios and the benchmark of one."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "points.csv").write_text(batches.POINTS)
    batches.write(folder / "one.yaml", files="points.csv")
    batches.write(folder / "two.yaml", price=200_000)
    return folder


def held(folder: Path) -> dict[str, Any]:
    """All that lies in a folder, byte for byte, hidden files too; the locks of a batch are empty and stay."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith((".lock", "lock"))
    }


def run_limited(jobs: Sequence[tuple[Sequence[str], int | None]]) -> list[dict[str, Any]]:
    """How commands end in a process whose files cannot grow beyond so many bytes."""
    told = [{"arguments": list(arguments), "limit": limit} for arguments, limit in jobs]
    program = Path(__file__).parent.parent / "support" / "full_disk.py"
    done = subprocess.run(
        [sys.executable, str(program)], input=json.dumps(told), capture_output=True, text=True, check=True, timeout=300
    )
    # A library that complains later, while it is thrown away, does so here.
    assert "Exception ignored" not in done.stderr, done.stderr
    assert done.stderr == ""
    ended: list[dict[str, Any]] = json.loads(done.stdout)
    return ended


def test_a_full_disk_changes_nothing_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    targets = {one: out / f"{one.name.replace(' ', '-')}{one.ending}" for one in COMMANDS}
    for told in run_limited([(one.arguments(home, target), None) for one, target in targets.items()]):
        assert told["code"] == 0, told
    whole = held(out)
    sizes = {one: target.stat().st_size for one, target in targets.items() if not one.is_folder}
    # Another price: each file would be another one.
    for name in ("one", "two"):
        path = home / f"{name}.yaml"
        path.write_text(path.read_text().replace("00000", "00001"))
    (home / "points.csv").write_text(batches.POINTS.replace("6.1", "6.2"))
    jobs: list[tuple[Writes, list[str], int]] = []
    chance = random.Random(SEED)
    for one, target in targets.items():
        limits = [0, 100, 3_000] if one.is_folder else [0, sizes[one] // 2, sizes[one] - 200]
        most = 3_000 if one.is_folder else sizes[one] - 200
        limits[1:1] = [chance.randrange(most) for _ in range(MORE_LIMITS)]
        jobs += [(one, one.arguments(home, target), limit) for limit in limits]
        jobs.append((one, one.arguments(home, target.with_name(f"new-{target.name}")), limits[-1]))
    ended = run_limited([(arguments, limit) for _, arguments, limit in jobs])
    for (one, arguments, limit), told in zip(jobs, ended, strict=True):
        what = f"{one}, {limit} bytes"
        assert told["trace"] == "", what
        assert told["code"] == 2, what
        assert "File too large" in told["stderr"], what
        assert arguments[-1] in told["stderr"], what
        assert "fault of tco-xlsx" not in told["stderr"], what
    after = held(out)
    assert {name for name in after if ".tco-xlsx/records" not in name} == {
        name for name in whole if ".tco-xlsx/records" not in name
    }
    for name, content in whole.items():
        # Of a scenario that failed the folder keeps word.
        assert after[name] == content or ".tco-xlsx/records" in name, name
    assert [path for path in out.iterdir() if path.name.startswith("new-")] == []
    for told in run_limited([(one.arguments(home, target), None) for one, target in targets.items()]):
        assert told["code"] == 0, told
    assert {name for name, content in held(out).items() if content == whole.get(name) and "ours" not in name} == set()


@pytest.fixture
def tiny() -> Iterator[Path]:
    """A small file system of its own, not among pytest's folders: these are moved by whatever run tidies up."""
    place = Path(tempfile.mkdtemp(prefix="tco-xlsx-small-disk-"))
    mount = shutil.which("mount")
    done = None
    if mount is not None:
        command = [mount, "-t", "tmpfs", "-o", f"size={TINY},mode=0777", "tmpfs", str(place)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done is None or done.returncode:
        place.rmdir()
        pytest.skip(f"no small file system can be mounted here: {done.stderr if done else 'no mount'}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)
        place.rmdir()


@pytest.mark.parametrize("one", COMMANDS, ids=str)
def test_a_disk_without_room_changes_nothing_and_leaves_nothing(one: Writes, home: Path, tiny: Path) -> None:
    target = tiny / f"there{one.ending}"
    run(*one.arguments(home, target))
    before = held(tiny)
    path = home / "one.yaml"
    path.write_text(path.read_text().replace("300000", "300001"))
    (home / "points.csv").write_text(batches.POINTS.replace("6.1", "6.2"))
    filler = os.open(tiny / "filler", os.O_CREAT | os.O_WRONLY)
    with contextlib.suppress(OSError):
        while os.write(filler, b"x" * 4096):
            pass
    os.close(filler)
    result = run(*one.arguments(home, target), code=2)
    assert "No space left on device" in result.stderr
    assert str(target) in result.stderr
    (tiny / "filler").unlink()
    assert held(tiny) == before


@pytest.mark.parametrize("one", FILES, ids=str)
def test_a_device_is_no_file(one: Writes, home: Path, tmp_path: Path) -> None:
    link = tmp_path / f"full{one.ending}"
    link.symlink_to("/dev/full")
    assert "is no plain file" in run(*one.arguments(home, link), code=2).stderr
    pipe = tmp_path / f"pipe{one.ending}"
    os.mkfifo(pipe)
    assert "is no plain file" in run(*one.arguments(home, pipe), code=2).stderr
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_a_device_in_the_place_of_a_workbook_is_no_file(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "one.xlsx").symlink_to("/dev/full")
    os.mkfifo(out / "two.xlsx")
    told = run("build", home / "one.yaml", home / "two.yaml", "-o", out, code=2).stderr
    for name in ("one", "two"):
        assert f"{out / name}.xlsx: 1 problem\n  -      cannot be written to: it is no plain file." in told
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
    assert stat.S_ISFIFO((out / "two.xlsx").stat().st_mode)
    assert batches.parts(out) == []


def bad_targets(folder: Path, ending: str) -> dict[str, Path]:
    """Names under which nothing can be written."""
    (folder / "file").write_text("a file")
    (folder / f"loop{ending}").symlink_to(folder / f"loop{ending}")
    (folder / f"lost{ending}").symlink_to(folder / "nowhere" / "x")
    (folder / f"folder{ending}" / "inside").mkdir(parents=True)
    return {
        "a name of 300 letters": folder / f"{'x' * 300}{ending}",
        "a path of 5,000": folder.joinpath(*["x" * 100] * 50) / f"x{ending}",
        "below a file": folder / "file" / f"x{ending}",
        "a link to itself": folder / f"loop{ending}",
        "a link to nowhere": folder / f"lost{ending}",
        "a folder": folder / f"folder{ending}",
    }


@pytest.mark.parametrize("one", COMMANDS, ids=str)
def test_a_name_that_nothing_can_be_written_to_is_a_message(one: Writes, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    targets = bad_targets(folder, one.ending)
    if one.is_folder or one.name == "build one":
        del targets["a folder"]
    if one.is_folder:
        del targets["a link to nowhere"]
    before = sorted(folder.rglob("*"))
    for what, target in targets.items():
        result = run(*one.arguments(home, target), code=2)
        assert "1 problem" in result.stderr, what
        assert str(target)[:80] in result.stderr, what
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize("one", FILES, ids=str)
def test_a_file_of_somebody_else_is_replaced_only_when_that_is_asked_for(
    one: Writes, home: Path, tmp_path: Path
) -> None:
    target = tmp_path / f"mine{one.ending}"
    target.write_text("somebody's, work\n1,2\n")
    arguments = one.arguments(home, target)
    assert "replace it with --force" in run(*arguments, code=2).stderr
    assert target.read_text() == "somebody's, work\n1,2\n"
    run(*arguments, "--force")
    assert is_made_here(target) or target.suffix == ".csv"
    written = target.read_bytes()
    assert written[:8] != b"somebody"
    # Ours now, without being asked.
    run(*arguments)
    assert target.read_bytes() == written


@pytest.mark.parametrize("one", [one for one in FILES if one.ending == ".xlsx"], ids=str)
def test_a_workbook_that_somebody_has_saved_since_is_somebodys(one: Writes, home: Path, tmp_path: Path) -> None:
    target = tmp_path / "edited.xlsx"
    run(*one.arguments(home, target))
    book = openpyxl.load_workbook(target)
    book.active["A1"] = "mine"
    book.save(target)
    edited = target.read_bytes()
    assert "is not as tco-xlsx wrote it" in run(*one.arguments(home, target), code=2).stderr
    assert target.read_bytes() == edited


def other_names(path: Path, folder: Path) -> dict[str, Path]:
    """The same file by other names."""
    folder.mkdir()
    hard, soft, far = (folder / f"{kind}{path.suffix}" for kind in ("hard", "soft", "far"))
    os.link(path, hard)
    soft.symlink_to(path)
    far.symlink_to(soft)
    around = path.parent / ".." / path.parent.name / path.name
    return {"itself": path, "around": around, "hard link": hard, "symbolic link": soft, "link to a link": far}


@pytest.mark.parametrize("one", FILES, ids=str)
def test_what_a_run_reads_is_never_written_over(one: Writes, home: Path, tmp_path: Path) -> None:
    """A benchmark of the format that is written: by its name, by any other name, and forced, too."""
    measured = home / f"measured{one.ending}"
    run("bench", home / "points.csv", "--to", home / "table.csv")
    run("bench", home / "points.csv", "--to", home / "table.xlsx")
    kind = ".xlsx" if one.ending == ".xlsx" else ".csv"
    shutil.copy(home / f"table{kind}", measured)
    for name in ("one", "two"):
        batches.write(home / f"{name}.yaml", files=measured.name if kind == one.ending else "points.csv")
    before = held(home)
    names = other_names(measured, tmp_path / "names")
    for called, target in names.items():
        arguments = [text.replace("points.csv", measured.name) for text in one.arguments(home, target)]
        if one.ending == ".parquet":
            # Parquet is not read; a scenario's note beside the points is neither. Only the name could be given.
            continue
        result = run(*arguments, "--force", code=2)
        assert "is read in this run" in result.stderr, called
        assert result.stdout == "", called
    assert held(home) == before


@pytest.mark.parametrize("what", ["template", "note", "base"])
def test_whatever_is_read_beside_the_points_is_an_input_too(what: str, home: Path, tmp_path: Path) -> None:
    data = home / "data"
    data.mkdir()
    shutil.copy(home / "points.csv", data)
    (data / "benchmark.yaml").write_text("precision: fp8\n")
    batches.write(home / "base.yaml", files="data")
    (home / "one.yaml").write_text("extends: base.yaml\n")
    template = shutil.copy(shipped.ROOT / "templates" / "finance.yaml", home / "look.yaml")
    read = {"template": Path(template), "note": data / "benchmark.yaml", "base": home / "base.yaml"}[what]
    target = tmp_path / "linked.xlsx"
    target.symlink_to(read)
    before = held(home)
    for command in (
        ["build", str(home / "one.yaml"), "--template", str(template), "-o"],
        ["compare", str(home / "one.yaml"), str(home / "two.yaml"), "--template", str(template), "-o"],
        ["sweep", str(home / "one.yaml"), *GRID, "--template", str(template), "--grid"],
    ):
        assert "is read in this run" in run(*command, target, "--force", code=2).stderr
    assert held(home) == before


def test_a_batch_never_displaces_a_table_that_it_reads(home: Path) -> None:
    """The table of the second scenario lies where the workbook of the first would go; ours, but no workbook of a
    scenario."""
    run("bench", home / "points.csv", "--to", home / "one.xlsx")
    batches.write(home / "two.yaml", files="one.xlsx")
    before = (home / "one.xlsx").read_bytes()
    result = run("build", home / "one.yaml", home / "two.yaml", "-o", home, code=2)
    assert "one.xlsx" in result.stderr
    result = run("build", home / "one.yaml", home / "two.yaml", "-o", home, "--force", code=2)
    assert "is read in this run" in result.stderr
    assert (home / "one.xlsx").read_bytes() == before
    assert (home / "two.xlsx").exists()


@pytest.mark.parametrize("one", FILES, ids=str)
def test_a_link_stays_and_what_it_leads_to_is_replaced(one: Writes, home: Path, tmp_path: Path) -> None:
    real = tmp_path / "far" / f"real{one.ending}"
    real.parent.mkdir()
    link = tmp_path / f"link{one.ending}"
    link.symlink_to(real)
    for _ in range(2):
        run(*one.arguments(home, link))
        assert link.is_symlink()
        assert not real.is_symlink()
        assert real.stat().st_size > 100
    assert [path.name for path in real.parent.iterdir()] == [real.name]


def test_a_batch_writes_through_a_link_too_also_to_another_disk(home: Path, tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "two.xlsx").symlink_to(tiny / "real.xlsx")
    for price in (1, 2):
        batches.write(home / "two.yaml", price=price)
        run("build", home / "two.yaml", "-o", out)
        assert (out / "two.xlsx").is_symlink()
        assert openpyxl.load_workbook(tiny / "real.xlsx").sheetnames
    assert [path.name for path in tiny.iterdir()] == ["real.xlsx"]


@pytest.mark.parametrize("one", FILES, ids=str)
def test_a_file_is_as_open_as_any_new_one_and_stays_as_open_as_it_was(one: Writes, home: Path, tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        target = tmp_path / f"new{one.ending}"
        run(*one.arguments(home, target))
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        target.chmod(0o600)
        run(*one.arguments(home, target))
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    finally:
        os.umask(before)


SLOW = """
import signal, sys, time
# Whoever starts the tests in the background has it ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
from tco_xlsx.documents import atomic
really = atomic.PartFile.write
def slow(self, content):
    really(self, content[: len(content) // 2])
    print("half", flush=True)
    time.sleep(60)
atomic.PartFile.write = slow
from tco_xlsx.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize(
    "one", [one for one in COMMANDS if one.name in ("bench csv", "compare", "build folder")], ids=str
)
def test_a_run_that_is_stopped_while_it_writes_leaves_nothing(
    one: Writes, number: signal.Signals, code: int, home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    target = out / f"file{one.ending}"
    command = [sys.executable, "-c", SLOW, *one.arguments(home, target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline() not in ("half\n", ""):
            pass
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
    assert process.returncode == code, told
    assert "Traceback" not in told
    assert told.count("\n") == 1, "one line says that it was stopped"
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("one", [one for one in FILES if one.name in ("sweep csv", "compare")], ids=str)
def test_what_a_killed_run_left_is_cleared_by_the_next_and_nothing_else(
    one: Writes, home: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    target = out / f"file{one.ending}"
    run(*one.arguments(home, target))
    whole = target.read_bytes()
    (out / "download.part").write_text("somebody's")
    (out / ".download.part").write_text("somebody's")
    command = [sys.executable, "-c", SLOW, *one.arguments(home, target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline() not in ("half\n", ""):
            pass
        process.kill()
    assert target.read_bytes() == whole
    assert len(list(out.iterdir())) == 4
    run(*one.arguments(home, target))
    assert sorted(path.name for path in out.iterdir()) == [".download.part", "download.part", target.name]
    assert target.read_bytes() == whole


def test_a_batch_of_several_processes_that_is_stopped_leaves_no_part(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 1), tmp_path / "out"
    path = folder / "s00.yaml"
    prices = "{from: 1000, to: 400000, steps: 400}"
    path.write_text(path.read_text() + f"matrix: {{vary: {{server.price: {prices}}}, name: 'm{{server.price}}'}}\n")
    command = [sys.executable, "-m", "tco_xlsx", "build", str(folder), "-o", str(out), "--jobs", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for _ in range(600):
            if process.poll() is not None or (out.exists() and any(out.glob("m*.xlsx"))):
                break
            time.sleep(0.05)
        process.terminate()
        _, told = process.communicate(timeout=60)
    assert process.returncode == 143, told
    assert "Traceback" not in told
    assert batches.parts(out) == []
    for book in list(out.glob("m*.xlsx"))[:5]:
        assert openpyxl.load_workbook(book, read_only=True).sheetnames


def test_only_one_module_opens_files_for_writing() -> None:
    """All goes through the parts of `atomic`: whatever else opened a file to write could leave half of it."""
    import ast

    writers = {"write_text", "write_bytes", "to_csv", "save", "copyfile", "copy2", "copytree", "move"}
    found = []
    for path in sorted((shipped.ROOT / "tco_xlsx").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            modes = [
                one.value
                for one in (*node.args, *(each.value for each in node.keywords))
                if isinstance(one, ast.Constant)
            ]
            opens = name in ("open", "fdopen") and any(
                isinstance(mode, str) and set(mode) & set("wax+") and len(mode) <= 3 for mode in modes
            )
            takes_path = isinstance(node.func, ast.Attribute)
            if (name in writers and takes_path) or opens:
                found.append(f"{path.relative_to(shipped.ROOT)}:{node.lineno} {name}")
    # A frame is read by way of a file that is gone afterwards; the readers of benchmarks give CSV as text.
    assert [one.partition(":")[0] for one in found if one.split()[1] == "write_bytes"] == ["tco_xlsx/api/scenarios.py"]
    assert {one.split()[1] for one in found} <= {"write_bytes", "to_csv"}
