"""Scenarios from files, or from files and a frame of one's own benchmark results."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tco_xlsx.case.points import Selection
from tco_xlsx.case.prepare import Prepared, find_scenarios, prepare, prepare_one
from tco_xlsx.documents.errors import BadInput, Fault
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.load import load_scenarios

if TYPE_CHECKING:
    import pandas as pd

PathLike = str | os.PathLike[str]
Setting = float | int | str | bool | None | Sequence[float | int | str | None]
"""A value of an input; a sequence for one that runs along years."""

FRAME = "frame"
"""What messages and workbooks call the file of a benchmark that was given as a frame."""


def load(
    *paths: PathLike,
    set: Mapping[str, Setting] | None = None,
    benchmark: pd.DataFrame | None = None,
) -> list[Prepared]:
    """Scenarios from YAML files or folders, with their benchmarks read; a file with a matrix gives several.

    `set` gives inputs by name and wins over the files; None empties an optional one. `benchmark` takes the place of
    the files of `benchmark.files`: a row a point, with the headings of a plain table (`rps`, `concurrency`,
    `ttft_avg_ms` ...) or those of `read_benchmarks(...).to_pandas()`.

    Raises BadInput with all faults of all files.
    """
    texts = _settings(set or {})
    files = [Path(path) for path in paths]
    if benchmark is None:
        return prepare(files, MODEL, texts)
    return _with_frame(files, texts, benchmark)


def _settings(given: Mapping[str, Setting]) -> list[str]:
    return [f"{name}={text_of(value)}" for name, value in given.items()]


def text_of(value: Setting) -> str:
    """A value as the command line takes it; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join('null' if one is None else text_of(one) for one in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _with_frame(files: Sequence[Path], texts: Sequence[str], benchmark: pd.DataFrame) -> list[Prepared]:
    content = benchmark.to_csv(index=False, lineterminator="\n").encode()
    digest = hashlib.sha256(content).hexdigest()
    faults: list[Fault] = []
    prepared: list[Prepared] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{FRAME}.csv"
        file.write_bytes(content)
        for scenario in load_scenarios(find_scenarios(files, faults), MODEL, texts):
            source = replace(scenario.benchmark, files=(str(file),))
            try:
                one = prepare_one(replace(scenario, benchmark=source), MODEL)
            except BadInput as bad:
                faults += [replace(fault, path=fault.path.replace(str(file), FRAME)) for fault in bad.faults]
                continue
            prepared.append(replace(one, scenario=scenario, selection=_named(one.selection, file, digest)))
    if faults:
        raise BadInput(faults)
    return prepared


def _named(selection: Selection, file: Path, digest: str) -> Selection:
    """The selection without the way to a file that is gone."""
    points = [replace(point, file=FRAME) for point in selection.points]
    notices = [replace(one, path=one.path.replace(str(file), FRAME)) for one in selection.notices]
    return replace(selection, points=points, notices=notices, files=((FRAME, digest),))
