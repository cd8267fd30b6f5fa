"""Hand-worked cases in YAML: inputs, points, expected values, and the arithmetic in words.

They catch what no comparison of two readings can: both agreeing on a wrong number.
"""

from __future__ import annotations

import pytest

from tco_xlsx.language.axes import POINT
from tco_xlsx.language.evaluate import Values, evaluate
from tco_xlsx.language.lines import Derived
from tco_xlsx.model import MODEL
from tests.support.filled import filled
from tests.support.hand_worked import ABSENT, Expected, HandWorked, read_cases

CASES = read_cases()
MEASURED = {line.attribute for line in MODEL.lines if line.axis == POINT and not isinstance(line, Derived)}


def test_all_cases_at_once() -> None:
    """Cases that are computed together give each what it gives alone: other inputs, other points, other lengths."""
    values = evaluate(MODEL, [filled(MODEL, case.inputs, case.points, case.name) for case in CASES])
    wrong = {f"{case.file}: {case.name}": _wrong(values, case, number) for number, case in enumerate(CASES)}
    assert not any(wrong.values()), {name: told for name, told in wrong.items() if told}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_case(case: HandWorked) -> None:
    """All lines of a case are compared before it fails: one wrong line seldom comes alone."""
    wrong = _wrong(evaluate(MODEL, [filled(MODEL, case.inputs, case.points, case.name)]), case, 0)
    assert not wrong, "\n".join(wrong)


def _wrong(values: Values, case: HandWorked, scenario: int) -> list[str]:
    wrong = []
    for name, expected in case.expected.items():
        line = MODEL.by_name[name]
        wanted = [expected] if isinstance(expected, (str, int, float)) else list(expected)
        assert len(wanted) == values.cases[scenario].length(line.axis), f"{name}: one value for each point"
        found = [values.value(line, scenario, index) for index in range(len(wanted))]
        if not all(_same(one, other, case.tolerance) for one, other in zip(wanted, found, strict=True)):
            wrong.append(f"{name}: expected {wanted}, found {found}")
    return wrong


def _same(wanted: float | str, found: float | None, tolerance: float) -> bool:
    if isinstance(wanted, str):
        assert wanted == ABSENT, f"{wanted!r} is neither a number nor {ABSENT}"
        return found is None
    return found is not None and found == pytest.approx(wanted, rel=tolerance, abs=1e-15)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_a_case_is_well_told(case: HandWorked) -> None:
    assert len(case.why) > 30
    assert case.expected
    assert {key for point in case.points for key in point} <= MEASURED
    for name in case.expected:
        assert isinstance(MODEL.by_name.get(name), Derived), f"{name} is not computed"


def test_names_are_unique() -> None:
    assert len({(case.file, case.name) for case in CASES}) == len(CASES)


def test_every_line_is_worked_by_hand() -> None:
    """With a number, not merely as absent. The workings of a check are proved by its verdict."""
    workings = {part.name for check in MODEL.verdicts for part in check.lines if part is not check.holds}
    promised = {line.name for line in MODEL.lines if isinstance(line, Derived)} - workings
    worked = {name for case in CASES for name, expected in case.expected.items() if _has_number(expected)}
    assert promised - worked == set()


def test_every_check_that_can_fail_is_seen_to_fail() -> None:
    """The others compare two ways of computing one number, or rounding up with what was rounded up."""
    failing = {name for case in CASES for name, expected in case.expected.items() if expected == 0}
    assert {check.name for check in MODEL.checks} & failing == set()


def test_every_warning_is_seen_both_ways() -> None:
    for verdict in (0, 1):
        told = {name for case in CASES for name, expected in case.expected.items() if expected == verdict}
        assert {warning.name for warning in MODEL.warnings} - told == set()


def _has_number(expected: Expected) -> bool:
    return any(one != ABSENT for one in ([expected] if isinstance(expected, (str, int, float)) else expected))
