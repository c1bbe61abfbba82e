"""The OpenAPI document and the page made from it."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import jsonschema_rs
import pytest
from flask.testing import FlaskClient

from service.api.operation_words import WORDS
from tests.api.sample import data

CONTRACT = {
    ("post", "/api/v1/match"),
    ("post", "/api/v1/match/compare"),
    ("post", "/api/v1/calendar"),
    ("post", "/api/v1/programmes/{programme_id}/check"),
    ("get", "/api/v1/programmes"),
    ("get", "/api/v1/programmes/{programme_id}"),
    ("get", "/api/v1/measures"),
    ("get", "/api/v1/measures/{measure_id}"),
    ("get", "/api/v1/measures/{measure_id}/articles/{article}"),
    ("get", "/api/v1/vocabulary"),
    ("get", "/api/v1/codes/{list_id}"),
    ("get", "/api/v1/receipts/{receipt_id}"),
    ("delete", "/api/v1/receipts/{receipt_id}"),
    ("get", "/api/v1/receipts/{receipt_id}/memo"),
    ("post", "/api/v1/receipts/{receipt_id}/replay"),
    ("get", "/api/v1/keys"),
    ("post", "/api/v1/keys"),
    ("post", "/api/v1/keys/{key_id}/rotate"),
    ("delete", "/api/v1/keys/{key_id}"),
    ("get", "/api/v1/companies"),
    ("get", "/api/v1/companies/{uscc}"),
    ("put", "/api/v1/companies/{uscc}"),
    ("patch", "/api/v1/companies/{uscc}"),
    ("delete", "/api/v1/companies/{uscc}"),
    ("get", "/api/v1/companies/{uscc}/history"),
    ("post", "/api/v1/companies/{uscc}/match"),
    ("get", "/api/v1/audit"),
    ("get", "/api/v1/subscriptions"),
    ("post", "/api/v1/subscriptions"),
    ("delete", "/api/v1/subscriptions/{subscription_id}"),
    ("get", "/api/v1/events"),
    ("get", "/api/v1/events/atom"),
    ("get", "/api/v1/events/{event_id}"),
    ("get", "/api/v1/webhooks"),
    ("post", "/api/v1/webhooks"),
    ("delete", "/api/v1/webhooks/{webhook_id}"),
    ("post", "/api/v1/webhooks/{webhook_id}/rotate"),
    ("post", "/api/v1/webhooks/{webhook_id}/test"),
    ("post", "/api/v1/webhooks/{webhook_id}/replay"),
    ("get", "/api/v1/webhooks/{webhook_id}/deliveries"),
    ("post", "/api/v1/programmes/{programme_id}/candidates"),
    ("get", "/api/v1/catalogue/export"),
    ("get", "/api/v1/catalogue/changes"),
    ("get", "/api/v1/batches/template"),
    ("get", "/api/v1/batches"),
    ("post", "/api/v1/batches"),
    ("get", "/api/v1/batches/{batch_id}"),
    ("delete", "/api/v1/batches/{batch_id}"),
    ("post", "/api/v1/batches/{batch_id}/start"),
    ("post", "/api/v1/batches/{batch_id}/choices"),
    ("post", "/api/v1/batches/{batch_id}/cancel"),
    ("get", "/api/v1/batches/{batch_id}/events"),
    ("get", "/api/v1/batches/{batch_id}/faults"),
    ("get", "/api/v1/batches/{batch_id}/result"),
    ("get", "/api/v1/batches/{batch_id}/rows"),
    ("post", "/api/v1/batches/{batch_id}/rows/{row}/match"),
    ("get", "/api/v1/batches/{batch_id}/changes"),
    ("post", "/api/v1/batches/{batch_id}/verdicts"),
    ("get", "/api/v1/batches/{batch_id}/verdicts"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
}
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer: dict[str, Any] = data(client.get("/api/v1/openapi.json"))
    return answer


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def closed(schema: Any) -> Any:
    """The same schemas, no longer open for keys that are not documented."""
    if isinstance(schema, dict):
        inner = {k: closed(v) for k, v in schema.items()}
        if "properties" in inner:
            inner["additionalProperties"] = False
        return inner
    return [closed(s) for s in schema] if isinstance(schema, list) else schema


def validator(document: dict[str, Any], component: str) -> Any:
    schemas = {"components": closed(document["components"])}
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{component}", **schemas}
    )


def test_the_document_covers_the_contract_and_nothing_else(document: dict[str, Any]) -> None:
    """Each call of the contract, with its own operation id and words in both languages."""
    found = operations(document)
    assert document["openapi"].startswith("3.1")
    assert found.keys() == CONTRACT
    assert len({o["operationId"] for o in found.values()}) == len(found)
    for operation in found.values():
        assert operation["summary"]
        assert operation["x-zh"]["summary"]
        assert operation["x-zh"]["description"]


def days_sent(document: dict[str, Any], part: Any, seen: set[str]) -> list[dict[str, Any]]:
    """The schemas of days in a part of the document and in the components it refers to."""
    if isinstance(part, list):
        return [day for one in part for day in days_sent(document, one, seen)]
    if not isinstance(part, dict):
        return []
    name = str(part.get("$ref", "")).rpartition("/")[2]
    found = [part] if part.get("format") == "date" else []
    if name and name not in seen:
        seen.add(name)
        found += days_sent(document, document["components"]["schemas"][name], seen)
    return found + days_sent(document, list(part.values()), seen)


def test_every_day_that_is_sent_says_which_years_it_may_have(document: dict[str, Any]) -> None:
    """In a query as in a body: what reads a day holds it to them."""
    found, seen = [], set[str]()
    for operation in operations(document).values():
        sent = [operation.get("parameters", []), operation.get("requestBody", {})]
        found += days_sent(document, sent, seen)
    assert len(found) > 10
    for day in found:
        taken = [
            text
            for text in ("1899-12-31", "1900-01-01", "2200-12-31", "2201-01-01", "9999-12-31")
            if re.search(day.get("pattern", ""), text)
        ]
        assert taken == ["1900-01-01", "2200-12-31"], day


def test_nothing_is_worded_that_is_no_call(document: dict[str, Any]) -> None:
    parts = [part for path in document["paths"].values() for part in path.values()]
    assert {part["operationId"] for part in parts if "operationId" in part} == WORDS.keys()


def test_every_call_documents_what_may_go_wrong(document: dict[str, Any]) -> None:
    """Problem documents at each status; a call with a body names all that a body can do wrong."""
    for (_, path), operation in operations(document).items():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], (path, status)
        if "requestBody" in operation:
            assert {"400", "413", "415", "422"} <= operation["responses"].keys()
        if path.startswith("/api/"):
            assert "422" in operation["responses"]
            assert "406" in operation["responses"] or "204" in operation["responses"]


def test_every_schema_is_a_named_component_that_is_used(document: dict[str, Any]) -> None:
    """No leftover, and no numbered twin of another name."""
    names = set(document["components"]["schemas"])
    used = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert used <= names
    assert names - used <= {"ProjectOfNoKind"}
    assert not [n for n in names if re.search(r"\d$", n)]


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("/api/v1/programmes", "ProgrammePage"),
        ("/api/v1/programmes/me-lighthouse", "Programme"),
        ("/api/v1/measures", "MeasureList"),
        ("/api/v1/measures/me-2026-1", "Measure"),
        ("/api/v1/measures/me-2026-1/articles/1", "Article"),
        ("/api/v1/measures/me-2026-1/articles/heading", "Article"),
        ("/api/v1/vocabulary", "Vocabulary"),
        ("/api/v1/codes/regions", "CodeList"),
        ("/healthz", "Health"),
        ("/readyz", "Readiness"),
        ("/api/v1/nothing", "Problem"),
        ("/api/v1/programmes?limit=0", "Problem"),
    ],
)
def test_answers_have_exactly_the_documented_keys(
    client: FlaskClient, document: dict[str, Any], path: str, component: str
) -> None:
    """A key that is answered and not documented fails as well as one that is missing."""
    validator(document, component).validate(data(client.get(path)))


PROFILES: list[dict[str, Any]] = [
    {},
    {"company": {"kind": "bank"}},
    {"company": {"kind": "enterprise", "registered_region": "910000", "employees": 51}},
    {
        "company": {
            "kind": "enterprise",
            "registered_region": "900101",
            "founded_on": "2020-01-01",
            "employees": 5,
        },
        "projects": [
            {"ref": "a", "kind": "lighthouse", "contract_amount": "1.00"},
            {"ref": "b", "kind": "lighthouse"},
        ],
    },
]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("day", ["2025-06-01", "2026-06-01"])
def test_matches_checks_and_receipts_are_documented_exactly(
    client: FlaskClient, document: dict[str, Any], profile: dict[str, Any], day: str
) -> None:
    """In force and not, fitting and not, with and without projects."""
    request = {"as_of": day, "profile": profile}
    answer = data(client.post("/api/v1/match", json=request))
    receipt = data(client.get(f"/api/v1/receipts/{answer['receipt_id']}"))
    check = data(client.post("/api/v1/programmes/me-lighthouse/check", json=request))
    validator(document, "MatchAnswer").validate(answer)
    validator(document, "Receipt").validate(receipt)
    validator(document, "CheckAnswer").validate(check)


def test_the_examples_of_the_document_are_accepted(own_client: FlaskClient) -> None:
    """Whoever copies an example gets an answer that is documented, too."""
    document = data(own_client.get("/api/v1/openapi.json"))
    body = document["paths"]["/api/v1/match"]["post"]["requestBody"]
    example = body["content"]["application/json"]["example"]
    answer = own_client.post("/api/v1/match", json=example)
    assert answer.status_code == 200
    validator(document, "MatchRequest").validate(example)
    validator(document, "MatchAnswer").validate(data(answer))


class Page(HTMLParser):
    """What a browser would fetch or run, and the anchors there are."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {k: v or "" for k, v in attrs}
        if tag in ("script", "link", "img", "iframe", "object", "embed"):
            self.fetched.append(tag)
        self.fetched += [k for k in values if k.startswith("on") or k in ("src", "style")]
        if "href" in values:
            self.links.append(values["href"])
        if "id" in values:
            self.anchors.add(values["id"])


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_the_page_needs_nothing_from_elsewhere(client: FlaskClient, tongue: str) -> None:
    """No script, no image, no foreign address; every link within it leads somewhere."""
    page = Page(client.get(f"/api/v1/docs?lang={tongue}").text)
    assert page.fetched == []
    assert not [link for link in page.links if "//" in link]
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= page.anchors


def test_the_page_shows_every_operation_schema_and_error(
    client: FlaskClient, document: dict[str, Any]
) -> None:
    """The page is the document, readable."""
    anchors = Page(client.get("/api/v1/docs").text).anchors
    assert {o["operationId"] for o in operations(document).values()} <= anchors
    assert {f"schema-{name}" for name in document["components"]["schemas"]} <= anchors
    assert {"problem-invalid_profile", "problem-too_large"} <= anchors


def test_the_policy_lets_the_page_have_its_style_and_nothing_else(client: FlaskClient) -> None:
    """The style is named by its digest, so that no other can slip in."""
    response = client.get("/api/v1/docs")
    style = re.search(r"<style>(.*?)</style>", response.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("query", "accepted", "tongue"),
    [("", "en", "en"), ("", "zh-CN", "zh"), ("?lang=en", "zh", "en"), ("?lang=zh", "en", "zh")],
)
def test_the_page_speaks_both_languages(
    client: FlaskClient, query: str, accepted: str, tongue: str
) -> None:
    """As the browser prefers, unless the reader chose."""
    response = client.get(f"/api/v1/docs{query}", headers={"Accept-Language": accepted})
    assert response.headers["Content-Language"] == tongue
    assert ("列出和检索支持事项" in response.text) == (tongue == "zh")
    heading = {"zh": "政策文件", "en": "Documents and articles"}[tongue]
    assert f"<h2>{heading}</h2>" in response.text
