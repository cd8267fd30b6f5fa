"""Which limit to relax, and to what, when no benchmark point is within all of them: in the words of the workbook."""

from __future__ import annotations

from tco_xlsx.book.no_point import why_no_point as sentence
from tco_xlsx.book.template import Template
from tco_xlsx.language.evaluate import Values
from tco_xlsx.language.live_text import Writer
from tco_xlsx.language.sections import Model


def why_no_point(model: Model, values: Values, template: Template, scenario: int = 0) -> str:
    """What to say when there is no operating point: what would help, or what is missing."""
    texts = Writer(model.by_name, lambda line: "", values, scenario, {})
    return sentence(texts, template.page("summary").why).cached
