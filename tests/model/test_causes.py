"""An input that is added to the model is of one cause of a gap, or the model is refused while it is imported."""

from __future__ import annotations

import pytest

from tco_xlsx.language.lines import given
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model import MODEL
from tco_xlsx.model.axes import YEAR
from tco_xlsx.model.causes import CAUSES, settled
from tco_xlsx.model.server import Server
from tco_xlsx.model.years.timeline import Timeline


class Added(Section):
    """What nobody has listed."""

    title = "Added"

    fee = given("Fee", "money/year", 0, at_least=0, source="default: none")


def test_an_input_without_a_cause_is_refused() -> None:
    model = Model(*MODEL.sections, Added, lengths={YEAR: Timeline.horizon})
    with pytest.raises(TypeError, match=r"added\.fee: is of no cause of a gap; an input is of one\."):
        settled(model, CAUSES)
    assert settled(model, {**CAUSES, "Fees": (Added,)})


def test_an_input_of_two_causes_is_refused() -> None:
    with pytest.raises(TypeError, match=r"server\.price: is of Price of a server and Again of a gap"):
        settled(MODEL, {**CAUSES, "Again": (Server.price,)})
