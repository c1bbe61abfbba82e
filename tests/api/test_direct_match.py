"""Plain matches never reach Flask, and nobody can tell: the same answers, headers and problems."""

from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from service.api.factory import create_app
from service.app import Services
from tests.api.sample import data

PATH = "/api/v1/match"
PLAIN = b'{"profile": {}, "as_of": "2026-06-01"}'
JSON = "application/json"


@pytest.fixture
def watched_client(huice: Services) -> tuple[FlaskClient, list[str]]:
    """A client of the shared service, and the paths that its Flask was asked for."""
    app: Flask = create_app(huice)
    asked: list[str] = []
    first = app.before_request_funcs[None]
    first.insert(0, lambda: asked.append(request.path))
    return app.test_client(), asked


def test_a_plain_match_is_answered_before_flask(
    watched_client: tuple[FlaskClient, list[str]],
) -> None:
    """Its answer has an id, a length and the headers of every other."""
    client, asked = watched_client
    response = client.post(PATH, data=PLAIN, content_type=JSON)
    assert (response.status_code, asked) == (200, [])
    assert response.headers["X-Request-Id"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert int(response.headers["Content-Length"]) == len(response.get_data())


@pytest.mark.parametrize("packing", [{}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}])
def test_flask_answers_the_same(
    watched_client: tuple[FlaskClient, list[str]], packing: dict[str, str]
) -> None:
    """A charset that says nothing is enough to send a request through Flask."""
    client, asked = watched_client
    sent = {**packing, "X-Request-Id": "a"}
    answers = [
        client.post(PATH, data=PLAIN, headers=sent, content_type=kind)
        for kind in (JSON, f"{JSON}; charset=utf-8")
    ]
    assert asked == [PATH]
    first, second = (dict(a.headers) for a in answers)
    lengths = {int(h.pop("Content-Length")) for h in (first, second)}
    assert first == second
    assert packing or len(lengths) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"query_string": "a=1"},
        {"headers": {"Accept": "text/html"}},
        {"headers": {"Authorization": "Bearer hk_nobody"}},
        {"headers": {"Idempotency-Key": "once"}},
        {"headers": {"Content-Encoding": "gzip"}},
        {"content_type": "text/plain"},
        {"method": "PUT"},
        {"data": b"{"},
        {"data": b'{"profile": {"company": {"employees": "many"}}}'},
        {"data": b'{"profile": {}, "cursor": "50-0123456789abcdef"}'},
    ],
)
def test_what_is_not_plain_or_not_sound_is_left_to_flask(
    watched_client: tuple[FlaskClient, list[str]], change: dict[str, Any]
) -> None:
    """It reads the body anew, and tells every fault."""
    client, asked = watched_client
    plain = {"method": "POST", "data": PLAIN, "content_type": JSON}
    response = client.open(PATH, **{**plain, **change})
    assert asked == [PATH]
    assert response.status_code == 200 or data(response)["status"] == response.status_code


@pytest.mark.parametrize(
    "own_settings", [{"rate_limit": "1/minute"}, {"anonymous": "closed"}, {"max_body": 20}]
)
def test_what_the_operator_limits_is_limited(service: Services) -> None:
    """Calls are counted, callers are known, and bodies have an end."""
    client = create_app(service).test_client()
    codes = [client.post(PATH, data=PLAIN, content_type=JSON).status_code for _ in range(2)]
    assert codes in ([200, 429], [401, 401], [413, 413])


@pytest.mark.parametrize("own_settings", [{"trusted_hosts": ("huice.example",)}])
def test_a_foreign_host_is_refused(service: Services) -> None:
    """As it is everywhere else."""
    client = create_app(service).test_client()
    for host, status in (("huice.example", 200), ("huice.example.evil", 400)):
        response = client.post(PATH, json={"profile": {}}, headers={"Host": host})
        assert response.status_code == status
