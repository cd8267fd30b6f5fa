from tco_xlsx.language.choices import chosen, switch
from tco_xlsx.language.expression import counted_as, known, where
from tco_xlsx.language.lines import line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.day import Day
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.workload import Calendar, Workload


class Demand(Section):
    """The load of year 1, whatever it is stated as: the peak that is bought for, and the average over the year."""

    title = "Demand"

    by_users = line("Requests a day, by users", "request/day", Workload.users * Workload.requests_per_user_day)
    by_tokens = line(
        "Requests a day, by tokens",
        "request/day",
        Workload.tokens_per_day / (Workload.input_tokens + Workload.output_tokens),
    )
    active_streams = line("Active streams", "1", counted_as(Workload.users * Workload.duty_share, "1"), digits=1)
    point_seconds = line(
        "Mean latency of the chosen point, in s", "s/request", Performance.request_ms / Calendar.ms_per_second
    )
    request_seconds = line(
        "Time of a request",
        "s/request",
        where(known(Workload.request_seconds), Workload.request_seconds, point_seconds),
    )
    by_streams = line(
        "Requests a day, by streams",
        "request/day",
        counted_as(active_streams / request_seconds * Calendar.seconds_per_hour / Day.largest_share, "request/day"),
        note="The streams are those of the busiest hour.",
    )
    stated_peak = line("Peak load as stated", "request/s", Workload.peak_rps)
    stated_average = line("Average load as stated", "request/s", Workload.average_rps)
    by_average = line(
        "Requests a day of service, by the average stated",
        "request/day",
        stated_average * Calendar.seconds_per_year / Day.days_year,
    )
    day_requests = line(
        "Requests of a day of service",
        "request/day",
        switch(Workload.stated_as, peak_rps=by_average, users=by_users, tokens_per_day=by_tokens, streams=by_streams),
    )
    busiest_rps = line(
        "Load of the busiest hour",
        "request/s",
        counted_as(day_requests * Day.largest_share, "request/h") / Calendar.seconds_per_hour,
    )
    day_peak = line("Peak load by the day", "request/s", busiest_rps * Workload.peak_factor)
    day_average = line("Average load by the day", "request/s", day_requests * Day.days_year / Calendar.seconds_per_year)
    peak = line("Peak load", "request/s", where(chosen(Workload.stated_as, "peak_rps"), stated_peak, day_peak))
    average = line(
        "Average load", "request/s", where(chosen(Workload.stated_as, "peak_rps"), stated_average, day_average)
    )
