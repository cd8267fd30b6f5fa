"""What commands do with the scenarios that they are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tco_xlsx.cli.voice import is_verbose, note

if TYPE_CHECKING:
    from tco_xlsx.book.template import Template
    from tco_xlsx.case.prepare import Prepared
    from tco_xlsx.documents.errors import Fault
    from tco_xlsx.language.evaluate import Values
    from tco_xlsx.scenario.load import Scenario


def prepare(
    scenarios: tuple[Path, ...],
    settings: tuple[str, ...],
    refuse: Callable[[Sequence[Scenario]], None] | None = None,
) -> list[Prepared]:
    from tco_xlsx.case import notices as case_notices
    from tco_xlsx.case import prepare as case_prepare
    from tco_xlsx.model import MODEL

    prepared = case_prepare.prepare(list(scenarios), MODEL, settings, refuse)
    # What many scenarios of one benchmark share is told once.
    doubted = {
        point.label: point
        for one in prepared
        for point in one.selection.points
        if point.label not in one.scenario.benchmark.accept
    }
    notices = dict.fromkeys(notice for one in prepared for notice in one.selection.notices)
    for text in case_notices.notes(doubted.values(), notices, is_verbose()):
        note(text)
    return prepared


def computed(prepared: Sequence[Prepared]) -> tuple[list[Prepared], list[Values], dict[str, str]]:
    """The scenarios that can be computed with their values, and why each other one cannot be, by its name.

    Raises BrokenModel where none can.
    """
    from tco_xlsx.case.results import compute_each
    from tco_xlsx.documents.errors import BrokenModel
    from tco_xlsx.model import MODEL

    sound: list[Prepared] = []
    values: list[Values] = []
    broken: dict[str, str] = {}
    for one, each in zip(prepared, compute_each(MODEL, prepared), strict=True):
        if isinstance(each, BrokenModel):
            broken[one.name] = str(each)
        elif isinstance(each, Exception):
            raise each
        else:
            sound.append(one)
            values.append(each)
    if broken and not sound:
        raise BrokenModel("\n".join(broken.values()))
    return sound, values, broken


def caveats_of(prepared: Sequence[Prepared], values: Sequence[Values]) -> list[Fault]:
    """What is to be known of the inputs of all scenarios, repeated where scenarios share it."""
    from tco_xlsx.case.caveats import caveats
    from tco_xlsx.model import MODEL

    pairs = zip(prepared, values, strict=True)
    return [fault for one, each in pairs for fault in caveats(MODEL, one.scenario, each)]


def no_point(prepared: Prepared, values: Values) -> list[str]:
    from tco_xlsx.book.advice import why_no_point
    from tco_xlsx.case.results import has_operating_point
    from tco_xlsx.model import MODEL

    if has_operating_point(values):
        return []
    return [f"{which(prepared)}: {why_no_point(MODEL, values, _default_template())}"]


@cache
def _default_template() -> Template:
    from tco_xlsx.book.template import default_template

    return default_template()


def template_of(path: Path | None) -> Template:
    from tco_xlsx.book.template import default_template, load_template
    from tco_xlsx.model import MODEL
    from tco_xlsx.model.comparison import COMPARISON

    return load_template(path, MODEL, COMPARISON) if path else default_template()


def which(prepared: Prepared) -> str:
    """A scenario as messages name it: a file may hold many."""
    path, name = prepared.scenario.path, prepared.name
    return f"{path}" if name == path.stem else f"{path}, {name}"
