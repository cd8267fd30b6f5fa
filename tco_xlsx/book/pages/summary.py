"""The first page: what it costs, how the size follows from the load, and three charts."""

from __future__ import annotations

from dataclasses import replace

from tco_xlsx.book.book import Book
from tco_xlsx.book.charts import Anchor, bar_chart, curve_chart
from tco_xlsx.book.compared_book import ComparedBook
from tco_xlsx.book.no_point import why_no_point
from tco_xlsx.book.pages import choosers, inputs, tables, years
from tco_xlsx.book.region import Region
from tco_xlsx.book.shape import LABEL, VALUE
from tco_xlsx.book.template import CostRow, SummaryPage
from tco_xlsx.book.xlsx.sheet import LONGEST_TEXT, Sheet
from tco_xlsx.language.checks import InputWarning
from tco_xlsx.language.excel import ABSENT, Cell, column_name, sheet_prefix
from tco_xlsx.language.lines import Given
from tco_xlsx.language.live_text import Live, Writer, quoted, with_count
from tco_xlsx.language.sections import Model
from tco_xlsx.language.words import in_sentence
from tco_xlsx.model import roles
from tco_xlsx.model.comparison import Choices

# A margin, then twice 62 characters with a gap between: a card takes the half of each.
_WIDTHS = (1.5, 31, 12, 8, 11, 2, 31, 11, 10, 10)
_BESIDE = "\u00a0" * 14
"""Moves the label of the marked point off the curve, to the right: no position of a label is below and right."""
_LEFT, _RIGHT, _END = 1, 6, 10
_CARDS = ((1, 2), (2, 5), (6, 7), (7, 10))
_MORE = max(0, len(roles.cost_rows) - 3)
"""Rows of the table of cost beyond three: what stands below moves down, and the bars get room for as many more."""
_CARD_ROW, _TABLE_ROW, _CHART_ROW, _BARS_ROW, _LAST_ROW = 5, 9, 17 + _MORE, 24 + _MORE, 33 + 2 * _MORE
_WARNING_ROW = 3
_SHOWN = (4, 6)
"""The choice of the scenario that is shown, where there are several."""
_IN_A_ROW = 2
"""So many warnings the page is wide enough for."""


def regions(page: SummaryPage, model: Model) -> list[Region]:
    """The choice of the scenario that is shown."""
    return [Region(page.title, *_SHOWN, (model.by_name[Choices.shown.name],))]


def write(book: Book, page: SummaryPage) -> None:
    """The whole page, one printed sheet in landscape."""
    sheet = book.sheet(page.title, page.tab)
    for column, width in enumerate(_WIDTHS):
        sheet.width(column, width)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, _LAST_ROW, _END - 1)
    _top(book, page, sheet)
    for (first, end), card in zip(_CARDS, page.cards, strict=True):
        wide = "_wide" if end > first + 1 else ""
        line = book.model.by_name[card.line]
        book.live(sheet, _CARD_ROW, first, card.label, book.styles.of(f"card_label{wide}"))
        style = book.styles.of(f"card_value{wide}", card.format or book.styles.format_of(line))
        book.mirror(sheet, _CARD_ROW + 1, first, line, style)
        if not card.format:
            book.whole_too(sheet, line, _CARD_ROW + 1, first)
        book.live(sheet, _CARD_ROW + 2, first, card.small, book.styles.of(f"card_small{wide}"))
        for row in range(_CARD_ROW, _CARD_ROW + 3):
            for column in range(first + 1, end):
                sheet.blank(row, column, book.styles.of("card_end" if column == end - 1 else "card_fill"))
    sheet.height(_CARD_ROW + 1, 28)
    _cost_table(book, page, sheet)
    _chain(book, page, sheet)
    _unit_table(book, page, sheet)
    _charts(book, page, sheet)
    book.live(sheet, _LAST_ROW, _LEFT, page.provenance, book.styles.of("soft"))
    book.open_at(sheet)


def _top(book: Book, page: SummaryPage, sheet: Sheet) -> None:
    """The answer in one sentence; in its place, that there is none, and why."""
    styles, texts = book.styles, book.texts(sheet)
    found, source = texts.address(roles.found), roles.performance_source
    answer, no_point, no_input = (texts.write(text) for text in (page.headline, page.no_point, page.no_input))
    is_found, is_manual = texts.number(roles.found) == 1, book.values.code(source, book.shown) == "manual"
    formula = f'=IF({found}=1,{answer.excel},IF({texts.address(source)}="manual",{no_input.excel},{no_point.excel}))'
    now = answer if is_found else no_input if is_manual else no_point
    sheet.height(0, 26)
    sheet.formula(0, _LEFT, formula, now.cached, styles.of("title"))
    first_card = f"${column_name(_CARDS[0][0])}${_CARD_ROW + 2}"
    warning = styles.changed({"font_color": book.template.look.colour("warning")})
    sheet.conditional(
        0, _LEFT, 0, _LEFT, {"type": "formula", "criteria": f"=NOT(ISNUMBER({first_card}))", "format": warning}
    )
    book.live(sheet, 1, _LEFT, page.subtitle, styles.of("subtitle"))
    book.verdict(sheet, 1, _END - 1, "verdict_right")
    why = why_no_point(texts, page.why)
    sheet.formula(2, _LEFT, f"={why.excel}", why.cached, styles.of("strong"))
    edited(book, sheet, 2, _END - 1)
    # Beside several scenarios the second row is that of the choice among them.
    rows = 2 - book.shape.chosen
    for number in range(rows):
        told = warnings_told(book, sheet, number, rows)
        sheet.formula(_WARNING_ROW + number, _LEFT, f"={told.excel}", told.cached, styles.of("warned"))
    if isinstance(book, ComparedBook):
        row, column = _SHOWN
        sheet.text(row, column - 2, book.template.words.choose_shown, styles.of("soft_number"))
        choosers.scenario(book, book.beside, sheet, Choices.shown.name)


def warnings_told(book: Book, sheet: Sheet, row: int, rows: int) -> Live:
    """What is the matter with the inputs: in each of so many rows two warnings, in the last how many more there are."""
    texts, words = book.texts(sheet), book.template.words
    assert book.model.raised is not None
    told = [warning for warning in book.model.warnings if warning.words]
    first, pieces, now, seen = _IN_A_ROW * row, [], [], 0
    for warning in told:
        text, holds = texts.write(warning.words), texts.address(warning.holds)
        before = _raised_above(book, texts, warning)
        inside = f"{before}>={first},{before}<{first + _IN_A_ROW}"
        pieces.append(f'IF(AND({holds}=0,{inside}),{quoted(words.separator)}&{text.excel},"")')
        if texts.number(warning.holds) == 0:
            now += [text.cached] if first <= seen < first + _IN_A_ROW else []
            seen += 1
    together = "&".join(pieces)
    # The first separator makes way for the word before them all.
    start = words.warned if row == 0 else ""
    excel = f"{quoted(start)}&MID({together},{len(words.separator) + 1},{LONGEST_TEXT})"
    # Without a point the headline itself is the warning.
    others = f"{texts.address(book.model.raised)}-(1-{texts.address(roles.found)})"
    cached = start + words.separator.join(now) if now else ""
    if row == rows - 1:
        last = _IN_A_ROW * rows
        more = with_count(words.warned_more, f"({others}-{last})")
        excel += f'&IF({others}>{last},{quoted(words.separator)}&{more},"")'
        cached += words.separator + words.warned_more.format(raised=seen - last) if seen > last else ""
    return Live(f'IF({others}<={first},"",{excel})', cached)


def _raised_above(book: Book, texts: Writer, warning: InputWarning) -> str:
    """How many of the warnings above one are raised, without that of no operating point. They stand one below the
    other: a sum of each would outgrow what a cell holds."""
    above = book.model.warnings[: book.model.warnings.index(warning)]
    if not above:
        return "0"
    first, last = (texts.address(one.holds) for one in (above[0], above[-1]))
    raised = f"COUNTIF({first}:{last.rpartition('!')[2]},0)"
    return f"{raised}-({texts.address(roles.has_point.holds)}=0)*1" if roles.has_point in above else raised


def edited(book: Book, sheet: Sheet, row: int, column: int) -> None:
    """How many inputs were changed, or, worse, emptied: an empty cell counts as 0."""
    words = book.template.words
    changed_ones, missing = (_marked(book, word) for word in (words.edited, words.missing))
    many, some = with_count(words.edited_many, changed_ones), with_count(words.missing_some, missing)
    given = {text.partition("=")[0].strip() for text in book.subject.overrides}
    generated = words.as_generated_set.format(set=len(given)) if given else words.as_generated
    changed = f'IF({changed_ones}=0,"{generated}",IF({changed_ones}=1,"{words.edited_one}",{many}))'
    formula = f"=IF({missing}>0,{some},{changed})"
    sheet.formula(row, column, formula, generated, book.styles.of("soft_number"))
    bad = book.styles.changed({"font_color": book.template.look.colour("bad_ink"), "bold": True})
    # Of this sheet's own cell: a conditional format that names another sheet is not understood everywhere.
    told = words.missing_some.partition("}")[2]
    here = f"${column_name(column)}${row + 1}"
    options = {"type": "formula", "criteria": f"=ISNUMBER(SEARCH({quoted(told)},{here}))", "format": bad}
    sheet.conditional(row, column, row, column, options)


def _marked(book: Book, word: str) -> str:
    """How many inputs say that they were edited, or are missing."""
    counted = []
    for sheet, first, last, left, right in (*inputs.marks(book), *years.marks(book), *tables.marks(book)):
        top, bottom = Cell(sheet, first, left).text(True, True), Cell(sheet, last, right).text(True, True)
        counted.append(f'COUNTIF({sheet_prefix(sheet)}{top}:{bottom},"{word}")')
    return "+".join(counted) if len(counted) == 1 else f"({'+'.join(counted)})"


def _part(book: Book, sheet: Sheet, row: int, first: int, end: int, title: str) -> None:
    book.live(sheet, row, first, title, book.styles.of("part"))
    for column in range(first + 1, end):
        sheet.blank(row, column, book.styles.of("part_fill"))


def _headings(book: Book, sheet: Sheet, row: int, first: int, texts: list[str]) -> None:
    for step, text in enumerate(texts):
        book.live(sheet, row, first + step, text, book.styles.of("column" if step else "column_left"))


def _row(book: Book, sheet: Sheet, row: int, first: int, told: CostRow, kinds: tuple[str, str]) -> None:
    book.live(sheet, row, first, told.label, book.styles.of(kinds[0]))
    for column, name in enumerate(told.cells, start=first + 1):
        if name is None:
            sheet.blank(row, column, book.styles.of(kinds[1]))
            continue
        _linked(book, sheet, row, column, name, kinds[1])


def _linked(book: Book, sheet: Sheet, row: int, column: int, name: str, kind: str) -> None:
    """A link to a line. Through a plain link an input left empty would show as 0."""
    line = book.model.by_name[name]
    value = book.values.value(line, book.shown)
    is_typed = isinstance(line, Given) and "1M tokens" not in line.unit
    own = book.styles.typed_format(line, value) if is_typed else book.styles.format_of(line)
    style = book.styles.of(kind, own)
    cell = book.layout.address(line, sheet=sheet.name)
    sheet.formula(row, column, f'=IF(ISNUMBER({cell}),{cell},"{ABSENT}")', value, style)
    if not isinstance(line, Given):
        book.whole_too(sheet, line, row, column)


def _cost_table(book: Book, page: SummaryPage, sheet: Sheet) -> None:
    table = page.cost_table
    _part(book, sheet, _TABLE_ROW, _LEFT, _RIGHT - 1, table.title)
    _headings(book, sheet, _TABLE_ROW + 1, _LEFT, table.headings)
    row = _TABLE_ROW + 2
    for one in roles.cost_rows:
        cells: list[str | None] = [one.year.name, one.share.name, one.server.name]
        told = CostRow(table.labels.get(one.name, one.year.label), cells)
        _row(book, sheet, row, _LEFT, told, ("plain", "number"))
        row += 1
    _row(book, sheet, row, _LEFT, table.total, ("total_left", "total"))
    _row(book, sheet, row + 1, _LEFT, table.memo, ("soft", "soft_number"))


def _chain(book: Book, page: SummaryPage, sheet: Sheet) -> None:
    _part(book, sheet, _TABLE_ROW, _RIGHT, _END, page.chain.title)
    row = _TABLE_ROW + 1
    for step in page.chain.rows:
        sheet.text(row, _RIGHT, step.label, book.styles.of("strong" if step.strong else "plain"))
        _linked(book, sheet, row, _RIGHT + 1, step.line, "strong_number" if step.strong else "number")
        book.live(sheet, row, _RIGHT + 2, " " + step.words, book.styles.of("soft"))
        row += 1
    inputs = book.template.page("inputs").title
    sheet.link(row, _RIGHT, inputs, page.start, book.styles.of("link"), "B7")


def _unit_table(book: Book, page: SummaryPage, sheet: Sheet) -> None:
    table = page.unit_table
    _part(book, sheet, _CHART_ROW, _RIGHT, _END, table.title)
    _headings(book, sheet, _CHART_ROW + 1, _RIGHT, table.headings)
    for row, told in enumerate(table.rows, start=_CHART_ROW + 2):
        _row(book, sheet, row, _RIGHT, told, ("plain", "number"))


def _charts(book: Book, page: SummaryPage, sheet: Sheet) -> None:
    charts, look = page.charts, book.template.look
    _part(book, sheet, _CHART_ROW, _LEFT, _RIGHT - 1, charts.curve.title)
    texts = book.texts(sheet)
    curve = roles.curve_latency
    axis = [texts.write(charts.curve.x_axis[code]) for code in curve.codes]
    chosen_axis = axis[curve.codes.index(book.values.code(curve, book.shown))]
    cell = texts.address(curve)
    tests = "".join(f'IF({cell}="{code}",{live.excel},' for code, live in zip(curve.codes, axis, strict=True))
    sheet.formula(_CHART_ROW + 1, _LEFT, f'={tests}""{")" * len(axis)}', chosen_axis.cached, book.styles.of("soft"))
    limit = _only_if(
        texts.write(charts.curve.limit),
        texts.address(roles.curve_limit),
        (texts.number(roles.curve_limit) or 0) > 0,
    )
    sheet.formula(_CHART_ROW + 1, _LEFT + 1, f"={limit.excel}", limit.cached, book.styles.of("limit"))
    mark = _mark(book, page, sheet)
    sheet.formula(_CHART_ROW + 1, _RIGHT - 2, f"={mark.excel}", mark.cached, book.styles.of("strong_number"))

    top, bottom = _CHART_ROW + 2, _LAST_ROW - 1
    anchor = Anchor(top, _LEFT, _LEFT, _RIGHT - 2, bottom - top, _WIDTHS)
    curve_chart(book, sheet, charts.curve, anchor, _CHART_ROW + 1, (_LEFT, _LEFT + 1, _RIGHT - 2))

    _part(book, sheet, _BARS_ROW, _RIGHT, _RIGHT + 1, charts.components.title)
    _part(book, sheet, _BARS_ROW, _RIGHT + 1, _END, charts.unit_cost.title)
    where, first, _, _, _ = book.layout.range(roles.cost_rows[0].year)
    last = first + len(roles.cost_rows) - 1
    names = [in_sentence(row.year.label) for row in roles.cost_rows]
    components = ", ".join(names[:-1]) + page.why.together + names[-1]
    height = bottom - _BARS_ROW - 1
    bar_chart(
        book,
        sheet,
        replace(charts.components, alt=charts.components.alt.format(components=components)),
        Anchor(_BARS_ROW + 1, _RIGHT, _RIGHT, _RIGHT, height, _WIDTHS),
        (where, first, LABEL, last, LABEL),
        (where, first, VALUE, last, VALUE),
        '[>0]#,##0;"0"',
        [look.colour("accent")] * len(roles.cost_rows),
    )
    per_million = _CHART_ROW + 3
    bar_chart(
        book,
        sheet,
        charts.unit_cost,
        Anchor(_BARS_ROW + 1, _RIGHT + 1, _RIGHT + 1, _END - 1, height, _WIDTHS),
        (sheet.name, _CHART_ROW + 1, _RIGHT + 1, _CHART_ROW + 1, _RIGHT + 3),
        (sheet.name, per_million, _RIGHT + 1, per_million, _RIGHT + 3),
        f'[>=100]#,##0;[>0]0.0000;"{ABSENT}"',
        [look.colour("accent"), look.colour("accent_soft"), look.colour("neutral")],
    )


def _only_if(live: Live, cell: str, holds: bool) -> Live:
    return Live(f'IF({cell}>0,{live.excel},"")', live.cached if holds else "")


def _mark(book: Book, page: SummaryPage, sheet: Sheet) -> Live:
    """What stands beside the marked point: "chosen", or that it is merely the fastest."""
    texts, words = book.texts(sheet), page.charts.curve
    drawn = texts.address(roles.curve_chosen_x)
    marked = texts.address(roles.curve_fastest_drawn)
    chosen, fastest = _BESIDE + words.chosen, _BESIDE + words.fastest
    excel = f'IF(ISNUMBER({drawn}),"{chosen}",IF({marked}=1,"{fastest}","{words.no_mark}"))'
    if texts.number(roles.curve_chosen_x) is not None:
        return Live(excel, chosen)
    return Live(excel, fastest if texts.number(roles.curve_fastest_drawn) == 1 else words.no_mark)
