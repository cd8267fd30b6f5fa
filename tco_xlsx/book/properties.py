"""What a workbook says of itself in its properties: from it the scenario is found again, and what has changed since."""

from __future__ import annotations

import datetime
import os

import tco_xlsx
from tco_xlsx.book.book import PRODUCT, Book
from tco_xlsx.documents.text_out import one_line
from tco_xlsx.language.digest import digest

LAYOUT_VERSION = "1"
"""Of what is read back by: the names in_..., was_... and out_..., one cell a scenario each, and these properties. It
counts up when a program that knows the former ones would read the new ones wrong."""
MODEL_PROPERTY, LAYOUT_PROPERTY = "Model SHA-256", "Layout version"
_MOST = 20
"""Of a kind: scenarios, benchmark files."""
_LONGEST = 127
"""Of a property, in characters."""
# A workbook says when it was made only if the caller does: the same input gives the same bytes.
_NO_DATE = datetime.datetime(2000, 1, 1)


def write(book: Book) -> None:
    """The document's properties and our own: version, model, layout, scenarios and benchmark files.

    A file of a scenario is told by its name, to be looked for, and by its digest, to be known: a workbook is the same
    from wherever it is made, and a path would tell of a machine.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    made = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).replace(tzinfo=None) if epoch else _NO_DATE
    version = f"{PRODUCT} {tco_xlsx.__version__}"
    book.workbook.set_properties(
        {"title": book.title, "author": version, "subject": "LLM inference cost model", "created": made}
    )
    own = {"Version": version}
    for number, subject in enumerate(book.subjects[:_MOST], start=1):
        of = f"Scenario {number}" if book.labels else "Scenario"
        own |= {f"{of} SHA-256": subject.scenario.sha256, f"{of} file": one_line(subject.scenario.name)[:_LONGEST]}
    own |= {MODEL_PROPERTY: digest(book.model), LAYOUT_PROPERTY: LAYOUT_VERSION}
    files = dict.fromkeys(file for subject in book.subjects for file in subject.benchmarks)
    for number, file in enumerate(list(files)[:_MOST], start=1):
        own[f"Benchmark {number} SHA-256"] = file.sha256
    for name, value in own.items():
        book.workbook.set_custom_property(name, value)
