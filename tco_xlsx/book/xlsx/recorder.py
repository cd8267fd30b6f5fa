"""A workbook as the pages ask for it: the calls and the cells, noted down instead of carried out.

What depends on the scenario alone is kept apart from the calls, as contents: the numbers, texts, formulas and cached
values of the cells, the heights of rows, the footers, the title, the values of custom properties. Two workbooks whose
calls and cells are equal have the same XML around the same contents.

Only calls whose effect is known are taken. Any other raises CannotRecord: the pages are then written directly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import copysign, isfinite
from typing import Any, NamedTuple

from xlsxwriter import Workbook

from tco_xlsx.book.xlsx.private import format_key
from tco_xlsx.book.xlsx.sheet import LONGEST_FORMULA, Sheet, link_target
from tco_xlsx.language.excel import ABSENT

TEXT, NUMBER, FORMULA, BLANK = "text", "number", "formula", "blank"
"""What a cell holds."""

# XlsxWriter counts in UTF-16 units and cuts what is longer; half of Excel's limit can never be too long.
_SURE_TEXT = 16_383
_LONGEST_FOOTER_BYTES = 2 * 255
_LONGEST_PROPERTY = 127
# Those of which docProps/core.xml alone tells.
_PROPERTIES = frozenset({"author", "category", "comments", "created", "keywords", "status", "subject", "title"})

# Calls that change no cell, and that do the same whether they come before the cells or after.
_OF_WORKBOOK = frozenset({"define_name", "set_calc_mode"})
_OF_WORKSHEET = frozenset(
    {
        "activate",
        "conditional_format",
        "data_validation",
        "fit_to_pages",
        "freeze_panes",
        "hide_gridlines",
        "print_area",
        "protect",
        "repeat_columns",
        "repeat_rows",
        "set_first_sheet",
        "set_landscape",
        "set_margins",
        "set_paper",
        "set_portrait",
        "set_tab_color",
        "set_zoom",
    }
)
_OF_CHART = frozenset(
    {
        "add_series",
        "combine",
        "set_chartarea",
        "set_high_low_lines",
        "set_legend",
        "set_plotarea",
        "set_size",
        "set_style",
        "set_title",
        "set_up_down_bars",
        "set_x2_axis",
        "set_x_axis",
        "set_y2_axis",
        "set_y_axis",
        "show_blanks_as",
    }
)


class CannotRecord(Exception):
    """Something of which it is not known how it would change the XML."""


class Style:
    """A format: its properties, frozen, and the key under which XlsxWriter finds formats that look alike.

    Styles are the same when they are one object.
    """

    __slots__ = ("key", "properties")

    def __init__(self, properties: Any) -> None:
        self.properties = properties
        self.key = format_key(thawed(properties))


class Call(NamedTuple):
    """A call: on the workbook ("", 0), on a sheet ("sheet", number) or on a chart ("chart", number)."""

    target: tuple[str, int]
    method: str
    arguments: Any
    named: Any


CellRun = tuple[int, int, str, Style, int]
"""Cells below each other that hold the same: row and column of the first, what they hold, their style, how many."""


class _Recorded:
    """What is called here is noted."""

    def __init__(self, target: tuple[str, int], calls: list[Call]) -> None:
        self.target = target
        self.calls = calls

    def __getattr__(self, method: str) -> Callable[..., None]:
        raise CannotRecord(method)

    def _record(self, method: str, *arguments: Any, **named: Any) -> None:
        self.calls.append(Call(self.target, method, frozen(arguments), frozen(named) if named else None))


class RecordedChart(_Recorded):
    """A chart that takes notes."""


class RecordedWorksheet(_Recorded):
    """A worksheet that takes notes.

    `cells` are in the order of writing; `texts` (numbers of shared strings), `numbers`,
    `formulas` (with their "=") and their `cached` values are what is in them, each in that order too.
    """

    def __init__(self, name: str, number: int, calls: list[Call], strings: dict[str, int]) -> None:
        super().__init__(("sheet", number), calls)
        self.name = name
        self.strings = strings
        self.cells: list[CellRun] = []
        self.texts: list[int] = []
        self.numbers: list[float] = []
        self.formulas: list[str] = []
        self.cached: list[float | str] = []
        self.heights: dict[int, float] = {}
        self.height_came_first = False
        self.has_charts = False
        self.footer: str | None = None

    def set_row(self, row: int, height: float, *more: Any, **named: Any) -> None:
        """The height of a row in points, and nothing else."""
        if more or named or type(row) is not int or type(height) not in (int, float) or not height > 0:
            raise CannotRecord("a row with a format or hidden")
        if not self.cells and not self.heights:
            # XlsxWriter then counts the first column among those in use.
            self.height_came_first = True
        self.heights[row] = height

    def set_column(self, first: int, last: int, width: float, *more: Any, **named: Any) -> None:
        """The width of columns in characters, and nothing else."""
        if more or named:
            raise CannotRecord("a column with a format or hidden")
        self._record("set_column", first, last, width)

    def set_footer(self, footer: str, *more: Any, **named: Any) -> None:
        """The footer; one that XlsxWriter would change or refuse is not for us."""
        if more or named:
            raise CannotRecord("a footer with a picture or margin")
        too_long = len(footer.encode("utf-16-le", "surrogatepass")) > _LONGEST_FOOTER_BYTES
        if not footer or too_long or "&G" in footer or "&[Picture]" in footer:
            raise CannotRecord("a footer")
        self.footer = footer

    def insert_chart(self, *arguments: Any) -> None:
        """A chart at a cell."""
        self.has_charts = True
        self._record("insert_chart", *arguments)


class RecordedWorkbook(_Recorded):
    """A workbook that takes notes."""

    def __init__(self) -> None:
        super().__init__(("", 0), [])
        self.strings: dict[str, int] = {}
        self.sheets: list[RecordedWorksheet] = []
        self.properties: dict[str, Any] = {}
        self.custom: list[tuple[str, str]] = []
        self._charts = 0

    def add_worksheet(self, name: str, worksheet_class: type | None = None) -> RecordedWorksheet:
        """A further sheet."""
        self._record("add_worksheet", name)
        self.sheets.append(RecordedWorksheet(name, len(self.sheets), self.calls, self.strings))
        return self.sheets[-1]

    def add_chart(self, options: dict[str, Any]) -> RecordedChart:
        """A further chart."""
        self._record("add_chart", options)
        self._charts += 1
        return RecordedChart(("chart", self._charts - 1), self.calls)

    def add_format(self, properties: dict[str, Any]) -> Style:
        """The style with those properties."""
        return style_of(frozen(properties))

    def set_properties(self, properties: dict[str, Any]) -> None:
        """The properties of the document."""
        if not _PROPERTIES.issuperset(properties):
            raise CannotRecord("a property of the document")
        self.properties = dict(properties)

    def set_custom_property(self, name: str, value: str, *more: Any) -> None:
        """A property of our own, always a text."""
        if more or type(value) is not str or type(name) is not str or max(len(value), len(name)) > _LONGEST_PROPERTY:
            raise CannotRecord("a custom property")
        self.custom.append((name, value))


AnyWorkbook = Workbook | RecordedWorkbook
"""What pages write to: a workbook of XlsxWriter, or one that takes notes."""


def _noted(method: str) -> Callable[..., None]:
    def note(self: _Recorded, *arguments: Any, **named: Any) -> None:
        self._record(method, *arguments, **named)

    return note


for _kind, _methods in (
    (RecordedWorkbook, _OF_WORKBOOK),
    (RecordedWorksheet, _OF_WORKSHEET),
    (RecordedChart, _OF_CHART),
):
    for _method in _methods:
        setattr(_kind, _method, _noted(_method))


class RecordingSheet(Sheet):
    """A sheet whose cells are noted. That no cell is written twice is seen when the cells are laid out."""

    def __init__(self, worksheet: RecordedWorksheet, name: str) -> None:
        super().__init__(worksheet, name)
        self._cell = worksheet.cells.append
        self._cells = worksheet.cells.extend
        self._text = worksheet.texts.append
        self._numbers = worksheet.numbers.extend
        self._formula = worksheet.formulas.append
        self._cache = worksheet.cached.append
        self._strings = worksheet.strings

    def text(self, row: int, column: int, text: str, style: Any = None) -> None:
        if not text:
            self._cell((row, column, BLANK, style, 1))
            return
        if len(text) > _SURE_TEXT:
            raise CannotRecord("a long text")
        self._cell((row, column, TEXT, style, 1))
        strings = self._strings
        self._text(strings.setdefault(text, len(strings)))

    def number(self, row: int, column: int, number: float, style: Any = None) -> None:
        self.numbers(row, column, (number,), style)

    def numbers(self, row: int, column: int, numbers: Sequence[float], style: Any) -> None:
        for number in numbers:
            if type(number) not in (float, int) or not isfinite(number):
                raise CannotRecord("a number")
        self._cell((row, column, NUMBER, style, len(numbers)))
        self._numbers(map(float, numbers))

    def blank(self, row: int, column: int, style: Any = None) -> None:
        self._cell((row, column, BLANK, style, 1))

    def formula(self, row: int, column: int, formula: str, value: float | str | None, style: Any) -> None:
        if not formula.startswith("=") or len(formula) > LONGEST_FORMULA:
            raise CannotRecord("a formula")
        self._cell((row, column, FORMULA, style, 1))
        self._formula(formula)
        self._cache(_cached(value))

    def formulas(
        self, row: int, column: int, formulas: Sequence[str], values: Sequence[float | str | None], style: Any
    ) -> None:
        self._hold(formulas, values)
        self._cell((row, column, FORMULA, style, len(formulas)))

    def formulas_across(
        self, row: int, column: int, formulas: Sequence[str], values: Sequence[float | str | None], style: Any
    ) -> None:
        self._hold(formulas, values)
        self._cells([(row, column + step, FORMULA, style, 1) for step in range(len(formulas))])

    def _hold(self, formulas: Sequence[str], values: Sequence[float | str | None]) -> None:
        for formula, value in zip(formulas, values, strict=True):
            if not formula.startswith("=") or len(formula) > LONGEST_FORMULA:
                raise CannotRecord("a formula")
            self._formula(formula)
            self._cache(_cached(value))

    def link(self, row: int, column: int, sheet: str, text: str, style: Any, cell: str = "A1") -> None:
        if not text or style is None:
            raise CannotRecord("a link")
        self._worksheet._record("write_url", row, column, link_target(sheet, cell), None, text)
        self.text(row, column, text, style)

    def _done(self, result: object, row: int, column: int) -> None:
        """Whether XlsxWriter takes a call is seen when it is carried out."""


def _cached(value: float | str | None) -> float | str:
    if value is None:
        return ABSENT
    if type(value) is str:
        return value
    value = float(value)
    if not isfinite(value):
        raise CannotRecord("a cached value")
    return value


def sheet_on(worksheet: Any, name: str) -> Sheet:
    """The sheet that writes to a worksheet, or that takes notes for one."""
    return RecordingSheet(worksheet, name) if isinstance(worksheet, RecordedWorksheet) else Sheet(worksheet, name)


def frozen(value: Any) -> Any:
    """A value as one that can be compared and kept: 1, 1.0 and True are three, and what is changed later stays here."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is int:
        return (int, value)
    if kind is dict:
        return (dict, *[(key, one if type(one) in _AS_THEY_ARE else frozen(one)) for key, one in value.items()])
    if kind is tuple or kind is list:
        return (kind, *[one if type(one) in _AS_THEY_ARE else frozen(one) for one in value])
    if kind is bool or (kind is float and isfinite(value) and (value or copysign(1, value) > 0)):
        return (kind, value)
    if kind is RecordedChart:
        return (RecordedChart, value.target[1])
    raise CannotRecord(f"{value!r}")


def thawed(value: Any, charts: Any = (), formats: Callable[[Style], Any] | None = None) -> Any:
    """What was frozen, with the charts and formats of a workbook in the places of those recorded."""
    if type(value) is Style:
        assert formats is not None
        return formats(value)
    if type(value) is not tuple:
        return value
    kind, *rest = value
    if kind is dict:
        return {key: thawed(one, charts, formats) for key, one in rest}
    if kind is tuple or kind is list:
        return kind(thawed(one, charts, formats) for one in rest)
    return charts[rest[0]] if kind is RecordedChart else rest[0]


_AS_THEY_ARE = frozenset({str, type(None), Style})


@lru_cache(maxsize=4096)
def style_of(properties: Any) -> Style:
    """The one style with those properties."""
    return Style(properties)
