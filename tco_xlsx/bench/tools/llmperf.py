"""llmperf (Ray): `*_summary.json`, all in SECONDS; and files that hold several of them by concurrency.

`inter_token_latency_s` is latency / tokens and has the TTFT in it, so the time per token is derived. Numbers
may be written as text. The harness idles between rounds: its requests per second are a lower bound.
"""

from __future__ import annotations

from collections.abc import Mapping

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import mapping, number, sequence, word
from tco_xlsx.bench.points.point import Latency, Point, no_zeros
from tco_xlsx.bench.points.reading import Closeness, FileReading, Notice, use_all
from tco_xlsx.bench.tools.client_keys import model_name
from tco_xlsx.bench.tools.token_time import defined

NAME = "llmperf"

SIDE_FILES: tuple[str, ...] = ()

choose = use_all

_TTFT = "results_ttft_s_mean"
_RATE = "results_num_completed_requests_per_min"

_DIGEST = (
    "skipped: a digest of llmperf results with the lengths asked for and without requests per second; "
    "the results it was made from are what is read."
)
_PER_REQUEST = "skipped: llmperf's records of single requests; the summary of the run is what is read."


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a summary of llmperf; None when nothing speaks for it."""
    content = document.json
    first = mapping(next(iter(sequence(content)), None))
    if "end_to_end_latency_s" in first or "ttft_s" in first:
        return Closeness(("ttft_s",))
    results = _results(content)
    if results and all("latency_ms_per_token" in result for result in results):
        return Closeness(("latency_ms_per_token",))
    found = [key for key in (_TTFT, _RATE) if any(key in result for result in results)]
    if not found:
        return None
    return Closeness((*found, "num_concurrent_requests"), tuple(key for key in (_TTFT, _RATE) if key not in found))


def read(document: Document) -> FileReading:
    """The points of a summary, in ms and per second."""
    content = document.json
    if isinstance(content, list):
        return FileReading(document.path, "other", notices=(Notice(document.name, _PER_REQUEST),))
    results = _results(content)
    if all("latency_ms_per_token" in result for result in results):
        return FileReading(document.path, "other", notices=(Notice(document.name, _DIGEST),))
    points = tuple(_point(document, result, place) for place, result in enumerate(results))
    return FileReading(document.path, "summary", points)


def _results(content: object) -> list[Mapping[str, object]]:
    """The summary that the file is, or those that it holds under "1", "2", "4", ..."""
    found = mapping(content)
    if found and all(key.isdigit() for key in found):
        return [mapping(item) for item in found.values()]
    return [found]


def _point(document: Document, result: Mapping[str, object], index: int) -> Point:
    per_minute = number(result.get(_RATE))
    completed = number(result.get("results_num_completed_requests"))
    ttft, latency = (no_zeros(_latency(result, name)) for name in ("ttft_s", "end_to_end_latency_s"))
    osl = number(result.get("results_number_output_tokens_mean"))
    itl = defined(ttft, latency, osl)
    notes = ["the harness idles between rounds: requests per second are a lower bound"]
    if itl is not None:
        notes.append("the time per token is derived: (latency - TTFT) / (OSL - 1)")
    return Point(
        file=document.name,
        tool=NAME,
        index=index,
        tool_version=word(result.get("version")),
        model=model_name(result.get("model")),
        engine=word(result.get("framework")),
        concurrency=number(result.get("num_concurrent_requests")),
        isl=number(result.get("results_number_input_tokens_mean")),
        osl=osl,
        isl_asked=number(result.get("mean_input_tokens")),
        osl_asked=number(result.get("mean_output_tokens")),
        streaming=True if ttft != Latency() else None,
        completed=completed,
        failed=_failed(result, completed),
        duration_s=completed / per_minute * 60 if completed and per_minute else None,
        rps=None if per_minute is None else per_minute / 60,
        output_tps=number(result.get("results_mean_output_throughput_token_per_s")),
        ttft=ttft,
        itl=Latency(avg=itl),
        latency=latency,
        notes=tuple(notes),
    )


def _failed(result: Mapping[str, object], completed: float | None) -> float | None:
    """The count of errors; else what the share of errors makes of the requests that were started."""
    errors = number(result.get("results_number_errors"))
    if errors is not None:
        return errors
    started, share = number(result.get("results_num_requests_started")), number(result.get("results_error_rate"))
    if started is not None and share is not None:
        return started * share
    return started - completed if started is not None and completed is not None and started >= completed else None


def _latency(result: Mapping[str, object], name: str) -> Latency:
    values = {"avg": number(result.get(f"results_{name}_mean"))}
    for statistic in ("p50", "p90", "p95", "p99"):
        values[statistic] = number(result.get(f"results_{name}_quantiles_{statistic}"))
    return Latency(**{key: None if value is None else value * 1000 for key, value in values.items()})
