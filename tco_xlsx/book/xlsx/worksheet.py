"""A worksheet that writes the same XML as XlsxWriter's with less work, for workbooks without a skeleton. It leans on
private methods of one release: pyproject.toml pins it, and a test holds every part against the stock worksheet's.
"""

from __future__ import annotations

import io
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet

from tco_xlsx.documents.text_out import escaped_as_excel, visible, xml_bytes
from tco_xlsx.language.excel import column_name


class SoundWorkbook(Workbook):  # type: ignore[misc]
    """A workbook out of which no ill-formed XML gets, whatever text came in. It is made in memory."""

    def _get_packager(self) -> Packager:
        return _SoundPackager()


class PlainStrings(SharedStrings):  # type: ignore[misc]
    """The table of strings, in which every text is a text: XlsxWriter takes "<r>...</r>" for XML of its own making."""

    def _xml_rich_si_element(self, string: str) -> None:
        self._xml_si_element(string, [])


class _SoundPackager(Packager):  # type: ignore[misc]
    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            strings = PlainStrings()
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
