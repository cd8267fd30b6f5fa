"""The mean request latency of a file that does not measure it: by its parts, held to Little's law.

A mean of TPOT over requests is dominated by short answers, whose few tokens share the wait for the first decode
step: TTFT + TPOT x (OSL - 1) may be several times the truth. The mean gap between packets (ITL) is a mean over
tokens, so TTFT + ITL x (OSL - 1) is the mean latency as long as a packet carries one token. With speculative
decoding a packet carries several, and the gap is longer by as much.
"""

from __future__ import annotations

from dataclasses import dataclass

from tco_xlsx.bench.points.point import Latency, no_zeros

BY_ITL = "the latency is derived: TTFT + ITL x (OSL - 1)"
BY_ACCEPTED = "the latency is derived: TTFT + ITL / accepted tokens of a step x (OSL - 1)"
BY_TPOT = "the latency is derived: TTFT + TPOT x (OSL - 1)"
BY_LITTLE = "the latency is derived: measured requests in flight / requests/s (Little's law)"

# Of one token a packet the two means differ by what short answers do, in real files down to 0.35 and up to 1.21;
# the smallest gain that speculative decoding is used for is above that.
_SEVERAL_TOKENS = 1.5
# Rates and latencies are rounded, and the edges of a run are counted in different ways.
_ROUNDING = 1.01
# Short runs, which ramp up and drain, keep seven tenths of their concurrency busy.
_LEAST_BUSY = 0.6
# The bound by which `doubts` takes a latency for one of a wrong unit.
_MOST_MENDED = 1.5


@dataclass(frozen=True)
class EndToEnd:
    """A request latency, measured or derived."""

    latency: Latency
    derived: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """What is known of the requests of a run as a whole."""

    rps: float | None = None
    in_flight: float | None = None
    """Mean requests in flight, as measured."""
    most_in_flight: float | None = None
    """Requests that were in flight at most: a limit of the load generator, or the peak."""

    @property
    def mean_ms(self) -> float | None:
        """The mean latency by Little's law, exact where the requests in flight were measured."""
        return self.in_flight / self.rps * 1000 if self.in_flight and self.rps else None

    @property
    def most_ms(self) -> float | None:
        """No mean latency is longer: the requests of a run cannot have been in flight for longer together."""
        return self.most_in_flight / self.rps * 1000 if self.most_in_flight and self.rps else None


def end_to_end(
    measured: Latency,
    ttft: Latency,
    tpot: Latency,
    gap: Latency,
    osl: float | None,
    flow: Flow,
    accepted: float | None = None,
) -> EndToEnd:
    """The latency in the file; else its mean in ms, from what the file says of the run.

    `tpot` is the time per output token as a mean over requests, `gap` the time between packets, `accepted` the
    tokens of a packet where the file says so. Without a TTFT, or with the gap alone, nothing is derived by parts.
    """
    measured = no_zeros(measured)
    if measured != Latency():
        return EndToEnd(measured)
    if flow.mean_ms is not None:
        return EndToEnd(Latency(avg=flow.mean_ms), True, (BY_LITTLE,))
    if not ttft.avg or not tpot.avg or not osl:
        return EndToEnd(measured)
    tokens = max(0.0, osl - 1)
    by_tpot = EndToEnd(Latency(avg=ttft.avg + tpot.avg * tokens), True, (BY_TPOT,))
    if not gap.avg:
        return by_tpot
    if accepted is not None and accepted > 1:
        return EndToEnd(Latency(avg=ttft.avg + gap.avg / accepted * tokens), True, (BY_ACCEPTED,))
    by_gap = ttft.avg + gap.avg * tokens
    if _by_tpot_rather(gap.avg, tpot.avg, by_gap, ttft.avg + tpot.avg * tokens, flow.most_ms):
        return by_tpot
    return EndToEnd(Latency(avg=by_gap), True, (BY_ITL,))


def _by_tpot_rather(gap: float, tpot: float, by_gap: float, by_tpot: float, most: float | None) -> bool:
    """Whether packets carry several tokens: by how long the gaps are, and by Little's law where it is known."""
    if gap <= tpot:
        return False
    if most is not None and by_gap > most * _ROUNDING:
        return True
    # Slow long answers lengthen the gaps, too: then the TPOT would leave the server half idle.
    idle = most is not None and by_tpot < most * _LEAST_BUSY
    return gap > tpot * _SEVERAL_TOKENS and not idle


def held_to_little(latency: Latency, rps: float | None, concurrency: float | None) -> tuple[Latency, str | None]:
    """A derived mean that is longer than concurrency / requests/s allows is that bound; with a note.

    Much longer ones are left as they are: there a unit may be wrong, which `doubts` says.
    """
    most = Flow(rps, most_in_flight=concurrency).most_ms
    if latency.avg is None or most is None or not _ROUNDING < latency.avg / most <= _MOST_MENDED:
        return latency, None
    note = (
        f"the derived latency of {latency.avg:.4g} ms is {latency.avg / most:.3g} times what concurrency / requests/s "
        f"allows (Little's law): {most:.4g} ms, which is used"
    )
    return Latency(avg=most), note
