"""The charts of the first page: direct labels, no legend, everything drawn from cells that formulas feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tco_xlsx.book.book import Book
from tco_xlsx.book.template import BarChart, CurveChart
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import column_name
from tco_xlsx.model import roles

_ROW_PIXELS = 20

Cells = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Anchor:
    """Where a chart stands: its first cell, and the columns and rows that it covers."""

    row: int
    column: int
    first_column: int
    last_column: int
    rows: int
    widths: tuple[float, ...]

    @property
    def size(self) -> dict[str, int]:
        """Width and height in pixels; a character of a column is 7 pixels, and 5 are padding."""
        columns = self.widths[self.first_column : self.last_column + 1]
        return {"width": sum(int(7 * width + 5) for width in columns), "height": self.rows * _ROW_PIXELS}


def curve_chart(
    book: Book, sheet: Sheet, told: CurveChart, anchor: Anchor, caption_row: int, captions: tuple[int, int, int]
) -> None:
    """Latency against requests/s per GPU, with frontier, limit and mark.

    The names of axis, limit and mark are the cells of the caption row, so that they follow the inputs.
    """
    look, layout = book.template.look, book.layout
    chart = book.workbook.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    soft = {"name": look.font, "size": look.size - 1, "color": look.colour("soft"), "bold": False}
    x, rate, frontier = (book.curve_range(name) for name in ("x", "rate", "frontier"))
    axis, limit, mark = (f"='{sheet.name}'!${column_name(column)}${caption_row + 1}" for column in captions)

    chart.add_series(
        {
            "name": told.frontier,
            "categories": _reference(x),
            "values": _reference(frontier),
            "line": {"color": look.colour("accent"), "width": 1.75},
            "marker": {"type": "none"},
        }
    )
    chart.add_series(
        {
            "name": told.points,
            "categories": _reference(x),
            "values": _reference(rate),
            "line": {"none": True},
            "marker": _marker("circle", 6, look.colour("accent_soft")),
        }
    )
    bound = {"color": look.colour("warning"), "width": 1.5, "dash_type": "dash"}
    chart.add_series(
        {
            "name": limit,
            "categories": _reference(layout.range(roles.curve_limit_x)),
            "values": _reference(layout.range(roles.curve_limit_top)),
            "line": {"none": True},
            "marker": {"type": "none"},
            # A line down to the axis that needs one cell: an error bar of the whole height.
            "y_error_bars": {"type": "percentage", "value": 100, "direction": "minus", "end_style": 0, "line": bound},
            "data_labels": {
                "series_name": True,
                "value": False,
                "position": "above",
                "font": {**soft, "color": look.colour("warning")},
            },
        }
    )
    chart.add_series(
        {
            "name": mark,
            "categories": _reference(layout.range(roles.curve_mark_x)),
            "values": _reference(layout.range(roles.curve_mark_rate)),
            "line": {"none": True},
            "marker": _marker("circle", 10, look.colour("ink")),
            "data_labels": {
                "series_name": True,
                "value": False,
                "position": "below",
                "font": {**soft, "color": look.colour("ink"), "bold": True},
            },
        }
    )
    grid = {"visible": True, "line": {"color": look.colour("rule"), "width": 0.5}}
    thin = {"color": look.colour("rule"), "width": 0.75}
    chart.set_x_axis(
        {
            "name": axis,
            "name_font": soft,
            "num_font": soft,
            "min": 0,
            "line": thin,
            "major_gridlines": {"visible": False},
            "num_format": "#,##0",
        }
    )
    chart.set_y_axis(
        {"num_font": soft, "min": 0, "line": {"none": True}, "major_gridlines": grid, "num_format": "General"}
    )
    insert(chart, sheet, anchor, told.alt)


def bar_chart(
    book: Book,
    sheet: Sheet,
    told: BarChart,
    anchor: Anchor,
    labels: Cells,
    cells: Cells,
    shown: str,
    colours: list[str],
) -> None:
    """A few bars with their figures. Ranges are sheet, first row, first column, last row, last column."""
    look = book.template.look
    chart = book.workbook.add_chart({"type": "bar"})
    font = {"name": look.font, "size": look.size - 1, "color": look.colour("ink"), "bold": False}
    chart.add_series(
        {
            "categories": list(labels),
            "values": list(cells),
            "points": [{"fill": {"color": colour}} for colour in colours],
            "gap": 60,
            "data_labels": {"value": True, "num_format": shown, "font": font, "position": "outside_end"},
        }
    )
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"none": True}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    insert(chart, sheet, anchor, told.alt)


def _marker(kind: str, size: int, colour: str) -> dict[str, Any]:
    return {"type": kind, "size": size, "fill": {"color": colour}, "border": {"color": colour}}


def _reference(cells: Cells) -> list[str | int]:
    return list(cells)


def insert(
    chart: Any, sheet: Sheet, anchor: Anchor, alt: str, legend: bool = False, font: dict[str, Any] | None = None
) -> None:
    """Put a chart where it belongs, with its words for screen readers."""
    chart.set_legend({"position": "bottom", "font": font} if legend else {"none": True})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"fill": {"none": True}})
    chart.set_size(anchor.size)
    sheet.chart(anchor.row, anchor.column, chart, alt)
