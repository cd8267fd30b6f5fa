"""For each way of getting a scenario wrong: the place and the message, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.test_scenario import RIGHT, faults

PRICE, BENCHMARK = "price: 320000", "benchmark: points.csv"
ALLOWED_PRICE = "is not allowed; it must be 0 or more (With everything that is bought with it)."
LIFE = "is not allowed; it must be above 0 up to 30 (Straight-line depreciation over these years)."
DIGITS = "Write the digits alone, such as 1234.5."

# case -> (what is replaced, by what, the faults)
REPLACED: dict[str, tuple[str, str, list[str]]] = {
    "unknown section": ("hosting:", "hostin:", ["9:1 hostin: no such section. Did you mean hosting?"]),
    "section in capitals": ("workload:", "Workload:", ["1:1 Workload: no such section. Did you mean workload?"]),
    "unknown input": (PRICE, "prise: 3", ["6:3 server.prise: no such input. Did you mean server.price?"]),
    "quite unknown input": (
        PRICE, f"{PRICE}\n  xyz: 3",
        ["7:3 server.xyz: no such input. There are price, gpus, life_years, residual_share, price_change,"
         " installation_share."],
    ),
    "text": (PRICE, "price: cheap", ['6:10 server.price: "cheap" is not a number.']),
    "commas": (PRICE, "price: 320,000", ['6:10 server.price: "320,000" is not a number. Write 320000.']),
    "spaces": (PRICE, "price: 320 000.5", ['6:10 server.price: "320 000.5" is not a number. Write 320000.5.']),
    "underscores": (PRICE, "price: 320_000", ['6:10 server.price: "320_000" is not a number. Write 320000.']),
    "quotes": (PRICE, "price: '320000'", ['6:10 server.price: "320000" is not a number. Write it without quotes.']),
    "percent": (
        "life_years: 4", "life_years: 4\n  residual_share: 20 %",
        ['9:19 server.residual_share: "20 %" is not a number. Write 0.2.'],
    ),
    "per cent as a number": (
        "life_years: 4", "life_years: 4\n  residual_share: 20",
        [
            "9:19 server.residual_share: 20 is outside 0 to 1 (Share of the price that is left after the life). Write"
            " 0.2 for 20 %."
        ],
    ),
    "a currency sign": (PRICE, "price: $320000", [f'6:10 server.price: "$320000" is not a number. {DIGITS}']),
    "thousands": (PRICE, "price: 320k", [f'6:10 server.price: "320k" is not a number. {DIGITS}']),
    "decimal comma": (PRICE, "price: 3.200,50", [f'6:10 server.price: "3.200,50" is not a number. {DIGITS}']),
    "date": (PRICE, "price: 2026-01-31", [f'6:10 server.price: "2026-01-31" is not a number. {DIGITS}']),
    "bool": ("gpus: 8", "gpus: true", ["7:9 server.gpus: true is not a number."]),
    "yes": ("gpus: 8", "gpus: yes", ['7:9 server.gpus: "yes" is not a number.']),
    "list": (PRICE, "price: [1, 2]", ["6:10 server.price: a list is not a number."]),
    "infinity": (PRICE, "price: .inf", ["6:10 server.price: inf is not a finite number."]),
    "not a number": (PRICE, "price: .NaN", ["6:10 server.price: nan is not a finite number."]),
    "too large": (PRICE, "price: 1e999", ["6:10 server.price: inf is not a finite number."]),
    "too many digits": (
        PRICE, f"price: {'9' * 400}", [f'6:10 server.price: "{"9" * 60}..." is not a number. {DIGITS}'],
    ),
    "too large a whole number": (
        PRICE, f"price: 0x1{'0' * 290}", [f"6:10 server.price: {str(16**290)[:60]}... is not a finite number."],
    ),
    "line feed in a text": (PRICE, 'price: "1\\n2"', [f'6:10 server.price: "1\\n2" is not a number. {DIGITS}']),
    "below": (PRICE, "price: -0.5", [f"6:10 server.price: -0.5 {ALLOWED_PRICE}"]),
    "above": ("life_years: 4", "life_years: 30.5", [f"8:15 server.life_years: 30.5 {LIFE}"]),
    "at an exclusive bound": ("life_years: 4", "life_years: 0", [f"8:15 server.life_years: 0 {LIFE}"]),
    "below both bounds": (
        "life_years: 4", "life_years: 4\ncalendar: {days_per_year: 52}",
        ["9:27 calendar.days_per_year: 52 is outside 360 to 366."],
    ),
    "not whole": ("gpus: 8", "gpus: 8.5", ["7:9 server.gpus: 8.5 is not a whole number."]),
    "missing": (f"  {PRICE}\n", "", ['5:1 server.price: is missing; "Price" has no default.']),
    "section missing": (
        "hosting:\n  per_server_year: 3000\n", "",
        ['1:1 hosting.per_server_year: is missing; "Hosting of a server" has no default.'],
    ),
    "empty": (PRICE, "price:", ['6:9 server.price: is empty; "Price" needs a number.']),
    "empty with a tilde": (PRICE, "price: ~", ['6:10 server.price: is empty; "Price" needs a number.']),
    "low above the value": (
        PRICE, "price: {value: 3, low: 4, high: 2}",
        ["6:26 server.price.low: 4 is above the value 3.", "6:35 server.price.high: 2 is below the value 3."],
    ),
    "low out of range": (PRICE, "price: {value: 3, low: -1}", [f"6:26 server.price.low: -1 {ALLOWED_PRICE}"]),
    "low no number": (PRICE, "price: {value: 3, low: x}", ['6:26 server.price.low: "x" is not a number.']),
    "no value": (PRICE, "price: {low: 3, source: me}", ["6:3 server.price: has no `value`."]),
    "unknown key of a value": (
        PRICE, "price: {value: 3, sorce: me}", ["6:21 server.price.sorce: no such key. Did you mean source?"],
    ),
    "source a list": (PRICE, "price: {value: 3, source: [me]}", ["6:29 server.price.source: expected a text."]),
    "section a list": ("hosting:\n  per_server_year: 3000", "hosting: [3000]",
                       ["9:10 hosting: expected the inputs of the section below it, by name."]),
    "key twice": ("gpus: 8", "gpus: 8\n  gpus: 9", ["8:3 gpus: is given twice (first on line 7); keep one of them."]),
    "no benchmark": (
        f"{BENCHMARK}\n", "",
        ["1:1 benchmark: is missing; give its files, or set performance.source: manual with manual_rps and"
         " manual_gpus."],
    ),
    "benchmark without files": (BENCHMARK, "benchmark: {facts: {model: x}}", ["11:1 benchmark: has no `files`."]),
    "no files in the list": (BENCHMARK, "benchmark: {files: []}", ["11:1 benchmark: has no `files`."]),
    "a file that is not there": (
        BENCHMARK, "benchmark: [points.csv, gone.csv]",
        ["11:12 benchmark.files: gone.csv is not there (looked in FOLDER)."],
    ),
    "file a mapping": (BENCHMARK, "benchmark: [{a: b}]", ["11:13 benchmark: expected a text."]),
    "unknown benchmark key": (
        BENCHMARK, "benchmark: {files: a, fact: {}}", ["11:23 benchmark.fact: no such key. Did you mean facts?"],
    ),
    "unknown filter": (
        BENCHMARK, "benchmark: {files: a, where: {gpu: H100}}",
        ["11:31 benchmark.where.gpu: no such key. There are model, gpu_type, precision, engine, tool, isl, osl,"
         " concurrency."],
    ),
    "filter without a value": (
        BENCHMARK, "benchmark: {files: a, where: {isl: }}",
        ["11:36 benchmark.where.isl: expected a value or a list of values."],
    ),
    "filter a number in quotes": (
        BENCHMARK, "benchmark: {files: a, where: {concurrency: '16', isl: [200, '1,000', true]}}",
        ["11:44 benchmark.where.concurrency: \"16\" is not a number. Write it without quotes.",
         "11:61 benchmark.where.isl: \"1,000\" is not a number. Write 1000.",
         "11:70 benchmark.where.isl: true is not a number."],
    ),
    "filter a mapping": (
        BENCHMARK, "benchmark: {files: a, where: {isl: [{a: 1}]}}",
        ["11:36 benchmark.where.isl: expected a value or a list of values."],
    ),
    "where a text": (
        BENCHMARK, "benchmark: {files: a, where: H100}",
        ["11:30 benchmark.where: expected model, gpu_type, precision, engine, tool, isl, osl, concurrency, each with"
         " its value."],
    ),
    "unknown fact": (
        BENCHMARK, "benchmark: {files: a, facts: {modle: x}}",
        ["11:31 benchmark.facts.modle: no such key. Did you mean model?"],
    ),
    "quite unknown fact": (
        BENCHMARK, "benchmark: {files: a, facts: {tp: 8}}",
        ["11:31 benchmark.facts.tp: no such key. There are model, gpu_type, gpus_per_instance, precision, engine."],
    ),
    "fact a list": (
        BENCHMARK, "benchmark: {files: a, facts: {model: [x]}}", ["11:38 benchmark.facts.model: expected a value."],
    ),
    "GPUs in words": (
        BENCHMARK, "benchmark: {files: a, facts: {gpus_per_instance: two}}",
        ['11:50 benchmark.facts.gpus_per_instance: "two" is not a number of GPUs, 1 or more.'],
    ),
    "GPUs zero": (
        BENCHMARK, "benchmark: {files: a, facts: {gpus_per_instance: 0}}",
        ["11:50 benchmark.facts.gpus_per_instance: 0 is not a number of GPUs, 1 or more."],
    ),
}  # fmt: skip

# case -> (what is added at the end, the faults)
ADDED: dict[str, tuple[str, list[str]]] = {
    "section that is computed": (
        "cost: {total_year: 3}", ["12:1 cost: holds no inputs; everything in it is computed or measured."],
    ),
    "section that is measured": (
        "points: {rps: 3}", ["12:1 points: holds no inputs; everything in it is computed or measured."],
    ),
    "computed line": ("fleet:\n  servers: 3", ["13:3 fleet.servers: is computed; it cannot be given."]),
    "constant": ("calendar: {hours_per_day: 25}", ["12:12 calendar.hours_per_day: is fixed; it cannot be given."]),
    "dotted name": ("server.price: 3", ["12:1 server.price: write it as `price:` below `server:`."]),
    "input without its section": ("headroom: 0.1", ["12:1 headroom: no such section. Write it below `fleet:`."]),
    "quite unknown section": (
        "zebra: 1",
        ["12:1 zebra: no such section. There are extends, title, notes, currency, benchmark, matrix, workload, service,"
         " configuration, performance, server, hosting, licence, calendar, day, fleet, reference, unit_cost, timeline,"
         " depreciation, network, storage, racks, power, colocation, running, maintenance, bandwidth, staff, setup"
         " and 11 more."],
    ),
    "input of another section": (
        "licence: {headroom: 0.1}", ["12:11 licence.headroom: no such input. Did you mean fleet.headroom?"],
    ),
    "section twice": ("server: {}", ["12:1 server: is given twice (first on line 5); keep one of them."]),
    "unknown code": (
        "licence:\n  basis: servr",
        ['13:10 licence.basis: "servr" is not one of server, gpu, flat. Did you mean server?'],
    ),
    "code a number": ("licence: {basis: 3}", ["12:18 licence.basis: 3 is not one of server, gpu, flat."]),
    "code in capitals": ("licence: {basis: GPU}", ['12:18 licence.basis: "GPU" is not one of server, gpu, flat.']),
    "no code": ("licence:\n  basis:", ["13:9 licence.basis: is empty; choose one of server, gpu, flat."]),
    "range of a choice": (
        "licence: {basis: {value: gpu, low: server}}",
        ["12:36 licence.basis.low: a choice has no range; leave it out."],
    ),
    "range of nothing": (
        "service:\n  max_ttft_ms: {value: , high: 3}",
        ["13:32 service.max_ttft_ms.high: is given, but the value is empty."],
    ),
    "manual without figures": (
        "performance:\n  source: manual",
        ["12:1 performance.manual_gpus: is empty; performance.source: manual needs it.",
         "12:1 performance.manual_rps: is empty; performance.source: manual needs it."],
    ),
    "manual with half of them": (
        "performance: {source: manual, manual_rps: 3}",
        ["12:1 performance.manual_gpus: is empty; performance.source: manual needs it."],
    ),
    "pick a list": ("configuration: {engine: [a, b]}", ["12:25 configuration.engine: expected a text."]),
    "range of a pick": (
        "configuration: {engine: {value: vllm, low: sglang}}",
        ["12:44 configuration.engine.low: a choice has no range; leave it out."],
    ),
    "title too long": (f"title: {'x' * 201}", ["12:8 title: has 201 characters; keep it to 200."]),
    "title a list": ("title: [a, b]", ["12:8 title: expected a text."]),
    "title a mapping": ("title: {a: b}", ["12:8 title: expected a text."]),
    "note a mapping": ("notes: [a, {b: c}]", ["12:12 notes: expected a text."]),
    "currency in small letters": (
        "currency: usd", ['12:11 currency: "usd" is not three capital letters, such as USD or CNY.'],
    ),
    "currency a sign": ("currency: €", ['12:11 currency: "€" is not three capital letters, such as USD or CNY.']),
    "currency with a line feed": (
        'currency: "USD\\n"', ['12:11 currency: "USD\\n" is not three capital letters, such as USD or CNY.'],
    ),
    "no currency": ("currency:", ["12:10 currency: is empty; expected three capital letters, such as USD or CNY."]),
    "not YAML": ("title: a: b", ["12:9 not valid YAML: mapping values are not allowed in this context; check the"
                                 " indentation, and put a text with a colon in quotes."]),
}  # fmt: skip

WHOLE: dict[str, list[str]] = {
    "- 1": ["1:1 a scenario is a mapping of sections, such as `workload:` with its inputs below it."],
    "only words": ["1:1 a scenario is a mapping of sections, such as `workload:` with its inputs below it."],
    "a: 1\n---\nb: 2": ["2:1 not valid YAML: a second document begins here; keep one of them."],
}


@pytest.mark.parametrize("case", REPLACED)
def test_a_wrong_piece(case: str, tmp_path: Path) -> None:
    old, new, expected = REPLACED[case]
    assert RIGHT.count(old) == 1
    assert faults(tmp_path, RIGHT.replace(old, new)) == expected


@pytest.mark.parametrize("case", ADDED)
def test_a_wrong_addition(case: str, tmp_path: Path) -> None:
    added, expected = ADDED[case]
    assert faults(tmp_path, f"{RIGHT}{added}\n") == expected


@pytest.mark.parametrize("text", WHOLE)
def test_a_wrong_file(text: str, tmp_path: Path) -> None:
    assert faults(tmp_path, text) == WHOLE[text]
