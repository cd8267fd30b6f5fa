"""GenAI-Perf's JSON laid flat into a table, a row a run: the form of NVIDIA's course on sizing.

The keys of nested objects are joined by "-" or ".": "time_to_first_token-avg", "input_config-concurrency"; what the
JSON does not say stands under "task_inputs": model, GPU, n_gpus, precision. The columns need not say a unit.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import number, word
from tco_xlsx.bench.tools.metric import MS_IN

Entries = dict[str, dict[str, object]]

_JOINED = re.compile(r"(?P<tag>[a-z_]+)[-.](?P<key>[A-Za-z0-9_]+)$")
_NEEDED = (("request_throughput", "avg"), ("input_config", "concurrency"))
_LATENCIES = ("request_latency", "time_to_first_token", "inter_token_latency")
# Requests in flight by Little's law, as a share of the concurrency: a unit is wrong by a thousand or more.
_IN_FLIGHT = (0.2, 1.5)
_UNITS = ("ns", "us", "ms", "s")


def is_table(document: Document) -> bool:
    """Whether the headings are those of such a table."""
    names = [name.strip().strip('"') for name in document.start.partition("\n")[0].split(",")]
    found = {(match["tag"], match["key"]) for name in names if (match := _JOINED.match(name))}
    return set(_NEEDED) <= found and any((tag, "avg") in found for tag in _LATENCIES)


def rows(document: Document) -> Iterator[tuple[int, Entries]]:
    """Each row by its two-part headings, with its line. Raises csv.Error."""
    reader = csv.DictReader(io.StringIO(document.text, newline=""))
    for row in reader:
        document.look_at(row, f"line {reader.line_num}")
        found: Entries = {}
        for name, cell in row.items():
            match = _JOINED.match(name.strip()) if isinstance(name, str) else None
            if match and isinstance(cell, str) and cell.strip():
                found.setdefault(match["tag"], {})[match["key"]] = cell.strip()
        yield reader.line_num, found


def with_units(entries: Entries) -> tuple[Entries, str | None]:
    """The metrics of a row with their units, and how these are known; None when nothing tells the unit of the times."""
    rates = {"request_throughput": "requests/sec", "output_token_throughput": "tokens/sec"}
    named = {tag: {"unit": rates[tag], **entry} if tag in rates else entry for tag, entry in entries.items()}
    lacking = [tag for tag in _LATENCIES if tag in named and "unit" not in named[tag]]
    if not lacking:
        return named, "the units are in the table"
    unit = _unit_by_little(entries)
    if unit is None:
        return named, None
    timed = {tag: {**entry, "unit": unit} if tag in lacking else entry for tag, entry in named.items()}
    return timed, f"latencies are in {unit}: the table does not say so, Little's law does"


def _unit_by_little(entries: Mapping[str, Mapping[str, object]]) -> str | None:
    """The one unit of the request latency with which requests/s x latency is near the concurrency."""
    rate = number(entries.get("request_throughput", {}).get("avg"))
    latency = number(entries.get("request_latency", {}).get("avg"))
    concurrency = number(entries.get("input_config", {}).get("concurrency"))
    if not rate or not latency or not concurrency:
        return None
    shares = {unit: rate * latency * MS_IN[unit] / 1000 / concurrency for unit in _UNITS}
    fitting = [unit for unit, share in shares.items() if _IN_FLIGHT[0] <= share <= _IN_FLIGHT[1]]
    return fitting[0] if len(fitting) == 1 else None


def text_of(entries: Entries, tag: str, key: str) -> str | None:
    """A text of a row."""
    return word(entries.get(tag, {}).get(key))
