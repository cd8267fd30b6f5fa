"""From scenario files to results and workbooks."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tco_xlsx.book.subject import SourceFile, Subject
from tco_xlsx.book.template import Template, load_template
from tco_xlsx.book.write import write_workbook
from tco_xlsx.configuration import with_configuration
from tco_xlsx.errors import BadInput, Fault
from tco_xlsx.evaluate import Case, Values, evaluate
from tco_xlsx.lines import Choice, Model
from tco_xlsx.scenario import Scenario, load_scenarios
from tco_xlsx.selection import Selection, facts, figures, select

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
        if path.is_dir():
            inside = sorted(item for item in path.iterdir() if item.suffix in SCENARIO_ENDINGS and item.is_file())
            if not inside:
                faults.append(Fault(str(path), 0, 0, "no scenario (.yaml) in this folder."))
            found.extend(inside)
        elif path.exists():
            found.append(path)
        else:
            faults.append(Fault(str(path), 0, 0, "no such file."))
    return list(dict.fromkeys(found))


def prepare(paths: Sequence[Path], model: Model, overrides: Sequence[str] = ()) -> list[Prepared]:
    """Read scenarios and their benchmarks. Raises BadInput with all faults of all files."""
    faults: list[Fault] = []
    prepared: list[Prepared] = []
    for path in find_scenarios(paths, faults):
        try:
            scenarios = load_scenarios([path], model, overrides)
        except BadInput as bad:
            faults.extend(bad.faults)
            continue
        for scenario in scenarios:
            try:
                prepared.append(prepare_one(scenario, model))
            except BadInput as bad:
                faults.extend(bad.faults)
    if faults:
        raise BadInput(faults)
    return prepared


def prepare_one(scenario: Scenario, model: Model) -> Prepared:
    """Read the benchmarks of a scenario. Raises BadInput with their faults."""
    selection = select(scenario)
    points = [figures(point, scenario.benchmark.accept) for point in selection.points]
    return Prepared(
        scenario, selection, with_configuration(model, Case(scenario.title, scenario.values, points), scenario)
    )


def compute(model: Model, prepared: Prepared) -> Values:
    """The values of one scenario."""
    return evaluate(model, [prepared.case])


def has_operating_point(model: Model, values: Values) -> bool:
    """Whether the scenario can be sized at all."""
    return values.value(model.by_name["performance.found"]) == 1


def results(model: Model, values: Values) -> dict[str, float | int | str | None]:
    """Every input, output and verdict by name; None for what is empty or not available."""
    told: dict[str, float | int | str | None] = {}
    shown = {id(line) for line in (*model.inputs, *model.outputs)}
    verdicts = [check.holds for check in model.checks]
    for line in (*(line for line in model.lines if id(line) in shown), *verdicts):
        if isinstance(line, Choice):
            told[line.name] = values.code(line)
        else:
            number = values.value(line)
            told[line.name] = int(number) if number is not None and number.is_integer() else number
    if model.failing is not None:
        told[model.failing.name] = int(values.value(model.failing) or 0)
    return told


def default_template() -> Template:
    """The template that ships with the product."""
    here = Path(__file__).resolve().parent
    inside = here / "templates" / "finance.yaml"
    return load_template(inside if inside.exists() else here.parent / "templates" / "finance.yaml")


def targets(prepared: Sequence[Prepared], out: Path) -> list[Path]:
    """The workbook of each scenario. Raises BadInput when two would be the same file."""
    files: dict[str, Prepared] = {}
    faults: list[Fault] = []
    paths: list[Path] = []
    for one in prepared:
        name = file_name(one.name)
        other = files.setdefault(name.casefold(), one)
        if other is not one:
            message = f"its workbook would overwrite that of {other.scenario.path}; rename one of them."
            faults.append(Fault(str(one.scenario.path), 0, 0, message))
        paths.append(out / f"{name}.xlsx")
    if faults:
        raise BadInput(faults)
    return paths


def file_name(text: str) -> str:
    """A text as the stem of a file name that every system takes."""
    safe = re.sub(r"[^\w.-]+", "-", text).strip("-. ")[:100]
    return safe or "scenario"


def build_one(model: Model, prepared: Prepared, template: Template, target: Path) -> Values:
    """Write the workbook of one scenario, whole or not at all, and return what it holds."""
    values = compute(model, prepared)
    target.parent.mkdir(parents=True, exist_ok=True)
    _written_whole(target, lambda path: write_workbook(path, model, values, template, [subject_of(prepared)]))
    return values


def subject_of(prepared: Prepared) -> Subject:
    """What the workbook tells of a scenario beside its numbers."""
    scenario, selection = prepared.scenario, prepared.selection
    used = len(selection.points)
    words = f"{used} of {selection.read} benchmark points" if selection.read else "no benchmark"
    return Subject(
        title=scenario.title,
        currency=scenario.currency,
        scenario=SourceFile(scenario.path.name, scenario.sha256),
        benchmarks=[SourceFile(name, digest) for name, digest in selection.files],
        notes=scenario.notes,
        overrides=scenario.overrides,
        inputs=scenario.told,
        facts=[facts(point) for point in selection.points],
        points_words=words,
    )


def _written_whole(target: Path, write: Callable[[Path], None]) -> None:
    """Write beside the target and rename: a reader never sees half a file."""
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        write(part)
        # The temporary file is private to its owner; the workbook is as open as any new file.
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
