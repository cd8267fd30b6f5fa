"""Owning against renting, the API and the mix: what is saved, from when on, and under which demand."""

from __future__ import annotations

from tco_xlsx.language.choices import choose_by, chosen, code_number
from tco_xlsx.language.expression import (
    Operand,
    before,
    counted_as,
    every,
    flag,
    is_set,
    known,
    larger,
    largest,
    pick,
    size,
    smaller,
    total,
    where,
)
from tco_xlsx.language.lines import Line, choice, constant, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.workload import Calendar
from tco_xlsx.model.years.api import Api
from tco_xlsx.model.years.assets import CapitalYears
from tco_xlsx.model.years.finance import Finance, last
from tco_xlsx.model.years.fleet import SIZED, FleetYears
from tco_xlsx.model.years.mix import Mix
from tco_xlsx.model.years.rent import Rent
from tco_xlsx.model.years.timeline import DemandYears, Timeline
from tco_xlsx.model.years.totals import ResultYears
from tco_xlsx.model.years.year import number, of_the_year

_months = counted_as(Calendar.months_per_year, "month")


class Crossing(Section):
    """Two sums of the same payments in another order differ in their last digits; that is no crossing."""

    title = "When cash crosses"
    name = "alternatives"

    even_share = constant("Differences of cash up to this share are none", "share", 1e-9, "as the checks' tolerance")
    even = line("Differences of cash up to this are none", "money", ResultYears.cash_so_far * even_share, stock=True)
    even_at_horizon = line("Difference that is none, at the end of the horizon", "money", pick(even, last))


class Against:
    """Owning against one alternative: where cumulative cash crosses for the last time.

    Within a year, purchases are a step at its start, what comes back a step at its end, all else flows evenly.
    """

    def __init__(
        self, name: str, title: str, present: Line, so_far: Line, paid: Line, bought: Operand, sold: Operand
    ) -> None:
        """`paid` flows evenly through the year, `bought` at its start and `sold` at its end; money by year."""
        self.saving = line("Saved by owning, present value", "money", present - Finance.present_value, signed=True)
        self.ahead_by_start = line(
            "Own cash above it, after purchases",
            "money",
            where(
                is_set(Timeline.counts),
                before(ResultYears.cash_so_far, 0) - before(so_far, 0) + CapitalYears.purchases - bought,
                0,
            ),
            signed=True,
            stock=True,
        )
        self.ahead_by_end = line(
            "Own cash above it, before what comes back",
            "money",
            self.ahead_by_start + ResultYears.running - paid,
            signed=True,
            stock=True,
        )
        self.ahead_by_close = line(
            "Own cash above it, at the end of the year",
            "money",
            self.ahead_by_end - CapitalYears.sold + sold,
            signed=True,
            stock=True,
        )
        self.behind_until = line(
            "Own is behind until month",
            "month",
            where(
                larger(self.ahead_by_end, self.ahead_by_close) > Crossing.even,
                number * _months,
                where(
                    self.ahead_by_start > Crossing.even,
                    (number - 1 + self.ahead_by_start / (self.ahead_by_start - self.ahead_by_end)) * _months,
                    0,
                ),
            )
            * Timeline.counts,
            digits=1,
        )
        self.at_horizon = line(
            "Own cash above it, at the end of the horizon", "money", pick(self.ahead_by_close, last), signed=True
        )
        self.ahead = line(
            "Own is known to be ahead at the end of the horizon",
            "1",
            where(
                every(known(self.at_horizon), known(Crossing.even_at_horizon)),
                flag(self.at_horizon <= Crossing.even_at_horizon),
                0,
            ),
            states={1: "yes", 0: "no"},
        )
        self.months = line(
            "Own is ahead for good from month",
            "month",
            largest(self.behind_until),
            when=is_set(self.ahead),
            digits=1,
            note="The last crossing of cumulative cash; 0 when it is never behind.",
        )
        self.section: type[Section] = type(
            name, (Section,), {"title": title, "name": name, "__doc__": "Cumulative cash, own above it.", **vars(self)}
        )


RENT = Against("against_rent", "Own against renting", Rent.present_value, Rent.so_far, Rent.cost, 0, 0)
API = Against("against_api", "Own against the API", Api.present_value, Api.so_far, Api.cost, 0, 0)
MIX = Against("against_mix", "Own against the mix", Mix.present_value, Mix.so_far, Mix.paid, Mix.purchases, Mix.sold)
AGAINST = (RENT, API, MIX)


class Alternatives(Section):
    """What owning saves, in present value, and from when on it is ahead in cash."""

    title = "Alternatives"

    against = choice(
        "Own is compared with",
        {"rent": "renting; the API where no rent is given", "api": "the API", "mix": "own base load, rented peak"},
        "rent",
    )
    taken = line(
        "Compared with",
        "1",
        code_number(against)
        + where(
            every(chosen(against, "rent"), is_set(where(known(Rent.present_value), 0, 1))),
            where(known(Api.present_value), 1, 0),
            0,
        ),
        states={1: "renting", 2: "the API", 3: "the mix"},
    )
    break_even_months = line(
        "Own is ahead for good from month",
        "month",
        choose_by(taken, RENT.months, API.months, MIX.months),
        digits=1,
        note="Last crossing of cumulative cash, interpolated within the year; 0 when never behind, n/a when not ahead.",
    )
    saving = line(
        "Saved by owning, present value", "money", choose_by(taken, RENT.saving, API.saving, MIX.saving), signed=True
    )

    rent_present = line(
        "Renting, own where it is not known",
        "money",
        where(known(Rent.present_value), Rent.present_value, Finance.present_value),
    )
    api_present = line(
        "API, own where it is not known",
        "money",
        where(known(Api.present_value), Api.present_value, Finance.present_value),
    )
    mix_present = line(
        "Mix, own where it is not known",
        "money",
        where(known(Mix.present_value), Mix.present_value, Finance.present_value),
    )
    least_present = line(
        "Least present value", "money", smaller(Finance.present_value, rent_present, api_present, mix_present)
    )
    as_cheap = line("As cheap as the least", "money", least_present + size(Finance.present_value) * Crossing.even_share)
    cheapest = line(
        "Cheapest in present value",
        "1",
        flag(Finance.present_value > as_cheap)
        + flag(every(Finance.present_value > as_cheap, rent_present > as_cheap))
        + flag(every(Finance.present_value > as_cheap, rent_present > as_cheap, api_present > as_cheap)),
        states={0: "own", 1: "renting", 2: "the API", 3: "the mix"},
        note="The first of those that are as cheap.",
    )

    break_even_volume = line(
        "Share of the demand at which own and API cost the same",
        "share",
        Finance.present_value / Api.present_value,
        when=every(SIZED, known(Api.present_value), where(known(Api.present_value), Api.present_value, 0) > 0),
        note="In present value, with the fleet as planned.",
    )
    requests_total = line(
        "Prompts over the horizon", "request", total(DemandYears.requests), when=known(Api.present_value)
    )
    break_even_requests = line(
        "Prompts over the horizon at which own and API cost the same", "request", requests_total * break_even_volume
    )
    capacity_requests = line(
        "Prompts of a fleet that is always full",
        "request",
        of_the_year(FleetYears.capacity_rps * Calendar.seconds_per_year) * Timeline.counts,
    )
    break_even_used = line(
        "Used of the capacity when own and API cost the same",
        "share",
        break_even_requests / total(capacity_requests),
    )
    fees_discounted = line(
        "Rent for all hours, discounted",
        "money",
        of_the_year(Rent.gpus * Calendar.hours_per_year * Rent.price_year) * Finance.factor_end,
    )
    also_discounted = line("Paid beside the rent, discounted", "money", Rent.also * Finance.factor_end)
    break_even_hours = line(
        "Share of all hours at which renting costs as much as owning",
        "share",
        (Finance.present_value - total(also_discounted)) / total(fees_discounted),
        when=every(SIZED, where(known(Rent.price), Rent.price, 0) > 0),
        note="In present value over the horizon. Switched on for less, renting is cheaper.",
    )
