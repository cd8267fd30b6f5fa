"""The cell of an input: what is written reads back as itself, and what cannot be computed with is refused in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tco_xlsx.book import input_cell
from tco_xlsx.book.input_cell import CellContent, Objection, read_back
from tco_xlsx.book.style import Styles
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.axes import Axis
from tco_xlsx.language.lines import Choice, Given, Pick, RowText, row_text
from tco_xlsx.model import MODEL
from tco_xlsx.model.comparison import Currency
from tco_xlsx.scenario.inputs import InputScalar
from tests.recalc.workbook import cached
from tests.support import shipped

ITEM = row_text("Item", axis=Axis("row", "row", "rows", seats=3, written="table"), note="What is paid for.")
INPUTS: tuple[Given, ...] = (*MODEL.inputs, Currency.rate, ITEM)
SOME = 12
"""Values of each input in one workbook."""
CODES = ("any", "H100", "B200 SXM", "8", "0.50", "=1+1", "#1", "naïve", "TRUE")
"""Texts of benchmark points that a pick may take."""


def values(line: Given, chance: Random) -> list[InputScalar]:
    """Values that a scenario may give: the ends of what is allowed, and some between."""
    if isinstance(line, Choice):
        return [chance.choice(codes_of(line)) for _ in range(SOME)]
    if isinstance(line, RowText):
        return [None, *(chance.choice(CODES) for _ in range(SOME - 1))]
    low, high = max(line.above or 0, line.at_least or 0), min(line.most, 1e300)
    numbers = [low, high, 1.0, *(chance.uniform(low, min(high, 10**power)) for power in range(-9, 16, 2) for _ in "ab")]
    numbers = [float(round(number)) if line.integer else number for number in numbers]
    allowed = [number for number in numbers if line.objection(number) is None]
    return [None if line.optional else allowed[0], *(chance.choice(allowed) for _ in range(SOME - 1))]


def codes_of(line: Choice) -> tuple[str, ...]:
    return CODES if isinstance(line, Pick) else line.codes


def as_stored(value: InputScalar) -> InputScalar:
    """A file holds 16 digits of a number; all that a person types is among them."""
    return float(f"{value:.16G}") if isinstance(value, float) else value


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_written_reads_back_as_itself(seed: int, tmp_path: Path) -> None:
    """Several values of every input, through a file and two readers of workbooks."""
    chance = Random(seed)
    written = [values(line, chance) for line in INPUTS]
    path = tmp_path / "cells.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = Sheet(workbook.add_worksheet("Inputs"), "Inputs")
        styles = Styles(workbook, shipped.template())
        for row, (line, some) in enumerate(zip(INPUTS, written, strict=True)):
            for column, value in enumerate(some):
                input_cell.write(sheet, styles, (row, column), line, value, "input")
            sheet.number(row, SOME, 1.0)
    for rows in (openpyxl_rows(path), calamine_rows(path)):
        for line, some, contents in zip(INPUTS, written, rows, strict=True):
            codes = codes_of(line) if isinstance(line, Choice) else ()
            for value, content in zip(some, contents, strict=False):
                assert read_back(line, content, codes) == as_stored(value), (line.name, content)


def openpyxl_rows(path: Path) -> Iterator[Sequence[CellContent]]:
    yield from openpyxl.load_workbook(path)["Inputs"].iter_rows(values_only=True)


def calamine_rows(path: Path) -> Iterator[Sequence[CellContent]]:
    yield from python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Inputs").to_python()


@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_shipped_workbooks_read_back_as_their_scenarios(path: Path, tmp_path: Path) -> None:
    cells = cached(shipped.write(path, tmp_path / "book.xlsx"))
    case = shipped.prepared(path).case
    for line in (one for one in MODEL.inputs if one.axis is None):
        codes = tuple(case.codes(line)) if isinstance(line, Choice) else ()
        assert read_back(line, cells.get(shipped.input_cell(path, line.name)), codes) == case.values[line.name]


@pytest.mark.parametrize("line", [line for line in INPUTS if line.kind == "number"], ids=lambda line: line.name)
@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-10, 400).map(float))
@settings(max_examples=40, deadline=None)
def test_what_the_cell_lets_be_typed_is_taken_back(line: Given, number: float) -> None:
    """The rule of the cell, worked out, against the judgement of what is read."""
    words = shipped.template().words
    rule = input_cell.validation(line, words, "A1", input_cell.allowed(line, words))["value"]
    test = rule.removeprefix("=AND(").removesuffix(")").replace("A1=INT(A1)", "A1==INT(A1)").split(",")
    names = {"A1": number, "INT": math.floor, "ISNUMBER": lambda one: isinstance(one, float)}
    typed = all(eval(one, {"__builtins__": {}}, names) for one in test)
    # The sizes below 0 and next to it are judged when it is read: Excel has no words for them.
    if abs(number) >= line.smallest and number >= -line.most:
        assert typed == (not isinstance(read_back(line, number), Objection))


WHOLE = MODEL.by_name["server.gpus"]
PRICE = MODEL.by_name["server.price"]
SHARE = MODEL.by_name["fleet.uptime"]
LIMIT = MODEL.by_name["service.max_ttft_ms"]
ROUNDING = MODEL.by_name["fleet.rounding"]
PICK = MODEL.by_name["configuration.gpu_type"]


@pytest.mark.parametrize(
    ("line", "content", "value"),
    [
        (PRICE, 250000, 250000.0),
        (LIMIT, None, None),
        (LIMIT, "", None),
        (LIMIT, "  ", None),
        (ROUNDING, "Exact", "exact"),
        (PICK, "h100", "H100"),
        (PICK, 8, "8"),
        (PICK, 8.0, "8"),
        (PICK, True, "TRUE"),
        (ITEM, "racks", "racks"),
        (ITEM, 2026, "2026"),
        (ITEM, "", None),
    ],
)
def test_what_a_spreadsheet_takes_for_a_value_is_one(line: Given, content: CellContent, value: InputScalar) -> None:
    found = read_back(line, content, CODES if isinstance(line, Pick) else ())
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("line", "content", "words"),
    [
        (PRICE, None, 'is empty; "Price" needs a number.'),
        (PRICE, " ", 'is empty; "Price" needs a number.'),
        (PRICE, "250000", '"250000" is a text, not a number. Type 250000 as a number.'),
        (PRICE, " 250000 ", '" 250000 " is a text, not a number. Type 250000 as a number.'),
        (PRICE, "250,000", '"250,000" is a text, not a number. Type 250000.'),
        (SHARE, "95%", '"95%" is a text, not a number. Type 0.95.'),
        (PRICE, "much", '"much" is a text, not a number.'),
        (PRICE, True, "is TRUE, not a number."),
        (PRICE, math.nan, "nan is not a finite number."),
        (PRICE, math.inf, "inf is not a finite number."),
        (PRICE, "#N/A", "is the error #N/A."),
        (PICK, "#REF!", "is the error #REF!."),
        (WHOLE, 2.5, "2.5 is not a whole number."),
        (SHARE, 95, "95 is not allowed; it must be above 0 up to 1."),
        (SHARE, 95, "Write 0.95 for 95 %."),
        (PRICE, date(2026, 3, 1), "is a date or time (2026-03-01)"),
        (PRICE, datetime(2026, 3, 1, 12), "is a date or time (2026-03-01 12:00:00)"),
        (PICK, time(8, 30), "is a date or time (08:30:00)"),
        (LIMIT, timedelta(hours=5), "is a date or time (5:00:00)"),
        (ITEM, "#REF!", "is the error #REF!."),
        (ROUNDING, None, "is empty; choose one of whole, exact."),
        (ROUNDING, "exat", '"exat" is not one of whole, exact. Did you mean exact?'),
        (ROUNDING, 1, '"1" is not one of whole, exact.'),
        (PICK, "H200", '"H200" is not one of any, H100'),
        (PICK, None, "is empty; choose one of any, H100"),
    ],
)
def test_what_is_no_value_is_refused_in_words(line: Given, content: CellContent, words: str) -> None:
    found = read_back(line, content, CODES if isinstance(line, Pick) else ())
    assert isinstance(found, Objection)
    assert words in found.words


def test_a_cell_for_a_text_takes_any_text_and_says_so() -> None:
    words = shipped.template().words
    may = input_cell.allowed(ITEM, words)
    rule = input_cell.validation(ITEM, words, "A1", may)
    assert may == "any text or empty"
    assert rule["validate"] == "any"
    assert rule["input_message"] == "Allowed: any text or empty. What is paid for."


def test_codes_that_differ_in_capitals_alone_are_told_apart() -> None:
    """Neither may be guessed from a third way of writing it."""
    assert isinstance(PICK, Pick)
    assert read_back(PICK, "h100", ("H100", "h100")) == "h100"
    assert isinstance(read_back(PICK, "H100", ("hopper", "H100")), str)
    assert isinstance(read_back(PICK, "h1OO", ("H1OO", "H1oo")), Objection)


def test_without_codes_a_pick_takes_any_text() -> None:
    assert isinstance(PICK, Pick)
    assert read_back(PICK, "H300") == "H300"
    assert read_back(PICK, None) == Objection("is empty; choose from the list.")
