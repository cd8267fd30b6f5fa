"""The page of checks: both sides, difference, tolerance, verdict; the proofs first, then the warnings."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.compared_book import ComparedBook, ComparisonBook
from tco_xlsx.book.no_point import why_no_point
from tco_xlsx.book.region import Region, stacked
from tco_xlsx.book.shape import FIRST_ROW, LABEL, VALUE, Shape
from tco_xlsx.book.template import ChecksPage, SummaryPage
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.checks import Check, InputWarning
from tco_xlsx.language.lines import Constant, Line
from tco_xlsx.language.live_text import Live, literal
from tco_xlsx.language.sections import Model
from tco_xlsx.language.words import in_sentence
from tco_xlsx.model import roles

_WIDTHS = (54, 16, 9, 16, 14, 26, 11, 10, 60)
_TOLERANCE = "[>=0.001]0.0%;0E+0"
_RULE, _UNIT, _VERDICT, _NOTE = 2, 5, 7, 8
_COUNTS_ROW = 2
CHECK_PARTS = ("holds", "left", "right", "difference", "tolerance")
"""The parts of the checks of several scenarios, from top to bottom: the verdicts stand together, to be counted."""


def regions(page: ChecksPage, model: Model, shape: Shape) -> list[Region]:
    """A row for each check of one scenario; of several a column for each, a block of rows for each part of the
    checks."""
    if shape.chosen:
        parts = [
            [getattr(check, part) for check in checks]
            for checks in (model.checks, model.warnings)
            for part in CHECK_PARTS
        ]
        counts = Region(page.title, FIRST_ROW, shape.first, model.counts, copies=None, shown=-shape.chosen)
        return [counts, *stacked(parts, page.title, counts.bottom, shape.first, shown=-shape.chosen)]
    # A heading stands between the proofs and the warnings.
    rows = [*enumerate(model.checks, FIRST_ROW), *enumerate(model.warnings, FIRST_ROW + len(model.checks) + 1)]
    return [
        Region(page.title, _COUNTS_ROW, VALUE, model.counts, copies=None),
        *(Region(page.title, row, VALUE, _table_row(check), "across", copies=None) for row, check in rows),
    ]


def _table_row(check: Check) -> tuple[Line | str, ...]:
    """A check from its left side to its verdict; the rule and the unit stand between them."""
    left, right, difference, tolerance, holds = check.lines
    return left, "rule", right, difference, "unit", tolerance, holds


def _row_of(book: Book, check: Check) -> int:
    return book.layout.cell(check.holds).row


def write(book: Book, page: ChecksPage) -> None:
    """Every check, and how many fail."""
    if isinstance(book, ComparedBook):
        _write_several(book, book.beside, page)
        return
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    book.headings(sheet, page.headings, left=(0, 2, 5, 8))
    for column, width in enumerate(_WIDTHS):
        sheet.width(column, width)
    words, styles = book.template.words, book.styles
    for check in book.model.checks:
        _row(book, sheet, check)
        sheet.text(_row_of(book, check), _NOTE, check.note, styles.of("soft_wrap"))
    heading = FIRST_ROW + len(book.model.checks)
    sheet.text(heading, LABEL, words.warnings, styles.of("section"))
    for column in range(1, _NOTE + 1):
        sheet.blank(heading, column, styles.of("section"))
    for warning in book.model.warnings:
        _row(book, sheet, warning)
        told = told_or(book, sheet, warning)
        row = _row_of(book, warning)
        if told.fixed:
            sheet.text(row, _NOTE, told.cached, styles.of("soft_wrap"))
        else:
            sheet.formula(row, _NOTE, f"={told.excel}", told.cached, styles.of("soft_wrap"))
            sheet.fit_row(row, [(told.cached, _WIDTHS[_NOTE])])
    _colours(book, sheet, (FIRST_ROW, _VERDICT, heading - 1, _VERDICT), "bad_ink", "bad_fill")
    last = heading + len(book.model.warnings)
    _colours(book, sheet, (heading + 1, _VERDICT, last, _VERDICT), "warning", "edited_fill")
    for count, text in zip(book.model.counts, (page.failing, page.raised), strict=True):
        book.line(sheet, count, "number")
        sheet.text(book.layout.cell(count, 0, 0).row, _RULE, text, styles.of("soft_top"))
    book.warned(sheet, book.raised_cell.row, LABEL, "verdict")


def _row(book: Book, sheet: Sheet, check: Check) -> None:
    styles, words = book.styles, book.template.words
    row = _row_of(book, check)
    sheet.text(row, LABEL, check.label, styles.of("indent_wrap"))
    sheet.text(row, _RULE, words.below if check.rule == "at_most" else words.equal, styles.of("soft_top"))
    sheet.text(row, _UNIT, book.unit(check.left), styles.of("soft_top"))
    sheet.fit_row(row, [(check.label, _WIDTHS[0]), (check.note, _WIDTHS[_NOTE])])
    for line in (check.left, check.right, check.difference, check.holds):
        book.line(sheet, line, "number_top")
        book.whole_too(sheet, line, *book.layout.cell(line, 0, 0)[1:])
    sheet.number(
        row, book.layout.cell(check.tolerance).column, check.tolerance.value, styles.of("soft_number_top", _TOLERANCE)
    )


def _colours(book: Book, sheet: Sheet, cells: tuple[int, int, int, int], bad_ink: str, bad_fill: str) -> None:
    """Green where verdicts hold, and what is to be seen where they do not."""
    look = book.template.look
    for value, ink, fill in ((1, "good_ink", "good_fill"), (0, bad_ink, bad_fill)):
        style = book.styles.changed({"font_color": look.colour(ink), "bg_color": look.colour(fill), "bold": value == 0})
        sheet.conditional(*cells, {"type": "cell", "criteria": "==", "value": value, "format": style})


def told_or(book: Book, sheet: Sheet, warning: InputWarning) -> Live:
    """What is the matter, where something is; else the note."""
    texts = book.texts(sheet)
    summary = book.template.page("summary")
    if warning is roles.has_point and isinstance(summary, SummaryPage):
        # Summary has one line for it, which may be too short.
        told = why_no_point(texts, summary.why)
    elif warning.words:
        told = texts.write(warning.words)
    else:
        return literal(warning.note)
    cell = texts.address(warning.holds)
    now = told.cached if texts.number(warning.holds) == 0 else warning.note
    return Live(f"IF({cell}=0,{told.excel},{literal(warning.note).excel})", now)


def _write_several(book: Book, beside: ComparisonBook, page: ChecksPage) -> None:
    """A column for each scenario, a block of rows for each part of the checks; the verdicts come first."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    layout, shape, styles, words = book.layout, book.shape, book.styles, book.template.words
    unit, note = shape.unit_column, shape.unit_column + 1
    headings = [page.headings[0], words.shown, *beside.compared.labels, page.headings[_UNIT], page.headings[_NOTE]]
    book.headings(sheet, headings, left=(0, unit, note))
    book.widths(sheet, [_WIDTHS[0], *[_WIDTHS[1]] * (shape.scenarios + 1), _WIDTHS[_UNIT], _WIDTHS[_NOTE]])
    for count in book.model.counts:
        _several(book, sheet, count, count.label)
    titles = (words.verdicts, words.left, words.right, words.difference, words.tolerance)
    for checks in (book.model.checks, book.model.warnings):
        for part, title in enumerate(titles):
            heading = layout.region(getattr(checks[0], CHECK_PARTS[part])).top - 1
            title = title if checks is book.model.checks else f"{words.warnings}: {in_sentence(title)}"
            sheet.text(heading, LABEL, title, styles.of("section"))
            for column in range(1, note + 1):
                sheet.blank(heading, column, styles.of("section"))
            for check in checks:
                line = getattr(check, CHECK_PARTS[part])
                _several(book, sheet, line, check.label)
                row = layout.cell(line, 0, 0).row
                sheet.text(row, unit, book.unit(line), styles.of("soft_top"))
                sheet.text(row, note, check.note if part == 0 else "", styles.of("soft_wrap"))
                sheet.fit_row(row, [(check.label, _WIDTHS[0]), (check.note if part == 0 else "", _WIDTHS[_NOTE])])
    for checks, ink, fill in (
        (book.model.checks, "bad_ink", "bad_fill"),
        (book.model.warnings, "warning", "edited_fill"),
    ):
        verdicts = layout.region(checks[0].holds)
        _colours(book, sheet, (verdicts.top, VALUE, verdicts.bottom - 1, unit - 1), ink, fill)
    own = beside.compared.model.failing
    assert own is not None
    also = f"+{beside.layout.address(own, sheet.name)}"
    homes = ((book.failing_cell, also, book.failing, page.failing), (book.raised_cell, "", book.raised, page.raised))
    for count, (home, more, number, text) in zip(book.model.counts, homes, strict=True):
        cells = layout.row_of(count).rpartition("!")[2].replace("$", "")
        sheet.formula(home.row, home.column, f"=SUM({cells}){more}", number, styles.of("number", "0"))
        sheet.text(home.row, _RULE, text, styles.of("soft_top"))
    book.warned(sheet, book.raised_cell.row, LABEL, "verdict")


def _several(book: Book, sheet: Sheet, line: Line, label: str) -> None:
    shape, styles = book.shape, book.styles
    row = book.layout.cell(line).row
    sheet.text(row, LABEL, label, styles.of("indent_wrap"))
    if isinstance(line, Constant):
        style = styles.of("soft_number_top", _TOLERANCE)
        for scenario in range(shape.scenarios):
            sheet.number(row, shape.first + scenario, line.value, style)
    else:
        style = book.number_style("number_top", line)
        for scenario in range(shape.scenarios):
            book.line(sheet, line, "number_top", scenario)
    book.pick_shown(sheet, line, style)
