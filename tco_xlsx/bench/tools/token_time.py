"""The mean time per output token by its definition, for files whose own value is another thing or wrong."""

from __future__ import annotations

from tco_xlsx.bench.points.point import Latency, no_zeros

# Means of uneven requests differ by a few percent from the quotient of their means.
_AGREES = 0.10


def defined(ttft: Latency, latency: Latency, osl: float | None) -> float | None:
    """(latency - TTFT) / (OSL - 1) of the means."""
    if not ttft.avg or not latency.avg or osl is None or osl <= 1 or latency.avg <= ttft.avg:
        return None
    return (latency.avg - ttft.avg) / (osl - 1)


def checked(said: Latency, ttft: Latency, latency: Latency, osl: float | None) -> tuple[Latency, str | None]:
    """The file's own time per token when it agrees with its definition; else the defined mean, and a note.

    Reports of inference-perf of 2025 give half of the truth, since each token left two time stamps. The
    percentiles are then wrong by a factor that differs between requests, so they are left out.
    """
    said = no_zeros(said)
    mean = defined(ttft, latency, osl)
    if mean is None:
        return said, None
    if said.avg is None:
        return Latency(avg=mean), "the time per token is derived: (latency - TTFT) / (OSL - 1)"
    if abs(said.avg / mean - 1) <= _AGREES:
        return said, None
    note = (
        f"the time per token in the file ({said.avg:.3g} ms) is {said.avg / mean:.2g} times what latency, "
        f"TTFT and OSL give ({mean:.3g} ms), which is used; its percentiles are left out"
    )
    return Latency(avg=mean), note
