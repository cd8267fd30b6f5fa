"""How long one workbook takes to write: ours, stock XlsxWriter with the same pages, openpyxl with the same cells.

CPU time in this process, the variants in turn, so that a slow moment of the machine meets them all. openpyxl writes
what it read from our workbook (cells, styles, widths, validations, conditional formats, names, charts), but no cached
values: it has no way to.
"""

from __future__ import annotations

import argparse
import copy
import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from xlsxwriter.worksheet import Worksheet

from tco_xlsx import batch
from tco_xlsx.book import layout
from tco_xlsx.book.quick import QuickWorksheet
from tco_xlsx.book.write import write_workbook
from tco_xlsx.model import MODEL
from tco_xlsx.words import words_of

SCENARIO = Path(__file__).resolve().parent.parent / "scenarios" / "nvidia-article-per-server.yaml"
TARGETS = {"stock XlsxWriter": 0.5, "openpyxl": 0.45}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=25)
    runs = parser.parse_args().runs
    (prepared,) = batch.prepare([SCENARIO], MODEL)
    values, template, subject = batch.compute(MODEL, prepared), batch.default_template(), batch.subject_of(prepared)

    def write(worksheet: type) -> bytes:
        target = io.BytesIO()
        write_workbook(target, MODEL, values, template, [subject], worksheet)
        return target.getvalue()

    def first() -> bytes:
        layout.layout_of.cache_clear()
        words_of.cache_clear()
        return write(QuickWorksheet)

    cells, styles, read = collected(write(QuickWorksheet))
    variants: dict[str, Callable[[], Any]] = {
        "ours": lambda: write(QuickWorksheet),
        "ours, first of its shape": first,
        "stock XlsxWriter": lambda: write(Worksheet),
        "openpyxl, styles assigned": lambda: replay(cells, styles, read, share=False),
        "openpyxl, styles shared": lambda: replay(cells, styles, read, share=True),
    }
    taken: dict[str, list[float]] = {name: [] for name in variants}
    for variant in variants.values():
        variant()
    for _ in range(runs):
        for name, variant in variants.items():
            start = time.process_time()
            variant()
            taken[name].append((time.process_time() - start) * 1000)
    ours = statistics.median(taken["ours"])
    number = sum(len(rows) for _, _, rows in cells)
    print(f"one workbook of {number} cells, {len(write(QuickWorksheet)):,} bytes, {runs} runs each, CPU ms")
    print(f"{'':28}{'min':>8}{'median':>8}{'max':>8}   ours is")
    for name, times in taken.items():
        middle = statistics.median(times)
        target = next((f" (target {share})" for start, share in TARGETS.items() if name.startswith(start)), "")
        print(f"{name:28}{min(times):8.1f}{middle:8.1f}{max(times):8.1f}   {ours / middle:.2f} of it{target}")


Cells = list[tuple[str, dict[str, float], list[tuple[int, int, Any, str]]]]


def collected(book: bytes) -> tuple[Cells, dict[str, tuple[Any, ...]], Any]:
    """Every cell of a workbook with the key of its style, the styles, and all else that openpyxl has read."""
    cells: Cells = []
    styles: dict[str, tuple[Any, ...]] = {}
    read = openpyxl.load_workbook(io.BytesIO(book))
    for sheet in read:
        rows = []
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None or cell.has_style):
            parts = (cell.font, cell.fill, cell.border, cell.alignment, cell.protection)
            style = (*(copy.copy(part) for part in parts), cell.number_format)
            styles.setdefault(repr(style), style)
            rows.append((cell.row, cell.column, cell.value, repr(style)))
        cells.append((sheet.title, {name: size.width for name, size in sheet.column_dimensions.items()}, rows))
    return cells, styles, read


def replay(cells: Cells, styles: dict[str, tuple[Any, ...]], read: Any, share: bool) -> bytes:
    """The workbook written with openpyxl; with `share`, cells of one style get its number, the quick way."""
    book = openpyxl.Workbook()
    book.defined_names = read.defined_names
    made: dict[str, Any] = {}
    for number, (title, widths, rows) in enumerate(cells):
        sheet = book.active if number == 0 else book.create_sheet(title)
        sheet.title = title
        like = read[title]
        sheet.data_validations, sheet.conditional_formatting = like.data_validations, like.conditional_formatting
        sheet._charts, sheet.protection, sheet.page_setup = like._charts, like.protection, like.page_setup
        for name, width in widths.items():
            sheet.column_dimensions[name].width = width
        for row, column, value, style in rows:
            cell = sheet.cell(row, column, value)
            if share and style in made:
                cell._style = copy.copy(made[style])
                continue
            cell.font, cell.fill, cell.border, cell.alignment, cell.protection, cell.number_format = styles[style]
            made[style] = cell._style
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


if __name__ == "__main__":
    main()
