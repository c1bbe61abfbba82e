"""Limits and the gateway's envelope."""

import gzip
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services
from service.domain.principal import Scope
from tests.api.keys import authorization
from tests.api.sample import data

ENVELOPE = "application/vnd.huice.envelope+json"


@pytest.fixture
def own_settings() -> dict[str, Any]:
    return {"rate_limit": "2/minute"}


def test_a_client_that_calls_too_often_is_told_when_to_come_back(service: Services) -> None:
    """By address without a key, by key with one; probes and reading are not counted."""
    client = create_app(service).test_client()
    answers = [client.post("/api/v1/match", json={"profile": {}}) for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"default";q=2;w=60'
    assert answers[0].headers["RateLimit"].startswith('"default";r=1;t=')
    assert data(answers[2])["code"] == "rate_limited"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert client.get("/api/v1/programmes").status_code == 200
    other = client.post(
        "/api/v1/match", json={"profile": {}}, environ_base={"REMOTE_ADDR": "10.1.1.1"}
    )
    assert other.status_code == 200
    header = authorization(service, "bank", Scope.MATCH)
    assert client.post("/api/v1/match", json={"profile": {}}, headers=header).status_code == 200


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
