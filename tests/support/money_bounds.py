"""What the inputs of finance, alternatives and prices may be, written down once more, by hand."""

from __future__ import annotations

from collections.abc import Mapping

HAIR = 1e-9
FROM_0 = ((0.0, 0.5, 1e9), (-HAIR, -1.0))
ABOVE_0 = ((HAIR, 0.5, 1e9), (0.0, -1.0))
RATE = ((0.0, 1e-4, 0.08, 1.0), (-HAIR, 1e-5, 1 + HAIR))
SHARE = ((0.0, 0.5, 1.0), (-HAIR, 1 + HAIR))
CHANGE = ((HAIR - 1, -0.3, 0.0, 1.0), (-1.0, 1 + HAIR))
HOURS = ((0.0, 8760.0, 8784.0), (-1.0, 8784.001))

BOUNDS: Mapping[str, tuple[float | None, tuple[float, ...], tuple[float, ...]]] = {
    "finance.discount_rate": (0.0, *RATE),
    "finance.tax_rate": (0.0, *SHARE),
    "finance.report_rate": (1.0, *ABOVE_0),
    "loan.rate": (None, *RATE),
    "loan.share": (1.0, *SHARE),
    "loan.months": (48.0, (1.0, 48.0, 360.0), (0.0, 1.5, 361.0)),
    "lease.price_server_month": (None, *FROM_0),
    "rent.price_per_gpu_hour": (None, *FROM_0),
    "rent.price_reserved_1_year": (None, *FROM_0),
    "rent.price_reserved_3_years": (None, *FROM_0),
    "rent.price_spot": (None, *FROM_0),
    "rent.price_per_server_month": (None, *FROM_0),
    "rent.hours_per_month": (730.0, (600.0, 720.0, 744.0, 750.0), (599.999, 750.001)),
    "rent.hours_year": (None, *HOURS),
    "rent.price_change": (0.0, *CHANGE),
    "api.price_1m_input": (None, *FROM_0),
    "api.price_1m_cached": (None, *FROM_0),
    "api.price_1m_output": (None, *FROM_0),
    "api.price_change": (0.0, *CHANGE),
    "mix.own_servers": (None, (0.0, 3.0), (-1.0, 0.5)),
    "mix.rented_hours_year": (None, *HOURS),
    "levels.least": (0.125, (HAIR, 1.0, 1000.0), (0.0, 1000.001)),
    "levels.step": (2.0, (1.0, 1.5, 10.0), (1 - HAIR, 10.001)),
    "price.per_1m_input": (None, *FROM_0),
    "price.per_1m_cached": (None, *FROM_0),
    "price.per_1m_output": (None, *ABOVE_0),
    "volume.cached_weight": (1.0, (HAIR, 0.1, 1.0), (0.0, 1 + HAIR)),
}
"""The default (None: it may stay empty), what is taken and what is refused."""

DEFAULT_CODES: Mapping[str, str] = {
    "rent.term": "on_demand",
    "rent.priced_by": "gpu_hour",
    "rent.switched_on": "always",
    "rent.also_pays": "nothing",
    "alternatives.against": "rent",
    "price.basis": "own",
}
CONSTANTS: Mapping[str, float] = {"finance.ends": 2, "alternatives.even_share": 1e-9}
CHECKS: Mapping[str, tuple[str, float]] = {
    "discounted_years_are_present_value": ("equal", 1e-9),
    "interest_is_discount": ("equal", 1e-9),
    "annual_cost_is_present_value": ("equal", 1e-9),
    "revenue_less_cost": ("equal", 1e-9),
    "levelised_split_adds_up": ("equal", 1e-9),
    "bridge_adds_up": ("equal", 1e-9),
    "full_is_capacity": ("equal", 1e-9),
}
YES_NO = {1: "yes", 0: "no"}
STATES: Mapping[str, Mapping[int, str]] = {
    "against_rent.ahead": YES_NO,
    "against_api.ahead": YES_NO,
    "against_mix.ahead": YES_NO,
    "alternatives.taken": {1: "renting", 2: "the API", 3: "the mix"},
    "alternatives.cheapest": {0: "own", 1: "renting", 2: "the API", 3: "the mix"},
    "levels.cheapest": {0: "own", 1: "renting", 2: "the API"},
    "margin.costs": YES_NO,
}
