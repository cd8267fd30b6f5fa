"""A sweep gives at every combination what `evaluate` gives of the scenario with those values, bit by bit."""

from __future__ import annotations

import itertools
import os
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tco_xlsx.analysis.sweep import combinations as sweeping
from tco_xlsx.analysis.sweep.combinations import Sweep
from tco_xlsx.analysis.sweep.plan import KEY_LINES, results_of
from tco_xlsx.analysis.sweep.vary import Varied, parse_vary, settle
from tco_xlsx.case.configuration import with_configuration
from tco_xlsx.case.prepare import prepare
from tco_xlsx.documents.errors import BadInput, BrokenModel, Fault
from tco_xlsx.language.evaluate import Case, Values, evaluate, line_array
from tco_xlsx.language.expression import beaten, best_up_to, known, total, where
from tco_xlsx.language.lines import Choice, Given, Line, Pick, choice, line, measured
from tco_xlsx.language.lines import given as given_line
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.inputs import InputScalar
from tests.support import shipped
from tests.support.axes import YEAR
from tests.support.outlook import YEARLY, Outlook
from tests.support.yearly import TOY

WORKBOOK = shipped.ROOT / "scenarios" / "nvidia-workbook.yaml"
CONFIGURATIONS = shipped.ROOT / "scenarios" / "configurations.yaml"
EXAMPLES = int(os.environ.get("SWEEP_EXAMPLES", "16"))

#: Limits that leave some points, none, or all; loads that need a fraction of a server, and one that is next to nothing.
TELLING: dict[str, tuple[InputScalar, ...]] = {
    "service.max_ttft_ms": (None, 1.0, 120.0, 390.5, 1e6),
    "service.max_itl_ms": (None, 0.5, 12.0, 30.0),
    "service.max_latency_ms": (None, 900.0, 5000.0),
    "workload.peak_rps": (1e-12, 0.5, 33.3, 1e4),
    "workload.input_tokens": (200.0, 1000.0, 1985.0, 2000.0, 7777.0),
    "workload.output_tokens": (1.0, 200.0, 400.0, 1000.0),
    "performance.manual_rps": (None, 0.1, 7.0),
    "performance.manual_gpus": (None, 1.0, 3.0, 16.0),
    "licence.gpus_per_server": (None, 0.0, 4.0),
    "reference.price_1m_input": (None, 0.0, 1.25),
}


def values_for(asked: Given, case: Case) -> st.SearchStrategy[InputScalar]:
    """Values that an input may take."""
    if isinstance(asked, Choice):
        return st.sampled_from(case.codes(asked))
    if asked.name in TELLING:
        return st.sampled_from(TELLING[asked.name])
    low = asked.above if asked.above is not None else asked.at_least
    least, most = 0.0 if low is None else low, 1e6 if asked.at_most is None else asked.at_most
    if asked.integer:
        return st.integers(int(least), int(min(most, 32))).map(float)
    return st.floats(least, most, exclude_min=asked.above is not None, allow_subnormal=False)


@st.composite
def sweeps(draw: st.DrawFn) -> tuple[str, list[Varied]]:
    """A shipped scenario, and one to three of its inputs with a few values each."""
    path = draw(st.sampled_from(shipped.SCENARIOS))
    case = shipped.prepared(path).case
    favoured = st.sampled_from([one for one in MODEL.inputs if one.name in TELLING or isinstance(one, Pick)])
    inputs = draw(
        st.lists(st.sampled_from(MODEL.inputs) | favoured, min_size=1, max_size=3, unique_by=lambda one: one.name)
    )
    most = 2 if len(inputs) > 1 else 4
    return path.name, [
        Varied(one, tuple(draw(st.lists(values_for(one, case), min_size=1, max_size=most, unique=True))))
        for one in inputs
    ]


def rows_of(sweep: Sweep, lines: Sequence[Line]) -> list[list[str]]:
    """Every row of a sweep, numbers with all their bits."""
    rows: list[list[str]] = []
    for stretch in sweep.stretches():
        columns: list[list[str]] = []
        for one in lines:
            cells = stretch.cells(one)
            places = range(stretch.count) if cells.places is None else cells.places
            columns.append([_bits(cells.values[int(place)]) for place in places])
        rows += [list(row) for row in zip(*columns, strict=True)]
    return rows


def row_of(values: Values, lines: Sequence[Line]) -> list[str]:
    return [_bits(values.code(one) if isinstance(one, Choice) else values.value(one)) for one in lines]


def _bits(value: object) -> str:
    if isinstance(value, str):
        return value
    return "none" if value is None or value != value else float(value).hex()  # type: ignore[arg-type]


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(sweeps(), st.integers(1, 200_000), st.sampled_from((0, 40, 2_000, 8_000_000)), st.booleans())
def test_every_row_is_what_evaluate_says_of_it(
    made: tuple[str, list[Varied]], at_a_time: int, to_keep: int, everything: bool
) -> None:
    name, varied = made
    prepared = shipped.prepared(shipped.ROOT / "scenarios" / name)
    lines = results_of(MODEL) if everything else [MODEL.by_name[name] for name in KEY_LINES]
    names = [one.line.name for one in varied]
    expected: list[list[str]] = []
    refused: set[str] = set()
    unsettled: set[str] = set()
    for combination in itertools.product(*(one.values for one in varied)):
        told = {**prepared.scenario.values, **dict(zip(names, combination, strict=True))}
        try:
            case = with_configuration(MODEL, replace(prepared.case, values=told), prepared.scenario)
        except BadInput as bad:
            unsettled.update(fault.message for fault in bad.faults)
            continue
        try:
            values = evaluate(MODEL, [case])
        except BrokenModel as broken:
            refused.add(str(broken).partition(":")[0].partition(" ")[0])
            values = evaluate(MODEL, [case], keep_errors=True)
        expected.append(row_of(values, lines))
    faults: list[Fault] = []
    exact, followers = settle(varied, MODEL, prepared.scenario, prepared.case, faults)
    assert len(faults) == len(unsettled)
    if unsettled:
        assert all(any(message in fault.message for fault in faults) for message in unsettled)
        return
    sweep = Sweep(MODEL, prepared.case, exact, lines, followers, at_a_time, to_keep)
    if refused & sweep.needed:
        with pytest.raises(BrokenModel) as caught:
            rows_of(sweep, lines)
        assert str(caught.value).partition(":")[0].partition(" ")[0] in refused
    else:
        assert rows_of(sweep, lines) == expected


def swept(flags: Sequence[str], names: Sequence[str] = KEY_LINES, scenario: str = WORKBOOK.name) -> Sweep:
    prepared = shipped.prepared(shipped.ROOT / "scenarios" / scenario)
    faults: list[Fault] = []
    varied = parse_vary(flags, (), MODEL, faults)
    assert faults == []
    exact, followers = settle(varied, MODEL, prepared.scenario, prepared.case, faults)
    assert faults == []
    return Sweep(MODEL, prepared.case, exact, [MODEL.by_name[name] for name in names], followers)


def test_the_last_flag_varies_fastest() -> None:
    sweep = swept(["server.price=1:3:3", "licence.basis=gpu,flat"], ["server.price", "licence.basis"])
    assert [sweep.inputs_of(row) for row in (0, 1, 5)] == [
        {"server.price": 1.0, "licence.basis": "gpu"},
        {"server.price": 1.0, "licence.basis": "flat"},
        {"server.price": 3.0, "licence.basis": "flat"},
    ]
    rows = rows_of(sweep, sweep.asked)
    assert rows[2] == [(2.0).hex(), "gpu"]


def test_what_nobody_asked_for_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line over few combinations is computed over those alone, whatever the number of rows."""
    seen: dict[str, list[int]] = {}

    def spied(one: Line, values: Values) -> object:
        array = line_array(one, values)
        seen.setdefault(one.name, []).append(array.shape[0])
        return array

    monkeypatch.setattr(sweeping, "line_array", spied)
    sweep = swept(["server.price=1:400:400", "service.max_ttft_ms=,100,300"], ["cost.total_year"])
    seen.clear()
    list(sweep.stretches())
    assert seen["points.rps_per_gpu"] == [1]
    assert seen["points.ttft_verdict"] == [3]
    assert seen["fleet.servers"] == [3]
    assert seen["cost.depreciation_server"] == [400]
    assert seen["cost.total_year"] == [1200]
    assert "points.frontier" not in seen
    assert "unit_cost.per_1m_tokens" not in seen


def test_an_error_names_the_combination() -> None:
    """A load of next to nothing needs no server, and a licence cannot be spread over none."""
    flags = ["server.price=1,2", "workload.peak_rps=1,1e-12", "fleet.rounding=exact,whole"]
    with pytest.raises(BrokenModel) as caught:
        list(swept(flags).stretches())
    told = str(caught.value)
    assert told.startswith("cost.licence_server: no number in scenario")
    assert "server.price = 1, workload.peak_rps = 1e-12, fleet.rounding = whole" in told
    assert "Servers is 0" in told
    list(swept(flags, ["fleet.load_rps", "fleet.servers"]).stretches())


def test_memory_does_not_grow_with_the_combinations() -> None:
    def peak(prices: int) -> int:
        flags = [f"server.price=1:{prices}:{prices}", "service.max_ttft_ms=1:400:40", "service.max_itl_ms=1:40:10"]
        sweep = swept(flags)
        sweep._at_a_time = 1_000_000
        tracemalloc.start()
        counted.append(0)
        for stretch in sweep.stretches():
            counted[-1] += 1
            stretch.cells(sweep.asked[0])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    counted: list[int] = []
    assert peak(16) < 1.5 * peak(2)
    few, many = sorted(counted)
    assert many > 6 * few > 6


class Asked(Section):
    """What is asked for."""

    title = "Asked"

    load = given_line("Load", "1")
    limit = given_line("Limit", "1", optional=True)
    basis = choice("Basis", {"all": "all of it", "half": "half of it"}, "all")
    growth = given_line("Growth", "1", axis=YEAR)


class Rows(Section):
    """Measured rows, and a line that compares each with each."""

    title = "Rows"

    speed = measured("Speed", "1")
    scaled = line("Scaled", "1", speed * Asked.load)
    best = line("Best", "1", best_up_to(scaled, speed, scaled))
    passed = line("Passed", "1", beaten(speed, scaled), when=known(speed))
    grown = line("Grown", "1", Asked.growth * Asked.load)
    summed = line("Sum", "1", total(grown) + total(best) + total(passed))
    flat = line("Flat", "1", where(Asked.load > 1, summed, 0))


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=5, unique=True),
    st.lists(st.none() | st.floats(0, 100), max_size=20),
    st.integers(1, 3_000),
)
def test_lines_that_compare_points_and_lines_by_years(
    loads: list[float], speeds: list[float | None], at_a_time: int
) -> None:
    model = Model(Asked, Rows)
    growth = [1.0, 0.1, 0.3]
    asked = {"asked.load": 1.0, "asked.limit": None, "asked.basis": "all", "asked.growth": growth}
    base = Case.of_points("Base", asked, [{"speed": speed} for speed in speeds])
    lines = [Rows.summed, Rows.flat]
    varied = [Varied(Asked.load, tuple(loads)), Varied(Asked.limit, (None, 1.0))]
    expected = [
        row_of(evaluate(model, [replace(base, values={**base.values, "asked.load": load})]), lines)
        for load in loads
        for _ in range(2)
    ]
    assert rows_of(Sweep(model, base, varied, lines, (), at_a_time), lines) == expected


def test_a_base_with_series_and_a_series_that_is_varied() -> None:
    """One number for all years at a time; the rows are those of `evaluate`, and a column of a table cannot vary."""
    overrides = ("outlook.growth=[0.5, 1]", "outlook.fee=[10, 20, 30]")
    (one,) = prepare([shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"], YEARLY, overrides)
    faults: list[Fault] = []
    flags = ["outlook.fee=0,5", "server.price=1:2:2", "outlook.horizon_years=2,10"]
    varied = parse_vary(flags, (), YEARLY, faults)
    assert faults == []
    lines = [Outlook.paid]
    expected = []
    for fee, price, years in itertools.product((0.0, 5.0), (1.0, 2.0), (2.0, 10.0)):
        inputs = {"outlook.fee": fee, "server.price": price, "outlook.horizon_years": years}
        expected.append(row_of(evaluate(YEARLY, [replace(one.case, values={**one.case.values, **inputs})]), lines))
    assert rows_of(Sweep(YEARLY, one.case, varied, lines, (), 100), lines) == expected
    parse_vary(["items.amount=1,2"], (), TOY, faults)
    assert {fault.message for fault in faults} == {"items.amount: is a column; write `items:` as a list of rows."}
