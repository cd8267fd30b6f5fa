"""Two spreadsheet engines inside this process: checkers of the formulas, never the source of a number.

Both ignore cached values and compute from the inputs, in milliseconds where LibreOffice takes a
second. They are young and by other hands than ours: what they and LibreOffice agree on is very likely right.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import formualizer
import ironcalc

from tests.recalc.package import WorkbookError
from tests.recalc.values import Address, Constant, Err, Value, row_and_column
from tests.recalc.workbook import cached, formulas

_Seat = tuple[int, int]

#: formualizer names errors by kind. An unknown kind stays visible as "#Kind" rather than raising.
_ERRORS = {
    "Div": "#DIV/0!",
    "Na": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "Circ": "#CIRC!",
    "Spill": "#SPILL!",
    "Calc": "#CALC!",
}


def recalculate_formualizer(path: Path) -> dict[Address, Value]:
    """The value of every formula cell, recalculated by formualizer."""
    return LiveFormualizer(path).values()


def recalculate_ironcalc(path: Path) -> dict[Address, Value]:
    """The value of every formula cell, recalculated by IronCalc."""
    return LiveIronCalc(path).values()


class Live(ABC):
    """A workbook held open in an engine: set inputs, read every formula, set them back; no files."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._formulas: dict[str, dict[str, _Seat]] = {}
        for sheet, cell in formulas(path):
            self._formulas.setdefault(sheet, {})[cell] = row_and_column(cell)
        self._start = {at: value for at, value in cached(path).items() if at[1] not in self._formulas.get(at[0], {})}
        self._changed: set[Address] = set()

    def set(self, sheet: str, cell: str, value: Constant) -> None:
        """Type a constant into a cell; refuses what workbook.edit refuses."""
        place = f"{self._path.name}: {sheet}!{cell}"
        if cell in self._formulas.get(sheet, {}):
            raise WorkbookError(f"{place} holds a formula; edit its inputs")
        if (sheet, cell) not in self._start:
            raise WorkbookError(f"{place} does not exist; only a cell with a value or a style can be edited")
        self._changed.add((sheet, cell))
        self._set(sheet, row_and_column(cell), value)

    def reset(self) -> None:
        """Every cell back to what the file holds."""
        for sheet, cell in sorted(self._changed):
            value = self._start[sheet, cell]
            if isinstance(value, Err):
                raise WorkbookError(f"{self._path.name}: {sheet}!{cell} held the typed error {value}")
            self._set(sheet, row_and_column(cell), value)
        self._changed.clear()

    def values(self) -> dict[Address, Value]:
        """Evaluate, then the value of every formula cell."""
        self._evaluate()
        return {
            (sheet, cell): value
            for sheet, cells in self._formulas.items()
            for cell, value in zip(cells, self._read(sheet, cells.values()), strict=True)
        }

    @abstractmethod
    def _set(self, sheet: str, seat: _Seat, value: Constant) -> None: ...

    @abstractmethod
    def _evaluate(self) -> None: ...

    @abstractmethod
    def _read(self, sheet: str, seats: Iterable[_Seat]) -> list[Value]: ...


class LiveFormualizer(Live):
    """formualizer: its dialect is the strictest of the three."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        config = formualizer.EvaluationConfig()
        config.enable_parallel = False  # threads cost more than they give at this size: 3.3 against 1.7 ms an edit
        self._workbook = formualizer.Workbook.from_path(
            str(path), config=formualizer.WorkbookConfig(eval_config=config)
        )
        self._workbook.set_temporal_egress("serial")  # dates as the numbers they are

    def _set(self, sheet: str, seat: _Seat, value: Constant) -> None:
        self._workbook.set_value(sheet, *seat, _plain(value))

    def _evaluate(self) -> None:
        self._workbook.evaluate_all()

    def _read(self, sheet: str, seats: Iterable[_Seat]) -> list[Value]:
        get = self._workbook.get_value
        return [_from_formualizer(get(sheet, row, column)) for row, column in seats]


class LiveIronCalc(Live):
    """IronCalc: the faster one for edits, and knows a few functions that formualizer lacks."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._model = ironcalc.load_from_xlsx(str(path), "en", "UTC")
        names = [sheet["name"] for sheet in self._model.get_worksheets_properties()]
        self._index = {name: number for number, name in enumerate(names)}

    def _set(self, sheet: str, seat: _Seat, value: Constant) -> None:
        at = (self._index[sheet], *seat)
        value = _plain(value)
        if value is None:
            self._model.clear_cell_contents(*at)
        elif isinstance(value, bool):
            self._model.update_cell_with_bool(*at, value)
        elif isinstance(value, str):
            self._model.update_cell_with_text(*at, value)
        else:
            self._model.update_cell_with_number(*at, value)

    def _evaluate(self) -> None:
        self._model.evaluate()

    def _read(self, sheet: str, seats: Iterable[_Seat]) -> list[Value]:
        index, model = self._index[sheet], self._model
        found: list[Value] = []
        for row, column in seats:
            value = model.get_cell_value(index, row, column)
            # An error arrives as its text: only the type tells it from a cell that says "#N/A" in words.
            if isinstance(value, str) and value.startswith("#"):
                kind = model.get_cell_type(index, row, column)
                found.append(Err(value) if kind == ironcalc.CellType.ErrorValue else value)
            else:
                found.append(float(value) if type(value) is int else value)
        return found


def _plain(value: Constant) -> float | str | bool | None:
    """Python's own types: the engines refuse numpy's."""
    return value if value is None or isinstance(value, (str, bool)) else float(value)


def _from_formualizer(value: Any) -> Value:
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, dict) and value.get("type") == "Error":
        kind = str(value.get("kind"))
        return Err(_ERRORS.get(kind, f"#{kind}"))
    return float(value)
