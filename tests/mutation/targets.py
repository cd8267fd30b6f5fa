"""What is changed, and which tests must notice: tests of values, without golden text and without LibreOffice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.mutation.changes import ROOT, Change, Maker, Source, changes_of
from tests.mutation.lines import broken_faces, exchanged_lines


@dataclass(frozen=True)
class Target:
    """Files that are changed alike, the tests that must notice, and what must be importable for a change to count."""

    name: str
    files: Sequence[str]
    must_import: Sequence[str]
    tests: Sequence[str]
    """Files of tests, the fastest first."""
    quick: Sequence[str] = ()
    """Modules of tests, or single ones "module:function", that are run without pytest, before anything else."""
    words: str = "not libreoffice and not LibreOffice"
    by_reach: bool = False
    """Whether only those tests are run that reach the changed line."""
    makers: Callable[[], Sequence[Maker]] = tuple

    def changes(self) -> list[Change]:
        """All changes of all files, in order."""
        makers = self.makers()
        return [change for file in self.files for change in changes_of(Source(ROOT / file), makers)]


@cache
def _model_makers() -> Sequence[Maker]:
    from tco_xlsx.model import MODEL
    from tco_xlsx.model.comparison import COMPARISON

    return exchanged_lines(MODEL), exchanged_lines(COMPARISON)


def _files(folder: str, *left_out: str) -> list[str]:
    paths = sorted((ROOT / "tco_xlsx" / folder).rglob("*.py"))
    return [path.relative_to(ROOT).as_posix() for path in paths if path.name not in ("__init__.py", *left_out)]


# test_expected reads samples that a fresh clone does not have; the others bring damaged files by the hundred, or in
# processes of their own, and ask that nothing breaks, not what the figures are.
_NOT_OF_FIGURES = ("expected", "bombs", "fuzz_files", "damaged", "damaged_tools")


def _readers() -> list[str]:
    paths = sorted((ROOT / "tests" / "bench").glob("test_*.py"))
    return [_shown(path) for path in paths if path.stem.removeprefix("test_") not in _NOT_OF_FIGURES]


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


_MODEL = ("tco_xlsx.model", "tco_xlsx.model.comparison")
_AT_ONCE = "tests.model.test_cases:test_all_cases_at_once"
_UNITS = "tests.language.test_units:test_the_formula_comes_out_in_the_declared_unit"

TARGETS: Sequence[Target] = (
    Target(
        "model",
        _files("model", "axes.py", "causes.py", "comparison.py", "roles.py"),
        _MODEL,
        (),
        (_AT_ONCE, _UNITS, "tests.model.test_bounds", "tests.model.test_cases", "tests.language.test_units"),
        makers=_model_makers,
    ),
    Target(
        "comparison",
        ["tco_xlsx/model/causes.py", "tco_xlsx/model/comparison.py"],
        _MODEL,
        (),
        (_UNITS, "tests.analysis.test_comparison_by_hand", "tests.model.test_bounds", "tests.analysis.test_comparison"),
        makers=_model_makers,
    ),
    Target(
        "operations",
        ["tco_xlsx/language/operations.py", "tco_xlsx/language/pairs.py"],
        _MODEL,
        ("tests/language/test_expr.py", "tests/language/test_axes.py", "tests/language/test_pairs.py"),
        (
            "tests.language.test_pairs_by_hand",
            "tests.language.test_numpy_faces",
            "tests.language.test_operations",
            _AT_ONCE,
        ),
        makers=lambda: (broken_faces,),
    ),
    Target(
        "selection",
        ["tco_xlsx/case/points.py"],
        ("tco_xlsx.case.points", "tco_xlsx.batch"),
        ("tests/bench/test_labels.py", "tests/test_engine_facts.py"),
        ("tests.case.test_selection_by_hand",),
    ),
    Target(
        "bench",
        _files("bench"),
        ("tco_xlsx.bench.read", "tco_xlsx.case.points"),
        _readers(),
        # A fresh clone has no samples: what only they show, nobody would notice there.
        words="not libreoffice and not real and not nvidias and not memory_stays_bounded",
        by_reach=True,
    ),
)
