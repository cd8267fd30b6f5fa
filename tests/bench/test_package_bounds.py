"""Why a zip archive is no workbook that is read: each bound at its edge, by the sizes that its list of parts states."""

from __future__ import annotations

import io
import zipfile

import pytest

from tco_xlsx.bench.files import package_bounds as bounds
from tco_xlsx.bench.files.package_bounds import objection

_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_SHEET, _TEXTS = f"{_MAIN}worksheet+xml", f"{_MAIN}sharedStrings+xml"


def _types(kinds: dict[str, str]) -> str:
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    return f'<c:Types xmlns:c="x"><Default Extension="xml"/>{overrides.replace("<Over", "<c:Over")}</c:Types>'


def _archive(parts: dict[str, str], kinds: dict[str, str] | None = None) -> io.BytesIO:
    """A zip archive; with the kinds of parts, their list too."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in ({"[Content_Types].xml": _types(kinds)} if kinds else {}).items():
            archive.writestr(name, content)
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


_BOOK = {"xl/workbook.xml": f"{_MAIN}sheet.main+xml"}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (io.BytesIO(b"PK\x03\x04"), "is a damaged zip archive ("),
        (_archive({"a.json": "{}"}), "is a zip archive, but no Excel workbook; unpack it"),
        (_archive({"mimetype": "text/plain"}), "is a zip archive, but no Excel workbook; unpack it"),
        (_archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "is an OpenDocument file"),
        (_archive({"a": ""}, {"a": "text/xml"}), "is a zip archive, but no Excel workbook; give a .xlsx"),
        (_archive({"a": ""}, {"a": "application/vnd.ms-excel.sheet.macroEnabled.main+xml"}), ""),
        (_archive({"a": ""}, {"a": "application/vnd.ms-excel.sheet.binary.main"}), "is a binary workbook"),
        (_archive({"a": ""}, _BOOK), ""),
        (_archive({"[Content_Types].xml": "<a"}), "is damaged: its list of parts is no XML ("),
        (_archive({"[Content_Types].xml": "<!DOCTYPE a><a/>"}), "is a damaged zip archive (it declares XML entities)"),
    ],
)
def test_archives_that_are_no_workbooks(file: io.BytesIO, said: str) -> None:
    assert objection(file).startswith(said)
    assert bool(objection(file)) is bool(said)


def test_the_bounds() -> None:
    assert (bounds.MOST_PARTS, bounds.MOST_SHEETS) == (5_000, 200)
    megabytes = [bounds.MOST_SHEET_BYTES, bounds.MOST_TEXT_BYTES, bounds.MOST_PART_BYTES, bounds.MOST_BYTES]
    assert [size / 1024 / 1024 for size in megabytes] == [128, 32, 4, 1024]
    assert bounds._too_large("a", 3 << 20, 2 << 20) == (
        "is too large a workbook: a would take 3 MB, at most 2 are read; save the sheet with the results as .csv."
    )


def _sizes(**sizes: tuple[str, int]) -> str:
    """What is said of parts of these kinds and stated sizes."""
    parts, kinds = {}, {}
    for name, (kind, size) in sizes.items():
        parts[name] = zipfile.ZipInfo(name)
        parts[name].file_size = size
        kinds[name] = kind
    return bounds._size_objection(parts, kinds)


@pytest.mark.parametrize(
    ("kinds", "most", "what"),
    [
        ((_SHEET,), 128, "its sheets"), ((_SHEET, _SHEET), 64, "its sheets"), ((_TEXTS,), 32, "'p0'"),
        (("text/xml",), 4, "'p0'"),
        (("",), 4, "'p0'"),
    ],
)  # fmt: skip
def test_sizes_at_their_bounds(kinds: tuple[str, ...], most: int, what: str) -> None:
    for extra, said in ((0, ""), (1, f"is too large a workbook: {what} would take")):
        parts = {f"p{place}": (kind, (most << 20) + extra) for place, kind in enumerate(kinds)}
        assert _sizes(**parts)[: len(said) or None] == said


def test_what_is_never_opened_counts_for_the_whole_alone() -> None:
    half = 512 << 20
    for word in (
        "calcChain",
        "pivotCache",
        "externalLink",
        "image/",
        "printerSettings",
        "vbaProject",
        "oleObject",
        "customXml",
    ):
        assert _sizes(a=(f"x{word}y", half), b=(f"x{word}y", half)) == ""
        assert _sizes(a=(f"x{word}y", half), b=(f"x{word}y", half + 1)).startswith("is too large a workbook: all of it")
    styles = zipfile.ZipInfo("xl/styles.xml")
    styles.file_size = (4 << 20) + 1
    assert "'xl/styles.xml'" in bounds._size_objection({"xl/styles.xml": styles}, {"xl/styles.xml": "image/png"})


def test_counts_at_their_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    for count, said in ((200, ""), (201, "has 201 sheets; at most 200 are read")):
        assert _sizes(**{f"p{place}": (_SHEET, 1) for place in range(count)})[: len(said) or None] == said
    monkeypatch.setattr(bounds, "MOST_PARTS", 3)
    assert objection(_archive({"a": "", "b": ""}, _BOOK)) == ""
    assert objection(_archive({"a": "", "b": "", "c": ""}, _BOOK)).startswith("is a zip archive of 4 files")
    listed = _archive({}, _BOOK)
    with zipfile.ZipFile(listed) as archive:
        size = archive.getinfo("[Content_Types].xml").file_size
    for most, said in ((size, ""), (size - 1, "is too large a workbook: [Content_Types].xml")):
        monkeypatch.setattr(bounds, "MOST_PART_BYTES", most)
        assert objection(listed)[: len(said) or None] == said


_DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]><a/>'


@pytest.mark.parametrize(
    ("name", "content", "kind", "refused"),
    [
        ("a.xml", _DOCTYPE, "", True), ("a.rels", _DOCTYPE, "", True), ("a.txt", _DOCTYPE, "", False),
        ("a.xml", "<a/>", "", False),
        ("a.xml", _DOCTYPE, "x/vbaProject", False), ("xl/styles.xml", _DOCTYPE, "x/vbaProject", True),
        ("a.xml", "no XML", "", False),
        ("a.xml", f"<!--{' ' * 65_529}--><a/>", "", True), ("a.xml", f"<!--{' ' * 65_528}-->", "", False),
        ("a.xml", "", "", False),
        ("a.xml", f"<a/>{_DOCTYPE}", "", False),
    ],
)  # fmt: skip
def test_parts_that_declare_entities(name: str, content: str, kind: str, refused: bool) -> None:
    said = objection(_archive({name: content}, {**_BOOK, name: kind}))
    assert said.startswith(f"declares XML entities in {name!r}" if refused else "")
    assert bool(said) is refused
