"""The page of checks: both sides, difference, tolerance, verdict."""

from __future__ import annotations

from tco_xlsx.book.book import Beside, Book
from tco_xlsx.book.layout import CHECK_COLUMNS, CHECK_PARTS, FIRST_ROW, LABEL, VALUE
from tco_xlsx.book.sheet import Sheet
from tco_xlsx.book.template import ChecksPage
from tco_xlsx.lines import Constant, Line

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
        sheet.worksheet.set_column(column, column, width)
    words, styles, look = book.template.words, book.styles, book.template.look
    for check in book.model.checks:
        row = book.layout.check_row(check)
        sheet.text(row, LABEL, check.label, styles.of("indent_wrap"))
        sheet.text(row, _RULE, words.below if check.rule == "at_most" else words.equal, styles.of("soft_top"))
        sheet.text(row, _UNIT, book.unit(check.left), styles.of("soft_top"))
        sheet.text(row, _NOTE, check.note, styles.of("soft_wrap"))
        sheet.fit_row(row, [(check.label, _WIDTHS[0]), (check.note, _WIDTHS[_NOTE])])
        for line in (check.left, check.right, check.difference, check.holds):
            book.line(sheet, line, "number_top")
        sheet.number(row, CHECK_COLUMNS[3], check.tolerance.value, styles.of("soft_number_top", _TOLERANCE))
    last = FIRST_ROW + len(book.model.checks) - 1
    verdicts = CHECK_COLUMNS[4]
    for value, ink, fill in ((1, "good_ink", "good_fill"), (0, "bad_ink", "bad_fill")):
        style = styles.changed({"font_color": look.colour(ink), "bg_color": look.colour(fill), "bold": value == 0})
        options = {"type": "cell", "criteria": "==", "value": value, "format": style}
        sheet.conditional(FIRST_ROW, verdicts, last, verdicts, options)
    assert book.model.failing is not None
    book.line(sheet, book.model.failing, "number")
    sheet.text(book.layout.cell(book.model.failing, 0, 0).row, _RULE, page.failing, styles.of("soft_top"))


def _write_several(book: Book, beside: Beside, page: ChecksPage) -> None:
    """A column for each scenario, a block of rows for each part of the checks; the verdicts come first."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    layout, styles, words, look = book.layout, book.styles, book.template.words, book.template.look
    unit, note = layout.unit_column, layout.unit_column + 1
    headings = [page.headings[0], words.shown, *beside.compared.labels, page.headings[_UNIT], page.headings[_NOTE]]
    book.headings(sheet, headings, left=(0, unit, note))
    book.widths(sheet, [_WIDTHS[0], *[_WIDTHS[1]] * (layout.scenarios + 1), _WIDTHS[_UNIT], _WIDTHS[_NOTE]])
    failing = book.model.failing
    assert failing is not None
    _several(book, sheet, failing, words.failing)
    titles = (words.verdicts, words.left, words.right, words.difference, words.tolerance)
    for part, title in enumerate(titles):
        heading = layout.check_heading(part)
        sheet.text(heading, LABEL, title, styles.of("section"))
        for column in range(1, note + 1):
            sheet.blank(heading, column, styles.of("section"))
        for check in book.model.checks:
            line = getattr(check, CHECK_PARTS[part])
            _several(book, sheet, line, check.label)
            row = layout.cell(line, 0, 0).row
            sheet.text(row, unit, book.unit(line), styles.of("soft_top"))
            sheet.text(row, note, check.note if part == 0 else "", styles.of("soft_wrap"))
            sheet.fit_row(row, [(check.label, _WIDTHS[0]), (check.note if part == 0 else "", _WIDTHS[_NOTE])])
    first, last = layout.check_heading(0) + 1, layout.check_heading(1) - 1
    for value, ink, fill in ((1, "good_ink", "good_fill"), (0, "bad_ink", "bad_fill")):
        style = styles.changed({"font_color": look.colour(ink), "bg_color": look.colour(fill), "bold": value == 0})
        options = {"type": "cell", "criteria": "==", "value": value, "format": style}
        sheet.conditional(first, VALUE, last, unit - 1, options)
    home = book.failing_cell
    own = beside.compared.model.failing
    assert own is not None
    cells = layout.row_of(failing).rpartition("!")[2].replace("$", "")
    total = f"=SUM({cells})+{beside.layout.address(own, sheet.name)}"
    sheet.formula(home.row, home.column, total, book.failing, styles.of("number", "0"))
    sheet.text(home.row, _RULE, page.failing, styles.of("soft_top"))


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
