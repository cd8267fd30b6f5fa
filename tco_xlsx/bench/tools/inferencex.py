"""InferenceX (InferenceMAX): aggregated results, one object or a list, and its variant in seconds.

Aggregated: rates per GPU, latencies in SECONDS without saying so, nominal lengths, no requests per second.
The raw files are vLLM's, and so is the variant but for its latencies, which are in seconds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_stream import CutList
from tco_xlsx.bench.files.json_values import mapping, number, sequence, word
from tco_xlsx.bench.points.point import Latency, Point, no_zeros
from tco_xlsx.bench.points.reading import Closeness, FileReading, Notice, use_all
from tco_xlsx.bench.tools import vllm
from tco_xlsx.bench.tools.client_keys import decode_time, flat_latency, lengths_in, model_name
from tco_xlsx.bench.tools.token_time import checked

NAME = "inferencex"

SIDE_FILES: tuple[str, ...] = ()

choose = use_all

_NEEDED = ("hw", "conc", "tput_per_gpu", "output_tput_per_gpu")

# Lengths are drawn from 0.8 to 1.0 times the nominal one.
_SHORTEST, _USUAL = 0.8, 0.9

_SAME_RATE = 1e-3


def recognises(document: Document) -> Closeness | None:
    """How near the file is to an aggregated result; None when nothing speaks for it."""
    content = mapping(_items(document)[0])
    if _is_seconds(content):
        return Closeness(("median_ttft", "total_output_tokens"))
    found = [key for key in _NEEDED if key in content]
    if "infmax_model_prefix" not in content and len(found) < 2:
        return None
    return Closeness((*found, "infmax_model_prefix"), tuple(key for key in _NEEDED if key not in content))


def read(document: Document) -> FileReading:
    """The points of a recognised file, in ms and per second."""
    items = _items(document)
    notices: list[Notice] = []
    if isinstance(items, CutList):
        notices.append(Notice(document.name, f"only the first {len(items)} results are read; split the file."))
    points: list[Point] = []
    for place, item in enumerate(items):
        result = mapping(item)
        if _is_seconds(result):
            points.append(_in_seconds(document, result, place))
        elif "output_tput_per_gpu" in result:
            points.append(_aggregated(document, result, place))
        else:
            notices.append(Notice(document.name, f"object {place + 1} is no result of InferenceX; left out."))
    return FileReading(document.path, "results", tuple(points), tuple(notices))


def _items(document: Document) -> list[object]:
    content = document.json
    return (sequence(content) if isinstance(content, list) else [content]) or [None]


def _is_seconds(content: Mapping[str, object]) -> bool:
    plain = "median_ttft" in content or "mean_ttft" in content
    return plain and "total_output_tokens" in content and "request_throughput" in content


def _in_seconds(document: Document, result: Mapping[str, object], index: int) -> Point:
    """vLLM's keys without their "_ms": in seconds."""
    ttft, tpot, chunk, latency = (
        no_zeros(flat_latency(result, name, suffix="", to_ms=1000.0)) for name in ("ttft", "tpot", "itl", "e2el")
    )
    itl, kind, notes = decode_time(tpot, chunk)
    point = vllm.point_of(document, result, index)
    return replace(
        point,
        tool=NAME,
        streaming=True if ttft != Latency() else None,
        ttft=ttft,
        itl=itl,
        itl_kind=kind,
        latency=latency,
        notes=(*point.notes, *notes, "latencies are in seconds in the file, whose keys do not say a unit"),
    )


def _aggregated(document: Document, result: Mapping[str, object], index: int) -> Point:
    gpus, decoding = _gpus(result)
    gpu_type, two_kinds = _gpu_type(result)
    per_gpu = number(result.get("output_tput_per_gpu"))
    total_per_gpu = number(result.get("tput_per_gpu"))
    output_tps = per_gpu * decoding if per_gpu is not None and decoding else None
    ttft, said, chunk, latency = (
        no_zeros(flat_latency(result, name, suffix="", to_ms=1000.0)) for name in ("ttft", "tpot", "itl", "e2el")
    )
    isl_asked, osl_asked = number(result.get("isl")), number(result.get("osl"))
    if osl_asked is None:
        isl_asked, osl_asked = lengths_in(document.path.stem)
    osl, how = _actual_osl(osl_asked, ttft, said, latency)
    itl, kind, notes = decode_time(checked(said, ttft, latency, osl)[0], chunk)
    isl = _actual_isl(result, osl, output_tps, gpus)
    return Point(
        file=document.name,
        tool=NAME,
        index=index,
        tool_version=word(result.get("image")),
        model=model_name(result.get("model")) or word(result.get("infmax_model_prefix")),
        gpu_type=gpu_type,
        gpus_per_instance=gpus,
        gpu_source="file" if gpus else None,
        precision=word(result.get("precision")),
        engine=word(result.get("framework")),
        concurrency=number(result.get("conc")),
        isl=isl or isl_asked,
        osl=osl,
        isl_asked=isl_asked,
        osl_asked=osl_asked,
        streaming=True if ttft != Latency() else None,
        rps=output_tps / osl if output_tps is not None and osl else None,
        output_tps=output_tps,
        total_tps=total_per_gpu * gpus if total_per_gpu is not None and gpus else None,
        ttft=ttft,
        itl=itl,
        itl_kind=kind,
        latency=latency,
        notes=(
            *notes,
            *two_kinds,
            *(() if output_tps is None else (f"output tokens/s are {per_gpu:.4g} per GPU x {decoding:g}",)),
            *((f"requests/s are estimated: output tokens/s / OSL of {osl:.4g}, {how}",) if osl else ()),
        ),
    )


def _gpus(result: Mapping[str, object]) -> tuple[float | None, float | None]:
    """All GPUs, and those that `output_tput_per_gpu` is counted by: the decoding ones where there are any."""
    prefill, decode = number(result.get("num_prefill_gpu")), number(result.get("num_decode_gpu"))
    apart, several_nodes = _is_true(result.get("disagg")), _is_true(result.get("is_multinode"))
    if apart and not (prefill and (decode or several_nodes)):
        return None, None
    if apart or (several_nodes and (prefill or decode)):
        total = (prefill or 0.0) + (decode or 0.0)
        return total, _counted_by(result, prefill or 0.0, decode or 0.0)
    # The experts are spread over the same GPUs, and so is the context of decoding (dcp): tp, never tp x ep.
    tensor = number(result.get("tp"))
    if not tensor:
        return None, None
    pipeline, context = (_size(result, *names) for names in (("pp", "pp_size"), ("pcp_size", "pcp")))
    total = tensor * pipeline * context
    return total, total


def _size(result: Mapping[str, object], *names: str) -> float:
    return next((size for name in names if (size := number(result.get(name)))), 1.0)


def _counted_by(result: Mapping[str, object], prefill: float, decode: float) -> float:
    """The GPUs behind the output rate of several nodes: the tool divides by the decoding ones, by all without any.

    The three rates must give one total; where they do so only by all GPUs, that is what was divided by.
    """
    total = prefill + decode
    both, out, into = (number(result.get(f"{kind}tput_per_gpu")) for kind in ("", "output_", "input_"))
    by_decoding = decode or total
    if both is None or out is None or into is None:
        return by_decoding
    for counted, fed in ((by_decoding, prefill or total), (total, total), (by_decoding, total), (total, prefill)):
        if math.isclose(out * counted + into * fed, both * total, rel_tol=_SAME_RATE):
            return counted
    return by_decoding


def _gpu_type(result: Mapping[str, object]) -> tuple[str | None, tuple[str, ...]]:
    """The GPU type, or both of prefill and decode servers of two kinds, with a note."""
    prefill, decode = word(result.get("prefill_hw")), word(result.get("decode_hw"))
    if prefill and decode and prefill != decode:
        note = f"two GPU types: {prefill} for prefill, {decode} for decode; a price must be of both"
        return f"{prefill} + {decode}", (note,)
    return prefill or decode or word(result.get("hw")), ()


def _is_true(value: object) -> bool:
    return value is True or word(value) in ("true", "True")


def _actual_osl(nominal: float | None, ttft: Latency, tpot: Latency, latency: Latency) -> tuple[float | None, str]:
    """The mean output length: by the latencies where that is possible, else nine tenths of the nominal one."""
    if nominal is None:
        return None, ""
    if ttft.avg and tpot.avg and latency.avg and latency.avg > ttft.avg:
        found = (latency.avg - ttft.avg) / tpot.avg + 1
        if _SHORTEST * nominal <= found <= nominal:
            return found, f"which the latencies give (nominal {nominal:g})"
    return _USUAL * nominal, f"nine tenths of the nominal {nominal:g}"


def _actual_isl(
    result: Mapping[str, object], osl: float | None, output_tps: float | None, gpus: float | None
) -> float | None:
    """The mean input length, by the ratio of the two rates."""
    total = number(result.get("tput_per_gpu"))
    if not total or not gpus or not output_tps or not osl or total * gpus <= output_tps:
        return None
    return (total * gpus - output_tps) / output_tps * osl
