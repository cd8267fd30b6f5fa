"""Templates are checked like scenarios: a wrong one is refused with its places, any other gives sound workbooks."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.parsers import expat

import openpyxl
import pytest

from tco_xlsx import batch
from tco_xlsx.book import skeleton
from tco_xlsx.book.template import Template, load_template
from tco_xlsx.book.write import write_workbook
from tco_xlsx.comparison import Comparison, Report, compare
from tco_xlsx.comparison.grid import grid_of
from tco_xlsx.errors import BadInput
from tco_xlsx.evaluate import evaluate
from tco_xlsx.model import MODEL
from tco_xlsx.model.comparison import CAUSES, COMPARISON
from tco_xlsx.sweep.survey import Survey, Wish, survey_of

from . import shipped
from .template_mutants import FINANCE, Mutant, mutants

#: `make proof` tries every mutant; else each so-many-th.
EVERY = int(os.environ.get("TEMPLATE_MUTANTS_EVERY", "61"))
TWO = [shipped.ROOT / "scenarios" / f"nvidia-article-per-{name}.yaml" for name in ("gpu", "server")]


def load(text: str, folder: Path) -> Template:
    path = folder / "template.yaml"
    path.write_text(text, encoding="utf-8")
    return load_template(path, MODEL, COMPARISON)


def refused(old: str, new: str, folder: Path) -> str:
    """What is said of the shipped template with one piece of it replaced."""
    text = FINANCE.read_text()
    assert old in text
    with pytest.raises(BadInput) as found:
        load(text.replace(old, new, 1), folder)
    return str(found.value)


@cache
def two() -> tuple[list[batch.Prepared], Comparison]:
    prepared = batch.prepare(TWO, MODEL)
    return prepared, compare(MODEL, COMPARISON, CAUSES, prepared, Report())


@cache
def survey() -> Survey:
    flags = ("server.price=250000,400000", "licence.basis=gpu,server")
    wish = Wish(TWO[0], flags, (), "", "cost.total_year", None, Path("grid.xlsx"))
    return survey_of(wish, MODEL, lambda path, given: batch.prepare([path], MODEL, tuple(given)))


def books(template: Template, folder: Path) -> Iterator[bytes]:
    """A workbook of one scenario, of two, and of a grid."""
    prepared, made = two()
    subjects = [batch.subject_of(one) for one in prepared]
    own = io.BytesIO()
    write_workbook(own, MODEL, evaluate(MODEL, [prepared[0].case]), template, subjects[:1])
    yield own.getvalue()
    both = io.BytesIO()
    write_workbook(both, MODEL, made.values, template, subjects, compared=made.compared)
    yield both.getvalue()
    target = folder / "grid.xlsx"
    grid_of(survey(), COMPARISON, CAUSES, template).write(target)
    yield target.read_bytes()


def assert_sound(workbook: bytes, is_opened: bool = True) -> None:
    """Well-formed in every part, and openpyxl reads it."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        for name in archive.namelist():
            expat.ParserCreate().Parse(archive.read(name), True)
    if is_opened:
        openpyxl.load_workbook(io.BytesIO(workbook))


def test_the_shipped_template_keeps_its_own_rules() -> None:
    load_template(FINANCE, MODEL, COMPARISON)


def test_every_mutant_gives_sound_workbooks_or_is_refused_with_its_place(tmp_path: Path) -> None:
    told, accepted, wrong = 0, 0, []
    for mutant in mutants(EVERY):
        try:
            template = load(mutant.text, tmp_path)
        except BadInput as error:
            told += 1
            if len(str(error)) > 8_000 or any(not fault.line for fault in error.faults):
                wrong.append(f"{mutant.what}: {str(error)[:300]}")
            continue
        except Exception as error:
            wrong.append(f"{mutant.what}: loading: {type(error).__name__}: {error}")
            continue
        accepted += 1
        wrong += _wrong_books(mutant, template, tmp_path)
    assert not wrong, f"{len(wrong)} of {told + accepted}\n" + "\n".join(wrong[:60])
    print(told, accepted)
    assert told > accepted > 5


def _wrong_books(mutant: Mutant, template: Template, folder: Path) -> list[str]:
    try:
        for number, workbook in enumerate(books(template, folder)):
            # openpyxl is slow: the workbook of one scenario stands for all.
            assert_sound(workbook, is_opened=number == 0)
    except Exception as error:
        return [f"{mutant.what}: {type(error).__name__}: {str(error)[:300]}"]
    finally:
        skeleton.forget()
    return []
