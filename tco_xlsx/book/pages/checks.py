"""The page of checks: both sides, difference, tolerance, verdict; the proofs first, then the warnings."""

from __future__ import annotations

from tco_xlsx.book.book import Book, ComparisonBook
from tco_xlsx.book.layout import CHECK_COLUMNS, CHECK_PARTS, FIRST_ROW, LABEL, VALUE
from tco_xlsx.book.no_point import why_no_point
from tco_xlsx.book.template import ChecksPage, SummaryPage
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.checks import Check, InputWarning
from tco_xlsx.language.lines import Constant, Line
from tco_xlsx.language.live_text import Live, literal
from tco_xlsx.language.words import in_sentence
from tco_xlsx.model import roles

_WIDTHS = (54, 16, 9, 16, 14, 26, 11, 10, 60)
_TOLERANCE = "[>=0.001]0.0%;0E+0"
_RULE, _UNIT, _NOTE = 2, 5, 8


def write(book: Book, page: ChecksPage) -> None:
    """Every check, and how many fail."""
    if book.beside is not None:
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
        sheet.text(book.layout.check_row(check), _NOTE, check.note, styles.of("soft_wrap"))
    heading = book.layout.warnings_heading
    sheet.text(heading, LABEL, words.warnings, styles.of("section"))
    for column in range(1, _NOTE + 1):
        sheet.blank(heading, column, styles.of("section"))
    for warning in book.model.warnings:
        _row(book, sheet, warning)
        told = told_or(book, sheet, warning)
        row = book.layout.check_row(warning)
        if told.fixed:
            sheet.text(row, _NOTE, told.cached, styles.of("soft_wrap"))
        else:
            sheet.formula(row, _NOTE, f"={told.excel}", told.cached, styles.of("soft_wrap"))
            sheet.fit_row(row, [(told.cached, _WIDTHS[_NOTE])])
    verdicts = CHECK_COLUMNS[4]
    _colours(book, sheet, (FIRST_ROW, verdicts, heading - 1, verdicts), "bad_ink", "bad_fill")
    last = heading + len(book.model.warnings)
    _colours(book, sheet, (heading + 1, verdicts, last, verdicts), "warning", "edited_fill")
    for count, text in zip(book.model.counts, (page.failing, page.raised), strict=True):
        book.line(sheet, count, "number")
        sheet.text(book.layout.cell(count, 0, 0).row, _RULE, text, styles.of("soft_top"))
    book.warned(sheet, book.raised_cell.row, LABEL, "verdict")


def _row(book: Book, sheet: Sheet, check: Check) -> None:
    styles, words = book.styles, book.template.words
    row = book.layout.check_row(check)
    sheet.text(row, LABEL, check.label, styles.of("indent_wrap"))
    sheet.text(row, _RULE, words.below if check.rule == "at_most" else words.equal, styles.of("soft_top"))
    sheet.text(row, _UNIT, book.unit(check.left), styles.of("soft_top"))
    sheet.fit_row(row, [(check.label, _WIDTHS[0]), (check.note, _WIDTHS[_NOTE])])
    for line in (check.left, check.right, check.difference, check.holds):
        book.line(sheet, line, "number_top")
        book.whole_too(sheet, line, *book.layout.cell(line, 0, 0)[1:])
    sheet.number(row, CHECK_COLUMNS[3], check.tolerance.value, styles.of("soft_number_top", _TOLERANCE))


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
    layout, styles, words = book.layout, book.styles, book.template.words
    unit, note = layout.unit_column, layout.unit_column + 1
    headings = [page.headings[0], words.shown, *beside.compared.labels, page.headings[_UNIT], page.headings[_NOTE]]
    book.headings(sheet, headings, left=(0, unit, note))
    book.widths(sheet, [_WIDTHS[0], *[_WIDTHS[1]] * (layout.scenarios + 1), _WIDTHS[_UNIT], _WIDTHS[_NOTE]])
    for count in book.model.counts:
        _several(book, sheet, count, count.label)
    titles = (words.verdicts, words.left, words.right, words.difference, words.tolerance)
    for checks in (book.model.checks, book.model.warnings):
        for part, title in enumerate(titles):
            heading = layout.check_heading(part, checks[0].group)
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
    for group, ink, fill in (("checks", "bad_ink", "bad_fill"), ("warnings", "warning", "edited_fill")):
        first, last = layout.check_heading(0, group) + 1, layout.check_heading(1, group) - 1
        _colours(book, sheet, (first, VALUE, last, unit - 1), ink, fill)
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
    layout, styles = book.layout, book.styles
    row = layout.cell(line, 0, 0).row
    sheet.text(row, LABEL, label, styles.of("indent_wrap"))
    if isinstance(line, Constant):
        style = styles.of("soft_number_top", _TOLERANCE)
        for scenario in range(layout.scenarios):
            sheet.number(row, layout.first + scenario, line.value, style)
    else:
        style = book.number_style("number_top", line)
        for scenario in range(layout.scenarios):
            book.line(sheet, line, "number_top", scenario)
    book.pick_shown(sheet, line, style)
