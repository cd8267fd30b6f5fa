"""Sentences with live numbers: a text of the template becomes an Excel formula and its cached value.

`{name:2}` is a number with two decimals, `:g` has all digits, `:n` none if it is whole, else two, or four below 0.1;
`:%` is a percentage, `:p` with a decimal unless it is whole; `:s` has three digits that count (3.09M), no sign; `:u`
is rounded up to whole;
`{name}` of a choice its code; `{name|one|many}` a word that goes with the number;
`[name? ...]` a piece that shows only when the line has a number; any other `{word}` is a fixed text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

from tco_xlsx.language.evaluate import Values
from tco_xlsx.language.excel import ABSENT
from tco_xlsx.language.lines import Choice, Line

TOKEN = re.compile(r"\[([a-z_]+\.[a-z_0-9]+)\?([^\[\]]*)\]|\{([^{}]*)\}")
_LONGEST_LITERAL = 250
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_ANY = Context(prec=700, rounding=ROUND_HALF_UP)
_EXCEL_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SMALL, _DIGITS_OF_SMALL = 0.1, 4

Token = tuple[str, str]
"""A piece that is there only with a line: its name and the text; or no name and what stands in braces."""


class Live(NamedTuple):
    """A text as an Excel expression (without "=") and as it reads now; `fixed` when nothing in it can change."""

    excel: str
    cached: str
    fixed: bool = False


@dataclass(frozen=True)
class Writer:
    """Writes the texts of one scenario: `address` gives the reference to a line's cell, `words` the texts that may
    be named beside lines."""

    lines: Mapping[str, Line]
    address: Callable[[Line], str]
    values: Values
    scenario: int
    words: Mapping[str, Live]
    _written: dict[str, Live] = field(default_factory=dict, init=False, compare=False, repr=False)

    def write(self, text: str) -> Live:
        """The text with its numbers live."""
        if text not in self._written:
            self._written[text] = self._write(text)
        return self._written[text]

    def _write(self, text: str) -> Live:
        parts = _parts(text)
        if len(parts) == 1 and isinstance(parts[0], Live):
            return parts[0]
        joined = _joined([part if isinstance(part, Live) else self._filled(part) for part in parts])
        excel = "&".join(piece.excel for piece in joined)
        return Live(excel, "".join(piece.cached for piece in joined), all(piece.fixed for piece in joined))

    def plain(self, text: str) -> str:
        """The text as it reads now."""
        return self.write(text).cached

    def number(self, line: Line) -> float | None:
        """The present value of a line."""
        return self.values.value(line, self.scenario)

    def _filled(self, token: Token) -> Live:
        return self._optional(*token) if token[0] else self._part(token[1])

    def _optional(self, name: str, text: str) -> Live:
        inner, line = self.write(text), self.lines[name]
        cell = self.address(line)
        there = self.number(line) is not None
        return Live(f'IF(ISNUMBER({cell}),{inner.excel},"")', inner.cached if there else "")

    def _part(self, token: str) -> Live:
        name, style, forms = _pieces(token)
        if name not in self.lines:
            return self.words[name]
        line = self.lines[name]
        cell = self.address(line)
        if isinstance(line, Choice):
            return Live(cell, self.values.code(line, self.scenario))
        number = self.number(line)
        if forms:
            one, many = forms
            return Live(f"IF({cell}=1,{quoted(one)},{quoted(many)})", one if number == 1 else many)
        excel, cached = _styled(cell, number, style)
        if number is None:
            cached = ABSENT
        return Live(f"IF(ISNUMBER({cell}),{excel},{cell})", cached)


def named_in(text: str) -> list[str]:
    """What a text names in braces, in order: lines and words."""
    return [re.split("[:|]", match[1] or match[3] or "")[0] for match in TOKEN.finditer(text)]


def _styled(cell: str, number: float | None, style: str) -> tuple[str, str]:
    if style == "n":
        test = f"IF({cell}=INT({cell}),0,IF(ABS({cell})>={_SMALL},2,{_DIGITS_OF_SMALL}))"
        return f"FIXED({cell},{test})", fixed(number, digits_of(number))
    if style == "g":
        return f'{cell}&""', "" if number is None else f"{number:.15g}"
    if style == "%":
        return f'FIXED({cell}*100,0)&"%"', fixed(None if number is None else number * 100, 0) + "%"
    if style == "s":
        return _short(cell), short(number)
    if style == "p":
        test = f"IF(ROUND({cell}*100,1)=ROUND({cell}*100,0),0,1)"
        return f'FIXED({cell}*100,{test})&"%"', _percent(number)
    if style == "u":
        return f"FIXED(ROUNDUP(ROUND({cell},6),0),0)", fixed(None if number is None else _up(number), 0)
    digits = int(style or "0")
    return f"FIXED({cell},{digits})", fixed(number, digits)


def digits_of(number: float | None) -> int:
    """The decimals of a number in a sentence: none where it is whole, more where it is small."""
    if number is None or number == int(number):
        return 0
    return 2 if abs(number) >= _SMALL else _DIGITS_OF_SMALL


def _percent(number: float | None) -> str:
    if number is None:
        return ""
    tenths = fixed(number * 100, 1)
    return (tenths[:-2] if tenths.endswith(".0") else tenths) + "%"


def _up(number: float) -> float:
    """Rounded away from zero to whole; the sixth decimal is noise where engines add in another order."""
    rounded = round(number, 6)
    return math.copysign(math.ceil(abs(rounded)), rounded)


_SHORT = ((1_000_000_000, "B"), (1_000_000, "M"))
_HAIR = 1.000000000001
"""Above a half by a hair, all round up: engines differ in halves that have no exact digits, such as 1.025."""
_BELOW_A_MILLION = ((99_950, -3), (9_995, -2), (999.5, -1), (99.95, 0), (9.995, 1), (0.9995, 2), (0.09995, 3))


def _short(cell: str) -> str:
    """Excel's side of `short`."""
    size = f"ABS({cell})"
    below = "".join(f"IF({size}>={least:.10g},{digits}," for least, digits in _BELOW_A_MILLION)
    excel = f"IF({size}<0.00005,{quoted('0')},FIXED({size}*{_HAIR},{below}4{')' * len(_BELOW_A_MILLION)}))"
    for unit, word in reversed(_SHORT):
        digits = f"IF({size}>={99.95 * unit:.10g},0,IF({size}>={9.995 * unit:.10g},1,2))"
        excel = f"IF({size}>={0.9995 * unit:.10g},FIXED({size}*{_HAIR}/{unit},{digits})&{quoted(word)},{excel})"
    return excel


def short(number: float | None) -> str:
    """An amount with three digits that count, in millions or billions where it has as many: 3.09M, 820,000, 0.98. The
    sign is left to the words around it."""
    if number is None:
        return ""
    size = abs(number)
    for unit, word in _SHORT:
        if size >= float(f"{0.9995 * unit:.10g}"):
            wide, narrow = (float(f"{each * unit:.10g}") for each in (99.95, 9.995))
            return fixed(size * _HAIR / unit, 0 if size >= wide else 1 if size >= narrow else 2) + word
    if size < 0.00005:
        return "0"
    return fixed(size * _HAIR, next((digits for least, digits in _BELOW_A_MILLION if size >= least), 4))


def fixed(number: float | None, digits: int) -> str:
    """Excel's FIXED: that many decimals, halves away from zero, thousands separated; of a number 15 digits count, and
    zeros follow."""
    if number is None:
        return ""
    exact = _FIFTEEN.plus(Decimal(repr(float(number))))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), context=_ANY)
    return f"{rounded:,f}"


def quoted(text: str) -> str:
    """A text as an Excel literal: in two where Excel would read _x0041_ as the letter A."""
    literal = '"' + text.replace('"', '""') + '"'
    return _EXCEL_ESCAPE.sub('_"&"', literal) if "_x" in literal else literal


def with_count(words: str, count: str) -> str:
    """Words as an Excel expression, with the expression of a count in the place of their mark in braces."""
    before, _, rest = words.partition("{")
    after = rest.partition("}")[2]
    return "&".join([*([quoted(before)] if before else []), count, *([quoted(after)] if after else [])])


@lru_cache(maxsize=1024)
def literal(text: str) -> Live:
    """A text that nothing changes."""
    parts = [text[start : start + _LONGEST_LITERAL] for start in range(0, len(text), _LONGEST_LITERAL)]
    return Live("&".join(quoted(part) for part in parts) or '""', text, fixed=True)


@lru_cache(maxsize=1024)
def _pieces(token: str) -> tuple[str, str, list[str]]:
    """What stands in braces: a name, how its number is shown, and the words that go with one and with many."""
    told, *forms = token.split("|")
    name, _, style = told.partition(":")
    return name, style, forms


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[Live | Token, ...]:
    """A text of the template taken apart: the same for every workbook."""
    parts: list[Live | Token] = []
    end = 0
    for match in TOKEN.finditer(text):
        parts.append(literal(text[end : match.start()]))
        end = match.end()
        parts.append((match[1], match[2]) if match[1] else ("", match[3]))
    return (*parts, literal(text[end:]))


def _joined(pieces: list[Live]) -> list[Live]:
    """The pieces with neighbouring fixed ones made one."""
    joined: list[Live] = []
    for piece in pieces:
        if piece.fixed and joined and joined[-1].fixed:
            joined[-1] = literal(joined[-1].cached + piece.cached)
        elif piece.cached or not piece.fixed:
            joined.append(piece)
    return joined or [literal("")]
