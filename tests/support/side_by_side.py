"""Comparisons under test: shipped and generated ones, and what every cell of an edited one must hold."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from tco_xlsx.analysis.compare import ComparedScenarios, ComparisonTerms, compare
from tco_xlsx.book import provenance as book_provenance
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.places import comparison_layout, layout_of, shape_of
from tco_xlsx.book.shape import Shape
from tco_xlsx.book.write import write_workbook
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import Case, InputValue, spread
from tco_xlsx.language.excel import Cell
from tco_xlsx.language.lines import Choice, Derived, Given, Line
from tco_xlsx.model import MODEL
from tco_xlsx.model.causes import CAUSES
from tco_xlsx.model.comparison import COMPARISON
from tests.recalc.values import Address, Constant, Value
from tests.recalc.workbook import cached, formulas
from tests.support import shipped
from tests.support.rounding_noise import RoundingNoise

Edits = Mapping[tuple[int, str], InputValue]
"""What is typed into an input of a scenario's column."""


class NoiseBeside(Mapping[Address, float]):
    """How much of a cell's number may be rounding: told beforehand, or worked out for a line when it is asked for."""

    def __init__(
        self,
        seats: Mapping[Address, tuple[Line, tuple[int, ...], int]],
        noise: RoundingNoise,
        told: Mapping[Address, float],
    ) -> None:
        self._seats, self._noise, self._told = seats, noise, told

    def __getitem__(self, at: Address) -> float:
        if at in self._told:
            return self._told[at]
        line, scenarios, index = self._seats[at]
        return max(self._noise.at(line, scenario, index) for scenario in scenarios)

    def __iter__(self) -> Iterator[Address]:
        return iter({**self._seats, **self._told})

    def __len__(self) -> int:
        return len({**self._seats, **self._told})


@dataclass(frozen=True)
class SideBySide:
    """Scenarios to compare, with what is typed into the workbook that was written from them."""

    prepared: Sequence[case_prepare.Prepared]
    rates: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def first(self) -> ComparedScenarios:
        """As generated."""
        return compare(MODEL, COMPARISON, CAUSES, self.prepared, ComparisonTerms(rates=self.rates))

    @cached_property
    def shape(self) -> Shape:
        points = [one.case.length(POINT) for one in self.prepared]
        return shape_of(points, self.first.compared.blocks)

    @cached_property
    def layout(self) -> Layout:
        return layout_of(MODEL, shipped.template(), self.shape)

    @cached_property
    def beside(self) -> Layout:
        return comparison_layout(self.first.compared, shipped.template(), self.layout)

    def after(
        self,
        edits: Edits | None = None,
        choices: Mapping[str, str] | None = None,
        rates: Mapping[str, float] | None = None,
    ) -> ComparedScenarios:
        """What Python computes of the scenarios so edited: who inherits an input follows the one who has it."""
        changed: list[dict[str, InputValue]] = [dict(one.case.values) for one in self.prepared]
        for (scenario, name), value in (edits or {}).items():
            for number, links in enumerate(self.first.compared.links):
                if number == scenario or links.get(name) == scenario:
                    changed[number][name] = value
        prepared = [
            replace(one, case=Case(one.case.title, values, one.case.axes))
            for one, values in zip(self.prepared, changed, strict=True)
        ]
        codes = {
            line.name: self.first.compared.values.code(line) for line in COMPARISON.lines if isinstance(line, Choice)
        } | dict(choices or {})
        report = ComparisonTerms(rates=rates or self.rates, choices=codes)
        made = compare(MODEL, COMPARISON, CAUSES, prepared, report)
        # An edit may make values alike that are written in different places: the workbook's links stay.
        compared = replace(made.compared, links=self.first.compared.links, blocks=self.first.compared.blocks)
        return ComparedScenarios(made.values, compared)

    def write(self, target: Path, made: ComparedScenarios | None = None) -> Path:
        """The workbook, as if it had been generated so."""
        made = made or self.first
        subjects = [book_provenance.subject_of(one) for one in self.prepared]
        write_workbook(target, MODEL, made.values, shipped.template(), subjects, compared=made.compared)
        return target

    def expected(self, made: ComparedScenarios, folder: Path) -> dict[Address, Value]:
        """Every formula cell of the workbook after the edits."""
        target = self.write(folder / "expected.xlsx", made)
        cells = cached(target)
        expected = {at: cells[at] for at in formulas(target)}
        edited = 0
        words = shipped.template().words
        for line in MODEL.inputs:
            moved = [
                number
                for number in range(len(self.prepared))
                if self._told(made, line, number) != self._told(self.first, line, number)
            ]
            marks = {self.mark_cell(line, number) for number in moved}
            edited += len(marks)
            expected |= dict.fromkeys(marks, words.edited)
        if edited:
            many = words.edited_many.format(edited=edited)
            expected[("Summary", "J3")] = words.edited_one if edited == 1 else many
        return expected

    def mark_cell(self, line: Given, scenario: int) -> Address:
        """The cell that says whether an input was edited: one for all scenarios, or one for each block of theirs."""
        if line.axis is None:
            cell = self.layout.cell(line, 0, 0)
            return cell.sheet, Cell(cell.sheet, cell.row, self.shape.unit_column + 2).text()
        first, last = self.layout.span(line, scenario)
        step = (first.row, last.column + 2) if line.axis.is_across else (last.row + 1, first.column)
        return first.sheet, Cell(first.sheet, *step).text()

    def _told(self, made: ComparedScenarios, line: Given, scenario: int) -> object:
        case = made.values.cases[scenario]
        return spread(case.values[line.name], case.length(line.axis))

    def typed(self, scenario: int, name: str, value: InputValue) -> dict[Address, Constant]:
        """What a person types into a scenario's cells of an input: those along an axis seat by seat."""
        line = MODEL.by_name[name]
        cells: dict[Address, Constant] = {}
        for index, one in enumerate(spread(value, self.prepared[scenario].case.length(line.axis))):
            cell = self.layout.cell(line, scenario, index)
            cells[cell.sheet, cell.text()] = one
        return cells

    def input_cell(self, scenario: int, name: str) -> Address:
        cell = self.layout.cell(MODEL.by_name[name], scenario, 0)
        return cell.sheet, cell.text()

    def choice_cell(self, name: str) -> Address:
        cell = self.beside.cell(COMPARISON.by_name[name], 0, 0)
        return cell.sheet, cell.text()

    @cached_property
    def _seats(self) -> dict[Address, tuple[Line, tuple[int, ...], int]]:
        """The line of each cell, the scenarios whose value it may hold, and the seat along its axis."""
        seats: dict[Address, tuple[Line, tuple[int, ...], int]] = {}
        for line in MODEL.lines:
            if not isinstance(line, Derived) or line.axis == POINT:
                continue
            for scenario, one in enumerate(self.prepared):
                for index in range(one.case.length(line.axis)):
                    cell = self.layout.cell(line, scenario, index)
                    seats[cell.sheet, cell.text()] = line, (scenario,), index
            if line.axis is None:
                shown = self.layout.shown_cell(line)
                seats[shown.sheet, shown.text()] = line, tuple(range(len(self.prepared))), 0
        return seats

    def noise(self, made: ComparedScenarios) -> Mapping[Address, float]:
        """Cells that hold the difference of two nearly equal numbers: how much of it may be rounding."""
        noise: dict[Address, float] = {}
        values, lines = made.compared.values, COMPARISON.by_name
        steps = [abs(values.value(lines["steps.step_figure"], 0, step) or 0.0) for step in range(2 * len(CAUSES))]
        for name in ("part", "rise", "fall", "forward", "reverse", "figure_before", "foot", "after"):
            for index in range(len(CAUSES)):
                cell = self.beside.cell(lines[f"gap.{name}"], 0, index)
                noise[(cell.sheet, cell.text())] = max(steps) * 1e-12
        noise |= self._differences(made)
        for check in COMPARISON.checks:
            cell = self.beside.cell(check.difference, 0, 0)
            noise[(cell.sheet, cell.text())] = max(steps) * 1e-12
        return NoiseBeside(self._seats, RoundingNoise(made.values), noise)

    def _differences(self, made: ComparedScenarios) -> dict[Address, float]:
        """The page of differences: those of nearly equal results may be rounding alone."""
        noise: dict[Address, float] = {}
        count = len(self.prepared)
        number = made.compared.values.value(COMPARISON.by_name["choices.base_row"])
        assert number is not None
        for line in MODEL.outputs:
            if line.axis is not None:
                continue
            base = abs(made.values.value(line, int(number) - 1) or 0.0)
            for scenario in range(count):
                largest = max(base, abs(made.values.value(line, scenario) or 0.0))
                row = self.layout.cell(line, scenario, 0).row
                cell = Cell("Differences", row, 2 + scenario)
                noise[(cell.sheet, cell.text())] = largest * 1e-12
                cell = Cell("Differences", row, 2 + count + scenario)
                noise[(cell.sheet, cell.text())] = largest / base * 1e-12 if base else 0.0
        figure = COMPARISON.by_name["report.figure"]
        most = max(abs(made.compared.values.value(figure, 0, one) or 0.0) for one in range(count))
        for name in ("report.difference", "ranked_results.difference"):
            for index in range(count):
                cell = self.beside.cell(COMPARISON.by_name[name], 0, index)
                noise[(cell.sheet, cell.text())] = most * 1e-12
        return noise

    def labels(self) -> dict[Address, str]:
        """The names of lines by cell, for messages."""
        labels = shipped.numbers_of(self.layout)
        for line in MODEL.lines:
            for scenario, one in enumerate(self.prepared):
                for index in range(one.case.length(line.axis)):
                    cell = self.layout.cell(line, scenario, index)
                    labels[(cell.sheet, cell.text())] = f"{line.name} of {scenario}"
        for line in COMPARISON.lines:
            for index in range(self.beside.length(line.axis)):
                cell = self.beside.cell(line, 0, index)
                labels[(cell.sheet, cell.text())] = line.name
        return labels


def of_files(*paths: Path, **rates: float) -> SideBySide:
    """The comparison of scenario files."""
    return SideBySide(case_prepare.prepare(list(paths), MODEL), rates)


def shipped_together() -> SideBySide:
    """All shipped scenarios, which have nothing in common, in two currencies."""
    return of_files(*shipped.SCENARIOS, EUR=1.1)


def own_or_rent() -> SideBySide:
    """A matrix: six scenarios that inherit most of their inputs."""
    return of_files(shipped.ROOT / "scenarios" / "matrix" / "own-or-rent.yaml")


def thousand() -> SideBySide:
    """A matrix of 1,201 scenarios, which share two blocks of benchmark rows."""
    return of_files(shipped.ROOT / "scenarios" / "matrix" / "thousand.yaml")


def without_a_point() -> SideBySide:
    """No scenario can be sized: nothing to rank, no gap."""
    return SideBySide([_altered(path, {"service.max_ttft_ms": 1.0}) for path in shipped.SCENARIOS[:3]])


def typed_in() -> SideBySide:
    """Scenarios without a benchmark beside one that has a benchmark."""
    typed = {"performance.source": "manual", "performance.manual_rps": 3.7, "performance.manual_gpus": 3.0}
    first, second = shipped.SCENARIOS[2:4]
    bare = _altered(second, typed | {"workload.average_rps": None})
    bare = replace(bare, case=Case(bare.case.title, bare.case.values))
    return SideBySide([bare, _altered(first, typed), shipped.prepared(second)])


def _altered(path: Path, values: Mapping[str, InputValue]) -> case_prepare.Prepared:
    one = shipped.prepared(path)
    return replace(one, case=shipped.case_of(path, values))


def families(seed: int, count: int) -> SideBySide:
    """Generated scenarios in families: each inherits most inputs of the first of its family and has others of its
    own, sometimes without an operating point, a currency of its own, or an input left empty."""
    chance = random.Random(seed)
    founders = [shipped.prepared(path) for path in shipped.SCENARIOS]
    made: list[case_prepare.Prepared] = []
    rates = {"EUR": 1.1, "CNY": 0.14}
    while len(made) < count:
        founder = chance.choice(founders)
        family, currency = f"family-{len(made)}.yaml", chance.choice(["USD", "EUR", "CNY"])
        for member in range(min(chance.randint(1, 9), count - len(made))):
            values, origins = dict(founder.case.values), dict.fromkeys(founder.case.values, (family, 1, 1))
            for line in chance.sample(MODEL.inputs, chance.randint(0, 6)) if member else ():
                values[line.name] = _other(chance, line, founder.case)
                origins[line.name] = (f"member-{len(made)}.yaml", 1, 1)
            name = f"{founder.name} {len(made)}"
            scenario = replace(
                founder.scenario,
                name=name,
                title=f"{name} {chance.choice(['', 'R&D <b>', 'a*b?', 'x'])}".strip(),
                currency=currency,
                values=values,
                origins=origins,
                lineage=(Path(family),),
            )
            made.append(replace(founder, scenario=scenario, case=Case(name, values, founder.case.axes)))
    held = {one.scenario.currency for one in made}
    first = made[0].scenario.currency
    into = {"USD": 1.0, **rates}
    return SideBySide(made, {name: into[name] / into[first] for name in sorted(held - {first})})


def _other(chance: random.Random, line: Given, case: Case) -> InputValue:
    if isinstance(line, Choice):
        codes = case.codes(line)
        return chance.choice(codes) if line.name != "performance.source" else "benchmark"
    if line.optional and chance.random() < 0.3:
        return None
    now = case.values[line.name]
    start = float(now) if isinstance(now, (int, float)) else chance.choice([1.0, 40.0, 900.0])
    new = start * chance.uniform(0.4, 2.5) + (0.013 if line.above is not None else 0.0)
    new = round(new) if line.integer else new
    for bound, pick in ((line.at_least, max), (line.at_most, min)):
        new = new if bound is None else pick(new, bound)
    return float(new)
