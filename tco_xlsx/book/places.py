"""The layout of a workbook: the regions of its pages together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tco_xlsx.book.layout import Layout
from tco_xlsx.book.pages import checks, inputs, model, points, tables, years
from tco_xlsx.book.region import Region
from tco_xlsx.book.shape import Shape
from tco_xlsx.book.template import Template
from tco_xlsx.language.axes import POINT
from tco_xlsx.language.sections import Model


def shape_of(points: Sequence[int], blocks: Sequence[int] = ()) -> Shape:
    """The shape of a workbook of scenarios with those numbers of points."""
    return Shape(tuple(points), tuple(blocks) or tuple(range(len(points))), int(len(points) > 1))


def layout_of(cost_model: Model, template: Template, shape: Shape) -> Layout:
    """Where the lines of the cost model stand. Raises ValueError for a line that no page of the template shows."""
    regions: list[Region] = [
        *inputs.regions(template.page("inputs"), cost_model, shape),
        *model.regions(template.page("model"), cost_model, shape),
        *checks.regions(template.page("checks"), cost_model, shape),
        *points.regions([page for page in template.pages if page.kind == "points"], cost_model, shape),
    ]
    regions += years.regions(template.page("years"), cost_model, shape)
    regions += tables.regions(template.page("tables"), cost_model, shape)
    seats = {axis: axis.seats or 1 for axis in cost_model.axes.values()}
    return Layout(cost_model.lines, regions, [seats | {POINT: number} for number in shape.points])


@lru_cache(maxsize=64)
def layout_once(cost_model: Model, template: Template, points: tuple[int, ...]) -> tuple[Shape, Layout]:
    """The layout for scenarios with those numbers of points, made once: workbooks of one shape share its texts."""
    shape = shape_of(points)
    return shape, layout_of(cost_model, template, shape)
