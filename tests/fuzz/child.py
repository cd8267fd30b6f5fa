"""Builds what it is told to, one after the other, under limits, and says what was wrong with it: a line of JSON each.

Run as `python -m tests.fuzz.child`; each line on stdin is a JSON object: scenario, template (or null), recalculate.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tco_xlsx.book import template as book_template
from tco_xlsx.book.template import load_template
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.cli import main
from tco_xlsx.documents.errors import ExpectedError
from tco_xlsx.model import MODEL
from tests.fuzz import workbooks

CPU_SECONDS, MEMORY = 10, 1 << 30
"""A machine may be busy: a hang is told by the time of the processor."""


class TooLong(BaseException):
    """Raised when a scenario takes longer than it may."""


def _limits() -> None:
    def too_long(number: int, frame: object) -> None:
        raise TooLong

    signal.signal(signal.SIGPROF, too_long)
    with open("/proc/self/statm", encoding="ascii") as told:
        mapped = int(told.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY, mapped + MEMORY))


def built(scenario: Path, template: Path | None, recalculate: bool, folder: Path) -> tuple[int, str, list[str]]:
    """The exit code of `build`, what it said, and what is wrong with that and with what it wrote."""
    out = folder / "out"
    options = ["--template", str(template)] if template else []
    done = CliRunner().invoke(main, ["build", str(scenario), "-o", str(out), "--jobs", "1", *options])
    said = done.stderr + done.stdout
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return -1, said, [f"traceback: {done.exception!r}"]
    wrong = [f"said {word!r}: {said[-600:]}" for word in ("fault of tco-xlsx", "Traceback") if word in said]
    if done.exit_code not in (0, 2, 3, 4, 5):
        wrong.append(f"exit code {done.exit_code}: {said[-600:]}")
    if done.exit_code == 2 and not done.stderr.strip():
        wrong.append("refused without a word")
    books = sorted(path for path in out.glob("*.xlsx") if path.name != "index.xlsx") if out.exists() else []
    if done.exit_code in (0, 3) and not wrong:
        if not books:
            wrong.append("exit 0 and no workbook")
        wrong += _wrong_books(scenario, template, recalculate, books)
    return done.exit_code, said, wrong


def _wrong_books(scenario: Path, template: Path | None, recalculate: bool, books: list[Path]) -> list[str]:
    wrong = [f"{book.name}: {told}" for book in books for told in workbooks.unsound(book)]
    if wrong:
        return wrong
    look = load_template(template) if template else book_template.default_template()
    try:
        prepared = case_prepare.prepare([scenario], MODEL)
    except ExpectedError as error:
        return [f"built, but refused when read again: {error}"]
    held = {book.stem.casefold(): book for book in books}
    if len(prepared) != len(books):
        return [f"{len(prepared)} scenarios, {len(books)} workbooks"]
    for one in prepared:
        book = held.get(one.name.casefold(), books[0] if len(books) == 1 else None)
        if book is None:
            continue
        wrong += [f"{book.name}: {told}" for told in workbooks.unequal(book, one, look)[:5]]
        if recalculate and one is prepared[0]:
            wrong += [f"{book.name}: {told}" for told in workbooks.recalculated_otherwise(book, one, look)[:5]]
    return wrong


def tried(order: dict[str, Any], folder: Path) -> dict[str, Any]:
    """One scenario under its limit of time."""
    template = Path(order["template"]) if order["template"] else None
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        code, said, wrong = built(Path(order["scenario"]), template, order["recalculate"], folder)
    except TooLong:
        code, said, wrong = -1, "", [f"took more than {CPU_SECONDS} s"]
    except MemoryError:
        code, said, wrong = -1, "", ["needed more than 1 GB"]
    except Exception as error:
        code, said, wrong = -1, "", [f"the workbook cannot be looked at: {error!r}"]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return {"code": code, "said": said, "wrong": wrong}


def run() -> None:
    """Until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    book_template.default_template()
    _limits()
    for line in sys.stdin:
        folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        try:
            answers.write(json.dumps(tried(json.loads(line), folder)) + "\n")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        answers.flush()


if __name__ == "__main__":
    run()
