"""The load stated in each of its ways: what it needs is told with its place, and what is given is computed with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.case.prepare import prepare
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.language.evaluate import Values, evaluate
from tco_xlsx.model import MODEL

REST = """
performance: {source: manual, manual_rps: 1, manual_gpus: 8}
server: {price: 30000, gpus: 8, life_years: 3}
hosting: {per_server_year: 100}
"""
TOKENS = "input_tokens: 1000, output_tokens: 200"
HOURS = ", ".join(["1"] * 24)


def computed(tmp_path: Path, text: str, *overrides: str) -> Values:
    path = tmp_path / "own.yaml"
    path.write_text(text + REST, encoding="utf-8")
    (prepared,) = prepare([path], MODEL, overrides)
    return evaluate(MODEL, [prepared.case])


def told(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(BadInput) as found:
        computed(tmp_path, text)
    return [f"{fault.line}:{fault.column} {fault.message}" for fault in found.value.faults]


@pytest.mark.parametrize(
    ("workload", "faults"),
    [
        (TOKENS, ['1:1 workload.peak_rps: is missing; "Peak load" has no default.']),
        (
            f"stated_as: peak_rps, {TOKENS}",
            ["1:1 workload.peak_rps: is empty; workload.stated_as: peak_rps needs it."],
        ),
        (
            f"stated_as: users, peak_rps: 4, {TOKENS}",
            [
                "1:1 workload.requests_per_user_day: is empty; workload.stated_as: users needs it.",
                "1:1 workload.users: is empty; workload.stated_as: users needs it.",
            ],
        ),
        (
            f"stated_as: users, users: 100, {TOKENS}",
            ["1:1 workload.requests_per_user_day: is empty; workload.stated_as: users needs it."],
        ),
        (
            f"stated_as: tokens_per_day, {TOKENS}",
            ["1:1 workload.tokens_per_day: is empty; workload.stated_as: tokens_per_day needs it."],
        ),
        (
            f"stated_as: streams, {TOKENS}",
            [
                "1:1 workload.request_seconds: is empty; performance.source: manual with workload.stated_as: streams"
                " needs it.",
                "1:1 workload.users: is empty; workload.stated_as: streams needs it.",
            ],
        ),
    ],
)
def test_what_a_statement_needs(workload: str, faults: list[str], tmp_path: Path) -> None:
    assert sorted(told(tmp_path, f"workload: {{{workload}}}")) == faults


def test_a_day_of_ones_own_needs_its_hours(tmp_path: Path) -> None:
    text = f"workload: {{peak_rps: 4, {TOKENS}}}\nday: {{shape: own}}"
    assert told(tmp_path, text) == ["2:1 day.own_shares: is empty; day.shape: own needs it."]


@pytest.mark.parametrize(
    ("workload", "peak"),
    [
        ("peak_rps: 4", 4.0),
        ("stated_as: users, users: 86400, requests_per_user_day: 4", 4.0),
        ("stated_as: tokens_per_day, tokens_per_day: 414720000", 4.0),
        ("stated_as: streams, users: 200, duty_share: 0.2, request_seconds: 10", 4.0),
    ],
)
def test_every_statement_of_one_load_gives_its_peak(workload: str, peak: float, tmp_path: Path) -> None:
    values = computed(tmp_path, f"workload: {{{workload}, {TOKENS}}}")
    assert values.value(MODEL.by_name["demand.peak"]) == pytest.approx(peak)
    assert values.value(MODEL.by_name["fleet.servers"]) == 4


def test_statement_day_and_table_are_read_from_the_file(tmp_path: Path) -> None:
    text = f"""
workload: {{stated_as: users, users: 86400, requests_per_user_day: 4, {TOKENS}}}
day: {{shape: own, own_shares: [{HOURS}]}}
running: {{power_escalation: 0.1, items_escalation: 0.5, staff_escalation: 0.02}}
items:
  - {{label: Insurance, amount: 12000, from_year: 2}}
  - {{label: Cabling, amount: 50, per: server, when: once}}
timeline: {{horizon_years: 2}}
"""
    values = computed(tmp_path, text)
    items = MODEL.by_name["running.items"]
    assert [values.value(items, 0, year) for year in range(3)] == [200, 18000, 0]
    assert values.value(MODEL.by_name["demand.peak"]) == pytest.approx(4)


def test_a_statement_may_be_overridden(tmp_path: Path) -> None:
    text = f"workload: {{peak_rps: 9, {TOKENS}}}"
    values = computed(tmp_path, text, "workload.stated_as=tokens_per_day", "workload.tokens_per_day=414720000")
    assert values.value(MODEL.by_name["demand.peak"]) == pytest.approx(4)
