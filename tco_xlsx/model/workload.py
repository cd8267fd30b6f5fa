from tco_xlsx.language.lines import constant, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import YEAR


class Workload(Section):
    """What the service is asked to do. The peak decides how much to buy, the average how much of it is used."""

    title = "Workload"

    peak_rps = given("Peak load", "request/s", above=0, note="The busiest moment that must still be served well.")
    average_rps = given(
        "Average load",
        "request/s",
        above=0,
        optional=True,
        note="Over the whole year, nights and weekends included. Empty: no cost at demand.",
    )
    input_tokens = given("Tokens in (ISL)", "token/request", at_least=1, note="Mean prompt length.")
    output_tokens = given("Tokens out (OSL)", "token/request", at_least=1, note="Mean answer length.")
    growth = given(
        "Growth after the year",
        "share",
        0,
        above=-1,
        at_most=100,
        axis=YEAR,
        source="default: none",
        note="0.4: the year after has 1.4 times the load. One number for all years, or one a year.",
    )


class Calendar(Section):
    """Conversions that have no source but their definition."""

    title = "Calendar and counting"

    days_per_year = given(
        "Days in a year",
        "day/year",
        365,
        at_least=360,
        at_most=366,
        source="Gregorian calendar, no leap day",
    )
    hours_per_day = constant("Hours in a day", "h/day", 24, "definition")
    seconds_per_hour = constant("Seconds in an hour", "s/h", 3600, "definition")
    requests_per_1000 = constant("Prompts in a thousand", "request/1000 prompts", 1000, "definition")
    tokens_per_million = constant("Tokens in a million", "token/1M tokens", 1_000_000, "definition")
    first_token = constant("Tokens that TTFT covers", "token/request", 1, "TTFT ends with the first token")

    hours_per_year = line("Hours in a year", "h/year", days_per_year * hours_per_day)
    seconds_per_year = line("Seconds in a year", "s/year", hours_per_year * seconds_per_hour)
