"""Scenarios made ready: read, their benchmarks selected, their configuration settled."""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tco_xlsx.bench.cache import ReadingCache
from tco_xlsx.case.configuration import with_configuration
from tco_xlsx.case.points import Selection, figures, select
from tco_xlsx.documents.errors import BadInput, Fault, did_you_mean
from tco_xlsx.documents.paths import NotReadable, inside, is_file, is_folder, look
from tco_xlsx.language.evaluate import Case
from tco_xlsx.language.sections import Model
from tco_xlsx.scenario.load import Scenario, load_scenarios

SCENARIO_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Prepared:
    """A scenario with its points: all that is needed to compute."""

    scenario: Scenario
    selection: Selection
    case: Case

    @property
    def name(self) -> str:
        """The name of the scenario."""
        return self.scenario.name


def find_scenarios(paths: Sequence[Path], faults: list[Fault]) -> list[Path]:
    """Scenario files: each given one, and those directly in a given folder, in order of name.

    What does not exist, or holds none, is added to `faults`.
    """
    found: list[Path] = []
    for path in paths:
        try:
            if not stat.S_ISDIR(look(path).st_mode):
                found.append(path)
                continue
            held = [item for item in inside(path) if item.suffix in SCENARIO_ENDINGS and not is_folder(item)]
        except NotReadable as refused:
            beside = [str(item) for item in path.parent.glob("*.y*ml")] if refused.is_missing else []
            faults.append(Fault(str(path), 0, 0, f"{refused}{did_you_mean(str(path), beside)}"))
            continue
        # Editors leave hidden links that lead nowhere beside the files that are open in them.
        held = [item for item in held if is_file(item) or not item.name.startswith(".")]
        if not held:
            faults.append(Fault(str(path), 0, 0, "no scenario (.yaml) in this folder."))
        found.extend(held)
    return list(dict.fromkeys(found))


def prepare(
    paths: Sequence[Path],
    model: Model,
    overrides: Sequence[str] = (),
    refuse: Callable[[Sequence[Scenario]], None] | None = None,
) -> list[Prepared]:
    """Read scenarios and their benchmarks; `refuse` may raise when there is something against them, such as too many,
    before the benchmarks are read. Raises BadInput with all faults of all files."""
    faults: list[Fault] = []
    scenarios: list[Scenario] = []
    for path in find_scenarios(paths, faults):
        try:
            scenarios += load_scenarios([path], model, overrides)
        except BadInput as bad:
            faults.extend(bad.faults)
    if refuse is not None:
        try:
            refuse(scenarios)
        except BadInput as bad:
            raise BadInput([*faults, *bad.faults]) from None
    prepared: list[Prepared] = []
    shelf = ReadingCache()
    for scenario in scenarios:
        try:
            prepared.append(prepare_one(scenario, model, shelf))
        except BadInput as bad:
            faults.extend(bad.faults)
    if faults:
        raise BadInput(faults)
    return prepared


def prepare_one(scenario: Scenario, model: Model, shelf: ReadingCache | None = None) -> Prepared:
    """Read the benchmarks of a scenario, or take them from the shelf. Raises BadInput with their faults."""
    selection = select(scenario, shelf)
    accepted = frozenset(scenario.benchmark.accept)
    points = [figures(point, accepted, kind) for point, kind in zip(selection.points, selection.kinds, strict=True)]
    return Prepared(
        scenario,
        selection,
        with_configuration(model, Case.of_points(scenario.title, scenario.values, points), scenario),
    )
