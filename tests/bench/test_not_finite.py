"""NaN, Infinity, 1e999 and 400 digits: said with file and place, never used, never dropped without a word."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
import yaml

from tco_xlsx.bench.files import json_stream, not_finite
from tco_xlsx.bench.points.point import STATISTICS, Point
from tco_xlsx.bench.points.validate import LATENCIES
from tests.bench.samples import FIXTURES, messages, read

_TOKENS = ("NaN", "Infinity", "-Infinity", "1e999", "9" * 400, '"nan"', '"inf"', '"1e999"')

# A figure of each tool, as it stands in a fixture, and how to find it there.
_IN_JSON = {
    "aiperf/flat_v0.5/profile_export_aiperf.json": '"time_to_first_token"',
    "aiperf/records_v0.1/profile_export_aiperf.json": '"request_latency"',
    "genai_perf/gen_b/profile_export_genai_perf.json": '"time_to_first_token"',
    "vllm/old/conc16_in200_out100.json": '"mean_ttft_ms"',
    "vllm/appended/all.json": '"mean_ttft_ms"',
    "sglang/runs/sglang_0101_500_200_101.jsonl": '"mean_e2e_latency_ms"',
    "guidellm/gen2/benchmarks.json": '"request_latency"',
    "inference_perf/fixed/stage_0_lifecycle_metrics.json": '"time_to_first_token"',
    "llmd/report_s/benchmark_report_v0.2,_stage_0.json": '"time_to_first_token"',
    "inferencex/list/results.json": '"mean_ttft"',
    "llmperf/plain/tiny_200_101_summary.json": '"results_ttft_s_mean"',
    "genai_bench/run/D200_101_text-to-text_concurrency_8_time_100s.json": '"ttft"',
    "trtllm_bench/streaming/report.json": '"ttft_percentiles"',
}
_FIGURE = re.compile(r"(?<=:)\s*-?\d[\d.eE+-]*")


def _broken(fixture: str, mark: str, token: str, to: Path) -> Path:
    """A copy in which the first number after a key is another one."""
    text = (FIXTURES / fixture).read_text()
    start = text.index(mark)
    number = _FIGURE.search(text, start)
    assert number
    file = to / Path(fixture).name
    file.write_text(f"{text[: number.start()]} {token}{text[number.end() :]}")
    return file


def _figures(point: Point) -> list[float | None]:
    return [getattr(getattr(point, name), key) for name in LATENCIES for key in STATISTICS]


@pytest.mark.parametrize("token", _TOKENS, ids=lambda token: token[:12])
@pytest.mark.parametrize("fixture", _IN_JSON)
def test_no_figure_of_any_tool_is_dropped_without_a_word(fixture: str, token: str, tmp_path: Path) -> None:
    reading = read(_broken(fixture, _IN_JSON[fixture], token, tmp_path))
    said = messages(reading)
    assert "no finite number, and left out: " in said
    assert Path(fixture).name in said
    assert (
        "a number of 400 digits" if token.startswith("99") else token.strip('"').lower().removeprefix("1e999")
    ) in said.lower()
    for point in reading.points:
        assert all(value is None or value < 1e9 for value in _figures(point))


def test_the_place_is_told(tmp_path: Path) -> None:
    said = messages(read(_broken("vllm/appended/all.json", '"mean_ttft_ms"', "NaN", tmp_path)))
    assert "object 1.mean_ttft_ms is NaN; expected a number" in said
    said = messages(read(_broken("guidellm/gen2/benchmarks.json", '"request_latency"', "1e999", tmp_path)))
    assert "benchmarks[1].metrics.request_latency.successful.mean is inf" in said


@pytest.mark.parametrize("token", [".nan", ".inf", "1e999"])
def test_yaml(token: str, tmp_path: Path) -> None:
    text = (FIXTURES / "llmd/report_ms/benchmark_report_v0.2.yaml").read_text()
    assert yaml.safe_load(text)
    start = text.index("time_to_first_token")
    file = tmp_path / "benchmark_report_v0.2.yaml"
    file.write_text(text[:start] + re.sub(r"(?<=mean: )[\d.]+", token, text[start:], count=1))
    reading = read(file)
    assert "time_to_first_token.mean is" in messages(reading)
    assert reading.points[0].ttft.avg is None


@pytest.mark.parametrize("token", ["nan", "inf", "-inf", "1e999", "9" * 400])
def test_tables(token: str, tmp_path: Path) -> None:
    rows = f"concurrency,rps,ttft_avg_ms,latency_avg_ms\n8,7.95,{token},976\n"
    (tmp_path / "rows.csv").write_text(rows)
    (tmp_path / "rows.tsv").write_text(rows.replace(",", "\t").replace("7.95", "7.5"))
    book = openpyxl.Workbook()
    for row in rows.replace("7.95", "7.2").splitlines():
        book.active.append(row.split(","))  # type: ignore[union-attr]
    book.save(tmp_path / "rows.xlsx")
    reading = read(tmp_path)
    assert [point.ttft.avg for point in reading.points] == [None] * 3
    for name in ("rows.csv", "rows.tsv", "rows.xlsx"):
        assert f"{name}: no finite number, and left out: line 2, ttft_avg_ms is" in messages(reading)


@pytest.mark.parametrize(
    ("fixture", "old", "place"),
    [
        ("genai_perf/csv_only", r"(?<=Request Latency \(ms\),)[^,]+", "Request Latency avg"),
        ("aiperf/csv_only", r"(?<=Request Latency \(ms\),)[^,]+", "Request Latency avg"),
        ("vllm/sweep/summary.csv", r"(?<=,)96\.0(?=,)|(?<=,)88\.0(?=,)", "ttft"),
        ("guidellm/csv1", r"(?<=,)96\.0(?=,)", "time_to_first_token_ms"),
        ("guidellm/csv3", r"(?<=,)96\.0(?=,)", "time_to_first_token_ms"),
        ("aiconfigurator/agg/best_config_topn.csv", r"(?<=,)96\.0(?=,)", "ttft"),
    ],
)
def test_csv_of_the_tools(fixture: str, old: str, place: str, tmp_path: Path) -> None:
    source = FIXTURES / fixture
    shutil.copytree(source, tmp_path, dirs_exist_ok=True) if source.is_dir() else shutil.copy(source, tmp_path)
    (file,) = tmp_path.rglob("*.csv")
    changed, count = re.subn(old, "inf", file.read_text(), count=1)
    assert count == 1
    file.write_text(changed)
    said = messages(read(tmp_path))
    assert "no finite number, and left out: line " in said
    assert place in said


def test_an_infinite_load_is_no_such_figure() -> None:
    for fixture in ("vllm/new", "sglang/runs", "vllm/old"):
        assert "no finite number" not in messages(read(fixture))
    assert not_finite.is_no_limit("request_rate", "Infinity")
    assert not not_finite.is_no_limit("request_rate", "NaN")
    assert not not_finite.is_no_limit("mean_ttft_ms", "inf")


def test_a_big_file_tells_its_bare_words() -> None:
    text = b'{"request_rate": Infinity, "mean_ttft_ms": NaN, "lists": [NaN, 1], "p99_ttft_ms": -Infinity}'
    told: dict[str, str] = {}
    (value,) = json_stream.values(io.BytesIO(text), None, told)
    assert value == {"request_rate": None, "mean_ttft_ms": None, "lists": [None, 1], "p99_ttft_ms": None}
    assert told == {"mean_ttft_ms": "NaN", "p99_ttft_ms": "-Infinity"}


def test_many_of_them_are_one_sentence() -> None:
    places = [(f"k{number}", "NaN") for number in range(20)]
    assert not_finite.message(places).startswith("no finite number, and left out: k0 is NaN, k1 is NaN")
    assert "(and 16 more)" in not_finite.message(places)


def test_a_word_that_is_no_number_is_no_name(tmp_path: Path) -> None:
    content = (FIXTURES / "vllm/old/conc16_in200_out100.json").read_text()
    file = tmp_path / "run.json"
    file.write_text(content.replace(json.dumps(json.loads(content)["model_id"]), "NaN"))
    assert read(file).points[0].model is None
