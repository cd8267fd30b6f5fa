"""What is changed in a source file: one operator, comparison, figure, name or term at a time."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.exchanged_names import CALLED, EXCHANGED, STATISTICS, TERMS, TOLD, UNWRAPPED, WORDS

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Change:
    """One change: a piece of a file's text and what stands there instead. `place` is the dotted name around it."""

    file: str
    place: str
    was: str
    now: str
    kind: str
    line: int
    last_line: int
    start: int
    end: int
    text: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a change is told by, which does not move with the lines of the file."""
        return self.file, self.place, self.was, self.now

    def applied(self, source: str) -> str:
        """The file with the change. Positions are in bytes of UTF-8, as the parser counts."""
        raw = source.encode()
        return (raw[: self.start] + self.text.encode() + raw[self.end :]).decode()


Edit = tuple[str, ast.AST, str]
"""Kind, the node that is replaced, the text that replaces it."""
Maker = Callable[[ast.AST, "Source"], Iterator[Edit]]

_OPERATORS: Mapping[type[ast.operator], Sequence[str]] = {
    ast.Add: ("-",),
    ast.Sub: ("+",),
    ast.Mult: ("/",),
    ast.Div: ("*",),
    ast.FloorDiv: ("/",),
    ast.Mod: ("*",),
    ast.Pow: ("*",),
    ast.BitOr: ("&",),
    ast.BitAnd: ("|",),
}
_SIGNS: Mapping[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.BitOr: "|", ast.BitAnd: "&",
}  # fmt: skip
_COMPARISONS: Mapping[type[ast.cmpop], Sequence[str]] = {
    ast.LtE: ("<", ">="),
    ast.Lt: ("<=", ">"),
    ast.GtE: (">", "<="),
    ast.Gt: (">=", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
}


class Source:
    """A file with its tree, and what a maker of changes needs to know about the place of a node."""

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path = path
        self.file = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
        self.text = path.read_text(encoding="utf-8") if text is None else text
        self.raw = self.text.encode()
        self.tree = ast.parse(self.text)
        self._starts = [0]
        for row in self.raw.split(b"\n"):
            self._starts.append(self._starts[-1] + len(row) + 1)
        self.parents: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node

    def span(self, node: ast.AST) -> tuple[int, int]:
        """First byte and the byte behind the last of a node."""
        first = self._starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        return first, self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.raw[start:end].decode()

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def place(self, node: ast.AST) -> str:
        """Class, function and the name that is assigned, with dots."""
        names: list[str] = []
        for one in (node, *self.above(node)):
            if isinstance(one, (ast.ClassDef, ast.FunctionDef)):
                names.append(one.name)
            elif isinstance(one, (ast.Assign, ast.AnnAssign)):
                target = one.targets[0] if isinstance(one, ast.Assign) else one.target
                names.append(self.of(target))
        return ".".join(reversed(names))


def changes_of(source: Source, makers: Sequence[Maker] | None = None) -> list[Change]:
    """All changes of a file, in order, each once."""
    found: dict[tuple[int, int, str], Change] = {}
    for node in ast.walk(source.tree):
        if not isinstance(node, (ast.expr, ast.keyword, ast.comprehension)) or _is_told_only(node, source):
            continue
        for maker in GENERAL if makers is None else (*GENERAL, *makers):
            for kind, replaced, text in maker(node, source):
                start, end = source.span(replaced)
                if text == source.of(replaced):
                    continue
                found.setdefault((start, end, text), _change(source, replaced, kind, text))
    return sorted(found.values(), key=lambda change: (change.start, change.end, change.text))


def _change(source: Source, node: ast.AST, kind: str, text: str) -> Change:
    start, end = source.span(node)
    around = _shown(source, node)
    first, last = source.span(around)
    before = source.raw[first:last].decode()
    after = (source.raw[first:start] + text.encode() + source.raw[end:last]).decode()
    return Change(
        file=source.file,
        place=source.place(node),
        was=" ".join(before.split()),
        now=" ".join(after.split()),
        kind=kind,
        line=node.lineno,  # type: ignore[attr-defined]
        last_line=node.end_lineno,  # type: ignore[attr-defined]
        start=start,
        end=end,
        text=text,
    )


def _shown(source: Source, node: ast.AST) -> ast.AST:
    """The expression around a change that a reader needs to understand it."""
    shown = node
    for one in source.above(node):
        if not isinstance(one, (ast.expr, ast.keyword)) or len(source.of(one)) > 90:
            break
        shown = one
    return shown


def _is_told_only(node: ast.AST, source: Source) -> bool:
    """What is said and not computed: annotations, messages, docstrings, labels."""
    for one, around in zip((node, *source.above(node)), source.above(node), strict=False):
        if isinstance(around, (ast.Raise, ast.JoinedStr, ast.FormattedValue)):
            return True
        if one is getattr(around, "returns", None) or one is getattr(around, "annotation", None):
            return True
        if isinstance(around, (ast.FunctionDef, ast.ClassDef)) and one in around.decorator_list:
            return True
        if isinstance(around, ast.keyword) and around.arg in TOLD:
            return True
        if isinstance(around, ast.Call) and _name(around.func) in ("Fault", "BadInput", "Notice", "TypeVar", "cast"):
            return True
    return isinstance(source.parents.get(node), ast.Expr)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


# --- the makers


def _operators(node: ast.AST, source: Source) -> Iterator[Edit]:
    if not isinstance(node, ast.BinOp) or type(node.op) not in _OPERATORS:
        return
    left, right, sign = source.of(node.left), source.of(node.right), _SIGNS[type(node.op)]
    # Brackets around an operand are no part of it for the parser.
    inside = source.of(node)
    middle = _sign_at(source, node, sign)
    if middle is None:
        return
    for other in _OPERATORS[type(node.op)]:
        yield "operator", node, inside[: middle[0]] + other + inside[middle[1] :]
    left, right = inside[: middle[0]].rstrip(), inside[middle[1] :].lstrip()
    if isinstance(node.op, ast.Div) or (isinstance(node.op, ast.Sub) and not _is_size(node, source)):
        yield "operands exchanged", node, f"({right}) {sign} ({left})"
    if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div)):
        yield "dropped term", node, f"({left})"
        yield "dropped term", node, f"({right})"


def _is_size(node: ast.AST, source: Source) -> bool:
    """Whether the size of a difference, which is the same from either side."""
    around = source.parents.get(node)
    return isinstance(around, ast.Call) and _name(around.func) in ("abs", "size") and around.args == [node]


def _sign_at(source: Source, node: ast.BinOp, sign: str) -> tuple[int, int] | None:
    """Where the operator stands in the text of the node, in characters; None where a comment makes it unclear."""
    start, _ = source.span(node)
    _, left_end = source.span(node.left)
    right_start, _ = source.span(node.right)
    between = source.raw[left_end:right_start].decode()
    if between.count(sign) != 1 or "#" in between:
        return None
    before = len(source.raw[start:left_end].decode()) + between.index(sign)
    return before, before + len(sign)


def _comparisons(node: ast.AST, source: Source) -> Iterator[Edit]:
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or type(node.ops[0]) not in _COMPARISONS:
        return
    start, _ = source.span(node)
    _, left_end = source.span(node.left)
    right_start, end = source.span(node.comparators[0])
    between = source.raw[left_end:right_start].decode()
    # Brackets around an operand are no part of it for the parser.
    head = source.raw[start:left_end].decode() + ")" * between.count(")")
    tail = "(" * between.count("(") + source.raw[right_start:end].decode()
    for other in _COMPARISONS[type(node.ops[0])]:
        yield "comparison", node, f"{head} {other} {tail}"


def _truths(node: ast.AST, source: Source) -> Iterator[Edit]:
    if isinstance(node, ast.BoolOp):
        word = "or" if isinstance(node.op, ast.And) else "and"
        parts = [f"({source.of(value)})" for value in node.values]
        yield "and/or", node, "(" + f" {word} ".join(parts) + ")"
        own = "and" if word == "or" else "or"
        for number in range(len(parts)):
            yield "dropped term", node, "(" + f" {own} ".join(parts[:number] + parts[number + 1 :]) + ")"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield "sign", node, f"({source.of(node.operand)})"
    if isinstance(node, ast.IfExp):
        yield (
            "arms exchanged",
            node,
            f"({source.of(node.orelse)} if {source.of(node.test)} else {source.of(node.body)})",
        )


def _figures(node: ast.AST, source: Source) -> Iterator[Edit]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield "figure", node, str(not value)
    elif isinstance(value, int):
        yield "figure", node, str({0: 1, 1: 0}.get(value, value + 1))
    elif isinstance(value, float):
        yield "figure", node, repr(value * 2 if value else 1.0)
        if 0 < abs(value) < 0.2:
            yield "figure", node, "0.0"
        if 0 < abs(value) < 1e-4:
            yield "figure", node, repr(value * 1e6)
    elif isinstance(value, str) and value and " " not in value and not isinstance(source.parents[node], ast.JoinedStr):
        for other in _other_words(value):
            yield "name", node, repr(other)


def _other_words(text: str) -> Iterator[str]:
    """A key with another statistic, another latency, another side."""
    for number, statistic in enumerate(STATISTICS):
        pattern = rf"(?<![a-z0-9]){statistic}(?![0-9a-z])"
        if re.search(pattern, text):
            yield re.sub(pattern, STATISTICS[number + 1 if number < 4 else 3], text)
    for word, other in WORDS:
        pattern = rf"(?<![a-z0-9]){word}(?![a-z0-9])"
        if re.search(pattern, text):
            yield re.sub(pattern, other, text)


def _attributes(node: ast.AST, source: Source) -> Iterator[Edit]:
    """`.p90` for `.p95`, `.isl` for `.osl`; also as names of arguments."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and not _is_line(node):
        for other in _other_words(node.attr):
            yield "name", node, f"{source.of(node.value)}.{other}"
    if isinstance(node, ast.keyword) and node.arg is not None:
        siblings = [one.arg for one in source.parents[node].keywords]  # type: ignore[attr-defined]
        for other in _other_words(node.arg):
            if other not in siblings:
                continue
            # Exchange the two arguments: a name given twice would be no Python.
            mate = source.parents[node].keywords[siblings.index(other)]  # type: ignore[attr-defined]
            first, second = sorted((node, mate), key=lambda one: source.span(one)[0])
            call = source.parents[node]
            yield "arguments exchanged", call, _exchanged(source, call, first.value, second.value)


def _is_line(node: ast.Attribute) -> bool:
    """Whether an attribute of a class: a line of the model, whose exchanges are told apart by unit."""
    return isinstance(node.value, ast.Name) and node.value.id[:1].isupper()


def _exchanged(source: Source, around: ast.AST, first: ast.AST, second: ast.AST) -> str:
    begin, end = source.span(around)
    (a, b), (c, d) = source.span(first), source.span(second)
    raw = source.raw
    return (raw[begin:a] + raw[c:d] + raw[b:c] + raw[a:b] + raw[d:end]).decode()


def _calls(node: ast.AST, source: Source) -> Iterator[Edit]:
    if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
        parent = source.parents.get(node)
        passed = isinstance(parent, ast.Call) and (node is parent.func or isinstance(node, ast.Attribute))
        for other in CALLED.get(_name(node), ()) if passed else ():
            known = "/model/" not in source.file or re.search(rf"\b{other}\b", source.text)
            # A name that the file does not import would only show that it is unknown.
            found = other if known else f'__import__("tco_xlsx.language", fromlist=["expression"]).expression.{other}'
            yield "function", node, source.of(node)[: -len(_name(node))] + found
    if not isinstance(node, ast.Call):
        return
    name, arguments = _name(node.func), node.args
    if name in UNWRAPPED and arguments and not node.keywords:
        yield "dropped function", node, f"({source.of(arguments[0])})"
    if name in TERMS and len(arguments) > 1:
        for dropped in range(len(arguments)):
            kept = [source.of(one) for number, one in enumerate(arguments) if number != dropped]
            yield "dropped term", node, f"{source.of(node.func)}({', '.join(kept)})"
    if name in EXCHANGED:
        # The first argument of a check or line is its label.
        skipped = 2 if name == "check" else 1 if name in ("where", "choose_by") else 0
        for first, second in zip(arguments[skipped:], arguments[skipped + 1 :], strict=False):
            yield "arguments exchanged", node, _exchanged(source, node, first, second)
    if name == "switch":
        for one, other in zip(node.keywords, node.keywords[1:], strict=False):
            yield "arguments exchanged", node, _exchanged(source, node, one.value, other.value)
    for keyword in node.keywords:
        if keyword.arg in ("when", "rule", "tolerance", "above", "at_least", "at_most", "integer", "optional"):
            yield "dropped argument", node, _without(source, node, keyword)
    if name == "where" and len(arguments) == 3:
        yield "dropped test", node, f"({source.of(arguments[1])})"


def _without(source: Source, call: ast.Call, keyword: ast.keyword) -> str:
    parts = [source.of(one) for one in call.args]
    parts += [source.of(one) for one in call.keywords if one is not keyword]
    return f"{source.of(call.func)}({', '.join(parts)})"


def _conditions(node: ast.AST, source: Source) -> Iterator[Edit]:
    """An `if` that asks the reverse."""
    parent = source.parents.get(node)
    asked = isinstance(parent, (ast.If, ast.While, ast.IfExp)) and parent.test is node
    kept = isinstance(parent, ast.comprehension) and node in parent.ifs
    if (asked or kept) and isinstance(node, ast.expr) and not isinstance(node, (ast.Compare, ast.UnaryOp)):
        yield "condition", node, f"(not ({source.of(node)}))"
    if kept:
        yield "dropped test", node, "True"


GENERAL: Sequence[Maker] = (_operators, _comparisons, _truths, _figures, _attributes, _calls, _conditions)
