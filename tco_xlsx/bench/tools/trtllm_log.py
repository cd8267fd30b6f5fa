"""What trtllm-bench prints, kept in a log or a text, brought to the shape of its JSON report.

The report has sections of labels and figures. Versions before 0.17 say the total latency in seconds and call the
output tokens per second "Token Throughput". Without --streaming there is no latency, and then no operating point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import number

LONGEST = 16 << 20

_OVERVIEW = re.compile(r"^.{0,80}= (?:PERFORMANCE OVERVIEW|STATISTICS)\s*$", re.MULTILINE)
_BEGIN = re.compile(r"= (?:PYTORCH BACKEND|ENGINE DETAILS|PERFORMANCE OVERVIEW|STATISTICS)\s*$")
_LINE = re.compile(r"\s*([A-Za-z][^:]{1,60}?)\s*:\s+(\S.*?)\s*$")
_PERCENTILE = re.compile(r".{0,80}?\[(TTFT|TPOT|Latency)\] (P50|P90|P95|P99|AVERAGE)\s*:\s+([\d.eE+-]+)\s*$")

# Label in the log, by the section and the key of the report.
_LABELS: dict[str, tuple[str, str]] = {
    "model": ("engine", "model"),
    "model path": ("engine", "model_path"),
    "tensorrt-llm version": ("engine", "version"),
    "tensorrt llm version": ("engine", "version"),
    "dtype": ("engine", "dtype"),
    "quantization": ("engine", "quantization"),
    "tp size": ("world_info", "tp_size"),
    "pp size": ("world_info", "pp_size"),
    "number of requests": ("request_info", "num_requests"),
    "number of concurrent requests": ("request_info", "avg_num_concurrent_requests"),
    "average input length (tokens)": ("request_info", "avg_input_length"),
    "average output length (tokens)": ("request_info", "avg_output_length"),
    "request throughput (req/sec)": ("performance", "request_throughput_req_s"),
    "total output throughput (tokens/sec)": ("performance", "system_output_throughput_tok_s"),
    "token throughput (tokens/sec)": ("performance", "system_output_throughput_tok_s"),
    "total token throughput (tokens/sec)": ("performance", "system_total_throughput_tok_s"),
    "total latency (ms)": ("performance", "total_latency_ms"),
    "average request latency (ms)": ("performance", "avg_request_latency_ms"),
    "average time-to-first-token [ttft] (ms)": ("streaming_metrics", "avg_ttft_ms"),
    "average time-per-output-token [tpot] (ms)": ("streaming_metrics", "avg_tpot_ms"),
}
_PERCENTILES = {
    "TTFT": ("streaming_metrics", "ttft_percentiles"),
    "TPOT": ("streaming_metrics", "tpot_percentiles"),
    "Latency": ("performance", "request_latency_percentiles_ms"),
}
_SECONDS = "total latency (seconds)"

Report = dict[str, dict[str, object]]


def is_log(document: Document) -> bool:
    """Whether a text holds such a report."""
    if document.is_zip or document.start.lstrip()[:1] in ("{", "[") or document.size > LONGEST:
        return False
    text = document.text
    return "Request Throughput (req/sec)" in text and bool(_OVERVIEW.search(text))


def reports(text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Each report in the shape of the JSON, with the line that it begins on."""
    found: Report = {}
    began = 0
    for place, line in enumerate(text.split("\n"), start=1):
        shown = line.rstrip("\r").rpartition("\r")[2]
        if _BEGIN.search(shown) and (not found or _is_whole(found)):
            if found:
                yield began, found
            found, began = {"world_info": {}, "request_info": {}, "performance": {}}, place
        if found:
            _take(shown, found)
    if found:
        yield began, found


def _is_whole(found: Report) -> bool:
    return "request_throughput_req_s" in found["performance"]


def _take(line: str, found: Report) -> None:
    percentile = _PERCENTILE.match(line)
    if percentile:
        section, name = _PERCENTILES[percentile[1]]
        statistics = found.setdefault(section, {}).setdefault(name, {})
        if isinstance(statistics, dict):
            statistics.setdefault(percentile[2].lower(), percentile[3])
        return
    match = _LINE.match(line)
    if not match:
        return
    label, text = match[1].lower(), match[2]
    if label == _SECONDS:
        seconds = number(text)
        found["performance"].setdefault("total_latency_ms", None if seconds is None else seconds * 1000)
    elif label in _LABELS:
        section, key = _LABELS[label]
        found.setdefault(section, {}).setdefault(key, None if text == "None" else text)
