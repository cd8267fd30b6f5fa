"""Workbooks of one shape share their skeleton: the XML between the contents is made once, then only filled.

A skeleton is a grid for each sheet and one frame for all else. A grid is found by the places, kinds and styles of all
cells, a frame by all calls, compared one by one: a difference in any of them, a width or a word of a validation, asks
for another. They hold texts alone, no workbooks, and few are kept.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import BinaryIO, Generic, NamedTuple, TypeVar

from tco_xlsx.book.xlsx.cell_xml import CellGrid
from tco_xlsx.book.xlsx.parts import (
    CELLS,
    DIMENSION,
    ChartGap,
    Frame,
    Range,
    RangeData,
    SheetGap,
    cache_xml,
    make_frame,
)
from tco_xlsx.book.xlsx.private import (
    core_xml,
    custom_xml,
    data_kind,
    element_xml,
    string_xml,
    strings_opening_xml,
)
from tco_xlsx.book.xlsx.recorder import RecordedWorkbook, RecordedWorksheet, Style
from tco_xlsx.book.xlsx.zip_parts import Packed, archive, packed
from tco_xlsx.documents.text_out import xml_bytes
from tco_xlsx.language.excel import column_name

LARGEST = 20_000
"""The numbers in a workbook beyond which a skeleton would cost more memory than it saves time."""
_MOST_CELLS = 60_000
_MOST_FRAMES = 32
_SHORT_TEXT = 400

Kept = TypeVar("Kept")


@dataclass
class _Entry(Generic[Kept]):
    thing: Kept
    weight: int
    used: int


class _Recent(Generic[Kept]):
    """The things used last, by key, up to a total weight. Threads may share it.

    Keys are thousands of tuples, hashed and compared anew each time: a thing is found with one look. Of the few that
    are kept the oldest is searched for.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, _Entry[Kept]] = {}
        self._clock = count()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Kept | None:
        found = self._kept.get(key)
        if found is None:
            return None
        found.used = next(self._clock)
        return found.thing

    def keep(self, key: Hashable, thing: Kept, weight: int = 1) -> None:
        with self._lock:
            self._kept[key] = _Entry(thing, weight, next(self._clock))
            while sum(entry.weight for entry in self._kept.values()) > self._most:
                del self._kept[min(self._kept, key=lambda old: self._kept[old].used)]

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)


class _Shape(NamedTuple):
    """All that was asked for beside cells and contents, for one and the same object wherever it is the same, and what
    the charts of such a workbook read."""

    mark: object
    ranges: tuple[Range, ...]


_grids: _Recent[CellGrid] = _Recent(_MOST_CELLS)
_shapes: _Recent[_Shape] = _Recent(_MOST_FRAMES)
_frames: _Recent[Frame] = _Recent(_MOST_FRAMES)


def forget() -> None:
    """Drop all skeletons, as in a new process."""
    for kept in (_grids, _shapes, _frames):
        kept.clear()


def write_recorded(record: RecordedWorkbook, target: BinaryIO) -> None:
    """Write a recorded workbook, with the skeleton of an earlier one where there is one.

    The bytes are those that XlsxWriter would write. Raises CannotRecord, before anything is written, where that is
    not sure.
    """
    target.write(_assembled(record))


def _assembled(record: RecordedWorkbook) -> bytes:
    grids = [_grid(sheet) for sheet in record.sheets]
    strings = list(record.strings)
    styles: dict[str, int] = {}
    in_order: list[Style] = []
    numbers: list[list[int]] = []
    for grid in grids:
        numbers.append([])
        for style in grid.styles:
            if style.key not in styles:
                styles[style.key] = len(styles) + 1
                in_order.append(style)
            numbers[-1].append(styles[style.key])

    def data(where: Range) -> list[object]:
        return grids[where[0]].range(record.sheets[where[0]], strings, where[1:])

    frame, remembered = _frame(record, tuple(in_order), data)
    sheets = iter(zip(record.sheets, grids, numbers, strict=True))
    parts: list[tuple[str, Packed]] = []
    for name, part in frame.parts:
        if isinstance(part, SheetGap):
            sheet, grid, own = next(sheets)
            text = _sheet(part, sheet, grid, own)
        elif isinstance(part, ChartGap):
            text = _chart(part, remembered)
        elif part is None:
            text = _anew(name, record, strings)
        else:
            parts.append((name, part))
            continue
        parts.append((name, packed(xml_bytes(text))))
    return archive(parts)


def _grid(sheet: RecordedWorksheet) -> CellGrid:
    runs = tuple(sheet.cells)
    grid = _grids.get(runs)
    if grid is None or sheet.heights.keys() - grid.rows != grid.bare_rows:
        grid = CellGrid(runs, sheet.heights)
        _grids.keep(runs, grid, grid.size)
    return grid


def _frame(record: RecordedWorkbook, styles: tuple[Style, ...], data: RangeData) -> tuple[Frame, list[list[object]]]:
    """The frame, and what its charts remember of each of its ranges."""
    calls = _calls(record)
    shape = _shapes.get(calls)
    if shape is not None:
        remembered = [data(where) for where in shape.ranges]
        frame = _frames.get((shape.mark, styles, tuple(map(data_kind, remembered))))
        if frame is not None:
            return frame, remembered
    frame = make_frame(record, styles, data)
    remembered = [data(where) for where in frame.ranges]
    if shape is None:
        shape = _Shape(object(), frame.ranges)
        _shapes.keep(calls, shape)
    _frames.keep((shape.mark, styles, tuple(map(data_kind, remembered))), frame)
    return frame, remembered


def _calls(record: RecordedWorkbook) -> Hashable:
    """All that was asked for beside cells and contents. The heights of rows move the charts of their sheet."""
    sheets = [
        (sheet.footer is None, tuple(sheet.heights.items()) if sheet.has_charts else ()) for sheet in record.sheets
    ]
    return tuple(record.calls), tuple(sheets), not record.custom, not record.strings


def _sheet(part: SheetGap, sheet: RecordedWorksheet, grid: CellGrid, styles: Sequence[int]) -> str:
    text = [part.pieces[0]]
    for gap, piece in zip(part.gaps, part.pieces[1:], strict=True):
        if gap == CELLS:
            text.append(grid.xml(sheet, styles))
        else:
            text.append(_dimension(sheet, grid) if gap == DIMENSION else element_xml("oddFooter", sheet.footer or ""))
        text.append(piece)
    return "".join(text)


def _dimension(sheet: RecordedWorksheet, grid: CellGrid) -> str:
    first_column = 0 if sheet.height_came_first else grid.first_column
    first = f"{column_name(first_column)}{grid.first_row + 1}"
    last = f"{column_name(grid.last_column)}{grid.last_row + 1}"
    return f'<dimension ref="{first}"/>' if first == last else f'<dimension ref="{first}:{last}"/>'


def _chart(part: ChartGap, remembered: Sequence[list[object]]) -> str:
    text = [part.pieces[0]]
    for (number, kind), piece in zip(part.gaps, part.pieces[1:], strict=True):
        text += (cache_xml(kind, remembered[number]), piece)
    return "".join(text)


def _anew(name: str, record: RecordedWorkbook, strings: Sequence[str]) -> str:
    if name == "docProps/core.xml":
        return core_xml(record.properties)
    if name == "docProps/custom.xml":
        return custom_xml(record.custom)
    opening = strings_opening_xml(sum(len(sheet.texts) for sheet in record.sheets), len(strings))
    items = [_short_string(text) if len(text) < _SHORT_TEXT else string_xml(text) for text in strings]
    return f"{opening}{''.join(items)}</sst>"


_short_string = lru_cache(maxsize=4096)(string_xml)
