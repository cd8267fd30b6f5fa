"""Benchmark files with something wrong in them, each out of a number: the same number gives the same file."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench.samples import FIXTURES, SHARED

_LARGEST = 300_000
_LARGEST_MADE = 3_000_000
_ODD: tuple[object, ...] = (
    None,
    "",
    " ",
    "N/A",
    "-",
    "12",
    "1e5",
    "1,234.5",
    "1,5",
    "nan",
    "inf",
    "\0",
    "\ud800",
    "\x1b[31m",
    "=1+1",
    "x" * 5000,
    -1,
    0,
    -0.0,
    1,
    1e-320,
    1e-9,
    1e15,
    1e300,
    10**400,
    float("inf"),
    float("nan"),
    True,
    False,
    [],
    {},
    [None],
    [[]],
    {"avg": None},
    {"": 0},
    [1] * 300,
    {"unit": "s"},
)


@cache
def sources() -> tuple[Path, ...]:
    """The project's own fixtures, and real result files where they are at hand."""
    found = [path for path in FIXTURES.rglob("*") if path.is_file()]
    if SHARED.is_dir():
        found += [path for path in SHARED.rglob("*") if path.is_file()]
    return tuple(path for path in sorted(found) if path.stat().st_size <= _LARGEST and path.name != "EXPECTED.csv")


def mutated(number: int, folder: Path) -> tuple[Path, str]:
    """A damaged file in a folder of its own, and in words what was done to which."""
    choice = random.Random(number)
    source = choice.choice(sources())
    content = source.read_bytes()
    ways: list[Callable[[random.Random, bytes, Path], bytes]] = [_bytes, _cut, _numbers, _spliced, _repeated]
    if source.suffix == ".json":
        ways += [_values] * 4 + [_keys_twice, _nested, _joined]
    if source.suffix in (".csv", ".tsv"):
        ways += [_cells] * 4
    if source.suffix == ".xlsx":
        ways += [_parts] * 4
    done = [choice.choice(ways) for _ in range(choice.choice((1, 1, 2, 3)))]
    for way in done:
        content = way(choice, content, source)[:_LARGEST_MADE]
    target = folder / f"mutation{number}" / source.parent.name / source.name
    target.parent.mkdir(parents=True)
    target.write_bytes(content)
    # A file is read otherwise with its neighbours beside it.
    if choice.random() < 0.3:
        for beside in list(source.parent.iterdir())[:6]:
            if beside.is_file() and beside != source and beside.stat().st_size <= _LARGEST:
                (target.parent / beside.name).write_bytes(beside.read_bytes())
    return target, f"{number}: {', '.join(way.__name__.strip('_') for way in done)} of {source}"


def _bytes(choice: random.Random, content: bytes, _: Path) -> bytes:
    changed = bytearray(content)
    for _ in range(choice.choice((1, 3, 30))):
        if changed:
            place = choice.randrange(len(changed))
            changed[place : place + choice.randint(0, 2)] = choice.randbytes(choice.randint(0, 3))
    return bytes(changed)


def _cut(choice: random.Random, content: bytes, _: Path) -> bytes:
    return content[: choice.randint(0, len(content))]


def _numbers(choice: random.Random, content: bytes, _: Path) -> bytes:
    """Digits of the text replaced by what is hardly a number."""
    text = content.decode("latin-1")
    pieces = [place for place, letter in enumerate(text) if letter.isdigit() and not text[place - 1 : place].isdigit()]
    for place in sorted(choice.sample(pieces, min(len(pieces), choice.choice((1, 2, 20)))), reverse=True):
        end = place
        while end < len(text) and (text[end].isdigit() or text[end] in ".eE"):
            end += 1
        new = choice.choice(
            ("1e999", "-1", "0", '""', "null", "9" * 500, "1e-320", "NaN", "Infinity", "-0", "0x10", "1_0")
        )
        text = text[:place] + new + text[end:]
    return text.encode("latin-1")


def _spliced(choice: random.Random, content: bytes, source: Path) -> bytes:
    other = choice.choice([path for path in sources() if path.suffix == source.suffix]).read_bytes()
    return content[: choice.randint(0, len(content))] + other[choice.randint(0, len(other)) :]


def _repeated(choice: random.Random, content: bytes, _: Path) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    start = choice.randrange(len(lines))
    piece = lines[start : start + choice.randint(1, 10)]
    return b"".join([*lines[:start], *piece * choice.choice((2, 3, 200)), *lines[start:]])


def _document(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return {"broken": content[:50].decode("latin-1")}


def _written(document: object) -> bytes:
    try:
        return json.dumps(document).encode()
    except RecursionError:
        return b'[{"a":' * 5_000


def _places(document: Any) -> list[tuple[Any, Any]]:
    """Every key of every mapping and every place of every list, with its holder."""
    found: list[tuple[Any, Any]] = []
    todo = [document]
    while todo:
        holder = todo.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            todo.append(holder[key])
    return found


def _values(choice: random.Random, content: bytes, _: Path) -> bytes:
    document = _document(content)
    for _ in range(choice.choice((1, 1, 2, 5, 40))):
        places = _places(document)
        if not places:
            break
        holder, key = choice.choice(places)
        holder[key] = copy.deepcopy(choice.choice(_ODD))
    return _written(document)


def _keys_twice(choice: random.Random, content: bytes, _: Path) -> bytes:
    text = content.decode("utf-8", "replace")
    places = [place for place, letter in enumerate(text) if letter == "{"]
    keys = [key for _, key in _places(_document(content)) if isinstance(key, str)]
    if not places or not keys:
        return content
    place = choice.choice(places) + 1
    return (
        f"{text[:place]}{json.dumps(choice.choice(keys))}: {json.dumps(choice.choice(_ODD))}, {text[place:]}".encode()
    )


def _nested(choice: random.Random, content: bytes, _: Path) -> bytes:
    document = _document(content)
    places = _places(document)
    if places:
        holder, key = choice.choice(places)
        for _ in range(choice.choice((1, 3, 150, 600))):
            holder[key] = choice.choice(({"a": holder[key]}, [holder[key]]))
    return _written(document)


def _joined(choice: random.Random, content: bytes, _: Path) -> bytes:
    documents = [_document(content)] * choice.choice((2, 5, 100))
    return choice.choice(
        (_written(documents), b"\n".join(map(_written, documents)), b"".join(map(_written, documents)))
    )


def _cells(choice: random.Random, content: bytes, source: Path) -> bytes:
    delimiter = "\t" if source.suffix == ".tsv" else ","
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline=""), delimiter=delimiter))
    except csv.Error:
        return content
    for _ in range(choice.choice((1, 2, 10))):
        row = choice.choice(rows) if rows else []
        if row:
            value = choice.choice(_ODD)
            row[choice.randrange(len(row))] = "" if value is None else str(value)
            if choice.random() < 0.2:
                row.insert(choice.randrange(len(row)), "1")
    text = io.StringIO()
    csv.writer(text, delimiter=choice.choice((delimiter, ";", ","))).writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def _parts(choice: random.Random, content: bytes, _: Path) -> bytes:
    """The parts of a workbook, changed inside the archive."""
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
            names: Sequence[str] = old.namelist()
            chosen = set(choice.sample(names, min(len(names), choice.choice((1, 2)))))
            for name in names:
                part = old.read(name)
                way = choice.choice((_bytes, _cut, _numbers, _repeated))
                if name not in chosen or choice.random() < 0.9:
                    new.writestr(name, way(choice, part, Path(name)) if name in chosen else part)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError):
        return content
    return target.getvalue()
