"""What a file that is no plain text is, told by its first bytes, and what to do with it."""

from __future__ import annotations

_PACKED = (
    (b"\x1f\x8b", "gzip", "gunzip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard", "unzstd"),
    (b"BZh", "bzip2", "bunzip2"),
    (b"\xfd7zXZ\x00", "xz", "unxz"),
    (b"\x04\x22\x4d\x18", "LZ4", "unlz4"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip", "7z x"),
)
_OTHER = (
    (b"PAR1", "is a Parquet file; save the table as .csv."),
    (b"%PDF-", "is a PDF; give the file that the tool wrote."),
    (b"SQLite format 3\x00", "is an SQLite database; save the table as .csv."),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TAR_MARK, _TAR_PLACE = b"ustar", 257
_UTF_16 = "is UTF-16, not UTF-8; save the file as UTF-8."
# Of ASCII text in UTF-16 every other byte is zero; a table of numbers is nearly all ASCII.
_WIDE_SHARE = 0.8
_LOOKED_AT = 400


def what_it_is(first: bytes) -> str:
    """What to do with a file that begins with these bytes, as a sentence without its subject; empty for plain text."""
    for magic, name, command in _PACKED:
        if first.startswith(magic):
            return f"is compressed ({name}); unpack it ({command}), and give what comes out."
    if first[_TAR_PLACE : _TAR_PLACE + len(_TAR_MARK)] == _TAR_MARK:
        return "is an archive (tar); unpack it (tar xf), and give the folder."
    if first.startswith(_OLE):
        if _ENCRYPTED in first:
            return "is a workbook with a password; save it without one."
        return "is a workbook of the old kind (.xls), or one with a password; save it as .xlsx without a password."
    for magic, words in _OTHER:
        if first.startswith(magic):
            return words
    return _UTF_16 if is_wide(first) else ""


def is_wide(first: bytes) -> bool:
    """Whether the bytes are UTF-16, with or without the mark that says so."""
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    start = first[:_LOOKED_AT]
    halves = start[::2], start[1::2]
    # Zeros in one half of the bytes alone: in both they would be zeros of a binary file.
    for zeros, letters in (halves, halves[::-1]):
        if zeros and zeros.count(0) >= _WIDE_SHARE * len(zeros) and letters.count(0) == 0:
            return True
    return False
