"""The pages with a row for each benchmark point."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.region import NUMBER, Region
from tco_xlsx.book.shape import FIRST_ROW, HEADING_ROW, Shape
from tco_xlsx.book.template import PointsPage
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.documents.text_out import cut
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.excel import ABSENT, Cell, column_name, sheet_prefix
from tco_xlsx.language.lines import Derived, Fact, Line, Measured, Pick
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles

_NUMBER_WIDTH, _FIGURE_WIDTH, _FACT_WIDTH = 4, 11, 14
_TEXT_WIDTHS = {
    "why": 30,
    "model": 30,
    "gpu_type": 16,
    "label": 46,
    "notes": 70,
    "engine": 14,
    "tool": 11,
    "precision": 10,
}
_MOST_NAMES = 8
_LONGEST_FACT = 2_000


def regions(pages: Sequence[PointsPage], model: Model, shape: Shape) -> list[Region]:
    """The lines of points on all their pages: a column each, a block of rows for each scenario."""
    lines = {line.name: line for line in model.lines if line.axis == POINT}
    rest = [line for name, line in lines.items() if not any(name in page.columns for page in pages)]
    found = []
    for page in pages:
        columns: list[Line | str] = []
        for name in page.columns:
            columns += rest if name == "rest" else [lines.get(name, name)]
        found.append(Region(page.title, shape.first_point, 0, tuple(columns), "across", copies=shape.point_rows))
    return found


def codes_cell(layout: Layout, model: Model, line: Pick, scenario: int = 0) -> Cell:
    """Where the list of a pick's codes begins: right of the facts it picks among."""
    told, number = _facts_of_picks(model)[line.attribute]
    return layout.cell(told, scenario)._replace(column=len(layout.region(told).lines) + 1 + number)


@lru_cache(maxsize=8)
def _facts_of_picks(model: Model) -> dict[str, tuple[Fact, int]]:
    """For the attribute of each pick the fact that it picks among, and the number of the pick."""
    facts = {line.attribute: line for line in reversed(model.lines) if isinstance(line, Fact)}
    picks = [line.attribute for line in model.inputs if isinstance(line, Pick)]
    return {attribute: (facts[attribute], number) for number, attribute in enumerate(picks)}


def write(book: Book, page: PointsPage) -> None:
    """One page of points: its columns in the order of the template."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    (region,) = book.layout.on(page.title)
    columns = region.lines
    if any(isinstance(what, (Derived, Measured)) for what in columns):
        sheet.height(HEADING_ROW, 58)
    shape = book.shape
    for column, what in enumerate(columns):
        if isinstance(what, Fact):
            sheet.text(HEADING_ROW, column, what.label, book.styles.of("heading"))
            sheet.width(column, _TEXT_WIDTHS.get(what.attribute, _FACT_WIDTH))
        elif isinstance(what, Line):
            unit = book.unit(what)
            told = what.states or not unit or unit.lower() in what.label.lower()
            heading = what.label if told else f"{what.label}\n{unit}"
            sheet.text(HEADING_ROW, column, heading, book.styles.of("heading_right"))
            sheet.width(column, _FIGURE_WIDTH)
        else:
            left = what in _TEXT_WIDTHS
            sheet.text(HEADING_ROW, column, page.headings[what], book.styles.of("heading" if left else "heading_right"))
            sheet.width(column, _TEXT_WIDTHS.get(what, _NUMBER_WIDTH))
        for scenario in shape.owners:
            _column(book, sheet, what, column, scenario)
    sheet.freeze(FIRST_ROW, 2)
    sheet.repeat_rows(0, HEADING_ROW)
    sheet.repeat_columns(0, 0)
    # The choices beside the facts are for the drop-downs, not for paper.
    sheet.print_area(0, 0, shape.last_point, len(columns) - 1)
    _block_headings(book, sheet, len(columns))
    _mark_chosen(book, sheet, len(columns), shape.last_point)
    _choices(book, sheet)


def _block_headings(book: Book, sheet: Sheet, columns: int) -> None:
    """Above each block of points the scenarios that it is of."""
    blocks = book.shape.blocks
    of: dict[int, list[str]] = {}
    for block, label in zip(blocks, book.labels, strict=False):
        of.setdefault(block, []).append(label)
    for block, names in of.items():
        row = book.shape.first_point + book.shape.point_rows[book.shape.owners[block]] - 1
        others = names[1 : _MOST_NAMES + 1] + (["..."] if len(names) > _MOST_NAMES + 1 else [])
        shared = book.template.words.shared_block.format(labels=", ".join(others))
        text = f"{names[0]} ({shared})" if others else names[0]
        sheet.text(row, 0, text, book.styles.of("section"))
        for column in range(1, columns):
            sheet.blank(row, column, book.styles.of("section"))


def _column(book: Book, sheet: Sheet, what: Line | str, column: int, scenario: int) -> None:
    """What all points of a scenario have in one column."""
    top, number = book.shape.first_point + book.shape.point_rows[scenario], book.shape.points[scenario]
    if isinstance(what, Derived):
        values = book.values.series(what, scenario, number)
        formulas = book.layout.formulas(what, scenario)
        sheet.formulas(top, column, formulas, values, book.number_style("data", what))
    elif isinstance(what, Measured):
        _measured(book, sheet, what, top, column, book.values.series(what, scenario, number))
    elif not isinstance(what, Line) and what == NUMBER:
        sheet.numbers(top, column, range(1, number + 1), book.styles.of("data", "0"))
    else:
        for index in range(number):
            _cell(book, sheet, what, top + index, column, scenario, index)


def _measured(book: Book, sheet: Sheet, line: Measured, top: int, column: int, values: Sequence[float | None]) -> None:
    row = top
    for is_absent, group in groupby(values, lambda value: value is None):
        run = list(group)
        if is_absent:
            for step in range(len(run)):
                sheet.text(row + step, column, ABSENT, book.styles.of("data"))
        else:
            numbers = [value for value in run if value is not None]
            sheet.numbers(row, column, numbers, book.number_style("data", line))
        row += len(run)


def _cell(book: Book, sheet: Sheet, what: Line | str, row: int, column: int, scenario: int, index: int) -> None:
    if isinstance(what, Fact):
        text = book.values.text(what, scenario, index)
        sheet.text(row, column, ABSENT if text is None else text, book.styles.of("data_left"))
    elif what == "why":
        _why(book, sheet, row, column, scenario, index)
    else:
        assert isinstance(what, str)
        facts = book.subjects[scenario].facts
        text = cut(facts[index].get(what, ""), _LONGEST_FACT) if index < len(facts) else ""
        sheet.text(row, column, text, book.styles.of("data_wrap"))
        sheet.fit_row(row, [(text, _TEXT_WIDTHS.get(what, _FACT_WIDTH))])


def _why(book: Book, sheet: Sheet, row: int, column: int, scenario: int, index: int) -> None:
    """Which limits a point misses, in words: the headings of the verdicts that are not 1."""
    words = book.template.words
    excel, cached = [], []
    for line, told in ((roles.picked, words.other), (roles.trusted, words.suspicious)):
        cell = book.layout.cell(line, scenario, index)
        prefix = "" if cell.sheet == sheet.name else sheet_prefix(cell.sheet)
        excel.append(f'IF({prefix}{cell.text()}=1,"","{told} ")')
        if book.values.value(line, scenario, index) != 1:
            cached.append(told)
    for line in (limit.verdict for limit in roles.limits):
        cell = book.layout.cell(line, scenario, index)
        label = f"{column_name(cell.column)}${HEADING_ROW + 1}"
        here = cell.text()
        excel.append(f'IF({here}=1,"",{label}&IF({here}=0," {words.over} "," {words.unmeasured} "))')
        verdict = book.values.value(line, scenario, index)
        if verdict != 1:
            cached.append(f"{line.label} {words.over if verdict == 0 else words.unmeasured}")
    formula = f"=TRIM({'&'.join(excel)})"
    sheet.formula(row, column, formula, " ".join(cached), book.styles.of("data_soft"))


def _choices(book: Book, sheet: Sheet) -> None:
    """The texts that the drop-downs of the picks on Inputs offer."""
    for line in book.model.inputs:
        if isinstance(line, Pick) and codes_cell(book.layout, book.model, line).sheet == sheet.name:
            column = codes_cell(book.layout, book.model, line).column
            sheet.text(HEADING_ROW, column, line.label, book.styles.of("heading"))
            sheet.width(column, _FACT_WIDTH)
            for scenario in book.shape.owners:
                row = codes_cell(book.layout, book.model, line, scenario).row
                for step, code in enumerate(book.values.cases[scenario].codes(line)):
                    sheet.text(row + step, column, code, book.styles.of("data_soft"))


def _mark_chosen(book: Book, sheet: Sheet, columns: int, last: int) -> None:
    cell = book.layout.cell(roles.is_chosen, 0, 0)
    if cell.sheet != sheet.name:
        return
    look = book.template.look
    style = book.styles.changed({"bold": True, "bg_color": look.colour("good_fill")})
    test = f"=${column_name(cell.column)}{FIRST_ROW + 1}=1"
    sheet.conditional(FIRST_ROW, 0, last, columns - 1, {"type": "formula", "criteria": test, "format": style})
