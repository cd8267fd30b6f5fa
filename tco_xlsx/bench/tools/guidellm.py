"""GuideLLM: benchmarks.json, .yaml and .csv of its three generations; one file holds a whole sweep.

0 (to 0.3): no `metadata`, the load under `args`; 1 (0.4 to 0.6): `config.strategy` in each benchmark, `args`
above; 2 (since 0.7): `config.spec` above. Only `successful` requests count. `request_latency` is in seconds,
what ends in `_ms` is not. Without streaming TTFT and ITL are written as 0.0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_stream import CutList
from tco_xlsx.bench.files.json_values import at, mapping, number, sequence, word
from tco_xlsx.bench.points.point import Latency, Point, no_zeros
from tco_xlsx.bench.points.reading import ChosenFiles, Closeness, FileReading, Notice
from tco_xlsx.bench.points.same_runs import without_copies
from tco_xlsx.bench.tools import guidellm_csv
from tco_xlsx.bench.tools.guidellm_rate import BELOW_LITTLE, BIASED, WITHOUT_TTFT, Run, true_rate, whole_output_rate

NAME = "guidellm"

SIDE_FILES: tuple[str, ...] = ()

_TOKENS = re.compile(r"(prompt|output)_tokens['\"]?\s*[=:]\s*(\d+)")


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a report of GuideLLM; None when nothing speaks for it."""
    if guidellm_csv.is_csv(document):
        return Closeness(("its headings",))
    content = document.content
    benchmarks = sequence(at(content, "benchmarks"))
    if not benchmarks:
        return None
    has_rates = any(at(item, "metrics", "requests_per_second") is not None for item in benchmarks)
    missing = () if has_rates else ("metrics.requests_per_second",)
    marks = [key for key in ("guidellm_version", "version") if at(content, "metadata", key) is not None]
    if missing and not marks:
        return None
    return Closeness(("benchmarks", *marks), missing)


def read(document: Document) -> FileReading:
    """The points of a report, in ms and per second: one for each load."""
    notices: list[Notice] = []
    if guidellm_csv.is_csv(document):
        rows = guidellm_csv.benchmarks(document, notices)
        points = [point_of(document.name, mapping(row), mapping(row), place) for place, row in enumerate(rows)]
        return FileReading(document.path, "csv", tuple(points), (*notices, *_corrections(points)))
    content = mapping(document.content)
    benchmarks = sequence(content.get("benchmarks"))
    if isinstance(benchmarks, CutList):
        notices.append(Notice(document.name, f"only the first {len(benchmarks)} loads are read; split the report."))
    points = [point_of(document.name, content, mapping(item), place) for place, item in enumerate(benchmarks)]
    for place, item in enumerate(benchmarks):
        for warning in sequence(at(item, "warnings")):
            said = word(at(warning, "message"))
            if said:
                notices.append(Notice(document.name, f"point {place + 1}: GuideLLM warns: {said}"))
    notices += _corrections(points)
    kind = "json" if document.json is not None else "yaml"
    return FileReading(document.path, kind, tuple(points), tuple(notices))


def _corrections(points: Sequence[Point]) -> list[Notice]:
    """What was not taken as the report says it."""
    return [
        Notice(point.file, f"point {point.index + 1}: {note}.", point.line)
        for point in points
        for note in point.notes
        if note.endswith((BIASED, WITHOUT_TTFT, BELOW_LITTLE))
    ]


def choose(parts: tuple[FileReading, ...]) -> ChosenFiles:
    """Each report once, however many formats it was written in."""
    return without_copies(parts, ("json", "yaml", "csv"))


def point_of(file: str, report: Mapping[str, object], benchmark: Mapping[str, object], index: int) -> Point:
    """One load as a point."""
    metrics = benchmark.get("metrics")
    counts = mapping(at(metrics, "request_totals")) or mapping(benchmark.get("request_totals"))
    completed = number(counts.get("successful"))
    duration = number(benchmark.get("duration"))
    ttft, itl, latency = (
        _latency(metrics, "time_to_first_token_ms", 1.0),
        _latency(metrics, "inter_token_latency_ms", 1.0),
        _latency(metrics, "request_latency", 1000.0),
    )
    concurrency, rate, load_notes = _load(report, benchmark)
    osl, output_tps = _mean(metrics, "output_token_count"), _mean(metrics, "output_tokens_per_second")
    run = Run(
        said=_mean(metrics, "requests_per_second"),
        completed=completed,
        duration=duration,
        output_tps=output_tps,
        osl=osl,
        concurrency=concurrency,
        latency=None if latency.avg is None else latency.avg / 1000,
        ttft=None if ttft.avg is None else ttft.avg / 1000,
    )
    rps, notes = true_rate(run)
    output_tps, of_tokens = whole_output_rate(run, rps)
    notes += of_tokens
    streaming = _streaming(report, benchmark)
    if streaming is None and ttft != Latency():
        streaming = no_zeros(ttft) != Latency()
    if streaming is False:
        ttft, itl = Latency(), Latency()
        notes += ("not streaming: TTFT and ITL are written as 0 and are left out",)
    isl_asked, osl_asked = _asked(report, benchmark)
    return Point(
        file=file,
        tool=NAME,
        index=index,
        line=int(number(benchmark.get("line")) or 0),
        tool_version=word(at(report, "metadata", "guidellm_version")),
        model=_model(report, benchmark),
        concurrency=concurrency,
        request_rate=rate,
        isl=_mean(metrics, "prompt_token_count"),
        osl=osl,
        isl_asked=isl_asked,
        osl_asked=osl_asked,
        streaming=streaming,
        completed=completed,
        failed=number(counts.get("errored")),
        incomplete=number(counts.get("incomplete")),
        duration_s=duration,
        rps=rps,
        output_tps=output_tps,
        ttft=no_zeros(ttft),
        # (last - first) / (OSL - 1); `time_per_output_token_ms` has the TTFT in it.
        itl=no_zeros(itl),
        latency=no_zeros(latency),
        notes=(*load_notes, *notes),
    )


def _mean(metrics: object, name: str) -> float | None:
    return number(at(metrics, name, "successful", "mean"))


def _latency(metrics: object, name: str, to_ms: float) -> Latency:
    given = at(metrics, name, "successful")
    percentiles = at(given, "percentiles")
    found = {
        "avg": number(at(given, "mean")),
        "p50": number(at(given, "median")),
        **{key: number(at(percentiles, key)) for key in ("p90", "p95", "p99")},
    }
    return Latency(**{key: None if value is None else value * to_ms for key, value in found.items()})


def _load(
    report: Mapping[str, object], benchmark: Mapping[str, object]
) -> tuple[float | None, float | None, tuple[str, ...]]:
    strategy = at(benchmark, "config", "strategy") or at(benchmark, "args", "strategy")
    kind = word(at(strategy, "type_")) or word(at(strategy, "kind")) or ""
    if kind == "synchronous":
        return 1.0, None, ()
    if kind == "concurrent":
        return number(at(strategy, "streams")) or number(at(strategy, "max_concurrency")), None, ()
    if kind == "throughput":
        # A cap that is rarely reached is no concurrency to hold Little's law against.
        cap = number(at(strategy, "max_concurrency"))
        most = f", {cap:g} at most" if cap else ""
        return None, None, (f"as many requests at once as the server would take{most}",)
    # In 0.8 `max_concurrency` of a rate is 10240: a cap, not a load.
    return None, number(at(strategy, "rate")), ()


def _streaming(report: Mapping[str, object], benchmark: Mapping[str, object]) -> bool | None:
    for backend in (at(benchmark, "config", "backend"), at(report, "config", "spec", "backend")):
        value = at(backend, "stream")
        if isinstance(value, bool):
            return value
    return None


def _model(report: Mapping[str, object], benchmark: Mapping[str, object]) -> str | None:
    candidates = (
        at(benchmark, "config", "backend", "model"),
        at(report, "config", "spec", "backend", "model"),
        at(report, "args", "model"),
        at(benchmark, "worker", "backend_model"),
    )
    return next((name for name in map(word, candidates) if name), None)


def _asked(report: Mapping[str, object], benchmark: Mapping[str, object]) -> tuple[float | None, float | None]:
    """Lengths asked for: numbers in 0.7 and later, "prompt_tokens=256,output_tokens=128" before."""
    spec = next(iter(sequence(at(report, "config", "spec", "data"))), None)
    if isinstance(spec, dict):
        return number(spec.get("prompt_tokens")), number(spec.get("output_tokens"))
    told = at(benchmark, "request_loader", "data") or next(iter(sequence(at(report, "args", "data"))), None)
    found = {match[1]: float(match[2]) for match in _TOKENS.finditer(word(told) or "")}
    return found.get("prompt"), found.get("output")
