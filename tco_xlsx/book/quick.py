"""A worksheet that writes the same XML as XlsxWriter's with less work, for workbooks without a skeleton. It leans on
private methods of one release: pyproject.toml pins it, and a test holds every part against the stock worksheet's.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet

from tco_xlsx.formula import column_name


class QuickWorksheet(Worksheet):  # type: ignore[misc]
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
                    self.fh.write(f'<c {place} t="str"><f>{formula}</f><v>{self._escape_data(cell.value)}</v></c>')
                else:
                    self.fh.write(f"<c {place}><f>{formula}</f><v>{cell.value}</v></c>")
            case CellNumberTuple():
                self.fh.write(f"<c {place}><v>{cell.number:.16G}</v></c>")
            case CellBlankTuple():
                self.fh.write(f"<c {place}/>")
            case _:
                super()._write_cell(row, col, cell)
