"""Files that benchmark tools write and that are no operating point: what each is, and why it is not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import at, mapping, sequence
from tco_xlsx.bench.points.reading import Closeness, FileReading, Notice, use_all

NAME = "other"

SIDE_FILES: tuple[str, ...] = ()

choose = use_all

_LOG_LINE = re.compile(r"^(?:\[?\d{4}-\d\d-\d\d|(?:INFO|WARNING|ERROR|DEBUG)[ :]|Traceback )", re.MULTILINE)


@dataclass(frozen=True)
class _Kind:
    """A kind of file, how to know it, and what to say of it."""

    why: str
    by_json: Callable[[Mapping[str, object]], bool] = lambda content: False
    by_text: Callable[[str], bool] = lambda start: False


def _has(*keys: str) -> Callable[[Mapping[str, object]], bool]:
    return lambda content: all(key in content for key in keys)


_KINDS = (
    _Kind(
        "the throughput of `vllm bench throughput`: all requests at once, input and output tokens counted together, "
        "no latency; run `vllm bench serve` for an operating point",
        by_json=_has("elapsed_time", "tokens_per_second"),
    ),
    _Kind(
        "the latency of `vllm bench latency`: one batch, no rate and no TTFT; "
        "run `vllm bench serve` for an operating point",
        by_json=_has("avg_latency", "percentiles"),
    ),
    _Kind(
        "a summary of EvalScope, whose keys are labels that change between versions; "
        "export its runs to the normal-form table",
        by_json=lambda content: any(key.startswith("Req Throughput") for key in content),
    ),
    _Kind(
        "a result of inference-benchmarker, which this version does not read; export it to the normal-form table",
        by_json=lambda content: _first(content, "results", "token_throughput_secs"),
    ),
    _Kind(
        "a result of llm-load-test, which this version does not read; export it to the normal-form table",
        by_json=lambda content: at(content, "summary", "tpot") is not None and "results" in content,
    ),
    _Kind(
        "a result of Google's inference-benchmark, which this version does not read; "
        "export it to the normal-form table",
        by_json=_has("metrics", "dimensions", "summary_stats"),
    ),
    _Kind(
        "an MLPerf log summary: a fixed scenario with its own limits, and no sweep over loads",
        by_text=lambda start: "MLPerf Results Summary" in start,
    ),
    _Kind(
        "a table of MLPerf results as published: the rate of a fixed scenario, without latencies and lengths",
        by_text=lambda start: "Model MLC" in start or ("Public ID" in start and "Organization" in start),
    ),
    _Kind(
        "a roll-up of srt-slurm: medians and tokens per second, but neither lengths nor requests per second; "
        "give the result files of the runs it was made from",
        by_text=lambda start: "Total Token Throughput per GPU" in start and "Decode GPU Count" in start,
    ),
    _Kind(
        "statistics of Locust: HTTP latencies without tokens",
        by_text=lambda start: start.startswith(('"Type","Name","Request Count"', "Type,Name,Request Count")),
    ),
    _Kind(
        "a log of a server or of a client, not a result",
        by_text=lambda start: len(_LOG_LINE.findall(start[:4000])) > 2,
    ),
    _Kind(
        "a text about benchmarks, not a result",
        by_text=lambda start: start.lstrip().startswith("# ") and "\n|" in start,
    ),
)


def recognises(document: Document) -> Closeness | None:
    """Whether the file is one of those that are known to hold no operating point."""
    return Closeness(("its content",)) if _kind(document) else None


def read(document: Document) -> FileReading:
    """A notice of what the file is, and why it is not read."""
    kind = _kind(document)
    why = kind.why if kind else "not a result"
    return FileReading(document.path, "other", notices=(Notice(document.name, f"skipped: {why}."),))


def _kind(document: Document) -> _Kind | None:
    content = document.content
    if content is None and document.start:
        first = document.first
        if first is None:
            return next((kind for kind in _KINDS if kind.by_text(document.start)), None)
        content = first
    if isinstance(content, list):
        content = next(iter(sequence(content)), None)
    found = mapping(content)
    return next((kind for kind in _KINDS if found and kind.by_json(found)), None)


def _first(content: Mapping[str, object], holder: str, key: str) -> bool:
    return at(next(iter(sequence(content.get(holder))), None), key) is not None
