from tco_xlsx.language.axes import POINT
from tco_xlsx.language.choices import switch
from tco_xlsx.language.expression import (
    Expr,
    Position,
    best_where,
    count,
    counted_as,
    expr,
    flag,
    is_set,
    known,
    kth_smallest,
    largest,
    pick,
    running_largest,
    smaller,
    smallest,
    where,
)
from tco_xlsx.language.lines import line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.points import Points
from tco_xlsx.model.service import Service

OUTSIDE_MS, OUTSIDE_RATE = counted_as(-expr(1), "ms"), counted_as(-expr(1), "request/s/GPU")
"""Where a chart does not reach."""


def or_zero(limit: Expr) -> Expr:
    """A limit, or 0 where none is given."""
    return where(known(limit), limit, 0)


class Curve(Section):
    """What the latency-throughput chart draws: the points in order of latency, the frontier above them, the limit
    and the chosen point. A text or an error among numbers would spoil a chart, so every row here holds numbers: what is
    not to be drawn stands at -1, outside the axes, which begin at 0."""

    title = "Latency-throughput chart"

    drawn = line("Points with that latency", "point", count(Points.curve))
    x = line(
        "Latency, in order",
        "ms",
        where(drawn > 0, kth_smallest(Points.curve, smaller(Position(POINT), drawn)), OUTSIDE_MS),
    )
    rate = line(
        "Requests/s per GPU there",
        "request/s/GPU",
        where(drawn > 0, best_where(x, Points.curve, Points.rps_per_gpu), OUTSIDE_RATE),
        note="Of several points with the same latency, the best.",
    )
    frontier = line("Best up to there", "request/s/GPU", running_largest(rate))

    ttft_limit = line("TTFT limit, 0 for none", "ms", counted_as(or_zero(Service.max_ttft_ms), "ms"))
    itl_limit = line("ITL limit, 0 for none", "ms", counted_as(or_zero(Service.max_itl_ms), "ms"))
    latency_limit = line("Latency limit, 0 for none", "ms", counted_as(or_zero(Service.max_latency_ms), "ms"))
    limit = line(
        "Limit on the chart, 0 for none",
        "ms",
        switch(Service.curve, ttft=ttft_limit, itl=itl_limit, latency=latency_limit),
    )
    limit_x = line("Latency of the limit's line", "ms", where(limit > 0, limit, OUTSIDE_MS))
    limit_top = line("Height of the limit's line", "request/s/GPU", where(limit > 0, largest(rate), OUTSIDE_RATE))
    fastest_drawn = line(
        "The fastest is marked",
        "1",
        where(known(Performance.row), 0, where(is_set(Performance.found), 0, flag(drawn > 0))),
        states={1: "yes", 0: "no"},
        note="Where no point is chosen though points could be: not where the performance is typed in.",
    )
    chosen_x = line("Latency of the chosen point on the chart", "ms", pick(Points.curve, Performance.row))
    chosen_rate = line(
        "Requests/s per GPU of the chosen point on the chart",
        "request/s/GPU",
        pick(Points.rps_per_gpu, Performance.row),
        when=known(chosen_x),
    )
    mark_x = line(
        "Latency of the mark",
        "ms",
        where(known(chosen_x), chosen_x, where(is_set(fastest_drawn), smallest(Points.curve), OUTSIDE_MS)),
        note="The chosen point; without one, the fastest.",
    )
    mark_rate = line(
        "Requests/s per GPU of the mark",
        "request/s/GPU",
        where(known(chosen_rate), chosen_rate, where(is_set(fastest_drawn), pick(rate, expr(1)), OUTSIDE_RATE)),
    )
