"""Benchmark results of any known tool, as points and as a frame."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tco_xlsx.bench import read
from tco_xlsx.bench.frame import frame_of_points
from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import Notice
from tco_xlsx.documents.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Benchmarks:
    """Operating points of one model instance, latencies in ms, rates per second; and what a person should know."""

    points: Sequence[Point]
    notices: Sequence[Notice] = ()

    def __len__(self) -> int:
        return len(self.points)

    def to_pandas(self) -> pd.DataFrame:
        """A row for each point with the headings of the normal form, which `load(..., benchmark=)` takes back: texts,
        flags, and numbers as float64 with NaN where nothing is known."""
        return frame_of_points(self.points)


def read_benchmarks(*paths: str | os.PathLike[str], facts: Mapping[str, object] | None = None) -> Benchmarks:
    """All operating points in files, folders (with all below them) and patterns.

    `facts` are what the files do not say: gpus_per_instance, gpu_type, precision, engine, model. Raises BadInput with
    all faults of all files; what does not stop a run is among `notices`.
    """
    reading = read.read_benchmarks([Path(path) for path in paths], defaults=facts)
    if reading.faults:
        raise BadInput(reading.faults)
    return Benchmarks(tuple(reading.points), tuple(reading.notices))
