"""Renting the GPUs that are needed, instead of owning them."""

from tco_xlsx.language.choices import chosen, switch
from tco_xlsx.language.expression import every, known, running, some, total, where
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.day import Day
from tco_xlsx.model.server import Licence, Server
from tco_xlsx.model.workload import Calendar
from tco_xlsx.model.years.finance import Finance
from tco_xlsx.model.years.fleet import SIZED, FleetYears
from tco_xlsx.model.years.operations import OperationsYears
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.totals import ResultYears, RunningYears
from tco_xlsx.model.years.year import number, of_the_year

_EMPTY = "Empty: not offered."


class Rent(Section):
    """All GPUs of the servers needed in a year are rented, for the hours of a year that they are switched on. What is
    rented is given back when it is no longer needed."""

    title = "Renting"

    price_per_gpu_hour = given("On demand", "money/GPU/h", at_least=0, optional=True, note=_EMPTY)
    price_reserved_1_year = given("Reserved for a year", "money/GPU/h", at_least=0, optional=True, note=_EMPTY)
    price_reserved_3_years = given("Reserved for three years", "money/GPU/h", at_least=0, optional=True, note=_EMPTY)
    price_spot = given("Spot", "money/GPU/h", at_least=0, optional=True, note=_EMPTY)
    term = choice(
        "Rented",
        {
            "on_demand": "on demand",
            "reserved_1_year": "reserved for a year",
            "reserved_3_years": "reserved for three years",
            "spot": "at the spot price",
        },
        "on_demand",
    )
    price_per_server_month = given(
        "A server by the month", "money/server/month", at_least=0, optional=True, note=_EMPTY
    )
    hours_per_month = given(
        "Hours of a month",
        "h/month",
        730,
        at_least=600,
        at_most=750,
        source="8,760 hours / 12; offers also count 720 or 744",
        note="Turns a price by the month into one by the hour.",
    )
    priced_by = choice(
        "Priced by",
        {"gpu_hour": "the GPU-hour, at the term chosen", "server_month": "the server and month"},
        "gpu_hour",
    )
    hours_year = given(
        "Hours of a year that rented GPUs are switched on",
        "h/year",
        at_least=0,
        at_most=8784,
        optional=True,
        note="Empty: as switched on.",
    )
    switched_on = choice(
        "Rented GPUs are switched on",
        {"always": "in all hours", "with_load": "as the shape of the day and the days of service ask"},
        "always",
    )
    price_change = given("Price changes each year by", "share", 0, above=-1, at_most=1, source="default: steady")
    also_pays = choice(
        "Who rents also pays",
        {
            "nothing": "nothing else",
            "licences": "licences for what is rented",
            "licences_and_staff": "licences for what is rented, and the staff",
        },
        "nothing",
    )

    by_hour = line(
        "Price at the term chosen",
        "money/GPU/h",
        switch(
            term,
            on_demand=price_per_gpu_hour,
            reserved_1_year=price_reserved_1_year,
            reserved_3_years=price_reserved_3_years,
            spot=price_spot,
        ),
        when=some(
            every(chosen(term, "on_demand"), known(price_per_gpu_hour)),
            every(chosen(term, "reserved_1_year"), known(price_reserved_1_year)),
            every(chosen(term, "reserved_3_years"), known(price_reserved_3_years)),
            every(chosen(term, "spot"), known(price_spot)),
        ),
    )
    by_month = line(
        "Price by the month, for a GPU-hour", "money/GPU/h", price_per_server_month / Server.gpus / hours_per_month
    )
    price = line("Price of a GPU-hour", "money/GPU/h", switch(priced_by, gpu_hour=by_hour, server_month=by_month))
    hours = line(
        "Hours switched on",
        "h/year",
        where(
            known(hours_year),
            hours_year,
            switch(switched_on, always=Calendar.hours_per_year, with_load=Day.follow_hours_year),
        ),
    )
    price_year = line(
        "Price of a GPU-hour in the year", "money/GPU/h", price * (1 + price_change) ** (number - 1) * Timeline.counts
    )
    gpus = line("GPUs rented", "GPU", FleetYears.servers_needed * Server.gpus)
    fees = line("Rent", "money", of_the_year(gpus * hours * price_year))
    licences = line(
        "Licences for what is rented, with support",
        "money",
        where(
            FleetYears.servers > 0,
            (RunningYears.licence + RunningYears.support)
            * switch(
                Licence.basis,
                server=FleetYears.servers_needed / FleetYears.servers,
                gpu=FleetYears.servers_needed / FleetYears.servers,
                flat=1,
            ),
            0,
        ),
    )
    also = line(
        "What is paid beside the rent",
        "money",
        switch(also_pays, nothing=0, licences=licences, licences_and_staff=licences + OperationsYears.staff),
    )
    cost = line("Cost of renting", "money", fees + also)
    so_far = line(
        "Cash so far, renting", "money", running(cost) * Timeline.counts, when=every(SIZED, known(price)), stock=True
    )
    discounted = line("Renting, discounted", "money", cost * Finance.factor_end)
    cost_total = line("Renting over the horizon", "money", total(cost), when=every(SIZED, known(price)))
    present_value = line("Present value of renting", "money", total(discounted), when=every(SIZED, known(price)))
    break_even_utilisation = line(
        "Share of all hours at which renting costs as much as owning",
        "share",
        where(
            price_year * gpus > 0,
            ResultYears.profit_and_loss / of_the_year(gpus * Calendar.hours_per_year * price_year),
            0,
        ),
        note="Cost of the year, over all GPUs rented for all hours. Switched on for less, renting is cheaper.",
    )
