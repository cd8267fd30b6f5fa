"""`sweep`: a scenario at all combinations of varied inputs."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tco_xlsx.cli.options import replace_option, settings_option, strict_option
from tco_xlsx.cli.output import end, expected_errors, print_table
from tco_xlsx.cli.progress import FEW, Progress
from tco_xlsx.cli.scenarios import prepare, template_of
from tco_xlsx.cli.voice import is_quiet, note, say, warn

if TYPE_CHECKING:
    from tco_xlsx.analysis.grid import ComparedGrid
    from tco_xlsx.analysis.sweep.plan import SweepFindings, SweepPlan
    from tco_xlsx.documents.errors import Fault
    from tco_xlsx.scenario.load import Scenario

_CHEAPEST = 5


@click.command()
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
@settings_option
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
    metavar="LINE",
    help="What makes the cheapest so, and what the grid shows; the cost per 1M tokens at capacity else.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="A template of your own for the grid; templates/finance.yaml else.",
)
@strict_option
@click.option("--allow-no-point", is_flag=True, help="Exit 0 though no combination has an operating point.")
@replace_option
@expected_errors
def sweep(
    scenario: Path,
    flags: tuple[str, ...],
    settings: tuple[str, ...],
    to: Path | None,
    grid: Path | None,
    names: str,
    by: str | None,
    template: Path | None,
    strict: bool,
    allow_no_point: bool,
    force: bool,
) -> None:
    """Compute a SCENARIO at all combinations of varied inputs: to a file, to a grid in a workbook, or the cheapest ones
    as a table."""
    from tco_xlsx.analysis.sweep import plan as survey
    from tco_xlsx.batch.files_read import refuse_reading
    from tco_xlsx.batch.rows import rows_to
    from tco_xlsx.book.advice import why_no_point
    from tco_xlsx.book.write import write_comparison
    from tco_xlsx.case.results import placed
    from tco_xlsx.cli import tables as show
    from tco_xlsx.documents.errors import BrokenModel
    from tco_xlsx.model import MODEL, roles

    def refuse(scenarios: Sequence[Scenario]) -> None:
        refuse_reading([to, grid], scenarios, [template])

    wish = survey.SweepRequest(scenario, flags, settings, names, by or roles.per_1m_tokens.name, to, grid, force)
    plan = survey.plan_of(wish, MODEL, lambda path, given: prepare((path,), tuple(given), refuse))
    # Before anything is written, for a combination may have an error.
    made = None if grid is None else _grid_of(plan)
    look = None if grid is None else template_of(template)
    try:
        if strict:
            # Nothing is written where a combination warns.
            judged = dataclasses.replace(plan, to=None).run(_CHEAPEST)
            warn(_caveats(plan, judged), strict)
        with Progress("combinations", sys.stderr, few=sys.maxsize if is_quiet() else FEW) as progress:
            found = plan.run(_CHEAPEST, progress.advance, rows_to)
    except BrokenModel as broken:
        raise placed(broken, plan.prepared) from None
    total = plan.sweep.combinations
    if to is None and found.cheapest:
        told = [plan.told(combination) for combination in found.cheapest]
        print_table(show.combinations_table(MODEL, plan.prepared.scenario.currency, told))
    many = "1 combination" if total == 1 else f"{total:,} combinations"
    if grid is not None and made is not None and look is not None:
        write_comparison(grid, MODEL, made.made, look, made.prepared)
        say(f"{grid}: {made.words}")
    if found.warned:
        note(f"warning: {found.warned:,} of {many} have warnings about the inputs; the first of them:")
    warn(_caveats(plan, found), strict)
    say(f"{to or scenario}: {many}, {found.without_point:,} without an operating point")
    if found.without_point == total:
        first = why_no_point(MODEL, plan.values(0), look or template_of(None))
        end([f"{scenario}: no combination has an operating point; at the first, {first}"], allow_no_point)


def _caveats(plan: SweepPlan, found: SweepFindings) -> list[Fault]:
    """The warnings of the first combination that has any; and the inputs that no combination uses."""
    return [*(plan.warnings(found.first_warned) if found.warned else ()), *plan.ignored()]


def _grid_of(plan: SweepPlan) -> ComparedGrid:
    from tco_xlsx.analysis.grid import grid_of
    from tco_xlsx.model.causes import CAUSES
    from tco_xlsx.model.comparison import COMPARISON

    return grid_of(plan, COMPARISON, CAUSES)
