"""What was given and does not belong together, or is not used, is said everywhere, and `--strict` makes it an error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tco_xlsx.book.advice import why_no_point
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.case.caveats import warnings_of
from tco_xlsx.case.reach import answers, ignored, inputs_that_matter, situation_of, used_inputs
from tco_xlsx.language.checks import InputWarning
from tco_xlsx.language.evaluate import InputValue, evaluate
from tco_xlsx.language.lines import Choice
from tco_xlsx.language.live_text import named_in
from tco_xlsx.model import MODEL
from tests.cli.test_cli import run
from tests.model.test_cases import CASES
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.workbook import cached
from tests.support import shipped
from tests.support.filled import filled

DATA = shipped.ROOT / "scenarios" / "data" / "aiperf_sweep"
OTHER = f"""\
title: Other workload
benchmark: {{files: {DATA}}}
workload: {{peak_rps: 12, input_tokens: 1000, output_tokens: 200}}
server: {{price: 300000, gpus: 8, life_years: 5}}
hosting: {{per_server_year: 24000}}
"""
WORDS = "measured with 2,000 / 500 tokens, planned 1,000 / 200"
COMMANDS = {
    "build": ["-o", "OUT/books"],
    "build one": ["-o", "OUT/one.xlsx"],
    "check": [],
    "evaluate": [],
    "compare": ["BESIDE", "-o", "OUT/side.xlsx"],
    "sweep": ["--vary", "server.life_years=3,4", "--to", "OUT/rows.csv"],
}


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "other.yaml"
    path.write_text(OTHER, encoding="utf-8")
    return path


def arguments(command: str, scenario: Path) -> list[str]:
    folder = scenario.parent / "out"
    folder.mkdir(exist_ok=True)
    beside = str(shipped.ROOT / "scenarios" / "aiperf-sweep.yaml")
    more = [text.replace("OUT", str(folder)).replace("BESIDE", beside) for text in COMMANDS[command]]
    return [command.split()[0], str(scenario), *more]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_benchmark_of_another_workload_is_said_by_every_command(command: str, other: Path) -> None:
    result = run(*arguments(command, other))
    assert f"warning: {other}:3:40: {WORDS}.\n" in result.stderr
    assert "warning" not in run(*arguments(command, other), "-q").stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_strict_makes_every_warning_an_error_and_writes_nothing(command: str, other: Path) -> None:
    result = run(*arguments(command, other), "--strict", code=2)
    assert f"3:40   {WORDS}. (an error by --strict)" in result.stderr
    assert not any(path.suffix in (".xlsx", ".csv") for path in other.parent.rglob("*"))
    right = other.with_name("right.yaml")
    right.write_text(OTHER.replace("1000", "2000").replace("200}", "500}"), encoding="utf-8")
    run(*arguments(command, right), "--strict")


def test_an_unchanged_workbook_warns_again(other: Path) -> None:
    first = run(*arguments("build", other))
    again = run(*arguments("build", other))
    assert "(unchanged)" in again.stdout
    assert again.stderr == first.stderr != ""


HOLDING = """best_is_best shares_make_day serves_peak gpus_fit never_fewer adds_up cash_is_cost enough first_year_agrees
    running_adds_up years_cash_is_cost discounted_years_are_present_value interest_is_discount
    annual_cost_is_present_value"""


def test_summary_says_it_beside_the_headline_and_the_verdict_counts_proofs_alone(other: Path) -> None:
    run(*arguments("build", other))
    cells = cached(other.parent / "out" / "books" / "other.xlsx")
    assert cells[("Summary", "B4")] == f"Warning: {WORDS}"
    assert cells[("Summary", "J2")] == "All 14 checks hold"
    assert cells[("Checks", "A4")] == "1 warning about the inputs: see Checks"
    (one,) = case_prepare.prepare([other], MODEL)
    values = evaluate(MODEL, [one.case])
    holding = [check.attribute for check in MODEL.checks if values.value(check.holds) == 1]
    assert holding == HOLDING.split()
    assert values.value(MODEL.by_name["warnings.raised"]) == 1


SEVERAL = {
    "workload.average_rps": 150.0,
    "server.price": 320.0,
    "hosting.per_server_year": 20.0,
    "reference.price_1m_output": 0.003,
}
LOAD = (
    "Warning: average load 150 requests/s above the peak, 100  ·  average load 150 requests/s, the fleet serves 103.69"
)
PRICE = "a server of 8 GPUs for 320 USD: in thousands?"
HOSTING = f"{PRICE}  ·  hosting of a server for 20 USD a year: in thousands, or of an hour?"
ROWS = [("", ""), (LOAD, ""), (LOAD, PRICE), (LOAD, HOSTING), (LOAD, f"{HOSTING}  ·  and 1 more: see Checks")]


@pytest.mark.parametrize("engine", [cached, recalculate_formualizer, recalculate_ironcalc])
def test_several_warnings_stand_two_a_row_and_the_others_are_counted(
    engine: Callable[[Path], Mapping[tuple[str, str], object]], tmp_path: Path
) -> None:
    """More of them would run off the page."""
    path = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"
    for number, rows in enumerate(ROWS):
        given = dict(list(SEVERAL.items())[:number])
        cells = engine(shipped.write(path, tmp_path / f"{number}.xlsx", given))
        assert (cells[("Summary", "B4")] or "", cells[("Summary", "B5")] or "") == rows


def test_a_comparison_says_how_many_warnings_there_are(other: Path) -> None:
    run(*arguments("compare", other))
    cells = cached(other.parent / "out" / "side.xlsx")
    assert cells[("Comparison", "J3")] == "1 warning about the inputs: see Checks"
    assert cells[("Summary", "B4")] == f"Warning: {WORDS}"


def test_json_holds_proofs_and_warnings_apart(other: Path) -> None:
    for command in ("evaluate", "check"):
        (told,) = json.loads(run(command, other, "--format", "json").stdout)
        assert told["checks"] == {"holding": 14, "failing": []}
        assert told["warnings"] == [{"path": str(other), "line": 3, "column": 40, "message": f"{WORDS}."}]


def test_a_sweep_counts_the_combinations_that_warn(other: Path) -> None:
    result = run("sweep", other, "--vary", "workload.input_tokens=1000,2000", "--set", "workload.output_tokens=500")
    assert "1 of 2 combinations have warnings about the inputs" in result.stderr
    assert "planned 1,000 / 500" in result.stderr


@pytest.mark.parametrize("warning", MODEL.warnings, ids=lambda warning: warning.name)
def test_the_words_of_a_warning_name_lines(warning: InputWarning) -> None:
    assert set(named_in(warning.words)) <= {*MODEL.by_name, "currency"}
    assert warning.words or warning.name == "warnings.has_point"


def test_every_warning_has_a_place() -> None:
    """Each is about an input, so that the message can say where it stands."""
    inputs = {line.name for line in MODEL.inputs}
    for one in MODEL.warnings:
        assert set(named_in(one.words)) & inputs or one.about or not one.words, one.name


RIGHT_LOAD = "workload: {peak_rps: 12, input_tokens: 2000, output_tokens: 500}"


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ("workload: {average_rps: 13, peak_rps: 12, input_tokens: 2000, output_tokens: 500}", "2:25: average load 13"),
        ("items: [{label: Rack, amount: 7}, {label: Rest}]", "3:17: other costs: 1 item without"),
    ],
)
def test_a_warning_about_what_is_computed_stands_at_its_input(other: Path, given: str, place: str) -> None:
    lines = [line for line in OTHER.splitlines() if not line.startswith(("title", "workload"))]
    own = [given] if given.startswith("workload") else [RIGHT_LOAD, given]
    other.write_text("\n".join(["title: Other", *own, *lines]) + "\n", encoding="utf-8")
    assert f"warning: {other}:{place}" in run("check", other).stderr


# --- what is given and not used


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("performance: {manual_rps: 4}", "performance.manual_rps: is given, but with performance.source: benchmark"),
        ("performance: {manual_gpus: 4}", "manual would use it"),
        ("unit_cost: {fixed_ratio: 4}", "with unit_cost.split: price_ratio it changes nothing; fixed_ratio would"),
        ("unit_cost: {split: fixed_ratio, fixed_ratio: 4}", ""),
        ("licence: {price_year: 5, gpus_per_server: 4}", "with licence.basis: server it changes nothing; gpu would"),
        ("licence: {price_year: 5, gpus_per_server: 4, basis: gpu}", ""),
        ("service: {ttft_statistic: p95}", "while service.max_ttft_ms is empty it changes nothing"),
        ("service: {max_ttft_ms: 5000, ttft_statistic: p95}", ""),
        ("reference: {price_1m_input: 1}", "while reference.price_1m_output is empty it changes nothing"),
        ("service: {curve: itl}", ""),
        ("performance: {source: manual, manual_rps: 1, manual_gpus: 4}\nservice: {max_itl_ms: 50}",
         "service.max_itl_ms: is given, but with performance.source: manual it changes nothing; benchmark would"),
    ],
)  # fmt: skip
def test_what_is_given_and_not_used_is_said(other: Path, given: str, told: str) -> None:
    right = OTHER.replace("1000", "2000").replace("200}", "500}")
    other.write_text(f"{right}{given}\n", encoding="utf-8")
    result = run("check", other)
    assert told in result.stderr if told else result.stderr == ""
    run("check", other, "--strict", code=2 if told else 0)


TYPED_IN: dict[str, float | str] = {
    "performance.source": "manual",
    "performance.manual_rps": 3.0,
    "performance.manual_gpus": 2.0,
}


def test_an_input_that_is_used_moves_an_answer_and_one_that_is_not_moves_none() -> None:
    """Which inputs have a part is derived from the formulas; here it is tried out."""
    tried = 0
    for path in shipped.SCENARIOS:
        for manual in ({}, TYPED_IN):
            case = shipped.case_of(path, manual)
            given = [
                line.name for line in MODEL.inputs if not isinstance(line, Choice) and holds(case.values[line.name])
            ]
            used = used_inputs(MODEL, situation_of(MODEL, case))
            without = [name for name in given if name in inputs_that_matter(MODEL) and name not in used]
            if path == shipped.SCENARIOS[0]:
                assert list(ignored(MODEL, case, given)) == without
            others = [replace(case, values={**case.values, name: moved(case.values[name])}) for name in without]
            values = evaluate(MODEL, [case, *others])
            for number, name in enumerate(without, start=1):
                for line in answers(MODEL):
                    assert values.value(line) == values.value(line, number), (path.stem, name, line.name)
            tried += len(without)
    assert tried > 10


def holds(value: InputValue) -> bool:
    """Whether it is given, and not 0."""
    return any(one is not None for one in value) if isinstance(value, tuple) else bool(value)


def moved(value: InputValue) -> InputValue:
    if isinstance(value, tuple):
        return tuple(None if one is None else float(one) * 1.7 + 1 for one in value)
    return float(str(value)) * 1.7 + 1


def test_what_has_no_part_in_any_amount_of_money() -> None:
    """A chart's choice, the name of a row, the steps of a table, a mass, and a limit that is only warned of."""
    assert {line.name for line in MODEL.inputs} - inputs_that_matter(MODEL) == {
        "service.curve",
        "items.label",
        "levels.least",
        "levels.step",
        "power.co2_kg_per_kwh",
        "fleet.power_limit_kw",
    }


def test_no_shipped_scenario_warns() -> None:
    for path in shipped.SCENARIOS:
        one = shipped.prepared(path)
        assert warnings_of(MODEL, one.scenario, shipped.values_of(path)) == []
        assert ignored(MODEL, one.case, one.scenario.places) == {}


# --- no operating point: one sentence for both


NO_POINT: dict[str, dict[str, float | str | None]] = {
    "one limit": {"service.max_ttft_ms": 10.0},
    "a limit with a fraction": {"service.max_ttft_ms": 10.25},
    "two limits": {"service.max_ttft_ms": 10.0, "service.max_itl_ms": 4.0},
    "a statistic that is not in the files": {"service.ttft_statistic": "p50"},
    "two statistics": {"service.ttft_statistic": "p50", "service.max_itl_ms": 9.0, "service.itl_statistic": "p99"},
    "a limit and a statistic": {"service.max_ttft_ms": 10.0, "service.max_itl_ms": 9.0, "service.itl_statistic": "p99"},
}


@pytest.mark.parametrize("case", NO_POINT)
def test_the_workbook_and_the_command_line_give_the_same_reason(case: str, tmp_path: Path) -> None:
    path = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"
    settings = [f"--set={name}={value}" for name, value in NO_POINT[case].items()]
    told = run("check", path, *settings, code=3).stderr.rstrip("\n").rpartition("\n")[2]
    cells = cached(shipped.write(path, tmp_path / "book.xlsx", NO_POINT[case]))
    sentence = cells[("Summary", "B3")]
    assert sentence
    assert told == f"{path}: {sentence}"
    assert sentence == why_no_point(MODEL, shipped.values_of(path, NO_POINT[case]), shipped.template())


def test_one_of_several_limits_is_offered_as_well_as_another() -> None:
    """The case of that name in tests/cases/no_point.yaml."""
    (case,) = (one for one in CASES if one.name == "one limit relaxed would do")
    values = evaluate(MODEL, [filled(MODEL, case.inputs, case.points)])
    assert why_no_point(MODEL, values, shipped.template()) == (
        "no benchmark point is within the limits. Relax service.max_ttft_ms from 160 to 400 (the point at concurrency"
        " 16); or service.max_latency_ms from 4100 to 4200 (the point at concurrency 8)."
    )


# --- how much is said


def test_notes_are_counted_and_v_tells_each(tmp_path: Path) -> None:
    many = tmp_path / "many.yaml"
    many.write_text(OTHER + "matrix: {vary: {server.price: [200000, 300000, 400000]}}\n", encoding="utf-8")
    told = run("check", many).stderr.splitlines()
    assert [line for line in told if WORDS in line] == [f"warning: {many}:3:40: {WORDS}. (3 scenarios)"]
    assert run("check", many, "-q").stdout == ""


def test_check_tells_point_servers_cost_and_how_many_points_count() -> None:
    book = shipped.ROOT / "scenarios" / "configurations.yaml"
    told = run("check", book).stdout
    assert "isl2000_osl400/vllm-infqps-concurrency128-assistant-70b-20260212-090008.json, concurrency 128;" in told
    assert "1 server; 126,875 USD a year; 0.0645 USD per 1M tokens; 8 of 21 benchmark points count" in told
    (row,) = json.loads(run("check", book, "--format", "json").stdout)
    figures = row["concurrency"], row["servers"], row["cost_year"], row["points_read"], row["points_counting"]
    assert figures == (128, 1, 126_875, 21, 8)
    assert row["reason"] is None
    assert row["cost_1m_tokens"] == pytest.approx(0.0645, rel=1e-2)
    (row,) = json.loads(run("check", book, "--format", "json", "--set", "service.max_ttft_ms=10", code=3).stdout)
    assert row["point"] is None
    assert "Relax service.max_ttft_ms from 10 to 66" in row["reason"]
