from tco_xlsx.language.choices import choose_by, chosen, same_code, switch
from tco_xlsx.language.expression import (
    Expr,
    beaten,
    counted_as,
    equal_to,
    every,
    expr,
    flag,
    is_set,
    known,
    smaller,
    some,
    sum_present,
    where,
)
from tco_xlsx.language.lines import ANY, Fact, Pick, fact, line, measured
from tco_xlsx.language.sections import Section
from tco_xlsx.model.configuration import Configuration
from tco_xlsx.model.service import Service

# The words on the sheet are number formats: positive, zero, negative.
YES_NO = {1: "yes", 0: "no"}
VERDICT = {1: "within", 0: "over", -1: "not measured"}
NOT_MEASURED = -expr(1)


def fits(asked: Pick, told: Fact) -> Expr:
    """1 where a point holds the text that is picked, or where any will do."""
    return flag(some(chosen(asked, ANY), same_code(asked, told)))


class Points(Section):
    """Every point of the benchmark: what one model instance did under one load, tested against each limit."""

    title = "Benchmark points"

    model = fact("Model")
    gpu_type = fact("GPU type")
    precision = fact("Precision")
    engine = fact("Engine")
    setup = fact("Setup")
    tokens = fact("Tokens in / out")
    trusted = measured("Trusted", "1", states={1: "yes", 0: "suspicious"})

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

    model_fits = line("Model fits", "1", fits(Configuration.model, model), states=YES_NO)
    gpu_type_fits = line("GPU type fits", "1", fits(Configuration.gpu_type, gpu_type), states=YES_NO)
    precision_fits = line("Precision fits", "1", fits(Configuration.precision, precision), states=YES_NO)
    engine_fits = line("Engine fits", "1", fits(Configuration.engine, engine), states=YES_NO)
    setup_fits = line("Setup fits", "1", fits(Configuration.setup, setup), states=YES_NO)
    tokens_fit = line("Tokens fit", "1", fits(Configuration.tokens, tokens), states=YES_NO)
    picked = line(
        "Configuration",
        "1",
        smaller(model_fits, gpu_type_fits, precision_fits, engine_fits, setup_fits, tokens_fit),
        states={1: "picked", 0: "other"},
    )
    counts = line(
        "Counts",
        "1",
        where(known(trusted), flag(every(is_set(picked), is_set(trusted))), 0),
        states=YES_NO,
        note="Of the configuration that is meant, and not suspicious.",
    )

    ttft = line(
        "TTFT tested",
        "ms/request",
        choose_by(Service.ttft_number, ttft_avg, ttft_p50, ttft_p90, ttft_p95, ttft_p99),
    )
    itl = line(
        "ITL tested",
        "ms/token",
        choose_by(Service.itl_number, itl_avg, itl_p50, itl_p90, itl_p95, itl_p99),
    )
    latency = line(
        "Request latency tested",
        "ms/request",
        choose_by(Service.latency_number, latency_avg, latency_p50, latency_p90, latency_p95, latency_p99),
    )

    ttft_verdict = line(
        "TTFT limit",
        "1",
        where(known(Service.max_ttft_ms), where(known(ttft), flag(ttft <= Service.max_ttft_ms), NOT_MEASURED), 1),
        states=VERDICT,
    )
    itl_verdict = line(
        "ITL limit",
        "1",
        where(known(Service.max_itl_ms), where(known(itl), flag(itl <= Service.max_itl_ms), NOT_MEASURED), 1),
        states=VERDICT,
    )
    latency_verdict = line(
        "Latency limit",
        "1",
        where(
            known(Service.max_latency_ms),
            where(known(latency), flag(latency <= Service.max_latency_ms), NOT_MEASURED),
            1,
        ),
        states=VERDICT,
    )
    within = line(
        "Within all limits",
        "1",
        flag(every(is_set(counts), is_set(ttft_verdict), is_set(itl_verdict), is_set(latency_verdict))),
        states=YES_NO,
    )
    eligible = line("Requests/s per GPU if within", "request/s/GPU", rps_per_gpu, when=is_set(within))

    rate_that_counts = line("Requests/s per GPU if it counts", "request/s/GPU", rps_per_gpu, when=is_set(counts))

    ttft_held = line("TTFT tested, if it counts", "ms/request", ttft, when=every(is_set(counts), known(ttft)))
    itl_held = line("ITL tested, if it counts", "ms/token", itl, when=every(is_set(counts), known(itl)))
    latency_held = line(
        "Request latency tested, if it counts", "ms/request", latency, when=every(is_set(counts), known(latency))
    )
    worst = line(
        "Worst of the limits",
        "1",
        smaller(ttft_verdict, itl_verdict, latency_verdict),
        states=VERDICT,
    )
    ttft_over = line("TTFT in limits", "times", ttft / Service.max_ttft_ms, when=equal_to(ttft_verdict, 0))
    itl_over = line("ITL in limits", "times", itl / Service.max_itl_ms, when=equal_to(itl_verdict, 0))
    latency_over = line(
        "Request latency in limits", "times", latency / Service.max_latency_ms, when=equal_to(latency_verdict, 0)
    )
    effort = line(
        "All limits missed, in times of each",
        "times",
        sum_present(ttft_over, itl_over, latency_over),
        when=every(is_set(counts), equal_to(worst, 0)),
        note="How much would have to be relaxed for this point; n/a where a limit cannot be tested.",
    )

    # Units differ between latencies; the chart's axis names its own.
    curve = line(
        "Latency on the chart",
        "ms",
        switch(
            Service.curve,
            ttft=counted_as(ttft, "ms"),
            itl=counted_as(itl, "ms"),
            latency=counted_as(latency, "ms"),
        ),
        when=is_set(counts),
    )
    frontier = line(
        "On the Pareto frontier",
        "1",
        flag(beaten(curve, rps_per_gpu) <= 0),
        when=known(curve),
        states={1: "frontier", 0: ""},
        note="No other point serves more requests/s per GPU at the same or a lower latency.",
    )

    ttft_alone = line(
        "TTFT if within the other limits",
        "ms/request",
        ttft,
        when=every(is_set(counts), known(ttft), is_set(itl_verdict), is_set(latency_verdict)),
    )
    itl_alone = line(
        "ITL if within the other limits",
        "ms/token",
        itl,
        when=every(is_set(counts), known(itl), is_set(ttft_verdict), is_set(latency_verdict)),
    )
    latency_alone = line(
        "Latency if within the other limits",
        "ms/request",
        latency,
        when=every(is_set(counts), known(latency), is_set(ttft_verdict), is_set(itl_verdict)),
    )
