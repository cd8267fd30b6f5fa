from tco_xlsx.language.choices import code_number
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.sections import Section

STATISTICS = {
    "avg": "mean of all requests",
    "p50": "half of the requests are faster",
    "p90": "9 of 10 requests are faster",
    "p95": "19 of 20 requests are faster",
    "p99": "99 of 100 requests are faster",
}

_EMPTY = "Empty: no limit."


class Service(Section):
    """How fast the service must answer. A benchmark point counts only if it is within every limit given here."""

    title = "Service level"

    max_ttft_ms = given("Largest TTFT", "ms/request", above=0, optional=True, note=_EMPTY)
    ttft_statistic = choice("TTFT statistic", STATISTICS, "avg")
    max_itl_ms = given("Largest ITL", "ms/token", above=0, optional=True, note=_EMPTY)
    itl_statistic = choice("ITL statistic", STATISTICS, "avg")
    max_latency_ms = given("Largest request latency", "ms/request", above=0, optional=True, note=_EMPTY)
    latency_statistic = choice("Request latency statistic", STATISTICS, "avg")
    ttft_number = line("TTFT statistic, its number", "1", code_number(ttft_statistic))
    itl_number = line("ITL statistic, its number", "1", code_number(itl_statistic))
    latency_number = line("Request latency statistic, its number", "1", code_number(latency_statistic))
    curve = choice(
        "Latency on the chart",
        {"ttft": "time to first token", "itl": "inter-token latency", "latency": "end-to-end request latency"},
        "ttft",
        note="Also the latency against which the Pareto frontier is drawn.",
    )
