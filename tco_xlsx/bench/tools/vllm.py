"""vLLM: result files of `vllm bench serve` and benchmark_serving.py of all ages, and of sweeps.

A file holds one JSON object, several (`--append-result`), a list of them (a sweep's summary.json), or rows
of a CSV with the same names. Latencies are in ms by their names. The lists of single requests are ignored.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping

from tco_xlsx.bench.files.document import Document
from tco_xlsx.bench.files.json_stream import BrokenJson, CutList
from tco_xlsx.bench.files.json_values import mapping, number, word
from tco_xlsx.bench.points.derived_latency import Flow, end_to_end, held_to_little
from tco_xlsx.bench.points.point import Point
from tco_xlsx.bench.points.reading import ChosenFiles, Closeness, FileReading, Notice
from tco_xlsx.bench.points.same_runs import without_copies
from tco_xlsx.bench.tools.client_keys import TOPOLOGY, decode_time, flat_latency, lengths_in, load_of, model_name, per

NAME = "vllm"

SIDE_FILES: tuple[str, ...] = ()

_NEEDED = ("request_throughput", "completed", "total_output_tokens")
_LATENCY = re.compile(r"(?:mean|median|p\d+)_(?:ttft|tpot|itl|e2el)_ms$")
# concurrency_8_req_rate_inf_gpus_16_ctx_8_gen_8.json: several nodes, the count is nowhere else.
_GPUS_IN_NAME = re.compile(r"(?:^|_)gpus_(\d+)(?=_|$)")
# A sweep repeats each load: SERVE-...-BENCH-.../run=0.json, run=1.json.
_REPETITION = re.compile(r"run=\d+$")
_FAILURE = re.compile(r"\.failure\.json$")

_CONFIGURATION = ("prefill", "decode", "tp", "pp", "dp", "label")

_WARM_UP = "warm-up of a sweep, left out."
_NO_RUN = "skipped: a record of vLLM that a run of its sweep failed; there is nothing measured in it."
_TORCH = "skipped: vLLM's results in the form for PyTorch's dashboard; its result file is read instead."


def recognises(document: Document) -> Closeness | None:
    """How near the file is to a result of vLLM; None when nothing speaks for it."""
    name = document.path.name
    if _FAILURE.search(name) or name.endswith(".pytorch.json"):
        return Closeness(("its name",))
    if _is_csv(document):
        return Closeness(("rows of results",))
    first = document.first
    if isinstance(first, list):
        first = next((item for item in first if isinstance(item, dict)), None)
    return closeness_of(mapping(first))


def closeness_of(content: Mapping[str, object]) -> Closeness | None:
    """How near an object is to a result."""
    if "mean_e2e_latency_ms" in content or "random_range_ratio" in content:
        return None  # SGLang
    found = [key for key in _NEEDED if key in content]
    latencies = [key for key in content if _LATENCY.match(key)][:3]
    if len(found) + bool(latencies) < 2:
        return None
    missing = tuple(key for key in _NEEDED if key not in content)
    missing += () if latencies else ("a latency such as mean_ttft_ms",)
    return Closeness((*found, *latencies), missing)


def read(document: Document) -> FileReading:
    """The points of a recognised file, in ms and per second."""
    path, name = document.path, document.path.name
    if _FAILURE.search(name) or name.endswith(".pytorch.json"):
        notice = Notice(document.name, _NO_RUN if _FAILURE.search(name) else _TORCH)
        return FileReading(path, "other", notices=(notice,))
    points: list[Point] = []
    notices: list[Notice] = []
    kind = "csv" if _is_csv(document) else "run"
    try:
        for place, (line, result) in enumerate(_results(document, notices)):
            if number(result.get("run_number")) == -1:
                notices.append(Notice(document.name, _WARM_UP, line))
            elif closeness_of(result) is None:
                notices.append(Notice(document.name, f"object {place + 1} is no result of vLLM; left out.", line))
            else:
                points.append(point_of(document, result, place, line))
    except BrokenJson as broken:
        notices.append(Notice(document.name, f"after {len(points)} results the file is damaged: {broken}."))
    if isinstance(document.json, list):
        kind = "summary"
    return FileReading(path, kind, tuple(points), tuple(notices))


def choose(parts: tuple[FileReading, ...]) -> ChosenFiles:
    """Each run once: from its own file rather than from a summary or a CSV of the sweep."""
    return without_copies(parts, ("run", "summary", "csv"))


def point_of(document: Document, result: Mapping[str, object], index: int, line: int = 0) -> Point:
    """One result as a point."""
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
    # With a rate the concurrency is a cap, and newer files tell the peak: neither can be exceeded.
    most = number(result.get("max_concurrency")) or number(result.get("max_concurrent_requests"))
    accepted = number(result.get("spec_decode_acceptance_length"))
    whole = end_to_end(flat_latency(result, "e2el"), ttft, tpot, gap, osl, Flow(rps, most_in_flight=most), accepted)
    latency, held = whole.latency, None
    if whole.derived and load.concurrency is None:
        # Where the concurrency is the load, `sane` holds to it, whoever tells it.
        latency, held = held_to_little(whole.latency, rps, most)
    isl_asked, osl_asked = lengths_in(document.path.stem)
    gpus = number(result.get("gpus")) or _parallel(result)
    source = "file" if gpus else None
    in_name = _GPUS_IN_NAME.search(document.path.stem)
    if not gpus and in_name:
        gpus, source = float(in_name[1]), "name"
        notes = (*notes, f"{gpus:g} GPUs by the name of the file")
    return Point(
        file=document.name,
        tool=NAME,
        index=index,
        line=line,
        trial=document.path.stem if _REPETITION.match(document.path.stem) else None,
        model=model_name(result.get("model_id")),
        gpu_type=word(result.get("gpu_type")) or word(result.get("gpu")),
        gpus_per_instance=gpus,
        gpu_source=source,
        precision=word(result.get("precision")),
        engine=_engine(result),
        setup=_setup(document, result),
        concurrency=load.concurrency,
        request_rate=load.request_rate,
        isl=per(number(result.get("total_input_tokens")), completed),
        osl=osl,
        isl_asked=number(result.get("isl")) or isl_asked,
        osl_asked=number(result.get("osl")) or osl_asked,
        streaming=True if ttft.avg or ttft.p50 else None,
        completed=completed,
        failed=failed,
        duration_s=number(result.get("duration")),
        rps=rps,
        output_tps=number(result.get("output_throughput")),
        total_tps=number(result.get("total_token_throughput")),
        ttft=ttft,
        itl=itl,
        itl_kind=kind,
        latency=latency,
        latency_derived=whole.derived,
        notes=(*load.notes, *notes, *whole.notes, *([held] if held else [])),
    )


def _parallel(result: Mapping[str, object]) -> float | None:
    """GPUs by what the user wrote with --metadata tp=8, or swept: each rank is a GPU."""
    sizes = [
        number(result.get(short)) or number(result.get(long))
        for short, long in (
            ("tp", "tensor_parallel_size"),
            ("pp", "pipeline_parallel_size"),
            ("dp", "data_parallel_size"),
        )
    ]
    return math.prod(size or 1.0 for size in sizes) if sizes[0] else None


def _engine(result: Mapping[str, object]) -> str | None:
    """`backend` is the protocol ("openai", "openai-chat"); only where it names an engine is it one."""
    backend = (word(result.get("backend")) or word(result.get("endpoint_type")) or "").lower()
    known = {"vllm": "vLLM", "sglang": "SGLang", "tensorrt-llm": "TensorRT-LLM", "tgi": "TGI", "lmdeploy": "LMDeploy"}
    return known.get(backend.removesuffix("-chat"))


def _setup(document: Document, result: Mapping[str, object]) -> str | None:
    """Options of the server that a table lists beside the numbers, and prefill and decode servers."""
    named = (word(result.get("source_file")) or word(result.get("filename")) or "") + " " + document.path.stem
    options = [
        f"{key}={value}"
        for key, value in result.items()
        if (key in _CONFIGURATION or "-" in key) and isinstance(value, (str, int, float)) and value != ""
    ]
    found = [*options, *(match[0] for match in TOPOLOGY.finditer(named))]
    return " ".join(dict.fromkeys(found)) or None


def _results(document: Document, notices: list[Notice]) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Every object of the file, with its line when it is a row."""
    if _is_csv(document):
        reader = csv.DictReader(io.StringIO(document.text, newline=""))
        try:
            for row in reader:
                document.look_at(row, f"line {reader.line_num}")
                yield reader.line_num, {key: value for key, value in row.items() if isinstance(key, str)}
        except csv.Error as error:
            notices.append(Notice(document.name, f"from line {reader.line_num} on no valid CSV: {error}."))
        return
    for value in document.stream():
        if isinstance(value, CutList):
            notices.append(Notice(document.name, f"only the first {len(value)} results are read; split the file."))
        for item in value if isinstance(value, list) else [value]:
            yield 0, mapping(item)


def _is_csv(document: Document) -> bool:
    heading = document.start.partition("\n")[0]
    names = {name.strip().strip('"') for name in heading.split(",")}
    return {*_NEEDED} <= names and any(_LATENCY.match(name) for name in names)
