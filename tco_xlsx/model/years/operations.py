"""What running the fleet takes beside servers, power and licences: people, repairs, connection, beginning and end."""

from tco_xlsx.language.expression import counted_as, equal_to, where
from tco_xlsx.language.lines import given, line
from tco_xlsx.language.sections import Section
from tco_xlsx.model.years.assets import CapitalYears
from tco_xlsx.model.years.timeline import Timeline
from tco_xlsx.model.years.year import escalation, number, of_the_year, risen


class Bandwidth(Section):
    """The connection to users."""

    title = "Bandwidth"

    per_year = given("Bandwidth", "money/year", 0, at_least=0, source="default: in the hosting")


class Maintenance(Section):
    """Repairs and support of what was bought."""

    title = "Maintenance"

    share_of_capex = given(
        "Share of the purchase cost",
        "share/year",
        0,
        at_least=0,
        at_most=1,
        source="default: in the price",
        note="A year, of all that is in service: servers, installation, network, storage, racks.",
    )


class Staff(Section):
    """Who runs the service."""

    title = "Staff"

    fte = given("Staff", "FTE", 0, at_least=0, source="default: nobody is counted", note="Full-time equivalents.")
    cost_per_fte = given(
        "Cost of one", "money/FTE/year", 0, at_least=0, source="default: nobody is counted", note="Fully loaded."
    )


class Setup(Section):
    """What is paid once: at the beginning, and at the end of the horizon."""

    title = "Setting up and tearing down"

    amount = given("Setting up", "money", 0, at_least=0, source="default: none", note="In year 1.")
    teardown_amount = given(
        "Tearing down", "money", 0, at_least=0, source="default: none", note="In the last year of the horizon."
    )


class OperationsYears(Section):
    """Rises count from year 2 on."""

    title = "Operations by year"
    name = "running"

    bandwidth_escalation = escalation("Bandwidth")
    maintenance_escalation = escalation("Maintenance")
    staff_escalation = escalation("Staff")
    teardown_escalation = escalation("Tearing down")
    bandwidth = line(
        "Bandwidth", "money", of_the_year(Bandwidth.per_year) * Timeline.counts * risen(bandwidth_escalation)
    )
    maintenance = line(
        "Maintenance",
        "money",
        of_the_year(CapitalYears.serving * Maintenance.share_of_capex) * risen(maintenance_escalation),
    )
    staff = line(
        "Staff",
        "money",
        of_the_year(Staff.fte * Staff.cost_per_fte) * Timeline.counts * risen(staff_escalation),
    )
    setup = line("Setting up", "money", where(equal_to(number, 1), Setup.amount, 0))
    teardown = line(
        "Tearing down",
        "money",
        where(equal_to(number, counted_as(Timeline.horizon, "1")), Setup.teardown_amount, 0)
        * risen(teardown_escalation),
    )
