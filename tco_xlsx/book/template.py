"""What a workbook looks like, as read from templates/*.yaml: pages and their order, words, colours, formats."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tco_xlsx.book.compared_pages import COMPARED_PAGES
from tco_xlsx.book.filling import fill
from tco_xlsx.errors import BadInput, Fault
from tco_xlsx.files import read_yaml
from tco_xlsx.rounding import FORMATS


@dataclass(frozen=True)
class Look:
    """Fonts and colours (six hexadecimal digits)."""

    font: str
    size: float
    ink: str
    soft: str
    rule: str
    band: str
    accent: str
    accent_soft: str
    neutral: str
    warning: str
    input_ink: str
    input_fill: str
    edited_fill: str
    link_ink: str
    good_ink: str
    good_fill: str
    bad_ink: str
    bad_fill: str
    heat_least: str
    heat_middle: str
    heat_most: str

    def colour(self, name: str) -> str:
        """A colour of the look by its name."""
        return f"#{getattr(self, name)}"


@dataclass(frozen=True)
class Words:
    """The short phrases that all pages share."""

    holds: str
    fails_one: str
    fails_many: str
    edited: str
    missing: str
    missing_some: str
    as_generated: str
    edited_one: str
    edited_many: str
    over: str
    other: str
    suspicious: str
    pick: str
    unmeasured: str
    below: str
    equal: str
    footer: str
    page: str
    of: str
    choose: str
    allowed: str
    any_number: str
    whole_number: str
    may_be_empty: str
    refused: str
    own_currency: str
    shown: str
    choose_shown: str
    shared_block: str
    rates: str
    rate_of: str
    report_currency: str
    comparison: str
    verdicts: str
    left: str
    right: str
    difference: str
    tolerance: str
    failing: str
    none_apply: str
    warned_none: str
    warned_one: str
    warned_many: str
    warned: str
    warnings: str
    separator: str


@dataclass(frozen=True)
class UnitLook:
    """A unit as shown, and the number format of its values: the product's own where none is given."""

    words: str
    format: str = ""


@dataclass(frozen=True)
class Card:
    """One of the large figures on the first page."""

    label: str
    line: str
    small: str
    format: str = ""


@dataclass(frozen=True)
class TableRow:
    """A row of a table on the first page; an empty cell is null."""

    label: str
    cells: list[str | None]


@dataclass(frozen=True)
class CostTable:
    """The cost of a year by component."""

    title: str
    headings: list[str]
    rows: list[TableRow]
    total: TableRow
    memo: TableRow


@dataclass(frozen=True)
class UnitTable:
    """Unit costs side by side."""

    title: str
    headings: list[str]
    rows: list[TableRow]


@dataclass(frozen=True)
class Step:
    """One step from the load to the servers."""

    label: str
    line: str
    words: str
    strong: bool = False


@dataclass(frozen=True)
class Chain:
    """How the size follows from the load."""

    title: str
    rows: list[Step]


@dataclass(frozen=True)
class CurveChart:
    """The latency-throughput chart."""

    title: str
    x_axis: dict[str, str]
    limit: str
    chosen: str
    fastest: str
    no_mark: str
    points: str
    frontier: str
    alt: str


@dataclass(frozen=True)
class BarChart:
    """A chart of a few bars."""

    title: str
    alt: str


@dataclass(frozen=True)
class Charts:
    """The charts of the first page."""

    curve: CurveChart
    components: BarChart
    unit_cost: BarChart


@dataclass(frozen=True)
class NoPointWords:
    """Why there is no operating point and what would help: pieces of one sentence. `limits` are those of which one
    relaxed would do, `all_limits` those that the nearest point needs together, `statistics` what the files lack."""

    relax: str
    alternatively: str
    together: str
    end: str
    limits: dict[str, str]
    all_limits: dict[str, str]
    nearest: str
    none_counts: str
    unmeasured: str
    statistics: dict[str, str]
    another: str
    scattered: str
    no_benchmark: str


@dataclass(frozen=True)
class SummaryPage:
    """The first page: the answer."""

    kind: str
    title: str
    tab: str
    headline: str
    no_point: str
    no_input: str
    subtitle: str
    why: NoPointWords
    cards: list[Card]
    cost_table: CostTable
    chain: Chain
    start: str
    unit_table: UnitTable
    charts: Charts
    provenance: str


@dataclass(frozen=True)
class TablePage:
    """A page of one table whose rows come from the model."""

    kind: str
    title: str
    tab: str
    subtitle: str
    headings: list[str]


@dataclass(frozen=True)
class ChecksPage(TablePage):
    """The page of checks; `failing` stands beside the number of those that fail, `raised` beside that of warnings."""

    failing: str
    raised: str


@dataclass(frozen=True)
class PointsPage:
    """A page with a row for each benchmark point; `columns` names lines or facts, `rest` all other lines."""

    kind: str
    title: str
    tab: str
    subtitle: str
    headings: dict[str, str]
    columns: list[str]


@dataclass(frozen=True)
class Colour:
    """A line of the colour key."""

    style: str
    text: str


@dataclass(frozen=True)
class ColourKey:
    """The colour key."""

    title: str
    rows: list[Colour]


@dataclass(frozen=True)
class Heading:
    """A heading alone."""

    title: str


@dataclass(frozen=True)
class SourcesTable:
    """The words of the table of sources."""

    title: str
    headings: list[str]
    scenario: str
    variation: str
    extends: str
    benchmark: str
    overrides: str
    version: str
    notes: str


@dataclass(frozen=True)
class Glossary:
    """Terms and what they mean."""

    title: str
    rows: list[list[str]]


@dataclass(frozen=True)
class AboutPage:
    """What the workbook is."""

    kind: str
    title: str
    tab: str
    subtitle: str
    purpose: list[str]
    colours: ColourKey
    sheets: Heading
    sources: SourcesTable
    glossary: Glossary


Page = SummaryPage | TablePage | PointsPage | AboutPage

PAGES: dict[str, type] = {
    "summary": SummaryPage,
    "inputs": TablePage,
    "model": TablePage,
    "checks": ChecksPage,
    "points": PointsPage,
    "about": AboutPage,
    **COMPARED_PAGES,
}
_SEVERAL = ("points", "rows")
"""The kinds of pages of which a template may have several."""


@dataclass(frozen=True, eq=False)
class Template:
    """A whole template."""

    name: str
    language: str
    look: Look
    words: Words
    units: dict[str, UnitLook]
    pages: list[Any]

    def format_of(self, unit: str) -> str:
        """The number format of a unit's values."""
        return self.units[unit].format or FORMATS[unit]

    def page(self, kind: str) -> Any:
        """The page of a kind that a template has once."""
        return next(page for page in self.pages if page.kind == kind)

    def pages_of(self, several: bool, is_grid: bool = False) -> list[Any]:
        """The pages of a workbook of one scenario, of several, or of a two-way grid of them."""
        left_out = self.page("grid").without if is_grid else ["grid"] if several else list(COMPARED_PAGES)
        return [page for page in self.pages if page.kind not in left_out]


def load_template(path: Path) -> Template:
    """Read a template. Raises BadInput with the place of every fault."""
    template = fill(Template, read_yaml(path), str(path), PAGES)
    faults = []
    titles = [page.title for page in template.pages]
    for title in titles:
        if len(title) > 31 or set(title) & set("[]:*?/\\'") or titles.count(title) > 1 or not title:
            message = f"the sheet title {title!r} must be unique, 1 to 31 characters, without []:*?/\\'."
            faults.append(Fault(str(path), 0, 0, message))
    for kind in PAGES:
        number = sum(page.kind == kind for page in template.pages)
        if number != 1 and not (kind in _SEVERAL and number):
            faults.append(Fault(str(path), 0, 0, f"pages: {number} of kind {kind}; expected one."))
    if faults:
        raise BadInput(faults)
    return template
