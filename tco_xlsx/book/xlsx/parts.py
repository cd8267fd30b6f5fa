"""All of a workbook but its contents: what XlsxWriter makes of the recorded calls, with gaps for the contents."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from xlsxwriter.exceptions import XlsxWriterException

from tco_xlsx.book.xlsx.cell_xml import escaped
from tco_xlsx.book.xlsx.private import FrameWorkbook, FrameWorksheet, with_gaps, without_control_characters
from tco_xlsx.book.xlsx.recorder import CannotRecord, RecordedWorkbook, Style, thawed
from tco_xlsx.book.xlsx.zip_parts import Packed, packed
from tco_xlsx.documents.text_out import xml_bytes

# No XML may hold the character NUL: it marks the gaps, and workbooks that ask for it are not for us.
_GAP = re.compile("\0([^\0]*)\0")
CELLS, DIMENSION, FOOTER = "cells", "dimension", "footer"

Range = tuple[int, int, int, int, int]
"""A sheet's number, first row, first column, last row, last column."""
RangeData = Callable[[Range], list[object]]
"""What a chart remembers of a range."""


class SheetGap(NamedTuple):
    """The XML of a sheet: pieces, and what stands between them."""

    pieces: list[str]
    gaps: list[str]


class ChartGap(NamedTuple):
    """The XML of a chart: pieces, and between them what it remembers of ranges: their number, as numbers or texts."""

    pieces: list[str]
    gaps: list[tuple[int, str]]


class Frame(NamedTuple):
    """The parts of a package in order: whole ones, deflated; those with gaps; None for those that are made anew.
    `ranges` are what charts read."""

    parts: list[tuple[str, Packed | SheetGap | ChartGap | None]]
    ranges: tuple[Range, ...]


_ANEW = ("xl/sharedStrings.xml", "docProps/core.xml", "docProps/custom.xml")


class _Remembered(list[object]):
    """The data of a range, which knows its number among the ranges."""

    number = -1


def make_frame(record: RecordedWorkbook, styles: Sequence[Style], data: RangeData) -> Frame:
    """The frame of a recorded workbook; `styles` stand in the order of their numbers, from 1.

    Raises CannotRecord where XlsxWriter does not do what was asked.
    """
    if "\\x00" in repr(record.calls):
        raise CannotRecord("the character of our own marks")
    numbers = {sheet.name: number for number, sheet in enumerate(record.sheets)}
    ranges: list[Range] = []

    def remember(sheet: str, cells: tuple[int, int, int, int]) -> list[object]:
        ranges.append((numbers[sheet], *cells))
        found = _Remembered(data(ranges[-1]))
        found.number = len(ranges) - 1
        return found

    try:
        with warnings.catch_warnings(action="error", category=UserWarning):
            workbook = FrameWorkbook()
            sheets = _replay(record, workbook, styles)
            for sheet, recorded in zip(sheets, record.sheets, strict=True):
                sheet.remember, sheet.mark = remember, "\0{}\0".format
                # The places of charts depend on the heights of rows.
                for number, height in recorded.heights.items():
                    sheet.set_row(number, height)
            for number, style in enumerate(styles, start=1):
                if workbook.style_number(thawed(style.properties)) != number:
                    raise CannotRecord("styles numbered otherwise")
            workbook.close()
    except (UserWarning, XlsxWriterException) as refused:
        raise CannotRecord(str(refused)) from refused
    return Frame([(name, _part(name, xml)) for name, xml in workbook.parts], tuple(ranges))


def _replay(record: RecordedWorkbook, workbook: FrameWorkbook, of_cells: Sequence[Style]) -> list[Any]:
    sheets: list[Any] = []
    charts: list[Any] = []

    def format_of(style: Style) -> Any:
        if style in of_cells:
            # XlsxWriter would keep one format in two lists.
            raise CannotRecord("a style of cells in a conditional format")
        return workbook.add_format(thawed(style.properties))

    for call in record.calls:
        kind, number = call.target
        on = sheets[number] if kind == "sheet" else charts[number] if kind == "chart" else workbook
        arguments = thawed(call.arguments, charts, format_of)
        if call.method == "add_worksheet":
            sheets.append(workbook.add_worksheet(*arguments, FrameWorksheet))
            continue
        result = getattr(on, call.method)(*arguments, **(thawed(call.named, charts, format_of) or {}))
        if call.method == "add_chart":
            charts.append(with_gaps(result, _cache_gap))
        elif result not in (0, None):
            raise CannotRecord(f"{call.method}: {result}")
    for sheet, recorded in zip(sheets, record.sheets, strict=True):
        if recorded.footer is not None:
            sheet.set_footer(recorded.footer)
    workbook.set_properties(record.properties)
    for name, value in record.custom:
        workbook.set_custom_property(name, value)
    return sheets


def _cache_gap(kind: str, data: Any) -> str:
    return f"\0{kind} {data.number}\0" if isinstance(data, _Remembered) else ""


def _part(name: str, xml: str) -> Packed | SheetGap | ChartGap | None:
    if name in _ANEW:
        return None
    pieces = _GAP.split(xml)
    marks = pieces[1::2]
    if name.startswith("xl/worksheets/sheet"):
        return SheetGap(pieces[::2], marks)
    if name.startswith("xl/charts/chart"):
        told = [mark.split() for mark in marks]
        return ChartGap(pieces[::2], [(int(number), kind) for kind, number in told])
    return packed(xml_bytes(xml))


def cache_xml(kind: str, data: list[object]) -> str:
    """What a chart remembers of a range; among numbers a text counts as 0."""
    points = [
        f'<c:pt idx="{number}"><c:v>{_point(value, kind)}</c:v></c:pt>'
        for number, value in enumerate(data)
        if value is not None
    ]
    form = "<c:formatCode>General</c:formatCode>" if kind == "num" else ""
    return f'<c:{kind}Cache>{form}<c:ptCount val="{len(data)}"/>{"".join(points)}</c:{kind}Cache>'


def _point(value: object, kind: str) -> str:
    return str(value) if isinstance(value, float) else _text_point(str(value), kind)


@lru_cache(maxsize=4096)
def _text_point(text: str, kind: str) -> str:
    if kind == "num":
        try:
            float(text)
        except ValueError:
            return "0"
    return without_control_characters(escaped(text))
