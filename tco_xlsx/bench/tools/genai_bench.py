"""genai-bench (SGLang): a folder with `experiment_metadata.json` and one file per scenario and concurrency.

Requests are counted per MINUTE, latencies are in seconds unless the metadata says ms, and the metadata
knows GPU type and GPU count (as text). The single requests in a run file are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tco_xlsx.bench.files.document import Document, content_beside
from tco_xlsx.bench.files.json_values import at, mapping, number, word
from tco_xlsx.bench.points.point import STATISTICS, Latency, Point, no_zeros
from tco_xlsx.bench.points.reading import ChosenFiles, Closeness, FileReading, Notice
from tco_xlsx.bench.tools.client_keys import model_name

NAME = "genai-bench"

SIDE_FILES: tuple[str, ...] = ()

_METADATA = "experiment_metadata.json"

# D(100,1000): fixed; N(480,240)/(300,150): mean and deviation of input and output; U(50,100)/(200,250): bounds.
_SCENARIO = re.compile(r"(?P<kind>[DNU])\((?P<a>\d+),(?P<b>\d+)\)(?:/\((?P<c>\d+),(?P<d>\d+)\))?$")


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a run, or to the metadata, of genai-bench; None when nothing speaks for it."""
    content = document.json
    if not isinstance(content, dict):
        return None
    if _is_metadata(content):
        return Closeness(("server_gpu_count", "traffic_scenario"))
    aggregated = content.get("aggregated_metrics")
    if not isinstance(aggregated, dict):
        return None
    missing = tuple(key for key in ("stats", "requests_per_minute") if key not in aggregated)
    return Closeness(("aggregated_metrics", *(key for key in ("stats",) if key in aggregated)), missing)


def read(document: Document) -> FileReading:
    """The point of a run file, or what the metadata says of all runs."""
    content = mapping(document.json)
    if _is_metadata(content):
        return FileReading(document.path, "metadata", facts=_facts(content))
    aggregated = mapping(content.get("aggregated_metrics"))
    # Without the metadata nothing says ms, and seconds is what is written by default.
    unit = word(aggregated.get("metrics_time_unit"))
    return FileReading(
        document.path, "run", (_point(document, aggregated, unit),), facts={"unit": unit} if unit else {}
    )


def choose(parts: tuple[FileReading, ...]) -> ChosenFiles:
    """All runs, each with what the metadata beside it says."""
    metadata: dict[Path, list[Mapping[str, object]]] = {}
    for part in parts:
        if part.kind == "metadata":
            metadata.setdefault(part.path.parent, []).append(part.facts)
    runs = [part for part in parts if part.kind == "run"]
    used: list[FileReading] = []
    for part in runs:
        folder = part.path.parent
        if folder not in metadata:
            metadata[folder] = _beside(folder)
        if len(metadata[folder]) == 1:
            said = "unit" in part.facts
            points = tuple(_completed(point, metadata[folder][0], said) for point in part.points)
            used.append(replace(part, points=points))
        else:
            used.append(part)
    notices = [
        _told(part, [run for run in runs if run.path.parent == part.path.parent])
        for part in parts
        if part.kind == "metadata"
    ]
    for folder, several in metadata.items():
        if len(several) > 1:
            notices.append(Notice(str(folder), "several experiments of genai-bench in one folder; none is believed."))
    return ChosenFiles(tuple(used), tuple(notices))


def _told(metadata: FileReading, runs: list[FileReading]) -> Notice:
    if not runs:
        return Notice(str(metadata.path), "the metadata of a genai-bench experiment, but no run of it is here.")
    return Notice(str(metadata.path), f"read for the model, GPUs and engine of {len(runs)} runs beside it.")


def _point(document: Document, aggregated: Mapping[str, object], unit: str | None) -> Point:
    to_ms = 1.0 if unit == "ms" else 1000.0
    stats = aggregated.get("stats")
    isl_asked, osl_asked = _lengths(word(aggregated.get("scenario")))
    per_minute = number(aggregated.get("requests_per_minute"))
    ttft, itl, latency = (no_zeros(_latency(stats, name, to_ms)) for name in ("ttft", "tpot", "e2e_latency"))
    return Point(
        file=document.name,
        tool=NAME,
        concurrency=number(aggregated.get("num_concurrency")),
        isl=number(at(stats, "num_input_tokens", "mean")),
        osl=number(at(stats, "num_output_tokens", "mean")),
        isl_asked=isl_asked,
        osl_asked=osl_asked,
        streaming=True if ttft != Latency() else None,
        completed=number(aggregated.get("num_completed_requests")),
        failed=number(aggregated.get("num_error_requests")),
        duration_s=number(aggregated.get("run_duration")),
        rps=None if per_minute is None else per_minute / 60,
        output_tps=number(aggregated.get("mean_output_throughput_tokens_per_s")),
        total_tps=None,
        ttft=ttft,
        itl=itl,
        latency=latency,
    )


def _latency(stats: object, name: str, to_ms: float) -> Latency:
    keys = {"avg": "mean", "p50": "p50", "p90": "p90", "p95": "p95", "p99": "p99"}
    found = {statistic: number(at(stats, name, key)) for statistic, key in keys.items()}
    return Latency(**{key: None if value is None else value * to_ms for key, value in found.items()})


def _lengths(scenario: str | None) -> tuple[float | None, float | None]:
    match = _SCENARIO.match(scenario or "")
    if not match:
        return None, None
    first, second, third, fourth = (number(match[name]) for name in ("a", "b", "c", "d"))
    if match["kind"] == "D":
        return first, second
    if match["kind"] == "N":
        return first, third
    low, high = ((first, second), (third, fourth)) if third is not None else ((None, None), (None, None))
    return _middle(*low), _middle(*high)


def _middle(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else (low + high) / 2


def _is_metadata(content: Mapping[str, object]) -> bool:
    return "server_gpu_count" in content and "traffic_scenario" in content


def _facts(content: Mapping[str, object]) -> Mapping[str, object]:
    gpus = number(content.get("server_gpu_count"))
    found: dict[str, object] = {
        "model": model_name(content.get("model")) or model_name(content.get("api_model_name")),
        "gpu_type": word(content.get("server_gpu_type")),
        "gpus_per_instance": gpus if gpus and gpus > 0 else None,
        "engine": word(content.get("server_engine")),
        "tool_version": word(content.get("benchmark_version")),
        "metrics_time_unit": word(content.get("metrics_time_unit")),
    }
    return {key: value for key, value in found.items() if value is not None}


def _completed(point: Point, facts: Mapping[str, object], unit_said: bool) -> Point:
    known = {key: value for key, value in facts.items() if key != "metrics_time_unit"}
    if "gpus_per_instance" in known:
        known["gpu_source"] = "file"
    if facts.get("metrics_time_unit") == "ms" and not unit_said:
        # The run file says no unit and was read as seconds.
        known |= {name: _divided(getattr(point, name)) for name in ("ttft", "itl", "latency")}
    return replace(point, **known)  # type: ignore[arg-type]


def _divided(latency: Latency) -> Latency:
    values = {name: getattr(latency, name) for name in STATISTICS}
    return Latency(**{name: None if value is None else value / 1000 for name, value in values.items()})


def _beside(folder: Path) -> list[Mapping[str, object]]:
    """The metadata of a run that was given alone."""
    path = folder / _METADATA
    content = mapping(content_beside(path))
    return [_facts(content)] if _is_metadata(content) else []
