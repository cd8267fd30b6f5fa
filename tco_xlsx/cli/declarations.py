"""`lines`, `explain`, `schema`: what the model declares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tco_xlsx.cli.options import settings_option, shape_option
from tco_xlsx.cli.output import expected_errors, print_table
from tco_xlsx.cli.scenarios import prepare
from tco_xlsx.documents.errors import BadInput, Fault

if TYPE_CHECKING:
    from tco_xlsx.language.lines import Line
    from tco_xlsx.language.sections import Model


@click.command()
@shape_option
@expected_errors
def lines(shape: str) -> None:
    """List the lines of the model: name, label, unit, and how each is computed."""
    from tco_xlsx.cli import tables as show
    from tco_xlsx.model import MODEL

    rows = show.line_rows(MODEL)
    if shape == "json":
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        print_table(show.lines_table(rows))


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.argument("line")
@settings_option
@expected_errors
def explain(scenario: Path, line: str, settings: tuple[str, ...]) -> None:
    """Show how LINE of a SCENARIO comes about, down to its inputs, with the numbers."""
    from tco_xlsx.case import results as case_results
    from tco_xlsx.cli import tables as show
    from tco_xlsx.model import MODEL
    from tco_xlsx.scenario.meant import guess

    if line not in MODEL.by_name:
        if str(scenario) in MODEL.by_name:
            raise BadInput([Fault("LINE", 0, 0, f"{line}: no such line. The scenario comes first, then the line.")])
        hint = guess(line, _for_people(MODEL)).hint or " `tco-xlsx lines` lists them all."
        raise BadInput([Fault("LINE", 0, 0, f"{line}: no such line.{hint}")])
    prepared = prepare((scenario,), settings)
    if len(prepared) > 1:
        message = f"gives {len(prepared)} scenarios; explain takes one. Name a file without a matrix."
        raise BadInput([Fault(str(scenario), 0, 0, message)])
    (one,) = prepared
    values = case_results.compute(MODEL, one)
    print_table(show.explanation(values, MODEL.by_name[line], one.scenario.currency, one.scenario.told))


def _for_people(model: Model) -> list[Line]:
    """The lines without the workings of checks, which nobody asks for."""
    return [line for line in model.lines if line.section is not None]


@click.command()
@expected_errors
def schema() -> None:
    """Print the JSON Schema of a scenario, for editors."""
    from tco_xlsx.model import MODEL
    from tco_xlsx.scenario.schema import scenario_schema

    click.echo(json.dumps(scenario_schema(MODEL), indent=2, ensure_ascii=False))
