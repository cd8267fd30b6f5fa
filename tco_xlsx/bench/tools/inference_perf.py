"""inference-perf (kubernetes-sigs): one `stage_N_lifecycle_metrics.json` per offered rate, all in seconds.

The summary mixes all stages and is no operating point; `achieved_rate` is the rate of sending. Model and
lengths stand only in `config.yaml` beside the stages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tco_xlsx.bench.files.document import Document, content_beside
from tco_xlsx.bench.files.json_values import at, mapping, number, word
from tco_xlsx.bench.points.point import Latency, Point, no_zeros
from tco_xlsx.bench.points.reading import ChosenFiles, Closeness, FileReading, Notice
from tco_xlsx.bench.tools.client_keys import load_of, model_name
from tco_xlsx.bench.tools.token_time import checked

NAME = "inference-perf"

SIDE_FILES: tuple[str, ...] = ()

_SUMMARY = "skipped: inference-perf's summary mixes all stages; the stage files are what is read."
_PROMETHEUS = "skipped: the server's own counters (Prometheus), which are not of one load; the stages are read."
_PER_REQUEST = "skipped: inference-perf's records of single requests; the stage files are what is read."
_CONFIG = "config.yaml"


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a report of inference-perf; None when nothing speaks for it."""
    if "per_request_lifecycle_metrics" in document.path.name:
        return Closeness(("its name",))
    content = document.content
    if not isinstance(content, dict):
        return None
    if _is_config(content):
        return Closeness(("server.model_name", "load"))
    found = [key for key in ("load_summary", "successes") if isinstance(content.get(key), dict)]
    if not found or "scenario" in content:
        return None
    missing = tuple(key for key in ("load_summary", "successes") if key not in found)
    return Closeness((*found, *(["failures"] if "failures" in content else [])), missing)


def read(document: Document) -> FileReading:
    """The point of a stage, in ms and per second."""
    path = document.path
    if "per_request_lifecycle_metrics" in path.name:
        return FileReading(path, "other", notices=(Notice(document.name, _PER_REQUEST),))
    content = mapping(document.content)
    if _is_config(content):
        return FileReading(path, "config", facts=_facts(content))
    why = _no_stage(path, content)
    if why:
        return FileReading(path, "other", notices=(Notice(document.name, why),))
    point, odd = _point(document, content)
    return FileReading(path, "stage", (point,), tuple(Notice(document.name, note + ".") for note in odd))


def choose(parts: tuple[FileReading, ...]) -> ChosenFiles:
    """All stages, each with what the config beside it says."""
    configs = {part.path.parent: part.facts for part in parts if part.kind == "config"}
    used: list[FileReading] = []
    for part in parts:
        if part.kind == "config":
            continue
        folder = part.path.parent
        if folder not in configs:
            configs[folder] = _beside(folder)
        points = tuple(replace(point, **configs[folder]) for point in part.points)  # type: ignore[arg-type]
        used.append(replace(part, points=points))
    notices = tuple(
        _told(part, [other for other in used if other.path.parent == part.path.parent])
        for part in parts
        if part.kind == "config"
    )
    return ChosenFiles(tuple(used), notices)


def _told(config: FileReading, others: list[FileReading]) -> Notice:
    stages = sum(part.kind == "stage" for part in others)
    if not stages:
        return Notice(str(config.path), "the configuration of an inference-perf run, but no stage of it is here.")
    return Notice(str(config.path), f"read for the model and the lengths of {stages} stages beside it.")


def _no_stage(path: Path, content: Mapping[str, object]) -> str | None:
    load, successes = mapping(content.get("load_summary")), mapping(content.get("successes"))
    if "prometheus" in path.name or ("latency" not in successes and "request_latency" in successes):
        return _PROMETHEUS
    if "summary_lifecycle" in path.name or not ({"requested_rate", "achieved_rate", "send_duration"} & set(load)):
        return _SUMMARY
    return None


def _point(document: Document, content: Mapping[str, object]) -> tuple[Point, tuple[str, ...]]:
    load, successes = content.get("load_summary"), mapping(content.get("successes"))
    asked = load_of(number(at(load, "concurrency")), number(at(load, "requested_rate")))
    osl = number(at(successes, "output_len", "mean"))
    ttft, said, latency = (
        no_zeros(_latency(at(successes, "latency", name)))
        for name in ("time_to_first_token", "time_per_output_token", "request_latency")
    )
    itl, odd = checked(said, ttft, latency, osl)
    throughput = successes.get("throughput")
    sent = number(at(load, "achieved_rate"))
    notes = (f"sent at {sent:.4g} requests/s",) if sent is not None else ()
    point = Point(
        file=document.name,
        tool=NAME,
        concurrency=asked.concurrency,
        request_rate=asked.request_rate,
        isl=number(at(successes, "prompt_len", "mean")),
        osl=osl,
        streaming=True if ttft != Latency() else None,
        completed=number(successes.get("count")),
        failed=number(at(content, "failures", "count")),
        duration_s=number(content.get("benchmark_time_seconds")),
        rps=number(at(throughput, "requests_per_sec")),
        output_tps=number(at(throughput, "output_tokens_per_sec")),
        total_tps=number(at(throughput, "total_tokens_per_sec")),
        ttft=ttft,
        itl=itl,
        latency=latency,
        notes=(*asked.notes, *notes, *([odd] if odd else [])),
    )
    return point, (odd,) if odd else ()


def _latency(statistics: object) -> Latency:
    keys = {"avg": "mean", "p50": "median", "p90": "p90", "p95": "p95", "p99": "p99"}
    values = {name: number(at(statistics, key)) for name, key in keys.items()}
    return Latency(**{name: None if value is None else value * 1000 for name, value in values.items()})


def _is_config(content: Mapping[str, object]) -> bool:
    return word(at(content, "server", "model_name")) is not None and isinstance(content.get("load"), dict)


def _facts(content: Mapping[str, object]) -> Mapping[str, object]:
    lengths = [
        number(at(content, "data", distribution, "mean"))
        for distribution in ("input_distribution", "output_distribution")
    ]
    found = {
        "model": model_name(at(content, "server", "model_name")),
        "engine": word(at(content, "server", "type")),
        "isl_asked": lengths[0],
        "osl_asked": lengths[1],
        "streaming": at(content, "api", "streaming") if isinstance(at(content, "api", "streaming"), bool) else None,
    }
    return {key: value for key, value in found.items() if value is not None}


def _beside(folder: Path) -> Mapping[str, object]:
    """The config of a stage that was given alone."""
    path = folder / _CONFIG
    content = content_beside(path)
    return _facts(content) if isinstance(content, dict) and _is_config(content) else {}
