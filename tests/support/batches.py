"""Batches to build in tests: small scenarios in a folder, and what a folder of workbooks holds."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl

from tco_xlsx.batch.build import Build, Order
from tco_xlsx.batch.executor import Executor, InProcess
from tco_xlsx.batch.results import write_results
from tco_xlsx.batch.work import Chunk, Outcome, work
from tco_xlsx.language.sections import Model
from tco_xlsx.model import MODEL
from tests.support import shipped

SCENARIO = """\
title: {title}
performance: {{source: manual, manual_rps: 4, manual_gpus: 2}}
workload: {{peak_rps: 30, average_rps: 10, input_tokens: 1000, output_tokens: 200}}
server: {{price: {price}, gpus: 8, life_years: 5}}
hosting: {{per_server_year: 20000}}
"""
MEASURED = SCENARIO.replace(
    "performance: {{source: manual, manual_rps: 4, manual_gpus: 2}}", "benchmark: {{files: {files}}}"
)
POINTS = """\
gpu_type,gpus_per_instance,isl,osl,concurrency,rps,ttft_avg_ms,itl_avg_ms,latency_avg_ms
H100,1,1000,200,4,3.2,50,6,1244
H100,1,1000,200,8,6.1,60,6.2,1294
"""


def model() -> Model:
    """By a name that worker processes can import."""
    return MODEL


def scenarios(folder: Path, number: int) -> Path:
    """A folder of so many scenarios s00, s01 ... without benchmarks, each with another price."""
    folder.mkdir(exist_ok=True)
    for place in range(number):
        write(folder / f"s{place:02}.yaml", price=300_000 + 1_000 * place)
    return folder


def write(path: Path, **told: object) -> Path:
    """A scenario file; `files` names its benchmark."""
    told = {"title": path.stem, "price": 300_000, **told}
    path.write_text((MEASURED if "files" in told else SCENARIO).format(**told), encoding="utf-8")
    return path


@dataclass
class Done:
    """What one run did."""

    outcomes: list[Outcome]
    gone: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def of(self, status: str) -> list[str]:
        """The stems of the scenarios that became that."""
        return sorted(outcome.stem for outcome in self.outcomes if outcome.status == status)

    def why(self, stem: str) -> str:
        """Why a scenario failed."""
        (failure,) = (one.failure for one in self.outcomes if one.stem == stem)
        assert failure is not None
        return failure.message


def build(
    paths: Path | list[Path],
    out: Path,
    executor: Callable[[], Executor[Chunk, list[Outcome]]] = lambda: InProcess(work),
    **changes: Any,
) -> Done:
    """One run, as the command makes it."""
    given = paths if isinstance(paths, list) else [paths]
    run = Build(replace(Order(given, out, shipped.template(), model), **changes))
    with executor() as pool:
        outcomes = list(run.outcomes(pool))
    gone = run.finish()
    return Done(outcomes, gone, write_results(run.folder, run.model))


def held(out: Path) -> dict[str, bytes]:
    """What a person sees in the folder, byte for byte."""
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.is_file()}


def parts(out: Path) -> list[Path]:
    """What is left of files on their way."""
    return sorted(out.rglob("*.part"))


def results(out: Path) -> dict[str, dict[str, str]]:
    """results.csv by scenario."""
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        return {row["scenario"]: row for row in csv.DictReader(file)}


def index(out: Path) -> dict[str, dict[str, Any]]:
    """index.xlsx by scenario; `link` is the file that the name leads to."""
    sheet = openpyxl.load_workbook(out / "index.xlsx").active
    headings = [cell.value for cell in sheet[1]]
    rows = {}
    for row in sheet.iter_rows(min_row=2):
        told = dict(zip(headings, (cell.value for cell in row), strict=True))
        told["link"] = row[0].hyperlink.target if row[0].hyperlink else None
        rows[row[0].value] = told
    return rows
