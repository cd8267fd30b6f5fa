"""The metrics GenAI-Perf and AIPerf share, {tag: {unit, avg, p50, ...}}, brought to ms and seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tco_xlsx.bench.files.json_values import at, number, word
from tco_xlsx.bench.points.point import STATISTICS, Latency
from tco_xlsx.documents.errors import Fault

MS_IN = {
    "ns": 1e-6,
    "nanoseconds": 1e-6,
    "us": 1e-3,
    "\u00b5s": 1e-3,
    "\u03bcs": 1e-3,
    "microseconds": 1e-3,
    "ms": 1.0,
    "msec": 1.0,
    "milliseconds": 1.0,
    "s": 1e3,
    "sec": 1e3,
    "secs": 1e3,
    "second": 1e3,
    "seconds": 1e3,
}

_PER_SECOND = re.compile(r"(/|\bper )s(ec(ond)?)?$")
_PER_MINUTE = re.compile(r"(/|\bper )m(in(ute)?)?$")


def slug(name: str) -> str:
    """The tag a heading stands for: "Time To First Token" is time_to_first_token."""
    return "_".join(re.findall(r"[a-z0-9]+", name.lower()))


class Metrics:
    """The metrics of one run by tag. A unit that is missing or unknown is a fault, never a guess."""

    def __init__(self, file: str, entries: Mapping[str, object]) -> None:
        self._file = file
        self._entries = entries
        self.faults: list[Fault] = []

    def has(self, tag: str) -> bool:
        return self._value(tag, "avg") is not None

    def latency(self, tag: str) -> Latency:
        """The statistics of a latency in ms."""
        found = {name: self._value(tag, name) for name in STATISTICS}
        factor = self._factor(tag, found, MS_IN, "a time such as ms or ns")
        return Latency(**{name: _times(value, factor) for name, value in found.items()})

    def seconds(self, tag: str) -> float | None:
        """A duration in seconds."""
        value = self._value(tag, "avg")
        factor = self._factor(tag, {"avg": value}, MS_IN, "a time such as sec")
        return _times(value, None if factor is None else factor / 1e3)

    def per_second(self, tag: str) -> float | None:
        """A rate per second."""
        value = self._value(tag, "avg")
        if value is None:
            return None
        unit = self._unit(tag)
        if _PER_SECOND.search(unit):
            return value
        if _PER_MINUTE.search(unit):
            return value / 60
        self._fault(tag, "a rate such as requests/sec")
        return None

    def count(self, *tags: str) -> float | None:
        """A number of tokens or requests: the mean of the first tag that is there."""
        return next((found for tag in tags if (found := self._value(tag, "avg")) is not None), None)

    def _value(self, tag: str, statistic: str) -> float | None:
        return number(at(self._entries.get(tag), statistic))

    def _unit(self, tag: str) -> str:
        return (word(at(self._entries.get(tag), "unit")) or "").lower()

    def _factor(
        self, tag: str, found: Mapping[str, float | None], factors: Mapping[str, float], expected: str
    ) -> float | None:
        if all(value is None for value in found.values()):
            return None
        factor = factors.get(self._unit(tag))
        if factor is None:
            self._fault(tag, expected)
        return factor

    def _fault(self, tag: str, expected: str) -> None:
        unit = self._unit(tag)
        given = f'the unit "{unit}" is not known' if unit else "has no unit"
        message = f"{tag}: {given}; expected {expected}. Correct the file or leave it out."
        self.faults.append(Fault(self._file, 0, 0, message))


def _times(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else value * factor
