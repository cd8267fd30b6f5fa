"""The sections of the years, in order."""

from tco_xlsx.language.sections import Section
from tco_xlsx.model.years.alternatives import AGAINST, Alternatives, Crossing
from tco_xlsx.model.years.api import Api
from tco_xlsx.model.years.assets import ATTACHED, SERVERS, CapitalYears
from tco_xlsx.model.years.bridge import Bridge
from tco_xlsx.model.years.capital import Cohorts, Depreciation
from tco_xlsx.model.years.finance import Finance
from tco_xlsx.model.years.fleet import FleetYears
from tco_xlsx.model.years.items import Items, ItemsByDriver, ItemsYears
from tco_xlsx.model.years.levels import Levels
from tco_xlsx.model.years.limits import Budget, Limits, PowerLimit
from tco_xlsx.model.years.loan import Lease, Loan
from tco_xlsx.model.years.margin import Margin, Price
from tco_xlsx.model.years.mix import Mix
from tco_xlsx.model.years.operations import Bandwidth, Maintenance, OperationsYears, Setup, Staff
from tco_xlsx.model.years.plan import Plan
from tco_xlsx.model.years.power import Colocation, Power, PowerCost, PowerYears
from tco_xlsx.model.years.rent import Rent
from tco_xlsx.model.years.timeline import DemandYears, Timeline
from tco_xlsx.model.years.totals import ResultYears, RunningYears
from tco_xlsx.model.years.unit_cost import CAPACITY, DEMAND, UnitCostYears, Volume
from tco_xlsx.model.years.users import UsersYears

YEARS: tuple[type[Section], ...] = (
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
    UsersYears,
    Finance,
    Loan,
    Lease,
    Rent,
    Api,
    Mix,
    Crossing,
    *(each.section for each in AGAINST),
    Alternatives,
    Levels,
    Price,
    Margin,
    Volume,
    CAPACITY.section,
    DEMAND.section,
    UnitCostYears,
    Bridge,
    Plan,
    PowerLimit,
    Budget,
    Limits,
)
