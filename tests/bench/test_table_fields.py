"""Tables: every heading, every cell by another figure, which of two columns counts; metrics and their units."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tco_xlsx.bench.normal_form import HEADINGS, from_csv, to_csv, to_rows
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Closeness, FileReading
from tco_xlsx.bench.tools import metric_csv, table
from tco_xlsx.bench.tools.headings import LENGTHS, Heading, column_of, lacks_unit
from tco_xlsx.bench.tools.metric import Metrics, slug
from tco_xlsx.bench.tools.token_time import checked, defined
from tests.bench.written import latency, statistics, written

_OWN = (
    "model gpu_type gpus_per_instance precision engine setup trial itl_kind source notes suspicious measured streaming "
    "latency_derived isl osl isl_asked osl_asked concurrency request_rate completed failed incomplete duration_s rps "
    "output_tps total_tps"
)
_OTHERS = {
    "model": "model_name model_id",
    "gpu_type": "gpu gpu_name gpu_model accelerator accelerator_type",
    "gpus_per_instance": "gpus number_of_gpus num_gpus n_gpus gpu_count no_of_gpus",
    "precision": "dtype quantization quantisation",
    "engine": "execution_mode backend framework runtime inference_engine serving_engine",
    "setup": "configuration",
    "trial": "repetition",
    LENGTHS: "seq_length_isl_osl sequence_length_isl_osl seq_length isl_osl input_output_tokens",
    "isl": "input_tokens input_length input_sequence_length input_len mean_input_tokens prompt_tokens",
    "osl": "output_tokens output_length output_sequence_length output_len mean_output_tokens",
    "isl_asked": "isl_requested isl_nominal",
    "osl_asked": "osl_requested osl_nominal",
    "concurrency": "conc max_concurrency concurrent_requests concurrent_users",
    "request_rate": "requested_rate offered_rate target_rps",
    "completed": "completed_requests successful_requests requests_completed request_count",
    "failed": "failed_requests errors error_count error_request_count requests_failed",
    "incomplete": "incomplete_requests",
    "duration_s": "duration_sec duration_seconds benchmark_duration_s benchmark_duration_sec",
    "rps": "requests_per_second requests_per_sec requests_s requests_sec req_s req_sec req_per_s req_per_sec "
    "request_throughput request_throughput_req_s request_throughput_requests_s request_throughput_requests_sec "
    "request_throughput_per_sec throughput_req_s throughput_requests_s",
    "output_tps": "tokens_per_second output_tokens_per_second output_tokens_s output_tokens_sec output_tok_s "
    "output_throughput output_throughput_tok_s output_token_throughput output_token_throughput_tokens_s "
    "output_token_throughput_tokens_sec",
    "total_tps": "total_token_throughput total_tokens_per_second total_tok_s total_token_throughput_tok_s "
    "total_token_throughput_tokens_sec",
}
_TIMES = {
    "ttft": "ttft ttft_latency first_token_latency time_to_first_token time_to_first_token_latency",
    "itl": "itl inter_token inter_token_latency",
    "latency": "latency request request_latency e2e e2el e2e_latency e2e_request_latency end_to_end_latency",
}


def test_our_own_headings_come_first_and_others_mean_the_same() -> None:
    for name in (*_OWN.split(), LENGTHS):
        assert column_of(name) == Heading(name, rank=0)
    for name, others in _OTHERS.items():
        for other in others.split():
            assert column_of(other) == column_of(other.replace("_", " ").title()) == Heading(name, rank=2), other
    assert column_of("prompt") is column_of("") is column_of("tokens") is None


def test_headings_of_latencies() -> None:
    for name, others in _TIMES.items():
        for other in others.split():
            assert column_of(f"p99_{other}_sec") == Heading(name, "p99", 1000, 2), other
            assert column_of(f"{other} (ms)") == Heading(name, "avg", 1, 2), other
        for statistic in statistics(0):
            assert column_of(f"{name}_{statistic}_ms") == Heading(name, statistic, 1, 0)
    for other in ("tpot", "time_per_output_token"):
        assert column_of(f"{other}_us") == Heading("itl", "avg", 0.001, 1)


@pytest.mark.parametrize(
    ("heading", "statistic"),
    [
        ("TTFT p90 latency (ms)", "p90"), ("TTFT 95th percentile ms", "p95"), ("99% TTFT ms", "p99"),
        ("median ttft ms", "p50"),
        ("mean ttft ms", "avg"), ("average ttft ms", "avg"), ("avg ttft ms", "avg"), ("p91 ttft ms", None),
        ("mean median ttft ms", None), ("std ttft ms", None), ("ttft", None), ("ms", None), ("ttft ms mean", None),
    ],
)  # fmt: skip
def test_statistics_in_headings(heading: str, statistic: str | None) -> None:
    assert column_of(heading) == (Heading("ttft", statistic, 1, 2) if statistic else None)
    assert Heading("ttft", "p90").target == ("ttft", "p90")


def test_headings_that_lack_a_unit() -> None:
    found = [lacks_unit(heading) for heading in ("TTFT", "TTFT p99", "TTFT (ms)", "rps", "other", "")]
    assert found == [True, True, False, False, False, False]


# Rows

_ROW = {
    "model": "acme", "gpu_type": "H100", "gpus_per_instance": 8, "precision": "fp8", "engine": "vLLM", "setup": "1p2d",
    "trial": "t1", "itl_kind": "chunk", "source": "a/b.json", "notes": "one | two", "suspicious": "why",
    "measured": "No",
    "streaming": "TRUE", "latency_derived": 1, "isl": 200, "osl": 120, "isl_asked": 210, "osl_asked": 130,
    "concurrency": 9, "request_rate": 7, "completed": 750, "failed": 3, "incomplete": 4, "duration_s": 100, "rps": 7.5,
    "output_tps": 900, "total_tps": 2400,
    **{f"{name}_{key}_ms": value for name, first in (("ttft", 100), ("itl", 10), ("latency", 1300))
       for key, value in statistics(first).items()},
}  # fmt: skip


def _table(to: Path, text: str, name: str = "a.csv") -> FileReading:
    return table.read(written(to, name, text))


def _lines(*rows: object) -> str:
    return "\n".join(",".join(map(str, row)) if not isinstance(row, str) else row for row in rows) + "\n"


def test_every_field_of_a_table(tmp_path: Path) -> None:
    (point,) = _table(tmp_path, _lines(list(_ROW), list(_ROW.values()))).points
    assert point == Point(
        file=str(tmp_path / "a.csv"), tool="table", line=2, source="a/b.json", trial="t1", measured=False, model="acme",
        gpu_type="H100", gpus_per_instance=8, gpu_source="file", precision="fp8", engine="vLLM", setup="1p2d",
        concurrency=9, request_rate=7, isl=200, osl=120, isl_asked=210, osl_asked=130, streaming=True, completed=750,
        failed=3, incomplete=4, duration_s=100, rps=7.5, output_tps=900, total_tps=2400, ttft=latency(100),
        itl=latency(10), itl_kind="chunk", latency=latency(1300), latency_derived=True, notes=("one", "two"),
        suspicious=("why",),
    )  # fmt: skip
    (row,) = to_rows([point])
    assert tuple(row) == HEADINGS
    same = {key: value for key, value in row.items() if key in _ROW} | {
        "notes": "one | two", "measured": "No", "streaming": "TRUE", "latency_derived": 1,
    }  # fmt: skip
    assert same == _ROW
    assert (row["source_tool"], row["gpu_source"], row["tool_version"]) == ("table", "file", None)
    (tmp_path / "again.csv").write_text(to_csv([point], str.upper))
    assert from_csv(tmp_path / "again.csv")[0].model == "ACME"


def test_a_row_that_says_little(tmp_path: Path) -> None:
    text = _lines("rps,concurrency,notes,model,measured,gpus", "1,2", ",,,,,", "3,4,,-,yes,0")
    first, second = _table(tmp_path, text).points
    assert first == Point(file=str(tmp_path / "a.csv"), tool="table", line=2, rps=1, concurrency=2)
    assert (second.index, second.line, second.rps, second.gpu_source, second.notes) == (1, 4, 3, None, ())
    (row,) = to_rows([first])
    assert (row["notes"], row["suspicious"], row["source"]) == (None, None, first.file)


def test_lengths_in_one_cell_are_those_asked_for(tmp_path: Path) -> None:
    text = _lines("rps,concurrency,isl_osl,osl", "1,2,1000_200,", "1,2, 1000 x 200 ,150", "1,2,,")
    first, second, third = _table(tmp_path, text).points
    assert (first.isl, first.osl, first.isl_asked, first.osl_asked) == (1000, 200, 1000, 200)
    assert first.notes == second.notes == ("ISL and OSL are the lengths asked for, not measured",)
    assert (second.isl, second.osl, second.osl_asked) == (1000, 150, 200)
    assert (third.isl_asked, third.notes) == (None, ())
    for cell in ("1000", "1000-200", "x"):
        (fault,) = _table(tmp_path, _lines("rps,concurrency,isl_osl", f"1,2,{cell}")).faults
        assert (fault.line, fault.column) == (2, 3)


def test_cells_that_are_no_figures(tmp_path: Path) -> None:
    reading = _table(
        tmp_path, _lines("rps,concurrency,streaming,isl", "1,2,maybe,3", "x,2,,3", "1,2,,3,,", "1,2,,3,,5")
    )
    assert [point.line for point in reading.points] == [4]
    assert [(fault.line, fault.column) for fault in reading.faults] == [(2, 3), (3, 1), (5, 6)]
    assert reading.faults[0].message == 'streaming: "maybe" is neither true nor false.'
    document = written(tmp_path, "b.csv", "rps,concurrency,isl\n1,inf,Infinity\nNaN,2,3\n")
    table.read(document)
    assert document.not_finite == {"line 2, isl": "Infinity", "line 3, rps": "NaN"}
    flags = ("true", "YES", "1", " false", "no", "0", "", None)
    assert [table._flag(cell) for cell in flags] == [True, True, True, False, False, False, None, None]


def test_of_two_columns_the_nearer_counts(tmp_path: Path) -> None:
    head = "label,itl ms,tpot ms,rps,requests/s,TTFT,foo,source_tool"
    reading = _table(tmp_path, _lines("a title", head, "a,20,10,1,2,90,x,y"))
    (point,) = reading.points
    assert (point.itl.avg, point.rps, point.line) == (10, 1, 3)
    assert [(notice.line, notice.message) for notice in reading.notices] == [
        (2, "columns not understood, and left out: TTFT, foo."),
        (2, "say the unit in these headings, as in ttft_avg_ms: TTFT."),
        (2, "columns left out, since another one gives the same: itl ms, requests/s."),
    ]
    (twice,) = _table(tmp_path, _lines("req/s,requests/s,conc", "1,2,3")).points
    assert twice.rps == 1
    assert _table(tmp_path, _lines("rps,conc,tpot_p90_ms,itl_p90_ms", "1,2,3,4")).points[0].itl.p90 == 4


@pytest.mark.parametrize(
    ("text", "closeness"),
    [
        ("rps,concurrency\n", Closeness(("rps", "concurrency"))),
        ("rps;concurrency\n", Closeness(("rps", "concurrency"))),
        ("a,rps\tttft ms\titl ms\n", Closeness(("ttft ms", "itl ms"), (table._RPS,))),
        ("rps,model\n", Closeness(("rps", "model"), (table._LOAD,))),
        *((f"rps,{name} ms\n", Closeness(("rps", f"{name} ms"))) for name in ("ttft", "itl", "latency")),
        ("rps,other\n", None),
        ("rps,x;isl;osl;conc;y,gpu\n", Closeness(("isl", "osl", "conc"), (table._RPS,))),
        ("model,gpu\n", Closeness(("model", "gpu"), (table._RPS, table._LOAD))),
        ("title,x\nrps,concurrency\n", Closeness(("rps", "concurrency"))),
        ("x,y\n" * 20 + "rps,concurrency\n", None),
        ("x,y\n" * 19 + "rps,concurrency\n", Closeness(("rps", "concurrency"))),
        ('["rps", "concurrency"]', None),
        ('{"rps": 1, "concurrency', None),
        ("PK\x03\x04rps,concurrency", None),
    ],
)
def test_signs_of_a_table(tmp_path: Path, text: str, closeness: Closeness | None) -> None:
    document = written(tmp_path, "a.txt", text)
    assert table.recognises(document) == closeness
    assert bool(document.damage) is text.startswith("PK")


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheets = {
        "notes": [["model", "gpu", "isl", "osl"], ["a", "b", 1, 2]],
        "first": [["rps", "concurrency"], [1, 2], [3, 4, None, "beside"]],
        "second": [["rps", "concurrency", "isl"], ["x", 2, 3]],
        "third": [["rps", "concurrency"]],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    reading = table.read(table.Document(tmp_path / "a.xlsx"))
    # What stands beside a sheet's table is nobody's business.
    assert [(point.index, point.line, point.rps) for point in reading.points] == [(0, 2, 1), (1, 3, 3)]
    assert [fault.message.split(":")[0] for fault in reading.faults] == ['sheet "second", rps']
    assert table.recognises(table.Document(tmp_path / "a.xlsx")) == Closeness(("rps", "concurrency", "isl"))


def test_a_formula_counts_by_its_value(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["rps", "concurrency"])
        sheet.write_formula(1, 0, "=15/2", None, 7.5)
        sheet.write(1, 1, 8)
    (point,) = table.read(table.Document(tmp_path / "a.xlsx")).points
    assert (point.rps, point.concurrency) == (7.5, 8)


def test_a_table_that_is_damaged_behind_its_start(tmp_path: Path) -> None:
    assert _table(tmp_path, "x,y\n") == FileReading(tmp_path / "a.csv", "table")
    # No table of commas, but one of tabs; headings that are empty are none.
    tabs = _table(tmp_path, 'rps\tconcurrency\tmodel\t\n1\t2\ta,"b\t\n')
    assert [(point.rps, point.model) for point in tabs.points] == [(1, 'a,"b')]
    assert (tabs.notices, tabs.faults) == ((), ())
    (fault,) = _table(tmp_path, 'rps,concurrency\n1,"2\n').faults
    assert (fault.line, "closing quote" in fault.message) == (2, True)


# Metrics and their units


def test_metrics_by_their_tags() -> None:
    metrics = Metrics(
        "a.json", {"t": {"unit": " MS ", **statistics(5)}, "m": {"p50": 1}, "d": {"unit": "min", "avg": 2}}
    )
    assert metrics.latency("t") == latency(5)
    assert (metrics.has("t"), metrics.has("m"), metrics.has("x")) == (True, False, False)
    assert (metrics.count("x", "m", "t"), metrics.count("x")) == (5, None)
    assert (metrics.seconds("t"), metrics.seconds("x"), metrics.per_second("x"), metrics.faults) == (
        0.005,
        None,
        None,
        [],
    )
    assert metrics.latency("m") == Latency()
    assert metrics.seconds("d") is metrics.per_second("d") is None
    assert [fault.message.split("; ")[0] for fault in metrics.faults] == [
        "m: has no unit", 'd: the unit "min" is not known', 'd: the unit "min" is not known',
    ]  # fmt: skip
    assert metrics.seconds("m") is None
    assert slug("Time To First-Token (ms)") == "time_to_first_token_ms"


@pytest.mark.parametrize(
    ("unit", "rate"),
    [
        ("requests/s", 60), ("tokens per second", 60), ("x/sec", 60), ("x/min", 1), ("x per minute", 1), ("x/m", 1),
        ("superpers", None), ("x/ms", None), ("", None),
    ],
)  # fmt: skip
def test_rates_by_their_unit(unit: str, rate: float | None) -> None:
    assert Metrics("r", {"x": {"unit": unit, "avg": 60}}).per_second("x") == rate


def test_sections_of_a_csv_of_metrics() -> None:
    text = (
        "Metric,Value,p50\nRequest Count,75,\nLatency (CO) (ms),1,2\nLatency (CO) (ms),8,9\n\n"
        "Endpoint,GPU_Index,GPU_Name\nn,0,H100\nn,1,H100\nn,0,H100\nshort,1\nn,2,\n"
    )
    found = metric_csv.read_metric_csv(text, "a.csv")
    assert found.entries == {
        "request_count": {"unit": None, "avg": 75.0, "p50": None}, "latency_co": {"unit": "ms", "avg": 1.0, "p50": 2.0},
    }  # fmt: skip
    assert (found.gpu_names, found.faults, found.not_finite) == (["H100", "H100"], [], {})
    odd = metric_csv.read_metric_csv("Metric,avg,p99\nA (s),NaN,x\n", "a.csv")
    assert odd.not_finite == {"line 2, A avg": "NaN"}
    assert [(fault.line, fault.column) for fault in odd.faults] == [(2, 3)]
    assert metric_csv.heading("\n Metric , AVG\nx") == ("metric", "avg")
    assert metric_csv.heading("metric\n") == metric_csv.heading("a,b\n") == metric_csv.heading("") == ()


def test_a_time_per_token_by_its_definition() -> None:
    ttft, whole = Latency(avg=100), Latency(avg=200)
    assert defined(ttft, whole, 11) == 10
    for parts in (
        (Latency(), whole, 11),
        (ttft, Latency(), 11),
        (ttft, whole, None),
        (ttft, whole, 1),
        (whole, whole, 11),
    ):
        assert defined(*parts) is None
    assert defined(ttft, whole, 1.5) == 200
    assert checked(Latency(avg=0.0, p50=5), ttft, whole, 11) == (
        Latency(avg=10), "the time per token is derived: (latency - TTFT) / (OSL - 1)",
    )  # fmt: skip
    assert checked(Latency(avg=0.0, p50=5), ttft, whole, None) == (Latency(p50=5), None)
    for kept in (9.1, 10.9):
        assert checked(Latency(avg=kept, p99=1), ttft, whole, 11) == (Latency(avg=kept, p99=1), None)
    for said, times in ((8.9, "0.89"), (11.1, "1.1")):
        found, note = checked(Latency(avg=said, p99=1), ttft, whole, 11)
        assert found == Latency(avg=10)
        assert f"is {times} times what" in str(note)
