"""What may stand in each place of a template: what kind of text, how long, with which placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from tco_xlsx.book import number_format
from tco_xlsx.documents.errors import did_you_mean
from tco_xlsx.documents.messages import shown
from tco_xlsx.documents.text_out import units
from tco_xlsx.language.lines import Choice, Line
from tco_xlsx.language.live_text import TOKEN
from tco_xlsx.language.sections import Model

LONGEST_TITLE = 31
_LONGEST_LABEL, _LONGEST_WORD, _LONGEST_SENTENCE, _MOST_TOKENS = 1_000, 200, 800, 24
_TITLE_FORBIDS = "[]:*?/\\'"
_RESERVED = "history"
"""Excel keeps this sheet title for itself."""
_STYLES = re.compile(r"n|%|g|p|s|u|[0-9]|")
_BRACES = re.compile(r"\{([^{}]*)\}")
_SMALLEST, _LARGEST = 5.0, 40.0


@dataclass(frozen=True)
class Known:
    """What a template may name: colours of its look, and lines of the model and of a comparison where they are
    given."""

    colours: tuple[str, ...] = ()
    main: Model | None = None
    compared: Model | None = None

    def lines(self, of_comparison: bool) -> Mapping[str, Line] | None:
        """The lines by name; None where they are not known."""
        model = self.compared if of_comparison else self.main
        return None if model is None else model.by_name


class Kind:
    """What may stand in one place."""

    def objection(self, value: object, known: Known) -> str | None:
        """Why a value of the right type is refused, in words; None when it is allowed."""
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Kind):
    """A text with no placeholders but those in `names`, each written {name}."""

    names: tuple[str, ...] = ()
    longest: int = _LONGEST_LABEL
    empty: bool = True
    forbids: str = ""
    once: bool = False
    """Whether each name must stand in it exactly once."""

    def objection(self, value: object, known: Known) -> str | None:
        text = str(value)
        return _length(text, self.longest, self.empty) or _forbidden(text, self.forbids) or self._placeholders(text)

    def _placeholders(self, text: str) -> str | None:
        for name in _BRACES.findall(text):
            if name not in self.names:
                return _no_placeholder(name, self.names)
        if "{" in _BRACES.sub("", text) or "}" in _BRACES.sub("", text):
            return "has a brace without its partner"
        if self.once:
            for name in self.names:
                if text.count(f"{{{name}}}") != 1:
                    return f"must hold {{{name}}} exactly once"
        return None


@dataclass(frozen=True)
class Sentence(Kind):
    """A text with live figures: lines of the model where `lines` says so, and the texts in `names`."""

    names: tuple[str, ...] = ()
    lines: bool = False
    forbids: str = ""
    most: int = _MOST_TOKENS
    longest: int = _LONGEST_SENTENCE

    def objection(self, value: object, known: Known) -> str | None:
        text = str(value)
        wrong = _length(text, self.longest, True) or _forbidden(text, self.forbids)
        if wrong:
            return wrong
        count, rest = 0, []
        end = 0
        for match in TOKEN.finditer(text):
            rest.append(text[end : match.start()])
            end = match.end()
            count += 1
            if match[1]:
                wrong = self._line(match[1], known, choice=False)
                inner, found = _pulled(match[2])
                count += len(inner)
                rest.append(found)
                wrong = wrong or next((one for one in (self._token(each, known) for each in inner) if one), None)
            else:
                wrong = self._token(match[3], known)
            if wrong:
                return wrong
        if any(brace in "".join((*rest, text[end:])) for brace in "{}"):
            return "has a brace without its partner"
        return f"has {count} placeholders; {self.most} is the most" if count > self.most else None

    def _token(self, token: str, known: Known) -> str | None:
        name, bar, forms = token.partition("|")
        name, colon, style = name.partition(":")
        if name in self.names:
            return f"{{{token}}}: {name} is a text and takes nothing behind its name" if bar or colon else None
        wrong = self._line(name, known, choice=not (bar or colon))
        if wrong:
            return wrong
        if bar and (colon or forms.count("|") != 1):
            return f"{{{token}}}: write {{{name}|one|many}}, two words"
        if not _STYLES.fullmatch(style):
            return f"{{{token}}}: {shown(style)} is no style; write digits 0 to 9, n, g, p, s, u or %"
        return None

    def _line(self, name: str, known: Known, choice: bool) -> str | None:
        lines = known.lines(False)
        if not self.lines:
            return _no_placeholder(name, self.names)
        if lines is None:
            return None
        if name not in lines:
            near = did_you_mean(name, (*self.names, *lines))
            return f"{shown(name)} is no placeholder here, nor a line of the model.{near}".rstrip(".")
        axis = lines[name].axis
        if axis is not None:
            return f"{name} has a figure for each {axis.one}; a text takes lines with one figure"
        if isinstance(lines[name], Choice) and not choice:
            return f"{name} is a choice, a word: write {{{name}}} alone"
        return None


@dataclass(frozen=True)
class LineName(Kind):
    """A line with a figure, of the model, or of a comparison along its scenarios."""

    of_comparison: bool = False

    def objection(self, value: object, known: Known) -> str | None:
        name = str(value)
        lines = known.lines(self.of_comparison)
        if lines is None:
            return None
        if name not in lines:
            return f"{shown(name)} is no line of the model.{did_you_mean(name, lines)}".rstrip(".")
        wanted = "scenario" if self.of_comparison else None
        line = lines[name]
        if isinstance(line, Choice) or line.unit == "choice":
            return f"{name} is a word; a line with a figure is needed"
        if (line.axis and line.axis.name) != wanted:
            noun = line.axis.one if line.axis else None
            has, needed = (f"a figure for each {one}" if one else "one figure" for one in (noun, wanted))
            return f"{name} has {has}; a line with {needed} is needed"
        return None


@dataclass(frozen=True)
class NumberFormat(Kind):
    """A number format of Excel."""

    empty: bool = False

    def objection(self, value: object, known: Known) -> str | None:
        text = str(value)
        if self.empty and not text:
            return None
        wrong = number_format.objection(text)
        return f"{shown(text)} is no number format that Excel takes: it {wrong}" if wrong else None


class SheetTitle(Kind):
    """The title of a sheet. That no two are alike is judged of all together."""

    def objection(self, value: object, known: Known) -> str | None:
        title = str(value)
        wrong = _length(title, LONGEST_TITLE, empty=False)
        if wrong:
            return wrong
        if title.strip() != title:
            return f"{shown(title)} begins or ends with a space"
        if title.casefold() == _RESERVED:
            return f"{shown(title)} is a title that Excel keeps for itself"
        return _forbidden(title, _TITLE_FORBIDS)


@dataclass(frozen=True)
class Matching(Kind):
    """A text of a certain form; `words` say which."""

    pattern: str
    words: str

    def objection(self, value: object, known: Known) -> str | None:
        return None if re.fullmatch(self.pattern, str(value)) else f"{shown(value)} is not {self.words}"


@dataclass(frozen=True)
class OneOf(Kind):
    """One of some words."""

    words: tuple[str, ...]

    def objection(self, value: object, known: Known) -> str | None:
        return _not_among(value, self.words)


class ColourName(Kind):
    """A colour of the look, by its name."""

    def objection(self, value: object, known: Known) -> str | None:
        return _not_among(value, known.colours)


class FontSize(Kind):
    """A size in points."""

    def objection(self, value: object, known: Known) -> str | None:
        if isinstance(value, float) and _SMALLEST <= value <= _LARGEST:
            return None
        return f"{shown(value)} is not a size from {_SMALLEST:g} to {_LARGEST:g} points"


@dataclass(frozen=True)
class Count(Kind):
    """A list of so many."""

    least: int
    most: int
    why: str = ""

    def objection(self, value: object, known: Known) -> str | None:
        assert isinstance(value, list)
        if self.least <= len(value) <= self.most:
            return None
        wanted = f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"
        return f"has {len(value):,}; expected {wanted}{self.why and f' ({self.why})'}"


@dataclass(frozen=True)
class Keys(Kind):
    """A mapping with keys from a list: exactly those, unless some may be left out."""

    keys: tuple[str, ...]
    optional: bool = field(default=False)

    def objection(self, value: object, known: Known) -> str | None:
        assert isinstance(value, dict)
        for key in value:
            if key not in self.keys:
                return f"{shown(key)} is no key here.{did_you_mean(str(key), self.keys)}".rstrip(".")
        missing = [] if self.optional else [key for key in self.keys if key not in value]
        return f"lacks {', '.join(missing)}" if missing else None


def _length(text: str, longest: int, empty: bool) -> str | None:
    if not text.strip() and not empty:
        return "is empty"
    length = units(text)
    return f"has {length:,} characters; keep it to {longest:,}" if length > longest else None


def _forbidden(text: str, forbids: str) -> str | None:
    wrong = next((character for character in text if character in forbids), None)
    return None if wrong is None else f"{shown(text)} holds {wrong}, which may not stand here"


def _no_placeholder(name: str, names: Iterable[str]) -> str:
    listed = [f"{{{one}}}" for one in names]
    there = f"there {'is' if len(listed) == 1 else 'are'} {', '.join(listed)}" if listed else "there is none"
    return f"{{{shown(name)[1:-1]}}} is no placeholder here; {there}"


def _not_among(value: object, words: Iterable[str]) -> str | None:
    listed = list(words)
    if not listed or value in listed:
        return None
    return f"{shown(value)} is not one of {', '.join(listed)}.{did_you_mean(str(value), listed)}".rstrip(".")


def _pulled(text: str) -> tuple[list[str], str]:
    """What stands in braces, and the rest."""
    return _BRACES.findall(text), _BRACES.sub("", text)


POINT_TEXTS = ("number", "why", "label", "tool", "notes", "file")
"""The columns of a page of points that are no lines of the model."""
ROW_TEXTS = ("number", "title", "sha", "points", "ranked_label")
"""The columns of a page of rows that are no lines of the comparison."""

_SUBJECT = ("title", "currency", "product", "version", "scenario_sha", "points")
_GRID = ("result", "title", "currency", "rows", "columns", "unit", "least", "row", "column")
_FRONT = ("best", "count", "currency", "figure", "unit", "measure")
_GAP = ("from", "to", "gap", "unit", "measure", "percent")

Label = Annotated[str, Text()]
Word = Annotated[str, Text(longest=_LONGEST_WORD, empty=False)]
FormulaWord = Annotated[str, Text(longest=_LONGEST_WORD, empty=False, forbids='"')]
"""A text inside of a formula."""
FormulaText = Annotated[str, Text(longest=_LONGEST_WORD, forbids='"')]
"""The same, which may be empty."""
Mark = Annotated[str, Matching(r"[^\W\d_][^\W_]{0,30}( [^\W_]+){0,3}", "a word or two of letters")]
"""A word that cells are counted by: no signs that a criterion gives a meaning."""
FooterWord = Annotated[str, Text(longest=16, forbids="&")]
Prompt = Annotated[str, Text(longest=100, empty=False)]
"""A piece of the message of a cell, 255 characters in all."""
ChartName = Annotated[str, Matching(r"[^={}][^{}]{0,99}", "a name of 1 to 100 characters that begins with no =")]
MainSentence = Annotated[str, Sentence(_SUBJECT, lines=True)]
GridSentence = Annotated[str, Sentence(_GRID)]
FrontSentence = Annotated[str, Sentence(_FRONT)]
GapSentence = Annotated[str, Sentence(_GAP)]
PlaceSentence = Annotated[str, Sentence(("row", "column"), longest=_LONGEST_WORD)]
CountSentence = Annotated[str, Sentence(("count",), longest=_LONGEST_WORD)]
AxisSentence = Annotated[str, Sentence(_SUBJECT, lines=True, forbids='"', most=1, longest=_LONGEST_WORD)]
OfCurrency = Annotated[str, Text(("currency",))]
OfSides = Annotated[str, Text(("rows", "columns"))]
Title = Annotated[str, SheetTitle()]
Tab = Annotated[str, ColourName()]
Hex = Annotated[str, Matching("#?[0-9A-Fa-f]{6}", 'a colour of six hexadecimal digits in quotes, such as "1F2937"')]
MainLine = Annotated[str, LineName()]
RankedLine = Annotated[str, LineName(of_comparison=True)]
Shape = Annotated[str, NumberFormat()]
OptionalShape = Annotated[str, NumberFormat(empty=True)]


def counted(name: str) -> Text:
    """A text with a live count in it."""
    return Text((name,), longest=_LONGEST_WORD, empty=False, once=True)
