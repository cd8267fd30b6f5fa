"""GuideLLM's CSV, brought to the shape of its JSON: three heading rows since 0.4, one before.

Three rows: group, field with its unit, statistic; the cell "Percentiles" is a list without the median. One
row: "Successful Requests per second mean", with "Benchmark ..." and units in brackets or not at all.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import BareWord, at, number
from tco_xlsx.bench.points.reading import Notice

# What stands in a cell "Percentiles".
_PLACES = {"p90": 7, "p95": 8, "p99": 9}
_LENGTH = 11

_GROUPS: dict[tuple[str, str], str] = {
    ("request latency", "successful sec"): "request_latency",
    ("time to first token", "successful ms"): "time_to_first_token_ms",
    ("inter token latency", "successful ms"): "inter_token_latency_ms",
    ("server throughput", "successful requests/sec"): "requests_per_second",
    ("token metrics", "successful input tokens"): "prompt_token_count",
    ("token metrics", "successful output tokens"): "output_token_count",
    ("token throughput", "successful output tokens/sec"): "output_tokens_per_second",
}
_ONE_ROW: dict[str, str] = {
    "successful request latency": "request_latency",
    "successful time to first token ms": "time_to_first_token_ms",
    "successful inter token latency ms": "inter_token_latency_ms",
    "successful requests per second": "requests_per_second",
    "successful prompt token count": "prompt_token_count",
    "successful output token count": "output_token_count",
    "successful output tokens per second": "output_tokens_per_second",
}
_COUNTS = ("successful", "errored", "incomplete")


def is_csv(document: Document) -> bool:
    """Whether the file begins like such a CSV."""
    lines = document.start.split("\n", 3)
    heading = lines[0].lower()
    if "successful requests per second mean" in heading or "successful request latency mean" in heading:
        return True
    return "run info" in heading and "request latency" in heading and len(lines) > 2


def benchmarks(document: Document, notices: list[Notice]) -> Iterator[dict[str, object]]:
    """A benchmark of each row, as the JSON would have it, with the line it is on."""
    reader = csv.reader(io.StringIO(document.text, newline=""))
    try:
        first = next(reader, [])
        if (first[:1] or [""])[0].strip().lower() == "run info":
            second, third = next(reader, []), next(reader, [])
            headings = [
                (group.strip().lower(), field.strip().lower(), statistic.strip().lower())
                for group, field, statistic in zip(first, second, third, strict=False)
            ]
            for row in reader:
                if any(cell.strip() for cell in row):
                    found = _of_three(headings, row)
                    document.look_at(found, f"line {reader.line_num}")
                    yield {"line": reader.line_num, **found}
        else:
            names = [heading.strip().lower() for heading in first]
            for row in reader:
                if any(cell.strip() for cell in row):
                    found = _of_one(names, row)
                    document.look_at(found, f"line {reader.line_num}")
                    yield {"line": reader.line_num, **found}
    except csv.Error as error:
        # A cell of more than 128 KiB is an error too: the rows before it are whole.
        notices.append(Notice(document.name, f"from line {reader.line_num} on no valid CSV: {error}."))


def _of_three(headings: list[tuple[str, str, str]], row: list[str]) -> dict[str, object]:
    metrics: dict[str, dict[str, dict[str, object]]] = {}
    counts: dict[str, object] = {}
    found: dict[str, object] = {"metrics": metrics, "request_totals": counts}
    config: dict[str, object] = {}
    for (group, field, statistic), cell in zip(headings, row, strict=False):
        name = _GROUPS.get((group, field))
        if name:
            statistics = metrics.setdefault(name, {}).setdefault("successful", {})
            if statistic == "percentiles":
                statistics["percentiles"] = _percentiles(cell)
            elif statistic in ("mean", "median"):
                statistics[statistic] = cell
        elif group == "request counts" and field in _COUNTS:
            counts[field] = cell
        elif (group, field) == ("timings", "duration"):
            found["duration"] = cell
        elif group == "benchmark" and field == "strategy":
            config["strategy"] = _strategy(cell)
        elif group == "run info" and field == "backend":
            config["backend"] = _object(cell)
        elif (group, field) == ("runtime info", "metadata"):
            found["metadata"] = _object(cell)
        elif (group, field) == ("runtime info", "arguments"):
            arguments = _object(cell)
            config["spec"] = at(arguments, "spec")
            found["args"] = arguments
    return {**found, "config": config}


def _of_one(names: list[str], row: list[str]) -> dict[str, object]:
    metrics: dict[str, dict[str, dict[str, object]]] = {}
    counts: dict[str, object] = {}
    found: dict[str, object] = {"metrics": metrics, "request_totals": counts}
    for name, cell in zip(names, row, strict=False):
        stem, _, statistic = name.rpartition(" ")
        known = _ONE_ROW.get(stem.replace("(", "").replace(")", ""))
        if known:
            statistics = metrics.setdefault(known, {}).setdefault("successful", {})
            if statistic == "percentiles":
                statistics["percentiles"] = _percentiles(cell)
            elif statistic in ("mean", "median"):
                statistics[statistic] = cell
        elif name in ("successful requests", "errored requests", "incomplete requests"):
            counts[stem] = cell
        elif name == "duration":
            found["duration"] = cell
        elif name in ("name", "strategy"):
            found["config"] = {"strategy": _strategy(cell)}
    return found


def _percentiles(cell: str) -> dict[str, object]:
    values = _parsed(cell)
    if not isinstance(values, list) or len(values) != _LENGTH:
        return {}
    return {name: values[place] for name, place in _PLACES.items()}


def _strategy(cell: str) -> object:
    """An object in newer versions; "constant@3.45" or "concurrent@8" before."""
    value = _parsed(cell)
    if isinstance(value, dict):
        return value
    kind, _, load = cell.strip().partition("@")
    return {"type_": kind.lower(), "streams": number(load), "rate": number(load)}


def _object(cell: str) -> object:
    value = _parsed(cell)
    return value if isinstance(value, dict) else {"model": cell.strip()} if cell.strip() else {}


def _parsed(cell: str) -> object:
    try:
        return json.loads(cell, parse_constant=BareWord)
    except (ValueError, RecursionError):
        return None
