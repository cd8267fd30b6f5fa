"""What `vllm bench serve`, benchmark_serving.py and SGLang's bench_serving print, kept in a log or a text.

A block of labels and figures for each run, rounded to two decimals. The load stands in it, or in the lines before:
"Maximum request concurrency: 8", "Traffic request rate: inf", or the arguments as Python prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import number
from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import Closeness, FileReading, Notice, use_all
from tco_xlsx.bench.tools import sglang, vllm

NAME = "console"

SIDE_FILES: tuple[str, ...] = ()

choose = use_all

RESULT_BLOCK = "============ Serving Benchmark Result ============"
# A log of a server and its client together; longer ones are given without the server's part.
_LONGEST = 16 << 20

_LABELS = {
    "backend": "backend",
    "successful requests": "completed",
    "failed requests": "failed",
    "maximum request concurrency": "max_concurrency",
    "max request concurrency": "max_concurrency",
    "traffic request rate": "request_rate",
    "request rate configured (rps)": "request_rate",
    "benchmark duration (s)": "duration",
    "total input tokens": "total_input_tokens",
    "total generated tokens": "total_output_tokens",
    "request throughput (req/s)": "request_throughput",
    "output token throughput (tok/s)": "output_throughput",
    "total token throughput (tok/s)": "total_token_throughput",
    "peak concurrent requests": "max_concurrent_requests",
    "concurrency": "concurrency",
    "accept length": "accept_length",
    "acceptance length": "spec_decode_acceptance_length",
}
_LOAD = ("max_concurrency", "request_rate")
_LATENCY = re.compile(r"(mean|median|p\d\d(?:\.\d)?) (ttft|tpot|itl|e2el|e2e latency) \(ms\)$")
_LINE = re.compile(r"\s*([A-Za-z0-9][^:]{2,60}?)\s*:\s+(\S+)\s*$")
# Namespace(backend='vllm', model='acme/tiny-7b', max_concurrency=8, request_rate=inf, ...)
_ARGUMENT = re.compile(r"\b(model|max_concurrency|request_rate|num_prompts)=(?:'([^']*)'|([\w.+-]+))")

_ROUNDED = "read from a console log, which is rounded to two decimals"
_NO_LOAD = (
    "skipped: a console log with the result of a run, which does not say its load (no line such as "
    '"Maximum request concurrency: 8"); run the benchmark with --save-result and give that file.'
)
_BROKEN = "skipped: the result of a run in this console log lacks {}; it may have been cut short."


def recognises(document: Document) -> Closeness | None:
    """Whether the text holds a result block."""
    if document.is_zip or document.start.lstrip()[:1] in ("{", "[") or document.size > _LONGEST:
        return None
    return Closeness(("its result block",)) if RESULT_BLOCK in document.text else None


def read(document: Document) -> FileReading:
    """A point for each block that says its load."""
    points: list[Point] = []
    notices: list[Notice] = []
    for line, found in _results(document.text):
        missing = [label for label, key in _LABELS.items() if key in _NEEDED and key not in found]
        if missing:
            notices.append(Notice(document.name, _BROKEN.format(" and ".join(missing)), line))
        elif not any(key in found for key in _LOAD):
            notices.append(Notice(document.name, _NO_LOAD, line))
        else:
            document.look_at(found, f"line {line}")
            points.append(_point(document, found, len(points), line))
    return FileReading(document.path, "log", tuple(points), tuple(notices))


_NEEDED = ("completed", "duration", "total_output_tokens", "request_throughput")


def _point(document: Document, found: Mapping[str, object], index: int, line: int) -> Point:
    by_sglang = "mean_e2e_latency_ms" in found
    point = sglang.point_of(document, found, index) if by_sglang else vllm.point_of(document, found, index)
    model = found.get("model_id")
    return replace(
        point,
        tool=NAME,
        line=line,
        model=point.model or (model if isinstance(model, str) else None),
        notes=(*point.notes, _ROUNDED),
    )


def _results(text: str) -> Iterator[tuple[int, dict[str, object]]]:
    """The labels and figures of each block by the keys of the result files, with the line that it begins on."""
    before: dict[str, object] = {}
    block: dict[str, object] | None = None
    began = 0
    for place, line in enumerate(text.split("\n"), start=1):
        # A progress bar writes over itself; the last of it is what stood there.
        shown = line.rstrip("\r").rpartition("\r")[2]
        if RESULT_BLOCK in shown:
            if block is not None:
                yield began, {**before, **block}
                before = {}
            block, began = {}, place
        elif block is None:
            before |= _arguments(shown)
            key, value = _figure(shown)
            if key in _LOAD:
                before[key] = value
        elif block and set(shown.strip()) == {"="}:
            yield began, {**before, **block}
            block, before = None, {}
        else:
            key, value = _figure(shown)
            if key:
                block.setdefault(key, value)
    if block is not None:
        yield began, {**before, **block}


def _figure(line: str) -> tuple[str, object]:
    match = _LINE.match(line)
    if not match:
        return "", None
    label, text = match[1].lower(), match[2]
    latency = _LATENCY.match(label)
    key = f"{latency[1]}_{latency[2].replace(' ', '_')}_ms" if latency else _LABELS.get(label, "")
    return key, _value(text)


def _arguments(line: str) -> dict[str, object]:
    if "Namespace(" not in line:
        return {}
    found = {match[1]: match[2] if match[2] is not None else _value(match[3]) for match in _ARGUMENT.finditer(line)}
    return {"model_id" if key == "model" else key: value for key, value in found.items()}


def _value(text: str) -> object:
    """A number; None for one that was not set; else the text."""
    if text.lower() in ("none", "not", "n/a"):
        return None
    value = number(text.replace(",", ""))
    return text if value is None else value
