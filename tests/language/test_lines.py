"""What every line of the model owes its readers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path

import pytest

from tco_xlsx.language.evaluate import InputValue, evaluate
from tco_xlsx.language.expression import Expr, Node, Number
from tco_xlsx.language.lines import Choice, Constant, Derived, Given, Line, Measured, RowText, named
from tco_xlsx.language.sections import Section
from tco_xlsx.language.words import words_of
from tco_xlsx.model import MODEL, roles
from tests.support.filled import filled

ROOT = Path(__file__).resolve().parent.parent.parent
DERIVED = [line for line in MODEL.lines if isinstance(line, Derived)]

# Lines that others build on: their names are promised, and what kind of line they are.
PROMISED = {
    Choice: """service.ttft_statistic service.itl_statistic service.latency_statistic performance.source fleet.rounding
        licence.basis unit_cost.split""",
    Given: """workload.peak_rps workload.average_rps workload.input_tokens workload.output_tokens service.max_ttft_ms
        service.max_itl_ms service.max_latency_ms performance.manual_rps performance.manual_gpus fleet.headroom
        fleet.spare_instances fleet.uptime fleet.utilisation server.price server.gpus server.life_years
        server.residual_share hosting.per_server_year licence.price_year unit_cost.fixed_ratio reference.price_1m_input
        reference.price_1m_output""",
    Derived: """performance.concurrency performance.instance_rps performance.gpus_per_instance fleet.instances_exact
        fleet.instances fleet.servers_exact fleet.servers fleet.gpus cost.depreciation_year cost.hosting_year
        cost.licence_year cost.per_server_year cost.total_year unit_cost.per_1000_prompts unit_cost.per_1m_tokens
        unit_cost.per_1m_input unit_cost.per_1m_output unit_cost.demand_per_1000_prompts unit_cost.demand_per_1m_tokens
        unit_cost.demand_per_1m_input unit_cost.demand_per_1m_output reference.per_1000_prompts""",
}
CODES = {
    "service.ttft_statistic": "avg p50 p90 p95 p99",
    "service.itl_statistic": "avg p50 p90 p95 p99",
    "service.latency_statistic": "avg p50 p90 p95 p99",
    "performance.source": "benchmark manual",
    "fleet.rounding": "whole exact",
    "licence.basis": "server gpu flat",
    "unit_cost.split": "price_ratio fixed_ratio equal compute_time",
}
REQUIRED = """workload.input_tokens workload.output_tokens server.price server.gpus server.life_years
    hosting.per_server_year"""

# Answers that nothing else builds on and no page but Model shows.
ANSWERS = """performance.frontier_points fleet.gpus_exact
    cost.per_gpu_hour comparison.saving_year comparison.capacity_ratio comparison.demand_ratio
    comparison.break_even_rps checks.failing warnings.raised"""
ANSWERS_OF_YEARS = """timeline.retired power.co2_kg users.per_month users.per_month_mean finance.charged_year
    finance.present_value_after_tax finance.cost_reported finance.present_value_reported loan.monthly_payment
    loan.against_buying lease.against_buying rent.break_even_utilisation alternatives.break_even_months
    alternatives.saving alternatives.break_even_used levels.average_rps levels.cheapest margin.margin_of_year
    margin.revenue_day margin.cost_day margin.profit_day margin.revenue_second margin.cost_second
    margin.profit_second margin.gross_margin margin.mark_up margin.break_even_price_1m
    margin.break_even_price_1m_input volume.per_gpu_hour levelised_capacity.per_1m_cached
    unit_cost_years.per_1000_prompts unit_cost_years.per_1m_tokens unit_cost_years.capacity_per_1m_tokens
    limits.first_over_power limits.first_over_budget"""


def parts_of(line: Line) -> Iterator[Expr]:
    """Formula and condition of a line."""
    if isinstance(line, Derived):
        yield line.formula
        if line.when is not None:
            yield line.when


def literals(node: Expr) -> Iterator[float]:
    if isinstance(node, Number):
        yield node.value
    elif isinstance(node, Node):
        for argument in node.arguments:
            yield from literals(argument)


def read_by_lines() -> set[str]:
    return {named_line.name for line in MODEL.lines for part in parts_of(line) for named_line in named(part)}


@pytest.mark.parametrize(("kind", "names"), PROMISED.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_promised_names(kind: type[Line], names: str) -> None:
    assert {name: type(MODEL.by_name.get(name)) for name in names.split()} == dict.fromkeys(names.split(), kind)


@pytest.mark.parametrize(("name", "codes"), CODES.items())
def test_promised_codes(name: str, codes: str) -> None:
    asked = MODEL.by_name[name]
    assert isinstance(asked, Choice)
    assert list(asked.codes) == codes.split()
    assert all(asked.options.values())


def test_what_a_scenario_must_give() -> None:
    assert {line.name for line in MODEL.inputs if line.required} == set(REQUIRED.split())


@pytest.mark.parametrize("line", MODEL.lines, ids=lambda line: line.name)
def test_names_and_labels(line: Line) -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", part) for part in line.name.split(".")), line.name
    assert line.label == line.label.strip() != ""
    assert line.label[0] == line.label[0].upper()
    assert not line.label.endswith(".")
    assert not line.note or line.note.rstrip().endswith(".")


@pytest.mark.parametrize("section", MODEL.sections, ids=lambda section: section.name)
def test_labels_are_unique_in_a_section(section: type[Section]) -> None:
    """Else "licences ÷ servers" is not the number of licences, and nobody can tell."""
    labels = Counter(line.label for line in section.lines)
    assert [label for label, times in labels.items() if times > 1] == []


def test_names_are_unique() -> None:
    assert len(MODEL.by_name) == len(MODEL.lines)
    assert len({check.label for check in MODEL.verdicts}) == len(MODEL.verdicts)


@pytest.mark.parametrize("line", DERIVED, ids=lambda line: line.name)
def test_words_are_prose(line: Derived) -> None:
    text = words_of(line)
    assert text
    assert not set("{}_") & set(re.sub(r'"[a-z0-9_]+"|\b[a-z]+(?:_[a-z0-9]+)+:', "", text)), text
    assert text.count("(") == text.count(")")


@pytest.mark.parametrize("line", DERIVED, ids=lambda line: line.name)
def test_no_number_but_0_and_1(line: Derived) -> None:
    assert {literal for part in parts_of(line) for literal in literals(part)} <= {0, 1}


@pytest.mark.parametrize("section", MODEL.sections, ids=lambda section: section.name)
def test_sections_have_a_title_and_a_note(section: type[Section]) -> None:
    assert section.title
    assert section.note.endswith(".")


@pytest.mark.parametrize(
    "line",
    [
        line
        for line in MODEL.lines
        if isinstance(line, (Given, Measured, Constant)) and line.section and not isinstance(line, RowText)
    ],
    ids=lambda line: line.name,
)
def test_what_is_given_is_read(line: Line) -> None:
    assert line.name in read_by_lines()


def held_by(role: object) -> Iterator[Line]:
    """The lines of a role: itself, those of a record, or of all that a tuple holds."""
    if isinstance(role, Line):
        yield role
    elif isinstance(role, tuple):
        yield from (line for one in role for line in held_by(one))
    elif is_dataclass(role) and not isinstance(role, type):
        yield from (line for one in vars(role).values() for line in held_by(one))


def test_what_is_computed_is_read_or_shown() -> None:
    """A line that nothing reads and no page shows is a mistake, or an answer that is named here."""
    pages = [*(ROOT / "templates").glob("*.yaml"), *(ROOT / "tco_xlsx" / "book").rglob("*.py")]
    texts = " ".join(page.read_text() for page in pages)
    shown = set(re.findall(r"[a-z_]+\.[a-z_0-9]+", texts))
    # A line is asked for by the name of its role, or by what a role's record calls it.
    asked = [one for name, one in vars(roles).items() if f"roles.{name}" in texts]
    shown |= {one.name for role in asked for one in held_by(role)}
    charts = {line.name for line in DERIVED if line.name.startswith("curve.")}
    parts_of_checks = {part.name for check in MODEL.verdicts for part in check.lines}
    unread = {line.name for line in DERIVED} - read_by_lines() - shown - charts - parts_of_checks
    assert unread == {*ANSWERS.split(), *ANSWERS_OF_YEARS.split()}


def test_a_default_and_a_source() -> None:
    """A default that is no plain zero or one is somebody's figure: say whose."""
    for line in MODEL.inputs:
        if not isinstance(line, Choice) and line.default is not None:
            assert line.source, line.name
            assert line.objection(line.default) is None, line.name


# --- lines that may be absent

Point = dict[str, float | None]
Inputs = dict[str, InputValue]
State = tuple[Inputs, list[Point]]

GIVEN: Inputs = {
    "workload.peak_rps": 10.0, "workload.input_tokens": 1000.0, "workload.output_tokens": 200.0,
    "server.price": 1e5, "server.gpus": 8.0, "server.life_years": 4.0, "hosting.per_server_year": 1e3,
}  # fmt: skip
OPTIONAL = [line.name for line in MODEL.inputs if line.optional]
FAST: Point = {
    "concurrency": 1.0, "gpus": 2.0, "rps": 3.0, "isl": 1000.0, "osl": 200.0, "ttft_avg": 50.0, "itl_avg": 10.0,
    "latency_avg": 2040.0,
}  # fmt: skip
RATE_ONLY: Point = {"rps": 3.0, "gpus": 1.0}
STRICT: Inputs = {"service.max_ttft_ms": 1.0, "service.max_itl_ms": 1.0, "service.max_latency_ms": 1.0}
OFFERS: Inputs = {
    "rent.price_per_gpu_hour": 2.0, "api.price_1m_input": 1.0, "api.price_1m_output": 3.0, "price.per_1m_output": 5.0,
    "loan.rate": 0.05, "lease.price_server_month": 9e3, "finance.discount_rate": 0.08,
    "fleet.power_limit_kw": 1.0, "finance.budget_year": 1.0, "power.kw_per_server": 10.0, "workload.average_rps": 5.0,
}  # fmt: skip
STATES: dict[str, State] = {
    "a point within": ({}, [FAST]),
    "no point within": (STRICT, [FAST, FAST]),
    "no points": ({}, []),
    "no points, with limits": (STRICT, []),
    "nothing but the rate is measured": (STRICT, [RATE_ONLY]),
    "only the rate, and no limit": ({}, [RATE_ONLY]),
    "typed in": ({"performance.source": "manual", "performance.manual_rps": 2.0, "performance.manual_gpus": 16.0}, []),
    "typed in, but empty": ({"performance.source": "manual"}, [FAST]),
    "typed in, half": ({"performance.source": "manual", "performance.manual_rps": 2.0}, [FAST]),
    "no split without prices": ({"unit_cost.split": "price_ratio"}, [FAST]),
    "no split without latencies": ({"unit_cost.split": "compute_time"}, [RATE_ONLY]),
    "half a price list": ({"reference.price_1m_input": 1.0}, [FAST]),
    "a price of nothing": ({"reference.price_1m_input": 0.0, "reference.price_1m_output": 1e-9}, [FAST]),
    "nothing costs anything": ({"server.price": 0.0, "hosting.per_server_year": 0.0}, [FAST]),
    "average given": ({"workload.average_rps": 5.0}, [FAST]),
    "flat licence": ({"licence.basis": "flat", "licence.price_year": 7.0}, [FAST]),
    "rent, API, loan, lease and price given": (OFFERS, [FAST]),
    "offers, but no point": (OFFERS | STRICT, [FAST]),
    "a horizon beyond the life, and growth": (
        {"timeline.horizon_years": 10.0, "workload.growth": (0.5, -0.2), "workload.average_rps": 5.0},
        [FAST],
    ),
    "another curve": ({"service.curve": "latency", "service.latency_statistic": "p99"}, [FAST]),
}


@pytest.mark.parametrize("state", STATES)
def test_a_line_is_a_number_or_plainly_absent(state: str) -> None:
    """evaluate refuses a NaN that is nobody's intention; what may not be absent has a number in every state."""
    inputs, points = STATES[state]
    values = evaluate(MODEL, [filled(MODEL, {**GIVEN, **inputs}, points)])
    for line in MODEL.lines:
        for index in range(values.cases[0].length(line.axis)):
            value = values.value(line, 0, index)
            assert value is not None or line.may_be_absent, line.name


@pytest.mark.parametrize("state", STATES)
def test_the_verdicts_are_yes_no_or_absent(state: str) -> None:
    inputs, points = STATES[state]
    values = evaluate(MODEL, [filled(MODEL, {**GIVEN, **inputs}, points)])
    verdicts = {check.name: values.value(check.holds) for check in MODEL.verdicts}
    assert set(verdicts.values()) <= {0.0, 1.0, None}
    found = values.value(MODEL.by_name["performance.found"])
    assert verdicts["warnings.has_point"] == found
    assert (values.value(MODEL.by_name["cost.total_year"]) is None) == (found == 0)


def test_many_states_at_once_are_each_computed_as_alone() -> None:
    """Scenarios side by side, with different numbers of points, do not leak into each other."""
    cases = [filled(MODEL, {**GIVEN, **inputs}, points, name) for name, (inputs, points) in STATES.items()]
    together = evaluate(MODEL, cases)
    for number, case in enumerate(cases):
        alone = evaluate(MODEL, [case])
        for line in MODEL.lines:
            for index in range(case.length(line.axis)):
                assert together.value(line, number, index) == alone.value(line, 0, index), (case.title, line.name)


def test_without_a_point_only_what_does_not_hang_on_it_has_a_number() -> None:
    values = evaluate(MODEL, [filled(MODEL, GIVEN)])
    present = {line.name for line in DERIVED if line.axis is None and values.value(line) is not None}
    plain = {
        name
        for name in present
        if not name.startswith(("checks.", "warnings.", "relaxing.", "curve.", "service.", "performance."))
    }
    assert plain == {
        "licence.licensed_gpus",
        "calendar.hours_per_year",
        "calendar.seconds_per_year",
        *(f"day.{name}" for name in ("own_total", "load_total", "largest_share", "mean_share", "follow_share")),
        *(f"day.{name}" for name in ("open_hours", "open_days_week", "days_year", "hours_year", "follow_hours_year")),
        "demand.stated_peak",
        "demand.peak",
        "fleet.load_rps",
        "cost.depreciation_server",
        "reference.tokens",
        "unit_cost.share_by_ratio",
        "unit_cost.share_equal",
        "plausible.price_per_gpu",
        "plausible.hosting_paid",
        "timeline.service_years",
        "timeline.horizon",
        *(f"cohorts.bought_in_{year}" for year in range(1, 11)),
        *(f"{name}.service_years" for name in ("servers", "network", "storage", "racks")),
        "power.kw_at_work",
        "power.hours_year",
        "items.idle_rows",
        "finance.annuity_factor",
        "loan.full_years",
        "loan.rest_months",
        "rent.hours",
        "mix.hours",
        "alternatives.taken",
        # Not known is not ahead, not a cost and not above a limit.
        *(f"against_{name}.ahead" for name in ("rent", "api", "mix")),
        "margin.costs",
        "limits.years_over_power",
        "limits.years_over_budget",
        "plan.peak_last",
        "levels.first_peak",
        "levels.life_factor",
        "levels.capital_server",
        "price.charged_input",
        "price.charged_cached",
        "volume.input_weight",
    }
