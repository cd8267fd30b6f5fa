"""`bench`: benchmark files as read."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from tco_xlsx.cli.options import replace_option, shape_option
from tco_xlsx.cli.output import expected_errors, print_table
from tco_xlsx.cli.progress import FEW, Progress
from tco_xlsx.cli.voice import is_quiet, is_verbose, note
from tco_xlsx.documents.errors import BadInput


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@shape_option
@click.option("--to", type=click.Path(path_type=Path), help="Write the points to a .csv, .xlsx or .parquet file, too.")
@replace_option
@expected_errors
def bench(paths: tuple[Path, ...], shape: str, to: Path | None, force: bool) -> None:
    """Show the points of benchmark files or folders as read, with warnings."""
    from tco_xlsx.batch.export import objection_to_points, write_points
    from tco_xlsx.bench.read import read_benchmarks
    from tco_xlsx.bench.sources import sources
    from tco_xlsx.case import notices as case_notices
    from tco_xlsx.cli import tables as show
    from tco_xlsx.documents.target import objections_to_reading

    if to is not None:
        objection = objection_to_points(to, force)
        faults = [objection] if objection is not None else []
        faults += objections_to_reading([to], sources(paths) if os.path.exists(to) else ())
        if faults:
            raise BadInput(faults)
    with Progress("files", sys.stderr, few=sys.maxsize if is_quiet() else FEW) as progress:
        reading = read_benchmarks(list(paths), progress=progress.advance)
    if shape == "json":
        click.echo(json.dumps([show.point_row(point) for point in reading.points], indent=2, ensure_ascii=False))
    elif reading.points:
        print_table(show.points_table(reading.points))
    for text in case_notices.notes(reading.points, reading.notices, is_verbose()):
        note(text)
    if reading.faults:
        raise BadInput(reading.faults)
    if to is not None:
        write_points(reading.points, to)
        note(f"{to}: {len(reading.points):,} points")
