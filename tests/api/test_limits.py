"""Limits and the gateway's envelope."""

import gzip
import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from limits import parse

from service.api.factory import create_app
from service.api.limiting import Limiter, WorkerCounts
from service.api.middleware import LIMITS
from service.app import Services
from service.domain.errors import Refused
from service.domain.principal import Principal, Scope
from service.faces import api_context
from service.storage.call_counts import CallWindow
from tests.api.keys import authorization
from tests.api.sample import data

ENVELOPE = "application/vnd.huice.envelope+json"


@pytest.fixture
def own_settings() -> dict[str, Any]:
    return {"rate_limit": "2/minute"}


def test_a_client_that_calls_too_often_is_told_when_to_come_back(service: Services) -> None:
    """By address without a key, by key with one; probes and reading are not counted."""
    client = create_app(api_context(service)).test_client()
    answers = [client.post("/api/v1/match", json={"profile": {}}) for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"default";q=2;w=60'
    assert answers[0].headers["RateLimit"].startswith('"default";r=1;t=')
    assert data(answers[2])["code"] == "rate_limited"
    # Counts that machines share weigh this span in the next one, too, with what was refused in it.
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 2 * 60
    assert client.get("/api/v1/programmes").status_code == 200
    other = client.post(
        "/api/v1/match", json={"profile": {}}, environ_base={"REMOTE_ADDR": "10.1.1.1"}
    )
    assert other.status_code == 200
    header = authorization(service, "bank", Scope.MATCH)
    assert client.post("/api/v1/match", json={"profile": {}}, headers=header).status_code == 200


def test_a_worker_counts_the_calls_of_the_last_span() -> None:
    """Each client alone; refused calls do not count; who has been away for a span is forgotten."""
    counts, rate = WorkerCounts(), parse("2/minute")
    moments = [("a", 0.0), ("b", 1.0), ("a", 20.0), ("a", 59.0), ("a", 60.5), ("a", 61.0)]
    assert [counts.hit(rate, client, at) for client, at in moments] == [
        CallWindow(allowed=True, remaining=1, seconds_left=60.0),
        CallWindow(allowed=True, remaining=1, seconds_left=60.0),
        CallWindow(allowed=True, remaining=0, seconds_left=40.0),
        CallWindow(allowed=False, remaining=0, seconds_left=1.0),
        CallWindow(allowed=True, remaining=0, seconds_left=19.5),
        CallWindow(allowed=False, remaining=0, seconds_left=19.0),
    ]
    counts.hit(rate, "c", 121.0)
    assert len(counts) == 1


@given(st.floats(min_value=0, max_value=1e9))
def test_a_first_call_leaves_the_whole_span(now: float) -> None:
    """To the second, whatever the clock says: 61 seconds are no part of a minute."""
    assert WorkerCounts().hit(parse("1/minute"), "a", now).seconds_left == 60


def test_a_clock_that_is_put_back_makes_nobody_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever called just before waits for his span, and not until the clock is there again."""
    limiter = Limiter("1/minute", "memory://")
    who, now = Principal(None, "nobody", frozenset()), time.time()
    limiter.count(who, {"REMOTE_ADDR": "10.3.0.1"})
    monkeypatch.setattr(time, "time", lambda: now - 172_800)
    told: dict[str, Any] = {"REMOTE_ADDR": "10.3.0.1"}
    with pytest.raises(Refused):
        limiter.count(who, told)
    assert 0 < int(dict(told[LIMITS])["Retry-After"]) <= 60


def test_every_question_about_a_profile_is_counted(service: Services) -> None:
    """Whether or not it leaves a receipt: the limit is not gone round by another path."""
    client = create_app(api_context(service)).test_client()
    profile: dict[str, Any] = {"profile": {}}
    programme = next(iter(service.compiled.catalogue.programmes))
    made = data(client.post("/api/v1/match", json=profile))["receipt_id"]
    asked = [
        ("POST", "/api/v1/match", profile),
        ("POST", f"/api/v1/programmes/{programme}/check", profile),
        ("POST", "/api/v1/match/compare", {"before": profile, "after": profile}),
        ("POST", "/api/v1/calendar", profile),
        ("POST", f"/api/v1/receipts/{made}/replay", None),
        ("GET", f"/api/v1/receipts/{made}/memo", None),
    ]
    for place, (method, path, sent) in enumerate(asked):
        other = {"REMOTE_ADDR": f"10.2.0.{place}"}
        answers = [client.open(path, method=method, json=sent, environ_base=other)
                   for _ in range(3)]  # fmt: skip
        assert [a.status_code for a in answers] == [200, 200, 429], path
        assert "RateLimit" in answers[0].headers


def test_headers_that_answers_carry_are_documented(service: Services) -> None:
    """Of limits, versions, places and repetition, for the calls that carry them."""
    client = create_app(api_context(service)).test_client()
    paths = data(client.get("/api/v1/openapi.json"))["paths"]

    def documented(path: str, method: str, status: str) -> set[str]:
        return set(paths[path][method]["responses"][status].get("headers", ()))

    sent = client.post("/api/v1/match", json={"profile": {}}, headers={"Idempotency-Key": "one"})
    told = documented("/api/v1/match", "post", "200")
    assert {"RateLimit", "RateLimit-Policy", "X-Request-Id"} <= told & set(sent.headers.keys())
    assert "Idempotent-Replayed" in told
    assert "Retry-After" in documented("/api/v1/match", "post", "429")
    assert "ETag" in documented("/api/v1/programmes", "get", "304")
    assert "ETag" in documented("/api/v1/companies/{uscc}", "put", "201")
    assert "Location" in documented("/api/v1/batches", "post", "201")


def test_without_a_limit_nothing_is_said(client: FlaskClient) -> None:
    assert "RateLimit" not in client.post("/api/v1/match", json={"profile": {}}).headers


def test_a_gateway_gets_its_envelope(client: FlaskClient) -> None:
    """Answers and problems alike, with the status they have anyway."""
    header = {"Accept": ENVELOPE}
    plain = data(client.get("/api/v1/programmes"))
    wrapped = client.get("/api/v1/programmes", headers=header)
    assert wrapped.content_type == ENVELOPE
    assert data(wrapped) == {"code": "ok", "msg": "", "data": plain}
    wrong = client.get("/api/v1/programmes?limit=0", headers=header)
    assert wrong.status_code == 422
    assert data(wrong)["code"] == "invalid_query"
    assert data(wrong)["msg"]
    assert data(wrong)["data"]["errors"][0]["pointer"] == "/limit"
    packed = client.get("/api/v1/programmes", headers={**header, "Accept-Encoding": "gzip"})
    assert packed.content_encoding == "gzip"
    assert gzip.decompress(packed.data) == wrapped.data


def test_an_answer_that_was_packed_is_given_again_as_asked(client: FlaskClient) -> None:
    """The first time packed, the second time plain: the same content."""
    header = {"Idempotency-Key": "packed"}
    body: dict[str, object] = {"profile": {}}
    first = client.post("/api/v1/match", json=body, headers={**header, "Accept-Encoding": "gzip"})
    assert first.content_encoding == "gzip"
    again = client.post("/api/v1/match", json=body, headers=header)
    assert "Content-Encoding" not in again.headers
    assert again.data == gzip.decompress(first.data)
