"""Benchmark points in the normal form, written to a file whose ending says the format."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tco_xlsx
from tco_xlsx.bench.frame import frame_of_points
from tco_xlsx.bench.normal_form import HEADINGS, to_csv, to_rows
from tco_xlsx.bench.points.point import Point
from tco_xlsx.documents.errors import BadInput, Fault
from tco_xlsx.documents.target import PARQUET_KEY, objection_to, write_file
from tco_xlsx.documents.text_out import harmless

ENDINGS = (".csv", ".xlsx", ".parquet")


def write_points(points: Sequence[Point], target: Path) -> None:
    """Write the points, whole or not at all.

    Raises BadInput for another ending, a folder that is not there, parquet without pyarrow, a full disk.
    """
    objection = objection_to_points(target, force=True)
    if objection is not None:
        raise BadInput([objection])
    if target.suffix == ".csv":
        content = to_csv(points, harmless).encode()
    elif target.suffix == ".xlsx":
        from tco_xlsx.book.table import table

        content = table("points", HEADINGS, to_rows(points))
    else:
        content = _parquet(points, target)
    write_file(target, content)


def objection_to_points(target: Path, force: bool) -> Fault | None:
    """Why points cannot be written to a file, as far as that is known before they are read."""
    return objection_to(target, ENDINGS, force=force, is_ours=lambda headings: tuple(headings) == HEADINGS)


def _parquet(points: Sequence[Point], target: Path) -> bytes:
    pyarrow = pyarrow_for(target)
    table = pyarrow.Table.from_pandas(frame_of_points(points), preserve_index=False)
    content = io.BytesIO()
    pyarrow.parquet.write_table(table.replace_schema_metadata(parquet_mark()), content)
    return content.getvalue()


def parquet_mark() -> dict[bytes, bytes]:
    """The metadata by which a Parquet file of ours is known."""
    return {PARQUET_KEY: tco_xlsx.__version__.encode()}


def pyarrow_for(target: Path) -> Any:
    """The library that writes Parquet. Raises BadInput where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        message = "parquet needs pyarrow: install tco-xlsx[parquet], or write .csv instead."
        raise BadInput([Fault(str(target), 0, 0, message)]) from None
    return pyarrow
