"""The kinds of workbooks: which pages of a template each has, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from tco_xlsx.book.template_kinds import Count
from tco_xlsx.documents.errors import did_you_mean
from tco_xlsx.documents.messages import shown

WorkbookKind = Literal["one", "comparison", "two_way"]
KINDS: tuple[WorkbookKind, ...] = get_args(WorkbookKind)
PageNames = Annotated[list[str], Count(1, 60)]

_LINES = ("inputs", "years", "tables", "points", "model", "checks")
"""The kinds of pages on which the lines of the cost model stand: no workbook is without them."""
_OF_COMPARISON = ("comparison", "gap", "steps", "rows")
_REQUIRED: dict[WorkbookKind, tuple[str, ...]] = {
    "one": _LINES,
    "comparison": (*_LINES, "summary", *_OF_COMPARISON),
    "two_way": (*_LINES, "summary", *_OF_COMPARISON, "grid"),
}
_SEVERAL: tuple[WorkbookKind, ...] = ("comparison", "two_way")
_ONLY_IN: dict[str, tuple[WorkbookKind, ...]] = {
    **dict.fromkeys((*_OF_COMPARISON, "differences"), _SEVERAL),
    "grid": ("two_way",),
    "plan": ("one",),
}
"""Pages that need what only some workbooks have; any other page may stand in each."""


@dataclass(frozen=True)
class Workbooks:
    """For each kind of workbook its pages in order, by title or by kind: of one scenario, of several beside each other,
    of a grid of two inputs. A kind stands for all pages of that kind."""

    one: PageNames
    comparison: PageNames
    two_way: PageNames

    def names(self, kind: WorkbookKind) -> Sequence[str]:
        """The titles and kinds that a workbook names."""
        named: Sequence[str] = getattr(self, kind)
        return named


def may_be_missing(page_kind: str) -> bool:
    """Whether a template need not have a page of that kind: no workbook needs it."""
    return not any(page_kind in names for names in _REQUIRED.values())


def meant(name: str, pages: Sequence[Any]) -> list[Any]:
    """The pages that a title or a kind stands for; a title comes first."""
    titled = [page for page in pages if page.title == name]
    return titled or [page for page in pages if page.kind == name]


def pages_of(workbooks: Workbooks, kind: WorkbookKind, pages: Sequence[Any]) -> list[Any]:
    """The pages of a kind of workbook, in order."""
    return [page for name in workbooks.names(kind) for page in meant(name, pages)]


def objections(workbooks: Workbooks, pages: Sequence[Any]) -> Iterator[tuple[WorkbookKind, int | None, str]]:
    """What is wrong with them: the kind of workbook, the number of the name, None for all of them, and why."""
    for kind in KINDS:
        names = workbooks.names(kind)
        seen: set[str] = set()
        for number, name in enumerate(names):
            found = meant(name, pages)
            if not found:
                hint = did_you_mean(name, [*(page.title for page in pages), *(page.kind for page in pages)])
                yield kind, number, f"{shown(name)} is neither the title nor the kind of a page.{hint}"
            for page in found:
                if page.title in seen:
                    yield kind, number, f"{shown(page.title)} is named twice."
                elif kind not in _ONLY_IN.get(page.kind, KINDS):
                    where = " or ".join(_ONLY_IN[page.kind])
                    yield kind, number, f"{shown(page.title)} is a page of kind {page.kind}; it stands in {where}."
                seen.add(page.title)
        lacking = [page for page in pages if page.kind in _REQUIRED[kind] and page.title not in seen]
        for page in lacking:
            yield kind, None, f"{shown(page.title)} is missing; what others compute with stands there."
