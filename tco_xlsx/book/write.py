"""From computed values to an xlsx file. The only user of XlsxWriter is this package."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook

import tco_xlsx
from tco_xlsx.book.book import PRODUCT, Book
from tco_xlsx.book.layout import layout_of
from tco_xlsx.book.pages import about, checks, inputs, model, points, summary
from tco_xlsx.book.quick import QuickWorksheet
from tco_xlsx.book.sheet import strict_warnings
from tco_xlsx.book.style import Styles
from tco_xlsx.book.subject import Subject
from tco_xlsx.book.template import Template
from tco_xlsx.errors import WorkbookLimit
from tco_xlsx.evaluate import Values
from tco_xlsx.formula import sheet_prefix
from tco_xlsx.lines import Derived, Model

_PAGES: dict[str, Callable[..., None]] = {
    "summary": summary.write,
    "inputs": inputs.write,
    "points": points.write,
    "model": model.write,
    "checks": checks.write,
    "about": about.write,
}

# A workbook says when it was made only if the caller does: the same input gives the same bytes.
_NO_DATE = datetime.datetime(2000, 1, 1)


def write_workbook(
    target: Path | BinaryIO,
    model: Model,
    values: Values,
    template: Template,
    subjects: Sequence[Subject],
    worksheet_class: type = QuickWorksheet,
) -> None:
    """Write the workbook of one scenario: every result a formula with its value cached.

    The time in the file's properties is SOURCE_DATE_EPOCH, or a fixed date. Raises WorkbookLimit when something
    does not fit into Excel.
    """
    layout = layout_of(model, template, tuple(case.length("point") for case in values.cases))
    destination = str(target) if isinstance(target, Path) else target
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with strict_warnings():
        workbook = Workbook(destination, options)
        book = Book(
            workbook, model, values, template, layout, Styles(workbook, template), list(subjects), worksheet_class
        )
        _properties(book)
        for page in template.pages:
            _PAGES[page.kind](book, page)
        _names(book)
        workbook.close()


def _properties(book: Book) -> None:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    made = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).replace(tzinfo=None) if epoch else _NO_DATE
    version = f"{PRODUCT} {tco_xlsx.__version__}"
    book.workbook.set_properties(
        {"title": book.subject.title, "author": version, "subject": "LLM inference cost model", "created": made}
    )
    book.workbook.set_custom_property("Version", version)
    book.workbook.set_custom_property("Scenario SHA-256", book.subject.scenario.sha256)
    for number, file in enumerate(book.subject.benchmarks[:20], start=1):
        book.workbook.set_custom_property(f"Benchmark {number} SHA-256", file.sha256)
    book.workbook.set_calc_mode("auto")


def _names(book: Book) -> None:
    """A defined name for every input and output: anchors to read back by, never used in formulas."""
    for line in (*book.model.inputs, *book.model.outputs):
        kind = "out" if isinstance(line, Derived) else "in"
        sheet, _first_row, first_column, _, _ = book.layout.range(line)
        last_column = first_column + book.layout.scenarios - 1
        cells = book.layout.cell(line, 0, 0).text(True, True)
        if last_column > first_column:
            cells += ":" + book.layout.cell(line, book.layout.scenarios - 1, 0).text(True, True)
        name = f"{kind}_{line.name.replace('.', '_')}"
        if book.workbook.define_name(name, f"={sheet_prefix(sheet)}{cells}") not in (0, None):
            raise WorkbookLimit(f"{name} is no name that Excel takes.")
