"""Workbooks of scenarios: one each, or side by side in one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tco_xlsx.analysis import compare as comparing
from tco_xlsx.api.frames import Value, frame_of, named_index
from tco_xlsx.api.scenarios import PathLike
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.case.results import compute_each
from tco_xlsx.documents.errors import BadInput, Fault
from tco_xlsx.documents.target import objection_to, write_file
from tco_xlsx.language.lines import Derived
from tco_xlsx.model import MODEL
from tco_xlsx.model.causes import CAUSES
from tco_xlsx.model.comparison import COMPARISON

if TYPE_CHECKING:
    import pandas as pd

    from tco_xlsx.book.template import Template


@dataclass(frozen=True)
class SideBySide:
    """Scenarios beside each other, the base first, amounts in one currency."""

    made: comparing.ComparedScenarios
    headline: str
    """The scenario that comes first, in words."""
    currency: str
    path: Path | None = None
    """The workbook, where one was asked for."""

    @property
    def labels(self) -> list[str]:
        """What each scenario is called."""
        return list(self.made.compared.labels)

    def to_pandas(self) -> pd.DataFrame:
        """A row for each scenario, indexed by its label: its results in the currency of the comparison, what the base
        has less, and its place; `attrs`: "units", "labels"."""
        values, model = self.made.compared.values, self.made.compared.model
        lines = [line for line in model.lines if isinstance(line, Derived) and line.axis == model.axes["scenario"]]
        count = range(len(self.labels))
        columns: dict[str, Sequence[Value]] = {
            line.name: [values.value(line, 0, number) for number in count] for line in lines
        }
        frame = frame_of(lines, columns, self.currency)
        frame.index = named_index(self.labels)
        return frame


def build(
    scenarios: Iterable[Prepared], out: PathLike, *, template: PathLike | None = None, force: bool = False
) -> list[Path]:
    """Write a workbook for each scenario into a folder, named after it; the files, in order.

    Each appears whole or not at all. Raises BadInput for two of one name, for a file in the way that tco-xlsx did not
    write or that was edited since (unless `force`), for one that the scenarios are read from, and where the folder
    cannot be written to; BrokenModel where a line of a scenario has no number. Then nothing is written.
    """
    from tco_xlsx.batch.folder import Names, file_name
    from tco_xlsx.book.provenance import subject_of
    from tco_xlsx.book.write import write_workbook

    listed, folder, chosen = list(scenarios), Path(out), _template(template)
    names, faults = Names(), []
    for one in listed:
        if names.claim(file_name(one.name), one.name) is not None:
            faults.append(Fault(str(one.scenario.path), 0, 0, f"{one.name}: two scenarios have this name."))
    if faults:
        raise BadInput(faults)
    targets = [folder / f"{file_name(one.name)}.xlsx" for one in listed]
    _refuse(targets, listed, template, force)
    contents = []
    for one, values in zip(listed, compute_each(MODEL, listed), strict=True):
        if isinstance(values, Exception):
            raise values
        content = io.BytesIO()
        write_workbook(content, MODEL, values, chosen, [subject_of(one)])
        contents.append(content.getvalue())
    for target, content_ in zip(targets, contents, strict=True):
        write_file(target, content_, makes_folder=True)
    return targets


def compare(
    scenarios: Iterable[Prepared],
    out: PathLike | None = None,
    *,
    base: str | None = None,
    currency: str | None = None,
    rates: Mapping[str, float] | None = None,
    template: PathLike | None = None,
    force: bool = False,
) -> SideBySide:
    """Scenarios side by side, and a live workbook of them where `out` names one.

    `base` is the name of the scenario that the others are compared with, the first one else; `rates` say what one
    unit of each other currency is worth in `currency`, that of the base else. Raises BadInput for fewer than two
    scenarios, an unknown base, a rate that is missing, and for a file as `build` does.
    """
    prepared = comparing.with_base_first(list(scenarios), base)
    terms = comparing.ComparisonTerms(currency or "", dict(rates or {}))
    made = comparing.compare(MODEL, COMPARISON, CAUSES, prepared, terms)
    path = None if out is None else Path(out)
    if path is not None:
        from tco_xlsx.book.write import write_comparison

        _refuse([path], prepared, template, force)
        write_comparison(path, MODEL, made, _template(template), prepared)
    return SideBySide(made, comparing.headline(made), made.compared.currency, path)


def _refuse(targets: Sequence[Path], prepared: Sequence[Prepared], template: PathLike | None, force: bool) -> None:
    """Raise BadInput for files that may not be written."""
    from tco_xlsx.batch.files_read import refuse_reading

    objections = [objection_to(target, (".xlsx",), force=force, makes_folder=True) for target in targets]
    faults = [fault for fault in objections if fault is not None]
    if faults:
        raise BadInput(faults)
    looks = None if template is None else Path(template)
    refuse_reading(targets, [one.scenario for one in prepared], [looks])


def _template(path: PathLike | None) -> Template:
    from tco_xlsx.book.template import default_template, load_template

    return default_template() if path is None else load_template(Path(path), MODEL, COMPARISON)
