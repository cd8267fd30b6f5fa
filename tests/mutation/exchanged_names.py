"""Which names are exchanged for which others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

CALLED: Mapping[str, Sequence[str]] = {
    "largest": ("smallest", "total"),
    "smallest": ("largest",),
    "larger": ("smaller",),
    "smaller": ("larger",),
    "total": ("count",),
    "count": ("total",),
    "whole": ("rounded_down",),
    "rounded_down": ("whole",),
    "every": ("some",),
    "some": ("every",),
    "kth_smallest": ("pick",),
    "running_largest": ("running",),
    "running": ("running_largest",),
    "best_up_to": ("best_where",),
    "best_where": ("best_up_to",),
    "fewer": ("alike_above",),
    "alike_above": ("fewer",),
    "sum_of": ("larger",),
    "min": ("max",),
    "max": ("min",),
    "sum": ("max",),
    "mean": ("max",),
    "any": ("all",),
    "all": ("any",),
    "add": ("subtract",),
    "subtract": ("add",),
    "multiply": ("divide",),
    "divide": ("multiply",),
    "less": ("less_equal",),
    "less_equal": ("less",),
    "greater": ("greater_equal",),
    "greater_equal": ("greater",),
    "equal": ("not_equal",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "floor": ("ceil",),
    "ceil": ("floor",),
    "logical_and": ("logical_or",),
    "logical_or": ("logical_and",),
    "cumsum": ("zeros_like",),
    "nancumsum": ("zeros_like",),
    "nansum": ("nanmax",),
    "argmax": ("argmin",),
    "sort": ("abs",),
}
# Unwrapped: f(x) -> x. Only where the value stays of one kind.
UNWRAPPED = frozenset(("whole", "rounded_down", "size", "abs", "round", "counted_as"))
TERMS = frozenset(("every", "some", "smaller", "larger", "sum_of", "sum_present", "count_present"))
EXCHANGED = frozenset(("pick", "choose_by", "where", "kth_smallest", "beaten", "best_where", "best_up_to", "check"))
# Arguments that say how something is shown; `always` only spares a test around what is never absent.
TOLD = ("source", "note", "states", "digits", "signed", "strict", "always")
STATISTICS = ("avg", "p50", "p90", "p95", "p99")
WORDS: Sequence[tuple[str, str]] = (
    ("ttft", "itl"), ("itl", "latency"), ("latency", "ttft"), ("isl", "osl"), ("osl", "isl"), ("input", "output"),
    ("output", "input"), ("prompt", "completion"), ("completed", "failed"), ("rps", "request_rate"), ("mean", "median"),
    ("median", "mean"), ("ms", "s"), ("tp", "pp"), ("pp", "dp"), ("prefill", "decode"), ("decode", "prefill"),
)  # fmt: skip
