"""Benchmark points in the normal form, written to a file whose ending says the format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tco_xlsx.bench.normal_form import HEADINGS, to_csv, to_rows
from tco_xlsx.bench.point import Point
from tco_xlsx.errors import BadInput, Fault

ENDINGS = (".csv", ".xlsx", ".parquet")


def write_points(points: Sequence[Point], target: Path) -> None:
    """Write the points. Raises BadInput for another ending, a folder that is not there, or parquet without pyarrow."""
    if target.suffix not in ENDINGS:
        raise BadInput([Fault(str(target), 0, 0, f"ends in {target.suffix or 'nothing'}; use {', '.join(ENDINGS)}.")])
    try:
        if target.suffix == ".csv":
            target.write_text(to_csv(points), encoding="utf-8")
        elif target.suffix == ".xlsx":
            from tco_xlsx.book.table import write_table

            write_table(target, "points", HEADINGS, to_rows(points))
        else:
            _parquet(points, target)
    except OSError as error:
        raise BadInput([Fault(str(target), 0, 0, f"cannot be written: {error.strerror or error}.")]) from None


def _parquet(points: Sequence[Point], target: Path) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        message = "parquet needs pyarrow: install tco-xlsx[parquet], or write .csv or .xlsx."
        raise BadInput([Fault(str(target), 0, 0, message)]) from None
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
