"""A night's batch: what is built, what is left, what fails, and what the index says of it."""

from __future__ import annotations

import dataclasses
import os
import shutil
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest

from tco_xlsx.batch import work
from tco_xlsx.batch.build import Build, Order
from tco_xlsx.book.pages import list_page
from tco_xlsx.case import results as case_results
from tco_xlsx.documents.errors import BadInput, WorkbookLimit
from tco_xlsx.model import MODEL
from tests.recalc import audit
from tests.support import batches, shipped
from tests.support.batches import build


def test_each_scenario_has_the_workbook_that_it_has_alone(tmp_path: Path) -> None:
    folder = batches.scenarios(tmp_path / "in", 5)
    shutil.copytree(shipped.ROOT / "scenarios" / "data", folder / "data")
    for path in shipped.SCENARIOS:
        shutil.copy(path, folder)
    build(folder, tmp_path / "together")
    for path in sorted(folder.glob("*.yaml")):
        build(path, tmp_path / "alone")
        name = f"{path.stem}.xlsx"
        assert (tmp_path / "together" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes(), name


def test_values_are_the_same_to_the_last_bit_in_whatever_company() -> None:
    prepared = [shipped.prepared(path) for path in shipped.SCENARIOS] * 5
    for one, together in zip(prepared, case_results.compute_each(MODEL, prepared), strict=True):
        assert not isinstance(together, Exception)
        alone = case_results.compute(MODEL, one)
        for name, array in alone.arrays.items():
            assert array.tobytes() == together.arrays[name].tobytes(), name


def test_what_is_unchanged_is_left_alone_and_still_in_the_index(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 4), tmp_path / "out"
    first = build(folder, out)
    assert first.of("built") == ["s00", "s01", "s02", "s03"]
    before, times = batches.held(out), {path: path.stat().st_mtime_ns for path in out.glob("s*.xlsx")}
    assert build(folder, out).of("unchanged") == first.of("built")
    assert batches.held(out) == before
    batches.write(folder / "s02.yaml", price=999_000)
    third = build(folder, out)
    assert third.of("built") == ["s02"]
    changed = {path.stem for path, time in times.items() if path.stat().st_mtime_ns != time}
    assert changed == {"s02"}
    assert list(batches.index(out)) == list(batches.results(out)) == first.of("built")
    assert build(folder, out, force=True).of("built") == first.of("built")


def test_a_rerun_computes_nothing_for_what_is_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 3), tmp_path / "out"
    build(folder, out)
    before = batches.held(out)

    def fails(*_: object) -> None:
        raise AssertionError("was asked")

    monkeypatch.setattr(work, "compute_each", fails)
    monkeypatch.setattr(work, "write_workbook", fails)
    assert len(build(folder, out).of("unchanged")) == 3
    assert batches.held(out) == before


@pytest.mark.parametrize("what", ["scenario", "base", "points", "another file", "note", "set", "date", "template"])
def test_a_workbook_is_built_again_when_anything_it_hangs_on_changes(what: str, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    data = folder / "data"
    data.mkdir(parents=True)
    (data / "points.csv").write_text(batches.POINTS)
    path = batches.write(folder / "one.yaml", files="data/*.csv")
    base = folder / "bases" / "base.yaml"
    base.parent.mkdir()
    base.write_text(path.read_text().replace("data/", "../data/"))
    path.write_text("extends: bases/base.yaml\nfleet: {utilisation: 0.5}\n")
    assert build(folder, out).of("built") == ["one"]
    assert build(folder, out).of("unchanged") == ["one"]
    changes: dict[str, object] = {}
    match what:
        case "scenario":
            path.write_text(path.read_text().replace("0.5", "0.6"))
        case "base":
            base.write_text(base.read_text().replace("300000", "310000"))
        case "points":
            (data / "points.csv").write_text(batches.POINTS.replace("6.1", "6.2"))
        case "another file":
            (data / "more.csv").write_text(batches.POINTS.replace("H100,1,1000,200,4,", "H100,1,1000,200,2,"))
        case "note":
            (data / "benchmark.yaml").write_text("precision: fp8\n")
        case "set":
            changes = {"overrides": ("server.price=1000",)}
        case "date":
            changes = {"epoch": "1700000000"}
        case "template":
            words = dataclasses.replace(shipped.template().words, edited="touched")
            changes = {"template": dataclasses.replace(shipped.template(), words=words)}
    assert build(folder, out, **changes).of("built") == ["one"]
    assert build(folder, out, **changes).of("unchanged") == ["one"]


def test_the_folder_may_be_moved_and_called_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches.scenarios(tmp_path / "a", 2)
    build(tmp_path / "a", tmp_path / "a" / "out")
    (tmp_path / "a").rename(tmp_path / "b")
    monkeypatch.chdir(tmp_path / "b")
    assert build(Path("."), Path("out")).of("unchanged") == ["s00", "s01"]


def test_an_edited_workbook_is_left_and_told(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 2), tmp_path / "out"
    build(folder, out)
    (out / "s01.xlsx").write_bytes(b"somebody's work")
    again = build(folder, out)
    assert [outcome.stem for outcome in again.outcomes if outcome.edited] == ["s01"]
    assert (out / "s01.xlsx").read_bytes() == b"somebody's work"
    assert "edited" in batches.index(out)["s01"]["Note"]
    # A new state of the scenario is built; what somebody did is kept all the same.
    batches.write(folder / "s01.yaml", price=1)
    (built,) = (one for one in build(folder, out).outcomes if one.stem == "s01")
    assert Path(built.kept).read_bytes() == b"somebody's work"
    assert openpyxl.load_workbook(out / "s01.xlsx").sheetnames
    assert Path(built.kept).parent == out / "replaced"
    note = f"An edited workbook made room for it: replaced/{Path(built.kept).name}."
    assert batches.index(out)["s01"]["Note"] == note
    Path(built.kept).unlink()
    build(folder, out)
    assert not batches.index(out)["s01"]["Note"]


def test_a_file_of_somebody_else_is_never_lost(tmp_path: Path) -> None:
    folder = batches.scenarios(tmp_path / "in", 2)
    (folder / "results.csv").write_text("a benchmark")
    (folder / "s00.xlsx").write_bytes(b"a table")
    done = build(folder, folder)
    assert done.foreign == ["results.csv"]
    assert (folder / "results.csv").read_text() == "a benchmark"
    assert "is there, and is no workbook of tco-xlsx" in done.why("s00")
    assert (folder / "s00.xlsx").read_bytes() == b"a table"
    done = build(folder, folder, force=True)
    kept = next(outcome.kept for outcome in done.outcomes if outcome.stem == "s00")
    assert Path(kept).read_bytes() == b"a table"
    assert set(batches.index(folder)) == {"s00", "s01"}


BROKEN = {
    "typo": ("price: 300000", "prise: 300000", "server.prise: no such input. Did you mean server.price?"),
    "missing": ("performance: {source: manual, manual_rps: 4, manual_gpus: 2}", "benchmark: {files: gone.csv}", "gone"),
    "yaml": ("title: yaml", "title: [", "not valid YAML"),
    "picked": ("title: picked", "configuration: {gpu_type: H300}", "H300"),
}


def test_what_fails_does_not_stop_the_rest_and_is_told(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 3), tmp_path / "out"
    for name, (old, new, _) in BROKEN.items():
        path = batches.write(folder / f"{name}.yaml")
        path.write_text(path.read_text().replace(old, new))
    done = build(folder, out)
    assert done.of("built") == ["s00", "s01", "s02"]
    assert done.of("failed") == sorted(BROKEN)
    rows, listed = batches.results(out), batches.index(out)
    for name, (_, _, reason) in BROKEN.items():
        assert reason in done.why(name)
        assert rows[name]["status"] == listed[name]["Status"] == "failed"
        assert reason in rows[name]["note"]
        assert listed[name]["link"] is None
    assert rows["s00"]["status"] == "built"


def test_an_unexpected_error_is_that_scenarios_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 4), tmp_path / "out"
    really, computed = work.write_workbook, case_results.evaluate

    def writes(target: object, model: object, values: object, template: object, subjects: list[object]) -> None:
        title = subjects[0].title  # type: ignore[attr-defined]
        if title == "s01":
            raise RuntimeError("out of\npaper")
        if title == "s02":
            raise WorkbookLimit("Inputs: a text of 40000 characters; Excel holds 32767 in a cell.")
        really(target, model, values, template, subjects)  # type: ignore[arg-type]

    def evaluates(model: object, cases: list[object]) -> object:
        if any(case.title == "s03" for case in cases):  # type: ignore[attr-defined]
            raise ZeroDivisionError("by zero")
        return computed(model, cases)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "write_workbook", writes)
    monkeypatch.setattr(case_results, "evaluate", evaluates)
    done = build(folder, out)
    assert done.of("built") == ["s00"]
    assert "unexpected RuntimeError: out of paper" in done.why("s01")
    assert "Excel holds 32767" in done.why("s02")
    assert "unexpected ZeroDivisionError" in done.why("s03")
    assert batches.parts(out) == []


def test_the_old_workbook_of_a_scenario_that_now_fails_stays_and_the_index_says_so(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 3), tmp_path / "out"
    build(folder, out)
    before = (out / "s01.xlsx").read_bytes()
    good = (folder / "s01.yaml").read_text()
    (folder / "s01.yaml").write_text("workload: {peak_rps: -1}\n")
    assert build(folder, out).of("failed") == ["s01"]
    assert (out / "s01.xlsx").read_bytes() == before
    row = batches.index(out)["s01"]
    assert row["Status"] == "failed"
    assert "-1 is not allowed" in row["Note"]
    assert "earlier state" in row["Note"]
    assert batches.results(out)["s01"]["cost.total_year"] == ""
    (folder / "s01.yaml").write_text(good)
    mended = build(folder, out)
    assert mended.of("built") == ["s01"]
    assert not next(one.kept for one in mended.outcomes if one.stem == "s01")
    assert batches.index(out)["s01"]["Status"] == "built"


def test_scenarios_of_one_name_never_take_each_others_place(tmp_path: Path) -> None:
    first, second = batches.scenarios(tmp_path / "a", 2), batches.scenarios(tmp_path / "b", 1)
    batches.write(second / "S01.yaml", title="capital")
    out = tmp_path / "out"
    done = build([first, second], out)
    names = ["a-s00", "a-s01", "b-S01", "b-s00"]
    assert done.of("built") == names
    assert openpyxl.load_workbook(out / "b-S01.xlsx").properties.title == "capital"
    assert sorted(batches.results(out)) == sorted(batches.index(out)) == names
    before = batches.held(out)
    # In whatever order.
    assert build([second, first], out).of("unchanged") == names
    assert batches.held(out) == before
    again = build(first, out)
    assert again.of("built") == ["s00", "s01"]
    assert sorted(Path(name).stem for name in again.gone) == ["a-s00", "a-s01"]


def test_what_nothing_tells_apart_never_takes_the_others_place(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 1), tmp_path / "out"
    batches.write(folder / "s00.yml", title="other")
    done = build(folder, out)
    assert done.of("built") == ["s00"]
    (failed,) = (one for one in done.outcomes if one.failure)
    assert failed.failure is not None
    assert "would overwrite that of" in failed.failure.message
    assert [row["status"] for row in batches.results(out).values()].count("failed") == 1


def test_a_workbook_that_was_another_scenarios_is_told(tmp_path: Path) -> None:
    first, second = batches.scenarios(tmp_path / "a", 1), batches.scenarios(tmp_path / "b", 1)
    out = tmp_path / "out"
    build(first, out)
    (one,) = build(second, out).outcomes
    assert one.status == "built"
    assert one.was_of == str(first / "s00.yaml")
    (first / "s00.yaml").unlink()
    batches.write(tmp_path / "s00.yaml")
    assert [one.was_of for one in build(tmp_path / "s00.yaml", out).outcomes] == [str(second / "s00.yaml")]
    (tmp_path / "s00.yaml").unlink()
    assert [one.was_of for one in build(second, out).outcomes] == [""]


def test_a_scenario_that_is_gone_leaves_the_index_and_its_workbook_is_named(tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    path = batches.write(folder / "m.yaml")
    matrix = "matrix: {{vary: {{server.price: [{}]}}, name: 'm-{{server.price}}'}}\n"
    plain = path.read_text()
    path.write_text(plain + matrix.format("100000, 200000, 300000"))
    names = build(folder, out).of("built")
    assert len(names) == 3
    assert build(folder, out).of("unchanged") == names
    path.write_text(plain + matrix.format("100000, 300000"))
    done = build(folder, out)
    assert [Path(name).stem for name in done.gone] == [name for name in names if "2" in name]
    assert list(batches.results(out)) == [name for name in names if "2" not in name]
    assert build(folder, out).gone == []


def test_scenarios_built_one_by_one_share_an_index(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 3), tmp_path / "out"
    build(folder / "s02.yaml", out)
    assert not (out / "index.xlsx").exists()
    build(folder / "s00.yaml", out)
    assert list(batches.index(out)) == ["s00", "s02"]
    (folder / "s02.yaml").unlink()
    build(folder, out)
    assert list(batches.index(out)) == ["s00", "s01"]


def test_the_index_and_the_results_tell_what_evaluate_tells(tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(list(shipped.SCENARIOS), out)
    rows, listed = batches.results(out), batches.index(out)
    table = pyarrow.parquet.read_table(out / "results.parquet")
    stored = {row["scenario"]: row for row in table.to_pylist()}
    by_seat = {line.name for line in MODEL.lines if line.axis is not None}
    assert list(rows) == list(listed) == list(stored) == [path.stem for path in shipped.SCENARIOS]
    for path in shipped.SCENARIOS:
        told = case_results.results(MODEL, shipped.values_of(path))
        # A cell holds one value: lines by year, by hour or in rows of a table have none in these files.
        single = [name for name in told if name not in by_seat]
        assert single == list(rows[path.stem])[7:] == table.column_names[7:]
        for name in single:
            value = told[name]
            assert stored[path.stem][name] == value, name
            assert rows[path.stem][name] == ("" if value is None else str(value)), name
        row = listed[path.stem]
        assert row["link"] == f"{path.stem}.xlsx"
        assert (out / row["link"]).exists()
        assert row["Currency"] == shipped.prepared(path).scenario.currency
        total = next(value for heading, value in row.items() if heading.startswith("Total cost\ncurrency/year"))
        assert total == pytest.approx(told["cost.total_year"])
    assert {str(field.type) for field in table.schema} == {"string", "double"}
    assert table.schema.field("cost.total_year").metadata[b"unit"] == b"money/year"


def test_the_index_can_be_filtered_scrolled_and_printed(tmp_path: Path) -> None:
    build(batches.scenarios(tmp_path / "in", 3), tmp_path)
    # Texts stand in their cells: written row by row, there is no table of texts yet to point into.
    assert [found for found in audit.findings(tmp_path / "index.xlsx") if "inlineStr" not in found] == []
    sheet = openpyxl.load_workbook(tmp_path / "index.xlsx").active
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.endswith("4")
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.orientation == "landscape"
    assert all(sheet.column_dimensions[letter].width > 8 for letter in "ABCDE")


def test_more_links_than_excel_keeps_are_formulas_and_too_many_rows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_page, "_MOST_LINKS", 2)
    rows = [(list_page.Link(f"s{number}", f"s{number}.xlsx"), "=1+1") for number in range(4)]
    columns = [list_page.ListColumn("Scenario", 20), list_page.ListColumn("Title", 20)]
    list_page.write_list(tmp_path / "list.xlsx", "Scenarios", columns, rows, len(rows), tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert [cell.hyperlink.target for cell in sheet["A"][1:3]] == ["s0.xlsx", "s1.xlsx"]
    assert [cell.value for cell in sheet["A"][3:]] == ['=HYPERLINK("s2.xlsx","s2")', '=HYPERLINK("s3.xlsx","s3")']
    assert sheet["B2"].data_type == "s"
    with pytest.raises(WorkbookLimit, match="1,048,576 rows"):
        list_page.write_list(tmp_path / "more.xlsx", "Scenarios", columns, [], 1_048_576, tmp_path)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": 99}', b"\xff\xfe"])
def test_a_broken_record_counts_as_absent(damage: bytes, tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 2), tmp_path / "out"
    build(folder, out)
    before = batches.held(out)
    (out / ".tco-xlsx" / "records" / "s01.json").write_bytes(damage)
    done = build(folder, out)
    assert done.of("built") == ["s01"]
    assert not any(one.kept for one in done.outcomes)
    assert batches.held(out) == before


def test_a_record_of_another_file_is_not_believed(tmp_path: Path) -> None:
    folder, out = batches.scenarios(tmp_path / "in", 2), tmp_path / "out"
    build(folder, out)
    records = out / ".tco-xlsx" / "records"
    shutil.copy(records / "s00.json", records / "s01.json")
    assert build(folder, out).of("built") == ["s01"]


def test_wrong_settings_and_dates_are_told_once_and_nothing_is_written(tmp_path: Path) -> None:
    folder = batches.scenarios(tmp_path / "in", 2)
    for changes in ({"overrides": ("server.prise=1",)}, {"epoch": "yesterday"}, {"epoch": "-1"}):
        with pytest.raises(BadInput) as raised:
            Build(Order([folder], tmp_path / "out", shipped.template(), batches.model, **changes))
        assert len(raised.value.faults) == 1
    assert not (tmp_path / "out").exists()


def test_the_date_of_the_run_is_the_workers_for_its_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    build(batches.scenarios(tmp_path / "in", 1), tmp_path / "out", epoch="1700000000")
    assert "SOURCE_DATE_EPOCH" not in os.environ
    assert openpyxl.load_workbook(tmp_path / "out" / "s00.xlsx").properties.created.year == 2023
