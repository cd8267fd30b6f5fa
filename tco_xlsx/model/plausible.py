from tco_xlsx.language.checks import warning
from tco_xlsx.language.choices import chosen
from tco_xlsx.language.expression import Expr, every, known, larger, largest, size, where
from tco_xlsx.language.lines import Line, constant, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.demand import Demand
from tco_xlsx.model.fleet import ROUNDING, Fleet
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.points import Points
from tco_xlsx.model.server import Hosting, Server
from tco_xlsx.model.service import Service
from tco_xlsx.model.unit_cost import Reference
from tco_xlsx.model.workload import Workload

_LOAD = (Workload.average_rps, Workload.users, Workload.tokens_per_day, Workload.peak_rps)
"""What the average load follows from, one of them as it is stated."""


def apart(measured: Line, planned: Line) -> Expr:
    """How far two numbers are apart, as a share of the larger one."""
    return size(measured - planned) / larger(measured, planned)


class Plausible(Section):
    """Whether what was given belongs together. A warning stops nothing: the figures are computed with as they are."""

    title = "Are the inputs plausible?"

    isl_apart = line("Prompts measured and planned apart", "share", apart(Performance.isl, Workload.input_tokens))
    osl_apart = line("Answers measured and planned apart", "share", apart(Performance.osl, Workload.output_tokens))
    tokens_apart = line(
        "Tokens measured and planned apart",
        "share",
        where(known(isl_apart), where(known(osl_apart), larger(isl_apart, osl_apart), isl_apart), osl_apart),
        note="Of prompts or answers, whichever are further apart; a share of the larger number.",
    )
    tokens_may_differ = constant(
        "Tokens may be apart by", "share", 0.1, "a few special tokens are no other workload; a tenth more text is"
    )
    typed_per_gpu = line(
        "Typed-in requests/s per GPU",
        "request/s/GPU",
        Performance.manual_rps / Performance.manual_gpus,
        when=every(chosen(Performance.source, "manual"), known(Performance.manual_rps), known(Performance.manual_gpus)),
    )
    most_measured = line(
        "Most requests/s per GPU measured, whatever the limits",
        "request/s/GPU",
        largest(Points.rate_that_counts),
        when=Performance.counting_points > 0,
    )
    served_rps = line("Capacity while up", "request/s", Fleet.capacity_rps * Fleet.uptime)
    # A price of 0, for what is rented, is none to doubt.
    price_per_gpu = line(
        "Price per GPU, where one is paid", "money/GPU", Server.price / Server.gpus, when=Server.price > 0
    )
    least_price = constant("Least price per GPU that is usual", "money/GPU", 100, "below it stand prices in thousands")
    hosting_paid = line(
        "Hosting of a server, where it is paid for",
        "money/server/year",
        Hosting.per_server_year,
        when=Hosting.per_server_year > 0,
    )
    least_hosting = constant(
        "Least hosting of a server that is usual",
        "money/server/year",
        100,
        "below it stand costs of an hour, or in thousands",
    )
    least_api_price = constant(
        "Least price of 1M tokens that is usual",
        "money/1M tokens",
        0.005,
        "below it stand prices of 1,000 tokens, or of one",
    )
    # 0.2 is twenty percent, and 20 is refused; 2 is two hundred.
    most_headroom = constant("Most headroom that is usual", "share", 1, "twice the peak")
    shortest_ms = constant("Shortest TTFT that is usual", "ms/request", 1, "network and tokenizer alone take longer")

    tokens_match = warning(
        "The benchmark's prompts and answers are as long as the workload's",
        "share",
        tokens_apart,
        tokens_may_differ,
        "measured with {performance.isl:n} / {performance.osl:n} tokens,"
        " planned {workload.input_tokens:n} / {workload.output_tokens:n}",
        note="Longer prompts cost more prefill, longer answers more decoding: measure near the workload.",
    )
    has_point = warning(
        "There is an operating point",
        "1",
        1,
        Performance.found,
        "",
        note="Else no size and no cost can be given: relax a limit, measure more, or type the performance in.",
    )
    typed_was_measured = warning(
        "The typed-in rate was measured",
        "request/s/GPU",
        typed_per_gpu,
        most_measured,
        "{performance.manual_rps:n} requests/s typed in, {plausible.typed_per_gpu:n} per GPU;"
        " at most {plausible.most_measured:n} measured",
        note="The benchmark knows no point that serves as much.",
    )
    average_below_peak = warning(
        "The average load is at most the peak",
        "request/s",
        Demand.average,
        Demand.peak,
        "average load {demand.average:n} requests/s above the peak, {demand.peak:n}",
        about=_LOAD,
    )
    average_served = warning(
        "The fleet can serve the average load",
        "request/s",
        Demand.average,
        served_rps,
        "average load {demand.average:n} requests/s, the fleet serves {plausible.served_rps:n}",
        about=_LOAD,
        tolerance=ROUNDING,
    )
    price_in_full = warning(
        "The price of a server is not in thousands",
        "money/GPU",
        least_price,
        price_per_gpu,
        "a server of {server.gpus:n} GPUs for {server.price:n} {currency}: in thousands?",
    )
    hosting_in_full = warning(
        "The hosting of a server is for a year, and not in thousands",
        "money/server/year",
        least_hosting,
        hosting_paid,
        "hosting of a server for {hosting.per_server_year:n} {currency} a year: in thousands, or of an hour?",
    )
    price_of_1m = warning(
        "The reference price is of 1M tokens",
        "money/1M tokens",
        least_api_price,
        Reference.price_1m_output,
        "1M tokens out for {reference.price_1m_output:g} {currency}: the price of 1,000, or of one?",
    )
    headroom_usual = warning(
        "The headroom is no more than usual",
        "share",
        Fleet.headroom,
        most_headroom,
        "headroom {fleet.headroom:%} above the peak: 0.2 is 20%",
    )
    limit_in_ms = warning(
        "The TTFT limit is in milliseconds",
        "ms/request",
        shortest_ms,
        Service.max_ttft_ms,
        "TTFT limit {service.max_ttft_ms:g} ms: a quarter of a second is 250",
    )
