"""Fonts, colours and number formats of a template."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Annotated

from tco_xlsx.book.template_kinds import FontSize, Hex, Matching, OfCurrency, OptionalShape

Font = Annotated[str, Matching(r"[^\W_][\w .-]{0,30}", "the name of a font, of letters and digits")]
Size = Annotated[float, FontSize()]


@dataclass(frozen=True)
class Look:
    """Fonts and colours (six hexadecimal digits)."""

    font: Font
    size: Size
    ink: Hex
    soft: Hex
    rule: Hex
    band: Hex
    accent: Hex
    accent_soft: Hex
    neutral: Hex
    warning: Hex
    input_ink: Hex
    input_fill: Hex
    edited_fill: Hex
    link_ink: Hex
    good_ink: Hex
    good_fill: Hex
    bad_ink: Hex
    bad_fill: Hex
    heat_least: Hex
    heat_middle: Hex
    heat_most: Hex

    def colour(self, name: str) -> str:
        """A colour of the look by its name."""
        return f"#{getattr(self, name).removeprefix('#')}"


@dataclass(frozen=True)
class UnitLook:
    """A unit as shown, and the number format of its values: the product's own where none is given."""

    words: OfCurrency
    format: OptionalShape = ""


COLOURS = tuple(each.name for each in dataclasses.fields(Look) if each.name not in ("font", "size"))
"""The names of the colours of a look."""
