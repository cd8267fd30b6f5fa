"""What a workbook looks like, as read from templates/*.yaml: pages and their order, words, colours, formats."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from tco_xlsx.book.component_columns import completed
from tco_xlsx.book.dataclasses_from import fill
from tco_xlsx.book.look import COLOURS, Look, UnitLook
from tco_xlsx.book.pages.about_page import AboutPage
from tco_xlsx.book.pages.compared_pages import COMPARED_PAGES
from tco_xlsx.book.pages.plan_page import PlanPage
from tco_xlsx.book.template_kinds import (
    POINT_TEXTS,
    AxisSentence,
    ChartName,
    Count,
    FooterWord,
    FormulaText,
    FormulaWord,
    Keys,
    Known,
    Label,
    MainLine,
    MainSentence,
    Mark,
    Matching,
    OfCurrency,
    OptionalShape,
    Prompt,
    Tab,
    Text,
    Title,
    Word,
    counted,
)
from tco_xlsx.book.template_rules import faults_of
from tco_xlsx.book.workbook_kinds import WorkbookKind, Workbooks, pages_of
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.located_yaml import read_yaml
from tco_xlsx.documents.shipped import shipped_file
from tco_xlsx.language.rounding import FORMATS
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles

Reason = Annotated[str, Text(longest=240, empty=False)]
PerLimit = Annotated[dict[str, MainSentence], Keys(("ttft", "itl", "latency"))]
AltText = Annotated[str, Text(("components",))]
FourHeadings = Annotated[list[MainSentence], Count(4, 4)]


@dataclass(frozen=True)
class Words:
    """The short phrases that all pages share."""

    holds: Annotated[str, counted("count")]
    fails_one: Word
    fails_many: Annotated[str, counted("failing")]
    edited: Mark
    missing: Mark
    missing_some: Annotated[str, counted("missing")]
    as_generated: FormulaWord
    as_generated_set: Annotated[str, counted("set")]
    edited_one: FormulaWord
    edited_many: Annotated[str, counted("edited")]
    over: FormulaWord
    other: FormulaWord
    suspicious: FormulaWord
    pick: Annotated[str, Text(("sheet",), longest=100, empty=False)]
    unmeasured: FormulaWord
    below: Word
    equal: Word
    footer: Annotated[str, Text(("product", "version"), longest=32, forbids="&")]
    page: FooterWord
    of: FooterWord
    choose: Prompt
    allowed: Prompt
    any_number: Prompt
    any_text: Prompt
    whole_number: Prompt
    may_be_empty: Prompt
    refused: Prompt
    own_currency: Word
    shown: Word
    choose_shown: Word
    shared_block: Annotated[str, Text(("labels",), empty=False)]
    rates: Word
    rate_of: OfCurrency
    report_currency: Word
    comparison: Annotated[str, Text(("count",), longest=100, empty=False)]
    verdicts: Word
    left: Word
    right: Word
    difference: Word
    tolerance: Word
    failing: Word
    none_apply: FormulaWord
    warned_none: FormulaWord
    warned_one: FormulaWord
    warned_many: Annotated[str, counted("raised")]
    warned_more: Annotated[str, counted("raised")]
    warned: Word
    warnings: Word
    separator: FormulaWord


@dataclass(frozen=True)
class Card:
    """One of the large figures on the first page."""

    label: MainSentence
    line: MainLine
    small: MainSentence
    format: OptionalShape = ""


@dataclass(frozen=True)
class CostRow:
    """A row of a table on the first page; an empty cell is null."""

    label: MainSentence
    cells: Annotated[list[MainLine | None], Count(3, 3, "a table has four columns")]


@dataclass(frozen=True)
class CostTable:
    """The cost of a year by component, a row each; `labels` are those that are not to be called as on Model."""

    title: MainSentence
    headings: FourHeadings
    labels: Annotated[dict[str, MainSentence], Keys(tuple(row.name for row in roles.cost_rows), optional=True)]
    total: CostRow
    memo: CostRow


@dataclass(frozen=True)
class UnitTable:
    """Unit costs side by side."""

    title: MainSentence
    headings: FourHeadings
    rows: Annotated[list[CostRow], Count(2, 4, "the chart shows the second; more would run into it")]


@dataclass(frozen=True)
class Step:
    """One step from the load to the servers."""

    label: Label
    line: MainLine
    words: MainSentence
    strong: bool = False


@dataclass(frozen=True)
class Chain:
    """How the size follows from the load."""

    title: MainSentence
    rows: Annotated[list[Step], Count(1, 6, "more would run into the table below")]


@dataclass(frozen=True)
class CurveChart:
    """The latency-throughput chart."""

    title: MainSentence
    x_axis: Annotated[dict[str, AxisSentence], Keys(("ttft", "itl", "latency"))]
    limit: MainSentence
    chosen: FormulaText
    fastest: FormulaText
    no_mark: FormulaText
    points: ChartName
    frontier: ChartName
    alt: Label


@dataclass(frozen=True)
class BarChart:
    """A chart of a few bars; `components` are the parts of the cost in words."""

    title: MainSentence
    alt: AltText


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

    relax: Reason
    alternatively: Reason
    together: Reason
    end: FormulaText
    limits: PerLimit
    all_limits: PerLimit
    nearest: MainSentence
    none_counts: Reason
    unmeasured: Reason
    statistics: PerLimit
    another: Reason
    scattered: Reason
    no_benchmark: Reason


@dataclass(frozen=True)
class SummaryPage:
    """The first page: the answer."""

    kind: str
    title: Title
    tab: Tab
    headline: MainSentence
    no_point: MainSentence
    no_input: MainSentence
    subtitle: MainSentence
    why: NoPointWords
    cards: Annotated[list[Card], Count(4, 4)]
    cost_table: CostTable
    chain: Chain
    start: Word
    unit_table: UnitTable
    charts: Charts
    provenance: MainSentence


@dataclass(frozen=True)
class TablePage:
    """A page of one table whose rows come from the model."""

    kind: str
    title: Title
    tab: Tab
    subtitle: Label
    headings: list[Label]


@dataclass(frozen=True)
class ChecksPage(TablePage):
    """The page of checks; `failing` stands beside the number of those that fail, `raised` beside that of warnings."""

    failing: Label
    raised: Label


@dataclass(frozen=True)
class PointsPage:
    """A page with a row for each benchmark point; `columns` names lines or facts, `rest` all other lines."""

    kind: str
    title: Title
    tab: Tab
    subtitle: Label
    headings: Annotated[dict[str, Label], Keys(POINT_TEXTS, optional=True)]
    columns: Annotated[list[str], Count(1, 200)]


@dataclass(frozen=True)
class YearsPage:
    """A page with a row for each line by year, ten columns always."""

    kind: str
    title: Title
    tab: Tab
    subtitle: Label
    line: Word
    unit: Word
    year: Annotated[str, Text(longest=20, empty=False, forbids='"')]
    total: Word
    changed: Word
    generated: Annotated[str, Text(longest=30, empty=False, forbids='"')]


@dataclass(frozen=True)
class TablesPage:
    """A page of tables: the hours of a day, the rows of a list."""

    kind: str
    title: Title
    tab: Tab
    subtitle: Label
    generated: Word


Page = SummaryPage | TablePage | PointsPage | YearsPage | TablesPage | AboutPage

PAGES: dict[str, type] = {
    "plan": PlanPage,
    "summary": SummaryPage,
    "inputs": TablePage,
    "model": TablePage,
    "checks": ChecksPage,
    "points": PointsPage,
    "years": YearsPage,
    "tables": TablesPage,
    "about": AboutPage,
    **COMPARED_PAGES,
}


@dataclass(frozen=True, eq=False)
class Template:
    """A whole template."""

    name: Word
    language: Annotated[str, Matching("[a-z]{2}(-[A-Z]{2})?", "a language such as en or pt-BR")]
    look: Look
    words: Words
    units: dict[str, UnitLook]
    workbooks: Workbooks
    pages: Annotated[list[Any], Count(1, 60)]

    def format_of(self, unit: str) -> str:
        """The number format of a unit's values."""
        return self.units[unit].format or FORMATS[unit]

    def page(self, kind: str) -> Any:
        """The page of a kind that a template has once."""
        return next(page for page in self.pages if page.kind == kind)

    def pages_of(self, kind: WorkbookKind) -> list[Any]:
        """The pages of a kind of workbook, in order."""
        return pages_of(self.workbooks, kind, self.pages)


def load_template(path: Path, main: Model | None = None, compared: Model | None = None) -> Template:
    """Read a template. `main` and `compared` are the models whose lines it names; without them their names are taken
    on trust. Raises BadInput with the place of every fault."""
    document = read_yaml(path)
    known = Known(COLOURS, main, compared)
    template = fill(Template, document, str(path), PAGES, known)
    faults = faults_of(template, document, str(path), known, tuple(PAGES))
    if faults:
        raise BadInput(faults)
    named = {name for page in template.pages if page.kind == "rows" for name in page.columns}
    for number, page in enumerate(template.pages):
        if page.kind == "rows":
            template.pages[number] = dataclasses.replace(page, columns=completed(page.columns, named))
    return template


def default_template() -> Template:
    """The template that ships with the product."""
    with shipped_file("templates", "finance.yaml") as path:
        return load_template(path)
