"""Years beyond the horizon count nothing: every line by year is 0 or absent there, but for those named here."""

from __future__ import annotations

import pytest

from tco_xlsx.language.evaluate import InputValue, evaluate
from tco_xlsx.language.lines import Derived
from tco_xlsx.model import MODEL
from tco_xlsx.model.axes import YEAR, YEARS
from tests.support import shipped

# By the age of what was bought, not by year.
BY_AGE = {
    "depreciation.macrs_share", "loan.months_paid", "loan.owed_share",
    *(f"{name}.{line}" for name in ("servers", "network", "storage", "racks") for line in ("share", "kept")),
}  # fmt: skip
# Factors and prices that nothing is multiplied by there, and what was borrowed before.
GOES_ON = {
    "demand.factor", "loan.borrowed_so_far", "mix.server_cost",
    *(f"{name}.cost" for name in ("network", "storage", "racks")),
}  # fmt: skip
MUCH: dict[str, InputValue] = {
    "workload.growth": 0.5,
    "server.life_years": 2.0,
    "server.residual_share": 0.1,
    "server.installation_share": 0.1,
    "finance.discount_rate": 0.08,
    "finance.tax_rate": 0.2,
    "loan.rate": 0.05,
    "lease.price_server_month": 9e3,
    "rent.price_per_gpu_hour": 2.0,
    "rent.also_pays": "licences_and_staff",
    "api.price_1m_input": 1.0,
    "api.price_1m_output": 3.0,
    "price.per_1m_output": 5.0,
    "power.kw_per_server": 10.0,
    "power.price_per_kwh": 0.1,
    "power.co2_kg_per_kwh": 0.4,
    "colocation.per_kw_month": 100.0,
    "hosting.lump_year": 1e4,
    "licence.support_share": 0.1,
    "maintenance.share_of_capex": 0.1,
    "bandwidth.per_year": 1e3,
    "staff.fte": 1.0,
    "staff.cost_per_fte": 1e5,
    "setup.amount": 1e4,
    "setup.teardown_amount": 1e4,
    "network.per_server": 1e3,
    "storage.per_server": 1e3,
    "racks.share_of_price": 0.1,
    "running.staff_escalation": 0.03,
}


@pytest.mark.parametrize("horizon", [1, 3, YEARS - 1])
@pytest.mark.parametrize("much_added", [False, True], ids=["with nothing added", "with much added"])
def test_years_beyond_the_horizon_count_nothing(horizon: int, much_added: bool) -> None:
    added = {**(MUCH if much_added else {}), "timeline.horizon_years": float(horizon)}
    cases = [shipped.case_of(path, added) for path in shipped.SCENARIOS]
    made = evaluate(MODEL, cases)
    lines = [line for line in MODEL.lines if isinstance(line, Derived) and line.axis == YEAR]
    assert len(lines) > 200
    counting = {
        line.name
        for line in lines
        for scenario in range(len(cases))
        if any(made.value(line, scenario, year) not in (None, 0) for year in range(horizon, YEARS))
    }
    assert counting <= BY_AGE | GOES_ON
    if much_added and horizon < 5:
        assert {"demand.factor", "loan.borrowed_so_far", "network.cost", "servers.kept"} <= counting
