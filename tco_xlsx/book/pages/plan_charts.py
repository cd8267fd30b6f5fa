"""The two charts of the plan: cumulative cash of each way, and cash by year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tco_xlsx.book.book import Book
from tco_xlsx.book.charts import Anchor, insert
from tco_xlsx.book.pages.plan_page import CashCharts
from tco_xlsx.book.pages.plan_workings import (
    END_LABEL,
    END_ROW,
    END_Y,
    LABELS,
    LAST_POINT,
    MARK_LABEL,
    MARK_LABEL_Y,
    MARK_X,
    MARK_Y,
    MONTH,
    POINT_ROW,
    PURCHASES,
    RUNNING,
    TOTAL,
    YEAR_ROW,
    so_far_column,
)
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import column_name
from tco_xlsx.model import roles
from tco_xlsx.model.axes import YEARS

_LINES = {
    "own": ("accent", 2.5, "solid"),
    "rent": ("neutral", 2, "solid"),
    "api": ("soft", 2, "dash"),
    "mix": ("accent_soft", 1.5, "square_dot"),
}
_MARKED = ("rent", "api")
"""The ways whose last crossing is marked."""
_OWN_ON_TOP = tuple(reversed(list(enumerate(roles.ways))))


def cash_so_far(book: Book, sheet: Sheet, told: CashCharts, anchor: Anchor) -> None:
    """Lines with their names at their ends, and a dot where own is ahead for good."""
    look = book.template.look
    chart = book.workbook.add_chart({"type": "scatter", "subtype": "straight"})
    font = {"name": look.font, "size": look.size - 1, "color": look.colour("soft"), "bold": False}
    for number, way in _OWN_ON_TOP:
        colour, width, dash = _LINES[way.name]
        line = {"color": look.colour(colour), "width": width, "dash_type": dash}
        column = so_far_column(number)
        chart.add_series(
            {
                "name": told.ends[way.name].strip(),
                "categories": [sheet.name, POINT_ROW, MONTH, LAST_POINT, MONTH],
                "values": [sheet.name, POINT_ROW, column, LAST_POINT, column],
                "line": line,
                "marker": {"type": "none"},
            }
        )
    for number, way in _OWN_ON_TOP:
        row = END_ROW + number
        ink = look.colour("accent" if way.name == "own" else "ink")
        label = _name_as_label(font | {"color": ink, "bold": True}, "right")
        cells = [sheet.name, LAST_POINT, MONTH, LAST_POINT, MONTH], [sheet.name, row, END_Y, row, END_Y]
        chart.add_series(_alone(sheet, cells, f"${column_name(END_LABEL)}${row + 1}", label, {"type": "none"}))
        if way.name in _MARKED:
            ink = look.colour("ink")
            marker = {"type": "circle", "size": 8, "fill": {"color": ink}, "border": {"color": ink}}
            name = f"${column_name(MARK_LABEL)}${row + 1}"
            x = [sheet.name, row, MARK_X, row, MARK_X]
            chart.add_series(_alone(sheet, (x, [sheet.name, row, MARK_Y, row, MARK_Y]), name, {}, marker))
            label = _name_as_label(font | {"color": ink, "bold": True}, "center")
            place = [sheet.name, row, MARK_LABEL_Y, row, MARK_LABEL_Y]
            chart.add_series(_alone(sheet, (x, place), name, label, {"type": "none"}))
    thin = {"color": look.colour("rule"), "width": 0.75}
    chart.set_x_axis(
        {
            "min": 0,
            "major_unit": 12,
            "num_font": font,
            "num_format": "0",
            "line": thin,
            "major_gridlines": {"visible": False},
        }
    )
    chart.set_y_axis(
        {
            "min": 0,
            "num_font": font,
            "num_format": "General",
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB", "width": 0.75}},
        }
    )
    insert(chart, sheet, anchor, told.so_far_alt)
    chart.set_plotarea({"fill": {"none": True}, "layout": {"x": 0.05, "y": 0.03, "width": 0.84, "height": 0.85}})


def cash_by_year(book: Book, sheet: Sheet, told: CashCharts, anchor: Anchor) -> None:
    """Purchases below, running cost above them, their sum on top."""
    look = book.template.look
    last = YEAR_ROW + YEARS - 1
    names = [sheet.name, YEAR_ROW, LABELS, last, LABELS]
    font = {"name": look.font, "size": look.size - 1, "color": look.colour("soft"), "bold": False}
    chart = book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    for name, column, colour in ((told.purchases, PURCHASES, "accent"), (told.running, RUNNING, "accent_soft")):
        fill = {"color": look.colour(colour)}
        values = [sheet.name, YEAR_ROW, column, last, column]
        series = {
            "name": name,
            "categories": names,
            "values": values,
            "fill": fill,
            "border": {"none": True},
            "gap": 45,
        }
        chart.add_series(series)
    totals = book.workbook.add_chart({"type": "line"})
    ink = font | {"color": look.colour("ink"), "bold": True}
    totals.add_series(
        {
            "name": told.total,
            "categories": names,
            "values": [sheet.name, YEAR_ROW, TOTAL, last, TOTAL],
            "line": {"none": True},
            "marker": {"type": "none"},
            "data_labels": {"value": True, "position": "above", "num_format": "#,##0.00;;", "font": ink},
        }
    )
    chart.combine(totals)
    thin = {"color": look.colour("rule"), "width": 0.75}
    chart.set_x_axis({"num_font": font, "line": thin, "major_tick_mark": "none"})
    chart.set_y_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    insert(chart, sheet, anchor, told.by_year_alt)


def _name_as_label(font: dict[str, Any], position: str) -> dict[str, Any]:
    return {"series_name": True, "value": False, "position": position, "font": font}


def _alone(
    sheet: Sheet,
    cells: tuple[Sequence[object], Sequence[object]],
    name: str,
    label: dict[str, Any],
    marker: dict[str, Any],
) -> dict[str, Any]:
    """A series of one point whose label is the text of a cell."""
    return {
        "name": f"='{sheet.name}'!{name}",
        "categories": cells[0],
        "values": cells[1],
        "line": {"none": True},
        "marker": marker,
        **({"data_labels": label} if label else {}),
    }
