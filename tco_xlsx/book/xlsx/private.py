"""All that leans on names of XlsxWriter that are not public.

They are those of release 3.3.1, which pyproject.toml pins: before another one is pinned, the tests of skeletons and of
recorded calls hold every part against what the stock worksheet writes. Why at all:

- Whatever text comes in, no ill-formed XML may come out (`SoundWorkbook`); XlsxWriter has no place for that.
- A worksheet that writes the same XML with less work (`FasterWorksheet`), for workbooks without a skeleton.
- The parts of a package with gaps for contents (`FrameWorkbook`, `FrameWorksheet`, `with_gaps`), and the pieces of XML
  that go into the gaps, by XlsxWriter's own hand.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.core import Core
from xlsxwriter.custom import Custom
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings, SharedStringTable
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet
from xlsxwriter.xmlwriter import XMLwriter

from tco_xlsx.documents.text_out import escaped_as_excel, visible, xml_bytes
from tco_xlsx.language.excel import column_name


class SoundWorkbook(Workbook):  # type: ignore[misc]
    """A workbook out of which no ill-formed XML gets, whatever text came in. It is made in memory."""

    def _get_packager(self) -> Packager:
        return _SoundPackager()


class _PlainStrings(SharedStrings):  # type: ignore[misc]
    """The table of strings, in which every text is a text: XlsxWriter takes "<r>...</r>" for XML of its own making."""

    def _xml_rich_si_element(self, string: str) -> None:
        self._xml_si_element(string, [])


class _SoundPackager(Packager):  # type: ignore[misc]
    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            strings = _PlainStrings()
            strings.string_table = self.workbook.str_table
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            strings._assemble_xml_file()

    def _create_package(self) -> list[Any]:
        return [(part if binary else _sound(part), name, binary) for part, name, binary in super()._create_package()]


def _sound(part: io.StringIO) -> io.StringIO:
    text = part.getvalue()
    return part if xml_bytes(text).decode() == text else io.StringIO(visible(text))


class FasterWorksheet(Worksheet):  # type: ignore[misc]
    """XlsxWriter searches each formula for some 130 functions newer than Excel 2010; ours has none, by test."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _write_formula(self, row: int, col: int, formula: str, cell_format: Format = None, value: Any = 0) -> int:
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(formula[1:], cell_format, value)
        return 0

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if cell.format is None:
            super()._write_cell(row, col, cell)
            return
        place = f'r="{column_name(col)}{row + 1}" s="{cell.format._get_xf_index()}"'
        match cell:
            case CellStringTuple():
                self.fh.write(f'<c {place} t="s"><v>{cell.string}</v></c>')
            case CellFormulaTuple():
                formula = self._escape_data(cell.formula)
                if isinstance(cell.value, str):
                    # XlsxWriter gives an empty text no type, which makes it an empty number: not valid.
                    value = self._escape_data(escaped_as_excel(cell.value))
                    self.fh.write(f'<c {place} t="str"><f>{formula}</f><v>{value}</v></c>')
                else:
                    self.fh.write(f"<c {place}><f>{formula}</f><v>{cell.value}</v></c>")
            case CellNumberTuple():
                self.fh.write(f"<c {place}><v>{cell.number:.16G}</v></c>")
            case CellBlankTuple():
                self.fh.write(f"<c {place}/>")
            case _:
                super()._write_cell(row, col, cell)


class _FramePackager(Packager):  # type: ignore[misc]
    """Hands over the parts, and leaves nothing to deflate."""

    def _create_package(self) -> list[Any]:
        self.workbook.parts = [(name, text.getvalue()) for text, name, _ in super()._create_package()]
        return []


class FrameWorkbook(Workbook):  # type: ignore[misc]
    """A workbook of which the parts are wanted, not the file: `parts` after it is closed, names with their XML."""

    parts: list[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), {"in_memory": True})
        # Without a string there would be no table of strings among the parts.
        self.str_table._get_shared_string_index("-")

    def _get_packager(self) -> Packager:
        return _FramePackager()

    def style_number(self, properties: Mapping[str, Any]) -> int:
        """The number that the next style of cells has in styles.xml."""
        return int(self.add_format(properties)._get_xf_index())


class FrameWorksheet(FasterWorksheet):
    """A worksheet without cells, with marks in the places of its contents."""

    mark: Callable[[str], str]
    """What stands for the "cells", the "dimension" and the "footer"."""
    remember: Callable[[str, tuple[int, int, int, int]], list[object]]
    """What charts remember of cells of this sheet: first row and column, last row and column."""

    def _write_sheet_data(self) -> None:
        self.fh.write(self.mark("cells"))

    def _write_dimension(self) -> None:
        self.fh.write(self.mark("dimension"))

    def _write_odd_footer(self) -> None:
        self.fh.write(self.mark("footer"))

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        """A link writes its text, which is a cell and so not for us."""
        return 0

    def _get_range_data(self, row_start: int, col_start: int, row_end: int, col_end: int) -> list[object]:
        return self.remember(self.name, (row_start, col_start, row_end, col_end))


def with_gaps(chart: Any, gap: Callable[[str, Any], str]) -> Any:
    """The chart, which writes what `gap` gives for "num" or "str" and the data, where that is not empty, instead of
    what it remembers of a range."""

    def write_cache(kind: str, write: Callable[[Any], None], data: Any) -> None:
        mark = gap(kind, data)
        if mark:
            chart.fh.write(mark)
        else:
            write(data)

    for kind in ("num", "str"):
        method = f"_write_{kind}_cache"
        setattr(chart, method, partial(write_cache, kind, getattr(chart, method)))
    return chart


def data_kind(data: list[object]) -> str:
    """Whether XlsxWriter takes what a chart reads for numbers, for texts or for nothing."""
    return str(Chart._get_data_type(None, data))


def without_control_characters(text: str) -> str:
    """A text as XlsxWriter writes those characters of it that XML does not take."""
    return str(XMLwriter._escape_control_characters(text))


def format_key(properties: Mapping[str, Any]) -> str:
    """The key under which XlsxWriter finds formats that look alike."""
    return str(Format({**_default_properties(), **properties})._get_format_key())


@lru_cache(maxsize=1)
def _default_properties() -> dict[str, Any]:
    return dict(Workbook().default_format_properties)


def element_xml(name: str, text: str) -> str:
    """An element with a text."""
    return _written(XMLwriter(), lambda writer: writer._xml_data_element(name, text))


def core_xml(properties: Mapping[str, Any]) -> str:
    """docProps/core.xml: title, author and the like."""
    writer = Core()
    writer._set_properties(properties)
    return _written(writer, Core._assemble_xml_file)


def custom_xml(properties: Sequence[tuple[str, str]]) -> str:
    """docProps/custom.xml: properties of our own, names with their texts."""
    writer = Custom()
    writer._set_properties([(name, text, "text") for name, text in properties])
    return _written(writer, Custom._assemble_xml_file)


def strings_opening_xml(count: int, different: int) -> str:
    """The beginning of xl/sharedStrings.xml: how many cells hold texts, and how many different ones."""
    writer = SharedStrings()
    writer.string_table = SharedStringTable()
    writer.string_table.count, writer.string_table.unique_count = count, different

    def begin(strings: Any) -> None:
        strings._xml_declaration()
        strings._write_sst()

    return _written(writer, begin)


def string_xml(text: str) -> str:
    """A text of xl/sharedStrings.xml."""
    return _written(_PlainStrings(), lambda writer: writer._write_si(visible(text)))


def _written(writer: Any, write: Callable[[Any], object]) -> str:
    writer.fh = io.StringIO()
    write(writer)
    return str(writer.fh.getvalue())
