"""What a person should know of the inputs of a scenario though it can be computed: warnings, and inputs without use."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from tco_xlsx.case.reach import ignored
from tco_xlsx.documents.errors import Fault
from tco_xlsx.language.checks import InputWarning
from tco_xlsx.language.evaluate import Case, Values
from tco_xlsx.language.lines import Given
from tco_xlsx.language.live_text import Writer, literal, named_in
from tco_xlsx.language.sections import Model
from tco_xlsx.scenario.load import Scenario


def caveats(model: Model, scenario: Scenario, values: Values) -> list[Fault]:
    """Each thing with the place of the input that it is about; `values` are those of this scenario alone."""
    return [*warnings_of(model, scenario, values), *ignored_of(model, scenario, values.cases[0])]


def warnings_of(model: Model, scenario: Scenario, values: Values) -> list[Fault]:
    """What the model warns of, in the words of the workbook."""
    raised = [one for one in model.warnings if one.words and values.value(one.holds) == 0]
    if not raised:
        return []
    writer = Writer(model.by_name, lambda line: "", values, 0, {"currency": literal(scenario.currency)})
    return [Fault(*_place(model, scenario, one), _sentence(writer.plain(one.words))) for one in raised]


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _place(model: Model, scenario: Scenario, warning: InputWarning) -> tuple[str, int, int]:
    """Where the first of the inputs that it is about is written; the head of the file where none is."""
    told = [name for name in named_in(warning.words) if isinstance(model.by_name.get(name), Given)]
    for name in (*told, *(line.name for line in warning.about)):
        if name in scenario.places:
            return scenario.places[name]
    return str(scenario.path), 0, 0


def ignored_of(model: Model, scenario: Scenario, case: Case) -> list[Fault]:
    """The inputs that the scenario gives and that have no part in any answer."""
    found = ignored(model, case, scenario.places)
    return [Fault(*scenario.places[name], f"{name}: is given, but {why}.") for name, why in found.items()]


def placed(caveat: Fault) -> str:
    """A caveat in one line, with its place."""
    place = f"{caveat.path}:{caveat.line}:{caveat.column}" if caveat.line else caveat.path
    return f"{place}: {caveat.message}"


def strictly(found: Iterable[Fault]) -> list[Fault]:
    """Caveats as the errors that `--strict` takes them for."""
    return [dataclasses.replace(one, message=f"{one.message} (an error by --strict)") for one in found]
