"""What the names of folders say about a run, for files that do not say it themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

# artifact/ISL1000_OSL200/CON50/profile_runs/trial_0001/x.csv is the deepest layout known.
_FOLDERS_TO_LOOK_AT = 4

_CONCURRENCY = re.compile(r"(?:^|[-_])(?:concurrency|conc|con|c)[-_]?(\d+)$", re.IGNORECASE)
_RATE = re.compile(r"(?:^|[-_])request[-_]rate[-_]?(\d+(?:\.\d+)?)$", re.IGNORECASE)
_LENGTHS = re.compile(r"(?:^|[-_])isl[-_]?(\d+)[-_]osl[-_]?(\d+)(?:$|[-_])", re.IGNORECASE)
# artifacts/<model with "/" written as "_">-<service>-<load>
_MODEL = re.compile(
    r"(?P<model>.+?)-(?:openai|triton|tensorrtllm_engine|dynamic_grpc|huggingface|nim|template)\b.*?"
    r"-(?:concurrency|request_rate|session_concurrency)\d",
    re.IGNORECASE,
)
_TRIAL = re.compile(r"(?:trial|run)_\d+$", re.IGNORECASE)


@dataclass(frozen=True)
class FolderName:
    """Load, lengths and model by the names of the folders above a file."""

    model: str | None = None
    concurrency: float | None = None
    request_rate: float | None = None
    isl: float | None = None
    osl: float | None = None


def folder_name(path: Path) -> FolderName:
    """What the folders say, the nearest first."""
    model: str | None = None
    load: tuple[float | None, float | None] | None = None
    isl: float | None = None
    osl: float | None = None
    for folder in list(path.parents)[:_FOLDERS_TO_LOOK_AT]:
        name = folder.name
        if load is None and (match := _CONCURRENCY.search(name)):
            load = (float(match[1]), None)
        elif load is None and (match := _RATE.search(name)):
            load = (None, float(match[1]))
        if isl is None and (match := _LENGTHS.search(name)):
            isl, osl = float(match[1]), float(match[2])
        if model is None and (match := _MODEL.match(name)):
            model = match["model"]
    concurrency, request_rate = load or (None, None)
    return FolderName(model, concurrency, request_rate, isl, osl)


def trial_of(path: Path) -> str | None:
    """The repetition a file belongs to: the folder below `profile_runs`, such as trial_0001."""
    parts = path.parts
    for above, name in pairwise(parts):
        if above == "profile_runs" and _TRIAL.match(name):
            return name
    return None
