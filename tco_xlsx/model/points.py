from tco_xlsx.expr import beaten, counted_as, every, expr, flag, is_set, known, where
from tco_xlsx.lines import Section, choose_by, line, measured, switch
from tco_xlsx.model.service import Service

# The words on the sheet are number formats: positive, zero, negative.
VERDICT = {1: "within", 0: "over", -1: "not measured"}
NOT_MEASURED = -expr(1)


class Points(Section):
    """Every point of the benchmark: what one model instance did under one load, tested against each limit."""

    title = "Benchmark points"

    concurrency = measured("Concurrency", "request")
    gpus = measured("GPUs per instance", "GPU/instance")
    rps = measured("Requests/s", "request/s/instance")
    isl = measured("ISL measured", "token/request")
    osl = measured("OSL measured", "token/request")

    ttft_avg = measured("TTFT avg", "ms/request")
    ttft_p50 = measured("TTFT p50", "ms/request")
    ttft_p90 = measured("TTFT p90", "ms/request")
    ttft_p95 = measured("TTFT p95", "ms/request")
    ttft_p99 = measured("TTFT p99", "ms/request")
    itl_avg = measured("ITL avg", "ms/token")
    itl_p50 = measured("ITL p50", "ms/token")
    itl_p90 = measured("ITL p90", "ms/token")
    itl_p95 = measured("ITL p95", "ms/token")
    itl_p99 = measured("ITL p99", "ms/token")
    latency_avg = measured("Latency avg", "ms/request")
    latency_p50 = measured("Latency p50", "ms/request")
    latency_p90 = measured("Latency p90", "ms/request")
    latency_p95 = measured("Latency p95", "ms/request")
    latency_p99 = measured("Latency p99", "ms/request")

    rps_per_gpu = line("Requests/s per GPU", "request/s/GPU", rps / gpus)

    ttft = line(
        "TTFT tested", "ms/request",
        choose_by(Service.ttft_number, ttft_avg, ttft_p50, ttft_p90, ttft_p95, ttft_p99),
    )
    itl = line(
        "ITL tested", "ms/token",
        choose_by(Service.itl_number, itl_avg, itl_p50, itl_p90, itl_p95, itl_p99),
    )
    latency = line(
        "Request latency tested", "ms/request",
        choose_by(Service.latency_number, latency_avg, latency_p50, latency_p90, latency_p95, latency_p99),
    )

    ttft_verdict = line(
        "TTFT limit", "1",
        where(known(Service.max_ttft_ms), where(known(ttft), flag(ttft <= Service.max_ttft_ms), NOT_MEASURED), 1),
        states=VERDICT,
    )
    itl_verdict = line(
        "ITL limit", "1",
        where(known(Service.max_itl_ms), where(known(itl), flag(itl <= Service.max_itl_ms), NOT_MEASURED), 1),
        states=VERDICT,
    )
    latency_verdict = line(
        "Latency limit", "1",
        where(
            known(Service.max_latency_ms),
            where(known(latency), flag(latency <= Service.max_latency_ms), NOT_MEASURED), 1,
        ),
        states=VERDICT,
    )
    within = line(
        "Within all limits", "1",
        flag(every(known(rps), is_set(ttft_verdict), is_set(itl_verdict), is_set(latency_verdict))),
        states={1: "yes", 0: "no"},
    )
    eligible = line("Requests/s per GPU if within", "request/s/GPU", rps_per_gpu, when=is_set(within))

    # Units differ between latencies; the chart's axis names its own.
    curve = line(
        "Latency on the chart", "ms",
        switch(
            Service.curve,
            ttft=counted_as(ttft, "ms"), itl=counted_as(itl, "ms"), latency=counted_as(latency, "ms"),
        ),
    )
    frontier = line(
        "On the Pareto frontier", "1", flag(beaten(curve, rps_per_gpu) <= 0), when=known(curve),
        states={1: "frontier", 0: ""},
        note="No other point serves more requests/s per GPU at the same or a lower latency.",
    )

    ttft_alone = line(
        "TTFT if within the other limits", "ms/request", ttft,
        when=every(known(ttft), is_set(itl_verdict), is_set(latency_verdict)),
    )
    itl_alone = line(
        "ITL if within the other limits", "ms/token", itl,
        when=every(known(itl), is_set(ttft_verdict), is_set(latency_verdict)),
    )
    latency_alone = line(
        "Latency if within the other limits", "ms/request", latency,
        when=every(known(latency), is_set(ttft_verdict), is_set(itl_verdict)),
    )
