"""SGLang: the JSON Lines of bench_serving, one operating point a line; a sweep appends to one file.

`server_info`, in newer versions, tells model and parallel sizes; with prefill and decode apart it lists one
server of each kind, however many there are. `concurrency` is what was reached, `max_concurrency` what was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_stream import BrokenJson, CutList
from tco_xlsx.bench.files.json_values import at, mapping, number, sequence, word
from tco_xlsx.bench.points.derived_latency import Flow, end_to_end
from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import Closeness, FileReading, Notice, use_all
from tco_xlsx.bench.tools.client_keys import TOPOLOGY, decode_time, flat_latency, load_of, model_name, per

NAME = "sglang"

SIDE_FILES: tuple[str, ...] = ()

choose = use_all

_NEEDED = ("request_throughput", "completed", "total_output_tokens")
_OWN = ("mean_e2e_latency_ms", "random_range_ratio", "random_input_len", "server_info", "accept_length")

# Until early 2025 the latencies were named without their unit, ms, and only two of them were written.
_OLD_KEYS = {
    **{
        f"{statistic}_{name}": f"{statistic}_{name}_ms"
        for statistic in ("mean", "median", "p99")
        for name in ("e2e_latency", "ttft", "tpot", "itl")
    },
    "total_input": "total_input_tokens",
    "total_output": "total_output_tokens",
    "output_token_throughput": "output_throughput",
    "benchmark_duration": "duration",
}

_RANDOM = "random"


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a result of SGLang; None when nothing speaks for it."""
    first = document.first
    content = _of_today(mapping(first[0] if isinstance(first, list) and first else first))
    own = [key for key in _OWN if key in content]
    if len(own) < 2 or ("mean_ttft_ms" not in content and "request_throughput" not in content):
        return None
    missing = tuple(key for key in _NEEDED if key not in content)
    return Closeness((*own, *(key for key in _NEEDED if key in content)), missing)


def read(document: Document) -> FileReading:
    """The points of a recognised file: one for each line."""
    points: list[Point] = []
    notices: list[Notice] = []
    index = 0
    try:
        for value in document.stream():
            if isinstance(value, CutList):
                notices.append(Notice(document.name, f"only the first {len(value)} results are read; split the file."))
            for item in value if isinstance(value, list) else [value]:
                result = _of_today(mapping(item))
                if "request_throughput" in result and "completed" in result:
                    points.append(point_of(document, result, index))
                else:
                    notices.append(Notice(document.name, f"object {index + 1} is no result of SGLang; left out."))
                index += 1
    except BrokenJson as broken:
        notices.append(Notice(document.name, f"after {len(points)} results the file is damaged: {broken}."))
    return FileReading(document.path, "runs", tuple(points), tuple(notices))


def _of_today(result: Mapping[str, object]) -> Mapping[str, object]:
    """A result of early 2025 and before under the keys of today: its latencies are in ms, and no key says so."""
    if "mean_e2e_latency" not in result or "mean_e2e_latency_ms" in result:
        return result
    found: dict[str, object] = {_OLD_KEYS.get(key, key): value for key, value in result.items()}
    completed, duration = number(found.get("completed")), number(found.get("duration"))
    if "request_throughput" not in found and completed is not None and duration:
        found["request_throughput"] = completed / duration
    return found


def point_of(document: Document, result: Mapping[str, object], index: int) -> Point:
    """One result as a point, in ms and per second."""
    server = mapping(result.get("server_info"))
    completed = number(result.get("completed"))
    failed = number(result.get("failed"))
    prompts = number(result.get("num_prompts"))
    if failed is None and prompts is not None and completed is not None and prompts >= completed:
        failed = prompts - completed
    load = load_of(number(result.get("max_concurrency")), number(result.get("request_rate")))
    osl = per(number(result.get("total_output_tokens")), completed)
    ttft = flat_latency(result, "ttft")
    tpot, gap = flat_latency(result, "tpot"), flat_latency(result, "itl")
    itl, kind, notes = decode_time(tpot, gap)
    rps = number(result.get("request_throughput"))
    # `concurrency` is the sum of all latencies by the duration.
    flow = Flow(rps, number(result.get("concurrency")), number(result.get("max_concurrency")))
    accepted = number(result.get("accept_length"))
    whole = end_to_end(flat_latency(result, "e2e_latency"), ttft, tpot, gap, osl, flow, accepted)
    gpus, told = _gpus(server)
    # Written for every data set, but true for the random one only.
    is_random = word(result.get("dataset_name")) == _RANDOM
    return Point(
        file=document.name,
        tool=NAME,
        index=index,
        tool_version=None,
        model=model_name(_anywhere(server, "model_path")),
        gpus_per_instance=gpus,
        gpu_source="file" if gpus else None,
        precision=word(_anywhere(server, "quantization")),
        engine="SGLang" if server or word(result.get("backend")) == "sglang" else None,
        setup=_setup(document, result),
        concurrency=load.concurrency,
        request_rate=load.request_rate,
        isl=per(number(result.get("total_input_tokens")), completed),
        osl=osl,
        isl_asked=_asked(result, "random_input_len") if is_random else None,
        osl_asked=_asked(result, "random_output_len") if is_random else None,
        streaming=True if ttft.avg or ttft.p50 else None,
        completed=completed,
        failed=failed,
        duration_s=number(result.get("duration")),
        rps=rps,
        output_tps=number(result.get("output_throughput")),
        total_tps=number(result.get("total_throughput")) or number(result.get("total_token_throughput")),
        ttft=ttft,
        itl=itl,
        itl_kind=kind,
        latency=whole.latency,
        latency_derived=whole.derived,
        notes=(*load.notes, *notes, *whole.notes, *told, *_spread(result, is_random)),
    )


def _setup(document: Document, result: Mapping[str, object]) -> str | None:
    match = TOPOLOGY.search(f"{word(result.get('tag')) or ''} {document.path.stem}")
    return match[0] if match else None


def _asked(result: Mapping[str, object], key: str) -> float | None:
    """The mean of the lengths asked for: drawn evenly from ratio x N to N."""
    longest, ratio = number(result.get(key)), number(result.get("random_range_ratio"))
    return None if longest is None else longest * (1 + (1.0 if ratio is None else ratio)) / 2


def _spread(result: Mapping[str, object], is_random: bool) -> tuple[str, ...]:
    ratio, isl, osl = (
        number(result.get(key)) for key in ("random_range_ratio", "random_input_len", "random_output_len")
    )
    if not is_random or ratio is None or ratio >= 1 or isl is None or osl is None:
        return ()
    return (f"lengths were drawn from {ratio:g} to 1 times {isl:g} in and {osl:g} out",)


def _gpus(server: Mapping[str, object]) -> tuple[float | None, tuple[str, ...]]:
    """GPUs of the instance. One server has tp x pp x dp ranks (dp is within tp with attention by data)."""
    apart = [role for role in ("prefill", "decode") if sequence(server.get(role))]
    if apart:
        # Real files of one prefill and eight decode servers list one of each: counting them would be wrong.
        told = f"{' and '.join(apart)} servers apart: the file need not list all of them, so their GPUs are not counted"
        return None, (told,)
    return _of_server(server), ()


def _of_server(server: Mapping[str, object]) -> float | None:
    tensor = number(_anywhere(server, "tp_size"))
    if not tensor:
        return None
    pipeline = number(_anywhere(server, "pp_size")) or 1.0
    data = 1.0 if _anywhere(server, "enable_dp_attention") is True else number(_anywhere(server, "dp_size")) or 1.0
    return tensor * pipeline * data


def _anywhere(server: Mapping[str, object], key: str) -> object:
    """A fact of the server itself, or of the first of those it speaks for."""
    holders = [server]
    for role in ("internal_states", "prefill", "decode"):
        holders += [mapping(item) for item in sequence(server.get(role))[:1]]
    return next((at(holder, key) for holder in holders if at(holder, key) is not None), None)
