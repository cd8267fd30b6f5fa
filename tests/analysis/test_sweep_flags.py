"""What `--vary` takes, and every way to get it wrong."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tco_xlsx.analysis.sweep.vary import DependentPick, parse_vary, settle
from tco_xlsx.case.prepare import prepare
from tco_xlsx.documents.errors import Fault
from tco_xlsx.model import MODEL
from tco_xlsx.scenario.inputs import InputScalar
from tests.support import shipped

DATA = shipped.ROOT / "scenarios" / "data"
#: The tokens, and the GPU type, are left open.
OPEN = """\
benchmark: {{files: {data}/nvidia_tco_rows.csv}}
workload: {{peak_rps: 100, average_rps: 100, input_tokens: 1000, output_tokens: 200}}
server: {{price: 370000, gpus: 8, life_years: 3}}
hosting: {{per_server_year: 20000}}
{more}"""


def values_of(flag: str) -> tuple[InputScalar, ...]:
    faults: list[Fault] = []
    (varied,) = parse_vary([flag], (), MODEL, faults)
    assert faults == []
    return varied.values


@pytest.mark.parametrize(
    ("flag", "values"),
    [
        ("server.price=250000:400000:3", (250000, 325000, 400000)),
        ("server.price = 5:1:3", (5, 3, 1)),
        ("fleet.headroom=0.1:0.5:5", (0.1, 0.2, 0.3, 0.4, 0.5)),
        ("server.gpus=1:8:8", (1, 2, 3, 4, 5, 6, 7, 8)),
        ("server.gpus=4,8", (4, 8)),
        ("server.price=1e5", (100000,)),
        ("service.max_ttft_ms=,300", (None, 300)),
        ("service.max_ttft_ms=", (None,)),
        ("licence.basis=gpu, flat", ("gpu", "flat")),
        ("configuration.tokens=1000 / 200, 200 / 200", ("1000 / 200", "200 / 200")),
        ('configuration.setup="tp4, pp2",8', ("tp4, pp2", "8")),
        ("configuration.setup=a:b:c", ("a:b:c",)),
    ],
)
def test_values_of_a_flag(flag: str, values: tuple[InputScalar, ...]) -> None:
    assert values_of(flag) == values


@given(st.decimals("0", "1000000", places=3), st.decimals("0", "1000000", places=3), st.integers(2, 40))
def test_a_range_holds_its_ends_and_the_nearest_number_to_each_exact_place(low: object, high: object, n: int) -> None:
    if low == high:
        return
    first, last = Fraction(str(low)), Fraction(str(high))
    exact = [first + (last - first) * place / (n - 1) for place in range(n)]
    assert values_of(f"server.price={low}:{high}:{n}") == tuple(float(each) for each in exact)


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("server.price", "server.price: expected section.name=lo:hi:n or section.name=value,value."),
        ("=1,2", "=1,2: expected section.name=lo:hi:n or section.name=value,value."),
        ("server.pryce=1", "server.pryce: no such input. Did you mean server.price?"),
        ("cost.total_year=1", "cost.total_year: is computed; it cannot be given."),
        ("calendar.hours_per_day=1", "calendar.hours_per_day: is fixed; it cannot be given."),
        ("points.rps=1", "points.rps: comes from the benchmark; it cannot be given."),
        ("server.price=-1", "server.price: -1 is not allowed; it must be 0 or more (With everything that is bought"
         " with it)."),
        ("server.price=cheap", 'server.price: "cheap" is not a number.'),
        ("server.price=", 'server.price: is empty; "Price" needs a number.'),
        ("server.price=1e999", "server.price: inf is not a finite number."),
        ("server.price=250,000", 'server.price: "000" looks like a piece of a number; write 250000, not 250,000.'),
        ("server.price=1,2,1.0", "server.price: 1 is given twice."),
        ("service.max_ttft_ms=,,5", "service.max_ttft_ms: an empty value is given twice."),
        ('server.price="1', 'server.price: ""1" cannot be taken apart: unexpected end of data.'),
        ("server.gpus=1.5", "server.gpus: 1.5 is not a whole number."),
        ("server.gpus=1:8:5", "server.gpus: 1:8:5 gives 2.75, which is not a whole number; use 1:8:8 for whole steps,"
         " or write the values out."),
        ("server.price=1:2", 'server.price: "1:2" is no range; expected lo:hi:n, such as 10:50:5 for 10, 20, 30, 40,'
         " 50."),
        ("server.price=1:2:x", 'server.price: "x" ends the range 1:2:x; expected how many values, 2 to 1,000,000.'),
        ("server.price=1:2:1", 'server.price: "1" ends the range 1:2:1; expected how many values, 2 to 1,000,000.'),
        ("server.price=2:2:3", "server.price: 2:2:3 gives the same number more than once; ask for fewer values."),
        ("licence.basis=gpus", 'licence.basis: "gpus" is not one of server, gpu, flat. Did you mean gpu?'),
        ("licence.basis=gpu,gpu", "licence.basis: gpu is given twice."),
        ("configuration.engine=,vllm", "configuration.engine: is empty; name a text of the points, or `any`."),
    ],
)  # fmt: skip
def test_a_wrong_flag(flag: str, message: str) -> None:
    faults: list[Fault] = []
    parse_vary([flag], (), MODEL, faults)
    assert [(fault.path, fault.message) for fault in faults] == [("--vary", message)]


def test_both_ends_of_a_range_are_judged() -> None:
    faults: list[Fault] = []
    parse_vary(["fleet.uptime=0:2:5"], (), MODEL, faults)
    assert [fault.message for fault in faults] == [
        "fleet.uptime: 0 is not allowed; it must be above 0 up to 1.",
        "fleet.uptime: 2 is not allowed; it must be above 0 up to 1.",
    ]


def test_an_input_is_varied_once_and_not_set_as_well() -> None:
    faults: list[Fault] = []
    flags = ["server.price=1,2", "server.price=3", "server.gpus=4,8"]
    parse_vary(flags, ["server.gpus=8"], MODEL, faults)
    assert [fault.message for fault in faults] == [
        "server.price: is varied twice; put all its values into one --vary.",
        "server.gpus: is given by --set, too; leave one of them out.",
    ]


def test_too_many_combinations() -> None:
    faults: list[Fault] = []
    parse_vary([f"{name}=1:9:1000" for name in ("server.price", "server.life_years", "hosting.per_server_year")], (),
               MODEL, faults)  # fmt: skip
    assert [fault.message for fault in faults] == [
        "1,000,000,000 combinations are too many; at most 100,000,000 are computed."
    ]


def settled(folder: Path, more: str, *flags: str) -> tuple[list[DependentPick], list[str]]:
    (folder / "s.yaml").write_text(OPEN.format(data=DATA, more=more))
    (one,) = prepare([folder / "s.yaml"], MODEL)
    faults: list[Fault] = []
    _, followers = settle(parse_vary(flags, (), MODEL, faults), MODEL, one.scenario, one.case, faults)
    return followers, [fault.message for fault in faults]


def test_tokens_that_are_left_open_follow_the_lengths_that_are_varied(tmp_path: Path) -> None:
    more = "configuration: {gpu_type: H100_80GB}\n"
    followers, faults = settled(tmp_path, more, "server.price=1,2", "workload.input_tokens=200,1000,1010")
    assert faults == []
    assert [(one.line.name, one.by, one.codes) for one in followers] == [
        ("configuration.tokens", ("workload.input_tokens",), ("200 / 200", "1000 / 200", "1000 / 200"))
    ]
    followers, faults = settled(tmp_path, more, "workload.input_tokens=1000,5000,6000")
    (message,) = faults
    assert message.startswith("at workload.input_tokens = 5000: configuration.tokens: the points are of")
    assert settled(tmp_path, more, "server.price=1,2") == ([], [])


def test_a_pick_that_no_point_holds(tmp_path: Path) -> None:
    flag = "configuration.gpu_type=h100_80gb,H300_80GB"
    _, (message,) = settled(tmp_path, "configuration: {gpu_type: H100_80GB}\n", flag)
    told = '"H300_80GB" is not among the points: A100-SXM4-80GB, H100_80GB. Did you mean H100_80GB?'
    assert message == f"configuration.gpu_type: {told}"


def test_too_much_to_settle(tmp_path: Path) -> None:
    flags = ("workload.input_tokens=100:1000:901", "workload.output_tokens=100:200:101")
    _, (message,) = settled(tmp_path, "configuration: {gpu_type: H100_80GB}\n", *flags)
    assert message == (
        "91,001 combinations of workload.input_tokens, workload.output_tokens would each have to settle "
        "configuration.tokens; choose with --set, or vary fewer values."
    )
