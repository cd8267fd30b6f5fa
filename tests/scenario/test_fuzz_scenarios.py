"""Random scenarios, right and wrong: no traceback, no hang, no flood; what is accepted gives a right workbook."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.fuzz.parent import Answer, Order, answers
from tests.fuzz.scenarios import Wild, scenarios

COUNT = int(os.environ.get("FUZZ_SCENARIOS", "40"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
EACH = min(COUNT, 250)
RECALCULATED = 0.05
"""Of those that nothing was done to: engines differ from each other where numbers are absurd."""


def told(wild: Wild, answer: Answer) -> str:
    return f"{wild.told}\n{wild.content!r}\n  " + "\n  ".join(answer.wrong)


@pytest.mark.parametrize("part", range((COUNT + EACH - 1) // EACH))
def test_scenarios(part: int, tmp_path: Path) -> None:
    made = scenarios(SEED + part, EACH)
    orders = []
    for number, wild in enumerate(made):
        folder = tmp_path / str(number)
        folder.mkdir()
        orders.append(Order(wild.write(folder), recalculate=wild.sane and number % int(1 / RECALCULATED) == 0))
    found = list(answers(orders))
    wrong = [told(wild, answer) for wild, answer in zip(made, found, strict=True) if answer.wrong]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(made)}", *wrong])
    # A fuzz that is refused everything, or accepted everything, finds nothing.
    accepted = sum(answer.code in (0, 3) for answer in found) / len(found)
    assert 0.2 < accepted < 0.8


def test_right_scenarios_are_accepted() -> None:
    """What is made right is right: else the wrong ones would be refused for another reason than theirs."""
    sane = [wild for wild in scenarios(SEED, 400) if wild.sane]
    assert len(sane) > 60


FOUND = {
    "a cost of more than 2^53, in whole money": """\
title: Dear
workload: {peak_rps: 295481, input_tokens: 5, output_tokens: 1}
performance: {source: manual, manual_rps: 1, manual_gpus: 1}
server: {price: 1000000000000000, gpus: 36, life_years: 9.4}
hosting: {per_server_year: 0}
matrix: {vary: {server.price: [1000000000000000, 123456789.123456789]}}
""",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_once(name: str, tmp_path: Path) -> None:
    (answer,) = answers([Order(Wild(FOUND[name].encode()).write(tmp_path))])
    assert (answer.code, answer.wrong) == (0, [])
