"""The cell of an input: how it is written, validated and marked, and what its content means when it is read back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from tco_xlsx.book.style import Styles
from tco_xlsx.book.template import Words
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.documents.errors import did_you_mean
from tco_xlsx.documents.messages import number_hint, shown
from tco_xlsx.language.lines import Choice, Given, Pick, RowText
from tco_xlsx.scenario.inputs import InputScalar, outside

LONGEST_PROMPT, LONGEST_PROMPT_TITLE = 255, 32
"""What Excel shows beside a cell."""
_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!"))


# --- written


def write(sheet: Sheet, styles: Styles, at: tuple[int, int], line: Given, value: InputScalar, kind: str) -> None:
    """A value of an input as a person types it, at a row and a column; None leaves the cell empty."""
    style = styles.of(kind, styles.typed_format(line, value if isinstance(value, float) else None))
    if value is None:
        sheet.blank(*at, style)
    elif isinstance(value, str):
        sheet.text(*at, value, style)
    else:
        sheet.number(*at, value, style)


def linked(line: Given, there: str) -> str:
    """The formula of a cell that takes its value from another one; an empty one would read as 0."""
    return f'=IF(ISBLANK({there}),"",{there})' if line.may_be_empty else f"={there}"


# --- validated


def allowed(line: Given, words: Words, page: str = "") -> str:
    """What may be typed, in words; `page` is the sheet on which the codes of a pick are listed."""
    if isinstance(line, Pick):
        return words.pick.format(sheet=page)
    if isinstance(line, Choice):
        return ", ".join(line.codes)
    parts = [words.any_text if isinstance(line, RowText) else line.range_words() or words.any_number]
    if line.integer:
        parts.append(words.whole_number)
    if line.optional:
        parts.append(words.may_be_empty)
    return ", ".join(parts).replace(f", {words.may_be_empty}", f" {words.may_be_empty}")


def validation(line: Given, words: Words, here: str, may: str, codes: str = "", title: str = "") -> dict[str, Any]:
    """The rule of an input's cell, with its messages.

    `here` is its address, `may` what is `allowed`, `codes` the cells that list the codes of a pick, `title` the head of
    the messages: the label unless given.
    """
    if isinstance(line, Choice):
        prompt = f"{words.choose}: {may}. {line.note}".strip() if isinstance(line, Pick) else f"{words.choose}: {may}."
        source = f"={codes}" if isinstance(line, Pick) else list(line.codes)
        rule: dict[str, Any] = {"validate": "list", "source": source}
    elif isinstance(line, RowText):
        prompt = f"{words.allowed}: {may}. {line.note}".strip()
        rule = {"validate": "any"}
    else:
        prompt = f"{words.allowed}: {may}. {line.note}".strip()
        tests = [f"ISNUMBER({here})"]
        tests += [f"{here}=INT({here})"] if line.integer else []
        tests += [f"{here}>{line.above:.15g}"] if line.above is not None else []
        tests += [f"{here}>={line.at_least:.15g}"] if line.at_least is not None else []
        tests += [f"{here}<={line.most:.15g}"] if line.most < math.inf else []
        rule = {"validate": "custom", "value": f"=AND({','.join(tests)})", "ignore_blank": line.optional}
    return rule | _messages(title or line.label, prompt, f"{words.refused} {prompt}")


def drop_down(words: Words, source: str | list[str], title: str, prompt: str) -> dict[str, Any]:
    """The rule of a cell that steers what is shown: one of a list, never empty."""
    rule = {"validate": "list", "source": source, "ignore_blank": False}
    return rule | _messages(title, prompt, words.refused)


def _messages(title: str, prompt: str, refusal: str) -> dict[str, Any]:
    head = title[:LONGEST_PROMPT_TITLE]
    return {
        "input_title": head,
        "input_message": prompt[:LONGEST_PROMPT],
        "error_title": head,
        "error_message": refusal[:LONGEST_PROMPT],
        "error_type": "stop",
    }


# --- marked


def edited(line: Given, words: Words, here: str, there: str) -> str:
    """The formula that says whether an input is another one than as generated, or was emptied.

    `here` is its cell and `there` that of the value as generated; or both are ranges of as many cells.
    """
    if ":" not in here:
        if line.optional:
            # An empty cell equals 0 in Excel, so emptiness is compared as well.
            return f'=IF(AND({here}={there},ISBLANK({here})=ISBLANK({there})),"","{words.edited}")'
        return f'=IF(ISBLANK({here}),"{words.missing}",IF({here}={there},"","{words.edited}"))'
    if line.may_be_empty:
        # A link to an empty cell is a text without letters.
        unlike = f'SUMPRODUCT((({here}<>{there})+({here}="")*({there}<>"")+({here}<>"")*({there}="")>0)*1)'
        return f'=IF({unlike}=0,"","{words.edited}")'
    unlike = f'IF(SUMPRODUCT(({here}<>{there})*1)=0,"","{words.edited}")'
    return f'=IF(COUNTBLANK({here})>0,"{words.missing}",{unlike})'


# --- read back


@dataclass(frozen=True)
class Objection:
    """Why the content of a cell is no value of its input, in words that follow the input's name: `is empty ...`."""

    words: str


CellContent = str | float | date | time | timedelta | None
"""What a reader of workbooks finds in a cell; a date and time is a date, a truth a number."""


def read_back(line: Given, content: CellContent, codes: tuple[str, ...] = ()) -> InputScalar | Objection:
    """What the content of an input's cell means to the formulas of the workbook: a value, None where it is empty, or an
    objection.

    `codes` are those that a pick may take; without them any text is taken for one. A number is judged as in a scenario
    file. A number that stands as a text is refused: some formulas would compute with it and others would not.
    """
    if isinstance(content, str) and not content.strip():
        content = None
    if isinstance(content, str) and content in _ERRORS:
        return Objection(f"is the error {content}.")
    if isinstance(content, (date, time, timedelta)):
        return Objection(f"is a date or time ({content}); type it anew, and format the cell as it was.")
    if isinstance(line, Choice):
        return _code(line, content, codes if isinstance(line, Pick) else line.codes)
    if isinstance(line, RowText):
        return None if content is None else _text(content)
    if content is None:
        return None if line.optional else Objection(f'is empty; "{line.label}" needs a number.')
    if isinstance(content, bool):
        return Objection(f"is {str(content).upper()}, not a number.")
    if isinstance(content, str):
        return Objection(f"{shown(content)} is a text, not a number.{_typed(content)}")
    number = float(content)
    if not math.isfinite(number):
        return Objection(f"{number} is not a finite number.")
    objection = outside(line, number)
    return Objection(objection) if objection else number


def _typed(text: str) -> str:
    """What to type instead of a text that a person reads as a number."""
    # The scenario file's own hint, but for its quotes: a cell has none.
    hint = number_hint(text.strip().removeprefix("'").strip())
    return (
        f" Type {text.strip()} as a number." if hint == " Write it without quotes." else hint.replace("Write", "Type")
    )


def _text(content: str | float) -> str:
    """What a cell shows."""
    if isinstance(content, bool):
        return str(content).upper()
    return content if isinstance(content, str) else f"{content:.15g}"


def _code(line: Choice, content: str | float | None, codes: tuple[str, ...]) -> InputScalar | Objection:
    """A code of a choice. Spreadsheets compare texts without regard to capitals, and take a code of digits for a number
    when it is picked from a list."""
    if content is None:
        return Objection(f"is empty; choose one of {', '.join(codes)}." if codes else "is empty; choose from the list.")
    text = _text(content)
    if not codes or text in codes:
        return text
    alike = [code for code in codes if code.casefold() == text.casefold()]
    if len(alike) == 1:
        return alike[0]
    return Objection(f"{shown(text)} is not one of {', '.join(codes)}.{did_you_mean(text, codes)}")
