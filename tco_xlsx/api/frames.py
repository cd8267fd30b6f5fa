"""Tables of results as pandas frames: lines as columns, their units and labels in `attrs`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tco_xlsx.language.lines import Line, unit_words

if TYPE_CHECKING:
    import pandas as pd

Value = float | int | str | None


def frame_of(lines: Sequence[Line], columns: Mapping[str, Sequence[Value]], currency: str) -> pd.DataFrame:
    """A column for each line by its name: float64 with NaN where there is no number, texts for a choice.

    `attrs` holds "units" and "labels" by the name of the line.
    """
    import pandas as pd

    held = {
        line.name: pd.Series(
            [None if value is None else value for value in columns[line.name]],
            dtype="object" if line.unit == "choice" else "float64",
        )
        for line in lines
    }
    frame = pd.DataFrame(held)
    frame.attrs["units"] = {line.name: unit_words(line, currency) for line in lines}
    frame.attrs["labels"] = {line.name: line.label for line in lines}
    return frame


def common_currency(currencies: Sequence[str]) -> str:
    """The currency of all, or "money" where they differ."""
    different = dict.fromkeys(currencies)
    return next(iter(different)) if len(different) == 1 else "money"


def seat_index(names: Sequence[str], seats: Sequence[int], axis: str) -> pd.MultiIndex:
    """For each scenario by its name the numbers of its seats along an axis, from 1."""
    import pandas as pd

    pairs = [(name, seat) for name, many in zip(names, seats, strict=True) for seat in range(1, many + 1)]
    return pd.MultiIndex.from_tuples(pairs, names=["scenario", axis])


def named_index(names: Sequence[str]) -> pd.Index[str]:
    """The names of scenarios as the index of a frame."""
    import pandas as pd

    return pd.Index(list(names), name="scenario")
