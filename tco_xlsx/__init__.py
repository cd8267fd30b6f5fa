"""LLM-inference benchmarks and scenarios in, Excel workbooks with live formulas out: see `tco_xlsx.api`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tco_xlsx.api import (
        BadInput,
        Benchmarks,
        BrokenModel,
        Combinations,
        ExpectedError,
        Fault,
        Prepared,
        Results,
        SideBySide,
        WorkbookLimit,
        build,
        compare,
        evaluate,
        load,
        read_benchmarks,
        sweep,
    )

__version__ = "0.1.0"

__all__ = [
    "BadInput",
    "Benchmarks",
    "BrokenModel",
    "Combinations",
    "ExpectedError",
    "Fault",
    "Prepared",
    "Results",
    "SideBySide",
    "WorkbookLimit",
    "build",
    "compare",
    "evaluate",
    "load",
    "read_benchmarks",
    "sweep",
]


def __getattr__(name: str) -> object:
    """What `api` offers, loaded when it is asked for: the command line must not wait for numpy."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import tco_xlsx.api

    return getattr(tco_xlsx.api, name)
