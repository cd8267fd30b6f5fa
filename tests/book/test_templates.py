"""Templates are checked like scenarios: a wrong one is refused with its places, any other gives sound workbooks."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from xml.parsers import expat

import openpyxl
import pytest
from click.testing import CliRunner

from tco_xlsx.analysis.compare import ComparedScenarios, ComparisonTerms, compare
from tco_xlsx.analysis.grid import grid_of
from tco_xlsx.analysis.sweep.plan import SweepPlan, SweepRequest, plan_of
from tco_xlsx.book import number_format
from tco_xlsx.book import provenance as book_provenance
from tco_xlsx.book import write as book_write
from tco_xlsx.book.template import PAGES, Template, load_template
from tco_xlsx.book.workbook_kinds import KINDS, Workbooks, may_be_missing, objections
from tco_xlsx.book.write import write_comparison, write_workbook
from tco_xlsx.book.xlsx import cache as skeleton
from tco_xlsx.case import prepare as case_prepare
from tco_xlsx.cli import main
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.located_yaml import parse_yaml
from tco_xlsx.language.evaluate import evaluate
from tco_xlsx.model import MODEL
from tco_xlsx.model.causes import CAUSES
from tco_xlsx.model.comparison import COMPARISON
from tco_xlsx.model.components import COMPONENTS
from tests.recalc.compare import differences
from tests.recalc.engines import recalculate_ironcalc
from tests.recalc.workbook import cached, formulas, poison
from tests.support import shipped
from tests.support.template_mutants import FINANCE, Mutant, mutants

#: `make proof` tries every mutant; else each so-many-th.
EVERY = int(os.environ.get("TEMPLATE_MUTANTS_EVERY", "97"))
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
def two() -> tuple[list[case_prepare.Prepared], ComparedScenarios]:
    prepared = case_prepare.prepare(TWO, MODEL)
    return prepared, compare(MODEL, COMPARISON, CAUSES, prepared, ComparisonTerms())


@cache
def survey() -> SweepPlan:
    flags = ("server.price=250000,400000", "licence.basis=gpu,server")
    wish = SweepRequest(TWO[0], flags, (), "", "cost.total_year", None, Path("grid.xlsx"))
    return plan_of(wish, MODEL, lambda path, given: case_prepare.prepare([path], MODEL, tuple(given)))


def books(template: Template, folder: Path) -> Iterator[bytes]:
    """A workbook of one scenario, of two, and of a grid."""
    prepared, made = two()
    subjects = [book_provenance.subject_of(one) for one in prepared]
    own = io.BytesIO()
    write_workbook(own, MODEL, evaluate(MODEL, [prepared[0].case]), template, subjects[:1])
    yield own.getvalue()
    both = io.BytesIO()
    write_workbook(both, MODEL, made.values, template, subjects, compared=made.compared)
    yield both.getvalue()
    target = folder / "grid.xlsx"
    grid = grid_of(survey(), COMPARISON, CAUSES)
    write_comparison(target, MODEL, grid.made, template, grid.prepared)
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
            if len(str(error)) > 8_000 or any(not fault.line or not fault.column for fault in error.faults):
                wrong.append(f"{mutant.what}: {str(error)[:300]}")
            continue
        except Exception as error:
            wrong.append(f"{mutant.what}: loading: {type(error).__name__}: {error}")
            continue
        accepted += 1
        wrong += _wrong_books(mutant, template, tmp_path)
    assert not wrong, f"{len(wrong)} of {told + accepted}\n" + "\n".join(wrong[:60])
    assert told > accepted > 5


def test_a_fault_that_names_a_node_stands_at_it(tmp_path: Path) -> None:
    """At its value, at its key, or at a key in it that nobody knows."""
    named, wrong = 0, []
    for mutant in mutants(EVERY, start=EVERY // 2):
        try:
            load(mutant.text, tmp_path)
            continue
        except BadInput as error:
            faults = error.faults
        for fault in faults:
            node = parse_yaml(mutant.text, "")
            places = [(node.line, node.column)]
            for step in re.findall(r"[^.\[\]]+", fault.message.partition(": ")[0]):
                below = node.value
                if isinstance(below, dict) and step in below:
                    node = below[step]
                elif isinstance(below, list) and step.isdigit() and int(step) < len(below):
                    node = below[int(step)]
                else:
                    break
                named += 1
                places = [(node.line, node.column), (node.key_line, node.key_column)]
            places += [(one.key_line, one.key_column) for _, one in node.items()]
            is_of_several_pages = re.match(r"pages(:| of kind|\[[0-9]+\].columns: )", fault.message)
            if (fault.line, fault.column) not in places and not is_of_several_pages:
                wrong.append(f"{mutant.what}: {fault}")
    assert named > 20
    assert not wrong, "\n".join(wrong[:20])


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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title: Summary', 'title: History', "a title that Excel keeps for itself"),
        ('title: Summary', "title: 'inputs'", "is the title of a page above; Excel sees no difference in case"),
        ('title: Summary', "title: \"'Summary'\"", "holds ', which may not stand here"),
        ('title: Summary', f'title: "{chr(0x1F600) * 16}"', "has 32 characters; keep it to 31"),
        ('ink: "1F2937"', 'ink: "1F293"', "is not a colour of six hexadecimal digits"),
        ('ink: "1F2937"', "ink: 596273", "look.ink: 596273 is not a text; a text was expected. Put it into quotes."),
        ("tab: accent\n", "tab: acent\n", "Did you mean accent?"),
        ("size: 10", "size: .inf", "look.size: inf is not a number"),
        ("size: 10", "size: 1e9", "is not a size from 5 to 40 points"),
        ("line: cost.total_year,", "line: cost.total_yeer,", "Did you mean cost.total_year?"),
        ("line: cost.total_year,", "line: points.rps,", "has a figure for each point; a line with one figure"),
        ("\"ms\": {words: \"ms\"}", "\"ms\": {words: \"ms\", format: \"[>=100#,##0\"}", "no number format"),
        ("{cost.total_year:0}", "{cost.total_year:>2000000000}", "is no style; write digits 0 to 9, n, g, p, s, u or"),
        ("{currency} per year", "{currency:>2000000000} per year", "{currency:>2000000000}"),
        ("{product} {version}\"\n  page", "{product!r} {version}\"\n  page", "{product!r} is no placeholder here"),
        ("{fleet.servers:n}", "{fleet.server:n}", "Did you mean fleet.servers?"),
        ("kind: summary", "kind: sumary", "Did you mean summary?"),
        ("columns: [number, rest]", "columns: [number]", "no column shows points."),
        ("points.gpus, ", "points.gpus, points.gpus, ", "points.gpus has a place already"),
        ("columns: [number, rest]", "columns: [rest, number]", '"number" must be the first column'),
        ('edited: "edited"', 'edited: "*"', "is not a word or two of letters"),
        ('holds: "All {count}', 'holds: "1 of {count}', "words.holds: must begin with a letter"),
        ('as_generated: "inputs', "as_generated: '\"inputs\"", "may not stand here"),
        ('frontier: "Pareto frontier"', 'frontier: "=Pareto"', "begins with no ="),
        ("model, steps,", "model, stepps,", '"stepps" is neither the title nor the kind of a page. Did you'),
        ("model, steps,", "model, steps, Model,", 'workbooks.two_way[12]: "Model" is named twice'),
        ("Runs, model, Workings", "model, Workings", 'workbooks.one: "Runs" is missing'),
        ("one: [plan, summary,", "one: [gap, summary,", "is a page of kind gap; it stands in comparison or two_way"),
    ],
)  # fmt: skip
def test_what_a_template_may_not_say(old: str, new: str, said: str, tmp_path: Path) -> None:
    if "as_generated" in new:
        new, old = "as_generated: 'x\"y'", 'as_generated: "inputs as generated"'
    told = refused(old, new, tmp_path)
    assert said in told
    assert re.search("template.yaml: [12] problem", told)
    assert re.search(r"\n  [0-9]+:[0-9]+ ", told)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = FINANCE.read_text().replace("font: Calibri", "font: 7").replace("size: 10", "sise: 10")
    text = text.replace('"{title}: {fleet.servers:n}', '"{titel}: {fleet.servers:n}')
    with pytest.raises(BadInput) as found:
        load(text, tmp_path)
    assert len(found.value.faults) == 4
    assert {fault.line for fault in found.value.faults} == {
        number for number, line in enumerate(text.splitlines(), 1) if re.search("look:|font: 7|sise|titel", line)
    }


def test_every_kind_of_page_is_written() -> None:
    """What a template may ask for, something writes."""
    assert set(book_write._PAGES) == set(PAGES)


def test_a_page_of_a_new_kind_may_stand_in_every_workbook_and_be_missing() -> None:
    template = load_template(FINANCE)
    page = SimpleNamespace(kind="unheard of", title="A page that nobody knows")
    named = {kind: [*template.workbooks.names(kind), page.kind] for kind in KINDS}
    assert list(objections(Workbooks(**named), [*template.pages, page])) == []
    assert may_be_missing(page.kind)
    assert not any(map(may_be_missing, ("summary", "inputs", "years", "checks", "comparison", "grid")))


LABEL = '        licence: "Licences (charged by {licence.basis})"\n'


def test_rows_of_cost_are_those_of_the_model_and_may_be_called_otherwise(tmp_path: Path) -> None:
    text = FINANCE.read_text()
    assert LABEL in text
    text = text.replace(LABEL, '        hosting: "Rooms at {hosting.per_server_year:0}"\n')
    own, *others = books(load(text, tmp_path), tmp_path)
    for workbook in (own, *others):
        assert_sound(workbook)
    summary = openpyxl.load_workbook(io.BytesIO(own), data_only=True)["Summary"]
    others_told = [component.label for component in COMPONENTS[2:]]
    labels = [summary.cell(row, 2).value for row in range(12, 15 + len(others_told))]
    assert labels == ["Depreciation of the purchase over 4 years", "Rooms at 3,000", *others_told, "Total"]
    assert "Licences" in others_told


def test_columns_of_components_that_are_not_named_stand_beside_the_others(tmp_path: Path) -> None:
    text = FINANCE.read_text().replace("report.depreciation, report.hosting, ", "")
    template = load(text, tmp_path)
    (columns,) = [page.columns for page in template.pages if page.kind == "rows" and "report.licence" in page.columns]
    first = columns.index("report.licence")
    others = [f"report.{component.name}" for component in COMPONENTS if component.name != "licence"]
    assert columns[first + 1 : first + 2 + len(others)] == [*others, "report.total"]
    with pytest.raises(BadInput, match=r"no column shows report.depreciation, report.hosting, report.licence"):
        load(text.replace("report.licence, ", ""), tmp_path)


def test_a_label_of_no_component_is_refused_in_words(tmp_path: Path) -> None:
    text = FINANCE.read_text().replace("        licence: ", "        licences: ")
    wanted = r'labels: "licences" is no key here. Did you mean licence\?$'
    with pytest.raises(BadInput, match=wanted) as found:
        load(text, tmp_path)
    (fault,) = found.value.faults
    assert "labels:" in "".join(text.splitlines()[fault.line - 3 : fault.line])


@pytest.mark.parametrize("command", ["build", "compare", "sweep"])
def test_every_command_refuses_a_wrong_template_in_words(command: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(FINANCE.read_text().replace("{fleet.servers:n}", "{fleet.servers:>2000000000}", 1))
    more = {
        "build": ["-o", str(tmp_path / "out")],
        "compare": [str(TWO[1]), "-o", str(tmp_path / "c.xlsx")],
        "sweep": ["--vary", "server.price=1,2", "--vary", "server.life_years=3,4", "--grid", str(tmp_path / "g.xlsx")],
    }[command]
    done = CliRunner().invoke(main, [command, str(TWO[0]), *more, "--template", str(path)])
    assert done.exit_code == 2, done.output
    assert "mine.yaml: 1 problem" in done.stderr
    assert not list(tmp_path.rglob("*.xlsx"))


@pytest.mark.parametrize(
    "text",
    ["General", "0", "#,##0.00", "0.0%", "[>=100]#,##0;[>=10]#,##0.0;0.00", '0.0,,"M"', "@", "0E+00",
     '"$"#,##0_);[Red]($0)', "#,##0 €", "+0;-0;0", "\\x0", '"a;b"0', "?", "0;0;0;@"],
)  # fmt: skip
def test_number_formats_that_excel_takes(text: str) -> None:
    assert number_format.objection(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "[>=1", "[>=]0", "[x]0", "[>=1][>=2]0", "0;0;0;0;0", "yyyy-mm-dd", "0.0.0", '"open', "0 0", "hello", "0e+0",
     "[>=1]0;[>=2]0;[>=3]0;0", "\x01", "0" * 300, "General0", "[Red", "]", "*", "_"],
)  # fmt: skip
def test_number_formats_that_excel_refuses(text: str) -> None:
    assert number_format.objection(text) is not None


def test_the_digits_of_a_format() -> None:
    told = {"[>=100]#,##0;0.0000": "0.0000", '"x;0"#,##0.0%': "#,##0.0%", "General": "", "@": "", "[<5]0.0": "0.0"}
    assert {text: number_format.digits_of(text) for text in told} == told


def test_texts_with_signs_of_formulas_recalculate(tmp_path: Path) -> None:
    """Quotes, braces of nothing, ampersands in every text that takes them: formulas stay formulas."""
    odd = 'x" & "y" <b>\'`=+-@ _x0041_ '
    text = FINANCE.read_text()
    for old in ("headroom {", "spare {", "at concurrency {", "Depreciation of the purchase over {", "average load {",
                "no benchmark point is within the limits. Relax",
                "Peak {", "instance|instances", "checks hold", "checks fail: see"):  # fmt: skip
        assert old in text, old
        new = old.replace("instance|instances", f"{odd}|{odd}s") if "|" in old else f"{odd[:-1]}{old}"
        if old.startswith("checks"):
            new = f"checks {odd}"
        text = text.replace(old, new.replace('"', '\\"') if "Peak" not in old else new)
    template = load(text, tmp_path)
    first = next(books(template, tmp_path))
    (tmp_path / "a.xlsx").write_bytes(first)
    poison(tmp_path / "a.xlsx", tmp_path / "poisoned.xlsx")
    cells = cached(tmp_path / "a.xlsx")
    wanted = {at: cells[at] for at in formulas(tmp_path / "a.xlsx") if at[0] == "Summary"}
    told = recalculate_ironcalc(tmp_path / "poisoned.xlsx")
    assert sum(isinstance(value, str) and odd.strip()[:6] in value for value in wanted.values()) > 5
    found = differences(wanted, {at: told[at] for at in wanted}, rel=1e-9, abs=0.0, engine="IronCalc")
    assert not found, "\n".join(found[:20])
