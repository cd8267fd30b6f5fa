"""Whether what is said is enough: asked of a file with all that it extends, or of each combination of its matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tco_xlsx.documents.errors import Fault
from tco_xlsx.documents.located_yaml import FaultsOf, Located
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles
from tco_xlsx.scenario.benchmark import FILES, SECTION
from tco_xlsx.scenario.inputs import Entries, Entry, Place
from tco_xlsx.scenario.matrix.read import Combination, Matrix
from tco_xlsx.scenario.parsed import Statement

_SOURCE = roles.performance_source.name
_ASKED = frozenset(
    name for need in roles.needs for name in (*(one.name for one, _ in need.codes), *(one.name for one in need.inputs))
)
"""The choices that need further inputs, and these."""
_NO_BENCHMARK = (
    f"benchmark: is missing; give its files, or set {_SOURCE}: manual with {roles.manual_rps.attribute} and"
    f" {roles.manual_gpus.attribute}."
)


@dataclass(frozen=True)
class _Lack:
    name: str
    section: str
    message: str
    hangs_on: frozenset[str]
    """The inputs and settings that, given otherwise, would mend it."""
    place: Place | None = None
    """Where that is written which makes it wanted."""


class Completeness:
    """Finds what is missing. `told` are faults that are reported anyway: what they lead to is not told as well."""

    def __init__(self, statements: Sequence[Statement], model: Model, told: Collection[Fault]) -> None:
        self.statements = statements
        self.model = model
        misspelt = {name for one in statements for name in one.misspelt}
        self.excused = misspelt | {name for one in statements for name in one.misshapen}
        self.told = misspelt | {fault.message.partition(":")[0] for fault in told}

    def faults(
        self, inputs: Mapping[str, Entry], others: Mapping[str, Entry], matrix: Matrix | None, is_sound: bool
    ) -> list[Fault]:
        """What is missing, each once. With a matrix that is not `is_sound`, only what it cannot mend."""
        if matrix is None:
            return [self._fault(lack, others) for lack in self._lacks(Entries(inputs), others)]
        self.excused |= matrix.misspelt
        varied = self._varied(matrix)
        if not varied or not is_sound:
            lacks = self._lacks(Entries(inputs), others)
            return [self._fault(lack, others) for lack in lacks if not lack.hangs_on & set(matrix.setters)]
        return self._of_combinations(inputs, others, matrix, varied)

    def _varied(self, matrix: Matrix) -> set[str]:
        """What is given in some combinations and not in others, of all that is wanted."""
        always = {
            name for axis in matrix.axes for name in set.intersection(*(set(option.entries) for option in axis.options))
        }
        required = {line.name for line in self.model.inputs if line.required}
        return set(matrix.setters) & (required - always | {*_ASKED, FILES, SECTION})

    def _of_combinations(
        self, inputs: Mapping[str, Entry], others: Mapping[str, Entry], matrix: Matrix, varied: set[str]
    ) -> list[Fault]:
        at = [place for place, axis in enumerate(matrix.axes) if any(varied & set(one.entries) for one in axis.options)]
        # What the other axes set makes no difference: a thousand prices are judged once.
        judged: dict[tuple[int, ...], tuple[Combination, list[_Lack]]] = {}
        for one in matrix.combinations():
            kind = (*(id(one.options[place]) for place in at), id(one.further) if one.place else 0)
            if kind not in judged:
                layers = (one.further, *(option.entries for option in one.options))
                judged[kind] = one, self._lacks(Entries(*layers, inputs), merged(others, layers))
        always = set.intersection(*(set(lacks) for _, lacks in judged.values()))
        faults = [self._fault(lack, others) for lack in sorted(always, key=lambda lack: lack.name)]
        for one, lacks in judged.values():
            faults += [self._fault_of(one, lack, matrix) for lack in lacks if lack not in always]
        return list(dict.fromkeys(faults))

    def _lacks(self, inputs: Entries, settings: Mapping[str, Entry]) -> list[_Lack]:
        found: list[_Lack] = []
        for line in self.model.inputs:
            section = line.name.partition(".")[0]
            if line.required and inputs[line.name].file is None and not {section, line.name} & self.excused:
                message = f'{line.name}: is missing; "{line.label}" has no default.'
                found.append(_Lack(line.name, section, message, frozenset([line.name])))
        files = settings.get(FILES)
        has_files = files is not None and bool(files.value)
        if SECTION in settings and not has_files and FILES not in self.told:
            found.append(_Lack(SECTION, SECTION, "benchmark: has no `files`.", frozenset([SECTION, FILES])))
        for need in roles.needs:
            found += self._lacks_of(need, inputs)
        if (
            _SOURCE in self.model.by_name
            and inputs[_SOURCE].value != "manual"
            and not has_files
            and SECTION not in settings
            and not {_SOURCE, SECTION} & self.told
        ):
            found.append(_Lack(SECTION, SECTION, _NO_BENCHMARK, frozenset([_SOURCE, SECTION, FILES])))
        return found

    def _lacks_of(self, need: roles.Needs, inputs: Entries) -> list[_Lack]:
        """What choices need as they stand."""
        choices = [(choice.name, code) for choice, code in need.codes]
        if any(name not in self.model.by_name or inputs[name].value != code for name, code in choices):
            return []
        found = []
        for line in need.inputs:
            section = line.name.partition(".")[0]
            if (
                inputs[line.name].value is not None
                or {line.name, section} & self.told
                or {line.name, section} & self.excused
            ):
                continue
            given = [inputs[name] for name, _ in choices if inputs[name].file is not None]
            told = " with ".join(f"{name}: {code}" for name, code in choices)
            message = f"{line.name}: is empty; {told} needs it."
            if not given and inputs[line.name].file is None:
                message = f'{line.name}: is missing; "{line.label}" has no default.'
            hangs_on = frozenset([line.name, *(name for name, _ in choices)])
            found.append(_Lack(line.name, section, message, hangs_on, given[0].place if given else None))
        return found

    def _fault(self, lack: _Lack, others: Mapping[str, Entry]) -> Fault:
        """At the section in the file itself, or at its head: a file that is extended need not be complete."""
        if lack.section == SECTION and SECTION in others:
            return Fault(*others[SECTION].place, lack.message)
        statement = self.statements[0]
        place = statement.top.get(lack.section)
        if (place is None or not place.key_line) and lack.place is not None:
            return Fault(*lack.place, lack.message)
        if place is None or not place.key_line:
            return Fault(statement.file.shown, 1, 1, lack.message)
        return Fault(statement.file.shown, place.key_line, place.key_column, lack.message)

    def _fault_of(self, one: Combination, lack: _Lack, matrix: Matrix) -> Fault:
        """At the option that leaves it out, or at the `include`."""
        complaints = FaultsOf(self.statements[0].file.shown)
        if one.place is not None:
            complaints.add(one.place, f"matrix.include: {lack.message}")
            return complaints.found[0]
        best: tuple[int, str, str, Located] | None = None
        for axis, option in zip(matrix.axes, one.options, strict=True):
            sets = {name for other in axis.options for name in other.entries}
            rank = 2 if lack.name in sets else 1 if lack.hangs_on & sets else 0
            if best is None or rank > best[0]:
                best = rank, axis.name, option.label, option.place
        assert best is not None
        if not best[0]:
            return self._fault(lack, {})
        complaints.add(best[3], f"{best[1]} = {best[2]}: {lack.message}", at_key=True)
        return complaints.found[0]


def merged(others: Mapping[str, Entry], layers: Sequence[Mapping[str, Entry]]) -> dict[str, Entry]:
    """What is said of the benchmark, by what varies over what the files say."""
    found = dict(others)
    for layer in reversed(layers):
        found |= {name: entry for name, entry in layer.items() if name.partition(".")[0] == SECTION}
    return found
