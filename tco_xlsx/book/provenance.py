"""What a workbook is about, beside the model and its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tco_xlsx.case.points import facts
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.language.input_notes import InputNotes


@dataclass(frozen=True)
class SourceFile:
    """A file that the figures come from."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Provenance:
    """One scenario as a workbook tells it: texts and sources, no numbers.

    `extends` are the files that its own builds on, `variation` is what a matrix set. `facts` holds what is known of
    each benchmark point beside its figures: model, gpu_type, file and so on.
    """

    title: str
    currency: str
    scenario: SourceFile
    benchmarks: Sequence[SourceFile] = ()
    notes: Sequence[str] = ()
    overrides: Sequence[str] = ()
    inputs: Mapping[str, InputNotes] = field(default_factory=dict)
    facts: Sequence[Mapping[str, str]] = ()
    points_words: str = ""
    extends: Sequence[SourceFile] = ()
    variation: Sequence[str] = ()


def subject_of(prepared: Prepared) -> Provenance:
    """What the workbook tells of a scenario beside its numbers."""
    scenario, selection = prepared.scenario, prepared.selection
    used = len(selection.points)
    words = f"{used} of {selection.read} benchmark points" if selection.read else "no benchmark"
    return Provenance(
        title=scenario.title,
        currency=scenario.currency,
        scenario=SourceFile(scenario.path.name, scenario.sha256),
        extends=[SourceFile(name, digest) for name, digest in scenario.files[1:]],
        variation=scenario.variation,
        benchmarks=[SourceFile(name, digest) for name, digest in selection.files],
        notes=scenario.notes,
        overrides=scenario.overrides,
        inputs=scenario.told,
        facts=[facts(point) for point in selection.points],
        points_words=words,
    )
