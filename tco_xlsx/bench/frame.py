"""Benchmark points as a pandas frame, the same whether it is handed to a notebook or written as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tco_xlsx.bench.normal_form import FLAGS, HEADINGS, TEXTS, to_rows
from tco_xlsx.bench.points.point import Point

if TYPE_CHECKING:
    import pandas as pd


def frame_of_points(points: Sequence[Point]) -> pd.DataFrame:
    """A row for each point with the headings of the normal form; latencies in ms, rates per second.

    The types hang on the headings alone, not on what the points hold: texts are "string", flags "boolean", numbers
    float64 with NaN where nothing is known. So frames of several tools can be put together.
    """
    import pandas as pd

    types = {name: "string" if name in TEXTS else "boolean" if name in FLAGS else "float64" for name in HEADINGS}
    return pd.DataFrame(to_rows(points), columns=list(HEADINGS)).astype(types)
