"""The flat keys that vLLM and SGLang share, mean_ttft_ms and p99_tpot_ms, and those who copied them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tco_xlsx.bench.files.json_values import number, word
from tco_xlsx.bench.points.point import STATISTICS, Latency, no_zeros

_PREFIXES = {"avg": ("mean",), "p50": ("p50", "median"), "p90": ("p90",), "p95": ("p95",), "p99": ("p99",)}

# /models/models--openai--gpt-oss-120b/snapshots/<hash>/
_SNAPSHOT = re.compile(r"(?:^|/)models--(?P<owner>[^/]+?)--(?P<name>[^/]+)(?:/|$)")
_LENGTHS = re.compile(r"(?:^|[-_])(?:isl|in|ip)[-_]?(\d+)[-_](?:osl|out|op)[-_]?(\d+)(?=$|[-_.])", re.IGNORECASE)

TOPOLOGY = re.compile(r"(?<![A-Za-z0-9])\d+p\d+d(?![A-Za-z0-9])")
"""Prefill and decode servers, as people name their runs: 2p2d."""

CHUNK_ONLY = "only the gap between packets is in the file (ITL), not the time per output token (TPOT)"


def flat_latency(content: Mapping[str, object], name: str, suffix: str = "_ms", to_ms: float = 1.0) -> Latency:
    """The statistics of {mean,median,p90,...}_<name><suffix>."""
    found: dict[str, float | None] = {}
    for statistic in STATISTICS:
        keys = (f"{prefix}_{name}{suffix}" for prefix in _PREFIXES[statistic])
        value = next((value for key in keys if (value := number(content.get(key))) is not None), None)
        found[statistic] = None if value is None else value * to_ms
    return Latency(**found)


def per(total: float | None, count: float | None) -> float | None:
    """A mean, when both are known and there is something to divide by."""
    return total / count if total is not None and count else None


def decode_time(tpot: Latency, chunk: Latency) -> tuple[Latency, str, tuple[str, ...]]:
    """The time per output token, its kind and a note: the gap between packets only when there is no other."""
    tpot, chunk = no_zeros(tpot), no_zeros(chunk)
    if tpot != Latency() or chunk == Latency():
        return tpot, "tpot", ()
    return chunk, "chunk", (CHUNK_ONLY,)


def model_name(value: object) -> str | None:
    """The model of a path into a local cache of models, or the name as it is."""
    name = word(value)
    match = _SNAPSHOT.search(name) if name else None
    return f"{match['owner']}/{match['name']}" if match else name


def lengths_in(name: str) -> tuple[float | None, float | None]:
    """ISL and OSL asked for, by a file name such as conc64_in2048_out128 or isl8192_osl128."""
    match = _LENGTHS.search(name)
    return (float(match[1]), float(match[2])) if match else (None, None)


@dataclass(frozen=True)
class Load:
    """What the load generator was asked to do."""

    concurrency: float | None
    request_rate: float | None
    notes: tuple[str, ...] = ()


def load_of(concurrency: float | None, request_rate: float | None) -> Load:
    """With a rate, a concurrency is only a cap. Infinite rates arrive here as None."""
    concurrency = concurrency if concurrency and concurrency > 0 else None
    request_rate = request_rate if request_rate and request_rate > 0 else None
    if request_rate is not None:
        notes = (f"at most {concurrency:g} requests in flight at once",) if concurrency else ()
        return Load(None, request_rate, notes)
    notes = () if concurrency else ("all requests were sent at once",)
    return Load(concurrency, None, notes)
