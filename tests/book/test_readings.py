"""Every shipped workbook, recalculated by other engines from poisoned caches, holds what Python computed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.values import Address, Err, Value
from tests.recalc.workbook import cached, formulas, poison
from tests.support import edits, shipped

IN_PROCESS = {"formualizer": recalculate_formualizer, "IronCalc": recalculate_ironcalc}

# States in which a workbook must hold together as well as with its own inputs.
STATES: dict[str, shipped.Inputs] = {
    "as it ships": {},
    "no point within the limits": {"service.max_ttft_ms": 1.0},
    "no point, two limits": {"service.max_ttft_ms": 1.0, "service.max_itl_ms": 0.5, "service.max_latency_ms": 2.0},
    "typed in": {"performance.source": "manual", "performance.manual_rps": 3.7, "performance.manual_gpus": 3.0},
    "typed in, but empty": {"performance.source": "manual"},
    "instances over two servers": {
        "performance.source": "manual",
        "performance.manual_rps": 9.0,
        "performance.manual_gpus": 16.0,
    },
    "nothing optional": {
        "workload.average_rps": None,
        "reference.price_1m_input": None,
        "reference.price_1m_output": None,
        "service.max_ttft_ms": None,
        "service.max_itl_ms": None,
        "service.max_latency_ms": None,
    },
    "a statistic that is not measured": {"service.max_ttft_ms": 1e6, "service.ttft_statistic": "p50"},
    "a curve that is not measured": {"service.curve": "latency", "service.latency_statistic": "p50"},
    "free of charge": {"server.price": 0.0, "hosting.per_server_year": 0.0, "licence.price_year": 0.0},
    "a giant": {"workload.peak_rps": 3.0e5, "workload.average_rps": 1.0e5, "server.price": 4.1e7},
    "a dwarf": {"workload.peak_rps": 1e-4, "workload.average_rps": 1e-5, "fleet.spare_instances": 0.0},
    "nothing is plausible": {
        "workload.input_tokens": 77.0,
        "workload.average_rps": 1e6,
        "server.price": 300.0,
        "hosting.per_server_year": 20.5,
        "reference.price_1m_input": 0.001,
        "reference.price_1m_output": 0.001,
        "fleet.headroom": 5.0,
    },
    "all that the years may hold": edits.BUSY,
    "one year of them": {**edits.BUSY, "timeline.horizon_years": 1.0},
    "ten years, exact": {**edits.BUSY, "timeline.horizon_years": 10.0, "fleet.rounding": "exact"},
    "a load that ends": {**edits.BUSY, "workload.growth": (-0.999, -0.999, 9.0), "server.life_years": 0.5},
    "exact with a flat licence": {"fleet.rounding": "exact", "licence.basis": "flat", "licence.price_year": 1e5},
}


def assert_same(path: Path, inputs: shipped.Inputs, actual: dict[Address, Value], engine: str, folder: Path) -> None:
    expected = shipped.expected_after(path, inputs, folder)
    noise = shipped.noise_of(path, shipped.values_of(path, inputs))
    found = differences(expected, actual, rel=1e-9, abs=0.0, engine=engine, labels=shipped.labels_of(path), noise=noise)
    assert not found, "\n".join(found)
    errors = {at: value for at, value in actual.items() if isinstance(value, Err)}
    assert not errors, f"error values: {errors}"


def generated(path: Path, inputs: shipped.Inputs, folder: Path) -> Path:
    """The scenario's own workbook with inputs typed in and all caches poisoned."""
    from tests.recalc.workbook import edit

    folder.mkdir(parents=True, exist_ok=True)
    fresh = shipped.write(path, folder / "fresh.xlsx")
    poison(fresh, folder / "poisoned.xlsx")
    edit(folder / "poisoned.xlsx", folder / "edited.xlsx", shipped.typed(path, inputs))
    return folder / "edited.xlsx"


def in_process() -> list[tuple[Path, str, str]]:
    """Every state of every scenario in an engine, by turns; in both in EVERY_EDIT=1."""
    pairs = list(product(shipped.SCENARIOS, STATES))
    turns = [(path, state, list(IN_PROCESS)[zlib.crc32((path.stem + state).encode()) % 2]) for path, state in pairs]
    return [(path, state, engine) for path, state in pairs for engine in IN_PROCESS] if edits.EVERYTHING else turns


@pytest.mark.parametrize(("path", "state", "engine"), in_process(), ids=lambda one: getattr(one, "stem", one))
def test_in_process_engines_agree(path: Path, state: str, engine: str, tmp_path: Path) -> None:
    recalculate: Callable[[Path], dict[Address, Value]] = IN_PROCESS[engine]
    inputs = STATES[state]
    actual = recalculate(generated(path, inputs, tmp_path / "book"))
    assert_same(path, inputs, actual, engine, tmp_path)


@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_libreoffice_agrees(path: Path, tmp_path: Path, libreoffice: LibreOffice) -> None:
    books = []
    turn = shipped.SCENARIOS.index(path)
    # As it ships, and a quarter of the states by turns.
    states = {
        state: inputs
        for number, (state, inputs) in enumerate(STATES.items())
        if edits.EVERYTHING or number == 0 or (number + turn) % 4 == 0
    }
    for number, inputs in enumerate(states.values()):
        book = generated(path, inputs, tmp_path / str(number))
        books.append(book.rename(tmp_path / f"{number}.xlsx"))
    recalculated = libreoffice.recalculate(books, tmp_path / "out")
    for (state, inputs), book, result in zip(states.items(), books, recalculated, strict=True):
        everything = cached(result)
        actual = {at: everything.get(at, "") for at in formulas(book)}
        # LibreOffice saves a formula's empty text as a blank.
        actual = {at: "" if value is None else value for at, value in actual.items()}
        assert_same(path, inputs, actual, f'LibreOffice ("{state}")', tmp_path)


@pytest.mark.parametrize("engine", IN_PROCESS)
def test_a_configuration_that_was_not_measured_is_told(engine: str, tmp_path: Path) -> None:
    path = shipped.ROOT / "scenarios" / "configurations.yaml"
    inputs = {"configuration.gpu_type": "B200", "configuration.precision": "bf16"}
    actual = IN_PROCESS[engine](generated(path, inputs, tmp_path / "book"))
    assert_same(path, inputs, actual, engine, tmp_path)
    assert "no benchmark point counts" in str(actual[("Summary", "B3")])
