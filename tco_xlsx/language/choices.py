"""Operations on choices: what a formula may ask of an input with a few codes, or of a fact that one is picked from."""

from __future__ import annotations

from tco_xlsx.language.expression import Expr, Node, Operand, apply
from tco_xlsx.language.lines import Choice, Fact, Pick


def chosen(asked: Choice, code: str) -> Node:
    """Whether a choice stands at a code."""
    return apply("chosen", asked, codes=(_known_code(asked, code),))


def switch(asked: Choice, **values: Operand) -> Node:
    """The value that belongs to the code chosen. Every code needs one, in the order of the options."""
    if tuple(values) != asked.codes:
        raise ValueError(f"{asked.label} has the codes {', '.join(asked.codes)}; switch names {', '.join(values)}.")
    return apply("switch", asked, *values.values(), codes=asked.codes)


def same_code(asked: Pick, told: Fact) -> Node:
    """Whether a point holds the text that is picked."""
    return apply("same_code", asked, told)


def code_number(asked: Choice) -> Node:
    """The number of the code at which a choice stands, from 1."""
    return apply("code_number", asked, codes=asked.codes)


def choose_by(number: Expr, *values: Operand) -> Node:
    """The value at a number, from 1."""
    return apply("choose_by", number, *values)


def _known_code(asked: Choice, code: str) -> str:
    if code not in asked.options:
        raise ValueError(f"{code!r} is not among the options of {asked.label}: {', '.join(asked.codes)}.")
    return code
