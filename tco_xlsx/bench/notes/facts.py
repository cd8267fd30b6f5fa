"""What a benchmark file does not say, as given by the scenario or by a note: types and strictness."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

KEYS = ("gpu_type", "gpus_per_instance", "precision", "engine", "model")


@dataclass(frozen=True)
class Facts:
    """Values for points that lack them."""

    source: str
    """Who gives them, in words: "the scenario" or the path of a note."""
    values: Mapping[str, str | float]


def checked(key: str, value: object) -> str | float | None:
    """The value of a key, None when it is left empty. Raises ValueError saying what was expected."""
    if value is None:
        return None
    if key == "gpus_per_instance":
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= sys.float_info.max:
            raise ValueError(f"{key}: {_shown(value)} is not a number above 0; write how many GPUs one instance uses.")
        return float(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'{key}: {_shown(value)} is not a text; write it in quotes, such as {key}: "...".')
    return value.strip()


def agree(key: str, one: str | float, other: str | float) -> bool:
    """Whether two values of a key can both be true: "NVIDIA H100 80GB HBM3" and "H100-SXM" can."""
    if isinstance(one, float) or isinstance(other, float):
        return one == other
    if key == "gpu_type":
        return _same_gpu(one, other)
    if key == "model":
        # An organisation before the name, or a revision after it, is no contradiction.
        one, other = one.rstrip("/").rpartition("/")[2], other.rstrip("/").rpartition("/")[2]
    first, second = _plain(one), _plain(other)
    return first in second or second in first


def _shown(value: object) -> str:
    return f'"{value:.40}"' if isinstance(value, str) else f"{value!s:.40}"


_OTHER_WORDS = {
    "bfloat16": "bf16",
    "float16": "fp16",
    "half": "fp16",
    "tensorrtllm": "trtllm",
    "tensorrt": "trt",
}


def _plain(text: str) -> str:
    plain = "".join(re.findall(r"[a-z0-9]+", text.lower()))
    for long, short in _OTHER_WORDS.items():
        plain = plain.replace(long, short)
    return plain


_MEMORY = re.compile(r"(\d+)g[ib]?b?$")
_FORM = re.compile(r"(sxm|hbm|pcie|oam|nvl|gddr)\d*[a-z]?$")


def _same_gpu(one: str, other: str) -> bool:
    """Whether two names can mean one GPU: the part of the name with a digit, and the memory, decide."""
    (names, memory), (others, other_memory) = _gpu_words(one), _gpu_words(other)
    if memory and other_memory and memory != other_memory:
        return False
    if names and others:
        return bool(names & others)
    return _plain(one) in _plain(other) or _plain(other) in _plain(one)


def _gpu_words(name: str) -> tuple[set[str], set[str]]:
    """The words that tell the chip (h100, a6000), and the sizes of memory in GB."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"(\d)\s+(gi?b)\b", r"\1\2", name.lower()))
    memory = {match[1] for word in words if (match := _MEMORY.match(word))}
    chips = {
        word
        for word in words
        if any(character.isdigit() for character in word) and not _MEMORY.match(word) and not _FORM.match(word)
    }
    return chips, memory
