from tco_xlsx.language.expression import counted_as, known, total, where
from tco_xlsx.language.lines import line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.workload import Calendar, Workload
from tco_xlsx.model.years.timeline import DemandYears, Timeline
from tco_xlsx.model.years.totals import ResultYears


class UsersYears(Section):
    """What a user costs, where users are given."""

    title = "Users by year"
    name = "users"

    number = line("Users", "user", Workload.users * DemandYears.factor * Timeline.counts)
    per_month = line(
        "Cost of a user and month",
        "money/user/month",
        where(
            number > 0,
            counted_as(ResultYears.profit_and_loss / number / Calendar.months_per_year, "money/user/month"),
            0,
        ),
    )
    years = line("Users of all years, added up", "user", total(number), when=known(Workload.users))
    per_month_mean = line(
        "Cost of a user and month over the horizon",
        "money/user/month",
        counted_as(ResultYears.cost_total / years / Calendar.months_per_year, "money/user/month"),
    )
