"""The page of inputs: the only cells that a person changes."""

from __future__ import annotations

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.compared_book import ComparedBook
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.pages import rates
from tco_xlsx.book.pages.input_words import allowed, columns_of, source_words, validation
from tco_xlsx.book.region import Region, by_section, section_of, stacked
from tco_xlsx.book.shape import FIRST_ROW, LABEL, VALUE, Shape
from tco_xlsx.book.template import TablePage
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import column_name, sheet_prefix
from tco_xlsx.language.lines import Choice, Constant, Given, Line
from tco_xlsx.language.sections import Model

_LABEL_WIDTH, _VALUE_WIDTH, _UNIT_WIDTH, _ALLOWED_WIDTH, _MARK_WIDTH, _SOURCE_WIDTH = 38, 15, 27, 24, 9, 70


def regions(page: TablePage, model: Model, shape: Shape) -> list[Region]:
    """The inputs and constants without an axis by section, a column for each scenario."""
    groups = by_section(model, lambda line: isinstance(line, (Given, Constant)) and line.axis is None)
    return stacked(groups, page.title, FIRST_ROW, shape.first, shown=-shape.chosen)


def write(book: Book, page: TablePage) -> None:
    """Every input with its unit, range, first value, mark and source; and the fixed figures between them."""
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    label, value, unit, allowed_, first, mark, source = page.headings
    layout, shape, columns = book.layout, book.shape, columns_of(book.shape)
    generated = [f"{first}: {name}" for name in book.labels] or [first]
    cells = {LABEL: (label, _LABEL_WIDTH), shape.unit_column: (unit, _UNIT_WIDTH)}
    cells |= {columns.allowed: (allowed_, _ALLOWED_WIDTH), columns.mark: (mark, _MARK_WIDTH)}
    cells |= {columns.source: (source, _SOURCE_WIDTH)}
    for start, texts in ((VALUE, book.value_headings(value)), (columns.first, generated)):
        cells |= {start + step: (text, _VALUE_WIDTH) for step, text in enumerate(texts)}
    ordered = [cells[column] for column in sorted(cells)]
    book.widths(sheet, [width for _, width in ordered])
    left = (LABEL, shape.unit_column, columns.allowed, columns.mark, columns.source)
    book.headings(sheet, [text for text, _ in ordered], left=left)
    for region in layout.on(page.title):
        sheet.text(region.top - 1, LABEL, section_of(region).title, book.styles.of("section"))
        for column in range(1, columns.last + 1):
            sheet.blank(region.top - 1, column, book.styles.of("section"))
        for line in region.lines:
            assert isinstance(line, Line)
            _row(book, sheet, line)
    _mark_edited(book, sheet)
    if isinstance(book, ComparedBook):
        rates.write(book, book.beside, sheet)


def marks(book: Book) -> list[tuple[str, int, int, int, int]]:
    """The cells that say "edited": sheet, first and last row, first and last column."""
    rows = [book.layout.cell(line).row for line in _single(book)]
    sheet = book.layout.cell(_single(book)[0]).sheet
    mark = columns_of(book.shape).mark
    return [(sheet, min(rows), max(rows), mark, mark)]


def _single(book: Book) -> list[Given]:
    """The inputs that stand here: those without an axis."""
    return [line for line in book.model.inputs if line.axis is None]


def generated_row(layout: Layout, shape: Shape, line: Given) -> str:
    """The cells of the values as generated, of all scenarios, such as Inputs!$G$7:$I$7."""
    home, first = layout.cell(line, 0, 0), columns_of(shape).first
    cells = [home._replace(column=first + step).text(True, True) for step in (0, shape.scenarios - 1)]
    return sheet_prefix(home.sheet) + ":".join(dict.fromkeys(cells))


def _row(book: Book, sheet: Sheet, line: Line) -> None:
    layout, shape, styles, columns = book.layout, book.shape, book.styles, columns_of(book.shape)
    row = layout.cell(line, 0, 0).row
    sheet.text(row, LABEL, line.label, styles.of("indent"))
    sheet.text(row, shape.unit_column, book.unit(line), styles.of("soft_top"))
    if isinstance(line, Constant):
        shown = styles.typed_format(line, line.value)
        first_cell = f"{column_name(shape.first)}{row + 1}"
        sheet.number(row, shape.first, line.value, styles.of("fixed", shown))
        for scenario in range(1, shape.scenarios):
            sheet.formula(row, shape.first + scenario, f"=${first_cell}", line.value, styles.of("fixed", shown))
        for scenario in range(shape.scenarios * shape.chosen):
            sheet.number(row, columns.first + scenario, line.value, styles.of("soft_number_top", shown))
        book.pick_shown(sheet, line, styles.of("fixed", shown))
        sheet.text(row, columns.source, line.source, styles.of("soft_wrap"))
        return
    assert isinstance(line, Given)
    sheet.text(row, columns.allowed, allowed(book, line), styles.of("soft_wrap"))
    for scenario in range(shape.scenarios):
        value = _value(book, line, scenario)
        column = shape.first + scenario
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
    source = source_words(book, line)
    sheet.text(row, columns.source, source, styles.of("soft_wrap"))
    sheet.fit_row(row, [(source, _SOURCE_WIDTH), (allowed(book, line), _ALLOWED_WIDTH)])


def _elsewhere(book: Book, line: Given, scenario: int) -> str | None:
    """The cell that a scenario's input is linked to: along a side of the grid, or that of another scenario."""
    along = book.side_value(line, scenario)
    if along is not None:
        return along
    held = book.holder(line, scenario)
    if held == scenario:
        return None
    return f"${column_name(book.shape.first + held)}{book.layout.cell(line, 0, 0).row + 1}"


def _mark(book: Book, line: Given, row: int) -> str:
    """Whether a value is another one than as generated, or was emptied."""

    def cells(first: int) -> str:
        last = first + book.shape.scenarios - 1
        return f"{column_name(first)}{row + 1}" + (f":{column_name(last)}{row + 1}" if last > first else "")

    return input_cell.edited(line, book.template.words, cells(book.shape.first), cells(columns_of(book.shape).first))


def _value(book: Book, line: Given, scenario: int) -> float | str | None:
    return book.values.code(line, scenario) if isinstance(line, Choice) else book.values.value(line, scenario)


def _mark_edited(book: Book, sheet: Sheet) -> None:
    rows = [book.layout.cell(line).row for line in _single(book)]
    top, bottom, shape, columns = min(rows), max(rows), book.shape, columns_of(book.shape)
    look = book.template.look
    amber = book.styles.changed({"bg_color": look.colour("edited_fill"), "bold": True})
    bad = book.styles.changed({"bg_color": look.colour("bad_fill"), "font_color": look.colour("bad_ink"), "bold": True})
    mark = f"${column_name(columns.mark)}{top + 1}"
    missing, edited = f'={mark}="{book.template.words.missing}"', f'={mark}<>""'
    places = [(columns.mark, columns.mark, missing, edited)]
    if shape.chosen:
        here, there = (f"{column_name(column)}{top + 1}" for column in (shape.first, columns.first))
        unlike = f'OR({here}<>{there},({here}="")<>({there}=""))'
        places.insert(0, (shape.first, shape.unit_column - 1, f"=AND({missing[1:]},ISBLANK({here}))", f"={unlike}"))
    else:
        places.insert(0, (shape.first, shape.first, missing, edited))
    for first, last, empty, changed in places:
        sheet.conditional(top, first, bottom, last, {"type": "formula", "criteria": empty, "format": bad})
        sheet.conditional(top, first, bottom, last, {"type": "formula", "criteria": changed, "format": amber})
