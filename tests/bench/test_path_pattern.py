"""Patterns of a note's `path:`: what they find is what the regular expression of the same meaning finds, in a time that
no pattern can make explode."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tco_xlsx.bench.notes.path_pattern import NUMBERS, BadPattern, parsed

#: Each piece of a pattern and the regular expression that it means; two pieces of a kind have names of their own.
_MEANING = {
    "**/": "(?:.*/)?",
    "**": ".*",
    "*": "[^/]*",
    "?": "[^/]",
    "{gpu_type}": "(?P<gpu_type>[^/]+?)",
    "{model}": "(?P<model>[^/]+?)",
    "{isl}": r"(?P<isl>(?:0*[1-9]\d*(?:\.\d+)?|0?\.\d*[1-9]\d*))",
    "{osl}": r"(?P<osl>(?:0*[1-9]\d*(?:\.\d+)?|0?\.\d*[1-9]\d*))",
    **{text: re.escape(text) for text in ("a", "/", "_", "tp", ".json", "1", "0")},
}

_PIECE = re.compile("|".join(re.escape(piece) for piece in sorted(_MEANING, key=len, reverse=True)))


@st.composite
def _patterns(draw: st.DrawFn) -> list[str]:
    pieces = draw(st.lists(st.sampled_from(sorted(_MEANING)), min_size=1, max_size=9))
    named = [piece for piece in pieces if piece.startswith("{")]
    return pieces if len(set(named)) == len(named) else [piece for piece in pieces if not piece.startswith("{")]


@settings(deadline=None, max_examples=600)
@given(pieces=_patterns(), path=st.text("a/_tp1.05json", max_size=14))
@example(pieces=["{gpu_type}", "/", "tp", "{isl}", "_", "*"], path="a/tp10_a")
@example(pieces=["{isl}", "0"], path="100")
@example(pieces=["*", "*", "/"], path="")
@example(pieces=["**/", "{model}", "_", "{isl}", "**"], path="a/a_1/1_105")
def test_a_pattern_finds_what_the_regular_expression_finds(pieces: list[str], path: str) -> None:
    text = "".join(pieces)
    # Side by side `*` and `**/` mean something else than one after the other.
    if "***" in text or "**/" in text.replace("**/", "\0") or re.search(r"\*\*(?!/)", text.replace("**/", "\0")):
        pieces = [piece for piece in pieces if piece not in ("*", "**", "**/", "/")]
        text = "".join(pieces)
    # Two `*` and a slash that meet are one `**/`.
    found = re.fullmatch("".join(_MEANING[piece] for piece in _PIECE.findall(text)), path)
    meant = None
    if found:
        meant = {name: float(value) if name in NUMBERS else value for name, value in found.groupdict().items()}
    assert parsed(text).match(path) == meant


@pytest.mark.parametrize(
    "pattern",
    ["*" + "*a" * 60 + "b", "**/" * 60 + "b", "?*" * 100 + "b", "*{gpu_type}" + "*a*" * 60 + "b", "*_" * 140 + "{isl}"],
)
def test_a_pattern_that_explodes_as_a_regular_expression_does_not(pattern: str) -> None:
    assert parsed(pattern).match("a" * 255) is None
    assert parsed(pattern).match("a/" * 500 + "_" * 100) is None


def test_a_pattern_without_end_is_refused() -> None:
    with pytest.raises(BadPattern, match="more than 300 characters"):
        parsed("*a" * 200)
