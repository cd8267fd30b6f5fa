"""What is bought: by class of asset, written off by cohort, the purchases of one year."""

from __future__ import annotations

from tco_xlsx.language.choices import choose_by, switch
from tco_xlsx.language.expression import (
    Expr,
    counted_as,
    earlier_from,
    every,
    expr,
    larger,
    pick,
    running,
    smaller,
    sum_of,
    total,
    where,
    whole,
)
from tco_xlsx.language.lines import Line, choice, constant, given, line
from tco_xlsx.language.recurrent import recurrent
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import YEAR, YEARS
from tco_xlsx.model.years.fleet import SIZED
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.year import number


def _cohort_numbers() -> list[Line]:
    numbers: list[Line] = [line("Cohort 1, bought in year", "1", expr(1))]
    for cohort in range(2, YEARS + 1):
        numbers.append(line(f"Cohort {cohort}, bought in year", "1", numbers[-1] + 1))
    return numbers


_MACRS = "IRS Publication 946, table A-1: property of 5 years, half-year convention"


class Depreciation(Section):
    """How what was bought is written off. The cost of a year on Model is always by straight line."""

    title = "Depreciation"

    method = choice(
        "Written off",
        {
            "straight_line": "the same in each year of life",
            "sum_of_years": "by the sum of the years' digits",
            "declining_balance": "a share of the book value, by straight line once that is more",
            "macrs_5": "MACRS for property of 5 years, half-year convention: six years, whatever the life",
        },
        "straight_line",
    )
    factor = given(
        "Declining balance: times the straight line",
        "times",
        2,
        at_least=1,
        at_most=4,
        source="double declining balance",
    )
    nothing = constant("Counts as nothing", "share", 1e-9, "what rounding leaves of a cost that is written off")
    two = constant("Each digit counted twice", "1", 2, "n + (n-1) + ... + 1 = n (n+1) / 2")
    macrs_years = constant("MACRS, years", "1", 6, _MACRS)
    macrs_1 = constant("MACRS, share of year 1", "share", 0.2, _MACRS)
    macrs_2 = constant("MACRS, share of year 2", "share", 0.32, _MACRS)
    macrs_3 = constant("MACRS, share of year 3", "share", 0.192, _MACRS)
    macrs_4 = constant("MACRS, share of year 4", "share", 0.1152, _MACRS)
    macrs_5 = constant("MACRS, share of year 5", "share", 0.1152, _MACRS)
    macrs_6 = constant("MACRS, share of year 6", "share", 0.0576, _MACRS)
    macrs_share = line(
        "MACRS, share of a year",
        "share",
        where(number <= macrs_years, choose_by(number, macrs_1, macrs_2, macrs_3, macrs_4, macrs_5, macrs_6), 0),
        digits=4,
    )


COHORTS = _cohort_numbers()
"""The year in which each cohort is bought."""
Cohorts: type[Section] = type(
    "Cohorts",
    (Section,),
    {"title": "Cohorts", "__doc__": "What is bought in one year is a cohort.", "name": "cohorts"}
    | {f"bought_in_{place}": one for place, one in enumerate(COHORTS, start=1)},
)


def share_of_age(own: Expr, life: Expr, residual: Line) -> Expr:
    """The share of the cost that is written off in a year of life; the number of the year is the age."""
    left = 1 - residual - earlier_from(1, own)
    years = whole(life)
    return switch(
        Depreciation.method,
        straight_line=(1 - residual) * larger(0, smaller(1, life - number + 1)) / life,
        sum_of_years=(1 - residual) * larger(0, years - number + 1) * Depreciation.two / (years * (years + 1)),
        declining_balance=where(
            number <= years,
            smaller(left, larger((1 - earlier_from(1, own)) * Depreciation.factor / life, left / (life - number + 1))),
            0,
        ),
        macrs_5=(1 - residual) * Depreciation.macrs_share,
    )


class AssetClass:
    """What is bought of one kind, with its own life: its rows by year, and what is left of each cohort."""

    def __init__(self, name: str, title: str, note: str, purchases: Expr, life: Line, residual: Line) -> None:
        """`purchases` is the amount by year, `life` in years, `residual` the share that is left at its end."""
        years = counted_as(life, "1")
        self.service_years = line("Years in service", "1", whole(years))
        self.purchases = line("Purchases", "money", purchases)
        self.share = recurrent(
            "Written off in a year of life", "share", YEAR, lambda own: share_of_age(own, years, residual), digits=4
        )
        self.cohorts = [
            line(
                f"Depreciation, bought in year {cohort}",
                "money",
                where(number >= at, pick(self.purchases, at) * pick(self.share, number - at + 1), 0) * Timeline.counts,
            )
            for cohort, at in enumerate(COHORTS, start=1)
        ]
        self.depreciation = line("Depreciation", "money", sum_of(*self.cohorts))
        ending = number - self.service_years + 1
        self.serving = line(
            "Purchase cost of what is in service",
            "money",
            (self.purchases + earlier_from(ending, self.purchases)) * Timeline.counts,
            stock=True,
        )
        self.sold = line(
            "Residual value at the end of life",
            "money",
            where(number >= self.service_years, pick(self.purchases, ending) * residual, 0) * Timeline.counts,
        )
        bought, gone = running(self.purchases), running(self.depreciation) + running(self.sold)
        self.book = line(
            "Book value at the end of the year",
            "money",
            where(bought - gone > bought * Depreciation.nothing, bought - gone, 0) * Timeline.counts,
            when=SIZED,
            stock=True,
        )
        self.kept = line(
            "Left of the cost, by age",
            "share",
            where(1 - running(self.share) > Depreciation.nothing, 1 - running(self.share), 0),
            digits=4,
        )
        horizon = counted_as(Timeline.horizon, "1")
        self.left = line(
            "Left at the end of the horizon, by year of purchase",
            "money",
            where(
                every(number <= horizon, number + self.service_years > horizon + 1),
                self.purchases * pick(self.kept, horizon - number + 1),
                0,
            ),
            note="Book value of what still serves; what reaches its end of life then has come back as residual value.",
        )
        self.value_left = line("Value left at the end of the horizon", "money", total(self.left), when=SIZED)
        body: dict[str, object] = {"title": title, "__doc__": note, "name": name}
        for attribute, value in vars(self).items():
            if isinstance(value, list):
                body |= {f"{attribute}_{place}": one for place, one in enumerate(value, start=1)}
            else:
                body[attribute] = value
        self.section: type[Section] = type(name, (Section,), body)
