"""What the inputs of demand, assets and running cost by year may be, written down once more, by hand."""

from __future__ import annotations

from collections.abc import Mapping

HAIR = 1e-9
FROM_0 = ((0.0, 0.5, 1e9), (-HAIR, -1.0))
ABOVE_0 = ((HAIR, 0.5, 1e9), (0.0, -1.0))
SHARE = ((0.0, 0.5, 1.0), (-HAIR, 1 + HAIR))
SHARE_ABOVE_0 = ((HAIR, 0.5, 1.0), (0.0, 1 + HAIR))
CHANGE = ((HAIR - 1, -0.3, 0.0, 1.0), (-1.0, 1 + HAIR))
LIFE = ((1e-3, 4.5, 30.0), (1e-4, 0.0, 30 + HAIR))
YEAR = ((1.0, 10.0), (0.0, 1.5, 11.0))
TIMES_OF_PRICE = ((0.0, 0.5, 10.0), (-HAIR, 10.001))
RISES = (
    *("power", "colocation", "hosting", "lump", "licence", "support"),
    *("maintenance", "bandwidth", "staff", "teardown", "items"),
)
ATTACHED = ("network", "storage", "racks")

Told = tuple[float | None, tuple[float, ...], tuple[float, ...]]
BOUNDS: Mapping[str, Told] = {
    "workload.users": (None, (1e-3, 0.5, 1e9), (1e-4, 0.0, -1.0)),
    "workload.requests_per_user_day": (None, *ABOVE_0),
    "workload.tokens_per_day": (None, (1e-3, 1e6, 1e15), (1e-4, 0.0, 1.1e15)),
    "workload.duty_share": (1.0, *SHARE_ABOVE_0),
    "workload.request_seconds": (None, (1e-6, 0.5, 1e9), (1e-7, 0.0, -1.0)),
    "workload.peak_factor": (1.0, (1.0, 2.5, 100.0), (1 - HAIR, 100.001)),
    "workload.service_hours_week": (168.0, (1e-3, 60.0, 168.0), (1e-4, 0.0, 168.001)),
    "workload.growth": (0.0, (HAIR - 1, 0.0, 0.4, 100.0), (-1.0, 100.001)),
    "workload.cached_share": (0.0, *SHARE),
    "day.own_shares": (None, (0.0, 1e-9, 0.1, 1e12), (-HAIR, 1e-10, 1.1e12)),
    "server.price_change": (0.0, *CHANGE),
    "server.installation_share": (0.0, *SHARE),
    "hosting.lump_year": (0.0, *FROM_0),
    "licence.support_share": (0.0, *SHARE),
    "fleet.spare_servers": (0.0, (0.0, 2.0), (-1.0, 0.5, 1.5)),
    "fleet.power_limit_kw": (None, (1e-6, 0.5, 1e9), (1e-7, 0.0, -1.0)),
    "finance.budget_year": (None, *ABOVE_0),
    "timeline.horizon_years": (None, *YEAR),
    "depreciation.factor": (2.0, (1.0, 1.5, 4.0), (1 - HAIR, 4 + HAIR)),
    "power.kw_per_server": (0.0, (0.0, 10.2, 1e9), (-HAIR, 1e-7)),
    "power.load": (1.0, *SHARE_ABOVE_0),
    "power.idle_kw_per_server": (None, (0.0, 3.0, 1e9), (-HAIR, 1e-7)),
    "power.pue": (1.0, (1.0, 1.25, 10.0), (1 - HAIR, 10.001)),
    "power.price_per_kwh": (0.0, *FROM_0),
    "power.co2_kg_per_kwh": (0.0, (0.0, 0.4, 10.0), (-HAIR, 10.001)),
    "colocation.per_kw_month": (0.0, *FROM_0),
    "maintenance.share_of_capex": (0.0, *SHARE),
    "bandwidth.per_year": (0.0, *FROM_0),
    "staff.fte": (0.0, (0.0, 0.25, 1e6), (-HAIR, 1e-4)),
    "staff.cost_per_fte": (0.0, *FROM_0),
    "setup.amount": (0.0, *FROM_0),
    "setup.teardown_amount": (0.0, *FROM_0),
    "items.amount": (0.0, *FROM_0),
    "items.share": (0.0, *TIMES_OF_PRICE),
    "items.from_year": (1.0, *YEAR),
    "items.to_year": (None, *YEAR),
    **{f"running.{name}_escalation": (0.0, *CHANGE) for name in RISES},
    **{f"{name}.per_server": (0.0, *FROM_0) for name in ATTACHED},
    **{f"{name}.share_of_price": (0.0, *TIMES_OF_PRICE) for name in ATTACHED},
    **{f"{name}.life_years": (5.0, *LIFE) for name in ATTACHED},
    **{f"{name}.residual_share": (0.0, *SHARE) for name in ATTACHED},
}
DEFAULT_CODES: Mapping[str, str] = {
    "workload.stated_as": "peak_rps",
    "day.shape": "flat",
    "depreciation.method": "straight_line",
    "timeline.value_at_end": "book_value",
    "power.runs": "always",
    "items.per": "deployment",
    "items.when": "yearly",
}
CONSTANTS: Mapping[str, float] = {
    "calendar.days_per_week": 7,
    "calendar.months_per_year": 12,
    "calendar.ms_per_second": 1000,
    "day.office_opens": 8,
    "day.office_busy_from": 10,
    "day.office_busy_to": 17,
    "day.office_closes": 19,
    "day.office_edge": 0.5,
    "day.day_from": 8,
    "day.evening_from": 19,
    "day.evening_to": 23,
    "day.day_against_evening": 0.5,
    "day.night_against_evening": 0.1,
    "timeline.most_years": 10,
    "depreciation.nothing": 1e-9,
    "depreciation.two": 2,
    "depreciation.macrs_years": 6,
    "depreciation.macrs_1": 0.2,
    "depreciation.macrs_2": 0.32,
    "depreciation.macrs_3": 0.192,
    "depreciation.macrs_4": 0.1152,
    "depreciation.macrs_5": 0.1152,
    "depreciation.macrs_6": 0.0576,
}
CHECKS: Mapping[str, tuple[str, float]] = {
    "shares_make_day": ("equal", 1e-9),
    "enough": ("at_most", 1e-8),
    "first_year_agrees": ("equal", 1e-8),
    "running_adds_up": ("equal", 1e-9),
    "years_cash_is_cost": ("equal", 1e-9),
    "no_idle_rows": ("at_most", 1e-9),
    "power_within_limit": ("at_most", 1e-9),
    "cash_within_budget": ("at_most", 1e-9),
}
STATES: Mapping[str, Mapping[int, str]] = {
    "day.is_open": {1: "open", 0: "–"},
    "timeline.counts": {1: "1", 0: "–"},
    "items.comes_to_nothing": {1: "nothing", 0: "–"},
    "limits.is_over_power": {1: "above", 0: "–"},
    "limits.is_over_budget": {1: "above", 0: "–"},
}
