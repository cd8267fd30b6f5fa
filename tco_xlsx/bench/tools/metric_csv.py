"""The CSV that GenAI-Perf and AIPerf write: sections of metrics, brought to the shape of their JSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tco_xlsx.bench.files import not_finite
from tco_xlsx.bench.files.cell import NotANumber, cell_number
from tco_xlsx.bench.files.json_values import word
from tco_xlsx.bench.tools.metric import slug
from tco_xlsx.documents.errors import Fault

# "Effective Latency (CO-aware) (ms)": the last bracket is the unit.
_NAME_AND_UNIT = re.compile(r"\s*(?P<name>.*?)\s*(?:\((?P<unit>[^()]*)\))?\s*$", re.DOTALL)


@dataclass
class MetricCsv:
    """The metrics of such a file by tag, as {unit, statistic: number}."""

    entries: dict[str, object] = field(default_factory=dict)
    gpu_names: list[str] = field(default_factory=list)
    """One name per GPU that the telemetry section lists."""
    faults: list[Fault] = field(default_factory=list)
    not_finite: dict[str, str] = field(default_factory=dict)
    """Figures that are no finite numbers, by their places."""


def heading(text: str) -> tuple[str, ...]:
    """The column names of the first section in lower case; empty when the file has no such section."""
    first = next(_rows(text.lstrip().partition("\n")[0]), (0, []))[1]
    names = tuple(cell.strip().lower() for cell in first)
    return names if len(names) > 1 and names[0] == "metric" else ()


def read_metric_csv(text: str, file: str) -> MetricCsv:
    """All sections of the file. A cell that should be a number and is not is a fault with its place."""
    found = MetricCsv()
    columns: list[str] = []
    gpus: dict[tuple[str, str], str] = {}
    try:
        for line, row in _rows(text):
            head = row[0].strip().lower() if row else ""
            if not any(cell.strip() for cell in row):
                columns = []
            elif head in ("metric", "endpoint"):
                columns = [cell.strip().lower() for cell in row]
            elif columns and columns[0] == "metric":
                _metric(found, row, columns, file, line)
            elif "gpu_name" in columns and len(row) == len(columns):
                cells = dict(zip(columns, row, strict=True))
                gpus[cells["endpoint"], cells.get("gpu_index", "")] = cells["gpu_name"]
    except csv.Error as error:
        found.faults.append(Fault(file, 0, 0, f"not valid CSV: {error}."))
    found.gpu_names = [name for name in map(word, gpus.values()) if name]
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    for row in reader:
        yield reader.line_num, row


def _metric(found: MetricCsv, row: list[str], columns: list[str], file: str, line: int) -> None:
    match = _NAME_AND_UNIT.match(row[0])
    name, unit = (match["name"], match["unit"]) if match else (row[0], None)
    entry: dict[str, object] = {"unit": unit}
    for column, (statistic, cell) in enumerate(zip(columns[1:], row[1:], strict=False), start=2):
        if (figure := not_finite.said(cell)) is not None:
            found.not_finite[f"line {line}, {name} {statistic}"] = figure
        try:
            entry["avg" if statistic == "value" else statistic] = cell_number(cell)
        except NotANumber as error:
            found.faults.append(Fault(file, line, column, f"{name}, {statistic}: {error}."))
    found.entries.setdefault(slug(name), entry)
