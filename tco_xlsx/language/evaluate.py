"""The reader that computes a model with numpy: every scenario at once, arrays shaped (scenario, index)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tco_xlsx.documents.errors import BrokenModel
from tco_xlsx.language.axes import POINT, Axis
from tco_xlsx.language.expression import Expr, Node, Number, Position, every
from tco_xlsx.language.lines import (
    ANY,
    Choice,
    Constant,
    Derived,
    Fact,
    Given,
    Line,
    Measured,
    Pick,
    RowText,
    Selector,
    named,
)
from tco_xlsx.language.operations import Array
from tco_xlsx.language.recurrent import Recurrent
from tco_xlsx.language.sections import Model

UNKNOWN = "unknown"
"""The text of a fact that no file gives."""

_NO_FACT = -1.0
"""A fact of the empty row of a scenario without points: no pick is it."""

InputValue = float | str | None | Sequence[float | str | None]
Row = Mapping[str, float | str | None]
"""What is told of one seat along an axis: figures and facts by attribute."""


@dataclass(frozen=True)
class Case:
    """The inputs of one scenario: values by line name, and what is told along each axis.

    A choice is its code, an empty input None, an input along an axis one value for all seats, or a sequence whose last
    value holds for the seats after it. `axes` holds the figures and texts
    of each seat along an axis, as mappings by attribute of the measured lines and facts.
    """

    title: str
    values: Mapping[str, InputValue]
    axes: Mapping[Axis, Sequence[Row]] = field(default_factory=dict)
    _texts: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of_points(cls, title: str, values: Mapping[str, InputValue], points: Sequence[Row]) -> Case:
        """A case that tells of benchmark points alone."""
        return cls(title, values, {POINT: points})

    def along(self, axis: Axis) -> Sequence[Row]:
        """What is told along an axis: figures and facts by attribute."""
        return self.axes.get(axis, ())

    def codes(self, line: Choice | Fact) -> tuple[str, ...]:
        """The codes of a choice; those of a pick are `any` and the different texts that the points hold.

        Texts that differ only in case are one, as they are in Excel.
        """
        if isinstance(line, Choice) and not isinstance(line, Pick):
            return line.codes
        attribute = line.among.attribute if isinstance(line, Selector) else line.attribute
        if attribute not in self._texts:
            self._texts[attribute] = (ANY, *self._different(attribute))
        return self._texts[attribute]

    def _different(self, attribute: str) -> Iterable[str]:
        texts: dict[str, str] = {}
        # A fact may stand along two axes: the currencies of the scenarios, and the table of currencies.
        held = [rows for rows in self.axes.values() if any(attribute in row for row in rows)] or [self.along(POINT)]
        for told in dict.fromkeys(row.get(attribute) for rows in held for row in rows):
            text = str(told or UNKNOWN)
            texts.setdefault(text.casefold(), text)
        return texts.values()

    def number_of(self, line: Choice, code: object) -> float:
        """The number of a code among the codes, from 0."""
        folded = [known.casefold() for known in self.codes(line)]
        return float(folded.index(str(code).casefold()))

    def fact_numbers(self, line: Fact) -> list[float]:
        """For each seat along its axis, the number of its text among the codes of the pick."""
        numbers = {code.casefold(): float(number) for number, code in enumerate(self.codes(line))}
        told = [row.get(line.attribute) for row in self.along(line.axis)]
        by_text = {text: numbers[str(text or UNKNOWN).casefold()] for text in set(told)}
        return [by_text[text] for text in told]

    def length(self, axis: Axis | None) -> int:
        """How many seats a line with that axis has; one where nothing is told along it: a sheet keeps an empty row."""
        return 1 if axis is None else axis.seats or max(1, len(self.along(axis)))


@dataclass(frozen=True)
class Values:
    """The computed lines. NaN stands for absent (an input left empty, "n/a")."""

    cases: Sequence[Case]
    arrays: dict[str, Array] = field(default_factory=dict)

    def array(self, line: Line) -> Array:
        """All values of a line, shaped (scenario, index) or (1, 1) for a constant."""
        return self.arrays[line.name]

    def value(self, line: Line, scenario: int = 0, index: int = 0) -> float | None:
        """One value; None when absent."""
        rows = self.arrays[line.name]
        scenarios, seats = rows.shape
        number: float = rows.item(scenario if scenario < scenarios else -1, index if seats > 1 else 0)
        # NaN alone differs from itself.
        return None if number != number else number

    def series(self, line: Line, scenario: int, number: int) -> list[float | None]:
        """The first `number` values of a line along its axis; None where absent."""
        rows = self.arrays[line.name]
        found = rows[min(scenario, rows.shape[0] - 1), :number].tolist()
        found = found if len(found) == number else found * number
        return [None if value != value else value for value in found]

    def only(self, scenario: int) -> Values:
        """The values of one scenario by itself."""
        case = self.cases[scenario]
        arrays = {
            name: rows if rows.shape == (1, 1) else rows[min(scenario, rows.shape[0] - 1)][None, :]
            for name, rows in self.arrays.items()
        }
        return Values([case], arrays)

    def code(self, line: Choice, scenario: int = 0, index: int = 0) -> str:
        """The code at which a choice stands."""
        number = self.value(line, scenario, index)
        assert number is not None
        return self.cases[scenario].codes(line)[int(number)]

    def text(self, line: Fact | RowText, scenario: int = 0, index: int = 0) -> str | None:
        """The text of a fact at a point, or in a row of a table; None in an empty row."""
        if isinstance(line, RowText):
            text = spread(self.cases[scenario].values[line.name], self.cases[scenario].length(line.axis))[index]
            return None if text is None else str(text)
        rows = self.cases[scenario].along(line.axis)
        return str(rows[index].get(line.attribute) or UNKNOWN) if rows else None


def evaluate(model: Model, cases: Sequence[Case], keep_errors: bool = False) -> Values:
    """Compute every line for every case.

    Raises BrokenModel naming the line and the scenario where a formula has no number (a division by zero) though
    nothing in it is absent; with `keep_errors` such values stay NaN.
    """
    values = Values(cases)
    with np.errstate(all="ignore"):
        for line in model.lines:
            values.arrays[line.name] = line_array(line, values)
            wrong = None if keep_errors else wrong_seat(line, values)
            if wrong is not None:
                raise BrokenModel(_no_number(line, values, *wrong), line.label, _given_for(line, values, wrong[0]))
    return values


def line_array(line: Line, values: Values) -> Array:
    """The values of one line, shaped (scenario, index), from those of the lines that it needs.

    The arrays of a derived line's parts may have a row for each of many scenarios that differ from one case in their
    inputs only: that case then stands alone for the lengths of the axes and the texts of the points.
    """
    cases = values.cases
    if isinstance(line, Constant):
        return np.array([[line.value]], dtype=np.float64)
    if isinstance(line, Choice):
        codes = [spread(case.values[line.name], case.length(line.axis)) for case in cases]
        return _rows([[case.number_of(line, code) for code in seats] for case, seats in zip(cases, codes, strict=True)])
    if isinstance(line, RowText):
        return _rows([[np.nan] * case.length(line.axis) for case in cases])
    if isinstance(line, Fact):
        return _rows([case.fact_numbers(line) or [_NO_FACT] for case in cases])
    if isinstance(line, Given):
        return _rows([list(map(_number, spread(case.values[line.name], case.length(line.axis)))) for case in cases])
    if isinstance(line, Measured):
        rows = [[_number(row.get(line.attribute)) for row in case.along(line.axis)] or [np.nan] for case in cases]
        return _rows(rows)
    assert isinstance(line, Derived)
    result = _one_by_one(line, values) if isinstance(line, Recurrent) else _compute(line.formula, values)
    if line.conditions:
        result = np.where(_condition(line, values) == 1, result, np.nan)
    if line.axis is not None:
        # A row of cells has a cell for each seat, whatever the formula needs.
        lengths = np.array([case.length(line.axis) for case in cases])
        seats = np.arange(lengths.max()) < lengths[:, None]
        if not seats.all() or np.broadcast_shapes(result.shape, seats.shape) != result.shape:
            result = np.where(seats, result, np.nan)
    return result


def _one_by_one(line: Recurrent, values: Values) -> Array:
    """The cells of a line that reads its own earlier ones, each after those before it."""
    longest = max(case.length(line.axis) for case in values.cases)
    found = np.zeros((len(values.cases), longest))
    for seat in range(longest):
        values.arrays[line.name] = found
        result = _compute(line.formula, values)
        if result.shape[0] > found.shape[0]:
            # One case may stand for many that differ in their inputs only.
            found = np.repeat(found, result.shape[0], axis=0)
        found[:, seat] = np.broadcast_to(result, found.shape)[:, seat]
    return found


def _compute(node: Expr, values: Values) -> Array:
    if isinstance(node, Number):
        return np.array([[node.value]], dtype=np.float64)
    if isinstance(node, Position):
        longest = max(case.length(node.axis) for case in values.cases)
        return np.arange(1.0, longest + 1)[None, :]
    if isinstance(node, Line):
        return values.arrays[node.name]
    assert isinstance(node, Node)
    arguments = [_compute(argument, values) for argument in node.arguments]
    if node.operation.name == "chosen":
        asked = node.arguments[0]
        assert isinstance(asked, Choice)
        arguments.append(np.array([[float(asked.codes.index(node.codes[0]))]]))
    result = np.asarray(node.operation.compute(*arguments), dtype=np.float64)
    # Excel has no infinity: what is not finite is an error, and stays one (1/inf would be 0 again).
    finite = np.isfinite(result)
    return result if finite.all() else np.where(finite, result, np.nan)


def _condition(line: Derived, values: Values) -> Array:
    """Whether a line has a number: 1, 0, or NaN where the test itself is an error."""
    return _compute(every(*line.conditions), values)


def wrong_seat(line: Line, values: Values) -> tuple[int, int] | None:
    """The first scenario and index at which a line has no number though nothing in it is absent."""
    missing = np.isnan(values.arrays[line.name])
    if not isinstance(line, Derived) or not missing.any():
        return None
    lengths = np.array([case.length(line.axis) for case in values.cases])
    seats = np.arange(missing.shape[1]) < lengths[:, None]
    condition = _condition(line, values) if line.conditions else np.array([[1.0]])
    # A line that selects among values is absent by itself where the selected one is.
    wrong = seats & (np.isnan(condition) if line.soft else missing & (condition != 0))
    if not wrong.any():
        return None
    scenario, index = (int(number) for number in np.argwhere(wrong)[0])
    return scenario, index


def _no_number(line: Line, values: Values, scenario: int, index: int) -> str:
    assert isinstance(line, Derived)
    formulas = [line.formula] if line.when is None else [line.formula, line.when]
    parts = ", ".join(
        f"{part.label} is {_shown(part, values, scenario, index)}"
        for part in dict.fromkeys(part for formula in formulas for part in named(formula))
    )
    place = f" in {line.axis.one} {index + 1}" if line.axis else ""
    return f'{line.name}{place}: no number in scenario "{values.cases[scenario].title}" ({parts}).'


def _given_for(line: Line, values: Values, scenario: int) -> list[str]:
    """The inputs that a line builds on, those first that are the furthest from 1."""
    found: dict[str, float] = {}
    waiting, seen = [line], {id(line)}
    while waiting:
        one = waiting.pop()
        if isinstance(one, Given) and not isinstance(one, Choice):
            number = values.value(one, scenario)
            found[one.name] = abs(math.log10(abs(number))) if number else 0.0
        elif isinstance(one, Derived):
            for part in (part for formula in (one.formula, *one.conditions) for part in named(formula)):
                if id(part) not in seen:
                    seen.add(id(part))
                    waiting.append(part)
    return sorted(found, key=lambda name: (-found[name], name))


def _shown(line: Line, values: Values, scenario: int, index: int) -> str:
    if isinstance(line, Choice):
        return values.code(line, scenario, index if line.axis else 0)
    if isinstance(line, Fact):
        return values.text(line, scenario, index) or UNKNOWN
    number = values.value(line, scenario, index)
    return "empty" if number is None else f"{number:,.10g}"


def spread(value: InputValue, length: int) -> list[float | str | None]:
    """The value of an input in each seat along its axis: one value in all, the last of a shorter list in the rest."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return [value] * length
    return [*value, *[value[-1]] * (length - len(value))]


def _number(value: object) -> float:
    return np.nan if value is None else float(value)  # type: ignore[arg-type]


def _rows(rows: Iterable[Sequence[float]]) -> Array:
    """Rows of unequal length as one array, the shorter ones filled with NaN."""
    listed = list(rows)
    array = np.full((len(listed), max(len(row) for row in listed)), np.nan)
    for number, row in enumerate(listed):
        array[number, : len(row)] = row
    return array
