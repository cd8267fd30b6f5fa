"""The first page of a comparison: the scenarios in order, and charts of them."""

from __future__ import annotations

from tco_xlsx.book.charts import Anchor, Cells
from tco_xlsx.book.compared_book import ComparedBook, ComparisonBook
from tco_xlsx.book.pages import choosers
from tco_xlsx.book.pages.compared_charts import bars, curves
from tco_xlsx.book.pages.compared_pages import FrontPage
from tco_xlsx.book.pages.figure import figure_words
from tco_xlsx.book.pages.rows import is_large_difference
from tco_xlsx.book.region import Region
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import ABSENT, Cell, sheet_prefix
from tco_xlsx.language.lines import Line
from tco_xlsx.language.live_text import Live, Writer, literal
from tco_xlsx.model import roles
from tco_xlsx.model.comparison import Choices, Drawn, Ranked, RankedResults, Scenarios, Shown

_WIDTHS = (1.5, 4, 46, 16, 11, 12, 18, 18, 17, 12)
_FIRST, _END = 1, 10
_TABLE_ROW = 6
_MEASURE, _BASE = (3, 2), (4, 2)
MOST_ROWS = 12
"""The table and the bars show so many; Ranking has them all."""
_ROWS_OF_CHART = 16
_MIDDLE = 5


def regions(page: FrontPage) -> list[Region]:
    """The two choices."""
    chosen = ((_MEASURE, Choices.measure), (_BASE, Choices.base))
    return [Region(page.title, *at, (line,)) for at, line in chosen]


def write(book: ComparedBook, page: FrontPage) -> None:
    """The answer in a sentence, the two choices, the table, four charts."""
    beside = book.beside
    sheet = book.sheet(page.title, page.tab)
    for column, width in enumerate(_WIDTHS):
        sheet.width(column, width)
    sheet.fit_to_pages(1, 1)
    _top(book, beside, sheet, page)
    rows = min(MOST_ROWS, len(beside.compared.labels))
    _table(book, beside, sheet, page, rows)
    last = _charts(book, beside, sheet, page, rows)
    sheet.print_area(0, 0, last, _END - 1)
    book.open_at(sheet)


def _top(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: FrontPage) -> None:
    layout, styles, values = beside.layout, book.styles, beside.compared.values
    best = RankedResults.figure
    words = figure_words(book, beside, sheet, best) | {
        "best": _label_at(book, beside, 0),
        "count": literal(f"{len(beside.compared.labels):,}"),
        "currency": literal(beside.compared.currency),
    }
    writer = Writer({}, lambda line: "", values, 0, words)
    told, none = writer.write(page.headline), writer.write(page.no_figure)
    cell = layout.address(best, sheet.name)
    cached = told.cached if values.value(best, 0, 0) is not None else none.cached
    sheet.height(0, 26)
    sheet.formula(0, _FIRST, f"=IF(ISNUMBER({cell}),{told.excel},{none.excel})", cached, styles.of("title"))
    subtitle = writer.write(page.subtitle)
    sheet.formula(1, _FIRST, f"={subtitle.excel}", subtitle.cached, styles.of("subtitle"))
    book.verdict(sheet, 1, _END - 1, "verdict_right")
    book.warned(sheet, 2, _END - 1, "verdict_right")
    for (row, column), text in ((_MEASURE, page.measure), (_BASE, page.base)):
        sheet.text(row, column + 1, text, styles.of("soft_indent"))
    choosers.code(book, beside, sheet, Choices.measure)
    choosers.scenario(book, beside, sheet, Choices.base)


def _label_at(book: ComparedBook, beside: ComparisonBook, place: int) -> Live:
    """The scenario in a place, from 0, as the page Ranking tells it."""
    number = int(beside.compared.values.value(Ranked.at, 0, place) or 1) - 1
    cell = beside.layout.word_cell("ranked_label", place)
    return Live(sheet_prefix(cell.sheet) + cell.text(), beside.compared.labels[number])


def _table(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: FrontPage, rows: int) -> None:
    layout, styles, values = beside.layout, book.styles, beside.compared.values
    sheet.text(_TABLE_ROW, _FIRST, page.table, styles.of("part"))
    for column in range(_FIRST + 1, _END):
        sheet.blank(_TABLE_ROW, column, styles.of("part_fill"))
    headings = [page.place, page.scenario, *(column.heading for column in page.columns)]
    sheet.height(_TABLE_ROW + 1, 30)
    for column, text in enumerate(headings, start=_FIRST):
        text = text.replace("{currency}", beside.compared.currency)
        sheet.text(_TABLE_ROW + 1, column, text, styles.of("column_wrap" if column > _FIRST + 1 else "column_left"))
    for place in range(rows):
        row = _TABLE_ROW + 2 + place
        label = _label_at(book, beside, place)
        strong = "strong" if place == 0 else "plain"
        sheet.number(row, _FIRST, place + 1, styles.of(f"{strong}_left", "0"))
        sheet.formula(row, _FIRST + 1, f"={label.excel}", label.cached, styles.of(strong))
        for column, told in enumerate(page.columns, start=_FIRST + 2):
            line = beside.compared.model.by_name[told.line]
            style = styles.of("strong_number" if place == 0 else "number", told.format or styles.format_of(line))
            formula = f"={layout.address(line, sheet.name, place)}"
            sheet.formula(row, column, formula, values.value(line, 0, place), style)
    for column, told in enumerate(page.columns, start=_FIRST + 2):
        if not told.format:
            line, top = beside.compared.model.by_name[told.line], _TABLE_ROW + 2
            book.whole_too(sheet, line, top, column, (top + rows - 1, column))
        if is_large_difference(beside.compared.model.by_name[told.line]):
            book.cut_large(sheet, _TABLE_ROW + 2, column, _TABLE_ROW + 1 + rows, column)
    if len(beside.compared.labels) > rows:
        text = page.more.format(count=f"{len(beside.compared.labels) - rows:,}")
        sheet.text(_TABLE_ROW + 2 + rows, _FIRST + 1, text, styles.of("soft"))


def _charts(book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: FrontPage, rows: int) -> int:
    """Two charts beside each other, twice. Returns the last row."""
    top = _TABLE_ROW + 4 + rows
    height = max(_ROWS_OF_CHART, rows + 6)

    def cells(line: Line) -> Cells:
        where, first, column, _, _ = beside.layout.range(line)
        return where, first, column, first + rows - 1, column

    label = beside.layout.word_cell("ranked_label")
    labels: Cells = (label.sheet, label.row, label.column, label.row + rows - 1, label.column)
    currency = beside.compared.currency
    left, right = (_FIRST, _MIDDLE - 1), (_MIDDLE, _END - 1)
    for row, (first, end), words in (
        (top, left, page.components),
        (top, right, page.unit_cost),
        (top + height + 1, left, page.curves),
        (top + height + 1, right, page.servers),
    ):
        sheet.text(row, first, words.title.replace("{currency}", currency), book.styles.of("part"))
        for column in range(first + 1, end + 1):
            sheet.blank(row, column, book.styles.of("part_fill"))

    def anchor(row: int, ends: tuple[int, int]) -> Anchor:
        return Anchor(row + 1, ends[0], *ends, height - 2, _WIDTHS)

    thousands = '[>=1000000]0.0,,"M";[>=1000]0,"k";0'
    components = [
        (ranked.label, cells(ranked), row.colour)
        for row, ranked in ((row, RankedResults.component[row.name]) for row in roles.cost_rows)
    ]
    bars(book, sheet, page.components, anchor(top, left), labels, components, stacked=True, shown=thousands)
    costs = [
        (line.label, cells(line), colour)
        for line, colour in ((RankedResults.per_1m, "accent"), (RankedResults.demand_per_1m, "accent_soft"))
    ]
    shown = f'[>=100]#,##0;[>0]0.0000;"{ABSENT}"'
    bars(book, sheet, page.unit_cost, anchor(top, right), labels, costs, stacked=False, shown=shown)
    low = top + height + 1
    servers = [(RankedResults.servers.label, cells(RankedResults.servers), "accent")]
    bars(book, sheet, page.servers, anchor(low, right), labels, servers, stacked=False, shown="#,##0.##")
    _curves(book, beside, sheet, page, anchor(low + 1, left), (low + 1, _FIRST))
    return low + height + 2


def _curves(
    book: ComparedBook, beside: ComparisonBook, sheet: Sheet, page: FrontPage, anchor: Anchor, axis: tuple[int, int]
) -> None:
    """The points of all configurations. All must be of one latency, or the page says that they are not."""
    layout, curve = beside.layout, roles.curve_latency
    words = book.template.page("summary").charts.curve.x_axis
    texts = {code: words[code].partition("{")[0].rstrip() + words[code].partition("}")[2] for code in curve.codes}
    row = book.layout.row_of(curve)
    codes = [book.values.code(curve, scenario) for scenario in range(book.shape.scenarios)]
    first = Cell(book.layout.cell(curve, 0, 0).sheet, book.layout.cell(curve, 0, 0).row, book.shape.first)
    here = sheet_prefix(first.sheet) + first.text(True, True)
    told = "".join(f'IF({here}="{code}","{texts[code]}",' for code in curve.codes) + '""' + ")" * len(curve.codes)
    alike = f"SUMPRODUCT(({row}<>{here})*1)=0"
    differ = page.curves_differ.replace('"', '""')
    cached = texts[codes[0]] if len(set(codes)) == 1 else page.curves_differ
    sheet.formula(*axis, f'=IF({alike},{told},"{differ}")', cached, book.styles.of("soft"))
    points = layout.length(Shown.shown_x.axis)

    def cells(line: Line, start: int, count: int) -> Cells:
        where, top, column, _, _ = layout.range(line)
        return where, top + start, column, top + start + count - 1, column

    series = [
        (
            layout.cell(Scenarios.label, 0, scenario),
            cells(Drawn.drawn_x, number * points, points),
            cells(Drawn.drawn_rate, number * points, points),
        )
        for number, scenario in enumerate(beside.compared.drawn)
    ]
    every = len(beside.compared.drawn) * points
    frontier = page.frontier, cells(Drawn.drawn_along, 0, every), cells(Drawn.drawn_frontier, 0, every)
    curves(book, sheet, page.curves.alt, anchor, axis, series, frontier)
