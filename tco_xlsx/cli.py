"""The command line: the only place that prints or exits. What a command needs is imported when it runs."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tco_xlsx import __version__
from tco_xlsx.errors import BadInput, ExpectedError, Fault
from tco_xlsx.progress import Progress

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from tco_xlsx.batch import Prepared
    from tco_xlsx.batch.executor import Executor
    from tco_xlsx.batch.work import Chunk, Outcome
    from tco_xlsx.book.template import Template
    from tco_xlsx.comparison.grid import Grid
    from tco_xlsx.evaluate import Values
    from tco_xlsx.lines import Model
    from tco_xlsx.sweep.survey import Survey

F = TypeVar("F", bound=Callable[..., Any])

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
_scenarios = click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
_settings = click.option(
    "--set", "settings", multiple=True, metavar="SECTION.NAME=VALUE", help="Give an input; wins over the scenario."
)
_shape = click.option(
    "--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True, help="What to print."
)
_template = click.option(
    "--template", type=click.Path(path_type=Path), help="A template of your own; templates/finance.yaml else."
)
_allow_no_point = click.option(
    "--allow-no-point", is_flag=True, help="Exit 0 though a scenario has no benchmark point within its limits."
)
_NO_POINT_EXIT = 3
_CHEAPEST = 5
_MOST_TOLD = 10


@click.group(context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="tco-xlsx")
def main() -> None:
    """LLM-inference benchmarks and scenarios in, Excel workbooks with live formulas out."""


def expected_errors(command: F) -> F:
    """Show what the user can mend as a message on standard error, without a traceback."""

    @functools.wraps(command)
    def guarded(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except ExpectedError as error:
            click.echo(str(error), err=True)
            sys.exit(error.exit_code)

    return guarded  # type: ignore[return-value]


@main.command()
@_scenarios
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to."
)
@_settings
@_template
@_allow_no_point
@click.option("--jobs", type=click.IntRange(1, 256), help="How many processes work at a time; as many as cores else.")
@click.option("--dask", metavar="ADDRESS", help="Work on a Dask cluster: tcp://HOST:PORT, or `local` for one here.")
@click.option("--force", is_flag=True, help="Build what is unchanged, too.")
@expected_errors
def build(
    scenarios: tuple[Path, ...],
    out: Path,
    settings: tuple[str, ...],
    template: Path | None,
    allow_no_point: bool,
    jobs: int | None,
    dask: str | None,
    force: bool,
) -> None:
    """Write a workbook for each SCENARIO (a YAML file, or a folder of them), an index and a table of results.

    Scenarios that are unchanged since the last time are left as they are; one that fails does not stop the others.
    """
    from tco_xlsx.batch.build import Build, Order, unwritable
    from tco_xlsx.batch.report import Report
    from tco_xlsx.batch.results_files import write_results

    chosen = _template_of(template)
    if dask:  # A worker elsewhere has another folder to count from.
        scenarios, out = tuple(path.absolute() for path in scenarios), out.absolute()
    order = Order(scenarios, out, chosen, _model, settings, os.environ.get("SOURCE_DATE_EPOCH") or None, force)
    run = Build(order)
    report = Report(order.out)
    say = functools.partial(click.echo, err=True)
    with _executor(jobs, dask) as executor, Progress("workbooks", sys.stderr, say, few=report.FEW) as progress:
        for outcome in run.outcomes(executor):
            report.take(outcome)
            for line in report.lines(run.total) if run.total_is_known else ():
                click.echo(line)
            progress.advance(run.tally.done, run.total)
    for line in report.lines(run.total):
        click.echo(line)
    gone = run.finish()
    try:
        foreign = write_results(run.folder, run.model)
    except OSError as error:
        raise unwritable(out, error) from None
    for text in (*report.notes(), *report.left(gone, foreign), *report.without_point()):
        click.echo(text, err=True)
    report.raise_if_nothing(run.tally)
    if run.total > 1:
        click.echo(report.summary(run.tally))
    if run.tally.failed:
        click.echo(report.failures(run.total), err=True)
        sys.exit(BadInput.exit_code)
    if report.without_point() and not allow_no_point:
        sys.exit(_NO_POINT_EXIT)


def _model() -> Model:
    """The model, by a name that other processes can import."""
    from tco_xlsx.model import MODEL

    return MODEL


def _executor(jobs: int | None, dask: str | None) -> Executor[Chunk, list[Outcome]]:
    from tco_xlsx.batch.executor import InProcess, Processes
    from tco_xlsx.batch.work import code_digest, work

    number = jobs or os.cpu_count() or 1
    if dask:
        from tco_xlsx.batch.dask_pool import DaskPool

        return DaskPool(work, dask, number, code_digest)
    return InProcess(work) if number == 1 else Processes(work, number)


@main.command()
@_scenarios
@_settings
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="What to print.",
)
@_allow_no_point
@expected_errors
def evaluate(scenarios: tuple[Path, ...], settings: tuple[str, ...], shape: str, allow_no_point: bool) -> None:
    """Compute each SCENARIO and print the results; no workbook."""
    from tco_xlsx import batch, show
    from tco_xlsx.model import MODEL

    prepared = _prepare(scenarios, settings)
    values = [batch.compute(MODEL, one) for one in prepared]
    told = [batch.results(MODEL, each) for each in values]
    if shape == "json":
        rows = [{"scenario": one.name, "values": each} for one, each in zip(prepared, told, strict=True)]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif shape == "csv":
        click.echo(show.results_csv([one.name for one in prepared], told), nl=False)
    else:
        _print(show.results_table(MODEL, [one.scenario for one in prepared], told))
    missing = [text for one, each in zip(prepared, values, strict=True) for text in _no_point(one, each)]
    _end(missing, allow_no_point)


@main.command()
@_scenarios
@_settings
@expected_errors
def check(scenarios: tuple[Path, ...], settings: tuple[str, ...]) -> None:
    """Check each SCENARIO and its benchmark files; write nothing."""
    from tco_xlsx import batch
    from tco_xlsx.model import MODEL

    missing: list[str] = []
    for one in _prepare(scenarios, settings):
        values = batch.compute(MODEL, one)
        missing += _no_point(one, values)
        used = len(one.selection.points)
        click.echo(f"{_which(one)}: valid, {used} of {one.selection.read} benchmark points used")
    _end(missing, allowed=False)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_shape
@click.option("--to", type=click.Path(path_type=Path), help="Write the points to a .csv, .xlsx or .parquet file, too.")
@expected_errors
def bench(paths: tuple[Path, ...], shape: str, to: Path | None) -> None:
    """Show the points of benchmark files or folders as read, with warnings."""
    from tco_xlsx import show
    from tco_xlsx.bench.read import read_benchmarks
    from tco_xlsx.export import write_points

    with Progress("files", sys.stderr) as progress:
        reading = read_benchmarks(list(paths), progress=progress.advance)
    if shape == "json":
        click.echo(json.dumps([show.point_row(point) for point in reading.points], indent=2, ensure_ascii=False))
    elif reading.points:
        _print(show.points_table(reading.points))
    for text in (*show.suspicions(reading.points), *show.grouped_notices(reading.notices)):
        click.echo(text, err=True)
    if reading.faults:
        raise BadInput(reading.faults)
    if to is not None:
        write_points(reading.points, to)


@main.command()
@_shape
@expected_errors
def lines(shape: str) -> None:
    """List the lines of the model: name, label, unit, and how each is computed."""
    from tco_xlsx import show
    from tco_xlsx.model import MODEL

    rows = show.line_rows(MODEL)
    if shape == "json":
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        _print(show.lines_table(rows))


@main.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("line")
@_settings
@expected_errors
def explain(scenario: Path, line: str, settings: tuple[str, ...]) -> None:
    """Show how LINE of a SCENARIO comes about, down to its inputs, with the numbers."""
    from tco_xlsx import batch, show
    from tco_xlsx.errors import did_you_mean
    from tco_xlsx.model import MODEL

    if line not in MODEL.by_name:
        raise BadInput([Fault("LINE", 0, 0, f"{line}: no such line.{did_you_mean(line, MODEL.by_name)}")])
    prepared = _prepare((scenario,), settings)
    if len(prepared) > 1:
        message = f"gives {len(prepared)} scenarios; explain takes one. Name a file without a matrix."
        raise BadInput([Fault(str(scenario), 0, 0, message)])
    (one,) = prepared
    _print(show.explanation(MODEL, batch.compute(MODEL, one), MODEL.by_name[line], one.scenario.currency))


@main.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option(
    "--vary",
    "flags",
    multiple=True,
    required=True,
    metavar="SECTION.NAME=VALUES",
    help="An input and its values: lo:hi:n for n evenly spaced ones, or a,b,c. Given several times, all combinations"
    " are computed; the last input varies fastest.",
)
@_settings
@click.option(
    "--to", type=click.Path(path_type=Path), help="Write a row for each combination to a .csv or .parquet file."
)
@click.option(
    "--grid",
    type=click.Path(path_type=Path),
    help="Write a workbook with a live grid and a heat map to an .xlsx file; for two inputs, the first running down.",
)
@click.option("--lines", "names", metavar="NAME,NAME|all", default="", help="The results to give; a few key ones else.")
@click.option(
    "--by",
    default="unit_cost.per_1m_tokens",
    show_default=True,
    metavar="LINE",
    help="What makes the cheapest so, and what the grid shows.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="A template of your own for the grid; templates/finance.yaml else.",
)
@click.option("--allow-no-point", is_flag=True, help="Exit 0 though no combination has an operating point.")
@expected_errors
def sweep(
    scenario: Path,
    flags: tuple[str, ...],
    settings: tuple[str, ...],
    to: Path | None,
    grid: Path | None,
    names: str,
    by: str,
    template: Path | None,
    allow_no_point: bool,
) -> None:
    """Compute a SCENARIO at all combinations of varied inputs: to a file, to a grid in a workbook, or the cheapest ones
    as a table."""
    from tco_xlsx import show
    from tco_xlsx.model import MODEL
    from tco_xlsx.relax import why_no_point
    from tco_xlsx.sweep import survey

    wish = survey.Wish(scenario, flags, settings, names, by, to, grid)
    plan = survey.survey_of(wish, MODEL, lambda path, given: _prepare((path,), tuple(given)))
    # Before anything is written, for a combination may have an error.
    workbook = None if grid is None else _grid_of(plan, template)
    with Progress("combinations", sys.stderr) as progress:
        found = plan.run(_CHEAPEST, progress.advance)
    total = plan.sweep.combinations
    if to is None and found.cheapest:
        told = [plan.told(combination) for combination in found.cheapest]
        _print(show.combinations_table(MODEL, plan.prepared.scenario.currency, told))
    many = "1 combination" if total == 1 else f"{total:,} combinations"
    if grid is not None and workbook is not None:
        workbook.write(grid)
        click.echo(f"{grid}: {workbook.words}")
    click.echo(f"{to or scenario}: {many}, {found.without_point:,} without an operating point")
    if found.without_point == total:
        first = why_no_point(MODEL, plan.values(0))
        _end([f"{scenario}: no combination has an operating point; at the first, {first}"], allow_no_point)


def _grid_of(plan: Survey, template: Path | None) -> Grid:
    from tco_xlsx.comparison.grid import grid_of
    from tco_xlsx.model.comparison import CAUSES, COMPARISON

    return grid_of(plan, COMPARISON, CAUSES, _template_of(template))


@main.command()
@_scenarios
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Workbook to write.")
@_settings
@click.option("--base", metavar="NAME", help="The scenario that the others are compared with; the first one else.")
@click.option("--currency", metavar="CODE", help="The currency of the comparison, such as USD; that of the base else.")
@click.option(
    "--rate", "rates", multiple=True, metavar="CODE=RATE", help="What one unit of another currency is worth in it."
)
@_template
@_allow_no_point
@expected_errors
def compare(
    scenarios: tuple[Path, ...],
    out: Path,
    settings: tuple[str, ...],
    base: str | None,
    currency: str | None,
    rates: tuple[str, ...],
    template: Path | None,
    allow_no_point: bool,
) -> None:
    """Write one workbook in which several SCENARIOs stand side by side."""
    from tco_xlsx import comparison
    from tco_xlsx.book.layout import refuse_columns
    from tco_xlsx.model import MODEL
    from tco_xlsx.model.comparison import CAUSES, COMPARISON

    report = comparison.Report(currency or "", comparison.parse_rates(rates))
    chosen = _template_of(template)
    prepared = comparison.with_base_first(_prepare(scenarios, settings, refuse_columns), base)
    made = comparison.compare(MODEL, COMPARISON, CAUSES, prepared, report)
    comparison.write_comparison(out, MODEL, made, chosen, prepared)
    click.echo(f"{out}: {comparison.headline(made)}")
    missing = [text for number, one in enumerate(prepared) for text in _no_point(one, made.values.only(number))]
    _end(missing, allow_no_point)


@main.command()
@expected_errors
def schema() -> None:
    """Print the JSON Schema of a scenario, for editors."""
    from tco_xlsx.model import MODEL
    from tco_xlsx.schema import scenario_schema

    click.echo(json.dumps(scenario_schema(MODEL), indent=2, ensure_ascii=False))


def _prepare(
    scenarios: tuple[Path, ...], settings: tuple[str, ...], refuse: Callable[[int], None] | None = None
) -> list[Prepared]:
    from tco_xlsx import batch, show
    from tco_xlsx.model import MODEL

    prepared = batch.prepare(list(scenarios), MODEL, settings, refuse)
    for one in prepared:
        told = show.suspicions(
            point for point in one.selection.points if point.label not in one.scenario.benchmark.accept
        )
        for text in (*told, *show.grouped_notices(one.selection.notices)):
            click.echo(text, err=True)
    return prepared


def _no_point(prepared: Prepared, values: Values) -> list[str]:
    from tco_xlsx.batch import has_operating_point
    from tco_xlsx.model import MODEL
    from tco_xlsx.relax import why_no_point

    if has_operating_point(MODEL, values):
        return []
    return [f"{_which(prepared)}: {why_no_point(MODEL, values)}"]


def _template_of(path: Path | None) -> Template:
    from tco_xlsx.batch import default_template
    from tco_xlsx.book.template import load_template

    return load_template(path) if path else default_template()


def _which(prepared: Prepared) -> str:
    """A scenario as messages name it: a file may hold many."""
    path, name = prepared.scenario.path, prepared.name
    return f"{path}" if name == path.stem else f"{path}, {name}"


def _end(missing: list[str], allowed: bool) -> None:
    for text in missing[:_MOST_TOLD]:
        click.echo(text, err=True)
    if len(missing) > _MOST_TOLD:
        click.echo(f"... and {len(missing) - _MOST_TOLD:,} more scenarios without an operating point", err=True)
    if missing and not allowed:
        sys.exit(_NO_POINT_EXIT)


def _console() -> Console:
    from rich.console import Console

    # A pipe has no width; a table must not be squeezed into 80 columns there.
    return Console(width=None if sys.stdout.isatty() else 200, highlight=False)


def _print(shown: RenderableType) -> None:
    _console().print(shown)
