"""Every input cell of every shipped workbook: change it, recalculate, and Python given the same change agrees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tco_xlsx.language.lines import Choice, Given
from tco_xlsx.model import MODEL
from tests.book.test_readings import assert_same, generated
from tests.recalc.engines import LiveFormualizer, LiveIronCalc
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.workbook import cached, formulas
from tests.support import shipped

# An input that a scenario does not use has its effect only beside others.
BESIDE: dict[str, shipped.Inputs] = {
    "performance.manual_rps": {"performance.source": "manual", "performance.manual_gpus": 2.0},
    "performance.manual_gpus": {"performance.source": "manual", "performance.manual_rps": 3.5},
    "performance.source": {"performance.manual_rps": 3.5, "performance.manual_gpus": 2.0},
    "licence.basis": {"licence.price_year": 5_000.0},
    "licence.price_year": {"licence.basis": "gpu"},
    "service.max_itl_ms": {"service.max_ttft_ms": None},
    "service.max_latency_ms": {"service.max_ttft_ms": None},
}
VALUES: dict[str, tuple[float | None, ...]] = {
    "service.max_ttft_ms": (60.0, 1500.0, None),
    "service.max_itl_ms": (5.5, 14.0, None),
    "service.max_latency_ms": (1_100.0, 9_000.0),
    "performance.manual_rps": (0.37, 41.0),
    "performance.manual_gpus": (3.0, 16.0),
    "calendar.days_per_year": (366.0,),
    "fleet.uptime": (0.9,),
    "fleet.utilisation": (0.35,),
    "server.residual_share": (0.25,),
    "server.gpus": (4.0, 10.0),
    "licence.gpus_per_server": (0.0, 16.0),
    "workload.average_rps": (7.0, None),
}


def edits_of(line: Given, path: Path) -> Iterator[dict[str, float | str | None]]:
    """What a person might type into an input's cell, with what must stand beside it to matter."""
    beside = dict(BESIDE.get(line.name, {}).items())
    now = shipped.prepared(path).case.values[line.name]
    if isinstance(line, Choice):
        for code in shipped.prepared(path).case.codes(line):
            if code != now:
                yield {**beside, line.name: code}  # type: ignore[dict-item]
        return
    if line.name in VALUES:
        new: tuple[float | None, ...] = VALUES[line.name]
    else:
        start = now if isinstance(now, (int, float)) else 1.0
        new = (float(start) + 3.0,) if line.integer else (float(start) * 1.37 + 0.013,)
    for value in new:
        if value != now:
            yield {**beside, line.name: value}  # type: ignore[dict-item]


ALL_EDITS = [
    (path, line.name, number, edit)
    for path in shipped.SCENARIOS
    for line in MODEL.inputs
    for number, edit in enumerate(edits_of(line, path))
]


def test_every_input_is_edited_in_every_scenario() -> None:
    edited = {(path, name) for path, name, _, _ in ALL_EDITS}
    assert edited == {(path, line.name) for path in shipped.SCENARIOS for line in MODEL.inputs}


@pytest.mark.parametrize("line", MODEL.inputs, ids=lambda line: line.name)
def test_every_input_moves_a_result(line: Given) -> None:
    for path in shipped.SCENARIOS:
        for edit in edits_of(line, path):
            beside = {name: value for name, value in edit.items() if name != line.name}
            moved = shipped.moved(shipped.values_of(path, beside), shipped.values_of(path, edit))
            if moved:
                return
    pytest.fail(f"{line.name} moves nothing in any shipped scenario")


@pytest.mark.parametrize("engine", [LiveFormualizer, LiveIronCalc])
def test_an_emptied_input_is_told(engine: type[LiveFormualizer] | type[LiveIronCalc], tmp_path: Path) -> None:
    path = shipped.SCENARIOS[0]
    live = engine(generated(path, {}, tmp_path))
    for name in ("server.price", "hosting.per_server_year"):
        live.set(*shipped.input_cell(path, name), None)
    live.set(*shipped.input_cell(path, "service.max_itl_ms"), None)
    cells = live.values()
    row = shipped.input_cell(path, "server.price")[1].removeprefix("B")
    assert cells[("Inputs", f"F{row}")] == "missing"
    assert cells[("Summary", "J3")] == "Inputs missing: 2. The results are wrong."


@pytest.mark.parametrize("engine", [LiveFormualizer, LiveIronCalc])
@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_in_process_engines_follow_every_edit(
    path: Path, engine: type[LiveFormualizer] | type[LiveIronCalc], tmp_path: Path
) -> None:
    live = engine(generated(path, {}, tmp_path / "book"))
    for _, _, _, edit in (one for one in ALL_EDITS if one[0] == path):
        for name, value in shipped.constants(edit).items():
            live.set(*shipped.input_cell(path, name), value)
        assert_same(path, edit, live.values(), f"{engine.__name__} after {edit}", tmp_path)
        live.reset()


@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_libreoffice_follows_every_edit(path: Path, tmp_path: Path, libreoffice: LibreOffice) -> None:
    edits = [edit for one, _, _, edit in ALL_EDITS if one == path]
    books = [
        generated(path, edit, tmp_path / str(number)).rename(tmp_path / f"{number}.xlsx")
        for number, edit in enumerate(edits)
    ]
    for edit, book, result in zip(edits, books, libreoffice.recalculate(books, tmp_path / "out"), strict=True):
        everything = cached(result)
        # LibreOffice saves a formula's empty text as a blank.
        actual = {at: "" if everything.get(at) is None else everything[at] for at in formulas(book)}
        assert_same(path, edit, actual, f"LibreOffice after {edit}", tmp_path)
