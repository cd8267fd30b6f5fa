"""A workbook while it is written: what all pages need."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format

import tco_xlsx
from tco_xlsx.book.layout import FIRST_ROW, HEADING_ROW, LABEL, Layout
from tco_xlsx.book.live_text import Writer, fixed, quoted, with_count
from tco_xlsx.book.quick import QuickWorksheet
from tco_xlsx.book.sheet import Sheet
from tco_xlsx.book.style import Styles
from tco_xlsx.book.subject import Subject
from tco_xlsx.book.template import Template
from tco_xlsx.evaluate import Values
from tco_xlsx.formula import Cell, column_name, sheet_prefix
from tco_xlsx.lines import Derived, Line, Model

PRODUCT = "tco-xlsx"
LANDSCAPE_A4 = 9


@dataclass
class Book:
    """One workbook of one or several scenarios."""

    workbook: Workbook
    model: Model
    values: Values
    template: Template
    layout: Layout
    styles: Styles
    subjects: list[Subject]
    worksheet_class: type = QuickWorksheet

    @property
    def subject(self) -> Subject:
        """The first scenario."""
        return self.subjects[0]

    @property
    def fixed_words(self) -> dict[str, str]:
        """The texts that templates may name beside lines."""
        subject = self.subject
        return {
            "title": subject.title,
            "currency": subject.currency,
            "product": PRODUCT,
            "version": tco_xlsx.__version__,
            "scenario_sha": subject.scenario.sha256[:12],
            "points": subject.points_words,
        }

    def sheet(self, title: str, tab: str) -> Sheet:
        """A new sheet with the settings that all share."""
        worksheet = self.workbook.add_worksheet(title, self.worksheet_class)
        worksheet.hide_gridlines(2)
        worksheet.set_tab_color(self.template.look.colour(tab))
        worksheet.set_landscape()
        worksheet.set_paper(LANDSCAPE_A4)
        worksheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
        worksheet.fit_to_pages(1, 0)
        words = self.template.words
        # "&" starts a code in a footer; a title such as R&D must double it. The space ends the font size: 8 and a
        # title that begins with 70B would be a font of 870 points.
        name = self.subject.title.replace("&", "&&")[:120]
        product = words.footer.format(product=PRODUCT, version=tco_xlsx.__version__)
        worksheet.set_footer(f"&L&8 {name}&C&8&A&R&8 {product}, {words.page} &P {words.of} &N")
        worksheet.protect(
            "", {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}
        )
        return Sheet(worksheet, title)

    def heading(self, sheet: Sheet, subtitle: str) -> None:
        """Title, subtitle and verdict in the first three rows."""
        sheet.worksheet.set_row(0, 24)
        sheet.text(0, 0, sheet.name, self.styles.of("title"))
        sheet.text(1, 0, subtitle, self.styles.of("subtitle"))
        self.verdict(sheet, 2, 0, "verdict")

    def headings(self, sheet: Sheet, texts: list[str], left: tuple[int, ...]) -> None:
        """The row of column headings; `left` are the columns whose content is aligned left."""
        for column, text in enumerate(texts):
            sheet.text(HEADING_ROW, column, text, self.styles.of("heading" if column in left else "heading_right"))
        sheet.worksheet.freeze_panes(FIRST_ROW, 1)
        sheet.worksheet.repeat_rows(0, HEADING_ROW)

    def verdict(self, sheet: Sheet, row: int, column: int, style: str) -> None:
        """The verdict of all checks, live."""
        failing = self.model.failing
        assert failing is not None
        words, number = self.template.words, self.values.value(failing)
        assert number is not None
        applying = sum(self.values.value(check.holds) is not None for check in self.model.checks)
        text = words.holds.format(count=applying)
        if number:
            text = words.fails_one if number == 1 else words.fails_many.format(failing=fixed(number, 0))
        home = self.layout.cell(failing, 0, 0)
        if sheet.name == home.sheet:
            sheet.formula(row, column, self._verdict_formula(home.text()), text, self.styles.of(style))
        else:
            told = Cell(home.sheet, home.row, LABEL).text()
            sheet.formula(row, column, f"={sheet_prefix(home.sheet)}{told}", text, self.styles.of(style))
        place = f"{column_name(column)}{row + 1}"
        look = self.template.look
        for wrong, ink in ((False, "good_ink"), (True, "bad_ink")):
            style_ = self.styles.changed({"font_color": look.colour(ink)})
            test = f"={'' if wrong else 'NOT'}(LEFT({place},1)<>LEFT({quoted(words.holds)},1))"
            sheet.conditional(row, column, row, column, {"type": "formula", "criteria": test, "format": style_})

    def _verdict_formula(self, failing: str) -> str:
        words = self.template.words
        top, bottom = (self.layout.cell(self.model.checks[end].holds, 0, 0).text() for end in (0, -1))
        holds = with_count(words.holds, f"FIXED(COUNT({top}:{bottom}),0)")
        many = with_count(words.fails_many, f"FIXED({failing},0)")
        return f"=IF({failing}=0,{holds},IF({failing}=1,{quoted(words.fails_one)},{many}))"

    def line(self, sheet: Sheet, line: Line, style: str, scenario: int = 0, index: int = 0) -> None:
        """A line's formula in its cell."""
        assert isinstance(line, Derived)
        cell = self.layout.cell(line, scenario, index)
        formula = self.layout.formula(line, scenario, index)
        value = self.values.value(line, scenario, index)
        sheet.formula(cell.row, cell.column, formula, value, self.number_style(style, line))

    def mirror(self, sheet: Sheet, row: int, column: int, line: Line, style: Format) -> None:
        """A link to a line's cell on another sheet, with its value."""
        formula = "=" + self.layout.address(line, sheet=sheet.name)
        sheet.formula(row, column, formula, self.values.value(line), style)

    def number_style(self, kind: str, line: Line) -> Format:
        """A style with the number format of a line."""
        return self.styles.of(kind, self.styles.format_of(line))

    def unit(self, line: Line) -> str:
        """The unit of a line as shown."""
        return self.template.units[line.unit].words.format(currency=self.subject.currency)

    def texts(self, sheet: Sheet) -> Writer:
        """The writer of live texts on a sheet."""
        return Writer(
            self.model.by_name,
            lambda line: self.layout.address(line, sheet=sheet.name),
            self.values,
            0,
            self.fixed_words,
        )

    def live(self, sheet: Sheet, row: int, column: int, text: str, style: Format) -> None:
        """A text of the template in a cell: a formula where it holds live numbers."""
        live = self.texts(sheet).write(text)
        if live.fixed:
            sheet.text(row, column, live.cached, style)
        else:
            sheet.formula(row, column, f"={live.excel}", live.cached, style)
