"""GuideLLM: every field of its three generations by another figure, and which of its rates is taken, by hand."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.reading import Closeness
from tco_xlsx.bench.tools import guidellm, guidellm_csv
from tco_xlsx.bench.tools.guidellm_rate import BELOW_LITTLE, BIASED, WITHOUT_TTFT, Run, true_rate, whole_output_rate
from tests.bench.written import written

# Which rate


def _run(**known: float) -> Run:
    names = ("said", "completed", "duration", "output_tps", "osl", "concurrency", "latency", "ttft")
    return Run(**{name: known.get(name) for name in names})


def test_where_a_rate_can_be_from() -> None:
    everything = _run(said=3, completed=8, duration=4, output_tps=50, osl=10)
    assert list(everything.candidates.values()) == [3, 2, 5]
    assert _run(said=0, completed=8, output_tps=50).candidates == {}
    assert _run(completed=0, duration=4, osl=10).candidates == {}
    assert true_rate(_run(concurrency=1, latency=1)) == (None, ())
    assert [_run(concurrency=8, latency=2).most, _run(concurrency=8).most, _run(latency=2).most] == [4, None, None]


@pytest.mark.parametrize(
    ("said", "counted", "tokens", "rate", "how"),
    [
        (9.8, None, None, 9.8, ""),
        (10.1, None, None, 10.1, ""),  # a hundredth above what the loop can do
        (10.2, None, None, 10, "concurrency 10 / latency, which no closed loop exceeds; the report says 10.2,"),
        (15, None, None, 10, "concurrency 10 / latency, which no closed loop exceeds; the report says 15,"),
        (15.1, None, None, 15.1, ""),  # a unit is wrong, which is said elsewhere
        (11, 9.5, None, 9.5, "950 in 100 s; the report says 11,"),
        (11, 11, 9.6, 9.6, "output tokens/s / OSL; the report says 11,"),
        (9.5, 10, None, 9.5, ""),
        (9.4, 10, None, 10, "1000 in 100 s; the report says 9.4,"),
        (None, 9.5, None, 9.5, ""),
        (None, None, 9.6, 9.6, ""),
        (5, None, None, 5, ""),
    ],
)
def test_the_rate_of_a_closed_loop(
    said: float | None, counted: float | None, tokens: float | None, rate: float, how: str
) -> None:
    # 10 in flight of 1 s each: 10 requests/s at most.
    known = {"said": said, "completed": counted and counted * 100, "output_tps": tokens and tokens * 100}
    run = _run(duration=100, osl=100, concurrency=10, latency=1, **{key: one for key, one in known.items() if one})
    found, notes = true_rate(run)
    assert found == pytest.approx(rate)
    assert notes == ((f"requests/s are {rate:.4g}, {how} {BIASED}",) if how else ())


@pytest.mark.parametrize(
    ("said", "counted", "rate", "note"),
    [
        (1.96, 2, 1.96, None), (1.95, 2, 2, BIASED), (1.7, None, 1.7, None),
        (1.6, None, 1.6, f"requests/s are 0.80 times what one stream of such latencies does, {BELOW_LITTLE}"),
    ],
)  # fmt: skip
def test_the_rate_of_one_stream(said: float, counted: float | None, rate: float, note: str | None) -> None:
    # One after another of half a second: 2 requests/s.
    extra = {} if counted is None else {"completed": counted * 100, "duration": 100}
    found, notes = true_rate(_run(said=said, concurrency=1, latency=0.5, **extra))
    assert found == rate
    assert [told.endswith(str(note)) for told in notes] == [True] * (note is not None)


@pytest.mark.parametrize(
    ("said", "counted", "tokens", "rate"),
    [
        (1.04, 1, None, 1.04), (1.0505, 1, None, 1), (0.96, 1, None, 0.96), (1.2, 1, 1.2, 1.2), (1.2, 1, 1, 1),
        (1.2, 1, None, 1), (1.08, 1, 1.04, 1), (None, 1, 2, 1), (3, None, 2, 3), (None, None, 2, 2),
    ],
)  # fmt: skip
def test_the_rate_without_a_loop(said: float | None, counted: float | None, tokens: float | None, rate: float) -> None:
    known = {"said": said, "completed": counted and counted * 100, "output_tps": tokens and tokens * 100}
    found, _ = true_rate(_run(duration=100, osl=100, **{key: one for key, one in known.items() if one}))
    assert found == pytest.approx(rate)


_STREAM = {"output_tps": 13.75, "osl": 11, "latency": 1, "ttft": 0.2, "concurrency": 1}


@pytest.mark.parametrize(
    ("changed", "rps", "rate"),
    [
        ({}, 1, 11),  # 11 tokens in the 0.8 s after the first
        ({"output_tps": 12.5}, 1, 11),  # 10 of them
        ({"output_tps": 15}, 1, 15),
        ({"output_tps": 5}, 1, 5),
        ({"concurrency": 2}, 1, 13.75),
        ({}, 0.9, 13.75),  # the stream is idle in between
        ({}, None, 13.75),
        ({"ttft": 1}, 1, 13.75),
        ({"ttft": 0.01, "output_tps": 11.1}, 1, 11.1),  # the same by rounding
        ({"ttft": 0.01, "osl": 100, "output_tps": 102}, 1, 102),
        ({"output_tps": None}, 1, None),
        *(({name: None}, 1, 13.75) for name in ("osl", "latency", "ttft")),
    ],
)  # fmt: skip
def test_output_tokens_of_one_stream(changed: dict[str, float | None], rps: float | None, rate: float | None) -> None:
    run = _run(**{name: value for name, value in (_STREAM | changed).items() if value is not None})
    found, notes = whole_output_rate(run, rps)
    assert found == rate
    assert len(notes) == (rate == 11)
    assert all(note.endswith(WITHOUT_TTFT) for note in notes)


# Reports


def _statistics(first: float, factor: float = 1.0) -> dict[str, object]:
    percentiles = {"p50": 1e6, "p90": (first + 2) * factor, "p95": (first + 3) * factor, "p99": (first + 4) * factor}
    return {"successful": {"mean": first * factor, "median": (first + 1) * factor, "percentiles": percentiles}}


_METRICS: dict[str, object] = {
    "requests_per_second": {"successful": {"mean": 7.5}},
    "prompt_token_count": {"successful": {"mean": 200}},
    "output_token_count": {"successful": {"mean": 120}},
    "output_tokens_per_second": {"successful": {"mean": 900}},
    "time_to_first_token_ms": _statistics(100),
    "inter_token_latency_ms": _statistics(10),
    "request_latency": _statistics(1000, 0.001),
}
_COUNTS = {"successful": 750, "errored": 3, "incomplete": 4}


def _ms(first: float) -> Latency:
    return Latency(*(pytest.approx(first + place) for place in range(5)))


def _expected(file: Path, **changed: object) -> Point:
    fields: dict[str, object] = {
        "file": str(file), "tool": "guidellm", "model": "acme", "concurrency": 8, "isl": 200, "osl": 120,
        "streaming": True, "completed": 750, "failed": 3, "incomplete": 4, "duration_s": 100, "rps": 7.5,
        "output_tps": 900, "ttft": _ms(100), "itl": _ms(10), "latency": _ms(1000), "isl_asked": 210, "osl_asked": 130,
    }  # fmt: skip
    return Point(**(fields | changed))  # type: ignore[arg-type]


def _report(to: Path, benchmark: dict[str, object], **above: object) -> tuple[Point, list[str]]:
    item = {"metrics": _METRICS, "request_totals": _COUNTS, "duration": 100, **benchmark}
    reading = guidellm.read(written(to, "benchmarks.json", {"benchmarks": [item], **above}))
    assert reading.kind == "json"
    (point,) = reading.points
    return point, [notice.message for notice in reading.notices]


def test_every_field_of_each_generation_of_guidellm(tmp_path: Path) -> None:
    file = tmp_path / "benchmarks.json"
    lengths = {"prompt_tokens": 210, "output_tokens": 130}
    spec = {"backend": {"model": "acme", "stream": True}, "data": [lengths]}
    strategy = {"kind": "concurrent", "max_concurrency": 8}
    above = {"config": {"spec": spec}, "metadata": {"guidellm_version": "0.7"}}
    point, told = _report(tmp_path, {"config": {"strategy": strategy}}, **above)
    assert (point, told) == (_expected(file, tool_version="0.7"), [])
    args = {"model": "acme", "data": ["prompt_tokens=210,output_tokens=130"]}
    strategy = {"type_": "concurrent", "streams": 8, "max_concurrency": 9}
    point, _ = _report(tmp_path, {"config": {"strategy": strategy}}, args=args)
    assert point == _expected(file)
    oldest = {
        "args": {"strategy": strategy}, "worker": {"backend_model": "acme"},
        "request_loader": {"data": "{'prompt_tokens': 210, 'output_tokens': 130}"},
    }  # fmt: skip
    point, _ = _report(tmp_path, oldest)
    assert point == _expected(file)


@pytest.mark.parametrize(
    ("strategy", "load", "note"),
    [
        ({"type_": "synchronous"}, (1, None), ()),
        (
            {"type_": "throughput", "max_concurrency": 512},
            (None, None),
            ("as many requests at once as the server would take, 512 at most",),
        ),
        ({"type_": "throughput"}, (None, None), ("as many requests at once as the server would take",)),
        ({"type_": "constant", "rate": 7, "max_concurrency": 10240}, (None, 7), ()),
        ({}, (None, None), ()),
    ],
)
def test_loads_of_guidellm(
    tmp_path: Path, strategy: dict[str, object], load: tuple[float | None, float | None], note: tuple[str, ...]
) -> None:
    metrics = {**_METRICS, "requests_per_second": {"successful": {"mean": 0.95}}, "output_tokens_per_second": {}}
    point, told = _report(tmp_path, {"config": {"strategy": strategy}, "metrics": metrics, "request_totals": {}})
    assert ((point.concurrency, point.request_rate), point.notes, told) == (load, note, [])


def test_what_is_put_right_in_a_report_is_told(tmp_path: Path) -> None:
    metrics = {
        **_METRICS, "requests_per_second": {"successful": {"mean": 1}},
        "output_token_count": {"successful": {"mean": 11}}, "output_tokens_per_second": {"successful": {"mean": 12.22}},
    }  # fmt: skip
    item = {"config": {"strategy": {"type_": "synchronous"}}, "metrics": metrics, "request_totals": {}}
    warnings = [{"message": "too short"}, {"message": ""}, {}]
    point, told = _report(tmp_path, {**item, "warnings": warnings})
    # 11 tokens in the 0.9 s after the first; the median would make it 0.899.
    assert point.output_tps == 11
    assert told == ["point 1: GuideLLM warns: too short", f"point 1: {point.notes[0]}."]
    # 10.2 tokens in half a second are 10 but for a fiftieth.
    half = {"time_to_first_token_ms": _statistics(500), "output_tokens_per_second": {"successful": {"mean": 20.4}}}
    point, _ = _report(tmp_path, {**item, "metrics": {**metrics, **half}})
    assert point.output_tps == 11
    idle = {**metrics, "requests_per_second": {"successful": {"mean": 0.8495}}, "output_tokens_per_second": {}}
    point, told = _report(tmp_path, {**item, "metrics": idle, "duration": None})
    # Of 1 request/s by the mean latency of 1,000 ms, and of 0.999 by the median.
    assert [note.endswith(BELOW_LITTLE) for note in point.notes] == [True]
    assert told == [f"point 1: {point.notes[0]}."]


@pytest.mark.parametrize(
    ("ttft", "stream", "streaming", "notes"),
    [
        (0.0, None, False, 1), (0.0, False, False, 1), (90, None, True, 0), (90, True, True, 0), (90, False, False, 1),
        (None, None, None, 0), (0.0, True, True, 0), (0.0, "yes", False, 1),
    ],
)  # fmt: skip
def test_guidellm_without_streaming(
    tmp_path: Path, ttft: float | None, stream: object, streaming: bool | None, notes: int
) -> None:
    metrics = {**_METRICS, "time_to_first_token_ms": {"successful": {"mean": ttft}}}
    point, _ = _report(tmp_path, {"metrics": metrics, "config": {"backend": {"stream": stream}}})
    assert (point.streaming, len(point.notes)) == (streaming, notes)
    assert point.ttft == Latency(avg=90 if streaming and ttft else None)
    assert (point.itl == Latency()) is (streaming is False)


@pytest.mark.parametrize(
    ("content", "closeness"),
    [
        ({"benchmarks": []}, None),
        ({"benchmarks": [{}]}, None),
        (
            {"benchmarks": [{}], "metadata": {"version": 1}},
            Closeness(("benchmarks", "version"), ("metrics.requests_per_second",)),
        ),
        ({"benchmarks": [{}, {"metrics": {"requests_per_second": 1}}]}, Closeness(("benchmarks",))),
        (
            {"benchmarks": [{"metrics": {"requests_per_second": 1}}], "metadata": {"guidellm_version": "0.5"}},
            Closeness(("benchmarks", "guidellm_version")),
        ),
    ],
)
def test_signs_of_guidellm(tmp_path: Path, content: object, closeness: Closeness | None) -> None:
    assert guidellm.recognises(written(tmp_path, "a.json", content)) == closeness


# Its CSV


def _csv(*rows: list[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _percentiles(first: float, factor: float = 1.0) -> str:
    # The 90th, 95th and 99th stand in places 8, 9 and 10 of eleven.
    return json.dumps([0, 0, 0, 0, 0, 0, 0, *((first + place) * factor for place in (2, 3, 4)), 1e6])


_TIMES = {
    ("Request Latency", "Successful Sec"): (1000, 0.001),
    ("Time to First Token", "Successful ms"): (100, 1),
    ("Inter Token Latency", "Successful ms"): (10, 1),
}
_MEANS = {
    ("Server Throughput", "Successful Requests/Sec"): 7.5,
    ("Token Metrics", "Successful Input Tokens"): 200,
    ("Token Metrics", "Successful Output Tokens"): 120,
    ("Token Throughput", "Successful Output Tokens/Sec"): 900,
}


def test_every_field_of_the_csv_of_three_rows(tmp_path: Path) -> None:
    spec = {"spec": {"data": [{"prompt_tokens": 210, "output_tokens": 130}]}}
    columns: list[tuple[str, str, str, object]] = [
        ("Run Info", "Backend", "", json.dumps({"model": "acme", "stream": True})),
        ("Run Info", "Requests", "", "1"),
        ("Runtime Info", "Metadata", "", json.dumps({"guidellm_version": "0.7"})),
        ("Runtime Info", "Arguments", "", json.dumps(spec)),
        ("Benchmark", "Strategy", "", '{"kind": "concurrent", "streams": 8}'),
        ("Benchmark", "Type", "", "x"),
        ("Other", "Strategy", "", "constant@5"),
        ("Other", "Backend", "", "other"),
        ("Other", "Errored", "", 99),
        ("Timings", "Duration", "Sec", 100),
        ("Timings", "Start", "Sec", 5),
        *(("Request Counts", name, "", count) for name, count in (*_COUNTS.items(), ("Total", 9))),
        *((*group, "Mean", mean) for group, mean in _MEANS.items()),
    ]
    for group, (first, factor) in _TIMES.items():
        columns.append((*group, "Mean", first * factor))
        columns.append((*group, "Median", (first + 1) * factor))
        columns.append((*group, "Percentiles", _percentiles(first, factor)))
        columns.append((*group, "Std Dev", 77))
    document = written(tmp_path, "benchmarks.csv", _csv(*([column[row] for column in columns] for row in range(3)),
                       [column[3] for column in columns], ["" for _ in columns], [""] * 9 + [50]))  # fmt: skip
    first, second = guidellm.read(document).points
    assert first == _expected(tmp_path / "benchmarks.csv", tool_version="0.7", line=4)
    assert (second.line, second.index, second.duration_s, second.rps) == (6, 1, 50, None)


def test_every_field_of_the_csv_of_one_row(tmp_path: Path) -> None:
    names = ("Successful Request Latency", "Successful Time to First Token (ms)", "Successful Inter Token Latency (ms)")
    columns: dict[str, object] = {"Name": "concurrent@8", "Duration": 100}
    columns |= {f"{name.title()} Requests": count for name, count in _COUNTS.items()}
    columns |= {
        "Successful Requests per Second mean": 7.5, "Successful Prompt Token Count mean": 200,
        "Successful Output Token Count mean": 120, "Successful Output Tokens per Second mean": 900,
    }  # fmt: skip
    for name, (first, factor) in zip(names, _TIMES.values(), strict=True):
        columns |= {f"{name} mean": first * factor, f"{name} median": (first + 1) * factor}
        columns |= {f"{name} Percentiles": _percentiles(first, factor), f"{name} std": 77}
    text = _csv(list(columns), list(columns.values()), [""] * 5, ["", 50])
    first, second = guidellm.read(written(tmp_path, "b.csv", text)).points
    assert first == _expected(tmp_path / "b.csv", model=None, isl_asked=None, osl_asked=None, line=2)
    assert (second.line, second.duration_s, second.concurrency) == (4, 50, None)


def test_cells_of_the_csv_of_guidellm() -> None:
    assert guidellm_csv._percentiles("[1, 2]") == guidellm_csv._percentiles("7") == guidellm_csv._percentiles("x") == {}
    assert guidellm_csv._strategy("Constant@3.5 ") == {"type_": "constant", "streams": 3.5, "rate": 3.5}
    assert [guidellm_csv._object(cell) for cell in (' {"a": 1}', " acme ", " ")] == [{"a": 1}, {"model": "acme"}, {}]


@pytest.mark.parametrize(
    ("text", "is_csv"),
    [
        ("Run Info,Request Latency\na\nb\n", True), ("Run Info,Request Latency\na", False),
        ("Run Info,x\na\nb\nc\n", False), ("x,Request Latency\na\nb\nc\n", False),
        ("Run Info,Request Latency\na\nb", True), ("Successful Requests per second mean\n", True),
        ("Successful Request Latency mean\n", True), ("Successful Request Latency\n", False),
    ],
)  # fmt: skip
def test_signs_of_the_csv_of_guidellm(tmp_path: Path, text: str, is_csv: bool) -> None:
    document = written(tmp_path, "a.csv", text)
    assert guidellm_csv.is_csv(document) is is_csv
    assert guidellm.recognises(document) == (Closeness(("its headings",)) if is_csv else None)


def test_a_csv_of_guidellm_without_a_heading(tmp_path: Path) -> None:
    assert list(guidellm_csv.benchmarks(written(tmp_path, "a.csv", "\nx\n"), [])) == [
        {"line": 2, "metrics": {}, "request_totals": {}}
    ]
