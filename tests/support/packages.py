"""Workbooks as the parts of their zip archives."""

from __future__ import annotations

import io
import zipfile


def parts_of(book: bytes) -> dict[str, bytes]:
    """The parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def assert_same(book: bytes, expected: bytes) -> None:
    """Equal bytes; if not, the names of the parts that differ."""
    if book != expected:
        ours, theirs = parts_of(book), parts_of(expected)
        assert list(ours) == list(theirs)
        assert [name for name in ours if ours[name] != theirs[name]] == []
    assert book == expected
