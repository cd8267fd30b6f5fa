"""How fast workbooks of one shape are written: ours, stock XlsxWriter with our pages, openpyxl with our cells.

The workbooks differ in numbers, title and check sums, as those of a batch do. CPU time in this process, the variants
in turn, a few workbooks each, so that a slow moment of the machine meets them all. "First of its shape" starts
without anything kept. The floor is deflating the same parts, each whole, and nothing else. openpyxl writes what it
read from our workbook (cells, styles, widths, validations, conditional formats, names, charts), but no cached values:
it has no way to.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import gc
import io
import statistics
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from xlsxwriter.worksheet import Worksheet

from tco_xlsx.book import places
from tco_xlsx.book import provenance as book_provenance
from tco_xlsx.book import template as book_template
from tco_xlsx.book.provenance import Provenance
from tco_xlsx.book.write import write_workbook
from tco_xlsx.book.xlsx import cache as skeleton
from tco_xlsx.book.xlsx.zip_parts import packed
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.language.evaluate import Case, Values, evaluate
from tco_xlsx.language.words import words_of
from tco_xlsx.model import MODEL

SCENARIO = Path(__file__).resolve().parent.parent / "scenarios" / "nvidia-article-per-server.yaml"
IN_A_ROW = 10
OURS, FIRST, STOCK, SHARED, FLOOR = (
    "ours, in a batch",
    "ours, first of its shape",
    "stock XlsxWriter",
    "openpyxl, styles shared",
    "floor: the parts deflated",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30, help="workbooks of each variant")
    runs = parser.parse_args().runs
    template = book_template.default_template()
    books = scenarios(runs)

    def write(number: int, worksheet: type | None = None) -> bytes:
        values, subject = books[number]
        target = io.BytesIO()
        write_workbook(target, MODEL, values, template, [subject], worksheet)
        return target.getvalue()

    def first(number: int) -> bytes:
        skeleton.forget()
        places.layout_once.cache_clear()
        words_of.cache_clear()
        return write(number)

    def deflate(number: int) -> None:
        for part in parts[number]:
            packed(part)

    parts = [parts_of(write(number)) for number in range(runs)]
    cells, styles, read = collected(write(0))
    variants: dict[str, Callable[[int], Any]] = {
        FIRST: first,
        OURS: write,
        STOCK: lambda number: write(number, Worksheet),
        "openpyxl, styles assigned": lambda _: replay(cells, styles, read, share=False),
        SHARED: lambda _: replay(cells, styles, read, share=True),
        FLOOR: deflate,
    }
    # What openpyxl has read would else be searched for garbage in the middle of the others' work.
    gc.freeze()
    taken: dict[str, list[float]] = {name: [] for name in variants}
    for variant in variants.values():
        variant(0)
    for block in range(0, runs, IN_A_ROW):
        for name, variant in variants.items():
            for number in range(block, min(block + IN_A_ROW, runs)):
                start = time.process_time()
                variant(number)
                taken[name].append((time.process_time() - start) * 1000)
    told = {name: statistics.median(times) for name, times in taken.items()}
    count = sum(len(rows) for _, _, rows in cells)
    print(f"workbooks of {count} cells, {len(write(0)):,} bytes, {runs} of each, CPU ms")
    print(f"{'':28}{'min':>8}{'median':>8}{'max':>8}{'workbooks/s':>14}")
    for name, times in taken.items():
        print(f"{name:28}{min(times):8.1f}{told[name]:8.1f}{max(times):8.1f}{1000 / told[name]:14.0f}")
    print(f"ours in a batch: {told[STOCK] / told[OURS]:.1f} times the workbooks/s of stock XlsxWriter (target: 2.5),")
    print(f"  {told[SHARED] / told[OURS]:.1f} times those of openpyxl with shared styles (target: 3),")
    print(f"  {told[OURS] / told[FLOOR]:.1f} times the CPU of the floor (target: at most 4);")
    print(f"first of its shape: {told[FIRST]:.0f} ms (target: at most 45)")


def scenarios(number: int) -> list[tuple[Values, Provenance]]:
    """One scenario with other prices and another title each time: what stays is its shape."""
    (prepared,) = case_prepare.prepare([SCENARIO], MODEL)
    case, subject = prepared.case, book_provenance.subject_of(prepared)
    made = []
    for step in range(number):
        inputs = {
            name: float(round(value * (1 + step / 100))) if isinstance(value, float) and value >= 1000 else value
            for name, value in case.values.items()
        }
        source = dataclasses.replace(subject.scenario, sha256=f"{step * 7919**19 % 2**256:064x}")
        other = dataclasses.replace(subject, title=f"{subject.title}, step {step}", scenario=source)
        made.append((evaluate(MODEL, [Case(other.title, inputs, case.axes)]), other))
    return made


def parts_of(book: bytes) -> list[bytes]:
    """The parts of a workbook, not deflated."""
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        return [opened.read(name) for name in opened.namelist()]


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
