"""Rows of results, streamed to a file whose ending says the format; whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tco_xlsx.analysis.sweep.combinations import Cells
from tco_xlsx.analysis.sweep.plan import ROW_ENDINGS, RowColumn, WriteRows
from tco_xlsx.batch.export import parquet_mark, pyarrow_for
from tco_xlsx.documents.atomic import PartFile
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.target import objection_to, written
from tco_xlsx.documents.text_out import harmless

# Up to so many different values, their texts are made once and kept.
_FEW = 4096
# A row group of Parquet smaller than this reads slowly.
_ROW_GROUP_BYTES = 16_000_000


@contextmanager
def rows_to(target: Path, columns: Sequence[RowColumn]) -> Iterator[WriteRows]:
    """A function that adds rows to a file, given a stretch of each column. The file appears when all went well.

    Raises BadInput for another ending, a folder that is not there, parquet without pyarrow, a full disk.
    """
    objection = objection_to(target, ROW_ENDINGS, force=True)
    if objection is not None:
        raise BadInput([objection])
    with written(target) as part:
        rows = _CsvRows(part, columns) if target.suffix == ".csv" else _ParquetRows(target, part, columns)
        yield rows.add
        rows.end()


class _CsvRows:
    """Rows as text: every number in as many digits as it takes to read the same number back."""

    def __init__(self, part: PartFile, columns: Sequence[RowColumn]) -> None:
        self._part = part
        self._texts: list[list[str] | None] = [None] * len(columns)
        self._part.write((",".join(_quoted(column.name) for column in columns) + "\n").encode())

    def add(self, cells: Sequence[Cells]) -> None:
        columns = [self._column(number, each) for number, each in enumerate(cells)]
        rows = "\n".join(map(",".join, zip(*columns, strict=True)))
        self._part.write(f"{rows}\n".encode())

    def end(self) -> None:
        """Nothing is left to write."""

    def _column(self, number: int, cells: Cells) -> list[str]:
        values, places = cells.values, cells.places
        if places is None:
            return _texts(values)
        if len(values) > _FEW and not isinstance(values, tuple):
            return _texts(values[places])
        # The values that places point to are the same in every stretch.
        known = self._texts[number]
        if known is None:
            known = self._texts[number] = _texts(values)
        return list(map(known.__getitem__, places.tolist()))


class _ParquetRows:
    """Rows in groups of some 16 MB; label and unit stand beside each column."""

    def __init__(self, target: Path, part: PartFile, columns: Sequence[RowColumn]) -> None:
        pyarrow = pyarrow_for(target)
        self._pyarrow = pyarrow
        texts = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
        self._schema = pyarrow.schema(
            [
                pyarrow.field(
                    column.name,
                    texts if column.is_text else pyarrow.float64(),
                    metadata={"label": column.label, "unit": column.unit},
                )
                for column in columns
            ],
            metadata=parquet_mark(),
        )
        self._writer = pyarrow.parquet.ParquetWriter(part.file(), self._schema)
        self._waiting: list[Any] = []

    def add(self, cells: Sequence[Cells]) -> None:
        self._waiting.append(self._pyarrow.table([self._array(each) for each in cells], schema=self._schema))
        if sum(table.nbytes for table in self._waiting) >= _ROW_GROUP_BYTES:
            self._write()

    def end(self) -> None:
        """Write what is left, and the end of the file."""
        if self._waiting:
            self._write()
        self._writer.close()

    def _write(self) -> None:
        table = self._pyarrow.concat_tables(self._waiting)
        self._writer.write_table(table, row_group_size=table.num_rows)
        self._waiting.clear()

    def _array(self, cells: Cells) -> Any:
        values, places = cells.values, cells.places
        if isinstance(values, tuple):
            number = self._pyarrow.array(places, type=self._pyarrow.int32())
            return self._pyarrow.DictionaryArray.from_arrays(number, self._pyarrow.array(values))
        # NaN stands for no number.
        return self._pyarrow.array(values if places is None else values[places], from_pandas=True)


def _texts(values: Any) -> list[str]:
    """Values as CSV takes them: whole numbers without a point, nothing for no number."""
    if isinstance(values, tuple):
        return [_quoted(harmless(text)) for text in values]
    lines = "\n".join(map(repr, values.tolist())) + "\n"
    return lines.replace(".0\n", "\n").replace("nan\n", "\n").split("\n")[:-1]


def _quoted(text: str) -> str:
    if not set(text) & set(',"\r\n'):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
