"""What the commands show: tables, trees and CSV, as values for the command line to print."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from tco_xlsx.bench.points.order import in_order
from tco_xlsx.bench.points.point import Point
from tco_xlsx.case.notices import MOST_SHOWN
from tco_xlsx.case.results import length_of
from tco_xlsx.documents.text_out import harmless, one_line
from tco_xlsx.language.evaluate import Values
from tco_xlsx.language.input_notes import InputNotes
from tco_xlsx.language.lines import (
    Choice,
    Constant,
    Derived,
    Fact,
    Given,
    Line,
    Pick,
    RowText,
    named,
    unit_words,
)
from tco_xlsx.language.rounding import figure
from tco_xlsx.language.sections import Model
from tco_xlsx.language.words import words_of
from tco_xlsx.scenario.load import Scenario

Result = float | int | str | None

_SHOWN_POINTS = 8
_WIDEST = 44


def _figure(line: Line, value: Result) -> str:
    """A result as a person reads it."""
    return value if isinstance(value, str) else figure(line, value)


def results_table(
    model: Model, scenarios: Sequence[Scenario], told: Sequence[Mapping[str, Result]], every: bool = True
) -> Table:
    """Results with a column for each scenario; not `every` one, without the sections that come to nothing: nobody gave
    an input of theirs, and all of their results are n/a or 0."""
    given = {name.partition(".")[0] for scenario in scenarios for name in scenario.places}
    idle = {
        section
        for section in model.sections
        if section.name not in given and not any(_counts(line, told) for line in section.lines)
    }
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("line", no_wrap=True)
    for scenario in scenarios:
        table.add_column(Text(scenario.title), justify="right")
    table.add_column("unit", no_wrap=True)
    currencies = {scenario.currency for scenario in scenarios}
    currency = currencies.pop() if len(currencies) == 1 else "money"
    section = None
    for name in told[0]:
        line = model.by_name[name]
        if isinstance(line, Given) and all(each[name] is None for each in told):
            continue
        if not every and line.section in idle:
            continue
        if line.section is not section:
            section = line.section
            title = section.title if section is not None else "Checks"
            table.add_row(Text(title, style="bold"), *[""] * (len(told) + 1))
        cells = [_figure(line, each[name]) for each in told]
        style = "cyan" if isinstance(line, Given) else ""
        table.add_row(Text(f"  {name}", style=style), *(Text(cell) for cell in cells), unit_words(line, currency))
    return table


def _counts(line: Line, told: Sequence[Mapping[str, Result]]) -> bool:
    """Whether a result is something in any scenario."""
    return isinstance(line, Derived) and line.axis is None and any(each.get(line.name) for each in told)


def series_tables(model: Model, scenario: Scenario, values: Values, every: bool = True) -> Iterator[Table]:
    """For each axis that lies across, such as years, a table of a scenario's lines along it: a column for each seat
    that counts; not `every` line, without those that are n/a or 0 at all of them."""
    for axis in dict.fromkeys(line.axis for line in model.series):
        if axis is None or not axis.is_across:
            continue
        length = length_of(model, values, axis)
        table = Table(box=None, pad_edge=False, header_style="bold", title=Text(scenario.title), title_justify="left")
        table.add_column(axis.one, no_wrap=True)
        for seat in range(1, length + 1):
            table.add_column(str(seat), justify="right")
        table.add_column("unit", no_wrap=True)
        for line in model.series:
            if line.axis == axis and isinstance(line, Derived):
                if not every and not any(values.value(line, 0, index) for index in range(length)):
                    continue
                cells = (Text(figure(line, values.value(line, 0, index))) for index in range(length))
                table.add_row(Text(line.name), *cells, unit_words(line, scenario.currency))
        yield table


def combinations_table(model: Model, currency: str, told: Sequence[Mapping[str, Result]]) -> Table:
    """Combinations of varied inputs with a column for each, the best first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("line", no_wrap=True)
    for rank in range(1, len(told) + 1):
        table.add_column(str(rank), justify="right")
    table.add_column("unit", no_wrap=True)
    for name in told[0]:
        line = model.by_name[name]
        cells = [_figure(line, each[name]) for each in told]
        style = "cyan" if isinstance(line, Given) else ""
        table.add_row(Text(name, style=style), *(Text(cell) for cell in cells), unit_words(line, currency))
    return table


def results_csv(names: Sequence[str], told: Sequence[Mapping[str, Result]]) -> str:
    """A row for each scenario, full precision; empty where there is no number."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["scenario", *told[0]])
    for name, each in zip(names, told, strict=True):
        cells = [
            "" if value is None else harmless(value) if isinstance(value, str) else value for value in each.values()
        ]
        writer.writerow([harmless(name), *cells])
    return text.getvalue()


_AS_WRITTEN = {
    "series": "one for all {axis.many}, or a list by {axis.one} whose last holds for those after it",
    "list": "a list of {axis.seats}, one for each {axis.one}",
    "table": "a column of the list of {axis.many}",
}
"""How an input along an axis is given."""


def line_rows(model: Model) -> list[dict[str, object]]:
    """Name, label, unit, kind and words of every line."""
    rows: list[dict[str, object]] = []
    for line in model.lines:
        how = words_of(line) if isinstance(line, Derived) else ""
        if isinstance(line, Pick):
            how = "any, or a text that the points hold"
        elif isinstance(line, Choice):
            how = f"one of {', '.join(line.codes)}; {line.default_code} unless given"
        elif isinstance(line, RowText):
            how = "a text"
        elif isinstance(line, Given):
            default = (
                "must be given"
                if line.is_needed
                else "may be empty"
                if line.default is None
                else f"{line.default:g} unless given"
            )
            how = ", ".join(part for part in (line.range_words(), default) if part)
        elif isinstance(line, Constant):
            how = f"{line.value:,.15g} ({line.source})"
        if isinstance(line, Given) and line.axis is not None:
            how = f"{how}; {_AS_WRITTEN[line.axis.written].format(axis=line.axis)}"
        axis = line.axis.name if line.axis else None
        kind = "input" if isinstance(line, Given) else type(line).__name__.lower()
        rows.append({"name": line.name, "label": line.label, "unit": line.unit, "kind": kind, "axis": axis, "how": how})
    return rows


def lines_table(rows: Iterable[Mapping[str, object]]) -> Table:
    """The lines of the model as a table."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "label", "unit", "kind", "how"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        style = "cyan" if row["kind"] == "input" else ""
        table.add_row(*(Text(str(row[key])) for key in ("name", "label", "unit", "kind", "how")), style=style)
    return table


def points_table(points: Sequence[Point]) -> Table:
    """Points as read, the loads of a sweep from low to high: what ran, under which load, and the means."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("point", "tool", "model", "GPU", "precision", "setup"):
        table.add_column(heading, overflow="ellipsis", no_wrap=True, max_width=_WIDEST)
    for heading in ("GPUs", "ISL", "OSL", "conc.", "asked req/s", "req/s", "failed", "TTFT ms", "ITL ms", "latency ms"):
        table.add_column(heading, justify="right")
    if len(points) > MOST_SHOWN:
        table.caption = f"the first {MOST_SHOWN:,} of {len(points):,} points; --to FILE writes all of them"
    for point in in_order(points)[:MOST_SHOWN]:
        figures = (
            point.gpus_per_instance,
            point.isl,
            point.osl,
            point.concurrency,
            point.request_rate,
            point.rps,
            point.failed,
            point.ttft.avg,
            point.itl.avg,
            point.latency.avg,
        )
        tool = point.tool if point.measured else f"{point.tool} (predicted)"
        words = (point.label, tool, point.model or "", point.gpu_type or "", point.precision or "", point.setup or "")
        style = "yellow" if point.suspicious else ""
        table.add_row(
            *(Text(word) for word in words), *("" if each is None else f"{each:,.5g}" for each in figures), style=style
        )
    return table


def point_row(point: Point) -> dict[str, object]:
    """A point as a plain record."""
    return dataclasses.asdict(point)


def explanation(values: Values, line: Line, currency: str, notes: Mapping[str, InputNotes]) -> Tree:
    """How a line comes about: a tree of the lines that it names, each told once; `notes` are what the scenario says of
    its inputs."""
    told: set[str] = set()
    tree = Tree(_told(values, line, currency, notes))
    told.add(line.name)
    _grow(tree, values, line, currency, notes, told)
    return tree


def _grow(
    tree: Tree, values: Values, line: Line, currency: str, notes: Mapping[str, InputNotes], told: set[str]
) -> None:
    if not isinstance(line, Derived):
        return
    parts = [*named(line.formula), *(named(line.when) if line.when is not None else ())]
    for part in dict.fromkeys(parts):
        seen = part.name in told
        told.add(part.name)
        again = isinstance(part, Derived) and seen
        branch = tree.add(
            _told(values, part, currency, notes) + (Text("  (as above)", style="dim") if again else Text())
        )
        if not seen:
            _grow(branch, values, part, currency, notes, told)


def _told(values: Values, line: Line, currency: str, notes: Mapping[str, InputNotes]) -> Text:
    text = Text(line.name, style="bold" if isinstance(line, Derived) else "cyan")
    text.append(f" = {_value_words(values, line)}", style="not bold default")
    unit = unit_words(line, currency)
    if unit:
        text.append(f" {unit}", style="not bold default")
    if isinstance(line, Derived):
        text.append(f"   {words_of(line)}", style="not bold dim")
    source = notes[line.name].words() if line.name in notes else line.source
    if source and not isinstance(line, Derived):
        text.append(f"   {one_line(source)}", style="dim")
    return text


def _value_words(values: Values, line: Line) -> str:
    if line.axis is None:
        return values.code(line) if isinstance(line, Choice) else figure(line, values.value(line))
    length = values.cases[0].length(line.axis)
    if isinstance(line, (Fact, RowText)):
        return ", ".join(dict.fromkeys(values.text(line, 0, index) or "none" for index in range(length)))
    most = line.axis.seats or min(length, _SHOWN_POINTS)
    shown = [
        values.code(line, 0, index) if isinstance(line, Choice) else figure(line, values.value(line, 0, index))
        for index in range(most)
    ]
    return "[" + ", ".join(shown) + (", ..." if length > most else "") + "]"
