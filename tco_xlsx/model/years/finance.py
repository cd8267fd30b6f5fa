"""What the years are worth at their start: discount factors, present value, cost of capital, tax, another currency."""

from collections.abc import Callable

from tco_xlsx.language.checks import check
from tco_xlsx.language.expression import Expr, before, counted_as, equal_to, pick, sum_of, total, where
from tco_xlsx.language.lines import Line, constant, given, line
from tco_xlsx.language.recurrent import recurrent
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import YEAR
from tco_xlsx.model.years.assets import CapitalYears
from tco_xlsx.model.years.fleet import SIZED
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.totals import ResultYears
from tco_xlsx.model.years.year import number

last = counted_as(Timeline.horizon, "1")
"""The number of the last year that counts."""


def _compounds(rate: Line) -> Callable[[Expr], Expr]:
    return lambda own: (
        ((before(own, 0) + CapitalYears.purchases) * (1 + rate) + ResultYears.running - CapitalYears.sold)
        * Timeline.counts
    )


class Finance(Section):
    """Purchases fall at the start of a year and are discounted from there; running cost, rent, fees, residual value and
    what is left at the end of the horizon fall at its end."""

    title = "Present value"

    discount_rate = given(
        "Discount rate",
        "share",
        0,
        at_least=0,
        at_most=1,
        sizes=(1e-4, 1),
        source="default: none",
        note="Cost of capital by the year; also the rate of the charge on book value.",
    )
    tax_rate = given("Tax rate", "share", 0, at_least=0, at_most=1, source="default: none")
    report_rate = given(
        "Worth of one unit of the currency in that of the report",
        "report currency/money",
        1,
        above=0,
        sizes=(1e-9, 1e9),
        source="default: the same currency",
    )
    ends = constant("Ends of a year", "1", 2, "a mean of opening and closing value")

    factor_start = line(
        "Discount factor at the start", "1", Timeline.counts / (1 + discount_rate) ** (number - 1), digits=4
    )
    factor_end = line("Discount factor at the end", "1", Timeline.counts / (1 + discount_rate) ** number, digits=4)
    annuity_factor = line(
        "Annuity factor over the horizon",
        "year",
        counted_as(total(factor_end), "year"),
        digits=4,
        note="(1 - (1 + rate)^-years) / rate, and the years where the rate is 0: the end factors added up.",
    )

    purchases_discounted = line("Purchases, discounted", "money", CapitalYears.purchases * factor_start)
    running_discounted = line("Running cost, discounted", "money", ResultYears.running * factor_end)
    sold_discounted = line("Residual value that comes back, discounted", "money", CapitalYears.sold * factor_end)
    left_discounted = line(
        "Value left, discounted", "money", where(equal_to(number, last), CapitalYears.value_left, 0) * factor_end
    )
    discounted = line(
        "Present value of the year",
        "money",
        purchases_discounted + running_discounted - sold_discounted - left_discounted,
    )
    purchases_present = line("Purchases, present value", "money", total(purchases_discounted), when=SIZED)
    running_present = line("Running cost, present value", "money", total(running_discounted), when=SIZED)
    sold_present = line("Residual value, present value", "money", total(sold_discounted), when=SIZED)
    present_value_nothing_left = line(
        "Present value if nothing is left", "money", purchases_present + running_present - sold_present
    )
    left_present = line(
        "Value left, present value", "money", CapitalYears.value_left * pick(factor_end, last), when=SIZED
    )
    present_value = line(
        "Present value of owning", "money", present_value_nothing_left - left_present, note="A cost: less is better."
    )
    equivalent_annual_cost = line(
        "Equivalent annual cost",
        "money/year",
        present_value / annuity_factor,
        note="The same amount at the end of each year, worth as much as what is paid.",
    )

    opening_value = line(
        "Book value at the start, with what is bought",
        "money",
        (before(CapitalYears.book_value, 0) + CapitalYears.purchases) * Timeline.counts,
        stock=True,
    )
    capital_charge = line(
        "Capital charge on average book value",
        "money",
        (opening_value + CapitalYears.book_value + CapitalYears.sold) / ends * discount_rate,
        note="Closing value before what comes back at the end of life. Not part of the present value, which discounts.",
    )
    cost_with_charge = line(
        "Cost of the year with capital charge", "money", ResultYears.profit_and_loss + capital_charge
    )
    charged_year = line(
        "Cost with capital charge, mean of the years",
        "money/year",
        total(cost_with_charge) / Timeline.horizon,
        when=SIZED,
    )

    tax_shield = line(
        "Tax saved", "money", ResultYears.profit_and_loss * tax_rate, note="Depreciation and running cost deducted."
    )
    tax_shield_discounted = line("Tax saved, discounted", "money", tax_shield * factor_end)
    tax_shield_present = line("Tax saved, present value", "money", total(tax_shield_discounted), when=SIZED)
    present_value_after_tax = line("Present value after tax", "money", present_value - tax_shield_present)

    cost_reported = line(
        "Cost over the horizon, in the report's currency",
        "report currency",
        ResultYears.cost_total * report_rate,
    )
    present_value_reported = line(
        "Present value, in the report's currency", "report currency", present_value * report_rate
    )

    compounded = recurrent(
        "Spent so far, with interest to the end of the year",
        "money",
        YEAR,
        _compounds(discount_rate),
        stock=True,
    )
    compounded_total = line("Spent over the horizon, with interest", "money", pick(compounded, last))

    discounted_years_are_present_value = check(
        "The present values of the years make the present value",
        "money",
        sum_of(total(discounted), sold_present, left_present),
        sum_of(purchases_present, running_present),
        note="Beside what comes back and what is left: a present value near 0 has few digits of its own.",
    )
    interest_is_discount = check(
        "Interest to the end of the horizon, then discounted once, gives the same",
        "money",
        sum_of((compounded_total - CapitalYears.value_left) * pick(factor_end, last), sold_present, left_present),
        sum_of(present_value, sold_present, left_present),
    )
    annual_cost_is_present_value = check(
        "The equivalent annual cost of the years is the present value",
        "money",
        equivalent_annual_cost * annuity_factor,
        present_value,
    )
