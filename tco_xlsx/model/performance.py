from tco_xlsx.language.axes import POINT
from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import chosen
from tco_xlsx.language.expression import (
    Position,
    count,
    equal_to,
    every,
    flag,
    is_set,
    known,
    largest,
    pick,
    position_of,
    smallest,
    total,
    where,
    whole,
)
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.points import Points
from tco_xlsx.model.service import Service


class Performance(Section):
    """What one model instance can do: the benchmark point within all limits with most requests/s per GPU."""

    title = "Operating point"

    source = choice(
        "Performance from",
        {"benchmark": "the best benchmark point within the limits", "manual": "the two figures typed in below"},
        "benchmark",
    )
    manual_rps = given(
        "Typed-in requests/s of one instance",
        "request/s/instance",
        above=0,
        optional=True,
        note="Used only with performance from: manual.",
    )
    manual_gpus = given(
        "Typed-in GPUs per instance",
        "GPU/instance",
        at_least=1,
        integer=True,
        optional=True,
        note="Used only with performance from: manual.",
    )

    measured_points = line("Benchmark points", "point", count(Points.rps))
    counting_points = line("Points of the configuration, not suspicious", "point", total(Points.counts))
    eligible_points = line("Points within all limits", "point", count(Points.eligible))
    frontier_points = line("Points on the Pareto frontier", "point", total(Points.frontier))
    by_point = line(
        "A benchmark point is chosen",
        "1",
        flag(every(chosen(source, "benchmark"), eligible_points > 0)),
        states={1: "yes", 0: "no"},
    )
    found = line(
        "There is an operating point",
        "1",
        where(chosen(source, "manual"), flag(every(known(manual_rps), known(manual_gpus))), by_point),
        states={1: "yes", 0: "no"},
    )
    best = line(
        "Most requests/s per GPU within the limits", "request/s/GPU", largest(Points.eligible), when=is_set(by_point)
    )
    row = line("The chosen row", "point", position_of(best, Points.eligible), when=is_set(by_point))
    is_chosen = line(
        "Chosen", "1", where(known(row), flag(equal_to(Position(POINT), row)), 0), states={1: "chosen", 0: ""}
    )

    concurrency = line("Concurrency of the chosen point", "request", pick(Points.concurrency, row))
    ttft = line("TTFT of the chosen point", "ms/request", pick(Points.ttft, row))
    itl = line("ITL of the chosen point", "ms/token", pick(Points.itl, row))
    latency = line("Request latency of the chosen point", "ms/request", pick(Points.latency, row))
    prefill_ms = line("Mean TTFT of the chosen point", "ms/request", pick(Points.ttft_avg, row))
    decode_itl = line("Mean ITL of the chosen point", "ms/token", pick(Points.itl_avg, row))
    request_ms = line("Mean request latency of the chosen point", "ms/request", pick(Points.latency_avg, row))
    isl = line("ISL of the chosen point", "token/request", pick(Points.isl, row))
    osl = line("OSL of the chosen point", "token/request", pick(Points.osl, row))

    instance_rps = line(
        "Requests/s of one instance",
        "request/s/instance",
        where(chosen(source, "manual"), manual_rps, pick(Points.rps, row)),
        when=is_set(found),
    )
    gpus_per_instance = line(
        "GPUs per instance",
        "GPU/instance",
        where(chosen(source, "manual"), manual_gpus, pick(Points.gpus, row)),
        when=is_set(found),
    )
    rps_per_gpu = line("Requests/s per GPU", "request/s/GPU", instance_rps / gpus_per_instance)

    ttft_least = line(
        "Least TTFT within the other limits",
        "ms/request",
        smallest(Points.ttft_alone),
        when=count(Points.ttft_alone) > 0,
    )
    ttft_needed = line(
        "TTFT limit that would do",
        "ms/request",
        whole(ttft_least),
        when=every(known(Service.max_ttft_ms), known(ttft_least)),
        note="In whole ms, the other limits kept.",
    )
    itl_least = line(
        "Least ITL within the other limits", "ms/token", smallest(Points.itl_alone), when=count(Points.itl_alone) > 0
    )
    itl_needed = line(
        "ITL limit that would do",
        "ms/token",
        whole(itl_least),
        when=every(known(Service.max_itl_ms), known(itl_least)),
        note="In whole ms, the other limits kept.",
    )
    latency_least = line(
        "Least latency within the other limits",
        "ms/request",
        smallest(Points.latency_alone),
        when=count(Points.latency_alone) > 0,
    )
    latency_needed = line(
        "Latency limit that would do",
        "ms/request",
        whole(latency_least),
        when=every(known(Service.max_latency_ms), known(latency_least)),
        note="In whole ms, the other limits kept.",
    )

    best_is_best = check(
        "The chosen point is the best within the limits",
        "request/s/GPU",
        best,
        rps_per_gpu,
        rule="at_most",
    )
    ttft_within = check(
        "TTFT of the chosen point is within its limit",
        "ms/request",
        ttft,
        Service.max_ttft_ms,
        rule="at_most",
    )
    itl_within = check(
        "ITL of the chosen point is within its limit",
        "ms/token",
        itl,
        Service.max_itl_ms,
        rule="at_most",
    )
    latency_within = check(
        "Request latency of the chosen point is within its limit",
        "ms/request",
        latency,
        Service.max_latency_ms,
        rule="at_most",
    )
