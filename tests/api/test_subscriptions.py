"""Following, events and addresses over HTTP: read strictly, and nobody else's business."""

from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from service.app import Services
from service.background import change_detector
from tests.api.keys import authorization
from tests.api.sample import data

USCC = "91310000MA1FL2AB6U"
YOUNG = {"kind": "enterprise", "registered_region": "900101", "founded_on": "2020-01-01"}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def own_settings() -> dict[str, Any]:
    return {"max_subscriptions": 3}


def change(service: Services, api: FlaskClient, employees: int) -> None:
    body = {"profile": {"company": {**YOUNG, "employees": employees}}}
    assert api.put(f"/api/v1/companies/{USCC}", json=body).status_code in (200, 201)
    change_detector(service.settings, service.store, service.local).run()


def test_a_followed_company_makes_events_that_are_pulled_by_cursor(
    service: Services, api: FlaskClient
) -> None:
    change(service, api, 50)
    made = api.post("/api/v1/subscriptions", json={"kind": "company", "target": USCC})
    assert made.status_code == 201
    twice = api.post("/api/v1/subscriptions", json={"kind": "company", "target": USCC})
    assert (twice.status_code, data(twice)["code"]) == (409, "duplicate_value")
    empty = data(api.get("/api/v1/events"))
    assert empty == {"items": [], "cursor": "0", "next_cursor": None}
    for employees in (51, 50, 52):
        change(service, api, employees)
    first = data(api.get("/api/v1/events?limit=2"))
    assert (first["cursor"], first["next_cursor"]) == ("2", "2")
    second = data(api.get("/api/v1/events?cursor=2"))
    assert (len(second["items"]), second["cursor"], second["next_cursor"]) == (1, "3", None)
    assert data(api.get("/api/v1/events?cursor=3")) == {**empty, "cursor": "3"}
    ahead = api.get("/api/v1/events?cursor=4")
    assert (ahead.status_code, data(ahead)["errors"][0]["code"]) == (422, "invalid_cursor")
    event = second["items"][0]
    assert data(api.get(f"/api/v1/events/{event['id']}")) == event
    api.environ_base["HTTP_AUTHORIZATION"] = authorization(service, "rival")["Authorization"]
    assert api.get(f"/api/v1/events/{event['id']}").status_code == 404
    assert data(api.get("/api/v1/events"))["items"] == []


def test_events_are_read_by_a_feed_reader(service: Services, api: FlaskClient) -> None:
    """Valid Atom, in the asked language, the newest first."""
    change(service, api, 50)
    api.post("/api/v1/subscriptions", json={"kind": "company", "target": USCC})
    change(service, api, 51)
    answer = api.get("/api/v1/events/atom?lang=en")
    assert answer.content_type.startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.data)
    (entry,) = feed.findall(f"{ATOM}entry")
    for needed in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{needed}")
        assert entry.findtext(f"{ATOM}{needed}")
    assert "may qualify → does not qualify" in (entry.findtext(f"{ATOM}content") or "")
    chinese = api.get("/api/v1/events/atom").get_data(as_text=True)
    assert "可能符合 → 不符合" in chinese


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "company", "target": "123"}, "/target"),
        ({"kind": "company", "target": USCC}, "/target"),
        ({"kind": "programme", "target": "me-young-firn"}, "/target"),
        ({"kind": "jurisdiction", "target": "123456"}, "/target"),
        ({"kind": "tag", "target": "a b"}, "/target"),
        ({"kind": "weather", "target": "x"}, "/kind"),
        ({"kind": "search", "target": " "}, "/target"),
        ({"kind": "tag"}, "/target"),
        ({"kind": "tag", "target": "x", "y": 1}, "/y"),
        ([], ""),
    ],
)
def test_what_cannot_be_followed_is_named(api: FlaskClient, body: object, pointer: str) -> None:
    refused = api.post("/api/v1/subscriptions", json=body)
    assert refused.status_code == 422
    assert data(refused)["errors"][0]["pointer"] == pointer


def test_subscriptions_are_listed_ended_and_bounded(api: FlaskClient) -> None:
    for tag in ("a", "b", "c"):
        api.post("/api/v1/subscriptions", json={"kind": "tag", "target": tag})
    full = api.post("/api/v1/subscriptions", json={"kind": "tag", "target": "d"})
    assert data(full)["code"] == "quota_exceeded"
    page = data(api.get("/api/v1/subscriptions?limit=2"))
    rest = data(api.get(f"/api/v1/subscriptions?cursor={page['next_cursor']}"))
    listed = [s["target"] for p in (page, rest) for s in p["items"]]
    assert sorted(listed) == ["a", "b", "c"]
    gone = page["items"][0]["id"]
    assert api.delete(f"/api/v1/subscriptions/{gone}").status_code == 204
    assert api.delete(f"/api/v1/subscriptions/{gone}").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/in",
        "https://[::ffff:10.0.0.1]/in",
        "https://localhost/",
        "http://hooks.example.com/",
    ],
)
def test_an_address_that_would_never_be_called_is_refused_at_once(
    api: FlaskClient, url: str
) -> None:
    refused = api.post("/api/v1/webhooks", json={"url": url})
    assert refused.status_code == 422
    assert [e["pointer"] for e in data(refused)["errors"]] == ["/url"]
    assert data(api.get("/api/v1/webhooks"))["items"] == []


def test_addresses_are_kept_without_showing_their_secret_twice(
    service: Services, api: FlaskClient
) -> None:
    made = api.post("/api/v1/webhooks", json={"url": "https://hooks.example.com/in"})
    assert made.status_code == 201
    assert data(made)["secret"].startswith("whsec_")
    (listed,) = data(api.get("/api/v1/webhooks"))["items"]
    assert "secret" not in listed
    address = f"/api/v1/webhooks/{listed['id']}"
    event = data(api.post(f"{address}/test"))["event"]
    (delivery,) = data(api.get(f"{address}/deliveries"))["items"]
    assert (delivery["event"], delivery["state"]) == (event, "waiting")
    assert data(api.post(f"{address}/rotate"))["secret"] != data(made)["secret"]
    both = api.post(f"{address}/replay", json={"event": event, "since": 0})
    assert data(both)["errors"][0]["pointer"] == "/since"
    unknown = api.post(f"{address}/replay", json={"event": "evt_0"})
    assert (unknown.status_code, data(unknown)["errors"][0]["pointer"]) == (404, "/event")
    cursor = data(api.get("/api/v1/events"))["cursor"]
    assert data(api.post(f"{address}/replay", json={"since": cursor}))["replayed"] == 0
    for wrong in ("", "x", "-1", -1, True, 1.5, "1" * 16):
        assert api.post(f"{address}/replay", json={"since": wrong}).status_code == 422
    api.environ_base["HTTP_AUTHORIZATION"] = authorization(service, "rival")["Authorization"]
    for path in ("test", "rotate"):
        assert api.post(f"{address}/{path}").status_code == 404
    assert api.delete(address).status_code == 404
