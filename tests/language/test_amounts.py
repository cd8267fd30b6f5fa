"""Amounts from the smallest to the largest: refused with their place, or computed and written without a fault."""

from __future__ import annotations

import io
import math
import os
import random
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tco_xlsx.book.provenance import subject_of
from tco_xlsx.book.write import write_workbook
from tco_xlsx.case.prepare import Prepared, prepare
from tco_xlsx.case.results import compute, compute_each
from tco_xlsx.documents.errors import BadInput, BrokenModel
from tco_xlsx.language.evaluate import Case, InputValue, evaluate
from tco_xlsx.language.lines import Choice, Given, RowText
from tco_xlsx.language.live_text import fixed
from tco_xlsx.model import MODEL
from tco_xlsx.model.comparison import COMPARISON
from tests.recalc.engines import recalculate_ironcalc
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.workbook import cached
from tests.support import shipped

SCENARIO = shipped.ROOT / "scenarios" / "nvidia-article-per-gpu.yaml"
WRITTEN = int(os.environ.get("ENDS_WRITTEN", "4"))
"""Of the cases of ends together, so many are written as workbooks."""
NUMBERS = [line for line in MODEL.inputs if not isinstance(line, (Choice, RowText))]


def ends(line: Given) -> tuple[float, float]:
    """The least and the most that an input may be."""
    low = line.at_least if line.at_least is not None else line.above or 0.0
    least = max(low, line.smallest)
    return (math.ceil(least) if line.integer else least), line.most


@pytest.mark.parametrize("line", [*NUMBERS, *(one for one in COMPARISON.inputs if not isinstance(one, Choice))])
def test_every_input_has_an_end(line: Given) -> None:
    assert math.isfinite(line.most)
    assert line.smallest > 0
    assert line.objection(line.most) is None
    assert line.objection(ends(line)[0]) is None
    assert line.objection(line.most * 1.5 + 1) is not None
    assert line.objection(1e300) is not None
    assert line.integer or line.objection(1e-300) is not None


@pytest.mark.parametrize("number", ["1e28", "1e300", "1e-300", "-1e28", "9" * 200])
def test_a_number_out_of_bounds_is_refused_at_its_place(number: str, tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"extends: {SCENARIO}\nserver:\n  price: {number}\n")
    with pytest.raises(BadInput) as found:
        prepare([path], MODEL)
    (fault,) = found.value.faults
    assert (fault.line, fault.column) == (3, 10)
    with pytest.raises(BadInput, match=r"server\.price"):
        prepare([SCENARIO], MODEL, [f"server.price={number}"])
    path.write_text(f"extends: {SCENARIO}\nmatrix: {{vary: {{server.price: [1, {number}]}}}}\n")
    with pytest.raises(BadInput, match=r"server\.price"):
        prepare([path], MODEL)


def test_the_ends_of_all_inputs_together_give_numbers_and_workbooks() -> None:
    """But for a load so small that it needs no server at all, which is told by another test."""
    pick = random.Random(1)
    prepared = shipped.prepared(SCENARIO)
    cases = []
    for _ in range(120):
        values: dict[str, InputValue] = dict(prepared.case.values)
        for line in NUMBERS:
            values[line.name] = pick.choice(ends(line))
        for line in MODEL.inputs:
            if isinstance(line, Choice) and len(line.codes) > 1:
                values[line.name] = pick.choice(line.codes)
        values |= {"performance.source": "manual"}
        cases.append(Case("ends", values, prepared.case.axes))
    made = evaluate(MODEL, cases)
    assert all(not (abs(array) > 1e200).any() for array in made.arrays.values())
    subject, template = subject_of(prepared), shipped.template()
    for case in cases[:: 120 // WRITTEN]:
        write_workbook(io.BytesIO(), MODEL, evaluate(MODEL, [case]), template, [subject])


def test_a_result_without_a_number_names_the_file_and_the_inputs() -> None:
    prepared = shipped.prepared(SCENARIO)
    values = dict(prepared.case.values) | {"server.price": 1e308, "server.life_years": 1e-9}
    wild = Prepared(prepared.scenario, prepared.selection, Case("wild", values, prepared.case.axes))
    with pytest.raises(BrokenModel) as found:
        compute(MODEL, wild)
    message = str(found.value)
    assert message.startswith(f"{SCENARIO}: Depreciation of a server: cost.depreciation_server: no number")
    assert "server.price" in message
    assert f"({SCENARIO}:" in message
    told = compute_each(MODEL, [prepared, wild])
    assert not isinstance(told[0], Exception)
    assert str(told[1]) == message


@settings(max_examples=200, deadline=None)
@given(st.floats(min_value=-1e35, max_value=1e35), st.integers(0, 9))
def test_fixed_has_15_digits_and_then_zeros(number: float, digits: int) -> None:
    text = fixed(number, digits).replace(",", "").lstrip("-")
    whole, _, decimals = text.partition(".")
    assert len(decimals) == digits
    assert not whole[15:].strip("0")
    assert float(fixed(number, digits).replace(",", "")) == pytest.approx(number, rel=1e-14, abs=0.51 * 10.0**-digits)


# What Excel, LibreOffice and IronCalc all make of them.
AGREED = (
    (0.0, 2), (2.675, 2), (0.5, 0), (1.5, 0), (2.5, 0), (999999999999999.0, 0), (99999999999999.95, 1), (1e15, 0),
    (1e15, 2), (12345.678901234567, 9), (0.000000001, 9), (1e-9, 4), (-0.5, 0),
)  # fmt: skip
# IronCalc and Formualizer tell the float's own digits beyond the fifteenth, or 2 to the 64th.
BEYOND_15 = ((123456789012345.6, 2), (12345678901234567.0, 0), (1e22, 2), (9.87654321098765e27, 0), (1.5e28, 4))


def test_fixed_is_excel_s_where_engines_differ() -> None:
    """From Excel's rule of 15 digits, worked by hand: LibreOffice shows 16 digits of whole numbers below 2^53."""
    assert fixed(1234567890123456.0, 0) == "1,234,567,890,123,460"
    assert fixed(1.005, 2) == "1.01"
    assert fixed(123456789012345678.0, 1) == "123,456,789,012,346,000.0"


def fixed_of(path: Path, numbers: tuple[tuple[float, int], ...]) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("s")
    for row, (number, digits) in enumerate(numbers):
        sheet.write_number(row, 0, number)
        sheet.write_formula(row, 1, f"=FIXED(A{row + 1},{digits})", None, "poison")
    book.close()


def test_fixed_is_what_engines_compute(tmp_path: Path) -> None:
    fixed_of(tmp_path / "a.xlsx", AGREED)
    told = recalculate_ironcalc(tmp_path / "a.xlsx")
    assert [told["s", f"B{row}"] for row in range(1, len(AGREED) + 1)] == [fixed(*each) for each in AGREED]


def test_fixed_is_what_libreoffice_computes(libreoffice: LibreOffice, tmp_path: Path) -> None:
    fixed_of(tmp_path / "a.xlsx", AGREED + BEYOND_15)
    [made] = libreoffice.recalculate([tmp_path / "a.xlsx"], tmp_path / "out")
    told = cached(made)
    every = AGREED + BEYOND_15
    assert [told["s", f"B{row}"] for row in range(1, len(every) + 1)] == [fixed(*each) for each in every]
