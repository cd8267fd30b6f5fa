from tco_xlsx.language.lines import choice, constant, given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.axes import YEAR


class Workload(Section):
    """What the service is asked to do. The peak decides how much to buy, the average how much of it is used."""

    title = "Workload"

    stated_as = choice(
        "Load is stated as",
        {
            "peak_rps": "peak and average requests/s",
            "users": "users, and requests of each a day",
            "tokens_per_day": "tokens a day, in and out",
            "streams": "users, and the share of time that each one's stream is active",
        },
        "peak_rps",
    )
    peak_rps = given(
        "Peak load",
        "request/s",
        above=0,
        optional=True,
        note="The busiest moment that must still be served well. Must be given where the load is stated so.",
    )
    average_rps = given(
        "Average load",
        "request/s",
        above=0,
        optional=True,
        note="Over the whole year, nights and weekends included. Empty: no cost at demand. Used with the peak load.",
    )
    users = given(
        "Users",
        "user",
        above=0,
        optional=True,
        note="Of a day of service; where the load is stated as streams, those of the busiest hour.",
    )
    requests_per_user_day = given(
        "Requests of a user a day", "request/user/day", above=0, optional=True, note="On a day of service."
    )
    tokens_per_day = given(
        "Tokens a day, in and out",
        "token/day",
        above=0,
        optional=True,
        sizes=(1e-3, 1e15),
        note="On a day of service.",
    )
    duty_share = given(
        "Duty cycle of a user's stream",
        "share",
        1,
        above=0,
        at_most=1,
        source="default: every user's stream is always active",
        note="0.2: a user waits for an answer a fifth of the time, and reads or writes otherwise.",
    )
    request_seconds = given(
        "Time of a request",
        "s/request",
        above=0,
        optional=True,
        note="From prompt to last token, for the load stated as streams. Empty: mean latency of the chosen point.",
    )
    peak_factor = given(
        "Peak inside the busiest hour",
        "times",
        1,
        at_least=1,
        at_most=100,
        source="default: the busiest hour is even",
        note="2: its busiest moment has twice the mean of that hour. Not used with a stated peak load.",
    )
    service_hours_week = given(
        "Hours of service a week",
        "h/week",
        168,
        above=0,
        at_most=168,
        source="default: always open",
        note="With 12 open hours a day, 60 are five days. Not used with a stated peak load.",
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
    cached_share = given("Tokens in from cache", "share", 0, at_least=0, at_most=1, source="default: none")


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
    days_per_week = constant("Days in a week", "day/week", 7, "definition")
    months_per_year = constant("Months in a year", "month/year", 12, "definition")
    hours_per_day = constant("Hours in a day", "h/day", 24, "definition")
    seconds_per_hour = constant("Seconds in an hour", "s/h", 3600, "definition")
    ms_per_second = constant("Milliseconds in a second", "ms/s", 1000, "definition")
    requests_per_1000 = constant("Prompts in a thousand", "request/1000 prompts", 1000, "definition")
    tokens_per_million = constant("Tokens in a million", "token/1M tokens", 1_000_000, "definition")
    first_token = constant("Tokens that TTFT covers", "token/request", 1, "TTFT ends with the first token")

    hours_per_year = line("Hours in a year", "h/year", days_per_year * hours_per_day)
    seconds_per_year = line("Seconds in a year", "s/year", hours_per_year * seconds_per_hour)
