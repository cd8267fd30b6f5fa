"""Benchmarks of many points: all of them are computed, in a time in proportion to them, and a workbook that no
spreadsheet could recalculate is refused before anything is written."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from tco_xlsx.bench.points.duplicates import without_copies
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.sweep_laws import marked
from tco_xlsx.book import shape
from tco_xlsx.cli import main

SCENARIO = """\
title: many
benchmark: {files: runs.csv}
workload: {peak_rps: 100, average_rps: 40, input_tokens: 1000, output_tokens: 200}
service: {max_ttft_ms: 250, ttft_statistic: avg}
server: {price: 320000, gpus: 8, life_years: 4}
hosting: {per_server_year: 20000}
"""


def runs(folder: Path, number: int) -> Path:
    """A scenario with that many runs, no two alike, none of which contradicts itself."""
    rows = ["model,gpu_type,gpus_per_instance,isl,osl,concurrency,rps,ttft_avg_ms,itl_avg_ms"]
    for place in range(number):
        load = 1 + place % 500
        ttft, itl = 40 + load / 4 + place / number, 8 + load / 100 + place % 97 / 1000
        rows.append(f"m,H100,1,1000,200,{load},{load / (ttft + itl * 199) * 970:.9f},{ttft:.6f},{itl:.6f}")
    (folder / "runs.csv").write_text("\n".join(rows) + "\n")
    (folder / "many.yaml").write_text(SCENARIO)
    return folder / "many.yaml"


def test_more_points_than_a_workbook_takes_are_computed_but_not_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shape, "MOST_POINTS", 50)
    scenario = runs(tmp_path, 51)
    assert CliRunner().invoke(main, ["check", str(scenario)]).exit_code == 0
    for command in (
        ["build", str(scenario), "-o", str(tmp_path / "out")],
        ["compare", str(scenario), str(scenario.with_name("other.yaml")), "-o", str(tmp_path / "out.xlsx")],
        ["sweep", str(scenario), "--vary", "server.price=1,2", "--vary", "server.gpus=4,8", "--grid",
         str(tmp_path / "grid.xlsx")],
    ):  # fmt: skip
        scenario.with_name("other.yaml").write_text(SCENARIO)
        result = CliRunner().invoke(main, command)
        assert result.exit_code in (2, 5), result.output
        assert "51 benchmark points are too many for a workbook, which takes 50" in result.output
        assert "benchmark.where" in result.output
    assert not list(tmp_path.rglob("*.xlsx"))


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([5_000] * 4, ""),
        ([1_000] * 100, ""),
        ([3, 5_001], "5,001 benchmark points are too many for a workbook, which takes 5,000"),
        ([5_000] * 4 + [1], "20,001 benchmark points of 5 scenarios are too many for one workbook"),
    ],
)
def test_how_many_points_a_workbook_takes(points: list[int], words: str) -> None:
    if not words:
        shape.refuse_points(points)
        return
    with pytest.raises(shape.WorkbookLimit, match=words):
        shape.refuse_points(points)


def test_a_fall_is_found_in_a_sweep_of_many_loads() -> None:
    """Twenty thousand loads of one sweep: each would look through all the others."""
    falling = set(random.Random(1).sample(range(1, 20_000), 50))
    points = [
        Point(f"c{load}.json", "vllm", concurrency=float(load), rps=load * (0.9 if load in falling else 1.0) + 1e3,
              latency=Latency(avg=1.0))
        for load in range(1, 20_001)
    ]  # fmt: skip
    expected = {
        load for load in falling if load * 0.9 + 1e3 < (max(set(range(load)) - falling, default=0) + 1e3) * 0.95
    }
    assert expected
    changed, told = marked(points)
    assert {int(point.concurrency or 0) for point in changed if point.suspicious} == expected
    assert len(told) == len(expected)


def test_a_table_of_many_results_of_one_load_is_known_for_a_copy() -> None:
    """Four thousand runs at one concurrency, and the table that somebody made of them: sixteen million pairs."""
    latencies = [Latency(avg=100.0 + place) for place in range(4_000)]
    rates = [1.0 + place / 1_000 for place in range(4_000)]
    results = [
        Point(f"/runs/{place}/run.json", "vllm", concurrency=64.0, rps=rate, latency=latency)
        for place, (rate, latency) in enumerate(zip(rates, latencies, strict=True))
    ]
    rows = [
        Point("/runs/table.csv", "table", line=place + 2, concurrency=64.0, rps=rate * 1.004, latency=latency)
        for place, (rate, latency) in enumerate(zip(rates, latencies, strict=True))
    ]
    other = Point("/runs/table.csv", "table", line=9_999, concurrency=64.0, rps=900.0, latency=Latency(avg=1.0))
    left, notices = without_copies([*results, *rows, other])
    assert left == [*results, other]
    assert "4000 points are the same runs" in notices[0].message
