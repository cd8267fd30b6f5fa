"""The page of inputs: the only cells that a person changes."""

from __future__ import annotations

from typing import Any

from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import LABEL, VALUE
from tco_xlsx.book.sheet import Sheet
from tco_xlsx.book.template import TablePage
from tco_xlsx.formula import column_name, sheet_prefix
from tco_xlsx.lines import Choice, Constant, Given, Line, Pick, Told

_WIDTHS = (38, 15, 27, 24, 15, 9, 70)
_LONGEST_PROMPT = 255
_LONGEST_PROMPT_TITLE = 32


def write(book: Book, page: TablePage) -> None:
    """Every input with its unit, range, first value, mark and source; and the fixed figures between them."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    book.headings(sheet, page.headings, left=(0, 2, 3, 5, 6))
    for column, width in enumerate(_WIDTHS):
        sheet.worksheet.set_column(column, column, width)
    for block in book.layout.inputs:
        sheet.text(block.row, LABEL, block.section.title, book.styles.of("section"))
        for column in range(1, len(_WIDTHS)):
            sheet.blank(block.row, column, book.styles.of("section"))
        for line in block.lines:
            _row(book, sheet, line)
    _mark_edited(book, sheet)


def mark_range(book: Book) -> str:
    """The cells that say "edited", as a formula on another sheet names them."""
    rows = [book.layout.cell(line, 0, 0).row for line in book.model.inputs]
    column = column_name(_mark_column(book))
    title = book.layout.cell(book.model.inputs[0], 0, 0).sheet
    return f"'{title}'!${column}${min(rows) + 1}:${column}${max(rows) + 1}"


def _mark_column(book: Book) -> int:
    return book.layout.unit_column + 3


def _row(book: Book, sheet: Sheet, line: Line) -> None:
    layout, styles, words = book.layout, book.styles, book.template.words
    row = layout.cell(line, 0, 0).row
    unit, allowed, first, mark, source = (layout.unit_column + step for step in range(5))
    note = book.subject.inputs.get(line.name, Told())
    sheet.text(row, LABEL, line.label, styles.of("indent"))
    sheet.text(row, unit, book.unit(line), styles.of("soft_top"))
    if isinstance(line, Constant):
        sheet.number(row, VALUE, line.value, styles.of("fixed", styles.typed_format(line, line.value)))
        sheet.text(row, source, line.source, styles.of("soft_wrap"))
        return
    assert isinstance(line, Given)
    value = _value(book, line)
    _write_value(book, sheet, row, VALUE, line, value, "input")
    sheet.text(row, allowed, _allowed(book, line), styles.of("soft_wrap"))
    _write_value(book, sheet, row, first, line, value, "soft_number_top")
    here, there = f"{column_name(VALUE)}{row + 1}", f"{column_name(first)}{row + 1}"
    if line.optional:
        # An empty cell equals 0 in Excel, so emptiness is compared as well.
        told = f'IF(AND({here}={there},ISBLANK({here})=ISBLANK({there})),"","{words.edited}")'
    else:
        told = f'IF(ISBLANK({here}),"{words.missing}",IF({here}={there},"","{words.edited}"))'
    sheet.formula(row, mark, f"={told}", "", styles.of("top"))
    sheet.text(row, source, _source(book, line, note), styles.of("soft_wrap"))
    sheet.fit_row(row, [(_source(book, line, note), _WIDTHS[6]), (_allowed(book, line), _WIDTHS[3])])
    sheet.validate(row, VALUE, _validation(book, line, here))


def _value(book: Book, line: Given) -> float | str | None:
    return book.values.code(line) if isinstance(line, Choice) else book.values.value(line)


def _write_value(
    book: Book, sheet: Sheet, row: int, column: int, line: Given, value: float | str | None, kind: str
) -> None:
    style = book.styles.of(kind, book.styles.typed_format(line, value if isinstance(value, float) else None))
    if value is None:
        sheet.blank(row, column, style)
    elif isinstance(value, str):
        sheet.text(row, column, value, style)
    else:
        sheet.number(row, column, value, style)


def _allowed(book: Book, line: Given) -> str:
    words = book.template.words
    if isinstance(line, Pick):
        return words.pick.format(sheet=book.layout.choices(line)[0])
    if isinstance(line, Choice):
        return ", ".join(line.codes)
    parts = [line.range_words() or words.any_number]
    if line.integer:
        parts.append(words.whole_number)
    if line.optional:
        parts.append(words.may_be_empty)
    return ", ".join(parts).replace(f", {words.may_be_empty}", f" {words.may_be_empty}")


def _source(book: Book, line: Given, note: Told) -> str:
    parts = [note.source or ("" if line.name in book.subject.inputs else line.source), note.note]
    if note.low is not None or note.high is not None:
        low = "" if note.low is None else f"{note.low:,.15g}"
        high = "" if note.high is None else f"{note.high:,.15g}"
        parts.append(f"may lie in {low} to {high}")
    if isinstance(line, Choice):
        parts.append("; ".join(f"{code}: {meaning}" for code, meaning in line.options.items()))
    parts.append(line.note)
    return ". ".join(part.rstrip(".") for part in parts if part)


def _validation(book: Book, line: Given, here: str) -> dict[str, Any]:
    words = book.template.words
    title = line.label[:_LONGEST_PROMPT_TITLE]
    if isinstance(line, Pick):
        prompt = f"{words.choose}: {_allowed(book, line)}. {line.note}".strip()
        sheet, row, column = book.layout.choices(line)
        last = row + len(book.values.cases[0].codes(line)) - 1
        place = f"${column_name(column)}${row + 1}:${column_name(column)}${last + 1}"
        rule: dict[str, Any] = {"validate": "list", "source": f"={sheet_prefix(sheet)}{place}"}
    elif isinstance(line, Choice):
        prompt = f"{words.choose}: {', '.join(line.codes)}."
        rule = {"validate": "list", "source": list(line.codes)}
    else:
        prompt = f"{words.allowed}: {_allowed(book, line)}. {line.note}".strip()
        tests = [f"ISNUMBER({here})"]
        tests += [f"{here}=INT({here})"] if line.integer else []
        tests += [f"{here}>{line.above:.15g}"] if line.above is not None else []
        tests += [f"{here}>={line.at_least:.15g}"] if line.at_least is not None else []
        tests += [f"{here}<={line.at_most:.15g}"] if line.at_most is not None else []
        rule = {"validate": "custom", "value": f"=AND({','.join(tests)})", "ignore_blank": line.optional}
    return rule | {
        "input_title": title,
        "input_message": prompt[:_LONGEST_PROMPT],
        "error_title": title,
        "error_message": f"{words.refused} {prompt}"[:_LONGEST_PROMPT],
        "error_type": "stop",
    }


def _mark_edited(book: Book, sheet: Sheet) -> None:
    rows = [book.layout.cell(line, 0, 0).row for line in book.model.inputs]
    look = book.template.look
    amber = book.styles.changed({"bg_color": look.colour("edited_fill"), "bold": True})
    column = column_name(_mark_column(book))
    test = f'=${column}{min(rows) + 1}<>""'
    bad = book.styles.changed({"bg_color": look.colour("bad_fill"), "font_color": look.colour("bad_ink"), "bold": True})
    missing = f'=${column}{min(rows) + 1}="{book.template.words.missing}"'
    for target in (VALUE, _mark_column(book)):
        sheet.conditional(min(rows), target, max(rows), target, {"type": "formula", "criteria": missing, "format": bad})
        sheet.conditional(min(rows), target, max(rows), target, {"type": "formula", "criteria": test, "format": amber})
