"""What stands beside the value of an input: its columns on Inputs, what may be typed, where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tco_xlsx.book import input_cell
from tco_xlsx.book.book import Book
from tco_xlsx.book.pages.points import codes_cell
from tco_xlsx.book.shape import Shape
from tco_xlsx.language.excel import column_name, sheet_prefix
from tco_xlsx.language.input_notes import InputNotes
from tco_xlsx.language.lines import Choice, Given, Pick

_MOST_SOURCES = 4


@dataclass(frozen=True)
class InputColumns:
    """The columns right of the values; `first` begins those of the values as generated, `last` is the last of all."""

    allowed: int
    first: int
    mark: int
    source: int
    last: int


def columns_of(shape: Shape) -> InputColumns:
    unit = shape.unit_column
    if shape.chosen:
        last = unit + 3 + shape.scenarios
        return InputColumns(allowed=unit + 1, first=unit + 4, mark=unit + 2, source=unit + 3, last=last)
    return InputColumns(allowed=unit + 1, first=unit + 2, mark=unit + 3, source=unit + 4, last=unit + 4)


def allowed(book: Book, line: Given) -> str:
    page = codes_cell(book.layout, book.model, line).sheet if isinstance(line, Pick) else ""
    return input_cell.allowed(line, book.template.words, page)


def source_words(book: Book, line: Given) -> str:
    """Where the values are from: once where all scenarios say the same, else what each says of its own value."""
    each_told = [
        told(line, subject.inputs.get(line.name))
        for scenario, subject in enumerate(book.subjects)
        if book.holder(line, scenario) == scenario
    ]
    if len(set(each_told)) == 1:
        parts = [each_told[0]]
    else:
        numbers = [number for number in range(len(book.subjects)) if book.holder(line, number) == number]
        each = [f"{book.labels[number]}: {text}" for number, text in zip(numbers, each_told, strict=True) if text]
        parts = each[:_MOST_SOURCES] + (["..."] if len(each) > _MOST_SOURCES else [])
    if isinstance(line, Choice):
        parts.append("; ".join(f"{code}: {meaning}" for code, meaning in line.options.items()))
    parts.append(line.note)
    return ". ".join(part.rstrip(".") for part in parts if part)


def told(line: Given, note: InputNotes | None) -> str:
    return line.source if note is None else note.words()


def validation(book: Book, line: Given, here: str, scenario: int) -> dict[str, Any]:
    """The rule of an input's cell, with its messages; `here` is its address."""
    codes = ""
    if isinstance(line, Pick):
        sheet, row, column = codes_cell(book.layout, book.model, line, scenario)
        last = row + len(book.values.cases[scenario].codes(line)) - 1
        codes = f"{sheet_prefix(sheet)}${column_name(column)}${row + 1}:${column_name(column)}${last + 1}"
    return input_cell.validation(line, book.template.words, here, allowed(book, line), codes)
