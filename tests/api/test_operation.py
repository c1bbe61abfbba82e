"""What whoever operates the service sees: probes, metrics, logs, headers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import url_for
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.routing import Rule

from service.api.factory import create_app
from service.app import Services, open_services
from service.faces import api_context
from tests.api.sample import data, settings_for

NAME = "惠策测试有限公司"


def test_alive_and_ready_are_told(client: FlaskClient, huice: Services) -> None:
    """Readiness names the catalogue in use."""
    assert data(client.get("/healthz")) == {"status": "alive"}
    ready = data(client.get("/readyz"))
    assert ready["status"] == "ready"
    assert ready["catalogue_version"] == huice.compiled.catalogue.version


@pytest.mark.sqlite
def test_without_its_database_it_is_alive_and_not_ready(tmp_path: Path) -> None:
    """A balancer takes it out; nobody restarts it for that."""
    database = tmp_path / "data" / "huice.sqlite3"
    huice = open_services(settings_for(database))
    client = create_app(api_context(huice)).test_client()
    huice.close()
    database.parent.rename(tmp_path / "gone")
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, data(ready)["code"]) == (503, "storage_unavailable")
    assert "Retry-After" in ready.headers


def test_a_worker_starts_without_what_makes_links(
    huice: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is compiled when a link to an address is first made, and the link is as it should be."""
    compiled = []
    of_library = Rule._compile_builder

    def noted(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled.append(rule.rule)
        return of_library(rule, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", noted)
    app = create_app(api_context(huice))
    assert compiled == []
    path = "/api/v1/programmes/<programme_id>"
    endpoint = next(rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == path)
    with app.test_request_context():
        links = [url_for(endpoint, programme_id="a b", q="c") for _ in range(2)]
    assert links == ["/api/v1/programmes/a%20b?q=c"] * 2
    assert compiled == [path]


def test_metrics_count_by_route_and_status_only(client: FlaskClient) -> None:
    """No address, no query, no name: the route's template."""
    client.get("/api/v1/programmes/me-lighthouse")
    client.get(f"/api/v1/programmes?q={NAME}")
    client.get(f"/nowhere/{NAME}")
    text = client.get("/metrics").text
    assert 'huice_http_requests_total{route="/api/v1/programmes/{programme_id}"' in text
    assert 'route="unknown",status="404"' in text
    assert "huice_http_request_seconds_bucket" in text
    assert "me-lighthouse" not in text
    assert NAME not in text


def test_the_access_log_holds_no_figure_name_or_search(client: FlaskClient) -> None:
    """A line has method, route, status, time and request id, and nothing a company told."""
    with capture_logs() as logs:
        client.post(
            "/api/v1/match",
            json={"profile": {"company": {"name": NAME, "revenue": "52000000.00"}}},
        )
        client.get(f"/api/v1/programmes?q={NAME}")
        client.open("/api/v1/measures", method="BREW")
    lines = [entry for entry in logs if entry["event"] == "request"]
    assert [(e["method"], e["route"], e["status"]) for e in lines] == [
        ("POST", "/api/v1/match", 200),
        ("GET", "/api/v1/programmes", 200),
        ("other", "unknown", 405),
    ]
    assert all(
        e.keys()
        == {"event", "log_level", "method", "route", "status", "milliseconds", "request_id"}
        for e in lines
    )
    assert NAME not in str(logs)
    assert "52000000" not in str(logs)


@pytest.mark.parametrize("given", ["a1B2-c3.d4_e5", "x" * 64])
def test_a_sound_request_id_is_carried_through(client: FlaskClient, given: str) -> None:
    """One id from the caller's log to ours."""
    with capture_logs() as logs:
        response = client.get("/healthz", headers={"X-Request-Id": given})
    assert response.headers["X-Request-Id"] == given
    assert logs[-1]["request_id"] == given


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
         "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("", None),
        ("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", None),
        ("a company's name", None),
    ],
)  # fmt: skip
def test_the_callers_trace_is_in_the_line_of_its_request(
    client: FlaskClient, given: str, told: str | None
) -> None:
    """As the gateway before us writes it; whatever else is sent there is not logged."""
    with capture_logs() as logs:
        client.get("/healthz", headers={"traceparent": given})
    assert logs[-1].get("trace_id") == told
    assert "a company's name" not in str(logs)


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "é", 'a"b'])
def test_an_unsound_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    """What a stranger sends does not get into logs as it is."""
    answered = client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert answered != given
    assert answered.isalnum()


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/measures", "/api/v1/docs", "/nowhere"])
def test_every_answer_has_the_headers_of_a_careful_service(client: FlaskClient, path: str) -> None:
    """Nothing is sniffed, framed, or told to other sites."""
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "X-Request-Id" in headers
    assert not [name for name, _ in headers if name.startswith("Access-Control")]
