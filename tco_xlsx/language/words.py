"""The reader that says a formula in words, for the "How" column."""

from __future__ import annotations

import re
from functools import cache

from tco_xlsx.language.expression import Expr, Node, Number, Position
from tco_xlsx.language.lines import Derived, Line
from tco_xlsx.language.operations import ATOM


@cache
def words_of(line: Derived) -> str:
    """How a line is computed, as a person would say it."""
    text, _ = _say(line.formula)
    if line.when is not None:
        test, _ = _say(line.when)
        text = f"{text}; n/a unless {test}"
    return text


def in_sentence(label: str) -> str:
    """A label inside a sentence: a small first letter, unless the word is an abbreviation."""
    return label[0].lower() + label[1:] if len(label) > 1 and not label[1].isupper() else label


def _say(node: Expr) -> tuple[str, int]:
    if isinstance(node, Number):
        return f"{node.value:.15g}", ATOM
    if isinstance(node, Position):
        assert node.axis is not None
        return f"number of the {node.axis.one}", ATOM
    if isinstance(node, Line):
        return in_sentence(node.label), ATOM
    assert isinstance(node, Node)
    if node.operation.words == "{0}" and node.operation.excel == "{0}":
        return _say(node.arguments[0])
    pieces: list[str] = []
    for number, argument in enumerate(node.arguments):
        text, firm = _say(argument)
        pieces.append(f"({text})" if firm < node.operation.need(number, words=True) else text)
    template = node.operation.words
    codes = ""
    if node.operation.takes[0] == "choice":
        codes = ", ".join(f'"{code}"' for code in node.codes)
        cases = "; ".join(f"{code}: {piece}" for code, piece in zip(node.codes, pieces[1:], strict=False))
        template = template.replace("{cases}", cases)
    template = template.replace("{others}", "; ".join(pieces[1:]))
    # {* and } joins all operands with what stands after the star.
    template = re.sub(r"\{\*([^}]*)\}", lambda match: match[1].join(pieces), template)
    row, rows = _along(node)
    return template.format(*pieces, codes=codes, row=row, rows=rows), node.operation.firmness(words=True)


def _along(node: Node) -> tuple[str, str]:
    """What stands along the axis of the operand that is read as a whole, one of it and several."""
    for number, argument in enumerate(node.arguments):
        if node.operation.reads(number) != "each" and argument.axis is not None:
            return argument.axis.one, argument.axis.many
    return "", ""
