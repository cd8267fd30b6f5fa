"""Which files a run over scenarios reads: nothing may be written over them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tco_xlsx.bench.sources import sources
from tco_xlsx.case.points import benchmark_paths
from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.target import objections_to_reading
from tco_xlsx.scenario.load import Scenario


def files_read(scenarios: Iterable[Scenario]) -> Iterator[Path]:
    """Each file once: scenarios with all that they extend, then their benchmarks with the notes beside these."""
    seen: set[Path] = set()
    asked: dict[tuple[Path, ...], None] = {}
    for scenario in scenarios:
        for path in scenario.lineage or (scenario.path,):
            if path not in seen:
                seen.add(path)
                yield path
        asked[tuple(benchmark_paths(scenario))] = None
    for paths in asked:
        for path in sources(paths):
            if path not in seen:
                seen.add(path)
                yield path


def refuse_reading(
    targets: Sequence[Path | None], scenarios: Sequence[Scenario], others: Sequence[Path | None] = ()
) -> None:
    """Raise BadInput when a target is among the files of the scenarios, or among the others, such as a template."""
    given = [path for path in others if path is not None]
    faults = objections_to_reading(targets, (*given, *files_read(scenarios)))
    if faults:
        raise BadInput(faults)


def read_among(places: Sequence[Path], files: Sequence[Path], load: Callable[[Path], Sequence[Scenario]]) -> set[Path]:
    """Which of the places hold a file that scenarios read; a scenario that cannot be read is passed over."""
    found: set[Path] = set()
    for file in files if places else ():
        with contextlib.suppress(BadInput):
            found |= {Path(fault.path) for fault in objections_to_reading(places, files_read(load(file)))}
    return found
