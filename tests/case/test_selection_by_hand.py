"""What of a point becomes which figure of the model, and which points a scenario takes, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.bench.cache import ReadingCache
from tco_xlsx.bench.points.point import Latency, Point
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.case.points import Selection, benchmark_paths, facts, fields_of, figures, select, tokens_of
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.language.evaluate import evaluate
from tco_xlsx.language.lines import Fact, Measured, measured
from tco_xlsx.language.sections import Section
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.load import Scenario, load_scenarios

SCENARIO = """\
title: Chosen by hand
workload: {peak_rps: 20, input_tokens: 1000, output_tokens: 200}
server: {price: 100, gpus: 8, life_years: 4}
hosting: {per_server_year: 10}
"""
HEAD = "model,gpu_type,gpus_per_instance,precision,engine,concurrency,rps,ttft_avg_ms"


def written(folder: Path, table: str, benchmark: str = "") -> Scenario:
    """A scenario over one table; `benchmark` is what its section says beside the files."""
    (folder / "runs.csv").write_text(table, encoding="utf-8")
    path = folder / "scenario.yaml"
    path.write_text(f"{SCENARIO}benchmark:\n  files: runs.csv\n{benchmark}", encoding="utf-8")
    return loaded(path)


def loaded(path: Path) -> Scenario:
    (one,) = load_scenarios([path], MODEL)
    return one


def taken(folder: Path, table: str, benchmark: str = "") -> Selection:
    return select(written(folder, table, benchmark))


def refusals(folder: Path, table: str, benchmark: str = "") -> str:
    with pytest.raises(BadInput) as error:
        taken(folder, table, benchmark)
    return str(error.value)


# --- a point's figures


def test_each_figure_of_a_point_goes_to_the_line_of_its_name() -> None:
    point = Point(
        file="runs.csv",
        tool="table",
        model="llama",
        gpu_type="H100",
        gpus_per_instance=2,
        precision="fp8",
        engine="vllm",
        setup="2p1d",
        concurrency=31,
        request_rate=9,
        isl=997,
        osl=203,
        completed=100,
        rps=7.95,
        output_tps=1_600,
        ttft=Latency(10, 11, 12, 13, 14),
        itl=Latency(20, 21, 22, 23, 24),
        latency=Latency(30, 31, 32, 33, 34),
    )
    told = figures(point)
    assert told.pop("tokens") is not None
    assert told == {
        "model": "llama",
        "gpu_type": "H100",
        "precision": "fp8",
        "engine": "vllm",
        "setup": "2p1d",
        "trusted": 1.0,
        "concurrency": 31,
        "gpus": 2,
        # 9 a second were asked for, 7.95 were served: the latter size a fleet.
        "rps": 7.95,
        "isl": 997,
        "osl": 203,
        **{f"ttft_{name}": 10.0 + number for number, name in enumerate(("avg", "p50", "p90", "p95", "p99"))},
        **{f"itl_{name}": 20.0 + number for number, name in enumerate(("avg", "p50", "p90", "p95", "p99"))},
        **{f"latency_{name}": 30.0 + number for number, name in enumerate(("avg", "p50", "p90", "p95", "p99"))},
    }


def test_every_line_that_is_measured_has_a_figure() -> None:
    told = figures(Point(file="runs.csv", tool="table", rps=1))
    assert {f"points.{name}" for name in told} == {one.name for one in MODEL.lines if isinstance(one, (Measured, Fact))}


class Draws(Section):
    """Lines that a point might hold."""

    title = "Draws"

    duration_s = measured("Duration", "s")
    itl_p99 = measured("ITL p99", "ms/token")
    watts = measured("Power drawn", "W")
    ttft_p42 = measured("TTFT p42", "ms/request")
    rps_avg = measured("Mean rate", "request/s")


def test_a_line_that_is_measured_but_that_no_point_holds_is_refused() -> None:
    point = Point("a.csv", "table", duration_s=60, itl=Latency(p99=9))
    assert [take(point) for take in fields_of([Draws.duration_s, Draws.itl_p99]).values()] == [60, 9]
    for line in (Draws.watts, Draws.ttft_p42, Draws.rps_avg):
        with pytest.raises(TypeError, match=rf"{line.name}: no field of a benchmark point holds it"):
            fields_of([Draws.duration_s, line])


def test_the_rate_that_was_reached_sizes_the_fleet(tmp_path: Path) -> None:
    """9 requests/s were asked for, 4 served: 20 / 4 = 5 instances."""
    table = "gpu_type,gpus_per_instance,request_rate,rps,ttft_avg_ms\nH100,1,9,4,100\n"
    written(tmp_path, table)
    (one,) = case_prepare.prepare([tmp_path / "scenario.yaml"], MODEL)
    values = evaluate(MODEL, [one.case])
    assert values.value(MODEL.by_name["performance.instance_rps"]) == 4
    assert values.value(MODEL.by_name["fleet.instances"]) == 5


def test_a_suspicious_point_counts_only_when_it_is_accepted() -> None:
    doubted = Point(file="runs.csv", tool="table", rps=1, suspicious=("its figures contradict each other",))
    plain = Point(file="runs.csv", tool="table", rps=1)
    assert figures(doubted)["trusted"] == 0.0
    assert figures(doubted, ["another"])["trusted"] == 0.0
    assert figures(doubted, [doubted.label])["trusted"] == 1.0
    assert figures(plain)["trusted"] == figures(plain, ["another"])["trusted"] == 1.0


@pytest.mark.parametrize(
    ("isl", "isl_asked", "osl", "osl_asked", "words"),
    [
        (997, 1000, 203, 200, "1000 / 200"),
        (997, 1000, 203, None, "1000 / 203"),
        (997, None, 203, 200, "997 / 200"),
        (None, 1000, None, 200, "1000 / 200"),
        (None, None, 203, 200, None),
        (997, 1000, None, None, None),
        (None, None, None, None, None),
    ],
)
def test_tokens_in_words(
    isl: float | None, isl_asked: float | None, osl: float | None, osl_asked: float | None, words: str | None
) -> None:
    point = Point(file="a", tool="table", isl=isl, isl_asked=isl_asked, osl=osl, osl_asked=osl_asked)
    assert tokens_of(point) == words


def test_the_kind_among_all_points_goes_before_the_own_lengths() -> None:
    point = Point(file="runs.csv", tool="table", rps=1, isl=997, osl=203)
    assert figures(point)["tokens"] == "997 / 203"
    assert figures(point, kind="1000 / 200")["tokens"] == "1000 / 200"


def test_what_is_told_beside_the_figures() -> None:
    point = Point(file="a.json", tool="vllm", notes=("read from TPOT",), suspicious=("too fast", "too good"))
    assert facts(point) == {
        "tool": "vllm",
        "label": "a.json#1",
        "notes": "suspicious: too fast; suspicious: too good; read from TPOT",
    }
    assert facts(Point(file="a.json", tool="aiconfigurator", measured=False))["tool"] == "aiconfigurator (predicted)"


# --- the points that a scenario takes

KINDS = f"""{HEAD}
llama,H100,1,fp8,vllm,1,1,10
qwen,H100,1,fp8,vllm,2,2,20
llama,H200,1,fp8,vllm,3,3,30
llama,H100,1,bf16,vllm,4,4,40
llama,H100,1,fp8,SGLang,5,5,50
"""


@pytest.mark.parametrize(
    ("where", "rates"),
    [
        ("{model: qwen}", [2]),
        ("{gpu_type: h200}", [3]),
        ("{precision: bf16}", [4]),
        ("{engine: sglang}", [5]),
        ("{tool: table}", [1, 2, 3, 4, 5]),
        ("{concurrency: 4}", [4]),
        ("{concurrency: [1, 5]}", [1, 5]),
        ("{model: llama, gpu_type: H100}", [1, 4, 5]),
        ("{model: [llama, qwen], precision: fp8, engine: vllm}", [1, 2, 3]),
    ],
)
def test_a_filter_takes_what_it_says(where: str, rates: list[float], tmp_path: Path) -> None:
    """All keys must fit, and of a list any."""
    selection = taken(tmp_path, KINDS, f"  where: {where}\n")
    assert sorted(point.rps or 0 for point in selection.points) == rates
    assert selection.read == 5


LENGTHS = "gpu_type,gpus_per_instance,concurrency,rps,ttft_avg_ms,isl,isl_asked,osl,osl_asked\n" + "".join(
    f"H100,1,{number},{number},10,{isl},{asked},{osl},{osl_asked}\n"
    for number, (isl, asked, osl, osl_asked) in enumerate(
        [
            (1000, "", 200, ""),
            (1010, "", 200, ""),
            (1020, "", 200, ""),
            (1021, "", 200, ""),
            (1100, "", 200, ""),
            (980, "", 200, ""),
            (979, "", 200, ""),
            (1100, 1000, 200, ""),
            (1000, 1100, 200, ""),
            (1000, "", 230, 200),
            (1000, "", 230, ""),
        ],
        1,
    )
)


@pytest.mark.parametrize(
    ("where", "rates"),
    [
        # Within 2 % of 1000, which is 980 to 1020; what was asked for goes before what was measured.
        ("{isl: 1000}", [1, 2, 3, 6, 8, 10, 11]),
        ("{isl: 1100}", [5, 9]),
        ("{isl: [1000, 1100]}", [1, 2, 3, 5, 6, 8, 9, 10, 11]),
        ("{osl: 200, isl: 1100}", [5, 9]),
        ("{osl: 230}", [11]),
    ],
)
def test_a_filter_by_tokens(where: str, rates: list[float], tmp_path: Path) -> None:
    selection = taken(tmp_path, LENGTHS, f"  where: {where}\n")
    assert sorted(point.rps or 0 for point in selection.points) == rates


def test_a_point_that_does_not_say_is_not_taken(tmp_path: Path) -> None:
    table = (
        "gpu_type,gpus_per_instance,concurrency,rps,ttft_avg_ms,isl,engine\nH100,1,1,1,10,,\nH100,1,2,2,10,500,vllm\n"
    )
    assert [point.rps for point in taken(tmp_path, table, "  where: {isl: 500}\n").points] == [2]
    assert [point.rps for point in taken(tmp_path, table, "  where: {engine: vllm}\n").points] == [2]


def test_points_stand_in_order_of_configuration_and_load(tmp_path: Path) -> None:
    table = f"""{HEAD}
qwen,A100,1,fp8,vllm,1,1,10
llama,H100,2,fp8,vllm,1,2,10
llama,H100,1,fp8,vllm,9,3,10
llama,H100,1,fp8,vllm,8,4,10
llama,H100,1,fp8,sglang,7,5,10
llama,H100,1,bf16,vllm,99,6,10
llama,A100,4,fp8,vllm,99,7,10
"""
    assert [point.rps for point in taken(tmp_path, table).points] == [7, 6, 5, 4, 3, 2, 1]


def test_points_by_rate_stand_in_order_of_rate(tmp_path: Path) -> None:
    table = "gpu_type,gpus_per_instance,request_rate,rps,ttft_avg_ms\nH100,1,30,6,10\nH100,1,5,4,10\nH100,1,9,5,10\n"
    assert [point.rps for point in taken(tmp_path, table).points] == [4, 5, 6]


def test_points_of_one_load_stand_in_order_of_what_they_serve(tmp_path: Path) -> None:
    table = "gpu_type,gpus_per_instance,concurrency,rps,ttft_avg_ms\nH100,1,4,7,10\nH100,1,4,5,11\nH100,1,4,6,12\n"
    assert [point.rps for point in taken(tmp_path, table).points] == [5, 6, 7]


def test_points_without_texts_or_load_stand_before_the_others(tmp_path: Path) -> None:
    """No text is before every text, and no load, which is all at once, before every load: 0.5 a second is one."""
    table = f"""{HEAD},request_rate
llama,H100,1,fp8,vllm,,1,10,0.5
llama,H100,1,fp8,vllm,,2,10,
llama,H100,1,,vllm,,3,10,0.5
"""
    assert [point.rps for point in taken(tmp_path, table).points] == [3, 2, 1]


@pytest.mark.parametrize(
    ("where", "rates"),
    [
        # A number is compared as a number: 16 is 16.0, and "16" is a text.
        ("{concurrency: 16}", [1]),
        ("{concurrency: 16.0}", [1]),
        ("{isl: 1000, concurrency: [16, 17]}", [1]),
    ],
)
def test_a_number_is_found_by_a_number(where: str, rates: list[float], tmp_path: Path) -> None:
    table = "gpu_type,gpus_per_instance,concurrency,rps,ttft_avg_ms,isl\nH100,1,16,1,10,1000\nH100,1,8,2,10,1000\n"
    assert [point.rps for point in taken(tmp_path, table, f"  where: {where}\n").points] == rates


def test_a_name_of_digits_is_found_by_a_number(tmp_path: Path) -> None:
    """YAML reads 4090 as a number; the GPU type of a file is a text."""
    table = "gpu_type,gpus_per_instance,concurrency,rps,ttft_avg_ms\n4090,1,1,1,10\n5090,1,2,2,10\n"
    assert [point.rps for point in taken(tmp_path, table, "  where: {gpu_type: 4090}\n").points] == [1]


def test_tokens_are_not_found_by_a_text(tmp_path: Path) -> None:
    told = refusals(tmp_path, LENGTHS, "  where: {isl: long}\n").splitlines()
    assert told[1:] == ['  7:16   benchmark.where.isl: "long" is not a number.']


def test_a_text_that_is_nothing_is_not_found_by_its_word(tmp_path: Path) -> None:
    """A point without an engine is not of the engine "None"."""
    told = refusals(tmp_path, "gpu_type,gpus_per_instance,concurrency,rps,ttft_avg_ms\nH100,1,1,1,10\n",
                    "  where: {engine: None}\n")  # fmt: skip
    assert "none of the 1 points fits" in told


# --- what is told


def test_without_a_benchmark_there_are_no_points(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text(f"{SCENARIO}performance: {{source: manual, manual_rps: 1, manual_gpus: 1}}\n", encoding="utf-8")
    assert select(loaded(path)) == Selection((), 0, (), ())


def test_files_are_named_relative_to_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b.csv").write_text(f"{HEAD}\nllama,H100,1,fp8,vllm,2,2,20\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text(f"{HEAD}\nllama,H100,1,fp8,vllm,1,1,10\n", encoding="utf-8")
    path = tmp_path / "scenario.yaml"
    path.write_text(f"{SCENARIO}benchmark: {{files: [a.csv, below]}}\n", encoding="utf-8")
    one = loaded(path)
    assert [Path(file) for file in benchmark_paths(one)] == [tmp_path / "a.csv", tmp_path / "below"]
    selection = select(one)
    assert [point.file for point in selection.points] == ["a.csv", "below/b.csv"]
    assert [name for name, _ in selection.files] == ["a.csv", "below/b.csv"]
    assert all(len(digest) == 64 for _, digest in selection.files)
    assert all(str(tmp_path) not in note for point in selection.points for note in point.notes)


def test_a_filter_that_leaves_nothing_says_what_there_is(tmp_path: Path) -> None:
    told = refusals(tmp_path, KINDS, "  where: {model: gemma}\n")
    assert told.startswith(f"{tmp_path / 'scenario.yaml'}: 1 problem\n  5:1 ")
    assert "benchmark.where: none of the 5 points fits. They are of: llama, H100; qwen, H100; llama, H200." in told


def test_a_suspicion_is_overruled_by_a_name_that_there_is(tmp_path: Path) -> None:
    told = refusals(tmp_path, KINDS, "  accept: [runs.csv#9]\n")
    assert "benchmark.accept: runs.csv#9: no such point." in told
    assert len(taken(tmp_path, KINDS, "  accept: [runs.csv#2]\n").points) == 5


def test_a_name_that_several_points_end_in_is_refused(tmp_path: Path) -> None:
    """Five files of one name in five folders: four are named, in order, and one of them must be."""
    for number in range(1, 6):
        (tmp_path / f"c{number}").mkdir()
        table = f"gpu_type,gpus_per_instance,concurrency,rps,ttft_avg_ms\nH100,1,{number},{number},10\n"
        (tmp_path / f"c{number}" / "run.csv").write_text(table, encoding="utf-8")
    path = tmp_path / "scenario.yaml"
    path.write_text(f"{SCENARIO}benchmark: {{files: 'c*/run.csv', accept: [run.csv]}}\n", encoding="utf-8")
    with pytest.raises(BadInput) as error:
        select(loaded(path))
    told = str(error.value)
    assert "benchmark.accept: run.csv: 5 points end in it (" in told
    assert [f"c{number}/run.csv" in told for number in range(1, 6)] == [True] * 4 + [False]
    path.write_text(f"{SCENARIO}benchmark: {{files: 'c*/run.csv', accept: [c2/run.csv]}}\n", encoding="utf-8")
    assert len(select(loaded(path)).points) == 5


def test_a_point_without_gpus_is_refused(tmp_path: Path) -> None:
    assert "gpus_per_instance" in refusals(tmp_path, "gpu_type,concurrency,rps,ttft_avg_ms\nH100,1,1,10\n")
    given = "  facts: {gpus_per_instance: 4}\n"
    table = "gpu_type,concurrency,rps,ttft_avg_ms\nH100,1,1,10\n"
    assert [point.gpus_per_instance for point in taken(tmp_path, table, given).points] == [4]


def test_faults_of_the_scenario_have_its_place_and_those_of_a_file_its_own(tmp_path: Path) -> None:
    given = "  facts: {gpus_per_instance: 4}\n"
    told = refusals(tmp_path, f"{HEAD}\nllama,H100,1,fp8,vllm,1,x,10\n", given)
    assert told.startswith(f"{tmp_path / 'runs.csv'}: 1 problem\n  2:7 ")


def test_a_section_that_another_file_says_is_told_there(tmp_path: Path) -> None:
    """The benchmark of a base is of the base's lines."""
    (tmp_path / "runs.csv").write_text(KINDS, encoding="utf-8")
    base = tmp_path / "base.yaml"
    base.write_text(f"{SCENARIO}benchmark: {{files: runs.csv, where: {{model: gemma}}}}\n", encoding="utf-8")
    child = tmp_path / "child.yaml"
    child.write_text("\n\nextends: base.yaml\n", encoding="utf-8")
    with pytest.raises(BadInput) as error:
        select(loaded(child))
    assert str(error.value).startswith(f"{base}: 1 problem\n  5:1 ")


def test_a_shelf_reads_once(tmp_path: Path) -> None:
    one, shelf = written(tmp_path, KINDS), ReadingCache()
    first, again = select(one, shelf), select(one, shelf)
    assert first is again
    assert select(one, ReadingCache()) == first
