"""What the page about the workbook says, as a template gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tco_xlsx.book.template_kinds import Count, Label, OneOf, Tab, Title


@dataclass(frozen=True)
class Colour:
    """A line of the colour key."""

    style: Annotated[str, OneOf(("input", "edited", "plain", "good", "warned", "bad"))]
    text: Label


@dataclass(frozen=True)
class ColourKey:
    """The colour key."""

    title: Label
    rows: Annotated[list[Colour], Count(0, 20)]


@dataclass(frozen=True)
class TitleOnly:
    """A heading alone."""

    title: Label


@dataclass(frozen=True)
class SourcesTable:
    """The words of the table of sources."""

    title: Label
    headings: Annotated[list[Label], Count(3, 3)]
    scenario: Label
    variation: Label
    extends: Label
    benchmark: Label
    overrides: Label
    version: Label
    notes: Label


@dataclass(frozen=True)
class Glossary:
    """Terms and what they mean."""

    title: Label
    rows: Annotated[list[Annotated[list[Label], Count(2, 2, "a term and what it means")]], Count(0, 200)]


@dataclass(frozen=True)
class AboutPage:
    """What the workbook is."""

    kind: str
    title: Title
    tab: Tab
    subtitle: Label
    purpose: Annotated[list[Label], Count(0, 50)]
    colours: ColourKey
    sheets: TitleOnly
    sources: SourcesTable
    glossary: Glossary
