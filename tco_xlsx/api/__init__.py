"""The public face: what `import tco_xlsx as tco` offers.

    [scenario] = tco.load("my.yaml", set={"server.price": 250_000})
    tco.evaluate([scenario]).to_pandas()
    tco.build([scenario], "out")

Whatever a user can mend is raised as an `ExpectedError`: `BadInput` (its `faults` have path, line, column and
message), `BrokenModel` (a line has no number), `WorkbookLimit`. When one is raised, nothing was written. pandas is
loaded only by what gives or takes a frame.
"""

from __future__ import annotations

from tco_xlsx.api.benchmarks import Benchmarks, read_benchmarks
from tco_xlsx.api.results import Results, evaluate
from tco_xlsx.api.scenarios import load
from tco_xlsx.api.sweeps import Combinations, sweep
from tco_xlsx.api.workbooks import SideBySide, build, compare
from tco_xlsx.case.prepare import Prepared
from tco_xlsx.documents.errors import BadInput, BrokenModel, ExpectedError, Fault, WorkbookLimit

__all__ = [
    "BadInput",
    "Benchmarks",
    "BrokenModel",
    "Combinations",
    "ExpectedError",
    "Fault",
    "Prepared",
    "Results",
    "SideBySide",
    "WorkbookLimit",
    "build",
    "compare",
    "evaluate",
    "load",
    "read_benchmarks",
    "sweep",
]
