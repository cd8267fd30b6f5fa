"""`evaluate` and `check`: scenarios computed, nothing written."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tco_xlsx.cli.options import allow_no_point_option, scenario_files, settings_option, shape_option, strict_option
from tco_xlsx.cli.output import end, expected_errors, print_table
from tco_xlsx.cli.scenarios import caveats_of, computed, no_point, prepare, which
from tco_xlsx.cli.voice import is_verbose, note, say, warn
from tco_xlsx.documents.errors import BrokenModel

if TYPE_CHECKING:
    from tco_xlsx.case.prepare import Prepared
    from tco_xlsx.language.evaluate import Values


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
@strict_option
@allow_no_point_option
@expected_errors
def evaluate(
    scenarios: tuple[Path, ...], settings: tuple[str, ...], shape: str, strict: bool, allow_no_point: bool
) -> None:
    """Compute each SCENARIO and print the results; no workbook."""
    from tco_xlsx.case import results as case_results
    from tco_xlsx.cli import tables as show
    from tco_xlsx.model import MODEL

    prepared, values, broken = computed(prepare(scenarios, settings))
    warn(caveats_of(prepared, values), strict)
    if shape == "json":
        whole = [case_results.results(MODEL, each) for each in values]
        rows: list[dict[str, object]] = [
            {"scenario": one.name, "values": each, "sources": _sources(one), **_judged(one, its)}
            for one, each, its in zip(prepared, whole, values, strict=True)
        ]
        rows += [{"scenario": name, "error": why} for name, why in broken.items()]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif shape == "csv":
        told = [case_results.single_results(MODEL, each) for each in values]
        click.echo(show.results_csv([one.name for one in prepared], told), nl=False)
    else:
        told = [case_results.single_results(MODEL, each) for each in values]
        every = is_verbose()
        print_table(show.results_table(MODEL, [one.scenario for one in prepared], told, every))
        for one, each in zip(prepared, values, strict=True):
            for table in show.series_tables(MODEL, one.scenario, each, every):
                print_table(table)
        if not every:
            note("what comes to nothing is left out; -v shows every line")
    missing = [text for one, each in zip(prepared, values, strict=True) for text in no_point(one, each)]
    _end(broken, missing, allow_no_point)


@click.command()
@scenario_files
@settings_option
@shape_option
@strict_option
@expected_errors
def check(scenarios: tuple[Path, ...], settings: tuple[str, ...], shape: str, strict: bool) -> None:
    """Check each SCENARIO and its benchmark files, and tell the chosen point and the cost; write nothing."""
    from tco_xlsx.batch.work import failing_checks
    from tco_xlsx.case.brief import brief_of
    from tco_xlsx.model import MODEL

    prepared, values, broken = computed(prepare(scenarios, settings))
    warn(caveats_of(prepared, values), strict)
    briefs = [brief_of(one, each) for one, each in zip(prepared, values, strict=True)]
    if shape == "json":
        rows: list[dict[str, object]] = [
            {**dataclasses.asdict(brief), "reason": _reason(one, each), **_judged(one, each)}
            for brief, one, each in zip(briefs, prepared, values, strict=True)
        ]
        rows += [{"scenario": name, "error": why} for name, why in broken.items()]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for brief, one, each in zip(briefs, prepared, values, strict=True):
            say(f"{which(one)}: valid; {brief.words()}")
            for label in failing_checks(MODEL, each):
                note(f"{which(one)}: check fails: {label}. This is a fault of tco-xlsx: please report it.")
    missing = [text for one, each in zip(prepared, values, strict=True) for text in no_point(one, each)]
    _end(broken, missing, allowed=False)


def _end(broken: Mapping[str, str], missing: list[str], allowed: bool) -> None:
    """One scenario that cannot be computed stops none of the others, and is what the command ends with."""
    for why in broken.values():
        click.echo(why, err=True)
    end(missing, allowed or bool(broken))
    if broken:
        sys.exit(BrokenModel.exit_code)


def _judged(one: Prepared, values: Values) -> dict[str, object]:
    """Proofs of the arithmetic, and warnings about the inputs, apart."""
    from tco_xlsx.case.caveats import caveats
    from tco_xlsx.model import MODEL

    verdicts = {check.name: values.value(check.holds) for check in MODEL.checks}
    return {
        "checks": {
            "holding": sum(verdict == 1 for verdict in verdicts.values()),
            "failing": [name for name, verdict in verdicts.items() if verdict == 0],
        },
        "warnings": [dataclasses.asdict(fault) for fault in caveats(MODEL, one.scenario, values)],
    }


def _sources(one: Prepared) -> dict[str, object]:
    """What the scenario says of its inputs beside their values, by name."""
    return {name: note.record() for name, note in one.scenario.told.items()}


def _reason(one: Prepared, values: Values) -> str | None:
    """Why there is no operating point."""
    return next(iter(no_point(one, values)), None)
