"""`evaluate` and `check`: scenarios computed, nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tco_xlsx.cli.options import allow_no_point_option, scenario_files, settings_option
from tco_xlsx.cli.output import end, expected_errors, print_table
from tco_xlsx.cli.scenarios import no_point, prepare, which


@click.command()
@scenario_files
@settings_option
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="What to print.",
)
@allow_no_point_option
@expected_errors
def evaluate(scenarios: tuple[Path, ...], settings: tuple[str, ...], shape: str, allow_no_point: bool) -> None:
    """Compute each SCENARIO and print the results; no workbook."""
    from tco_xlsx import batch, show
    from tco_xlsx.model import MODEL

    prepared = prepare(scenarios, settings)
    values = [batch.compute(MODEL, one) for one in prepared]
    told = [batch.results(MODEL, each) for each in values]
    if shape == "json":
        rows = [{"scenario": one.name, "values": each} for one, each in zip(prepared, told, strict=True)]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif shape == "csv":
        click.echo(show.results_csv([one.name for one in prepared], told), nl=False)
    else:
        print_table(show.results_table(MODEL, [one.scenario for one in prepared], told))
    missing = [text for one, each in zip(prepared, values, strict=True) for text in no_point(one, each)]
    end(missing, allow_no_point)


@click.command()
@scenario_files
@settings_option
@expected_errors
def check(scenarios: tuple[Path, ...], settings: tuple[str, ...]) -> None:
    """Check each SCENARIO and its benchmark files; write nothing."""
    from tco_xlsx import batch
    from tco_xlsx.model import MODEL

    missing: list[str] = []
    for one in prepare(scenarios, settings):
        values = batch.compute(MODEL, one)
        missing += no_point(one, values)
        used = len(one.selection.points)
        click.echo(f"{which(one)}: valid, {used} of {one.selection.read} benchmark points used")
    end(missing, allowed=False)
