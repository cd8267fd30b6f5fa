"""Scenario files: what is read, and for each way of getting one wrong the message, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tco_xlsx.documents.errors import BadInput
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.load import Scenario, load_scenarios
from tco_xlsx.scenario.parsed import PLAIN_KEYS

RIGHT = """\
workload:
  peak_rps: 100
  input_tokens: 1000
  output_tokens: 200
server:
  price: 320000
  gpus: 8
  life_years: 4
hosting:
  per_server_year: 3000
benchmark: points.csv
"""


def load(folder: Path, text: str, overrides: Sequence[str] = ()) -> Scenario:
    (folder / "base.yaml").write_text(text, encoding="utf-8")
    for name in ("points.csv", "a", "a.json", "runs"):
        (folder / name).touch()
    [scenario] = load_scenarios([folder / "base.yaml"], MODEL, overrides)
    return scenario


def faults(folder: Path, text: str, overrides: Sequence[str] = ()) -> list[str]:
    """Every fault of a text, with its place."""
    with pytest.raises(BadInput) as caught:
        load(folder, text, overrides)
    files = {str(folder / "base.yaml"): "", "--set": "--set "}
    return [
        f"{files[one.path]}{one.line}:{one.column} {one.message.replace(str(folder), 'FOLDER')}"
        for one in caught.value.faults
    ]


# --- what is read


def test_a_short_scenario(tmp_path: Path) -> None:
    scenario = load(tmp_path, RIGHT)
    assert scenario.values["server.price"] == 320000.0
    assert scenario.values["licence.basis"] == "server"
    assert scenario.values["service.max_ttft_ms"] is None
    assert set(scenario.values) == {line.name for line in MODEL.inputs}
    assert (scenario.title, scenario.currency, scenario.notes, scenario.told) == ("base", "USD", (), {})
    assert (scenario.benchmark.files, scenario.benchmark.where, scenario.benchmark.facts) == (("points.csv",), {}, {})
    assert len(scenario.sha256) == 64


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    scenario = load(
        tmp_path,
        RIGHT.replace("benchmark: points.csv\n", "")
        + """\
title:  Own   H100s
notes: [first remark, "second: remark"]
currency: CNY
benchmark:
  files: [a.json, runs/]
  where: {gpu_type: [H100, H200], isl: 1000}
  facts: {gpus_per_instance: 2, model: llama}
service:
  max_ttft_ms: {value: 250, low: 200, high: 400, source: contract, note: "of\\n  2026"}
  ttft_statistic: {value: p99, source: contract}
licence: {basis: gpu, price_year: 4.5e3}
fleet:
  headroom: ~
""".replace("  headroom: ~\n", "  headroom: .2\n"),
    )
    assert (scenario.title, scenario.currency) == ("Own H100s", "CNY")
    assert scenario.notes == ("first remark", "second: remark")
    assert scenario.benchmark.files == ("a.json", "runs/")
    assert scenario.benchmark.where == {"gpu_type": ("H100", "H200"), "isl": (1000,)}
    assert scenario.benchmark.facts == {"gpus_per_instance": 2, "model": "llama"}
    assert (scenario.benchmark.line, scenario.benchmark.column) == (14, 1)
    assert scenario.values["service.max_ttft_ms"] == 250
    told = scenario.told["service.max_ttft_ms"]
    assert (told.low, told.high, told.source, told.note) == (200, 400, "contract", "of 2026")
    assert scenario.values["service.ttft_statistic"] == "p99"
    assert (scenario.values["licence.basis"], scenario.values["licence.price_year"]) == ("gpu", 4500.0)
    assert scenario.values["fleet.headroom"] == 0.2


@pytest.mark.parametrize(
    ("written", "name", "value"),
    [
        ("fleet:\n  headroom: 010e-2\n", "fleet.headroom", 0.1),
        ("service:\n  max_ttft_ms:\n", "service.max_ttft_ms", None),
        ("service:\n", "service.max_ttft_ms", None),
        ("workload:\n", "workload.average_rps", None),
        ("server:\n", "server.residual_share", 0.0),
        ("licence:\n  basis: flat\n", "licence.basis", "flat"),
        ("licence:\n  gpus_per_server: 16.0\n", "licence.gpus_per_server", 16.0),
    ],
)
def test_inputs(tmp_path: Path, written: str, name: str, value: float | str | None) -> None:
    text = RIGHT if written.partition("\n")[0] in RIGHT else RIGHT + written
    assert load(tmp_path, text).values[name] == value


def test_typed_in_performance_needs_no_benchmark(tmp_path: Path) -> None:
    text = RIGHT.replace("benchmark: points.csv", "performance: {source: manual, manual_rps: 3, manual_gpus: 2}")
    assert load(tmp_path, text).values["performance.manual_rps"] == 3


# --- overrides


def test_overrides_win_over_every_file(tmp_path: Path) -> None:
    text = RIGHT.replace("price: 320000", "price: cheap")
    scenario = load(tmp_path, text, ["server.price=5", " licence.basis = gpu ", "service.max_ttft_ms="])
    assert scenario.values["server.price"] == 5
    assert scenario.values["licence.basis"] == "gpu"
    assert scenario.values["service.max_ttft_ms"] is None
    assert scenario.overrides == ("server.price=5", " licence.basis = gpu ", "service.max_ttft_ms=")
    assert load(tmp_path, RIGHT.replace("  price: 320000\n", ""), ["server.price=5"]).values["server.price"] == 5
    assert load(tmp_path, RIGHT, ["server.price=5", "server.price=6"]).values["server.price"] == 6


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("server.prise=3", "server.prise: no such input. Did you mean server.price?"),
        ("zebra=3", "zebra: no such input."),
        ("server.price", "server.price: expected section.name=value."),
        ("=3", "=3: expected section.name=value."),
        ("", ": expected section.name=value."),
        ("fleet.servers=3", "fleet.servers: is computed; it cannot be given."),
        ("points.rps=3", "points.rps: comes from the benchmark; it cannot be given."),
        ("calendar.hours_per_day=25", "calendar.hours_per_day: is fixed; it cannot be given."),
        ("title=Other", "title: is no input and cannot be set here; write it into the file."),
        ("server.price=", 'server.price: is empty; "Price" needs a number.'),
        ("server.price=cheap", 'server.price: "cheap" is not a number.'),
        ("server.price=1,000", 'server.price: "1,000" is not a number. Write 1000.'),
        ("server.price=true", "server.price: true is not a number."),
        ("server.price={value: x}", 'server.price: "{value: x}" is not a number.'),
        ("sever.price=3", "sever.price: no such input. Did you mean server.price?"),
        ("server.headroom=3", "server.headroom: no such input. Did you mean fleet.headroom?"),
        ("server.gpus=0", "server.gpus: 0 is not allowed; it must be 1 or more."),
        ("licence.basis=servr", 'licence.basis: "servr" is not one of server, gpu, flat. Did you mean server?'),
    ],
)
def test_wrong_overrides(tmp_path: Path, override: str, message: str) -> None:
    assert faults(tmp_path, RIGHT, [override]) == [f"--set 0:0 {message}"]


# --- all at once


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    one, two, right, gone = (tmp_path / name for name in ("one.yaml", "two.yaml", "right.yaml", "gone.yaml"))
    one.write_text(RIGHT.replace("gpus: 8", "gpus: 8.5").replace("price: 320000", "prize: 1") + "currency: euro\n")
    two.write_text("a: [1, 2")
    right.write_text(RIGHT)
    (tmp_path / "points.csv").touch()
    with pytest.raises(BadInput) as caught:
        load_scenarios([two, right, one, gone], MODEL, ["server.life_years=0"])
    told = f"""\
--set: 1 problem
  -      server.life_years: 0 is not allowed; it must be above 0 up to 30 (Straight-line depreciation over these years).
{gone}: 1 problem
  -      no such file.
{one}: 3 problems
  6:3    server.prize: no such input. Did you mean server.price?
  7:9    server.gpus: 8.5 is not a whole number.
  12:11  currency: "euro" is not three capital letters, such as USD or CNY.
{two}: 1 problem
  2:1    not valid YAML: did not find expected ',' or ']'."""
    assert str(caught.value) == told


def test_an_empty_file_says_all_that_is_needed(tmp_path: Path) -> None:
    benchmark = "give its files, or set performance.source: manual with manual_rps and manual_gpus."
    assert faults(tmp_path, "") == [
        f"1:1 benchmark: is missing; {benchmark}",
        '1:1 hosting.per_server_year: is missing; "Hosting of a server" has no default.',
        '1:1 server.gpus: is missing; "GPUs in a server" has no default.',
        '1:1 server.life_years: is missing; "Life" has no default.',
        '1:1 server.price: is missing; "Price" has no default.',
        '1:1 workload.input_tokens: is missing; "Tokens in (ISL)" has no default.',
        '1:1 workload.output_tokens: is missing; "Tokens out (OSL)" has no default.',
        '1:1 workload.peak_rps: is missing; "Peak load" has no default.',
    ]


def test_one_error_is_one_fault(tmp_path: Path) -> None:
    """What a misspelt name or a wrong value leads to is not told as well."""
    for wrong in (
        RIGHT.replace("workload:", "worklod:"),
        RIGHT.replace("peak_rps", "peek_rps"),
        RIGHT.replace("server:\n  price: 320000\n  gpus: 8\n  life_years: 4\n", "server: H100\n"),
        RIGHT.replace("benchmark", "benchmrk"),
        RIGHT.replace("benchmark: points.csv", "performance: {source: manul}"),
        RIGHT + "performance: {source: manual, manual_rps: 3, manual_gpu: 2}\n",
        RIGHT + "performance: {source: manual, manual_rps: three, manual_gpus: 2}\n",
        RIGHT + "cost:\n  total_year: 3\n",
        "just a text",
    ):
        assert len(faults(tmp_path, wrong)) == 1, wrong


# --- anything at all

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
SECTIONS = [*PLAIN_KEYS, *(section.name for section in MODEL.sections)]
INPUTS = [line.attribute for line in MODEL.inputs]
KEYS = st.sampled_from([*SECTIONS, *INPUTS, "value", "low", "high", "source", "note", "files", "where", "facts", "isl"])
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=5),
    max_leaves=25,
)


def as_yaml(value: object) -> str:
    """A structure as flow YAML; texts in quotes or bare, so that some become other types."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_yaml(key)}: {as_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_yaml(item) for item in value) + "]"
    if isinstance(value, str):
        return value if value.isalnum() else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "~" if value is None else str(value).lower()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(TREES, st.dictionaries(st.sampled_from(SECTIONS), TREES, max_size=8)), st.lists(st.text(), max_size=2))
def test_any_structure_is_read_or_refused(tmp_path: Path, tree: object, overrides: list[str]) -> None:
    try:
        scenario = load(tmp_path, as_yaml(tree).encode("utf-8", "replace").decode(), overrides)
    except BadInput as bad:
        told = str(bad).splitlines()
    else:
        told = [scenario.title]
    assert told
