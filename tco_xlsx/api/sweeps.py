"""A scenario at all combinations of varied inputs, as columns in memory; files of millions are the command's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tco_xlsx.analysis.sweep.combinations import Cells
from tco_xlsx.analysis.sweep.plan import SweepRequest, plan_of
from tco_xlsx.api.frames import Value, frame_of
from tco_xlsx.api.scenarios import PathLike, Setting, load, text_of
from tco_xlsx.language.lines import Line
from tco_xlsx.model import MODEL, roles

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Combinations:
    """Lines over all combinations of varied inputs: the varied inputs first, the last of them varying fastest."""

    lines: Sequence[Line]
    columns: Mapping[str, Sequence[Value]]
    """By the name of the line, a value for each combination; None where there is none."""
    currency: str
    without_point: int
    """How many combinations have no operating point."""

    def __len__(self) -> int:
        return len(self.columns[self.lines[0].name])

    def to_pandas(self) -> pd.DataFrame:
        """A row for each combination, a column for each line; `attrs`: "units", "labels"."""
        return frame_of(self.lines, self.columns, self.currency)


def sweep(
    scenario: PathLike,
    vary: Mapping[str, Sequence[Setting]],
    *,
    lines: Sequence[str] = (),
    set: Mapping[str, Setting] | None = None,
) -> Combinations:
    """The lines named (a few key ones else; "all" for every result that has one value) at all combinations of inputs.

    Raises BadInput with all faults, BrokenModel naming the combination at which a line has no number.
    """
    flags = [f"{name}={','.join(_quoted(text_of(value)) for value in values)}" for name, values in vary.items()]
    settings = [f"{name}={text_of(value)}" for name, value in (set or {}).items()]
    request = SweepRequest(Path(scenario), flags, settings, ",".join(lines))
    plan = plan_of(request, MODEL, lambda path, _given: load(path, set=set))
    found: dict[str, list[Value]] = {line.name: [] for line in plan.lines}
    without = 0
    for chunk in plan.sweep.stretches(len(plan.lines)):
        without += int(np.count_nonzero(chunk.numbers(roles.found) != 1))
        for line in plan.lines:
            found[line.name] += _values(chunk.cells(line))
    return Combinations(plan.lines, found, plan.prepared.scenario.currency, without)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"') else text


def _values(cells: Cells) -> list[Value]:
    if isinstance(cells.values, tuple):
        assert cells.places is not None
        return [cells.values[place] for place in cells.places.tolist()]
    numbers = cells.values if cells.places is None else cells.values[cells.places]
    return [None if number != number else number for number in numbers.tolist()]
