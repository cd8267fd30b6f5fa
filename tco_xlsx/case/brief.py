"""A scenario in a line: the chosen point, servers, cost, and how many points count."""

from __future__ import annotations

from dataclasses import dataclass

from tco_xlsx.case.prepare import Prepared
from tco_xlsx.language.evaluate import Values
from tco_xlsx.language.rounding import figure
from tco_xlsx.model import roles

_FIGURES = {
    "instances": roles.instances,
    "servers": roles.servers,
    "cost_year": roles.total_year,
    "cost_1m_tokens": roles.per_1m_tokens,
}


@dataclass(frozen=True)
class Brief:
    """The answer to a scenario; None for what it has not."""

    scenario: str
    title: str
    file: str
    currency: str
    point: str | None
    """The name of the chosen benchmark point; None without one, as where the performance is typed in."""
    concurrency: float | None
    instances: float | None
    servers: float | None
    cost_year: float | None
    cost_1m_tokens: float | None
    points_read: int
    points_selected: int
    """Those that the scenario's benchmark keeps of those read: by `where`, trials averaged."""
    points_counting: int
    """Of the configuration that is meant, and not suspicious."""
    points_within: int
    """Within all limits."""

    def words(self) -> str:
        """All of it in one line, without the scenario's name."""
        counting = f"{self.points_counting} of {self.points_read} benchmark points count"
        if self.servers is None:
            return f"no operating point; {counting}" if self.points_read else "no operating point"
        servers, year, tokens = (
            figure(_FIGURES[name], getattr(self, name)) for name in ("servers", "cost_year", "cost_1m_tokens")
        )
        what = "performance typed in"
        if self.point is not None:
            at = "" if self.concurrency is None else f", concurrency {self.concurrency:,.10g}"
            what = f"point {self.point}{at}"
        parts = [
            what,
            f"{servers} server{'' if self.servers == 1 else 's'}",
            f"{year} {self.currency} a year",
            f"{tokens} {self.currency} per 1M tokens",
            *([counting] if self.points_read else []),
        ]
        return "; ".join(parts)


def brief_of(prepared: Prepared, values: Values) -> Brief:
    """The brief of a scenario, from its own values."""
    scenario, selection = prepared.scenario, prepared.selection
    row = values.value(roles.chosen_row)
    told = {name: values.value(line) for name, line in _FIGURES.items()}
    return Brief(
        scenario=prepared.name,
        title=scenario.title,
        file=str(scenario.path),
        currency=scenario.currency,
        point=None if row is None else selection.points[int(row) - 1].label,
        concurrency=values.value(roles.concurrency),
        points_read=selection.read,
        points_selected=len(selection.points),
        points_counting=int(values.value(roles.counting_points) or 0),
        points_within=int(values.value(roles.eligible_points) or 0),
        **told,
    )
