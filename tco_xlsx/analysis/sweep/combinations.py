"""Every combination of varied inputs, computed in stretches: each line only over the inputs that it hangs on.

A line's rows are the combinations of those inputs alone, the last of them varying fastest. A line of few rows is
computed once and kept; the others are computed for a stretch of all combinations at a time, so that memory does not
grow with their number. The operations are those of `evaluate`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tco_xlsx.analysis.sweep.vary import DependentPick, Varied, at
from tco_xlsx.documents.errors import BrokenModel
from tco_xlsx.language.evaluate import Case, Values, evaluate, line_array, wrong_seat
from tco_xlsx.language.expression import Expr, Node
from tco_xlsx.language.lines import Choice, Derived, Line, named
from tco_xlsx.language.operations import Array
from tco_xlsx.language.sections import Model
from tco_xlsx.scenario.inputs import InputScalar

Places = NDArray[np.intp]
Over = tuple[int, ...]
"""The varied inputs that something hangs on, by their number in the order of the flags."""

# Numbers held at a time: small enough for a processor's cache to help, large enough for the time to go into numpy.
_NUMBERS_AT_A_TIME = 4_000_000
# Numbers of all lines together that are kept from one stretch to the next: 64 MB.
_NUMBERS_KEPT = 8_000_000
# A value on its way into a text file is an object.
_NUMBERS_PER_TEXT = 12


@dataclass(frozen=True)
class Cells:
    """A stretch of a column: numbers (NaN for none) or texts.

    With `places`, row i holds the value at places[i]: few different ones stand for many rows.
    """

    values: Array | tuple[str, ...]
    places: Places | None = None


@dataclass(frozen=True)
class CachedColumn:
    """A line's values, a row for each combination of the inputs that it hangs on: (rows, 1) or (rows, points)."""

    over: Over
    array: Array


@dataclass
class _Stage:
    """Lines that are computed together, over the combinations of the same inputs."""

    over: Over
    lines: list[Derived]
    needs: list[Line]
    """What they need of lines that are kept."""
    handed_on: list[Line]
    """Those of its lines that are asked for or that lines of other stages need."""


class SweepChunk:
    """The combinations from `first` on, `count` of them, with what was asked for."""

    def __init__(self, sweep: Sweep, first: int, digits: Mapping[int, Places], values: Values, count: int) -> None:
        self.first, self.count = first, count
        self._sweep, self._values, self._digits = sweep, values, digits
        self._places: dict[Over, Places] = {}

    def cells(self, line: Line) -> Cells:
        """A line's column."""
        kept = self._sweep.kept.get(line.name)
        if kept is None:
            return Cells(np.broadcast_to(self._values.arrays[line.name], (self.count, 1))[:, 0])
        if kept.over not in self._places:
            self._places[kept.over] = self._sweep.places(self._digits, kept.over, self.count)
        places = self._places[kept.over]
        if isinstance(line, Choice):
            return Cells(self._sweep.case.codes(line), kept.array[:, 0].astype(np.intp)[places])
        return Cells(kept.array[:, 0], places)

    def numbers(self, line: Line) -> Array:
        """A line's numbers, a row for each combination; NaN for none."""
        cells = self.cells(line)
        assert not isinstance(cells.values, tuple)
        return cells.values if cells.places is None else cells.values[cells.places]


class Sweep:
    """A model over all combinations of varied inputs; `asked` are the lines wanted, none with an axis.

    Lines that `asked` do not need are not computed, so that an error in them is not found.
    """

    def __init__(
        self,
        model: Model,
        case: Case,
        varied: Sequence[Varied],
        asked: Sequence[Line],
        followers: Sequence[DependentPick] = (),
        at_a_time: int = _NUMBERS_AT_A_TIME,
        to_keep: int = _NUMBERS_KEPT,
    ) -> None:
        self.model, self.case, self.varied = model, case, varied
        self.sizes = [len(one.values) for one in varied]
        self.combinations = math.prod(self.sizes)
        self.asked = list(asked)
        self.kept: dict[str, CachedColumn] = {}
        self._at_a_time = at_a_time
        self._followers = {one.line.name: one for one in followers}
        self._number = {one.line.name: number for number, one in enumerate(varied)}
        self._over = self._what_hangs_on_what()
        self._stages, self._last = self._planned(to_keep)
        for line in model.lines:
            if line.name in self._over and not isinstance(line, Derived):
                self._keep_given(line)

    @property
    def needed(self) -> set[str]:
        """The names of the lines that are computed or read."""
        return set(self._over)

    def stretches(self, columns: int = 0) -> Iterator[SweepChunk]:
        """All combinations in order. `columns` is how many of them are written as texts.

        Raises BrokenModel naming a combination at which a line has no number though nothing in it is absent.
        """
        for stage in self._stages:
            self._keep(stage)
        step = self._rows_at_a_time(self._last, columns * _NUMBERS_PER_TEXT)
        for first in range(0, self.combinations, step):
            rows = np.arange(first, min(first + step, self.combinations))
            digits = self._digits(rows, self._last.over)
            yield SweepChunk(self, first, digits, self._computed(self._last, digits, rows.size), rows.size)

    def inputs_of(self, combination: int) -> dict[str, InputScalar]:
        """The varied inputs of a combination, by number from 0."""
        digits = self._digits(np.array([combination]), tuple(range(len(self.varied))))
        return {one.line.name: one.values[int(digits[number][0])] for number, one in enumerate(self.varied)}

    def case_of(self, combination: int) -> Case:
        """The case of a combination, whose title names it."""
        inputs = self.inputs_of(combination)
        values = {**self.case.values, **inputs}
        for follower in self._followers.values():
            place = 0
            for name in follower.by:
                varied = self.varied[self._number[name]]
                place = place * len(varied.values) + varied.values.index(inputs[name])
            values[follower.line.name] = follower.codes[place]
        return replace(self.case, title=f"{self.case.title}: {at(inputs)}", values=values)

    def places(self, digits: Mapping[int, Places], over: Over, count: int) -> Places:
        """Where combinations stand among those of some of the varied inputs alone."""
        place: Places = np.zeros(count, dtype=np.intp)
        for number in over:
            place = place * self.sizes[number] + digits[number]
        return place

    def _what_hangs_on_what(self) -> dict[str, Over]:
        """The varied inputs that each needed line hangs on."""
        needed = {line.name for line in self.asked}
        for line in reversed(self.model.lines):
            if line.name in needed and isinstance(line, Derived):
                needed.update(part.name for part in _parts(line))
        over: dict[str, Over] = {}
        for line in self.model.lines:
            if line.name not in needed:
                continue
            if line.name in self._number:
                over[line.name] = (self._number[line.name],)
            elif line.name in self._followers:
                over[line.name] = tuple(sorted(self._number[name] for name in self._followers[line.name].by))
            elif isinstance(line, Derived):
                over[line.name] = tuple(sorted({number for part in _parts(line) for number in over[part.name]}))
            else:
                over[line.name] = ()
        return over

    def _planned(self, to_keep: int) -> tuple[list[_Stage], _Stage]:
        """The stages whose lines are kept, and the last, which is computed a stretch at a time."""
        groups: dict[Over, list[Derived]] = {}
        for line in self.model.lines:
            if isinstance(line, Derived) and line.name in self._over:
                groups.setdefault(self._over[line.name], []).append(line)
        stages: list[_Stage] = []
        streamed: list[Over] = []
        last: set[str] = set()
        # What a line needs hangs on no more inputs than the line itself: fewer come first.
        for over in sorted(groups, key=lambda each: (len(each), each)):
            stage = self._stage(over, groups[over])
            numbers = self._rows(over) * sum(self._width(line) for line in stage.handed_on)
            alone = 1 < self._rows(over) == self.combinations
            if alone or numbers > to_keep or any(set(each) <= set(over) for each in streamed):
                streamed.append(over)
                last.update(line.name for line in stage.lines)
            else:
                to_keep -= numbers
                stages.append(stage)
        lines = [line for line in self.model.lines if isinstance(line, Derived) and line.name in last]
        return stages, self._stage(tuple(range(len(self.varied))), lines)

    def _stage(self, over: Over, lines: list[Derived]) -> _Stage:
        own = {line.name for line in lines}
        needs = {part.name: part for line in lines for part in _parts(line) if part.name not in own}
        elsewhere = {line.name for line in self.asked}
        for line in self.model.lines:
            if isinstance(line, Derived) and line.name in self._over and line.name not in own:
                elsewhere.update(part.name for part in _parts(line))
        return _Stage(over, lines, list(needs.values()), [line for line in lines if line.name in elsewhere])

    def _keep_given(self, line: Line) -> None:
        """A line that is not computed: over its own values where it is varied or settled."""
        values: Sequence[InputScalar]
        if line.name in self._number:
            values = self.varied[self._number[line.name]].values
        elif line.name in self._followers:
            values = self._followers[line.name].codes
        else:
            self.kept[line.name] = CachedColumn((), line_array(line, Values([self.case])))
            return
        if isinstance(line, Choice):
            numbers = [self.case.number_of(line, code) for code in values]
        else:
            numbers = [np.nan if value is None else float(value) for value in values]
        array = np.repeat(np.array(numbers, dtype=np.float64)[:, None], self._width(line), axis=1)
        self.kept[line.name] = CachedColumn(self._over[line.name], array)

    def _keep(self, stage: _Stage) -> None:
        """Compute a stage over all its combinations and keep what is needed elsewhere."""
        rows = self._rows(stage.over)
        for line in stage.handed_on:
            self.kept[line.name] = CachedColumn(stage.over, np.empty((rows, self._width(line))))
        step = self._rows_at_a_time(stage, 0)
        for first in range(0, rows, step):
            numbers = np.arange(first, min(first + step, rows))
            values = self._computed(stage, self._digits(numbers, stage.over), numbers.size)
            for line in stage.handed_on:
                self.kept[line.name].array[first : first + numbers.size] = values.arrays[line.name]

    def _computed(self, stage: _Stage, digits: Mapping[int, Places], count: int) -> Values:
        places: dict[Over, Places] = {}
        arrays: dict[str, Array] = {}
        for part in stage.needs:
            kept = self.kept[part.name]
            if not kept.over:
                arrays[part.name] = kept.array
                continue
            if kept.over not in places:
                places[kept.over] = self.places(digits, kept.over, count)
            arrays[part.name] = kept.array[places[kept.over]]
        values = Values([self.case], arrays)
        with np.errstate(all="ignore"):
            for line in stage.lines:
                arrays[line.name] = line_array(line, values)
                wrong = wrong_seat(line, values)
                if wrong is not None:
                    raise self._broken(line, {number: int(each[wrong[0]]) for number, each in digits.items()})
        return values

    def _broken(self, line: Line, digits: Mapping[int, int]) -> BrokenModel:
        """What `evaluate` says of a combination; an input that has no part in it stands at its first value."""
        combination = 0
        for number, size in enumerate(self.sizes):
            combination = combination * size + digits.get(number, 0)
        case = self.case_of(combination)
        try:
            evaluate(self.model, [case])
        except BrokenModel as broken:
            return broken
        return BrokenModel(f'{line.name}: no number in scenario "{case.title}".')

    def _digits(self, rows: Places, over: Over) -> dict[int, Places]:
        """For each combination of some inputs, the place of each input's value among its values."""
        digits: dict[int, Places] = {}
        for number in reversed(over):
            rows, digits[number] = np.divmod(rows, self.sizes[number])
        return digits

    def _rows(self, over: Over) -> int:
        return math.prod(self.sizes[number] for number in over)

    def _width(self, line: Line) -> int:
        return self.case.length(line.axis)

    def _rows_at_a_time(self, stage: _Stage, texts: int) -> int:
        """How many rows of a stage fit into the numbers that may be held at a time."""
        held = sum(self._width(line) for line in (*stage.lines, *stage.needs))
        passing = max((self._passing(line) for line in stage.lines), default=0)
        return max(1, self._at_a_time // (held + passing + texts + len(stage.over)))

    def _passing(self, line: Derived) -> int:
        """Numbers held while a row of a line is computed: some operations compare each point with each."""
        width = self._width(line)
        square = any(_compares_rows(formula) for formula in (line.formula, *line.conditions))
        return 4 * width * (width if square else 1)


def _parts(line: Derived) -> Iterator[Line]:
    """The lines that a line needs; itself, whose earlier cells it may read, is none of them."""
    for formula in (line.formula, *line.conditions):
        yield from (part for part in named(formula) if part is not line)


def _compares_rows(node: Expr) -> bool:
    if not isinstance(node, Node):
        return False
    reads = {node.operation.reads(number) for number in range(len(node.arguments))}
    own = node.axis is not None and len(node.arguments) > 1 and bool(reads & {"all", "up to"})
    return own or any(_compares_rows(argument) for argument in node.arguments)
