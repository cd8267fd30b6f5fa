"""A plain table as an xlsx file: what `bench --to points.xlsx` writes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from tco_xlsx.book.pages.list_page import set_properties
from tco_xlsx.book.xlsx.private import SoundWorkbook
from tco_xlsx.book.xlsx.sheet import Sheet, strict_warnings

CellValue = str | float | bool | None


def table(name: str, headings: Sequence[str], rows: Sequence[Mapping[str, CellValue]]) -> bytes:
    """Headings, then a row for each mapping; texts stay texts, None leaves a cell empty, booleans are words."""
    content = io.BytesIO()
    with strict_warnings():
        workbook = SoundWorkbook(content, {"in_memory": True})
        set_properties(workbook, name)
        bold = workbook.add_format({"bold": True})
        sheet = Sheet(workbook.add_worksheet(name), name)
        for column, heading in enumerate(headings):
            sheet.text(0, column, heading, bold)
        for number, row in enumerate(rows, start=1):
            for column, heading in enumerate(headings):
                value = row[heading]
                if isinstance(value, bool):
                    sheet.text(number, column, "true" if value else "false")
                elif isinstance(value, str):
                    sheet.text(number, column, value)
                elif value is not None:
                    sheet.number(number, column, value)
        sheet.freeze(1, 1)
        workbook.close()
    return content.getvalue()
