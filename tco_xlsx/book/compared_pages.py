"""The pages that a template adds for several scenarios."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, the line that it shows, its number format (that of the line if empty)."""

    heading: str
    line: str
    format: str = ""


@dataclass(frozen=True)
class ChartWords:
    """A chart: its title, and what a screen reader says."""

    title: str
    alt: str


@dataclass(frozen=True)
class FrontPage:
    """All scenarios on one page: the ranking and the charts."""

    kind: str
    title: str
    tab: str
    headline: str
    no_figure: str
    subtitle: str
    measure: str
    base: str
    table: str
    place: str
    scenario: str
    more: str
    columns: list[Column]
    components: ChartWords
    unit_cost: ChartWords
    servers: ChartWords
    curves: ChartWords
    curves_differ: str
    frontier: str


@dataclass(frozen=True)
class RowsPage:
    """A table whose columns are lines along an axis of the comparison, or facts of the scenarios."""

    kind: str
    title: str
    tab: str
    subtitle: str
    headings: dict[str, str]
    columns: list[str]


@dataclass(frozen=True)
class DifferencesPage:
    """Every result against the base."""

    kind: str
    title: str
    tab: str
    subtitle: str
    line: str
    base: str
    absolute: str
    percent: str
    unit: str


@dataclass(frozen=True)
class GapPage:
    """The gap between two scenarios by its causes."""

    kind: str
    title: str
    tab: str
    subtitle: str
    start: str
    end: str
    sentence: str
    no_gap: str
    table: str
    headings: list[str]
    whole: str
    chart: ChartWords
    checks: str
    check_headings: list[str]
    workings: str
    workings_headings: list[str]


@dataclass(frozen=True)
class StepsPage:
    """The model at each step from one scenario to the other."""

    kind: str
    title: str
    tab: str
    subtitle: str
    headings: list[str]
    step: str
    taken: str
    from_second: str


@dataclass(frozen=True)
class GridPage:
    """A result at all combinations of two inputs. `without` are the kinds of pages that its workbook does not have."""

    kind: str
    title: str
    tab: str
    without: list[str]
    name: str
    headline: str
    no_figure: str
    subtitle: str
    chooser: str
    least: str
    most: str
    base: str
    at: str
    others: str
    inside: str
    outside: str
    edited: str
    missing: str
    empty: str
    down: str
    across: str
    codes: str
    row_helpers: dict[str, str]
    column_helpers: dict[str, str]
    workings: str
    working_labels: dict[str, str]
    list_headings: list[str]
    percent: str
    plain: str


COMPARED_PAGES: dict[str, type] = {
    "grid": GridPage,
    "comparison": FrontPage,
    "rows": RowsPage,
    "differences": DifferencesPage,
    "gap": GapPage,
    "steps": StepsPage,
}
"""The pages of comparisons: a workbook of one scenario has none of them."""
