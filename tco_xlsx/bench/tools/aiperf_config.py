"""What AIPerf was asked to do: `input_config` and `run_info` in each of their shapes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tco_xlsx.bench.files.json_values import at, mapping, number, sequence, word


@dataclass(frozen=True)
class Asked:
    """The load and the lengths asked for; None where the file does not say."""

    model: str | None = None
    streaming: bool | None = None
    concurrency: float | None = None
    request_rate: float | None = None
    isl: float | None = None
    osl: float | None = None
    notes: tuple[str, ...] = ()


def asked(document: object, phase: str | None = None) -> Asked:
    """What was asked for. `phase` names the phase a file under `phases/` tells of; else all that count.

    Shapes: `endpoint.model_names`, `loadgen`, `input.prompt` before 0.10; `models.items`, `phases`,
    `datasets` since; `run_info.variation_values` for the value of a sweep.
    """
    config = at(document, "input_config")
    loads = _loads(config, phase)
    concurrency, notes = _one("concurrency", (load[0] for load in loads))
    rate, more = _one("request rate", (load[1] for load in loads))
    notes += more
    varied = variation(at(document, "run_info", "variation_values"))
    if concurrency is None and rate is None:
        concurrency, rate = varied
    if rate is not None and concurrency is not None:
        # With a rate the concurrency is only a cap: Little's law does not hold against it.
        notes += (f"at most {concurrency:g} requests in flight at once",)
        concurrency = None
    isl, osl = _lengths(config)
    return Asked(_model(config), _streaming(config), concurrency, rate, isl, osl, notes)


def variation(values: object) -> tuple[float | None, float | None]:
    """Concurrency and request rate out of {"phases.profiling.concurrency": 16}."""
    found: dict[str, float | None] = {}
    for key, value in mapping(values).items():
        found[key.rsplit(".", 1)[-1]] = number(value)
    return found.get("concurrency"), found.get("request_rate", found.get("rate"))


def is_warm_up(document: object, phase: str) -> bool:
    """Whether the phase of this name is left out of results, by the configuration, else by its name."""
    for item in sequence(at(document, "input_config", "phases")):
        if word(at(item, "name")) == phase:
            return at(item, "exclude_from_results") is True or _kind(item) == "warmup"
    return "warm" in phase.lower()


def _kind(phase: object) -> str:
    return word(at(phase, "kind")) or word(at(phase, "name")) or ""


def _loads(config: object, phase: str | None) -> list[tuple[float | None, float | None]]:
    """(concurrency, rate) of each phase that counts."""
    loadgen = at(config, "loadgen")
    if isinstance(loadgen, dict):
        return [(_single(loadgen.get("concurrency")), _single(loadgen.get("request_rate")))]
    phases = sequence(at(config, "phases"))
    counting = [
        item
        for item in phases
        if (word(at(item, "name")) == phase if phase else _kind(item) != "warmup")
        and (phase or at(item, "exclude_from_results") is not True)
    ]
    return [(_single(at(item, "concurrency")), _single(at(item, "rate"))) for item in counting]


def _one(what: str, values: Iterable[float | None]) -> tuple[float | None, tuple[str, ...]]:
    """The value all phases agree on; a note when they do not."""
    given = list(dict.fromkeys(value for value in values if value is not None))
    if len(given) > 1:
        listed = ", ".join(f"{value:g}" for value in given)
        return None, (f"several phases of different {what} ({listed}) in one result",)
    return (given[0] if given else None), ()


def _single(value: object) -> float | None:
    """A number, also when it stands alone in a list, as in a sweep of one value."""
    items = sequence(value)
    return number(items[0]) if len(items) == 1 else number(value)


def _model(config: object) -> str | None:
    names = [word(at(item, "name")) for item in sequence(at(config, "models", "items"))]
    names += [word(name) for name in sequence(at(config, "endpoint", "model_names"))]
    names += [word(name) for name in sequence(at(config, "model_names"))]
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _streaming(config: object) -> bool | None:
    value = at(config, "endpoint", "streaming")
    return value if isinstance(value, bool) else None


def _lengths(config: object) -> tuple[float | None, float | None]:
    prompt = at(config, "input", "prompt")
    isl = number(at(prompt, "input_tokens", "mean"))
    osl = number(at(prompt, "output_tokens", "mean"))
    datasets = sequence(at(config, "datasets"))
    if len(datasets) == 1:
        prompts = at(datasets[0], "prompts")
        isl = number(at(prompts, "isl", "mean")) if isl is None else isl
        osl = number(at(prompts, "osl", "mean")) if osl is None else osl
    return isl, osl
