"""What is said of an input beside its value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class InputNotes:
    """What a scenario says of one input beside its value: its range, its source, the day of it, a note."""

    low: float | None = None
    high: float | None = None
    source: str = ""
    note: str = ""
    as_of: date | None = None

    def words(self) -> str:
        """All of it in a line, such as "offer of Acme, as of 2026-03-01. power included. may lie in 1 to 2"."""
        day = "" if self.as_of is None else f"as of {self.as_of}"
        low, high = ("" if bound is None else f"{bound:,.15g}" for bound in (self.low, self.high))
        parts = (
            ", ".join(part for part in (self.source.rstrip("."), day) if part),
            self.note,
            f"may lie in {low} to {high}" if low or high else "",
        )
        return ". ".join(part.rstrip(".") for part in parts if part)

    def record(self) -> dict[str, object]:
        """What is said, by the keys of a scenario file; the day as text."""
        day = None if self.as_of is None else self.as_of.isoformat()
        told = {"low": self.low, "high": self.high, "source": self.source, "note": self.note, "as_of": day}
        return {key: value for key, value in told.items() if value not in (None, "")}
