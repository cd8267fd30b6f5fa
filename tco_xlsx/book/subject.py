"""What a workbook is about, beside the model and its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tco_xlsx.lines import Told


@dataclass(frozen=True)
class SourceFile:
    """A file that the figures come from."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Subject:
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
    inputs: Mapping[str, Told] = field(default_factory=dict)
    facts: Sequence[Mapping[str, str]] = ()
    points_words: str = ""
    extends: Sequence[SourceFile] = ()
    variation: Sequence[str] = ()
