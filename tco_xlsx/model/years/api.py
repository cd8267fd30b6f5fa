"""The same tokens bought from a hosted API."""

from tco_xlsx.language.expression import Expr, every, known, running, some, sum_of, total, where
from tco_xlsx.language.lines import Given, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.unit_cost import Reference, UnitCost
from tco_xlsx.model.workload import Calendar, Workload
from tco_xlsx.model.years.finance import Finance
from tco_xlsx.model.years.timeline import DemandYears, Timeline
from tco_xlsx.model.years.year import number


def _either(own: Given, listed: Given) -> Expr:
    return some(known(own), known(listed))


class Api(Section):
    """Fees for what is served, at prices of today that change by the year."""

    title = "API"

    price_1m_input = given(
        "1M tokens in", "money/1M tokens", at_least=0, optional=True, note="Empty: that of the reference API."
    )
    price_1m_cached = given(
        "1M tokens in from cache", "money/1M tokens", at_least=0, optional=True, note="Empty: as other tokens in."
    )
    price_1m_output = given(
        "1M tokens out", "money/1M tokens", at_least=0, optional=True, note="Empty: that of the reference API."
    )
    price_change = given(
        "Prices change each year by",
        "share",
        0,
        above=-1,
        at_most=1,
        source="default: steady",
        note="-0.3: a year later a million tokens cost 0.7 times as much.",
    )

    input_price = line(
        "1M tokens in, price taken",
        "money/1M tokens",
        where(known(price_1m_input), price_1m_input, Reference.price_1m_input),
        when=_either(price_1m_input, Reference.price_1m_input),
    )
    cached_price = line(
        "1M tokens in from cache, price taken",
        "money/1M tokens",
        where(known(price_1m_cached), price_1m_cached, input_price),
    )
    output_price = line(
        "1M tokens out, price taken",
        "money/1M tokens",
        where(known(price_1m_output), price_1m_output, Reference.price_1m_output),
        when=_either(price_1m_output, Reference.price_1m_output),
    )
    price_factor = line(
        "Prices against year 1", "times", (1 + price_change) ** (number - 1) * Timeline.counts, digits=4
    )
    input_cost = line(
        "Tokens in",
        "money",
        DemandYears.input_tokens
        * (1 - Workload.cached_share)
        / Calendar.tokens_per_million
        * input_price
        * price_factor,
    )
    cached_cost = line(
        "Tokens in from cache",
        "money",
        DemandYears.input_tokens * Workload.cached_share / Calendar.tokens_per_million * cached_price * price_factor,
    )
    output_cost = line(
        "Tokens out", "money", DemandYears.output_tokens / Calendar.tokens_per_million * output_price * price_factor
    )
    cost = line("Cost of the API", "money", sum_of(input_cost, cached_cost, output_cost))
    _given = every(known(UnitCost.demand_requests), known(input_price), known(output_price))
    so_far = line("Cash so far, API", "money", running(cost) * Timeline.counts, when=_given, stock=True)
    discounted = line("API, discounted", "money", cost * Finance.factor_end)
    cost_total = line("API over the horizon", "money", total(cost), when=_given)
    present_value = line("Present value of the API", "money", total(discounted), when=_given)
