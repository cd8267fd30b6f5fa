"""`build`: a workbook for each scenario."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tco_xlsx.cli.options import allow_no_point_option, scenario_files, settings_option, strict_option, template_option
from tco_xlsx.cli.output import NO_POINT_EXIT, end, expected_errors
from tco_xlsx.cli.progress import Progress
from tco_xlsx.cli.scenarios import caveats_of, no_point, prepare, template_of
from tco_xlsx.cli.voice import is_quiet, is_verbose, note, say, warn
from tco_xlsx.documents.errors import BadInput, Fault

if TYPE_CHECKING:
    from tco_xlsx.batch.executor import Executor
    from tco_xlsx.batch.work import Chunk, Outcome
    from tco_xlsx.language.sections import Model
    from tco_xlsx.scenario.load import Scenario

WORKBOOK = ".xlsx"
_OTHER_FILES = frozenset({".csv", ".json", ".ods", ".parquet", ".pdf", ".xls", ".xlsb", ".xlsm", ".yaml", ".yml"})
"""Nobody means a folder by a name that ends so."""


@click.command()
@scenario_files
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default="out",
    show_default=True,
    help="Folder to write to; or, for one scenario, the workbook, ending in .xlsx.",
)
@settings_option
@template_option
@strict_option
@allow_no_point_option
@click.option("--jobs", type=click.IntRange(1, 256), help="How many processes work at a time; as many as cores else.")
@click.option("--dask", metavar="ADDRESS", help="Work on a Dask cluster: tcp://HOST:PORT, or `local` for one here.")
@click.option(
    "--force", is_flag=True, help="Build what is unchanged, too, and where there is a file that is none of ours."
)
@expected_errors
def build(
    scenarios: tuple[Path, ...],
    out: Path,
    settings: tuple[str, ...],
    template: Path | None,
    strict: bool,
    allow_no_point: bool,
    jobs: int | None,
    dask: str | None,
    force: bool,
) -> None:
    """Write a workbook for each SCENARIO (a YAML file, or a folder of them), an index and a table of results.

    Scenarios that are unchanged since the last time are left as they are; one that fails does not stop the others.
    """
    from tco_xlsx.batch.build import Build, Order
    from tco_xlsx.batch.refusals import unwritable
    from tco_xlsx.batch.report import BatchReport
    from tco_xlsx.batch.results import write_results

    if out.suffix.lower() in _OTHER_FILES and not os.path.isdir(out):
        message = f"ends in {out.suffix}; name a folder, or for one scenario a workbook that ends in {WORKBOOK}."
        raise BadInput([Fault(str(out), 0, 0, message)])
    if out.suffix == WORKBOOK and not os.path.isdir(out):
        _one_workbook(scenarios, out, settings, template, strict, allow_no_point, force)
        return
    chosen = template_of(template)
    if dask:  # A worker elsewhere has another folder to count from.
        scenarios, out = tuple(path.absolute() for path in scenarios), out.absolute()
    order = Order(
        scenarios, out, chosen, model_of, settings, os.environ.get("SOURCE_DATE_EPOCH") or None, force, strict
    )
    run = Build(order)
    report = BatchReport(order.out)
    few = sys.maxsize if is_quiet() else report.FEW
    try:
        with _executor(jobs, dask) as executor, Progress("workbooks", sys.stderr, note, few=few) as progress:
            for outcome in run.outcomes(executor):
                report.take(outcome)
                for line in report.lines(run.total) if run.total_is_known else ():
                    say(line)
                progress.advance(run.tally.done, run.total)
        for line in report.lines(run.total):
            say(line)
        gone = run.finish()
        try:
            foreign = write_results(run.folder, run.model)
        except OSError as error:
            raise unwritable(out, error) from None
    finally:
        run.clear()
    for text in (*report.notes(every=is_verbose()), *report.left(gone, foreign)):
        note(text)
    for text in report.without_point():
        click.echo(text, err=True)
    report.raise_if_nothing(run.tally)
    if run.total > 1:
        say(report.summary(run.tally))
    if run.tally.failed:
        click.echo(report.failures(run.total), err=True)
    for text in report.kept():
        click.echo(text, err=True)
    if run.tally.failed:
        sys.exit(BadInput.exit_code)
    if report.without_point() and not allow_no_point:
        sys.exit(NO_POINT_EXIT)


def _one_workbook(
    scenarios: tuple[Path, ...],
    out: Path,
    settings: tuple[str, ...],
    template: Path | None,
    strict: bool,
    allow_no_point: bool,
    force: bool,
) -> None:
    from tco_xlsx.batch.files_read import refuse_reading
    from tco_xlsx.batch.refusals import refuse_epoch
    from tco_xlsx.batch.work import failing_checks, headline, workbook
    from tco_xlsx.case import results as case_results
    from tco_xlsx.documents.target import objection_to, write_file
    from tco_xlsx.model import MODEL

    objection = objection_to(out, (WORKBOOK,), force=force, makes_folder=True)
    refuse_epoch(os.environ.get("SOURCE_DATE_EPOCH") or None)

    def refuse(found: Sequence[Scenario]) -> None:
        if len(found) > 1:
            message = f"names one workbook, and there are {len(found):,} scenarios; name a folder."
            raise BadInput([Fault(str(out), 0, 0, message)])
        if objection is not None:
            raise BadInput([objection])
        refuse_reading([out], found, [template])

    chosen = template_of(template)
    (one,) = prepare(scenarios, settings, refuse)
    values = case_results.compute(MODEL, one)
    warn(caveats_of([one], [values]), strict)
    write_file(out, workbook(MODEL, one, values, chosen), makes_folder=True)
    say(f"{out}: {headline(values, one.scenario.currency, failing_checks(MODEL, values))}")
    end(no_point(one, values), allow_no_point)


def model_of() -> Model:
    """The model, by a name that other processes can import."""
    from tco_xlsx.model import MODEL

    return MODEL


def _executor(jobs: int | None, dask: str | None) -> Executor[Chunk, list[Outcome]]:
    from tco_xlsx.batch.executor import InProcess, Processes
    from tco_xlsx.batch.fingerprint import code_digest
    from tco_xlsx.batch.work import work

    number = jobs or os.cpu_count() or 1
    if dask:
        from tco_xlsx.batch.dask_pool import DaskPool

        return DaskPool(work, dask, number, code_digest)
    return InProcess(work) if number == 1 else Processes(work, number)
