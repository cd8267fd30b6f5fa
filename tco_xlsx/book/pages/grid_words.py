"""The figures of a grid as they are now, and their words: live in the workbook, and as they read now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tco_xlsx.analysis.two_way import Side, TwoWay
from tco_xlsx.language.evaluate import Values
from tco_xlsx.language.lines import Choice, Given
from tco_xlsx.language.live_text import Live, fixed, quoted

_LARGE, _SMALL = 100, 1
_PERCENT_DIGITS = 1


class Figures:
    """The result that is shown, at every combination; None where it has no number."""

    def __init__(self, values: Values, two_way: TwoWay) -> None:
        across = range(len(two_way.columns.values))
        self.rows = [
            [values.value(two_way.result, two_way.scenario(row, column)) for column in across]
            for row in range(len(two_way.rows.values))
        ]
        self.row_least = [min(known(row), default=None) for row in self.rows]
        self.row_most = [max(known(row), default=None) for row in self.rows]
        self.least = min(known(self.row_least), default=None)
        self.most = max(known(self.row_most), default=None)
        self.least_place = None if self.least is None else self._place(self.row_least, self.least)
        self.most_place = None if self.most is None else self._place(self.row_most, self.most)

    def at(self, row: int, column: int) -> float | None:
        """The figure of a combination."""
        return self.rows[row][column]

    def column_of(self, row: int, figure: float) -> int:
        """The first column of a row that has a figure."""
        return self.rows[row].index(figure)

    def count(self, figure: float | None) -> int:
        """How many combinations have a figure; spreadsheets compare 15 digits."""
        told = None if figure is None else f"{figure:.15g}"
        return sum(told == (None if one is None else f"{one:.15g}") for row in self.rows for one in row)

    def _place(self, ends: Sequence[float | None], figure: float) -> tuple[int, int]:
        row = ends.index(figure)
        return row, self.column_of(row, figure)


def known(figures: Sequence[float | None]) -> list[float]:
    """Those that are there."""
    return [figure for figure in figures if figure is not None]


@dataclass(frozen=True)
class ResultWords:
    """How figures of the result are told: the cells of its unit and of the word for how it is shown, that word where
    it is a percentage, and what they are now."""

    unit_cell: str
    shown_cell: str
    percent: str
    unit: str
    is_share: bool

    def unit_words(self) -> Live:
        """The unit behind a figure, if it has one."""
        return Live(f'IF({self.unit_cell}="",""," "&{self.unit_cell})', f" {self.unit}".rstrip())


def figure_in_words(cell: str, figure: float | None, shown: ResultWords) -> Live:
    """A figure of the result in digits that suit it."""
    share = f'FIXED({cell}*100,{_PERCENT_DIGITS})&"%"'
    digits = f"IF({cell}=INT({cell}),0,IF(ABS({cell})>={_LARGE},0,IF(ABS({cell})>={_SMALL},4,6)))"
    plain = f"FIXED({cell},{digits})"
    excel = f"IF({shown.shown_cell}={quoted(shown.percent)},{share},{plain})"
    if figure is None:
        return Live(excel, "")
    if shown.is_share:
        return Live(excel, f"{fixed(figure * 100, _PERCENT_DIGITS)}%")
    size = abs(figure)
    return Live(excel, fixed(figure, 0 if figure == int(figure) or size >= _LARGE else 4 if size >= _SMALL else 6))


def value_formula(line: Given, cell: str, empty: str) -> str:
    """The words of a value along a side, as an Excel expression of its cell."""
    if isinstance(line, Choice):
        return f'{cell}&""'
    if line.unit == "share":
        text = f'FIXED({cell}*100,{_PERCENT_DIGITS})&"%"'
    else:
        digits = f"IF({cell}=INT({cell}),0,IF(ABS({cell})>={_LARGE},0,IF(ABS({cell})>={_SMALL},2,4)))"
        text = f"FIXED({cell},{digits})"
    return f'IF({cell}="",{quoted(empty)},{text})' if line.optional else text


def value_in_words(line: Given, value: float | str | None, empty: str) -> str:
    """The words of a value along a side as they read now."""
    if isinstance(value, str):
        return value
    if value is None:
        return empty
    if line.unit == "share":
        return f"{fixed(value * 100, _PERCENT_DIGITS)}%"
    size = abs(value)
    return fixed(value, 0 if value == int(value) or size >= _LARGE else 2 if size >= _SMALL else 4)


def side_in_words(side: Side, place: int, empty: str) -> str:
    """The words of a value along a side, by its place."""
    return value_in_words(side.line, side.values[place], empty)
