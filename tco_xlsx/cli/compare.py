"""`compare`: scenarios side by side in one workbook."""

from __future__ import annotations

from pathlib import Path

import click

from tco_xlsx.cli.options import allow_no_point_option, scenario_files, settings_option, strict_option, template_option
from tco_xlsx.cli.output import end, expected_errors
from tco_xlsx.cli.scenarios import caveats_of, no_point, prepare, template_of
from tco_xlsx.cli.voice import say, warn


@click.command()
@scenario_files
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Workbook to write.")
@settings_option
@click.option("--base", metavar="NAME", help="The scenario that the others are compared with; the first one else.")
@click.option("--currency", metavar="CODE", help="The currency of the comparison, such as USD; that of the base else.")
@click.option(
    "--rate", "rates", multiple=True, metavar="CODE=RATE", help="What one unit of another currency is worth in it."
)
@template_option
@strict_option
@allow_no_point_option
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
) -> None:
    """Write one workbook in which several SCENARIOs stand side by side."""
    from tco_xlsx import comparison
    from tco_xlsx.book.layout import refuse_columns
    from tco_xlsx.model import MODEL
    from tco_xlsx.model.comparison import CAUSES, COMPARISON

    report = comparison.Report(currency or "", comparison.parse_rates(rates))
    chosen = template_of(template)
    prepared = comparison.with_base_first(prepare(scenarios, settings, refuse_columns), base)
    made = comparison.compare(MODEL, COMPARISON, CAUSES, prepared, report)
    values = [made.values.only(number) for number in range(len(prepared))]
    warn(caveats_of(prepared, values), strict)
    comparison.write_comparison(out, MODEL, made, chosen, prepared)
    say(f"{out}: {comparison.headline(made)}")
    missing = [text for one, each in zip(prepared, values, strict=True) for text in no_point(one, each)]
    end(missing, allow_no_point)
