"""Which of the rates that a report of GuideLLM holds is the true one.

The mean of its rate, the requests by the duration, and output tokens/s by OSL are the same in a run that is
measured from its first request to its last. With warm-up and cool-down, or an end before the time was up, the
window and what was counted in it are not of the same requests: in a closed loop Little's law tells which is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# The report of 0.5 gave 0.120 requests/s for 4 requests in 24.9 s; counting the edges differently gives 1 or 2 %.
_EDGES = 0.05
# One stream is idle only between two requests, which takes milliseconds.
_EDGES_OF_ONE = 0.02
# The client of the samples takes up to a tenth of a short request between two of them.
_LEAST_OF_ONE = 0.85
# The mean latency is that of the counted requests; those at the edges may have been a little faster.
_ABOVE_LITTLE = 1.01
# Beyond it a unit is wrong, which `doubts` says.
_MOST_MENDED = 1.5

BIASED, WITHOUT_TTFT = "which is biased", "leave out the TTFT"
BELOW_LITTLE = "and no figure of the report explains it"
"""How the notes end that say what was put right."""

_SAID = "the report's requests/s"
_COUNTED = "completed requests / duration"
_BY_TOKENS = "output tokens/s / OSL"


@dataclass(frozen=True)
class Run:
    """What a report says of one load; latencies in seconds."""

    said: float | None
    completed: float | None
    duration: float | None
    output_tps: float | None
    osl: float | None
    concurrency: float | None
    latency: float | None
    ttft: float | None

    @property
    def candidates(self) -> Mapping[str, float]:
        """Requests per second by where they come from, the most direct first."""
        pairs = {
            _SAID: (self.said, 1.0),
            _COUNTED: (self.completed, self.duration),
            _BY_TOKENS: (self.output_tps, self.osl),
        }
        return {name: value / by for name, (value, by) in pairs.items() if value and by}

    @property
    def most(self) -> float | None:
        """No closed loop completes more: its concurrency / mean latency."""
        return self.concurrency / self.latency if self.concurrency and self.latency else None


def true_rate(run: Run) -> tuple[float | None, tuple[str, ...]]:
    """Requests per second, and a note when it is not what the report says."""
    found = run.candidates
    if not found:
        return None, ()
    name = _in_a_closed_loop(found, run) if run.most is not None else _by_majority(found)
    rate = run.most if name is None else found[name]
    if run.concurrency == 1 and run.most and rate and rate < run.most * _LEAST_OF_ONE:
        idle = f"requests/s are {rate / run.most:.2f} times what one stream of such latencies does, {BELOW_LITTLE}"
        return rate, (idle,)
    if name == _SAID or run.said is None:
        return rate, ()
    if name is None:
        how = f"concurrency {run.concurrency:g} / latency, which no closed loop exceeds"
    elif name == _COUNTED:
        how = f"{run.completed:g} in {run.duration:.4g} s"
    else:
        how = name
    return rate, (f"requests/s are {rate:.4g}, {how}; the report says {run.said:.4g}, {BIASED}",)


def _in_a_closed_loop(found: Mapping[str, float], run: Run) -> str | None:
    """The most direct of those that Little's law allows and that are not below the best of them; None: none is."""
    most = run.most or 0.0
    if min(found.values()) > most * _MOST_MENDED:
        return next(iter(found))
    allowed = {name: rate for name, rate in found.items() if rate <= most * _ABOVE_LITTLE}
    if not allowed:
        return None
    edges = _EDGES_OF_ONE if run.concurrency == 1 else _EDGES
    best = max(allowed.values())
    return next(name for name, rate in allowed.items() if rate >= best * (1 - edges))


def _by_majority(found: Mapping[str, float]) -> str:
    """The report's own rate, unless the two others agree on another one; of two alone the counted one."""
    said, counted, tokens = (found.get(name) for name in (_SAID, _COUNTED, _BY_TOKENS))
    if said is None or counted is None:
        return next(iter(found))
    if _agree(said, counted) or (tokens is not None and _agree(said, tokens) and not _agree(counted, tokens)):
        return _SAID
    return _COUNTED


def _agree(one: float, other: float) -> bool:
    return abs(one / other - 1) <= _EDGES


def whole_output_rate(run: Run, rps: float | None) -> tuple[float | None, tuple[str, ...]]:
    """Output tokens per second over the whole run: of one stream 0.6 counts only the time after the first token."""
    if not (run.output_tps and run.osl and run.latency and run.ttft and rps) or run.concurrency != 1:
        return run.output_tps, ()
    decoding = run.latency - run.ttft
    whole = rps * run.osl
    if decoding <= 0 or not _near(rps * run.latency, 1.0) or _near(run.output_tps, whole):
        return run.output_tps, ()
    if not any(_near(run.output_tps * decoding, tokens) for tokens in (run.osl, run.osl - 1)):
        return run.output_tps, ()
    note = f"output tokens/s are requests/s x OSL; the {run.output_tps:.4g} of the report {WITHOUT_TTFT}"
    return whole, (note,)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _EDGES_OF_ONE * abs(other)
