"""Which points are one run, and what is added to a point: each figure that tells two runs apart, changed alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tco_xlsx.bench.files.path_glob import matching
from tco_xlsx.bench.notes.facts import Facts
from tco_xlsx.bench.notes.folder_name import FolderName, folder_name
from tco_xlsx.bench.notes.note import Note, Rule
from tco_xlsx.bench.notes.sidecar import complete
from tco_xlsx.bench.points.duplicates import without_copies
from tco_xlsx.bench.points.laws import decoded, doubts
from tco_xlsx.bench.points.order import in_order
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.bench.points.raw_runs import _with_facts, joined
from tco_xlsx.bench.points.reading import Closeness, Notice, NoticeGroup
from tests.bench.test_sane import GOOD

RUN = replace(GOOD, file="a.json", model="llama", gpu_type="H100", request_rate=9.0)


def kept(*points: Point) -> list[str]:
    """The files of the points that count."""
    return [point.file for point in without_copies(points)[0]]


def test_the_same_run_in_two_files_counts_once() -> None:
    left, (notice,) = without_copies([RUN, replace(RUN, file="b.json")])
    assert [point.file for point in left] == ["a.json"]
    assert (notice.path, notice.message) == ("b.json", "the same run as in a.json; counted once.")


@pytest.mark.parametrize(
    "other",
    [
        {"model": "qwen"},
        {"gpu_type": "B200"},
        {"isl": 201},
        {"osl": 102},
        {"concurrency": 11},
        {"request_rate": 8.0},
        {"rps": 10.1},
        {"duration_s": 11},
        {"ttft": replace(RUN.ttft, avg=101)},
        {"ttft": replace(RUN.ttft, p50=97)},
        {"ttft": replace(RUN.ttft, p99=151)},
        {"latency": replace(RUN.latency, avg=1001)},
        {"itl": replace(RUN.itl, avg=9.1)},
    ],
    ids=str,
)
def test_one_figure_that_differs_makes_another_run(other: dict[str, object]) -> None:
    assert kept(RUN, replace(RUN, file="b.json", **other)) == ["a.json", "b.json"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "files"),
    [
        # A report of another tool keeps rate and TTFT; what else it says may be made from less.
        ({"itl": Latency(avg=5, p99=7), "latency": Latency()}, ["a.json"]),
        ({"rps": 10.001}, ["a.json", "b.json"]),
        ({"ttft": replace(RUN.ttft, avg=100.1)}, ["a.json", "b.json"]),
        ({"ttft": replace(RUN.ttft, p99=150.1)}, ["a.json", "b.json"]),
        # Six digits are compared: 100.00001 is 100 but for rounding.
        ({"ttft": replace(RUN.ttft, avg=100.00001)}, ["a.json"]),
        ({"ttft": replace(RUN.ttft, p99=None)}, ["a.json", "b.json"]),
    ],
)
def test_a_conversion_keeps_rate_and_ttft(changed: dict[str, object], files: list[str]) -> None:
    other = replace(RUN, file="b.json", tool="llmd-report", **changed)  # type: ignore[arg-type]
    assert kept(RUN, other) == files


def test_without_a_ttft_a_conversion_keeps_rate_and_latency() -> None:
    one = replace(RUN, ttft=Latency())
    other = replace(one, file="b.json", tool="llmd-report", itl=Latency())
    assert kept(one, other) == ["a.json"]
    for latency in (replace(one.latency, avg=1001), replace(one.latency, p99=1201)):
        assert kept(one, replace(other, latency=latency)) == ["a.json", "b.json"]


def test_of_a_run_and_its_conversion_the_one_that_says_its_gpus_counts() -> None:
    other = replace(RUN, file="b.json", tool="llmd-report", gpus_per_instance=4)
    assert kept(RUN, other) == ["b.json"]
    assert kept(other, RUN) == ["b.json"]
    assert kept(replace(RUN, gpus_per_instance=2), other) == ["a.json"]


# --- what is added


def test_what_agrees_is_no_fault_and_what_lacks_is_added() -> None:
    """10 users are said by both; the GPU type is only in the note, and the lengths were asked for."""
    given = Facts("benchmark.yaml", {"concurrency": 10.0, "gpu_type": "H100", "isl": 210.0})
    point, faults = complete(GOOD, [given])
    assert faults == []
    assert (point.concurrency, point.gpu_type, point.gpu_source) == (10, "H100", GOOD.gpu_source)
    assert (point.isl, point.isl_asked) == (200, 210)
    _, (fault,) = complete(GOOD, [Facts("benchmark.yaml", {"concurrency": 11.0})])
    assert (fault.message.startswith("concurrency: "), "benchmark.yaml says 11" in fault.message) == (True, True)


def test_who_said_the_gpus_is_kept() -> None:
    by_note, _ = complete(GOOD, [Facts("benchmark.yaml", {"gpus_per_instance": 4})])
    assert (by_note.gpus_per_instance, by_note.gpu_source) == (4, "note")
    by_scenario, _ = complete(GOOD, [Facts("the scenario", {"gpus_per_instance": 2})])
    assert (by_scenario.gpus_per_instance, by_scenario.gpu_source) == (2, "scenario")


def test_a_rule_is_for_its_model_only() -> None:
    rule = Rule({"precision": "FP8"}, 3, model="llama*")
    assert rule.fits("a.json", "Llama-3") == {"precision": "FP8"}
    assert rule.fits("a.json", "qwen") is None
    assert rule.fits("a.json", None) is None


def test_a_rule_is_for_the_model_that_the_note_itself_names() -> None:
    note = Note(Path("benchmark.yaml"), {"model": "llama"}, rules=[Rule({"precision": "FP8"}, 3, model="llama*")])
    assert note.given(Path("a.json"), None).values["precision"] == "FP8"
    assert "precision" not in note.given(Path("a.json"), "qwen").values


# --- the latency by its parts


def test_the_latency_by_its_parts() -> None:
    """100 + 9 x 100 = 1000; an ITL that is no TPOT, or an unknown OSL, leaves the TTFT as a lower bound."""
    tpot = replace(GOOD, itl_kind="tpot")
    assert decoded(tpot) == (1000, True)
    assert decoded(replace(tpot, osl=0.5)) == (100, True)
    assert decoded(replace(tpot, itl_kind="chunk")) == (100, False)
    assert decoded(replace(tpot, osl=None)) == (100, False)
    assert decoded(replace(tpot, itl=Latency())) == (100, False)
    assert decoded(replace(tpot, ttft=Latency())) == (None, False)


# --- what a point that says less cannot be doubted for


@pytest.mark.parametrize("unknown", ["osl", "isl"])
def test_tokens_a_second_are_not_judged_without_both_lengths(unknown: str) -> None:
    point = replace(GOOD, total_tps=5.0, output_tps=None, **{unknown: None})  # type: ignore[arg-type]
    assert [doubt.message for doubt in doubts(point) if "all tokens/s" in doubt.message] == []
    (said,) = [doubt for doubt in doubts(replace(GOOD, total_tps=301.0)) if "all tokens/s" in doubt.message]
    assert said.message.startswith("all tokens/s are 0.1 times requests/s x (ISL + OSL)")


@pytest.mark.parametrize(
    ("rate", "said"),
    [(200.0, []), (200.1, ["only 10 requests/s were completed of 200.1 asked for"]), (100.0, [])],
)
def test_a_twentieth_of_what_was_asked_for_is_the_least(rate: float, said: list[str]) -> None:
    found = [doubt.message.split(";")[0] for doubt in doubts(replace(GOOD, request_rate=rate))]
    assert [message for message in found if message.startswith("only")] == said


# --- order, notices, recognising


def test_points_stand_in_order_of_each_thing_in_turn() -> None:
    """GPUs before lengths, lengths before the load; what is not said comes first."""
    plain = Point(file="a.json", tool="table", concurrency=1)
    in_turn = [
        replace(plain, concurrency=2),
        replace(plain, osl_asked=100),
        replace(plain, osl_asked=200),
        replace(plain, isl_asked=100),
        replace(plain, isl_asked=200),
        replace(plain, gpus_per_instance=1),
        replace(plain, gpus_per_instance=2),
        replace(plain, engine="vllm"),
    ]
    assert in_order(reversed(in_turn)) == in_turn
    assert in_order(in_turn) == in_turn


def test_what_an_aggregate_adds_to_its_raw_run() -> None:
    """Its GPUs, their type, the precision and the engine come first; model and lengths only where the run has none."""
    run = Point(
        file="raw.json", tool="x", model="r", gpu_type="R", gpus_per_instance=1, precision="r", engine="r", isl_asked=1,
        osl_asked=2, gpu_source="run",
    )  # fmt: skip
    bare = Point(file="raw.json", tool="x")
    whole = replace(
        run, file="agg.json", model="a", gpu_type="A", gpus_per_instance=8, precision="a", engine="a", isl_asked=3,
        osl_asked=4, gpu_source="aggregate",
    )  # fmt: skip

    def told(point: Point) -> tuple[object, ...]:
        return (point.model, point.gpu_type, point.gpus_per_instance, point.gpu_source, point.precision, point.engine,
                point.isl_asked, point.osl_asked)  # fmt: skip

    assert told(_with_facts(run, whole)) == ("r", "A", 8, "aggregate", "a", "a", 1, 2)
    assert told(_with_facts(bare, whole)) == ("a", "A", 8, "aggregate", "a", "a", 3, 4)
    assert told(_with_facts(run, bare)) == ("r", "R", 1, "run", "r", "r", 1, 2)
    assert _with_facts(run, whole).notes == (
        "GPUs, their type and the precision from agg.json (1 GPUs by the raw file itself)",
    )
    assert _with_facts(replace(run, gpus_per_instance=8), whole).notes == (
        "GPUs, their type and the precision from agg.json",
    )


@pytest.mark.parametrize(
    ("count", "files", "words"),
    [(1, 1, "a.json: odd"), (2, 1, "a.json: odd (2 such notices)"), (3, 2, "a.json: odd (3 such notices in 2 files)")],
)
def test_notices_that_say_the_same(count: int, files: int, words: str) -> None:
    assert str(NoticeGroup(Notice("a.json", "odd"), count, files)) == words


def test_how_near_a_file_is_to_what_a_tool_writes() -> None:
    assert Closeness(("a", "b", "c")).recognised
    assert not Closeness(("a", "b", "c"), ("d",)).recognised
    assert [Closeness(("a", "b", "c"), ("d",)).share, Closeness(("a",)).share, Closeness(()).share] == [0.75, 1, 0]


# --- files and folders


def test_a_pattern_of_folders_goes_down(tmp_path: Path) -> None:
    for name in ("run.json", "a/run.json", "a/b/run.json", "a/b/run.csv", ".hidden/run.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")

    def told(pattern: str) -> list[str]:
        return sorted(path.relative_to(tmp_path).as_posix() for path in matching(tmp_path / pattern, lambda: None)[1])

    assert told("**/*.json") == told("**/**/*.json") == ["a/b/run.json", "a/run.json", "run.json"]
    # At the end it stands for all that is there, folders too.
    assert told("a/**") == ["a", "a/b", "a/b/run.csv", "a/b/run.json", "a/run.json"]
    assert told("a/*/run.json") == ["a/b/run.json"]


@pytest.mark.parametrize(
    ("ttft", "said"), [(900, []), (1700, []), (1800, ["the TTFT is 1.8 times the latency; is a unit wrong?"])]
)
def test_a_ttft_above_the_latency(ttft: float, said: list[str]) -> None:
    """Up to 1.7 times is what uneven runs explain; without an ITL the TTFT is all there is to compare."""
    point = replace(GOOD, itl=Latency(), ttft=Latency(avg=ttft))
    assert [doubt.message for doubt in doubts(point) if doubt.message.startswith("the TTFT")] == said


@pytest.mark.parametrize(
    ("folders", "told"),
    [
        ("ISL1000_OSL200/CON50/profile_runs/trial_0001", FolderName(concurrency=50, isl=1000, osl=200)),
        ("sweep-request_rate-4.5", FolderName(request_rate=4.5)),
        ("concurrency_4/request_rate_2", FolderName(request_rate=2)),
        ("acme_llama-openai-chat-concurrency8", FolderName(model="acme_llama", concurrency=8)),
        ("c16/a/b/c/d", FolderName()),
        ("results", FolderName()),
    ],
)
def test_what_folders_say(folders: str, told: FolderName) -> None:
    """The nearest says the load; four folders are looked at."""
    assert folder_name(Path("/results") / folders / "run.json") == told


@pytest.mark.parametrize(
    ("changed", "files"),
    [
        ({}, ["raw.json"]),
        # Nine digits are compared.
        ({"itl": replace(RUN.itl, avg=1)}, ["raw.json"]),
        ({"concurrency": 11}, ["agg.json", "raw.json"]),
        ({"ttft": replace(RUN.ttft, avg=101)}, ["agg.json", "raw.json"]),
        ({"ttft": replace(RUN.ttft, p50=99)}, ["agg.json", "raw.json"]),
        ({"ttft": replace(RUN.ttft, p99=151)}, ["agg.json", "raw.json"]),
        ({"ttft": replace(RUN.ttft, p99=150.000000001)}, ["raw.json"]),
        ({"latency": replace(RUN.latency, avg=1001)}, ["agg.json", "raw.json"]),
        ({"latency": replace(RUN.latency, p99=1201)}, ["agg.json", "raw.json"]),
        ({"itl": replace(RUN.itl, p50=9.1)}, ["agg.json", "raw.json"]),
        ({"itl": replace(RUN.itl, p99=9.8)}, ["agg.json", "raw.json"]),
    ],
    ids=str,
)
def test_a_raw_run_is_found_by_all_its_latencies(changed: dict[str, object], files: list[str]) -> None:
    raw = replace(RUN, file="raw.json", tool="vllm")
    aggregate = replace(raw, file="agg.json", tool="inferencex", **changed)  # type: ignore[arg-type]
    assert [point.file for point in joined([aggregate, raw])[0]] == files


@pytest.mark.parametrize(
    ("ttft", "files"),
    [(Latency(p50=98), ["raw.json"]), (Latency(avg=100), ["raw.json"]), (Latency(), ["agg.json", "raw.json"])],
)
def test_a_raw_run_is_found_by_a_mean_or_a_median_of_the_ttft(ttft: Latency, files: list[str]) -> None:
    raw = replace(RUN, file="raw.json", tool="vllm", ttft=ttft)
    aggregate = replace(raw, file="agg.json", tool="inferencex")
    assert [point.file for point in joined([aggregate, raw])[0]] == files
