"""The documentation page: the OpenAPI document as HTML of our own, with nothing from elsewhere."""

import base64
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response, render_template, request

from service.api.compression import compress_response
from service.api.http import accept
from service.api.problems import TITLES, language
from service.domain.errors import ErrorCode
from service.domain.text import SPOKEN

_STYLE = (Path(__file__).parent / "templates" / "docs.css").read_text(encoding="utf-8")
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_WORD = re.compile(r"(\w+)")
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)


def docs_answer(document: Mapping[str, Any]) -> Response:
    """The page, in the language of `?lang=` or else of Accept-Language."""
    accept("text/html")
    asked = request.args.get("lang")
    bilingual = "x-description-zh" in document["info"]
    tongue = (asked if asked in SPOKEN else language()) if bilingual else "en"
    page = render_template(
        "docs.html",
        zh=tongue == "zh",
        bilingual=bilingual,
        pieces=partial(_type_words, frozenset(document["components"]["schemas"])),
        style=_STYLE,
        info=_described_in(document["info"], tongue),
        title=document["info"]["title"],
        version=document["info"]["version"],
        groups=list(_operation_groups(document, tongue)),
        schemas=list(_schema_entries(document, tongue)),
        problems=[(c.value, TITLES[c].in_language(tongue)) for c in ErrorCode if c in TITLES],
    )
    response = compress_response(Response(page, mimetype="text/html"))
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Content-Language"] = tongue
    response.vary.add("Accept-Language")
    return response


def _type_words(names: Collection[str], kind: str) -> list[tuple[str, bool]]:
    """A type's words, each with whether it is the name of a component."""
    return [(word, word in names) for word in _WORD.split(kind)]


def _described_in(described: Mapping[str, Any], tongue: str) -> str:
    own = described.get("x-description-zh") if tongue == "zh" else None
    return str(own or described.get("description", ""))


def _operation_groups(document: Mapping[str, Any], tongue: str) -> Iterator[dict[str, Any]]:
    for tag in document["tags"]:
        operations = [
            _operation_entry(path, method, operation, item.get("parameters", []), tongue)
            for path, item in document["paths"].items()
            for method, operation in item.items()
            if method != "parameters" and tag["name"] in operation.get("tags", ())
        ]
        # A group is described in both languages: what stands in the document, Chinese · English.
        first, _, english = tag["description"].partition(" · ")
        words = english if english and tongue != "zh" else first
        yield {"name": tag["name"], "words": words, "operations": operations}


def _operation_entry(
    path: str, method: str, operation: Mapping[str, Any], shared: list[Any], tongue: str
) -> dict[str, Any]:
    words = operation["x-zh"] if tongue == "zh" else operation
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = content.get("example")
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": words["summary"],
        "description": words["description"],
        "parameters": [
            {
                "name": p["name"],
                "in": p["in"],
                "type": type_of(p.get("schema", {})),
                "words": _described_in(p, tongue),
            }
            for p in (*shared, *operation.get("parameters", ()))
        ],
        "body": type_of(content.get("schema", {})) if content else None,
        "example": _indented_json(example) if example is not None else None,
        "answers": [
            {
                "status": status,
                "words": _described_in(answer, tongue),
                "type": _type_of_answer(answer),
            }
            for status, answer in operation["responses"].items()
        ],
    }


def _type_of_answer(answer: Mapping[str, Any]) -> str:
    contents = answer.get("content", {})
    return ", ".join(type_of(c.get("schema", {})) for c in contents.values())


def _paragraph_in(described: Mapping[str, Any], tongue: str) -> str:
    """The paragraph of a description in a language, where it has one in each."""
    english, _, chinese = str(described.get("description", "")).partition("\n\n")
    return chinese or english if tongue == "zh" else english


def _schema_entries(document: Mapping[str, Any], tongue: str) -> Iterator[dict[str, Any]]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        required = set(schema.get("required", ()))
        yield {
            "name": name,
            "words": _paragraph_in(schema, tongue),
            "type": type_of(schema),
            "properties": [
                {
                    "name": key,
                    "type": type_of(value),
                    "required": key in required,
                    "words": _paragraph_in(value, tongue),
                }
                for key, value in schema.get("properties", {}).items()
            ],
        }


def type_of(schema: Mapping[str, Any]) -> str:
    """A JSON schema in one line, with the names of components as they are."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return " | ".join(type_of(part) for part in schema[key])
    kinds = schema.get("type", "any")
    if isinstance(kinds, list):
        kinds = " | ".join(kinds)
    if "array" in kinds:
        kinds = kinds.replace("array", f"[{type_of(schema.get('items', {}))}]")
    values = schema.get("enum")
    if values and len(values) <= 12:
        return " | ".join(json.dumps(v, ensure_ascii=False) for v in values)
    form = schema.get("format")
    return f"{kinds} ({form})" if form else str(kinds)


def _indented_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
