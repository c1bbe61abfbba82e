"""Errors: one shape, both languages, nothing that was not meant to be told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from service.api.factory import create_app
from service.api.problems import TITLES
from service.app import Services, open_services
from service.domain.errors import BrokenCatalogue, Diagnostic, ErrorCode, HuiceError, Refused
from service.domain.text import Text
from service.faces import api_context
from service.storage.faults import StorageFault, StorageFull, refused_as_busy
from tests.api.sample import data, settings_for

KEYS = {"type", "title", "status", "detail", "code", "errors"}
SECRET = "91310000MA1FL0000N"


@pytest.fixture
def failing(huice: Services) -> Callable[[Exception], FlaskClient]:
    """A client of an application with a view that raises."""

    def make(error: Exception) -> FlaskClient:
        app: Flask = create_app(api_context(huice))

        @app.get("/fails")
        def fails() -> str:
            raise error

        return app.test_client()

    return make


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "/", {}, 404, "not_found"),
        ("GET", "/api/v1/nothing", {}, 404, "not_found"),
        ("GET", "/api/v1/programmes/a//b", {}, 404, "not_found"),
        ("GET", "/api/v1/match", {}, 405, "method_not_allowed"),
        ("DELETE", "/api/v1/programmes", {}, 405, "method_not_allowed"),
        ("GET", "/api/v1/programmes?q=%D6%D0%B9%FA", {}, 422, "invalid_query"),
        ("GET", "/api/v1/measures?%FF=1", {}, 422, "invalid_query"),
        ("GET", "/api/v1/measures", {"headers": {"Accept": "text/html"}}, 406, "not_acceptable"),
        ("GET", "/api/v1/docs", {"headers": {"Accept": "image/png"}}, 406, "not_acceptable"),
        ("POST", "/api/v1/match", {"data": "{}"}, 415, "unsupported_type"),
        ("POST", "/api/v1/match", {"data": {"profile": "{}"}}, 415, "unsupported_type"),
        (
            "POST",
            "/api/v1/match",
            {"data": "{}", "content_type": "application/json; charset=gbk"},
            415,
            "unsupported_type",
        ),
        (
            "POST",
            "/api/v1/match",
            {"json": {}, "headers": {"Content-Encoding": "gzip"}},
            415,
            "unsupported_type",
        ),
        (
            "POST",
            "/api/v1/match",
            {"data": b" " * 70_000, "content_type": "application/json"},
            413,
            "too_large",
        ),
        (
            "POST",
            "/api/v1/match",
            {"data": b"{", "content_type": "application/json"},
            400,
            "malformed_json",
        ),
    ],
)
def test_every_error_is_a_problem_document(
    client: FlaskClient, method: str, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    """RFC 9457, never HTML, whatever went wrong."""
    response = client.open(path, method=method, **options)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert data(response).keys() == KEYS
    assert (data(response)["status"], data(response)["code"]) == (status, code)
    assert response.headers["Cache-Control"] == "no-store"


def test_a_wrong_method_is_answered_with_the_right_ones(client: FlaskClient) -> None:
    """`Allow` belongs to every 405."""
    assert "POST" in client.get("/api/v1/match").headers["Allow"]


def test_json_with_its_charset_is_accepted(client: FlaskClient) -> None:
    """The one parameter that changes nothing."""
    response = client.post(
        "/api/v1/match", data='{"profile": {}}', content_type="application/json; charset=UTF-8"
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("asked", "tongue"),
    [("", "zh"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("zh-CN,en;q=0.5", "zh"), ("fr", "zh")],
)
def test_problems_speak_the_language_asked_for(
    client: FlaskClient, asked: str, tongue: str
) -> None:
    """Chinese unless English is preferred; the code is the same in both."""
    response = client.get(
        "/api/v1/programmes?limit=0", headers={"Accept-Language": asked} if asked else {}
    )
    title = TITLES[ErrorCode.INVALID_QUERY]
    assert data(response)["title"] == title.in_language(tongue)
    assert response.headers["Content-Language"] == tongue
    assert "Accept-Language" in response.headers["Vary"]


def test_the_type_of_a_problem_leads_to_its_explanation(client: FlaskClient) -> None:
    """Whoever follows the reference finds the code on the documentation page."""
    page, anchor = data(client.get("/api/v1/nothing"))["type"].split("#")
    assert f'id="{anchor}"' in client.get(page).text


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ValueError(SECRET), 500, "internal"),
        (HuiceError(SECRET), 500, "internal"),
        (StorageFault(SECRET), 503, "storage_unavailable"),
        (StorageFull(SECRET), 507, "storage_full"),
        (BrokenCatalogue((Diagnostic(SECRET, 1, Text(SECRET, SECRET)),)), 500, "internal"),
        (refused_as_busy(), 503, "busy"),
        (Refused(Text("不行", "no")), 409, "conflict"),
    ],
)
def test_faults_on_our_side_tell_nothing_of_their_cause(
    failing: Callable[[Exception], FlaskClient], error: Exception, status: int, code: str
) -> None:
    """Neither the answer nor the log holds the message, which may quote a profile."""
    with capture_logs() as logs:
        response = failing(error).get("/fails")
    assert (response.status_code, data(response)["code"]) == (status, code)
    assert SECRET not in response.text
    assert SECRET not in str(logs)
    if status == 500:
        (entry,) = [e for e in logs if e["event"] == "internal_error"]
        assert entry["request_id"] == response.headers["X-Request-Id"]
        assert entry["exception"] == type(error).__qualname__
        assert any("test_problems.py" in frame for frame in entry["where"])


def test_a_busy_service_says_when_to_come_again(
    failing: Callable[[Exception], FlaskClient],
) -> None:
    """`Retry-After` in seconds."""
    assert int(failing(refused_as_busy()).get("/fails").headers["Retry-After"]) > 0


def test_only_trusted_hosts_are_answered(tmp_path: Path) -> None:
    """A foreign Host header could poison what is built from it."""
    settings = settings_for(tmp_path / "huice.sqlite3", trusted_hosts=("huice.example",))
    huice = open_services(settings)
    client = create_app(api_context(huice)).test_client()
    good = client.get("/healthz", headers={"Host": "huice.example"})
    bad = client.get("/healthz", headers={"Host": "evil.example"})
    huice.close()
    assert good.status_code == 200
    assert (bad.status_code, bad.content_type) == (400, "application/problem+json")
