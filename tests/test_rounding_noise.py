"""What the recalculation forgives as rounding: known for every operation, and never as much as a check would tell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import Case, evaluate
from tco_xlsx.language.lines import given, line
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model import MODEL
from tco_xlsx.model.comparison import COMPARISON
from tests.support import shipped
from tests.support.rounding_noise import UNIT, RoundingNoise, unsaid


@pytest.mark.parametrize("model", [MODEL, COMPARISON], ids=["one", "comparison"])
def test_every_operation_is_known(model: Model) -> None:
    assert unsaid(model) == set()


@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_no_difference_that_a_check_tells_is_forgiven(path: Path) -> None:
    values = shipped.values_of(path)
    noise = RoundingNoise(values)
    for check in MODEL.checks:
        left, right = values.value(check.left), values.value(check.right)
        if left is not None and right is not None:
            most = check.tolerance.value * max(abs(left), abs(right))
            assert noise.at(check.difference) <= most, check.name


@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_sums_and_products_are_forgiven_next_to_nothing(path: Path) -> None:
    values = shipped.values_of(path)
    noise = RoundingNoise(values)
    for name in ("cost.total_year", "unit_cost.per_1m_tokens", "finance.present_value", "levels.best"):
        array = values.array(MODEL.by_name[name])
        known = ~np.isnan(array)
        assert (noise.array(MODEL.by_name[name])[known] <= 1e-10 * np.abs(array[known])).all(), name


class Toy(Section):
    """A difference of nearly equal numbers."""

    title = "Toy"

    large = given("Large", "money", at_least=0)
    less = given("Less", "money", at_least=0)
    both = line("Both", "money", large * 1 + less * 1)
    apart = line("Apart", "money", both - less)
    zero = line("Nothing", "money", apart - large)


def test_what_cancels_keeps_the_noise_of_what_it_is_made_of() -> None:
    values = evaluate(Model(Toy), [Case("a", {"toy.large": 1e-6, "toy.less": 1e9}, {POINT: []})])
    noise = RoundingNoise(values)
    lost = abs((values.value(Toy.apart) or 0) - 1e-6)
    assert lost > 1e-9, "this sum loses digits"
    assert lost < noise.at(Toy.apart) < 5e9 * UNIT
    assert noise.at(Toy.large) == 0
    assert noise.at(Toy.zero) > noise.at(Toy.apart)
