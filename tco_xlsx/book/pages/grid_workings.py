"""What the grid is worked out by: cells right of it and below it, and the list of results to choose from."""

from __future__ import annotations

from collections.abc import Callable

from tco_xlsx.analysis.two_way import Side
from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.pages.compared_pages import GridPage
from tco_xlsx.book.pages.grid_words import Figures, side_in_words, value_formula
from tco_xlsx.book.two_way import COLUMN_HELPERS, ROW_HELPERS, WORKINGS, GridPlaces, area
from tco_xlsx.book.xlsx.sheet import Format, Sheet
from tco_xlsx.language.excel import ABSENT, Cell, sheet_prefix
from tco_xlsx.language.lines import Choice, Given


class GridWorkings:
    """Writes them; `figures` are the results as they are now."""

    def __init__(self, book: Book, page: GridPage, sheet: Sheet, places: GridPlaces) -> None:
        self.book, self.page, self.sheet, self.places = book, page, sheet, places
        self.two_way = places.two_way
        self.figures = Figures(book.values, self.two_way)

    def write(self) -> None:
        """All of it."""
        self._rows()
        self._columns()
        self._workings()
        self._list()

    def style(self, kind: str) -> Format:
        """A style for figures of any result."""
        return self.book.styles.of(kind, self.book.template.format_of("figure"))

    def model_area(self) -> str:
        """All results of all scenarios on Model."""
        first, last = self._corners()
        return sheet_prefix(first.sheet) + area(first, last)

    def _corners(self) -> tuple[Cell, Cell]:
        layout = self.book.layout
        cells = [
            layout.cell(line, scenario, 0)
            for line in self.places.results
            for scenario in (0, self.book.shape.scenarios - 1)
        ]
        rows, columns = [cell.row for cell in cells], [cell.column for cell in cells]
        sheet = cells[0].sheet
        return Cell(sheet, min(rows), min(columns)), Cell(sheet, max(rows), max(columns))

    def _rows(self) -> None:
        places, sheet, styles = self.places, self.sheet, self.book.styles
        for helper in ROW_HELPERS:
            above = places.row_helper_heading(helper)
            sheet.text(above.row, above.column, self.page.row_helpers[helper], styles.of("column"))
        side = self.two_way.rows
        for row in range(places.down):
            at = {helper: places.of_row(row, helper) for helper in ROW_HELPERS}
            cells = area(places.figure(row, 0), places.figure(row, places.across - 1)).replace("$", "")
            sheet.number(
                at["before"].row, at["before"].column, self.two_way.scenario(row, 0), styles.of("soft_number", "0")
            )
            self._helped(side, row, at["generated"], at["words"], places.row_value(row))
            for name, function, figure in (
                ("least", "MIN", self.figures.row_least[row]),
                ("most", "MAX", self.figures.row_most[row]),
            ):
                here = at[name]
                formula = f'=IF(COUNT({cells})=0,"{ABSENT}",{function}({cells}))'
                sheet.formula(here.row, here.column, formula, figure, self.style("soft_number"))
                found = at[f"{name}_at"]
                formula = f'=IF(ISNUMBER({here.text()}),MATCH({here.text()},{cells},0),"{ABSENT}")'
                place = None if figure is None else self.figures.column_of(row, figure) + 1
                sheet.formula(found.row, found.column, formula, place, styles.of("soft_number", "0"))

    def _columns(self) -> None:
        places, sheet, styles = self.places, self.sheet, self.book.styles
        for helper in COLUMN_HELPERS:
            at = places.of_column(-1, helper)
            sheet.text(at.row, at.column, self.page.column_helpers[helper], styles.of("soft_indent"))
        for column in range(places.across):
            number, generated, words = (places.of_column(column, helper) for helper in COLUMN_HELPERS)
            # The first column of a row is the scenario that its own helper tells.
            sheet.number(number.row, number.column, column + 1, styles.of("soft_number", "0"))
            self._helped(self.two_way.columns, column, generated, words, places.column_value(column))

    def _helped(self, side: Side, place: int, generated: Cell, words: Cell, value: Cell) -> None:
        at, styles = (generated.row, generated.column), self.book.styles
        input_cell.write(self.sheet, styles, at, side.line, side.values[place], "soft_number_top")
        text = side_in_words(side, place, self.page.empty)
        formula = f"={self._in_words(side.line, value.text())}"
        self.sheet.formula(words.row, words.column, formula, text, styles.of("soft_number"))

    def _in_words(self, line: Given, cell: str) -> str:
        return value_formula(line, cell, self.page.empty)

    def _workings(self) -> None:
        places, sheet, styles, page = self.places, self.sheet, self.book.styles, self.page
        heading = places.workings_heading
        sheet.text(heading.row, heading.column, page.workings, styles.of("part"))
        sheet.blank(heading.row, heading.column + 1, styles.of("part_fill"))
        sides = {"rows": self.two_way.rows.line.label, "columns": self.two_way.columns.line.label}
        written: dict[str, Callable[[], tuple[str, float | str | None]]] = {
            "result_row": lambda: self._of_list(1),
            "unit": lambda: self._of_list(2),
            "shown_as": lambda: self._of_list(3),
            "least_row": lambda: self._row_of("least"),
            "least_at": lambda: self._column_of("least"),
            "most_row": lambda: self._row_of("most"),
            "most_at": lambda: self._column_of("most"),
            "base_row": lambda: self._of_base(self.two_way.rows),
            "base_column": lambda: self._of_base(self.two_way.columns),
        }
        for name in WORKINGS:
            at = places.working(name)
            sheet.text(at.row, at.column - 1, page.working_labels[name].format(**sides), styles.of("soft_indent"))
            formula, value = written[name]()
            style = styles.of("number", "General" if name.startswith("base") else "")
            sheet.formula(at.row, at.column, f"={formula}", value, style)

    def _of_list(self, column: int) -> tuple[str, float | str | None]:
        places = self.places
        last = len(places.results) - 1
        found = f"MATCH({places.chooser.text(True, True)},{area(places.listed(0), places.listed(last))},0)"
        formula = f"INDEX({area(places.listed(0, column), places.listed(last, column))},{found})"
        # An empty cell that is picked reads as 0.
        return formula if column == 1 else f'{formula}&""', self._listed(places.chosen)[column]

    def _row_of(self, name: str) -> tuple[str, float | None]:
        places = self.places
        cell = (places.least if name == "least" else places.most).text(True, True)
        cells = area(places.of_row(0, name), places.of_row(places.down - 1, name))
        place = self.figures.least_place if name == "least" else self.figures.most_place
        return f'IF(ISNUMBER({cell}),MATCH({cell},{cells},0),"{ABSENT}")', None if place is None else place[0] + 1

    def _column_of(self, name: str) -> tuple[str, float | None]:
        places = self.places
        row = places.working(f"{name}_row").text(True, True)
        cells = area(places.of_row(0, f"{name}_at"), places.of_row(places.down - 1, f"{name}_at"))
        place = self.figures.least_place if name == "least" else self.figures.most_place
        return f'IF(ISNUMBER({row}),INDEX({cells},{row}),"{ABSENT}")', None if place is None else place[1] + 1

    def _of_base(self, side: Side) -> tuple[str, float | str | None]:
        cell = self.book.layout.cell(side.line, 0, 0)
        there = sheet_prefix(cell.sheet) + cell.text(True, True)
        value = self.base_value(side.line)
        formula = f'IF(ISBLANK({there}),"",{there})' if side.line.may_be_empty else there
        return formula, "" if value is None else value

    def base_value(self, line: Given) -> float | str | None:
        """An input of the base; None when empty."""
        values = self.book.values
        return values.code(line, 0) if isinstance(line, Choice) else values.value(line, 0)

    def _list(self) -> None:
        """The results from which the drop-down chooses."""
        places, sheet, styles = self.places, self.sheet, self.book.styles
        for column, text in enumerate(self.page.list_headings):
            at = places.listed(-1, column)
            sheet.text(at.row, at.column, text, styles.of("column" if column == 1 else "column_left"))
        for number in range(len(places.results)):
            for column, told in enumerate(self._listed(number)):
                at = places.listed(number, column)
                if isinstance(told, str):
                    sheet.text(at.row, at.column, told, styles.of("soft"))
                else:
                    sheet.number(at.row, at.column, told, styles.of("soft_number", "0"))

    def _listed(self, number: int) -> tuple[str | float, ...]:
        line, first = self.places.results[number], self._corners()[0]
        row = self.book.layout.cell(line, 0, 0).row - first.row + 1
        shown = self.page.percent if self.is_share(number) else self.page.plain
        return self.places.labels[number], float(row), self.unit(number), shown

    def unit(self, number: int) -> str:
        """The unit of a result of the list, or what its codes mean."""
        line = self.places.results[number]
        if line.states:
            codes = ", ".join(f"{code} {word}" for code, word in line.states.items())
            return self.page.codes.format(codes=codes)
        return self.book.unit(line)

    def is_share(self, number: int) -> bool:
        """Whether a result of the list is told in percent."""
        return self.book.styles.format_of(self.places.results[number]).endswith("%")
