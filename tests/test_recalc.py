"""The recalculation machinery itself: a check that cannot fail proves nothing, so here it is made to fail."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.recalc import audit
from tests.recalc.compare import differences
from tests.recalc.engines import Live, LiveFormualizer, LiveIronCalc, recalculate_formualizer, recalculate_ironcalc
from tests.recalc.libreoffice import LibreOffice, LibreOfficeError, available
from tests.recalc.values import POISON_NUMBER, Address, Constant, Err, Value, address, row_and_column
from tests.recalc.workbook import WorkbookError, cached, defined_names, edit, formulas, poison

#: Each formula of the canary, its wrong cached value and its right one.
#: The inputs: C1 = 7, C2 = "n/a", C3 blank, C4 = 0.
CANARY: dict[str, tuple[str, float | str, Value]] = {
    "A1": ("='My inputs'!$C$1*3", 999.0, 21.0),
    "A2": ("=A1+1", 999.0, 22.0),
    "A3": ("=\"x & \"&'My inputs'!C2", "wrong", "x & n/a"),
    "A4": ("='My inputs'!C1/'My inputs'!C4", 999.0, Err("#DIV/0!")),
    "A5": ("='My inputs'!C3+1", 999.0, 1.0),
    "A6": ("='My inputs'!C1>3", 999.0, True),
    "A7": ('=IF(A1>0,"","no")', "wrong", ""),
    "A8": ('="#DIV/0!"', "wrong", "#DIV/0!"),
    "A9": ("=1/3", 999.0, 1 / 3),
}
EXPECTED: dict[Address, Value] = {("Model", cell): right for cell, (_, _, right) in CANARY.items()}
WRONG: dict[Address, Value] = {("Model", cell): wrong for cell, (_, wrong, _) in CANARY.items()}


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary.xlsx"
    book = xlsxwriter.Workbook(path)
    inputs, model = book.add_worksheet("My inputs"), book.add_worksheet("Model")
    money = book.add_format({"num_format": "#,##0.00"})
    inputs.write_row("A1", ["Price <net> & gross", "USD", 7], money)
    inputs.write_row("A2", ["Measured", "s", "n/a"])
    inputs.write_blank("C3", None, money)
    inputs.write_number("C4", 0, money)
    for cell, (formula, wrong, _) in CANARY.items():
        model.write_formula(cell, formula, None, wrong)
    book.define_name("in_price", "='My inputs'!$C$1")
    book.define_name("out_all", "=Model!$A$1:$A$9")
    book.define_name("in_rate", "=0.05")
    inputs.print_area("A1:C4")
    book.close()
    return path


def changed_part(source: Path, target: Path, part: str, change: Callable[[str], str]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data.decode()).encode() if name == part else data)
    return target


# --- engines


@pytest.mark.parametrize("recalculate", [recalculate_formualizer, recalculate_ironcalc])
def test_engines_in_process_recalculate(
    canary: Path, tmp_path: Path, recalculate: Callable[[Path], dict[Address, Value]]
) -> None:
    assert len(differences(EXPECTED, cached(canary))) == len(CANARY)
    assert differences(EXPECTED, recalculate(canary)) == []
    poison(canary, tmp_path / "poisoned.xlsx")
    assert differences(EXPECTED, recalculate(tmp_path / "poisoned.xlsx")) == []


def test_libreoffice_recalculates(canary: Path, tmp_path: Path, libreoffice: LibreOffice) -> None:
    poison(canary, tmp_path / "poisoned.xlsx")
    edit(canary, tmp_path / "edited.xlsx", {("My inputs", "C1"): 10})
    paths = [canary, tmp_path / "poisoned.xlsx", tmp_path / "edited.xlsx"]
    first, second, third = libreoffice.recalculate(paths, tmp_path / "out")
    assert differences(EXPECTED, cached(first), engine="LibreOffice") == []
    assert differences(EXPECTED, cached(second), engine="LibreOffice") == []
    assert cached(third)["Model", "A1"] == 30.0


def test_libreoffice_with_a_default_profile_echoes_the_cache(
    canary: Path, tmp_path: Path, libreoffice: LibreOffice
) -> None:
    """The trap that the private profile is for. If this fails, LibreOffice has begun to recalculate: good news."""
    default = LibreOffice(tmp_path / "profile", always_recalculate=False)
    [echo] = default.recalculate([canary], tmp_path / "out")
    assert differences(WRONG, cached(echo)) == [], "this LibreOffice recalculates an xlsx without being told to"


def test_libreoffice_says_which_file_it_could_not_read(tmp_path: Path, libreoffice: LibreOffice) -> None:
    (tmp_path / "broken.xlsx").write_text("not a workbook")
    with pytest.raises(LibreOfficeError, match=r"(?s)0 of 1 files; missing: .*broken\.xlsx.*could not be loaded"):
        libreoffice.recalculate([tmp_path / "broken.xlsx"], tmp_path / "out")


def test_libreoffice_keeps_files_of_one_name_apart(canary: Path, tmp_path: Path, libreoffice: LibreOffice) -> None:
    (tmp_path / "other").mkdir()
    edit(canary, tmp_path / "other" / "canary.xlsx", {("My inputs", "C1"): 1})
    made = libreoffice.recalculate([canary, tmp_path / "other" / "canary.xlsx"], tmp_path / "out")
    assert [path.name for path in made] == ["canary-0.xlsx", "canary-1.xlsx"]
    assert [cached(path)["Model", "A1"] for path in made] == [21.0, 3.0]
    with pytest.raises(LibreOfficeError, match="would be overwritten"):
        libreoffice.recalculate([canary], canary.parent)


def test_libreoffice_gives_up_after_a_time(canary: Path, tmp_path: Path, libreoffice: LibreOffice) -> None:
    slow = LibreOffice(tmp_path / "profile", timeout=0.01)
    with pytest.raises(LibreOfficeError, match=r"did not finish within 0\.01 s"):
        slow.recalculate([canary], tmp_path / "out")


def test_without_libreoffice_the_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tests.recalc.libreoffice._MAC", tmp_path / "none")
    assert available() is None
    with pytest.raises(LibreOfficeError, match="install LibreOffice"):
        LibreOffice(tmp_path)


@pytest.mark.parametrize("engine", [LiveFormualizer, LiveIronCalc])
def test_live_edits_and_resets(canary: Path, engine: Callable[[Path], Live]) -> None:
    live = engine(canary)
    changes: dict[Address, Constant] = {
        ("My inputs", "C1"): 10,
        ("My inputs", "C2"): "now",
        ("My inputs", "C3"): 4.5,
        ("My inputs", "C4"): None,
    }
    for (sheet, cell), value in changes.items():
        live.set(sheet, cell, value)
    values = live.values()
    assert [values["Model", cell] for cell in ("A1", "A3", "A4", "A5")] == [
        30.0,
        "x & now",
        Err("#DIV/0!"),
        5.5,
    ]
    live.set("My inputs", "C4", 4)
    assert live.values()["Model", "A4"] == 2.5
    live.reset()
    assert differences(EXPECTED, live.values()) == []
    with pytest.raises(WorkbookError, match="holds a formula"):
        live.set("Model", "A1", 1)
    with pytest.raises(WorkbookError, match="does not exist"):
        live.set("My inputs", "C99", 1)


# --- reading and editing


def test_reading(canary: Path) -> None:
    values = cached(canary)
    assert values["My inputs", "A1"] == "Price <net> & gross"
    assert values["My inputs", "C1"] == 7.0
    assert values["My inputs", "C3"] is None
    assert formulas(canary) == {("Model", cell): formula for cell, (formula, _, _) in CANARY.items()}
    assert defined_names(canary) == {"in_price": ("My inputs", "C1"), "out_all": ("Model", "A1:A9")}
    assert [address(*row_and_column(cell)) for cell in ("A1", "Z9", "AA10", "XFD1")] == [
        "A1",
        "Z9",
        "AA10",
        "XFD1",
    ]


def test_shared_formulas_are_written_out(canary: Path, tmp_path: Path) -> None:
    """Excel and openpyxl's users save a row of like formulas once, and refer to it."""

    def shared(xml: str) -> str:
        first = "<f>'My inputs'!$C$1*3</f>"
        assert first in xml
        xml = xml.replace(first, '<f t="shared" ref="A1:A2" si="0">\'My inputs\'!$C1*3</f>')
        return xml.replace("<f>A1+1</f>", '<f t="shared" si="0"/>')

    path = changed_part(canary, tmp_path / "shared.xlsx", "xl/worksheets/sheet2.xml", shared)
    assert formulas(path)["Model", "A1"] == "='My inputs'!$C1*3"
    assert formulas(path)["Model", "A2"] == "='My inputs'!$C2*3"


def test_poison_reaches_every_formula_and_nothing_else(canary: Path, tmp_path: Path) -> None:
    poisoned = tmp_path / "poisoned.xlsx"
    poison(canary, poisoned)
    before, after = cached(canary), cached(poisoned)
    assert formulas(poisoned) == formulas(canary)
    assert {at for at in before if before[at] != after[at]} == set(EXPECTED)
    assert {after[at] for at in EXPECTED} == {POISON_NUMBER, "POISON"}
    lines = differences(EXPECTED, after, engine="nobody")
    assert len(lines) == len(EXPECTED)
    assert lines[0] == "Model!A1: expected 21.0, not recalculated by nobody"
    assert differences({}, after) == [f"Model!{cell}: not recalculated by recalculated" for cell in CANARY]
    poison(canary, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == poisoned.read_bytes()


@pytest.mark.parametrize("value", [320000, -1.5, 1e-7, 'ser<v>er & "co" ', "", True, None])
def test_edit_changes_one_cell_and_keeps_its_style(canary: Path, tmp_path: Path, value: Constant) -> None:
    edited = tmp_path / "edited.xlsx"
    for cell in ("C1", "C2", "C3"):
        edit(canary, edited, {("My inputs", cell): value})
        assert cached(edited) == {**cached(canary), ("My inputs", cell): value}
        assert audit.loads_everywhere(edited) == []
    edit(edited, tmp_path / "back.xlsx", {("My inputs", "C3"): 5})
    with zipfile.ZipFile(tmp_path / "back.xlsx") as archive:
        assert '<c r="C3" s="1"><v>5.0</v></c>' in archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "error"),
    [
        ("Model", "A1", 1, r"Model!A1 holds the formula ='My inputs'!\$C\$1\*3"),
        ("Inputs", "A1", 1, "no sheet 'Inputs'; it has My inputs, Model"),
        ("My inputs", "C9", 1, "My inputs!C9 does not exist"),
        ("My inputs", "C1", math.nan, "nan cannot be written"),
    ],
)
def test_edit_refuses(canary: Path, tmp_path: Path, sheet: str, cell: str, value: Constant, error: str) -> None:
    with pytest.raises(WorkbookError, match=error):
        edit(canary, tmp_path / "edited.xlsx", {(sheet, cell): value})
    assert not (tmp_path / "edited.xlsx").exists()
