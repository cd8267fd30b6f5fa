"""How fast the benchmark readers are, and how much memory they take.

Writes results of its own making into a temporary folder: 2,000 result files of three tools, one GuideLLM
report of 500 MB with its single requests, and a JSON Lines file of a million request records. Each is read in
a process of its own, whose peak memory is what the table shows.

    python benchmarks/bench_readers.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_KIB_PER_MB = 1024


def main() -> None:
    """Makes the files, reads each in a child process, prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a hundredth of the size")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        _read(arguments.read)
        return
    share = 0.01 if arguments.quick else 1.0
    cases: list[tuple[str, Callable[[Path, float], None]]] = [
        ("nothing (start of Python)", lambda folder, share: _one(folder)),
        ("folder of 2,000 files", _folder),
        ("GuideLLM report, 500 MB", _report),
        ("1,000,000 request records", _records),
    ]
    print(f"{'case':<28}{'files':>7}{'MB':>9}{'points':>8}{'s':>8}{'files/s':>9}{'MB/s':>8}{'peak MB':>9}")
    for name, make in cases:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            make(folder, share)
            sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
            megabytes = sum(sizes) / 1e6
            command = [sys.executable, __file__, "--read", str(folder)]
            result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            seconds = result["seconds"]
            print(
                f"{name:<28}{len(sizes):>7}{megabytes:>9.1f}{result['points']:>8}{seconds:>8.2f}"
                f"{len(sizes) / seconds:>9.0f}{megabytes / seconds:>8.1f}{result['peak_mb']:>9.0f}"
            )


def _read(folder: Path) -> None:
    """In the child: reads the folder and prints time and peak memory."""
    from tco_xlsx.bench.read import read_benchmarks

    begin = time.perf_counter()
    reading = read_benchmarks([folder])
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MB
    print(json.dumps({"seconds": seconds, "points": len(reading.points), "peak_mb": peak}))


def _serving(concurrency: int, seed: int) -> dict[str, object]:
    """One result of `vllm bench serve`, its numbers in keeping with each other."""
    # No two runs alike, or they would be taken for copies.
    ttft, tpot = 50.0 + concurrency + seed / 100, 8.0 + seed % 5
    latency = ttft + tpot * 100
    rps = 0.97 * concurrency / latency * 1000
    completed = max(1, round(rps * 60))
    found: dict[str, object] = {
        "backend": "vllm",
        "model_id": f"acme/model-{seed % 20}",
        "num_prompts": completed,
        "request_rate": "inf",
        "max_concurrency": concurrency,
        "duration": completed / rps,
        "completed": completed,
        "failed": 0,
        "total_input_tokens": completed * 200,
        "total_output_tokens": completed * 101,
        "request_throughput": rps,
        "output_throughput": rps * 101,
        "total_token_throughput": rps * 301,
    }
    for name, value in (("ttft", ttft), ("tpot", tpot), ("itl", tpot), ("e2el", latency)):
        found |= {f"mean_{name}_ms": value, f"median_{name}_ms": value * 0.98, f"p99_{name}_ms": value * 1.4}
    return found


def _genai_perf(concurrency: int, seed: int) -> dict[str, object]:
    """The same as GenAI-Perf writes it."""
    result = _serving(concurrency, seed)

    def metric(name: str) -> dict[str, object]:
        mean = result[f"mean_{name}_ms"]
        return {"unit": "ms", "avg": mean, "p50": mean, "p90": mean, "p99": result[f"p99_{name}_ms"]}

    return {
        "request_throughput": {"unit": "requests/sec", "avg": result["request_throughput"]},
        "output_token_throughput": {"unit": "tokens/sec", "avg": result["output_throughput"]},
        "request_latency": metric("e2el"),
        "time_to_first_token": metric("ttft"),
        "inter_token_latency": metric("tpot"),
        "output_sequence_length": {"unit": "tokens", "avg": 101},
        "input_sequence_length": {"unit": "tokens", "avg": 200},
        "request_count": {"unit": "requests", "avg": result["completed"]},
        "input_config": {"model": [result["model_id"]], "concurrency": concurrency, "streaming": True},
    }


def _one(folder: Path) -> None:
    (folder / "run.json").write_text(json.dumps(_serving(8, 1)))


def _folder(folder: Path, share: float) -> None:
    for seed in range(round(2000 * share)):
        concurrency = 1 << (seed % 9)
        below = folder / f"model-{seed % 20}" / f"run{seed}"
        below.mkdir(parents=True)
        if seed % 3 == 0:
            (below / "profile_export_genai_perf.json").write_text(json.dumps(_genai_perf(concurrency, seed)))
        elif seed % 3 == 1:
            (below / "result.json").write_text(json.dumps(_serving(concurrency, seed)))
        else:
            lists = {"ttfts": [0.05] * 500, "itls": [[0.009] * 20] * 100, "input_lens": [200] * 500}
            (below / "detailed.json").write_text(json.dumps(_serving(concurrency, seed) | lists))


def _report(folder: Path, share: float) -> None:
    """A report of four loads, nearly all of it records of single requests."""
    size = 500e6 * share
    request = json.dumps(
        {
            "type_": "generative_request_stats",
            "request_id": "0f" * 16,
            "request_args": json.dumps({"body": {"messages": [{"role": "user", "content": "word " * 200}]}}),
            "output": "token " * 100,
            "info": {"timings": {f"step_{place}": 1795228062.15 + place for place in range(12)}, "status": "completed"},
            "iteration_times": [1795228062.15 + place / 100 for place in range(100)],
            "prompt_tokens": 200,
            "output_tokens": 101,
        }
    )
    with (folder / "benchmarks.json").open("w") as file:
        file.write('{"metadata": {"version": 2, "guidellm_version": "0.8.1"}, "benchmarks": [')
        for place, concurrency in enumerate((1, 8, 32, 128)):
            result = _serving(concurrency, 1)
            file.write("," if place else "")
            file.write(json.dumps(_benchmark(result, concurrency))[:-1] + ', "requests": {"successful": [')
            count = max(1, round(size / 4 / len(request)))
            for number in range(count):
                file.write(("," if number else "") + request)
            file.write('], "errored": [], "incomplete": []}}')
        file.write('], "conclusions": []}')


def _benchmark(result: dict[str, object], concurrency: int) -> dict[str, object]:
    def metric(mean: object) -> dict[str, object]:
        return {"successful": {"mean": mean, "median": mean, "percentiles": {"p90": mean, "p95": mean, "p99": mean}}}

    latency = result["mean_e2el_ms"]
    assert isinstance(latency, float)
    return {
        "config": {"strategy": {"type_": "concurrent", "streams": concurrency}, "backend": {"model": "acme/model"}},
        "duration": result["duration"],
        "metrics": {
            "request_totals": {"successful": result["completed"], "errored": 0, "incomplete": 0},
            "requests_per_second": metric(result["request_throughput"]),
            "output_tokens_per_second": metric(result["output_throughput"]),
            "prompt_token_count": metric(200.0),
            "output_token_count": metric(101.0),
            "request_latency": metric(latency / 1000),
            "time_to_first_token_ms": metric(result["mean_ttft_ms"]),
            "inter_token_latency_ms": metric(result["mean_tpot_ms"]),
        },
    }


def _records(folder: Path, share: float) -> None:
    """AIPerf's records of single requests, and SGLang's lines with the lists of theirs."""
    record = {
        "metadata": {"request_start_ns": 1, "request_end_ns": 2, "benchmark_phase": "profiling"},
        "metrics": {"request_latency": {"value": 900.0, "unit": "ms"}},
    }
    with (folder / "mine.jsonl").open("w") as file:
        line = json.dumps(record) + "\n"
        for _ in range(round(900_000 * share)):
            file.write(line)
    lists = {"ttfts": [0.05] * round(50_000 * share), "itls": [[0.009] * 100] * round(50_000 * share)}
    with (folder / "sglang.jsonl").open("w") as file:
        for concurrency in (4, 8):
            result = _serving(concurrency, 1)
            own = {"random_range_ratio": 1.0, "random_input_len": 200, "mean_e2e_latency_ms": result["mean_e2el_ms"]}
            file.write(json.dumps(result | own | {"request_rate": float("inf")} | lists) + "\n")


if __name__ == "__main__":
    main()
