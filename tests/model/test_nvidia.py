"""NVIDIA's numbers, from the command line and from recalculated workbooks.

Sources: NVIDIA's TCO article (18 June 2025) for the costs, NVIDIA's workbook LLM_TCO_Calculator.xlsx for its own
settings and the benchmark; every figure worked out by hand from those inputs.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from tco_xlsx.cli import main
from tests.recalc.engines import recalculate_formualizer, recalculate_ironcalc
from tests.recalc.libreoffice import LibreOffice
from tests.recalc.workbook import cached, defined_names, poison
from tests.support import shipped

SERVER, GPU, WORKBOOK = "nvidia-article-per-server", "nvidia-article-per-gpu", "nvidia-workbook"
ITS_BENCHMARK = "service.max_ttft_ms=1e9"

# case -> scenario, settings, expected
CASES: dict[str, tuple[str, tuple[str, ...], dict[str, float]]] = {
    "licence per server": (
        SERVER,
        (),
        {"cost.per_server_year": 87_500, "cost.per_gpu_year": 10_937.5, "cost.per_gpu_hour": 1.2485730593607305},
    ),
    "licence per GPU": (GPU, (), {"cost.per_server_year": 119_000, "cost.per_gpu_hour": 1.6980593607305936}),
    "the workbook's settings, exact": (
        WORKBOOK,
        (),
        {
            "cost.per_server_year": 179_333.33333333334,
            "performance.instance_rps": 18.9164733840835,
            "fleet.instances_exact": 5.286397626533335,
            "fleet.instances": 5.286397626533335,
            "fleet.servers_exact": 0.6607997033166668,
            "fleet.servers": 0.6607997033166668,
            "cost.total_year": 118_503.41346145557,
            "reference.per_1000_prompts": 1.6,
            "unit_cost.per_1000_prompts": 0.03757718590228804,
            "unit_cost.per_1m_input": 0.023485741188930025,
            "unit_cost.per_1m_output": 0.07045722356679007,
            "unit_cost.per_1m_tokens": 0.031314321585240036,
        },
    ),
    "the workbook's settings, whole": (
        WORKBOOK,
        ("fleet.rounding=whole",),
        {
            "fleet.instances": 6,
            "fleet.servers": 1,
            "fleet.servers_exact": 0.6607997033166668,
            "cost.total_year": 179_333.33333333334,
            "unit_cost.demand_per_1000_prompts": 0.056866226957551155,
        },
    ),
    "the article's costs, the workbook's benchmark": (
        SERVER,
        (ITS_BENCHMARK,),
        {
            "unit_cost.per_1000_prompts": 0.01833459349321675,
            "unit_cost.per_1m_tokens": 0.015278827911013955,
            "unit_cost.per_1m_input": 0.011459120933260467,
            "unit_cost.per_1m_output": 0.0343773627997814,
        },
    ),
    "average TTFT at most 250 ms": (
        SERVER,
        (),
        {
            "performance.concurrency": 5,
            "performance.instance_rps": 4.14768049674201,
            "fleet.instances_exact": 24.109860940000008,
            "fleet.servers_exact": 3.013732617500001,
            "fleet.instances": 25,
            "fleet.servers": 4,
            "cost.total_year": 350_000,
            "unit_cost.per_1000_prompts": 0.08361923009615997,
            "unit_cost.per_1m_tokens": 0.06968269174679997,
            "unit_cost.per_1m_input": 0.05226201881009998,
            "unit_cost.per_1m_output": 0.15678605643029994,
            "unit_cost.demand_per_1000_prompts": 0.2774606798579401,
            "comparison.break_even_requests": 218_750_000,
            "comparison.break_even_rps": 6.936516996448503,
            "cost.capex": 1_280_000,
            "cost.life_cost": 1_400_000,
            "cost.opex_year": 30_000,
        },
    ),
    "that, exact": (
        SERVER,
        ("fleet.rounding=exact",),
        {"fleet.instances": 24.109860940000008, "fleet.servers": 3.013732617500001},
    ),
    "split by fixed ratio 2.5": (
        SERVER,
        ("unit_cost.split=fixed_ratio", "unit_cost.fixed_ratio=2.5"),
        {"unit_cost.per_1m_input": 0.055746153397439976, "unit_cost.per_1m_output": 0.13936538349359995},
    ),
    "split by fixed ratio 4": (
        SERVER,
        ("unit_cost.split=fixed_ratio", "unit_cost.fixed_ratio=4"),
        {"unit_cost.per_1m_input": 0.04645512783119998, "unit_cost.per_1m_output": 0.18582051132479993},
    ),
    "all tokens equal": (
        SERVER,
        ("unit_cost.split=equal",),
        {"unit_cost.per_1m_input": 0.06968269174679997, "unit_cost.per_1m_output": 0.06968269174679997},
    ),
    "split by compute time": (
        SERVER,
        ("unit_cost.split=compute_time",),
        {
            "unit_cost.input_share": 0.10319422564746432,
            "unit_cost.per_1m_input": 0.008629021699010371,
            "unit_cost.per_1m_output": 0.374951041985748,
        },
    ),
}


def run(case: str, *words: str) -> str:
    scenario, settings, _ = CASES[case]
    arguments = [*words, str(shipped.ROOT / "scenarios" / f"{scenario}.yaml")]
    for setting in settings:
        arguments += ["--set", setting]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("case", CASES)
def test_evaluate_gives_nvidia_s_numbers(case: str) -> None:
    (told,) = json.loads(run(case, "evaluate", "--format", "json"))
    assert told["scenario"] == CASES[case][0]
    for name, expected in CASES[case][2].items():
        assert math.isclose(told["values"][name], expected, rel_tol=1e-9), name


def test_recalculated_workbooks_give_nvidia_s_numbers(tmp_path: Path, libreoffice: LibreOffice) -> None:
    books = []
    for number, case in enumerate(CASES):
        run(case, "build", "-o", str(tmp_path / str(number)))
        (book,) = (tmp_path / str(number)).glob("*.xlsx")
        poison(book, tmp_path / f"{number}.xlsx")
        books.append(tmp_path / f"{number}.xlsx")
    recalculated = libreoffice.recalculate(books, tmp_path / "out")
    for case, book, result in zip(CASES, books, recalculated, strict=True):
        engines = {
            "LibreOffice": cached(result),
            "formualizer": recalculate_formualizer(book),
            "IronCalc": recalculate_ironcalc(book),
        }
        names = defined_names(book)
        for name, expected in CASES[case][2].items():
            at = names[f"out_{name.replace('.', '_')}"]
            for engine, cells in engines.items():
                got = cells[at]
                assert isinstance(got, float), f"{case}: {name} in {engine} is {got!r}"
                assert math.isclose(got, expected, rel_tol=1e-9), f"{case}: {name} in {engine}"
