"""The one normal form of a benchmark result: an operating point of one model instance."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from pathlib import PurePath
from typing import Any

STATISTICS = ("avg", "p50", "p90", "p95", "p99")


@dataclass(frozen=True, slots=True)
class Latency:
    """The statistics of one latency, in ms. None: the file does not say."""

    avg: float | None = None
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One operating point: what one model instance did under one load.

    Latencies are in ms, rates per second, token counts per request, durations in seconds.
    None means that the file does not say; a point never holds a 0 that stands for "not measured".
    """

    file: str
    """The file it was read from, as given by the user."""
    tool: str
    """The tool that wrote the file: "aiperf", "genai-perf", "table", ..."""
    index: int = 0
    """Which point of the file, from 0."""
    line: int = 0
    """The line of a table it was read from, from 1; 0 for files that are not tables."""
    source: str | None = None
    """Of a row of a normal-form table: the file the row was made from."""
    trial: str | None = None
    """The name of the repetition ("trial_0001") when the same load was measured several times."""
    tool_version: str | None = None
    measured: bool = True
    """False for the output of an estimator."""

    model: str | None = None
    gpu_type: str | None = None
    gpus_per_instance: float | None = None
    gpu_source: str | None = None
    """Where the GPU count is from: "file", "name" (of the file or its folders), "scenario" or "note"."""
    precision: str | None = None
    engine: str | None = None
    setup: str | None = None
    """What else the file says of the configuration ("2p2d"): points that differ in it are not one sweep."""

    concurrency: float | None = None
    """Requests in flight, as asked of the load generator."""
    request_rate: float | None = None
    """Requests per second, as asked of the load generator."""
    isl: float | None = None
    """Measured mean input tokens of a request; the length asked for where a note says so."""
    osl: float | None = None
    """Measured mean output tokens of a request; the length asked for where a note says so."""
    isl_asked: float | None = None
    """Input tokens of a request, as asked of the load generator."""
    osl_asked: float | None = None
    """Output tokens of a request, as asked of the load generator."""
    streaming: bool | None = None

    completed: float | None = None
    failed: float | None = None
    incomplete: float | None = None
    """Requests cut off by the end of the run: neither completed nor failed."""
    duration_s: float | None = None

    rps: float | None = None
    """Successful requests per second of the instance."""
    output_tps: float | None = None
    """Output tokens per second of the instance."""
    total_tps: float | None = None
    """Input and output tokens per second of the instance; for checks only."""

    ttft: Latency = field(default_factory=Latency)
    itl: Latency = field(default_factory=Latency)
    """Decode time per output token after the first (vLLM calls it TPOT)."""
    itl_kind: str = "tpot"
    """"tpot", or "chunk" when the file gives only the gap between packets, which may carry many tokens."""
    latency: Latency = field(default_factory=Latency)
    """End-to-end request latency."""
    latency_derived: bool = False
    """Whether the mean latency is TTFT + ITL x (OSL - 1), since the file gives none."""

    notes: tuple[str, ...] = ()
    """What the reader derived or found odd, in words."""
    suspicious: tuple[str, ...] = ()
    """Why the point is not to be believed; empty when nothing is wrong. See `sane`."""
    short_name: str = field(default="", compare=False)
    """Set when all points are known; `label` is what to ask for. Two equal points may have other names."""

    @property
    def label(self) -> str:
        """A name that no other point of the same reading has, to overrule a suspicion by.

        As much of the end of the path as tells the file from the others, and "#3" for the third point
        of a file that holds several: "run17.json#3", "concurrency_16/profile_export_aiperf.json".
        Before all points are known it is the whole path with the number, which stays a valid name.
        """
        return self.short_name or self.full_name

    @property
    def name(self) -> str:
        """The name to accept the point by: its path as given, and "#3" in a file of several.

        It hangs on no other file, so it stays when results are added beside. See `labels.named_by`.
        """
        path = PurePath(self.file).as_posix()
        return f"{path}#{self.index + 1}" if self.index or "#" in self.short_name else path

    @property
    def full_name(self) -> str:
        """The whole path and the number of the point in its file, from 1."""
        return f"{self.file}#{self.index + 1}"

    @property
    def load_kind(self) -> str:
        """The load as asked for: "concurrency", "rate", or "all at once" when nothing limited it."""
        if self.concurrency is not None:
            return "concurrency"
        return "rate" if self.request_rate is not None else "all at once"


def no_zeros(latency: Latency) -> Latency:
    """A tool that measured nothing writes zeros."""
    values = {name: getattr(latency, name) or None for name in STATISTICS}
    return Latency(**values)


_NAMES = tuple(one.name for one in fields(Point))
_ALL_OF = attrgetter(*_NAMES)
_PLACES = {name: getattr(Point, name).__set__ for name in _NAMES}
_SETTERS = tuple(_PLACES.values())


def altered(point: Point, **values: Any) -> Point:
    """As `dataclasses.replace`, in a fifth of the time: a table may hold hundreds of thousands of points."""
    new = Point.__new__(Point)
    for put, value in zip(_SETTERS, _ALL_OF(point), strict=True):
        put(new, value)
    for name, value in values.items():
        _PLACES[name](new, value)
    return new
