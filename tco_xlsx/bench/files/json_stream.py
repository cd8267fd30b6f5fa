"""JSON of any size in bounded memory: values one after another, long lists cut, NaN and Infinity as null.

A report of 500 MB is 499 MB of single requests. What an operating point is made of stands in short lists;
so a list is kept up to a length, and marked as cut, while the rest of it is passed over unbuilt.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from io import BufferedIOBase
from typing import Any

from tco_xlsx.bench.files.not_finite import MOST_KEPT, is_no_limit

LONGEST_LIST = 200
"""Items kept of a list inside a value: no sweep has more loads, and no list of requests fewer."""
LONGEST_TOP_LIST = 20_000
"""Items kept of a list that is the whole file: points, when a collector joined them, or requests."""
MOST_KEYS = 20_000
LONGEST_TEXT = 10_000
"""Characters kept of a text: an answer of a model, or the arguments of a server."""
DEEPEST = 200

_CHUNK = 1 << 20
# Python's writers put these bare words where a number was infinite or missing; no strict parser takes them.
_NOT_FINITE = re.compile(
    rb'(?P<before>"(?P<key>[^"\\\n]{1,80})"\s{0,9}:\s{0,9})?(?<=[\s:,\[])(?P<word>-?(?:Infinity|NaN))(?=[\s,\]}])'
)
# With the key that it stands under, and the characters before and behind it: what is held back between two reads.
_LONGEST_WORD = len(b'"" : -Infinity,') + 80 + 2 * 9


class CutList(list[object]):
    """The first items of a list that was longer."""


class BrokenJson(Exception):
    """The JSON ends or breaks here; the text says how."""


def values(
    file: BufferedIOBase, encoding: str | None = None, not_finite: dict[str, str] | None = None
) -> Iterator[object]:
    """The values in a file, the outermost first to last. Raises BrokenJson where the text is no JSON.

    NaN and Infinity are told in `not_finite`, by the key that they stand under; an infinite load is no such figure.
    """
    # Imported here: it takes ten milliseconds, and few files are big.
    import ijson  # type: ignore[import-untyped]

    events = ijson.basic_parse(
        _Finite(file, encoding, {} if not_finite is None else not_finite),
        multiple_values=True,
        use_float=True,
        buf_size=_CHUNK,
    )
    try:
        yield from _built(events)
    except ijson.JSONError as error:
        raise BrokenJson(_reason(error)) from None
    except (ValueError, OverflowError) as error:
        raise BrokenJson(f"{error}"[:120]) from None


class _Finite:
    """The bytes of a file as UTF-8, bare NaN and Infinity replaced by null."""

    def __init__(self, file: BufferedIOBase, encoding: str | None, told: dict[str, str]) -> None:
        self._file = file
        self._told = told
        self._decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        self._held = b""

    def read(self, size: int) -> bytes:
        # An empty answer would mean the end, so one that was all held back is followed by the next.
        while True:
            chunk = self._file.read(size)
            text = self._decoder.decode(chunk, not chunk).encode("utf-8", "replace") if self._decoder else chunk
            whole = _NOT_FINITE.sub(self._null, self._held + text)
            if not chunk:
                self._held = b""
                return whole
            # The last bytes may be the beginning of such a word, or of its key.
            ready, self._held = whole[:-_LONGEST_WORD], whole[-_LONGEST_WORD:]
            if ready:
                return ready

    def _null(self, match: re.Match[bytes]) -> bytes:
        key, word = (match["key"] or b"").decode("utf-8", "replace"), match["word"].decode()
        if key and not is_no_limit(key, word) and len(self._told) < MOST_KEPT:
            self._told.setdefault(key, word)
        return (match["before"] or b"") + b"null"


def _built(events: Iterator[tuple[str, Any]]) -> Iterator[object]:
    """Values out of the events of a parser. A loop of its own: half a gigabyte is ten million events."""
    stack: list[Any] = []
    keys: list[str] = []
    room: list[int] = []
    skipped = 0
    for event, value in events:
        if skipped:
            if event in ("start_map", "start_array"):
                skipped += 1
            elif event in ("end_map", "end_array"):
                skipped -= 1
            continue
        if event == "map_key":
            keys[-1] = value
            continue
        if event in ("end_map", "end_array"):
            value = stack.pop()
            keys.pop()
            if room.pop() < 0 and event == "end_array":
                # Only now is it known that the list was longer than what was kept.
                value = CutList(value)
                if stack:
                    holder = stack[-1]
                    holder[keys[-1] if isinstance(holder, dict) else -1] = value
            if not stack:
                yield value
            continue
        opens = event in ("start_map", "start_array")
        if stack:
            room[-1] -= 1
            if room[-1] < 0 or (opens and len(stack) >= DEEPEST):
                skipped = 1 if opens else 0
                continue
        if opens:
            item: Any = {} if event == "start_map" else []
        else:
            item = value[:LONGEST_TEXT] if event == "string" else value
        if stack:
            holder = stack[-1]
            if isinstance(holder, dict):
                holder[keys[-1]] = item
            else:
                holder.append(item)
        elif not opens:
            yield item
        if opens:
            room.append(MOST_KEYS if event == "start_map" else LONGEST_LIST if stack else LONGEST_TOP_LIST)
            stack.append(item)
            keys.append("")


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.partition("\n")[0].split())[:120] or "it is damaged"
