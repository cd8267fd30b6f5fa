"""What the parts of a template owe each other: pages that must be there, titles that differ, a place for each line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tco_xlsx.book.component_columns import following
from tco_xlsx.book.template_kinds import POINT_TEXTS, ROW_TEXTS, Count, Known
from tco_xlsx.book.workbook_kinds import may_be_missing, objections
from tco_xlsx.documents.errors import Fault, did_you_mean
from tco_xlsx.documents.located_yaml import FaultsOf, Located
from tco_xlsx.documents.messages import shown
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.lines import Fact, Line
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles
from tco_xlsx.model.axes import CAUSE
from tco_xlsx.model.comparison import ROW_OF_POINT, Currency, Gap, Ranked

if TYPE_CHECKING:
    from tco_xlsx.book.template import Template

_SEVERAL = ("points", "rows")
"""The kinds of pages of which a template may have several."""
_MOST_OF_A_KIND = 20
_HEADINGS = {"inputs": 7, "model": 5, "checks": 9}
_VERDICTS = tuple(limit.verdict.name for limit in roles.limits)
_PLACED_ELSEWHERE = (Currency, Gap)
"""Lines of a comparison with places of their own, not on pages of rows."""


def faults_of(template: Template, document: Located, path: str, known: Known, kinds: Sequence[str]) -> list[Fault]:
    """What is wrong with a template whose parts are right each by itself; `kinds` are those of pages."""
    rules = _Rules(template, document, path)
    rules.pages(kinds)
    rules.workbooks()
    rules.words()
    if known.main is not None and known.compared is not None:
        rules.units([*known.main.lines, *known.compared.lines])
        rules.points(known.main)
        rules.rows(known.compared)
    return rules.faults.found


class _Rules:
    def __init__(self, template: Template, document: Located, path: str) -> None:
        self.template = template
        self.document = document
        self.faults = FaultsOf(path)

    def at(self, *keys: str | int) -> Located:
        """The item below keys, or the nearest above it."""
        item = self.document
        for key in keys:
            value = item.value
            if isinstance(value, dict) and key in value:
                item = value[str(key)]
            elif isinstance(value, list) and isinstance(key, int):
                item = value[key]
        return item

    def pages(self, kinds: Sequence[str]) -> None:
        """Each kind once, or some of it; no two titles alike."""
        pages = self.template.pages
        for kind in kinds:
            numbers = [number for number, page in enumerate(pages) if page.kind == kind]
            several = kind in _SEVERAL
            if (not numbers and not may_be_missing(kind)) or len(numbers) > (_MOST_OF_A_KIND if several else 1):
                item = self.at("pages", numbers[-1], "kind") if numbers else self.at("pages")
                wanted = f"1 to {_MOST_OF_A_KIND}" if several else "one"
                self.faults.add(item, f"pages: {len(numbers)} of kind {kind}; expected {wanted}.")
        seen: dict[str, str] = {}
        for number, page in enumerate(pages):
            first = seen.setdefault(page.title.casefold(), page.title)
            if first != page.title or [one.title for one in pages[:number]].count(page.title):
                message = f"pages[{number}].title: {shown(page.title)} is the title of a page above; Excel sees no"
                self.faults.add(self.at("pages", number, "title"), f"{message} difference in case.")
            if page.kind in _HEADINGS:
                count = _HEADINGS[page.kind]
                wrong = Count(count, count).objection(page.headings, Known())
                if wrong:
                    self.faults.add(self.at("pages", number, "headings"), f"pages[{number}].headings: {wrong}.")

    def workbooks(self) -> None:
        """Pages that are there, each once, and none missing that others need."""
        if self.faults.found:
            return  # A page that is missing or has another title is told of already.
        for kind, number, wrong in objections(self.template.workbooks, self.template.pages):
            keys: tuple[str | int, ...] = ("workbooks", kind) if number is None else ("workbooks", kind, number)
            at = f"workbooks.{kind}" if number is None else f"workbooks.{kind}[{number}]"
            self.faults.add(self.at(*keys), f"{at}: {wrong}")

    def words(self) -> None:
        """Words that formulas tell apart."""
        words = self.template.words
        if words.edited.casefold() == words.missing.casefold():
            self.faults.add(self.at("words", "missing"), "words.missing: must differ from words.edited.")
        first = words.holds[0].casefold()
        if first.isdigit() or first == "{":
            self.faults.add(self.at("words", "holds"), "words.holds: must begin with a letter.")
        for name in ("fails_one", "fails_many"):
            if getattr(words, name)[0].casefold() == first:
                message = f"words.{name}: must begin with another letter than words.holds; its colour hangs on it."
                self.faults.add(self.at("words", name), message)
        tail = words.missing_some.partition("}")[2]
        if not tail.strip() or any(sign in tail for sign in "*?~"):
            message = "words.missing_some: words without * ? ~ must follow {missing}; its colour hangs on them."
            self.faults.add(self.at("words", "missing_some"), message)
        for number, page in enumerate(self.template.pages):
            if page.kind == "grid" and page.percent.casefold() == page.plain.casefold():
                self.faults.add(self.at("pages", number, "plain"), f"pages[{number}].plain: must differ from percent.")

    def units(self, lines: Iterable[Line]) -> None:
        """A look for the unit of every line."""
        wanted = dict.fromkeys(line.unit for line in lines)
        for unit in wanted:
            if unit not in self.template.units:
                message = f"units: {shown(unit)} is missing; lines of the model have this unit."
                self.faults.add(self.at("units"), message)
        for unit in self.template.units:
            if unit not in wanted and unit != "figure":
                near = did_you_mean(unit, wanted)
                message = f"units: {shown(unit)} is the unit of no line.{near}"
                self.faults.add(self.at("units", unit), message, at_key=True)
        if "figure" not in self.template.units:
            self.faults.add(self.at("units"), 'units: "figure" is missing; the grid shows its results so.')

    def points(self, model: Model) -> None:
        """Every line of points in one place, and texts beside those that they are told with."""
        lines = [line.name for line in model.lines if line.axis == POINT]
        places = self._columns("points", [*lines, "rest"], POINT_TEXTS)
        if "rest" not in places:
            self._unplaced("points", [name for name in lines if name not in places])
        why = places.get("why")
        if why is not None and any(places.get(name) != why for name in _VERDICTS):
            self._companion("points", "why", ", ".join(_VERDICTS), why)

    def rows(self, model: Model) -> None:
        """The same for the lines of a comparison."""
        lines = {
            line.name: line
            for line in model.lines
            if line.axis not in (None, CAUSE) and line.section not in _PLACED_ELSEWHERE
        }
        places = self._columns("rows", list(lines), ROW_TEXTS)
        there = {*places, *following(places)}
        self._unplaced("rows", [name for name in (*lines, *ROW_TEXTS[1:]) if name not in there])
        wanted = {"ranked_label": Ranked.at.name}
        for name, line in lines.items():
            row = ROW_OF_POINT.get(line.axis) if line.axis else None
            if row is not None and line is not row and not isinstance(line, Fact):
                wanted[name] = row.name
        for name, beside in wanted.items():
            if name in places and places.get(beside) != places[name]:
                self._companion("rows", name, beside, places[name])
        for number, page in enumerate(self.template.pages):
            if page.kind != "rows":
                continue
            axes = {axis.name for name in page.columns if name in lines and (axis := lines[name].axis)}
            texts = [name for name in page.columns if name in ROW_TEXTS[1:]]
            if not axes or (texts and axes != {"scenario"}):
                told = ", ".join(texts) or "its rows"
                message = f"pages[{number}].columns: {told}: the page needs lines of the scenarios, and no others."
                self.faults.add(self.at("pages", number, "columns"), message)

    def _columns(self, kind: str, lines: Sequence[str], texts: Sequence[str]) -> dict[str, int]:
        """For each column of the pages of a kind the number of its page."""
        places: dict[str, int] = {}
        for number, page in enumerate(self.template.pages):
            if page.kind != kind:
                continue
            for column, name in enumerate(page.columns):
                item = self.at("pages", number, "columns", column)
                where = f"pages[{number}].columns[{column}]"
                if name not in lines and name not in texts:
                    hint = did_you_mean(name, (*lines, *texts))
                    self.faults.add(item, f"{where}: {shown(name)} is no line and no text that stands here.{hint}")
                elif (name == "number") != (column == 0):
                    self.faults.add(item, f'{where}: "number" must be the first column, and no other.')
                elif name != "number" and name in places:
                    self.faults.add(item, f"{where}: {name} has a place already; keep one of them.")
                elif name in texts and name not in page.headings:
                    self.faults.add(item, f"{where}: {name} has no heading; write one below headings.")
                places.setdefault(name, number)
        return places

    def _unplaced(self, kind: str, names: Sequence[str]) -> None:
        if names:
            told = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            message = f"pages of kind {kind}: no column shows {told}."
            numbers = [number for number, page in enumerate(self.template.pages) if page.kind == kind]
            self.faults.add(self.at("pages", *numbers[-1:], *("columns",) * bool(numbers)), message)

    def _companion(self, kind: str, name: str, beside: str, number: int) -> None:
        columns = self.template.pages[number].columns
        item = self.at("pages", number, "columns", columns.index(name))
        message = f"pages[{number}].columns: {name} must stand on the page of {beside}."
        self.faults.add(item, message)
