"""What the charts of the plan draw: numbers right of the printed page. A text or an error among them would spoil a
chart, so what is not to be drawn stands below the axes, which begin at 0."""

from __future__ import annotations

from dataclasses import dataclass

from tco_xlsx.book.book import Book
from tco_xlsx.book.pages.plan_page import PlanPage
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import column_name, sheet_prefix
from tco_xlsx.language.lines import Line
from tco_xlsx.language.live_text import Live, digits_of, fixed, quoted
from tco_xlsx.model import roles
from tco_xlsx.model.axes import YEARS
from tco_xlsx.model.roles import Way

FIRST = 16
"""The first column of the workings."""
YEAR_ROW = 4
"""The row of year 1, in the table by year."""
POINT_ROW = YEAR_ROW + YEARS + 2
"""The row of the start, in the table by month; three rows a year follow: after purchases, before and after what comes
back."""
LAST_POINT = POINT_ROW + 3 * YEARS
END_ROW = LAST_POINT + 3
"""The row of the first line's end; a row for each way."""
SCALE = (1, FIRST + 1)
"""The cell of the scale; its word stands right of it."""
LABELS, PURCHASES, RUNNING, TOTAL, PIECE = range(FIRST, FIRST + 5)
MONTH = FIRST
END_VALUE, END_RANK, END_Y, END_LABEL, MARK_X, MARK_Y, MARK_LABEL, MARK_LABEL_Y = range(FIRST + 1, FIRST + 9)
_NOT_DRAWN = -1.0
_FAR_BELOW = -1000.0
_APART = 0.06
"""Labels at the ends of lines stand so far apart, as a share of the largest."""
_HIGH, _LOW, _TOO_LOW = 0.06, 0.14, 0.1
"""A label stands so far above its crossing, the next one as far below; or higher, where the axis is so near."""
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"))
_ROUNDED = 0.9995
_MONTHS = 12


def at(row: int, column: int, fix: bool = True) -> str:
    """A cell of this sheet."""
    return f"${column_name(column)}${row + 1}" if fix else f"{column_name(column)}{row + 1}"


def so_far_column(number: int) -> int:
    """The column of a way in the table by month."""
    return MONTH + 1 + number


@dataclass
class Workings:
    """The tables right of the page, with the value of each cell."""

    book: Book
    sheet: Sheet
    page: PlanPage

    def __post_init__(self) -> None:
        self.soft = self.book.styles.of("soft_number", "#,##0.0000")
        self.words = self.book.styles.of("soft")
        self.horizon = int(self._number(roles.horizon) or 0)
        self.values: dict[tuple[int, int], float] = {}
        self.pieces: dict[int, str] = {}
        """What is bought in a later year, in words."""
        self.sheet.text(0, FIRST, self.page.workings, self.book.styles.of("strong"))
        self.sheet.width(FIRST - 1, 3)
        self.sheet.width(FIRST, 11, MARK_LABEL_Y)
        self._scale()
        self._years()
        self._months()
        self._ends()

    @property
    def scale_word(self) -> Live:
        """ "million ", or what suits the amounts; empty for single units."""
        return Live(at(SCALE[0], SCALE[1] + 1), self._scale_word)

    def address(self, line: Line, year: int | None = None) -> str:
        """The reference to a line on another sheet, of a year if it has years."""
        if year is None:
            return self.book.layout.address(line, sheet=self.sheet.name)
        cell = self.book.layout.cell(line, 0, year)
        return sheet_prefix(cell.sheet) + cell.text()

    def scaled(self, line: Line, sign: str = "", absent: str = '""') -> tuple[str, float | str]:
        """An amount in the scale of the page."""
        number = self._number(line)
        address = self.address(line)
        factor = -1 if sign else 1
        now: float | str = absent.strip('"') if number is None else factor * number / self.scale
        return f"=IF(ISNUMBER({address}),{sign}{address}/{at(*SCALE)},{absent})", now

    def _number(self, line: Line, year: int = 0) -> float | None:
        return self.book.values.value(line, 0, year)

    def _put(self, row: int, column: int, excel: str, value: float) -> None:
        self.values[row, column] = value
        self.sheet.formula(row, column, f"={excel}", value, self.soft)

    def _scale(self) -> None:
        """By what the amounts of the page are divided: the largest of them decides."""
        lines = (roles.cash_total, *(way.cost for way in roles.ways))
        numbers = [number for line in lines if (number := self._number(line)) is not None]
        largest = max(numbers, default=0.0)
        tested = f"MAX({','.join(self.address(line) for line in lines)})"
        row, column = SCALE
        self.sheet.formula(row, column - 1, f"={tested}", largest, self.soft)
        cell, excel, words = at(row, column - 1), "1", '""'
        self.scale, self._scale_word = 1.0, ""
        for size, name in reversed(_SCALES):
            word = getattr(self.page.scale, name)
            excel = f"IF({cell}>={_ROUNDED * size:.10g},{size},{excel})"
            words = f"IF({cell}>={_ROUNDED * size:.10g},{quoted(word)},{words})"
            if largest >= float(f"{_ROUNDED * size:.10g}"):
                self.scale, self._scale_word = float(size), word
        self.sheet.formula(row, column, f"={excel}", self.scale, self.soft)
        self.sheet.formula(row, column + 1, f"={words}", self._scale_word, self.words)

    def _years(self) -> None:
        """Cash of each year; beyond the horizon nothing, and no name."""
        charts = self.page.charts
        for step, text in enumerate((charts.year, charts.purchases, charts.running, charts.total)):
            self.sheet.text(YEAR_ROW - 1, FIRST + step, text.strip(), self.words)
        for year in range(YEARS):
            row = YEAR_ROW + year
            counts = self.address(roles.year_counts, year) + "=1"
            inside = year < self.horizon
            name = f"{quoted(charts.year)}&{year + 1}"
            told = f"{charts.year}{year + 1}" if inside else ""
            self.sheet.formula(row, LABELS, f'=IF({counts},{name},"")', told, self.words)
            for column, line in ((PURCHASES, roles.purchases_by_year), (RUNNING, roles.running_by_year)):
                cell, number = self.address(line, year), self._number(line, year)
                self._put(row, column, f"IF(ISNUMBER({cell}),{cell}/{at(*SCALE)},0)", (number or 0.0) / self.scale)
            both = f"{at(row, PURCHASES, fix=False)}+{at(row, RUNNING, fix=False)}"
            self._put(row, TOTAL, both, self.values[row, PURCHASES] + self.values[row, RUNNING])
            self._piece(year, row)

    def _piece(self, year: int, row: int) -> None:
        """The words of what is bought in a later year."""
        if year == 0:
            return
        buy = self.page.to_do.buy
        cell, number = self.address(roles.bought_by_year, year), self._number(roles.bought_by_year, year)
        digits = f"IF({cell}=INT({cell}),0,IF(ABS({cell})>=0.1,2,4))"
        excel = f'=IF(ISNUMBER({cell}),IF({cell}>0,FIXED({cell},{digits})&{quoted(buy.later)}&{year + 1},""),"")'
        now = f"{fixed(number, digits_of(number))}{buy.later}{year + 1}" if number else ""
        self.pieces[year] = now
        self.sheet.formula(row, PIECE, excel, now, self.words)

    def _months(self) -> None:
        """Cumulative cash of each way; beyond the horizon the last point once more."""
        headings = self.page.ways.headings
        for number, way in enumerate(roles.ways):
            self.sheet.text(POINT_ROW - 1, so_far_column(number), headings[way.name], self.words)
        for column in range(MONTH, MONTH + 1 + len(roles.ways)):
            if column == MONTH:
                self._put(POINT_ROW, column, "0", 0.0)
                continue
            way = roles.ways[column - MONTH - 1]
            known = self._number(way.present_value) is not None
            excel = f"IF(ISNUMBER({self.address(way.present_value)}),0,{_NOT_DRAWN:g})"
            self._put(POINT_ROW, column, excel, 0.0 if known else _NOT_DRAWN)
        for year in range(YEARS):
            counts = self.address(roles.year_counts, year) + "=1"
            for step in range(3):
                row = POINT_ROW + 1 + 3 * year + step
                inside = year < self.horizon
                month = _MONTHS * (year + (step > 0))
                before = self.values[row - 1, MONTH]
                excel = f"IF({counts},{month},{at(row - 1, MONTH, fix=False)})"
                self._put(row, MONTH, excel, float(month) if inside else before)
                for number, way in enumerate(roles.ways):
                    self._so_far(row, number, way, year, step, counts)

    def _so_far(self, row: int, number: int, way: Way, year: int, step: int, counts: str) -> None:
        column = so_far_column(number)
        above = at(row - 1, column, fix=False)
        was = self.values[row - 1, column]
        if step == 0:
            added = way.purchases
            base, value = above, was
        else:
            added = way.sold if step == 1 else None
            cell, end = self.address(way.so_far, year), self._number(way.so_far, year)
            base, value = f"{cell}/{at(*SCALE)}", (end or 0.0) / self.scale
        if added is not None:
            base += f"+{self.address(added, year)}/{at(*SCALE)}"
            value += (self._number(added, year) or 0.0) / self.scale
        drawn = year < self.horizon and self._number(way.present_value) is not None
        known = f"ISNUMBER({self.address(way.present_value)})"
        self._put(row, column, f"IF(AND({known},{counts}),{base},{above})", value if drawn else was)

    def _ends(self) -> None:
        """Where the names of the lines stand, none over another, and the months from which own is ahead for good."""
        count = len(roles.ways)
        ends = f"{at(END_ROW, END_VALUE)}:{at(END_ROW + count - 1, END_VALUE)}"
        values = []
        for number, way in enumerate(roles.ways):
            known = self._number(way.present_value) is not None
            value = self.values[LAST_POINT, so_far_column(number)] if known else _FAR_BELOW
            last = at(LAST_POINT, so_far_column(number))
            excel = f"IF(ISNUMBER({self.address(way.present_value)}),{last},{_FAR_BELOW:g})"
            self._put(END_ROW + number, END_VALUE, excel, value)
            values.append(value)
        # A row for each place in order, from the lowest end up.
        spread: list[float] = []
        gap = _APART * max(values)
        for place in range(count):
            row = END_ROW + count + 1 + place
            kth = f"SMALL({ends},{place + 1})"
            value = sorted(values)[place]
            if place:
                value = max(value, spread[-1] + gap)
                kth = f"MAX({kth},{at(row - 1, END_VALUE, fix=False)}+{_APART}*MAX({ends}))"
            spread.append(value)
            self._put(row, END_VALUE, kth, value)
        places = f"{at(END_ROW + count + 1, END_VALUE)}:{at(END_ROW + 2 * count, END_VALUE)}"
        for number, way in enumerate(roles.ways):
            row, own = END_ROW + number, at(END_ROW + number, END_VALUE)
            tied = f"+SUMPRODUCT(({at(END_ROW, END_VALUE)}:{own}={own})*1)"
            rank = sum(one < values[number] for one in values) + sum(
                one == values[number] for one in values[: number + 1]
            )
            self._put(row, END_RANK, f"SUMPRODUCT(({ends}<{own})*1){tied}", rank)
            self._put(row, END_Y, f"INDEX({places},{at(row, END_RANK)})", spread[rank - 1])
            name = self.page.charts.ends[way.name]
            known = values[number] != _FAR_BELOW
            excel = f'=IF({own}={_FAR_BELOW:g},"",{quoted(name)}&FIXED({own},1))'
            self.sheet.formula(row, END_LABEL, excel, f"{name}{fixed(values[number], 1)}" if known else "", self.words)
            if way.months is not None:
                self._mark(row, number, way.months)
                self._mark_label(row, f"MAX({ends})", max(values), is_first=way is roles.ways[1])

    def _mark(self, row: int, number: int, line: Line) -> None:
        """The last crossing of a line with own."""
        cell, months = self.address(line), self._number(line)
        drawn = months is not None and months > 0
        test = f"IF(ISNUMBER({cell}),{cell},0)>0"
        self._put(row, MARK_X, f"IF({test},{cell},0)", months if drawn and months else 0.0)
        column = so_far_column(number)
        series = f"{at(POINT_ROW, column)}:{at(LAST_POINT, column)}"
        years = f"MIN(INT({at(row, MARK_X)}/{_MONTHS}),{self.address(roles.horizon)}-1)"
        start, end = (f"INDEX({series},3*{years}+{step})" for step in (2, 3))
        along = f"({at(row, MARK_X)}/{_MONTHS}-{years})"
        value = _NOT_DRAWN
        if drawn and months:
            year = min(int(months / _MONTHS), self.horizon - 1)
            first, last = (self.values[POINT_ROW + 1 + 3 * year + step, column] for step in (0, 1))
            value = first + (last - first) * (months / _MONTHS - year)
        self._put(row, MARK_Y, f"IF({test},{start}+({end}-{start})*{along},{_NOT_DRAWN:g})", value)
        word = self.page.charts.month
        told = f"FIXED(ROUNDUP(ROUND({at(row, MARK_X)},6),0),0)"
        up = fixed(float(-(-round(months, 6) // 1)), 0) if drawn and months else ""
        excel = f'=IF({test},{quoted(word)}&{told},"")'
        self.sheet.formula(row, MARK_LABEL, excel, f"{word}{up}" if drawn else "", self.words)

    def _mark_label(self, row: int, most: str, largest: float, is_first: bool) -> None:
        """Where the label of a crossing stands: two that are near each other must not lie on one another."""
        cell, value = at(row, MARK_Y), self.values[row, MARK_Y]
        excel, place = f"{cell}+{_HIGH}*{most}", value + _HIGH * largest
        if not is_first:
            excel = f"IF({cell}<{_TOO_LOW}*{most},{cell}+{_LOW}*{most},{cell}-{_HIGH}*{most})"
            place = value + _LOW * largest if value < _TOO_LOW * largest else value - _HIGH * largest
        hidden = value == _NOT_DRAWN
        self._put(
            row, MARK_LABEL_Y, f"IF({cell}={_NOT_DRAWN:g},{_NOT_DRAWN:g},{excel})", _NOT_DRAWN if hidden else place
        )
