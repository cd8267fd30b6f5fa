"""The part of Excel's grammar of number formats that a template may use: figures, no dates. Excel refuses to open a
workbook that holds an invalid one."""

from __future__ import annotations

import re

LONGEST = 200
_MOST_SECTIONS, _MOST_CONDITIONS = 4, 2
_CONDITION = re.compile(r"\[(?:<|<=|=|<>|>|>=)-?[0-9]{1,15}(?:\.[0-9]{1,10})?\]")
_COLOUR = re.compile(r"\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow)\]", re.IGNORECASE)
_PIECE = re.compile(
    r"""(?P<quoted>"[^"\x00-\x1f]*")
    |(?P<escaped>\\[^\x00-\x1f])
    |(?P<space>_[^\x00-\x1f])
    |(?P<general>General)
    |(?P<digits>[#0?][#0?,]*(?:\.[#0?]*)?(?:E[+-][#0?]+)?,*)
    |(?P<percent>%)
    |(?P<text>@)
    |(?P<plain>[-+ $()!^&'~{}<>=:€£¥])""",
    re.VERBOSE,
)
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?(?:E[+-][#0?]+)?,*%?")


def objection(text: str) -> str | None:
    """Why a number format is refused, in words; None when Excel takes it."""
    if not text:
        return "is empty"
    if len(text) > LONGEST:
        return f"has {len(text):,} characters; keep it to {LONGEST}"
    sections = _sections(text)
    if sections is None:
        return 'has a " that is not closed'
    if len(sections) > _MOST_SECTIONS:
        return f"has {len(sections)} parts between semicolons; Excel takes {_MOST_SECTIONS}"
    conditions = 0
    for section in sections:
        wrong, conditional = _section(section)
        if wrong is not None:
            return wrong
        conditions += conditional
    if conditions > _MOST_CONDITIONS or (conditions and any("[" in one for one in sections[_MOST_CONDITIONS:])):
        return "has conditions beyond its second part; Excel takes them in the first two"
    return None


def digits_of(text: str) -> str:
    """The digits of the last part of a format, with its percent sign, such as #,##0.00; empty where it has none."""
    sections = _sections(text) or [text]
    plain = re.sub(r'"[^"]*"|\\.|_.|\[[^\]]*\]', "", sections[-1])
    found = _DIGITS.search(plain)
    return found[0] if found else ""


def _sections(text: str) -> list[str] | None:
    sections, quoted, escaped = [""], False, False
    for character in text:
        if escaped:
            escaped = False
        elif character == '"':
            quoted = not quoted
        elif quoted:
            pass
        elif character == ";":
            sections.append("")
            continue
        else:
            escaped = character in "\\_"
        sections[-1] += character
    return None if quoted else sections


def _section(section: str) -> tuple[str | None, bool]:
    """Why a part between semicolons is refused, and whether it has a condition."""
    at, conditional = 0, False
    while at < len(section) and section[at] == "[":
        found = _COLOUR.match(section, at) or _CONDITION.match(section, at)
        if found is None or (conditional and found.re is _CONDITION):
            return f"has {section[at:][:20]!r}; in brackets Excel takes a colour or a condition such as [>=100]", False
        conditional = conditional or found.re is _CONDITION
        at = found.end()
    kinds: list[str] = []
    while at < len(section):
        found = _PIECE.match(section, at)
        if found is None:
            wrong = section[at:][:10]
            return f"has {wrong!r}, which no format of a number has; put words into quotes", conditional
        kinds.append(str(found.lastgroup))
        at = found.end()
    if sum(kind in ("digits", "general", "text") for kind in kinds) > 1:
        return "has digits in two places of one part", conditional
    return None, conditional
