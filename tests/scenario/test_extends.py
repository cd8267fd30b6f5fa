"""`extends`: what a scenario takes from the files that it builds on, where each thing is written, and what is told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.inheritance import LONGEST_CHAIN, Lineage
from tco_xlsx.scenario.inputs import Entry
from tco_xlsx.scenario.load import Scenario, load_scenarios
from tco_xlsx.scenario.parsed import Statement
from tests.scenario.test_scenario import RIGHT
from tests.support import shipped

BASE = """\
title: The base
notes: of the base
currency: CNY
workload: {peak_rps: 100, input_tokens: 1000, output_tokens: {value: 200, low: 100, source: survey}}
server: {price: {value: 320000, low: 300000, high: 350000, source: quote}, gpus: 8, life_years: 4}
hosting: {per_server_year: 3000}
benchmark:
  files: points.csv
  where: {model: llama, isl: 1000}
  facts: {gpus_per_instance: 2}
  accept: points.csv#2
"""


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("points.csv", "lib/points.csv", "own.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def load(folder: Path, child: str, overrides: tuple[str, ...] = (), **others: str) -> Scenario:
    """A child of base.yaml, and other files by the stems of their names."""
    write(folder, {"base.yaml": BASE, "child.yaml": child} | {f"{name}.yaml": text for name, text in others.items()})
    [scenario] = load_scenarios([folder / "child.yaml"], MODEL, overrides)
    return scenario


def faults(folder: Path, *names: str) -> list[str]:
    """Every fault of some files together, with its file and place."""
    with pytest.raises(BadInput) as caught:
        load_scenarios([folder / name for name in names], MODEL)
    return [
        f"{one.path} {one.line}:{one.column} {one.message}".replace(f"{folder}/", "").replace(str(folder), "FOLDER")
        for one in caught.value.faults
    ]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- what is taken over


def test_an_input_of_the_child_replaces_the_base_s_wholly(tmp_path: Path) -> None:
    scenario = load(tmp_path, "extends: base.yaml\nserver: {price: 5, life_years: {value: 3, note: mine}}\n")
    assert (scenario.values["server.price"], scenario.values["server.life_years"]) == (5, 3)
    assert scenario.values["server.gpus"] == 8
    assert "server.price" not in scenario.told, "the base's range and source are of the base's value"
    assert scenario.told["server.life_years"].note == "mine"
    assert scenario.told["workload.output_tokens"].source == "survey"


def test_the_currency_is_inherited_the_title_and_the_notes_are_not(tmp_path: Path) -> None:
    scenario = load(tmp_path, "extends: base.yaml\n")
    assert (scenario.name, scenario.title, scenario.notes, scenario.currency) == ("child", "child", (), "CNY")
    scenario = load(tmp_path, "extends: base.yaml\ntitle: Mine\nnotes: of mine\ncurrency: EUR\n")
    assert (scenario.title, scenario.notes, scenario.currency) == ("Mine", ("of mine",), "EUR")


@pytest.mark.parametrize(
    ("written", "files", "where", "facts", "accept"),
    [
        ("", ["points.csv"], {"model": ("llama",), "isl": (1000,)}, {"gpus_per_instance": 2}, ("points.csv#2",)),
        (
            "benchmark: {where: {isl: [1, 2], osl: 5}, accept: [], facts: {model: x}}",
            ["points.csv"],
            {"model": ("llama",), "isl": (1, 2), "osl": (5,)},
            {"gpus_per_instance": 2, "model": "x"},
            (),
        ),
        ("benchmark: own.csv", ["own.csv"], {"model": ("llama",), "isl": (1000,)}, {"gpus_per_instance": 2}, None),
        ("benchmark:", ["points.csv"], {"model": ("llama",), "isl": (1000,)}, {"gpus_per_instance": 2}, None),
        ("benchmark: {where: {model: }, facts: {gpus_per_instance: ~}}", ["points.csv"], {"isl": (1000,)}, {}, None),
    ],
    ids=["all", "key by key", "short", "nothing said", "dropped"],
)
def test_the_benchmark_merges_key_by_key(
    tmp_path: Path, written: str, files: object, where: object, facts: object, accept: object
) -> None:
    source = load(tmp_path, f"extends: base.yaml\n{written}\n").benchmark
    assert [*source.files] == files
    assert (source.where, source.facts) == (where, facts)
    assert accept is None or source.accept == accept


def test_benchmark_files_stay_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    base = BASE.replace("points.csv\n", "[points.csv, ../runs/*.csv, /abs/x*.csv]\n", 1)
    write(tmp_path, {"lib/base.yaml": base, "a/b/child.yaml": "extends: ../../lib/base.yaml\n", "runs/one.csv": ""})
    [scenario] = load_scenarios([tmp_path / "a" / "b" / "child.yaml"], MODEL)
    assert scenario.benchmark.files == ("../../lib/points.csv", "../../runs/*.csv", "/abs/x*.csv")
    assert scenario.lineage == (tmp_path / "a" / "b" / "child.yaml", tmp_path / "lib" / "base.yaml")
    assert scenario.files == (
        ("child.yaml", digest(tmp_path / "a" / "b" / "child.yaml")),
        ("../../lib/base.yaml", digest(tmp_path / "lib" / "base.yaml")),
    )


def test_behind_a_symbolic_link_the_files_are_still_found(tmp_path: Path) -> None:
    """`link/../runs` is beside the folder that the link leads to, not beside the link."""
    base = BASE.replace("points.csv\n", "../runs/one.csv\n", 1)
    write(tmp_path, {"far/lib/base.yaml": base, "far/runs/one.csv": "", "near/child.yaml": "extends: link/base.yaml\n"})
    (tmp_path / "near" / "link").symlink_to(tmp_path / "far" / "lib")
    [scenario] = load_scenarios([tmp_path / "near" / "child.yaml"], MODEL)
    [file] = scenario.benchmark.files
    assert (tmp_path / "near" / file).resolve() == tmp_path / "far" / "runs" / "one.csv"


def test_a_workbook_of_a_child_elsewhere_tells_the_same_of_its_benchmark(tmp_path: Path) -> None:
    """Points, their labels and the files' digests do not hang on where the child lies."""
    for name, child in {"near.yaml": "scenarios", "deep/er/far.yaml": "../../scenarios"}.items():
        write(tmp_path, {name: f"extends: {child}/aiperf-sweep.yaml\n"})
    (tmp_path / "scenarios").symlink_to(shipped.ROOT / "scenarios")
    parent = shipped.prepared(shipped.ROOT / "scenarios" / "aiperf-sweep.yaml")
    for name, folder in {"near.yaml": "scenarios", "deep/er/far.yaml": "../../scenarios"}.items():
        (child,) = case_prepare.prepare([tmp_path / name], MODEL)
        assert child.case.axes == parent.case.axes
        assert [point.label for point in child.selection.points] == [point.label for point in parent.selection.points]
        assert child.selection.files == [(f"{folder}/{file}", digest) for file, digest in parent.selection.files]


def test_chains_the_nearest_file_wins(tmp_path: Path) -> None:
    middle = "extends: base.yaml\nserver: {price: 2, life_years: 2}\ncurrency: GBP\nbenchmark: {where: {isl: 7}}\n"
    scenario = load(tmp_path, "extends: middle.yaml\nserver: {price: 1}\nbenchmark: {where: {osl: 8}}\n", middle=middle)
    assert [scenario.values[f"server.{name}"] for name in ("price", "life_years", "gpus")] == [1, 2, 8]
    assert scenario.currency == "GBP"
    assert scenario.benchmark.where == {"model": ("llama",), "isl": (7,), "osl": (8,)}
    assert [path.name for path in scenario.lineage] == ["child.yaml", "middle.yaml", "base.yaml"]


def test_a_base_may_be_incomplete_the_whole_may_not(tmp_path: Path) -> None:
    write(tmp_path, {"half.yaml": RIGHT.replace("  price: 320000\n", "").replace("benchmark: points.csv\n", "")})
    write(tmp_path, {"child.yaml": "extends: half.yaml\nserver: {price: 1}\nbenchmark: points.csv\n"})
    [scenario] = load_scenarios([tmp_path / "child.yaml"], MODEL)
    assert scenario.values["server.price"] == 1
    write(tmp_path, {"child.yaml": "extends: half.yaml\nserver: {life_years: 3}\n"})
    assert faults(tmp_path, "child.yaml") == [
        "child.yaml 1:1 benchmark: is missing; give its files, or set performance.source: manual with manual_rps and"
        " manual_gpus.",
        'child.yaml 2:1 server.price: is missing; "Price" has no default.',
    ]


def test_an_emptied_input_does_not_fall_back_to_the_base(tmp_path: Path) -> None:
    child = "extends: middle.yaml\nservice: {max_ttft_ms: }\n"
    assert load(tmp_path, child, middle="extends: base.yaml\nservice: {max_ttft_ms: 250}\n").values[
        "service.max_ttft_ms"
    ] is None  # fmt: skip


# --- where it is written


def test_origins_tell_inherited_inputs_from_overridden_ones(tmp_path: Path) -> None:
    child = load(tmp_path, "extends: base.yaml\nserver: {price: 320000}\n", ("server.gpus=4",))
    sister = load(tmp_path, "extends: base.yaml\n")
    [base] = load_scenarios([tmp_path / "base.yaml"], MODEL)
    base_file = str(tmp_path / "base.yaml")
    assert child.origins["workload.peak_rps"] == sister.origins["workload.peak_rps"] == (base_file, 4, 22)
    assert base.origins == sister.origins
    assert child.origins["server.price"] == (str(tmp_path / "child.yaml"), 2, 17), "the same number, written anew"
    assert child.origins["server.gpus"] == ("--set", 0, 0)
    assert child.origins["workload.output_tokens"] == (base_file, 4, 70), "where the value stands, not its key"
    assert "fleet.headroom" not in child.origins
    assert set(base.origins) == {
        *(f"workload.{name}" for name in ("peak_rps", "input_tokens", "output_tokens")),
        *(f"server.{name}" for name in ("price", "gpus", "life_years")),
        "hosting.per_server_year",
    }


def test_origins_are_the_same_however_the_file_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"base.yaml": BASE, "a/one.yaml": "extends: ../base.yaml\n", "b/two.yaml": "extends: link.yaml\n"})
    (tmp_path / "b" / "link.yaml").symlink_to("../base.yaml")
    (tmp_path / "b" / "points.csv").touch()
    monkeypatch.chdir(tmp_path)
    one, two = load_scenarios([Path("a/one.yaml"), tmp_path / "b" / "two.yaml"], MODEL)
    assert one.origins == two.origins
    assert one.places["server.gpus"] == ("base.yaml", 5, 82)
    assert one.lineage == (Path("a/one.yaml"), Path("base.yaml"))


def test_the_digest_is_of_all_files_and_of_one_alone_its_own(tmp_path: Path) -> None:
    child = load(tmp_path, "extends: base.yaml\r\n")
    [base] = load_scenarios([tmp_path / "base.yaml"], MODEL)
    assert base.sha256 == digest(tmp_path / "base.yaml")
    assert base.files == (("base.yaml", base.sha256),)
    assert child.files[0][1] == digest(tmp_path / "child.yaml")
    assert child.sha256 not in (base.sha256, child.files[0][1])
    (tmp_path / "base.yaml").write_text(f"{BASE}# changed\n")
    [changed] = load_scenarios([tmp_path / "child.yaml"], MODEL)
    assert changed.sha256 != child.sha256


# --- what is refused

EXTENDS = {
    "missing": (
        {"child.yaml": "extends: bas.yaml\n"},
        ["child.yaml 1:10 extends: bas.yaml is not there (looked in FOLDER). Did you mean base.yaml?"],
    ),
    "missing below": (
        {"child.yaml": "extends: middle.yaml\n", "middle.yaml": "title: x\nextends: gone/gone.yaml\n"},
        ["middle.yaml 2:10 extends: gone/gone.yaml is not there (looked in FOLDER)."],
    ),
    "no name that a file can have": (
        {"child.yaml": 'extends: "a\\0b"\n'},
        ["child.yaml 1:10 holds the character U+0000, which no workbook can hold; remove it."],
    ),
    "a folder": (
        {"child.yaml": "extends: lib\n"}, ["child.yaml 1:10 extends: lib is a folder; give the name of one file."],
    ),
    "a list": (
        {"child.yaml": "extends: [base.yaml, base.yaml]\n"},
        ["child.yaml 1:10 extends: a list cannot be extended; give the name of one file, such as base.yaml."],
    ),
    "a mapping": (
        {"child.yaml": "extends: {file: base.yaml}\n"},
        ["child.yaml 1:10 extends: a mapping cannot be extended; give the name of one file, such as base.yaml."],
    ),
    "a number": (
        {"child.yaml": "extends: 3\n"},
        ["child.yaml 1:10 extends: 3 cannot be extended; give the name of one file, such as base.yaml."],
    ),
    "nothing": (
        {"child.yaml": "extends:\n"},
        ["child.yaml 1:9 extends: is empty; give the name of one file, such as base.yaml."],
    ),
    "itself": (
        {"child.yaml": "extends: ./child.yaml\n"},
        ["child.yaml 1:10 extends: goes round in a circle: child.yaml > child.yaml; take one of these `extends` out."],
    ),
    "a circle": (
        {"child.yaml": "extends: lib/b.yaml\n", "lib/b.yaml": "extends: ../c.yaml\n",
         "c.yaml": "title: x\nextends: lib/b.yaml\n"},
        ["c.yaml 2:10 extends: goes round in a circle: c.yaml > lib/b.yaml > c.yaml; take one of these `extends` out."],
    ),
    "a base with a matrix": (
        {"child.yaml": "title: x\nextends: many.yaml\n",
         "many.yaml": "extends: base.yaml\nmatrix: {vary: {server.price: [1, 2]}}\n"},
        ["child.yaml 2:10 extends: many.yaml holds a matrix; extend a file without one."],
    ),
    "misspelt": (
        {"child.yaml": "extend: base.yaml\n"}, ["child.yaml 1:1 extend: no such section. Did you mean extends?"],
    ),
    "not YAML": (
        {"child.yaml": "extends: middle.yaml\nserver: {prize: 1}\n", "middle.yaml": "a: [1\n"},
        ["child.yaml 2:10 server.prize: no such input. Did you mean server.price?",
         "middle.yaml 2:1 not valid YAML: did not find expected ',' or ']'."],
    ),
    "every fault of every file": (
        {"child.yaml": "extends: middle.yaml\nserver: {gpus: 8.5}\nfleet: {headrom: 1}\n",
         "middle.yaml": "extends: third.yaml\ntitle: [a]\nnotes: {a: b}\nserver: {gpus: 0}\n",
         "third.yaml": f"{BASE}zebras: 1\nfleet: {{uptime: 2}}\n".replace("CNY", "yuan")},
        ["child.yaml 2:16 server.gpus: 8.5 is not a whole number.",
         "child.yaml 3:9 fleet.headrom: no such input. Did you mean fleet.headroom?",
         "middle.yaml 2:8 title: expected a text.",
         "middle.yaml 3:8 notes: expected a text.",
         "middle.yaml 4:16 server.gpus: 0 is not allowed; it must be 1 or more.",
         'third.yaml 3:11 currency: "yuan" is not three capital letters, such as USD or CNY.',
         "third.yaml 12:1 zebras: no such section. There are extends, title, notes, currency, benchmark, matrix,"
         " workload, service, configuration, performance, server, hosting, licence, calendar, day, fleet, reference,"
         " unit_cost, timeline, depreciation, network, storage, racks, power, colocation, running, maintenance,"
         " bandwidth, staff, setup and 11 more.",
         "third.yaml 13:17 fleet.uptime: 2 is not allowed; it must be above 0 up to 1."],
    ),
    "a benchmark that is not there, of the base": (
        {"child.yaml": "extends: lib/base.yaml\n", "lib/base.yaml": BASE.replace("points.csv\n", "gone.csv\n", 1)},
        ["lib/base.yaml 8:10 benchmark.files: gone.csv is not there (looked in lib)."],
    ),
    "a filter that is empty, where there is nothing to inherit": (
        {"child.yaml": BASE.replace("isl: 1000", "isl: ")},
        ["child.yaml 9:30 benchmark.where.isl: expected a value or a list of values."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EXTENDS)
def test_what_is_told(case: str, tmp_path: Path) -> None:
    files, expected = EXTENDS[case]
    write(tmp_path, {"base.yaml": BASE} | files)
    assert faults(tmp_path, "child.yaml") == expected


def test_a_fault_of_a_base_is_told_once_for_all_its_children(tmp_path: Path) -> None:
    children = {f"{name}.yaml": "extends: base.yaml\n" for name in "pqr"}
    write(tmp_path, {"base.yaml": BASE.replace("gpus: 8", "gpus: x"), **children})
    assert faults(tmp_path, "base.yaml", *children) == ['base.yaml 5:82 server.gpus: "x" is not a number.']


def test_a_circle_is_one_fault_wherever_it_is_entered(tmp_path: Path) -> None:
    names = ["a.yaml", "b.yaml", "c.yaml"]
    following = dict(zip(names, [*names[1:], names[0]], strict=True))
    write(tmp_path, {name: f"extends: {other}\n" for name, other in following.items()})
    write(tmp_path, {"outside.yaml": "extends: b.yaml\n"})
    [told] = faults(tmp_path, *names, "outside.yaml")
    assert "a.yaml > b.yaml > c.yaml > a.yaml" in told


def test_a_chain_ends_somewhere(tmp_path: Path) -> None:
    write(tmp_path, {f"s{number}.yaml": f"extends: s{number + 1}.yaml\n" for number in range(1, LONGEST_CHAIN)})
    write(tmp_path, {"s0.yaml": "extends: s1.yaml\n", f"s{LONGEST_CHAIN}.yaml": BASE})
    assert len(load_scenarios([tmp_path / "s1.yaml"], MODEL)[0].lineage) == LONGEST_CHAIN
    assert faults(tmp_path, "s0.yaml") == [
        f"s{LONGEST_CHAIN - 1}.yaml 1:10 extends: is the end of a chain of {LONGEST_CHAIN} files; shorten it."
    ]


def test_a_pick_that_no_point_holds_is_told_where_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "scenarios").symlink_to(shipped.ROOT / "scenarios")
    middle = "extends: scenarios/configurations.yaml\nconfiguration: {gpu_type: H10}\n"
    write(tmp_path, {"middle.yaml": middle, "child.yaml": "extends: middle.yaml\n"})
    with pytest.raises(BadInput) as caught:
        case_prepare.prepare([tmp_path / "child.yaml"], MODEL)
    [fault] = caught.value.faults
    assert (Path(fault.path).name, fault.line, fault.column) == ("middle.yaml", 2, 27)


# --- merging

NAMES = st.sampled_from(["server.price", "server.gpus", "benchmark.files", "benchmark.where.isl", "currency"])
SAID = st.dictionaries(NAMES, st.integers().map(Entry), max_size=5)


def statement(entries: Mapping[str, Entry]) -> Statement:
    from tco_xlsx.documents.located_yaml import FileName

    nothing: frozenset[str] = frozenset()
    return Statement(FileName("x", "x"), "", entries, {}, "", (), nothing, nothing, ())


@given(st.lists(SAID, min_size=1, max_size=5), st.data())
def test_merging_is_associative(said: list[dict[str, Entry]], data: st.DataObject) -> None:
    """A chain says the same when neighbours in it are first made into one file; in each, the nearest wins."""
    cut = data.draw(st.integers(0, len(said) - 1))
    end = data.draw(st.integers(cut, len(said) - 1)) + 1

    def together(some: list[dict[str, Entry]]) -> dict[str, Entry]:
        return Lineage([statement(one) for one in some], (), True).entries

    assert together([*said[:cut], together(said[cut:end]), *said[end:]]) == together(said)
    assert together(said) == reduce(lambda near, far: {**far, **near}, said)
