"""Benchmark points in the normal form, written to a file whose ending says the format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tco_xlsx.bench.normal_form import HEADINGS, to_csv, to_rows
from tco_xlsx.bench.point import Point
from tco_xlsx.errors import BadInput, Fault
from tco_xlsx.text_out import harmless

ENDINGS = (".csv", ".xlsx", ".parquet")


def write_points(points: Sequence[Point], target: Path) -> None:
    """Write the points. Raises BadInput for another ending, a folder that is not there, or parquet without pyarrow."""
    if target.suffix not in ENDINGS:
        raise BadInput([Fault(str(target), 0, 0, f"ends in {target.suffix or 'nothing'}; use {', '.join(ENDINGS)}.")])
    try:
        if target.suffix == ".csv":
            target.write_text(to_csv(points, harmless), encoding="utf-8")
        elif target.suffix == ".xlsx":
            from tco_xlsx.book.table import write_table

            write_table(target, "points", HEADINGS, to_rows(points))
        else:
            _parquet(points, target)
    except OSError as error:
        raise BadInput([Fault(str(target), 0, 0, f"cannot be written: {error.strerror or error}.")]) from None


def _parquet(points: Sequence[Point], target: Path) -> None:
    pyarrow = pyarrow_for(target)
    rows = to_rows(points)
    columns = {heading: [row[heading] for row in rows] for heading in HEADINGS}
    pyarrow.parquet.write_table(
        pyarrow.table({name: _column(pyarrow, values) for name, values in columns.items()}), target
    )


def _column(pyarrow: Any, values: Sequence[object]) -> Any:
    """One type a column: a number among texts would be refused."""
    if any(isinstance(value, str) for value in values):
        values = [None if value is None else str(value) for value in values]
    elif not any(isinstance(value, bool) for value in values):
        values = [None if value is None else float(str(value)) for value in values]
    return pyarrow.array(values)


def objection_to(target: Path, endings: Sequence[str]) -> Fault | None:
    """Why a file with one of the endings cannot be written, as far as its name tells."""
    message = ""
    if target.suffix not in endings:
        message = f"ends in {target.suffix or 'nothing'}; use {', '.join(endings)}."
    elif target.is_dir():
        message = "is a folder; name a file."
    elif not target.parent.is_dir():
        message = f"cannot be written: there is no folder {target.parent}."
    return Fault(str(target), 0, 0, message) if message else None


def pyarrow_for(target: Path) -> Any:
    """The library that writes Parquet. Raises BadInput where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        message = "parquet needs pyarrow: install tco-xlsx[parquet], or write .csv instead."
        raise BadInput([Fault(str(target), 0, 0, message)]) from None
    return pyarrow
