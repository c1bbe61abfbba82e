"""Plain matches never reach Flask, and nobody can tell: the same answers, headers and problems."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse

from service.api.factory import create_app
from service.app import Services, open_services
from service.domain.principal import Scope, operator_of
from service.domain.steps import took_step
from service.faces import api_context
from service.serving.plain_requests import BegunAnswer
from service.storage.audit import Deed
from service.storage.faults import refused_as_busy
from service.storage.writer import GroupCommitWriter, Pending
from tests.api.keys import Signer, authorization
from tests.api.sample import data, settings_for

PATH = "/api/v1/match"
PLAIN = b'{"profile": {}, "as_of": "2026-06-01"}'
JSON = "application/json"


@pytest.fixture
def watched_client(huice: Services) -> tuple[FlaskClient, list[str]]:
    """A client of the shared service, and the paths that its Flask was asked for."""
    return watched(huice)


def watched(service: Services) -> tuple[FlaskClient, list[str]]:
    """A client of an application of its own, and the paths that its Flask was asked for."""
    app: Flask = create_app(api_context(service))
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
    client = create_app(api_context(service)).test_client()
    codes = [client.post(PATH, data=PLAIN, content_type=JSON).status_code for _ in range(2)]
    assert codes in ([200, 429], [401, 401], [413, 413])


@pytest.mark.parametrize("own_settings", [{"trusted_hosts": ("huice.example",)}])
def test_a_foreign_host_is_refused(service: Services) -> None:
    """As it is everywhere else."""
    client = create_app(api_context(service)).test_client()
    for host, status in (("huice.example", 200), ("huice.example.evil", 400)):
        response = client.post(PATH, json={"profile": {}}, headers={"Host": host})
        assert response.status_code == status


def test_a_receipt_that_is_not_stored_is_told_by_flask_and_not_tried_again(
    watched_client: tuple[FlaskClient, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database is taken each attempt is seconds, for all who wait together."""
    client, asked = watched_client
    tried = []

    def refuse(_writer: GroupCommitWriter, pending: Pending) -> None:
        tried.append(pending)
        pending.error = refused_as_busy()

    monkeypatch.setattr(GroupCommitWriter, "settle", refuse)
    response = client.post(PATH, data=PLAIN, content_type=JSON)
    assert (response.status_code, data(response)["code"]) == (503, "busy")
    assert response.headers["Retry-After"]
    assert (len(tried), asked) == (1, [PATH])


def test_requests_that_take_their_steps_together_are_answered_as_each_alone(
    huice: Services,
) -> None:
    """Also beside one that is not sound, which Flask tells of, and one that asks for less."""
    app = create_app(api_context(huice))
    less = b'{"profile": {}, "as_of": "2026-06-01", "detail": "statuses"}'
    sent = [PLAIN, b'{"profile": {"company": {"employees": "many"}}}', less, PLAIN]

    def begun(body: bytes) -> BegunAnswer:
        given = EnvironBuilder(PATH, method="POST", data=body, content_type=JSON).get_environ()
        return BegunAnswer(app, given)

    def said(answer: BegunAnswer) -> tuple[str, object]:
        found = json.loads(answer.read())
        own = {"receipt_id", "request_id"}
        return answer.status, {key: found[key] for key in found.keys() - own}

    alone = [said(begun(body)) for body in sent]
    together = [begun(body) for body in sent]
    left = together
    while left:
        left = [answer for answer in left if took_step(answer.steps)]
    assert [said(answer) for answer in together] == alone
    assert [status[:3] for status, _ in alone] == ["200", "422", "200", "200"]


def sent_key(*scopes: Scope) -> Callable[[Services], dict[str, str]]:
    return lambda service: authorization(service, "bank", *scopes)


def signature(service: Services) -> dict[str, str]:
    asked = {"name": "portal", "scopes": [Scope.MATCH], "signs": True}
    made = service.key_service.create(operator_of("bank"), asked, "test")
    return Signer(made["secret"]).header(body=PLAIN)


def in_lower_case(
    made: Callable[[Services], dict[str, str]],
) -> Callable[[Services], dict[str, str]]:
    """The name of a scheme has no case (RFC 9110, 11.1)."""

    def headers(service: Services) -> dict[str, str]:
        scheme, _, told = made(service)["Authorization"].partition(" ")
        return {"Authorization": f"{scheme.lower()} {told}"}

    return headers


def expired_key(service: Services) -> dict[str, str]:
    then = datetime(2026, 1, 1, tzinfo=UTC)
    deed = Deed(operator_of("bank"), then)
    _, secret = service.key_service.keys.create("bank", deed, "old", [Scope.MATCH], then)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture(scope="module")
def closed_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """One that asks everybody for a key, and lets each be used once a minute."""
    database = tmp_path_factory.mktemp("closed") / "huice.sqlite3"
    settings = settings_for(database, rate_limit="1/minute", anonymous="closed")
    with closing(open_services(settings)) as opened:
        yield opened


@pytest.fixture(scope="module")
def closed_client(closed_service: Services) -> tuple[FlaskClient, list[str]]:
    return watched(closed_service)


@pytest.mark.parametrize(
    ("headers", "times", "body", "status"),
    [
        pytest.param(sent_key(Scope.MATCH), 1, PLAIN, 200, id="a key"),
        pytest.param(sent_key(Scope.MATCH), 2, PLAIN, 429, id="a key too often"),
        pytest.param(in_lower_case(sent_key(Scope.MATCH)), 1, PLAIN, 200, id="bearer"),
        pytest.param(in_lower_case(signature), 1, PLAIN, 200, id="hmac-sha256"),
        pytest.param(sent_key(Scope.MATCH), 1, b"{", 400, id="no JSON, counted once"),
        pytest.param(sent_key(Scope.CATALOGUE), 1, PLAIN, 403, id="another scope"),
        pytest.param(lambda _: {"Authorization": "Bearer hk_no_one"}, 1, PLAIN, 401, id="no key"),
        pytest.param(lambda _: {}, 1, PLAIN, 401, id="nobody of a closed service"),
        pytest.param(expired_key, 1, PLAIN, 401, id="an expired key"),
        pytest.param(signature, 1, PLAIN, 200, id="a signature"),
        pytest.param(signature, 2, PLAIN, 401, id="a signature again"),
        pytest.param(signature, 1, PLAIN[:-1] + b" }", 401, id="another body than was signed"),
    ],
)
def test_who_is_known_and_counted_gets_the_answer_that_flask_gives(
    closed_service: Services,
    closed_client: tuple[FlaskClient, list[str]],
    headers: Callable[[Services], dict[str, str]],
    times: int,
    body: bytes,
    status: int,
) -> None:
    """Whole: status, headers, what is left of the limit, body, and the same deeds in the audit."""
    client, paths = closed_client
    told: list[list[Any]] = []
    asked: list[int] = []
    for kind in (JSON, f"{JSON}; charset=utf-8"):
        paths.clear()
        sent = {**headers(closed_service), "X-Request-Id": "a"}
        answers = [
            client.post(PATH, data=body, headers=sent, content_type=kind) for _ in range(times)
        ]
        told.append(everything(closed_service, answers[-1], sent))
        asked.append(len(paths))
    assert told[0] == told[1]
    assert told[0][0] == status
    assert asked == [0 if status == 200 else 1, times]


def everything(service: Services, response: TestResponse, sent: dict[str, str]) -> list[Any]:
    """An answer without what differs from one to the next, and what its key has done."""
    headers, body = dict(response.headers), data(response)
    if body.pop("receipt_id", None):
        del headers["Content-Length"]
    entries = service.audit_service.audit.page("bank", 0, 1_000)
    mine = [e for e in entries if e.actor[4:] in sent.get("Authorization", "")]
    deeds = [(e.action, e.trace, e.tenant) for e in mine]
    assert deeds or response.status_code != 200
    used = [
        key.last_used_at is not None
        for key in service.key_service.keys.of_tenant("bank")
        if key.id in sent.get("Authorization", "")
    ]
    return [response.status_code, headers, body, deeds, used]
