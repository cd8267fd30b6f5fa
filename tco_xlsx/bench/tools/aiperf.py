"""NVIDIA AIPerf: `profile_export_aiperf.json` and `.csv` of every version, and its aggregates.

Versions: pre-release (`records`, a list or a dict of headings), 0.1 (`records` by tag, "ttft", nulls),
0.2 to 0.9 (metrics at the top level), 0.4 and later (`schema_version`), 0.10 and later (`phases`).
A metric that does not apply is absent: TTFT and ITL are, when not streaming.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import at, mapping, number, word
from tco_xlsx.bench.notes.folder_name import folder_name, trial_of
from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import Closeness, FileReading
from tco_xlsx.bench.tools import aiperf_aggregate
from tco_xlsx.bench.tools.aiperf_choice import choose, phase_of
from tco_xlsx.bench.tools.aiperf_config import Asked, asked, is_warm_up
from tco_xlsx.bench.tools.client_keys import decode_time
from tco_xlsx.bench.tools.metric import Metrics, slug
from tco_xlsx.bench.tools.metric_csv import heading, read_metric_csv

__all__ = ["NAME", "SIDE_FILES", "choose", "read", "recognises"]

NAME = "aiperf"

SIDE_FILES: tuple[str, ...] = (
    "profile_export*.jsonl",
    "profile_export_console.*",
    "*_console.txt",
    "*_timeslices.csv",
    "*_timeslices.json",
    "gpu_telemetry_export.*",
    "server_metrics_export.*",
    "inputs.json",
    "run_config.json",
    "phase_manifest.json",
    "aiperf.log",
)
"""Names of files that AIPerf lays beside a result and that hold no operating point."""

# What 0.1 called a metric.
_TAGS = {"ttft": "time_to_first_token"}

_KNOWN = (
    "request_throughput",
    "request_latency",
    "time_to_first_token",
    "inter_token_latency",
    "request_count",
)


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a result of AIPerf; None when nothing speaks for it."""
    if document.is_zip:
        return None
    if _is_records(document.first_line_json):
        return Closeness(("per-request records",))
    if aiperf_aggregate.is_csv(document) or _is_csv(heading(document.start)):
        return Closeness(("a table of metrics",))
    content = document.json
    if not isinstance(content, dict):
        return None
    if aiperf_aggregate.is_json(content):
        return Closeness(("aggregation_type",))
    marks = [key for key in ("aiperf_version", "schema_version", "error_summary", "was_cancelled") if key in content]
    marks += [key for key in ("loadgen", "phases", "models") if at(content, "input_config", key) is not None]
    marks += ["records"] if isinstance(content.get("records"), (dict, list)) else []
    entries = _entries(content)
    marks += ["benchmark_duration"] if "benchmark_duration" in entries else []
    metrics = [tag for tag in _KNOWN if at(entries.get(tag), "unit") is not None]
    if not marks and (not metrics or "aiperf" not in document.path.name):
        return None
    missing: tuple[str, ...] = () if metrics else ("a metric such as request_throughput",)
    missing += () if marks else ("aiperf_version",)
    return Closeness((*marks, *metrics), missing)


def read(document: Document) -> FileReading:
    """The points of a recognised file, in ms and seconds. Faults: units that are not known."""
    path = document.path
    if _is_records(document.first_line_json):
        return FileReading(path, "side")
    if aiperf_aggregate.is_csv(document):
        return FileReading(path, "aggregate csv")
    content = document.json
    if not isinstance(content, dict):
        return _read_csv(document)
    if aiperf_aggregate.is_json(content):
        points, faults = aiperf_aggregate.read_json(content, path)
        return FileReading(path, "aggregate", points, faults=faults)
    phase = phase_of(path)
    metrics = Metrics(document.name, _entries(content))
    wanted = asked(content, phase.name if phase else None)
    gpu_type, notes = _gpus(_telemetry(content))
    if at(content, "was_cancelled") is True:
        notes += ("the run was cancelled",)
    if at(content, "is_complete") is False:
        notes += ("the run is not complete",)
    no_errors = content.get("error_summary") == []
    point = point_of(path, metrics, wanted, no_errors, gpu_type, notes, word(content.get("aiperf_version")))
    return FileReading(path, _kind(path, content), (point,), faults=tuple(metrics.faults))


def _read_csv(document: Document) -> FileReading:
    csv = read_metric_csv(document.text, document.name)
    document.not_finite.update(csv.not_finite)
    metrics = Metrics(document.name, {_TAGS.get(tag, tag): entry for tag, entry in csv.entries.items()})
    gpu_type, notes = _gpus(csv.gpu_names)
    notes += ("read from CSV, which is rounded to two decimals",)
    point = point_of(document.path, metrics, Asked(), False, gpu_type, notes, None)
    return FileReading(document.path, _kind(document.path, None), (point,), faults=(*csv.faults, *metrics.faults))


def point_of(
    path: Path,
    metrics: Metrics,
    wanted: Asked,
    no_errors: bool,
    gpu_type: str | None,
    notes: tuple[str, ...],
    version: str | None,
) -> Point:
    """One run as a point. Where the file does not name load or model, the folders above it may."""
    folder = folder_name(path)
    concurrency, request_rate = wanted.concurrency, wanted.request_rate
    if concurrency is None and request_rate is None and not wanted.notes:
        concurrency, request_rate = folder.concurrency, folder.request_rate
        if concurrency is not None or request_rate is not None:
            notes += ("the load is taken from the folder's name",)
    model = wanted.model or folder.model
    if model and not wanted.model:
        notes += ("the model is taken from the folder's name",)
    streaming = wanted.streaming
    if streaming is None:
        # Versions since 0.10 leave the key out when it is false; TTFT is there exactly when streaming.
        streaming = metrics.has("time_to_first_token")
    completed = metrics.count("request_count")
    # `inter_chunk_latency` is the gap between packets, which may be larger.
    itl, itl_kind, itl_notes = decode_time(
        metrics.latency("inter_token_latency"), metrics.latency("inter_chunk_latency")
    )
    return Point(
        file=str(path),
        tool=NAME,
        trial=trial_of(path),
        tool_version=version,
        model=model,
        gpu_type=gpu_type,
        concurrency=concurrency,
        request_rate=request_rate,
        isl=metrics.count("input_sequence_length"),
        osl=metrics.count("output_sequence_length"),
        isl_asked=wanted.isl or folder.isl,
        osl_asked=wanted.osl or folder.osl,
        streaming=streaming,
        completed=completed,
        failed=_failed(metrics, completed, no_errors),
        duration_s=metrics.seconds("benchmark_duration"),
        rps=metrics.per_second("request_throughput"),
        output_tps=metrics.per_second("output_token_throughput"),
        ttft=metrics.latency("time_to_first_token"),
        itl=itl,
        itl_kind=itl_kind,
        latency=metrics.latency("request_latency"),
        notes=(*wanted.notes, *notes, *itl_notes),
    )


def _failed(metrics: Metrics, completed: float | None, no_errors: bool) -> float | None:
    """Failed requests. `error_request_count` is absent when there are none."""
    failed = metrics.count("error_request_count")
    if failed is not None:
        return failed
    ended = metrics.count("completed_request_count")
    if ended is not None and completed is not None and ended >= completed:
        return ended - completed
    return 0.0 if no_errors and completed is not None else None


def _entries(content: Mapping[str, object]) -> dict[str, object]:
    """The metrics by tag, whichever way the version lays them out."""
    records = content.get("records")
    if isinstance(records, list):
        named = [(word(at(item, "tag")) or word(at(item, "header")) or "", item) for item in records]
    elif isinstance(records, dict):
        named = [(word(at(item, "tag")) or key, item) for key, item in records.items()]
    else:
        named = [(key, item) for key, item in content.items() if isinstance(item, dict) and "unit" in item]
    tags = [(slug(name), item) for name, item in named]
    return {_TAGS.get(tag, tag): item for tag, item in tags if tag}


def _telemetry(content: Mapping[str, object]) -> list[str]:
    """The name of each GPU that the telemetry saw."""
    endpoints = mapping(at(content, "telemetry_data", "endpoints"))
    gpus = [gpu for endpoint in endpoints.values() for gpu in mapping(at(endpoint, "gpus")).values()]
    return [name for name in (word(at(gpu, "gpu_name")) for gpu in gpus) if name]


def _gpus(names: list[str]) -> tuple[str | None, tuple[str, ...]]:
    """GPU type and a note. How many GPUs were seen is not how many the instance used."""
    kinds = list(dict.fromkeys(names))
    if not kinds:
        return None, ()
    seen = f"telemetry saw {len(names)} GPU{'s' if len(names) > 1 else ''} ({', '.join(kinds)})"
    return (kinds[0] if len(kinds) == 1 else None), (seen,)


def _is_csv(columns: tuple[str, ...]) -> bool:
    # GenAI-Perf lists its percentiles downwards and has no `std`; both have avg, min and max.
    return columns[:2] in (("metric", "avg"), ("metric", "value")) and not _descending(columns)


def _descending(columns: tuple[str, ...]) -> bool:
    percentiles = [number(name[1:]) or 0.0 for name in columns if name[:1] == "p" and name[1:].isdigit()]
    return len(percentiles) > 1 and percentiles[0] > percentiles[-1]


def _is_records(first_line: object) -> bool:
    return at(first_line, "metadata", "request_start_ns") is not None


def _kind(path: Path, content: object) -> str:
    phase = phase_of(path)
    if phase and is_warm_up(content, phase.name):
        return "warm-up"
    return "csv" if content is None else "run"
