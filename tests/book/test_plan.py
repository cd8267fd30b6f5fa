"""The plan: every cell as engines compute it, the headline names the cheapest way, and no sentence has a hole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from tco_xlsx.language.evaluate import InputValue
from tco_xlsx.language.live_text import short
from tco_xlsx.model import roles
from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.values import Address, Value
from tests.recalc.workbook import cached, formulas
from tests.support import shipped

OWN_RENT_API = shipped.ROOT / "scenarios" / "own-rent-api.yaml"
MEASURED = shipped.ROOT / "scenarios" / "aiperf-sweep.yaml"
SHEET = "Plan"
ENGINES: Mapping[str, Callable[[Path], dict[Address, Value]]] = {
    "formualizer": recalculate_formualizer,
    "IronCalc": recalculate_ironcalc,
}
NONE_PRICED: Mapping[str, InputValue] = {
    "rent.price_per_gpu_hour": None,
    "api.price_1m_input": None,
    "api.price_1m_output": None,
}
STATES: Mapping[str, Mapping[str, InputValue]] = {
    "as shipped": {},
    "one year": {"timeline.horizon_years": 1},
    "ten years, in steps": {"timeline.horizon_years": 10, "finance.discount_rate": 0.085},
    "no growth": {"workload.growth": 0},
    "own alone": NONE_PRICED,
    "rent alone": {"api.price_1m_input": None, "api.price_1m_output": None},
    "a cheap API": {"api.price_1m_input": 0.1, "api.price_1m_output": 0.2},
    "cheap rent": {"rent.price_per_gpu_hour": 0.3, "mix.own_servers": 14},
    "a mix": {"rent.price_per_gpu_hour": 0.3, "mix.own_servers": 1, "mix.rented_hours_year": 1000},
    "no point": {"service.max_ttft_ms": 0.001},
    "no point that is typed in": {"performance.source": "manual"},
    "measured": {},
    "exact": {"fleet.rounding": "exact", "workload.peak_rps": 3, "workload.average_rps": 1.3},
    "huge": {"server.price": 9e9, "workload.peak_rps": 9e5, "workload.average_rps": 4e5},
    "small": {"server.price": 12, "rent.price_per_gpu_hour": 0.0001, "licence.price_year": 0.1},
    "no average load": {"workload.average_rps": None},
    "nothing left, with residual": {"timeline.value_at_end": "nothing", "server.residual_share": 0.1},
}
OF_MEASURED = ("no point", "no point that is typed in", "measured")
CHEAPEST = {"own": "Buying", "rent": "Renting", "api": "The API", "mix": "A mix"}


def scenario_of(state: str) -> Path:
    return MEASURED if state in OF_MEASURED else OWN_RENT_API


@pytest.fixture(scope="module", params=STATES, ids=lambda name: name.replace(" ", "-"))
def state(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    target = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    return request.param, shipped.write(scenario_of(request.param), target, STATES[request.param])


def on_plan(cells: Mapping[Address, Value]) -> dict[Address, Value]:
    return {at: value for at, value in cells.items() if at[0] == SHEET}


@pytest.mark.parametrize("engine", ENGINES)
def test_every_cell_is_what_an_engine_computes(engine: str, state: tuple[str, Path]) -> None:
    _, path = state
    wanted = cached(path)
    expected = {at: wanted[at] for at in formulas(path) if at[0] == SHEET}
    answers = ENGINES[engine](path)
    actual = {at: answers[at] for at in expected}
    found = differences(expected, actual, rel=1e-9, abs=1e-9, engine=engine, labels={})
    assert len(expected) > 200
    assert not found, "\n".join(found[:10])


def test_sentences_have_no_holes(state: tuple[str, Path]) -> None:
    name, path = state
    for (_, cell), value in on_plan(cached(path)).items():
        if isinstance(value, str):
            plain = value.replace("  ·  ", " · ").replace(".  ", ". ")
            holes = [hole for hole in ("  ", " ,", ",,", "None", "()") if hole in plain]
            assert not holes, (name, cell, value)
            assert not value.startswith("="), (name, cell, value)


def test_the_headline_names_the_cheapest_way(state: tuple[str, Path]) -> None:
    name, path = state
    values = shipped.values_of(scenario_of(name), STATES[name])
    told = str(cached(path)[(SHEET, "B1")])
    present = {way.name: values.value(way.present_value) for way in roles.ways}
    priced = {way: number for way, number in present.items() if number is not None}
    if "own" not in priced:
        assert "USD" not in told
    elif len(priced) == 1:
        assert told.startswith("Buying costs")
        assert f"{short(priced['own'])} in present value" in told
    else:
        least = min(priced, key=lambda way: priced[way])
        assert told.startswith(f"{CHEAPEST[least]} is cheapest: {short(priced[least])} USD over ")
        assert told.count("less than") == len(priced) - 1


def test_each_way_wins_somewhere() -> None:
    """So that no branch of the headline is left untried."""
    told = set()
    for name, inputs in STATES.items():
        code = shipped.values_of(scenario_of(name), inputs).value(roles.cheapest)
        told |= {roles.ways[int(code)].name} if code is not None else set()
    assert told == set(CHEAPEST)


def test_the_workbook_opens_on_it(state: tuple[str, Path]) -> None:
    book = openpyxl.load_workbook(state[1])
    assert book.active is not None
    assert book.active.title == SHEET == book.sheetnames[0]


def test_the_figures_of_the_example() -> None:
    values = shipped.values_of(OWN_RENT_API)
    rent, api = roles.ways[1], roles.ways[2]
    assert values.value(rent.present_value) == pytest.approx(7_462_812.45)
    assert values.value(api.present_value) == pytest.approx(6_134_929.74)
    assert rent.months is not None
    assert api.months is not None
    assert values.value(rent.months) == pytest.approx(14.176, abs=1e-3)
    assert values.value(api.months) == pytest.approx(18.098, abs=1e-3)
