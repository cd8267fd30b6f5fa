"""The digest of a model: the same everywhere, another one for whatever changes a number."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tco_xlsx.language.axes import Axis
from tco_xlsx.language.checks import check
from tco_xlsx.language.choices import chosen
from tco_xlsx.language.digest import declarations, digest, formula_by_names
from tco_xlsx.language.expression import Expr, known, where
from tco_xlsx.language.lines import Choice, Line, choice, constant, fact, given, line, measured
from tco_xlsx.language.sections import Model, Section
from tco_xlsx.model import MODEL


def cost_or_nothing(price: Line, many: Line, kind: Choice) -> Expr:
    return where(chosen(kind, "one"), price * many, 0)


def made(**changed: Any) -> Model:
    """A small model with every kind of line, some of them replaced."""

    class Toy(Section):
        """A toy."""

        title = "Toy"
        price = changed.get("price", given("Price", "money", 3, at_least=0))
        many = changed.get("many", constant("Many", "1", 1_000, "counted"))
        kind = changed.get("kind", choice("Kind", {"one": "1", "two": "2"}, "one"))
        rps = changed.get("rps", measured("Rate", "request/s"))
        gpu = changed.get("gpu", fact("GPU"))
        total = line("Total", "money", changed.get("formula", cost_or_nothing)(price, many, kind))
        twice = line("Twice", "money", price + price, when=changed.get("when", known)(price))
        same = changed.get("same", check("Same", "money", price, price))

    return Model(Toy)


def test_it_is_the_same_in_another_process_with_another_seed_of_hashes() -> None:
    code = "from tco_xlsx.language.digest import digest; from tco_xlsx.model import MODEL; print(digest(MODEL))"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert done.stdout.strip() == digest(MODEL)


def test_it_names_no_address_of_an_object() -> None:
    assert not any("0x" in text or "<" in text for text in declarations(MODEL))


def test_every_line_is_in_it() -> None:
    assert [text.split(" | ")[0] for text in declarations(MODEL)] == [one.name for one in MODEL.lines]


@pytest.mark.parametrize(
    "changed",
    [
        lambda: {"price": given("Price", "money/year", 3, at_least=0)},
        lambda: {"price": given("Price", "money", 4, at_least=0)},
        lambda: {"price": given("Price", "money", 3, above=0)},
        lambda: {"price": given("Price", "money", 3, at_least=0, at_most=9)},
        lambda: {"price": given("Price", "money", 3, at_least=0, integer=True)},
        lambda: {"price": given("Price", "money", optional=True, at_least=0)},
        lambda: {"price": given("Price", "money", 3, at_least=0, sizes=(1, 2))},
        lambda: {"many": constant("Many", "1", 1_001, "counted")},
        lambda: {"kind": choice("Kind", {"one": "1", "three": "2"}, "one")},
        lambda: {"kind": choice("Kind", {"one": "1", "two": "2"}, "two")},
        lambda: {"rps": measured("Rate", "request/s", always=True)},
        lambda: {"formula": lambda price, many, kind: where(chosen(kind, "two"), price * many, 0)},
        lambda: {"formula": lambda price, many, kind: where(chosen(kind, "one"), many * price, 0)},
        lambda: {"formula": lambda price, many, kind: where(chosen(kind, "one"), price * many, 1)},
        lambda: {"formula": lambda price, many, kind: where(chosen(kind, "one"), price + many, 0)},
        lambda: {"when": lambda price: price > 0},
        lambda: {"price": given("Price", "money", 3, at_least=0, axis=Axis("year", "year", "years"))},
        lambda: {"rps": measured("Rate", "request/s", axis=Axis("year", "year", "years"))},
        lambda: {"gpu": fact("GPU", axis=Axis("year", "year", "years"))},
        lambda: {"same": check("Same", "money", 1, 1)},
        lambda: {"same": check("Same", "money", 1, 1, tolerance=1e-6)},
    ],
)
def test_whatever_changes_a_number_changes_it(changed: Callable[[], dict[str, Any]]) -> None:
    assert digest(made(**changed())) != digest(made())


def test_an_axis_counts_by_its_name_and_seats_and_not_by_its_nouns() -> None:
    one, renamed, longer = (
        Axis("year", "year", "years"),
        Axis("year", "Jahr", "Jahre"),
        Axis("year", "year", "years", seats=9),
    )
    digests = [digest(made(rps=measured("Rate", "request/s", axis=axis))) for axis in (one, renamed, longer)]
    assert digests[0] == digests[1] != digests[2]


def test_words_do_not_count() -> None:
    same = {
        "price": given("What it costs", "money", 3.0, at_least=0.0, note="each", source="an offer"),
        "many": constant("A lot", "1", 1_000.0, "from a book"),
    }
    assert digest(made(**same)) == digest(made())


def test_formulas_are_told_by_names_in_their_order() -> None:
    toy = made().by_name
    assert formula_by_names(toy["toy.price"] / toy["toy.many"]) == "divide(toy.price, toy.many)"
    assert formula_by_names(toy["toy.many"] / toy["toy.price"]) == "divide(toy.many, toy.price)"
    assert formula_by_names(toy["toy.price"] * 1) == "multiply(toy.price, 1.0)"
