"""What a long run shows: a bar on a terminal, a line now and then in a log, nothing for a few."""

from __future__ import annotations

import io
import re

import pytest

from tco_xlsx.cli import progress
from tco_xlsx.cli.progress import Progress


class Terminal(io.StringIO):
    """A stream that says that a person sits before it."""

    def isatty(self) -> bool:
        return True


def told(total: int, few: int = 5) -> list[str]:
    """What a log gets of so many."""
    lines: list[str] = []
    with Progress("workbooks", io.StringIO(), lines.append, few) as shown:
        for done in range(1, total + 1):
            shown.advance(done, total)
    return lines


def test_a_log_gets_a_line_each_tenth() -> None:
    lines = told(1000)
    assert [line.split(" of ")[0] for line in lines] == [str(100 * tenth) for tenth in range(1, 10)]
    assert all(re.fullmatch(r"\d+ of 1000 workbooks, [\d.]+/s, about \d+ s left", line) for line in lines)


def test_a_log_gets_a_line_after_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(float(second) for second in range(0, 10_000, 10))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    assert len(told(50, few=5)) >= 10


def test_for_a_few_nothing_is_shown() -> None:
    assert told(5) == []
    assert told(20, few=20) == []
    terminal = Terminal()
    with Progress("workbooks", terminal) as shown:
        shown.advance(5, 5)
    assert terminal.getvalue() == ""


def test_a_terminal_gets_a_bar_with_the_rate_and_the_time_left() -> None:
    terminal = Terminal()
    lines: list[str] = []
    with Progress("workbooks", terminal, lines.append) as shown:
        for done in range(1, 41):
            shown.advance(done, 40)
    assert lines == []
    assert "workbooks" in terminal.getvalue()
    assert "40/40" in terminal.getvalue()
    assert "/s" in terminal.getvalue()
