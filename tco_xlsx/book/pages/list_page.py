"""A list as an xlsx file that is written row by row: thousands of rows take no more memory than ten."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import tco_xlsx
from tco_xlsx.book.book import PRODUCT
from tco_xlsx.book.xlsx.list_sheet import ListSheet, list_workbook
from tco_xlsx.book.xlsx.recorder import AnyWorkbook
from tco_xlsx.book.xlsx.sheet import LONGEST_TEXT, Format
from tco_xlsx.documents.errors import WorkbookLimit
from tco_xlsx.documents.text_out import cut, visible
from tco_xlsx.language.rounding import WHOLE

MOST_ROWS = 1_048_575
"""Rows below the heading."""
_MOST_LINKS = 65_530
"""Excel drops further ones; they are written as formulas."""
_LONGEST_CELL = 1_000
"""A cell is for reading; a longer text is cut."""


@dataclass(frozen=True)
class ListColumn:
    """A column: its heading, its width in characters, and the number format of its numbers; where it counts units, a
    number without a fraction is shown without decimals."""

    heading: str
    width: float
    format: str = "General"
    is_counted: bool = False


@dataclass(frozen=True)
class Link:
    """A text that leads to a file beside the list."""

    text: str
    file: str


ListCell = str | float | Link | None


def write_list(
    target: Path | BinaryIO,
    title: str,
    columns: Sequence[ListColumn],
    rows: Iterable[Sequence[ListCell]],
    number: int,
    scratch: Path,
) -> None:
    """Headings that stay in sight, then the `number` rows; filters, and a heading on each printed page.

    Rows wait in the folder `scratch` until they are all there; a cell is what it is given as. Raises WorkbookLimit for
    more rows than Excel has, OSError for a disk that is full.
    """
    if number > MOST_ROWS:
        raise WorkbookLimit(f"{title}: {number:,} rows; Excel holds {MOST_ROWS:,} below the headings.")
    with list_workbook(target, scratch) as workbook:
        set_properties(workbook, title)
        sheet = ListSheet(workbook.add_worksheet(title), title)
        heading = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#F2F4F7"}
        )
        link = workbook.add_format({"font_color": "#1F4E9E", "underline": 1})
        formats = [workbook.add_format({"num_format": column.format}) for column in columns]
        for place, column in enumerate(columns):
            sheet.width(place, column.width)
        whole = workbook.add_format({"num_format": WHOLE})
        _print_setup(sheet, title, len(columns), number)
        sheet.height(0, 44)
        for place, column in enumerate(columns):
            sheet.text(0, place, column.heading, heading)
        for row, cells in enumerate(rows, start=1):
            for place, cell in enumerate(cells):
                if isinstance(cell, Link):
                    _write_link(sheet, row, place, cell, link)
                elif isinstance(cell, str):
                    if cell:
                        sheet.text(row, place, _short(cell), formats[place])
                elif cell is not None:
                    is_whole = columns[place].is_counted and float(cell).is_integer()
                    sheet.number(row, place, cell, whole if is_whole else formats[place])


def _write_link(sheet: ListSheet, row: int, place: int, link: Link, style: Format) -> None:
    if row <= _MOST_LINKS:
        sheet.link_to_file(row, place, link.file, _short(link.text), style)
    else:
        file, text = (visible(part).replace('"', '""') for part in (link.file, link.text[:200]))
        sheet.formula(row, place, f'=HYPERLINK("{file}","{text}")', link.text[:200], style)


def _print_setup(sheet: ListSheet, title: str, columns: int, rows: int) -> None:
    sheet.freeze(1, 1)
    sheet.filter(max(1, rows), columns - 1)
    sheet.landscape_a4()
    sheet.repeat_rows(0, 0)
    sheet.footer(f"&L&8 {title}&R&8 {PRODUCT} {tco_xlsx.__version__}, &P / &N")


def set_properties(workbook: AnyWorkbook, title: str) -> None:
    """Title, author and date of a workbook; the same input gives the same bytes."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    made = datetime.datetime(2000, 1, 1)
    if epoch:
        made = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).replace(tzinfo=None)
    workbook.set_properties({"title": title, "author": f"{PRODUCT} {tco_xlsx.__version__}", "created": made})


def _short(text: str) -> str:
    return cut(visible(text), min(_LONGEST_CELL, LONGEST_TEXT), " ...")
