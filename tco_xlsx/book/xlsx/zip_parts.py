"""A zip archive from parts that are deflated already: the same bytes as the standard library's, deflated once."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipInfo

# The time that XlsxWriter gives every part, and what the standard library gives a file without attributes.
_TIME = (1980, 1, 1, 0, 0, 0)
_DOS_TIME, _DOS_DATE = 0, (1 << 5) | 1
_ATTRIBUTES = 0o600 << 16

_LOCAL = struct.Struct("<4s2B4HL2L2H")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_END = struct.Struct("<4s4H2LH")


class Packed(NamedTuple):
    """A part as the archive holds it."""

    check: int
    size: int
    deflated: bytes


def packed(data: bytes) -> Packed:
    """A part deflated."""
    deflated = zlib.compress(data, zlib.Z_DEFAULT_COMPRESSION, -15)
    return Packed(zlib.crc32(data), len(data), deflated)


def archive(parts: Iterable[tuple[str, Packed]]) -> bytes:
    """The archive of those parts in that order. Names are plain ASCII, sizes below 4 GB."""
    own = ZipInfo("", _TIME)
    local: list[bytes] = []
    central: list[bytes] = []
    offset = 0
    for name, part in parts:
        raw = name.encode("ascii")
        fields = (0, ZIP_DEFLATED, _DOS_TIME, _DOS_DATE, part.check, len(part.deflated), part.size, len(raw), 0)
        head = _LOCAL.pack(b"PK\3\4", own.extract_version, 0, *fields) + raw
        made_by = (own.create_version, own.create_system, own.extract_version, 0)
        central.append(_CENTRAL.pack(b"PK\1\2", *made_by, *fields, 0, 0, 0, _ATTRIBUTES, offset) + raw)
        local += (head, part.deflated)
        offset += len(head) + len(part.deflated)
    size = sum(map(len, central))
    end = _END.pack(b"PK\5\6", 0, 0, len(central), len(central), size, offset, 0)
    return b"".join((*local, *central, end))
