"""From scenario files to results: read, selected, computed, many at once."""

from __future__ import annotations

import math
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tco_xlsx.bench.shelf import Shelf
from tco_xlsx.book.subject import SourceFile, Subject
from tco_xlsx.book.template import Template, load_template
from tco_xlsx.configuration import with_configuration
from tco_xlsx.errors import BadInput, BrokenModel, Fault, did_you_mean
from tco_xlsx.evaluate import Case, Values, evaluate
from tco_xlsx.lines import Choice, Line, Model
from tco_xlsx.paths import NotReadable, inside, is_file, is_folder, look
from tco_xlsx.scenario import Scenario, load_scenarios
from tco_xlsx.selection import Selection, facts, figures, select
from tco_xlsx.shipped import shipped_file
from tco_xlsx.text_out import one_line

# Computed together: each of some 400 lines holds a number for each.
_MOST_POINTS = 4_000
_MOST_PLACES = 5
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
    shelf = Shelf()
    for scenario in scenarios:
        try:
            prepared.append(prepare_one(scenario, model, shelf))
        except BadInput as bad:
            faults.extend(bad.faults)
    if faults:
        raise BadInput(faults)
    return prepared


def prepare_one(scenario: Scenario, model: Model, shelf: Shelf | None = None) -> Prepared:
    """Read the benchmarks of a scenario, or take them from the shelf. Raises BadInput with their faults."""
    selection = select(scenario, shelf)
    accepted = frozenset(scenario.benchmark.accept)
    points = [figures(point, accepted, kind) for point, kind in zip(selection.points, selection.kinds, strict=True)]
    return Prepared(
        scenario, selection, with_configuration(model, Case(scenario.title, scenario.values, points), scenario)
    )


def compute(model: Model, prepared: Prepared) -> Values:
    """The values of one scenario. Raises BrokenModel with the places of the inputs behind it."""
    try:
        return evaluate(model, [prepared.case])
    except BrokenModel as broken:
        raise placed(broken, prepared) from None


def placed(broken: BrokenModel, prepared: Prepared) -> BrokenModel:
    """The error of a scenario with its file, and with the places of the inputs that it comes from."""
    scenario = prepared.scenario
    told = [
        f"{name} {scenario.values[name]} ({one_line(path)}:{line}:{column})"
        for name in broken.inputs
        for path, line, column in [scenario.places.get(name, ("", 0, 0))]
        if path
    ]
    behind = f" It comes from {'; '.join(told[:_MOST_PLACES])}." if told else ""
    name = "" if prepared.name == scenario.path.stem else f", {one_line(prepared.name)}"
    return BrokenModel(f"{one_line(str(scenario.path))}{name}: {broken.label}: {broken}{behind}")


def compute_each(model: Model, prepared: Sequence[Prepared]) -> list[Values | Exception]:
    """The values of each scenario by itself, computed together; the error of one that has none.

    A scenario has the same values, to the last bit, in whatever company it is computed.
    """
    found: list[Values | Exception | None] = [None] * len(prepared)
    for group in _of_one_shape(prepared):
        try:
            together = evaluate(model, [prepared[place].case for place in group])
        except Exception as error:  # Whatever one scenario does, it does to itself alone.
            if len(group) == 1:
                found[group[0]] = placed(error, prepared[group[0]]) if isinstance(error, BrokenModel) else error
                continue
            for place in group:
                (found[place],) = compute_each(model, [prepared[place]])
            continue
        for number, place in enumerate(group):
            found[place] = together.only(number)
    return [one for one in found if one is not None]


def _of_one_shape(prepared: Sequence[Prepared]) -> list[list[int]]:
    """Places of scenarios with as many points: filling up the shorter ones would add numbers in another order."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for place, one in enumerate(prepared):
        shape = (len(one.case.points), one.case.years, *map(len, one.case.rows.values()))
        groups.setdefault(shape, []).append(place)
    split: list[list[int]] = []
    for (points, *_), places in groups.items():
        most = max(1, _MOST_POINTS // max(1, points))
        split += [places[start : start + most] for start in range(0, len(places), most)]
    return split


def has_operating_point(model: Model, values: Values) -> bool:
    """Whether the scenario can be sized at all."""
    return values.value(model.by_name["performance.found"]) == 1


def results(model: Model, values: Values) -> dict[str, float | int | str | None]:
    """Every input, output and verdict by name; None for what is empty or not available."""
    told: dict[str, float | int | str | None] = {}
    for line, name in _named_results(model):
        if isinstance(line, Choice):
            told[name] = values.code(line)
        else:
            number = float(values.arrays[name].item(0))
            told[name] = None if math.isnan(number) else int(number) if number.is_integer() else number
    return told | {count.name: int(values.value(count) or 0) for count in model.counts}


@cache
def result_lines(model: Model) -> tuple[Line, ...]:
    """What results tell of beside how many checks fail and warnings there are: inputs and outputs in order, then the
    verdicts."""
    shown = {id(line) for line in (*model.inputs, *model.outputs)}
    return (*(line for line in model.lines if id(line) in shown), *(check.holds for check in model.verdicts))


@cache
def _named_results(model: Model) -> tuple[tuple[Line, str], ...]:
    return tuple((line, line.name) for line in result_lines(model))


def default_template() -> Template:
    """The template that ships with the product."""
    with shipped_file("templates", "finance.yaml") as path:
        return load_template(path)


def subject_of(prepared: Prepared) -> Subject:
    """What the workbook tells of a scenario beside its numbers."""
    scenario, selection = prepared.scenario, prepared.selection
    used = len(selection.points)
    words = f"{used} of {selection.read} benchmark points" if selection.read else "no benchmark"
    return Subject(
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
