"""The gap between two scenarios by its causes, with a waterfall."""

from __future__ import annotations

from tco_xlsx.book.charts import Anchor
from tco_xlsx.book.compared_book import ComparedBook, ComparisonBook
from tco_xlsx.book.pages import choosers
from tco_xlsx.book.pages.compared_charts import waterfall
from tco_xlsx.book.pages.compared_pages import GapPage
from tco_xlsx.book.pages.figure import figure_words, label_word
from tco_xlsx.book.pages.rows import is_large_difference, line_cell
from tco_xlsx.book.region import Region
from tco_xlsx.book.shape import HEADING_ROW, LABEL, VALUE
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.lines import Choice, Derived, Line
from tco_xlsx.language.live_text import Live, Writer, fixed
from tco_xlsx.language.sections import Model
from tco_xlsx.language.words import words_of
from tco_xlsx.model.comparison import Choices, Gap

GAP_FROM, GAP_TO = (HEADING_ROW, 1), (HEADING_ROW + 1, 1)
GAP_HEADINGS = HEADING_ROW + 5
GAP_FIRST = GAP_HEADINGS + 2
"""The row of the first cause; above it stands the scenario that the gap starts from."""
_CHART_ROWS = 22
GAP_COLUMNS: tuple[Line, ...] = (
    Gap.cause, Gap.part, Gap.share, Gap.figure_before, Gap.after, Gap.foot, Gap.rise, Gap.fall,
    Gap.forward, Gap.reverse,
    Gap.forward_before, Gap.forward_from, Gap.forward_after, Gap.forward_to,
    Gap.reverse_before, Gap.reverse_from, Gap.reverse_after, Gap.reverse_to,
)  # fmt: skip
"""The lines of the table of causes, from left to right."""
_WIDTHS = (52, 40, *[14] * 16)
_COLUMNS = GAP_COLUMNS[1:]
_FOOT, _RISE, _FALL, _AFTER = 5, 6, 7, 4
_WHOLE = 1 + len(_COLUMNS)
"""The bars at both ends: a column of their own, for the chart."""
_PRINTED = 7


def regions(page: GapPage, model: Model, causes: int) -> list[Region]:
    """The two scenarios, the table of so many causes, the checks, and the lines without an axis behind them."""
    chart_row = GAP_FIRST + causes + 2
    first_check = chart_row + _CHART_ROWS + 3
    last_check = first_check + len(model.checks)
    assert model.failing is not None
    return [
        Region(page.title, *GAP_FROM, (Choices.gap_from,)),
        Region(page.title, *GAP_TO, (Choices.gap_to,)),
        Region(page.title, GAP_FIRST, 0, GAP_COLUMNS, "across"),
        *(Region(page.title, row, 1, check.lines, "across") for row, check in enumerate(model.checks, first_check)),
        Region(page.title, last_check, 5, (model.failing,)),
        Region(page.title, last_check + 4, VALUE, tuple(_singles(model))),
    ]


def _singles(model: Model) -> list[Line]:
    """The lines without an axis that are no choices and of no check."""
    checks = {id(line) for check in model.checks for line in check.lines} | {id(model.failing)}
    return [
        line for line in model.lines if line.axis is None and not isinstance(line, Choice) and id(line) not in checks
    ]


def _total_row(beside: ComparisonBook) -> int:
    """The row of the scenario that the gap leads to."""
    return GAP_FIRST + beside.layout.length(Gap.cause.axis)


def write(book: ComparedBook, page: GapPage) -> None:
    """The two scenarios, the table of causes, the chart, the checks and the lines behind them."""
    beside = book.beside
    sheet = book.sheet(page.title, page.tab)
    book.heading(sheet, page.subtitle)
    for column, width in enumerate(_WIDTHS):
        sheet.width(column, width)
    for (row, column), text, choice in ((GAP_FROM, page.start, Choices.gap_from), (GAP_TO, page.end, Choices.gap_to)):
        sheet.text(row, column - 1, text, book.styles.of("strong"))
        choosers.scenario(book, beside, sheet, choice)
    _sentence(book, beside, sheet, page)
    _table(book, beside, sheet, page)
    _chart(book, beside, sheet, page)
    _checks(book, beside, sheet, page)
    _workings(book, beside, sheet, page)
    sheet.print_area(0, 0, beside.layout.on(page.title)[-1].bottom - 1, _PRINTED)
    sheet.freeze(GAP_FROM[0], 0)


def _sentence(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: GapPage) -> None:
    words = figure_words(book, beside, sheet, Gap.gap) | {
        "from": label_word(beside, sheet, Choices.gap_from),
        "to": label_word(beside, sheet, Choices.gap_to),
    }
    words["gap"] = words.pop("figure")
    share = _share(beside, sheet)
    writer = Writer({}, lambda line: "", beside.compared.values, 0, words | {"percent": share})
    there, none = writer.write(page.sentence), writer.write(page.no_gap)
    test = beside.layout.address(Gap.is_gap, sheet.name)
    cached = there.cached if beside.compared.values.value(Gap.is_gap) else none.cached
    formula = f"=IF({test}=1,{there.excel},{none.excel})"
    sheet.formula(GAP_TO[0] + 1, LABEL, formula, cached, book.styles.of("strong"))


def _share(beside: ComparisonBook, sheet: Sheet) -> Live:
    """The gap in percent of the figure that it starts from."""
    both = (Gap.gap, Gap.from_figure)
    gap, start = (beside.layout.address(line, sheet.name) for line in both)
    numbers = [beside.compared.values.value(line) for line in both]
    cached = ""
    if numbers[0] is not None and numbers[1]:
        cached = "+" * (numbers[0] > 0) + fixed(numbers[0] / numbers[1] * 100, 1) + "%"
    text = f'IF({gap}>0,"+","")&FIXED({gap}/{start}*100,1)&"%"'
    return Live(f'IF({start}=0,"",{text})', cached)


def _part(book: ComparedBook, sheet: Sheet, row: int, title: str) -> None:
    sheet.text(row, LABEL, title, book.styles.of("part"))
    for column in range(1, _PRINTED + 1):
        sheet.blank(row, column, book.styles.of("part_fill"))


def _table(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: GapPage) -> None:
    layout, styles, values = beside.layout, book.styles, beside.compared.values
    _part(book, sheet, GAP_HEADINGS - 1, page.table)
    headings = [
        *page.headings,
        *(line.label for line in _COLUMNS[len(page.headings) - 1 :]),
        page.whole,
    ]
    for column, text in enumerate(headings):
        sheet.text(GAP_HEADINGS, column, text, styles.of("column" if column else "column_left"))
    ends = (
        (GAP_FIRST - 1, Choices.gap_from, Gap.from_figure),
        (_total_row(beside), Choices.gap_to, Gap.to_figure),
    )
    for row, choice, figure in ends:
        word = label_word(beside, sheet, choice)
        sheet.formula(row, LABEL, f"={word.excel}", word.cached, styles.of("total_left"))
        style = styles.of("total", styles.format_of(figure))
        sheet.formula(row, _AFTER, f"={layout.address(figure, sheet.name)}", values.value(figure), style)
        sheet.formula(row, _WHOLE, f"={layout.address(figure, sheet.name)}", values.value(figure), style)
        for column in (1, 2, 3, _FOOT, _RISE, _FALL):
            if row != _total_row(beside) or column > 2:
                sheet.blank(row, column, styles.of("total"))
    line_at = _total_row(beside)
    for column, whole in ((1, Gap.gap), (2, Gap.share_total)):
        style = styles.of("total", styles.signed_format(whole))
        sheet.formula(line_at, column, f"={layout.address(whole, sheet.name)}", values.value(whole), style)
    for index in range(layout.length(Gap.cause.axis)):
        for line in GAP_COLUMNS:
            line_cell(book, beside, sheet, line, "data", index)
    for column, line in enumerate(_COLUMNS, start=1):
        if is_large_difference(line):
            book.cut_large(sheet, GAP_FIRST, column, _total_row(beside), column)


def _chart(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: GapPage) -> None:
    row = _total_row(beside) + 2
    _part(book, sheet, row, page.chart.title)
    first, last = GAP_FIRST - 1, _total_row(beside)
    anchor = Anchor(row + 1, 0, 0, _PRINTED, _CHART_ROWS - 2, _WIDTHS)
    cells = {
        name: (sheet.name, first, column, last, column)
        for name, column in (("label", LABEL), ("foot", _FOOT), ("rise", _RISE), ("fall", _FALL), ("whole", _WHOLE))
    }
    waterfall(book, sheet, page.chart, anchor, cells)


def _checks(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: GapPage) -> None:
    layout, styles = beside.layout, book.styles
    row = layout.cell(beside.compared.model.checks[0].left).row - 2
    _part(book, sheet, row, page.checks)
    for column, text in enumerate(page.check_headings):
        sheet.text(row + 1, column, text, styles.of("column" if column else "column_left"))
    for check in beside.compared.model.checks:
        at = layout.cell(check.left, 0, 0).row
        sheet.text(at, LABEL, check.label, styles.of("plain"))
        for line in (check.left, check.right, check.difference, check.holds):
            line_cell(book, beside, sheet, line, "number")
        tolerance = layout.cell(check.tolerance, 0, 0)
        sheet.number(tolerance.row, tolerance.column, check.tolerance.value, styles.of("soft_number", "0E+0"))
    failing = beside.compared.model.failing
    assert failing is not None
    sheet.text(layout.cell(failing, 0, 0).row, LABEL, book.template.words.failing, styles.of("plain"))
    line_cell(book, beside, sheet, failing, "number")


def _workings(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: GapPage) -> None:
    layout, styles = beside.layout, book.styles
    singles = layout.on(page.title)[-1]
    row = singles.top - 2
    _part(book, sheet, row, page.workings)
    for column, text in enumerate(page.workings_headings):
        sheet.text(row + 1, column, text, styles.of("column" if column == VALUE else "column_left"))
    for line in singles.lines:
        assert isinstance(line, Line)
        at = layout.cell(line, 0, 0).row
        sheet.text(at, LABEL, line.label, styles.of("plain"))
        if isinstance(line, Derived):
            line_cell(book, beside, sheet, line, "number")
            sheet.text(at, VALUE + 1, words_of(line), styles.of("soft"))
        else:
            sheet.number(at, VALUE, getattr(line, "value", 0), styles.of("number", "General"))
            sheet.text(at, VALUE + 1, line.source, styles.of("soft"))
