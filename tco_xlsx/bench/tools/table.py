"""Plain tables, CSV, TSV or Excel: one row per operating point.

NVIDIA's LLM TCO Calculator (sheet `data`, 18 columns) and tables of one's own; `headings` says which
columns are understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from tco_xlsx.bench.files import not_finite
from tco_xlsx.bench.files.cell import NotANumber, cell_number, is_blank
from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import word
from tco_xlsx.bench.files.sheet import HEADING_ROWS, Damaged, TableRow, TableSheet, sheets
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Closeness, FileReading, Notice, use_all
from tco_xlsx.bench.tools.headings import (
    FLAG_FIELDS,
    LENGTHS,
    LIST_FIELDS,
    LIST_SEPARATOR,
    PASSED_OVER,
    WORD_FIELDS,
    Heading,
    column_of,
    lacks_unit,
)
from tco_xlsx.documents.errors import Fault

NAME = "table"

SIDE_FILES: tuple[str, ...] = ()

choose = use_all

_RPS = "a column of requests per second (rps)"
_LOAD = "a column of concurrency or of a latency with its unit (latency_avg_ms, ttft_avg_ms, ...)"
# A file with a single known heading is something else.
_FEWEST_HEADINGS = 2

_LENGTHS = re.compile(r"\s*(\d+)\s*[_/x:]\s*(\d+)\s*$", re.ASCII)
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_NOMINAL = "ISL and OSL are the lengths asked for, not measured"


@dataclass
class _Table:
    """A sheet whose headings are known."""

    sheet: TableSheet
    line: int
    columns: dict[int, Heading]
    headings: Sequence[str]
    unused: list[str] = field(default_factory=list)

    @property
    def missing(self) -> tuple[str, ...]:
        fields = {column.field for column in self.columns.values()}
        missing = () if "rps" in fields else (_RPS,)
        return missing + (() if fields & {"concurrency", "latency", "ttft", "itl"} else (_LOAD,))


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a table of operating points; None when its headings say nothing."""
    if document.json is not None or document.json_fault:
        return None
    try:
        tables = _tables(document, only_start=True)
    except Damaged as damaged:
        if document.is_zip:
            document.damage = damaged.fault.message
        return None
    best = min(tables, key=lambda table: (len(table.missing), -len(table.columns)), default=None)
    if best is None:
        return None
    return Closeness(tuple(best.headings[place] for place in best.columns), best.missing)


def read(document: Document) -> FileReading:
    """The points of every sheet with the needed headings. Faults: cells that are no numbers."""
    points: list[Point] = []
    notices: list[Notice] = []
    faults: list[Fault] = []
    try:
        for table in _tables(document):
            if not table.missing:
                _read_table(document.name, table, points, faults, document.not_finite)
                notices += _remarks(document.name, table)
    except Damaged as damaged:
        faults.append(damaged.fault)
    return FileReading(document.path, "table", tuple(points), tuple(notices), tuple(faults))


def _tables(document: Document, only_start: bool = False) -> list[_Table]:
    """The sheets that have headings; of a text, the one delimiter that gives the most of them."""
    found: list[_Table] = []
    damage: Damaged | None = None
    for sheet in sheets(document, only_start):
        try:
            candidates = [_headed(sheet, row) for row in islice(sheet.rows(), HEADING_ROWS)]
        except Damaged as damaged:
            if document.is_zip:
                raise
            damage = damaged
            continue  # The text is no CSV with this delimiter; it may be with another.
        table = max(candidates, key=lambda table: len(table.columns), default=None)
        if table and len(table.columns) >= _FEWEST_HEADINGS:
            if only_start or not document.is_zip:
                found.append(table)
            else:
                # The rows of a worksheet can be walked only while its workbook is open.
                rows = list(sheet.rows())
                found.append(_Table(_kept(sheet, rows), table.line, table.columns, table.headings, table.unused))
    if document.is_zip:
        return found
    if damage and not found and not only_start:
        raise damage
    return sorted(found, key=lambda table: -len(table.columns))[:1]


def _kept(sheet: TableSheet, rows: list[TableRow]) -> TableSheet:
    return TableSheet(sheet.title, lambda: iter(rows), sheet.commas)


def _headed(sheet: TableSheet, row: TableRow) -> _Table:
    headings = [word(cell) or "" for cell in row.cells]
    ranked: dict[tuple[str, str | None], tuple[int, int]] = {}
    known = {place: column for place, heading in enumerate(headings) if (column := column_of(heading))}
    for place, column in known.items():
        ranked[column.target] = min((column.rank, place), ranked.get(column.target, (column.rank, place)))
    chosen = {place for _, place in ranked.values()}
    columns = {place: column for place, column in known.items() if place in chosen}
    unused = [
        heading
        for place, heading in enumerate(headings)
        if heading and place not in chosen and heading not in PASSED_OVER
    ]
    return _Table(sheet, row.line, columns, headings, unused)


def _read_table(file: str, table: _Table, points: list[Point], faults: list[Fault], odd: dict[str, str]) -> None:
    """Adds the points of a table, the faults of its cells, and the figures in it that are no finite numbers."""
    for row in table.sheet.rows():
        if row.line <= table.line or all(is_blank(cell) for cell in row.cells):
            continue
        before = len(faults)
        extra = next((place for place, cell in _beyond(row, table) if not is_blank(cell)), None)
        if extra is not None and not table.sheet.title:
            # A thousands separator without quotes would move every cell after it into the wrong column.
            message = f"the row has more cells than headings ({len(table.headings)}); quote numbers such as 1,019."
            faults.append(Fault(file, row.line, extra + 1, message))
            continue
        point = _point(file, table, row, len(points), faults, odd)
        if len(faults) == before:
            points.append(point)


def _point(file: str, table: _Table, row: TableRow, index: int, faults: list[Fault], odd: dict[str, str]) -> Point:
    words: dict[str, str | None] = {}
    numbers: dict[str, Any] = {}
    latencies: dict[str, dict[str, float | None]] = {"ttft": {}, "itl": {}, "latency": {}}
    flags: dict[str, bool | None] = {}
    lists: dict[str, tuple[str, ...]] = {}
    notes: tuple[str, ...] = ()
    for place, column in table.columns.items():
        cell = row.cells[place] if place < len(row.cells) else None
        if column.field in WORD_FIELDS:
            words[column.field] = None if is_blank(cell) else word(str(cell))
            continue
        if column.field in LIST_FIELDS:
            lists[column.field] = () if is_blank(cell) else tuple(str(cell).split(LIST_SEPARATOR))
            continue
        try:
            if column.field in FLAG_FIELDS:
                flags[column.field] = _flag(cell)
                continue
            if column.field == LENGTHS:
                isl, osl = _lengths(cell)
                numbers.update(isl_asked=isl, osl_asked=osl)
                continue
            value = cell_number(cell, table.sheet.commas)
            figure = not_finite.said(cell) if value is None else None
            if figure is not None and not not_finite.is_no_limit(column.field, figure):
                odd[f"line {row.line}, {table.headings[place]}"] = figure
        except NotANumber as error:
            where = f'sheet "{table.sheet.title}", ' if table.sheet.title else ""
            faults.append(Fault(file, row.line, place + 1, f"{where}{table.headings[place]}: {error}."))
            continue
        value = None if value is None else value * column.factor
        if column.statistic:
            latencies[column.field][column.statistic] = value
        else:
            numbers[column.field] = value
    for length in ("isl", "osl"):
        if numbers.get(length) is None and numbers.get(f"{length}_asked") is not None:
            numbers[length] = numbers[f"{length}_asked"]
            notes = (_NOMINAL,)
    return Point(
        file=file,
        tool=NAME,
        index=index,
        line=row.line,
        trial=words.get("trial"),
        model=words.get("model"),
        gpu_type=words.get("gpu_type"),
        precision=words.get("precision"),
        engine=words.get("engine"),
        setup=words.get("setup"),
        source=words.get("source"),
        measured=flags.get("measured") is not False,
        streaming=flags.get("streaming"),
        latency_derived=flags.get("latency_derived") is True,
        itl_kind=words.get("itl_kind") or "tpot",
        gpu_source="file" if numbers.get("gpus_per_instance") else None,
        ttft=Latency(**latencies["ttft"]),
        itl=Latency(**latencies["itl"]),
        latency=Latency(**latencies["latency"]),
        notes=(*lists.get("notes", ()), *notes),
        suspicious=lists.get("suspicious", ()),
        **numbers,
    )


def _beyond(row: TableRow, table: _Table) -> list[tuple[int, object]]:
    return list(enumerate(row.cells[len(table.headings) :], start=len(table.headings)))


def _flag(cell: object) -> bool | None:
    """True or false as people and programs write it."""
    if is_blank(cell):
        return None
    text = str(cell).strip().lower()
    if text not in _FLAGS:
        raise NotANumber(f'"{cell!s:.40}" is neither true nor false')
    return _FLAGS[text]


def _lengths(cell: object) -> tuple[float | None, float | None]:
    """ISL and OSL out of "1000_200"."""
    if is_blank(cell):
        return None, None
    match = _LENGTHS.match(str(cell))
    if not match:
        raise NotANumber(f'"{cell!s:.40}" is not a pair of lengths; write ISL and OSL as 1000_200')
    return float(match[1]), float(match[2])


def _remarks(file: str, table: _Table) -> list[Notice]:
    if not table.unused:
        return []
    known = [heading for heading in table.unused if column_of(heading)]
    unknown = [heading for heading in table.unused if not column_of(heading)]
    unitless = [heading for heading in unknown if lacks_unit(heading)]
    messages: list[str] = []
    if unknown:
        messages.append(f"columns not understood, and left out: {', '.join(unknown)}.")
    if unitless:
        messages.append(f"say the unit in these headings, as in ttft_avg_ms: {', '.join(unitless)}.")
    if known:
        messages.append(f"columns left out, since another one gives the same: {', '.join(known)}.")
    return [Notice(file, message, table.line) for message in messages]
