"""The axes of the cost model and of a comparison, beside the benchmark points."""

from tco_xlsx.language.axes import Axis

YEARS = 10
"""Every case has as many years; how many of them count is an input."""

YEAR = Axis("year", "year", "years", "across", seats=YEARS)
HOUR = Axis("hour", "hour", "hours", seats=24, written="list")
"""The hours of a day."""
ITEM = Axis("item", "item", "items", seats=12, written="table")
"""The rows of a table of costs of one's own."""
LEVEL = Axis("level", "level of demand", "levels of demand", seats=YEARS)
"""Multiples of the planned load."""

SCENARIO = Axis("scenario", "scenario", "scenarios")
CURRENCY = Axis("currency", "currency", "currencies")
CAUSE = Axis("cause", "cause", "causes")
STEP = Axis("step", "step", "steps")
SHOWN = Axis("shown", "point shown", "points shown")
"""The points of the scenario that is shown."""
DRAWN = Axis("drawn", "point drawn", "points drawn")
"""The points of the scenarios that are drawn together."""
