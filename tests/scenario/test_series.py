"""Inputs that have more than one value: by year, by hour, in the rows of a table."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from tco_xlsx.cli.tables import explanation, line_rows
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.language.evaluate import Case, Values, evaluate
from tco_xlsx.language.lines import Choice, RowText
from tco_xlsx.scenario.load import Scenario, load_scenarios
from tco_xlsx.scenario.schema import scenario_schema
from tests.support.yearly import TOY

HEAD = "demand: {load: 10"
DAY = ", ".join(["0.5"] * 23)


def read(tmp_path: Path, text: str, *overrides: str, name: str = "own.yaml") -> list[Scenario]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load_scenarios([tmp_path / name], TOY, overrides)


def one(tmp_path: Path, text: str, *overrides: str) -> Scenario:
    (scenario,) = read(tmp_path, text, *overrides)
    return scenario


def computed(scenario: Scenario) -> Values:
    return evaluate(TOY, [Case(scenario.title, scenario.values)])


def row(values: Values, name: str) -> list[float | None]:
    line = TOY.by_name[name]
    return [values.value(line, 0, index) for index in range(values.cases[0].length(line.axis))]


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("0.5", [0.5] * 10),
        ("[0.5]", [0.5] * 10),
        # The last of a shorter list holds for the years after it.
        ("[0.5, 0.3, 0.1]", [0.5, 0.3, *[0.1] * 8]),
        (str([number / 10 for number in range(10)]), [number / 10 for number in range(10)]),
        ("{value: [0.5, 0.25], source: a plan, note: of May}", [0.5, *[0.25] * 9]),
    ],
)
def test_one_number_or_a_list_by_year(tmp_path: Path, written: str, years: list[float]) -> None:
    scenario = one(tmp_path, f"{HEAD}, growth: {written}}}")
    assert row(computed(scenario), "demand.growth") == years
    if "source" in written:
        assert (scenario.told["demand.growth"].source, scenario.told["demand.growth"].note) == ("a plan", "of May")


def test_nothing_given_is_the_default_in_every_seat(tmp_path: Path) -> None:
    values = computed(one(tmp_path, f"{HEAD}}}"))
    assert row(values, "demand.growth") == [0] * 10
    assert row(values, "demand.servers") == [None] * 10
    assert row(values, "demand.share") == [1] * 24
    assert row(values, "items.amount") == [None] * 12
    assert row(values, "result.paid") == [0]


def test_an_optional_series_may_be_empty_in_some_years_and_a_choice_may_change(tmp_path: Path) -> None:
    scenario = one(tmp_path, f"{HEAD}, servers: [2, null, 4], basis: [owned, rented]}}")
    values = computed(scenario)
    assert row(values, "demand.servers") == [2, None, *[4] * 8]
    # 2 owned; what names an input without a number has none; rented from then on.
    assert row(values, "result.owned") == [2, None, *[0] * 8]
    basis = TOY.by_name["demand.basis"]
    assert isinstance(basis, Choice)
    assert [values.code(basis, 0, index) for index in (0, 1, 9)] == ["owned", "rented", "rented"]


def test_a_list_that_must_be_whole(tmp_path: Path) -> None:
    scenario = one(tmp_path, f"{HEAD}, share: [{DAY}, 1]}}")
    # 23 x 0.5 + 1 = 12.5 hours at full load, of 10 requests/s.
    assert row(computed(scenario), "result.day") == [12.5]
    assert row(computed(scenario), "result.load_of_day") == [125]


ITEMS = """
items:
  - {label: Insurance, amount: 12000, per: deployment, from_year: 2}
  - amount: 300
    per: server
    to_year: 4
"""


def test_a_table_of_rows(tmp_path: Path) -> None:
    values = computed(one(tmp_path, f"{HEAD}}}{ITEMS}"))
    assert row(values, "items.amount") == [12000, 300, *[None] * 10]
    assert row(values, "items.from_year") == [2, 1, *[None] * 10]
    # 12,000 once, and 300 + 300; the empty rows cost nothing.
    assert row(values, "result.cost") == [12000, 600, *[None] * 10]
    assert row(values, "result.paid") == [12600]
    assert row(values, "result.last") == [2, 4, *[None] * 10]
    label, per = TOY.by_name["items.label"], TOY.by_name["items.per"]
    assert isinstance(label, RowText)
    assert isinstance(per, Choice)
    assert [values.text(label, 0, index) for index in range(3)] == ["Insurance", None, None]
    assert [values.code(per, 0, index) for index in range(3)] == ["deployment", "server", "deployment"]


def test_a_column_stands_where_its_first_cell_is(tmp_path: Path) -> None:
    """What no row gives is given by nobody: no warning says that it is not used."""
    scenario = one(tmp_path, f"{HEAD}}}\nitems:\n- {{amount: 1}}\n- {{amount: 2, from_year: 3}}")
    places = {name: place[1:] for name, place in scenario.places.items() if name.startswith("items.")}
    assert places == {"items.amount": (3, 12), "items.from_year": (4, 26)}
    assert row(computed(scenario), "items.from_year")[:3] == [1, 3, None]


def test_what_extends_replaces_a_series_and_a_table_as_a_whole(tmp_path: Path) -> None:
    read(tmp_path, f"{HEAD}, growth: [0.5, 0.3, 0.1]}}{ITEMS}", name="base.yaml")
    same = computed(one(tmp_path, "extends: base.yaml"))
    assert row(same, "demand.growth")[:4] == [0.5, 0.3, 0.1, 0.1]
    assert row(same, "result.paid") == [12600]
    child = computed(one(tmp_path, "extends: base.yaml\ndemand: {growth: [0.2]}\nitems: [{amount: 7}]"))
    assert row(child, "demand.growth") == [0.2] * 10
    assert row(child, "result.cost") == [7, *[None] * 11]
    assert row(computed(one(tmp_path, "extends: base.yaml\nitems: []")), "result.paid") == [0]
    assert row(computed(one(tmp_path, "extends: base.yaml\nitems:")), "result.paid") == [0]


@pytest.mark.parametrize(
    ("typed", "years", "said"),
    [
        ("0.4", [0.4] * 10, "--set demand.growth=0.4"),
        ("[0.4, 0.2]", [0.4, *[0.2] * 9], "--set demand.growth=[0.4, 0.2]"),
        ("[0.4,0.2]", [0.4, *[0.2] * 9], "--set demand.growth=[0.4, 0.2]"),
    ],
)
def test_from_the_command_line(tmp_path: Path, typed: str, years: list[float], said: str) -> None:
    scenario = one(tmp_path, f"{HEAD}, growth: [0.5, 0.3]}}", f"demand.growth={typed}")
    assert row(computed(scenario), "demand.growth") == years
    assert scenario.told["demand.growth"].source == f"set on the command line: {said}; file: [0.5, 0.3]"


def test_a_matrix_varies_series_and_tables(tmp_path: Path) -> None:
    text = f"""{HEAD}}}
matrix:
  vary:
    demand.growth: [0, [0.5, 0.25]]
    extra:
      none: {{}}
      some: {{items: [{{amount: 5}}]}}
  name: "{{demand.growth}}-{{extra}}"
  title: "growth {{demand.growth}}"
"""
    scenarios = read(tmp_path, text)
    assert [scenario.title for scenario in scenarios][::2] == ["growth 0", "growth [0.5, 0.25]"]
    assert len({scenario.name for scenario in scenarios}) == 4
    told = [(row(computed(each), "demand.growth")[1], row(computed(each), "result.paid")) for each in scenarios]
    assert told == [(0, [0]), (0, [5]), (0.25, [0]), (0.25, [5])]


FAULTS = {
    "a text among numbers": (
        "demand: {load: 1, growth: [0.1, much]}", ['1:33 demand.growth[2]: "much" is not a number.']),
    "out of bounds": (
        "demand: {load: 1, growth: [0.1, 0.2, 11]}",
        ["1:38 demand.growth[3]: 11 is outside -1 to 10. Write 0.11 for 11 %."]),
    "no fraction": ("demand: {load: 1, servers: [1, 1.5]}", ["1:32 demand.servers[2]: 1.5 is not a whole number."]),
    "not finite": ("demand: {load: 1, growth: [.inf]}", ["1:28 demand.growth[1]: inf is not a finite number."]),
    "empty in a year": (
        "demand: {load: 1, growth: [1, null]}", ['1:31 demand.growth[2]: is empty; "Growth" needs a number.']),
    "a list in a list": ("demand: {load: 1, growth: [[1]]}", ["1:28 demand.growth[1]: a list is not a number."]),
    "no value at all": (
        "demand: {load: 1, growth: []}",
        ["1:27 demand.growth: is an empty list; give one, or one for each year, at most 10."]),
    "too many years": (
        "demand: {load: 1, growth: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]}",
        ["1:58 demand.growth: has 11 values; give one, or one for each year, at most 10."]),
    "a list for a line of one value": ("demand: {load: [1, 2]}", ["1:16 demand.load: a list is not a number."]),
    "no such code": (
        "demand: {load: 1, basis: [owned, leased]}", ['1:34 demand.basis[2]: "leased" is not one of owned, rented.']),
    "a range beside a list": (
        "demand: {load: 1, growth: {value: [0.1], low: 0}}",
        ["1:47 demand.growth.low: a list has no range; leave it out."]),
    "too few hours": (
        "demand: {load: 1, share: [0.5, 0.5]}", ["1:26 demand.share: has 2 values; give 24, one for each hour."]),
    "one number for the hours": (
        "demand: {load: 1, share: 0.5}", ["1:26 demand.share: 0.5 is no list; give 24, one for each hour."]),
    "a table that is none": ("demand: {load: 1}\nitems: {amount: 1}",
        ["2:8 items: expected a list of rows, such as `- {amount: ...}`."]),
    "a row that is none": (
        "demand: {load: 1}\nitems: [5]", ["2:9 items[1]: expected the columns of a row, by name."]),
    "a cell that is wrong": (
        "demand: {load: 1}\nitems:\n- {amount: 1}\n- {amount: -1, per: rack, from_year: 1.5}",
        ["4:12 items[2].amount: -1 is not allowed; it must be 0 or more.",
         '4:21 items[2].per: "rack" is not one of deployment, server.',
         "4:38 items[2].from_year: 1.5 is not a whole number."]),
    "a column that is missing": (
        "demand: {load: 1}\nitems: [{label: a}]", ['2:9 items[1].amount: is missing; "Amount" has no default.']),
    "no such column": (
        "demand: {load: 1}\nitems: [{amount: 1, ammount: 1}]",
        ["2:21 items[1].ammount: no such column. Did you mean amount?"]),
    "too many rows": (
        "demand: {load: 1}\nitems:\n" + "- {amount: 1}\n" * 13, ["15:3 items: has 13 items; there is room for 12."]),
    "a text that is none": (
        "demand: {load: 1}\nitems: [{amount: 1, label: [a]}]", ["2:28 items[1].label: expected a text."]),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_faults_at_the_cell(tmp_path: Path, case: str) -> None:
    text, wanted = FAULTS[case]
    with pytest.raises(BadInput) as bad:
        read(tmp_path, text)
    assert [f"{fault.line}:{fault.column} {fault.message}" for fault in bad.value.faults] == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("demand.growth=[0.1, x]", 'demand.growth[2]: "x" is not a number.'),
        ("demand.growth=[]", "demand.growth: is an empty list; give one, or one for each year, at most 10."),
        ("demand.load=[1]", 'demand.load: "[1]" is not a number. Write the digits alone, such as 1234.5.'),
        ("items.amount=[1]", "items.amount: is a column; write `items:` as a list of rows."),
    ],
)
def test_faults_of_the_command_line(tmp_path: Path, typed: str, wanted: str) -> None:
    with pytest.raises(BadInput) as bad:
        read(tmp_path, f"{HEAD}}}", typed)
    assert [fault.message for fault in bad.value.faults] == [wanted]


def test_the_schema_says_the_same() -> None:
    properties = scenario_schema(TOY)["properties"]
    assert isinstance(properties, dict)
    inputs, table = properties["demand"]["properties"], properties["items"]
    number = {"type": "number", "minimum": -1, "maximum": 10}
    listed = {"type": "array", "minItems": 1, "maxItems": 10, "items": number}
    assert inputs["growth"]["anyOf"][0] == {"anyOf": [number, listed]}
    detailed = inputs["growth"]["anyOf"][1]["properties"]
    assert detailed["value"] == {"anyOf": [number, listed], "description": "The value itself."}
    assert detailed["low"] == {**number, "description": "The least that it may turn out to be."}
    share = inputs["share"]["anyOf"][0]
    assert (share["type"], share["minItems"], share["maxItems"]) == ("array", 24, 24)
    assert inputs["load"]["anyOf"][0]["type"] == "number"
    assert (table["type"], table["maxItems"], table["items"]["required"]) == (["array", "null"], 12, ["amount"])
    cells = table["items"]["properties"]
    assert list(cells) == ["label", "amount", "per", "from_year", "to_year"]
    assert cells["per"] == {"title": "Per", "enum": ["deployment", "server"]}
    varied = properties["matrix"]["properties"]["vary"]["properties"]
    assert "demand.growth" in varied
    assert "items.amount" not in varied


def test_lines_and_explain_tell_of_it(tmp_path: Path) -> None:
    how = {str(each["name"]): str(each["how"]) for each in line_rows(TOY)}
    assert how["demand.growth"] == (
        "-1 to 10, 0 unless given; one for all years, or a list by year whose last holds for those after it"
    )
    assert how["demand.share"] == "0 to 1, 1 unless given; a list of 24, one for each hour"
    assert how["items.amount"] == "0 or more, must be given; a column of the list of items"
    assert how["items.label"] == "a text; a column of the list of items"
    text = f"{HEAD}, growth: [0.5, 0.25], basis: [owned, rented], servers: 3}}{ITEMS}"
    values = computed(one(tmp_path, text))
    told = io.StringIO()
    console = Console(file=told, width=200)
    for name in ("result.grown", "result.owned", "result.paid"):
        console.print(explanation(values, TOY.by_name[name], "USD", {}))
    said = told.getvalue()
    assert f"demand.growth = [50.0%{', 25.0%' * 9}]" in said
    assert "demand.basis = [owned, rented, rented," in said
    assert "items.per = [deployment, server, deployment," in said
