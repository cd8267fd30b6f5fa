"""What `build` says of a run: a line for each of a few workbooks, what to know, and why scenarios failed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from tco_xlsx.batch.build import Tally
from tco_xlsx.batch.work import Outcome
from tco_xlsx.documents.errors import BadInput, ExpectedError, Fault

_MOST_NOTES = 40


class BatchReport:
    """Gathers what became of the scenarios, in their order, whichever was done first."""

    FEW = 20
    """Up to so many scenarios, each has a line of its own; of more, a log could not be read."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._began = time.monotonic()
        self._waiting: dict[int, Outcome] = {}
        self._next = 0
        self._failed: dict[int, Outcome] = {}
        self._without_point: dict[int, str] = {}
        self._told: dict[str, None] = {}
        self._kept: list[str] = []
        self._shown: set[int] = set()

    def take(self, outcome: Outcome) -> None:
        """Note what became of a scenario."""
        if outcome.failure is not None:
            self._failed[outcome.number] = outcome
        if outcome.reason:
            self._without_point[outcome.number] = f"{_name(outcome)}: {outcome.reason}"
        self._note(outcome)
        if self._next + len(self._waiting) <= self.FEW:
            self._waiting[outcome.number] = outcome

    def lines(self, total: int) -> list[str]:
        """The lines to show now that there are known to be so many scenarios in all."""
        if total > self.FEW:
            return []
        lines: list[str] = []
        while self._next in self._waiting:
            one = self._waiting.pop(self._next)
            self._next += 1
            if one.failure is None:
                end = " (unchanged)" if one.status == "unchanged" else ""
                lines.append(f"{self._file(one)}: {one.headline}{end}")
        return lines

    def notes(self, every: bool = False) -> list[str]:
        """What a person should know, each thing once; the first ones, or `every` one."""
        if every:
            return list(self._told)
        more = len(self._told) - _MOST_NOTES
        return [
            *list(self._told)[:_MOST_NOTES],
            *([f"note: ... and {more} more notes; -v tells each"] if more > 0 else []),
        ]

    def kept(self) -> list[str]:
        """Where each workbook is that had to make room; all of them, for each is somebody's work."""
        return self._kept

    def left(self, gone: Sequence[str], foreign: Sequence[str]) -> list[str]:
        """What lies in the folder and is not of this run."""
        told = [
            f"note: {self._out / name} is not of tco-xlsx and stays; rename it or use another folder"
            for name in foreign
        ]
        if gone:
            listed = ", ".join(gone[:5]) + (", ..." if len(gone) > 5 else "")
            told.append(f"note: {_count(len(gone), 'workbook')} of scenarios that are gone: {listed}")
        return told

    def without_point(self) -> list[str]:
        """The scenarios that have no operating point, and what would help."""
        return [self._without_point[number] for number in sorted(self._without_point)]

    def raise_if_nothing(self, tally: Tally) -> None:
        """Raise what went wrong when there is not a single workbook: then it is all that is to be told."""
        if tally.built or tally.unchanged or not self._failed:
            return
        failures = [outcome.failure for outcome in self._failed.values() if outcome.failure is not None]
        if all(failure.faults for failure in failures):
            raise BadInput(fault for failure in failures for fault in failure.faults)
        if len(failures) == 1:
            error = ExpectedError(_named(next(iter(self._failed.values())), failures[0].message))
            error.exit_code = failures[0].exit_code
            raise error

    def failures(self, total: int) -> str:
        """Why scenarios failed: every fault with its place, then what has none."""
        faults: list[Fault] = []
        others: list[str] = []
        for number in sorted(self._failed):
            outcome = self._failed[number]
            assert outcome.failure is not None
            if outcome.failure.faults:
                faults.extend(outcome.failure.faults)
            else:
                others.append(_named(outcome, outcome.failure.message))
        told = [str(BadInput(faults))] if faults else []
        return "\n".join([f"{len(self._failed)} of {_count(total, 'scenario')} failed:", *told, *others])

    def summary(self, tally: Tally) -> str:
        """The last line."""
        seconds = time.monotonic() - self._began
        return f"{tally.built} built, {tally.unchanged} unchanged, {tally.failed} failed, {seconds:.1f} s"

    def _note(self, outcome: Outcome) -> None:
        notes: list[str] = list(outcome.notes)
        if outcome.edited:
            notes.append(f"note: {self._file(outcome)} has been edited and is left as it is; --force builds it anew")
        if outcome.kept:
            self._kept.append(f"{self._file(outcome)}: had been edited, or was not ours; what it was: {outcome.kept}")
        if outcome.was_of:
            notes.append(f"note: {self._file(outcome)} was the workbook of {outcome.was_of} until now")
        for note in notes:
            self._told[note] = None

    def _file(self, outcome: Outcome) -> Path:
        return self._out / f"{outcome.stem}.xlsx"


def _name(outcome: Outcome) -> str:
    """A scenario by its file, and by its own name where the file has several."""
    own = outcome.stem and outcome.stem != Path(outcome.path).stem
    return f"{outcome.path} ({outcome.stem})" if own else outcome.path


def _named(outcome: Outcome, message: str) -> str:
    return message if outcome.path in message else f"{_name(outcome)}: {message}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
