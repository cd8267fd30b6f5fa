"""`matrix`: one file, many scenarios: which they are, what they are called, what they share."""

from __future__ import annotations

import hashlib
import itertools
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.located_yaml import Located, parse_yaml
from tco_xlsx.language.input_notes import InputNotes
from tco_xlsx.language.lines import Choice, Given, Pick
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.load import Scenario, load_scenarios
from tests.scenario.test_scenario import RIGHT, as_yaml
from tests.support import shipped

EXAMPLES = sorted((shipped.ROOT / "scenarios" / "matrix").glob("*.yaml"))


def load_all(folder: Path, text: str, overrides: Sequence[str] = ()) -> list[Scenario]:
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    for name in ("points.csv", "other.csv"):
        (folder / name).touch()
    return load_scenarios([folder / "plan.yaml"], MODEL, overrides)


def values(scenarios: Sequence[Scenario], *names: str) -> list[tuple[object, ...]]:
    return [tuple(one.values[name] for name in names) for one in scenarios]


HARDWARE = """\
matrix:
  vary:
    hardware:
      H100: {server.price: 290000, server: {gpus: 8}, configuration: {gpu_type: H100}}
      B200 SXM:
        server: {price: {value: 420000, low: 400000, source: quote}}
        configuration.gpu_type: B200
        hosting.per_server_year: 9000
        benchmark.where.gpu_type: [B200, B200-SXM]
    server.life_years: [3, 5]
"""


# --- which scenarios


def test_a_product_the_last_axis_varies_fastest(tmp_path: Path) -> None:
    found = load_all(tmp_path, RIGHT + HARDWARE)
    names = ("server.price", "configuration.gpu_type", "hosting.per_server_year", "server.life_years")
    assert values(found, *names) == [
        (290000, "H100", 3000, 3),
        (290000, "H100", 3000, 5),
        (420000, "B200", 9000, 3),
        (420000, "B200", 9000, 5),
    ]
    assert [one.name for one in found] == ["plan-H100-3", "plan-H100-5", "plan-B200-SXM-3", "plan-B200-SXM-5"]
    assert [one.title for one in found[1:3]] == ["plan: H100, Life 5", "plan: B200 SXM, Life 3"]
    assert found[3].variation == (
        "hardware = B200 SXM",
        "server.price = 420000",
        "configuration.gpu_type = B200",
        "hosting.per_server_year = 9000",
        "benchmark.where.gpu_type = B200+B200-SXM",
        "server.life_years = 5",
    )
    assert found[0].told == {}
    assert found[2].told == {"server.price": InputNotes(400000.0, None, "quote", "")}
    assert found[0].benchmark.where == {}
    assert found[2].benchmark.where == {"gpu_type": ("B200", "B200-SXM")}
    assert {one.benchmark.files for one in found} == {("points.csv",)}


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        ("server.price: {from: 250000, to: 400000, steps: 4}", [250000, 300000, 350000, 400000]),
        ("server.price: {from: 3, to: 1, steps: 3}", [3, 2, 1]),
        ("fleet.headroom: {from: 0.1, to: 0.3, steps: 3}", [0.1, 0.2, 0.3]),
        ("fleet.headroom: {from: 0, to: 1, steps: 11}", [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]),
        ("server.gpus: {from: 2, to: 8, steps: 4}", [2, 4, 6, 8]),
        ("service.max_ttft_ms: [~, 200]", [None, 200]),
        ("licence.basis: [gpu, flat]", ["gpu", "flat"]),
        ("configuration.engine: [vllm, any]", ["vllm", "any"]),
    ],
)
def test_the_values_of_an_axis(tmp_path: Path, axis: str, expected: list[object]) -> None:
    found = load_all(tmp_path, f"{RIGHT}matrix: {{vary: {{{axis}}}}}\n")
    assert [one.values[axis.partition(":")[0]] for one in found] == expected


def test_axes_of_the_benchmark(tmp_path: Path) -> None:
    vary = "{benchmark.where.isl: [~, 1000, [1, 2]], benchmark.files: [points.csv, other.csv]}"
    found = load_all(tmp_path, f"{RIGHT}matrix: {{vary: {vary}}}\n".replace("points.csv\n", "{files: points.csv}\n", 1))
    assert [(one.benchmark.files, one.benchmark.where) for one in found] == [
        ((file,), where) for where in ({}, {"isl": (1000,)}, {"isl": (1, 2)}) for file in ("points.csv", "other.csv")
    ]
    assert found[0].name == "plan-any-points.csv"
    assert found[4].name == "plan-1-2-points.csv"
    assert found[0].benchmark is not found[1].benchmark


def test_exclude_and_include(tmp_path: Path) -> None:
    found = load_all(
        tmp_path,
        RIGHT
        + HARDWARE
        + """\
  exclude:
    - {hardware: b200 sxm, server.life_years: 3.0}
  include:
    - {hardware: H100, server.life_years: 7}
    - {hardware: H100, server.life_years: 5, server.price: 1, fleet: {headroom: .5}, name: "{file}-cheap", title: Cheap}
""",
    )
    names = ("server.price", "server.life_years", "fleet.headroom")
    assert values(found, *names) == [(290000, 3, 0), (290000, 5, 0), (420000, 5, 0), (290000, 7, 0), (1, 5, 0.5)]
    assert [one.name for one in found[2:]] == ["plan-B200-SXM-5", "plan-H100-7", "plan-cheap"]
    assert [one.title for one in found[3:]] == ["plan: H100, Life 7", "Cheap"]
    assert found[4].variation[-2:] == ("server.price = 1", "fleet.headroom = 0.5")
    assert found[4].origins["server.price"][1:] == (26, 60), "what an include says wins over the label's"
    assert found[4].origins["server.life_years"] == found[1].origins["server.life_years"]


def test_names_and_titles_from_patterns(tmp_path: Path) -> None:
    text = f"""{RIGHT}title: Chat / 70B
matrix:
  name: "{{server.price}}.{{deal}}_{{file}}"
  title: "{{title}}: {{deal}} ({{server.gpus}} GPUs at {{server.price}})"
  vary: {{deal: {{"own, paid": {{}}, "rent/year": {{server.price: 0.5}}}}}}
"""
    found = load_all(tmp_path, text)
    assert [one.name for one in found] == ["320000.own-paid_plan", "0.5.rent-year_plan"]
    assert [one.title for one in found] == [
        "Chat / 70B: own, paid (8 GPUs at 320000)",
        "Chat / 70B: rent/year (8 GPUs at 0.5)",
    ]


def test_a_matrix_over_a_file_that_is_extended(tmp_path: Path) -> None:
    """What the labels give need not stand in any file; what they leave comes from the nearest."""
    (tmp_path / "base.yaml").write_text(
        RIGHT.replace("  price: 320000\n", "").replace("points.csv", "{files: points.csv}")
    )
    found = load_all(tmp_path, f"extends: base.yaml\nserver: {{gpus: 4}}\n{HARDWARE.replace('{gpus: 8}', '{}')}")
    assert values(found, "server.price", "server.gpus")[1:3] == [(290000, 4), (420000, 4)]
    assert {one.files for one in found} == {found[0].files}
    assert [name for name, _ in found[0].files] == ["plan.yaml", "base.yaml"]
    assert len({one.sha256 for one in found}) == len(found)


def test_each_scenario_has_a_digest_of_its_own_that_hangs_on_what_it_sets(tmp_path: Path) -> None:
    found = load_all(tmp_path, RIGHT + HARDWARE)
    file = hashlib.sha256((tmp_path / "plan.yaml").read_bytes()).hexdigest()
    assert found[0].files == (("plan.yaml", file),)
    assert len({file, *(one.sha256 for one in found)}) == 1 + len(found)
    assert [one.sha256 for one in load_all(tmp_path, RIGHT + HARDWARE)] == [one.sha256 for one in found]


def test_origins_tell_what_two_scenarios_share(tmp_path: Path) -> None:
    one, two, three, _ = load_all(tmp_path, RIGHT + HARDWARE, ["fleet.uptime=0.9"])
    assert one.origins["server.price"] == two.origins["server.price"]
    assert one.origins["server.price"][1:] == (15, 28)
    assert three.origins["server.price"][1:] == (17, 33)
    assert one.origins["hosting.per_server_year"][1] == 10
    assert one.origins["server.life_years"] == three.origins["server.life_years"] != two.origins["server.life_years"]
    assert one.origins["configuration.gpu_type"] != three.origins["configuration.gpu_type"]
    assert {each.origins["fleet.uptime"] for each in (one, two, three)} == {("--set", 0, 0)}


def test_the_values_of_a_range_have_different_origins_though_they_stand_at_one_place(tmp_path: Path) -> None:
    found = load_all(tmp_path, f"{RIGHT}matrix: {{vary: {{server.price: {{from: 1, to: 5, steps: 5}}}}}}\n")
    assert len({one.origins["server.price"] for one in found}) == 5
    assert {one.places["server.price"][0] for one in found} == {str(tmp_path / "plan.yaml")}
    assert found[2].places["server.price"][1:] == (12, 31)


def test_overrides_win_but_not_over_what_varies(tmp_path: Path) -> None:
    found = load_all(tmp_path, RIGHT + HARDWARE, ["workload.peak_rps=7"])
    assert values(found, "workload.peak_rps") == [(7,)] * 4
    include = "  include: [{hardware: H100, server.life_years: 9, fleet.headroom: 1}]\n"
    given = ["server.life_years=4", "server.price=1", "fleet.headroom=0", "workload.peak_rps=0.5"]
    with pytest.raises(BadInput) as caught:
        load_all(tmp_path, RIGHT + HARDWARE + include, given)
    plan = tmp_path / "plan.yaml"
    assert [(one.path, one.line, one.message) for one in caught.value.faults] == [
        ("--set", 0, f"{name}: is varied by the matrix of {plan} ({what}); give it in one place only.")
        for name, what in {
            "fleet.headroom": "include, line 22",
            "server.life_years": "axis server.life_years, line 21",
            "server.price": "axis hardware, line 14",
        }.items()
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_shipped_examples(path: Path) -> None:
    """They load, their names make files, and the first, the last and some between find their benchmark points."""
    found = load_scenarios([path], MODEL)
    assert len(found) == {"own-or-rent": 6, "thousand": 1201}[path.stem]
    assert len(path.read_text().splitlines()) <= 20
    for one in [*found[:: max(1, len(found) // 5)], found[-1]]:
        assert case_prepare.prepare_one(one, MODEL).selection.points, one.name
        assert re.fullmatch(r"[\w.-]+", one.name)


@pytest.mark.parametrize("setting", ["benchmark.where.gpu_type", "benchmark"])
def test_a_filter_that_no_point_fits_is_told_where_the_matrix_sets_it(tmp_path: Path, setting: str) -> None:
    base = shipped.ROOT / "scenarios" / "configurations.yaml"
    value = "H10" if "." in setting else "{where: {gpu_type: H10}}"
    text = f"extends: {base}\nmatrix:\n  vary:\n    deal:\n      own:\n      odd: {{{setting}: {value}}}\n"
    right, wrong = load_all(tmp_path, text)
    assert case_prepare.prepare_one(right, MODEL).selection.points
    with pytest.raises(BadInput) as caught:
        case_prepare.prepare_one(wrong, MODEL)
    [fault] = caught.value.faults
    assert (Path(fault.path).name, fault.line) == ("plan.yaml", 6)
    assert fault.message.startswith("benchmark.where: none of the 21 points fits.")


def test_scenarios_share_what_is_the_same(tmp_path: Path) -> None:
    """Twenty thousand of them must fit: each holds a few words of its own, not the inputs again."""
    vary = "{server.price: {from: 1, to: 500, steps: 500}, server.life_years: [1, 2, 3, 4]}"
    found = load_all(tmp_path, f"{RIGHT}matrix: {{vary: {vary}}}\n")
    assert len(found) == 2000
    seen: dict[int, int] = {}

    def weigh(one: object) -> None:
        if id(one) in seen or one is None or isinstance(one, type):
            return
        seen[id(one)] = sys.getsizeof(one)
        if isinstance(one, dict):
            held: list[object] = [*one.keys(), *one.values()]
        elif isinstance(one, (tuple, list)):
            held = [*one]
        else:
            slots = [name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())]
            held = [getattr(one, name) for name in slots if hasattr(one, name)] + [getattr(one, "__dict__", None)]
        for other in held:
            weigh(other)

    for one in found[:-500]:
        weigh(one)
    before = sum(seen.values())
    for one in found[-500:]:
        weigh(one)
    assert (sum(seen.values()) - before) / 500 < 2500


# --- whatever is written

NUMBERS = st.integers(1, 30).map(float)
AXES: Mapping[str, st.SearchStrategy[object]] = {
    "server.price": NUMBERS,
    "server.life_years": NUMBERS,
    "fleet.headroom": st.sampled_from([0.0, 0.25, 0.5]),
    "service.max_ttft_ms": st.none() | NUMBERS,
    "licence.basis": st.sampled_from(["server", "gpu", "flat"]),
    "configuration.engine": st.sampled_from(["vllm", "sglang"]),
}
BUNDLES = st.dictionaries(
    st.sampled_from(["own", "rent", "lease 2"]),
    st.fixed_dictionaries({}, optional={"workload.peak_rps": NUMBERS, "hosting.per_server_year": NUMBERS}),
    min_size=1,
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[dict[str, list[object]], dict[str, dict[str, object]]]:
    """Axes of inputs with their values, and one axis of bundles."""
    names = draw(st.lists(st.sampled_from([*AXES]), unique=True, max_size=3))
    return {name: draw(st.lists(AXES[name], unique=True, min_size=1, max_size=4)) for name in names}, draw(BUNDLES)


def rows_of(axes: Mapping[str, Sequence[object]]) -> st.SearchStrategy[list[dict[str, object]]]:
    """Partial combinations, each value that of its axis, or several of them."""
    one = {name: st.sampled_from(list(options)) for name, options in axes.items()}
    several = {name: st.lists(value, min_size=1, max_size=2, unique=True) for name, value in one.items()}
    parts = {name: one[name] | several[name] for name in axes}
    return st.lists(st.fixed_dictionaries({}, optional=parts).filter(bool), max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(plan=plans(), data=st.data())
def test_the_product_less_the_excluded_plus_the_included(
    tmp_path: Path, plan: tuple[dict[str, list[object]], dict[str, dict[str, object]]], data: st.DataObject
) -> None:
    axes, bundles = plan
    every: dict[str, Sequence[object]] = {**axes, "deal": [*bundles]}
    product = [dict(zip(every, row, strict=True)) for row in itertools.product(*every.values())]
    left, excludes = product, []
    for row in data.draw(rows_of(every)):
        wanted = {name: value if isinstance(value, list) else [value] for name, value in row.items()}
        after = [one for one in left if not all(one[name] in values for name, values in wanted.items())]
        if after and len(after) < len(left):  # an exclude that does nothing, or leaves nothing, is a fault
            left, excludes = after, [*excludes, row]
    further = [one for one in product if one not in left and data.draw(st.booleans())]
    matrix: dict[str, object] = {"vary": {**axes, "deal": bundles}}
    matrix |= {"exclude": excludes} if excludes else {}
    matrix |= {"include": further} if further else {}
    found = load_all(tmp_path, f"{RIGHT}matrix: {as_yaml(matrix)}\n")
    defaults = load_all(tmp_path, RIGHT)[0].values
    assert [dict(one.values) for one in found] == [
        {**defaults, **{name: one[name] for name in axes}, **bundles[str(one["deal"])]} for one in [*left, *further]
    ]
    assert len({one.name.casefold() for one in found}) == len(found)


# Choices of which some codes need further inputs, and inputs that may not be 1.
NOT_ALONE = ("performance.source", "workload.stated_as", "day.shape", "calendar.days_per_year", "rent.hours_per_month")
PLAIN_VALUES = {
    line.name: (
        st.sampled_from(line.codes)
        if isinstance(line, Choice) and not isinstance(line, Pick)
        else st.sampled_from(["a", "B 2"])
        if isinstance(line, Pick)
        else st.integers(1, 1)
    )
    for line in MODEL.inputs
    # 1 is no list of hours; a column is given with its table alone.
    if isinstance(line, Given) and (line.axis is None or line.axis.written == "series") and line.name not in NOT_ALONE
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.dictionaries(st.sampled_from([*PLAIN_VALUES]), st.none(), min_size=1, max_size=6).flatmap(
        lambda names: st.fixed_dictionaries({name: PLAIN_VALUES[name] for name in names})
    ),
    st.booleans(),
    st.booleans(),
)
def test_a_matrix_of_one_combination_is_the_same_values_written_plainly(
    tmp_path: Path, said: dict[str, object], bundled: bool, detailed: bool
) -> None:
    written = {name: {"value": value, "source": "me"} if detailed else value for name, value in said.items()}
    vary = {"only": {"one": written}} if bundled else {name: [value] for name, value in written.items()}
    [combined] = load_all(tmp_path, f"{RIGHT}matrix: {as_yaml({'vary': vary})}\n")
    sections: dict[str, dict[str, object]] = {}
    for name, item in {**plain_of(RIGHT), **written}.items():
        section, _, attribute = name.partition(".")
        sections.setdefault(section, {})[attribute] = item
    [plain] = load_all(tmp_path, f"{as_yaml({**sections, 'benchmark': 'points.csv'})}\n")
    assert (combined.values, combined.told) == (plain.values, plain.told)
    assert [*combined.values] == [*plain.values]
    assert set(combined.origins) == set(plain.origins)
    nowhere = {"line": 0, "column": 0, "places": {}}
    assert replace(combined.benchmark, **nowhere) == replace(plain.benchmark, **nowhere)  # type: ignore[arg-type]


def plain_of(text: str) -> dict[str, object]:
    """The inputs of a scenario text by their full names."""
    root: Located = parse_yaml(text, "plain")
    return {f"{section}.{name}": item.value for section, part in root.items() for name, item in part.items()}


WORDS = """vary exclude include name title hardware server.price server price from to steps benchmark.where.isl
benchmark where files licence.basis own configuration.engine value"""
KEYS = st.sampled_from(WORDS.split())
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 9)
    | st.floats()
    | st.sampled_from(["gpu", "own", "{file}", "{a", "x/y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ANYTHING | st.dictionaries(KEYS, ANYTHING) | st.fixed_dictionaries({"vary": st.dictionaries(KEYS, ANYTHING)}))
def test_any_matrix_is_read_or_refused(tmp_path: Path, tree: object) -> None:
    try:
        found = load_all(tmp_path, f"{RIGHT}matrix: {as_yaml(tree)}\n")
    except BadInput as bad:
        told = str(bad).splitlines()
    else:
        told = [one.name.casefold() for one in found]
        assert len(set(told)) == len(told)
    assert told


def test_tables_vary_whole_and_series_by_a_list_for_each_value(tmp_path: Path) -> None:
    tables = "extra: {some: {items: [{label: A, amount: 7}]}, none: {}}"
    found = load_all(tmp_path, f"{RIGHT}matrix: {{vary: {{{tables}, workload.growth: [0.5, [0.1, 0.2]]}}}}\n")
    amounts = [one.values["items.amount"] for one in found]
    assert [amount[0] if isinstance(amount, tuple) else amount for amount in amounts] == [7, 7, None, None]
    assert [one.values["workload.growth"] for one in found] == [0.5, (0.1, 0.2)] * 2
