"""Fixtures that need a program outside Python."""

from __future__ import annotations

import os

import pytest

from tests.recalc import libreoffice as office

_MISSING = "LibreOffice is not installed: this recalculation is not tested"


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> office.LibreOffice:
    """A LibreOffice that recalculates; its profile lies in the worker's own folder, never shared."""
    if office.available() is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"{_MISSING}, and in CI it must be", pytrace=False)
        pytest.skip(_MISSING)
    return office.LibreOffice(tmp_path_factory.mktemp("libreoffice"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A skip is one letter among hundreds: say aloud what was not tested."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(_MISSING in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(f"LibreOffice missing: {count} recalculation tests skipped", red=True)
