"""The one normal form of a benchmark result: an operating point of one model instance."""

from __future__ import annotations

from dataclasses import dataclass, field

STATISTICS = ("avg", "p50", "p90", "p95", "p99")


@dataclass(frozen=True)
class Latency:
    """The statistics of one latency, in ms. None: the file does not say."""

    avg: float | None = None
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None


@dataclass(frozen=True)
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
    trial: str | None = None
    """The name of the repetition ("trial_0001") when the same load was measured several times."""
    tool_version: str | None = None
    measured: bool = True
    """False for the output of an estimator."""

    model: str | None = None
    gpu_type: str | None = None
    gpus_per_instance: float | None = None
    precision: str | None = None
    engine: str | None = None

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
    duration_s: float | None = None

    rps: float | None = None
    """Successful requests per second of the instance."""
    output_tps: float | None = None
    """Output tokens per second of the instance."""

    ttft: Latency = field(default_factory=Latency)
    itl: Latency = field(default_factory=Latency)
    """Decode time per output token after the first (vLLM calls it TPOT)."""
    latency: Latency = field(default_factory=Latency)
    """End-to-end request latency."""

    notes: tuple[str, ...] = ()
    """What the reader derived or found odd, in words."""
