"""Which points are one run, one sweep or one kind, and what a point is called: each rule at its edge, by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tco_xlsx.bench.points import duplicates, labels, same_runs, sweep_laws
from tco_xlsx.bench.points.order import in_order
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.raw_runs import _with_facts, joined
from tco_xlsx.bench.points.reading import FileReading
from tco_xlsx.bench.points.same_runs import fingerprint
from tco_xlsx.bench.points.token_kinds import is_near, kinds_of, ranges_of, resolved
from tco_xlsx.bench.points.trials import merge_trials
from tco_xlsx.bench.points.validate import check, named
from tests.bench.test_points_by_hand import RUN, kept
from tests.bench.test_sane import GOOD

ROW = replace(RUN, file="table.csv", tool="table")

# A result and a row made from it


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        (200, 199, True),
        (199, 200, True),
        (200, 198.9, False),
        (-200, -199, True),
        (-199, -200, True),
        (None, 1, False),
        (1, None, False),
    ],
)
def test_half_a_percent_is_rounding(one: float | None, other: float | None, near: bool) -> None:
    assert duplicates._near(one, other) is near


@pytest.mark.parametrize(("rps", "of_row"), [(0.998, 1.0), (1.0, 0.99500001), (1.0, 0.998), (1.0, 1.0), (1.002, 1.0)])
def test_a_row_is_found_beside_a_step_of_its_rate(rps: float, of_row: float) -> None:
    # The logarithm of 1 is 0, where one step ends and the next begins.
    assert kept(replace(RUN, rps=rps), replace(ROW, rps=of_row)) == ["a.json"]


@pytest.mark.parametrize(
    ("changed", "files"),
    [
        ({"rps": 10.03}, ["a.json"]),
        ({"rps": 10.06}, ["a.json", "table.csv"]),
        ({"ttft": Latency(), "itl": Latency(), "latency": Latency()}, ["a.json", "table.csv"]),  # the rate alone
        ({"ttft": Latency(), "itl": Latency(), "latency": Latency(avg=900)}, ["a.json", "table.csv"]),
        ({"rps": None}, ["a.json", "table.csv"]),
        ({"file": "elsewhere/table.csv"}, ["a.json", "elsewhere/table.csv"]),
    ],
)
def test_a_row_needs_the_rate_a_latency_and_the_folder(changed: dict[str, object], files: list[str]) -> None:
    folder = replace(RUN, file="a.json" if "elsewhere" not in str(changed) else "results/a.json")
    assert [name.removeprefix("results/") for name in kept(folder, replace(ROW, **changed))] == files  # type: ignore[arg-type]


def test_a_row_may_say_more_than_its_result() -> None:
    assert kept(replace(RUN, latency=Latency(), itl=Latency(), ttft=Latency(avg=100)), ROW) == ["a.json"]
    assert kept(RUN, replace(ROW, latency=Latency(), itl=Latency(), ttft=Latency(avg=100))) == ["a.json"]


def test_rows_of_a_table_are_no_originals() -> None:
    assert kept(ROW, replace(ROW, tool="console", file="run.log")) == ["table.csv", "run.log"]


def test_a_row_is_told_with_the_first_result_that_it_was_made_from() -> None:
    one, other = replace(RUN, file="z.json"), replace(RUN, file="b.json", itl=replace(RUN.itl, avg=9.01))
    _, (notice,) = duplicates.without_copies([one, other, ROW])
    assert notice.message == "the same run as in z.json; counted once."


def test_a_conversion_is_told_with_the_first_that_it_may_be_of() -> None:
    # The second run of the tool is another one, whatever it says of its GPUs.
    again = replace(RUN, file="b.json", itl=replace(RUN.itl, avg=9.5), gpus_per_instance=2)
    left, (notice,) = duplicates.without_copies([RUN, again, replace(RUN, file="c.yaml", tool="llm-d")])
    assert [point.file for point in left] == ["a.json", "b.json"]
    assert (notice.path, notice.message) == ("c.yaml", "the same run as in a.json; counted once.")


@pytest.mark.parametrize(
    ("ttft", "changed", "files"),
    [
        (Latency(avg=100), {}, ["a.json"]),  # a mean is enough
        (Latency(p50=98), {}, ["a.json"]),  # without a mean the latency decides
        (Latency(), {"rps": 10.2}, ["a.json", "b.yaml"]),
        (Latency(), {"latency": Latency(p99=1200)}, ["a.json", "b.yaml"]),
    ],
)
def test_what_a_conversion_is_known_by(ttft: Latency, changed: dict[str, object], files: list[str]) -> None:
    run = replace(RUN, ttft=ttft)
    assert kept(run, replace(run, **({"file": "b.yaml", "tool": "llm-d"} | changed))) == files  # type: ignore[arg-type]


# Files of one tool that tell of one run


def _part(file: str, kind: str, *points: Point) -> FileReading:
    return FileReading(Path(file), kind, points)


def test_a_summary_counts_only_what_is_in_no_file_of_its_own() -> None:
    points = [replace(RUN, rps=rate) for rate in (1.0, 2.0, 3.0, 4.0)]
    runs = [_part("r1", "run", points[0], points[1]), _part("r2", "run", points[2])]
    choice = same_runs.without_copies((_part("all", "summary", *points), *runs), ("run", "summary"))
    assert [(str(part.path), [point.rps for point in part.points]) for part in choice.parts] == [
        ("all", [4.0]),
        ("r1", [1.0, 2.0]),
        ("r2", [3.0]),
    ]
    (notice,) = choice.notices
    assert notice.message == "3 of its 4 results read already from 2 files of single runs; counted once."


def test_a_summary_of_one_file_names_it() -> None:
    choice = same_runs.without_copies(
        (_part("r1", "run", RUN), _part("all", "summary", RUN, RUN), _part("empty", "run"), _part("note", "other")),
        ("run", "summary"),
    )
    assert [str(part.path) for part in choice.parts] == ["r1", "empty", "note"]
    assert [notice.message for notice in choice.notices] == ["all of it read already from r1; counted once."]


def test_the_same_twice_in_files_of_one_kind_is_left_to_the_general_check() -> None:
    choice = same_runs.without_copies((_part("r1", "run", RUN, RUN), _part("r2", "run", RUN)), ("run", "summary"))
    assert [len(part.points) for part in choice.parts] == [2, 1]
    assert choice.notices == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"rps": 10.1},
        {"duration_s": 11},
        {"completed": 101},
        {"ttft": replace(RUN.ttft, avg=101)},
        {"ttft": replace(RUN.ttft, p50=97)},
        {"ttft": replace(RUN.ttft, p99=151)},
        {"itl": replace(RUN.itl, avg=9.1)},
        {"itl": replace(RUN.itl, p50=9.1)},
        {"latency": replace(RUN.latency, p50=991)},
        {"latency": replace(RUN.latency, p99=1201)},
    ],
    ids=str,
)
def test_each_figure_of_a_run_tells_it_from_others(changed: dict[str, object]) -> None:
    assert fingerprint(replace(RUN, **changed)) != fingerprint(RUN)  # type: ignore[arg-type]


def test_nine_digits_tell_a_run() -> None:
    assert fingerprint(replace(RUN, rps=100.0000001)) == fingerprint(replace(RUN, rps=100.0))
    assert fingerprint(replace(RUN, rps=100.000001)) != fingerprint(replace(RUN, rps=100.0))
    raw = replace(RUN, tool="vllm", ttft=Latency(avg=100.0000001))
    for avg, count in ((100.0, 1), (100.000001, 2)):
        assert len(joined([replace(raw, tool="inferencex", ttft=Latency(avg=avg)), raw])[0]) == count


def test_an_aggregate_without_gpus_says_nothing_of_those_of_the_run() -> None:
    run = replace(RUN, gpus_per_instance=8)
    assert _with_facts(run, replace(run, file="agg.json", gpus_per_instance=None)).notes == (
        "GPUs, their type and the precision from agg.json",
    )


# Sweeps


def _fallen(*points: Point) -> list[str]:
    return [reason for _, reason in sweep_laws.marked(points)[1]]


def _loads(*rates: float | None, **fields: object) -> list[Point]:
    return [
        Point(f"s/c{1 << place}.json", "vllm", concurrency=1 << place, rps=rate, **fields)  # type: ignore[arg-type]
        for place, rate in enumerate(rates)
    ]


def test_a_sweep_is_held_against_its_best_the_first_of_equals() -> None:
    assert _fallen(*_loads(1, 2, 1.95, 1.86)) == [
        "throughput falls as the load rises: 1.86 requests/s, after 2 at concurrency 2."
    ]
    (reason,) = _fallen(*_loads(1, 2, 2, 1))
    assert reason.endswith("after 2 at concurrency 2.")


def test_a_sweep_of_rates() -> None:
    points = [
        Point(f"s/rate_{rate}.json", "vllm", request_rate=rate, rps=rps) for rate, rps in ((2, 2), (4, 4), (8, 3))
    ]
    assert _fallen(*points) == ["throughput falls as the load rises: 3 requests/s, after 4 at 4 requests/s asked for."]


def test_what_has_no_rate_or_no_load_falls_from_nothing() -> None:
    assert _fallen(*_loads(1, 2, None)) == []
    assert _fallen(*(replace(point, concurrency=None) for point in _loads(2, 1))) == []


def test_unknown_lengths_are_a_sweep_of_their_own() -> None:
    points = _loads(1, 2, 1)
    assert len(_fallen(*points)) == 1
    assert _fallen(*points[:2], replace(points[2], osl=1.2)) == []


@pytest.mark.parametrize(
    ("path", "sweep"),
    [
        ("a/c8.json", "a/*.json"),
        ("a/max-concurrency_8/x", "a/*/x"),
        ("a/conc=8/x", "a/*/x"),
        ("a/con8/x", "a/*/x"),
        ("a/streams-8/x", "a/*/x"),
        ("a/request_rate_2.5/x", "a/*/x"),
        ("a/rate2.5/x", "a/*/x"),
        ("a/rps_5/x", "a/*/x"),
        ("a/qps5/x", "a/*/x"),
        ("a/5rps/x", "a/*/x"),
        ("a/2.5qps/x", "a/*/x"),
        ("a/stage_1/x", "a/*/x"),
        ("a/trial_0001/x", "a/*/x"),
        ("a/20250101/x", "a/*/x"),
        ("a/16.json", "a/*.json"),
        ("a/abc8/x", "a/abc8/x"),
        ("a/12345/x", "a/12345/x"),
    ],
)
def test_what_tells_the_runs_of_a_sweep_apart(path: str, sweep: str) -> None:
    assert sweep_laws.sweep_of(Point(path, "t")) == sweep
    assert sweep_laws.sweep_of(Point("table.csv", "table", source=path)) == sweep


# Order and names


def test_a_length_that_is_not_known_comes_before_all_others() -> None:
    for name in ("isl_asked", "osl_asked"):
        unknown, known = Point("a", "t", concurrency=5), Point("a", "t", concurrency=1, **{name: 1})  # type: ignore[arg-type]
        assert in_order([known, unknown]) == [unknown, known]


def test_names_of_a_point() -> None:
    plain = Point("a/run.json", "t")
    assert plain.line == plain.index == 0
    assert (plain.name, plain.label, plain.full_name) == ("a/run.json", "a/run.json#1", "a/run.json#1")
    assert replace(plain, index=2).name == "a/run.json#3"
    assert replace(plain, short_name="run.json#1").name == "a/run.json#1"
    assert replace(plain, short_name="run.json").name == "a/run.json"
    assert replace(plain, short_name="run.json") == plain


def test_kinds_of_load() -> None:
    loads = ({"concurrency": 8}, {"request_rate": 2}, {})
    kinds = [Point("a", "t", **load).load_kind for load in loads]  # type: ignore[arg-type]
    assert kinds == ["concurrency", "rate", "all at once"]


def test_two_points_that_no_name_tells_apart_have_their_whole_path() -> None:
    assert [point.label for point in labels.labelled([Point("a", "t"), Point("a", "t")])] == ["a#1", "a#1"]


def test_a_path_that_other_paths_end_in_is_named_as_it_stands() -> None:
    points = labels.labelled([Point("/x/run.json", "t"), Point("/y/x/run.json", "t")])
    assert [point.label for point in points] == ["/x/run.json", "y/x/run.json"]


def test_a_label_means_its_point() -> None:
    points = labels.labelled([Point("a/c1.json", "t"), Point("b/a/c1.json", "t"), Point("b/c2.json", "t")])
    assert labels.named_by(points, "c2.json") == [points[2]]
    assert labels.named_by(points, "a/c1.json") == [points[0]]
    assert labels.named_by(points, "c1.json") == points[:2]
    assert labels.named_by(points, "c1.json#2") == labels.named_by(points, "..") == []


# Kinds of lengths


def _points(*lengths: tuple[float | None, float | None], **asked: float) -> list[Point]:
    return [Point(f"{place}.json", "vllm", isl=isl, osl=osl, **asked) for place, (isl, osl) in enumerate(lengths)]


def test_the_text_of_a_kind() -> None:
    assert ranges_of("100 TO 120 X 20") == ((100, 120), (20, 20))
    assert ranges_of(" 152/122 ") == ((152, 152), (122, 122))
    assert ranges_of("\u0661\u0660 / \u0662\u0660") is ranges_of("any") is None


@pytest.mark.parametrize(
    ("isl", "near"),
    [(90, False), (91, True), (111, True), (112, False)],  # 100 is 91 x 1.1, 111 is 100 + 11.1
)
def test_a_tenth_is_near(isl: float, near: bool) -> None:
    assert is_near("100 / 100", isl, 100) is is_near("100 / 100", 100, isl) is near
    assert not is_near("any", 1, 1)


def test_a_range_that_holds_another_names_it() -> None:
    kinds = ["100 to 120 / 20", "200 / 20"]
    assert resolved("90 to 130 / 20", kinds) == resolved("110 / 20", kinds) == kinds[0]
    assert resolved("90 to 99 / 20", kinds) is resolved("121 to 199 / 20", kinds) is None
    assert resolved("100 to 200 / 20", kinds) is None  # both


def test_lengths_that_were_only_asked_for_are_a_kind() -> None:
    assert kinds_of(_points((None, None), isl_asked=100, osl_asked=20)) == ["100 / 20"]


@pytest.mark.parametrize(
    ("isl", "kind"),
    [
        (950, "1000 / 20"), (1040, "1000 / 20"), (1100, "1000 / 20"), (1101, "1101 / 20"), (1800, "2000 / 20"),
        (1950, "2000 / 20"), (2050, "2000 / 20"), (899, "899 / 20"),
    ],
)  # fmt: skip
def test_what_was_measured_goes_to_the_nearest_length_asked_for(isl: float, kind: str) -> None:
    asked = [point for one in (1000, 2000) for point in _points((one, 20), isl_asked=one)]
    assert kinds_of([*asked, *_points((isl, 20))])[2] == kind


def test_a_chain_of_lengths_is_parted_at_a_tenth_and_at_a_quarter() -> None:
    assert kinds_of(_points((10, 5), (11, 5))) == ["10 to 11 / 5"] * 2
    assert kinds_of(_points((100, 5), (112, 5))) == ["100 / 5", "112 / 5"]
    assert kinds_of(_points((100, 5), (108, 5), (116, 5), (125, 5))) == ["100 to 125 / 5"] * 4
    assert kinds_of(_points((100, 5), (108, 5), (116, 5), (126, 5))) == ["100 to 116 / 5"] * 3 + ["126 / 5"]


def test_what_the_answers_part_is_looked_at_again() -> None:
    # 118 is near 109 and 109 near 100, but the answers of 109 are others.
    assert kinds_of(_points((100, 10), (109, 1000), (118, 10))) == ["100 / 10", "109 / 1000", "118 / 10"]
    assert kinds_of(_points((10, 100), (1000, 109), (10, 118))) == ["10 / 100", "1000 / 109", "10 / 118"]


# Trials, and what is no measurement


def test_the_mean_of_trials_is_named_by_the_first() -> None:
    trials = [replace(GOOD, trial=f"run={n}", file=f"run={n}.json", tool_version=f"{n}") for n in (0, 1)]
    (mean,) = merge_trials(trials)
    assert (mean.file, mean.tool_version, mean.trial) == ("run=0.json", "0", None)
    for name in ("isl_asked", "osl_asked", "concurrency", "request_rate", "gpus_per_instance"):
        assert len(merge_trials([trials[0], replace(trials[1], **{name: 7.0})])) == 2, name  # type: ignore[arg-type]


_NUMBERS = ("gpus_per_instance", "concurrency", "request_rate", "isl", "osl", "isl_asked", "osl_asked", "completed",
            "failed", "incomplete", "duration_s", "rps", "output_tps", "total_tps")  # fmt: skip


@pytest.mark.parametrize("name", _NUMBERS)
def test_no_figure_is_negative_and_no_zero_is_measured(name: str) -> None:
    (fault,) = check([replace(GOOD, **{name: -1.0})]).faults  # type: ignore[arg-type]
    assert fault.message == f"{name}: -1 is negative; correct the file or leave it out."
    left = check([replace(GOOD, **{name: 0.0})]).points  # type: ignore[arg-type]
    if name in ("rps", "completed"):
        assert left == []
    else:
        assert getattr(left[0], name) == (0 if name in ("failed", "incomplete") else None)


@pytest.mark.parametrize("name", ["ttft", "itl", "latency"])
@pytest.mark.parametrize("statistic", ["avg", "p50", "p90", "p95", "p99"])
def test_a_negative_latency_is_one_fault(name: str, statistic: str) -> None:
    point = replace(GOOD, **{name: Latency(**{statistic: -1})})  # type: ignore[arg-type]
    assert [fault.message for fault in check([point]).faults] == [
        f"{name} {statistic}: -1 ms is negative; correct the file or leave it out."
    ]


def test_a_load_alone_is_enough_to_keep_a_point() -> None:
    assert len(check([Point("a", "t", rps=3, concurrency=4)]).points) == 1
    assert len(check([Point("a", "t", rps=3, latency=Latency(p90=400))]).points) == 1
    assert check([Point("a", "t", rps=3, request_rate=4)]).points == []


def test_control_characters_are_left_out_of_texts() -> None:
    (point,) = check([replace(GOOD, model="a\x07b", engine="vLLM 0.9")]).points
    assert (point.model, point.engine) == ("a b", "vLLM 0.9")


def test_a_fall_is_told_with_what_follows() -> None:
    (notice,) = [one for one in check(_loads(1, 2, 1)).notices if "falls" in one.message]
    assert notice.message == (
        "concurrency 4: throughput falls as the load rises: 1 requests/s, after 2 at concurrency 2. "
        "Not costed unless it is named."
    )


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"concurrency": 8, "index": 3}, "point 4, concurrency 8"),
        ({"concurrency": 8, "index": 3, "line": 5}, "concurrency 8"),
        ({"request_rate": 2.5}, "2.5 requests/s"),
        ({"index": 3}, "point 4"),
        ({}, ""),
    ],
)
def test_how_messages_call_a_point(fields: dict[str, float], name: str) -> None:
    assert named(Point("a", "t", **fields)) == name  # type: ignore[arg-type]
