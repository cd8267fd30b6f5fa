"""The index and the results of a folder: a row for each scenario, from the records, in order of the scenarios."""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tco_xlsx.batch.fingerprint import digest_of
from tco_xlsx.batch.folder import INDEX, Folder
from tco_xlsx.batch.ledger import Ledger, LedgerEntry, Record, Value
from tco_xlsx.book.pages.list_page import Link, ListCell, ListColumn, write_list
from tco_xlsx.case.results import result_lines
from tco_xlsx.documents.atomic import PartFile, locked
from tco_xlsx.documents.text_out import harmless
from tco_xlsx.language.lines import Choice
from tco_xlsx.language.rounding import format_of, is_counted
from tco_xlsx.language.sections import Model
from tco_xlsx.model import roles

CSV = "results.csv"
PARQUET = "results.parquet"

_HEADLINE = (
    roles.servers,
    roles.gpus,
    roles.rps_per_gpu,
    roles.total_year,
    roles.capex,
    roles.per_1000_prompts,
    roles.per_1m_tokens,
    roles.per_1m_input,
    roles.per_1m_output,
)
_TEXT_COLUMNS = ("scenario", "file", "title", "currency", "status", "failing_checks", "note")
_ROW_GROUP = 200
"""Rows that are held at once."""
_STATUS = {"built": "built", "no point": "no operating point", "failed": "failed"}


@dataclass(frozen=True)
class ResultRow:
    """A scenario as it stands in the folder now."""

    record: Record
    status: str
    note: str
    has_file: bool

    def texts(self) -> tuple[str, ...]:
        """The cells of the text columns."""
        record, entry = self.record, self.record.entry
        file = f"{entry.stem}.xlsx" if self.has_file else ""
        failing = "; ".join(record.failing)
        # The folder that tells it from another of its name is part of its file's name, then.
        name = entry.stem if entry.stem.endswith(f"-{entry.name}") else entry.name
        return name, file, record.title, record.currency, self.status, failing, self.note


def write_results(folder: Folder, model: Model) -> list[str]:
    """Write index.xlsx, results.csv and, with pyarrow, results.parquet, from what is recorded.

    Returns the names that somebody else's file has already: it is left. Of two runs the one that comes last writes
    what both have built. A folder with a single scenario gets none. Raises OSError and WorkbookLimit.
    """
    if not folder.records.is_dir():
        return []
    with locked(folder.index_lock):
        # Nobody else is here: what lies there is of a run that was killed.
        shutil.rmtree(folder.scratch, ignore_errors=True)
        folder.scratch.mkdir()
        ledger = Ledger(folder)
        entries = _in_order(folder, ledger)
        if len(entries) < 2 and not (folder.out / INDEX).exists():
            return []
        columns = _ResultColumns(model)
        with contextlib.ExitStack() as parts:
            index, table = (parts.enter_context(PartFile(folder.parts)) for _ in range(2))
            pyarrow = _pyarrow()
            stored = parts.enter_context(PartFile(folder.parts)) if pyarrow else None
            table.write(_csv_line([*_TEXT_COLUMNS, *columns.names]))
            store = _Parquet(pyarrow, stored, columns) if stored else None

            def rows() -> Iterator[Sequence[ListCell]]:
                """Each row goes into all files at once: no more than one is held."""
                for row in _rows(folder, ledger, entries, _kept(folder)):
                    texts, values = row.texts(), columns.of(row.record)
                    table.write(_csv_line([*map(harmless, texts), *values]))
                    if store:
                        store.add((*texts, *values))
                    yield _index_cells(texts, row.record)

            write_list(index.file(), "Scenarios", _index_columns(), rows(), len(entries), folder.scratch)
            if store:
                store.end()
            made = {name: part for name, part in ((INDEX, index), (CSV, table), (PARQUET, stored)) if part}
            ours = {name: part for name, part in made.items() if _is_ours(folder, name)}
            for part in ours.values():
                part.sync()
            # All that takes room is on the disk before anything is given up.
            for name, part in ours.items():
                part.publish(folder.out / name)
            return [name for name in made if name not in ours]


def _is_ours(folder: Folder, name: str) -> bool:
    """Whether a name is free, or ours since an earlier run: there may be a benchmark's results.csv, say."""
    mine = folder.hidden / f"{name}.ours"
    if (folder.out / name).exists() and not mine.exists():
        return False
    mine.touch()
    return True


def _kept(folder: Folder) -> dict[str, list[str]]:
    """By the stem of a workbook, the edited ones that made room for it, as seen from the folder."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.kept.glob("*.xlsx")):
        found.setdefault(path.stem.rpartition("-")[0], []).append(f"{folder.kept.name}/{path.name}")
    return found


def _in_order(folder: Folder, ledger: Ledger) -> list[LedgerEntry]:
    """By scenario file and place in it; without those whose file is there no more."""
    there: dict[str, bool] = {}
    found: list[tuple[tuple[str, int, str], LedgerEntry]] = []
    for entry in ledger.entries():
        source = entry.origin.source
        if source not in there:
            there[source] = folder.path_of(source).exists()
        if there[source] and entry.status != "gone":
            found.append(((source, entry.origin.place, entry.stem), entry))
    return [entry for _, entry in sorted(found, key=lambda one: one[0])]


def _rows(
    folder: Folder, ledger: Ledger, entries: Sequence[LedgerEntry], kept: Mapping[str, Sequence[str]]
) -> Iterator[ResultRow]:
    for entry in entries:
        record = ledger.read(entry.stem)
        if record is None:  # Another run is about to replace it, and writes these files after us.
            record = Record(entry, entry.name, "")
        yield _row(folder, record, kept.get(entry.stem, ()))


def _row(folder: Folder, record: Record, kept: Sequence[str]) -> ResultRow:
    entry = record.entry
    there = digest_of(folder.workbook(entry.stem)) if entry.sha256 or entry.status != "failed" else ""
    notes = [record.reason] if record.reason else []
    if entry.status == "failed" and there:
        notes.append("The workbook is of an earlier state.")
    elif entry.status != "failed" and not there:
        notes.append("The workbook is missing.")
    if there and entry.sha256 and there != entry.sha256:
        notes.append("The workbook has been edited since it was built.")
    if kept:
        notes.append(f"An edited workbook made room for it: {', '.join(kept)}.")
    return ResultRow(record, _STATUS[entry.status], " ".join(notes), bool(there))


class _ResultColumns:
    """Inputs, outputs and verdicts, in the order of the model, each of one type."""

    def __init__(self, model: Model) -> None:
        self.lines = [*result_lines(model), *model.counts]
        self.names = [line.name for line in self.lines]
        self._choices = [(place, line.name) for place, line in enumerate(self.lines) if isinstance(line, Choice)]

    def of(self, record: Record) -> list[Value]:
        """The values of a record; texts made harmless for spreadsheets, None for what it has not."""
        told = map(record.values.get, self.names)
        values: list[Value] = [None if isinstance(value, str) else value for value in told]
        for place, name in self._choices:
            text = record.values.get(name)
            values[place] = None if text is None else harmless(str(text))
        return values


def _csv_line(cells: Sequence[Value]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode(errors="replace")


def _index_columns() -> list[ListColumn]:
    columns = [ListColumn("Scenario", 34), ListColumn("Title", 40), ListColumn("Status", 18), ListColumn("Currency", 9)]
    for line in _HEADLINE:
        unit = "" if line.unit == "1" else line.unit.replace("money", "currency")
        columns.append(ListColumn(f"{line.label}\n{unit}".strip(), 14, format_of(line), is_counted(line)))
    return [*columns, ListColumn("Checks that fail", 28), ListColumn("Note", 60)]


def _index_cells(texts: Sequence[str], record: Record) -> list[ListCell]:
    name, file, title, currency, status, failing, note = texts
    values = [record.values.get(line.name) for line in _HEADLINE]
    numbers = [value if isinstance(value, (int, float)) else None for value in values]
    return [Link(name, file) if file else name, title, status, currency, *numbers, failing, note]


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        return None
    return pyarrow


class _Parquet:
    """Rows of fixed types: texts, and numbers as float64; label and unit stand beside each column."""

    def __init__(self, pyarrow: Any, part: PartFile, columns: _ResultColumns) -> None:
        fields = [pyarrow.field(name, pyarrow.string()) for name in _TEXT_COLUMNS]
        for line in columns.lines:
            kind = pyarrow.string() if isinstance(line, Choice) else pyarrow.float64()
            fields.append(pyarrow.field(line.name, kind, metadata={"label": line.label, "unit": line.unit}))
        self._pyarrow = pyarrow
        self._schema = pyarrow.schema(fields)
        self._writer = pyarrow.parquet.ParquetWriter(part.file(), self._schema)
        self._rows: list[tuple[Value, ...]] = []

    def add(self, row: tuple[Value, ...]) -> None:
        """Add a row; None where there is no number."""
        # Parquet refuses a whole number that no float holds exactly; CSV and the workbook round it, too.
        self._rows.append(tuple(float(one) if isinstance(one, int) else one for one in row))
        if len(self._rows) >= _ROW_GROUP:
            self._write()

    def end(self) -> None:
        """Write what is left, and the end of the file."""
        if self._rows:
            self._write()
        self._writer.close()

    def _write(self) -> None:
        pairs = zip(self._schema.types, zip(*self._rows, strict=True), strict=True)
        arrays = [self._pyarrow.array(cells, type=kind) for kind, cells in pairs]
        self._writer.write_table(self._pyarrow.Table.from_arrays(arrays, schema=self._schema))
        self._rows.clear()
