"""The page that says what the workbook is."""

from __future__ import annotations

import tco_xlsx
from tco_xlsx.book.book import PRODUCT, Book
from tco_xlsx.book.pages.about_page import AboutPage
from tco_xlsx.book.xlsx.sheet import Sheet

_FILE_WIDTH = 62
_ANSWERS = ("plan", "summary", "comparison", "grid")
"""Pages whose subtitle is an answer, not a description."""


def write(book: Book, page: AboutPage) -> None:
    """Purpose, colours, sheets, sources, glossary."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    sheet.width(0, 26)
    sheet.width(1, _FILE_WIDTH)
    sheet.width(2, 72)
    row = 4
    for text in page.purpose:
        sheet.text(row, 0, text, book.styles.of("plain"))
        row += 1
    row = _part(book, sheet, row + 1, page.colours.title)
    for colour in page.colours.rows:
        sheet.text(row, 0, "123", book.styles.of(f"key_{colour.style}"))
        sheet.text(row, 1, colour.text, book.styles.of("indent"))
        row += 1
    row = _part(book, sheet, row + 1, page.sheets.title)
    for other in book.pages:
        sheet.link(row, 0, other.title, other.title, book.styles.of("link"))
        if other.kind not in _ANSWERS:
            sheet.text(row, 1, other.subtitle, book.styles.of("soft"))
        row += 1
    row = _sources(book, sheet, row + 1, page)
    row = _part(book, sheet, row + 1, page.glossary.title)
    for term, meaning in page.glossary.rows:
        sheet.text(row, 0, term, book.styles.of("strong"))
        sheet.text(row, 1, meaning, book.styles.of("plain"))
        row += 1


def _part(book: Book, sheet: Sheet, row: int, title: str) -> int:
    sheet.text(row, 0, title, book.styles.of("part"))
    for column in (1, 2):
        sheet.blank(row, column, book.styles.of("part_fill"))
    return row + 1


def _sources(book: Book, sheet: Sheet, row: int, page: AboutPage) -> int:
    words = page.sources
    row = _part(book, sheet, row, words.title)
    for column, text in enumerate(words.headings):
        sheet.text(row, column, text, book.styles.of("column_left"))
    rows: list[tuple[str, str, str]] = []
    for subject in book.subjects:
        rows.append((words.scenario, subject.scenario.name, subject.scenario.sha256))
        rows += [(words.variation, ", ".join(subject.variation), "")] if subject.variation else []
        rows += [(words.extends, file.name, file.sha256) for file in subject.extends]
        rows += [(words.benchmark, file.name, file.sha256) for file in subject.benchmarks]
        rows += [(words.overrides, text, "") for text in subject.overrides]
        rows += [(words.notes, text, "") for text in subject.notes]
    rows = list(dict.fromkeys(rows))
    rows.append((words.version, f"{PRODUCT} {tco_xlsx.__version__}", ""))
    for cells in rows:
        row += 1
        for column, text in enumerate(cells):
            sheet.text(row, column, text, book.styles.of(("top_left", "wrap", "soft_wrap")[column]))
        sheet.fit_row(row, [(cells[1], _FILE_WIDTH)])
    return row + 1
