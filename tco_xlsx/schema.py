"""The JSON Schema of a scenario, made from the model's declarations, for editors to complete and check by."""

from __future__ import annotations

from tco_xlsx.lines import Choice, Given, Model, Pick
from tco_xlsx.scenario import BENCHMARK_KEYS, FACT_KEYS, PLAIN_KEYS, VALUE_KEYS, WHERE_KEYS

Schema = dict[str, object]


def scenario_schema(model: Model) -> Schema:
    """The schema as a document for json.dump."""
    properties: Schema = {key: _plain(key, words) for key, words in PLAIN_KEYS.items()}
    required: list[str] = []
    for section in model.sections:
        inputs = [line for line in section.lines if isinstance(line, Given)]
        if not inputs:
            continue
        needed = [line.attribute for line in inputs if line.required]
        properties[section.name] = {
            "type": "object",
            "title": section.title,
            "description": section.note,
            "additionalProperties": False,
            "properties": {line.attribute: _input(line) for line in inputs},
        } | ({"required": needed} if needed else {})
        required += [section.name] if needed else []
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tco-xlsx scenario",
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


def _plain(key: str, words: str) -> Schema:
    texts: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    if key == "currency":
        return {"type": "string", "pattern": "^[A-Z]{3}$", "description": words}
    if key == "notes":
        return texts | {"description": words}
    if key != "benchmark":
        return {"type": "string", "description": words}
    scalar: Schema = {"type": ["string", "number"]}
    detailed: Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["files"],
        "properties": {
            "files": texts | {"description": BENCHMARK_KEYS["files"]},
            "where": {
                "type": "object",
                "description": BENCHMARK_KEYS["where"],
                "additionalProperties": False,
                "properties": {name: {"anyOf": [scalar, {"type": "array", "items": scalar}]} for name in WHERE_KEYS},
            },
            "accept": texts | {"description": BENCHMARK_KEYS["accept"]},
            "facts": {
                "type": "object",
                "description": BENCHMARK_KEYS["facts"],
                "additionalProperties": False,
                "properties": {
                    name: {"type": "number", "minimum": 1} if name == "gpus_per_instance" else {"type": "string"}
                    for name in FACT_KEYS
                },
            },
        },
    }
    return {
        "description": words,
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, detailed],
    }


def _input(line: Given) -> Schema:
    value = _value(line)
    parts: Schema = {key: value if key in ("value", "low", "high") else {"type": "string"} for key in VALUE_KEYS}
    detailed: Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["value"],
        "properties": {
            key: dict(part, description=VALUE_KEYS[key]) for key, part in parts.items() if isinstance(part, dict)
        },
    }
    words = f"{line.label}, {line.unit}. {line.note}".strip()
    default: Schema = {}
    if isinstance(line, Choice):
        default = {"default": line.default_code}
    elif line.default is not None:
        default = {"default": line.default}
    return {"title": line.label, "description": words, "anyOf": [value, detailed]} | default


def _value(line: Given) -> Schema:
    if isinstance(line, Pick):
        return {"type": ["string", "number"]}
    if isinstance(line, Choice):
        return {"enum": list(line.codes)}
    kind = "integer" if line.integer else "number"
    value: Schema = {"type": [kind, "null"] if line.optional else kind}
    if line.at_least is not None:
        value["minimum"] = line.at_least
    if line.above is not None:
        value["exclusiveMinimum"] = line.above
    if line.at_most is not None:
        value["maximum"] = line.at_most
    return value
