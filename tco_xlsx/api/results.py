"""What scenarios come to, as mappings by the name of the line, and as a frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from tco_xlsx.api.frames import Value, common_currency, frame_of, named_index, seat_index
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.case.results import compute_each, results
from tco_xlsx.language.lines import Line, unit_words
from tco_xlsx.model import MODEL

if TYPE_CHECKING:
    import pandas as pd

Values = Value | list[Value]
"""What a line comes to; along an axis that has as many seats in every case, a value for each that counts."""


class Results(Sequence[Mapping[str, Values]]):
    """For each scenario every input, result and verdict of a check, by the name of its line.

    A number is in the unit that `units` gives for its line, a choice is its code, None is empty or n/a; a line by year
    is a list, of as many years as count. A scenario is picked by its place or its name.
    """

    def __init__(self, names: Sequence[str], rows: Sequence[Mapping[str, Values]], currencies: Sequence[str]) -> None:
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

    def __iter__(self) -> Iterator[Mapping[str, Values]]:
        return iter(self._rows)

    @overload
    def __getitem__(self, which: int | str) -> Mapping[str, Values]: ...
    @overload
    def __getitem__(self, which: slice) -> Sequence[Mapping[str, Values]]: ...
    def __getitem__(self, which: int | str | slice) -> Mapping[str, Values] | Sequence[Mapping[str, Values]]:
        """One scenario. Raises KeyError for a name that none has, or more than one."""
        if isinstance(which, str):
            if self.names.count(which) != 1:
                raise KeyError(which)
            which = self.names.index(which)
        return self._rows[which]

    def to_pandas(self, along: str | None = None) -> pd.DataFrame:
        """A row for each scenario, indexed by its name; a column for each line; `attrs`: "units", "labels".

        `along="year"` gives the lines by year instead: a row for each scenario and year, from 1, and so for other
        axes. Raises KeyError for an axis along which no line is told.
        """
        told = [MODEL.by_name[name] for name in self._names]
        lines = [line for line in told if (line.axis.name if line.axis else None) == along]
        if along is not None and not lines:
            raise KeyError(along)
        seats = [_seats(row, lines) for row in self._rows]
        columns = {
            line.name: [
                value for row, many in zip(self._rows, seats, strict=True) for value in _listed(row[line.name], many)
            ]
            for line in lines
        }
        frame = frame_of(lines, columns, common_currency(self.currencies))
        if along is None:
            frame.index = named_index(self.names)
            frame["currency"] = list(self.currencies)
        else:
            frame.index = seat_index(self.names, seats, along)
            frame["currency"] = [one for one, many in zip(self.currencies, seats, strict=True) for _ in range(many)]
        return frame


def _listed(value: Values, many: int) -> list[Value]:
    return value if isinstance(value, list) else [value] * many


def _seats(row: Mapping[str, Values], lines: Sequence[Line]) -> int:
    """How many seats are told of along the axis of some lines."""
    first = row[lines[0].name] if lines else None
    return len(first) if isinstance(first, list) else 1


def evaluate(scenarios: Iterable[Prepared]) -> Results:
    """The results of scenarios, computed together. Raises BrokenModel where a line of one has no number."""
    listed = list(scenarios)
    rows = []
    for values in compute_each(MODEL, listed):
        if isinstance(values, Exception):
            raise values
        rows.append(results(MODEL, values))
    return Results([one.name for one in listed], rows, [one.scenario.currency for one in listed])
