"""The mutation run bites: changes that a good test notices are killed, those that a careless one misses survive."""

from __future__ import annotations

import ast
import dataclasses
import os
from collections import Counter
from collections.abc import Mapping
from importlib import import_module

import pytest

from tests.mutation import example
from tests.mutation.__main__ import LEAST, nothing, sample, share, told
from tests.mutation.changes import ROOT, Change, Source, changes_of
from tests.mutation.collected import first_failing, with_collected
from tests.mutation.equivalents import outdated, read_equivalents
from tests.mutation.in_place import changed_in_place, function_around
from tests.mutation.nearest_tests import NearestTests
from tests.mutation.reach import Reach
from tests.mutation.targets import TARGETS, Target
from tests.mutation.trial import Outcome, Trial, run

FILE = "tests/mutation/example.py"
CHANGES = changes_of(Source(ROOT / FILE))


def outcomes(changes: list[Change], test: str, limit: float = 30) -> list[Outcome]:
    trials = [Trial(change, (), quick=(f"tests.mutation.example_tests:{test}",)) for change in changes]
    return sorted(run(trials, ("tests.mutation.example",), limit, 2), key=lambda one: one.change.start)


def test_a_thorough_test_notices_every_change() -> None:
    found = outcomes(CHANGES, "thorough")
    assert {one.verdict for one in found} == {"killed"}, [one for one in found if one.verdict != "killed"]
    assert {one.by for one in found} == {"tests.mutation.example_tests:thorough"}


def test_a_careless_test_misses_most_and_falls_short() -> None:
    found = outcomes(CHANGES, "careless")
    counts = Counter(one.verdict for one in found)
    assert counts["survived"] > 10
    assert counts["killed"] >= 2
    assert "PER_KG" in {one.change.place for one in found if one.verdict == "survived"}
    target = Target("example", [FILE], (), ())
    assert told(target, found, [], [], 1.0) == 1
    assert told(target, outcomes(CHANGES[:4], "thorough"), [], [], 1.0) == 0
    assert told(target, outcomes(CHANGES[:4], "thorough"), [], [("a", "b", "c", "d")], 1.0) == 1, "a stale entry"
    assert share({"killed": 98, "survived": 2}) == LEAST


def test_what_changes_nothing_is_noticed_by_no_test() -> None:
    assert [one.verdict for one in outcomes([nothing(CHANGES[0])], "thorough")] == ["survived"]


def test_what_never_ends_is_ended() -> None:
    (base,) = [change for change in CHANGES if (change.place, change.text) == ("BASE", "6")]
    assert [one.verdict for one in outcomes([base], "endless", limit=1.5)] == ["too long"]


def test_what_cannot_be_imported_is_told_apart() -> None:
    broken = Change(**{**vars(CHANGES[0]), "text": "1 / 0"})
    assert [one.verdict for one in outcomes([broken], "thorough")] == ["not importable"]


@pytest.mark.parametrize(
    ("file", "was", "test", "must_import"),
    [
        (
            "tco_xlsx/bench/points/sweep_laws.py",
            "_rps(point) < _rps(best) * (1 - FALL)",
            "test_doubts",
            "tco_xlsx.bench.read",
        ),
        ("tco_xlsx/language/pairs.py", "among[:, None, :] < value[:, :, None]", "test_pairs_by_hand", "tco_xlsx.model"),
    ],
)
def test_a_module_that_is_imported_from_its_package_is_changed_too(
    file: str, was: str, test: str, must_import: str
) -> None:
    """`from package import module` finds the module on the package, where the real one stood before the change."""
    changes = [
        one for one in Target("", [file], (), ()).changes() if one.was.find(was) >= 0 and one.kind == "comparison"
    ]
    folder = "bench" if "bench" in file else "language"
    by_file = Trial(changes[0], [f"tests/{folder}/{test}.py"])
    import_module(must_import)
    assert {one.verdict for one in run([by_file], (must_import,), 60, 1)} == {"killed"}


def test_tests_of_pytest_are_run_too() -> None:
    """The number of years in a life: noticed by the cases worked by hand, and by no test of something else."""
    (change,) = [
        one
        for one in Target("", ["tco_xlsx/model/cost.py"], (), ()).changes()
        if one.now == "one.bought * (1 - Server.residual_share) * Server.life_years"
    ]
    noticed = Trial(change, ["tests/model/test_cases.py"], words="residual")
    missed = Trial(change, ["tests/model/test_cases.py"], words="test_names_are_unique")
    found = {one.verdict: one.by for one in run([noticed, missed], ("tco_xlsx.model",), 60, 2)}
    assert set(found) == {"killed", "survived"}
    assert found["killed"].startswith("tests/model/test_cases.py::test_case[cost: residual value")


def test_a_change_in_a_function_is_put_into_it_as_it_stands() -> None:
    parcel, before = example.parcel, example.parcel.__code__
    (bound,) = [change for change in CHANGES if change.now == "far and weight > 20"]
    (base,) = [change for change in CHANGES if (change.place, change.text) == ("BASE", "6")]
    try:
        assert changed_in_place(bound, "tests.mutation.example")
        # Whoever imported it before runs the changed one.
        assert parcel(20, True) == 25
        assert parcel(21, True) == 30
    finally:
        parcel.__code__ = before
    assert parcel(20, True) == 28
    assert not changed_in_place(base, "tests.mutation.example"), "what a module computes stays"
    assert function_around(base) is None


def _failing(change: Change, module: str, test: str) -> str:
    """What a file of tests, collected once, says of a change; in a process that is left behind."""
    receive, send = os.pipe()
    pid = os.fork()
    if not pid:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        import_module(module)

        def work(items: Mapping[str, pytest.Item]) -> str:
            assert change.text == "" or changed_in_place(change, module)
            return first_failing(list(items.values()), 60)

        os.write(send, with_collected([test], "", work).encode())
        os._exit(0)
    os.close(send)
    with os.fdopen(receive) as pipe:
        said = pipe.read()
    assert os.waitpid(pid, 0)[1] == 0
    return said


def test_tests_that_were_collected_once_notice_a_change() -> None:
    file, test = "tco_xlsx/language/pairs.py", "tests/language/test_pairs_by_hand.py"
    (change,) = [
        one
        for one in Target("", [file], (), ()).changes()
        if one.place.startswith("_fewer_by_pairs") and one.now.count("<= value")
    ]
    assert _failing(change, "tco_xlsx.language.pairs", test) == f"{test}::test_how_many_are_below"
    assert _failing(nothing(change), "tco_xlsx.language.pairs", test) == ""


def test_those_tests_come_first_that_noticed_most_and_reach_little_else() -> None:
    change = CHANGES[0]
    reach = Reach(seconds={"wide": 1.0, "narrow": 2.0, "quick": 0.5})
    for line in range(change.line, change.last_line + 1):
        reach.by_line[change.file, line] = {"wide", "narrow", "quick"}
    reach.by_line["other.py", 1] = {"wide", "quick"}
    items = dict.fromkeys(reach.seconds, None)
    nearest = NearestTests(reach, items)  # type: ignore[arg-type]
    assert list(nearest.trial(change).files) == ["narrow", "quick", "wide"]
    nearest.learn(Outcome(change, "killed", "wide"))
    assert list(nearest.trial(change).files) == ["wide", "narrow", "quick"]
    assert nearest.trial(change).items
    reach.seconds["elsewhere"] = 0.1
    constant = dataclasses.replace(change, line=999, last_line=999)
    items["elsewhere"] = None
    everything = NearestTests(reach, items).trial(constant).files  # type: ignore[arg-type]
    assert sorted(everything) == ["elsewhere", "narrow", "quick", "wide"], "what others import shows elsewhere"
    reach.while_importing.add((change.file, change.line))
    assert not nearest.trial(change).items, "what ran while importing is imported anew"


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_change_is_another_program(target: Target) -> None:
    """It is Python, it is not what stood there, and it is told apart from the others."""
    changes = target.changes()
    assert len(changes) > 50
    texts = {file: (ROOT / file).read_text(encoding="utf-8") for file in target.files}
    trees = {file: ast.dump(ast.parse(text)) for file, text in texts.items()}
    for change in sample(changes, "30"):
        assert ast.dump(ast.parse(change.applied(texts[change.file]))) != trees[change.file], change
    assert outdated(read_equivalents(), changes, target.files) == []


def test_what_is_listed_as_equivalent_is_explained() -> None:
    assert [key for key, why in read_equivalents().items() if len(why) < 20] == []


def test_a_sample_is_the_same_again_and_has_of_every_file() -> None:
    changes = TARGETS[0].changes()
    taken = sample(changes, "200")
    assert taken == sample(changes, "200")
    assert 150 < len(taken) < 250
    assert {change.file for change in taken} == {change.file for change in changes}
    assert len(set(taken)) == len(taken)
    assert sample(changes, "all") == changes
