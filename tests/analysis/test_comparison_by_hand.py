"""Figures of a comparison worked out by hand: each row of the ranking, of the gap and of the charts, whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.analysis.compare import ComparedScenarios, ComparisonTerms
from tco_xlsx.model.causes import CAUSES
from tests.analysis.test_comparison import compared, told, written

MILLION_SECONDS = 31.536
"""Seconds in a year of 365 days, in millions."""
AT_CAPACITY, AT_DEMAND = "cost per 1M tokens at capacity", "cost per 1M tokens at demand"


def chosen(**codes: str) -> dict[str, str]:
    """Choices of a comparison by their short names."""
    return {f"choices.{name}": code for name, code in codes.items()}


# --- the ranking, in two currencies

COSTS = """\
title: {title}
currency: {currency}
workload: {{peak_rps: 7, average_rps: 2, input_tokens: 100, output_tokens: 300}}
performance: {{source: manual, manual_rps: 1, manual_gpus: 1}}
server: {{price: 40000, gpus: 2, life_years: 4}}
hosting: {{per_server_year: 1000}}
licence: {{price_year: {licence}}}
fleet: {{utilisation: 0.5}}
"""


def two_currencies(folder: Path, **codes: str) -> ComparedScenarios:
    """7 instances of one GPU on 4 servers of 2; the dear one, which is first, is in EUR and has licences."""
    paths = []
    for title, currency, licence in (("Euro", "EUR", 500), ("Dollar", "USD", 0)):
        paths.append(folder / f"{title}.yaml")
        paths[-1].write_text(COSTS.format(title=title, currency=currency, licence=licence), encoding="utf-8")
    return compared(paths, ComparisonTerms(currency="USD", rates={"EUR": 1.5}, choices=chosen(**codes)))


def test_every_result_in_the_currency_of_the_report_and_in_order_of_place(tmp_path: Path) -> None:
    """Dollar: 4 x 10,000 + 4 x 1,000 = 44,000. Euro: 4 x 500 of licences more, 46,000, all times 1.5.

    A server serves 2 requests/s for half of the year, 31.536 million prompts of 400 tokens: 11,000 / 12,614.4 for a
    million tokens; Euro 11,500 x 1.5 = 17,250. At 2 requests/s on average there are 63.072 million prompts: 44,000 /
    25,228.8, and 69,000.
    """
    made = two_currencies(tmp_path, base="Dollar", shown="Euro")
    capacity, demand = MILLION_SECONDS * 400, 2 * MILLION_SECONDS * 400
    in_file_order = {
        "servers": [4, 4],
        "gpus": [8, 8],
        "depreciation": [60_000, 40_000],
        "hosting": [6_000, 4_000],
        "licence": [3_000, 0],
        "total": [69_000, 44_000],
        "figure": [69_000, 44_000],
        "difference": [25_000, 0],
        "difference_share": [25 / 44, 0],
        "per_1m": [17_250 / capacity, 11_000 / capacity],
        "demand_per_1m": [69_000 / demand, 44_000 / demand],
    }
    for name, by_scenario in in_file_order.items():
        own = f"scenarios.{name}" if name in ("servers", "gpus") else f"report.{name}"
        assert told(made, own) == pytest.approx(by_scenario), name
        assert told(made, f"ranked_results.{name}") == pytest.approx(by_scenario[::-1]), name
    assert told(made, "scenarios.own_per_1m") == pytest.approx([11_500 / capacity, 11_000 / capacity])
    assert told(made, "scenarios.own_demand_per_1m") == pytest.approx([46_000 / demand, 44_000 / demand])
    assert told(made, "scenarios.own_licence") == [2_000, 0]
    assert told(made, "scenarios.rate") == [1.5, 1]
    assert told(made, "ranked.at") == [2, 1]
    assert (told(made, "choices.base_row"), told(made, "choices.shown_row")) == ([2], [1])
    assert told(made, "report.base_figure") == [44_000]


@pytest.mark.parametrize(
    ("measure", "figures"),
    [
        ("cost of a year", [69_000, 44_000]),
        (AT_CAPACITY, [17_250 / (MILLION_SECONDS * 400), 11_000 / (MILLION_SECONDS * 400)]),
        (AT_DEMAND, [69_000 / (2 * MILLION_SECONDS * 400), 44_000 / (2 * MILLION_SECONDS * 400)]),
        ("servers", [4, 4]),
    ],
)
def test_the_figure_is_that_of_the_measure(measure: str, figures: list[float], tmp_path: Path) -> None:
    made = two_currencies(tmp_path, measure=measure)
    assert told(made, "report.figure") == pytest.approx(figures)
    assert told(made, "report.base_figure") == pytest.approx(figures[:1])


def test_servers_are_those_that_are_paid(tmp_path: Path) -> None:
    """A peak of 7 needs 3.5 servers of 2: 4 in whole units, 3.5 where fractions are paid."""
    paths = written(tmp_path, whole={"peak": 7}, exact={"peak": 7})
    paths[1].write_text(paths[1].read_text() + "fleet: {rounding: exact}\n", encoding="utf-8")
    made = compared(paths, ComparisonTerms(choices=chosen(measure="servers", gap_from="whole", gap_to="exact")))
    assert told(made, "scenarios.servers") == told(made, "report.figure") == [4, 3.5]
    assert told(made, "scenarios.gpus") == [8, 7]
    steps = told(made, "steps.step_servers")
    # In order the rounding is the third cause, in reverse the last but two.
    assert steps == [4, 4, 4, *[3.5] * 8, *[4] * 7, 3.5, 3.5]
    assert told(made, "gap.part") == [0, 0, -0.5, 0, 0, 0, 0, 0, 0, 0]


def test_a_base_that_costs_nothing_has_no_percentage(tmp_path: Path) -> None:
    """44,000 is no percentage of 0."""
    made = compared(written(tmp_path, base={"price": 0, "hosting": 0}, other={}))
    assert told(made, "report.base_is_more") == [0]
    assert told(made, "report.difference") == [0, 44_000]
    assert told(made, "report.difference_share") == [None, None]


def test_a_base_without_a_figure_has_no_difference(tmp_path: Path) -> None:
    made = compared(without_an_average(tmp_path, "base"), ComparisonTerms(choices=chosen(measure=AT_DEMAND)))
    assert told(made, "report.base_figure") == [None]
    assert told(made, "report.base_is_more") == [0]
    assert told(made, "report.difference") == [None, None]
    assert told(made, "report.difference_share") == [None, None]


def test_places_of_those_without_a_figure_when_the_base_has_none(tmp_path: Path) -> None:
    """Two have a figure and come first: 24,000 before 44,000 for the same load; the others follow in their order."""
    paths = written(tmp_path, none={}, dear={}, bare={}, cheap={"price": 20_000})
    for name in ("none", "bare"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(path.read_text().replace("average_rps: 4, ", ""), encoding="utf-8")
    made = compared(paths, ComparisonTerms(choices=chosen(measure=AT_DEMAND)))
    assert told(made, "ranking.counted") == [2]
    assert told(made, "ranking.so_far") == [0, 1, 1, 2]
    assert told(made, "ranking.place") == [3, 2, 4, 1]
    assert told(made, "ranked.at") == [4, 2, 1, 3]


def without_an_average(folder: Path, bare: str) -> list[Path]:
    paths = written(folder, base={}, other={})
    path = folder / f"{bare}.yaml"
    path.write_text(path.read_text().replace("average_rps: 4, ", ""), encoding="utf-8")
    return paths


# --- the gap

FROM_HERE: dict[str, dict[str, object]] = {"base": {}, "other": {"peak": 16, "price": 20_000}}


def test_every_row_of_the_gap(tmp_path: Path) -> None:
    """From 4 servers of 11,000 to 8 of 6,000; the causes are the load (the first) and the price (the fifth).

    In order: 44,000, with the load 8 x 11,000 = 88,000, with the price 48,000. In reverse the price comes first, 4 x
    6,000 = 24,000, then the load. The load's part is (44,000 + 24,000) / 2, the price's (-40,000 - 20,000) / 2.
    """
    made = compared(written(tmp_path, **FROM_HERE))
    assert told(made, "steps.step_figure") == (
        [44_000] + [88_000] * 4 + [48_000] * 6  # in order: the first scenario, and a cause more at each
        + [44_000] * 5 + [24_000] * 4  # in reverse: the last cause, the last two ...
    )  # fmt: skip
    rows = {
        "forward_from": [44_000] + [88_000] * 4 + [48_000] * 5,
        "forward_to": [88_000] * 4 + [48_000] * 6,
        "forward": [44_000, 0, 0, 0, -40_000, 0, 0, 0, 0, 0],
        "reverse_from": [24_000] * 4 + [44_000] * 6,
        "reverse_to": [48_000] + [24_000] * 4 + [44_000] * 5,
        "reverse": [24_000, 0, 0, 0, -20_000, 0, 0, 0, 0, 0],
        "part": [34_000, 0, 0, 0, -30_000, 0, 0, 0, 0, 0],
        "share": [8.5, 0, 0, 0, -7.5, 0, 0, 0, 0, 0],
        "after": [78_000] * 4 + [48_000] * 6,
        "figure_before": [44_000] + [78_000] * 4 + [48_000] * 5,
        "foot": [44_000] + [78_000] * 3 + [48_000] * 6,
        "rise": [34_000] + [0] * 9,
        "fall": [0] * 4 + [30_000] + [0] * 5,
        "from_figure": [44_000],
        "to_figure": [48_000],
        "gap": [4_000],
        "is_gap": [1],
        "share_total": [1],
        "first_step": [44_000],
        "parts_total": [4_000],
    }
    assert {name: told(made, f"gap.{name}") for name in rows} == rows
    assert told(made, "checks.parts_make_gap") == told(made, "checks.starts_there") == [1]
    assert len(CAUSES) == 10


def test_every_row_of_the_gap_back(tmp_path: Path) -> None:
    """From 48,000 to 44,000: a gap below 0 is a gap. The load goes first: 4 x 6,000 = 24,000, then 44,000. What a third
    scenario costs does not matter."""
    back = ComparisonTerms(choices=chosen(gap_from="other", gap_to="base"))
    made = compared(written(tmp_path, **FROM_HERE, third={"peak": 1}), back)
    rows = {
        "from_figure": [48_000],
        "to_figure": [44_000],
        "gap": [-4_000],
        "is_gap": [1],
        "part": [-34_000, 0, 0, 0, 30_000, 0, 0, 0, 0, 0],
        "share": [8.5, 0, 0, 0, -7.5, 0, 0, 0, 0, 0],
        "share_total": [1],
        "after": [14_000] * 4 + [44_000] * 6,
        "foot": [14_000] * 5 + [44_000] * 5,
        "rise": [0] * 4 + [30_000] + [0] * 5,
        "fall": [34_000] + [0] * 9,
        "first_step": [48_000],
        "parts_total": [-4_000],
    }
    assert {name: told(made, f"gap.{name}") for name in rows} == rows
    assert told(made, "checks.parts_make_gap") == told(made, "checks.starts_there") == [1]
    assert (told(made, "choices.from_row"), told(made, "choices.to_row")) == ([2], [1])


@pytest.mark.parametrize(
    ("measure", "start", "end"),
    [
        ("cost of a year", 44_000, 48_000),
        # 2 requests/s on each server, 200 tokens a request: 11,000 and 6,000 a server.
        (AT_CAPACITY, 11_000 / (2 * MILLION_SECONDS * 200), 6_000 / (2 * MILLION_SECONDS * 200)),
        # 4 requests/s on average.
        (AT_DEMAND, 44_000 / (4 * MILLION_SECONDS * 200), 48_000 / (4 * MILLION_SECONDS * 200)),
        ("servers", 4, 8),
    ],
)
def test_the_gap_is_that_of_the_measure(measure: str, start: float, end: float, tmp_path: Path) -> None:
    made = compared(written(tmp_path, **FROM_HERE), ComparisonTerms(choices=chosen(measure=measure)))
    # The gap leads to whichever comes first but for the base; here there is only one.
    assert told(made, "gap.from_figure") == pytest.approx([start])
    assert told(made, "gap.gap") == pytest.approx([end - start])
    steps = told(made, "steps.step_figure")
    assert (steps[0], steps[len(CAUSES)]) == pytest.approx((start, end))
    assert sum(part or 0.0 for part in told(made, "gap.part")) == pytest.approx(end - start)
    assert told(made, "checks.parts_make_gap") == told(made, "checks.starts_there") == [1]


@pytest.mark.parametrize("bare", ["base", "other"])
def test_a_gap_with_a_scenario_that_has_no_figure(bare: str, tmp_path: Path) -> None:
    codes = chosen(measure=AT_DEMAND, gap_from="base", gap_to="other")
    made = compared(without_an_average(tmp_path, bare), ComparisonTerms(choices=codes))
    assert told(made, "gap.is_gap") == [0]
    for name in ("gap", "share_total", "parts_total"):
        assert told(made, f"gap.{name}") == [None], name
    assert told(made, "gap.share") == [None] * len(CAUSES)
    assert told(made, "gap.part")[0] is None
    assert told(made, "checks.parts_make_gap") == [None]


# --- the charts

MEASURED = """\
title: {title}
workload: {{peak_rps: 7, input_tokens: 100, output_tokens: 100}}
benchmark: {{files: {title}.csv, facts: {{gpu_type: H100}}}}
server: {{price: 40000, gpus: 2, life_years: 4}}
hosting: {{per_server_year: 1000}}
"""
TABLES = {
    "two": "gpus_per_instance,concurrency,rps,ttft_avg_ms\n1,1,2,50\n1,4,12,200\n",
    # 10 requests/s on 2 GPUs are 5 per GPU.
    "three": "gpus_per_instance,concurrency,rps,ttft_avg_ms\n1,2,6,100\n2,8,10,150\n1,16,20,400\n",
}


def measured(folder: Path, shown: str) -> ComparedScenarios:
    paths = []
    for title, table in TABLES.items():
        (folder / f"{title}.csv").write_text(table, encoding="utf-8")
        paths.append(folder / f"{title}.yaml")
        paths[-1].write_text(MEASURED.format(title=title), encoding="utf-8")
    return compared(paths, ComparisonTerms(choices=chosen(shown=shown)))


def test_the_chart_of_all_configurations(tmp_path: Path) -> None:
    """Two points and three; the second of the two is repeated to make three. In order of latency 50, 100, 150, 200,
    200 and 400 ms; at 150 ms the best so far is still the 6 of 100 ms, as only 5 are served there. Between the two
    blocks of rows are a free row and a heading: 2 + 2 = 4 rows stand before the second."""
    made = measured(tmp_path, "two")
    assert told(made, "drawn.drawn_scenario") == [1, 1, 1, 2, 2, 2]
    assert told(made, "drawn.drawn_point") == [1, 2, 3, 1, 2, 3]
    assert told(made, "drawn.drawn_row") == [1, 2, 2, 5, 6, 7]
    assert told(made, "drawn.drawn_x") == [50, 200, 200, 100, 150, 400]
    assert told(made, "drawn.drawn_rate") == [2, 12, 12, 6, 5, 20]
    assert told(made, "drawn.drawn_along") == [50, 100, 150, 200, 200, 400]
    assert told(made, "drawn.drawn_frontier") == [2, 6, 6, 12, 12, 20]
    assert told(made, "scenarios.points") == [2, 3]
    assert told(made, "scenarios.before_points") == [0, 4]


def test_the_chart_of_all_configurations_beside_one_without_points(tmp_path: Path) -> None:
    """What is typed in has no points: its rows stand at -1, outside the chart. The frontier is drawn from the least
    latency of the others, 50 ms, and stays there at the 2 requests/s of that point for as many rows."""
    measured(tmp_path, "two")
    bare = tmp_path / "bare.yaml"
    bare.write_text(
        MEASURED.format(title="bare").replace(
            "benchmark: {files: bare.csv, facts: {gpu_type: H100}}",
            "performance: {source: manual, manual_rps: 1, manual_gpus: 1}",
        ),
        encoding="utf-8",
    )
    made = compared([tmp_path / "two.yaml", tmp_path / "three.yaml", bare], ComparisonTerms())
    assert told(made, "drawn.drawn_x") == [50, 200, 200, 100, 150, 400, -1, -1, -1]
    assert told(made, "drawn.drawn_outside") == [3]
    assert told(made, "drawn.drawn_first") == [50]
    assert told(made, "drawn.drawn_along") == [50, 50, 50, 50, 100, 150, 200, 200, 400]
    assert told(made, "drawn.drawn_frontier") == [2, 2, 2, 2, 6, 6, 12, 12, 20]


def test_the_chart_on_summary(tmp_path: Path) -> None:
    """The rows of the scenario that is shown; the last one repeated where another scenario has more points."""
    first = measured(tmp_path, "two")
    assert told(first, "choices.shown_row") == [1]
    assert told(first, "shown.shown_row") == [1, 2, 2]
    assert told(first, "shown.shown_x") == [50, 200, 200]
    assert told(first, "shown.shown_rate") == [2, 12, 12]
    assert told(first, "shown.shown_frontier") == [2, 12, 12]
    second = measured(tmp_path, "three")
    assert told(second, "choices.shown_row") == [2]
    assert told(second, "shown.shown_row") == [5, 6, 7]
    assert told(second, "shown.shown_x") == [100, 150, 400]
    assert told(second, "shown.shown_rate") == [6, 5, 20]
    assert told(second, "shown.shown_frontier") == [6, 6, 20]
