from tco_xlsx.language.choices import switch
from tco_xlsx.language.expression import counted_as, every, known, smaller, where
from tco_xlsx.language.lines import choice, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.day import Day
from tco_xlsx.model.workload import Calendar
from tco_xlsx.model.years.fleet import FleetYears
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.year import escalation, of_the_year, risen


class Power(Section):
    """What a server draws, and what electricity costs. Leave it at 0 where hosting includes the power."""

    title = "Power"

    kw_per_server = given(
        "Power of a server",
        "kW/server",
        0,
        at_least=0,
        source="default: power is in the hosting",
        note="As on its plate: some 10 kW with 8 GPUs.",
    )
    load = given(
        "Drawn at work, share of it", "share", 1, above=0, at_most=1, source="default: all that the plate says"
    )
    idle_kw_per_server = given(
        "Drawn by an idle server",
        "kW/server",
        at_least=0,
        optional=True,
        note="Empty: as much as at work. Needs an average load.",
    )
    pue = given("PUE", "times", 1, at_least=1, at_most=10, source="default: cooling is not counted")
    price_per_kwh = given("Price of electricity", "money/kWh", 0, at_least=0, source="default: power is in the hosting")
    co2_kg_per_kwh = given("CO2 of electricity", "kg/kWh", 0, at_least=0, at_most=10, source="default: not counted")
    runs = choice(
        "Servers run",
        {"always": "in all hours of the year", "service": "in the hours of service alone"},
        "always",
    )
    kw_at_work = line("Drawn by a server at work", "kW/server", kw_per_server * load)
    hours_year = line(
        "Hours a year that servers run", "h/year", switch(runs, always=Calendar.hours_per_year, service=Day.hours_year)
    )


class PowerYears(Section):
    """Electricity of all servers in service, spare ones included."""

    title = "Electricity by year"
    name = "power"

    plate_kw = line("Power of the servers, as on their plates", "kW", FleetYears.servers * Power.kw_per_server)
    site_kw = line("Drawn at work, cooling included", "kW", FleetYears.servers * Power.kw_at_work * Power.pue)
    busy_share = line(
        "Busy, of the hours that servers run",
        "share",
        smaller(1, FleetYears.used_share * Calendar.hours_per_year / Power.hours_year),
    )
    mean_kw_per_server = line(
        "Drawn by a server on average",
        "kW/server",
        where(
            every(known(Power.idle_kw_per_server), known(busy_share)),
            Power.idle_kw_per_server + (Power.kw_at_work - Power.idle_kw_per_server) * busy_share,
            Power.kw_at_work,
        )
        * Timeline.counts,
    )
    kwh = line(
        "Electricity, cooling included",
        "kWh",
        counted_as(
            of_the_year(FleetYears.servers * mean_kw_per_server * Power.pue * Power.hours_year),
            "kWh",
        ),
    )
    co2_kg = line("CO2", "kg", kwh * Power.co2_kg_per_kwh)


class Colocation(Section):
    """Room, cooling and a connection in somebody else's data centre, by the power on the servers' plates."""

    title = "Colocation"

    per_kw_month = given(
        "Price of a kW and month",
        "money/kW/month",
        0,
        at_least=0,
        source="default: room is in the hosting",
        note="Of the power on the plates, drawn or not.",
    )


class PowerCost(Section):
    """What is paid for the power of the servers, drawn or kept ready."""

    title = "Electricity and colocation by year"
    name = "running"

    power_escalation = escalation("Electricity")
    colocation_escalation = escalation("Colocation")
    power = line("Electricity", "money", PowerYears.kwh * Power.price_per_kwh * risen(power_escalation))
    colocation = line(
        "Colocation",
        "money",
        of_the_year(PowerYears.plate_kw * Colocation.per_kw_month * Calendar.months_per_year)
        * risen(colocation_escalation),
    )
