"""What the service may be sold for: revenue, gross margin and mark-up, and the prices that break even."""

from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import switch
from tco_xlsx.language.expression import every, flag, is_set, known, sum_of, total, where
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.unit_cost import UnitCost
from tco_xlsx.model.workload import Calendar, Workload
from tco_xlsx.model.years.api import Api
from tco_xlsx.model.years.rent import Rent
from tco_xlsx.model.years.timeline import DemandYears, Timeline
from tco_xlsx.model.years.totals import ResultYears


class Price(Section):
    """What users pay."""

    title = "Price to users"

    per_1m_input = given(
        "1M tokens in", "money/1M tokens", at_least=0, optional=True, note="Empty: only tokens out are charged."
    )
    per_1m_cached = given(
        "1M tokens in from cache", "money/1M tokens", at_least=0, optional=True, note="Empty: as other tokens in."
    )
    per_1m_output = given(
        "1M tokens out", "money/1M tokens", above=0, optional=True, note="Empty: no revenue is computed."
    )
    basis = choice(
        "Margin is taken over",
        {"own": "the cost of owning", "rent": "the cost of renting", "api": "the fees of the API"},
        "own",
    )
    charged_input = line("Charged for 1M tokens in", "money/1M tokens", where(known(per_1m_input), per_1m_input, 0))
    charged_cached = line(
        "Charged for 1M tokens in from cache",
        "money/1M tokens",
        where(known(per_1m_cached), per_1m_cached, charged_input),
    )


class Margin(Section):
    """Revenue from all that is served, less what it costs. A margin is a share of the revenue, a mark-up of the cost;
    amounts by the year are means over the horizon."""

    title = "Margin"

    input_revenue = line(
        "Revenue, tokens in",
        "money",
        DemandYears.input_tokens * (1 - Workload.cached_share) / Calendar.tokens_per_million * Price.charged_input,
    )
    cached_revenue = line(
        "Revenue, tokens in from cache",
        "money",
        DemandYears.input_tokens * Workload.cached_share / Calendar.tokens_per_million * Price.charged_cached,
    )
    output_revenue = line(
        "Revenue, tokens out", "money", DemandYears.output_tokens / Calendar.tokens_per_million * Price.per_1m_output
    )
    revenue = line("Revenue", "money", sum_of(input_revenue, cached_revenue, output_revenue))
    cost = line("Cost", "money", switch(Price.basis, own=ResultYears.profit_and_loss, rent=Rent.cost, api=Api.cost))
    profit = line("Profit", "money", revenue - cost, signed=True)
    margin_of_year = line("Gross margin of the year", "share", where(revenue > 0, profit / revenue, 0), signed=True)

    revenue_total = line(
        "Revenue over the horizon",
        "money",
        total(revenue),
        when=every(known(UnitCost.demand_requests), known(Price.per_1m_output)),
    )
    cost_total = line(
        "Cost over the horizon",
        "money",
        switch(Price.basis, own=ResultYears.cost_total, rent=Rent.cost_total, api=Api.cost_total),
    )
    revenue_year = line("Revenue, by the year", "money/year", revenue_total / Timeline.horizon)
    cost_year = line("Cost, by the year", "money/year", cost_total / Timeline.horizon)
    profit_year = line("Profit, by the year", "money/year", revenue_year - cost_year, signed=True)
    revenue_day = line("Revenue, by the day", "money/day", revenue_year / Calendar.days_per_year)
    cost_day = line("Cost, by the day", "money/day", cost_year / Calendar.days_per_year)
    profit_day = line("Profit, by the day", "money/day", profit_year / Calendar.days_per_year, signed=True)
    revenue_second = line("Revenue, by the second", "money/s", revenue_year / Calendar.seconds_per_year)
    cost_second = line("Cost, by the second", "money/s", cost_year / Calendar.seconds_per_year)
    profit_second = line("Profit, by the second", "money/s", profit_year / Calendar.seconds_per_year, signed=True)
    gross_margin = line(
        "Gross margin", "share", profit_year / revenue_year, signed=True, note="(revenue - cost) / revenue."
    )
    costs = line("A cost is known", "1", where(known(cost_year), flag(cost_year > 0), 0), states={1: "yes", 0: "no"})
    mark_up = line(
        "Mark-up",
        "share",
        profit_year / cost_year,
        when=every(is_set(costs), known(revenue_year)),
        signed=True,
        note="(revenue - cost) / cost.",
    )
    break_even_price_1m = line(
        "1M tokens out at the price that breaks even",
        "money/1M tokens",
        Price.per_1m_output * cost_year / revenue_year,
        note="All prices changed in the same proportion.",
    )
    break_even_price_1m_input = line(
        "1M tokens in at the price that breaks even",
        "money/1M tokens",
        Price.charged_input * cost_year / revenue_year,
    )

    revenue_less_cost = check(
        "The profits of the years are revenue less cost", "money", sum_of(total(profit), cost_total), revenue_total
    )
