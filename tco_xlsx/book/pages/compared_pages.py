"""The pages that a template adds for several scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tco_xlsx.book.template_kinds import (
    ROW_TEXTS,
    ChartName,
    Count,
    CountSentence,
    FormulaText,
    FormulaWord,
    FrontSentence,
    GapSentence,
    GridSentence,
    Keys,
    Label,
    OfCurrency,
    OfSides,
    OptionalShape,
    PlaceSentence,
    Prompt,
    RankedLine,
    Tab,
    Text,
    Title,
    Word,
)
from tco_xlsx.book.two_way import COLUMN_HELPERS, ROW_HELPERS, WORKINGS

_LONGEST_NAME = 100


@dataclass(frozen=True)
class ComparedColumn:
    """A column of a table: its heading, the line that it shows, its number format (that of the line if empty)."""

    heading: OfCurrency
    line: RankedLine
    format: OptionalShape = ""


@dataclass(frozen=True)
class ChartWords:
    """A chart: its title, and what a screen reader says."""

    title: OfCurrency
    alt: Label


@dataclass(frozen=True)
class FrontPage:
    """All scenarios on one page: the ranking and the charts."""

    kind: str
    title: Title
    tab: Tab
    headline: FrontSentence
    no_figure: FrontSentence
    subtitle: FrontSentence
    measure: Label
    base: Label
    table: Label
    place: Label
    scenario: Label
    more: Annotated[str, Text(("count",))]
    columns: Annotated[list[ComparedColumn], Count(1, 7, "more would not fit beside each other")]
    components: ChartWords
    unit_cost: ChartWords
    servers: ChartWords
    curves: ChartWords
    curves_differ: Word
    frontier: ChartName


@dataclass(frozen=True)
class RowsPage:
    """A table whose columns are lines along an axis of the comparison, or facts of the scenarios."""

    kind: str
    title: Title
    tab: Tab
    subtitle: Label
    headings: Annotated[dict[str, Label], Keys(ROW_TEXTS, optional=True)]
    columns: Annotated[list[str], Count(2, 200)]


@dataclass(frozen=True)
class DifferencesPage:
    """Every result against the base."""

    kind: str
    title: Title
    tab: Tab
    subtitle: Label
    line: Label
    base: Label
    absolute: Label
    percent: Label
    unit: Label


@dataclass(frozen=True)
class GapPage:
    """The gap between two scenarios by its causes."""

    kind: str
    title: Title
    tab: Tab
    subtitle: Label
    start: Label
    end: Label
    sentence: GapSentence
    no_gap: GapSentence
    table: Label
    headings: Annotated[list[Label], Count(1, 18)]
    whole: Label
    chart: ChartWords
    checks: Label
    check_headings: Annotated[list[Label], Count(6, 6)]
    workings: Label
    workings_headings: Annotated[list[Label], Count(3, 3)]


@dataclass(frozen=True)
class StepsPage:
    """The model at each step from one scenario to the other."""

    kind: str
    title: Title
    tab: Tab
    subtitle: Label
    headings: Annotated[list[Label], Count(2, 2)]
    step: Annotated[str, Text(("number",))]
    taken: Label
    from_second: Label


@dataclass(frozen=True)
class GridPage:
    """A result at all combinations of two inputs."""

    kind: str
    title: Title
    tab: Tab
    name: Annotated[str, Text(("rows", "columns", "title"), longest=_LONGEST_NAME, empty=False)]
    headline: GridSentence
    no_figure: GridSentence
    subtitle: GridSentence
    chooser: Prompt
    least: Label
    most: Label
    base: Label
    at: PlaceSentence
    others: CountSentence
    inside: FormulaText
    outside: FormulaText
    edited: FormulaText
    missing: FormulaText
    empty: FormulaWord
    down: Annotated[str, Text(("rows",))]
    across: Annotated[str, Text(("columns",))]
    codes: Annotated[str, Text(("codes",))]
    row_helpers: Annotated[dict[str, Label], Keys(ROW_HELPERS)]
    column_helpers: Annotated[dict[str, Label], Keys(COLUMN_HELPERS)]
    workings: Label
    working_labels: Annotated[dict[str, OfSides], Keys(WORKINGS)]
    list_headings: Annotated[list[Annotated[str, Text(longest=32)]], Count(4, 4)]
    percent: FormulaWord
    plain: FormulaWord


COMPARED_PAGES: dict[str, type] = {
    "grid": GridPage,
    "comparison": FrontPage,
    "rows": RowsPage,
    "differences": DifferencesPage,
    "gap": GapPage,
    "steps": StepsPage,
}
"""The pages of comparisons: a workbook of one scenario has none of them."""
