"""The charts of a comparison: bars for the scenarios in order, the curves of several, the waterfall of a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tco_xlsx.book.book import Book
from tco_xlsx.book.charts import Anchor, Cells, insert
from tco_xlsx.book.pages.compared_pages import ChartWords
from tco_xlsx.book.xlsx.sheet import Sheet
from tco_xlsx.language.excel import Cell, column_name

_COLOURS = ("accent", "warning", "link_ink", "ink", "accent_soft", "bad_ink")
_MARKERS = ("circle", "diamond")


def bars(
    book: Book,
    sheet: Sheet,
    told: ChartWords,
    anchor: Anchor,
    labels: Cells,
    series: Sequence[tuple[str, Cells, str]],
    stacked: bool,
    shown: str,
) -> None:
    """Horizontal bars: for each series a name, its cells and its colour; a key only where there are several."""
    look = book.template.look
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"} if stacked else {"type": "bar"})
    font = _font(book)
    for name, cells, colour in series:
        options: dict[str, Any] = {
            "name": name,
            "categories": list(labels),
            "values": list(cells),
            "fill": {"color": look.colour(colour)},
            "gap": 45,
        }
        if not stacked:
            options["data_labels"] = {"value": True, "num_format": shown, "font": font, "position": "outside_end"}
        chart.add_series(options)
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"none": True}, "major_tick_mark": "none"})
    grid = {"visible": stacked, "line": {"color": look.colour("rule"), "width": 0.5}}
    # The axis of values stands where the first scenario is, at the top, unless it is told to cross at the end.
    chart.set_x_axis(
        {
            "visible": stacked,
            "min": 0,
            "num_font": font,
            "num_format": shown,
            "major_gridlines": grid,
            "line": {"none": True},
            "label_position": "high",
        }
    )
    insert(chart, sheet, anchor, told.alt, legend=len(series) > 1, font=font)


def curves(
    book: Book,
    sheet: Sheet,
    alt: str,
    anchor: Anchor,
    axis: tuple[int, int],
    series: Sequence[tuple[Cell, Cells, Cells]],
    frontier: tuple[str, Cells, Cells],
) -> None:
    """Latency against requests/s per GPU: for each scenario the cell of its name, its x and its y, and the frontier
    over all; `axis` is the cell with the name of the axis."""
    look = book.template.look
    chart = book.workbook.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    font = _font(book)
    name, x, y = frontier
    chart.add_series(
        {
            "name": name,
            "categories": list(x),
            "values": list(y),
            "line": {"color": look.colour("neutral"), "width": 2.25},
            "marker": {"type": "none"},
        }
    )
    for number, (label, x, y) in enumerate(series):
        colour = look.colour(_COLOURS[number % len(_COLOURS)])
        kind = _MARKERS[number // len(_COLOURS) % len(_MARKERS)]
        chart.add_series(
            {
                "name": [label.sheet, label.row, label.column],
                "categories": list(x),
                "values": list(y),
                "line": {"none": True},
                "marker": {"type": kind, "size": 6, "fill": {"color": colour}, "border": {"color": colour}},
            }
        )
    grid = {"visible": True, "line": {"color": look.colour("rule"), "width": 0.5}}
    thin = {"color": look.colour("rule"), "width": 0.75}
    place = f"='{sheet.name}'!${column_name(axis[1])}${axis[0] + 1}"
    chart.set_x_axis(
        {"name": place, "name_font": font, "num_font": font, "min": 0, "line": thin, "num_format": "#,##0",
         "major_gridlines": {"visible": False}}
    )  # fmt: skip
    chart.set_y_axis({"num_font": font, "min": 0, "line": {"none": True}, "major_gridlines": grid})
    insert(chart, sheet, anchor, alt, legend=True, font=font)


def waterfall(book: Book, sheet: Sheet, told: ChartWords, anchor: Anchor, cells: dict[str, Cells]) -> None:
    """Horizontal bars from one figure to the other: `whole` at both ends, `rise` and `fall` on an unseen `foot`."""
    look = book.template.look
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    font = _font(book)
    colours = {"foot": None, "whole": "ink", "rise": "warning", "fall": "accent"}
    for name, colour in colours.items():
        chart.add_series(
            {
                "name": name,
                "categories": list(cells["label"]),
                "values": list(cells[name]),
                "fill": {"color": look.colour(colour)} if colour else {"none": True},
                "border": {"none": True},
                "gap": 35,
            }
        )
    grid = {"visible": True, "line": {"color": look.colour("rule"), "width": 0.5}}
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"none": True}, "major_tick_mark": "none"})
    values = {"num_font": font, "num_format": "#,##0.####", "major_gridlines": grid, "line": {"none": True}}
    chart.set_x_axis({**values, "label_position": "high"})
    insert(chart, sheet, anchor, told.alt, legend=False, font=font)


def _font(book: Book) -> dict[str, Any]:
    look = book.template.look
    return {"name": look.font, "size": look.size - 1, "color": look.colour("ink"), "bold": False}
