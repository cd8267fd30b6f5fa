"""Scenarios side by side: what they share, how they rank, and what makes the gap between two of them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tco_xlsx.analysis.attribution import Cause, steps_between
from tco_xlsx.analysis.columns import ComparedColumns, GapSteps, block_rows
from tco_xlsx.analysis.two_way import TwoWay
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.case.results import compute, compute_each
from tco_xlsx.documents.errors import BadInput, BrokenModel, Fault, did_you_mean
from tco_xlsx.language import rounding
from tco_xlsx.language.axes import POINT, Axis
from tco_xlsx.language.evaluate import Case, Values, evaluate
from tco_xlsx.language.lines import Choice, Derived, Given, Line, Selector, named
from tco_xlsx.language.lines import Linked as ComparedLine
from tco_xlsx.language.operations import Array
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model.axes import CAUSE, CURRENCY, DRAWN, SCENARIO, SHOWN, STEP
from tco_xlsx.model.comparison import MEASURED_BY, Choices, Currency, Ranked, RankedResults
from tco_xlsx.scenario.load import Scenario

Row = dict[str, float | str | None]

SHARED_FROM = 13
"""From this many scenarios on, those that agree in benchmark and limits share a block of benchmark rows. Below, each
has its own, so that any of its inputs can be given a value of its own in the workbook."""
_DRAWN_BLOCKS, _DRAWN_POINTS = 12, 1_500
"""The chart of all configurations: so many at most, and so many points, each compared with all others."""
# Excel's MATCH takes these for patterns.
_NO_PATTERN = str.maketrans({"*": "×", "?": "", "~": "-"})
# A drop-down enters these as numbers, dates or truths, which are not found among texts.
_LIKE_A_NUMBER = re.compile(r"[\d\s.,:;/%+()$€£¥-]*|[\d.,]+e[+-]?\d+|true|false", re.IGNORECASE)
_MOST_NAMES = 12
_AT_ONCE = 64
"""Scenarios that are evaluated together."""
_LARGEST_RATE = 1e9
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class ComparisonTerms:
    """In which currency a comparison is, and what one unit of each other currency is worth in it.

    `choices` are codes of the lines of `choices` by name, where they are not the first ones.
    """

    currency: str = ""
    rates: Mapping[str, float] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ComparedScenarios:
    """What a workbook of several scenarios is written from: the values of all, and what comparing them adds."""

    values: Values
    compared: ComparedColumns


def compare(
    model: Model,
    comparison: Model,
    causes: Mapping[str, Sequence[type[Section] | Line]],
    prepared: Sequence[Prepared],
    report: ComparisonTerms | None = None,
    two_way: TwoWay | None = None,
) -> ComparedScenarios:
    """Compute several scenarios and what compares them.

    `comparison` holds the lines that a comparison adds, `causes` the inputs of each cause of a gap; `two_way` says
    that the scenarios are a grid. Raises BadInput for fewer than two scenarios or an exchange rate that is missing,
    BrokenModel as evaluate does.
    """
    report = report or ComparisonTerms()
    if len(prepared) < 2:
        raise BadInput([Fault("compare", 0, 0, "one scenario has nothing to be compared with; give two or more.")])
    scenarios, cases = [one.scenario for one in prepared], [one.case for one in prepared]
    currency = report.currency or scenarios[0].currency
    rates = _rates(scenarios, currency, report)
    try:
        values = _in_parts(model, cases)
    except BrokenModel:
        # Which one it is, and where what it comes from is written, is told by itself.
        for one in prepared:
            compute(model, one)
        raise
    links = inherited(model, scenarios, cases) if two_way is None else two_way.links
    blocks = shared_blocks(model, cases, links, SHARED_FROM if two_way is None else 0)
    labels = labels_of(scenarios) if two_way is None else two_way.labels
    points = [case.length(POINT) for case in cases]
    # Scenarios that share a block of points are one configuration.
    owners = [blocks.index(block) for block in range(max(blocks) + 1)]
    before = block_rows([points[owner] for owner in owners])

    linked = [line for line in comparison.lines if isinstance(line, ComparedLine)]
    rows: dict[Axis, list[Row]] = {
        CURRENCY: [{"currency": name} for name in rates],
        SCENARIO: [
            _row(
                _linked(linked, SCENARIO, values, number),
                label=labels[number],
                currency=scenario.currency,
                points=float(points[number]),
                before_points=float(before[blocks[number]]),
            )
            for number, scenario in enumerate(scenarios)
        ],
        CAUSE: [{"cause": cause} for cause in causes],
    }
    choices: dict[str, str] = dict.fromkeys((one.name for one in _selectors(comparison)), labels[0])
    choices |= {one.name: one.default_code for one in _choices(comparison) if not isinstance(one, Selector)}
    choices |= report.choices
    first = _evaluated(comparison, rates, choices, rows, keep_errors=True)
    order = [int(first.value(Ranked.at, 0, place) or 1) - 1 for place in range(len(prepared))]
    if Choices.gap_to.name not in report.choices:
        base = labels.index(choices[Choices.base.name])
        choices[Choices.gap_to.name] = labels[next(number for number in order if number != base)]
    start, end = (labels.index(choices[side.name]) for side in (Choices.gap_from, Choices.gap_to))

    outputs = [line.line for line in linked if line.axis == STEP]
    both = [(cases[number], rates[scenarios[number].currency]) for number in (start, end)]
    steps = steps_between(model, outputs, [Cause(name, tuple(of)) for name, of in causes.items()], both[0], both[1])
    rows[STEP] = [_linked(linked, STEP, steps.values, step) for step in range(len(steps.taken))]
    rows[CAUSE] = [_row(of, cause=name) for name, of in zip(causes, steps_of_causes(len(causes)), strict=True)]
    drawn = owners[: max(1, min(_DRAWN_BLOCKS, _DRAWN_POINTS // max(points)))]
    rows |= _charts(linked, values, points, labels.index(choices[Choices.shown.name]), drawn)
    compared = ComparedColumns(
        model=comparison,
        values=_evaluated(comparison, rates, choices, rows),
        labels=labels,
        links=links,
        blocks=blocks,
        currency=currency,
        rate_sources=dict.fromkeys(rates, "given on the command line"),
        drawn=drawn,
        steps=steps,
        two_way=two_way,
    )
    return ComparedScenarios(values, compared)


def without_broken(model: Model, prepared: Sequence[Prepared]) -> tuple[list[Prepared], list[str]]:
    """The scenarios that can be computed, and for each other one its file and why it cannot be."""
    sound: list[Prepared] = []
    broken: list[str] = []
    for one, values in zip(prepared, compute_each(model, prepared), strict=True):
        if isinstance(values, BrokenModel):
            named = f"{one.scenario.path}" + ("" if one.name == one.scenario.path.stem else f", {one.name}")
            broken.append(f"{named}: {values}")
        elif isinstance(values, Exception):
            raise values
        else:
            sound.append(one)
    return sound, broken


def with_base_first(prepared: Sequence[Prepared], base: str | None) -> list[Prepared]:
    """The scenarios with the base before the others. Raises BadInput when none has that name."""
    if base is None:
        return list(prepared)
    names = [one.name for one in prepared]
    folded = [name.casefold() for name in names]
    if base.casefold() not in folded:
        listed = names if len(names) <= _MOST_NAMES else [*names[:_MOST_NAMES], "..."]
        message = f"{base}: no such scenario.{did_you_mean(base, names)} There are {', '.join(listed)}."
        raise BadInput([Fault("--base", 0, 0, message)])
    at = folded.index(base.casefold())
    return [prepared[at], *prepared[:at], *prepared[at + 1 :]]


def parse_rates(texts: Sequence[str]) -> dict[str, float]:
    """Exchange rates as the command line gives them: EUR=1.08. Raises BadInput with all faults."""
    rates: dict[str, float] = {}
    faults = []
    for text in texts:
        name, _, number = text.partition("=")
        name = name.strip()
        try:
            if not _CURRENCY.fullmatch(name) or name in rates:
                raise ValueError
            rates[name] = float(number)
        except ValueError:
            why = "is given twice" if name in rates else "expected a currency and its rate, such as EUR=1.08"
            faults.append(Fault("--rate", 0, 0, f"{text}: {why}."))
    if faults:
        raise BadInput(faults)
    return rates


def headline(made: ComparedScenarios) -> str:
    """The scenario that comes first, in words."""
    compared = made.compared
    values = compared.values
    figure, measure = values.value(RankedResults.figure), values.code(Choices.measure)
    if figure is None:
        return f"{len(compared.labels)} scenarios, none with a {measure}"
    best = compared.labels[int(values.value(Ranked.at) or 1) - 1]
    of = MEASURED_BY[measure]
    unit = f" {compared.currency}" if GapSteps.is_money(of) else ""
    return f"{len(compared.labels)} scenarios, {best} first: {measure} {rounding.figure(of, figure)}{unit}"


def labels_of(scenarios: Sequence[Scenario]) -> list[str]:
    """A short text for each scenario by which drop-downs and charts name it: its title, or its name where titles are
    alike; never alike, also not to Excel, which ignores case."""
    titles = [scenario.title.translate(_NO_PATTERN).strip() for scenario in scenarios]
    alike = Counter(title.casefold() for title in titles)
    return unlike(
        [
            title if alike[title.casefold()] == 1 else scenario.name
            for title, scenario in zip(titles, scenarios, strict=True)
        ]
    )


def unlike(texts: Sequence[str]) -> list[str]:
    """Texts as labels that are never alike: numbered where they are, without the letters that Excel reads patterns
    from, and never what it would take for a number or a date."""
    taken: set[str] = set()
    labels: list[str] = []
    for text in texts:
        plain = text.translate(_NO_PATTERN).strip()
        if _LIKE_A_NUMBER.fullmatch(plain):
            plain = f"scenario {plain}".strip()
        label, count = plain, 2
        while label.casefold() in taken or label.casefold() == "any":
            label, count = f"{plain} ({count})", count + 1
        taken.add(label.casefold())
        labels.append(label)
    return labels


def inherited(model: Model, scenarios: Sequence[Scenario], cases: Sequence[Case]) -> list[dict[str, int]]:
    """For each scenario the inputs that it shares with an earlier one, and the number of the first that has them.

    Shared is what is written at one place of one file, or left at its default in files of one family (one extends the
    other, or both the same). Files that have nothing to do with each other share nothing.
    """
    first: dict[tuple[object, ...], int] = {}
    links: list[dict[str, int]] = []
    for number, (scenario, case) in enumerate(zip(scenarios, cases, strict=True)):
        family = os.path.realpath((scenario.lineage or (scenario.path,))[-1])
        own: dict[str, int] = {}
        for line in model.inputs:
            origin = scenario.origins.get(line.name)
            written: tuple[object, ...] = origin if origin is not None else ("default", family)
            value = case.values[line.name]
            holder = first.setdefault((line.name, *written, value), number)
            if holder != number:
                own[line.name] = holder
        links.append(own)
    return links


def shared_blocks(
    model: Model, cases: Sequence[Case], links: Sequence[Mapping[str, int]], least: int = SHARED_FROM
) -> list[int]:
    """The number of the block of rows in which each scenario's points stand, from 0."""
    if len(cases) < least:
        return list(range(len(cases)))
    tested = inputs_of_points(model)
    known: dict[object, int] = {}
    blocks = []
    for number, case in enumerate(cases):
        points = tuple(tuple(point.items()) for point in case.along(POINT))
        same = tuple(links[number].get(line.name, number) for line in tested)
        blocks.append(known.setdefault((points, same), len(known)))
    return blocks


def inputs_of_points(model: Model) -> list[Given]:
    """The inputs on which the rows of points depend."""
    needed: set[str] = set()
    for line in reversed(model.lines):
        if isinstance(line, Derived) and (line.axis == POINT or line.name in needed):
            needed |= {part.name for formula in (line.formula, *line.conditions) for part in named(formula)}
    return [line for line in model.inputs if line.name in needed]


def steps_of_causes(count: int) -> Iterator[dict[str, float | str | None]]:
    """For each cause the numbers of the steps before and after it, in order and in reverse order, from 1.

    The steps are those of `attribution`: the first scenario, one cause more at each, the second scenario, and then the
    steps that begin with the last cause.
    """
    for cause in range(1, count + 1):
        replaced = count - cause
        yield {
            "forward_before": float(cause),
            "forward_after": cause + 1.0,
            "reverse_before": 1.0 if replaced == 0 else count + 1.0 + replaced,
            "reverse_after": count + 1.0 if replaced == count - 1 else count + 2.0 + replaced,
        }


def _in_parts(model: Model, cases: Sequence[Case]) -> Values:
    """The values of all scenarios. Some lines compare each point with each: of thousands at once that is too much."""
    parts = [cases[start : start + _AT_ONCE] for start in range(0, len(cases), _AT_ONCE)]
    computed = [evaluate(model, part) for part in parts]
    if len(parts) == 1:
        return computed[0]
    arrays: dict[str, Array] = {}
    for line in model.lines:
        pieces = [values.array(line) for values in computed]
        whole = np.full((len(cases), max(piece.shape[1] for piece in pieces)), np.nan)
        for number, (part, piece) in enumerate(zip(parts, pieces, strict=True)):
            first = number * _AT_ONCE
            whole[first : first + len(part), : piece.shape[1]] = piece
        arrays[line.name] = whole
    return Values(cases, arrays)


def _rates(scenarios: Sequence[Scenario], currency: str, report: ComparisonTerms) -> dict[str, float]:
    """What one unit of each currency is worth in that of the report, which comes first."""
    held = dict.fromkeys(scenario.currency for scenario in scenarios)
    faults = []
    if not _CURRENCY.fullmatch(currency):
        faults.append(Fault("--currency", 0, 0, f"{currency}: expected three capital letters, such as USD."))
    for name, rate in report.rates.items():
        if name not in held or name == currency:
            why = "is the currency of the report" if name == currency else "is the currency of none of the scenarios"
            faults.append(Fault("--rate", 0, 0, f"{name}: {why}; leave it out."))
        elif not 0 < rate < float("inf"):
            faults.append(Fault("--rate", 0, 0, f"{name}: {rate:,.15g} is not a rate above 0."))
        elif not 1 / _LARGEST_RATE <= rate <= _LARGEST_RATE:
            message = f"{name}: {rate:,.15g} is no rate of two currencies; 0.000000001 to 1,000,000,000 are."
            faults.append(Fault("--rate", 0, 0, message))
    missing = [name for name in held if name != currency and name not in report.rates]
    if missing:
        need = " ".join(f"--rate {name}=..." for name in missing)
        message = f"the scenarios are in {', '.join(held)}; say what one unit is worth in {currency}: {need}."
        faults.append(Fault("compare", 0, 0, message))
    if faults:
        raise BadInput(faults)
    return {currency: 1.0} | {name: report.rates[name] for name in held if name != currency}


def _evaluated(
    comparison: Model,
    rates: Mapping[str, float],
    choices: Mapping[str, str],
    rows: Mapping[Axis, Sequence[Row]],
    keep_errors: bool = False,
) -> Values:
    case = Case("comparison", {Currency.rate.name: list(rates.values()), **choices}, rows)
    return evaluate(comparison, [case], keep_errors)


def _selectors(comparison: Model) -> list[Selector]:
    return [line for line in comparison.lines if isinstance(line, Selector)]


def _choices(comparison: Model) -> list[Choice]:
    return [line for line in comparison.lines if isinstance(line, Choice)]


def _charts(
    linked: Sequence[ComparedLine], values: Values, points: Sequence[int], shown: int, drawn: Sequence[int]
) -> dict[Axis, list[Row]]:
    """The points of the scenario that is shown, and those of all that are drawn together.

    Each has as many rows as the longest: beyond the last point of a scenario that one is repeated.
    """
    places = range(max(points))
    return {
        SHOWN: [_linked(linked, SHOWN, values, shown, min(index, points[shown] - 1)) for index in places],
        DRAWN: [
            _row(
                _linked(linked, DRAWN, values, scenario, min(index, points[scenario] - 1)),
                drawn_scenario=scenario + 1.0,
                drawn_point=index + 1.0,
            )
            for scenario in drawn
            for index in places
        ],
    }


def _linked(lines: Sequence[ComparedLine], axis: Axis, values: Values, scenario: int, index: int = 0) -> Row:
    """The figures of a row that are linked from one scenario, or one point of it."""
    return {line.attribute: values.value(line.line, scenario, index) for line in lines if line.axis == axis}


def _row(figures: Row, **others: float | str | None) -> Row:
    return {**figures, **others}
