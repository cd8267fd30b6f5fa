"""The JSON Schema of a scenario, made from the model's declarations, for editors to complete and check by."""

from __future__ import annotations

import math

from tco_xlsx.language.lines import Choice, Given, Pick, RowText
from tco_xlsx.language.sections import Model, Named
from tco_xlsx.scenario.benchmark import (
    ACCEPT,
    BENCHMARK_KEYS,
    FACT_KEYS,
    FACTS,
    FILES,
    NUMBER_KEYS,
    SECTION,
    WHERE,
    WHERE_KEYS,
)
from tco_xlsx.scenario.inputs import VALUE_KEYS
from tco_xlsx.scenario.matrix.axes import RANGE_KEYS
from tco_xlsx.scenario.matrix.read import MATRIX_KEYS
from tco_xlsx.scenario.parsed import PLAIN_KEYS

Schema = dict[str, object]

_ANY_TEXTS: list[Schema] = [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
_SCALAR: Schema = {"type": ["string", "number"]}
# Null drops a filter or a fact that is said in the file that is extended.
_NUMBER: Schema = {"type": "number"}


def scenario_schema(model: Model) -> Schema:
    """The schema as a document for json.dump.

    What a scenario must give is required only of a file that neither extends another nor holds a matrix, for those may
    give the rest.
    """
    required = {name: _required(section) for name, section in model.named.items() if _required(section)}
    files: Schema = {"if": {"type": "object"}, "then": {"required": ["files"]}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "tco-xlsx scenario",
        "type": "object",
        "additionalProperties": False,
        "if": {"not": {"anyOf": [{"required": ["extends"]}, {"required": ["matrix"]}]}},
        "then": {
            "required": [*required],
            "properties": {name: {"required": inputs} for name, inputs in required.items()} | {SECTION: files},
        },
        "properties": {key: _plain(key, words, model) for key, words in PLAIN_KEYS.items()}
        | {name: _section(section) for name, section in model.named.items() if section.inputs},
    }


def _required(section: Named) -> list[str]:
    return [name for name, line in section.inputs.items() if line.required]


def _section(section: Named) -> Schema:
    inputs = section.inputs.values()
    head: Schema = {"title": section.title, "description": section.note}
    strict: Schema = {"additionalProperties": False}
    if section.table is None:
        fields = {line.attribute: _input(line) for line in inputs}
        return {"type": "object"} | head | strict | {"properties": fields}
    cells = {line.attribute: {"title": line.label} | _value(line) for line in inputs}
    needed = [line.attribute for line in inputs if line.is_needed]
    row: Schema = {"type": "object"} | strict | {"required": needed, "properties": cells}
    return {"type": ["array", "null"]} | head | {"maxItems": section.table.seats, "items": row}


def _plain(key: str, words: str, model: Model) -> Schema:
    schemas: dict[str, Schema] = {
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "notes": {"anyOf": _ANY_TEXTS},
        "benchmark": {"anyOf": [*_ANY_TEXTS, _benchmark()]},
        "matrix": _matrix(model),
    }
    return schemas.get(key, {"type": "string"}) | {"description": words}


def _benchmark() -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "files": {"anyOf": _ANY_TEXTS, "description": BENCHMARK_KEYS["files"]},
            "where": {
                "type": "object",
                "description": BENCHMARK_KEYS["where"],
                "additionalProperties": False,
                "properties": {name: _filter(name) for name in WHERE_KEYS},
            },
            "accept": {"anyOf": _ANY_TEXTS, "description": BENCHMARK_KEYS["accept"]},
            "facts": {
                "type": "object",
                "description": BENCHMARK_KEYS["facts"],
                "additionalProperties": False,
                "properties": {name: _fact(name) for name in FACT_KEYS},
            },
        },
    }


def _filter(name: str) -> Schema:
    one = _NUMBER if name in NUMBER_KEYS else _SCALAR
    return {"anyOf": [one, {"type": "array", "items": one}, {"type": "null"}]}


def _fact(name: str) -> Schema:
    return {"type": ["number", "null"], "minimum": 1} if name == "gpus_per_instance" else {"type": ["string", "null"]}


def _matrix(model: Model) -> Schema:
    single: Schema = {line.name: _at(*line.name.split(".")) for line in model.inputs if not line.is_column}
    benchmark: Schema = {FILES: {"anyOf": _ANY_TEXTS}, ACCEPT: {"anyOf": _ANY_TEXTS}}
    benchmark |= {f"{WHERE}.{name}": _filter(name) for name in WHERE_KEYS}
    benchmark |= {f"{FACTS}.{name}": _fact(name) for name in FACT_KEYS}
    whole: Schema = {name: _at(name) for name, section in model.named.items() if section.inputs}
    settings = single | benchmark | whole | {SECTION: _at(SECTION)}
    steps: Schema = {"type": "integer", "minimum": 2}
    spaced: Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": [*RANGE_KEYS],
        "properties": {
            key: (steps if key == "steps" else _NUMBER) | {"description": words} for key, words in RANGE_KEYS.items()
        },
    }
    axes: Schema = {}
    for name, value in (single | benchmark).items():
        line, listed = model.by_name.get(name), {"type": "array", "minItems": 1, "items": value}
        axes[name] = {"anyOf": [listed, spaced]} if line is not None and not isinstance(line, Choice) else listed
    bundle: Schema = {"type": ["object", "null"], "additionalProperties": False, "properties": settings}
    bundles: Schema = {"type": "object", "minProperties": 1, "additionalProperties": bundle}
    names: Schema = {key: {"type": "string", "description": MATRIX_KEYS[key]} for key in ("name", "title")}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["vary"],
        "properties": {
            "vary": {
                "type": "object",
                "minProperties": 1,
                "description": MATRIX_KEYS["vary"],
                "properties": axes,
                "additionalProperties": bundles,
            },
            "exclude": _rows(MATRIX_KEYS["exclude"], {}),
            "include": _rows(MATRIX_KEYS["include"], names),
            **names,
        },
    }


def _rows(words: str, known: Schema) -> Schema:
    """Combinations; what varies has names that no schema knows."""
    row: Schema = {"type": "object", "minProperties": 1, "properties": known}
    return {"type": "array", "minItems": 1, "items": row, "description": words}


def _at(*names: str) -> Schema:
    return {"$ref": "#" + "".join(f"/properties/{name}" for name in names)}


def _input(line: Given) -> Schema:
    scalar, value = _value(line), _seats(line)
    parts: Schema = {"value": value, "low": scalar, "high": scalar}
    parts = {key: parts.get(key, {"type": "string"}) for key in VALUE_KEYS}
    parts["as_of"] = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
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


def _seats(line: Given) -> Schema:
    """The value of an input: along an axis a list, too, or only."""
    scalar, axis = _value(line), line.axis
    if axis is None or line.is_column:
        return scalar
    listed: Schema = {"type": "array", "minItems": 1, "items": scalar}
    if axis.seats is not None:
        listed["maxItems"] = axis.seats
    if axis.written == "list":
        return listed | {"minItems": axis.seats}
    return {"anyOf": [scalar, listed]}


def _value(line: Given) -> Schema:
    if isinstance(line, RowText):
        return {"type": ["string", "number", "null"]}
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
    if line.most < math.inf:
        value["maximum"] = line.most
    return value
