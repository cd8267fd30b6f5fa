"""AIPerf's aggregates over trials and sweeps, for when the runs themselves are not at hand.

JSON: `metrics` or `per_combination_metrics[].metrics`, either {"time_to_first_token_p99": {mean, ...}}
or, in a sweep of one trial, {"time_to_first_token": {avg, p99, ...}}.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import at, mapping, number, sequence, word
from tco_xlsx.bench.points.point import STATISTICS, Point
from tco_xlsx.bench.tools.aiperf_config import variation
from tco_xlsx.bench.tools.metric import Metrics
from tco_xlsx.documents.errors import Fault

_SWEEP_HEADINGS = re.compile(r"\b(\w+)_mean,\1_std,\1_min,\1_max,\1_cv\b")


def is_json(content: Mapping[str, object]) -> bool:
    """Whether parsed JSON is an aggregate or a sweep."""
    kind = content.get("aggregation_type") or at(content, "metadata", "aggregation_type")
    return word(kind) is not None or isinstance(content.get("per_combination_metrics"), list)


def is_csv(document: Document) -> bool:
    """Whether the file is the CSV of an aggregate or of a sweep."""
    head = document.start.partition("\n")[0]
    return head.startswith("metric,mean,std,") or bool(_SWEEP_HEADINGS.search(head))


def read_json(content: Mapping[str, object], path: Path) -> tuple[tuple[Point, ...], tuple[Fault, ...]]:
    """A point for each load, of the means over its trials."""
    metadata = at(content, "metadata")
    trials = number(at(metadata, "num_trials_per_value"))
    combinations = sequence(content.get("per_combination_metrics"))
    if not combinations:
        combinations = [{"parameters": at(metadata, "variation_values"), "metrics": content.get("metrics")}]
        trials = number(at(metadata, "num_successful_runs")) or number(at(metadata, "num_profile_runs"))
    points: list[Point] = []
    faults: list[Fault] = []
    for index, combination in enumerate(combinations):
        metrics = Metrics(str(path), _by_tag(mapping(at(combination, "metrics"))))
        concurrency, rate = variation(at(combination, "parameters"))
        points.append(
            Point(
                file=str(path),
                tool="aiperf",
                index=index,
                tool_version=word(content.get("aiperf_version")),
                model=word(at(metadata, "model")),
                concurrency=None if rate is not None else concurrency,
                request_rate=rate,
                isl=metrics.count("input_sequence_length"),
                osl=metrics.count("output_sequence_length"),
                streaming=metrics.has("time_to_first_token"),
                completed=metrics.count("request_count"),
                failed=metrics.count("error_request_count"),
                duration_s=metrics.seconds("benchmark_duration"),
                rps=metrics.per_second("request_throughput"),
                output_tps=metrics.per_second("output_token_throughput"),
                ttft=metrics.latency("time_to_first_token"),
                itl=metrics.latency("inter_token_latency"),
                latency=metrics.latency("request_latency"),
                notes=(f"mean of {trials:g} trials, from AIPerf's aggregate",) if trials else (),
            )
        )
        faults += metrics.faults
    return tuple(points), tuple(faults)


def _by_tag(metrics: Mapping[str, object]) -> dict[str, object]:
    """The means over trials in the shape of one run: {tag: {unit, statistic: mean}}."""
    found: dict[str, object] = {}
    for key, entry in metrics.items():
        if number(at(entry, "avg")) is not None:
            found[key] = entry
            continue
        tag, _, statistic = key.rpartition("_")
        if tag and statistic in STATISTICS:
            found[tag] = {**mapping(found.get(tag)), "unit": at(entry, "unit"), statistic: at(entry, "mean")}
    return found
