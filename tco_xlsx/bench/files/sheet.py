"""The rows of a table file: CSV, TSV, semicolons, or an Excel workbook."""

from __future__ import annotations

import csv
import io
import itertools
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tco_xlsx.bench.files.document import Document, LongLine
from tco_xlsx.bench.files.package_bounds import objection
from tco_xlsx.documents.errors import Fault
from tco_xlsx.documents.paths import opened

# Rows above the headings may hold a title.
HEADING_ROWS = 20

MOST_ROWS = 300_000
LAST_ROW = 1_048_576
"""Of a worksheet."""
MOST_CELLS = 3_000_000
"""Of a workbook; one is read at 200,000 cells a second."""
MOST_COLUMNS = 2_000

_DELIMITERS = (",", "\t", ";")
_OPEN_QUOTE = "a quoted text begins here and does not end"
# Follows the last line: where it is no row by itself, a quote was still open.
_END = "\ue000end"


@dataclass(frozen=True)
class TableRow:
    line: int
    """From 1, as a text editor or Excel counts."""
    cells: tuple[object, ...]


@dataclass(frozen=True)
class TableSheet:
    """A table within a file. Reading its rows may raise Damaged."""

    title: str
    """The name of the worksheet; empty for a text file."""
    rows: Callable[[], Iterator[TableRow]]
    commas: bool = True
    """Whether a comma in a number separates thousands; with semicolons between columns it may be decimal."""


class Damaged(Exception):
    """The file cannot be read as the table it seems to be."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def sheets(document: Document, only_start: bool = False) -> Iterator[TableSheet]:
    """The tables that the file may hold: each worksheet, or the text taken apart at each kind of delimiter.

    `only_start`: look at the first 64 KiB of a text only, which is enough to find headings.
    """
    if document.is_zip:
        yield from _worksheets(document)
    elif document.is_text:
        for delimiter in _DELIMITERS:
            if delimiter in document.start:
                yield TableSheet("", _text_rows(document, delimiter, only_start), commas=delimiter != ";")


def _text_rows(document: Document, delimiter: str, only_start: bool) -> Callable[[], Iterator[TableRow]]:
    def rows() -> Iterator[TableRow]:
        lines = io.StringIO(document.start, newline="") if only_start else document.lines()
        reader = csv.reader(itertools.chain(lines, (_END,)), delimiter=delimiter)
        begin = 1
        try:
            for count, cells in enumerate(reader):
                if cells == [_END]:
                    return
                if _END in cells[-1:] or (cells and cells[-1].endswith(_END)):
                    if only_start:
                        return  # The cut went through it.
                    raise _fault(document, begin, f"{_OPEN_QUOTE}; add the closing quote.")
                if not only_start:
                    _refuse_size(document, count, len(cells), reader.line_num)
                begin = reader.line_num + 1
                yield TableRow(reader.line_num, tuple(cells))
        except csv.Error as error:
            raise _fault(document, begin, f"not valid CSV: {error}.") from None
        except LongLine as error:
            raise _fault(document, begin, f"not valid CSV: {error}.") from None

    return rows


def open_quote(document: Document) -> Fault | None:
    """Where a quote is opened in a CSV and never closed: the rows after it would be one cell."""
    try:
        for _ in _text_rows(document, ",", only_start=False)():
            pass
    except Damaged as damaged:
        return damaged.fault if _OPEN_QUOTE in damaged.fault.message else None
    return None


def _refuse_size(document: Document, rows: int, cells: int, line: int) -> None:
    if cells > MOST_COLUMNS:
        raise _fault(document, line, f"the row has {cells:,} cells; at most {MOST_COLUMNS:,} columns are read.")
    if rows > MOST_ROWS:
        raise _fault(document, line, f"the table has more than {MOST_ROWS:,} rows; give the ones that are needed.")


def _fault(document: Document, line: int, message: str) -> Damaged:
    return Damaged(Fault(document.name, line, 0, message))


def _worksheets(document: Document) -> Iterator[TableSheet]:
    # Imported here: it takes a tenth of a second, and most results are JSON. Row by row: readers that lay a sheet out
    # from its first cell to its last, calamine among them, ask for 400 GB where two cells lie in opposite corners.
    import openpyxl

    with opened(document.path) as file:
        refusal = objection(file)
        if refusal:
            raise _fault(document, 0, refusal)
        try:
            with warnings.catch_warnings():
                # Of styles, extensions and the like, which nobody here looks at.
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # The parser raises a dozen kinds on damaged archives, KeyError among them.
            raise _damaged(document.name, error) from error
        try:
            left = [MOST_CELLS]
            for worksheet in book.worksheets:
                yield TableSheet(str(worksheet.title), _sheet_rows(document, worksheet, left))
        finally:
            book.close()


def _sheet_rows(document: Document, worksheet: Any, left: list[int]) -> Callable[[], Iterator[TableRow]]:
    def rows() -> Iterator[TableRow]:
        try:
            # Some writers state a wrong range (A1), which would hide all rows but the first.
            worksheet.reset_dimensions()
            filled = 0
            for line, cells in enumerate(worksheet.iter_rows(values_only=True), start=1):
                left[0] -= len(cells) + 1
                if left[0] < 0:
                    message = f"the workbook has more than {MOST_CELLS:,} cells; save the sheet as .csv."
                    raise _fault(document, line, message)
                if line > LAST_ROW:
                    message = f"the sheet has rows below {LAST_ROW:,}, where none can be; save it as .csv."
                    raise _fault(document, line, message)
                # A format or a slip of the hand far away makes no table of that size.
                cells = _without_blank_end(cells)
                if cells:
                    filled += 1
                    _refuse_size(document, filled, len(cells), line)
                    yield TableRow(line, cells)
        except Damaged:
            raise
        except Exception as error:  # As above: the sheet is parsed as it is walked.
            raise _damaged(document.name, error) from error

    return rows


def _without_blank_end(cells: tuple[object, ...]) -> tuple[object, ...]:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells[:end]


def _damaged(name: str, error: Exception) -> Damaged:
    kind = f"{type(error).__name__}: {error}"
    message = f"not readable as an Excel workbook ({kind:.120}); open it in Excel and save it again as .xlsx."
    return Damaged(Fault(name, 0, 0, message))
