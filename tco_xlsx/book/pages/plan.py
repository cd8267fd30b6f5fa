"""The first page of one scenario: which way is cheapest over the years and by how much, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from tco_xlsx.book.book import Book
from tco_xlsx.book.charts import Anchor
from tco_xlsx.book.no_point import why_no_point
from tco_xlsx.book.pages import summary
from tco_xlsx.book.pages.plan_charts import cash_by_year, cash_so_far
from tco_xlsx.book.pages.plan_page import PlanPage, SavedCard, SpentCard
from tco_xlsx.book.pages.plan_workings import PIECE, YEAR_ROW, Workings, at
from tco_xlsx.book.xlsx.sheet import LONGEST_TEXT, Sheet
from tco_xlsx.documents.text_out import cut
from tco_xlsx.language.lines import Choice, Line
from tco_xlsx.language.live_text import Live, Writer, literal, quoted
from tco_xlsx.model import roles
from tco_xlsx.model.axes import YEARS
from tco_xlsx.model.roles import Way

_WIDTHS = (1.2, *[13.4] * 6, 2.6, *[13.4] * 6)
_LEFT, _MIDDLE, _RIGHT, _END = 1, 7, 8, 14
_CARDS = (1, 4, 8, 11)
_CARD_ROW, _TOP_ROW, _LOWER_ROW, _TABLE_ROW, _UNIT_ROW, _LAST_ROW = 4, 8, 25, 19, 32, 41
_VALUE_COLUMNS = range(10, 14)
_GAPS = {3: 7, 7: 9}
_AMOUNT = '#,##0.00;−#,##0.00;"–"'
_UNIT = "[>=100]#,##0;[>=0.095]0.00;0.0000"
_MONTHS = "#,##0.0;;0"
_MANY_PURCHASES = 4


class Test(NamedTuple):
    """A condition in Excel, and whether it holds now."""

    excel: str
    holds: bool


def _if(test: Test, then: Live, otherwise: Live) -> Live:
    return Live(f"IF({test.excel},{then.excel},{otherwise.excel})", (then if test.holds else otherwise).cached)


def _joined(*pieces: Live) -> Live:
    return Live("&".join(piece.excel for piece in pieces), "".join(piece.cached for piece in pieces))


_LONGEST_TITLE = 150


def _only_if(test: Test, piece: Live) -> Live:
    return _if(test, piece, literal(""))


def _known(texts: Writer, line: Line) -> Test:
    return Test(f"ISNUMBER({texts.address(line)})", texts.number(line) is not None)


def _code_is(texts: Writer, choice: Choice, code: str) -> Test:
    return Test(f'{texts.address(choice)}="{code}"', texts.values.code(choice, texts.scenario) == code)


def _at_least(texts: Writer, line: Line, least: int) -> Test:
    """Whether a line has a number, above `least`; a text compares above every number."""
    cell, number = texts.address(line), texts.number(line)
    return Test(f"IF(ISNUMBER({cell}),{cell},{least})>{least}", number is not None and number > least)


def _listed(pieces: Sequence[Live], separator: str) -> Live:
    """Pieces that each begin with the separator, without the first one."""
    together = _joined(*pieces)
    return Live(f"MID({together.excel},{len(separator) + 1},{LONGEST_TEXT})", together.cached[len(separator) :])


def write(book: Book, page: PlanPage) -> None:
    """The whole page, one printed sheet in landscape."""
    sheet = book.sheet(page.title, page.tab)
    for column, width in enumerate(_WIDTHS):
        sheet.width(column, width)
    for row, height in _GAPS.items():
        sheet.height(row, height)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, _LAST_ROW, _END - 1)
    workings = Workings(book, sheet, page)
    _Page(book, page, sheet, workings).write()
    book.open_at(sheet)


class _Page:
    def __init__(self, book: Book, page: PlanPage, sheet: Sheet, workings: Workings) -> None:
        self.book = book
        self.page = page
        self.sheet = sheet
        self.workings = workings
        texts = book.texts(sheet)
        # The title stands in each branch of a sentence, and a line of the page is not longer.
        title = literal(cut(book.subject.title, _LONGEST_TITLE))
        self.texts = replace(texts, words={**texts.words, "title": title, "scale": workings.scale_word})

    def write(self) -> None:
        self._top()
        self._cards()
        self._charts()
        self._to_do()
        self._ways()
        self._unit_costs()
        self._foot()

    def _live(self, row: int, column: int, live: Live, kind: str) -> None:
        style = self.book.styles.of(kind)
        if live.fixed:
            self.sheet.text(row, column, live.cached, style)
        else:
            self.sheet.formula(row, column, f"={live.excel}", live.cached, style)

    def _text(self, row: int, column: int, text: str, kind: str) -> None:
        self._live(row, column, self.texts.write(text), kind)

    def _part(self, row: int, first: int, end: int, text: str) -> None:
        self._text(row, first, text, "part")
        for column in range(first + 1, end):
            self.sheet.blank(row, column, self.book.styles.of("part_fill"))

    def _top(self) -> None:
        book, texts, page = self.book, self.texts, self.page
        first = book.template.page("summary")
        no_point, no_input = (texts.write(text) for text in (first.no_point, first.no_input))
        is_manual = _code_is(texts, roles.performance_source, "manual")
        is_found = Test(f"{texts.address(roles.found)}=1", texts.number(roles.found) == 1)
        self.sheet.height(0, 27)
        self._live(0, _LEFT, _if(is_found, self._answer(), _if(is_manual, no_input, no_point)), "title")
        peaks = texts.address(roles.peak_last), texts.address(roles.peak_now)
        steady = Test(
            f"IF(ISNUMBER({peaks[0]}),{peaks[0]},{peaks[1]})={peaks[1]}",
            texts.number(roles.peak_last) in (None, texts.number(roles.peak_now)),
        )
        load = _if(steady, texts.write(page.load.same), texts.write(page.load.changes))
        self._live(1, _LEFT, _joined(load, texts.write(page.limits)), "subtitle")
        warning = book.styles.changed({"font_color": book.template.look.colour("warning")})
        no_size = f"={at(_CARD_ROW + 1, _CARDS[1])}={quoted(page.spent.absent)}"
        self.sheet.conditional(0, _LEFT, 0, _LEFT, {"type": "formula", "criteria": no_size, "format": warning})
        book.verdict(self.sheet, 1, _END - 1, "verdict_right")
        why = why_no_point(texts, first.why)
        doubts = summary.warnings_told(book, self.sheet, 0, 1)
        has_why = Test(f"{texts.address(roles.by_point)}=1", texts.number(roles.by_point) == 1)
        # In cells of their own: together they would outgrow a formula.
        held = []
        for row, live in ((1, why), (2, doubts)):
            self._live(row, PIECE, live, "soft")
            held.append(Live(at(row, PIECE), live.cached))
        told = _if(has_why, held[1], _if(is_manual, held[1], held[0]))
        self._live(2, _LEFT, told, "warned")
        summary.edited(book, self.sheet, 2, _END - 1)

    def _answer(self) -> Live:
        """Which way is cheapest, and by how much against each of the others; without others, what owning costs."""
        texts, page = self.texts, self.page
        cell, now = texts.address(roles.cheapest), texts.number(roles.cheapest)
        answer = texts.write(page.headline[roles.ways[-1].name])
        for code, way in reversed(list(enumerate(roles.ways[:-1]))):
            answer = _if(Test(f"{cell}={code}", now == code), texts.write(page.headline[way.name]), answer)
        than = []
        for code, way in enumerate(roles.ways):
            is_other = Test(f"{cell}<>{code}", now != code)
            than.append(_only_if(_known(texts, way.above), _only_if(is_other, texts.write(page.than[way.name]))))
        others = ",".join(texts.address(way.present_value) for way in roles.ways[1:])
        some = Test(f"COUNT({others})>0", any(texts.number(way.present_value) is not None for way in roles.ways[1:]))
        rate = roles.discount_rate
        no_rate = Test(f"{texts.address(rate)}=0", texts.number(rate) == 0)
        alone = _if(no_rate, texts.write(page.alone.same), texts.write(page.alone.changes))
        return _if(some, _joined(answer, *than), alone)

    def _cards(self) -> None:
        texts, page = self.texts, self.page
        first, last = (texts.address(line) for line in (roles.servers_first, roles.servers_last))
        same = Test(f"{first}={last}", texts.number(roles.servers_first) == texts.number(roles.servers_last))
        servers = page.servers
        value = _if(same, texts.write(servers.value.same), texts.write(servers.value.changes))
        self._card(_CARDS[0], texts.write(servers.label), value, texts.write(servers.small))
        self._spent(_CARDS[1], page.spent)
        for column, card, way in ((_CARDS[2], page.saved_api, "api"), (_CARDS[3], page.saved_rent, "rent")):
            self._saved(column, card, next(one for one in roles.ways if one.name == way))
        self.sheet.height(_CARD_ROW + 1, 27)

    def _spent(self, column: int, card: SpentCard) -> None:
        later = _only_if(_at_least(self.texts, roles.bought_later, 0), self.texts.write(card.later))
        small = _joined(self.texts.write(card.small), later)
        value = _if(_known(self.texts, roles.servers_first), self.texts.write(card.value), literal(card.absent))
        self._card(column, self.texts.write(card.label), value, small)

    def _saved(self, column: int, card: SavedCard, way: Way) -> None:
        texts = self.texts
        assert way.saving is not None
        assert way.months is not None
        is_priced, saving = _known(texts, way.saving), texts.number(way.saving)
        cell = texts.address(way.saving)
        is_dearer = Test(f"IF(ISNUMBER({cell}),{cell},0)<0", saving is not None and saving < 0)
        label = _if(is_dearer, literal(card.dearer), literal(card.label))
        ahead = _if(_at_least(texts, way.months, 0), texts.write(card.from_month), texts.write(card.from_start))
        when = _if(_known(texts, way.months), ahead, texts.write(card.never))
        value = _if(is_priced, texts.write(card.value), literal(card.absent))
        self._card(column, label, value, _if(is_priced, when, texts.write(card.none)))
        warning = self.book.styles.changed({"font_color": self.book.template.look.colour("warning")})
        criteria = f"={at(_CARD_ROW, column)}={quoted(card.dearer)}"
        options = {"type": "formula", "criteria": criteria, "format": warning}
        self.sheet.conditional(_CARD_ROW + 1, column, _CARD_ROW + 1, column, options)

    def _card(self, column: int, label: Live, value: Live, small: Live) -> None:
        for step, (live, kind) in enumerate(((label, "label"), (value, "value"), (small, "small"))):
            self._live(_CARD_ROW + step, column, live, f"card_{kind}_wide")
            for fill in range(column + 1, column + 3):
                style = "card_end" if fill == column + 2 and column in (_CARDS[0], _CARDS[2]) else "card_fill"
                self.sheet.blank(_CARD_ROW + step, fill, self.book.styles.of(style))

    def _charts(self) -> None:
        charts = self.page.charts
        self._part(_TOP_ROW, _LEFT, _MIDDLE, charts.so_far)
        rows = _LOWER_ROW - _TOP_ROW - 3
        anchor = Anchor(_TOP_ROW + 1, _LEFT, _LEFT, _MIDDLE - 1, rows, _WIDTHS)
        cash_so_far(self.book, self.sheet, charts, anchor)
        self._text(_LOWER_ROW - 2, _LEFT, charts.so_far_note, "soft")
        self._part(_LOWER_ROW, _LEFT, _MIDDLE - 2, charts.by_year)
        self.sheet.blank(_LOWER_ROW, _MIDDLE - 2, self.book.styles.of("part_fill"))
        self._text(_LOWER_ROW, _MIDDLE - 1, charts.by_year_note, "column")
        rows = _LAST_ROW - 3 - _LOWER_ROW
        anchor = Anchor(_LOWER_ROW + 1, _LEFT, _LEFT, _MIDDLE - 1, rows, _WIDTHS)
        cash_by_year(self.book, self.sheet, charts, anchor)

    def _to_do(self) -> None:
        texts, to_do = self.texts, self.page.to_do
        self._part(_TOP_ROW, _RIGHT, _END, to_do.title)
        sized = _known(texts, roles.servers_first)
        row = _TOP_ROW + 1
        cheapest = Test(f"{texts.address(roles.cheapest)}=0", texts.number(roles.cheapest) == 0)
        buy = _if(cheapest, literal(to_do.buy.word), literal(to_do.buy.otherwise))
        no_size = texts.write(to_do.no_size)
        for word, lines in (
            (buy, (texts.write(to_do.buy.now), self._later())),
            (literal(to_do.use.word), (self._used(),)),
            (literal(to_do.watch.word), self._watched()),
        ):
            self._live(row, _RIGHT, _only_if(sized, word), "lead")
            for live in lines:
                self._live(row, _RIGHT + 1, _if(sized, live, no_size), "plain")
                no_size = literal("")
                row += 1
            row += 1

    def _later(self) -> Live:
        """What is bought after the first year: a list, or in all where that would be long."""
        texts, buy = self.texts, self.page.to_do.buy
        pieces = f"{at(YEAR_ROW + 1, PIECE)}:{at(YEAR_ROW + YEARS - 1, PIECE)}"
        numbers = [self.book.values.value(roles.bought_by_year, 0, year) or 0.0 for year in range(1, YEARS)]
        years = [year for year, number in enumerate(numbers, start=1) if number > 0]
        cells = [at(YEAR_ROW + year, PIECE) for year in range(1, YEARS)]
        together = "&".join(f'IF({cell}="","",", "&{cell})' for cell in cells)
        now = ", ".join(self.workings.pieces[year] for year in years)
        listed = Live(f"{quoted(buy.then)}&MID({together},3,{LONGEST_TEXT})", buy.then + now)
        count = f'SUMPRODUCT(({pieces}<>"")*1)'
        some = Test(f"{count}>0", bool(years))
        few = Test(f"{count}<={_MANY_PURCHASES}", len(years) <= _MANY_PURCHASES)
        amount, many = texts.write(buy.amount), texts.write(buy.many)
        return _if(some, _if(few, _joined(listed, amount), many), texts.write(buy.nothing))

    def _used(self) -> Live:
        use = self.page.to_do.use
        return _if(_known(self.texts, roles.used_share), self.texts.write(use.used), self.texts.write(use.unknown))

    def _watched(self) -> tuple[Live, Live, Live]:
        """What would turn the answer: the price of the API, the load, the hours for which is rented."""
        texts, watch = self.texts, self.page.to_do.watch
        api = next(way for way in roles.ways if way.name == "api")
        assert api.saving is not None
        cell, saving = texts.address(api.saving), texts.number(api.saving)
        ahead = Test(f"IF(ISNUMBER({cell}),{cell},-1)>=0", saving is not None and saving >= 0)
        has_api, has_rent = _known(texts, roles.api_even_price), _known(texts, roles.break_even_hours)
        price = _if(ahead, texts.write(watch.api.same), texts.write(watch.api.changes))
        hours, share = texts.address(roles.break_even_hours), texts.number(roles.break_even_hours)
        by_hours = Test(f"IF(ISNUMBER({hours}),{hours},0)<=1", share is None or share <= 1)
        told = _if(by_hours, texts.write(watch.rent.same), texts.write(watch.rent.changes))
        rent, alone = _only_if(has_rent, told), _if(has_rent, told, texts.write(watch.nothing))
        load = _only_if(has_api, texts.write(watch.load))
        return (_if(has_api, price, alone), load, _only_if(has_api, rent))

    def _ways(self) -> None:
        texts, table = self.texts, self.page.ways
        self._part(_TABLE_ROW, _RIGHT, _END, table.title)
        row = _TABLE_ROW + 1
        for column in range(_RIGHT, _VALUE_COLUMNS[0]):
            self.sheet.blank(row, column, self.book.styles.of("column_left"))
        for column, way in zip(_VALUE_COLUMNS, roles.ways, strict=True):
            heading = _only_if(_known(texts, way.present_value), literal(table.headings[way.name]))
            self._live(row, column, heading, "column")
        plain, strong, soft = ("plain", "number"), ("strong", "strong_number"), ("soft", "soft_number")
        ways = roles.ways
        self._amounts(1, table.bought, [way.bought for way in ways], plain)
        self._amounts(2, table.paid, [way.paid for way in ways], plain)
        self._amounts(3, table.left, [way.left for way in ways], plain, "-")
        self._amounts(4, table.cost, [way.cost for way in ways], ("total_left", "total"))
        self._amounts(5, table.present_value, [way.present_value for way in ways], strong)
        self._amounts(6, table.nothing_left, [way.nothing_left for way in ways], soft)
        self._figures(7, table.per_1m, [way.per_1m for way in ways], _UNIT)
        self._figures(8, table.levelised, [way.levelised for way in ways], _UNIT)
        self._figures(9, table.months, [way.months for way in ways], _MONTHS)

    def _amounts(
        self, step: int, label: str, lines: Sequence[Line | None], kinds: tuple[str, str], sign: str = ""
    ) -> None:
        """A row of amounts in the scale of the page; a dash where a priced way has nothing of the kind."""
        row = _TABLE_ROW + 1 + step
        self._labelled(row, label, kinds[0])
        style = self.book.styles.of(kinds[1], _AMOUNT)
        for column, line, way in zip(_VALUE_COLUMNS, lines, roles.ways, strict=True):
            if line is not None:
                self.sheet.formula(row, column, *self.workings.scaled(line, sign), style)
                continue
            known = _known(self.texts, way.present_value)
            self.sheet.formula(row, column, f'=IF({known.excel},0,"")', 0.0 if known.holds else "", style)

    def _figures(self, step: int, label: str, lines: Sequence[Line | None], shape: str) -> None:
        row = _TABLE_ROW + 1 + step
        self._labelled(row, label, "soft")
        for column, line in zip(_VALUE_COLUMNS, lines, strict=True):
            if line is not None:
                self._linked(row, column, line, "soft_number", shape)

    def _labelled(self, row: int, label: str, kind: str) -> None:
        self._text(row, _RIGHT, label, kind)
        for column in range(_RIGHT + 1, _VALUE_COLUMNS[0]):
            self.sheet.blank(row, column, self.book.styles.of(kind))

    def _linked(self, row: int, column: int, line: Line, kind: str, shape: str) -> None:
        """A figure of the model; nothing where it has no number."""
        cell, number = self.texts.address(line), self.texts.number(line)
        style = self.book.styles.of(kind, shape)
        self.sheet.formula(row, column, f'=IF(ISNUMBER({cell}),{cell},"")', "" if number is None else number, style)

    def _unit_costs(self) -> None:
        units = self.page.unit_costs
        self._part(_UNIT_ROW, _RIGHT, _END, units.title)
        for step, heading in enumerate(units.headings):
            column = _RIGHT if step == 0 else _VALUE_COLUMNS[step - 1]
            self._text(_UNIT_ROW + 1, column, heading, "column" if step else "column_left")
        self.sheet.blank(_UNIT_ROW + 1, _RIGHT + 1, self.book.styles.of("column_left"))
        for row, (label, lines) in enumerate(zip(units.rows, roles.unit_costs, strict=True), start=_UNIT_ROW + 2):
            self._text(row, _RIGHT, label, "plain")
            for column, line in zip(_VALUE_COLUMNS, lines, strict=True):
                self._linked(row, column, line, "number", _UNIT)

    def _foot(self) -> None:
        texts, page = self.texts, self.page
        told = page.not_counted
        pieces, all_zero = [], []
        for part in told.parts:
            lines = [self.book.model.by_name[name] for name in part.inputs]
            tests = ",".join(f"{texts.address(line)}=0" for line in lines)
            test = Test(f"AND({tests})", all(not texts.number(line) for line in lines))
            all_zero.append(test)
            pieces.append(_only_if(test, literal(told.separator + part.word)))
        some = Test(f"OR({','.join(test.excel for test in all_zero)})", any(test.holds for test in all_zero))
        listed = _joined(literal(told.before), _listed(pieces, told.separator), literal(told.end))
        self._live(_LAST_ROW - 2, _LEFT, _only_if(some, listed), "plain")
        convention = page.convention
        codes = list(convention.book_value)
        left = texts.write(convention.book_value[codes[-1]])
        for code in reversed(codes[:-1]):
            left = _if(_code_is(texts, roles.depreciation_method, code), texts.write(convention.book_value[code]), left)
        left = _if(_code_is(texts, roles.value_at_end, "nothing"), texts.write(convention.nothing), left)
        self._live(_LAST_ROW - 1, _LEFT, _joined(texts.write(convention.payments), left), "soft")
        self._text(_LAST_ROW, _LEFT, page.provenance, "soft")
