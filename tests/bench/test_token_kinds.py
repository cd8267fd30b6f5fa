"""Kinds of lengths: grouped by what was asked for, else by nearness; typed in any way that means one of them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.token_kinds import is_near, kinds_of, ranges_of, resolved
from tco_xlsx.case.configuration import with_configuration
from tco_xlsx.case.points import figures, select, tokens_of
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.language.evaluate import Case, InputValue
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.load import load_scenarios


def _points(*lengths: tuple[float, float], **asked: float) -> list[Point]:
    return [
        Point(file=f"{place}.json", tool="vllm", isl=isl, osl=osl, **asked) for place, (isl, osl) in enumerate(lengths)
    ]


def test_lengths_of_one_data_set_that_differ_by_rounding_are_one_kind() -> None:
    assert kinds_of(_points((152.2, 121.4), (152.0, 122.6), (151.9, 122.0))) == ["152 / 121 to 123"] * 3


def test_a_sharegpt_sweep_is_one_kind() -> None:
    # Each load draws other requests of the data set.
    lengths = [(217 + 3.1 * step % 11, 184 + 5.3 * step % 14) for step in range(14)]
    assert len(set(kinds_of(_points(*lengths)))) == 1


def test_other_workloads_are_other_kinds() -> None:
    kinds = kinds_of(_points((1000, 200), (1002, 200), (1000, 800), (8000, 200)))
    assert kinds == ["1000 to 1002 / 200", "1000 to 1002 / 200", "1000 / 800", "8000 / 200"]


def test_what_was_asked_for_decides_over_what_was_measured() -> None:
    answered = _points((1003, 152), (1003, 200), isl_asked=1000, osl_asked=200)
    assert kinds_of(answered) == ["1000 / 200"] * 2
    # Measured alone, the same two are two.
    assert len(set(kinds_of(_points((1003, 152), (1003, 200))))) == 2


def test_what_is_measured_near_a_length_asked_for_is_of_its_kind() -> None:
    points = [*_points((1003, 200), isl_asked=1000, osl_asked=200), *_points((1010, 197), (1500, 197))]
    assert kinds_of(points) == ["1000 / 200", "1000 / 200", "1500 / 197"]


def test_lengths_asked_for_are_never_merged() -> None:
    points = [point for asked in (1000, 1024) for point in _points((1000, 200), isl_asked=asked, osl_asked=200)]
    assert kinds_of(points) == ["1000 / 200", "1024 / 200"]


def test_a_long_chain_of_near_lengths_is_several_kinds() -> None:
    kinds = kinds_of(_points(*((100 * 1.05**step, 200.0) for step in range(20))))
    for low, high in (ranges_of(str(kind))[0] for kind in set(kinds)):  # type: ignore[index]
        assert high <= low * 1.26


def test_one_length_asked_for_and_the_other_measured() -> None:
    assert kinds_of(_points((1004, 121), (1004, 123), isl_asked=1000)) == ["1000 / 121 to 123"] * 2


def test_points_without_a_length_have_no_kind() -> None:
    assert kinds_of([Point(file="a", tool="vllm", isl=100), *_points((100, 100))]) == [None, "100 / 100"]


def test_measured_lengths_are_named_when_nothing_was_asked_and_the_asked_ones_otherwise() -> None:
    assert tokens_of(Point(file="a", tool="vllm", isl=997, isl_asked=1000, osl=200)) == "1000 / 200"


@given(lengths=st.lists(st.tuples(st.floats(1, 5000), st.floats(1, 5000)), max_size=30), seed=st.integers(0, 99))
def test_kinds_do_not_depend_on_the_order_and_are_typeable(lengths: list[tuple[float, float]], seed: int) -> None:
    points = _points(*lengths)
    kinds = dict(zip((point.file for point in points), kinds_of(points), strict=True))
    shuffled = random.Random(seed).sample(points, len(points))
    assert dict(zip((point.file for point in shuffled), kinds_of(shuffled), strict=True)) == kinds
    held = [str(kind) for kind in dict.fromkeys(kinds.values())]
    for kind in held:
        assert ranges_of(kind)
        assert resolved(kind, held) == kind


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("152 / 122", "152 / 121 to 123"),
        ("152/121", "152 / 121 to 123"),
        ("152_123", "152 / 121 to 123"),
        ("152 / 119 to 121", "152 / 121 to 123"),  # an older range of it
        ("152 / 121 TO 123", "152 / 121 to 123"),
        ("1000x200", "1000 / 200"),
        ("152 / 130", None),
        ("900 / 200", None),
        ("long", None),
        ("100 to 2000 / 100 to 200", None),  # means both
    ],
)
def test_what_is_typed_names_the_kind_that_holds_it(asked: str, kind: str | None) -> None:
    assert resolved(asked, ["152 / 121 to 123", "1000 / 200"]) == kind


@pytest.mark.parametrize(
    ("kind", "near"),
    [
        ("1000 / 200", True),
        ("1100 / 200", True),
        ("1101 / 200", False),
        ("500 to 901 / 200", True),
        ("1000 / 260", False),
    ],
)
def test_a_workload_is_near_a_range_but_for_a_tenth(kind: str, near: bool) -> None:
    assert is_near(kind, 1000, 200) is near


_SCENARIO = """
benchmark: {files: rows.csv, facts: {gpus_per_instance: 1, gpu_type: H100}}
workload: {peak_rps: 100, average_rps: 40, input_tokens: 5000, output_tokens: 200}
server: {price: 320000, gpus: 8, life_years: 4}
hosting: {per_server_year: 20000}
"""
_ROWS = """isl,osl,concurrency,rps,latency_avg_ms
152,121.2,2,2,1000
152,122,4,4,1000
152,123.4,8,8,1000
1000,200,4,2,2000
"""


def _settled(folder: Path, more: str = "") -> dict[str, InputValue]:
    (folder / "rows.csv").write_text(_ROWS)
    (folder / "s.yaml").write_text(_SCENARIO + more)
    (scenario,) = load_scenarios([folder / "s.yaml"], MODEL)
    selection = select(scenario)
    points = [figures(point, (), kind) for point, kind in zip(selection.points, selection.kinds, strict=True)]
    return dict(with_configuration(MODEL, Case.of_points("s", scenario.values, points), scenario).values)


def test_a_scenario_chooses_a_kind_by_any_pair_within_it(tmp_path: Path) -> None:
    for typed in ("152 / 122", "152 / 121 to 123", "152/123"):
        values = _settled(tmp_path, f"configuration: {{tokens: {typed}}}\n")
        assert values["configuration.tokens"] == "152 / 121 to 123"


def test_several_kinds_show_the_line_to_type(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        _settled(tmp_path)
    (fault,) = caught.value.faults
    assert "the points are of 2 kinds (152 / 121 to 123, 1000 / 200)" in fault.message
    assert fault.message.endswith('For instance: `configuration: {tokens: "152 / 121 to 123"}`.')
    # The line does what it says.
    assert _settled(tmp_path, 'configuration: {tokens: "152 / 121 to 123"}\n')


def test_a_kind_that_is_not_there_shows_the_line_to_type(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        _settled(tmp_path, 'configuration: {tokens: "8000 / 9"}\n')
    assert "`configuration: {tokens:" in caught.value.faults[0].message
