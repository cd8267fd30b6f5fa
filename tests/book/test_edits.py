"""Every input cell of every shipped workbook: change it, recalculate, and Python given the same change agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.language.evaluate import spread
from tco_xlsx.language.lines import Choice, Given, Pick, RowText
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.inputs import outside
from tests.book.test_readings import assert_same, generated
from tests.recalc.engines import LiveFormualizer, LiveIronCalc
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.workbook import cached, formulas
from tests.support import edits, shipped

ENGINES = (LiveFormualizer, LiveIronCalc)
TRIED = edits.tried()


def test_every_input_is_edited_and_every_scenario_is_met() -> None:
    of_all_years = {one.name for one in TRIED if one.path == edits.OF_ALL_YEARS}
    elsewhere = {one.name for one in TRIED if one.path != edits.OF_ALL_YEARS}
    assert of_all_years == {line.name for line in MODEL.inputs if not isinstance(line, Pick)}
    assert elsewhere == {line.name for line in MODEL.inputs}
    for path in shipped.SCENARIOS:
        assert sum(one.path == path for one in TRIED) >= 8, path.stem
    for path in shipped.SCENARIOS:
        assert {one.turn % 2 for one in TRIED if one.path == path} == {0, 1}


def test_every_code_and_three_horizons_are_tried() -> None:
    for line in MODEL.inputs:
        if isinstance(line, Choice) and not isinstance(line, Pick):
            told = [one.edit[line.name] for one in TRIED if one.name == line.name]
            now = [shipped.prepared(path).case.values[line.name] for path in shipped.SCENARIOS]
            codes = {code for value in (*told, *now) for code in spread(value, 1)}
            assert codes == set(line.codes), line.name
    assert {one.edit[one.name] for one in TRIED if one.name == "timeline.horizon_years"} == {1.0, 5.0, 10.0, None}


def test_every_edit_may_be_typed() -> None:
    for one in TRIED:
        for name, value in one.edit.items():
            line = MODEL.by_name[name]
            for seat in spread(value, 1):
                if isinstance(line, Given) and isinstance(seat, (int, float)):
                    assert not outside(line, seat), f"{name} = {seat}"


# A text in a table is shown and counts nothing.
COUNTED = [line for line in MODEL.inputs if not isinstance(line, RowText)]


@pytest.mark.parametrize("line", COUNTED, ids=lambda line: line.name)
def test_every_input_moves_a_result(line: Given) -> None:
    for one in TRIED:
        if one.name == line.name:
            beside = {name: value for name, value in one.edit.items() if name != line.name}
            if shipped.moved(shipped.values_of(one.path, beside), shipped.values_of(one.path, one.edit)):
                return
    pytest.fail(f"{line.name} moves nothing in any shipped scenario")


@pytest.mark.parametrize("engine", ENGINES)
def test_an_emptied_input_is_told(engine: type[LiveFormualizer] | type[LiveIronCalc], tmp_path: Path) -> None:
    path = shipped.SCENARIOS[0]
    live = engine(generated(path, {}, tmp_path))
    for name in ("server.price", "hosting.per_server_year"):
        live.set(*shipped.input_cell(path, name), None)
    live.set(*shipped.input_cell(path, "service.max_itl_ms"), None)
    cells = live.values()
    row = shipped.input_cell(path, "server.price")[1].removeprefix("B")
    assert cells[("Inputs", f"F{row}")] == "missing"
    assert cells[("Summary", "J3")] == "Inputs missing: 2. The results are wrong."


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_in_process_engines_follow_every_edit(
    path: Path, engine: type[LiveFormualizer] | type[LiveIronCalc], tmp_path: Path
) -> None:
    live = engine(generated(path, {}, tmp_path / "book"))
    for one in TRIED:
        if one.path == path and (edits.EVERYTHING or ENGINES[one.turn % 2] is engine):
            for at, value in shipped.typed(path, one.edit).items():
                live.set(*at, value)
            assert_same(path, one.edit, live.values(), f"{engine.__name__} after {one.name} in {one.edit}", tmp_path)
            live.reset()


@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_libreoffice_follows_every_edit(path: Path, tmp_path: Path, libreoffice: LibreOffice) -> None:
    told = [one for one in TRIED if one.path == path and (edits.EVERYTHING or one.turn % 8 == 0)]
    books = [
        generated(path, one.edit, tmp_path / str(number)).rename(tmp_path / f"{number}.xlsx")
        for number, one in enumerate(told)
    ]
    for one, book, result in zip(told, books, libreoffice.recalculate(books, tmp_path / "out"), strict=True):
        everything = cached(result)
        # LibreOffice saves a formula's empty text as a blank.
        actual = {at: "" if everything.get(at) is None else everything[at] for at in formulas(book)}
        assert_same(path, one.edit, actual, f"LibreOffice after {one.name} in {one.edit}", tmp_path)
