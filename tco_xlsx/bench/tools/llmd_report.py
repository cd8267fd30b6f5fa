"""llm-d's benchmark report, 0.1 and 0.2, YAML or JSON: every statistic carries its own units.

It says the accelerators of each part of the stack, so GPU type and count are read: the sum over all
inference engines of replicas x accelerators.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import at, mapping, number, sequence, word
from tco_xlsx.bench.points.derived_latency import Flow, end_to_end
from tco_xlsx.bench.points.point import Latency, Point, no_zeros
from tco_xlsx.bench.points.reading import Closeness, FileReading, Notice, use_all
from tco_xlsx.bench.tools.client_keys import load_of, model_name
from tco_xlsx.bench.tools.metric import MS_IN
from tco_xlsx.bench.tools.token_time import checked
from tco_xlsx.documents.errors import Fault

NAME = "llm-d"

SIDE_FILES: tuple[str, ...] = ()

choose = use_all

_ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$")
_PRISM = (
    "skipped: a collection made by llm-d's Prism, whose throughput counts input and output tokens together "
    "and which writes 0 for what it lacks; give the benchmark reports it was made from."
)


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a benchmark report; None when nothing speaks for it."""
    content = document.content
    if _is_prism(content):
        return Closeness(("source llm-d-benchmark",))
    if not isinstance(content, dict) or not isinstance(content.get("scenario"), dict):
        return None
    found = [key for key in ("version", "metrics", "results") if key in content]
    if "version" not in content:
        return Closeness(("scenario", *found), ("version",)) if found else None
    missing = () if len(found) > 1 else ("metrics or results",)
    return Closeness(("scenario", *found), missing)


def read(document: Document) -> FileReading:
    """The point of a report, in ms and per second. Faults: units that are not known."""
    content = document.content
    if _is_prism(content):
        return FileReading(document.path, "other", notices=(Notice(document.name, _PRISM),))
    report = mapping(content)
    units = _Units(document.name)
    results = at(report, "results", "request_performance", "aggregate")
    point = _point(document, report, mapping(results) or mapping(report.get("metrics")), units)
    odd = tuple(Notice(document.name, f"{note}.") for note in point.notes if "the time per token in the file" in note)
    return FileReading(document.path, "report", (point,), odd, tuple(units.faults))


def _point(document: Document, report: Mapping[str, object], results: Mapping[str, object], units: _Units) -> Point:
    requests, times = mapping(results.get("requests")), mapping(results.get("latency"))
    total, failed, incomplete = (number(requests.get(key)) for key in ("total", "failures", "incomplete"))
    osl = _mean(requests.get("output_length"))
    ttft = units.latency("time_to_first_token", times)
    latency = units.latency("request_latency", times)
    itl, odd = checked(units.latency("time_per_output_token", times), ttft, latency, osl)
    kind = "tpot"
    notes: list[str] = [odd] if odd else []
    gap, tpot = units.latency("inter_token_latency", times), itl
    if itl == Latency() and gap != Latency():
        itl, kind = gap, "chunk"
        notes.append("only the gap between packets is in the file, not the time per output token")
    load = at(report, "scenario", "load", "standardized")
    asked = load_of(number(at(load, "concurrency")), number(at(load, "rate_qps")))
    gpus, gpu_type, told = _accelerators(report)
    rates = mapping(results.get("throughput"))
    rps = units.rate("request_rate", "requests_per_sec", rates)
    whole = end_to_end(latency, ttft, tpot, gap, osl, Flow(rps, most_in_flight=asked.concurrency))
    return Point(
        file=document.name,
        tool=NAME,
        tool_version=word(report.get("version")) or (f"{report['version']}" if report.get("version") else None),
        model=_model(report),
        gpu_type=gpu_type,
        gpus_per_instance=gpus,
        gpu_source="file" if gpus else None,
        precision=word(at(report, "scenario", "model", "quantization")),
        engine=_engine(report),
        concurrency=asked.concurrency,
        request_rate=asked.request_rate,
        isl=_mean(requests.get("input_length")),
        osl=osl,
        isl_asked=number(at(load, "input_seq_len", "value")),
        osl_asked=number(at(load, "output_seq_len", "value")),
        streaming=True if ttft != Latency() else None,
        completed=None if total is None else total - (failed or 0.0) - (incomplete or 0.0),
        failed=failed,
        incomplete=incomplete,
        duration_s=_duration(report, results),
        rps=rps,
        output_tps=units.rate("output_token_rate", "output_tokens_per_sec", rates),
        total_tps=units.rate("total_token_rate", "total_tokens_per_sec", rates),
        ttft=ttft,
        itl=itl,
        itl_kind=kind,
        latency=whole.latency,
        latency_derived=whole.derived,
        notes=(*(asked.notes if asked.request_rate is not None else ()), *notes, *whole.notes, *told),
    )


class _Units:
    """Statistics with their units. A unit that is missing or unknown is a fault, never a guess."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.faults: list[Fault] = []

    def latency(self, name: str, times: Mapping[str, object]) -> Latency:
        entry = mapping(times.get(name))
        keys = {"avg": "mean", "p50": "p50", "p90": "p90", "p95": "p95", "p99": "p99"}
        found = {statistic: number(entry.get(key)) for statistic, key in keys.items()}
        if all(value is None for value in found.values()):
            return Latency()
        unit = (word(entry.get("units")) or "").lower().removesuffix("/token")
        if unit not in MS_IN:
            self._fault(name, word(entry.get("units")), "s, ms, s/token or ms/token")
            return Latency()
        factor = MS_IN[unit]
        return no_zeros(Latency(**{key: None if value is None else value * factor for key, value in found.items()}))

    def rate(self, name: str, older: str, rates: Mapping[str, object]) -> float | None:
        """A rate per second: an entry with units since 0.2, a plain number before."""
        entry = rates.get(name)
        if not isinstance(entry, dict):
            return number(rates.get(older))
        value = number(entry.get("mean"))
        unit = (word(entry.get("units")) or "").lower()
        if value is not None and not unit.endswith(("/s", "/sec")):
            self._fault(name, word(entry.get("units")), "a rate such as queries/s")
            return None
        return value

    def _fault(self, name: str, unit: str | None, expected: str) -> None:
        given = f'the unit "{unit}" is not known' if unit else "has no units"
        message = f"{name}: {given}; expected {expected}. Correct the file or leave it out."
        self.faults.append(Fault(self._file, 0, 0, message))


def _mean(entry: object) -> float | None:
    return number(at(entry, "mean"))


def _engines(report: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The inference engines of the stack (0.2); routers and the like are left out."""
    parts = [mapping(at(part, "standardized")) for part in sequence(at(report, "scenario", "stack"))]
    return [part for part in parts if word(part.get("kind")) == "inference_engine" or "accelerator" in part]


def _accelerators(report: Mapping[str, object]) -> tuple[float | None, str | None, tuple[str, ...]]:
    """GPU count, GPU type, and a note of how the count came about."""
    engines = _engines(report)
    if engines:
        sizes = [(number(part.get("replicas")) or 1.0, mapping(part.get("accelerator"))) for part in engines]
        roles = [word(part.get("role")) or "engine" for part in engines]
    else:
        hosts = [mapping(item) for item in sequence(at(report, "scenario", "host", "accelerator"))]
        sizes = [(1.0, host) for host in hosts]
        roles = [word(role) or "engine" for role in sequence(at(report, "scenario", "host", "type"))]
    counts = [(replicas, number(accelerator.get("count"))) for replicas, accelerator in sizes]
    kinds = list(dict.fromkeys(name for _, accelerator in sizes if (name := word(accelerator.get("model")))))
    gpu_type = kinds[0] if len(kinds) == 1 else None
    if not counts or any(count is None for _, count in counts):
        return None, gpu_type, ()
    total = sum(replicas * (count or 0.0) for replicas, count in counts)
    names = roles if len(roles) == len(counts) else ["engine"] * len(counts)
    parts = ", ".join(
        f"{replicas:g} x {count:g} for {name}" for (replicas, count), name in zip(counts, names, strict=True)
    )
    mixed = () if len(kinds) < 2 else (f"several GPU types: {', '.join(kinds)}",)
    return total or None, gpu_type, (f"{total:g} GPUs: {parts}", *mixed)


def _model(report: Mapping[str, object]) -> str | None:
    names: Sequence[object] = [at(part, "model", "name") for part in _engines(report)]
    return model_name(next((name for name in (*names, at(report, "scenario", "model", "name")) if name), None))


def _engine(report: Mapping[str, object]) -> str | None:
    tools = [word(part.get("tool")) for part in _engines(report)]
    tools += [word(at(part, "name")) for part in sequence(at(report, "scenario", "platform", "engine"))]
    return next((tool for tool in tools if tool), None)


def _duration(report: Mapping[str, object], results: Mapping[str, object]) -> float | None:
    seconds = number(at(results, "time", "duration"))
    if seconds is not None:
        return seconds
    match = _ISO_DURATION.match(word(at(report, "run", "time", "duration")) or "")
    if not match or not any(match.groups()):
        return None
    days, hours, minutes, rest = (number(part) or 0.0 for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def _is_prism(content: object) -> bool:
    first = next(iter(sequence(content)), None)
    return word(at(first, "source")) == "llm-d-benchmark" and at(first, "metrics") is not None
