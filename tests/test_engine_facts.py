"""What the engines make of the formulas that the workbooks are built from: recalc/facts.py, tried out."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter

from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.facts import DIFFERENT, ENGINES, FACTS, FORMUALIZER, IRONCALC
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.values import POISON_NUMBER, Value
from tests.recalc.workbook import cached


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sheet for each fact, its formulas down column Z with poison for a cached value."""
    path = tmp_path_factory.mktemp("facts") / "facts.xlsx"
    book = xlsxwriter.Workbook(path)
    bold = book.add_format({"bold": True})
    for number, fact in enumerate(FACTS):
        sheet = book.add_worksheet(f"Fact {number}")
        for cell, value in fact.cells.items():
            if value is None:
                sheet.write_blank(cell, None, bold)
            elif isinstance(value, str) and value.startswith("="):
                sheet.write_formula(cell, value, None, POISON_NUMBER)
            else:
                sheet.write(cell, value)
        for row, formula in enumerate(fact.formulas, 1):
            sheet.write_formula(f"Z{row}", formula, None, POISON_NUMBER)
    book.close()
    return path


@pytest.fixture(scope="module", params=ENGINES)
def answers(request: pytest.FixtureRequest, workbook: Path) -> tuple[str, Mapping[tuple[str, str], Value]]:
    engine = str(request.param)
    if engine == FORMUALIZER:
        return engine, recalculate_formualizer(workbook)
    if engine == IRONCALC:
        return engine, recalculate_ironcalc(workbook)
    libreoffice: LibreOffice = request.getfixturevalue("libreoffice")
    [made] = libreoffice.recalculate([workbook], workbook.parent / "out")
    return engine, cached(made)


def test_every_difference_is_asked_for() -> None:
    asked = {formula for fact in FACTS for formula in fact.formulas}
    assert {formula for _, formula in DIFFERENT} <= asked


@pytest.mark.parametrize("number", range(len(FACTS)), ids=[fact.says for fact in FACTS])
def test_fact(answers: tuple[str, Mapping[tuple[str, str], Value]], number: int) -> None:
    engine, values = answers
    fact = FACTS[number]
    seats = {formula: (f"Fact {number}", f"Z{row}") for row, formula in enumerate(fact.formulas, 1)}
    expected = {seats[formula]: DIFFERENT.get((engine, formula), value) for formula, value in fact.formulas.items()}
    labels = {seat: formula for formula, seat in seats.items()}
    actual = {seat: values[seat] for seat in labels}
    assert differences(expected, actual, engine=engine, labels=labels) == []


def test_words_for_numbers(tmp_path: Path, libreoffice: LibreOffice) -> None:
    """A number format of three words, in the order positive, negative, zero, prints those words."""
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None:
        report = pytest.fail if os.environ.get("CI", "").lower() == "true" else pytest.skip
        report("pdftotext (poppler-utils) is not installed")
    book = xlsxwriter.Workbook(tmp_path / "words.xlsx")
    words = book.add_format({"num_format": '"within";"over";"not measured"'})
    sheet = book.add_worksheet()
    sheet.set_column("A:A", 20)
    for row, value in enumerate((1, 0, -1)):
        sheet.write_formula(row, 0, f"={value}", words, POISON_NUMBER)
    book.close()
    [page] = libreoffice.pdf([tmp_path / "words.xlsx"], tmp_path)
    text = subprocess.run([pdftotext, page, "-"], capture_output=True, text=True, check=True).stdout
    assert text.split("\n")[:3] == ["within", "not measured", "over"]
