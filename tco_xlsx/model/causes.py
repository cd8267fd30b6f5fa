"""The causes of a gap between two scenarios: each input of the model is of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tco_xlsx.language.lines import Line
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model import MODEL
from tco_xlsx.model.components import COMPONENTS
from tco_xlsx.model.configuration import Configuration
from tco_xlsx.model.day import Day
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.points import Points
from tco_xlsx.model.service import Service
from tco_xlsx.model.unit_cost import Reference, UnitCost
from tco_xlsx.model.workload import Calendar, Workload
from tco_xlsx.model.years.sections import YEARS

Causes = Mapping[str, Sequence[type[Section] | Line]]

OPERATING_POINT: tuple[type[Section], ...] = (Service, Configuration, Points, Performance)
"""Taken from one scenario as a whole: the limits of one would rarely hold for the benchmark of another."""


def settled(model: Model, causes: Causes) -> Causes:
    """The causes, if each input of the model is of one; raises TypeError for an input that is of none, or of two."""
    for line in model.inputs:
        found = [name for name, of in causes.items() if any(part is line or part is line.section for part in of)]
        if len(found) != 1:
            told = " and ".join(found) or "no cause"
            raise TypeError(f"{line.name}: is of {told} of a gap; an input is of one.")
    return causes


CAUSES: Causes = settled(
    MODEL,
    {
        "Load, tokens in and out": (Workload, Day),
        "Operating point: limits, benchmark, configuration": OPERATING_POINT,
        "Headroom, spares, uptime, rounding": (Fleet,),
        **{name: of for component in COMPONENTS for name, of in component.gap_causes.items()},
        "Calendar, split, reference prices": (Calendar, Reference, UnitCost),
        "Years, other assets and costs, rates, alternatives": YEARS,
    },
)
"""By their names, in the order in which they are replaced; those of the cost components as they declare them."""
