"""The expected errors: what a user can mend. They are shown without a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from tco_xlsx.documents.text_out import cut, one_line

LONGEST_MESSAGE = 1_000
MOST_FAULTS, MOST_FILES = 20, 50
"""What is shown of many faults: so many of a file, of so many files."""
_LONGEST_PATH = 300
_MOST_COMPARED, _LONGEST_COMPARED = 5_000, 100


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with one file.

    `line` and `column` count from 1; 0 means that the fault has no place inside the file.
    `message` gives the value, what was expected and what to do.
    """

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}" if self.line else "-"
        return f"{place:<6} {cut(self.message, LONGEST_MESSAGE)}"


class ExpectedError(Exception):
    """Base of all errors that are the user's to mend. `exit_code` is what the command ends with."""

    exit_code = 1


class BadInput(ExpectedError):
    """All faults of all files of a run, together: nothing was written."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__(str(self))

    def __str__(self) -> str:
        files: dict[str, list[Fault]] = {}
        for fault in self.faults:
            files.setdefault(fault.path, []).append(fault)
        lines: list[str] = []
        for path, here in list(files.items())[:MOST_FILES]:
            name = cut(one_line(path), _LONGEST_PATH)
            lines.append(f"{name}: {len(here):,} problem{'s' if len(here) > 1 else ''}")
            lines.extend(f"  {fault}" for fault in here[:MOST_FAULTS])
            if len(here) > MOST_FAULTS:
                lines.append(f"  ...    and {len(here) - MOST_FAULTS:,} more")
        if len(files) > MOST_FILES:
            lines.append(f"... and {len(files) - MOST_FILES:,} more files with problems")
        return "\n".join(lines)


class NoOperatingPoint(ExpectedError):
    """No benchmark point is within the limits; the message says which limit to relax, and to what."""

    exit_code = 3


class BrokenModel(ExpectedError):
    """A line has no number in some scenario (a division by zero, a blank that was needed). `label` is that of the line,
    `inputs` are the names of what is given for it, those of the most unusual size first."""

    exit_code = 4

    def __init__(self, message: str, label: str = "", inputs: Sequence[str] = ()) -> None:
        self.label = label
        self.inputs = tuple(inputs)
        super().__init__(message)

    def __reduce__(self) -> tuple[type[BrokenModel], tuple[str, str, tuple[str, ...]]]:
        return type(self), (str(self), self.label, self.inputs)


class WorkbookLimit(ExpectedError):
    """Something does not fit into an Excel workbook: a row, a name, a length of text."""

    exit_code = 5


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or an empty string."""
    if len(word) > _LONGEST_COMPARED:
        return ""
    candidates = [one for one in islice(known, _MOST_COMPARED) if len(one) <= _LONGEST_COMPARED]
    near = difflib.get_close_matches(word, candidates, n=1, cutoff=0.6)
    return near[0] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known word, or an empty string."""
    near = nearest(word, known)
    return f" Did you mean {one_line(near)}?" if near else ""
