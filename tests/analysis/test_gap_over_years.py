"""A gap between results that build on lines by year: worked by hand from the cost of one year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tco_xlsx.analysis.attribution import Cause, steps_between
from tco_xlsx.case.prepare import Prepared, prepare
from tco_xlsx.case.results import compute
from tco_xlsx.language.expression import largest
from tco_xlsx.language.lines import Line, line
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model import MODEL
from tco_xlsx.model.configuration import Configuration
from tco_xlsx.model.cost import Cost
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.points import Points
from tco_xlsx.model.service import Service
from tests.support import shipped
from tests.support.outlook import YEARLY, Outlook

ARTICLE = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"
OPERATING_POINT: tuple[type[Section], ...] = (Service, Configuration, Points, Performance)
OTHERS = tuple(section for section in MODEL.sections if section not in OPERATING_POINT)
CAUSES: Mapping[str, Sequence[type[Section] | Line]] = {"Operating point": OPERATING_POINT, "All else": OTHERS}
OF = {**CAUSES, "Growth and fees": (Outlook,)}


def causes(of: Mapping[str, Sequence[type[Section] | Line]] = OF) -> list[Cause]:
    return [Cause(name, tuple(held)) for name, held in of.items()]


def prepared(*settings: str) -> Prepared:
    (one,) = prepare([ARTICLE], YEARLY, settings)
    return one


def test_each_step_takes_a_series_as_a_whole() -> None:
    first = prepared("outlook.growth=[0.5, 1]", "outlook.fee=[10, 20, 30]", "outlook.horizon_years=3")
    second = prepared("outlook.growth=0", "outlook.fee=[7]", "outlook.grant=[1, ]", "outlook.horizon_years=2")
    # The second is in a currency of which one is worth two of the first's: its fees and prices count twice.
    outputs = [Outlook.paid, Cost.total_year]
    steps = steps_between(YEARLY, outputs, causes(), (first.case, 1.0), (second.case, 2.0))
    year = compute(YEARLY, first).value(Cost.total_year)
    assert year is not None
    paid = [steps.values.value(Outlook.paid, step) for step in range(len(steps.taken))]
    start, end = 0, len(causes())
    # 1 + 1.5 + 3 years and 60 in fees; two years of 2 x a year and 2 x 7 in fees.
    assert paid[start] == pytest.approx(5.5 * year + 60)
    assert paid[end] == pytest.approx(2 * (2 * year + 2 * 7))
    # The last cause alone: growth and fees of the second on the prices of the first.
    assert steps.taken[end + 1] == (0,) * (end - 1) + (1,)
    assert paid[end + 1] == pytest.approx(2 * (year + 14))
    fees = [steps.values.series(Outlook.fee, step, 3) for step in (start, end)]
    assert fees == [[10, 20, 30], [14, 14, 14]]
    assert {line.name for line in steps.lines} >= {"outlook.fee", "outlook.so_far", "outlook.factor"}


def test_what_runs_along_points_belongs_to_the_cause_of_the_points() -> None:
    class Loose(Section):
        """A line that builds on points, outside of the operating point."""

        title = "Loose"

        doubled = line("Rate grown", "request/s/GPU", Points.rps_per_gpu * (1 + Outlook.horizon_years))
        most = line("Most", "request/s/GPU", largest(doubled))
        beside = line("Most measured", "request/s/GPU", largest(Points.rps_per_gpu))

    model = Model(*YEARLY.sections, Loose)
    one = prepared()
    with pytest.raises(ValueError, match=r"points\.rps_per_gpu|loose\.doubled runs along points, of which another"):
        steps_between(model, [Loose.most], causes(), (one.case, 1.0), (one.case, 1.0))
    # What reads the points and nothing else comes with them.
    steps = steps_between(model, [Loose.beside], causes(), (one.case, 1.0), (one.case, 1.0))
    assert (steps.linked, steps.cause_of["loose.beside"]) == ({"loose.beside"}, 0)


def test_an_input_of_no_cause_is_refused() -> None:
    one = prepared()
    with pytest.raises(ValueError, match=r"outlook\.\w+ is of 0 causes of a gap; it must be of one"):
        steps_between(YEARLY, [Outlook.paid], causes(CAUSES), (one.case, 1.0), (one.case, 1.0))
