"""Whatever is planned, every proof of the model holds: rounding alone makes none of them fail."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tco_xlsx.language.evaluate import Case, InputValue, evaluate
from tco_xlsx.model import MODEL
from tests.support import edits, shipped

PLANS = 100


def plan(chance: random.Random, rounding: str) -> dict[str, InputValue]:
    """All that the years may hold, with a load that goes up and down and lives that end in between."""
    return {
        **edits.BUSY,
        "fleet.rounding": rounding,
        "workload.growth": [round(chance.uniform(-0.5, 0.9), 3) for _ in range(9)],
        "workload.peak_rps": round(10 ** chance.uniform(-2, 5), 3),
        "workload.average_rps": round(10 ** chance.uniform(-2, 3), 3),
        "server.life_years": chance.choice([1.0, 2.5, 3.0, 4.0, 7.3]),
        "depreciation.method": chance.choice(["straight_line", "sum_of_years", "declining_balance", "macrs_5"]),
        "timeline.horizon_years": float(chance.randint(1, 10)),
        "fleet.spare_servers": float(chance.randint(0, 2)),
        "fleet.headroom": chance.choice([0.0, 0.15]),
        "server.residual_share": chance.choice([0.0, 0.1]),
        "loan.rate": chance.choice([None, 0.0, 0.07]),
        "mix.own_servers": chance.choice([None, 0.0, 3.0]),
    }


@pytest.mark.parametrize("rounding", ["whole", "exact"])
@pytest.mark.parametrize("path", shipped.SCENARIOS[-2:], ids=lambda path: path.stem)
def test_every_proof_holds(path: Path, rounding: str) -> None:
    chance = random.Random(f"{rounding} {path.stem}")
    case = shipped.prepared(path).case
    plans = [plan(chance, rounding) for _ in range(PLANS)]
    values = evaluate(MODEL, [Case(case.title, {**case.values, **one}, case.axes) for one in plans])
    failed = {
        check.name: (values.value(check.left, number), values.value(check.right, number), plans[number])
        for check in MODEL.checks
        for number in range(PLANS)
        if values.value(check.holds, number) == 0
    }
    assert failed == {}
