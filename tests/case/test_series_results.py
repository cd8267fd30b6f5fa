"""Results that run along years: as lists in JSON, as a table on the screen, as a frame; never in the cell of a row."""

from __future__ import annotations

import csv
import importlib
import io
import json

import pytest

import tco_xlsx as tco
from tco_xlsx.case.prepare import Prepared, prepare
from tco_xlsx.case.results import compute, length_of, result_lines, results, single_results
from tco_xlsx.model.axes import HOUR, YEAR
from tests.cli.test_cli import run
from tests.support import shipped
from tests.support.outlook import YEARLY, Outlook

ARTICLE = shipped.ROOT / "scenarios" / "nvidia-article-per-server.yaml"
SET = ("outlook.growth=[0.5, 1]", "outlook.fee=[10, 20, 30]", "outlook.grant=[5, , 7]")


@pytest.fixture
def yearly(monkeypatch: pytest.MonkeyPatch) -> None:
    # What names the model at its head is loaded before the model is another.
    for module in ("scenarios", "results", "workbooks", "sweeps"):
        importlib.import_module(f"tco_xlsx.api.{module}")
    for place in ("tco_xlsx.model.MODEL", "tco_xlsx.api.results.MODEL", "tco_xlsx.api.scenarios.MODEL"):
        monkeypatch.setattr(place, YEARLY)


def prepared(*settings: str) -> Prepared:
    (one,) = prepare([ARTICLE], YEARLY, [*SET, *settings])
    return one


def test_a_line_by_year_is_a_list_of_the_years_that_count() -> None:
    told = results(YEARLY, compute(YEARLY, prepared()))
    year = told["cost.total_year"]
    assert isinstance(year, (int, float))
    assert told["outlook.growth"] == [0.5, 1, 1]
    assert told["outlook.factor"] == [1, 1.5, 3]
    assert told["outlook.cost"] == pytest.approx([year + 10, 1.5 * year + 20, 3 * year + 30])
    assert told["outlook.grant"] == [5, None, 7]
    assert told["outlook.net"] == pytest.approx([year + 5, None, 3 * year + 23])
    assert told["outlook.paid"] == pytest.approx(5.5 * year + 60)


@pytest.mark.parametrize("horizon", [1, 4, 10])
def test_the_horizon_is_a_live_input(horizon: int) -> None:
    one = prepared(f"outlook.horizon_years={horizon}")
    values = compute(YEARLY, one)
    told = results(YEARLY, values)
    lengths = {name: len(each) for name, each in told.items() if isinstance(each, list)}
    by_year = [line.name for line in YEARLY.series if line.axis == YEAR]
    assert {name: lengths[name] for name in by_year} == dict.fromkeys(by_year, horizon)
    assert values.array(Outlook.cost).shape == (1, 10), "all years are computed, whatever counts"
    assert length_of(YEARLY, values, HOUR) == 24, "nobody says that hours do not count"
    assert length_of(YEARLY, values, None) == 1


def test_rows_hold_what_has_one_value() -> None:
    values = compute(YEARLY, prepared())
    single, whole = single_results(YEARLY, values), results(YEARLY, values)
    assert [line.name for line in result_lines(YEARLY)] == [name for name in single if name in YEARLY.by_name][
        : len(result_lines(YEARLY))
    ]
    assert not any(isinstance(value, list) for value in single.values())
    assert {name: value for name, value in whole.items() if not isinstance(value, list)} == single
    assert set(whole) - set(single) == {line.name for line in YEARLY.series}


def test_the_command_line(yearly: None) -> None:
    settings = [word for text in SET for word in ("--set", text)]
    (told,) = json.loads(run("evaluate", ARTICLE, *settings, "--format", "json").stdout)
    assert told["values"] == results(YEARLY, compute(YEARLY, prepared()))
    (row,) = csv.DictReader(io.StringIO(run("evaluate", ARTICLE, *settings, "--format", "csv").stdout))
    assert row["outlook.paid"]
    assert "outlook.cost" not in row
    shown = run("evaluate", ARTICLE, *settings).stdout
    lines = shown.splitlines()
    assert next(line.split() for line in lines if line.startswith("year ")) == ["year", "1", "2", "3", "unit"]
    assert next(line.split() for line in lines if "outlook.factor" in line) == [
        "outlook.factor",
        "1",
        "1.5",
        "3",
        "times",
    ]


def test_frames_by_year(yearly: None) -> None:
    pytest.importorskip("pandas")
    both = [
        *tco.load(ARTICLE, set={"outlook.fee": [10, 20], "outlook.grant": (1, None)}),
        *tco.load(ARTICLE, set={"outlook.horizon_years": 2}),
    ]
    told = tco.evaluate(both)
    frame = told.to_pandas()
    assert frame.shape[0] == 2
    assert "outlook.cost" not in frame.columns
    by_year = told.to_pandas(along="year")
    assert by_year.index.names == ["scenario", "year"]
    assert [seat for _, seat in by_year.index] == [1, 2, 3, 1, 2]
    assert by_year["outlook.fee"].tolist() == [10, 20, 20, 0, 0]
    assert by_year["outlook.grant"].isna().tolist() == [False, True, True, True, True]
    assert by_year.attrs["labels"]["outlook.cost"] == "Cost of the year"
    assert set(by_year.columns) == {line.name for line in YEARLY.series if line.axis == YEAR} | {"currency"}
    with pytest.raises(KeyError, match="century"):
        told.to_pandas(along="century")
