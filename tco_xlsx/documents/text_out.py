"""Texts on their way out: into XML, onto a terminal, into a CSV file. What a target cannot hold is replaced visibly."""

from __future__ import annotations

import re

LONGEST_CELL = 32_767
"""UTF-16 units that Excel takes in a cell."""

# What XML 1.0 has no way to write, and the two that are no characters; a carriage return would come back as a newline.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_XML_BYTES = bytes((*range(9), *range(0x0B, 0x20), 0x7F))
_NOT_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
_BEGINS_NO_CHARACTER = 0xEF
_EXCEL_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CARRIAGE_RETURN = re.compile("\r\n?")
_REPLACEMENT, _PICTURES, _DELETE = "\ufffd", 0x2400, "\u2421"

# Control characters of both sets, what moves a terminal's cursor or its direction of writing, what is not to be seen.
_NOT_FOR_TERMINALS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_KEPT = "\n"
_BASIC = 0x10000
_FORMULA = re.compile(r"[\s\"'\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_SHORT_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def visible(text: str) -> str:
    """A text as XML can hold it: the pictures of control characters (U+2401 for U+0001), U+FFFD for what is no
    character at all. It keeps its length, but for a carriage return, which becomes a newline."""
    if _NOT_XML.search(text) is None:
        return text
    return _NOT_XML.sub(_picture, _CARRIAGE_RETURN.sub("\n", text))


def xml_bytes(xml: str) -> bytes:
    """The UTF-8 of a whole part of a workbook. Nothing that is not XML gets through, wherever it came from."""
    try:
        data = xml.encode()
    except UnicodeEncodeError:
        return visible(xml).encode()
    # Faster than a search: parts have hundreds of thousands of characters, and hardly one begins with that byte.
    is_sound = len(data.translate(None, _NOT_XML_BYTES)) == len(data)
    if is_sound and _BEGINS_NO_CHARACTER in data:
        is_sound = not any(each in data for each in _NOT_CHARACTERS)
    return data if is_sound else visible(xml).encode()


def escaped_as_excel(text: str) -> str:
    """A text in the places where Excel reads _x0041_ as the letter A: such a one is written so that it stays."""
    return _EXCEL_ESCAPE.sub("_x005F_", text) if "_x" in text else text


def units(text: str) -> int:
    """The length of a text as Excel counts it, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, longest: int, end: str = "...") -> str:
    """A text of at most so many UTF-16 units, its end marked where it was longer."""
    if len(text) * 2 <= longest or units(text) <= longest:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (longest - units(end))]
    return kept.decode("utf-16-le", "ignore") + end


def told(text: str) -> str:
    """A text of one or several lines as a terminal may show it: escapes and marks of direction written out, as JSON
    writes them."""
    return _NOT_FOR_TERMINALS.sub(lambda match: match[0] if match[0] == _KEPT else _escape(match), text)


def one_line(text: str) -> str:
    """As told, newlines written out as well: a name, a path, a value."""
    return _NOT_FOR_TERMINALS.sub(_escape, text)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula when it opens a CSV file: before such a one an apostrophe."""
    tame = _NOT_XML.sub(_picture, text)
    return f"'{tame}" if _FORMULA.match(text) else tame


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(_PICTURES + code) if code < 0x20 else _DELETE if code == 0x7F else _REPLACEMENT


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code >= _BASIC:
        pair = character.encode("utf-16-be").hex()
        return f"\\u{pair[:4]}\\u{pair[4:]}"
    return _SHORT_ESCAPES.get(character) or f"\\u{code:04x}"
