"""What a comparison computes from scenarios beside each other: a model of its own, whose rows are scenarios."""

from __future__ import annotations

from collections.abc import Mapping

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import switch
from tco_xlsx.language.expression import (
    Expr,
    Position,
    alike_above,
    best_up_to,
    count,
    count_above,
    counted_as,
    every,
    expr,
    fewer,
    flag,
    is_set,
    known,
    kth_smallest,
    larger,
    pick,
    position_of,
    row_of,
    running,
    size,
    smaller,
    total,
    where,
)
from tco_xlsx.language.lines import (
    Derived,
    Line,
    Linked,
    choice,
    compared,
    constant,
    fact,
    given,
    line,
    measured,
    select,
)
from tco_xlsx.language.sections import LineBlock, Model, Section
from tco_xlsx.model.axes import CAUSE, CURRENCY, DRAWN, SCENARIO, SHOWN, STEP
from tco_xlsx.model.cost import COST_ROWS, Cost
from tco_xlsx.model.curve import Curve
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.unit_cost import UnitCost


class Currency(Section):
    """What one unit of each currency is worth in the currency of the report."""

    title = "Exchange rates"

    currency = fact("Currency", axis=CURRENCY)
    rate = given("Worth in the currency of the report", "times", above=0, axis=CURRENCY)


class Scenarios(Section):
    """The results of each scenario in its own currency."""

    title = "Scenarios"

    label = fact("Scenario", axis=SCENARIO)
    currency = fact("Currency", axis=SCENARIO)
    servers = compared(Fleet.servers, SCENARIO)
    gpus = compared(Fleet.gpus, SCENARIO)
    own = LineBlock("own_{}", {row.name: compared(row.year, SCENARIO) for row in COST_ROWS})
    own_total = compared(Cost.total_year, SCENARIO)
    own_per_1m = compared(UnitCost.per_1m_tokens, SCENARIO)
    own_demand_per_1m = compared(UnitCost.demand_per_1m_tokens, SCENARIO)
    rate = line("Rate", "times", pick(Currency.rate, row_of(currency, Currency.currency)))
    points = measured("Points", "point", axis=SCENARIO, always=True)
    before_points = measured("Rows before its points", "point", axis=SCENARIO, always=True)


class Choices(Section):
    """What is shown, with what it is compared, and by which figure."""

    title = "Choices"

    shown = select("Scenario on Summary", Scenarios.label)
    measure = choice(
        "Compared by",
        {
            "cost of a year": "the whole fleet for the peak",
            "cost per 1M tokens at capacity": "every paid hour used",
            "cost per 1M tokens at demand": "the average load",
            "servers": "servers for the peak",
        },
        "cost of a year",
    )
    base = select("Compared with", Scenarios.label)
    gap_from = select("Gap from", Scenarios.label)
    gap_to = select("Gap to", Scenarios.label)

    shown_row = line("Number of the scenario on Summary", "1", row_of(shown, Scenarios.label))
    base_row = line("Number of the base", "1", row_of(base, Scenarios.label))
    from_row = line("Number of the scenario that the gap starts from", "1", row_of(gap_from, Scenarios.label))
    to_row = line("Number of the scenario that the gap leads to", "1", row_of(gap_to, Scenarios.label))


def by_measure(year: Expr, capacity: Expr, demand: Expr, servers: Expr) -> Expr:
    """The figure by which scenarios are compared. Its unit is that of the choice."""
    figures = (counted_as(figure, "figure") for figure in (year, capacity, demand, servers))
    return switch(Choices.measure, **dict(zip(Choices.measure.codes, figures, strict=True)))


def _in_report_currency(own: Mapping[str, Linked]) -> dict[str, Derived]:
    return {name: line(one.label, one.unit, one * Scenarios.rate) for name, one in own.items()}


class Report(Section):
    """The results of each scenario in the currency of the report."""

    title = "In the currency of the report"

    component = LineBlock("{}", _in_report_currency(Scenarios.own))
    total = line("Total cost", "money/year", Scenarios.own_total * Scenarios.rate)
    per_1m = line("Per 1M tokens at capacity", "money/1M tokens", Scenarios.own_per_1m * Scenarios.rate)
    demand_per_1m = line("Per 1M tokens at demand", "money/1M tokens", Scenarios.own_demand_per_1m * Scenarios.rate)
    figure = line("Compared figure", "figure", by_measure(total, per_1m, demand_per_1m, Scenarios.servers))
    base_figure = line("Figure of the base", "figure", pick(figure, Choices.base_row))
    base_is_more = line("The base has a figure above 0", "1", where(known(base_figure), flag(base_figure > 0), 0))
    difference = line("Difference to the base", "figure", figure - base_figure, signed=True)
    difference_share = line(
        "Difference in percent",
        "share",
        difference / base_figure,
        when=every(known(difference), is_set(base_is_more)),
        signed=True,
    )


class Ranking(Section):
    """The place of each scenario: the least figure first, those without one last, ties in the order of scenarios."""

    title = "Places"

    standing = line(
        "Place among those with a figure",
        "1",
        fewer(Report.figure, Report.figure) + alike_above(Report.figure, Report.figure),
    )
    counted = line("Scenarios with a figure", "1", count(Report.figure))
    so_far = line("Scenarios with a figure up to here", "1", count_above(Report.figure))
    place = line("Place", "1", where(known(standing), standing, counted + Position(SCENARIO) - so_far))


class Ranked(Section):
    """The scenarios in order of place."""

    title = "In order of place"

    at = line("Number of the scenario", "1", position_of(Position(SCENARIO), Ranking.place))


def _in_order(of: Line) -> Derived:
    return Derived(of.label, of.unit, pick(of, Ranked.at), signed=isinstance(of, Derived) and of.signed)


class RankedResults(Section):
    """The results in order of place."""

    title = "Results in order of place"

    figure = _in_order(Report.figure)
    difference = _in_order(Report.difference)
    difference_share = _in_order(Report.difference_share)
    servers = _in_order(Scenarios.servers)
    gpus = _in_order(Scenarios.gpus)
    component = LineBlock("{}", {name: _in_order(one) for name, one in Report.component.items()})
    total = _in_order(Report.total)
    per_1m = _in_order(Report.per_1m)
    demand_per_1m = _in_order(Report.demand_per_1m)


MEASURED_BY: Mapping[str, Line] = dict(
    zip(
        Choices.measure.codes,
        (RankedResults.total, RankedResults.per_1m, RankedResults.demand_per_1m, RankedResults.servers),
        strict=True,
    )
)
"""The line whose figure a comparison is by, for each code of the choice."""


class Shown(Section):
    """What the chart on Summary draws: the points of the scenario shown there, the last one repeated."""

    title = "Chart on Summary"

    shown_row = line(
        "Row of the point shown",
        "point",
        pick(Scenarios.before_points, Choices.shown_row)
        + smaller(Position(SHOWN), pick(Scenarios.points, Choices.shown_row)),
    )
    shown_x = compared(Curve.x, SHOWN)
    shown_rate = compared(Curve.rate, SHOWN)
    shown_frontier = compared(Curve.frontier, SHOWN)


class Drawn(Section):
    """What the chart of all configurations draws: the points of each, and the frontier above them all."""

    title = "Chart of all configurations"

    drawn_scenario = measured("Number of the scenario drawn", "1", axis=DRAWN, always=True)
    drawn_point = measured("Point drawn", "1", axis=DRAWN, always=True)
    drawn_row = line(
        "Row of the point drawn",
        "point",
        pick(Scenarios.before_points, drawn_scenario) + smaller(drawn_point, pick(Scenarios.points, drawn_scenario)),
    )
    drawn_x = compared(Curve.x, DRAWN)
    drawn_rate = compared(Curve.rate, DRAWN)
    drawn_outside = line("Rows that are not drawn", "point", fewer(expr(0), drawn_x))
    drawn_first = line(
        "Least latency drawn",
        "ms",
        kth_smallest(drawn_x, smaller(drawn_outside + 1, count(drawn_x))),
        note="From there on the frontier is drawn: a scenario without points has none.",
    )
    drawn_along = line("Latency of all, in order", "ms", larger(kth_smallest(drawn_x, Position(DRAWN)), drawn_first))
    drawn_frontier = line("Best of all up to there", "request/s/GPU", best_up_to(drawn_along, drawn_x, drawn_rate))


ROW_OF_POINT: Mapping[Axis, Line] = {SHOWN: Shown.shown_row, DRAWN: Drawn.drawn_row}
"""For each axis whose rows are points of scenarios, the row in which the point stands among those of all."""


class Steps(Section):
    """The scenarios between two: at each step one cause more is taken from the second, first in order, then from the
    last backwards. All in the currency of the report."""

    title = "Steps from one scenario to the other"

    step_total = compared(Cost.total_year, STEP)
    step_per_1m = compared(UnitCost.per_1m_tokens, STEP)
    step_demand_per_1m = compared(UnitCost.demand_per_1m_tokens, STEP)
    step_servers = compared(Fleet.servers, STEP)
    step_figure = line(
        "Figure of the step", "figure", by_measure(step_total, step_per_1m, step_demand_per_1m, step_servers)
    )


class Gap(Section):
    """The gap between two scenarios by its causes. A cause's part is what replacing it changes, the mean of replacing
    the causes in order and in reverse order: so no order is preferred, and the parts make the whole."""

    title = "Gap"

    cause = fact("Cause", axis=CAUSE)
    forward_before = measured("Step before, in order", "1", axis=CAUSE, always=True)
    forward_after = measured("Step after, in order", "1", axis=CAUSE, always=True)
    reverse_before = measured("Step before, in reverse", "1", axis=CAUSE, always=True)
    reverse_after = measured("Step after, in reverse", "1", axis=CAUSE, always=True)
    orders = constant("Orders of replacing", "1", 2, "in order and in reverse order")

    from_figure = line("Figure that the gap starts from", "figure", pick(Report.figure, Choices.from_row))
    to_figure = line("Figure that the gap leads to", "figure", pick(Report.figure, Choices.to_row))
    gap = line("Gap", "figure", to_figure - from_figure, signed=True)
    is_gap = line("There is a gap", "1", where(known(gap), flag(size(gap) > 0), 0), states={1: "yes", 0: "no"})
    forward_from = line("Figure before, in order", "figure", pick(Steps.step_figure, forward_before))
    forward_to = line("Figure after, in order", "figure", pick(Steps.step_figure, forward_after))
    reverse_from = line("Figure before, in reverse", "figure", pick(Steps.step_figure, reverse_before))
    reverse_to = line("Figure after, in reverse", "figure", pick(Steps.step_figure, reverse_after))
    forward = line("Change in order", "figure", forward_to - forward_from, signed=True)
    reverse = line("Change in reverse", "figure", reverse_to - reverse_from, signed=True)
    part = line("Part in the gap", "figure", (forward + reverse) / orders, signed=True)
    share = line("Share of the gap", "share", part / gap, when=every(known(part), is_set(is_gap)), signed=True)
    share_total = line("Shares added up", "share", total(share), when=is_set(is_gap))
    after = line("Figure after the cause", "figure", from_figure + running(part))
    figure_before = line("Figure before the cause", "figure", after - part)
    foot = line("Foot of the bar", "figure", smaller(figure_before, after))
    rise = line("Rise", "figure", larger(part, 0))
    fall = line("Fall", "figure", larger(-part, 0))
    first_step = line("First step", "figure", pick(Steps.step_figure, expr(1)))
    parts_total = line("Parts added up", "figure", total(part), when=known(gap), signed=True)

    parts_make_gap = check("The parts of all causes make the gap", "figure", from_figure + parts_total, to_figure)
    starts_there = check("The first step is the scenario that the gap starts from", "figure", first_step, from_figure)


COMPARISON = Model(Currency, Scenarios, Choices, Report, Ranking, Ranked, RankedResults, Shown, Drawn, Steps, Gap)
