"""A section that is a table: a list of rows, each with what it says by column."""

from __future__ import annotations

from tco_xlsx.documents.located_yaml import Located
from tco_xlsx.documents.messages import suggestion
from tco_xlsx.language.lines import Choice, Given
from tco_xlsx.language.sections import Named
from tco_xlsx.scenario.inputs import Entry, InputReader, InputScalar, Scalars, default_of


def entries_of_table(reader: InputReader, section: Named, given: Located) -> dict[str, Entry] | None:
    """Every column of a table by its full name, filled to the seats of the axis; None for what is no list of rows.

    What is wrong is told at its cell, or at the row that lacks one.
    """
    axis, name = section.table, section.name
    assert axis is not None
    assert axis.seats is not None
    columns = section.inputs
    rows = [] if given.value is None else given.value
    if not isinstance(rows, list):
        example = ", ".join(f"{key}: ..." for key, line in columns.items() if line.is_needed) or "..."
        reader.faults.add(given, f"{name}: expected a list of rows, such as `- {{{example}}}`.")
        return None
    if len(rows) > axis.seats:
        message = f"{name}: has {len(rows)} {axis.many}; there is room for {axis.seats}."
        reader.faults.add(rows[axis.seats], message)
    cells: dict[str, list[InputScalar]] = {key: [] for key in columns}
    for number, row in enumerate(rows[: axis.seats], start=1):
        where = f"{name}[{number}]"
        if not isinstance(row.value, dict):
            reader.faults.add(row, f"{where}: expected the columns of a row, by name.")
            continue
        for key, item in row.items():
            if key not in columns:
                reader.faults.add(item, f"{where}.{key}: no such column.{suggestion(key, columns)}", at_key=True)
        for key, line in columns.items():
            if key in row.value:
                cells[key].append(reader.scalar(line, row.value[key], f"{where}.{key}"))
                continue
            if line.is_needed:
                reader.faults.add(row, f'{where}.{key}: is missing; "{line.label}" has no default.')
            cells[key].append(_unless_given(line))
    return {line.name: _entry(reader, line, cells[key], _first_cell(rows, key)) for key, line in columns.items()}


def _entry(reader: InputReader, line: Given, cells: list[InputScalar], first: Located | None) -> Entry:
    """A column at the first of its cells; at its default when no row has one, whatever is extended."""
    values = _filled(line, cells)
    return Entry(values, reader.file, first.line, first.column) if first is not None else Entry(values)


def _first_cell(rows: list[Located], key: str) -> Located | None:
    return next((row.value[key] for row in rows if isinstance(row.value, dict) and key in row.value), None)


def _filled(line: Given, cells: list[InputScalar]) -> Scalars:
    empty: Scalars = default_of(line).value
    return (*cells, *empty[len(cells) :])


def _unless_given(line: Given) -> InputScalar:
    return line.default_code if isinstance(line, Choice) else line.default
