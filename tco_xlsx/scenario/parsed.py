"""What one scenario file says, judged by itself: whether it says enough is asked of all that it extends together."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tco_xlsx.documents.errors import BadInput, Fault, did_you_mean, nearest
from tco_xlsx.documents.located_yaml import FaultsOf, FileName, Located, parse_yaml
from tco_xlsx.documents.messages import shown, suggestion
from tco_xlsx.language.sections import Model, Named
from tco_xlsx.scenario.benchmark import BenchmarkReader
from tco_xlsx.scenario.inputs import Entry, InputReader, unknown_input
from tco_xlsx.scenario.meant import guess
from tco_xlsx.scenario.tables import entries_of_table

PLAIN_KEYS = {
    "extends": "A scenario file to begin with, relative to this one: what is said here replaces what it says.",
    "title": "What the scenario is called; the file's name otherwise.",
    "notes": "Remarks for the reader of the workbook: a text or a list of texts.",
    "currency": "The currency of all amounts: three capital letters, USD unless given.",
    "benchmark": "The benchmark results: files, which points of them, and what the files do not say.",
    "matrix": "Many scenarios from this file: one for each combination of the values that vary.",
}
CURRENCY = "currency"
DEFAULT_CURRENCY = "USD"
LONGEST_TITLE = 200
"""The title stands several times in one formula, and a formula holds 8,192 characters."""

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Statement:
    """What one file says.

    `entries` holds what another file may replace: inputs, `benchmark.files` and its like, `currency`. `misspelt` are
    the sections and inputs that were probably meant by an unknown name, and `misshapen` the sections that are no
    mappings: what should stand there is not reported missing as well.
    """

    file: FileName
    sha256: str
    entries: Mapping[str, Entry]
    top: Mapping[str, Located]
    title: str
    notes: tuple[str, ...]
    misspelt: frozenset[str]
    misshapen: frozenset[str]
    faults: tuple[Fault, ...]


def read_statement(text: str, sha256: str, file: FileName, model: Model, overridden: Collection[str]) -> Statement:
    """What the text of a scenario file says; `overridden` names inputs whose values do not count, and are not judged.

    Raises BadInput when the text is no YAML, or not of sections. All else that is wrong is in the statement.
    """
    root = parse_yaml(text, file.shown)
    if root.value is not None and not isinstance(root.value, dict):
        message = "a scenario is a mapping of sections, such as `workload:` with its inputs below it."
        raise BadInput([Fault(file.shown, root.line, root.column, message)])
    top = dict(root.items())
    known = {*PLAIN_KEYS, *model.named}
    if file.shown.lower().endswith(".json") and not known.intersection(top):
        message = "is no scenario. Results of a benchmark? `tco-xlsx bench` shows them, a scenario names them."
        raise BadInput([Fault(file.shown, 0, 0, message)])
    reader = SectionReader(file, model, FaultsOf(file.shown))
    reader.unknown(top)
    entries: dict[str, Entry] = {}
    for section in model.named.values():
        entries |= reader.section(section, top.get(section.name), overridden)
    entries |= BenchmarkReader(reader.inputs, may_drop="extends" in top).entries(top.get("benchmark"))
    entries |= _currency(reader, top.get(CURRENCY))
    title = reader.inputs.text(top.get("title"), "title")
    if len(title) > LONGEST_TITLE:
        reader.faults.add(top["title"], f"title: has {len(title)} characters; keep it to {LONGEST_TITLE}.")
    return Statement(
        file=file,
        sha256=sha256,
        entries=entries,
        top=top,
        title=title,
        notes=reader.inputs.texts(top.get("notes"), "notes"),
        misspelt=frozenset(reader.misspelt),
        misshapen=frozenset(reader.misshapen),
        faults=tuple(reader.faults.found),
    )


class SectionReader:
    """Reads sections of inputs, in a file or in a part of its matrix."""

    def __init__(self, file: FileName, model: Model, faults: FaultsOf) -> None:
        self.model = model
        self.faults = faults
        self.inputs = InputReader(file, faults)
        self.misspelt: set[str] = set()
        self.misshapen: set[str] = set()

    def unknown(self, top: Mapping[str, Located]) -> None:
        """Report the keys that are neither a section of inputs nor one of PLAIN_KEYS."""
        sections = self.model.named
        known = [*PLAIN_KEYS, *(name for name, section in sections.items() if section.inputs)]
        owners = {line.attribute: line.name.partition(".")[0] for line in self.model.inputs}
        for key, item in top.items():
            if key in known:
                continue
            if key in sections:
                hint = ": holds no inputs; everything in it is computed or measured."
            elif key in self.model.by_name:
                section, _, name = key.partition(".")
                hint = f": write it as `{name}:` below `{section}:`."
            elif key in owners:
                found = guess(key, self.model.inputs)
                below = f" Write it below `{owners[key]}:`." if found.name else found.hint
                hint = f": no such section.{below}"
            else:
                self.misspelt.add(nearest(key, known))
                # A number is no section: `servers: 4` is not meant for `server:`.
                near = did_you_mean(key, known) if isinstance(item.value, (dict, str)) or item.value is None else ""
                hint = f": no such section.{near or self._elsewhere(key)}"
                hint = hint if not hint.endswith("section.") else f"{hint}{suggestion(key, known)}"
            self.faults.add(item, f"{key}{hint}", at_key=True)

    def _elsewhere(self, key: str) -> str:
        """Where a name that stands at the top has its place, or what it is called there."""
        found = guess(key, self.model.inputs)
        if found.name and "Did you mean" in found.hint:
            section, _, name = found.name.partition(".")
            return f" Did you mean `{name}:` below `{section}:`?"
        computed = [one.name for one in self.model.lines if one.section is not None and one.attribute == key]
        if computed:
            return f" {' and '.join(computed)} cannot be given: computed, or measured."
        return found.hint

    def section(self, section: Named, given: Located | None, overridden: Collection[str] = ()) -> dict[str, Entry]:
        """The inputs that a section gives, by their full names."""
        inputs = section.inputs
        if given is None:
            return {}
        if section.table is not None:
            rows = entries_of_table(self.inputs, section, given)
            if rows is None:
                self.misshapen.add(section.name)
            return rows or {}
        if given.value is not None and not isinstance(given.value, dict):
            self.misshapen.add(section.name)
            self.faults.add(given, f"{section.name}: expected the inputs of the section below it, by name.")
        found: dict[str, Entry] = {}
        for key, item in given.items():
            line = inputs.get(key)
            if line is not None:
                if line.name not in overridden:
                    found[line.name] = self.inputs.entry(line, item)
            elif key.isdigit():
                message = f"{section.name}.{key}: no such input. Write a number without commas, such as 320000."
                self.faults.add(item, message, at_key=True)
            elif inputs:
                message, meant = unknown_input(f"{section.name}.{key}", self.model)
                self.misspelt.add(meant)
                self.faults.add(item, message, at_key=True)
        return found


def _currency(reader: SectionReader, item: Located | None) -> dict[str, Entry]:
    if item is None:
        return {}
    value = item.value
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value):
        wrong = "is empty; expected" if value is None else f"{shown(value)} is not"
        reader.faults.add(item, f"currency: {wrong} three capital letters, such as USD or CNY.")
        return {}
    return {CURRENCY: Entry(value, reader.inputs.file, item.line, item.column)}
