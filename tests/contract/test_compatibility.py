"""Clients of the last release go on working; and what would stop them is noticed."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.settings import PROJECT
from tests.contract.compatibility import Documents, bare, takes_as_much

JSON = "application/json"
LANGUAGE = {"type": "string", "enum": ["zh", "en"]}
ASK, ANSWER = ({"$ref": f"#/components/schemas/{name}"} for name in ("Ask", "Answer"))
SIMPLE: dict[str, Any] = {
    "paths": {
        "/match": {
            "post": {
                "operationId": "match",
                "parameters": [{"in": "query", "name": "lang", "schema": LANGUAGE}],
                "requestBody": {"required": True, "content": {JSON: {"schema": ASK}}},
                "responses": {"200": {"content": {
                    JSON: {"schema": ANSWER}, "text/csv": {"schema": {"type": "string"}},
                }}},
            }
        }
    },
    "components": {
        "schemas": {
            "Ask": {
                "type": "object",
                "properties": {
                    "name": {"type": ["string", "null"], "maxLength": 10},
                    "count": {"type": "number", "minimum": 0},
                    "parts": {"type": "array", "items": ASK},
                },
                "required": ["name"],
            },
            "Answer": {
                "type": "object",
                "properties": {
                    "status": {"type": "string", "enum": ["yes", "no"]},
                    "day": {"type": "string", "format": "date"},
                    "note": {"type": ["string", "null"]},
                    "more": {"type": ["object", "null"], "additionalProperties": {}},
                },
                "required": ["status", "day"],
            },
        }
    },
}  # fmt: skip
Edit = Callable[[dict[str, Any]], Any]


def call(document: dict[str, Any]) -> Any:
    return document["paths"]["/match"]["post"]


def sent(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["Ask"]


def got(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]["Answer"]


def breaks(edit: Edit) -> list[str]:
    changed = copy.deepcopy(SIMPLE)
    edit(changed)
    return Documents(SIMPLE, changed).breaks()


BREAKS: dict[str, Edit] = {
    "POST /match: is gone": lambda d: d["paths"].pop("/match"),
    "POST /match: has another operationId": lambda d: call(d).update(operationId="fit"),
    "POST /match: needs a key now": lambda d: call(d).update(security=[{"key": []}]),
    "POST /match lang: is gone": lambda d: call(d)["parameters"].clear(),
    "POST /match lang: is required now": lambda d: call(d)["parameters"][0].update(required=True),
    "POST /match lang: en is taken no more": lambda d: call(d)["parameters"][0]["schema"].update(
        enum=["zh"]
    ),
    "POST /match x: is new and required": lambda d: call(d)["parameters"].append(
        {"in": "query", "name": "x", "required": True, "schema": {}}
    ),
    "POST /match 200: is answered no more": lambda d: call(d)["responses"].pop("200"),
    "POST /match body.count: is required now": lambda d: sent(d).update(required=["name", "count"]),
    "POST /match body.count: is gone": lambda d: sent(d)["properties"].pop("count"),
    "POST /match body.count: minimum is tighter": lambda d: sent(d)["properties"]["count"].update(
        minimum=1
    ),
    "POST /match body.name: maxLength is tighter": lambda d: sent(d)["properties"]["name"].update(
        maxLength=9
    ),
    "POST /match body.name: has another pattern": lambda d: sent(d)["properties"]["name"].update(
        pattern="^a"
    ),
    "POST /match body.name: null is taken no more": lambda d: sent(d)["properties"]["name"].update(
        type="string"
    ),
    "POST /match body: takes no further properties": lambda d: sent(d).update(
        additionalProperties=False
    ),
    "POST /match 200.day: is gone": lambda d: got(d)["properties"].pop("day"),
    "POST /match 200.day: may be missing now": lambda d: got(d).update(required=["status"]),
    "POST /match 200.day: has another format": lambda d: got(d)["properties"]["day"].update(
        format="date-time"
    ),
    "POST /match 200.day: may be of another type": lambda d: got(d)["properties"]["day"].update(
        type=["string", "null"]
    ),
}
ADDITIONS: dict[str, Edit] = {
    "a path": lambda d: d["paths"].update({"/new": call(d)}),
    "an optional parameter": lambda d: call(d)["parameters"].append(
        {"in": "query", "name": "x", "schema": {}}
    ),
    "a value that is taken": lambda d: call(d)["parameters"][0]["schema"]["enum"].append("fr"),
    "an optional property that is sent": lambda d: sent(d)["properties"].update(x={}),
    "what need not be sent any more": lambda d: sent(d).update(required=[]),
    "a wider bound": lambda d: sent(d)["properties"]["name"].update(maxLength=99),
    "a wider type that is taken": lambda d: sent(d)["properties"]["count"].update(
        type=["number", "string"]
    ),
    "a property of an answer": lambda d: got(d)["properties"].update(x={"type": "string"}),
    "a value of an answer": lambda d: got(d)["properties"]["status"]["enum"].append("perhaps"),
    "an answer that is never null any more": lambda d: got(d)["properties"]["note"].update(
        type="string"
    ),
    "an object of an answer told in full, or null": lambda d: got(d)["properties"].update(
        more={"anyOf": [{"type": "object", "properties": {"x": {}}}, {"type": "null"}]}
    ),
    "that a file is bytes": lambda d: call(d)["responses"]["200"]["content"]["text/csv"].update(
        schema={"type": "string", "format": "binary"}
    ),
    "other words": lambda d: call(d).update(summary="x", description="y"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_a_client_would_stumble_over_is_named(what: str) -> None:
    assert what in breaks(BREAKS[what])


@pytest.mark.parametrize(
    ("new", "takes"),
    [(r"^[a-z\u4e00-\u9fff_]{1,9}$", True), ("^[a-z]{1,9}$", False), ("^[a-z_]{2,9}$", False),
     ("^a", False)],
)  # fmt: skip
def test_a_pattern_of_one_class_may_be_widened(new: str, takes: bool) -> None:
    assert takes_as_much("^[a-z_]{1,8}$", new) is takes


@pytest.mark.parametrize("what", ADDITIONS)
def test_an_addition_is_no_break(what: str) -> None:
    assert breaks(ADDITIONS[what]) == []


def test_words_bind_nobody_and_are_not_kept() -> None:
    """But a property that is called like one of them is."""
    document = {
        "summary": "x",
        "x-zh": {},
        "properties": {"title": {"title": "T", "type": "string"}},
    }
    assert bare(document) == {"properties": {"title": {"type": "string"}}}


def test_clients_of_the_last_release_go_on_working(own_client: FlaskClient) -> None:
    """Where this fails, mend it; where it cannot be mended, announce the removal and keep a new
    document with the release that makes it (`scripts/interface.py release`)."""
    released = json.loads((PROJECT / "conformance" / "openapi.json").read_bytes())
    present = own_client.get("/api/v1/openapi.json").get_json()
    assert len(released["paths"]) > 30
    assert Documents(released, present).breaks() == []
