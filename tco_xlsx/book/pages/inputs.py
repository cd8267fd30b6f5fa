"""The page of inputs: the only cells that a person changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.layout import LABEL, Layout
from tco_xlsx.book.pages import rates
from tco_xlsx.book.template import TablePage
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import column_name, sheet_prefix
from tco_xlsx.language.lines import Choice, Constant, Given, InputNotes, Line, Pick

_LABEL_WIDTH, _VALUE_WIDTH, _UNIT_WIDTH, _ALLOWED_WIDTH, _MARK_WIDTH, _SOURCE_WIDTH = 38, 15, 27, 24, 9, 70
_MOST_SOURCES = 4


def write(book: Book, page: TablePage) -> None:
    """Every input with its unit, range, first value, mark and source; and the fixed figures between them."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    label, value, unit, allowed, first, mark, source = page.headings
    layout, columns = book.layout, _columns(book.layout)
    widths = [_LABEL_WIDTH, *[_VALUE_WIDTH] * (layout.unit_column - 1), _UNIT_WIDTH, _ALLOWED_WIDTH]
    if book.beside is None:
        texts = [label, value, unit, allowed, first, mark, source]
        book.widths(sheet, [*widths, _VALUE_WIDTH, _MARK_WIDTH, _SOURCE_WIDTH])
    else:
        labels = book.beside.compared.labels
        texts = [label, book.template.words.shown, *labels, unit, allowed, mark, source]
        texts += [f"{first}: {text}" for text in labels]
        book.widths(sheet, [*widths, _MARK_WIDTH, _SOURCE_WIDTH, *[_VALUE_WIDTH] * len(labels)])
    book.headings(sheet, texts, left=(0, layout.unit_column, columns.allowed, columns.mark, columns.source))
    for block in layout.inputs:
        sheet.text(block.row, LABEL, block.section.title, book.styles.of("section"))
        for column in range(1, max(columns.source + 1, columns.first + layout.scenarios)):
            sheet.blank(block.row, column, book.styles.of("section"))
        for line in block.lines:
            _row(book, sheet, line)
    _mark_edited(book, sheet)
    if book.beside is not None:
        rates.write(book, book.beside, sheet)


@dataclass(frozen=True)
class _Columns:
    """The columns right of the values; `first` begins those of the values as generated."""

    allowed: int
    first: int
    mark: int
    source: int


def _columns(layout: Layout) -> _Columns:
    unit = layout.unit_column
    if layout.several:
        return _Columns(allowed=unit + 1, first=unit + 4, mark=unit + 2, source=unit + 3)
    return _Columns(allowed=unit + 1, first=unit + 2, mark=unit + 3, source=unit + 4)


def marks(book: Book) -> list[tuple[str, int, int, int, int]]:
    """The cells that say "edited": sheet, first and last row, first and last column."""
    rows = [book.layout.cell(line, 0, 0).row for line in _single(book)]
    sheet = book.layout.cell(_single(book)[0], 0, 0).sheet
    mark = _columns(book.layout).mark
    return [(sheet, min(rows), max(rows), mark, mark)]


def _single(book: Book) -> list[Given]:
    """The inputs that stand here: those without an axis."""
    return [line for line in book.model.inputs if line.axis is None]


def generated_row(layout: Layout, line: Given) -> str:
    """The cells of the values as generated, of all scenarios, such as Inputs!$G$7:$I$7."""
    home, first = layout.cell(line, 0, 0), _columns(layout).first
    cells = [home._replace(column=first + step).text(True, True) for step in (0, layout.scenarios - 1)]
    return sheet_prefix(home.sheet) + ":".join(dict.fromkeys(cells))


def _row(book: Book, sheet: Sheet, line: Line) -> None:
    layout, styles, columns = book.layout, book.styles, _columns(book.layout)
    row = layout.cell(line, 0, 0).row
    sheet.text(row, LABEL, line.label, styles.of("indent"))
    sheet.text(row, layout.unit_column, book.unit(line), styles.of("soft_top"))
    if isinstance(line, Constant):
        shown = styles.typed_format(line, line.value)
        first_cell = f"{column_name(layout.first)}{row + 1}"
        sheet.number(row, layout.first, line.value, styles.of("fixed", shown))
        for scenario in range(1, layout.scenarios):
            sheet.formula(row, layout.first + scenario, f"=${first_cell}", line.value, styles.of("fixed", shown))
        for scenario in range(layout.scenarios if layout.several else 0):
            sheet.number(row, columns.first + scenario, line.value, styles.of("soft_number_top", shown))
        book.pick_shown(sheet, line, styles.of("fixed", shown))
        sheet.text(row, columns.source, line.source, styles.of("soft_wrap"))
        return
    assert isinstance(line, Given)
    sheet.text(row, columns.allowed, _allowed(book, line), styles.of("soft_wrap"))
    for scenario in range(layout.scenarios):
        value = _value(book, line, scenario)
        column = layout.first + scenario
        there = _elsewhere(book, line, scenario)
        if there is None:
            input_cell.write(sheet, styles, (row, column), line, value, "input")
            sheet.validate(row, column, validation(book, line, f"{column_name(column)}{row + 1}", scenario))
        else:
            shown = styles.typed_format(line, value if isinstance(value, float) else None)
            cached = "" if value is None else value
            sheet.formula(row, column, input_cell.linked(line, there), cached, styles.of("linked", shown))
        input_cell.write(sheet, styles, (row, columns.first + scenario), line, value, "soft_number_top")
    number = book.values.value(line, book.shown)
    book.pick_shown(sheet, line, styles.of("number_top", styles.typed_format(line, number)))
    sheet.formula(row, columns.mark, _mark(book, line, row), "", styles.of("top"))
    source = _source(book, line)
    sheet.text(row, columns.source, source, styles.of("soft_wrap"))
    sheet.fit_row(row, [(source, _SOURCE_WIDTH), (_allowed(book, line), _ALLOWED_WIDTH)])


def _holder(book: Book, line: Given, scenario: int) -> int:
    """The scenario whose cell holds an input: its own, or the one from which it is inherited."""
    return scenario if book.beside is None else book.beside.compared.links[scenario].get(line.name, scenario)


def _elsewhere(book: Book, line: Given, scenario: int) -> str | None:
    """The cell that a scenario's input is linked to: along a side of the grid, or that of another scenario."""
    if book.beside is not None and book.beside.grid is not None:
        along = book.beside.grid.value_of(line, scenario)
        if along is not None:
            return along
    holder = _holder(book, line, scenario)
    if holder == scenario:
        return None
    return f"${column_name(book.layout.first + holder)}{book.layout.cell(line, 0, 0).row + 1}"


def _mark(book: Book, line: Given, row: int) -> str:
    """Whether a value is another one than as generated, or was emptied."""

    def cells(first: int) -> str:
        last = first + book.layout.scenarios - 1
        return f"{column_name(first)}{row + 1}" + (f":{column_name(last)}{row + 1}" if last > first else "")

    return input_cell.edited(line, book.template.words, cells(book.layout.first), cells(_columns(book.layout).first))


def _value(book: Book, line: Given, scenario: int) -> float | str | None:
    return book.values.code(line, scenario) if isinstance(line, Choice) else book.values.value(line, scenario)


def _allowed(book: Book, line: Given) -> str:
    page = book.layout.choices(line)[0] if isinstance(line, Pick) else ""
    return input_cell.allowed(line, book.template.words, page)


def _source(book: Book, line: Given) -> str:
    """Where the values are from: once where all scenarios say the same, else what each says of its own value."""
    told = [
        _told(line, subject.inputs.get(line.name))
        for scenario, subject in enumerate(book.subjects)
        if _holder(book, line, scenario) == scenario
    ]
    if len(set(told)) == 1:
        parts = [told[0]]
    else:
        assert book.beside is not None
        numbers = [number for number in range(len(book.subjects)) if _holder(book, line, number) == number]
        each = [
            f"{book.beside.compared.labels[number]}: {text}" for number, text in zip(numbers, told, strict=True) if text
        ]
        parts = each[:_MOST_SOURCES] + (["..."] if len(each) > _MOST_SOURCES else [])
    if isinstance(line, Choice):
        parts.append("; ".join(f"{code}: {meaning}" for code, meaning in line.options.items()))
    parts.append(line.note)
    return ". ".join(part.rstrip(".") for part in parts if part)


def _told(line: Given, note: InputNotes | None) -> str:
    return line.source if note is None else note.words()


def validation(book: Book, line: Given, here: str, scenario: int) -> dict[str, Any]:
    """The rule of an input's cell, with its messages; `here` is its address."""
    codes = ""
    if isinstance(line, Pick):
        sheet, row, column = book.layout.choices(line, scenario)
        last = row + len(book.values.cases[scenario].codes(line)) - 1
        codes = f"{sheet_prefix(sheet)}${column_name(column)}${row + 1}:${column_name(column)}${last + 1}"
    return input_cell.validation(line, book.template.words, here, _allowed(book, line), codes)


def _mark_edited(book: Book, sheet: Sheet) -> None:
    rows = [book.layout.cell(line, 0, 0).row for line in _single(book)]
    top, bottom, layout, columns = min(rows), max(rows), book.layout, _columns(book.layout)
    look = book.template.look
    amber = book.styles.changed({"bg_color": look.colour("edited_fill"), "bold": True})
    bad = book.styles.changed({"bg_color": look.colour("bad_fill"), "font_color": look.colour("bad_ink"), "bold": True})
    mark = f"${column_name(columns.mark)}{top + 1}"
    missing, edited = f'={mark}="{book.template.words.missing}"', f'={mark}<>""'
    places = [(columns.mark, columns.mark, missing, edited)]
    if layout.several:
        here, there = (f"{column_name(column)}{top + 1}" for column in (layout.first, columns.first))
        unlike = f'OR({here}<>{there},({here}="")<>({there}=""))'
        places.insert(0, (layout.first, layout.unit_column - 1, f"=AND({missing[1:]},ISBLANK({here}))", f"={unlike}"))
    else:
        places.insert(0, (layout.first, layout.first, missing, edited))
    for first, last, empty, changed in places:
        sheet.conditional(top, first, bottom, last, {"type": "formula", "criteria": empty, "format": bad})
        sheet.conditional(top, first, bottom, last, {"type": "formula", "criteria": changed, "format": amber})
