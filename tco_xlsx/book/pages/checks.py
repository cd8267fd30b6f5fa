"""The page of checks: both sides, difference, tolerance, verdict."""

from __future__ import annotations

from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import CHECK_COLUMNS, FIRST_ROW, LABEL
from tco_xlsx.book.template import ChecksPage

_WIDTHS = (54, 16, 9, 16, 14, 26, 11, 10, 60)
_RULE, _UNIT, _NOTE = 2, 5, 8


def write(book: Book, page: ChecksPage) -> None:
    """Every check, and how many fail."""
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
        sheet.number(row, CHECK_COLUMNS[3], check.tolerance.value, styles.of("soft_number_top", "[>=0.001]0.0%;0E+0"))
    last = FIRST_ROW + len(book.model.checks) - 1
    verdicts = CHECK_COLUMNS[4]
    for value, ink, fill in ((1, "good_ink", "good_fill"), (0, "bad_ink", "bad_fill")):
        style = styles.changed({"font_color": look.colour(ink), "bg_color": look.colour(fill), "bold": value == 0})
        options = {"type": "cell", "criteria": "==", "value": value, "format": style}
        sheet.conditional(FIRST_ROW, verdicts, last, verdicts, options)
    assert book.model.failing is not None
    book.line(sheet, book.model.failing, "number")
    sheet.text(book.layout.cell(book.model.failing, 0, 0).row, _RULE, page.failing, styles.of("soft_top"))
