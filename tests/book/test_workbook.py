"""What finance reviewers and file checkers ask of a workbook."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from xlsxwriter.worksheet import Worksheet

from tco_xlsx.book import provenance as book_provenance
from tco_xlsx.book.provenance import Provenance, SourceFile
from tco_xlsx.book.write import write_workbook
from tco_xlsx.book.xlsx.private import FasterWorksheet
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.excel import formula_text
from tco_xlsx.language.lines import Derived, Line, RowText
from tco_xlsx.model import MODEL
from tests.recalc import audit, lint
from tests.recalc.values import POISON_NUMBER, Address, Err, Value, address, row_and_column
from tests.recalc.workbook import cached, defined_names, formulas
from tests.support import shipped

# Functions of Excel 2016, LibreOffice 7.4 and Google Sheets alike, none of them volatile.
MODEL_FUNCTIONS = {
    "ABS",
    "AND",
    "CHOOSE",
    "COUNT",
    "IF",
    "INDEX",
    "INT",
    "ISNUMBER",
    "MATCH",
    "MAX",
    "MIN",
    "OR",
    "ROUND",
    "ROUNDUP",
    "SMALL",
    "SUM",
    "SUMIFS",
    "SUMPRODUCT",
}
PAGE_FUNCTIONS = {"COUNTBLANK", "COUNTIF", "FIXED", "ISBLANK", "MID", "OR", "TRIM"}
LONGEST_MODEL_FORMULA = 100
# The lines that are longer, each by name: a new one is a reason to think.
LONG = {
    *(f"{asset}.{line}" for asset in ("servers", "network", "storage", "racks") for line in ("share", "book")),
    "checks.running_adds_up.left",
    "loan.payments",
    "alternatives.taken",
}
LONGEST_SHARE_OF_DEPRECIATION = 470
# 0 and 1, the digits of the guarded rounding, and the column of nothing else.
ROUNDING = {"9"}

all_scenarios = pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("books")


@pytest.fixture
def book(path: Path, books: Path) -> Path:
    """The workbook of a scenario, which no test changes."""
    target = books / f"{path.stem}.xlsx"
    return target if target.exists() else shipped.write(path, target)


@cache
def opened(book: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(book)


@cache
def model_formulas(path: Path) -> dict[tuple[str, str], tuple[Derived, str]]:
    """The formula of every seat of every derived line, by cell."""
    layout = shipped.layout_of(path)
    case = shipped.prepared(path).case
    found = {}
    for line in MODEL.lines:
        if isinstance(line, Derived):
            for index in range(case.length(line.axis)):
                cell = layout.cell(line, 0, index)
                found[(cell.sheet, cell.text())] = (line, formula_text(line, 0, index, layout))
    return found


@all_scenarios
def test_open_xml_rules_hold(book: Path) -> None:
    assert audit.findings(book) == []


@all_scenarios
def test_every_reader_loads_it(book: Path) -> None:
    assert audit.loads_everywhere(book) == []


@all_scenarios
def test_every_line_of_the_model_is_a_live_formula(path: Path, book: Path) -> None:
    written = formulas(book)
    assert all(written[at] == text for at, (_, text) in model_formulas(path).items())


@all_scenarios
def test_every_formula_has_a_cached_value_and_none_is_an_error(book: Path) -> None:
    cells = cached(book)
    for at in formulas(book):
        assert cells[at] is not None, at
        assert not isinstance(cells[at], Err), at
        assert cells[at] != POISON_NUMBER


@all_scenarios
def test_one_formula_along_each_axis(path: Path) -> None:
    by_line: dict[str, set[str]] = {}
    for (_, cell), (line, text) in model_formulas(path).items():
        if line.axis is not None:
            by_line.setdefault(line.name, set()).add(lint.r1c1(text, cell))
    assert by_line
    assert {name: forms for name, forms in by_line.items() if len(forms) > 1} == {}


@all_scenarios
def test_formulas_use_only_functions_that_every_spreadsheet_has(path: Path, book: Path) -> None:
    model = {name for _, text in model_formulas(path).values() for name in lint.functions(text)}
    assert model <= MODEL_FUNCTIONS
    everything = {name for text in formulas(book).values() for name in lint.functions(text)}
    assert everything <= MODEL_FUNCTIONS | PAGE_FUNCTIONS


@all_scenarios
def test_no_constants_in_the_model_but_zero_one_and_rounding_digits(path: Path) -> None:
    for line, text in model_formulas(path).values():
        assert set(lint.constants(text)) <= {"0", "1"} | ROUNDING, f"{line.name}: {text}"


@all_scenarios
def test_formulas_of_the_model_are_short(path: Path) -> None:
    lengths = {line.name: len(own_text(text)) for line, text in model_formulas(path).values()}
    assert {name for name, length in lengths.items() if length > LONGEST_MODEL_FORMULA} == LONG
    assert max(lengths.values()) <= LONGEST_SHARE_OF_DEPRECIATION


def own_text(formula: str) -> str:
    """What a line computes: its formula without the test whether there is a number, and without the names of pages."""
    text = re.sub(r"('[^']+'|[A-Za-z]+)!", "", formula)
    if not text.endswith(',"n/a")'):
        return text
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 1:
            return text[at + 1 : -len(',"n/a")')]
    raise AssertionError(f"{formula} has no test")


def anchor(line: Line) -> str:
    return line.name.replace(".", "_")


def cells_of(place: Address, contents: Mapping[Address, Value]) -> list[Value]:
    """The values of a range; a link to an empty cell is a text without letters."""
    corners = [row_and_column(corner) for corner in place[1].split(":")]
    (top, left), (bottom, right) = corners[0], corners[-1]
    cells = product(range(top, bottom + 1), range(left, right + 1))
    return [contents[place[0], address(row, column)] or None for row, column in cells]


@all_scenarios
def test_every_input_and_output_has_a_name_on_one_cell(path: Path, book: Path) -> None:
    names = defined_names(book)
    layout = shipped.layout_of(path)
    expected = set()
    for line in MODEL.outputs:
        cell = layout.cell(line, 0, 0)
        assert names[f"out_{anchor(line)}"] == (cell.sheet, cell.text())
        expected.add(f"out_{anchor(line)}")
    contents = cached(book)
    heading = shipped.template().page("inputs").headings[4]
    for line in MODEL.inputs:
        now, was = (names[f"{kind}_{anchor(line)}"] for kind in ("in", "was"))
        expected |= {f"in_{anchor(line)}", f"was_{anchor(line)}"}
        first, last = layout.span(line, 0) if line.axis else (layout.cell(line, 0, 0),) * 2
        assert now == (first.sheet, ":".join(dict.fromkeys((first.text(), last.text())))), line.name
        assert now != was
        assert cells_of(now, contents) == cells_of(was, contents), line.name
        if line.axis is None:
            assert contents[was[0], f"{was[1].rstrip('0123456789')}5"] == heading
    assert set(names) == expected
    assert not any(name in text for text in formulas(book).values() for name in names)


@all_scenarios
def test_only_inputs_are_unlocked_and_every_sheet_is_protected(path: Path, book: Path) -> None:
    workbook = opened(book)
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and not cell.protection.locked
    } | {
        (sheet.title, cell.coordinate)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.has_style and not cell.protection.locked
    }
    assert unlocked == {at for line in MODEL.inputs for at in shipped.typed(path, {line.name: None})}
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in workbook)


@all_scenarios
def test_every_input_is_validated_with_a_message(path: Path, book: Path) -> None:
    told = {
        (sheet.title, cell): rule
        for sheet in opened(book)
        for rule in sheet.data_validations.dataValidation
        for cells in str(rule.sqref).split()
        for cell in cells_between(cells)
    }
    for line in MODEL.inputs:
        for at in shipped.typed(path, {line.name: None}):
            # Any text goes for a label.
            assert (at in told) == (not isinstance(line, RowText)), f"{line.name}: {at}"
            if at in told:
                rule = told[at]
                assert rule.promptTitle
                assert rule.prompt
                assert rule.error
                assert rule.errorStyle in (None, "stop")
                assert rule.showErrorMessage
                assert rule.showInputMessage


def cells_between(corners: str) -> list[str]:
    """The cells of a range such as D7:E9."""
    first, last = (row_and_column(corner) for corner in (corners.split(":") * 2)[:2])
    rows, columns = range(first[0], last[0] + 1), range(first[1], last[1] + 1)
    return [address(row, column) for row, column in product(rows, columns)]


@all_scenarios
def test_nothing_is_hidden_or_merged_and_panes_are_frozen(book: Path) -> None:
    workbook = opened(book)
    for sheet in workbook:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        assert not any(column.hidden for column in sheet.column_dimensions.values())
        if sheet.title not in ("Plan", "Summary", "About"):
            assert sheet.freeze_panes
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth in (None, 1)


@all_scenarios
def test_pages_stand_in_the_order_of_the_template(book: Path) -> None:
    assert opened(book).sheetnames == [page.title for page in shipped.template().pages_of("one")]


@all_scenarios
def test_charts_have_words_for_who_cannot_see_them(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        drawings = [archive.read(f"xl/drawings/drawing{number}.xml").decode() for number in (1, 2)]
    for drawing, charts in zip(drawings, (2, 3), strict=True):
        assert len(re.findall(r"<xdr:graphicFrame", drawing)) == charts
        assert len(re.findall(r'descr="[^"]{30,}"', drawing)) == charts


@all_scenarios
def test_the_same_input_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    one, two = (shipped.write(path, tmp_path / name) for name in ("one.xlsx", "two.xlsx"))
    assert one.read_bytes() == two.read_bytes()


@all_scenarios
def test_skipping_the_search_for_new_functions_changes_nothing_else(path: Path, tmp_path: Path) -> None:
    values, subject = shipped.values_of(path), shipped.book_provenance.subject_of(shipped.prepared(path))
    parts: list[dict[str, bytes]] = []
    for worksheet in (FasterWorksheet, Worksheet):
        target = tmp_path / f"{worksheet.__name__}.xlsx"
        write_workbook(target, MODEL, values, shipped.template(), [subject], worksheet)
        with zipfile.ZipFile(target) as archive:
            parts.append({name: archive.read(name) for name in archive.namelist()})
    quick, stock = parts
    assert quick.keys() == stock.keys()
    for name in quick:
        # XlsxWriter gives an empty text no type; ours says that it is a text.
        same = re.sub(rb' t="str"><f>((?:(?!</f>).)*)</f><v></v>', rb"><f>\1</f><v></v>", quick[name])
        assert same == stock[name], name


EVIL = ["=cmd|'/C calc'!A0", "+1+1", "-1", "@SUM(A1)", "=1+1", "http://example.com", "{=1}", '"&A1&"', "R&D &A &P"]


@pytest.mark.parametrize("evil", EVIL)
def test_no_text_of_the_user_becomes_a_formula(evil: str, tmp_path: Path) -> None:
    path = shipped.SCENARIOS[0]
    facts = {
        "model": evil,
        "gpu_type": evil,
        "file": evil,
        "notes": evil,
        "engine": evil,
        "precision": evil,
        "tool": evil,
    }
    files = [SourceFile(evil, "0" * 64)]
    points = shipped.prepared(path).case.length(POINT)
    subject = Provenance(evil, "USD", files[0], files, [evil], [evil], {}, [facts] * points, "some points")
    target, plain = tmp_path / "evil.xlsx", tmp_path / "plain.xlsx"
    write_workbook(target, MODEL, shipped.values_of(path), shipped.template(), [subject])
    # As many settings in both: Summary counts them.
    told = replace(book_provenance.subject_of(shipped.prepared(path)), overrides=["server.price=1"])
    write_workbook(plain, MODEL, shipped.values_of(path), shipped.template(), [told])
    evils, plains = formulas(target), formulas(plain)
    assert evils.keys() == plains.keys()
    different = {at for at, text in evils.items() if text != plains[at]}
    # The headlines, and the line below that of Plan, name the scenario: as a quoted text, and nothing else changes.
    assert different == {("Summary", "B1"), ("Plan", "B1"), ("Plan", "B2")}
    quoted = evil.replace('"', '""')
    for at in different:
        assert quoted in evils[at]
        assert evils[at] == plains[at].replace(f'"{told.title}', f'"{quoted}')
    assert audit.findings(target) == []
    with zipfile.ZipFile(target) as archive:
        assert not any("externalLink" in name for name in archive.namelist())
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    footer = re.search(r"<oddFooter>(.*?)</oddFooter>", sheet)
    assert footer is not None
    if "&" in evil:
        assert "R&amp;&amp;D" in footer[1] or '"&amp;&amp;A1' in footer[1] or "&quot;&amp;&amp;A1" in footer[1]


def test_a_title_of_any_length_fits(tmp_path: Path) -> None:
    path = shipped.SCENARIOS[0]
    for length in (31, 255, 2_000):
        subject = Provenance("T" * length, "USD", SourceFile("a.yaml", "0" * 64), points_words="")
        target = tmp_path / f"{length}.xlsx"
        write_workbook(target, MODEL, shipped.values_of(path), shipped.template(), [subject])
        assert audit.findings(target) == []


@all_scenarios
def test_conditional_formats_name_their_own_sheet_only(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    rules = [rule for sheet in sheets for rule in re.findall(r"<cfRule.*?</cfRule>", sheet)]
    assert rules
    assert not [rule for rule in rules if "!" in rule]
