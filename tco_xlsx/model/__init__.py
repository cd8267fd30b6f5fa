"""The cost model: declarations only, one section a class."""

from tco_xlsx.language.sections import Model
from tco_xlsx.model.configuration import Configuration
from tco_xlsx.model.cost import Cost
from tco_xlsx.model.curve import Curve
from tco_xlsx.model.fleet import Fleet
from tco_xlsx.model.performance import Performance
from tco_xlsx.model.plausible import Plausible
from tco_xlsx.model.points import Points
from tco_xlsx.model.relaxing import Relaxing
from tco_xlsx.model.server import Hosting, Licence, Server
from tco_xlsx.model.service import Service
from tco_xlsx.model.unit_cost import Comparison, Reference, UnitCost
from tco_xlsx.model.workload import Calendar, Workload
from tco_xlsx.model.years.assets import ATTACHED, SERVERS
from tco_xlsx.model.years.capital import Cohorts, Depreciation
from tco_xlsx.model.years.fleet import FleetYears
from tco_xlsx.model.years.timeline import Demand, Timeline
from tco_xlsx.model.years.totals import CapitalYears, ResultYears, RunningYears

MODEL = Model(
    Workload,
    Service,
    Configuration,
    Points,
    Performance,
    Server,
    Hosting,
    Licence,
    Calendar,
    Fleet,
    Cost,
    Reference,
    UnitCost,
    Comparison,
    Curve,
    Relaxing,
    Plausible,
    Timeline,
    Demand,
    FleetYears,
    Depreciation,
    Cohorts,
    SERVERS.section,
    *(each.inputs for each in ATTACHED),
    *(section for each in ATTACHED for section in each.sections),
    CapitalYears,
    RunningYears,
    ResultYears,
)
