"""TensorRT-LLM: the JSON of `trtllm-bench --report_json`, in ms. It knows GPUs, their type and the precision.

The load is whatever the driver kept in flight: concurrency is measured, not set. TTFT and the time per token
are there only with --streaming, and without a server in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_values import at, mapping, number, word
from tco_xlsx.bench.points.derived_latency import Flow, end_to_end
from tco_xlsx.bench.points.point import Latency, Point, no_zeros
from tco_xlsx.bench.points.reading import Closeness, FileReading, use_all
from tco_xlsx.bench.tools import trtllm_log
from tco_xlsx.bench.tools.client_keys import model_name

NAME = "trtllm-bench"

SIDE_FILES: tuple[str, ...] = ()

choose = use_all

_MEASURED = "the concurrency is what was measured, not what was asked for"
_PRINTED = "read from what trtllm-bench printed, which does not say the GPU type"
_OFFLINE = "measured without a server in between: TTFT and latency leave out network and front end"


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a report of trtllm-bench; None when nothing speaks for it."""
    content = document.json
    if not isinstance(content, dict):
        return Closeness(("its printed report",)) if trtllm_log.is_log(document) else None
    keys = ("world_info", "performance", "request_info")
    found = tuple(key for key in keys if isinstance(content.get(key), dict))
    if "world_info" not in found and "request_info" not in found:
        return None
    return Closeness(found, tuple(key for key in keys if key not in found))


def read(document: Document) -> FileReading:
    """The point of a report, or one for each printed report of a log."""
    if isinstance(document.json, dict):
        return FileReading(document.path, "report", (_point(document, mapping(document.json)),))
    points = [
        replace(_point(document, report), index=place, line=line, notes=(*_point(document, report).notes, _PRINTED))
        for place, (line, report) in enumerate(trtllm_log.reports(document.text))
    ]
    return FileReading(document.path, "log", tuple(points))


def _point(document: Document, content: Mapping[str, object]) -> Point:
    engine, world = mapping(content.get("engine")), mapping(content.get("world_info"))
    request, measured = mapping(content.get("request_info")), mapping(content.get("performance"))
    streaming = mapping(content.get("streaming_metrics"))
    osl = number(request.get("avg_output_length"))
    ttft = _latency(streaming.get("ttft_percentiles"), streaming.get("avg_ttft_ms"))
    itl = _latency(streaming.get("tpot_percentiles"), streaming.get("avg_tpot_ms"))
    said = _latency(measured.get("request_latency_percentiles_ms"), measured.get("avg_request_latency_ms"))
    in_flight = number(request.get("avg_num_concurrent_requests"))
    rps = number(measured.get("request_throughput_req_s"))
    whole = end_to_end(said, ttft, itl, Latency(), osl, Flow(rps, in_flight))
    total_ms = number(measured.get("total_latency_ms"))
    gpus = _gpus(world)
    return Point(
        file=document.name,
        tool=NAME,
        tool_version=word(engine.get("version")),
        model=model_name(engine.get("model")) or model_name(engine.get("model_path")),
        gpu_type=word(at(content, "machine", "name")),
        gpus_per_instance=gpus,
        gpu_source="file" if gpus else None,
        precision=word(engine.get("quantization")) or word(engine.get("dtype")),
        engine="TensorRT-LLM",
        concurrency=in_flight,
        isl=number(request.get("avg_input_length")),
        osl=osl,
        streaming=ttft != Latency(),
        completed=number(request.get("num_requests")),
        duration_s=None if total_ms is None else total_ms / 1000,
        rps=rps,
        output_tps=number(measured.get("system_output_throughput_tok_s")),
        total_tps=number(measured.get("system_total_throughput_tok_s")),
        ttft=ttft,
        itl=itl,
        latency=whole.latency,
        latency_derived=whole.derived,
        notes=(*((_MEASURED,) if in_flight else ()), _OFFLINE, *whole.notes),
    )


def _gpus(world: Mapping[str, object]) -> float | None:
    """Ranks of the engine; older reports give only their factors."""
    size = number(world.get("world_size"))
    if size:
        return size
    tensor, pipeline = number(world.get("tp_size")), number(world.get("pp_size"))
    return tensor * (pipeline or 1.0) if tensor else None


def _latency(percentiles: object, average: object) -> Latency:
    found = {name: number(at(percentiles, name)) for name in ("p50", "p90", "p95", "p99")}
    mean = number(average)
    return no_zeros(Latency(avg=mean if mean is not None else number(at(percentiles, "average")), **found))
