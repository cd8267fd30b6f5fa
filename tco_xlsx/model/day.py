"""The load over a day, hour by hour."""

from __future__ import annotations

from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import switch
from tco_xlsx.language.expression import (
    Expr,
    Position,
    count,
    counted_as,
    every,
    expr,
    flag,
    known,
    largest,
    smaller,
    total,
    where,
)
from tco_xlsx.language.lines import Constant, choice, constant, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import HOUR
from tco_xlsx.model.workload import Calendar, Workload

_ASSUMED = "assumed shape; give your own where it is known"

hour = Position(HOUR)
"""The number of the hour: 1 ends at one o'clock, 24 at midnight."""


def _between(first: Constant, last: Constant) -> Expr:
    return every(hour >= first, hour <= last)


class Day(Section):
    """The share of a day's load in each hour. The first ends at one o'clock, the last at midnight."""

    title = "Load over a day"

    shape = choice(
        "Load over the day",
        {
            "flat": "the same in every hour",
            "office_hours": "from 7 to 19 o'clock, half before 9 and after 17",
            "evening": "most from 18 to 23 o'clock, half by day, a tenth at night",
            "own": "as the numbers by hour below say",
        },
        "flat",
    )
    own_shares = given(
        "Own load by hour",
        "times",
        at_least=0,
        optional=True,
        axis=HOUR,
        sizes=(1e-9, 1e12),
        note="24 numbers in proportion: shares of the day, or requests as counted. 0: closed. Used with the shape own.",
    )

    office_opens = constant("Office: first open hour", "1", 8, _ASSUMED)
    office_busy_from = constant("Office: first busy hour", "1", 10, _ASSUMED)
    office_busy_to = constant("Office: last busy hour", "1", 17, _ASSUMED)
    office_closes = constant("Office: last open hour", "1", 19, _ASSUMED)
    office_edge = constant("Office: open, against busy", "times", 0.5, _ASSUMED)
    day_from = constant("Evening: first hour of the day", "1", 8, _ASSUMED)
    evening_from = constant("Evening: first busy hour", "1", 19, _ASSUMED)
    evening_to = constant("Evening: last busy hour", "1", 23, _ASSUMED)
    day_against_evening = constant("Evening: by day, against busy", "times", 0.5, _ASSUMED)
    night_against_evening = constant("Evening: at night, against busy", "times", 0.1, _ASSUMED)

    office = line(
        "Office hours, against the busiest",
        "times",
        where(
            _between(office_busy_from, office_busy_to),
            1,
            where(_between(office_opens, office_closes), office_edge, 0),
        ),
    )
    evening = line(
        "Evening, against the busiest",
        "times",
        where(
            _between(evening_from, evening_to),
            1,
            where(hour >= day_from, day_against_evening, night_against_evening),
        ),
    )
    own_given = line("Own load, 0 where empty", "times", where(known(own_shares), own_shares, 0))
    own_total = line("Own load of the day", "times", total(own_given))
    own = line("Own load, flat while there is none", "times", where(own_total > 0, own_given, 1))
    load = line(
        "Load by hour, in proportion",
        "times",
        switch(shape, flat=expr(1), office_hours=office, evening=evening, own=own),
    )
    load_total = line("Loads of all hours", "times", total(load))
    share = line("Share of the day", "share", load / load_total)
    largest_share = line("Share of the busiest hour", "share", largest(share))
    mean_share = line("Share of a mean hour", "share", total(share) / count(share))
    follow_share = line(
        "Mean over busiest hour",
        "share",
        mean_share / largest_share,
        note="Of the paid hours, those that capacity which follows the load is on.",
    )
    is_open = line("Open", "1", flag(load > 0), states={1: "open", 0: "–"})
    open_hours = line("Open hours of a day", "h/day", counted_as(total(is_open), "h/day"))
    open_days_week = line(
        "Days of service a week",
        "day/week",
        smaller(Calendar.days_per_week, Workload.service_hours_week / open_hours),
    )
    days_year = line(
        "Days of service a year", "day/year", Calendar.days_per_year * open_days_week / Calendar.days_per_week
    )
    hours_year = line("Hours of service a year", "h/year", days_year * open_hours)
    follow_hours_year = line(
        "Hours a year of capacity that follows the load", "h/year", days_year * Calendar.hours_per_day * follow_share
    )

    shares_make_day = check("The shares of the hours make the day", "share", total(share), expr(1))
