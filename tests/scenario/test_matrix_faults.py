"""For each way of getting a matrix wrong: the place and the message, word for word, told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.test_scenario import RIGHT, faults

# case -> (the matrix, on line 12, the faults)
WRONG: dict[str, tuple[str, list[str]]] = {
    "a list": (
        "[1]",
        ["12:9 matrix: expected `vary:` below it, with what varies."],
    ),
    "nothing": (
        "",
        ["12:1 matrix: expected `vary:` below it, with what varies."],
    ),
    "no vary": (
        "{name: x}",
        ["12:1 matrix: has no `vary`; give the names of what varies, each with its values."],
    ),
    "vary empty": (
        "{vary: {}}",
        ["12:10 matrix.vary: says nothing; give the names of what varies, each with its values."],
    ),
    "vary nothing": (
        "{vary: }",
        ["12:10 matrix.vary: says nothing; give the names of what varies, each with its values."],
    ),
    "vary a list": (
        "{vary: [server.price]}",
        ["12:10 matrix.vary: is no mapping; give the names of what varies, each with its values."],
    ),
    "unknown key": (
        "{vary: {server.price: [1]}, exclud: []}",
        ["12:37 matrix.exclud: no such key. Did you mean exclude?"],
    ),
    "axis beside vary": (
        "{server.price: [1, 2]}",
        ["12:10 matrix.server.price: no such key. What varies is written below `vary:`."],
    ),
    "unknown input": (
        "{vary: {server.pryce: [1, 2]}}",
        ["12:17 server.pryce: no such input. Did you mean server.price?"],
    ),
    "computed": (
        "{vary: {fleet.servers: [1, 2]}}",
        ["12:17 fleet.servers: is computed; it cannot be given."],
    ),
    "input without its section": (
        "{vary: {headroom: [0, 0.1]}}",
        ["12:17 headroom: is no input, so expected labels with their settings below it. Did you mean"
         " fleet.headroom?"],
    ),
    "input that is called like a section": (
        "{vary: {price: [1, 2]}}",
        ["12:17 price: is a section of the scenario; choose another name for the axis. Did you mean server.price?"
         " There are server.price_change, licence.price_year, reference.price_1m_input, reference.price_1m_output,"
         " network.share_of_price, storage.share_of_price, racks.share_of_price, power.price_per_kwh and 11 more."],
    ),
    "input of several sections": (
        "{vary: {life_years: [1, 2]}}",
        ["12:17 life_years: is no input, so expected labels with their settings below it. Did you mean"
         " server.life_years? There are network.life_years, storage.life_years, racks.life_years."],
    ),
    "column of a table": (
        "{vary: {items.amount: [1, 2]}}",
        ["12:17 items.amount: cannot vary by itself, being a column; give `items:` whole, below labels."],
    ),
    "section": (
        "{vary: {server: {price: [1, 2]}}}",
        ["12:17 server: is a section of the scenario; write `server.price:`."],
    ),
    "bundles named like a section": (
        "{vary: {hosting: {own: {server.price: 1}}}}",
        ["12:17 hosting: is a section of the scenario; choose another name for the axis."],
    ),
    "reserved name": (
        "{vary: {file: {own: {server.price: 1}}}}",
        ["12:17 file: means something else in names and titles; choose another name for the axis."],
    ),
    "odd name": (
        "{vary: {a b: {own: {server.price: 1}}}}",
        ["12:17 a b: cannot name an axis; choose a word of letters, digits, - and _."],
    ),
    "free name with a list": (
        "{vary: {hardware: [H100, B200]}}",
        ["12:17 hardware: is no input, so expected labels with their settings below it."],
    ),
    "free name with a range": (
        "{vary: {load: {from: 1, to: 2, steps: 2}}}",
        ["12:17 load: is no input, so expected labels with their settings below it. Did you mean power.load?"],
    ),
    "free name that is like no input, with a range": (
        "{vary: {xyzzy: {from: 1, to: 2, steps: 2}}}",
        ["12:17 xyzzy: is no input, so expected labels with their settings below it."],
    ),
    "currency": (
        "{vary: {currency: [USD, EUR]}}",
        ["12:17 currency: cannot vary; only inputs and the benchmark can."],
    ),
    "empty axis": (
        "{vary: {server.price: [], hardware: {}}}",
        ["12:31 server.price: has no values; list at least one.",
         "12:35 hardware: has no values; give labels with their settings."],
    ),
    "one value": (
        "{vary: {server.price: 3}}",
        ["12:31 server.price: expected a list of values or {from, to, steps}."],
    ),
    "one code": (
        "{vary: {licence.basis: gpu}}",
        ["12:32 licence.basis: expected a list of values."],
    ),
    "values twice": (
        "{vary: {server.price: [1, 2, 1.0, 1], licence.basis: [gpu, gpu]}}",
        ["12:38 server.price: 1 is given twice (first on line 12); keep one of them.",
         "12:43 server.price: 1 is given twice (first on line 12); keep one of them.",
         "12:68 licence.basis: gpu is given twice (first on line 12); keep one of them."],
    ),
    "wrong values once each": (
        "{vary: {server.price: [-1, x, 2], server.life_years: [1, 2, 3, 4], licence.basis: [gpu, servr]}}",
        ["12:32 server.price: -1 is not allowed; it must be 0 or more (With everything that is bought with it).",
         '12:36 server.price: "x" is not a number.',
         '12:97 licence.basis: "servr" is not one of server, gpu, flat. Did you mean server?'],
    ),
    "wrong value with a range": (
        "{vary: {server.price: [{value: 3, low: 4}, {valu: 3}]}}",
        ["12:48 server.price.low: 4 is above the value 3.",
         "12:52 server.price: has no `value`.",
         "12:53 server.price.valu: no such key. Did you mean value?"],
    ),
    "benchmark unknown": (
        "{vary: {benchmark.where.gpu: [H100]}}",
        ["12:17 benchmark.where.gpu: cannot vary. Did you mean benchmark.where.gpu_type?"],
    ),
    "benchmark where": (
        "{vary: {benchmark.where: [{isl: 1}]}}",
        ["12:17 benchmark.where: cannot vary as a whole; name one of its keys, such as"
         " benchmark.where.gpu_type."],
    ),
    "benchmark value": (
        "{vary: {benchmark.where.isl: [[], {a: 1}], benchmark.files: [~, gone.csv]}}",
        ["12:39 benchmark.where.isl: expected a value or a list of values.",
         "12:43 benchmark.where.isl: expected a value or a list of values.",
         "12:70 benchmark.files: is empty; expected a text or a list of texts.",
         "12:73 benchmark.files: gone.csv is not there (looked in FOLDER)."],
    ),
    "two axes set one input": (
        "{vary: {server.price: [1, 2], hardware: {a: {server.price: 3}, b: {server: {price: 4}}}}}",
        ["12:39 hardware: sets server.price, as server.price does (line 12); keep one."],
    ),
    "range keys": (
        "{vary: {server.price: {from: 1, too: 2}}}",
        ["12:17 server.price: has no `steps`; a range is {from, to, steps}.",
         "12:17 server.price: has no `to`; a range is {from, to, steps}.",
         "12:41 server.price.too: no such key. Did you mean to?"],
    ),
    "range of words": (
        "{vary: {server.price: {from: cheap, to: '9', steps: 2}}}",
        ['12:38 server.price.from: "cheap" is not a number.',
         '12:49 server.price.to: "9" is not a number. Write it without quotes.'],
    ),
    "range beyond bounds": (
        "{vary: {server.price: {from: -1, to: 2, steps: 4}}}",
        ["12:38 server.price: -1 is not allowed; it must be 0 or more (With everything that is bought with it)."],
    ),
    "range of one step": (
        "{vary: {server.price: {from: 1, to: 2, steps: 1}}}",
        ["12:55 server.price.steps: 1 is not a whole number of values, 2 or more."],
    ),
    "range of half steps": (
        "{vary: {server.price: {from: 1, to: 2, steps: 2.5}}}",
        ["12:55 server.price.steps: 2.5 is not a whole number of values, 2 or more."],
    ),
    "range of nothing": (
        "{vary: {server.price: {from: 2, to: 2.0, steps: 3}}}",
        ["12:31 server.price: the range begins and ends at 2; list one value."],
    ),
    "range of fractions": (
        "{vary: {server.gpus: {from: 1, to: 8, steps: 5}}}",
        ["12:30 server.gpus: 5 steps give 2.75, which is not a whole number; list the values."],
    ),
    "range of a choice": (
        "{vary: {licence.basis: {from: gpu, to: flat, steps: 2}}}",
        ["12:32 licence.basis: is a choice; list the values that it takes."],
    ),
    "range of infinity": (
        "{vary: {server.price: {from: 0, to: .inf, steps: 3}}}",
        ["12:45 server.price.to: inf is not a number."],
    ),
    "bundle a number": (
        "{vary: {hardware: {H100: 290000}}}",
        ["12:34 hardware: H100: expected what it sets, such as `server.price: 290000`."],
    ),
    "bundle empty label": (
        "{vary: {hardware: {'': {server.price: 1}}}}",
        ["12:28 hardware: a label is empty; give it a name."],
    ),
    "bundle unknown things": (
        "{vary: {deal: {own: {server.pryce: 1, headroom: 2, sever: {}, cost: {}, title: x, fleet: {headrom: 1},"
        " benchmark.wher: 1}}}}",
        ["12:30 server.pryce: no such input. Did you mean server.price?",
         "12:47 headroom: no such section. Write it as `fleet.headroom:`.",
         "12:60 sever: no such section. Did you mean server?",
         "12:71 cost: cannot vary; only inputs and the benchmark can.",
         "12:81 title: cannot vary; only inputs and the benchmark can.",
         "12:99 fleet.headrom: no such input. Did you mean fleet.headroom?",
         "12:112 benchmark.wher: no such key. Did you mean where?"],
    ),
    "bundle wrong values once": (
        "{vary: {deal: {own: {server.price: x}, rent: {}}, server.life_years: [1, 2, 3]}}",
        ['12:44 server.price: "x" is not a number.'],
    ),
    "bundle says it twice": (
        "{vary: {deal: {own: {server.price: 1, server: {price: 2}}}}}",
        ["12:47 server.price: is given twice; keep one of them."],
    ),
    "exclude a mapping": (
        "{vary: {server.price: [1, 2]}, exclude: {server.price: 1}}",
        ["12:49 matrix.exclude: expected a list of combinations, such as `- {server.price: 1}`."],
    ),
    "exclude a word": (
        "{vary: {server.price: [1, 2]}, exclude: [1, {}]}",
        ["12:50 matrix.exclude: expected what varies and its value, such as `server.price: 1`.",
         "12:53 matrix.exclude: expected what varies and its value, such as `server.price: 1`."],
    ),
    "exclude of what does not vary": (
        "{vary: {server.price: [1, 2]}, exclude: [{server.prise: 1}, {server.gpus: 8}]}",
        ["12:51 matrix.exclude: server.prise does not vary. Did you mean server.price?",
         "12:70 matrix.exclude: server.gpus does not vary. Did you mean server.price?"],
    ),
    "exclude of no value": (
        "{vary: {server.price: [1, 2], deal: {own: {}, rent: {}}}, exclude: [{server.price: 3}, {deal: [own,"
        " sale]}]}",
        ["12:92 matrix.exclude: server.price: 3 is none of its values (1, 2).",
         '12:109 matrix.exclude: deal: "sale" is none of its values (own, rent).'],
    ),
    "exclude of no value among many": (
        "{vary: {server.price: {from: 1, to: 20, steps: 20}}, exclude: [{server.price: 21}]}",
        ["12:87 matrix.exclude: server.price: 21 is none of its values (1, 2, 3, 4, 5, 6, 7, 8, ...)."],
    ),
    "exclude twice": (
        "{vary: {server.price: [1, 2], server.life_years: [1, 2]}, exclude: [{server.price: 1},"
        " {server.price: 1, server.life_years: 2}]}",
        ["12:96 matrix.exclude: leaves out nothing that is not left out already; take it away."],
    ),
    "exclude everything": (
        "{vary: {server.price: [1, 2]}, exclude: [{server.price: [1, 2]}]}",
        ["12:1 matrix: every combination is excluded."],
    ),
    "include a mapping": (
        "{vary: {server.price: [1, 2]}, include: {server.price: 3}}",
        ["12:49 matrix.include: expected a list of combinations, such as `- {server.price: 1}`."],
    ),
    "include repeats": (
        "{vary: {server.price: [1, 2]}, include: [{server.price: 2}, {server.price: 3}, {server.price: 3.0}]}",
        ["12:50 matrix.include: repeats a combination that there is already; take it away.",
         "12:88 matrix.include: repeats a combination that there is on line 12; take it away."],
    ),
    "include lacks an axis": (
        "{vary: {server.price: [1, 2], deal: {own: {}}}, include: [{server.price: 3}]}",
        ["12:67 matrix.include: gives no deal; give a value for all that varies."],
    ),
    "include unknown label": (
        "{vary: {deal: {own: {}, rent: {}}}, include: [{deal: lease, server.price: 3}]}",
        ['12:62 deal: "lease" is none of its labels. There are own, rent.'],
    ),
    "include wrong things": (
        "{vary: {server.price: [1, 2]}, include: [{server.price: x, server.pryce: 3, fleet: {headroom: -9}}]}",
        ['12:65 server.price: "x" is not a number.',
         "12:68 server.pryce: no such input. Did you mean server.price?",
         "12:103 fleet.headroom: -9 is outside 0 to 10 (0.2 sizes for 1.2 times the peak)."],
    ),
    "include says it twice": (
        "{vary: {server.price: [1, 2]}, include: [{server.price: 3, server: {price: 4}}]}",
        ["12:50 matrix.include: server.price is given twice; keep one of them."],
    ),
    "include without a name": (
        "{vary: {server.price: [1, 2]}, include: [{server.price: 2, server.gpus: 4}]}",
        ['12:50 matrix.include: is called "base-2" as another scenario is; give it a `name:` of its own.'],
    ),
    "unknown placeholder": (
        "{vary: {server.price: [1, 2]}, name: '{file}-{server.prise}', title: '{titel}'}",
        ["12:46 matrix.name: {server.prise}: no such placeholder. Did you mean server.price?",
         "12:78 matrix.title: {titel}: no such placeholder. Did you mean title?"],
    ),
    "quite unknown placeholder": (
        "{vary: {server.price: [1, 2]}, name: '{x}{x}'}",
        ["12:46 matrix.name: {x}: no such placeholder. There are server.price, file."],
    ),
    "stray brace": (
        "{vary: {server.price: [1, 2]}, name: '{file', title: 'a} {title}'}",
        ["12:46 matrix.name: has a brace without its other; write a placeholder as {file}.",
         "12:62 matrix.title: has a brace without its other; write a placeholder as {file}."],
    ),
    "unsafe name": (
        "{vary: {server.price: [1, 2]}, name: 'out/{server.price}'}",
        ['12:46 matrix.name: "/" cannot stand in a name; use letters, digits, - _ and the dot.'],
    ),
    "name a list": (
        "{vary: {server.price: [1, 2]}, name: [a], title: {}}",
        ["12:46 matrix.name: expected a text.",
         "12:58 matrix.title: expected a text."],
    ),
    "name empty": (
        "{vary: {server.price: [1, 2]}, name: , title: ''}",
        ["12:46 matrix.name: is empty; write a pattern, such as {file}-cheap.",
         "12:55 matrix.title: is empty; write a pattern, such as {file}-cheap."],
    ),
    "names of dots": (
        "{vary: {server.price: [1]}, name: '..-'}",
        ["12:43 matrix.name: gives an empty name; add something, such as {file}."],
    ),
    "names that leave an axis out": (
        "{vary: {server.price: [1, 2], server.gpus: [4, 8]}, name: '{file}-{server.gpus}'}",
        ['12:67 matrix.name: "base-4" names more than one scenario; add {server.price}.'],
    ),
    "labels that differ in signs": (
        "{vary: {deal: {a b: {}, A-B: {server.price: 1}}}}",
        ['12:1 matrix.name: "base-A-B" names more than one scenario; their labels differ only in signs or'
         " capitals; change one."],
    ),
    "too many": (
        "{vary: {server.price: {from: 1, to: 400, steps: 400}, fleet.headroom: {from: 0, to: 1, steps: 251}}}",
        ["12:10 matrix.vary: gives 100,400 combinations; 100,000 are the most. Use `sweep`."],
    ),
    "manual without figures": (
        "{vary: {how: {measured: {}, typed: {performance.source: manual, performance.manual_rps: 3}},"
        " server.price: [1, 2, 3]}}",
        ["12:37 how = typed: performance.manual_gpus: is empty; performance.source: manual needs it."],
    ),
    "manual in all": (
        "{vary: {performance.source: [manual], server.price: [1, 2, 3]}}",
        ["12:38 performance.manual_gpus: is empty; performance.source: manual needs it.",
         "12:38 performance.manual_rps: is empty; performance.source: manual needs it."],
    ),
    "benchmark not there": (
        "{vary: {data: {here: {}, gone: {benchmark.files: gone.csv}}, server.price: [1, 2, 3]}}",
        ["12:58 benchmark.files: gone.csv is not there (looked in FOLDER)."],
    ),
}  # fmt: skip

# case -> (the matrix, on line 11 of a file without a price, the faults)
INCOMPLETE: dict[str, tuple[str, list[str]]] = {
    "a label leaves it out": (
        "{vary: {deal: {own: {server.price: 1}, rent: {hosting.per_server_year: 9}}, server.life_years: [1,"
        " 2]}}",
        ['11:48 deal = rent: server.price: is missing; "Price" has no default.'],
    ),
    "nobody gives it": (
        "{vary: {deal: {own: {fleet.headroom: 1}, rent: {}}, server.life_years: [1, 2]}}",
        ['5:1 server.price: is missing; "Price" has no default.'],
    ),
    "misspelt in a label": (
        "{vary: {deal: {own: {server.pryce: 1}, rent: {server.price: 1}}}}",
        ["11:30 server.pryce: no such input. Did you mean server.price?"],
    ),
    "misspelt axis": (
        "{vary: {server.pryce: [1, 2]}}",
        ["11:17 server.pryce: no such input. Did you mean server.price?"],
    ),
    "only an include gives it": (
        "{vary: {server.life_years: [1, 2]}, include: [{server.life_years: 3, server.price: 1}]}",
        ['5:1 server.price: is missing; "Price" has no default.'],
    ),
    "an include leaves it out": (
        "{vary: {deal: {own: {server.price: 1}, rent: {}}}, exclude: [{deal: rent}], include: [{deal: rent,"
        " fleet.headroom: 1}]}",
        ['11:95 matrix.include: server.price: is missing; "Price" has no default.'],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_matrix(case: str, tmp_path: Path) -> None:
    matrix, expected = WRONG[case]
    assert faults(tmp_path, f"{RIGHT}matrix: {matrix}\n") == expected


@pytest.mark.parametrize("case", INCOMPLETE)
def test_what_a_matrix_leaves_out(case: str, tmp_path: Path) -> None:
    matrix, expected = INCOMPLETE[case]
    text = RIGHT.replace("  price: 320000\n", "")
    assert faults(tmp_path, f"{text}matrix: {matrix}\n") == expected


def test_names_and_titles_have_a_length(tmp_path: Path) -> None:
    one, two = "a" * 101, "b" * 101
    assert faults(tmp_path, f"{RIGHT}matrix: {{vary: {{deal: {{{one}: {{}}, {two}: {{}}}}}}}}\n") == [
        f'12:1 matrix.name: gives "base-{"a" * 25}...", 106 characters; keep names to 100.'
    ]
    assert faults(
        tmp_path, f"{RIGHT}matrix: {{vary: {{server.price: [1, 2]}}, title: '{'t' * 200}{{server.price}}'}}\n"
    ) == ["12:47 matrix.title: gives a title of 201 characters; keep it to 200."]
