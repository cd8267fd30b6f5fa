"""A toy model that reads along points and years, and scenarios for it with figures worked by hand."""

from __future__ import annotations

from tco_xlsx.language.choices import choose_by, chosen, same_code
from tco_xlsx.language.evaluate import Case
from tco_xlsx.language.expression import (
    Position,
    beaten,
    before,
    count,
    count_present,
    earlier,
    expr,
    flag,
    known,
    kth_smallest,
    largest,
    pick,
    position_of,
    running,
    running_largest,
    running_product,
    smallest,
    some,
    sum_of,
    sum_present,
    total,
    total_between,
    total_of_last,
    total_product,
    whole,
)
from tco_xlsx.language.lines import ANY, fact, given, line, measured, pick_one
from tco_xlsx.language.sections import Model, Section
from tests.support.axes import YEAR


class Demand(Section):
    """What is asked for, and what a server costs."""

    title = "Demand"

    first = given("First load", "request/s")
    growth = given("Growth", "share")
    server_rps = given("Load of a server", "request/s/server")
    price = given("Price", "money/server")
    discount = given("Price change", "share", axis=YEAR)
    life = given("Life", "year")
    grant = given("Grant", "money", optional=True, axis=YEAR)
    kind = pick_one("Which kind")


class Plan(Section):
    """A load that grows year by year, the servers bought for it, and what is paid."""

    title = "Plan"

    load = line("Load", "request/s", Demand.first * (1 + Demand.growth) ** (Position(YEAR) - 1))
    servers = line("Servers", "server", whole(load / Demand.server_rps))
    bought = line("Servers bought", "server", servers - before(servers, 0))
    cost = line("Cost", "money", bought * Demand.price * (1 - Demand.discount))
    so_far = line("Cost so far", "money", running(cost))
    net = line("Cost less grant", "money", cost - Demand.grant)
    net_so_far = line("Cost less grant so far", "money", running(net))
    dearest = line("Dearest year so far", "money", running_largest(net))
    paid = line("Paid in all", "money", total(cost))
    granted = line("Years with a grant", "1", count(Demand.grant))
    most = line("Most servers", "server", largest(servers))
    full_year = line("First year with most servers", "year number", position_of(most, servers))
    least = line("Cheapest year", "money", smallest(cost))
    full_cost = line("Cost of the year with most servers", "money", pick(cost, full_year))
    number = line("Year", "year number", Position(YEAR))
    retired = line("Servers retired", "server", earlier(bought, Demand.life))
    in_use = line("Servers within their life", "server", total_of_last(bought, number, Demand.life))
    kept = line("Price kept in a year", "share", 1 - Demand.discount)
    factor = line("Price kept so far", "share", running_product(kept))
    weighed = line("Net cost times servers", "server*money", total_product(bought, net))
    later = line("Cost from the second year", "money", total_between(cost, number, 1 + expr(1), full_year))
    second = line("Second smallest load", "request/s", kth_smallest(load, 1 + expr(1)))


class Rows(Section):
    """Measured rows, of which some figures are absent."""

    title = "Rows"

    kind = fact("Kind")
    wait = measured("Wait", "ms")
    rate = measured("Rate", "request/s")
    extra = measured("Extra rate", "request/s")

    wanted = line("Wanted", "1", flag(some(chosen(Demand.kind, ANY), same_code(Demand.kind, kind))))
    better = line("Better rows", "point", beaten(wait, rate))
    present = line("Rates there", "1", count_present(rate, extra))
    both = line("Rates together", "request/s", sum_present(rate, extra))
    best_so_far = line("Best rate so far", "request/s", running_largest(rate))
    best = line("Best rate", "request/s", largest(rate))
    least = line("Least rate", "request/s", smallest(rate))
    waits = line("Waits", "1", count(wait))
    waited = line("All waits", "ms", total(wait))
    best_row = line("Row of the best rate", "point", position_of(best, rate), when=count(rate) > 0)
    best_wait = line("Wait at the best rate", "ms", pick(wait, best_row))
    above_least = line("Above the least", "request/s", rate - least, when=known(rate))


class Stack(Section):
    """Cells that stand below each other without a gap, as they seldom do by chance."""

    title = "Stack"

    number = given("Number", "1")
    first = line("First", "1", number + 1)
    second = line("Second", "1", first + 1)
    third = line("Third", "1", second + 1)
    picked = line("Picked", "1", choose_by(number, first, second, third))
    added = line("Added", "1", sum_of(first, second, third))


PLAN = Model(Demand, Plan, Rows, Stack)

GROWING = Case.of_points(
    "Growing",
    {
        "demand.first": 100, "demand.growth": 0.5, "demand.server_rps": 40, "demand.price": 1000,
        "demand.discount": [0, 0.1, 0.2], "demand.life": 2,
        "demand.grant": [None, 100, 50], "demand.kind": "Large", "stack.number": 2,
    },
    [
        {"wait": 1, "rate": 10, "extra": 5, "kind": "small"},
        {"wait": 2, "rate": 20, "kind": "LARGE"},
        {},
        {"wait": 4, "rate": 30, "extra": 1, "kind": "large"},
        {"wait": 3, "rate": 5, "extra": 2},
    ],
)  # fmt: skip
# 100 x 1.5 = 150, x 1.5 = 225 requests/s; 2.5, 3.75 and 5.625 servers of 40 requests/s are 3, 4 and 6.
# 3 x 1000, 1 x 1000 x 0.9 and 2 x 1000 x 0.8; of the second and third year 100 and 50 are granted.
GROWN: dict[str, list[float | None]] = {
    "plan.load": [100, 150, 225],
    "plan.servers": [3, 4, 6],
    "plan.bought": [3, 1, 2],
    "plan.cost": [3000, 900, 1600],
    "plan.so_far": [3000, 3900, 5500],
    "plan.net": [None, 800, 1550],
    "plan.net_so_far": [0, 800, 2350],
    "plan.dearest": [0, 800, 1550],
    "plan.paid": [5500],
    "plan.granted": [2],
    "plan.most": [6],
    "plan.full_year": [3],
    "plan.least": [900],
    "plan.full_cost": [1600],
    "plan.number": [1, 2, 3],
    # Bought 3, 1 and 2, for two years: the first 3 are gone in the third.
    "plan.retired": [0, 0, 3],
    "plan.in_use": [3, 4, 3],
    "plan.kept": [1, 0.9, 0.8],
    "plan.factor": [1, 0.9, 0.72],
    # 1 x 800 + 2 x 1550; the first year has no net cost. 900 + 1600.
    "plan.weighed": [3900],
    "plan.later": [2500],
    "plan.second": [150],
    "rows.wanted": [0, 1, 0, 1, 0],
    # At a wait of at most 3, the rates 10 and 20 are above 5. The third row has no figures, and beats nobody.
    "rows.better": [0, 0, None, 0, 2],
    "rows.present": [2, 1, 0, 2, 2],
    "rows.both": [15, 20, 0, 31, 7],
    "rows.best_so_far": [10, 20, 20, 30, 30],
    "rows.best": [30],
    "rows.least": [5],
    "rows.waits": [4],
    "rows.waited": [10],
    "rows.best_row": [4],
    "rows.best_wait": [4],
    "rows.above_least": [5, 15, None, 25, 0],
    "stack.first": [3],
    "stack.second": [4],
    "stack.third": [5],
    "stack.picked": [4],
    "stack.added": [12],
}

SHRINKING = Case.of_points(
    "Shrinking, the first row empty, two rates the best",
    {
        "demand.first": 90, "demand.growth": -0.5, "demand.server_rps": 30, "demand.price": 10,
        "demand.discount": [0, 0, 0], "demand.life": 1,
        "demand.grant": [None, None, None], "demand.kind": "any", "stack.number": 1,
    },
    [{}, {"rate": 8, "wait": 7}, {"rate": 8, "wait": 7}],
)  # fmt: skip

UNMEASURED = Case.of_points(
    "No rows at all",
    {
        "demand.first": 1, "demand.growth": 0, "demand.server_rps": 1, "demand.price": 0,
        "demand.discount": [0, 0, 0], "demand.life": 3,
        "demand.grant": [0, 0, 0], "demand.kind": "any", "stack.number": 3,
    },
    [],
)  # fmt: skip
