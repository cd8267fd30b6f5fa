"""What the page of a plan says, as a template gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tco_xlsx.book.template_kinds import (
    Count,
    FormulaText,
    FormulaWord,
    Keys,
    Label,
    MainLine,
    MainSentence,
    Sentence,
    Tab,
    Title,
    Word,
)
from tco_xlsx.model import roles

_WAYS = tuple(way.name for way in roles.ways)
PerWay = Annotated[dict[str, MainSentence], Keys(_WAYS)]
WayWords = Annotated[dict[str, FormulaWord], Keys(_WAYS)]
Scaled = Annotated[str, Sentence(("scale", "currency"), lines=True)]
"""A heading of a block of amounts: {scale} is "million" or what suits them."""


@dataclass(frozen=True)
class TwoTexts:
    """What is said where a figure stays, and where it changes over the years."""

    same: MainSentence
    changes: MainSentence


@dataclass(frozen=True)
class SpentCard:
    """A large figure: `later` is added below only where something is bought later."""

    label: MainSentence
    value: MainSentence
    absent: FormulaWord
    small: MainSentence
    later: MainSentence


@dataclass(frozen=True)
class ServersCard:
    """How many servers, in the first year and in the last."""

    label: MainSentence
    value: TwoTexts
    small: MainSentence


@dataclass(frozen=True)
class SavedCard:
    """What owning saves against another way; `none` where that is not priced."""

    label: FormulaWord
    dearer: FormulaWord
    value: MainSentence
    absent: FormulaWord
    none: MainSentence
    from_start: MainSentence
    from_month: MainSentence
    never: MainSentence


@dataclass(frozen=True)
class Buy:
    """What to buy and when; `later` names a purchase, `many` stands for a list that is too long."""

    word: FormulaWord
    otherwise: FormulaWord
    """In the place of `word` where another way is cheaper."""
    now: MainSentence
    then: FormulaWord
    later: FormulaWord
    """Between the number of servers and that of the year."""
    amount: MainSentence
    many: MainSentence
    nothing: MainSentence


@dataclass(frozen=True)
class Watch:
    """The point at which another way becomes cheaper."""

    word: Word
    api: TwoTexts
    """While owning is cheaper, and while the API is."""
    load: MainSentence
    rent: TwoTexts
    """While it depends on the hours, and where it does not."""
    nothing: MainSentence


@dataclass(frozen=True)
class Use:
    """How much of what is bought is used."""

    word: Word
    used: MainSentence
    unknown: MainSentence


@dataclass(frozen=True)
class ToDo:
    """What follows from the plan."""

    title: MainSentence
    no_size: MainSentence
    buy: Buy
    use: Use
    watch: Watch


@dataclass(frozen=True)
class WaysTable:
    """Own and the other ways side by side; a way that is not priced has no column."""

    title: Scaled
    headings: WayWords
    bought: MainSentence
    paid: MainSentence
    left: MainSentence
    cost: MainSentence
    present_value: MainSentence
    nothing_left: MainSentence
    per_1m: MainSentence
    levelised: MainSentence
    months: MainSentence


@dataclass(frozen=True)
class UnitCosts:
    """Unit costs of owning over the horizon."""

    title: MainSentence
    headings: Annotated[list[MainSentence], Count(5, 5)]
    rows: Annotated[list[Label], Count(2, 2, "at capacity and at demand")]


@dataclass(frozen=True)
class CashCharts:
    """The two charts of cash."""

    so_far: Scaled
    so_far_note: MainSentence
    so_far_alt: Label
    by_year: Scaled
    by_year_note: MainSentence
    by_year_alt: Label
    ends: WayWords
    """The name at the end of each line."""
    month: FormulaWord
    year: FormulaWord
    purchases: Word
    running: Word
    total: Word


@dataclass(frozen=True)
class Scale:
    """The words before a currency by which a block of amounts is counted."""

    thousand: FormulaWord
    million: FormulaWord
    billion: FormulaWord


@dataclass(frozen=True)
class Uncounted:
    """Something that is not in the plan while all these inputs are 0."""

    word: FormulaWord
    inputs: Annotated[list[MainLine], Count(1, 6)]


@dataclass(frozen=True)
class NotCounted:
    """What is left out of the plan."""

    before: FormulaWord
    separator: FormulaWord
    end: FormulaText
    parts: Annotated[list[Uncounted], Count(1, 20)]


@dataclass(frozen=True)
class Convention:
    """When amounts fall, and what counts as left."""

    payments: MainSentence
    book_value: Annotated[dict[str, MainSentence], Keys(roles.depreciation_method.codes)]
    nothing: MainSentence


@dataclass(frozen=True)
class PlanPage:
    """The first page of one scenario: what the years cost, against the other ways."""

    kind: str
    title: Title
    tab: Tab
    headline: PerWay
    than: PerWay
    alone: TwoTexts
    """Without a discount rate, and with one."""
    load: TwoTexts
    limits: MainSentence
    servers: ServersCard
    spent: SpentCard
    saved_api: SavedCard
    saved_rent: SavedCard
    charts: CashCharts
    scale: Scale
    to_do: ToDo
    ways: WaysTable
    unit_costs: UnitCosts
    not_counted: NotCounted
    convention: Convention
    workings: Label
    provenance: MainSentence
