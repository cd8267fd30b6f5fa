"""One value replaced where it stands: everything else, comments too, stays; what cannot be done is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tco_xlsx.documents.errors import BadInput
from tco_xlsx.documents.located_yaml import Located, parse_yaml
from tco_xlsx.documents.yaml_in_place import NewValue, NotInPlace, replaced
from tests.support import shipped


def at(text: str, path: str) -> Located:
    """The value at a path such as server.price or growth.1."""
    here = parse_yaml(text, "")
    for step in path.split("."):
        here = here.value[int(step)] if isinstance(here.value, list) else here.value[step]
    return here


def everything(here: Located) -> list[Located]:
    below = here.value.values() if isinstance(here.value, dict) else here.value if isinstance(here.value, list) else ()
    return [here, *(part for item in below for part in everything(item))]


@pytest.mark.parametrize(
    ("text", "path", "new", "after"),
    [
        ("a: 1\n", "a", 2, "a: 2\n"),
        ("a: 1", "a", 2.5, "a: 2.5"),
        ("a: 1 # one\nb: 3\n", "a", 250000.0, "a: 250000 # one\nb: 3\n"),
        ("a:   1   # one\n", "a", 1e-9, "a:   1e-09   # one\n"),
        ("a: 1\n", "a", True, "a: true\n"),
        ("a: 1 # empty\n", "a", None, "a: null # empty\n"),
        ("a: # empty\nb: 2\n", "a", 5, "a: 5 # empty\nb: 2\n"),
        ("a:\nb: 2\n", "a", 5, "a: 5\nb: 2\n"),
        ("{a: , b: 2}", "a", 5, "{a: 5, b: 2}"),
        ("- \n- 2\n", "0", 5, "- 5 \n- 2\n"),
        # Quotes stay, and are put where a text needs them.
        ("a: 'it''s' # x\n", "a", "that's", "a: 'that''s' # x\n"),
        ('a: "one" # x\n', "a", "two", 'a: "two" # x\n'),
        ('a: "one" # x\n', "a", 2, "a: 2 # x\n"),
        ("a: 2\n", "a", "2", 'a: "2"\n'),
        ("a: one\n", "a", "two: three # four", 'a: "two: three # four"\n'),
        ("a: one\n", "a", "no", "a: no\n"),
        ("a: one\n", "a", "true", 'a: "true"\n'),
        ("a: one\n", "a", "", 'a: ""\n'),
        ("a: one\n", "a", "2026-03-01", "a: 2026-03-01\n"),
        ("{a: one, b: 2}", "a", "x, y", '{a: "x, y", b: 2}'),
        # Texts of several lines.
        ("a: one\n  two # x\nb: 1\n", "a", 3, "a: 3 # x\nb: 1\n"),
        ("a: >-\n  folded\n  text\n\n# said\nb: 1\n", "a", "plain", "a: plain\n\n# said\nb: 1\n"),
        ("a: |\n  kept\n  text\nb: 1\n", "a", 3, "a: 3\nb: 1\n"),
        ('a: "one\n  two" # x\n', "a", "one two", 'a: "one two" # x\n'),
        # Mappings and lists, flow and block.
        ("s: {value: 1, source: an offer} # x\n", "s.value", 2, "s: {value: 2, source: an offer} # x\n"),
        ("s:\n  # why\n  value: 1 # now\n  note: n\n", "s.value", 2, "s:\n  # why\n  value: 2 # now\n  note: n\n"),
        ("g: [0.5, 0.3] # x\n", "g", [0.5, 0.3, 0.1], "g: [0.5, 0.3, 0.1] # x\n"),
        ("g: [0.5,  # first\n  0.3]\n", "g", [0.5, 0.4], "g: [0.5,  # first\n  0.4]\n"),
        ("g: [0.5, 0.3] # x\n", "g.1", 0.2, "g: [0.5, 0.2] # x\n"),
        ("g: [0.5, 0.3] # x\n", "g", 0.2, "g: 0.2 # x\n"),
        ("g: 0.2 # x\n", "g", (0.5, 0.3), "g: [0.5, 0.3] # x\n"),
        ("g: [] # x\n", "g", [1.0], "g: [1] # x\n"),
        ("g:\n  - 0.5 # first\n  - 0.3\n", "g", [0.4, 0.3], "g:\n  - 0.4 # first\n  - 0.3\n"),
        ("g:\n  - 0.5\n  - 0.3 # last\n\n# b\nb: 1\n", "g", [0.4], "g: [0.4] # last\n\n# b\nb: 1\n"),
        ("g:\n- 0.5\n- 0.3\nb: 1\n", "g", 0.4, "g: 0.4\nb: 1\n"),
        ("g:\n  - 0.5\n  - 0.3\n", "g.1", 7, "g:\n  - 0.5\n  - 7\n"),
        # Anchors that nothing else names.
        ("a: &one 1 # x\nb: 2\n", "a", 3, "a: 3 # x\nb: 2\n"),
        ("a: &one 1\nb: *one\nc: 3 # x\n", "c", 4, "a: &one 1\nb: *one\nc: 4 # x\n"),
        # Ends of lines, a mark of the byte order, letters beyond ASCII and beyond 16 bits.
        ("a: 1 # x\r\nb: 2\r\n", "b", 3, "a: 1 # x\r\nb: 3\r\n"),
        ("a: >-\r\n  one\r\n  two\r\nb: 2\r\n", "a", 3, "a: 3\r\nb: 2\r\n"),
        ("\ufeffa: 1\nb: 2\n", "b", 3, "\ufeffa: 1\nb: 3\n"),
        ("ä: Größe 𝟘 # ünïcode 🐍\nb: é # é\n", "b", "ü", "ä: Größe 𝟘 # ünïcode 🐍\nb: ü # é\n"),
        ("a: 'x\u2028y\x85z'\nb: 2 # x\n", "b", 3, "a: 'x\u2028y\x85z'\nb: 3 # x\n"),
        ("%YAML 1.2\n---\na: 1\n...\n", "a", 2, "%YAML 1.2\n---\na: 2\n...\n"),
    ],
)
def test_a_value_is_replaced_and_nothing_else(text: str, path: str, new: NewValue, after: str) -> None:
    assert replaced(text, at(text, path), new) == after


@pytest.mark.parametrize(
    ("text", "path", "new", "words"),
    [
        ("a: &one 1\nb: *one\n", "a", 2, "is written once and used in several places"),
        ("a: &one 1\nb: *one\n", "b", 2, "is written once and used in several places"),
        ("a: &all {x: 1}\nb: *all\n", "a.x", 2, "is written once and used in several places"),
        ("a: &all {x: [1, 2]}\nb: *all\n", "b.x", [3], "is written once and used in several places"),
        ("g:\n  - &one 1\n  - *one\n", "g", [1, 2], "is written once and used in several places"),
        ("s: {value: 1}\n", "s", 2, "is a mapping; one of its values can be replaced"),
        ("g:\n  - 0.5 # first\n  - 0.3\n", "g", [0.4], "is a list with comments between its values"),
        ("g: # by year\n  - 0.5\n  - 0.3\n", "g", [0.4], "cannot become a list where it stands"),
        ("{a, b: 1}", "a", 2, "cannot become 2 where it stands"),
        ("a: 1\n", "a", float("nan"), "cannot become nan."),
        ("a: 1\n", "a", "bell \x07", "cannot become"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(text: str, path: str, new: NewValue, words: str) -> None:
    with pytest.raises(NotInPlace) as refused:
        replaced(text, at(text, path), new)
    assert words in str(refused.value)


def test_a_place_of_another_text_is_refused() -> None:
    place = at("a: 1\nb: 2\n", "b")
    with pytest.raises(NotInPlace, match="the text has changed"):
        replaced("# new\na: 1\nb: 2\n", place, 3)


@pytest.mark.parametrize("path", shipped.SCENARIOS, ids=lambda path: path.stem)
def test_every_number_of_the_shipped_scenarios(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    for place in everything(parse_yaml(text, "")):
        if isinstance(place.value, (int, float)):
            changed = replaced(text, place, 4711)
            assert changed == text[: place.start] + "4711" + text[place.end :]


def test_marks_hold_the_text_of_each_value() -> None:
    text = "a: {x: 'q' , y: [1, 2 ]} # c\nb:\n  - one\n  - k: v # d\n\n# e\nc: |\n  t\n\n\nd: >-\n  u\n"
    held = {text[one.start : one.end] for one in everything(parse_yaml(text, ""))}
    assert {"'q'", "[1, 2 ]", "{x: 'q' , y: [1, 2 ]}", "one", "v", "k: v", "- one\n  - k: v"} <= held
    assert {"|\n  t", ">-\n  u", text.rstrip()} <= held


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), new=st.one_of(SCALARS, st.lists(SCALARS, max_size=3)))
def test_any_value_anywhere_is_read_again_or_refused(data: st.DataObject, new: NewValue) -> None:
    """Whatever is put where: the text reads with the new value and all others as before, or it is refused."""
    text = data.draw(st.sampled_from(TEXTS))
    places = everything(parse_yaml(text, ""))
    place = data.draw(st.sampled_from(places))
    try:
        changed = replaced(text, place, new)
    except NotInPlace:
        return
    assert changed.startswith(text[: place.start].rstrip())
    assert changed.endswith(text[place.end :])
    within = {id(one) for one in everything(place)}
    others = [one for one in places if id(one) not in within and not isinstance(one.value, (dict, list))]
    try:
        now = everything(parse_yaml(changed, ""))
    except BadInput:
        pytest.fail("it is YAML no more")
    plain = [one.plain() for one in now]
    assert all(one.value in plain for one in others)
    assert (list(new) if isinstance(new, tuple) else new) in plain


TEXTS = (
    "a: 1 # one\nb: {c: two, d: [3, 'four']} # x\ne:\n  - 5\n  - f: six\n    g: # none\n# end\n",
    "a: >\n  folded\n  text\nb: |+\n  kept\n\nc: 'x'\r\nd: \"y\"\r\n",
    "a: &p {x: 1, y: [1, 2]}\nb: *p\nc: é # ü\nd:\n- 1\n- 2\n",
)
