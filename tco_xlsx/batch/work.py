"""What a worker does: a chunk of scenarios to workbooks, each written whole and recorded."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import os
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tco_xlsx.batch.fingerprint import benchmark_digest, digest_of, fingerprint
from tco_xlsx.batch.folder import Folder
from tco_xlsx.batch.ledger import Ledger, LedgerEntry, Origin, Record
from tco_xlsx.bench.cache import ReadingCache
from tco_xlsx.book.advice import why_no_point
from tco_xlsx.book.provenance import subject_of
from tco_xlsx.book.template import Template
from tco_xlsx.book.write import write_workbook
from tco_xlsx.case.caveats import caveats, placed, strictly
from tco_xlsx.case.prepare import Prepared, prepare_one
from tco_xlsx.case.results import compute_each, has_operating_point, single_results
from tco_xlsx.documents.atomic import PartFile, locked, write_whole
from tco_xlsx.documents.errors import BadInput, ExpectedError, Fault
from tco_xlsx.documents.target import is_of_scenario
from tco_xlsx.language.evaluate import Values
from tco_xlsx.language.rounding import figure
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles
from tco_xlsx.scenario.load import Scenario


@dataclass(frozen=True)
class Job:
    """What all workbooks of a run have in common; `key` stands for it in fingerprints."""

    key: str
    out: Path
    template: Template
    epoch: str | None
    """SOURCE_DATE_EPOCH of whoever started the run: a worker elsewhere may have another, or none."""
    replace: bool
    """Whether a file in a workbook's place that is none of ours makes room for it; it is kept."""
    model_of: Callable[[], Model]
    """Gives the model where the work is done: lines are known by identity, which no copy has."""
    strict: bool = False
    """Whether a scenario with warnings about its inputs fails."""


@dataclass(frozen=True)
class Task:
    """A scenario to build."""

    number: int
    """Its place among all scenarios of the run, from 0."""
    stem: str
    scenario: Scenario
    origin: Origin


@dataclass(frozen=True)
class Chunk:
    """Scenarios that are computed together; `lost` counts the workers that ended over it."""

    job: Job
    tasks: tuple[Task, ...]
    lost: int = 0


@dataclass(frozen=True)
class Failure:
    """Why a scenario has no workbook: an expected error, or one that nobody expected."""

    message: str
    exit_code: int
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a scenario."""

    number: int
    stem: str
    path: str
    """The scenario's file, as the user named it."""
    status: Literal["built", "unchanged", "failed"]
    headline: str = ""
    reason: str = ""
    """Why there is no operating point; empty when there is one."""
    notes: tuple[str, ...] = ()
    edited: bool = False
    """An unchanged scenario whose workbook somebody has edited: it is left as it is."""
    kept: str = ""
    """Where the file went that lay in the workbook's place and was not what had been written there."""
    was_of: str = ""
    """Another scenario's file, still there, whose workbook this was until now."""
    failure: Failure | None = None


# XlsxWriter's warnings are caught for the whole process; a Dask worker may have several threads.
_ONE_AT_A_TIME = threading.Lock()


@dataclass
class _WorkerState:
    """What a worker keeps from chunk to chunk."""

    key: str = ""
    shelf: ReadingCache = dataclasses.field(default_factory=ReadingCache)
    template: Template | None = None


_STATE = _WorkerState()


def work(chunk: Chunk) -> list[Outcome]:
    """Build the workbooks of a chunk. A scenario that fails does so alone; nothing is raised for it."""
    job = chunk.job
    with _ONE_AT_A_TIME, _epoch(job.epoch):
        if _STATE.key != job.key or _STATE.template is None:
            # Layouts are remembered by the template itself: one copy serves the whole run.
            _STATE.key, _STATE.template = job.key, job.template
        _STATE.shelf.look_again()
        return list(_built(chunk, job.model_of(), _STATE.template, _STATE.shelf))


def _built(chunk: Chunk, model: Model, template: Template, shelf: ReadingCache) -> Iterator[Outcome]:
    failed: list[Outcome] = []
    ready: list[tuple[Task, Prepared]] = []
    for task in chunk.tasks:
        try:
            ready.append((task, prepare_one(task.scenario, model, shelf)))
        except Exception as error:
            failed.append(failed_outcome(task.number, task.stem, task.scenario.path, error))
    folder = Folder(chunk.job.out)
    made = False
    with contextlib.ExitStack() as open_parts:
        written: list[tuple[Task, Record, PartFile]] = []
        for (task, prepared), values in zip(ready, compute_each(model, [one for _, one in ready]), strict=True):
            try:
                if isinstance(values, Exception):
                    raise values
                warned = caveats(model, task.scenario, values)
                if warned and chunk.job.strict:
                    raise BadInput(strictly(warned))
                record = _record(model, task, prepared, values, template, chunk.job.key, shelf, warned)
                content = workbook(model, prepared, values, template)
                record = _with_digest(record, hashlib.sha256(content).hexdigest())
                if not made:
                    folder.make()
                    made = True
                part = _part(folder, content)
            except Exception as error:
                failed.append(failed_outcome(task.number, task.stem, task.scenario.path, error, chunk.job.out))
                continue
            open_parts.enter_context(part)
            written.append((task, record, part))
        yield from _committed(folder, written, chunk.job.replace)
    yield from failed


def _committed(folder: Folder, written: Sequence[tuple[Task, Record, PartFile]], replace: bool) -> Iterator[Outcome]:
    """Give the workbooks their names. Two runs take turns: a record is always of the workbook that lies there."""
    if not written:
        return
    for _, _, part in written:
        part.sync()
    ledger = Ledger(folder)
    with locked(folder.lock):
        for task, record, part in written:
            try:
                kept = _commit(folder, ledger, record, part, replace)
            except (OSError, BadInput) as error:
                target = folder.workbook(task.stem)
                yield failed_outcome(task.number, task.stem, task.scenario.path, error, target)
                continue
            yield outcome_of(task.number, record, str(task.scenario.path), "built", kept=kept)


def _commit(folder: Folder, ledger: Ledger, record: Record, part: PartFile, replace: bool) -> str:
    stem = record.entry.stem
    target = folder.workbook(stem)
    kept: Path | None = None
    # All that takes room is on the disk before anything is given up.
    with ledger.part(record) as told:
        try:
            kept = _keep(folder, target, ledger.read(stem), record.entry.sha256, replace)
            # Between the two steps no record is better than one of another workbook.
            ledger.forget(stem)
            part.publish(target)
        except OSError:
            if kept is not None:
                kept.unlink(missing_ok=True)
            raise
        ledger.publish(told, stem)
    return str(kept or "")


def _keep(folder: Folder, target: Path, known: Record | None, new: str, replace: bool) -> Path | None:
    """Save what lies in the place of a workbook and is not as it was built: somebody's work is never lost.

    It stays where it is, too, until the workbook takes its place. Raises BadInput when it never was a workbook of a
    scenario, unless it is to be replaced.
    """
    there = digest_of(target)
    was_built = known is not None and known.entry.sha256
    if not there or there == new or (was_built and known is not None and there == known.entry.sha256):
        return None
    if not replace and not was_built and not is_of_scenario(target):
        message = f"is there, and is no workbook of tco-xlsx; rename it, or --force moves it to {folder.kept}."
        raise BadInput([Fault(str(target), 0, 0, message)])
    folder.kept.mkdir(exist_ok=True)
    kept = folder.kept / f"{target.stem}-{there[:8]}{target.suffix}"
    if digest_of(kept) != there:
        try:
            os.link(os.path.realpath(target), kept)
        except OSError:  # Not every disk has two names for a file.
            write_whole(kept, target.read_bytes(), folder.parts)
    return kept


def _part(folder: Folder, content: bytes) -> PartFile:
    part = PartFile(folder.parts)
    try:
        part.write(content)
    except BaseException:
        part.__exit__()
        raise
    return part


def workbook(model: Model, prepared: Prepared, values: Values, template: Template) -> bytes:
    """The workbook of one scenario, as the bytes of its file."""
    target = io.BytesIO()
    write_workbook(target, model, values, template, [subject_of(prepared)])
    return target.getvalue()


def _record(
    model: Model,
    task: Task,
    prepared: Prepared,
    values: Values,
    template: Template,
    key: str,
    shelf: ReadingCache,
    warned: Sequence[Fault],
) -> Record:
    scenario = task.scenario
    found, failing = has_operating_point(values), failing_checks(model, values)
    entry = LedgerEntry(
        stem=task.stem,
        name=scenario.name,
        origin=task.origin,
        status="built" if found else "no point",
        fingerprint=fingerprint(key, scenario.name, task.origin, benchmark_digest(scenario, shelf)),
    )
    return Record(
        entry=entry,
        title=scenario.title,
        currency=scenario.currency,
        reason="" if found else why_no_point(model, values, template),
        headline=headline(values, scenario.currency, failing),
        failing=failing,
        notes=(*_notes(prepared), *(f"warning: {placed(fault)}" for fault in warned)),
        values=single_results(model, values),
    )


def _with_digest(record: Record, sha256: str) -> Record:
    return dataclasses.replace(record, entry=dataclasses.replace(record.entry, sha256=sha256))


def _notes(prepared: Prepared) -> tuple[str, ...]:
    selection = prepared.selection
    doubted = [point for point in selection.points if point.label not in prepared.scenario.benchmark.accept]
    if not selection.notices and not any(point.suspicious for point in doubted):
        return ()
    from tco_xlsx.case import notices as case_notices

    return tuple(case_notices.notes(doubted, selection.notices))


def headline(values: Values, currency: str, failing: Sequence[str]) -> str:
    """A scenario in a line: servers, cost of a year, checks that fail."""
    servers, total = values.value(roles.servers), values.value(roles.total_year)
    if servers is None or total is None:
        return "no operating point"
    many = "server" if servers == 1 else "servers"
    doubt = f"; checks that fail: {', '.join(failing)}" if failing else ""
    return f"{figure(roles.servers, servers)} {many}, {figure(roles.total_year, total)} {currency} a year{doubt}"


def failing_checks(model: Model, values: Values) -> tuple[str, ...]:
    """The labels of the checks that fail."""
    return tuple(check.label for check in model.checks if values.value(check.holds) == 0)


def outcome_of(
    number: int, record: Record, path: str, status: Literal["built", "unchanged"], *, kept: str = ""
) -> Outcome:
    """What to tell of a scenario that has its workbook."""
    return Outcome(number, record.entry.stem, path, status, record.headline, record.reason, record.notes, kept=kept)


def failed_outcome(number: int, stem: str, path: Path, error: Exception, out: Path | None = None) -> Outcome:
    """What to tell of a scenario that has none. `out` is named when it could not be written to."""
    if isinstance(error, OSError) and out is not None:
        error = BadInput([Fault(str(out), 0, 0, f"cannot be written to: {error.strerror or error}.")])
    if isinstance(error, BadInput):
        failure = Failure(_words(error.faults, path), error.exit_code, tuple(error.faults))
    elif isinstance(error, ExpectedError):
        failure = Failure(str(error), error.exit_code)
    else:
        frames = traceback.extract_tb(error.__traceback__)
        place = f", {Path(frames[-1].filename).name} line {frames[-1].lineno}" if frames else ""
        told = " ".join(f"{type(error).__name__}: {error}".split())
        failure = Failure(
            f"unexpected {told}{place}. This is a fault of tco-xlsx: please report it.", BadInput.exit_code
        )
    return Outcome(number, stem, str(path), "failed", failure=failure)


def _words(faults: Sequence[Fault], path: Path) -> str:
    """Faults in one line, for a cell."""
    told: list[str] = []
    for fault in faults:
        file = "" if fault.path == str(path) else f"{Path(fault.path).name} "
        place = f"{fault.line}:{fault.column} " if fault.line else ""
        told.append(f"{file}{place}{fault.message}")
    return " ".join(told)


@contextlib.contextmanager
def _epoch(epoch: str | None) -> Iterator[None]:
    """The date of the run in the environment, where the writer looks for it."""
    name = "SOURCE_DATE_EPOCH"
    own = os.environ.get(name)
    if own == epoch:
        yield
        return
    _set(name, epoch)
    try:
        yield
    finally:
        _set(name, own)


def _set(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
