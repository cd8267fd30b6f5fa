"""What a workbook says of itself: model, layout, scenarios, benchmark files; the same for the same command."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl
import pytest

import tco_xlsx
from tco_xlsx.documents.text_out import one_line
from tco_xlsx.language.digest import digest
from tco_xlsx.model import MODEL
from tests.cli.test_cli import run
from tests.support import batches, shipped


def properties(book: Path) -> dict[str, str]:
    return {one.name: one.value for one in openpyxl.load_workbook(book).custom_doc_props.props}


def built(scenario: Path | str, target: Path) -> dict[str, str]:
    run("build", scenario, "-o", target)
    return properties(target)


@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_a_workbook_names_its_model_layout_scenario_and_benchmark(path: Path, tmp_path: Path) -> None:
    prepared = shipped.prepared(path)
    files = prepared.selection.files
    assert properties(shipped.write(path, tmp_path / "book.xlsx")) == {
        "Version": f"tco-xlsx {tco_xlsx.__version__}",
        "Scenario SHA-256": prepared.scenario.sha256,
        "Scenario file": path.name,
        "Model SHA-256": digest(MODEL),
        "Layout version": "1",
        **{f"Benchmark {number} SHA-256": sha for number, (_, sha) in enumerate(files[:20], start=1)},
    }


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    path = batches.write(tmp_path / "one.yaml")
    assert built(path, tmp_path / "one.xlsx")["Scenario SHA-256"] == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("stem", ["d" * 200, "é" * 90, "𝟘" * 60, "\u202e\x01<&>"])
def test_a_file_of_any_name_is_told(stem: str, tmp_path: Path) -> None:
    told = built(batches.write(tmp_path / f"{stem}.yaml", title="Odd"), tmp_path / "a.xlsx")["Scenario file"]
    assert told == one_line(f"{stem}.yaml")[:127]
    assert told.isprintable()


def test_a_comparison_names_all_its_scenarios_up_to_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [f"s{number:02}.yaml" for number in range(25)]
    for number, name in enumerate(names):
        batches.write(tmp_path / name, price=100_000 + number)
    run("compare", *names, "-o", "together.xlsx")
    told = properties(tmp_path / "together.xlsx")
    assert [told[f"Scenario {number} file"] for number in range(1, 21)] == names[:20]
    for number, name in enumerate(names[:20], start=1):
        assert told[f"Scenario {number} SHA-256"] == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
    assert "Scenario 21 file" not in told
    assert told["Model SHA-256"] == digest(MODEL)
    assert told["Layout version"] == "1"
