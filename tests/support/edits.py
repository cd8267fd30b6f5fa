"""What a person might type into every input of every shipped scenario, and which of it is tried where.

EVERY_EDIT=1 tries all edits in all scenarios and engines.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import InputValue
from tco_xlsx.language.lines import Choice, Given, Pick
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.inputs import outside
from tests.support import shipped

EVERYTHING = bool(os.environ.get("EVERY_EDIT"))
OF_ALL_YEARS = shipped.ROOT / "scenarios" / "own-rent-api.yaml"

Edit = Mapping[str, InputValue]

_USERS: Edit = {"workload.stated_as": "users", "workload.users": 4e4, "workload.requests_per_user_day": 20.0}
_STREAMS: Edit = {"workload.stated_as": "streams", "workload.users": 400.0, "workload.request_seconds": 12.0}
_TOKENS: Edit = {"workload.stated_as": "tokens_per_day", "workload.tokens_per_day": 9e8}
_STATED: Edit = {**_USERS, "workload.request_seconds": 12.0, "workload.tokens_per_day": 9e8}
_OFFICE: Edit = {**_USERS, "day.shape": "office_hours", "workload.service_hours_week": 60.0}
_RATES: Edit = {
    "rent.price_per_gpu_hour": 3.1,
    "rent.price_reserved_1_year": 2.3,
    "rent.price_reserved_3_years": 1.7,
    "rent.price_spot": 1.1,
    "rent.price_per_server_month": 9_000.0,
}

ITEMS: Mapping[str, tuple[float | str | None, ...]] = {
    "items.label": ("Audit", "Move", "Insurance", "Cables"),
    "items.amount": (5_000.0, 900.0, 0.0, 70.0),
    "items.share": (0.0, 0.0, 0.02, 0.0),
    "items.per": ("deployment", "server", "share_of_capex", "kw"),
    "items.when": ("yearly", "once", "yearly", "yearly"),
    "items.from_year": (1.0, 2.0, 1.0, 3.0),
    "items.to_year": (None, None, 4.0, 3.0),
}
ROWS = 12


def table(rows: tuple[float | str | None, ...], name: str) -> tuple[float | str | None, ...]:
    """The column of a table whose further rows are empty; a choice shows its default there."""
    line = MODEL.by_name[name]
    return (*rows, *[line.codes[0] if isinstance(line, Choice) else None] * (ROWS - len(rows)))


_ITEMS: Edit = {name: table(rows, name) for name, rows in ITEMS.items()}

# All that the years may hold, so that every one of their inputs matters in any scenario.
BUSY: Edit = {
    **_RATES,
    **_ITEMS,
    "workload.growth": (0.35, 0.2, -0.4, 0.6, 0.0),
    "workload.cached_share": 0.3,
    "timeline.horizon_years": 7.0,
    "server.price_change": -0.1,
    "server.installation_share": 0.03,
    "hosting.lump_year": 12_000.0,
    "licence.price_year": 4_500.0,
    "licence.support_share": 0.2,
    "fleet.spare_servers": 1.0,
    "network.per_server": 9_000.0,
    "storage.share_of_price": 0.04,
    "racks.per_server": 2_000.0,
    "network.life_years": 3.0,
    "racks.residual_share": 0.1,
    "power.kw_per_server": 10.2,
    "power.price_per_kwh": 0.12,
    "power.co2_kg_per_kwh": 0.4,
    "power.pue": 1.25,
    "colocation.per_kw_month": 100.0,
    "maintenance.share_of_capex": 0.05,
    "bandwidth.per_year": 3_000.0,
    "staff.fte": 1.5,
    "staff.cost_per_fte": 90_000.0,
    "setup.amount": 20_000.0,
    "setup.teardown_amount": 8_000.0,
    "finance.discount_rate": 0.08,
    "finance.tax_rate": 0.25,
    "loan.rate": 0.06,
    "lease.price_server_month": 8_000.0,
    "api.price_1m_input": 1.2,
    "api.price_1m_cached": 0.3,
    "api.price_1m_output": 5.7,
    "mix.own_servers": 2.0,
    "price.per_1m_input": 2.0,
    "price.per_1m_output": 9.0,
    "fleet.power_limit_kw": 60.0,
    "finance.budget_year": 1e6,
}

# An input that a scenario does not use has its effect only beside others.
BESIDE: Mapping[str, Edit] = {
    "performance.manual_rps": {"performance.source": "manual", "performance.manual_gpus": 2.0},
    "performance.manual_gpus": {"performance.source": "manual", "performance.manual_rps": 3.5},
    "performance.source": {"performance.manual_rps": 3.5, "performance.manual_gpus": 2.0},
    "licence.basis": {"licence.price_year": 5_000.0},
    "licence.price_year": {"licence.basis": "gpu"},
    "service.max_itl_ms": {"service.max_ttft_ms": None},
    "service.max_latency_ms": {"service.max_ttft_ms": None},
    "workload.stated_as": _STATED,
    "workload.users": _USERS,
    "workload.requests_per_user_day": _USERS,
    "workload.tokens_per_day": _TOKENS,
    "workload.duty_share": _STREAMS,
    "workload.request_seconds": _STREAMS,
    "workload.peak_factor": _TOKENS,
    "workload.service_hours_week": _OFFICE,
    "day.shape": {**_USERS, "day.own_shares": (1.0, 2.0, 5.0)},
    "day.own_shares": {**_USERS, "day.shape": "own"},
    "depreciation.factor": {"depreciation.method": "declining_balance"},
    **{f"{name}.residual_share": {f"{name}.per_server": 9_000.0} for name in ("network", "storage", "racks")},
    **{f"{name}.life_years": {f"{name}.per_server": 9_000.0} for name in ("network", "storage", "racks")},
    "power.runs": _OFFICE,
    "running.hosting_escalation": {"hosting.per_server_year": 20_000.0},
    "running.lump_escalation": {"hosting.lump_year": 12_000.0},
    "running.support_escalation": {"licence.support_share": 0.2},
    "running.bandwidth_escalation": {"bandwidth.per_year": 3_000.0},
    "running.staff_escalation": {"staff.fte": 1.5, "staff.cost_per_fte": 90_000.0},
    "running.teardown_escalation": {"setup.teardown_amount": 8_000.0},
    "running.items_escalation": _ITEMS,
    "staff.fte": {"staff.cost_per_fte": 90_000.0},
    "staff.cost_per_fte": {"staff.fte": 1.5},
    **dict.fromkeys(ITEMS, _ITEMS),
    "loan.share": {"loan.rate": 0.06},
    "loan.months": {"loan.rate": 0.06},
    "rent.term": _RATES,
    "rent.priced_by": _RATES,
    "rent.price_reserved_1_year": {"rent.term": "reserved_1_year"},
    "rent.price_reserved_3_years": {"rent.term": "reserved_3_years"},
    "rent.price_spot": {"rent.term": "spot"},
    "rent.price_per_server_month": {"rent.priced_by": "server_month"},
    "rent.hours_per_month": {**_RATES, "rent.priced_by": "server_month"},
    "rent.switched_on": _OFFICE,
    "api.price_1m_cached": {"workload.cached_share": 0.3},
    "price.per_1m_cached": {"workload.cached_share": 0.3, "price.per_1m_input": 2.0, "price.per_1m_output": 9.0},
    "volume.cached_weight": {"workload.cached_share": 0.3},
}
VALUES: Mapping[str, tuple[InputValue, ...]] = {
    "service.max_ttft_ms": (60.0, 1500.0, None),
    "service.max_itl_ms": (5.5, 14.0, None),
    "service.max_latency_ms": (1_100.0, 9_000.0),
    "performance.manual_rps": (0.37, 41.0),
    "performance.manual_gpus": (3.0, 16.0),
    "calendar.days_per_year": (366.0,),
    "fleet.uptime": (0.9,),
    "fleet.utilisation": (0.35,),
    "server.residual_share": (0.25,),
    "server.gpus": (4.0, 10.0),
    "licence.gpus_per_server": (0.0, 16.0),
    "workload.average_rps": (7.0, None),
    "workload.users": (90_000.0,),
    "workload.requests_per_user_day": (31.0,),
    "workload.tokens_per_day": (2e9,),
    "workload.duty_share": (0.4,),
    "workload.request_seconds": (7.5,),
    "workload.service_hours_week": (45.0,),
    "workload.growth": (0.07, (0.1, -0.3, 0.8), (0.0, 0.0, 1.0, 0.0)),
    "day.own_shares": ((0.0, 1.0, 4.0, 2.0), tuple(float(hour) for hour in range(24))),
    "timeline.horizon_years": (1.0, 5.0, 10.0, None),
    "power.load": (0.61,),
    "rent.hours_per_month": (720.0,),
    "rent.hours_year": (3_000.0,),
    "mix.rented_hours_year": (500.0,),
    "loan.share": (0.7,),
    "volume.cached_weight": (0.25,),
    "levels.step": (1.3,),
    "items.label": (table(("Audit of books", None, "Insurance", "Cables"), "items.label"),),
    "items.amount": (table((7_000.0, 900.0, 0.0, 70.0), "items.amount"),),
    "items.share": (table((0.0, 0.0, 0.07, 0.0), "items.share"),),
    "items.per": tuple(
        table((code, "server", "share_of_capex", "kw"), "items.per")
        for code in ("server", "gpu", "kw", "share_of_capex")
    ),
    "items.when": (table(("once", "yearly", "once", "yearly"), "items.when"),),
    "items.from_year": (table((3.0, 10.0, 1.0, 1.0), "items.from_year"),),
    "items.to_year": (table((2.0, None, None, 10.0), "items.to_year"),),
}


@dataclass(frozen=True)
class Tried:
    """An edit of an input of a scenario, with what stands beside it, and the turn that picks an engine."""

    path: Path
    name: str
    edit: Edit
    turn: int


def edits_of(line: Given, path: Path, beside: Edit | None = None) -> Iterator[dict[str, InputValue]]:
    """What a person might type into an input's cells, with what must stand beside it to matter."""
    around = {**(beside or {}), **BESIDE.get(line.name, {})}
    now = shipped.prepared(path).case.values[line.name]
    if line.name in VALUES:
        new: tuple[InputValue, ...] = VALUES[line.name]
    elif isinstance(line, Choice):
        new = shipped.prepared(path).case.codes(line)
    else:
        new = (_another(line, now),)
    for value in new:
        if value != now:
            yield {**around, line.name: value}


def _another(line: Given, now: InputValue) -> float:
    """Another number that the input takes."""
    start = float(now) if isinstance(now, (int, float)) else 1.0
    value = start + 3.0 if line.integer else start * 1.37 + 0.013
    return value if not outside(line, value) else start * 0.63


def in_years(line: Given) -> bool:
    """Whether an input belongs to the years, where most are of no account beside the defaults of the others."""
    assert line.section is not None
    return line.name in BUSY or ".years." in line.section.__module__


def places_of(line: Given) -> list[Path]:
    """The scenarios in which an input is edited: a pick in all that hold several codes, others in the one with all of
    the years and in one that the input's name picks, with a benchmark where the input is about one."""
    if isinstance(line, Pick):
        return [path for path in shipped.SCENARIOS if len(shipped.prepared(path).case.codes(line)) > 1]
    if EVERYTHING:
        return shipped.SCENARIOS
    measured = [path for path in shipped.SCENARIOS if path != OF_ALL_YEARS]
    assert all(shipped.prepared(path).case.along(POINT) for path in measured)
    return [OF_ALL_YEARS, measured[zlib.crc32(line.name.encode()) % len(measured)]]


@cache
def tried() -> tuple[Tried, ...]:
    """Every edit of every input, where it is tried."""
    found = []
    for line in MODEL.inputs:
        for place, path in enumerate(places_of(line)):
            around = BUSY if in_years(line) and path != OF_ALL_YEARS else {}
            for number, edit in enumerate(edits_of(line, path, around)):
                found.append(Tried(path, line.name, edit, zlib.crc32(line.name.encode()) // 7 + number + place))
    return tuple(found)
