"""The cost model: declarations only, one section a class."""

from tco_xlsx.language.sections import Model
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
from tco_xlsx.model.years.assets import ATTACHED, SERVERS, CapitalYears
from tco_xlsx.model.years.capital import Cohorts, Depreciation
from tco_xlsx.model.years.fleet import FleetYears
from tco_xlsx.model.years.items import Items, ItemsByDriver, ItemsYears
from tco_xlsx.model.years.operations import Bandwidth, Maintenance, OperationsYears, Setup, Staff
from tco_xlsx.model.years.power import Colocation, Power, PowerCost, PowerYears
from tco_xlsx.model.years.timeline import DemandYears, Timeline
from tco_xlsx.model.years.totals import ResultYears, RunningYears

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
    Timeline,
    DemandYears,
    FleetYears,
    Depreciation,
    Cohorts,
    SERVERS.section,
    *(each.inputs for each in ATTACHED),
    *(section for each in ATTACHED for section in each.sections),
    CapitalYears,
    Power,
    PowerYears,
    Colocation,
    PowerCost,
    RunningYears,
    Maintenance,
    Bandwidth,
    Staff,
    Setup,
    OperationsYears,
    Items,
    ItemsByDriver,
    ItemsYears,
    ResultYears,
)
