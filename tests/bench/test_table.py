"""Plain tables: NVIDIA's columns, our own headings, and what people write."""

from __future__ import annotations

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tco_xlsx.bench.files.cell import NotANumber, cell_number
from tco_xlsx.bench.points.point import STATISTICS, Point
from tco_xlsx.bench.tools.headings import Heading, column_of
from tests.bench.samples import FIXTURES, SHARED, messages, needs_samples, read


def _workbook(path: Path, rows: list[list[object]], title: str = "data") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def _rows(fixture: str) -> list[list[str]]:
    with (FIXTURES / fixture).open(newline="") as file:
        return list(csv.reader(file))


def _text(tmp_path: Path, text: str, name: str = "runs.csv") -> Path:
    file = tmp_path / name
    file.write_text(text)
    return file


@needs_samples
def test_nvidias_csv_and_workbook_give_the_same_35_points() -> None:
    text, book = (read(SHARED / f"nvidia_tco_calculator/data.{kind}") for kind in ("csv", "xlsx"))
    assert len(text.points) == len(book.points) == 35
    assert messages(text) == messages(book) == ""
    for one, other in zip(text.points, book.points, strict=True):
        assert replace(one, file="") == replace(other, file="")
    both = read(SHARED / "nvidia_tco_calculator")
    assert len(both.points) == 35
    assert "35 points are the same runs as in" in messages(both)


@needs_samples
def test_nvidias_first_row_cell_by_cell() -> None:
    point = read(SHARED / "nvidia_tco_calculator/data.csv").points[0]
    assert (point.model, point.gpu_type) == ("Meta-Llama3.1-8B-Instruct Inference:1.8.3", "A100-SXM4-80GB")
    assert (point.isl, point.osl, point.gpus_per_instance, point.concurrency) == (10000, 1000, 1, 100)
    assert (point.precision, point.engine, point.line) == ("BF16", "TRT-LLM", 2)
    assert (point.itl.p90, point.itl.p99, point.itl.avg) == (63.694158, 64.401985, 62.296568)
    assert (point.ttft.p90, point.ttft.p99, point.ttft.avg) == (129951.8627, 150939.9738, 117552.3604)
    assert (point.latency.p90, point.latency.p99, point.latency.avg) == (
        193319.1192,
        214297.4412,
        179734.0394,
    )
    assert (point.rps, point.output_tps) == (0.521415, 520.979316)


def test_nvidias_columns_of_our_fixture() -> None:
    reading = read("table/nvidia.csv")
    assert messages(reading) == ""
    assert [point.concurrency for point in reading.points] == [1, 10, 50]
    assert {(point.isl, point.osl, point.isl_asked, point.osl_asked) for point in reading.points} == {
        (1000, 200, 1000, 200)
    }
    assert reading.points[0].notes == ("ISL and OSL are the lengths asked for, not measured",)


def test_our_own_headings_fill_every_field() -> None:
    reading = read("table/own.csv")
    assert messages(reading) == ""
    point = reading.points[1]
    assert (point.gpu_type, point.gpus_per_instance, point.precision, point.engine) == (
        "B200",
        4,
        "FP8",
        "vLLM",
    )
    assert (point.isl, point.osl, point.concurrency, point.completed, point.failed) == (2000, 250, 64, 500, 0)
    assert point.ttft.p95 is not None
    assert point.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
def test_every_encoding_that_excel_saves(tmp_path: Path, encoding: str) -> None:
    text = (FIXTURES / "table/own.csv").read_text().replace("tiny-7b", "tiny-\u00fc")
    content = {
        "utf-16-le-bom": b"\xff\xfe" + text.encode("utf-16-le"),
        "utf-16-be-bom": b"\xfe\xff" + text.encode("utf-16-be"),
    }.get(encoding) or text.encode(encoding)
    file = tmp_path / "own.csv"
    file.write_bytes(content)
    reading = read(file)
    assert [point.model for point in reading.points] == ["acme/tiny-\u00fc"] * 2
    assert reading.notices == []


def test_an_old_windows_encoding_is_read_with_a_notice(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes((FIXTURES / "table/own.csv").read_text().replace("tiny-7b", "tiny-\u00fc").encode("cp1252"))
    reading = read(file)
    assert reading.points[0].model == "acme/tiny-\u00fc"
    assert "is not UTF-8; read as cp1252" in messages(reading)


def test_other_headings_with_a_title_above_and_units_in_seconds() -> None:
    reading = read("table/other_headings.tsv")
    first, second = reading.points
    assert (first.gpu_type, first.gpus_per_instance, first.concurrency) == ("MI300X", 8, 20)
    assert (first.ttft.avg, first.ttft.p90) == pytest.approx((1019.69, 1127.37))
    assert first.latency.p50 is not None
    assert first.latency.p50 > 1000
    assert (second.ttft.avg, second.ttft.p90) == (None, None)
    assert first.line == 4
    assert "other_headings.tsv:3: columns not understood, and left out: Remark." in messages(reading)


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("TTFT p90 (ms)", Heading("ttft", "p90", 1.0, 0)),
        ("ttft_p90_ms", Heading("ttft", "p90", 1.0, 0)),
        ("p99_tpot_ms", Heading("itl", "p99", 1.0, 1)),
        ("Median ITL (\u00b5s)", Heading("itl", "p50", 1e-3, 2)),
        ("End-to-end latency 95th percentile [s]", Heading("latency", "p95", 1e3, 2)),
        ("Requests per Second", Heading("rps", rank=2)),
        ("requests/s", Heading("rps", rank=2)),
        ("RPS", Heading("rps")),
        ("GPUs", Heading("gpus_per_instance", rank=2)),
        ("Seq Length (ISL/OSL)", Heading("lengths", rank=2)),
        ("ttft_p75_ms", None),
        ("p99.9_ttft_ms", None),
        ("TTFT", None),
        ("std_ttft_ms", None),
        ("Throughput", None),
        ("", None),
    ],
)
def test_headings(heading: str, meaning: Heading | None) -> None:
    assert column_of(heading) == meaning


def test_a_heading_exists_for_every_number_and_statistic_of_a_point() -> None:
    from tco_xlsx.bench.points.validate import LATENCIES, NUMBERS

    for name in (*NUMBERS, "model", "gpu_type", "precision", "engine", "trial"):
        assert column_of(name) == Heading(name)
    for name in LATENCIES:
        for statistic in STATISTICS:
            assert column_of(f"{name}_{statistic}_ms") == Heading(name, statistic)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1,019.69", 1019.69), ("1,019", 1019), (" 12 ", 12), ("1e3", 1000), (".5", 0.5), (3, 3), (2.5, 2.5)]
    + [(blank, None) for blank in ("", " ", "-", "N/A", "n/a", "NaN", "\u2013", None, float("nan"), float("inf"))],
)
def test_cells(cell: object, number: float | None) -> None:
    assert cell_number(cell) == number


@pytest.mark.parametrize("cell", ["12 ms", "1,01", "1.019,69", "5%", "1_000", "#DIV/0!", True, object()])
def test_cells_that_are_no_numbers(cell: object) -> None:
    with pytest.raises(NotANumber):
        cell_number(cell)


def test_a_comma_is_refused_where_it_may_be_decimal() -> None:
    (fault,) = read("table/semicolons.csv").faults
    assert (fault.line, fault.column) == (3, 5)
    assert fault.message == (
        'ttft_avg_ms: "402,5" may be read in two ways; write a decimal point and no thousands separator.'
    )


def test_a_cell_that_is_no_number_is_a_fault_with_line_column_and_heading(tmp_path: Path) -> None:
    file = _text(tmp_path, "model,rps,ttft_avg_ms\nm,1.5,fast\nm,slow,100\n")
    assert [(fault.line, fault.column) for fault in read(file).faults] == [(2, 3), (3, 2)]
    assert 'ttft_avg_ms: "fast" is not a number' in messages(read(file))


def test_a_fault_in_a_workbook_names_the_sheet(tmp_path: Path) -> None:
    book = _workbook(tmp_path / "runs.xlsx", [["rps", "concurrency"], [1.5, "many"]], "May")
    (fault,) = read(book).faults
    assert (fault.line, fault.column) == (2, 2)
    assert fault.message.startswith('sheet "May", concurrency: "many" is not a number')


def test_a_workbook_gives_the_points_of_the_text(tmp_path: Path) -> None:
    rows: list[list[object]] = [[_typed(cell) for cell in row] for row in _rows("table/own.csv")]
    book = read(_workbook(tmp_path / "own.xlsx", rows))
    text = read("table/own.csv")
    assert [_bare(point) for point in book.points] == [_bare(point) for point in text.points]


def test_the_points_of_every_fitting_sheet_are_read(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "runs.xlsx", [["rps", "concurrency"], [1.5, 2]], "May")
    book = openpyxl.load_workbook(path)
    book.create_sheet("remarks").append(["nothing", "here"])
    june = book.create_sheet("June")
    june.append(["rps", "concurrency"])
    june.append([2.5, 4])
    book.save(path)
    assert [point.rps for point in read(path).points] == [1.5, 2.5]


def test_a_table_without_what_is_needed_says_what_is_missing(tmp_path: Path) -> None:
    file = _text(tmp_path, "model,gpus,TTFT p90\nm,8,100\n")
    (fault,) = read(file).faults
    assert "table comes closest: missing is a column of requests per second (rps) and a column of" in fault.message


def test_a_latency_without_its_unit_is_not_guessed(tmp_path: Path) -> None:
    reading = read(_text(tmp_path, "model,rps,concurrency,TTFT p90\nm,8,10,100\n"))
    assert reading.points[0].ttft.p90 is None
    assert "say the unit in these headings, as in ttft_avg_ms: TTFT p90." in messages(reading)


def test_time_per_output_token_wins_over_the_gap_between_packets(tmp_path: Path) -> None:
    text = "request_throughput,max_concurrency,mean_itl_ms,mean_tpot_ms\n2,4,30,15\n"
    reading = read(_text(tmp_path, text))
    assert reading.points[0].itl.avg == 15
    assert "columns left out, since another one gives the same: mean_itl_ms." in messages(reading)


def test_a_row_without_a_rate_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    reading = read(_text(tmp_path, "rps,concurrency\n1,2\n-,4\n,\n0,8\n"))
    assert [point.concurrency for point in reading.points] == [2]
    assert [(notice.line, notice.message.partition(":")[0]) for notice in reading.notices] == [
        (3, "concurrency 4"),
        (5, "concurrency 8"),
    ]


def test_short_rows_are_read(tmp_path: Path) -> None:
    reading = read(_text(tmp_path, "rps,concurrency,ttft_avg_ms\n1,2\n2,4,100,,\n"))
    assert [point.ttft.avg for point in reading.points] == [None, 100]


def test_a_thousands_separator_without_quotes_is_a_fault(tmp_path: Path) -> None:
    (fault,) = read(_text(tmp_path, "concurrency,ttft_avg_ms,rps\n64,1,019.69,12\n")).faults
    assert (fault.line, fault.column) == (2, 4)
    assert fault.message == "the row has more cells than headings (3); quote numbers such as 1,019."


def test_a_pair_of_lengths_that_is_none_is_a_fault(tmp_path: Path) -> None:
    (fault,) = read(_text(tmp_path, "Seq Length (ISL/OSL),rps,concurrency\nlong,1,1\n")).faults
    assert (fault.line, fault.column) == (2, 1)
    assert '"long" is not a pair of lengths; write ISL and OSL as 1000_200' in fault.message


def test_a_damaged_workbook_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    content = _workbook(tmp_path / "own.xlsx", [["rps", "concurrency"], [1.5, 2]]).read_bytes()
    file = tmp_path / "cut.xlsx"
    file.write_bytes(content[: len(content) // 2])
    (fault,) = read(file).faults
    assert fault.message.startswith("is a damaged zip archive")


def test_reading_text_does_not_load_openpyxl() -> None:
    program = (
        "import sys; from pathlib import Path; from tco_xlsx.bench.read import read_benchmarks; "
        f"read_benchmarks([Path({str(FIXTURES)!r})]); "
        "sys.exit('openpyxl' in sys.modules or 'pandas' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0


def _typed(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell


def _bare(point: Point) -> Point:
    return replace(point, file="")
