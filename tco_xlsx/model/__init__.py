"""The cost model: declarations only, one section a class."""

from tco_xlsx.language.sections import Model
from tco_xlsx.model.axes import YEAR
from tco_xlsx.model.components import input_sections
from tco_xlsx.model.configuration import Configuration
from tco_xlsx.model.cost import Cost
from tco_xlsx.model.curve import Curve
from tco_xlsx.model.day import Day
from tco_xlsx.model.demand import Demand
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.plausible import Plausible
from tco_xlsx.model.points import Points
from tco_xlsx.model.relaxing import Relaxing
from tco_xlsx.model.service import Service
from tco_xlsx.model.unit_cost import Comparison, Reference, UnitCost
from tco_xlsx.model.workload import Calendar, Workload
from tco_xlsx.model.years.sections import YEARS
from tco_xlsx.model.years.timeline import Timeline

MODEL = Model(
    Workload,
    Service,
    Configuration,
    Points,
    Performance,
    *input_sections(),
    Calendar,
    Day,
    Demand,
    Fleet,
    Cost,
    Reference,
    UnitCost,
    Comparison,
    Curve,
    Relaxing,
    Plausible,
    *YEARS,
    lengths={YEAR: Timeline.horizon},
)
