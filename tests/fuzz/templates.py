"""Templates with one to three things otherwise: another text, another shape, a part less or twice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

TEMPLATE = Path(__file__).resolve().parent.parent.parent / "templates" / "finance.yaml"

SCALARS = (
    '""', "~", "5", "-1", "1.5", "true", "[]", "{}", "[a]", "{a: b}", '"{"', '"}"', '"{}"', '"{0}"', '"{nothing}"',
    '"{currency}"', '"{currency:>2000000000}"', '"{currency!r}"', '"{currency.__class__}"', '"{title"', '"{{title}}"',
    '"{fleet.servers}"', '"{fleet.servers:n}"', '"{fleet.servers:99}"', '"{fleet.serverz:n}"', '"{fleet.servers|a|b}"',
    '"[fleet.servers? x]"', '"[fleet.servers?"', '"{points.rps}"', '"{server.price:0}"', '"History"', '"history"',
    '"a/b"', '"a:b"', '"[x]"', "\"'a\"", '"' + "x" * 32 + '"', '"' + "x" * 31 + '"', '"' + "x" * 40_000 + '"',
    '"XFD inputs"', '"R1C1"', '"A1"', '"Inputs"', '"INPUTS"', '"Summary"', '"a\\x01b"', '"\\ufffe"',
    '"\\ud800"', '"é中文"',
    '"<b>&amp;"', '"=1+1"', '"FFFFFF"', '"GGGGGG"', '"FFF"', '"#FFFFFF"', '"red"', '"accent"', '"no_such_colour"',
    '"0.00"', '"[>=100]#,##0;0.0"', '"[>="', '"[Red]0"', '";;;"', '"General"', '"@"', '"0\\"', '"' + "0" * 300 + '"',
    "fleet.servers", "points.rps", "no.such_line", "cost.total_year", "server.price", "checks.failing",
    "grid", "points",
    "summary", "rows", "*", "'''", "1e400", "0x10", "2026-01-31", "!!python/name:os.system x", "*a", "&a b",
)  # fmt: skip


@dataclass(frozen=True)
class Altered:
    """A template's text, and what was done to it."""

    content: bytes
    told: tuple[str, ...]


def templates(seed: int, count: int) -> Sequence[Altered]:
    """The first `count` templates of a seed."""
    chance = random.Random(seed)
    text = TEMPLATE.read_text(encoding="utf-8")
    return [_altered(chance, text) for _ in range(count)]


def _altered(chance: random.Random, text: str) -> Altered:
    told: list[str] = []
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        try:
            pieces = _pieces(text)
        except yaml.YAMLError:
            break
        text, what = _once(chance, text, pieces)
        told.append(what)
    content = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.05:
        at = chance.randrange(len(content))
        content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        told.append(f"byte {at}")
    return Altered(content, tuple(told))


Piece = tuple[str, int, int]


def _pieces(text: str) -> list[Piece]:
    """Every key, value and list of the template with its place in the text."""
    found: list[Piece] = []
    waiting: list[yaml.Node] = [yaml.compose(text, Loader=yaml.SafeLoader)]
    while waiting:
        node = waiting.pop()
        kind = {yaml.ScalarNode: "value", yaml.SequenceNode: "list"}.get(type(node), "mapping")
        found.append((kind, node.start_mark.index, node.end_mark.index))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                found.append(("key", key.start_mark.index, key.end_mark.index))
                found.append(("entry", key.start_mark.index, value.end_mark.index))
                waiting.append(value)
        elif isinstance(node, yaml.SequenceNode):
            found += [("item", one.start_mark.index, one.end_mark.index) for one in node.value]
            waiting += node.value
    return found


def _once(chance: random.Random, text: str, pieces: list[Piece]) -> tuple[str, str]:
    kind = chance.choice(["value"] * 6 + ["key", "entry", "item", "item", "list", "mapping"])
    _, start, end = chance.choice([one for one in pieces if one[0] == kind])
    was = text[start:end]
    way = chance.choice(["replace", "replace", "remove", "exchange", "twice"]) if kind != "value" else "replace"
    shown = f"{way} {kind} {was[:50]!r}"
    match way:
        case "remove":
            return text[:start] + ("" if kind in ("item", "entry") else "~") + text[end:], shown
        case "twice" if kind in ("item", "entry"):
            glue = ", " if "\n" not in was else "\n"
            return text[:end] + glue + was + text[end:], shown
        case "exchange":
            _, first, last = chance.choice([one for one in pieces if one[0] == kind])
            return text[:start] + text[first:last] + text[end:], f"{shown} by {text[first:last][:50]!r}"
    new = chance.choice(SCALARS)
    if kind == "value" and chance.random() < 0.3:
        # A text with a piece more or less, which is nearly right.
        at = chance.randrange(len(was) + 1)
        new = was[:at] + chance.choice(["{", "}", "[", "]", "?", "|", ":", "é", ""]) + was[at + chance.randint(0, 1) :]
    return text[:start] + new + text[end:], f"{shown} -> {new[:50]!r}"
