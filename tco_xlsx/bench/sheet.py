"""The rows of a table file: CSV, TSV, semicolons, or an Excel workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tco_xlsx.bench.document import Document
from tco_xlsx.errors import Fault

# Rows above the headings may hold a title.
HEADING_ROWS = 20

_DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True)
class Row:
    line: int
    """From 1, as a text editor or Excel counts."""
    cells: tuple[object, ...]


@dataclass(frozen=True)
class Sheet:
    """A table within a file. Reading its rows may raise Damaged."""

    title: str
    """The name of the worksheet; empty for a text file."""
    rows: Callable[[], Iterator[Row]]
    commas: bool = True
    """Whether a comma in a number separates thousands; with semicolons between columns it may be decimal."""


class Damaged(Exception):
    """The file cannot be read as the table it seems to be."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


def sheets(document: Document, only_start: bool = False) -> Iterator[Sheet]:
    """The tables that the file may hold: each worksheet, or the text taken apart at each kind of delimiter.

    `only_start`: look at the first 64 KiB of a text only, which is enough to find headings.
    """
    if document.is_zip:
        yield from _worksheets(document)
    elif document.is_text:
        text = document.start if only_start else document.text
        for delimiter in _DELIMITERS:
            if delimiter in text:
                yield Sheet("", _text_rows(text, delimiter, document.name), commas=delimiter != ";")


def _text_rows(text: str, delimiter: str, name: str) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for cells in reader:
                yield Row(reader.line_num, tuple(cells))
        except csv.Error as error:
            raise Damaged(Fault(name, reader.line_num, 0, f"not valid CSV: {error}.")) from None

    return rows


def _worksheets(document: Document) -> Iterator[Sheet]:
    # Imported here: it takes a tenth of a second, and most results are JSON.
    import openpyxl

    try:
        book = openpyxl.load_workbook(document.path, read_only=True, data_only=True)
    except Exception as error:  # The parser raises a dozen kinds on damaged archives, KeyError among them.
        raise _damaged(document.name, error) from error
    try:
        for worksheet in book.worksheets:

            def rows(worksheet: object = worksheet) -> Iterator[Row]:
                try:
                    # Some writers state a wrong range (A1), which would hide all rows but the first.
                    worksheet.reset_dimensions()  # type: ignore[attr-defined]
                    for line, cells in enumerate(worksheet.iter_rows(values_only=True), start=1):  # type: ignore[attr-defined]
                        yield Row(line, tuple(cells))
                except Exception as error:  # As above: the sheet is parsed as it is walked.
                    raise _damaged(document.name, error) from error

            yield Sheet(str(worksheet.title), rows)
    finally:
        book.close()


def _damaged(name: str, error: Exception) -> Damaged:
    kind = f"{type(error).__name__}: {error}"
    message = f"not readable as an Excel workbook ({kind:.120}); open it in Excel and save it again as .xlsx."
    return Damaged(Fault(name, 0, 0, message))
