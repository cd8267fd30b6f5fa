"""The layout of a workbook: the regions of its pages together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tco_xlsx.analysis.columns import ComparedColumns
from tco_xlsx.book.layout import Layout
from tco_xlsx.book.pages import (
    checks,
    comparison,
    gap,
    inputs,
    model,
    points,
    rates,
    rows,
    steps,
    summary,
    tables,
    years,
)
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


def comparison_layout(compared: ComparedColumns, template: Template, main: Layout) -> Layout:
    """Where the lines stand that a comparison adds beside those of its scenarios."""
    own, inputs_page = compared.model, template.page("inputs").title
    lengths = {axis: len(seats) for axis, seats in compared.values.cases[0].axes.items()}
    rates_row = max(region.bottom for region in main.on(inputs_page))
    regions: list[Region] = [
        *(region for page in template.pages if page.kind == "rows" for region in rows.regions(page, own)),
        *rates.regions(inputs_page, rates_row),
        *summary.regions(template.page("summary"), own),
        *comparison.regions(template.page("comparison")),
        *gap.regions(template.page("gap"), own, len(compared.steps.causes)),
    ]
    return Layout(own.lines, regions, [lengths])


def steps_layout(compared: ComparedColumns, template: Template) -> Layout:
    """Where the lines stand that are computed at each step from one scenario to the other."""
    return Layout(
        compared.steps.lines,
        steps.regions(template.page("steps"), compared.steps),
        [{} for _ in compared.steps.taken],
    )


@lru_cache(maxsize=64)
def layout_once(cost_model: Model, template: Template, points: tuple[int, ...]) -> tuple[Shape, Layout]:
    """The layout for scenarios with those numbers of points, made once: workbooks of one shape share its texts."""
    shape = shape_of(points)
    return shape, layout_of(cost_model, template, shape)
