"""`compare`: scenarios side by side in one workbook."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tco_xlsx.cli.options import (
    allow_no_point_option,
    replace_option,
    scenario_files,
    settings_option,
    strict_option,
    template_option,
)
from tco_xlsx.cli.output import end, expected_errors
from tco_xlsx.cli.scenarios import caveats_of, no_point, prepare, template_of
from tco_xlsx.cli.voice import say, warn
from tco_xlsx.documents.errors import BadInput, BrokenModel

if TYPE_CHECKING:
    from tco_xlsx.scenario.load import Scenario


@click.command()
@scenario_files
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="Workbook to write.")
@settings_option
@click.option("--base", metavar="NAME", help="The scenario that the others are compared with; the first one else.")
@click.option("--currency", metavar="CODE", help="The currency of the comparison, such as USD; that of the base else.")
@click.option(
    "--rate", "rates", multiple=True, metavar="CODE=RATE", help="What one unit of another currency is worth in it."
)
@template_option
@strict_option
@allow_no_point_option
@replace_option
@expected_errors
def compare(
    scenarios: tuple[Path, ...],
    out: Path,
    settings: tuple[str, ...],
    base: str | None,
    currency: str | None,
    rates: tuple[str, ...],
    template: Path | None,
    strict: bool,
    allow_no_point: bool,
    force: bool,
) -> None:
    """Write one workbook in which several SCENARIOs stand side by side.

    One that cannot be computed is named, and the others are compared.
    """
    from tco_xlsx.analysis import compare as comparison
    from tco_xlsx.batch.files_read import refuse_reading
    from tco_xlsx.book import write as book_write
    from tco_xlsx.book.shape import refuse_columns
    from tco_xlsx.documents.target import objection_to
    from tco_xlsx.model import MODEL
    from tco_xlsx.model.causes import CAUSES
    from tco_xlsx.model.comparison import COMPARISON

    objection = objection_to(out, (".xlsx",), force=force, makes_folder=True)

    def refuse(scenarios: Sequence[Scenario]) -> None:
        if objection is not None:
            raise BadInput([objection])
        refuse_columns(len(scenarios))
        refuse_reading([out], scenarios, [template])

    report = comparison.ComparisonTerms(currency or "", comparison.parse_rates(rates))
    chosen = template_of(template)
    prepared = comparison.with_base_first(prepare(scenarios, settings, refuse), base)
    broken: list[str] = []
    try:
        made = comparison.compare(MODEL, COMPARISON, CAUSES, prepared, report)
    except BrokenModel:
        prepared, broken = comparison.without_broken(MODEL, prepared)
        if not broken:
            raise
        if len(prepared) < 2 or (base is not None and prepared[0].name.casefold() != base.casefold()):
            raise BrokenModel("\n".join(broken)) from None
        made = comparison.compare(MODEL, COMPARISON, CAUSES, prepared, report)
    values = [made.values.only(number) for number in range(len(prepared))]
    warn(caveats_of(prepared, values), strict)
    book_write.write_comparison(out, MODEL, made, chosen, prepared)
    say(f"{out}: {comparison.headline(made)}")
    missing = [text for one, each in zip(prepared, values, strict=True) for text in no_point(one, each)]
    for text in broken:
        click.echo(text, err=True)
    end(missing, allow_no_point or bool(broken))
    if broken:
        sys.exit(BrokenModel.exit_code)
