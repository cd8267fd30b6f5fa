"""Why there is no operating point, and which limit to relax: one sentence, live in a workbook and told by commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tco_xlsx.book.template import NoPointWords
from tco_xlsx.book.xlsx.sheet import LONGEST_TEXT
from tco_xlsx.language.live_text import Live, Writer, literal, quoted

LATENCIES = ("ttft", "itl", "latency")
_HELD = ("relaxing.ttft_held", "relaxing.itl_held", "relaxing.latency_held")
"""How many points hold the statistic that the limit of each asks for."""


def why_no_point(texts: Writer, words: NoPointWords) -> Live:
    """The sentence; empty where there is a point, or where the performance is typed in."""
    source, by_point = (texts.address(texts.lines[f"performance.{name}"]) for name in ("source", "by_point"))
    is_silent = texts.number("performance.by_point") == 1 or texts.plain("{performance.source}") == "manual"
    told = _if_number(texts, "performance.measured_points", _of_points(texts, words), literal(words.no_benchmark))
    return Live(f'IF(OR({by_point}=1,{source}="manual"),"",{told.excel})', "" if is_silent else told.cached)


def _of_points(texts: Writer, words: NoPointWords) -> Live:
    """The first that applies: one limit, several, none that counts, statistics that nobody measured."""
    one = [f"performance.{name}_needed" for name in LATENCIES]
    some = [f"relaxing.{name}_together" for name in LATENCIES]
    singles = _relaxed(texts, words, words.limits, one, words.alternatively, "")
    several = _relaxed(texts, words, words.all_limits, some, words.together, words.nearest)
    lacking = [
        (
            f"AND(ISNUMBER({texts.address(texts.lines[f'service.max_{name}_ms'])}),"
            f"{texts.address(texts.lines[held])}=0)",
            texts.number(f"service.max_{name}_ms") is not None and texts.number(held) == 0,
            texts.write(words.statistics[name]),
        )
        for name, held in zip(LATENCIES, _HELD, strict=True)
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
    none = _if_number(texts, "performance.counting_points", none, literal(words.none_counts))
    none = _if_any(texts, ["relaxing.nearest_row"], several, none)
    return _if_any(texts, one, singles, none)


def _relaxed(
    texts: Writer, words: NoPointWords, limits: Mapping[str, str], names: Sequence[str], separator: str, after: str
) -> Live:
    pieces = [
        (
            f"ISNUMBER({texts.address(texts.lines[name])})",
            texts.number(name) is not None,
            texts.write(limits[latency]),
        )
        for latency, name in zip(LATENCIES, names, strict=True)
    ]
    listed, end = _listed(pieces, separator), texts.write(after + words.end)
    excel = f"{quoted(words.relax)}&{listed.excel}&{end.excel}"
    return Live(excel, words.relax + listed.cached + end.cached)


def _listed(pieces: Sequence[tuple[str, bool, Live]], separator: str) -> Live:
    """Those pieces whose test holds, with a separator between them."""
    together = "&".join(f'IF({test},{quoted(separator)}&{piece.excel},"")' for test, _, piece in pieces)
    now = separator.join(piece.cached for _, holds, piece in pieces if holds)
    return Live(f"MID({together},{len(separator) + 1},{LONGEST_TEXT})", now)


def _if_number(texts: Writer, name: str, then: Live, otherwise: Live) -> Live:
    """One text where a count is above 0, another where it is 0."""
    cell = texts.address(texts.lines[name])
    return Live(f"IF({cell}>0,{then.excel},{otherwise.excel})", (then if texts.number(name) else otherwise).cached)


def _if_any(texts: Writer, names: Sequence[str], then: Live, otherwise: Live) -> Live:
    """One text where any of the lines has a number, another where none has."""
    cells = ",".join(texts.address(texts.lines[name]) for name in names)
    holds = any(texts.number(name) is not None for name in names)
    return Live(f"IF(COUNT({cells})>0,{then.excel},{otherwise.excel})", (then if holds else otherwise).cached)
