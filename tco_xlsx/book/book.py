"""A workbook while it is written: what all pages need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, ClassVar

import tco_xlsx
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.provenance import Provenance
from tco_xlsx.book.shape import FIRST_ROW, HEADING_ROW, LABEL, VALUE, Shape
from tco_xlsx.book.style import LARGE_DIFFERENCE, Styles
from tco_xlsx.book.template import Template
from tco_xlsx.book.workbook_kinds import WorkbookKind
from tco_xlsx.book.xlsx.private import FasterWorksheet
from tco_xlsx.book.xlsx.recorder import AnyWorkbook, sheet_on
from tco_xlsx.book.xlsx.sheet import Format, Sheet
from tco_xlsx.documents.text_out import cut, visible
from tco_xlsx.language.evaluate import Values
from tco_xlsx.language.excel import Cell, column_name, sheet_prefix
from tco_xlsx.language.lines import Derived, Line
from tco_xlsx.language.live_text import Live, Writer, fixed, literal, quoted, with_count
from tco_xlsx.language.rounding import WHOLE, is_counted
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles

PRODUCT = "tco-xlsx"
_LONGEST_FOOTER_TITLE = 150
_WIDEST_PAGE = 420
"""Characters; more would be too small to read on one page."""


def footer_text(title: str) -> str:
    """A title in a footer, where "&" starts a code: "R&D" doubles it. Excel counts in UTF-16, to 255 in all.

    XlsxWriter takes "&G" for a picture even where "&&G" is written, so a space comes between.
    """
    text = visible(title).replace("\n", " ").replace("&G", "& G").replace("&", "&&")
    text = cut(text, _LONGEST_FOOTER_TITLE, end="")
    return text.removesuffix("&") if text.endswith("&") and not text.endswith("&&") else text


@dataclass
class Book:
    """The workbook of one scenario, and what those of several have in common with it."""

    kind: ClassVar[WorkbookKind] = "one"

    workbook: AnyWorkbook
    model: Model
    values: Values
    template: Template
    shape: Shape
    layout: Layout
    styles: Styles
    subjects: list[Provenance]
    worksheet_class: type = FasterWorksheet
    _writers: dict[str, Writer] = field(default_factory=dict, init=False, repr=False)
    _units: dict[str, str] = field(default_factory=dict, init=False, repr=False)

    @property
    def subject(self) -> Provenance:
        """The first scenario."""
        return self.subjects[0]

    @cached_property
    def shown(self) -> int:
        """The number of the scenario that the first page shows as the workbook is written."""
        return 0

    @cached_property
    def title(self) -> str:
        """What the workbook is called."""
        return self.subject.title

    @cached_property
    def currency(self) -> str:
        """The currency of a column of values: words where scenarios have different ones."""
        return self.subject.currency

    @property
    def labels(self) -> Sequence[str]:
        """The names by which scenarios are told apart, where there are several."""
        return ()

    def block_labels(self, scenario: int) -> Sequence[str]:
        """What stands above rows that are those of a scenario: its label, where there are several."""
        return self.labels[scenario : scenario + 1]

    def value_headings(self, heading: str) -> list[str]:
        """The headings of the columns of values."""
        return [heading]

    @property
    def pages(self) -> list[Any]:
        """The pages of the template that this workbook has."""
        pages = self.template.pages_of(self.kind)
        return [page for page in pages if page.kind != "tables" or self.layout.on(page.title)]

    def holder(self, line: Line, scenario: int) -> int:
        """The scenario whose cell holds an input: its own, or the one from which it is inherited."""
        return scenario

    def side_value(self, line: Line, scenario: int) -> str | None:
        """The cell along a side of a grid that a scenario's input is linked to, if it is."""
        return None

    def open_at(self, sheet: Sheet) -> None:
        """Show a sheet when the workbook is opened, if it is the first: two would be edited as one."""
        if sheet.name == self.pages[0].title:
            sheet.show_first()

    @cached_property
    def words(self) -> dict[str, Live]:
        """The texts that templates may name beside lines: of the scenario that is shown."""
        subject = self.subjects[self.shown]
        words = {
            "title": subject.title,
            "currency": subject.currency,
            "product": PRODUCT,
            "version": tco_xlsx.__version__,
            "scenario_sha": subject.scenario.sha256[:12],
            "points": subject.points_words,
        }
        return {name: literal(text) for name, text in words.items()}

    def curve_range(self, name: str) -> tuple[str, int, int, int, int]:
        """The cells of a line of the curve along the points of the scenario that is shown."""
        return self.layout.range(getattr(roles, f"curve_{name}"))

    def sheet(self, title: str, tab: str) -> Sheet:
        """A new sheet with the settings that all share."""
        sheet = sheet_on(self.workbook.add_worksheet(title, self.worksheet_class), title)
        sheet.hide_gridlines()
        sheet.tab_colour(self.template.look.colour(tab))
        sheet.landscape_a4()
        words = self.template.words
        # The space ends the font size: 8 and a title that begins with 70B would be a font of 870 points.
        name = footer_text(self.title)
        product = words.footer.format(product=PRODUCT, version=tco_xlsx.__version__)
        sheet.footer(f"&L&8 {name}&C&8&A&R&8 {product}, {words.page} &P {words.of} &N")
        sheet.protect()
        return sheet

    def heading(self, sheet: Sheet, subtitle: str) -> None:
        """Title, subtitle and verdict in the first three rows."""
        sheet.height(0, 24)
        sheet.text(0, 0, sheet.name, self.styles.of("title"))
        sheet.text(1, 0, subtitle, self.styles.of("subtitle"))
        self.verdict(sheet, 2, 0, "verdict")

    def widths(self, sheet: Sheet, widths: Sequence[float]) -> None:
        """The widths of the columns from the first on; many scenarios do not fit onto the width of one page."""
        for column, width in enumerate(widths):
            sheet.width(column, width)
        if sum(widths) > _WIDEST_PAGE:
            sheet.fit_to_pages(0, 0)
            sheet.repeat_columns(0, 0)

    def headings(self, sheet: Sheet, texts: list[str], left: tuple[int, ...]) -> None:
        """The row of column headings; `left` are the columns whose content is aligned left."""
        for column, text in enumerate(texts):
            sheet.text(HEADING_ROW, column, text, self.styles.of("heading" if column in left else "heading_right"))
        sheet.freeze(FIRST_ROW, 1)
        sheet.repeat_rows(0, HEADING_ROW)

    @property
    def failing_cell(self) -> Cell:
        """The cell with the number of checks that fail; the words of the verdict stand left of it."""
        return Cell(self.template.page("checks").title, 2, VALUE)

    @property
    def raised_cell(self) -> Cell:
        """The cell with the number of warnings; their words stand left of it."""
        return self.failing_cell._replace(row=3)

    @cached_property
    def failing(self) -> int:
        """How many checks fail, in all scenarios and in the comparison of them."""
        return int(self._counted(self.model.failing))

    @cached_property
    def applying(self) -> int:
        """How many checks apply, in all scenarios and in the comparison of them."""
        scenarios = range(len(self.subjects))
        return sum(self.values.value(check.holds, one) is not None for check in self.model.checks for one in scenarios)

    @property
    def further_verdicts(self) -> Sequence[str]:
        """The cells of verdicts that are not on the page of checks."""
        return ()

    @cached_property
    def raised(self) -> int:
        """How many warnings there are, in all scenarios."""
        return int(self._counted(self.model.raised))

    def _counted(self, count: Line | None) -> float:
        assert count is not None
        return sum(self.values.value(count, scenario) or 0 for scenario in range(len(self.subjects)))

    def verdict(self, sheet: Sheet, row: int, column: int, style: str) -> None:
        """The verdict of all checks, live."""
        words, number, applying = self.template.words, self.failing, self.applying
        text = words.holds.format(count=f"{applying:,}") if applying else words.none_apply
        if number:
            text = words.fails_one if number == 1 else words.fails_many.format(failing=fixed(number, 0))
        self._told(sheet, row, column, style, self.failing_cell, self._verdict_formula, text)
        place = f"{column_name(column)}{row + 1}"
        look = self.template.look
        begins = [f"LEFT({place},1)=LEFT({quoted(text)},1)" for text in (words.holds, words.none_apply)]
        for ink, test in (("good_ink", begins[0]), ("bad_ink", f"NOT(OR({','.join(begins)}))")):
            style_ = self.styles.changed({"font_color": look.colour(ink)})
            sheet.conditional(row, column, row, column, {"type": "formula", "criteria": f"={test}", "format": style_})

    def warned(self, sheet: Sheet, row: int, column: int, style: str) -> None:
        """How many warnings about the inputs there are, live."""
        words, number = self.template.words, self.raised
        text = words.warned_one if number == 1 else words.warned_many.format(raised=fixed(number, 0))
        self._told(
            sheet, row, column, style, self.raised_cell, self._warned_formula, text if number else words.warned_none
        )
        place = f"{column_name(column)}{row + 1}"
        look = self.template.look
        nothing = f"LEFT({place},1)=LEFT({quoted(words.warned_none)},1)"
        for ink, test in (("soft", nothing), ("warning", f"NOT({nothing})")):
            style_ = self.styles.changed({"font_color": look.colour(ink)})
            sheet.conditional(row, column, row, column, {"type": "formula", "criteria": f"={test}", "format": style_})

    def _told(
        self, sheet: Sheet, row: int, column: int, style: str, home: Cell, formula: Callable[[str], str], text: str
    ) -> None:
        """Words beside a number on the page of checks, and links to them everywhere else."""
        if sheet.name == home.sheet:
            sheet.formula(row, column, formula(home.text()), text, self.styles.of(style))
        else:
            told = Cell(home.sheet, home.row, LABEL).text()
            sheet.formula(row, column, f"={sheet_prefix(home.sheet)}{told}", text, self.styles.of(style))

    def _verdict_formula(self, failing: str) -> str:
        words, layout = self.template.words, self.layout
        last = self.shape.scenarios - 1
        top = layout.cell(self.model.checks[0].holds, 0, 0).text()
        bottom = layout.cell(self.model.checks[-1].holds, last, 0).text()
        count = f"COUNT({','.join([f'{top}:{bottom}', *self.further_verdicts])})"
        holds = with_count(words.holds, f"FIXED({count},0)")
        holds = f"IF({count}=0,{quoted(words.none_apply)},{holds})"
        many = with_count(words.fails_many, f"FIXED({failing},0)")
        return f"=IF({failing}=0,{holds},IF({failing}=1,{quoted(words.fails_one)},{many}))"

    def _warned_formula(self, raised: str) -> str:
        words = self.template.words
        many = with_count(words.warned_many, f"FIXED({raised},0)")
        one, none = quoted(words.warned_one), quoted(words.warned_none)
        return f"=IF({raised}=0,{none},IF({raised}=1,{one},{many}))"

    def line(self, sheet: Sheet, line: Line, style: str, scenario: int = 0, index: int = 0) -> None:
        """A line's formula in its cell."""
        assert isinstance(line, Derived)
        cell = self.layout.cell(line, scenario, index)
        formula = self.layout.formula(line, scenario, index)
        value = self.values.value(line, scenario, index)
        sheet.formula(cell.row, cell.column, formula, value, self.number_style(style, line))

    def point_column(self, line: Line) -> str:
        """The cells of a line in all points of all scenarios, such as Workings!$D$7:$D$90."""
        first = self.layout.cell(line)
        last = first._replace(row=self.shape.last_point)
        return f"{sheet_prefix(first.sheet)}{first.text(True, True)}:{last.text(True, True)}"

    def mirror(self, sheet: Sheet, row: int, column: int, line: Line, style: Format) -> None:
        """A link to a line's cell on another sheet, with its value in the scenario that is shown."""
        formula = "=" + self.layout.address(line, sheet=sheet.name)
        sheet.formula(row, column, formula, self.values.value(line, self.shown), style)

    def pick_shown(self, sheet: Sheet, line: Line, style: Format) -> None:
        """The value of the scenario that is shown, where it has a column of its own."""

    def cut_large(self, sheet: Sheet, row: int, column: int, last_row: int, last_column: int) -> None:
        """Show large differences without decimals."""
        size, shown = LARGE_DIFFERENCE
        test = f"=ABS({column_name(column)}{row + 1})>={size}"
        options = {"type": "formula", "criteria": test, "format": self.styles.changed({"num_format": shown})}
        sheet.conditional(row, column, last_row, last_column, options)

    def whole_too(self, sheet: Sheet, line: Line, row: int, column: int, last: tuple[int, int] | None = None) -> None:
        """Show counted units without decimals where they have no fraction; from one cell to the `last`."""
        if is_counted(line) and not self.template.units[line.unit].format:
            here = f"{column_name(column)}{row + 1}"
            style = self.styles.changed({"num_format": WHOLE})
            options = {"type": "formula", "criteria": f"={here}=INT({here})", "format": style}
            sheet.conditional(row, column, *(last or (row, column)), options)

    def number_style(self, kind: str, line: Line) -> Format:
        """A style with the number format of a line."""
        return self.styles.of_line(kind, line)

    def unit(self, line: Line) -> str:
        """The unit of a line as shown."""
        if line.unit not in self._units:
            self._units[line.unit] = self.template.units[line.unit].words.format(currency=self.currency)
        return self._units[line.unit]

    def texts(self, sheet: Sheet) -> Writer:
        """The writer of live texts on a sheet."""
        if sheet.name not in self._writers:
            address = partial(self.layout.address, sheet=sheet.name)
            self._writers[sheet.name] = Writer(self.model.by_name, address, self.values, self.shown, self.words)
        return self._writers[sheet.name]

    def live(self, sheet: Sheet, row: int, column: int, text: str, style: Format) -> None:
        """A text of the template in a cell: a formula where it holds live numbers."""
        live = self.texts(sheet).write(text)
        if live.fixed:
            sheet.text(row, column, live.cached, style)
        else:
            sheet.formula(row, column, f"={live.excel}", live.cached, style)
