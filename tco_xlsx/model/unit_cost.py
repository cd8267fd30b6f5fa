from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import switch
from tco_xlsx.language.expression import every, known
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.cost import Cost
from tco_xlsx.model.demand import Demand
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.workload import Calendar, Workload


class Reference(Section):
    """The price list of an API to compare with."""

    title = "Reference API"

    price_1m_input = given(
        "Price of 1M tokens in",
        "money/1M tokens",
        at_least=0,
        optional=True,
        note="Empty: no comparison, and no split by price ratio.",
    )
    price_1m_output = given(
        "Price of 1M tokens out",
        "money/1M tokens",
        above=0,
        optional=True,
        note="Empty: no comparison, and no split by price ratio.",
    )

    tokens = line("Tokens of a prompt and its answer", "token/request", Workload.input_tokens + Workload.output_tokens)
    input_price = line(
        "Price of the tokens in", "money/request", price_1m_input * Workload.input_tokens / Calendar.tokens_per_million
    )
    output_price = line(
        "Price of the tokens out",
        "money/request",
        price_1m_output * Workload.output_tokens / Calendar.tokens_per_million,
    )
    per_1000_prompts = line(
        "API price of 1,000 prompts", "money/1000 prompts", (input_price + output_price) * Calendar.requests_per_1000
    )
    per_1m_tokens = line(
        "API price of 1M tokens, in and out",
        "money/1M tokens",
        (input_price + output_price) / tokens * Calendar.tokens_per_million,
    )


class UnitCost(Section):
    """Cost per 1,000 prompts and per 1M tokens: at capacity, when every paid hour is used as set under Fleet, and at
    demand, when the whole fleet serves the average load."""

    title = "Unit cost"

    split = choice(
        "Split between tokens in and out",
        {
            "price_ratio": "as the reference API prices them",
            "fixed_ratio": "a token out costs a fixed multiple of a token in",
            "equal": "every token costs the same",
            "compute_time": "by the time of prefill and decode at the chosen point",
        },
        "price_ratio",
    )
    fixed_ratio = given(
        "Token out as a multiple of a token in",
        "times",
        3,
        above=0,
        source="NVIDIA's TCO article; GKE uses 4, OpenCost 2.5",
        note="Used only with the split fixed_ratio.",
    )

    share_by_price = line(
        "Share of tokens in, by price ratio",
        "share",
        Reference.input_price / (Reference.input_price + Reference.output_price),
    )
    share_by_ratio = line(
        "Share of tokens in, by fixed ratio",
        "share",
        Workload.input_tokens / (Workload.input_tokens + fixed_ratio * Workload.output_tokens),
    )
    share_equal = line("Share of tokens in, all tokens equal", "share", Workload.input_tokens / Reference.tokens)
    decode_ms = line(
        "Mean time of decoding", "ms/request", Performance.decode_itl * (Workload.output_tokens - Calendar.first_token)
    )
    share_by_time = line(
        "Share of tokens in, by compute time",
        "share",
        Performance.prefill_ms / (Performance.prefill_ms + decode_ms),
        when=every(known(Performance.prefill_ms), known(decode_ms)),
    )
    input_share = line(
        "Share of tokens in",
        "share",
        switch(
            split,
            price_ratio=share_by_price,
            fixed_ratio=share_by_ratio,
            equal=share_equal,
            compute_time=share_by_time,
        ),
    )

    server_requests = line(
        "Prompts that a server serves",
        "request/server/year",
        Fleet.instances_per_server
        * Performance.instance_rps
        * Calendar.seconds_per_year
        * Fleet.uptime
        * Fleet.utilisation,
    )
    per_request = line("Cost of a prompt", "money/request", Cost.per_server_year / server_requests)
    per_1000_prompts = line("Per 1,000 prompts", "money/1000 prompts", per_request * Calendar.requests_per_1000)
    per_1m_tokens = line(
        "Per 1M tokens, in and out", "money/1M tokens", per_request / Reference.tokens * Calendar.tokens_per_million
    )
    per_1m_input = line(
        "Per 1M tokens in",
        "money/1M tokens",
        per_request * input_share / Workload.input_tokens * Calendar.tokens_per_million,
    )
    per_1m_output = line(
        "Per 1M tokens out",
        "money/1M tokens",
        per_request * (1 - input_share) / Workload.output_tokens * Calendar.tokens_per_million,
    )

    demand_requests = line("Prompts at the average load", "request/year", Demand.average * Calendar.seconds_per_year)
    demand_per_request = line("Cost of a prompt, at demand", "money/request", Cost.total_year / demand_requests)
    demand_per_1000_prompts = line(
        "Per 1,000 prompts, at demand", "money/1000 prompts", demand_per_request * Calendar.requests_per_1000
    )
    demand_per_1m_tokens = line(
        "Per 1M tokens, in and out, at demand",
        "money/1M tokens",
        demand_per_request / Reference.tokens * Calendar.tokens_per_million,
    )
    demand_per_1m_input = line(
        "Per 1M tokens in, at demand",
        "money/1M tokens",
        demand_per_request * input_share / Workload.input_tokens * Calendar.tokens_per_million,
    )
    demand_per_1m_output = line(
        "Per 1M tokens out, at demand",
        "money/1M tokens",
        demand_per_request * (1 - input_share) / Workload.output_tokens * Calendar.tokens_per_million,
    )

    split_adds_up = check(
        "Tokens in and out together cost what the prompts cost",
        "money*token/request/1M tokens",
        per_1m_input * Workload.input_tokens + per_1m_output * Workload.output_tokens,
        per_request * Calendar.tokens_per_million,
    )
    demand_split_adds_up = check(
        "Tokens in and out together cost what the prompts cost, at demand",
        "money*token/request/1M tokens",
        demand_per_1m_input * Workload.input_tokens + demand_per_1m_output * Workload.output_tokens,
        demand_per_request * Calendar.tokens_per_million,
    )
    demand_is_total = check(
        "Cost at demand times the prompts of a year make the total",
        "money/year",
        demand_per_1000_prompts / Calendar.requests_per_1000 * demand_requests,
        Cost.total_year,
    )


class Comparison(Section):
    """The fleet against the reference API, at the average load."""

    title = "Against the reference API"

    api_year = line(
        "The same year at the API",
        "money/year",
        UnitCost.demand_requests * (Reference.input_price + Reference.output_price),
    )
    saving_year = line(
        "Saved by the own fleet",
        "money/year",
        api_year - Cost.total_year,
        note="Negative: the API is cheaper at this load.",
    )
    capacity_ratio = line(
        "Own cost over API price, at capacity", "share", UnitCost.per_1000_prompts / Reference.per_1000_prompts
    )
    demand_ratio = line(
        "Own cost over API price, at demand", "share", UnitCost.demand_per_1000_prompts / Reference.per_1000_prompts
    )
    break_even_requests = line(
        "Prompts a year at which both cost the same",
        "request/year",
        Cost.total_year / (Reference.input_price + Reference.output_price),
    )
    break_even_rps = line(
        "Average load at which both cost the same", "request/s", break_even_requests / Calendar.seconds_per_year
    )
