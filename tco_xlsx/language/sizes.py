"""How small and how large an input may be, by its unit."""

from __future__ import annotations

from collections.abc import Mapping

SIZES: Mapping[str, tuple[float, float]] = {
    "money": (1e-9, 1e15),
    "request": (1e-12, 1e9),
    "token": (1e-3, 1e9),
    "ms": (1e-6, 1e9),
    "GPU": (1, 1e6),
    "instance": (1e-3, 1e9),
    "server": (1, 1e6),
    "year": (1e-3, 1e3),
    "month": (1, 1e3),
    "day": (1e-3, 1e3),
    "share": (1e-9, 1e3),
    "times": (1e-9, 1e9),
    "user": (1e-3, 1e12),
    "s": (1e-6, 1e9),
    "h": (1e-3, 1e4),
    "kW": (1e-6, 1e9),
    "kg": (1e-9, 1e3),
    "FTE": (1e-3, 1e6),
}
"""For the first word of a unit the least and the largest size of an input, beside 0: far outside of all that is ever
planned, and close enough for every product of inputs to stay a number with digits to spare."""
