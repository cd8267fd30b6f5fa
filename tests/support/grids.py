"""Two-way grids under test, and what every cell of an edited one must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from tco_xlsx.analysis.compare import ComparedScenarios, ComparisonTerms, compare
from tco_xlsx.analysis.grid import grid_of
from tco_xlsx.analysis.sweep.plan import SweepPlan, SweepRequest, plan_of
from tco_xlsx.analysis.two_way import Side, TwoWay
from tco_xlsx.book.two_way import GridPlaces
from tco_xlsx.case.prepare import prepare
from tco_xlsx.language.evaluate import InputValue
from tco_xlsx.language.lines import Choice, Derived
from tco_xlsx.model import MODEL
from tco_xlsx.model.causes import CAUSES
from tco_xlsx.model.comparison import COMPARISON
from tests.recalc.values import Address, Value
from tests.support import shipped
from tests.support.side_by_side import SideBySide

SideValue = float | str | None


@dataclass(frozen=True)
class Typed:
    """What a person types: inputs of the base, values along the sides by place, another result."""

    base: Mapping[str, InputValue] = field(default_factory=dict)
    rows: Mapping[int, SideValue] = field(default_factory=dict)
    columns: Mapping[int, SideValue] = field(default_factory=dict)
    result: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GridBook(SideBySide):
    """A grid, with what is typed into the workbook that was written from it."""

    made: ComparedScenarios = field(kw_only=True)

    @cached_property
    def first(self) -> ComparedScenarios:
        """As generated."""
        return self.made

    @property
    def two_way(self) -> TwoWay:
        assert self.made.compared.two_way is not None
        return self.made.compared.two_way

    @cached_property
    def places(self) -> GridPlaces:
        results = [line for line in MODEL.outputs if line.axis is None]
        return GridPlaces(self.two_way, shipped.template().page("grid").title, results)

    def typed(self, typed: Typed) -> ComparedScenarios:
        """What Python computes of it after that."""
        rows, columns = _side(self.two_way.rows, typed.rows), _side(self.two_way.columns, typed.columns)
        result = MODEL.by_name[typed.result] if typed.result else self.two_way.result
        assert isinstance(result, Derived)
        two_way = replace(self.two_way, rows=rows, columns=columns, result=result)
        prepared = []
        for number, one in enumerate(self.prepared):
            values = dict(one.case.values)
            for name, value in typed.base.items():
                if number == 0 or self.two_way.links[number].get(name) == 0:
                    values[name] = value
            if number:
                row, column = divmod(number - 1, len(columns.values))
                values |= {rows.line.name: rows.values[row], columns.line.name: columns.values[column]}
            prepared.append(replace(one, case=replace(one.case, values=values)))
        codes = {
            line.name: self.made.compared.values.code(line) for line in COMPARISON.lines if isinstance(line, Choice)
        }
        report = ComparisonTerms(choices={**codes, **typed.choices})
        return compare(MODEL, COMPARISON, CAUSES, prepared, report, two_way)

    def cells(self, typed: Typed) -> dict[Address, SideValue]:
        """The cells that hold what is typed."""
        places, cells = self.places, {}
        for name, value in typed.base.items():
            cells[self.input_cell(0, name)] = value
        for place, value in typed.rows.items():
            cells[places.sheet, places.row_value(place).text()] = value
        for place, value in typed.columns.items():
            cells[places.sheet, places.column_value(place).text()] = value
        if typed.result:
            cells[places.sheet, places.chooser.text()] = MODEL.by_name[typed.result].label
        for name, code in typed.choices.items():
            cells[self.choice_cell(name)] = code
        return cells  # type: ignore[return-value]

    def after_typing(self, made: ComparedScenarios, typed: Typed, folder: Path) -> dict[Address, Value]:
        """Every formula cell of the workbook after that; `made` is what Python computes."""
        expected = self.expected(made, folder)
        # A fresh workbook takes what was typed for what it was generated with.
        if any(_changed(side, new) for side, new in self._sides(typed)):
            expected[self.places.sheet, self.places.note.text()] = shipped.template().page("grid").edited
        return expected

    def grid_cells(self) -> list[list[Address]]:
        """The addresses of the grid, row by row."""
        places = self.places
        return [
            [(places.sheet, places.figure(row, column).text()) for column in range(places.across)]
            for row in range(places.down)
        ]

    def _sides(self, typed: Typed) -> list[tuple[Side, Mapping[int, SideValue]]]:
        return [(self.two_way.rows, typed.rows), (self.two_way.columns, typed.columns)]


def _changed(side: Side, new: Mapping[int, SideValue]) -> bool:
    return any(side.values[place] != value for place, value in new.items())


def _side(side: Side, new: Mapping[int, SideValue]) -> Side:
    return replace(side, values=[new.get(place, value) for place, value in enumerate(side.values)])


def survey(path: Path, flags: Sequence[str], by: str) -> SweepPlan:
    """A sweep of a scenario."""
    return plan_of(SweepRequest(path, flags, by=by), MODEL, lambda one, given: prepare([one], MODEL, given))


def book_of(path: Path, *flags: str, by: str = "unit_cost.per_1m_tokens") -> GridBook:
    """The grid of a scenario."""
    grid = grid_of(survey(path, flags, by), COMPARISON, CAUSES)
    return GridBook(grid.prepared, made=grid.made)
