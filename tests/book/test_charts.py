"""Nothing is drawn where there is nothing: no limit at the origin, no mark without a point."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tco_xlsx.analysis import compare as comparison
from tco_xlsx.book import write as book_write
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.language.evaluate import evaluate
from tco_xlsx.model import MODEL
from tco_xlsx.model.axes import DRAWN
from tco_xlsx.model.causes import CAUSES
from tco_xlsx.model.comparison import COMPARISON
from tests.support import shipped
from tests.support.filled import filled

GIVEN = {
    "workload.peak_rps": 10.0, "workload.input_tokens": 1000.0, "workload.output_tokens": 200.0,
    "server.price": 1e5, "server.gpus": 8.0, "server.life_years": 4.0, "hosting.per_server_year": 1e3,
}  # fmt: skip
POINT = {"concurrency": 1.0, "gpus": 2.0, "rps": 3.0, "ttft_avg": 50.0}
MANUAL = {"performance.source": "manual", "performance.manual_rps": 2.0, "performance.manual_gpus": 2.0}
LIMIT, MARK, CURVE = ("limit_x", "limit_top"), ("mark_x", "mark_rate"), ("x", "rate", "frontier")
NO_BENCHMARK = """\
title: No benchmark
performance: {source: manual, manual_rps: 4, manual_gpus: 2}
workload: {peak_rps: 30, input_tokens: 1000, output_tokens: 200}
server: {price: 300000, gpus: 8, life_years: 5}
hosting: {per_server_year: 20000}
"""


@pytest.mark.parametrize(
    ("inputs", "points", "outside", "drawn"),
    [
        ({}, [POINT], LIMIT, (*MARK, *CURVE)),
        ({"service.max_ttft_ms": 60.0}, [POINT], (), (*LIMIT, *MARK, *CURVE)),
        ({"service.max_ttft_ms": 20.0}, [POINT], (), (*LIMIT, *MARK, *CURVE)),
        (MANUAL, [POINT], (*LIMIT, *MARK), CURVE),
        (MANUAL, [], (*LIMIT, *MARK, *CURVE), ()),
        ({"service.max_ttft_ms": 60.0, **MANUAL}, [], ("limit_top", *MARK, *CURVE), ()),
        ({"service.curve": "itl"}, [POINT], (*LIMIT, *MARK, *CURVE), ()),
    ],
    ids=["no limit", "both", "no point within", "typed in", "no benchmark", "limit, no benchmark", "not measured"],
)
def test_what_is_not_there_stands_outside_the_axes(
    inputs: dict[str, float | str | None],
    points: list[dict[str, float]],
    outside: tuple[str, ...],
    drawn: tuple[str, ...],
) -> None:
    values = evaluate(MODEL, [filled(MODEL, {**GIVEN, **inputs}, points)])
    assert {name: values.value(MODEL.by_name[f"curve.{name}"]) for name in outside} == dict.fromkeys(outside, -1.0)
    for name in drawn:
        assert (values.value(MODEL.by_name[f"curve.{name}"]) or -1) > 0


def scatters(book: Path) -> list[str]:
    with zipfile.ZipFile(book) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    return [chart for chart in charts if "<c:scatterChart>" in chart]


def test_the_axes_begin_at_0_so_that_what_is_outside_is_not_seen(tmp_path: Path) -> None:
    charts = scatters(shipped.write(shipped.SCENARIOS[0], tmp_path / "book.xlsx"))
    # The cash so far on Plan, and the curve of Summary, whose points stand on Workings.
    assert sorted(re.findall(r"<c:f>(\w+)!", chart)[0] for chart in charts) == ["Plan", "Workings"]
    for chart in charts:
        assert re.findall(r'<c:min val="([^"]*)"/>', chart) == ["0", "0"]


def test_a_scenario_without_points_has_no_part_in_the_frontier_of_a_comparison(tmp_path: Path) -> None:
    """Its rows stand outside; the line of the others does not begin there."""
    (tmp_path / "none.yaml").write_text(NO_BENCHMARK, encoding="utf-8")
    article = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"
    made = comparison.compare(MODEL, COMPARISON, CAUSES, case_prepare.prepare([tmp_path / "none.yaml", article], MODEL))
    values, lines = made.compared.values, COMPARISON.by_name
    rows = range(values.cases[0].length(DRAWN))
    xs = [values.value(lines["drawn.drawn_x"], 0, row) for row in rows]
    along = [values.value(lines["drawn.drawn_along"], 0, row) or 0 for row in rows]
    assert -1.0 in xs
    assert min(along) == min(x for x in xs if x is not None and x >= 0)
    assert all((values.value(lines["drawn.drawn_frontier"], 0, row) or 0) > 0 for row in rows)
    book = tmp_path / "book.xlsx"
    book_write.write_comparison(
        book, MODEL, made, shipped.template(), case_prepare.prepare([tmp_path / "none.yaml", article], MODEL)
    )
    for chart in scatters(book):
        assert re.findall(r'<c:min val="([^"]*)"/>', chart) == ["0", "0"]
