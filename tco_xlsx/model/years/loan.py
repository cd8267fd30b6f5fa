"""Other ways to pay for the same servers: a loan for what is bought, a lease of what serves."""

from tco_xlsx.language.expression import (
    counted_as,
    every,
    expr,
    known,
    pick,
    rounded_down,
    running,
    smaller,
    total,
    where,
)
from tco_xlsx.language.lines import given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.workload import Calendar
from tco_xlsx.model.years.assets import CapitalYears
from tco_xlsx.model.years.finance import Finance, last
from tco_xlsx.model.years.fleet import SIZED, FleetYears
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.year import number, of_the_year


class Loan(Section):
    """Purchases paid with a loan, each with one of its own, in equal payments at the end of each month; they are
    discounted from the end of the year. What is owed at the end of the horizon is paid back then."""

    title = "Loan"

    rate = given(
        "Rate of the loan",
        "share",
        at_least=0,
        at_most=1,
        sizes=(1e-4, 1),
        optional=True,
        note="Nominal by the year, a twelfth of it a month. Empty: no loan is looked at.",
    )
    share = given("Borrowed share of purchases", "share", 1, at_least=0, at_most=1, source="default: all of it")
    months = given(
        "Months of the loan", "month", 48, at_least=1, at_most=360, integer=True, source="default: four years"
    )

    rate_month = line("Rate by the month", "share", rate / counted_as(Calendar.months_per_year, "1"), digits=4)
    payment_share = line(
        "Payment of a month, share of what was borrowed",
        "share/month",
        counted_as(
            where(
                rate_month > 0,
                rate_month / (1 - 1 / (1 + rate_month) ** counted_as(months, "1")),
                1 / counted_as(months, "1"),
            ),
            "share/month",
        ),
        digits=4,
    )
    full_years = line("Full years of payments", "1", rounded_down(counted_as(months / Calendar.months_per_year, "1")))
    rest_months = line(
        "Months of payments after them", "month", months - full_years * counted_as(Calendar.months_per_year, "month")
    )
    borrowed = line("Borrowed", "money", CapitalYears.purchases * share, when=every(SIZED, known(rate)))
    borrowed_so_far = line("Borrowed so far", "money", running(borrowed), when=every(SIZED, known(rate)), stock=True)
    payments = line(
        "Payments",
        "money",
        (
            (borrowed_so_far - where(number > full_years, pick(borrowed_so_far, number - full_years), 0))
            * counted_as(Calendar.months_per_year, "month")
            + where(number > full_years, pick(borrowed, number - full_years), 0) * rest_months
        )
        * payment_share
        * Timeline.counts,
        note="Twelve for what was borrowed within the full years, the rest for what was borrowed just before.",
    )
    months_paid = line(
        "Months paid, by age of a loan",
        "month",
        smaller(months, number * counted_as(Calendar.months_per_year, "month")),
    )
    owed_share = line(
        "Owed, by age of a loan",
        "share",
        where(
            rate_month > 0,
            (1 - 1 / (1 + rate_month) ** counted_as(months - months_paid, "1"))
            / (1 - 1 / (1 + rate_month) ** counted_as(months, "1")),
            (months - months_paid) / months,
        ),
        digits=4,
    )
    owed = line(
        "Owed at the end of the horizon, by year of purchase",
        "money",
        where(number <= last, borrowed * pick(owed_share, last - number + 1), 0),
    )
    owed_total = line("Owed at the end of the horizon", "money", total(owed), when=every(SIZED, known(rate)))
    first_borrowed = line("Borrowed in year 1", "money", pick(borrowed, expr(1)))
    monthly_payment = line("Payment of a month for year 1's purchases", "money/month", first_borrowed * payment_share)
    payments_discounted = line("Payments, discounted", "money", payments * Finance.factor_end)
    payments_present = line(
        "Payments, present value", "money", total(payments_discounted), when=every(SIZED, known(rate))
    )
    present_value = line(
        "Present value of owning with the loan",
        "money",
        Finance.present_value
        - Finance.purchases_present * share
        + payments_present
        + owed_total * pick(Finance.factor_end, last),
    )
    against_buying = line("More than paying at once", "money", present_value - Finance.present_value, signed=True)


class Lease(Section):
    """Servers leased by the month for as long as they serve, instead of bought; running cost stays."""

    title = "Lease"

    price_server_month = given(
        "Lease of a server", "money/server/month", at_least=0, optional=True, note="Empty: no lease is looked at."
    )
    cost = line("Lease", "money", of_the_year(FleetYears.servers * price_server_month * Calendar.months_per_year))
    discounted = line("Lease, discounted", "money", cost * Finance.factor_end)
    lease_present = line(
        "Lease, present value", "money", total(discounted), when=every(SIZED, known(price_server_month))
    )
    present_value = line("Present value of leasing", "money", lease_present + Finance.running_present)
    against_buying = line("More than buying", "money", present_value - Finance.present_value, signed=True)
