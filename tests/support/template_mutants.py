"""Templates with one thing wrong: every node of the shipped one deleted, retyped, renamed, doubled or replaced."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from tests.support.shipped import ROOT

FINANCE = ROOT / "templates" / "finance.yaml"
Path = tuple[str | int, ...]

TEXTS = (
    "", " ", "x", '"', "'", "a'b'", "{", "}", "{currency", "{nothing}", "{currency:>2000000000}", "{currency!r}",
    "{0}", "{}", "{title.__class__}", "{count}{count}", "[a.b?", "[fleet.servers?{fleet.servers:n", "=1+1", "@x", "&G",
    "&", "<b>", "é" * 31, "\U0001f600" * 16, "x" * 300, "y" * 40_000, "History", "history", "inputs", "XFD inputs",
    "A1", "R1C1", "TRUE", "a/b", "rest", "number", "fleet.servers", "points.rps", "workload.peak_rps",
    "no.such", "accent",
    "ZZZZZZ", "FFFFFF", "[>=1", "[<>x]0", "0;0;0;0;0", 'yyyy-mm-dd', "General", "#,##0.00", '"open', "0E+00", "_x0041_",
    "{fleet.servers:99}", "{fleet.servers|one}", "{fleet.servers|\"|\"}", "{licence.basis:2}", "*", "~?", "about",
    "{points.rps}", "tab\there", "line\nbreak", "\u202e", "percent", "All", "edited",
)  # fmt: skip
RETYPED: tuple[Any, ...] = (7, -1.5, True, None, [], {}, ["a", "b"], {"a": "b"}, float("inf"), 10**400)


class Mutant(NamedTuple):
    """What was done to which node, and the template."""

    what: str
    text: str


def whole() -> Any:
    return yaml.load(FINANCE.read_text(), Loader=yaml.CSafeLoader)


def nodes(tree: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all nodes but the root."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, below in entries:
        yield (*path, key)
        yield from nodes(below, (*path, key))


def mutants(every: int, start: int = 0) -> Iterator[Mutant]:
    """Each `every`-th of all mutants: five of each node, the hostile texts in turn."""
    tree = whole()
    made, kept = 0, pickle.dumps(tree)
    for number, path in enumerate(nodes(tree)):
        for kind in range(5):
            made += 1
            if (made + start) % every == 0:
                changed = _changed(kept, path, kind, number)
                if changed is not None:
                    yield changed


def _changed(tree: bytes, path: Path, kind: int, number: int) -> Mutant | None:
    root = pickle.loads(tree)
    parent = root
    for key in path[:-1]:
        parent = parent[key]
    key = path[-1]
    if kind == 0:
        what = "deleted"
        del parent[key]
    elif kind == 1:
        new = RETYPED[number % len(RETYPED)]
        what = f"retyped to {new!r:.20}"
        parent[key] = new
    elif kind == 2:
        if isinstance(parent, dict):
            what = "renamed"
            parent[f"{key}_x"] = parent.pop(key)
        else:
            what = "doubled twice"
            parent[key:key] = [copy.deepcopy(parent[key]), copy.deepcopy(parent[key])]
    elif kind == 3 and isinstance(parent[key], str):
        new = TEXTS[number % len(TEXTS)]
        what = f"replaced by {new!r:.40}"
        parent[key] = new
    elif kind == 4 and isinstance(parent[key], str):
        new = TEXTS[(number * 7 + 3) % len(TEXTS)]
        what = f"begins with {new!r:.40}"
        parent[key] = new + parent[key]
    else:
        return None
    return Mutant(
        f"{'.'.join(map(str, path))} {what}",
        yaml.dump(root, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False),
    )
