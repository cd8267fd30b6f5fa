"""aiconfigurator (NVIDIA): `best_config_topn.csv` and `pareto.csv`. PREDICTED, never measured; latencies in ms.

The `concurrency` cell may hold words ("64 (=32x2)"); its first number counts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from tco_xlsx.bench.files.cell import NotANumber, cell_number, is_blank
from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import word
from tco_xlsx.bench.points.point import Latency, Point, no_zeros
from tco_xlsx.bench.points.reading import ChosenFiles, Closeness, FileReading, Notice
from tco_xlsx.bench.points.same_runs import without_copies
from tco_xlsx.documents.errors import Fault

NAME = "aiconfigurator"

SIDE_FILES: tuple[str, ...] = ()

_SIGNS = ("seq/s", "seq/s/gpu", "tokens/s/gpu", "tokens/s/user", "num_total_gpus")
_FEWEST = 3
_FIRST_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)")
_SAME_COUNT = 0.02

_PREDICTED = "predicted by aiconfigurator, not measured"


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a table of aiconfigurator; None when nothing speaks for it."""
    heading = {name.strip().strip('"').lower() for name in document.start.partition("\n")[0].split(",")}
    found = tuple(sign for sign in _SIGNS if sign in heading)
    if len(found) < _FEWEST:
        return None
    return Closeness(found, tuple(name for name in ("seq/s", "ttft", "tpot") if name not in heading))


def read(document: Document) -> FileReading:
    """A point for each configuration."""
    points: list[Point] = []
    notices: list[Notice] = []
    faults: list[Fault] = []
    reader = csv.DictReader(io.StringIO(document.text, newline=""))
    try:
        for row in reader:
            cells = {key.strip().lower(): value for key, value in row.items() if isinstance(key, str)}
            document.look_at(cells, f"line {reader.line_num}")
            numbers = _Cells(document.name, reader.line_num, cells)
            gpus, contradiction = _gpus(numbers)
            if contradiction:
                notices.append(Notice(document.name, contradiction, reader.line_num))
            else:
                points.append(_point(document, numbers, gpus, len(points)))
            faults += numbers.faults
    except csv.Error as error:
        faults.append(Fault(document.name, reader.line_num, 0, f"not valid CSV: {error}."))
    kind = "best" if "best" in document.path.name else "all"
    return FileReading(document.path, kind, tuple(points), tuple(notices), tuple(faults))


def choose(parts: tuple[FileReading, ...]) -> ChosenFiles:
    """Each configuration once: the best ones stand in the table of all as well."""
    return without_copies(parts, ("best", "all"))


class _Cells:
    """The cells of a row by heading."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str | None]) -> None:
        self._file = file
        self.line = line
        self._cells = cells
        self.faults: list[Fault] = []

    def number(self, *names: str) -> float | None:
        name = next((name for name in names if not is_blank(self._cells.get(name))), None)
        if name is None:
            return None
        try:
            return cell_number(self._cells[name])
        except NotANumber as error:
            self.faults.append(Fault(self._file, self.line, 0, f"{name}: {error}."))
            return None

    def first_number(self, name: str) -> float | None:
        match = _FIRST_NUMBER.match(self._cells.get(name) or "")
        return float(match[1]) if match else None

    def word(self, *names: str) -> str | None:
        return next((found for name in names if (found := word(self._cells.get(name)))), None)


def _gpus(cells: _Cells) -> tuple[float | None, str | None]:
    """GPUs behind the rate: what it is per GPU must give the same count."""
    said = cells.number("num_total_gpus")
    rate, per_gpu = cells.number("seq/s"), cells.number("seq/s/gpu")
    if said and rate and per_gpu and abs(rate / per_gpu / said - 1) > _SAME_COUNT:
        told = f"{said:g} GPUs by num_total_gpus but {rate / per_gpu:.3g} by seq/s and seq/s/gpu; row left out."
        return None, told
    return said, None


def _point(document: Document, cells: _Cells, gpus: float | None, index: int) -> Point:
    ttft, itl, latency = (no_zeros(Latency(avg=cells.number(name))) for name in ("ttft", "tpot", "request_latency"))
    return Point(
        file=document.name,
        tool=NAME,
        index=index,
        line=cells.line,
        measured=False,
        model=cells.word("model"),
        gpu_type=cells.word("system", "(d)system"),
        gpus_per_instance=gpus,
        gpu_source="file" if gpus else None,
        precision=cells.word("precision", "gemm", "(d)gemm"),
        engine=cells.word("backend", "(d)backend"),
        concurrency=cells.first_number("concurrency"),
        isl=cells.number("isl"),
        osl=cells.number("osl"),
        isl_asked=cells.number("isl"),
        osl_asked=cells.number("osl"),
        streaming=True,
        rps=cells.number("seq/s"),
        output_tps=cells.number("tokens/s"),
        ttft=ttft,
        itl=itl,
        latency=latency,
        notes=(_PREDICTED,),
    )
