"""The commands as a user meets them."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tco_xlsx.cli import main
from tco_xlsx.model import MODEL
from tests.support import shipped

ARTICLE = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"
README = (shipped.ROOT / "README.md").read_text(encoding="utf-8")

MANUAL = """\
title: {title}
performance: {{source: manual, manual_rps: 4, manual_gpus: 2}}
workload: {{peak_rps: 30, average_rps: 10, input_tokens: 1000, output_tokens: 200}}
server: {{price: 300000, gpus: 8, life_years: 5}}
hosting: {{per_server_year: 20000}}
"""


def run(*arguments: str | Path, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


@pytest.mark.parametrize("name", main.commands)
def test_every_command_has_help_and_stands_in_the_readme(name: str) -> None:
    command = main.commands[name]
    assert command.help
    assert f"tco-xlsx {name}" in README
    for option in command.params:
        if isinstance(option, click.Option) and option.name != "help":
            assert option.help, f"{name} {option.opts}"
    assert run(name, "--help").stdout.startswith("Usage:")


def test_build_writes_a_workbook_for_each_scenario(tmp_path: Path) -> None:
    result = run("build", shipped.ROOT / "scenarios", "-o", tmp_path / "out")
    books = {f"{path.stem}.xlsx" for path in shipped.SCENARIOS}
    beside = {"index.xlsx", "results.csv", "results.parquet", ".tco-xlsx"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == books | beside
    lines = result.stdout.splitlines()
    assert [Path(line.partition(": ")[0]).stem for line in lines[:-1]] == [path.stem for path in shipped.SCENARIOS]
    assert "nvidia-article-per-server.xlsx: 4 servers, 350,000 USD a year" in result.stdout
    assert lines[-1].startswith(f"{len(shipped.SCENARIOS)} built, 0 unchanged, 0 failed, ")
    again = run("build", shipped.ROOT / "scenarios", "-o", tmp_path / "out").stdout.splitlines()
    assert again[:-1] == [f"{line} (unchanged)" for line in lines[:-1]]
    assert again[-1].startswith(f"0 built, {len(shipped.SCENARIOS)} unchanged, 0 failed, ")


def test_one_scenario_has_its_workbook_and_no_index(tmp_path: Path) -> None:
    result = run("build", ARTICLE, "-o", tmp_path)
    assert result.stdout == f"{tmp_path / ARTICLE.stem}.xlsx: 4 servers, 350,000 USD a year\n"
    assert {path.name for path in tmp_path.iterdir()} == {f"{ARTICLE.stem}.xlsx", ".tco-xlsx"}


def test_build_takes_settings(tmp_path: Path) -> None:
    result = run("build", ARTICLE, "-o", tmp_path, "--set", "server.price=640000")
    assert "670,000 USD a year" in result.stdout


def test_faults_of_all_scenarios_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(MANUAL.format(title="bad").replace("price: 300000", "prise: 300000"))
    (tmp_path / "worse.yaml").write_text("workload: {peak_rps: -1}\n")
    result = run("build", tmp_path, "-o", tmp_path / "out", code=2)
    assert not (tmp_path / "out").exists()
    assert "server.prise: no such input. Did you mean server.price?" in result.stderr
    assert "workload.peak_rps: -1 is not allowed; it must be above 0" in result.stderr
    assert result.stdout == ""
    for command in ("evaluate", "check"):
        assert run(command, tmp_path, code=2).stderr == result.stderr


def test_a_bad_scenario_does_not_stop_the_rest(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(MANUAL.format(title="good"))
    (tmp_path / "bad.yaml").write_text(MANUAL.format(title="bad").replace("price: 300000", "prise: 300000"))
    result = run("build", tmp_path, tmp_path / "not there.yaml", "-o", tmp_path / "out", code=2)
    assert (tmp_path / "out" / "good.xlsx").exists()
    assert not (tmp_path / "out" / "bad.xlsx").exists()
    assert "good.xlsx: " in result.stdout
    assert "1 built, 0 unchanged, 2 failed, " in result.stdout
    assert result.stderr.startswith("2 of 3 scenarios failed:\n")
    assert "server.prise: no such input. Did you mean server.price?" in result.stderr
    assert "no such file" in result.stderr
    run("evaluate", tmp_path, code=2)


def test_many_scenarios_are_told_by_a_line_now_and_then(tmp_path: Path) -> None:
    plain = MANUAL.format(title="many")
    matrix = "matrix: {vary: {server.price: {from: 100000, to: 400000, steps: 40}}, name: 'p{server.price}'}\n"
    (tmp_path / "many.yaml").write_text(plain + matrix)
    result = run("build", tmp_path, "-o", tmp_path / "out", "--jobs", "1")
    assert result.stdout.startswith("40 built, 0 unchanged, 0 failed, ")
    assert result.stdout.count("\n") == 1
    told = result.stderr.splitlines()
    assert 5 <= len(told) <= 10
    assert all(re.fullmatch(r"\d+ of 40 workbooks, [\d.]+/s, about \d+ s left", line) for line in told)


def test_force_builds_what_is_unchanged_and_an_edited_workbook_is_told(tmp_path: Path) -> None:
    run("build", ARTICLE, "-o", tmp_path)
    book = tmp_path / f"{ARTICLE.stem}.xlsx"
    whole = book.read_bytes()
    book.write_bytes(b"edited")
    assert "has been edited and is left as it is; --force" in run("build", ARTICLE, "-o", tmp_path).stderr
    assert book.read_bytes() == b"edited"
    assert "what it was" in run("build", ARTICLE, "-o", tmp_path, "--force").stderr
    assert book.read_bytes() == whole


def test_build_runs_on_a_dask_cluster_or_says_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = run("build", ARTICLE, "-o", tmp_path / "out", "--dask", "local", code=2)
    assert "needs dask and distributed: install tco-xlsx[dask]" in result.stderr
    assert not (tmp_path / "out").exists()


def test_two_scenarios_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.yaml").write_text(MANUAL.format(title=folder))
    result = run("build", tmp_path / "a" / "same.yaml", tmp_path / "b" / "same.yaml", "-o", tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").glob("*-same.xlsx")} == {"a-same.xlsx", "b-same.xlsx"}
    assert "b-same.xlsx: " in result.stdout


def test_no_point_within_the_limits_is_said_and_exits_3(tmp_path: Path) -> None:
    impossible = ("--set", "service.max_ttft_ms=10")
    result = run("build", ARTICLE, "-o", tmp_path, *impossible, code=3)
    assert "Relax service.max_ttft_ms from 10 to 46 (the point at concurrency 1)" in result.stderr
    assert (tmp_path / f"{ARTICLE.stem}.xlsx").exists()
    assert "no operating point" in result.stdout
    again = run("build", ARTICLE, "-o", tmp_path, *impossible, code=3)
    assert (again.stderr, again.stdout) == (result.stderr, result.stdout.replace("\n", " (unchanged)\n"))
    run("build", ARTICLE, "-o", tmp_path, *impossible, "--allow-no-point")
    run("check", ARTICLE, code=0)
    result = run("evaluate", ARTICLE, "--format", "json", *impossible, code=3)
    values = json.loads(result.stdout)[0]["values"]
    assert values["fleet.servers"] is None
    assert values["cost.total_year"] is None


def test_the_limit_that_is_offered_is_enough() -> None:
    run("evaluate", ARTICLE, "--set", "service.max_ttft_ms=46")
    result = run("evaluate", ARTICLE, "--set", "service.max_ttft_ms=10", "--set", "service.max_itl_ms=4", code=3)
    assert "Relax service.max_ttft_ms from 10 to 46 and service.max_itl_ms from 4 to 5" in result.stderr
    run("evaluate", ARTICLE, "--set", "service.max_ttft_ms=46", "--set", "service.max_itl_ms=5")


def test_a_limit_is_offered_for_the_configuration_that_is_meant() -> None:
    """Other configurations have faster points; what they could do is no help."""
    book = shipped.ROOT / "scenarios" / "configurations.yaml"
    result = run("check", book, "--set", "service.max_ttft_ms=10", code=3)
    assert "Relax service.max_ttft_ms from 10 to 66 (the point at concurrency 8)" in result.stderr
    run("check", book, "--set", "service.max_ttft_ms=66")
    result = run("check", book, "--set", "configuration.precision=bf16", "--set", "configuration.setup=2p2d", code=3)
    assert "no benchmark point counts" in result.stderr


def test_a_statistic_that_the_files_lack_is_named() -> None:
    result = run("check", ARTICLE, "--set", "service.ttft_statistic=p50", code=3)
    assert "the files do not hold p50 of ttft" in result.stderr


def test_evaluate_json_gives_every_input_and_output_in_full_precision() -> None:
    (told,) = json.loads(run("evaluate", ARTICLE, "--format", "json").stdout)
    assert set(told) == {"scenario", "values", "sources", "checks", "warnings"}
    names = {line.name for line in (*MODEL.inputs, *MODEL.outputs)}
    assert names <= set(told["values"])
    assert told["values"]["fleet.servers"] == 4
    assert told["values"]["service.max_itl_ms"] is None
    assert told["values"]["unit_cost.split"] == "price_ratio"


def test_evaluate_csv_has_a_row_for_each_scenario() -> None:
    rows = list(csv.DictReader(io.StringIO(run("evaluate", *shipped.SCENARIOS, "--format", "csv").stdout)))
    assert [row["scenario"] for row in rows] == [path.stem for path in shipped.SCENARIOS]
    total = {row["scenario"]: float(row["cost.total_year"]) for row in rows}
    assert total["nvidia-article-per-gpu"] == 476_000


def test_evaluate_table_shows_the_results() -> None:
    told = run("evaluate", *shipped.SCENARIOS).stdout
    assert "cost.total_year" in told
    assert "350,000" in told
    assert "476,000" in told


def test_bench_shows_points_and_notices(tmp_path: Path) -> None:
    told = run("bench", shipped.ROOT / "scenarios" / "data" / "nvidia_tco_rows.csv").stdout
    assert told.count("H100_80GB") == 21
    result = run("bench", tmp_path / "nothing", code=2)
    assert "no such file or folder" in result.stderr
    rows = json.loads(run("bench", shipped.ROOT / "scenarios" / "data" / "aiperf_sweep", "--format", "json").stdout)
    assert [row["concurrency"] for row in rows] == sorted(
        (row["concurrency"] for row in rows), key=lambda load: f"concurrency_{load:g}"
    )
    assert {row["gpus_per_instance"] for row in rows} == {4}


def test_a_point_without_a_gpu_count_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "sweep"
    shutil.copytree(shipped.ROOT / "scenarios" / "data" / "aiperf_sweep", data)
    (data / "benchmark.yaml").unlink()
    text = (shipped.ROOT / "scenarios" / "aiperf-sweep.yaml").read_text(encoding="utf-8")
    (tmp_path / "s.yaml").write_text(text.replace("data/aiperf_sweep", "sweep"), encoding="utf-8")
    result = run("check", tmp_path / "s.yaml", code=2)
    assert "gpus_per_instance" in result.stderr
    told = text.replace("files: data/aiperf_sweep", "facts: {gpus_per_instance: 4}\n  files: sweep")
    (tmp_path / "s.yaml").write_text(told, encoding="utf-8")
    run("check", tmp_path / "s.yaml")


def test_configurations_are_never_mixed(tmp_path: Path) -> None:
    shutil.copy(shipped.ROOT / "scenarios" / "data" / "nvidia_tco_rows.csv", tmp_path / "rows.csv")
    text = ARTICLE.read_text(encoding="utf-8").replace("data/nvidia_tco_rows.csv", "rows.csv")
    all_rows = text.replace("  where: {gpu_type: H100_80GB, isl: 1000, osl: 200}\n", "")
    (tmp_path / "s.yaml").write_text(all_rows, encoding="utf-8")
    told = run("check", tmp_path / "s.yaml", code=2).stderr
    assert "configuration.gpu_type: the points are of 2 kinds (A100-SXM4-80GB, H100_80GB); choose one, or `any`" in told
    (tmp_path / "s.yaml").write_text(all_rows + "configuration: {gpu_type: H100_80GB}\n", encoding="utf-8")
    run("check", tmp_path / "s.yaml")
    (tmp_path / "s.yaml").write_text(all_rows + "configuration: {gpu_type: H300_80GB}\n", encoding="utf-8")
    assert "Did you mean H100_80GB?" in run("check", tmp_path / "s.yaml", code=2).stderr
    (tmp_path / "s.yaml").write_text(text.replace("H100_80GB", "H300"), encoding="utf-8")
    assert "none of the 35 points fits" in run("check", tmp_path / "s.yaml", code=2).stderr


def test_the_tokens_nearest_to_the_workload_are_meant_unless_others_are_picked(tmp_path: Path) -> None:
    book = shipped.ROOT / "scenarios" / "nvidia-workbook.yaml"
    settings = ("--set", "workload.input_tokens=200", "--set", "configuration.tokens=200 / 200")
    (picked,) = json.loads(run("evaluate", book, "--format", "json", *settings).stdout)
    assert picked["values"]["performance.isl"] == 200
    assert picked["values"]["performance.measured_points"] == 35
    assert picked["values"]["performance.counting_points"] == 7


def test_lines_lists_the_whole_model() -> None:
    rows = json.loads(run("lines", "--format", "json").stdout)
    assert [row["name"] for row in rows] == [line.name for line in MODEL.lines]
    assert "cost.total_year" in run("lines").stdout


def test_explain_shows_the_numbers_down_to_the_inputs() -> None:
    told = run("explain", ARTICLE, "fleet.servers").stdout
    for piece in ("fleet.servers = 4", "fleet.instances_exact = 24.1099", "workload.peak_rps = 100", "[45.2, 64.4"):
        assert piece in told
    result = run("explain", ARTICLE, "fleet.server", code=2)
    assert "Did you mean fleet.servers?" in result.stderr


def test_schema_is_printed() -> None:
    assert json.loads(run("schema").stdout)["title"] == "tco-xlsx scenario"


def test_help_does_not_wait_for_heavy_imports() -> None:
    program = "import sys, tco_xlsx.cli; print(','.join(sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert not {"numpy", "pandas", "openpyxl", "xlsxwriter", "rich", "yaml"} & set(told.strip().split(","))


def test_a_folder_that_cannot_be_written_to_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    assert "is a file" in run("build", ARTICLE, "-o", tmp_path / "taken", code=2).output
    result = run("build", ARTICLE, "-o", tmp_path / "taken" / "below", code=2)
    assert "cannot be written to" in result.stderr


def test_a_workbook_is_the_same_from_wherever_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("build", shipped.ROOT / "scenarios" / "configurations.yaml", "-o", tmp_path / "absolute")
    monkeypatch.chdir(shipped.ROOT)
    run("build", "scenarios/configurations.yaml", "-o", tmp_path / "relative")
    monkeypatch.chdir(shipped.ROOT / "scenarios")
    run("build", "configurations.yaml", "-o", tmp_path / "beside")
    books = [(tmp_path / folder / "configurations.xlsx").read_bytes() for folder in ("absolute", "relative", "beside")]
    assert len(set(books)) == 1


def test_points_written_to_a_file_are_read_back(tmp_path: Path) -> None:
    folder = shipped.ROOT / "scenarios" / "data" / "configurations"
    first = json.loads(run("bench", folder, "--to", tmp_path / "p.csv", "--format", "json").stdout)
    run("bench", folder, "--to", tmp_path / "p.xlsx")
    run("bench", folder, "--to", tmp_path / "p.parquet")
    for name in ("p.csv", "p.xlsx"):
        again = json.loads(run("bench", tmp_path / name, "--format", "json").stdout)
        for key in ("rps", "ttft", "itl", "latency", "gpus_per_instance", "precision", "setup", "isl_asked"):
            assert [row[key] for row in again] == [row[key] for row in first], (name, key)
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(tmp_path / "p.parquet").to_pylist()
    assert [row["rps"] for row in table] == [row["rps"] for row in first]
    assert "use .csv, .xlsx, .parquet" in run("bench", folder, "--to", tmp_path / "p.doc", code=2).stderr


def test_a_suspicious_point_does_not_count_unless_it_is_accepted(tmp_path: Path) -> None:
    # Twenty times the requests/s that fit into that latency at that concurrency.
    rows = ["gpu_type,gpus_per_instance,isl,osl,concurrency,rps,ttft_avg_ms,itl_avg_ms,latency_avg_ms"]
    rows += ["H100,1,1000,200,4,3.3,50,6,1244", "H100,1,1000,200,8,120.0,60,6,1254"]
    (tmp_path / "points.csv").write_text("\n".join(rows) + "\n")
    text = MANUAL.format(title="x").replace(
        "performance: {source: manual, manual_rps: 4, manual_gpus: 2}", "benchmark: {files: points.csv}"
    )
    (tmp_path / "s.yaml").write_text(text)
    result = run("evaluate", tmp_path / "s.yaml", "--format", "json")
    assert json.loads(result.stdout)[0]["values"]["performance.concurrency"] == 4
    assert "suspicious: points.csv#2" in result.stderr
    (tmp_path / "s.yaml").write_text(text.replace("files: points.csv", "files: points.csv, accept: points.csv#2"))
    result = run("evaluate", tmp_path / "s.yaml", "--format", "json")
    assert json.loads(result.stdout)[0]["values"]["performance.concurrency"] == 8


def test_what_is_mistaken_for_something_else_is_told_as_what_it_is(tmp_path: Path) -> None:
    scenario, results = (
        shipped.ROOT / "scenarios" / "vllm-sweep.yaml",
        shipped.ROOT / "scenarios" / "data" / "vllm_sweep",
    )
    result = next(results.glob("*.json"))
    for arguments, told in (
        (
            ["build", scenario, "-o", tmp_path / "book.pdf"],
            "ends in .pdf; name a folder, or for one",
        ),
        (["check", result], "is no scenario. Results of a benchmark?"),
        (["explain", "fleet.servers", scenario], "The scenario comes first, then the line."),
        (["sweep", scenario, "--vary", "server.price=1,2", "--by", "licence"], "There are licence."),
        (["sweep", scenario, "--vary", "server.price=1,2", "--by", "qqqqqqqq"], "`tco-xlsx lines` lists them all."),
    ):
        assert told in run(*arguments, code=2).stderr
    assert not list(tmp_path.iterdir())
