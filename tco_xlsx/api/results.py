"""What scenarios come to, as mappings by the name of the line, and as a frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from tco_xlsx.api.frames import Value, common_currency, frame_of, named_index
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.case.results import compute_each, results
from tco_xlsx.language.lines import unit_words
from tco_xlsx.model import MODEL

if TYPE_CHECKING:
    import pandas as pd


class Results(Sequence[Mapping[str, Value]]):
    """For each scenario every input, result and verdict of a check, by the name of its line.

    A number is in the unit that `units` gives for its line, a choice is its code, None is empty or n/a. A scenario is
    picked by its place or its name.
    """

    def __init__(self, names: Sequence[str], rows: Sequence[Mapping[str, Value]], currencies: Sequence[str]) -> None:
        self.names = tuple(names)
        self.currencies = tuple(currencies)
        self._rows = tuple(rows)

    @property
    def units(self) -> dict[str, str]:
        """The unit of each line, empty for plain numbers; "money" where the scenarios have different currencies."""
        currency = common_currency(self.currencies)
        return {name: unit_words(MODEL.by_name[name], currency) for name in self._names}

    @property
    def labels(self) -> dict[str, str]:
        """What each line is called in the workbook."""
        return {name: MODEL.by_name[name].label for name in self._names}

    @property
    def _names(self) -> Iterable[str]:
        return self._rows[0] if self._rows else ()

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        return iter(self._rows)

    @overload
    def __getitem__(self, which: int | str) -> Mapping[str, Value]: ...
    @overload
    def __getitem__(self, which: slice) -> Sequence[Mapping[str, Value]]: ...
    def __getitem__(self, which: int | str | slice) -> Mapping[str, Value] | Sequence[Mapping[str, Value]]:
        """One scenario. Raises KeyError for a name that none has, or more than one."""
        if isinstance(which, str):
            if self.names.count(which) != 1:
                raise KeyError(which)
            which = self.names.index(which)
        return self._rows[which]

    def to_pandas(self) -> pd.DataFrame:
        """A row for each scenario, indexed by its name; a column for each line; `attrs`: "units", "labels"."""
        lines = [MODEL.by_name[name] for name in self._names]
        columns = {line.name: [row[line.name] for row in self._rows] for line in lines}
        frame = frame_of(lines, columns, common_currency(self.currencies))
        frame.index = named_index(self.names)
        frame["currency"] = list(self.currencies)
        return frame


def evaluate(scenarios: Iterable[Prepared]) -> Results:
    """The results of scenarios, computed together. Raises BrokenModel where a line of one has no number."""
    listed = list(scenarios)
    rows = []
    for values in compute_each(MODEL, listed):
        if isinstance(values, Exception):
            raise values
        rows.append(results(MODEL, values))
    return Results([one.name for one in listed], rows, [one.scenario.currency for one in listed])
