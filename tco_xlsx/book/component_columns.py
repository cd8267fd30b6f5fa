"""The columns of cost components on the pages of a comparison: a template names some, the others stand beside them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tco_xlsx.model.comparison import RankedResults, Report, Scenarios

_ALIKE = tuple(
    tuple(line.name for line in lines.values()) for lines in (Scenarios.own, Report.component, RankedResults.component)
)
"""The names of lines that are one for each component."""


def following(names: Collection[str]) -> list[str]:
    """The lines of components that no column names, though one names a line of their kind: they have a place."""
    return [name for alike in _ALIKE if set(alike) & set(names) for name in alike if name not in names]


def completed(columns: Sequence[str], named: Collection[str]) -> list[str]:
    """The columns of a page with those that follow, behind the last of their kind; `named` are those of all pages."""
    found = list(columns)
    for alike in _ALIKE:
        last = max((place for place, name in enumerate(found) if name in alike), default=None)
        if last is not None:
            found[last + 1 : last + 1] = [name for name in alike if name not in named]
    return found
