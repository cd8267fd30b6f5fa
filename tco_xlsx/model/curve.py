from tco_xlsx.choosing import switch
from tco_xlsx.expr import (
    Expr,
    Position,
    best_where,
    count,
    counted_as,
    expr,
    known,
    kth_smallest,
    largest,
    pick,
    running_largest,
    smaller,
    smallest,
    where,
)
from tco_xlsx.lines import Section, line
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.points import Points
from tco_xlsx.model.service import Service


def or_zero(limit: Expr) -> Expr:
    """A limit, or 0 where none is given."""
    return where(known(limit), limit, 0)


class Curve(Section):
    """What the latency-throughput chart draws: the points in order of latency, the frontier above them, the limit
    and the chosen point. A text among numbers would spoil a chart, so every row here holds numbers."""

    title = "Latency-throughput chart"

    drawn = line("Points with that latency", "point", count(Points.curve))
    x = line(
        "Latency, in order", "ms", where(drawn > 0, kth_smallest(Points.curve, smaller(Position("point"), drawn)), 0)
    )
    rate = line(
        "Requests/s per GPU there",
        "request/s/GPU",
        where(drawn > 0, best_where(x, Points.curve, Points.rps_per_gpu), 0),
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
    limit_top = line("Height of the limit's line", "request/s/GPU", where(limit > 0, largest(rate), 0))
    mark_x = line(
        "Latency of the mark",
        "ms",
        where(known(Performance.row), pick(Points.curve, Performance.row), smallest(Points.curve)),
        note="The chosen point; without one, the fastest.",
    )
    mark_rate = line(
        "Requests/s per GPU of the mark",
        "request/s/GPU",
        where(known(Performance.row), pick(Points.rps_per_gpu, Performance.row), pick(rate, expr(1))),
    )
