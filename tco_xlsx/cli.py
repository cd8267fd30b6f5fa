"""The command line: the only place that prints or exits. What a command needs is imported when it runs."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tco_xlsx import __version__
from tco_xlsx.errors import BadInput, ExpectedError, Fault

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from tco_xlsx.batch import Prepared
    from tco_xlsx.evaluate import Values

F = TypeVar("F", bound=Callable[..., Any])

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
_scenarios = click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
_settings = click.option(
    "--set", "settings", multiple=True, metavar="SECTION.NAME=VALUE", help="Give an input; wins over the scenario."
)
_shape = click.option(
    "--format", "shape", type=click.Choice(["table", "json"]), default="table", show_default=True, help="What to print."
)
_NO_POINT_EXIT = 3


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
@click.option(
    "--template", type=click.Path(path_type=Path), help="A template of your own; templates/finance.yaml else."
)
@click.option(
    "--allow-no-point", is_flag=True, help="Exit 0 though a scenario has no benchmark point within its limits."
)
@expected_errors
def build(
    scenarios: tuple[Path, ...], out: Path, settings: tuple[str, ...], template: Path | None, allow_no_point: bool
) -> None:
    """Write a workbook for each SCENARIO (a YAML file, or a folder of them)."""
    from tco_xlsx import batch
    from tco_xlsx.book.template import load_template
    from tco_xlsx.model import MODEL

    prepared = _prepare(scenarios, settings)
    chosen = load_template(template) if template else batch.default_template()
    targets = batch.targets(prepared, out)
    missing: list[str] = []
    with _progress("workbooks") as advance:
        for number, (one, target) in enumerate(zip(prepared, targets, strict=True), start=1):
            values = _within(out, lambda one=one, target=target: batch.build_one(MODEL, one, chosen, target))  # type: ignore[misc]
            advance(number, len(prepared))
            _say(f"{target}: {_headline(one, values)}")
            missing += _no_point(one, values)
    _end(missing, allow_no_point)


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
@click.option(
    "--allow-no-point", is_flag=True, help="Exit 0 though a scenario has no benchmark point within its limits."
)
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
        _say(f"{one.scenario.path}: valid, {used} of {one.selection.read} benchmark points used")
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

    with _progress("files") as advance:
        reading = read_benchmarks(list(paths), progress=advance)
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
    (one,) = _prepare((scenario,), settings)
    _print(show.explanation(MODEL, batch.compute(MODEL, one), MODEL.by_name[line], one.scenario.currency))


@main.command()
@expected_errors
def schema() -> None:
    """Print the JSON Schema of a scenario, for editors."""
    from tco_xlsx.model import MODEL
    from tco_xlsx.schema import scenario_schema

    click.echo(json.dumps(scenario_schema(MODEL), indent=2, ensure_ascii=False))


def _prepare(scenarios: tuple[Path, ...], settings: tuple[str, ...]) -> list[Prepared]:
    from tco_xlsx import batch, show
    from tco_xlsx.model import MODEL

    prepared = batch.prepare(list(scenarios), MODEL, settings)
    for one in prepared:
        told = show.suspicions(
            point for point in one.selection.points if point.label not in one.scenario.benchmark.accept
        )
        for text in (*told, *show.grouped_notices(one.selection.notices)):
            click.echo(text, err=True)
    return prepared


def _headline(prepared: Prepared, values: Values) -> str:
    from tco_xlsx.model import MODEL

    servers = values.value(MODEL.by_name["fleet.servers"])
    total = values.value(MODEL.by_name["cost.total_year"])
    if servers is None or total is None:
        return "no operating point"
    many = "server" if servers == 1 else "servers"
    failing = [check.label for check in MODEL.checks if values.value(check.holds) == 0]
    doubt = f"; checks that fail: {', '.join(failing)}" if failing else ""
    return f"{servers:,.10g} {many}, {total:,.0f} {prepared.scenario.currency} a year{doubt}"


def _no_point(prepared: Prepared, values: Values) -> list[str]:
    from tco_xlsx.batch import has_operating_point
    from tco_xlsx.model import MODEL
    from tco_xlsx.relax import why_no_point

    if has_operating_point(MODEL, values):
        return []
    return [f"{prepared.scenario.path}: {why_no_point(MODEL, values)}"]


def _end(missing: list[str], allowed: bool) -> None:
    for text in missing:
        click.echo(text, err=True)
    if missing and not allowed:
        sys.exit(_NO_POINT_EXIT)


def _within(out: Path, write: Callable[[], Values]) -> Values:
    try:
        return write()
    except OSError as error:
        raise BadInput([Fault(str(out), 0, 0, f"cannot be written to: {error.strerror or error}.")]) from None


def _say(text: str) -> None:
    click.echo(text)


def _console() -> Console:
    from rich.console import Console

    # A pipe has no width; a table must not be squeezed into 80 columns there.
    return Console(width=None if sys.stdout.isatty() else 200, highlight=False)


def _print(shown: RenderableType) -> None:
    _console().print(shown)


class _progress:
    """A progress bar on standard error for what is many; nothing in a pipe, and nothing for a few."""

    FEW = 5

    def __init__(self, what: str) -> None:
        self._what = what
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Callable[[int, int], None]:
        return self._advance if sys.stderr.isatty() else lambda done, total: None

    def _advance(self, done: int, total: int) -> None:
        if self._bar is None and total > self.FEW:
            from rich.console import Console
            from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

            columns = (*Progress.get_default_columns()[:3], MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=total)
        if self._bar is not None:
            self._bar.update(self._task, completed=done)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
