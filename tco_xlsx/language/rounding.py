"""One rule of rounding for people: the number format of each unit, read by spreadsheets and, here, by Python.

Cards, sentences, lists, the terminal and messages all show a number by it. Files for machines hold every digit.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from tco_xlsx.language.lines import Derived, Given, Line

WHOLE = "#,##0"
"""How a number without a fraction is shown where units are counted."""

_COUNTED = "[>=0.1]#,##0.00;[>=0.0001]0.0000;General"
_RATE = "[>=1000]#,##0;[>=10]#,##0.00;0.0000"
_MS = "[>=100]#,##0;[>=10]#,##0.0;0.00"
_PRICE = "[>=100]#,##0.00;[>=0.01]#,##0.0000;0.000000"

FORMATS = {
    "1": "0",
    "share": "0.0%",
    "times": "General",
    "point": "0",
    "check": "0",
    "choice": "@",
    "request": _COUNTED,
    "request/s": "[>=1000]#,##0;0.00##",
    "request/year": WHOLE,
    "request/day": WHOLE,
    "request/user/day": "General",
    "user": WHOLE,
    "request/s/instance": _RATE,
    "request/s/GPU": _RATE,
    "request/server/year": WHOLE,
    "request/1000 prompts": WHOLE,
    "token": WHOLE,
    "token/day": WHOLE,
    "token/request": WHOLE,
    "token/1M tokens": WHOLE,
    "ms": _MS,
    "ms/request": _MS,
    "ms/token": _MS,
    "ms/s": WHOLE,
    "s/request": "[>=100]#,##0;0.0##",
    "money*token/request/1M tokens": "#,##0.00",
    "instance": _COUNTED,
    "instance/server": _COUNTED,
    "server/instance": _COUNTED,
    "server": _COUNTED,
    "licence": _COUNTED,
    "GPU": _COUNTED,
    "GPU/server": _COUNTED,
    "GPU/instance": _COUNTED,
    "year": "General",
    "day/year": "General",
    "day/week": "0.0#",
    "month/year": "0",
    "month": "0.0",
    "share/month": "0.0000%",
    "h/month": WHOLE,
    "GPU*h": WHOLE,
    "h/day": "0",
    "h/week": "General",
    "s/h": WHOLE,
    "h/year": WHOLE,
    "s/year": WHOLE,
    "money": WHOLE,
    "money/server": WHOLE,
    "money/year": WHOLE,
    "money/server/year": WHOLE,
    "money/licence/year": WHOLE,
    "money/GPU": WHOLE,
    "money/GPU/year": WHOLE,
    "money/GPU/h": "[>=100]#,##0;0.0000",
    "money/month": WHOLE,
    "money/server/month": WHOLE,
    "money/day": WHOLE,
    "money/s": "[>=100]#,##0;0.000000",
    "report currency": WHOLE,
    "report currency/money": "General",
    "money/request": "[>=1]#,##0.00;0.000000000",
    "money/1000 prompts": _PRICE,
    "money/1M tokens": _PRICE,
    "money/user/month": _PRICE,
    "money/kW": WHOLE,
    "money/kW/month": "[>=1000]#,##0;0.00",
    "money/kWh": _PRICE,
    "money/FTE/year": WHOLE,
    "share/year": "0.0%",
    "kW": "[>=100]#,##0;0.0#",
    "kW/server": "0.0##",
    "kWh": WHOLE,
    "kg": WHOLE,
    "kg/kWh": "0.0##",
    "FTE": "0.0#",
    "figure": "[>=100]#,##0;0.0000",
}
"""The number format of each unit."""


def is_counted(line: Line) -> bool:
    """Whether a line counts units that are whole as a rule: without a fraction it is shown without decimals."""
    return FORMATS.get(line.unit) == _COUNTED and not (isinstance(line, Derived) and (line.digits or line.signed))


def format_of(line: Line) -> str:
    """The number format of a line's values."""
    if isinstance(line, Derived) and line.digits:
        return f"{WHOLE}.{'0' * line.digits}"
    return FORMATS[line.unit]


def figure(line: Line, value: float | None) -> str:
    """A value of a line for people: in the words of its states, with all the digits that a person typed, or rounded by
    its unit."""
    if value is None:
        return "empty" if isinstance(line, Given) else "n/a"
    if line.states:
        return line.states.get(int(value), "")
    own = format_of(line)
    if isinstance(line, Given) and not own.endswith("%"):
        return as_typed(value)
    return as_shown(value, WHOLE if is_counted(line) and float(value).is_integer() else own)


def as_typed(value: float) -> str:
    """A number with all its digits and its thousands set apart."""
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:,.15g}"


def as_shown(value: float, number_format: str) -> str:
    """A number in a spreadsheet's number format: conditions, decimals, thousands, percent, exponent, General."""
    section = _section(value, _sections(number_format))
    if section.format in ("General", "@", ""):
        return f"{value:,.10g}"
    if "E" in section.format:
        return f"{value:.{section.least}E}".replace("E+0", "E+").replace("E-0", "E-")
    number = Decimal(repr(float(value))) * (100 if section.percent else 1)
    rounded = abs(number).quantize(Decimal(1).scaleb(-section.most), ROUND_HALF_UP)
    text = f"{rounded:,f}" if section.groups else f"{rounded:f}"
    if section.most > section.least:
        whole, _, rest = text.partition(".")
        kept = rest[: section.least] + rest[section.least :].rstrip("0")
        text = f"{whole}.{kept}" if kept else whole
    return f"{'-' if number < 0 and rounded else ''}{text}{'%' if section.percent else ''}"


class _Section(NamedTuple):
    """A part of a number format: its condition, and its decimals at least and at most."""

    test: str
    bound: float
    format: str
    least: int
    most: int
    groups: bool
    percent: bool


_SECTION = re.compile(r"(?:\[(<=|>=|<|>|=)([-\d.]+)\])?(.*)")
_TESTS = {
    ">=": float.__ge__,
    "<=": float.__le__,
    ">": float.__gt__,
    "<": float.__lt__,
    "=": float.__eq__,
}


@lru_cache(maxsize=256)
def _sections(number_format: str) -> tuple[_Section, ...]:
    found = []
    for text in number_format.split(";"):
        match = _SECTION.fullmatch(text)
        assert match is not None
        decimals = match[3].partition(".")[2].partition("E")[0].rstrip("%")
        found.append(
            _Section(
                match[1] or "",
                float(match[2] or 0),
                match[3],
                decimals.count("0"),
                len(decimals),
                "," in match[3],
                match[3].endswith("%"),
            )
        )
    return tuple(found)


def _section(value: float, sections: tuple[_Section, ...]) -> _Section:
    for section in sections:
        if not section.test or _TESTS[section.test](float(value), section.bound):
            return section
    return sections[-1]
