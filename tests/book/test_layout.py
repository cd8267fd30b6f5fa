"""One layout of regions: every seat has a cell of its own, in workbooks of one scenario and of several, and one reading
of a formula serves all seats that differ in a row or a column alone."""

from __future__ import annotations

import ast
import dataclasses
import io
from pathlib import Path

import openpyxl
import pytest

from tco_xlsx.book.layout import Layout
from tco_xlsx.book.places import layout_of, shape_of
from tco_xlsx.book.provenance import subject_of
from tco_xlsx.book.region import NUMBER, Region
from tco_xlsx.book.write import write_workbook
from tco_xlsx.language.axes import POINT, Axis
from tco_xlsx.language.evaluate import evaluate
from tco_xlsx.language.excel import Cell, formula_text
from tco_xlsx.language.expression import Position, total
from tco_xlsx.language.lines import Derived, given, line
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model import MODEL
from tests.recalc.lint import r1c1
from tests.support import shipped

PACKAGE = Path(__file__).resolve().parent.parent.parent / "tco_xlsx"
SHAPES = {"one": shape_of([3]), "three, two of them on one block": shape_of([5, 3, 4], [0, 1, 0])}
YEAR = Axis("year", "year", "years", "across", seats=4)


class Load(Section):
    """What is asked for in each year."""

    title = "Load"

    first = given("First load", "request/s")
    load = line("Load", "request/s", first * Position(YEAR))
    twice = line("Twice the load", "request/s", load + load)
    all_years = line("Load of all years", "request/s", total(twice))


TOY = Model(Load)


def toy_layout(scenarios: int) -> Layout:
    """Inputs and sums in a column for each scenario, lines by year in blocks below each other."""
    copies = tuple(3 * scenario for scenario in range(scenarios))
    regions = [
        Region("Inputs", 1, 1, (Load.first,), copies=None),
        Region("Model", 2, 1, (Load.all_years,), copies=None),
        Region("Years", 0, 2, (NUMBER,), seats="across", copies=(0,) * scenarios, axis=YEAR),
        Region("Years", 1, 2, (Load.load, Load.twice), seats="across", copies=copies),
    ]
    return Layout(TOY.lines, regions, [{YEAR: 4}] * scenarios)


def test_a_toy_layout_by_hand() -> None:
    layout = toy_layout(3)
    assert layout.cell(Load.twice, 2, 3) == Cell("Years", 8, 5)
    assert layout.span(Load.load, 1) == (Cell("Years", 4, 2), Cell("Years", 4, 5))
    assert layout.position(YEAR, 2, 3) == Cell("Years", 0, 5)
    assert layout.row_of(Load.first) == "Inputs!$B$2:$D$2"
    assert layout.formulas(Load.load, 1) == [f"=Inputs!$C$2*{column}1" for column in "CDEF"]
    assert layout.formula(Load.twice, 2, 1) == "=D8+D8"
    assert layout.formula(Load.all_years, 2) == "=SUM(Years!$C$9:$F$9)"


@pytest.mark.parametrize("scenarios", [1, 3])
def test_formulas_are_those_that_are_read_seat_by_seat(scenarios: int) -> None:
    layout = toy_layout(scenarios)
    for one in (Load.load, Load.twice, Load.all_years):
        for scenario in range(scenarios):
            for index in range(layout.length(one.axis, scenario)):
                assert layout.formula(one, scenario, index) == formula_text(one, scenario, index, layout)


def test_a_line_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match=r"load\.twice has no place"):
        Layout([Load.load, Load.twice], [Region("Years", 1, 1, (Load.load,))], [{YEAR: 4}])


@pytest.mark.parametrize("name", SHAPES)
def test_no_two_seats_share_a_cell(name: str) -> None:
    shape = SHAPES[name]
    layout = layout_of(MODEL, shipped.template(), shape)
    held: dict[Cell, str] = {}
    for one in MODEL.lines:
        scenarios = shape.owners if one.axis == POINT else range(shape.scenarios)
        for scenario in scenarios:
            for index in range(layout.length(one.axis, scenario)):
                cell = layout.cell(one, scenario, index)
                assert cell not in held, f"{one.name} and {held[cell]} at {cell}"
                held[cell] = one.name
    assert len(held) > len(MODEL.lines)


@pytest.mark.parametrize("name", SHAPES)
def test_one_formula_for_each_row_of_years(name: str) -> None:
    shape = SHAPES[name]
    layout = layout_of(MODEL, shipped.template(), shape)
    lines = [one for one in MODEL.lines if isinstance(one, Derived) and one.axis is not None and one.axis.is_across]
    assert lines
    for one in lines:
        for scenario in range(shape.scenarios):
            cells = [layout.cell(one, scenario, index) for index in range(layout.length(one.axis, scenario))]
            formulas = layout.formulas(one, scenario)
            assert len({r1c1(text, cell.text()) for text, cell in zip(formulas, cells, strict=True)}) == 1, one.name


def test_there_is_one_class_of_layouts() -> None:
    """Whoever maps seats to cells does it by regions."""
    found = [
        node.name
        for path in sorted((PACKAGE / "book").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and {"span", "position"} <= {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
    ]
    assert found == ["Layout"]


def test_a_workbook_has_the_pages_that_its_kind_names() -> None:
    """In the order of the template; what need not be there may be left out."""
    template = shipped.template()
    names = ["Checks", "Model", "inputs", "Years", "Tables", "points"]
    workbooks = dataclasses.replace(template.workbooks, one=names)
    one = shipped.prepared(shipped.SCENARIOS[0])
    target = io.BytesIO()
    other = dataclasses.replace(template, workbooks=workbooks)
    write_workbook(target, MODEL, evaluate(MODEL, [one.case]), other, [subject_of(one)])
    sheets = openpyxl.load_workbook(io.BytesIO(target.getvalue()), read_only=True).sheetnames
    points = [page.title for page in template.pages if page.kind == "points"]
    assert sheets == ["Checks", "Model", "Inputs", "Years", "Tables", *points]
