"""`sweep` as a user meets it: the table, the files, the refusals."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

from tco_xlsx.analysis.sweep import plan as surveying
from tco_xlsx.analysis.sweep.plan import KEY_LINES, SweepRequest, plan_of
from tco_xlsx.batch.rows import rows_to
from tco_xlsx.case.prepare import prepare
from tco_xlsx.model import MODEL
from tests.analysis.test_sweep_flags import DATA, OPEN
from tests.cli.test_cli import run
from tests.support import shipped

BY_SEAT = {line.name for line in MODEL.lines if line.axis is not None}
"""Lines with a value for each year, hour, row or point: no cell of a row holds one."""
WORKBOOK = shipped.ROOT / "scenarios" / "nvidia-workbook.yaml"
CONFIGURATIONS = shipped.ROOT / "scenarios" / "configurations.yaml"


def varied(*flags: str) -> list[str]:
    return [part for flag in flags for part in ("--vary", flag)]


def rows_of(target: Path) -> list[dict[str, str]]:
    with target.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_cheapest_are_shown_the_first_of_equal_ones_first() -> None:
    flags = varied("server.price=5:1:5", "service.max_ttft_ms=10,300,400")
    told = run("sweep", WORKBOOK, *flags, "--by", "cost.total_year", "--lines", "cost.total_year").stdout
    prices, limits = (line.split()[1:6] for line in told.splitlines()[1:3])
    assert (prices, limits) == (["1", "1", "2", "2", "3"], ["300", "400", "300", "400", "300"])
    assert "15 combinations, 5 without an operating point" in told


def test_csv_and_parquet_hold_the_same_and_all_digits(tmp_path: Path) -> None:
    flags = varied("service.max_ttft_ms=,10,300", "server.price=0.1:1e6:7", "licence.basis=gpu,flat")
    for name in ("s.csv", "s.parquet"):
        run("sweep", WORKBOOK, *flags, "--lines", "all", "--to", tmp_path / name)
    told = rows_of(tmp_path / "s.csv")
    table = pyarrow.parquet.read_table(tmp_path / "s.parquet")
    assert list(told[0])[:3] == ["service.max_ttft_ms", "server.price", "licence.basis"]
    assert list(told[0]) == table.column_names
    assert {line.name for line in (*MODEL.inputs, *MODEL.outputs)} - BY_SEAT <= set(table.column_names)
    assert not BY_SEAT & set(table.column_names)
    assert len(told) == table.num_rows == 42
    for row, exact in zip(told, table.to_pylist(), strict=True):
        for name, text in row.items():
            value = exact[name]
            assert text == ("" if value is None else value) or float(text) == value, name
    assert [row["fleet.servers"] for row in told if row["service.max_ttft_ms"] == "10"] == [""] * 14
    assert not {"inf", "nan", "-inf"} & {text for row in told for text in row.values()}
    price = table.schema.field("server.price")
    assert price.metadata == {b"label": b"Price", b"unit": b"USD/server"}
    assert str(table.schema.field("licence.basis").type) == "dictionary<values=string, indices=int32, ordered=0>"


def test_a_row_is_what_evaluate_says_with_those_settings(tmp_path: Path) -> None:
    """Also where the tokens, which the scenario leaves open, follow the workload."""
    (tmp_path / "s.yaml").write_text(OPEN.format(data=DATA, more="configuration: {model: any}\n"))
    flags = varied("workload.input_tokens=200,1000", "configuration.gpu_type=H100_80GB,any")
    run("sweep", tmp_path / "s.yaml", *flags, "--lines", "all", "--to", tmp_path / "s.csv")
    told = rows_of(tmp_path / "s.csv")
    assert [row["configuration.tokens"] for row in told] == ["200 / 200", "200 / 200", "1000 / 200", "1000 / 200"]
    for row in told:
        settings = [f"{name}={row[name]}" for name in ("workload.input_tokens", "configuration.gpu_type")]
        given = [part for one in settings for part in ("--set", one)]
        (exact,) = json.loads(run("evaluate", tmp_path / "s.yaml", "--format", "json", *given).stdout)
        assert exact["values"].keys() - row.keys() == BY_SEAT & exact["values"].keys()
        for name, value in exact["values"].items():
            if name in BY_SEAT:
                continue
            assert row[name] == ("" if value is None else value) or float(row[name]) == value, name


def test_the_bytes_of_a_file_do_not_hang_on_the_stretches(tmp_path: Path) -> None:
    flags = ["server.price=1:9:900", "service.max_itl_ms=5,20"]
    written = []
    for at_a_time in (4_000_000, 36_000):
        wish = SweepRequest(CONFIGURATIONS, flags, to=tmp_path / f"{at_a_time}.csv")
        plan = plan_of(wish, MODEL, lambda path, given: prepare([path], MODEL, given))
        plan.sweep._at_a_time = at_a_time
        steps: list[int] = []
        found = plan.run(3, lambda done, total, steps=steps: steps.append(done), rows_to)  # type: ignore[misc]
        assert steps[-1] == 1800
        written.append(((tmp_path / f"{at_a_time}.csv").read_bytes(), found, len(steps) > 1))
    assert written[0][:2] == written[1][:2]
    assert [each[2] for each in written] == [False, True]


def test_texts_that_csv_must_quote_or_a_spreadsheet_would_compute(tmp_path: Path) -> None:
    rows = ["gpu_type,gpus_per_instance,isl,osl,concurrency,rps,ttft_avg_ms,itl_avg_ms,latency_avg_ms"]
    rows += ['"H100, ""SXM""",1,1000,200,4,3.3,50,6,1244', "=1+1,1,1000,200,8,6.0,60,6,1254"]
    (tmp_path / "points.csv").write_text("\n".join(rows) + "\n")
    text = OPEN.format(data=DATA, more="").replace(f"{DATA}/nvidia_tco_rows.csv", "points.csv")
    (tmp_path / "s.yaml").write_text(text)
    flag = 'configuration.gpu_type="H100, ""SXM""",=1+1'
    run("sweep", tmp_path / "s.yaml", *varied(flag), "--to", tmp_path / "s.csv")
    assert [row["configuration.gpu_type"] for row in rows_of(tmp_path / "s.csv")] == ['H100, "SXM"', "'=1+1"]


def test_no_combination_with_an_operating_point_exits_3(tmp_path: Path) -> None:
    flags = (*varied("service.max_ttft_ms=1,2"), "--to", tmp_path / "s.csv")
    told = run("sweep", WORKBOOK, *flags, code=3)
    assert "2 combinations, 2 without an operating point" in told.stdout
    assert "no combination has an operating point; at the first, no benchmark point is within" in told.stderr
    assert len(rows_of(tmp_path / "s.csv")) == 2
    run("sweep", WORKBOOK, *flags, "--allow-no-point")


def test_all_faults_at_once_and_nothing_written(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("workload: {peak_rps: -1}\n")
    told = run("sweep", tmp_path / "bad.yaml", *varied("server.pryce=1,2", "server.gpus=0"), "--by", "cost.totl_year",
               "--lines", "points.rps,cost.capex", "--to", tmp_path / "s.doc", code=2).stderr  # fmt: skip
    for piece in (
        "server.pryce: no such input. Did you mean server.price?",
        "server.gpus: 0 is not allowed; it must be 1 or more.",
        "workload.peak_rps: -1 is not allowed",
        "cost.totl_year: no such line. Did you mean cost.total_year?",
        "points.rps: has a value for each point; name a line with one value a scenario.",
        "s.doc: 1 problem\n  -      ends in .doc; use .csv, .parquet.",
    ):
        assert piece in told
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_what_is_required_stays_required(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(OPEN.format(data=DATA, more="").replace("price: 370000, ", ""))
    flags = varied("server.price=1,2", "configuration.gpu_type=H100_80GB")
    assert "server.price: is missing" in run("sweep", tmp_path / "s.yaml", *flags, code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "gone/s.csv"), "gone/s.csv: 1 problem\n  -      cannot be written: there is no folder gone."),
        (("--to", "folder.csv"), "folder.csv: 1 problem\n  -      is a folder; name a file."),
        (("--by", "licence.basis"), "licence.basis: is a choice; name a line with numbers."),
    ],
)
def test_refusals(arguments: tuple[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    assert message in run("sweep", WORKBOOK, *varied("server.price=1,2"), *arguments, code=2).stderr


def test_a_folder_of_scenarios_is_no_scenario() -> None:
    told = run("sweep", shipped.ROOT / "scenarios", *varied("server.price=1,2"), code=2).stderr
    assert f"holds {len(shipped.SCENARIOS)} scenarios; a sweep takes one." in told


def test_parquet_without_its_library_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    told = run("sweep", WORKBOOK, *varied("server.price=1,2"), "--to", tmp_path / "s.parquet", code=2).stderr
    assert "parquet needs pyarrow" in told
    assert list(tmp_path.iterdir()) == []


def test_an_error_half_way_leaves_the_file_of_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "s.csv"
    target.write_text("server.price\nbefore\n")
    flags = varied("server.price=1,2", "workload.peak_rps=1,1e-12", "fleet.rounding=whole")
    told = run("sweep", WORKBOOK, *flags, "--to", target, code=4).stderr
    assert "server.price = 1, workload.peak_rps = 1e-12, fleet.rounding = whole" in told

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(surveying._Tally, "add", stopped)
    with pytest.raises(KeyboardInterrupt):
        plan_of(
            SweepRequest(WORKBOOK, ["server.price=1,2"], to=target),
            MODEL,
            lambda path, given: prepare([path], MODEL, given),
        ).run(1)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("s.csv", "server.price\nbefore\n")]


def test_the_key_lines_are_lines() -> None:
    assert [MODEL.by_name[name].axis for name in KEY_LINES] == [None] * len(KEY_LINES)
