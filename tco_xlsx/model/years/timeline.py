from tco_xlsx.language.expression import before, counted_as, flag, known, smaller, where, whole
from tco_xlsx.language.lines import constant, given, line
from tco_xlsx.language.recurrent import recurrent
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import YEAR, YEARS
from tco_xlsx.model.demand import Demand
from tco_xlsx.model.server import Server
from tco_xlsx.model.workload import Calendar, Workload
from tco_xlsx.model.years.year import number, of_the_year


class Timeline(Section):
    """The years that are planned. Purchases fall at the start of a year, running costs at its end; a residual value
    comes back at the end of life. Columns beyond the horizon count nothing."""

    title = "Years"

    horizon_years = given(
        "Horizon",
        "year",
        at_least=1,
        at_most=YEARS,
        integer=True,
        optional=True,
        note="Empty: the life of a server in whole years, ten at most.",
    )
    most_years = constant("Years in the workbook", "year", YEARS, "the columns of the page of years")
    service_years = line(
        "Years that a server serves",
        "year",
        whole(Server.life_years),
        note="A life of 3.5 years is replaced in year 5.",
    )
    horizon = line(
        "Years that count", "year", where(known(horizon_years), horizon_years, smaller(service_years, most_years))
    )
    counts = line("Year counts", "1", flag(number <= counted_as(horizon, "1")), states={1: "1", 0: "–"})


class DemandYears(Section):
    """The load of each year: that of year 1 grows by the growth after each year."""

    title = "Demand by year"
    name = "demand"

    factor = recurrent(
        "Demand against year 1",
        "times",
        YEAR,
        lambda own: before(own, 1) * (1 + before(Workload.growth, 0)),
        digits=4,
    )
    peak_rps = line("Peak load", "request/s", Demand.peak * factor * Timeline.counts)
    average_rps = line("Average load", "request/s", Demand.average * factor * Timeline.counts)
    requests = line("Prompts", "request", of_the_year(average_rps * Calendar.seconds_per_year))
    input_tokens = line("Tokens in", "token", requests * Workload.input_tokens)
    output_tokens = line("Tokens out", "token", requests * Workload.output_tokens)
