"""One rule of rounding for people, in spreadsheets and in Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from tco_xlsx.language.lines import Derived
from tco_xlsx.language.rounding import FORMATS, as_shown, figure
from tco_xlsx.language.words import words_of
from tco_xlsx.model import MODEL
from tco_xlsx.model.comparison import COMPARISON
from tco_xlsx.scenario.meant import guess
from tests.cli.test_cli import run
from tests.support import shipped

SERVERS, YEAR = MODEL.by_name["fleet.servers"], MODEL.by_name["cost.total_year"]
PRICE, PEAK = MODEL.by_name["unit_cost.per_1m_tokens"], MODEL.by_name["workload.peak_rps"]


@pytest.mark.parametrize(
    ("value", "servers", "year", "price", "peak"),
    [
        (0, "0", "0", "0.000000", "0"),
        (0.00004, "4e-05", "0", "0.000040", "4e-05"),
        (0.0035, "0.0035", "0", "0.003500", "0.0035"),
        (0.660799703316667, "0.66", "1", "0.6608", "0.660799703316667"),
        (0.999, "1.00", "1", "0.9990", "0.999"),
        (1, "1", "1", "1.0000", "1"),
        (2.5, "2.50", "3", "2.5000", "2.5"),
        (99.9949, "99.99", "100", "99.9949", "99.9949"),
        (1234, "1,234", "1,234", "1,234.00", "1,234"),
        (1234.5, "1,234.50", "1,235", "1,234.50", "1,234.5"),
        (98765432.1, "98,765,432.10", "98,765,432", "98,765,432.10", "98,765,432.1"),
    ],
)
def test_one_number_over_the_magnitudes(value: float, servers: str, year: str, price: str, peak: str) -> None:
    shown = tuple(figure(line, value) for line in (SERVERS, YEAR, PRICE, PEAK))
    assert shown == (servers, year, price, peak)


@pytest.mark.parametrize(
    ("number_format", "value", "shown"),
    [
        ("0.0%", 0.12345, "12.3%"),
        ("0.0%", -0.0005, "-0.1%"),
        ("#,##0", -1234567.5, "-1,234,568"),
        ("0.00##", 1.5, "1.50"),
        ("0.00##", 1.23456, "1.2346"),
        ("[>=1000]#,##0;0.00##", 999.99999, "1000.00"),
        ("[>=0.001]0.0%;0E+0", 1e-9, "1E-9"),
        ("#,##0", -0.2, "0"),
    ],
)
def test_number_formats_are_read_as_a_spreadsheet_reads_them(number_format: str, value: float, shown: str) -> None:
    assert as_shown(value, number_format) == shown


@pytest.mark.parametrize("unit", FORMATS)
def test_every_unit_is_shown_at_every_magnitude(unit: str) -> None:
    for exponent in range(-9, 13):
        for digits in (1.0, 3.7, 9.99999):
            value = digits * 10.0**exponent
            text = as_shown(value, FORMATS[unit])
            assert "." not in text or not text.endswith(".")
            number = float(text.rstrip("%").replace(",", "")) / (100 if text.endswith("%") else 1)
            assert abs(number - value) <= max(0.5, value * 1e-3), (unit, value, text)


def test_exact_mode_shows_two_decimals_on_every_surface(tmp_path: Path) -> None:
    """0.660799703316667 servers."""
    from openpyxl import load_workbook

    book, other = (shipped.ROOT / "scenarios" / f"{name}.yaml" for name in ("nvidia-workbook", "aiperf-sweep"))
    built = run("build", book, other, "-o", tmp_path).stdout
    assert "nvidia-workbook.xlsx: 0.66 servers, 118,503 USD a year" in built
    index = load_workbook(tmp_path / "index.xlsx").active
    heading = [str(cell.value).partition("\n")[0] for cell in index[1]]
    column = heading.index("Servers") + 1
    rows = {index.cell(row, 1).value: index.cell(row, column) for row in (2, 3)}
    assert as_shown(rows["nvidia-workbook"].value, rows["nvidia-workbook"].number_format) == "0.66"
    assert as_shown(rows["aiperf-sweep"].value, rows["aiperf-sweep"].number_format) == "2"
    summary = load_workbook(tmp_path / "nvidia-workbook.xlsx", data_only=True)["Summary"]
    card = next(summary.cell(row + 1, 2) for row in range(1, 12) if summary.cell(row, 2).value == "Servers")
    assert as_shown(card.value, card.number_format) == "0.66"
    assert ": 0.66 servers," in str(summary["B1"].value)
    assert "fleet.servers = 0.66 server" in run("explain", book, "fleet.servers").stdout
    assert "; 0.66 servers; " in run("check", book).stdout
    table = next(line for line in run("evaluate", book).stdout.splitlines() if " fleet.servers " in line)
    assert table.split()[1] == "0.66"
    beside = run("compare", book, other, "-o", tmp_path / "side.xlsx").stdout
    assert "cost of a year 118,503 USD" in beside


# --- the nouns of the axes


def test_words_speak_of_what_stands_along_the_axis() -> None:
    for model in (MODEL, COMPARISON):
        for line in model.lines:
            if isinstance(line, Derived):
                text = words_of(line)
                assert "rows" not in text.replace("rows before its points", "").replace("rows that are", ""), line.name
                if "how many points have" in text:
                    assert model is MODEL, f"{line.name}: {text}"
    said = words_of(COMPARISON.by_name["ranking.counted"])  # type: ignore[arg-type]
    assert said == "how many scenarios have compared figure"


# --- suggestions


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("workload.peak_rpm", "There is workload.peak_rps, requests in a second: divide by 60."),
        ("peak_rpm", "There is workload.peak_rps, requests in a second: divide by 60."),
        ("workload.peak_qps", "Did you mean workload.peak_rps?"),
        ("service.max_ttft_s", "There is service.max_ttft_ms, in ms: multiply by 1,000."),
        ("server.life_months", "There is server.life_years, in years: divide by 12."),
        ("hosting.per_server_month", "There is hosting.per_server_year, for a year: multiply by 12."),
        ("hosting.per_server_hour", "There is hosting.per_server_year, for a year: multiply by 8,760."),
        ("reference.price_1k_input", "There is reference.price_1m_input, of 1M tokens: multiply by 1,000."),
        ("fleet.uptime_percent", "There is fleet.uptime, as a share, 0.2 for 20 %: divide by 100."),
        ("workload.isl", "Did you mean workload.input_tokens?"),
        ("fleet.headrom", "Did you mean fleet.headroom?"),
    ],
)
def test_a_suggestion_never_crosses_units(word: str, hint: str) -> None:
    assert guess(word, MODEL.inputs).hint.strip() == hint


def test_a_word_alone_finds_who_has_it() -> None:
    told = run("explain", shipped.SCENARIOS[0], "servers", code=2).stderr
    assert "Did you mean fleet.servers? There are timeline.servers, mix.servers, levels.servers.\n" in told
    told = run("check", shipped.SCENARIOS[0], "--set", "price=3", code=2).stderr
    for name in ("server.price", "licence.price_year", "reference.price_1m_input"):
        assert name in told


def test_extends_does_not_suggest_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("extends: bse.yaml\n", encoding="utf-8")
    told = run("check", tmp_path / "base.yaml", code=2).stderr
    assert "bse.yaml is not there" in told
    assert "Did you mean" not in told
