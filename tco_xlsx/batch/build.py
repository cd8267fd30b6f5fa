"""A batch: scenario files to workbooks. What is unchanged is left as it is; what fails stops nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import itertools
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tco_xlsx.batch.executor import Executor, InProcess, Lost
from tco_xlsx.batch.files_read import read_among
from tco_xlsx.batch.fingerprint import benchmark_digest, digest_of, fingerprint, job_key
from tco_xlsx.batch.folder import Folder, Names, prefixes, stem_of
from tco_xlsx.batch.ledger import Ledger, LedgerEntry, Origin, Record
from tco_xlsx.batch.refusals import refuse_epoch, refuse_folder, unwritable
from tco_xlsx.batch.work import (
    Chunk,
    Failure,
    Job,
    Outcome,
    Task,
    failed_outcome,
    outcome_of,
    work,
)
from tco_xlsx.bench.cache import ReadingCache
from tco_xlsx.book.template import Template
from tco_xlsx.case.points import benchmark_paths
from tco_xlsx.case.prepare import find_scenarios
from tco_xlsx.documents.atomic import clear_abandoned, locked
from tco_xlsx.documents.errors import BadInput, Fault
from tco_xlsx.language.sections import Model
from tco_xlsx.scenario.load import Scenario, load_scenarios

# Computing many at once is cheap for each; a second of work is little to lose.
_MOST_IN_CHUNK = 64
# Of the chunks that each worker would get, so many: nobody works long when the others are done.
_CHUNKS_EACH = 4


@dataclass(frozen=True)
class Order:
    """What to build, and where to."""

    paths: Sequence[Path]
    out: Path
    template: Template
    model_of: Callable[[], Model]
    overrides: tuple[str, ...] = ()
    epoch: str | None = None
    force: bool = False
    """Build what is unchanged, too, and where a file lies that was never ours."""
    strict: bool = False
    """Take warnings about the inputs for errors."""


@dataclass
class Tally:
    """How many scenarios became what."""

    built: int = 0
    unchanged: int = 0
    failed: int = 0

    @property
    def done(self) -> int:
        return self.built + self.unchanged + self.failed


class Build:
    """One run. `outcomes` does the work and tells of each scenario; then `finish` records what failed."""

    def __init__(self, order: Order) -> None:
        """Raises BadInput for what is wrong with the order itself."""
        self.order = order
        self.model = order.model_of()
        load_scenarios([], self.model, order.overrides)  # An override that is wrong is so for every scenario.
        refuse_epoch(order.epoch)
        refuse_folder(order.out)
        self.folder = Folder(order.out)
        self._was_there = os.path.exists(self.folder.hidden)
        self.ledger = Ledger(self.folder)
        self.tally = Tally()
        self.total = 0
        """How many scenarios there are, as far as is known yet: a file may hold a thousand."""
        self.total_is_known = False
        key = job_key(order.template, order.epoch, (*order.overrides, *(["--strict"] if order.strict else [])))
        self._job = Job(key, order.out, order.template, order.epoch, order.force, order.model_of, order.strict)
        self._names = Names()
        self._prefixes: dict[Path, str] = {}
        self._read_in_place: set[Path] = set()
        """Places of workbooks where a file lies that the run reads."""
        self._shelf = ReadingCache()
        self._digests: dict[Path, str] = {}
        self._sources: set[str] = set()
        """Files that were read: a scenario that was recorded of them and is not in them any more is gone."""
        self._claimed: set[str] = set()
        self._owners: dict[str, str] = {}
        """The file of each recorded scenario, by the stem of its workbook."""
        self._built: set[str] = set()
        """The stems of recorded workbooks."""
        self._failed: list[Record] = []
        self._jobs = 1
        self._number = -1

    def outcomes(self, executor: Executor[Chunk, list[Outcome]]) -> Iterator[Outcome]:
        """What became of each scenario, in the order in which it is known; the executor is open."""
        clear_abandoned(self.folder.parts)
        for outcome in self._outcomes(executor):
            self.tally.built += outcome.status == "built"
            self.tally.unchanged += outcome.status == "unchanged"
            self.tally.failed += outcome.status == "failed"
            yield outcome

    def _outcomes(self, executor: Executor[Chunk, list[Outcome]]) -> Iterator[Outcome]:
        items = self._items()
        first: list[Task] = []
        for item in items:
            if isinstance(item, Outcome):
                yield item
            else:
                first.append(item)
            if len(first) >= executor.worth_from:
                break
        if len(first) < executor.worth_from:
            executor = InProcess(work)
        self._jobs = executor.jobs
        again: deque[Chunk] = deque()
        chunks = self._chunks(itertools.chain(first, items))
        more = True
        while True:
            while executor.outstanding < executor.capacity and (again or more):
                made = again.popleft() if again else next(chunks, None)
                if made is None:
                    more = False
                elif isinstance(made, Outcome):
                    yield made
                else:
                    executor.submit(made)
            if not executor.outstanding:
                return
            chunk, result = executor.next_done()
            if not isinstance(result, Lost):
                for outcome in result:
                    yield self._noted(outcome, chunk)
            elif len(chunk.tasks) > 1 or not chunk.lost:
                # Whoever ended the worker will do so again, alone; the others had bad company.
                lost = 0 if len(chunk.tasks) > 1 else 1
                again.extend(Chunk(chunk.job, (task,), lost) for task in chunk.tasks)
            else:
                (task,) = chunk.tasks
                failure = Failure(result.reason, BadInput.exit_code)
                outcome = Outcome(task.number, task.stem, str(task.scenario.path), "failed", failure=failure)
                yield self._noted(outcome, chunk)

    def _noted(self, outcome: Outcome, chunk: Chunk) -> Outcome:
        task = next(task for task in chunk.tasks if task.stem == outcome.stem)
        if outcome.failure is not None:
            self._fail(outcome, task.scenario.name, task.origin, task.scenario.title, task.scenario.currency)
            return outcome
        owner = self._owners.get(outcome.stem, task.origin.source)
        is_taken = owner != task.origin.source and self.folder.path_of(owner).exists()
        return dataclasses.replace(outcome, was_of=str(self.folder.path_of(owner))) if is_taken else outcome

    def _fail(self, outcome: Outcome, name: str, origin: Origin, title: str = "", currency: str = "") -> None:
        assert outcome.failure is not None
        entry = LedgerEntry(outcome.stem, name, origin, "failed")
        self._failed.append(Record(entry, title or name, currency, reason=outcome.failure.message))

    def _chunks(self, items: Iterator[Task | Outcome]) -> Iterator[Chunk | Outcome]:
        tasks: list[Task] = []
        for item in items:
            if isinstance(item, Outcome):
                yield item
                continue
            tasks.append(item)
            if len(tasks) >= min(_MOST_IN_CHUNK, max(1, self.total // (self._jobs * _CHUNKS_EACH))):
                yield Chunk(self._job, tuple(tasks))
                tasks = []
        if tasks:
            yield Chunk(self._job, tuple(tasks))

    def _items(self) -> Iterator[Task | Outcome]:
        """Each scenario, in order: what is to build, and what is settled already."""
        faults: list[Fault] = []
        files = find_scenarios(self.order.paths, faults)
        self.total = len(files) + len(faults)
        for fault in faults:
            failure = Failure(f"{fault.path}: {fault.message}", BadInput.exit_code, (fault,))
            yield Outcome(self._numbered(), "", fault.path, "failed", failure=failure)
        self._prefixes = prefixes(files)
        known: dict[str, list[LedgerEntry]] = {}
        for entry in self.ledger.entries():
            known.setdefault(entry.origin.source, []).append(entry)
            self._owners[entry.stem] = entry.origin.source
            self._built |= {entry.stem} if entry.sha256 else set()
        if self.order.force:
            self._read_in_place = self._workbooks_read(files)
        for path in files:
            source = self.folder.named(path)
            recorded = sorted(known.pop(source, []), key=lambda entry: entry.origin.place)
            yield from self._of_file(path, source, recorded)
        self.total_is_known = True

    def _of_file(self, path: Path, source: str, recorded: Sequence[LedgerEntry]) -> Iterator[Task | Outcome]:
        if not self.order.force and self._all_unchanged(path, recorded):
            self._sources.add(source)
            self.total += len(recorded) - 1
            for entry in recorded:
                yield self._claim(entry.stem, path) or self._unchanged(path, entry)
            return
        try:
            scenarios = deque(load_scenarios([path], self.model, self.order.overrides))
        except Exception as error:
            yield from self._broken_file(path, source, recorded, error)
            return
        self._sources.add(source)
        of = len(scenarios)
        self.total += of - 1
        by_stem = {entry.stem: entry for entry in recorded}
        for place in range(of):
            # Let go of each: thousands that wait are the most of what a run holds.
            yield self._of_scenario(scenarios.popleft(), Origin(source, place, of), by_stem)

    def _of_scenario(self, scenario: Scenario, origin: Origin, recorded: Mapping[str, LedgerEntry]) -> Task | Outcome:
        stem = stem_of(scenario.name, self._prefixes.get(scenario.path, ""))
        refused = self._claim(stem, scenario.path) or self._must_not_replace(stem, scenario.path)
        if refused is not None:
            # It has no file of its own; its record must not take the place of the other's.
            own = hashlib.sha256(f"{origin.source}#{origin.place}".encode()).hexdigest()[:8]
            refused = dataclasses.replace(refused, stem=f"{stem}~{own}")
            self._claimed.add(refused.stem)
            self._fail(refused, scenario.name, origin, scenario.title, scenario.currency)
            return refused
        origin = dataclasses.replace(
            origin,
            lineage=tuple((self.folder.named(file), digest) for file, digest in _lineage(scenario)),
            benchmark=tuple(self.folder.named(file) for file in benchmark_paths(scenario)),
        )
        entry = recorded.get(stem)
        if entry is not None and not self.order.force:
            now = fingerprint(self._job.key, scenario.name, origin, benchmark_digest(scenario, self._shelf))
            if entry.fingerprint == now and self.folder.workbook(stem).exists():
                return self._unchanged(scenario.path, entry)
        return Task(self._numbered(), stem, scenario, origin)

    def _claim(self, stem: str, path: Path) -> Outcome | None:
        """Takes a file name for a scenario; the failure when it is another's."""
        other = self._take(stem, path)
        if other is None:
            return None
        message = f"its workbook would overwrite that of {other}; rename one of them."
        failure = Failure(message, BadInput.exit_code, (Fault(str(path), 0, 0, message),))
        return Outcome(self._numbered(), stem, str(path), "failed", failure=failure)

    def _workbooks_read(self, files: Sequence[Path]) -> set[Path]:
        """Workbooks in the folder that were never ours and that the run reads, such as tables of a benchmark."""
        there = [path for path in sorted(self.folder.out.glob("*.xlsx")) if path.stem not in self._built]
        return read_among(there, files, lambda file: load_scenarios([file], self.model, self.order.overrides))

    def _must_not_replace(self, stem: str, path: Path) -> Outcome | None:
        target = self.folder.workbook(stem)
        if target not in self._read_in_place:
            return None
        fault = Fault(str(target), 0, 0, "is read in this run; name another folder with -o.")
        failure = Failure(f"{target} {fault.message}", BadInput.exit_code, (fault,))
        return Outcome(self._numbered(), stem, str(path), "failed", failure=failure)

    def _take(self, stem: str, path: Path) -> str | None:
        other = self._names.claim(stem, str(path))
        if other is None:
            self._claimed.add(stem)
        return other

    def _broken_file(
        self, path: Path, source: str, recorded: Sequence[LedgerEntry], error: Exception
    ) -> Iterator[Task | Outcome]:
        """A file that cannot be read fails once; all that was built of it before is out of date."""
        stem = stem_of(path.stem, self._prefixes.get(path, ""))
        outcome = failed_outcome(self._numbered(), stem, path, error)
        before = [entry for entry in recorded if entry.status != "gone"]
        for entry in before:
            if self._take(entry.stem, path) is None:
                self._fail(dataclasses.replace(outcome, stem=entry.stem), entry.name, entry.origin)
        if not before and self._take(outcome.stem, path) is None:
            self._fail(outcome, path.stem, Origin(source, 0, 1))
        yield outcome

    def _all_unchanged(self, path: Path, recorded: Sequence[LedgerEntry]) -> bool:
        """Whether a file gives what it gave before; known without parsing it."""
        present = [entry for entry in recorded if entry.status != "gone"]
        if not recorded or len(present) != len(recorded) or len(recorded) != recorded[0].origin.of:
            return False
        prefix = self._prefixes.get(path, "")
        for entry in recorded:
            origin = entry.origin
            if entry.stem != stem_of(entry.name, prefix):
                return False
            if not entry.fingerprint or not self.folder.workbook(entry.stem).exists():
                return False
            if any(self._file_digest(self.folder.path_of(file)) != digest for file, digest in origin.lineage):
                return False
            paths = [self.folder.path_of(file) for file in origin.benchmark]
            digest = self._shelf.snapshot(paths, path.parent).digest if paths else ""
            if fingerprint(self._job.key, entry.name, origin, digest) != entry.fingerprint:
                return False
        return True

    def _unchanged(self, path: Path, entry: LedgerEntry) -> Outcome:
        record = self.ledger.read(entry.stem)
        edited = digest_of(self.folder.workbook(entry.stem)) != entry.sha256
        if record is None:  # Another run is just about to replace it.
            return Outcome(self._numbered(), entry.stem, str(path), "unchanged", edited=edited)
        return dataclasses.replace(outcome_of(self._numbered(), record, str(path), "unchanged"), edited=edited)

    def _file_digest(self, path: Path) -> str:
        if path not in self._digests:
            self._digests[path] = digest_of(path)
        return self._digests[path]

    def _numbered(self) -> int:
        self._number += 1
        return self._number

    def clear(self) -> None:
        """Leave nothing behind of a run that built nothing, and nothing half-written of one that was stopped."""
        with contextlib.suppress(OSError):
            clear_abandoned(self.folder.parts)
        if not self._was_there and not self.tally.built:
            self.folder.unmake()

    def finish(self) -> list[str]:
        """Record what failed and what is gone. Returns workbooks that belong to no scenario any more.

        Raises BadInput when the folder cannot be written to.
        """
        if not self._was_there and not self.tally.built:
            self.clear()
            return []
        gone: list[str] = []
        try:
            self.folder.make()
            with locked(self.folder.lock):
                for record in self._failed:
                    self._record_failure(record)
                for entry in self.ledger.entries():
                    left = entry.origin.source in self._sources and entry.stem not in self._claimed
                    record_ = self.ledger.read(entry.stem) if left and entry.status != "gone" else None
                    if record_ is not None:
                        gone_entry = dataclasses.replace(entry, status="gone", fingerprint="")
                        self.ledger.write(dataclasses.replace(record_, entry=gone_entry))
                        if self.folder.workbook(entry.stem).exists():
                            gone.append(str(self.folder.workbook(entry.stem)))
        except OSError as error:
            raise unwritable(self.order.out, error) from None
        return gone

    def _record_failure(self, record: Record) -> None:
        """The workbook that was built before stays, and its digest with it; its results are of another state."""
        before = self.ledger.read(record.entry.stem)
        if before is not None:
            entry = dataclasses.replace(record.entry, sha256=before.entry.sha256)
            record = dataclasses.replace(
                record,
                entry=entry,
                title=record.title if record.currency else before.title,
                currency=record.currency or before.currency,
            )
        self.ledger.write(record)


def _lineage(scenario: Scenario) -> list[tuple[Path, str]]:
    """The files that a scenario was read from, and the SHA-256 of each as it was read."""
    if not scenario.files:
        return [(scenario.path, scenario.sha256)]
    return [(path, digest) for path, (_, digest) in zip(scenario.lineage, scenario.files, strict=True)]
