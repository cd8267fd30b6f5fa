"""NVIDIA GenAI-Perf: `profile_export_genai_perf.json` and `.csv`.

Two generations of JSON: in 2024 a flat `input_config` (`model` a list, `concurrency`), since 2025 a nested
one (`model_names`, `perf_analyzer.stimulus`). Latencies were in ns until mid-2024: the unit is read.
Failed requests are not counted anywhere.
"""

from __future__ import annotations

import csv
import math
import os.path
import re
from dataclasses import replace
from pathlib import Path

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import at, mapping, number, sequence, word
from tco_xlsx.bench.notes.folder_name import folder_name
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import ChosenFiles, Closeness, FileReading, Notice
from tco_xlsx.bench.tools import genai_perf_table
from tco_xlsx.bench.tools.metric import Metrics
from tco_xlsx.bench.tools.metric_csv import heading, read_metric_csv
from tco_xlsx.documents.errors import Fault

NAME = "genai-perf"

SIDE_FILES: tuple[str, ...] = ("inputs.json", "llm_inputs.json")
"""The prompts, which lie beside a result."""

_RAW = (
    "skipped: the raw record of perf_analyzer, which holds no token counts; "
    "profile_export_genai_perf.json of the same run is what is read."
)
_NO_UNIT = (
    "row left out: no column says the unit of its latencies, and with none of ns, us, ms and s is requests/s x latency "
    "near the concurrency (Little's law)."
)
_SUMMARY = "skipped: the summary of an analysis; its runs are read instead."

# The CSV rounds to two decimals: the two means of a run without streaming may differ in the last.
_SAME_MEAN = 0.011

_RAW_START = re.compile(r'"experiments"\s*:\s*\[')


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a result of GenAI-Perf; None when nothing speaks for it."""
    if _is_summary(document):
        return Closeness(("analyze_export",))
    if _is_raw(document):
        return Closeness(("experiments",))
    if genai_perf_table.is_table(document):
        return Closeness(("a table of runs",))
    columns = heading(document.start)
    if columns:
        signs = [name for name in ("metric", "avg", "p99", "min", "max") if name in columns]
        return Closeness(tuple(signs)) if columns[1] in ("avg", "value") else None
    content = document.json
    if not isinstance(content, dict):
        return None
    found = [tag for tag in ("request_throughput", "request_latency") if at(content, tag, "unit") is not None]
    has_config = isinstance(content.get("input_config"), dict)
    if not found and not ("genai_perf" in document.path.name and has_config):
        return None
    missing: tuple[str, ...] = () if found else ("request_throughput",)
    named = "genai_perf" in document.path.name
    missing += () if has_config or named else ("input_config",)
    return Closeness((*found, *(["input_config"] if has_config else [])), missing)


def read(document: Document) -> FileReading:
    """The point of a recognised file, in ms and seconds. Faults: units or cells that are not known."""
    path = document.path
    if _is_summary(document) or _is_raw(document):
        return FileReading(path, "skipped", notices=(Notice(document.name, _RAW if _is_raw(document) else _SUMMARY),))
    if genai_perf_table.is_table(document):
        return _read_table(document)
    content = document.json
    if isinstance(content, dict):
        metrics = Metrics(document.name, content)
        point = _point(path, metrics, content.get("input_config"))
        return FileReading(path, "json", (point,), faults=tuple(metrics.faults))
    table = read_metric_csv(document.text, document.name)
    document.not_finite.update(table.not_finite)
    metrics = Metrics(document.name, table.entries)
    point = _point(path, metrics, None)
    return FileReading(path, "csv", (point,), faults=(*table.faults, *metrics.faults))


def _read_table(document: Document) -> FileReading:
    points: list[Point] = []
    notices: list[Notice] = []
    faults: list[Fault] = []
    try:
        for line, row in genai_perf_table.rows(document):
            entries, how = genai_perf_table.with_units(row)
            if how is None:
                notices.append(Notice(document.name, _NO_UNIT, line))
                continue
            metrics = Metrics(document.name, entries)
            point = _point(document.path, metrics, entries.get("input_config"))
            gpus = number(entries.get("task_inputs", {}).get("n_gpus"))
            facts = {
                name: genai_perf_table.text_of(entries, "task_inputs", name) for name in ("model", "GPU", "precision")
            }
            points.append(
                replace(
                    point,
                    index=len(points),
                    line=line,
                    model=facts["model"] or point.model,
                    gpu_type=facts["GPU"],
                    gpus_per_instance=gpus,
                    gpu_source="file" if gpus else None,
                    precision=facts["precision"],
                    notes=(*point.notes, how),
                )
            )
            faults += [replace(fault, line=line) for fault in metrics.faults]
    except csv.Error as error:
        notices.append(Notice(document.name, f"after {len(points)} rows no valid CSV: {error}."))
    return FileReading(document.path, "table", tuple(points), tuple(notices), tuple(faults))


def choose(parts: tuple[FileReading, ...]) -> ChosenFiles:
    """One part per run: the JSON, which is exact, rather than the CSV beside it."""
    jsons = {_stem(part.path) for part in parts if part.kind == "json"}
    twins = [part for part in parts if part.kind == "csv" and _stem(part.path) in jsons]
    why = "skipped: the same run as the JSON beside it, which is read."
    notices = tuple(Notice(str(part.path), why) for part in twins)
    return ChosenFiles(tuple(part for part in parts if part not in twins), notices)


def _point(path: Path, metrics: Metrics, config: object) -> Point:
    folder = folder_name(path)
    notes: list[str] = []
    concurrency, request_rate = _load(config)
    if concurrency is None and request_rate is None:
        concurrency, request_rate = folder.concurrency, folder.request_rate
        if concurrency is not None or request_rate is not None:
            notes.append("the load is taken from the folder's name")
    model = _model(config)
    if model is None and folder.model:
        model = folder.model
        notes.append("the model is taken from the folder's name")
    streaming = _streaming(config)
    ttft, itl, latency = (
        metrics.latency(tag) for tag in ("time_to_first_token", "inter_token_latency", "request_latency")
    )
    if streaming is None and _same(ttft.avg, latency.avg):
        streaming = False
    if streaming is False and ttft != Latency():
        ttft, itl = Latency(), Latency()
        notes.append("not streaming: the TTFT of the file is the request latency and is left out")
    return Point(
        file=str(path),
        tool=NAME,
        model=model,
        concurrency=concurrency,
        request_rate=request_rate,
        isl=metrics.count("input_sequence_length", "num_input_token"),
        osl=metrics.count("output_sequence_length", "num_output_token"),
        isl_asked=_positive(_first(config, "synthetic_input_tokens_mean", "input.synthetic_tokens.mean")) or folder.isl,
        osl_asked=_positive(_first(config, "output_tokens_mean", "input.output_tokens.mean")) or folder.osl,
        streaming=streaming,
        completed=metrics.count("request_count"),
        rps=metrics.per_second("request_throughput"),
        output_tps=metrics.per_second("output_token_throughput"),
        ttft=ttft,
        itl=itl,
        latency=latency,
        notes=tuple(notes),
    )


def _load(config: object) -> tuple[float | None, float | None]:
    """Concurrency and request rate; a stimulus that is not used is null or, in 2025, an empty text."""
    stimulus = mapping(at(config, "perf_analyzer", "stimulus")) or mapping(config)
    return _positive(stimulus.get("concurrency")), _positive(stimulus.get("request_rate"))


def _model(config: object) -> str | None:
    given = at(config, "model_names") or at(config, "model")
    names = [word(name) for name in sequence(given)] or [word(given)]
    return ", ".join(name for name in names if name) or None


def _streaming(config: object) -> bool | None:
    value = _first(config, "endpoint.streaming", "streaming")
    return value if isinstance(value, bool) else None


def _first(config: object, *paths: str) -> object:
    found = (at(config, *path.split(".")) for path in paths)
    return next((value for value in found if value is not None), None)


def _positive(value: object) -> float | None:
    """A number above 0 (-1 stands for "not given"), also when it stands alone in a list."""
    items = sequence(value)
    found = number(items[0]) if len(items) == 1 else number(value)
    return found if found is not None and found > 0 else None


def _same(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9, abs_tol=_SAME_MEAN)


def _is_raw(document: Document) -> bool:
    start = document.start
    return bool(_RAW_START.search(start)) and ("response_timestamps" in start or '"service_kind"' in start)


def _is_summary(document: Document) -> bool:
    return document.path.name.startswith("analyze_export_genai_perf")


def _stem(path: Path) -> str:
    return os.path.abspath(path.with_suffix(""))
