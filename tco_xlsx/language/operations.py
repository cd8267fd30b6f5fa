"""The table of operations: one row each, with its numpy face, its Excel face, its words and its unit side by side.

Arrays are float64, shaped (scenario, index), index 1 where a value has no axis. NaN stands for "no number": an
error or an absent value, which Excel holds as an error or as text; ISNUMBER is false of both, and so is `known`.
Truth is 1, 0 or NaN. A choice is the number of its option, from 0.

Excel and word templates: `{0}` is an operand, `{*}` all of them, `{1*}` all from the second on, `{codes}` the codes
of a choice in quotes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tco_xlsx.language import pairs

Array = NDArray[np.float64]
Kind = Literal["number", "truth", "choice"]
Reads = Literal["each", "all", "up to", "before", "earlier"]

# How firmly a piece of Excel text holds together; a weaker piece inside a firmer place gets brackets.
LOOSE, COMPARE, SUM, PRODUCT, POWER, ATOM = range(6)

# A quotient such as 0.1*3/0.3 is 1.0000000000000002: without the inner rounding one ulp buys a whole server.
ROUND_DIGITS = 9


@dataclass(frozen=True)
class Operation:
    """One operation in all its faces.

    `needs` says how firm each operand's text must be to stand without brackets (the last entry serves all
    further operands). `read` says which cells of an operand are read: its own, all of its row, those up to
    its own, the one before, or all before its own (from the empty cell ahead of the row on, so that there is one).
    `across` is the Excel template where those lie in columns. `tolerates` marks operations that skip absent values
    instead of passing them on, `selects` those that hand one operand through untouched. `unit` names a rule of
    units.py.
    """

    name: str
    compute: Callable[..., Array]
    excel: str
    words: str
    unit: str
    firm: int = ATOM
    needs: tuple[int, ...] = (LOOSE,)
    word_firm: int | None = None
    word_needs: tuple[int, ...] | None = None
    kind: Kind = "number"
    takes: tuple[Kind, ...] = ("number",)
    read: tuple[Reads, ...] = ("each",)
    tolerates: bool = False
    selects: bool = False
    across: str = ""

    def wants(self, operand: int) -> Kind:
        """The kind that an operand must have."""
        return self.takes[min(operand, len(self.takes) - 1)]

    def reads(self, operand: int) -> Reads:
        """Which cells of an operand are read."""
        return self.read[min(operand, len(self.read) - 1)]

    def skips_absent(self, operand: int) -> bool:
        """Whether an absent value of an operand is skipped. Where whole rows are read, only they are skipped over:
        MATCH("n/a",...) would find the first row that has no number either."""
        row_wise = any(reads != "each" for reads in self.read)
        return self.tolerates and not (row_wise and self.reads(operand) == "each")

    def need(self, operand: int, words: bool = False) -> int:
        """How firm the text of an operand must be."""
        needs = self.word_needs if words and self.word_needs is not None else self.needs
        return needs[min(operand, len(needs) - 1)]

    def firmness(self, words: bool = False) -> int:
        """How firm the text of the result is."""
        return self.word_firm if words and self.word_firm is not None else self.firm


def _truth(compare: Callable[[Array, Array], NDArray[np.bool_]]) -> Callable[[Array, Array], Array]:
    # In numpy nan > 1 is False; in Excel an error compared is an error.
    def compute(left: Array, right: Array) -> Array:
        return np.where(np.isnan(left) | np.isnan(right), np.nan, compare(left, right))

    return compute


def _round(values: Array, digits: int) -> Array:
    """Excel's ROUND: halves away from zero, and never more than 15 significant digits."""
    sizes = np.abs(values)
    digits_left = 14 - np.floor(np.log10(np.where(sizes > 0, sizes, 1.0)))
    scale = 10.0 ** np.clip(digits_left, 0, digits)
    return np.asarray(np.copysign(np.floor(sizes * scale + 0.5) / scale, values))


def _whole(values: Array) -> Array:
    near = _round(values, ROUND_DIGITS)
    return np.copysign(np.ceil(np.abs(near)), near)


def _power(base: Array, exponent: Array) -> Array:
    # 0^0 is #NUM! in Excel and 1 in numpy; so are nan^0 and 1^nan, but an error has to stay one.
    undefined = ((base == 0) & (exponent == 0)) | np.isnan(base) | np.isnan(exponent)
    return np.where(undefined, np.nan, np.power(np.where(undefined, 1.0, base), exponent))


def _where(test: Array, then: Array, otherwise: Array) -> Array:
    return np.where(np.isnan(test), np.nan, np.where(test != 0, then, otherwise))


def _every(*truths: Array) -> Array:
    return np.where(_any_nan(truths), np.nan, np.logical_and.reduce(np.broadcast_arrays(*truths)))


def _some(*truths: Array) -> Array:
    return np.where(_any_nan(truths), np.nan, np.logical_or.reduce(np.broadcast_arrays(*truths)))


def _any_nan(values: tuple[Array, ...]) -> NDArray[np.bool_]:
    return np.asarray(np.logical_or.reduce([np.isnan(value) for value in np.broadcast_arrays(*values)]))


def _fold(combine: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    def compute(first: Array, *others: Array) -> Array:
        for other in others:
            first = combine(first, other)
        return first

    return compute


def _switch(choice: Array, *values: Array) -> Array:
    picked = np.full(np.broadcast_shapes(choice.shape, *(value.shape for value in values)), np.nan)
    for number, value in enumerate(values):
        picked = np.where(choice == number, value, picked)
    return picked


def _extreme(reduce: Callable[..., Array], filler: float) -> Callable[[Array], Array]:
    # MAX and MIN of a range without a number are 0.
    def compute(values: Array) -> Array:
        present = ~np.isnan(values)
        best: Array = reduce(np.where(present, values, filler), axis=1, keepdims=True)
        return np.where(present.any(axis=1, keepdims=True), best, 0.0)

    return compute


def _total(values: Array) -> Array:
    return np.asarray(np.nansum(values, axis=1, keepdims=True))


def _running_largest(values: Array) -> Array:
    # As MAX of a range: 0 up to the first number.
    return np.nan_to_num(np.fmax.accumulate(values, axis=1), nan=0.0)


def _running_product(values: Array) -> Array:
    # As PRODUCT of a range: 0 up to the first number.
    some_yet = np.logical_or.accumulate(~np.isnan(values), axis=1)
    return np.where(some_yet, np.nancumprod(values, axis=1), 0.0)


def _total_where(low: Array, at_most: Array, high: Array, at_least: Array, values: Array) -> Array:
    low, at_most, high, at_least = map(_as_compared, (low, at_most, high, at_least))
    fits = (low[:, None, :] <= at_most[:, :, None]) & (high[:, None, :] >= at_least[:, :, None])
    summed = np.sum(np.where(fits, np.nan_to_num(values[:, None, :], nan=0.0), 0.0), axis=2)
    return np.where(np.isnan(at_most) | np.isnan(at_least), np.nan, summed)


def _count(values: Array) -> Array:
    return np.asarray(np.sum(~np.isnan(values), axis=1, keepdims=True), dtype=np.float64)


def _kth_smallest(values: Array, position: Array) -> Array:
    # A sort puts NaN last, so that a position beyond the numbers finds NaN, as SMALL gives an error.
    return _pick(np.sort(values, axis=1), position)


def _pick(values: Array, position: Array) -> Array:
    there = ~np.isnan(position) & (position >= 1) & (position < values.shape[1] + 1)
    index = np.where(there, position, 1).astype(np.intp) - 1
    rows = np.broadcast_to(values, (max(values.shape[0], index.shape[0]), values.shape[1]))
    columns = np.broadcast_to(index, (rows.shape[0], index.shape[1]))
    return np.where(there, np.take_along_axis(rows, columns, axis=1), np.nan)


def _before(position: Array, first: Array, values: Array) -> Array:
    earlier = np.concatenate([np.full((values.shape[0], 1), np.nan), values[:, :-1]], axis=1)
    return np.where(position == 1, first, earlier)


def _earlier_from(first: Array, positions: Array, values: Array) -> Array:
    length = positions.shape[1]
    here, there = np.arange(length)[:, None], np.arange(length)[None, :]
    since = np.broadcast_to(first, (first.shape[0], length))[:, :, None]
    counts = (there < here)[None] & (positions[:, None, :] >= since)
    summed = np.sum(np.where(counts, np.nan_to_num(values)[:, None, :], 0.0), axis=2)
    return np.where(np.isnan(np.broadcast_to(first, summed.shape)), np.nan, summed)


def _as_compared(values: Array) -> Array:
    """Numbers with 15 significant digits: spreadsheets compare no more of them, so ties are ties in both."""
    sizes = np.abs(values)
    digits = 14 - np.floor(np.log10(np.where(sizes > 0, sizes, 1.0)))
    scale = 10.0 ** np.clip(digits, -300, 300)
    return np.where(sizes > 0, np.round(values * scale) / scale, values)


def _fewer(value: Array, among: Array) -> Array:
    return pairs.fewer(_as_compared(value), _as_compared(among))


def _alike_above(value: Array, among: Array) -> Array:
    return pairs.alike_above(_as_compared(value), _as_compared(among))


def _count_above(values: Array) -> Array:
    return np.asarray(np.cumsum(~np.isnan(values), axis=1), dtype=np.float64)


def _sum_present(*values: Array) -> Array:
    return np.asarray(np.nansum(np.stack(np.broadcast_arrays(*values)), axis=0))


def _count_present(*values: Array) -> Array:
    return np.asarray(np.sum(~np.isnan(np.stack(np.broadcast_arrays(*values))), axis=0), dtype=np.float64)


# fmt: off
_ROWS = (
    Operation("add", np.add, "{0}+{1}", "{0} + {1}", "same", SUM, (SUM, PRODUCT)),
    Operation("subtract", np.subtract, "{0}-{1}", "{0} − {1}", "same", SUM, (SUM, PRODUCT)),
    Operation("multiply", np.multiply, "{0}*{1}", "{0} × {1}", "product", PRODUCT, (PRODUCT, POWER)),
    Operation("divide", np.divide, "{0}/{1}", "{0} ÷ {1}", "quotient", PRODUCT, (PRODUCT, POWER)),
    # In Excel -2^2 is 4 and 2^3^2 is 64: everything but an atom is bracketed under ^ and the sign.
    Operation("power", _power, "{0}^{1}", "{0} to the power of {1}", "power", POWER, (ATOM, ATOM)),
    Operation("negate", np.negative, "-{0}", "− {0}", "same", SUM, (ATOM,)),
    Operation(
        "at_most", _truth(np.less_equal), "{0}<={1}", "{0} is at most {1}", "compare", COMPARE, (SUM, SUM), kind="truth"
    ),
    Operation(
        "at_least", _truth(np.greater_equal), "{0}>={1}", "{0} is at least {1}", "compare", COMPARE, (SUM, SUM),
        kind="truth",
    ),
    Operation("below", _truth(np.less), "{0}<{1}", "{0} is below {1}", "compare", COMPARE, (SUM, SUM), kind="truth"),
    Operation("above", _truth(np.greater), "{0}>{1}", "{0} is above {1}", "compare", COMPARE, (SUM, SUM), kind="truth"),
    Operation("equal_to", _truth(np.equal), "{0}={1}", "{0} is {1}", "compare", COMPARE, (SUM, SUM), kind="truth"),
    Operation(
        "is_set", lambda flag: np.where(np.isnan(flag), np.nan, flag == 1), "{0}=1", "{0}", "plain", COMPARE, (SUM,),
        kind="truth",
    ),
    Operation(
        "known", lambda value: (~np.isnan(value)).astype(np.float64), "ISNUMBER({0})", "{0} is given", "truth",
        kind="truth", word_firm=COMPARE, word_needs=(SUM,), tolerates=True,
    ),
    Operation("every", _every, "AND({*})", "{* and }", "truth", kind="truth", takes=("truth",), word_firm=LOOSE,
              word_needs=(COMPARE,)),
    Operation("some", _some, "OR({*})", "{* or }", "truth", kind="truth", takes=("truth",), word_firm=LOOSE,
              word_needs=(COMPARE,)),
    Operation("where", _where, "IF({0},{1},{2})", "{1} if {0}, otherwise {2}", "choose", takes=("truth", "number"),
              word_firm=LOOSE, word_needs=(LOOSE, SUM, LOOSE), selects=True),
    Operation("flag", lambda truth: truth, "IF({0},1,0)", "1 if {0}, otherwise 0", "plain", takes=("truth",),
              word_firm=LOOSE),
    Operation("chosen", lambda choice, number: np.where(np.isnan(choice), np.nan, choice == number), "{0}={codes}",
              "{0} is {codes}", "truth", COMPARE, (SUM,), kind="truth", takes=("choice",)),
    Operation("same_code", _truth(np.equal), "{0}={1}", "{1} is the one picked", "truth", COMPARE, (SUM, SUM),
              kind="truth", takes=("choice",)),
    Operation("switch", _switch, "CHOOSE(MATCH({0},{{{codes}}},0),{1*})", "by {0}: {cases}", "choose",
              takes=("choice", "number"), word_firm=LOOSE, selects=True),
    Operation("code_number", lambda choice: choice + 1, "MATCH({0},{{{codes}}},0)", "which of {codes} it is", "count",
              takes=("choice",), word_firm=LOOSE),
    Operation("choose_by", lambda number, *values: _switch(np.floor(number) - 1, *values), "CHOOSE({0},{1*})",
              "by {0}: {others}", "choose", word_firm=LOOSE, selects=True),
    Operation("whole", _whole, f"ROUNDUP(ROUND({{0}},{ROUND_DIGITS}),0)", "{0}, rounded up", "same", word_firm=LOOSE,
              word_needs=(SUM,)),
    Operation("rounded_down", lambda values: np.floor(_round(values, ROUND_DIGITS)),
              f"INT(ROUND({{0}},{ROUND_DIGITS}))", "{0}, rounded down", "same", word_firm=LOOSE, word_needs=(SUM,)),
    Operation("size", np.abs, "ABS({0})", "size of {0}", "same", word_firm=SUM, word_needs=(ATOM,)),
    Operation("larger", _fold(np.maximum), "MAX({*})", "the larger of {* and }", "same", word_firm=SUM,
              word_needs=(SUM,)),
    Operation("smaller", _fold(np.minimum), "MIN({*})", "the smaller of {* and }", "same", word_firm=SUM,
              word_needs=(SUM,)),
    Operation("sum_of", _fold(np.add), "SUM({*})", "{* + }", "same", word_firm=SUM, word_needs=(PRODUCT,)),
    Operation("sum_present", _sum_present, "SUM({*})", "sum of {*, }", "same", word_firm=SUM, word_needs=(PRODUCT,),
              tolerates=True),
    Operation("count_present", _count_present, "COUNT({*})", "how many of {*, } have a number", "count",
              word_firm=LOOSE, tolerates=True),
    Operation("largest", _extreme(np.max, -np.inf), "MAX({0})", "the largest {0}", "same", word_firm=SUM,
              word_needs=(ATOM,), read=("all",), tolerates=True),
    Operation("smallest", _extreme(np.min, np.inf), "MIN({0})", "the smallest {0}", "same", word_firm=SUM,
              word_needs=(ATOM,), read=("all",), tolerates=True),
    Operation("total", _total, "SUM({0})", "{0}, added up", "same", word_firm=SUM, word_needs=(ATOM,),
              read=("all",), tolerates=True),
    Operation("count", _count, "COUNT({0})", "how many {rows} have {0}", "count", word_firm=SUM, word_needs=(ATOM,),
              read=("all",), tolerates=True),
    Operation("kth_smallest", _kth_smallest, "SMALL({0},{1})", "number {1} of {0}, in rising order", "first",
              word_firm=LOOSE, word_needs=(ATOM, SUM), read=("all", "each"), tolerates=True),
    Operation("position_of", pairs.position_of, "MATCH({0},{1},0)", "the first {row} whose {1} is {0}", "count",
              word_firm=LOOSE, word_needs=(SUM, ATOM), read=("each", "all"), tolerates=True),
    Operation("pick", _pick, "INDEX({0},{1})", "{0} in {1}", "first", word_firm=SUM, word_needs=(SUM, ATOM),
              read=("all", "each"), selects=True, across="INDEX({0},1,{1})"),
    Operation("beaten", pairs.beaten, "SUMPRODUCT(({2}<={0})*({3}>{1}))",
              "how many {rows} have {3} above this one at no more {2}", "count", word_firm=LOOSE, word_needs=(ATOM,),
              read=("each", "each", "all", "all"), tolerates=True),
    Operation("best_where", pairs.best_where, "SUMPRODUCT(MAX(({1}={0})*{2}))", "the largest {2} where {1} is {0}",
              "last", word_firm=LOOSE, word_needs=(SUM, ATOM), read=("each", "all", "all"), tolerates=True),
    Operation("row_of", pairs.position_of, "MATCH({0},{1},0)", "the first {row} whose {1} is {0}", "count",
              takes=("choice",), word_firm=LOOSE, word_needs=(SUM, ATOM), read=("each", "all"), tolerates=True),
    Operation("fewer", _fewer, "SUMPRODUCT(({1}<{0})*1)", "how many {rows} have {1} below {0}", "count",
              word_firm=LOOSE, word_needs=(SUM, ATOM), read=("each", "all"), tolerates=True),
    Operation("alike_above", _alike_above, "SUMPRODUCT(({1}={0})*1)", "how many {rows} up to here have {0} as {1}",
              "count", word_firm=LOOSE, word_needs=(SUM, ATOM), read=("each", "up to"), tolerates=True),
    Operation("count_above", _count_above, "COUNT({0})", "how many {rows} up to here have {0}", "count",
              word_firm=LOOSE, word_needs=(ATOM,), read=("up to",), tolerates=True),
    Operation("best_up_to", pairs.best_up_to, "SUMPRODUCT(MAX(({1}<={0})*{2}))",
              "the largest {2} where {1} is at most {0}", "last", word_firm=LOOSE, word_needs=(SUM, ATOM),
              read=("each", "all", "all"), tolerates=True),
    Operation("counted_as", lambda values: values, "{0}", "{0}", "cast", selects=True),
    Operation("running", lambda values: np.nancumsum(values, axis=1), "SUM({0})", "{0} so far", "same", word_firm=SUM,
              word_needs=(ATOM,), read=("up to",), tolerates=True),
    Operation("running_product", _running_product, "PRODUCT({0})", "product of {0} so far", "plain", word_firm=SUM,
              word_needs=(ATOM,), read=("up to",), tolerates=True),
    Operation("total_product", lambda left, right: _total(left * right), "SUMPRODUCT({0},{1})",
              "{0} × {1}, added up", "product", word_firm=SUM, word_needs=(ATOM,), read=("all",), tolerates=True),
    Operation("total_where", _total_where, "SUMPRODUCT(({0}<={1})*({2}>={3}),{4})",
              "{4}, added up where {0} is at most {1} and {2} at least {3}", "last", word_firm=LOOSE,
              word_needs=(ATOM, SUM, ATOM, SUM, ATOM), read=("all", "each", "all", "each", "all"), tolerates=True),
    Operation("running_largest", _running_largest, "MAX({0})", "the largest {0} so far", "same", word_firm=SUM,
              word_needs=(ATOM,), read=("up to",), tolerates=True),
    Operation("earlier_from", _earlier_from, 'SUMIFS({2},{1},">="&{0})', "{2} from {row} {0} on, before this {row}",
              "last", word_firm=SUM, word_needs=(ATOM,), read=("each", "earlier", "earlier"), tolerates=True),
    Operation("before", _before, "IF({0}=1,{1},{2})", "{2} of the {row} before ({1} in the first)", "before",
              word_firm=SUM, word_needs=(ATOM,), read=("each", "each", "before"), selects=True),
)
# fmt: on

OPERATIONS = {operation.name: operation for operation in _ROWS}
