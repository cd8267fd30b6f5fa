"""A sweep from the flags of the command to a file of rows, and to the cheapest combinations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tco_xlsx.analysis.sweep.combinations import Cells, Sweep, SweepChunk
from tco_xlsx.analysis.sweep.vary import Varied, parse_vary, settle
from tco_xlsx.case.caveats import ignored_of, warnings_of
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.documents.errors import BadInput, Fault
from tco_xlsx.documents.messages import enumerated
from tco_xlsx.documents.target import objection_to
from tco_xlsx.language.evaluate import Values, evaluate
from tco_xlsx.language.lines import Choice, Line, Pick, unit_words
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles
from tco_xlsx.scenario.meant import guess

KEY_LINES = tuple(
    line.name
    for line in (
        roles.found,
        roles.concurrency,
        roles.servers,
        roles.total_year,
        roles.per_1m_tokens,
        roles.per_1m_input,
        roles.per_1m_output,
        roles.demand_per_1m_tokens,
        roles.saving_year,
        roles.failing,
        roles.raised,
    )
)
"""The results that a sweep gives unless others are asked for."""

ALL = "all"
ROW_ENDINGS = (".csv", ".parquet")
"""Of the files that rows are written to."""

# Each unknown name is held against all that there are.
_MOST_TOLD = 20
_MOST_ASKED = 200
"""Combinations of which it is asked whether they use an input: they differ in little else than their choices."""
MOST_IN_GRID = 2_500
"""Combinations in a workbook with a grid: each is a scenario with all its lines, some 700 cells."""
_GRID_INPUTS = 2


@dataclass(frozen=True)
class SweepRequest:
    """What the command asks for, as texts: `names` are lines between commas, ALL, or nothing for the key ones; `grid`
    is the workbook of a two-way grid; `force` replaces files there that are not as tco-xlsx wrote them."""

    scenario: Path
    flags: Sequence[str]
    settings: Sequence[str] = ()
    names: str = ""
    by: str = roles.per_1m_tokens.name
    to: Path | None = None
    grid: Path | None = None
    force: bool = False


@dataclass(frozen=True)
class RowColumn:
    """A column of results: the name of its line, its label, and its unit as a person reads it."""

    name: str
    label: str
    unit: str
    is_text: bool
    """Whether it holds the codes of a choice; else it holds numbers."""


WriteRows = Callable[[Sequence[Cells]], None]
RowsTo = Callable[[Path, Sequence[RowColumn]], AbstractContextManager[WriteRows]]
"""Opens a file for rows of such columns, and gives what adds a stretch of each column to it."""


@dataclass(frozen=True)
class SweepPlan:
    """A sweep that is ready to run: the lines that a row gives, the varied inputs first, and what is least in the
    cheapest ones."""

    model: Model
    prepared: Prepared
    sweep: Sweep
    lines: tuple[Line, ...]
    by: Line
    to: Path | None = None

    def warnings(self, combination: int) -> list[Fault]:
        """What the model warns of at a combination."""
        return warnings_of(self.model, self.prepared.scenario, self.values(combination))

    def ignored(self) -> list[Fault]:
        """The inputs that are given, or varied, and that no combination uses: asked of some, from first to last."""
        step = max(1, self.sweep.combinations // _MOST_ASKED)
        asked = (self.sweep.case_of(combination) for combination in range(0, self.sweep.combinations, step))
        found = [ignored_of(self.model, self.prepared.scenario, case) for case in asked]
        varied = {one.line.name for one in self.sweep.varied}
        told = {fault: None for fault in found[0] if not any(fault.message.startswith(f"{name}:") for name in varied)}
        return [fault for fault in told if all(fault in one for one in found)]

    def run(
        self,
        most: int,
        progress: Callable[[int, int], None] = lambda done, total: None,
        rows_to: RowsTo | None = None,
    ) -> SweepFindings:
        """Compute all combinations and find the `most` cheapest; the rows go to the file, where one is named, by way
        of `rows_to`.

        Raises BrokenModel when a combination has an error, and what `rows_to` raises.
        """
        currency = self.prepared.scenario.currency
        columns = [
            RowColumn(line.name, line.label, unit_words(line, currency), isinstance(line, Choice))
            for line in self.lines
        ]
        tally = _Tally(self.by, self.model.raised, most)
        with rows_to(self.to, columns) if self.to is not None and rows_to is not None else nullcontext() as add:
            for stretch in self.sweep.stretches(0 if add is None else len(columns)):
                tally.add(stretch)
                if add is not None:
                    add([stretch.cells(line) for line in self.lines])
                progress(stretch.first + stretch.count, self.sweep.combinations)
        return SweepFindings(
            tally.without_point, tuple(row for _, row in tally.cheapest), tally.warned, tally.first_warned
        )

    def values(self, combination: int) -> Values:
        """All lines at one combination, by its number from 0."""
        return evaluate(self.model, [self.sweep.case_of(combination)], keep_errors=True)

    def told(self, combination: int) -> dict[str, float | str | None]:
        """What a row gives of one combination, by line."""
        values = self.values(combination)
        return {line.name: values.code(line) if isinstance(line, Choice) else values.value(line) for line in self.lines}


@dataclass(frozen=True)
class SweepFindings:
    """What a sweep found: how many combinations have no operating point, and the numbers of the cheapest ones, which
    are those with the least of a line; of equal ones the first. `warned` counts those with warnings about the inputs,
    and `first_warned` is the first of them."""

    without_point: int
    cheapest: tuple[int, ...]
    warned: int = 0
    first_warned: int = 0


class _Tally:
    """Keeps count while the stretches pass."""

    def __init__(self, by: Line, raised: Line | None, most: int) -> None:
        self._by, self._raised, self._most = by, raised, most
        self.without_point = self.warned = self.first_warned = 0
        self.cheapest: list[tuple[float, int]] = []

    def add(self, stretch: SweepChunk) -> None:
        lacking = stretch.numbers(roles.found) != 1
        self.without_point += int(np.count_nonzero(lacking))
        if self._raised is not None:
            # That there is no point is counted already.
            warned = np.flatnonzero(stretch.numbers(self._raised) > lacking)
            if warned.size and not self.warned:
                self.first_warned = stretch.first + int(warned[0])
            self.warned += warned.size
        numbers = stretch.numbers(self._by)
        full = len(self.cheapest) == self._most
        better = np.flatnonzero(numbers < self.cheapest[-1][0] if full else ~np.isnan(numbers))
        least = better[np.argsort(numbers[better], kind="stable")[: self._most]]
        new = [(float(numbers[row]), stretch.first + int(row)) for row in least]
        self.cheapest = sorted([*self.cheapest, *new])[: self._most]


def plan_of(
    wish: SweepRequest, model: Model, prepare: Callable[[Path, Sequence[str]], Sequence[Prepared]]
) -> SweepPlan:
    """Check all that is asked for, and plan it. `prepare` reads scenarios with settings.

    Raises BadInput with all faults: of the flags, of the scenario and of the names.
    """
    faults: list[Fault] = []
    varied = parse_vary(wish.flags, wish.settings, model, faults)
    asked = _asked(wish.names, model, faults)
    by = next(iter(_named("--by", [wish.by], model, faults)), None)
    if isinstance(by, Choice):
        faults.append(Fault("--by", 0, 0, f"{by.name}: is a choice; name a line with numbers."))
    if wish.to is not None:
        ours = model.by_name.keys()
        objection = objection_to(wish.to, ROW_ENDINGS, force=wish.force, is_ours=lambda head: ours >= set(head))
        faults.extend([objection] if objection is not None else [])
    if wish.grid is not None:
        faults.extend(_no_grid(wish, varied, by, model))
    # A pick that is varied need not be settled in the scenario.
    picked = [f"{one.line.name}={one.values[0]}" for one in varied if isinstance(one.line, Pick) and one.values]
    prepared: Sequence[Prepared] = ()
    try:
        prepared = prepare(wish.scenario, (*wish.settings, *picked))
        if len(prepared) != 1:
            faults.append(Fault(str(wish.scenario), 0, 0, f"holds {len(prepared):,} scenarios; a sweep takes one."))
    except BadInput as bad:
        faults.extend(bad.faults)
    if faults or by is None:
        raise BadInput(faults)
    (one,) = prepared
    if picked:
        # Nobody gave them on the command line: they are there for the scenario to be settled at all.
        names = {text.partition("=")[0] for text in picked}
        told = {name: each for name, each in one.scenario.told.items() if name not in names}
        one = replace(one, scenario=replace(one.scenario, overrides=tuple(wish.settings), told=told))
    exact, followers = settle(varied, model, one.scenario, one.case, faults)
    if faults:
        raise BadInput(faults)
    lines = tuple({line.name: line for line in (*(each.line for each in exact), *asked)}.values())
    needed = [*lines, by, roles.found, *([model.raised] if model.raised is not None else [])]
    return SweepPlan(model, one, Sweep(model, one.case, exact, needed, followers), lines, by, wish.to)


def results_of(model: Model) -> list[Line]:
    """Every line that has one value a scenario and says something by itself: inputs, outputs, verdicts of checks."""
    shown = {line.name for line in (*model.inputs, *model.outputs)}
    lines: list[Line] = [line for line in model.lines if line.name in shown and line.axis is None]
    return [*lines, *(check.holds for check in model.verdicts), *model.counts]


def _no_grid(wish: SweepRequest, varied: Sequence[Varied], by: Line | None, model: Model) -> Iterator[Fault]:
    """Why there cannot be a workbook of a grid."""
    assert wish.grid is not None
    flags = wish.flags
    objection = objection_to(wish.grid, (".xlsx",), force=wish.force)
    if objection is not None:
        yield objection
    sizes = [len(one.values) for one in varied]
    if len(flags) != _GRID_INPUTS:
        given = "once" if len(flags) == 1 else f"{len(flags)} times"
        message = f"a grid has two sides: give --vary twice, not {given}."
        yield Fault("--grid", 0, 0, message)
    elif math.prod(sizes) > MOST_IN_GRID:
        many = " x ".join(f"{size:,}" for size in sizes)
        message = (
            f"{many} = {math.prod(sizes):,} combinations are too many for a workbook with a grid; at most"
            f" {MOST_IN_GRID:,}. Vary fewer values, or write a row for each with --to instead."
        )
        yield Fault("--grid", 0, 0, message)
    if by is not None and by.name not in {line.name for line in model.outputs} and not isinstance(by, Choice):
        yield Fault("--by", 0, 0, f"{by.name}: is no result that a grid shows; name a computed line of Model.")


def _asked(names: str, model: Model, faults: list[Fault]) -> list[Line]:
    if names.strip() == ALL:
        return results_of(model)
    listed = [name.strip() for name in names.split(",") if name.strip()] or list(KEY_LINES)
    return _named("--lines", listed, model, faults)


def _named(flag: str, names: Sequence[str], model: Model, faults: list[Fault]) -> list[Line]:
    """The lines of those names; what a row cannot hold is added to `faults`."""
    found: list[Line] = []
    wrong = [name for name in names if name not in model.by_name]
    if len(wrong) > _MOST_TOLD:
        faults.append(Fault(flag, 0, 0, f"{len(wrong) - _MOST_TOLD:,} more names are no lines."))
        names = [name for name in names if name in model.by_name or name in wrong[:_MOST_TOLD]]
    for name in names:
        line = model.by_name.get(name)
        message = ""
        if line is None:
            told = [one for one in model.lines if one.section is not None and one.axis is None]
            own = [one.name for one in told if one.name.startswith(f"{name}.")]
            hint = f" There are {enumerated(own)}." if own else guess(name, told).hint
            message = f"{name}: no such line.{hint or ' `tco-xlsx lines` lists them all.'}"
        elif line.axis is not None:
            message = f"{name}: has a value for each {line.axis.one}; name a line with one value a scenario."
        else:
            found.append(line)
        if message:
            faults.append(Fault(flag, 0, 0, message))
    return found
