"""Points as rows of the normal-form table, the one that `table` reads back to the same points.

Rows are plain values by heading, for whoever writes CSV, Excel or Parquet; `to_csv` is one of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.points.point import STATISTICS, Point
from tco_xlsx.bench.tools import table
from tco_xlsx.bench.tools.headings import FLAG_FIELDS, LIST_SEPARATOR

TableCell = str | float | bool | None

_WORDS = ("label", "model", "gpu_type", "gpus_per_instance", "precision", "engine", "setup", "trial")
_LOAD = ("measured", "streaming", "concurrency", "request_rate", "isl", "osl", "isl_asked", "osl_asked")
_COUNTS = ("completed", "failed", "incomplete", "duration_s", "rps", "output_tps", "total_tps")
_LATENCIES = tuple(f"{name}_{statistic}_ms" for name in ("ttft", "itl", "latency") for statistic in STATISTICS)
_ORIGIN = ("itl_kind", "latency_derived", "gpu_source", "source", "source_tool", "tool_version", "notes", "suspicious")

HEADINGS: tuple[str, ...] = (*_WORDS, *_LOAD, *_COUNTS, *_LATENCIES, *_ORIGIN)
"""The columns, in order. All but label, gpu_source, source_tool and tool_version are read back."""


FLAGS = frozenset(FLAG_FIELDS)
TEXTS = frozenset((*_WORDS, *_ORIGIN)) - FLAGS - {"gpus_per_instance"}
"""What the columns hold that are no numbers."""


def to_rows(points: Iterable[Point]) -> list[dict[str, TableCell]]:
    """A row for each point, with all of HEADINGS; None where nothing is known."""
    return [_row(point) for point in points]


def to_csv(points: Iterable[Point], text_cell: Callable[[str], str] = str) -> str:
    """The rows as CSV, every number in full; each text as `text_cell` gives it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS, lineterminator="\n")
    writer.writeheader()
    for row in to_rows(points):
        writer.writerow({key: text_cell(cell) if isinstance(cell, str) else cell for key, cell in row.items()})
    return text.getvalue()


def from_csv(path: Path) -> Sequence[Point]:
    """The points of such a CSV as they stand, unchecked; `read_benchmarks` reads the file with all checks."""
    return table.read(Document(path)).points


def _row(point: Point) -> dict[str, TableCell]:
    row: dict[str, TableCell] = {}
    for heading in HEADINGS:
        if heading in _LATENCIES:
            name, statistic, _ = heading.split("_")
            row[heading] = getattr(getattr(point, name), statistic)
        elif heading == "source":
            row[heading] = point.source or point.file
        elif heading == "source_tool":
            row[heading] = point.tool
        elif heading in ("notes", "suspicious"):
            row[heading] = LIST_SEPARATOR.join(getattr(point, heading)) or None
        else:
            row[heading] = getattr(point, heading)
    return row
