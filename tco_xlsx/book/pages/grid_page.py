"""The page of a two-way grid: one result at all combinations of two inputs, with a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.compared_book import TwoWayBook
from tco_xlsx.book.pages.compared_pages import GridPage
from tco_xlsx.book.pages.grid_words import ResultWords, figure_in_words, side_in_words, value_formula, value_in_words
from tco_xlsx.book.pages.grid_workings import GridWorkings
from tco_xlsx.book.pages.input_words import validation
from tco_xlsx.book.two_way import ROW_HELPERS, GridPlaces, area
from tco_xlsx.language.excel import ABSENT, Cell, column_name
from tco_xlsx.language.lines import Choice, Given
from tco_xlsx.language.live_text import Live, Writer, literal

_SIDE_WIDTH, _FIGURE_WIDTH, _HELPER_WIDTH, _GAP_WIDTH = 46, 13, 20, 2
_TEXT_WIDTH = 72
"""So wide are the columns of figures together, at least: the headline stands above them, and paper ends with them."""
_WARNED_COLUMN = 3
_LIST_WIDTHS = (44, 9, 28, 10)
_SHARE, _SMALL = "0.0%", "0.000000"


def write(book: TwoWayBook, page: GridPage) -> None:
    """The answer in a sentence, the drop-down of the result, the grid; beside and below it what it is worked out by."""
    _GridWriter(book, page, book.grid).write()


class _GridWriter:
    """Writes the page."""

    def __init__(self, book: Book, page: GridPage, places: GridPlaces) -> None:
        self.book, self.page, self.places = book, page, places
        self.two_way = places.two_way
        self.sheet = book.sheet(page.title, page.tab)
        self.workings = GridWorkings(book, page, self.sheet, places)
        self.figures = self.workings.figures
        self.sides = (
            (self.two_way.rows, places.row_value, "base_row"),
            (self.two_way.columns, places.column_value, "base_column"),
        )
        first, last = places.figure(0, 0), places.figure(places.down - 1, places.across - 1)
        self.corners = first, last
        self.area = area(first, last)
        self.shown = ResultWords(
            places.working("unit").text(True, True),
            places.working("shown_as").text(True, True),
            page.percent,
            self.workings.unit(places.chosen),
            self.workings.is_share(places.chosen),
        )

    def write(self) -> None:
        self._widths()
        self._top()
        self._sides()
        self._figures()
        self.workings.write()
        self._heat()
        sheet, places = self.sheet, self.places
        sheet.freeze(places.figure(0, 0).row, 1)
        sheet.repeat_rows(0, places.rows_heading.row)
        # What the grid is worked out by is for the screen, not for paper.
        sheet.print_area(0, 0, places.last_row, max(places.last_column, 4))
        self.book.open_at(self.sheet)

    def _widths(self) -> None:
        places, sheet = self.places, self.sheet
        width = max(_FIGURE_WIDTH, _TEXT_WIDTH / places.across)
        self.book.widths(self.sheet, [_SIDE_WIDTH, *[width] * places.across])
        first = places.of_row(0, ROW_HELPERS[0]).column
        sheet.width(first - 1, _GAP_WIDTH)
        sheet.width(first, _HELPER_WIDTH, first + len(ROW_HELPERS) - 1)
        sheet.width(places.list_column - 1, _GAP_WIDTH)
        for step, width in enumerate(_LIST_WIDTHS):
            sheet.width(places.list_column + step, width)

    # --- above the grid

    def _top(self) -> None:
        book, page, places, sheet, styles = self.book, self.page, self.places, self.sheet, self.book.styles
        two_way, figures = self.two_way, self.figures
        words = {
            "result": Live(places.chooser.text(), places.labels[places.chosen]),
            "title": literal(book.subject.title),
            "currency": literal(book.subject.currency),
            "rows": literal(two_way.rows.line.label),
            "columns": literal(two_way.columns.line.label),
            "unit": self.shown.unit_words(),
            "least": figure_in_words(places.least.text(), figures.least, self.shown),
            **self._where("least_row", "least_at", figures.least_place),
        }
        writer = Writer({}, lambda line: "", book.values, 0, words)
        told, none = writer.write(page.headline), writer.write(page.no_figure)
        cached = none.cached if figures.least is None else told.cached
        sheet.height(0, 26)
        sheet.formula(
            0, 0, f"=IF(ISNUMBER({places.least.text()}),{told.excel},{none.excel})", cached, styles.of("title")
        )
        sheet.text(1, 0, writer.plain(page.subtitle), styles.of("subtitle"))
        book.verdict(sheet, 2, 0, "verdict")
        book.warned(sheet, 2, _WARNED_COLUMN, "verdict")
        self._chooser()
        for cell, text, row, least, place in (
            (places.least, page.least, "least", figures.least, figures.least_place),
            (places.most, page.most, "most", figures.most, figures.most_place),
        ):
            function = "MIN" if row == "least" else "MAX"
            sheet.text(cell.row, 0, text, styles.of("soft_indent"))
            formula = f'=IF(COUNT({self.area})=0,"{ABSENT}",{function}({self.area}))'
            sheet.formula(cell.row, cell.column, formula, least, self.workings.style("strong_number"))
            self._at(cell, f"{row}_row", f"{row}_at", least, place)
        self._base()
        self._note()

    def _where(self, row: str, column: str, place: tuple[int, int] | None) -> dict[str, Live]:
        """The values of the two inputs at a place that cells of the workings tell."""
        places, told = self.places, {}
        last_row, last_column = places.down - 1, places.across - 1
        for name, at, cells, side in (
            ("row", row, area(places.of_row(0, "words"), places.of_row(last_row, "words")), 0),
            ("column", column, area(places.of_column(0, "words"), places.of_column(last_column, "words")), 1),
        ):
            cached = side_in_words(self.sides[side][0], place[side], self.page.empty) if place else ""
            told[name] = Live(f"INDEX({cells},{places.working(at).text(True, True)})", cached)
        return told

    def _at(self, cell: Cell, row: str, column: str, figure: float | None, place: tuple[int, int] | None) -> None:
        """Where a figure is, and at how many others; right of it."""
        writer = Writer({}, lambda line: "", self.book.values, 0, self._where(row, column, place))
        told, here = writer.write(self.page.at), cell.text(True, True)
        same = f"SUMPRODUCT(({self.area}={here})*1)"
        others = self.figures.count(figure) - 1
        words = Live(f"FIXED({same}-1,0)", f"{others:,}")
        more = Writer({}, lambda line: "", self.book.values, 0, {"count": words}).write(" " + self.page.others)
        cached = "" if figure is None else told.cached + (more.cached if others else "")
        formula = f'=IF(ISNUMBER({here}),{told.excel}&IF({same}>1,{more.excel},""),"")'
        self.sheet.formula(cell.row, cell.column + 1, formula, cached, self.book.styles.of("soft_indent"))

    def _base(self) -> None:
        """What the base gives, and whether the grid has its combination."""
        places, page, sheet, styles = self.places, self.page, self.sheet, self.book.styles
        cell = places.base
        sheet.text(cell.row, 0, page.base, styles.of("soft_indent"))
        model = self.workings.model_area()
        formula = f"=INDEX({model},{places.working('result_row').text(True, True)},1)"
        sheet.formula(
            cell.row,
            cell.column,
            formula,
            self.book.values.value(self.two_way.result, 0),
            self.workings.style("strong_number"),
        )
        words, tests, inside = {}, [], True
        for name, (side, of, working) in zip(("row", "column"), self.sides, strict=True):
            here = places.working(working).text(True, True)
            value = self.workings.base_value(side.line)
            cached = value_in_words(side.line, value, page.empty)
            words[name] = Live(value_formula(side.line, here, page.empty), cached)
            tests.append(f'SUMPRODUCT(({area(of(0), of(len(side.values) - 1))}&""={here}&"")*1)>0')
            inside = inside and value in side.values
        told = Writer({}, lambda line: "", self.book.values, 0, words).write(page.at)
        formula = f'={told.excel}&", "&IF(AND({",".join(tests)}),"{page.inside}","{page.outside}")'
        cached = f"{told.cached}, {page.inside if inside else page.outside}"
        sheet.formula(cell.row, cell.column + 1, formula, cached, styles.of("soft_indent"))

    def _note(self) -> None:
        """Whether values along the sides were changed, or are missing; nothing as generated."""
        missing, edited = [], []
        for number, (side, of, _) in enumerate(self.sides):
            cells = area(of(0), of(len(side.values) - 1))
            if not side.line.optional:
                missing.append(f"COUNTBLANK({cells})")
            edited.append(f'SUMPRODUCT(({cells}&""<>{self._generated(number)}&"")*1)')
        text = f'IF({"+".join(edited)}>0,"{self.page.edited}","")'
        if missing:
            text = f'IF({"+".join(missing)}>0,"{self.page.missing}",{text})'
        cell = self.places.note
        style = self.book.styles.of("limit")
        self.sheet.formula(cell.row, cell.column, f"={text}", "", style)

    def _generated(self, number: int) -> str:
        places = self.places
        if number == 0:
            return area(places.of_row(0, "generated"), places.of_row(places.down - 1, "generated"))
        return area(places.of_column(0, "generated"), places.of_column(places.across - 1, "generated"))

    def _chooser(self) -> None:
        places, sheet, label = self.places, self.sheet, self.page.list_headings[0]
        cell = places.chooser
        sheet.text(cell.row, cell.column, places.labels[places.chosen], self.book.styles.of("chooser"))
        sheet.text(cell.row, cell.column + 1, self.page.chooser, self.book.styles.of("soft_indent"))
        source = f"={area(places.listed(0), places.listed(len(places.results) - 1))}"
        rule = input_cell.drop_down(self.book.template.words, source, label, self.page.chooser)
        sheet.validate(cell.row, cell.column, rule)

    # --- the grid

    def _sides(self) -> None:
        """The values of the two inputs, to be changed here and nowhere else."""
        places, sheet, styles, page = self.places, self.sheet, self.book.styles, self.page
        rows, columns = (self._heading(side.line) for side, _, _ in self.sides)
        cell = places.columns_heading
        sheet.text(cell.row, cell.column, page.across.format(columns=columns), styles.of("part"))
        for column in range(cell.column + 1, places.last_column + 1):
            sheet.blank(cell.row, column, styles.of("part_fill"))
        sheet.text(places.rows_heading.row, 0, page.down.format(rows=rows), styles.of("part"))
        look = self.book.template.look
        amber = styles.changed({"bg_color": look.colour("edited_fill"), "bold": True})
        bad = styles.changed({"bg_color": look.colour("bad_fill")})
        base = styles.changed({"border": 1, "border_color": look.colour("ink"), "bold": True})
        for number, (side, of, working) in enumerate(self.sides):
            for place, value in enumerate(side.values):
                at = of(place)
                input_cell.write(sheet, styles, (at.row, at.column), side.line, value, "side")
                # The drop-down of a pick is that of the first combination: all have the same points.
                sheet.validate(at.row, at.column, validation(self.book, side.line, at.text(), 1))
            first, last = of(0), of(len(side.values) - 1)
            generated = places.of_row(0, "generated") if number == 0 else places.of_column(0, "generated")
            rules = [
                (f'={first.text()}&""={places.working(working).text(True, True)}&""', base),
                (f'={first.text()}&""<>{generated.text()}&""', amber),
            ]
            if not side.line.optional:
                rules.insert(0, (f"=ISBLANK({first.text()})", bad))
            for test, style in rules:
                self._rule(first, last, {"type": "formula", "criteria": test, "format": style})

    def _heading(self, line: Given) -> str:
        unit = self.book.unit(line)
        if isinstance(line, Choice):
            return line.label
        return f"{line.label}, {unit}" if unit else line.label

    def _figures(self) -> None:
        """A cell for each combination: the result that is shown, of its scenario, from Model."""
        places, style, model = self.places, self.workings.style("number"), self.workings.model_area()
        line = places.working("result_row").text(True, True)
        for row, column in product(range(places.down), range(places.across)):
            before = places.of_row(row, "before").text(fix_column=True)
            number = places.of_column(column, "number").text(fix_row=True)
            at = places.figure(row, column)
            formula = f"=INDEX({model},{line},{before}+{number})"
            self.sheet.formula(at.row, at.column, formula, self.figures.at(row, column), style)

    # --- how it looks

    def _heat(self) -> None:
        """Green to amber, grey where there is no figure; the least bold, the base framed."""
        look, styles, places = self.book.template.look, self.book.styles, self.places
        first, last = self.corners
        here = first.text()
        row, column = f"${column_name(0)}{first.row + 1}", places.column_value(0).text(fix_row=True)
        base_row, base_column = (places.working(name).text(True, True) for name in ("base_row", "base_column"))
        grey = styles.changed({"font_color": look.colour("soft"), "bg_color": look.colour("band")})
        self._rule(first, last, {"type": "formula", "criteria": f"=NOT(ISNUMBER({here}))", "format": grey})
        is_base = f'{row}&""={base_row}&"",{column}&""={base_column}&""'
        is_least = f"{here}={places.least.text(True, True)}"
        framed: dict[str, Any] = {"border": 1, "border_color": look.colour("ink")}
        bold: dict[str, Any] = {"bold": True}
        # Some programs apply the first rule that holds and no other: each rule says all of a cell's look.
        for tests, marked in (
            ((is_base, is_least), framed | bold),
            ((is_base,), framed),
            ((is_least,), bold),
            ((), {}),
        ):
            self._looks(first, last, tests, marked)
        helped = [(places.of_row(0, name), places.of_row(places.down - 1, name)) for name in ("least", "most")]
        for top, bottom in ((places.least, places.base), *helped):
            self._looks(top, bottom, (), {})
        scale = {
            "type": "3_color_scale",
            "min_color": look.colour("heat_least"),
            "mid_color": look.colour("heat_middle"),
            "max_color": look.colour("heat_most"),
        }
        self._rule(first, last, scale)

    def _looks(self, first: Cell, last: Cell, tests: Sequence[str], marked: dict[str, Any]) -> None:
        """The number formats of cells that pass some tests: alike in the whole grid, to be compared at a glance."""
        places = self.places
        least, most = places.least.text(True, True), places.most.text(True, True)
        at, shown_as = first.text(), places.working("shown_as").text(True, True)
        kinds: tuple[tuple[str, dict[str, Any]], ...] = (
            (f'{shown_as}="{self.page.percent}"', {"num_format": _SHARE}),
            (f"IF(ISNUMBER({at}),{at}=INT({at}),FALSE)", {"num_format": "#,##0"}),
            (f"IF(ISNUMBER({least}),AND({most}<1,{least}>-1),FALSE)", {"num_format": _SMALL}),
            ("", {}),
        )
        for kind, shown in kinds:
            held = [*tests, *([kind] if kind else [])]
            if held and marked | shown:
                style = self.book.styles.changed(marked | shown)
                self._rule(first, last, {"type": "formula", "criteria": f"=AND({','.join(held)})", "format": style})

    def _rule(self, first: Cell, last: Cell, options: dict[str, Any]) -> None:
        self.sheet.conditional(first.row, first.column, last.row, last.column, options)
