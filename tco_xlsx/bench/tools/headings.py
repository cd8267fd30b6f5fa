"""Which column of a table means what.

Own headings, one column per field, the unit in the heading (all but rps and one latency or the
concurrency may be missing):

    model, gpu_type, gpus_per_instance, precision, engine, setup, trial, isl, osl, isl_asked, osl_asked,
    concurrency, request_rate, completed, failed, incomplete, duration_s, rps, output_tps, total_tps,
    ttft_avg_ms, ttft_p50_ms, ttft_p90_ms, ttft_p95_ms, ttft_p99_ms, and the same for itl_ and latency_,
    measured, streaming, latency_derived (true or false), itl_kind (tpot or chunk), source, notes, suspicious

Other headings are understood where they can mean one thing only: see `_ALIASES` and `_LATENCIES`.
Case, blanks and punctuation do not count: "TTFT p90 (ms)" is ttft_p90_ms, "Requests/s" is rps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tco_xlsx.bench.points.point import STATISTICS
from tco_xlsx.bench.tools.metric import MS_IN

WORD_FIELDS = ("model", "gpu_type", "precision", "engine", "setup", "trial", "itl_kind", "source")
FLAG_FIELDS = ("measured", "streaming", "latency_derived")
LIST_FIELDS = ("notes", "suspicious")

LIST_SEPARATOR = " | "
"""Between the entries of a cell that holds several sentences."""

PASSED_OVER = frozenset(("label", "source_tool", "tool_version", "gpu_source"))
"""Columns of the normal form that say where a row is from; they are passed over without a word."""

# NVIDIA's "Seq Length (ISL/OSL)", with cells such as 1000_200.
LENGTHS = "lengths"

_ALIASES: dict[str, tuple[str, ...]] = {
    "model": ("model_name", "model_id"),
    "gpu_type": ("gpu", "gpu_name", "gpu_model", "accelerator", "accelerator_type"),
    "gpus_per_instance": ("gpus", "number_of_gpus", "num_gpus", "n_gpus", "gpu_count", "no_of_gpus"),
    "precision": ("dtype", "quantization", "quantisation"),
    "engine": ("execution_mode", "backend", "framework", "runtime", "inference_engine", "serving_engine"),
    "setup": ("configuration",),
    "trial": ("repetition",),
    "itl_kind": (),
    "source": (),
    "notes": (),
    "suspicious": (),
    "measured": (),
    "streaming": (),
    "latency_derived": (),
    LENGTHS: (
        "seq_length_isl_osl",
        "sequence_length_isl_osl",
        "seq_length",
        "isl_osl",
        "input_output_tokens",
    ),
    "isl": (
        "input_tokens",
        "input_length",
        "input_sequence_length",
        "input_len",
        "mean_input_tokens",
        "prompt_tokens",
    ),
    "osl": ("output_tokens", "output_length", "output_sequence_length", "output_len", "mean_output_tokens"),
    "isl_asked": ("isl_requested", "isl_nominal"),
    "osl_asked": ("osl_requested", "osl_nominal"),
    "concurrency": ("conc", "max_concurrency", "concurrent_requests", "concurrent_users"),
    "request_rate": ("requested_rate", "offered_rate", "target_rps"),
    "completed": ("completed_requests", "successful_requests", "requests_completed", "request_count"),
    "failed": ("failed_requests", "errors", "error_count", "error_request_count", "requests_failed"),
    "incomplete": ("incomplete_requests",),
    "duration_s": ("duration_sec", "duration_seconds", "benchmark_duration_s", "benchmark_duration_sec"),
    "rps": (
        "requests_per_second",
        "requests_per_sec",
        "requests_s",
        "requests_sec",
        "req_s",
        "req_sec",
        "req_per_s",
        "req_per_sec",
        "request_throughput",
        "request_throughput_req_s",
        "request_throughput_requests_s",
        "request_throughput_requests_sec",
        "request_throughput_per_sec",
        "throughput_req_s",
        "throughput_requests_s",
    ),
    "output_tps": (
        # NVIDIA's table means output tokens by it; a total would be caught against rps x OSL.
        "tokens_per_second",
        "output_tokens_per_second",
        "output_tokens_s",
        "output_tokens_sec",
        "output_tok_s",
        "output_throughput",
        "output_throughput_tok_s",
        "output_token_throughput",
        "output_token_throughput_tokens_s",
        "output_token_throughput_tokens_sec",
    ),
    "total_tps": (
        "total_token_throughput",
        "total_tokens_per_second",
        "total_tok_s",
        "total_token_throughput_tok_s",
        "total_token_throughput_tokens_sec",
    ),
}
_FIELDS = {name: name for name in _ALIASES} | {alias: name for name, aliases in _ALIASES.items() for alias in aliases}

# vLLM calls the time per output token TPOT and the gap between packets ITL; where a table has both, TPOT
# is what the other tools call ITL, so it has the lower rank.
_LATENCIES: dict[str, tuple[str, int]] = {
    "ttft": ("ttft", 2),
    "ttft_latency": ("ttft", 2),
    "first_token_latency": ("ttft", 2),
    "time_to_first_token": ("ttft", 2),
    "time_to_first_token_latency": ("ttft", 2),
    "tpot": ("itl", 1),
    "time_per_output_token": ("itl", 1),
    "itl": ("itl", 2),
    "inter_token": ("itl", 2),
    "inter_token_latency": ("itl", 2),
    "latency": ("latency", 2),
    "request": ("latency", 2),
    "request_latency": ("latency", 2),
    "e2e": ("latency", 2),
    "e2el": ("latency", 2),
    "e2e_latency": ("latency", 2),
    "e2e_request_latency": ("latency", 2),
    "end_to_end_latency": ("latency", 2),
}

_WORDS = re.compile(r"[a-z0-9.%\u00b5\u03bc]+")
_AVERAGES = frozenset(("avg", "mean", "average"))
_PERCENTILE = re.compile(r"(?:p(\d\d)|(\d\d)(?:th|%))$")


@dataclass(frozen=True)
class Heading:
    """What a heading means."""

    field: str
    statistic: str | None = None
    """For a latency: avg, p50, p90, p95 or p99."""
    factor: float = 1.0
    """What a cell is multiplied by to come to ms, seconds or per second."""
    rank: int = 0
    """The lowest wins when several columns give the same field."""

    @property
    def target(self) -> tuple[str, str | None]:
        return self.field, self.statistic


def column_of(heading: str) -> Heading | None:
    """What a heading means, or None when it is not known or could mean several things."""
    words = _WORDS.findall(heading.lower())
    joined = "_".join(words)
    if joined in _FIELDS:
        return Heading(_FIELDS[joined], rank=0 if joined in _ALIASES else 2)
    return _latency(words)


def lacks_unit(heading: str) -> bool:
    """Whether the heading names a latency and would be known if it said its unit."""
    return column_of(heading) is None and _latency([*_WORDS.findall(heading.lower()), "ms"]) is not None


def _latency(words: list[str]) -> Heading | None:
    if not words or words[-1] not in MS_IN:
        return None
    factor = MS_IN[words[-1]]
    statistics: list[str] = []
    rest: list[str] = []
    for word in words[:-1]:
        percentile = _PERCENTILE.match(word)
        if word in _AVERAGES:
            statistics.append("avg")
        elif word == "median":
            statistics.append("p50")
        elif percentile:
            statistics.append(f"p{percentile[1] or percentile[2]}")
        elif word != "percentile":
            rest.append(word)
    name = "_".join(rest)
    if name not in _LATENCIES or len(statistics) > 1:
        return None
    field, rank = _LATENCIES[name]
    # A latency without a statistic is an average: NVIDIA's "Request Latency (ms)".
    statistic = statistics[0] if statistics else "avg"
    if statistic not in STATISTICS:
        return None
    own = "_".join(words) == f"{field}_{statistic}_ms"
    return Heading(field, statistic, factor, 0 if own else rank)
