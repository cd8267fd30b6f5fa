"""An axis for toy models: fewer years than a real case has."""

from tco_xlsx.language.axes import Axis

YEAR = Axis("year", "year", "years", "across", seats=3)
