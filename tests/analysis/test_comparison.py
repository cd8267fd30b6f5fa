"""A comparison by hand: what is inherited, the ranking, the gap and its causes, currencies, labels, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from tco_xlsx.analysis.compare import (
    ComparedScenarios,
    ComparisonTerms,
    compare,
    inputs_of_points,
    labels_of,
    parse_rates,
    shared_blocks,
    steps_of_causes,
    with_base_first,
)
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.cli import main
from tco_xlsx.documents.errors import BadInput, WorkbookLimit
from tco_xlsx.model import MODEL
from tco_xlsx.model.causes import CAUSES
from tco_xlsx.model.comparison import COMPARISON

# One instance of 1 GPU serves 1 request/s, a server holds 2: the peak of 8 takes 4 servers.
BASE = """\
title: {title}
currency: {currency}
workload: {{peak_rps: {peak}, average_rps: 4, input_tokens: 100, output_tokens: 100}}
performance: {{source: manual, manual_rps: 1, manual_gpus: 1}}
server: {{price: {price}, gpus: 2, life_years: {life}}}
hosting: {{per_server_year: {hosting}}}
"""
PLAIN = {"title": "Base", "currency": "USD", "peak": 8, "price": 40_000, "life": 4, "hosting": 1_000}


def written(folder: Path, **scenarios: Mapping[str, object]) -> list[Path]:
    paths = []
    for name, values in scenarios.items():
        path = folder / f"{name}.yaml"
        path.write_text(BASE.format(**{**PLAIN, "title": name, **values}), encoding="utf-8")
        paths.append(path)
    return paths


def compared(paths: list[Path], report: ComparisonTerms | None = None) -> ComparedScenarios:
    return compare(MODEL, COMPARISON, CAUSES, case_prepare.prepare(paths, MODEL), report)


def told(made: ComparedScenarios, name: str) -> list[float | None]:
    line = COMPARISON.by_name[name]
    values = made.compared.values
    return [values.value(line, 0, index) for index in range(values.cases[0].length(line.axis))]


# --- the ranking


def test_ranking_by_hand(tmp_path: Path) -> None:
    """4 servers at 10,000 + 1,000 a year cost 44,000; the others as said."""
    made = compared(
        written(
            tmp_path,
            base={},
            cheap={"price": 20_000},  # 4 x (5,000 + 1,000) = 24,000
            same={"price": 40_000},
            dear={"hosting": 11_000},  # 4 x (10,000 + 11,000) = 84,000
        )
    )
    assert told(made, "report.figure") == [44_000, 24_000, 44_000, 84_000]
    # Of two alike the first comes first.
    assert told(made, "ranking.place") == [2, 1, 3, 4]
    assert told(made, "ranked.at") == [2, 1, 3, 4]
    assert told(made, "report.difference") == [0, -20_000, 0, 40_000]
    assert told(made, "report.difference_share") == pytest.approx([0, -20 / 44, 0, 40 / 44])
    assert told(made, "ranked_results.total") == [24_000, 44_000, 44_000, 84_000]
    assert told(made, "ranked_results.servers") == [4, 4, 4, 4]


def test_scenarios_without_a_figure_come_last_in_their_order(tmp_path: Path) -> None:
    paths = written(tmp_path, base={}, none={}, cheap={"price": 0}, other={})
    for name in ("none", "other"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(path.read_text().replace("average_rps: 4, ", ""), encoding="utf-8")
    made = compared(paths, ComparisonTerms(choices={"choices.measure": "cost per 1M tokens at demand"}))
    # 4 x 11,000 over 4 x 31,536,000 prompts of 200 tokens; the cheap one 4 x 1,000.
    assert told(made, "report.figure") == pytest.approx([44_000 / 126.144e6 / 200 * 1e6, None, 4_000 / 25_228.8, None])
    assert told(made, "ranking.place") == [2, 3, 1, 4]
    assert told(made, "ranked_results.difference")[2:] == [None, None]


def test_an_exchange_rate_converts_amounts_and_nothing_else(tmp_path: Path) -> None:
    paths = written(tmp_path, base={}, euro={"currency": "EUR", "price": 40_000, "hosting": 1_000})
    made = compared(paths, ComparisonTerms(rates={"EUR": 1.5}))
    assert told(made, "scenarios.own_total") == [44_000, 44_000]
    assert told(made, "report.total") == [44_000, 66_000]
    assert told(made, "report.hosting") == [4_000, 6_000]
    assert told(made, "scenarios.servers") == [4, 4]
    in_euro = compared(paths, ComparisonTerms(currency="EUR", rates={"USD": 0.5}))
    assert told(in_euro, "report.total") == [22_000, 44_000]
    # The whole gap is the currency, in which price and hosting differ.
    assert told(made, "gap.gap") == [22_000]
    assert dict(zip(CAUSES, told(made, "gap.part"), strict=True)) == pytest.approx(
        dict.fromkeys(CAUSES, 0.0) | {"Price of a server": 20_000, "Hosting": 2_000}
    )


# --- the gap


def test_the_gap_by_hand(tmp_path: Path) -> None:
    """From 4 servers at 11,000 to 8 servers at 5,000 + 1,000: 44,000 to 48,000.

    In order the load comes first: 8 x 11,000 - 44,000 = +44,000; then the price: 48,000 - 88,000 = -40,000.
    In reverse the price comes first: 4 x 6,000 - 44,000 = -20,000; then the load: 48,000 - 24,000 = +24,000.
    """
    made = compared(written(tmp_path, base={}, other={"peak": 16, "price": 20_000}))
    assert told(made, "gap.gap") == [4_000]
    parts = dict(zip(CAUSES, told(made, "gap.part"), strict=True))
    assert parts == dict.fromkeys(CAUSES, 0.0) | {"Load, tokens in and out": 34_000, "Price of a server": -30_000}
    shares = dict(zip(CAUSES, told(made, "gap.share"), strict=True))
    assert (shares["Load, tokens in and out"], shares["Price of a server"]) == (8.5, -7.5)
    assert told(made, "gap.share_total") == [1.0]
    assert told(made, "gap.after") == [78_000] * 4 + [48_000] * 6
    assert told(made, "gap.foot")[4] == 48_000
    assert (told(made, "gap.rise")[0], told(made, "gap.fall")[4]) == (34_000, 30_000)


def test_the_gap_the_other_way_round_is_the_opposite(tmp_path: Path) -> None:
    paths = written(tmp_path, a={"peak": 5, "life": 3}, b={"peak": 16, "price": 20_000, "hosting": 2_500, "life": 5})
    there = compared(paths, ComparisonTerms(choices={"choices.gap_from": "a", "choices.gap_to": "b"}))
    back = compared(paths, ComparisonTerms(choices={"choices.gap_from": "b", "choices.gap_to": "a"}))
    opposite = [-(part or 0.0) for part in told(back, "gap.part")]
    assert told(there, "gap.part") == pytest.approx(opposite)
    assert sum(part or 0.0 for part in told(there, "gap.part")) == pytest.approx(told(there, "gap.gap")[0])


def test_scenarios_that_are_alike_have_no_gap(tmp_path: Path) -> None:
    made = compared(written(tmp_path, a={}, b={}))
    assert told(made, "gap.gap") == [0]
    assert told(made, "gap.is_gap") == [0]
    assert told(made, "gap.share_total") == [None]


def test_every_input_is_of_one_cause() -> None:
    for line in MODEL.inputs:
        causes = [name for name, of in CAUSES.items() if line in set(of) or line.section in set(of)]
        assert len(causes) == 1, line.name


def test_steps_go_from_one_scenario_to_the_other_both_ways() -> None:
    """Three causes: 000 100 110 111, and back 001 011. Each cause changes one place of the step before it."""
    taken = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1), (0, 0, 1), (0, 1, 1)]
    for cause, steps in enumerate(steps_of_causes(3)):
        for way in ("forward", "reverse"):
            before, after = (taken[int(steps[f"{way}_{side}"] or 0) - 1] for side in ("before", "after"))
            assert [place for place in range(3) if before[place] != after[place]] == [cause]
            assert after[cause] == 1


# --- what is inherited


def family(folder: Path) -> list[Path]:
    (base,) = written(folder, base={})
    dear = folder / "dear.yaml"
    dear.write_text("extends: base.yaml\nserver: {price: 50000}\n", encoding="utf-8")
    dearer = folder / "dearer.yaml"
    dearer.write_text("extends: dear.yaml\nhosting: {per_server_year: 2000}\n", encoding="utf-8")
    (stranger,) = written(folder, stranger={})
    return [base, dear, dearer, stranger]


def test_what_is_written_once_is_inherited(tmp_path: Path) -> None:
    links = compared(family(tmp_path)).compared.links
    assert links[0] == {}
    assert "server.price" not in links[1]
    assert links[1]["hosting.per_server_year"] == links[1]["workload.peak_rps"] == 0
    # The price of the third is that of the second, not of the base; a default is inherited, too.
    assert links[2]["server.price"] == 1
    assert "hosting.per_server_year" not in links[2]
    assert links[2]["fleet.headroom"] == 0
    # A file that has nothing to do with them shares nothing, though all its values are alike.
    assert links[3] == {}


def test_many_scenarios_share_a_block_where_benchmark_and_limits_agree(tmp_path: Path) -> None:
    base = Path(__file__).resolve().parent.parent.parent / "scenarios" / "configurations.yaml"
    matrix = tmp_path / "matrix.yaml"
    matrix.write_text(
        f"extends: {base}\nmatrix:\n  vary:\n    server.price: {{from: 200000, to: 300000, steps: 5}}\n"
        "    configuration.precision: [bf16, fp8, any]\n",
        encoding="utf-8",
    )
    prepared = case_prepare.prepare([matrix], MODEL)
    made = compare(MODEL, COMPARISON, CAUSES, prepared)
    assert made.compared.blocks == [0, 1, 2] * 5
    few = compare(MODEL, COMPARISON, CAUSES, prepared[:12])
    assert few.compared.blocks == list(range(12)), "few scenarios have a block each"
    cases = [one.case for one in prepared[:12]]
    assert shared_blocks(MODEL, cases, few.compared.links, least=2) == [0, 1, 2] * 4


def test_points_depend_on_limits_and_picks_alone() -> None:
    sections = {line.section.name for line in inputs_of_points(MODEL) if line.section}
    assert sections == {"service", "configuration", "performance"} or sections == {"service", "configuration"}


# --- labels, rates, refusals


def test_labels_are_titles_without_patterns_and_never_alike(tmp_path: Path) -> None:
    paths = written(tmp_path, a={"title": "'Any'"}, b={"title": "'a*b?'"}, c={"title": "'x~y'"}, d={"title": "Same"})
    paths += written(tmp_path, e={"title": "same"}, f={"title": "'F'"})
    scenarios = [one.scenario for one in case_prepare.prepare(paths, MODEL)]
    assert labels_of(scenarios) == ["Any (2)", "a×b", "x-y", "d", "e", "F"]


def test_labels_are_never_taken_for_numbers(tmp_path: Path) -> None:
    paths = written(tmp_path, a={"title": "'2026'"}, b={"title": "'true'"}, c={"title": "'3/4'"}, d={"title": "'4x'"})
    scenarios = [one.scenario for one in case_prepare.prepare(paths, MODEL)]
    assert labels_of(scenarios) == ["scenario 2026", "scenario true", "scenario 3/4", "4x"]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["EUR"], "EUR: expected a currency and its rate, such as EUR=1.08."),
        (["eur=1"], "eur=1: expected a currency and its rate"),
        (["EUR=x"], "EUR=x: expected a currency and its rate"),
        (["EUR=1", "EUR=2"], "EUR=2: is given twice."),
    ],
)
def test_wrong_rates_are_told(texts: list[str], message: str) -> None:
    with pytest.raises(BadInput, match=message.replace("(", r"\(")):
        parse_rates(texts)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "the scenarios are in USD, EUR; say what one unit is worth in USD: --rate EUR=..."),
        (["--currency", "CHF", "--rate", "EUR=1"], "say what one unit is worth in CHF: --rate USD=..."),
        (["--rate", "EUR=0"], "EUR: 0 is not a rate above 0."),
        (["--rate", "EUR=nan"], "EUR: nan is not a rate above 0."),
        (["--rate", "EUR=1", "--rate", "CNY=7"], "CNY: is the currency of none of the scenarios; leave it out."),
        (["--rate", "EUR=1", "--rate", "USD=7"], "USD: is the currency of the report; leave it out."),
        (["--rate", "EUR=1", "--currency", "dollar"], "dollar: expected three capital letters, such as USD."),
        (["--rate", "EUR=1", "--base", "eur"], "eur: no such scenario. Did you mean euro? There are base, euro."),
        (["--rate", "EUR=1", "-o", "x.xls"], "ends in .xls; use .xlsx."),
    ],
)
def test_what_compare_refuses(options: list[str], message: str, tmp_path: Path) -> None:
    paths = written(tmp_path, base={}, euro={"currency": "EUR"})
    out = tmp_path / "out" / "c.xlsx"
    done = CliRunner().invoke(main, ["compare", *map(str, paths), "-o", str(out), *options])
    assert done.exit_code == 2
    assert message in done.stderr
    assert not out.exists()


def test_one_scenario_is_not_compared(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["compare", *map(str, written(tmp_path, base={})), "-o", str(tmp_path / "c.xlsx")])
    assert done.exit_code == 2
    assert "one scenario has nothing to be compared with; give two or more." in done.stderr


def test_compare_writes_one_workbook_and_says_what_comes_first(tmp_path: Path) -> None:
    paths = written(tmp_path, base={}, cheap={"price": 20_000})
    out = tmp_path / "out" / "c.xlsx"
    done = CliRunner().invoke(main, ["compare", *map(str, paths), "-o", str(out), "--base", "cheap"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"{out}: 2 scenarios, cheap first: cost of a year 24,000 USD\n"
    assert [path.name for path in out.parent.iterdir()] == ["c.xlsx"]
    first = with_base_first(case_prepare.prepare(paths, MODEL), "CHEAP")
    assert [one.name for one in first] == ["cheap", "base"]


def test_a_scenario_without_a_point_is_told_and_compared(tmp_path: Path) -> None:
    path = Path(__file__).resolve().parent.parent.parent / "scenarios" / "aiperf-sweep.yaml"
    child = tmp_path / "child.yaml"
    child.write_text(f"extends: {path}\nservice: {{max_ttft_ms: 1}}\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["compare", str(path), str(child), "-o", str(tmp_path / "c.xlsx")])
    assert done.exit_code == 3
    assert "child.yaml" in done.stderr
    assert (tmp_path / "c.xlsx").exists()


def test_more_scenarios_than_columns_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    (base,) = written(tmp_path, base={})
    matrix = tmp_path / "many.yaml"
    matrix.write_text(
        "extends: base.yaml\nmatrix:\n  vary:\n"
        "    server.price: {from: 1000, to: 200000, steps: 200}\n"
        "    hosting.per_server_year: {from: 1, to: 100, steps: 100}\n",
        encoding="utf-8",
    )
    done = CliRunner().invoke(main, ["compare", str(matrix), "-o", str(tmp_path / "c.xlsx")])
    assert done.exit_code == WorkbookLimit.exit_code
    assert "20,000 scenarios are too many for one workbook: Excel has columns for 8,188." in done.stderr
    assert "sweep" in done.stderr
    assert not (tmp_path / "c.xlsx").exists()
    assert base.exists()
