"""From computed values to an xlsx file."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from tco_xlsx.analysis.columns import ComparedColumns
from tco_xlsx.analysis.compare import ComparedScenarios
from tco_xlsx.book import properties
from tco_xlsx.book.book import Book
from tco_xlsx.book.compared_book import ComparedBook, ComparisonBook, TwoWayBook
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.pages import (
    about,
    checks,
    comparison,
    differences,
    gap,
    grid_page,
    inputs,
    model,
    plan,
    points,
    rows,
    steps,
    summary,
    tables,
    years,
)
from tco_xlsx.book.places import comparison_layout, layout_of, layout_once, shape_of, steps_layout
from tco_xlsx.book.provenance import Provenance, subject_of
from tco_xlsx.book.shape import Shape
from tco_xlsx.book.style import Styles
from tco_xlsx.book.template import Template
from tco_xlsx.book.two_way import GridPlaces, area
from tco_xlsx.book.xlsx.cache import LARGEST, write_recorded
from tco_xlsx.book.xlsx.private import FasterWorksheet, SoundWorkbook
from tco_xlsx.book.xlsx.recorder import CannotRecord, RecordedWorkbook
from tco_xlsx.book.xlsx.sheet import strict_warnings
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.documents.atomic import write_whole
from tco_xlsx.documents.errors import WorkbookLimit
from tco_xlsx.documents.target import write_file
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import Values
from tco_xlsx.language.excel import Cell, sheet_prefix
from tco_xlsx.language.lines import Line
from tco_xlsx.language.sections import Model

_PAGES: dict[str, Callable[..., None]] = {
    "plan": plan.write,
    "summary": summary.write,
    "inputs": inputs.write,
    "points": points.write,
    "model": model.write,
    "years": years.write,
    "tables": tables.write,
    "checks": checks.write,
    "about": about.write,
    "grid": grid_page.write,
    "comparison": comparison.write,
    "gap": gap.write,
    "differences": differences.write,
    "steps": steps.write,
    "rows": rows.write,
}


def write_workbook(
    target: Path | BinaryIO,
    model: Model,
    values: Values,
    template: Template,
    subjects: Sequence[Provenance],
    worksheet_class: type | None = None,
    compared: ComparedColumns | None = None,
) -> None:
    """Write the workbook of one scenario, or of several that are compared: every result a formula with its value
    cached.

    The time in the file's properties is SOURCE_DATE_EPOCH, or a fixed date. With a `worksheet_class` XlsxWriter writes
    the whole workbook; without, what an earlier workbook of this process had alike is used again. The bytes are the
    same. Raises WorkbookLimit when something does not fit into Excel.
    """
    if isinstance(target, Path):
        content = io.BytesIO()
        write_workbook(content, model, values, template, subjects, worksheet_class, compared)
        write_whole(target, content.getvalue(), target.parent)
        return
    if compared is None and worksheet_class is None and sum(array.size for array in values.arrays.values()) <= LARGEST:
        record = RecordedWorkbook()
        try:
            _write_pages(record, _recorded_styles(template), model, values, template, subjects, FasterWorksheet)
            write_recorded(record, target)
            return
        except CannotRecord:
            # XlsxWriter writes it, or says what is wrong with it.
            pass
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with strict_warnings():
        workbook = SoundWorkbook(target, options)
        styles = Styles(workbook, template)
        _write_pages(workbook, styles, model, values, template, subjects, worksheet_class or FasterWorksheet, compared)
        workbook.close()


def _write_pages(
    workbook: Any,
    styles: Styles,
    model: Model,
    values: Values,
    template: Template,
    subjects: Sequence[Provenance],
    worksheet_class: type,
    compared: ComparedColumns | None = None,
) -> None:
    points = tuple(case.length(POINT) for case in values.cases)
    book: Book
    if compared is None:
        shape, layout = layout_once(model, template, points)
        book = Book(workbook, model, values, template, shape, layout, styles, list(subjects), worksheet_class)
    else:
        shape = shape_of(points, compared.blocks)
        layout = layout_of(model, template, shape)
        beside = ComparisonBook(
            compared, comparison_layout(compared, template, layout), steps_layout(compared, template)
        )
        common = (workbook, model, values, template, shape, layout, styles, list(subjects), worksheet_class)
        if compared.two_way is None:
            book = ComparedBook(*common, beside=beside)
        else:
            results = [line for line in model.outputs if line.axis is None]
            grid = GridPlaces(compared.two_way, template.page("grid").title, results)
            book = TwoWayBook(*common, beside=beside, grid=grid)
    properties.write(book)
    book.workbook.set_calc_mode("auto")
    for page in book.pages:
        _PAGES[page.kind](book, page)
    _names(book)


@lru_cache(maxsize=8)
def _recorded_styles(template: Template) -> Styles:
    """The styles of a template, which belong to no workbook while it is recorded."""
    return Styles(RecordedWorkbook(), template)


def _names(book: Book) -> None:
    """A defined name for every input, its value as generated, and every output: anchors to read back by, never used in
    formulas. Of an input along an axis, one for each scenario: in_workload_growth__2."""
    for name, place in _named_places(book.model, book.shape, book.layout):
        if book.workbook.define_name(name, place) not in (0, None):
            raise WorkbookLimit(f"{name} is no name that Excel takes.")


@lru_cache(maxsize=64)
def _named_places(model: Model, shape: Shape, layout: Layout) -> list[tuple[str, str]]:
    named = [(f"out_{_anchor(output)}", f"={layout.row_of(output)}") for output in model.outputs]
    for line in model.inputs:
        name = _anchor(line)
        if line.axis is None:
            named.append((f"in_{name}", f"={layout.row_of(line)}"))
            named.append((f"was_{name}", f"={inputs.generated_row(layout, shape, line)}"))
            continue
        page = years if line.axis.is_across else tables
        for scenario in range(shape.scenarios):
            # The blocks of the scenarios are no range together.
            which = f"__{scenario + 1}" * shape.chosen
            named.append((f"in_{name}{which}", f"={_range(*layout.span(line, scenario))}"))
            named.append((f"was_{name}{which}", f"={_range(*page.generated_span(layout, line, scenario))}"))
    return named


def _range(first: Cell, last: Cell) -> str:
    return f"{sheet_prefix(first.sheet)}{area(first, last)}"


def _anchor(line: Line) -> str:
    return line.name.replace(".", "_")


def write_comparison(
    target: Path, model: Model, made: ComparedScenarios, template: Template, prepared: Sequence[Prepared]
) -> None:
    """Write the workbook of a comparison, whole or not at all. Raises BadInput where it cannot be written."""
    content = io.BytesIO()
    subjects = [subject_of(one) for one in prepared]
    write_workbook(content, model, made.values, template, subjects, compared=made.compared)
    write_file(target, content.getvalue(), makes_folder=True)
