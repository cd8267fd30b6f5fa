"""A sheet that is written row by row: its rows wait on disk, so that a million take no more memory than ten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from tco_xlsx.book.xlsx.sheet import Format, Sheet, strict_warnings
from tco_xlsx.documents.text_out import visible


class ListSheet(Sheet):
    """A sheet whose rows are written from the top down, each cell once."""

    def text(self, row: int, column: int, text: str, style: Format | None = None) -> None:
        """A text, never taken for a formula, a link or a number."""
        super().text(row, column, _no_markup(text), style)

    def link_to_file(self, row: int, column: int, file: str, text: str, style: Format) -> None:
        """A link to a file beside this one, as Excel keeps links: 65,530 of a sheet at most."""
        self._done(
            self._worksheet.write_url(row, column, f"external:{visible(file)}", style, _no_markup(text)), row, column
        )

    def filter(self, last_row: int, last_column: int) -> None:
        """The buttons of a filter in the first row."""
        self._worksheet.autofilter(0, 0, last_row, last_column)

    def _once(self, row: int, column: int) -> None:
        """A set of all cells written would be what rows must not be: in memory."""


@contextmanager
def list_workbook(target: Path | BinaryIO, scratch: Path) -> Iterator[Any]:
    """A workbook whose rows wait in the folder `scratch` until it is closed. Raises OSError for a disk that is full."""
    options = {"constant_memory": True, "tmpdir": str(scratch), "strings_to_urls": False}
    with strict_warnings():
        workbook = Workbook(str(target) if isinstance(target, Path) else target, options)
        yield workbook
        try:
            workbook.close()
        except FileCreateError as error:
            raise error.args[0] from None


def _no_markup(text: str) -> str:
    """XlsxWriter takes a text within a row that begins so for XML of its own making."""
    return text.replace("<", "\u2039", 1) if text.startswith("<r>") else text
