from tco_xlsx.language.expression import count, every, flag, is_set, known, pick, position_of, smallest, where, whole
from tco_xlsx.language.lines import line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.points import Points


class Relaxing(Section):
    """What would help when no point is within the limits: one of them relaxed, or several for the nearest point."""

    title = "When no point is within the limits"

    ttft_held = line("Points that hold the TTFT tested", "point", count(Points.ttft_held))
    ttft_row = line(
        "Row with the least TTFT within the other limits",
        "point",
        position_of(Performance.ttft_least, Points.ttft_alone),
    )
    ttft_at = line("Concurrency there, for TTFT", "request", pick(Points.concurrency, ttft_row))
    itl_held = line("Points that hold the ITL tested", "point", count(Points.itl_held))
    itl_row = line(
        "Row with the least ITL within the other limits",
        "point",
        position_of(Performance.itl_least, Points.itl_alone),
    )
    itl_at = line("Concurrency there, for ITL", "request", pick(Points.concurrency, itl_row))
    latency_held = line("Points that hold the latency tested", "point", count(Points.latency_held))
    latency_row = line(
        "Row with the least latency within the other limits",
        "point",
        position_of(Performance.latency_least, Points.latency_alone),
    )
    latency_at = line("Concurrency there, for latency", "request", pick(Points.concurrency, latency_row))

    least_effort = line(
        "Least effort to relax several limits", "times", smallest(Points.effort), when=count(Points.effort) > 0
    )
    nearest_row = line("Row of the nearest point", "point", position_of(least_effort, Points.effort))
    nearest_at = line("Concurrency of the nearest point", "request", pick(Points.concurrency, nearest_row))
    ttft_missed = line(
        "The nearest point misses the TTFT limit",
        "1",
        where(known(nearest_row), flag(pick(Points.ttft_verdict, nearest_row) <= 0), 0),
        states={1: "yes", 0: "no"},
    )
    ttft_there = line("TTFT of the nearest point", "ms/request", pick(Points.ttft, nearest_row))
    ttft_together = line(
        "TTFT limit that would do with others",
        "ms/request",
        whole(ttft_there),
        when=every(is_set(ttft_missed), known(ttft_there)),
        note="In whole ms.",
    )
    itl_missed = line(
        "The nearest point misses the ITL limit",
        "1",
        where(known(nearest_row), flag(pick(Points.itl_verdict, nearest_row) <= 0), 0),
        states={1: "yes", 0: "no"},
    )
    itl_there = line("ITL of the nearest point", "ms/token", pick(Points.itl, nearest_row))
    itl_together = line(
        "ITL limit that would do with others",
        "ms/token",
        whole(itl_there),
        when=every(is_set(itl_missed), known(itl_there)),
        note="In whole ms.",
    )
    latency_missed = line(
        "The nearest point misses the latency limit",
        "1",
        where(known(nearest_row), flag(pick(Points.latency_verdict, nearest_row) <= 0), 0),
        states={1: "yes", 0: "no"},
    )
    latency_there = line("Latency of the nearest point", "ms/request", pick(Points.latency, nearest_row))
    latency_together = line(
        "Latency limit that would do with others",
        "ms/request",
        whole(latency_there),
        when=every(is_set(latency_missed), known(latency_there)),
        note="In whole ms.",
    )
