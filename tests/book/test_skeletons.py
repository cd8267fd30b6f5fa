"""A workbook filled into the skeleton of an earlier one is, byte for byte, the one that XlsxWriter writes."""

from __future__ import annotations

import dataclasses
import gc
import io
import os
import random
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tco_xlsx.book import provenance as book_provenance
from tco_xlsx.book import write
from tco_xlsx.book.provenance import Provenance
from tco_xlsx.book.write import write_workbook
from tco_xlsx.book.xlsx import cache as skeleton
from tco_xlsx.book.xlsx.cache import write_recorded
from tco_xlsx.book.xlsx.private import FasterWorksheet
from tco_xlsx.book.xlsx.recorder import RecordedWorkbook
from tco_xlsx.book.xlsx.zip_parts import archive, packed
from tco_xlsx.documents.errors import BrokenModel, WorkbookLimit
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import Case, InputValue, Values, evaluate
from tco_xlsx.language.lines import Choice, Given, Pick
from tco_xlsx.model import MODEL
from tests.support import shipped
from tests.support.packages import assert_same, parts_of

BOOKS = int(os.environ.get("SKELETON_BOOKS", "24"))
"""How many generated workbooks are compared; `make proof` takes more."""

TITLES = ["Own", "R&D <b>", 'A "quoted" one', "日本語 🚀🚀", "_x0041_ & tab\there", "x" * 90, "70B of it", "=1+1"]
NOTES = ["short", "a note that goes on and on " * 9, "two\nlines", " spaces around ", "🚀 & <i>", ""]


@pytest.fixture(autouse=True)
def _no_skeletons() -> Iterator[None]:
    skeleton.forget()
    yield
    skeleton.forget()


def bytes_of(values: Values, subject: Provenance, worksheet: type | None = None) -> bytes:
    target = io.BytesIO()
    write_workbook(target, MODEL, values, shipped.template(), [subject], worksheet)
    return target.getvalue()


def changed_input(line: Given, value: InputValue, pick: random.Random, case: Case) -> InputValue:
    """An input as another scenario might have it."""
    if isinstance(line, Choice):
        return value if isinstance(line, Pick) else pick.choice(line.codes)
    if line.optional and pick.random() < 0.3:
        return None
    if not isinstance(value, float):
        return value
    changed = pick.choice([value, value * 1.1, value * 0.9371, round(value * 1.5), value + 1000])
    changed = float(round(changed)) if line.integer else changed
    low = line.at_least if line.at_least is not None else line.above
    high = line.at_most if line.at_most is not None else changed
    return changed if (low is None or changed > low) and changed <= high else value


def another(path: Path, pick: random.Random) -> tuple[Values, Provenance]:
    """A scenario like a shipped one: other numbers, texts, points; sometimes without an operating point."""
    prepared = shipped.prepared(path)
    case, subject = prepared.case, book_provenance.subject_of(prepared)
    given = {line.name: line for line in MODEL.inputs}
    values: dict[str, InputValue] = dict(case.values)
    for name in pick.sample(sorted(values), pick.choice([0, 3, 8])):
        values[name] = changed_input(given[name], values[name], pick, case)
    points = list(case.along(POINT))
    if points and pick.random() < 0.4:
        points = points[: pick.randint(max(1, len(points) - 2), len(points))]
    title = pick.choice(TITLES)
    subject = dataclasses.replace(
        subject,
        title=title,
        scenario=dataclasses.replace(subject.scenario, sha256=f"{pick.getrandbits(256):064x}"),
        notes=pick.sample(NOTES, pick.randint(0, 3)),
        facts=[{**facts, "notes": pick.choice(NOTES)} for facts in subject.facts],
        overrides=pick.sample(NOTES, pick.randint(0, 2)),
    )
    try:
        return evaluate(MODEL, [Case.of_points(title, values, points)]), subject
    except BrokenModel:
        return evaluate(MODEL, [Case.of_points(title, case.values, points)]), subject


def generated(number: int, seed: int = 1) -> list[tuple[Values, Provenance]]:
    """Scenarios of all shipped kinds, in a random order."""
    pick = random.Random(seed)
    return [another(pick.choice(shipped.SCENARIOS), pick) for _ in range(number)]


@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_a_shipped_workbook_has_the_parts_that_the_stock_worksheet_writes(path: Path) -> None:
    values, subject = shipped.values_of(path), book_provenance.subject_of(shipped.prepared(path))
    first, again = bytes_of(values, subject), bytes_of(values, subject)
    assert first == again
    ours, stock = parts_of(first), parts_of(bytes_of(values, subject, Worksheet))
    assert list(ours) == list(stock)
    for name, part in ours.items():
        # XlsxWriter gives an empty text no type; ours says that it is a text.
        same = re.sub(rb' t="str"><f>((?:(?!</f>).)*)</f><v></v>', rb"><f>\1</f><v></v>", part)
        assert same == stock[name], name


def test_workbooks_of_many_shapes_in_one_process_are_those_written_alone() -> None:
    books = generated(BOOKS)
    filled = 0
    for values, subject in books:
        before = len(skeleton._frames)
        assert_same(bytes_of(values, subject), bytes_of(values, subject, FasterWorksheet))
        filled += len(skeleton._frames) == before
    assert filled > 0, "no workbook used the skeleton of another"
    assert len({values.value(MODEL.by_name["performance.found"]) for values, _ in books}) == 2


def test_every_shipped_workbook_is_written_with_a_skeleton() -> None:
    """Else the pages have begun to use something that is not recorded, and batches are slow again."""
    for path in shipped.SCENARIOS:
        record = recorded(shipped.values_of(path), book_provenance.subject_of(shipped.prepared(path)))
        write_recorded(record, io.BytesIO())


def recorded(values: Values, subject: Provenance) -> RecordedWorkbook:
    record = RecordedWorkbook()
    styles = write._recorded_styles(shipped.template())
    write._write_pages(record, styles, MODEL, values, shipped.template(), [subject], FasterWorksheet)
    return record


def test_a_fresh_process_writes_the_same_bytes(tmp_path: Path) -> None:
    """What is kept from earlier workbooks changes nothing: the last of many is the only one of another process."""
    for values, subject in generated(4, seed=2):
        bytes_of(values, subject)
    path = shipped.SCENARIOS[0]
    code = (
        "import sys; from pathlib import Path; from tests.support import shipped\n"
        "shipped.write(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", code, str(path), str(tmp_path / "a.xlsx")], check=True, cwd=shipped.ROOT)
    shipped.write(path, tmp_path / "b.xlsx")
    assert_same((tmp_path / "b.xlsx").read_bytes(), (tmp_path / "a.xlsx").read_bytes())


ODD: list[Callable[[Any], object]] = [
    lambda sheet: sheet._worksheet.insert_textbox(0, 0, "a box"),
    lambda sheet: sheet._worksheet.set_row(3, 0),
    lambda sheet: sheet._worksheet.set_row(3, 20, None, {"hidden": True}),
    lambda sheet: sheet._worksheet.set_column(0, 1, 10, None, {"hidden": True}),
    lambda sheet: sheet._worksheet.merge_range(9, 0, 9, 3, "merged"),
    lambda sheet: sheet.text(9, 0, "x" * 20_000, sheet.style),
    lambda sheet: sheet._worksheet.set_header("&L header"),
]


@pytest.mark.parametrize("number", range(len(ODD)))
def test_what_is_not_recorded_is_written_by_xlsxwriter(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = write._PAGES["about"]

    def odd_page(book: Any, page: Any) -> None:
        sheet = book.sheet("Odd", page.tab)
        sheet.style = book.styles.of("plain")
        ODD[number](sheet)
        plain(book, page)

    monkeypatch.setitem(write._PAGES, "about", odd_page)
    values, subject = generated(1)[0]
    book = bytes_of(values, subject)
    assert_same(book, bytes_of(values, subject, FasterWorksheet))
    assert len(skeleton._frames) == 0


MISTAKES: list[tuple[type[Exception], Callable[[Any], object]]] = [
    (ValueError, lambda sheet: (sheet.blank(9, 9, sheet.style), sheet.blank(9, 9, sheet.style))),
    (TypeError, lambda sheet: sheet.number(9, 9, float("nan"), sheet.style)),
    (TypeError, lambda sheet: sheet.formula(9, 9, "=1", float("inf"), sheet.style)),
    (WorkbookLimit, lambda sheet: sheet.formula(9, 9, "=" + "1" * 9000, 1.0, sheet.style)),
    (WorkbookLimit, lambda sheet: sheet.text(9, 9, "x" * 40_000, sheet.style)),
    (WorkbookLimit, lambda sheet: sheet.text(9, 20_000, "x", sheet.style)),
    (WorkbookLimit, lambda sheet: sheet.text(9, 9, "🚀" * 20_000, sheet.style)),
]


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_mistakes_are_told_as_without_skeletons(number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    error, mistake = MISTAKES[number]

    def wrong_page(book: Any, page: Any) -> None:
        sheet = book.sheet("Wrong", page.tab)
        sheet.style = book.styles.of("plain")
        mistake(sheet)

    monkeypatch.setitem(write._PAGES, "about", wrong_page)
    values, subject = generated(1)[0]
    told = []
    for worksheet in (None, FasterWorksheet):
        with pytest.raises(error) as raised:
            write_workbook(tmp_path / "a.xlsx", MODEL, values, shipped.template(), [subject], worksheet)
        told.append(str(raised.value))
    assert told[0] == told[1]
    assert list(tmp_path.iterdir()) == []


def test_large_workbooks_make_no_skeleton(monkeypatch: pytest.MonkeyPatch) -> None:
    values, subject = generated(1)[0]
    monkeypatch.setattr(write, "LARGEST", 100)
    book = bytes_of(values, subject)
    assert len(skeleton._frames) == len(skeleton._grids) == 0
    assert_same(book, bytes_of(values, subject, FasterWorksheet))


def test_skeletons_are_few() -> None:
    kept: skeleton._Recent[str] = skeleton._Recent(10)
    for number in range(5):
        kept.keep(number, "a thing", 4)
        kept.get(0)
    assert (len(kept), kept.get(0), kept.get(1), kept.get(4)) == (2, "a thing", None, "a thing")
    kept.keep("too large", "a thing", 11)
    assert len(kept) == 0
    kept.keep("again", "a thing", 10)
    assert len(kept) == 1


def test_skeletons_hold_no_workbook() -> None:
    values, subject = generated(1)[0]
    bytes_of(values, subject)
    gc.collect()
    kinds = (Workbook, Worksheet, Values, Provenance, skeleton.RecordedWorksheet)
    held = [one for one in _reachable(skeleton._grids, skeleton._frames, skeleton._shapes) if isinstance(one, kinds)]
    assert held == []


def _reachable(*roots: object) -> list[object]:
    """What containers lead to, classes and modules left out."""
    seen: dict[int, object] = {}
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) not in seen and not isinstance(one, (type, type(sys))):
            seen[id(one)] = one
            waiting += gc.get_referents(one)
    return list(seen.values())


def test_threads_may_write_at_once() -> None:
    books = generated(6, seed=3)
    expected = [bytes_of(values, subject, FasterWorksheet) for values, subject in books]
    found: dict[int, bytes] = {}

    def work(start: int) -> None:
        for number in range(start, start + len(books)):
            values, subject = books[number % len(books)]
            found[start * 100 + number] = bytes_of(values, subject)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3 * len(books)
    assert all(book == expected[number % 100 % len(books)] for number, book in found.items())


@given(st.lists(st.tuples(st.from_regex(r"[a-z/]{1,9}\.xml", fullmatch=True), st.binary(max_size=200)), max_size=4))
def test_the_archive_is_the_one_that_the_standard_library_writes(parts: list[tuple[str, bytes]]) -> None:
    target = io.BytesIO()
    parts = list(dict(parts).items())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(info, data)
    assert archive([(name, packed(data)) for name, data in parts]) == target.getvalue()
