"""Why there is no operating point, and which limit to relax: one sentence, live in a workbook and told by commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tco_xlsx.book.template import NoPointWords
from tco_xlsx.book.xlsx.sheet import LONGEST_TEXT
from tco_xlsx.language.lines import Line
from tco_xlsx.language.live_text import Live, Writer, literal, quoted
from tco_xlsx.model import roles


def why_no_point(texts: Writer, words: NoPointWords) -> Live:
    """The sentence; empty where there is a point, or where the performance is typed in."""
    source, by_point = texts.address(roles.performance_source), texts.address(roles.by_point)
    is_manual = texts.values.code(roles.performance_source, texts.scenario) == "manual"
    is_silent = texts.number(roles.by_point) == 1 or is_manual
    told = _if_number(texts, roles.measured_points, _of_points(texts, words), literal(words.no_benchmark))
    return Live(f'IF(OR({by_point}=1,{source}="manual"),"",{told.excel})', "" if is_silent else told.cached)


def _of_points(texts: Writer, words: NoPointWords) -> Live:
    """The first that applies: one limit, several, none that counts, statistics that nobody measured."""
    one = [limit.needed for limit in roles.limits]
    some = [limit.together for limit in roles.limits]
    singles = _relaxed(texts, words, words.limits, one, words.alternatively, "")
    several = _relaxed(texts, words, words.all_limits, some, words.together, words.nearest)
    lacking = [
        (
            f"AND(ISNUMBER({texts.address(limit.limit)}),{texts.address(limit.held)}=0)",
            texts.number(limit.limit) is not None and texts.number(limit.held) == 0,
            texts.write(words.statistics[limit.latency]),
        )
        for limit in roles.limits
    ]
    missing = _listed(lacking, words.together)
    unmeasured = Live(
        f"{quoted(words.unmeasured)}&{missing.excel}&{quoted(words.another)}",
        f"{words.unmeasured}{missing.cached}{words.another}",
    )
    tests = ",".join(test for test, _, _ in lacking)
    any_lacks = any(holds for _, holds, _ in lacking)
    scattered = literal(words.scattered)
    none = Live(
        f"IF(OR({tests}),{unmeasured.excel},{scattered.excel})", unmeasured.cached if any_lacks else scattered.cached
    )
    none = _if_number(texts, roles.counting_points, none, literal(words.none_counts))
    none = _if_any(texts, [roles.nearest_row], several, none)
    return _if_any(texts, one, singles, none)


def _relaxed(
    texts: Writer, words: NoPointWords, told: Mapping[str, str], lines: Sequence[Line], separator: str, after: str
) -> Live:
    pieces = [
        (
            f"ISNUMBER({texts.address(line)})",
            texts.number(line) is not None,
            texts.write(told[limit.latency]),
        )
        for limit, line in zip(roles.limits, lines, strict=True)
    ]
    listed, end = _listed(pieces, separator), texts.write(after + words.end)
    excel = f"{quoted(words.relax)}&{listed.excel}&{end.excel}"
    return Live(excel, words.relax + listed.cached + end.cached)


def _listed(pieces: Sequence[tuple[str, bool, Live]], separator: str) -> Live:
    """Those pieces whose test holds, with a separator between them."""
    together = "&".join(f'IF({test},{quoted(separator)}&{piece.excel},"")' for test, _, piece in pieces)
    now = separator.join(piece.cached for _, holds, piece in pieces if holds)
    return Live(f"MID({together},{len(separator) + 1},{LONGEST_TEXT})", now)


def _if_number(texts: Writer, line: Line, then: Live, otherwise: Live) -> Live:
    """One text where a count is above 0, another where it is 0."""
    cell = texts.address(line)
    return Live(f"IF({cell}>0,{then.excel},{otherwise.excel})", (then if texts.number(line) else otherwise).cached)


def _if_any(texts: Writer, lines: Sequence[Line], then: Live, otherwise: Live) -> Live:
    """One text where any of the lines has a number, another where none has."""
    cells = ",".join(texts.address(line) for line in lines)
    holds = any(texts.number(line) is not None for line in lines)
    return Live(f"IF(COUNT({cells})>0,{then.excel},{otherwise.excel})", (then if holds else otherwise).cached)
