"""Calls noted down and filled in give the bytes that XlsxWriter gives for them, and a change in any is noticed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tco_xlsx.book.xlsx import cache as skeleton
from tco_xlsx.book.xlsx.cache import write_recorded
from tco_xlsx.book.xlsx.private import FasterWorksheet, SoundWorkbook
from tco_xlsx.book.xlsx.recorder import CannotRecord, RecordedWorkbook, frozen, sheet_on, thawed
from tests.support.packages import assert_same


@pytest.fixture(autouse=True)
def _no_skeletons() -> Iterator[None]:
    skeleton.forget()
    yield
    skeleton.forget()


# A small workbook as a list of calls, so that each of them can be changed.

Step = tuple[Any, ...]

BASE: list[Step] = [
    ("column", 0, 12.5),
    ("row", 1, 30),
    ("text", 0, 0, "Name", "bold"),
    ("text", 1, 0, "a & b", "plain"),
    ("text", 2, 0, "c", "plain"),
    ("number", 0, 1, 1.5, "plain"),
    ("formula", 1, 1, "=B1*2", 3.0, "plain"),
    ("formula", 2, 1, '=IF(B1>0,"<yes>","")', "<yes>", "bold"),
    ("blank", 3, 0, "bold"),
    ("numbers", 3, 1, (7, 8.5), "plain"),
    ("formulas", 3, 2, ("=B1", "=B2", "=B3"), (1.5, None, "<no>"), "plain"),
    ("link", 4, 0, "Second", "there"),
    ("validate", 0, 1, {"validate": "list", "source": ["a", "b"]}),
    ("conditional", 0, 1, {"type": "cell", "criteria": ">", "value": 1, "format": {"bold": True}}),
    ("footer", "&L left &P"),
    ("chart", {"type": "bar"}, (0, 1, 2, 1), (0, 0, 2, 0)),
    ("name", "in_price", "=First!$B$1"),
    ("custom", "Made by", "us"),
    ("freeze", 1, 1),
    ("row", 7, 30),
    ("sheet", "Second"),
    ("text", 0, 0, "Name", "plain"),
]

CHANGES: list[tuple[int, Step]] = [
    (0, ("column", 0, 13)),
    (0, ("column", 1, 12.5)),
    (1, ("row", 1, 31)),
    (1, ("row", 9, 30)),
    (1, ("row", 1, 15)),
    (2, ("text", 0, 0, "Nom", "bold")),
    (2, ("text", 0, 0, "Name", "plain")),
    (2, ("text", 0, 0, "", "bold")),
    (4, ("text", 2, 0, "Name", "plain")),
    (4, ("text", 2, 5, "c", "plain")),
    (5, ("number", 0, 1, 1e-7, "plain")),
    (5, ("number", 0, 1, -0.0, "plain")),
    (5, ("text", 0, 1, "n/a", "plain")),
    (6, ("formula", 1, 1, "=B1*3", 3.0, "plain")),
    (6, ("formula", 1, 1, "=B1*2", None, "plain")),
    (6, ("formula", 1, 1, "=B1*2", 4.0, "plain")),
    (7, ("formula", 2, 1, '=IF(B1>0,"<yes>","")', "", "bold")),
    (8, ("blank", 3, 0, "plain")),
    (9, ("numbers", 3, 1, (7, 8.25), "plain")),
    (9, ("numbers", 3, 1, (7, 8.5, 9), "plain")),
    (9, ("numbers", 3, 1, (7,), "plain")),
    (9, ("formulas", 3, 1, ("=7", "=8"), (7, 8), "plain")),
    (10, ("formulas", 3, 2, ("=B1", "=B2", "=B4"), (1.5, None, "<no>"), "plain")),
    (10, ("formulas", 3, 2, ("=B1", "=B2", "=B3"), (1.5, 2.5, "<no>"), "plain")),
    (10, ("formulas", 3, 2, ("=B1", "=B2"), (1.5, None), "plain")),
    (11, ("link", 4, 0, "First", "there")),
    (12, ("validate", 0, 1, {"validate": "list", "source": ["a", "c"]})),
    (12, ("validate", 0, 1, {"validate": "integer", "criteria": ">", "value": 1})),
    (12, ("validate", 0, 1, {"validate": "decimal", "criteria": ">", "value": 1.0})),
    (13, ("conditional", 0, 1, {"type": "cell", "criteria": ">", "value": 1.0, "format": {"bold": True}})),
    (13, ("conditional", 0, 1, {"type": "cell", "criteria": ">", "value": True, "format": {"bold": True}})),
    (13, ("conditional", 0, 1, {"type": "cell", "criteria": ">", "value": 1, "format": {"italic": True}})),
    (14, ("footer", "&L other &P")),
    (15, ("chart", {"type": "column"}, (0, 1, 2, 1), (0, 0, 2, 0))),
    (15, ("chart", {"type": "bar"}, (0, 1, 1, 1), (0, 0, 2, 0))),
    (16, ("name", "in_price", "=First!$B$2")),
    (17, ("custom", "Made by", "them")),
    (18, ("freeze", 2, 1)),
    (19, ("row", 7, 60)),
    (20, ("sheet", "Third")),
    (21, ("number", 0, 0, 7.0, "plain")),
]

FORMATS: dict[str, dict[str, Any]] = {"plain": {}, "bold": {"bold": True}, "red": {"font_color": "#FF0000"}}


def perform(workbook: Any, steps: list[Step]) -> None:
    """The calls as a page would make them, on a real workbook or on one that takes notes."""
    made = {name: workbook.add_format({"font_size": 9, **look}) for name, look in FORMATS.items()}
    sheet = sheet_on(workbook.add_worksheet("First", FasterWorksheet), "First")
    workbook.set_properties({"title": "A title", "author": "us", "created": datetime(2000, 1, 1)})
    for kind, *told in steps:
        if kind == "sheet":
            sheet = sheet_on(workbook.add_worksheet(told[0], FasterWorksheet), told[0])
        elif kind in ("text", "number", "formula", "blank", "numbers", "formulas"):
            getattr(sheet, kind)(*told[:-1], made[told[-1]])
        elif kind == "link":
            sheet.link(*told, made["red"])
        elif kind == "validate":
            sheet.validate(*told)
        elif kind == "conditional":
            row, column, options = told
            options = {**options, "format": workbook.add_format(options["format"])}
            sheet.conditional(row, column, row + 2, column, options)
        elif kind == "chart":
            shape, values, names = told
            chart = workbook.add_chart(shape)
            at = [sheet.name, *values]
            chart.add_series({"values": at, "categories": [sheet.name, *names], "name": f"='{sheet.name}'!$A$1"})
            chart.set_title({"name": f"='{sheet.name}'!$A$2"})
            sheet.chart(5, 2, chart, "a chart")
        elif kind == "name":
            workbook.define_name(*told)
        elif kind == "custom":
            workbook.set_custom_property(*told)
        elif kind == "column":
            sheet.width(*told)
        else:
            calls = {"row": "height", "footer": "footer", "freeze": "freeze"}
            getattr(sheet, calls[kind])(*told)


def quickly(steps: list[Step]) -> bytes:
    record, target = RecordedWorkbook(), io.BytesIO()
    perform(record, steps)
    write_recorded(record, target)
    return target.getvalue()


def directly(steps: list[Step]) -> bytes:
    target = io.BytesIO()
    workbook = SoundWorkbook(target, {"in_memory": True, "strings_to_urls": False})
    perform(workbook, steps)
    workbook.set_calc_mode("auto")
    workbook.close()
    return target.getvalue()


@pytest.mark.parametrize(("number", "step"), CHANGES, ids=lambda one: str(one)[:60])
def test_a_change_in_any_call_is_noticed(number: int, step: Step) -> None:
    before = quickly(BASE)
    assert_same(before, directly(BASE))
    changed = [*BASE[:number], step, *BASE[number + 1 :]]
    after = quickly(changed)
    assert_same(after, directly(changed))
    assert after != before
    assert quickly(BASE) == before


# Without its second sheet the workbook would hold a cell twice, without the cell there a sheet without any.
@pytest.mark.parametrize("number", range(len(BASE) - 2))
def test_a_call_left_out_is_noticed(number: int) -> None:
    before = quickly(BASE)
    fewer = [*BASE[:number], *BASE[number + 1 :]]
    after = quickly(fewer)
    assert_same(after, directly(fewer))
    assert after != before


def test_a_chart_whose_names_become_numbers_is_noticed() -> None:
    """XlsxWriter then writes another element around what the chart remembers."""
    books = []
    for cached in ("n/a", 2.0, "n/a", "7", "\x07 & _x0041_"):
        steps: list[Step] = [
            ("formula", 0, 0, "=B1", cached, "plain"),
            ("text", 1, 0, "x", "plain"),
            ("chart", {"type": "bar"}, (0, 0, 0, 0), (0, 0, 0, 0)),
        ]
        books.append(quickly(steps))
        assert_same(books[-1], directly(steps))
    assert len(set(books)) == 4


@pytest.mark.parametrize("text", ["\x1f", "a\x07b", "\ufffe", "_x0041_"])
def test_a_chart_remembers_a_text_as_its_cell_shows_it(text: str) -> None:
    """A name of a foreign file with control characters, on an axis."""
    steps: list[Step] = [
        ("text", 0, 0, text, "plain"),
        ("number", 0, 1, 1.0, "plain"),
        ("chart", {"type": "bar"}, (0, 1, 0, 1), (0, 0, 0, 0)),
    ]
    assert_same(quickly(steps), directly(steps))


def test_a_format_of_cells_and_of_a_condition_is_left_to_xlsxwriter() -> None:
    """It keeps one format in two lists then, with marks of both."""
    look = {"font_size": 9, **FORMATS["bold"]}
    step: Step = ("conditional", 0, 1, {"type": "cell", "criteria": ">", "value": 1, "format": look})
    with pytest.raises(CannotRecord):
        quickly([*BASE[:13], step, *BASE[14:]])


@pytest.mark.parametrize("footer", ["", "&L R&G", "&[Picture]", "x" * 256, "🚀" * 128])
def test_a_footer_that_xlsxwriter_changes_or_refuses_is_not_filled_in(footer: str) -> None:
    quickly(BASE)
    with pytest.raises(CannotRecord):
        quickly([*BASE[:14], ("footer", footer), *BASE[15:]])


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
FIGURES = st.floats(allow_nan=False, allow_infinity=False)
LOOKS = st.sampled_from(sorted(FORMATS))
ROWS, COLUMNS = st.integers(0, 40), st.integers(0, 6)
CONTENTS = st.one_of(
    st.tuples(st.just("text"), TEXTS),
    st.tuples(st.just("number"), FIGURES),
    st.tuples(st.just("formula"), st.just("=A1&1"), st.one_of(FIGURES, TEXTS, st.none())),
    st.tuples(st.just("blank")),
    st.tuples(st.just("numbers"), st.lists(FIGURES, min_size=1, max_size=3)),
    st.tuples(st.just("formulas"), st.just(("=A1&1", "=A2")), st.tuples(FIGURES, st.one_of(FIGURES, TEXTS, st.none()))),
)


@st.composite
def programs(draw: st.DrawFn) -> list[Step]:
    """Any cells on two sheets, rows of any height before and after them, and a chart of what is there."""
    steps: list[Step] = []
    for sheet in ("First", "Second"):
        if sheet == "Second":
            steps.append(("sheet", sheet))
        places = draw(st.lists(st.tuples(ROWS, COLUMNS), unique=True, min_size=1, max_size=8))
        cells: list[Step] = []
        taken = set(places)
        for row, column in places:
            kind, *content = draw(CONTENTS)
            if kind in ("numbers", "formulas"):
                below = {(row + step, column) for step in range(1, len(content[0]))}
                content = [one[:1] for one in content] if below & taken else content
                taken |= below
            cells.append((kind, row, column, *content, draw(LOOKS)))
        heights = draw(st.lists(st.tuples(st.just("row"), ROWS, st.sampled_from([15, 20.5, 33])), max_size=3))
        split = draw(st.integers(0, len(heights)))
        steps += [*heights[:split], *cells, *heights[split:]]
        if draw(st.booleans()):
            (row, column), length = places[0], draw(st.integers(0, 3))
            steps.append(("chart", {"type": "bar"}, (row, column, row + length, column), (0, 0, length, 0)))
    return steps


@settings(max_examples=60, deadline=None)
@given(programs(), programs())
def test_any_two_workbooks_one_after_the_other(one: list[Step], two: list[Step]) -> None:
    if not any(step[0] == "text" and step[3] for step in one) or not any(step[0] == "text" and step[3] for step in two):
        one, two = [*one, ("text", 50, 0, "x", "plain")], [*two, ("text", 50, 0, "x", "plain")]
    for steps in (one, two, one):
        try:
            expected = directly(steps)
        except TypeError:
            # A chart's title in a row without cells: XlsxWriter itself fails.
            with pytest.raises(TypeError):
                quickly(steps)
            continue
        assert_same(quickly(steps), expected)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.0, 1.0, 2.5]), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.tuples(inner, inner), st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
)


@given(VALUES, VALUES)
def test_only_equal_values_of_equal_types_freeze_to_the_same(one: object, other: object) -> None:
    assert repr(thawed(frozen(one))) == repr(one)
    assert (frozen(one) == frozen(other)) == (repr(one) == repr(other))
    hash(frozen(one))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.0, object(), {1, 2}, b"x"])
def test_what_cannot_be_compared_is_not_recorded(value: object) -> None:
    with pytest.raises(CannotRecord):
        frozen([value])


def test_few_frames_are_kept() -> None:
    for column in range(60):
        quickly([("text", 0, column, "x", "plain"), ("freeze", 1, column)])
    assert len(skeleton._frames) == len(skeleton._shapes) == skeleton._MOST_FRAMES
